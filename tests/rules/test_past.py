"""What somebody wants to look back at, as they type it."""

from __future__ import annotations

from datetime import date

import pytest

from bot.rules import past

TODAY = date(2026, 11, 25)  # a Wednesday


@pytest.mark.parametrize(
    ("said", "days", "words"),
    [
        ("", None, ""),
        ("vneid", None, "vneid"),
        ("VNeID tháng 10", "2026-10-01 2026-10-31", "vneid"),
        ("thang 12 ho so", "2025-12-01 2025-12-31", "ho so"),
        ("tháng 2/2026", "2026-02-01 2026-02-28", ""),
        ("t9 ấp 3", "2026-09-01 2026-09-30", "ap 3"),
        ("tuần trước", "2026-11-16 2026-11-22", ""),
        ("chị Bảy tuan nay", "2026-11-23 2026-11-29", "chi bay"),
        ("hôm qua", "2026-11-24 2026-11-24", ""),
        ("dvc ngày 12/11", "2026-11-12 2026-11-12", "dvc"),
        ("thứ sáu chợ", "2026-11-20 2026-11-20", "cho"),
        ("12/11 dvc", "2026-11-12 2026-11-12", "dvc"),
        ("vneid last month", "2026-10-01 2026-10-31", "vneid"),
        ("12", None, "12"),
        ("tháng 13", None, "thang 13"),
        ("B-0012", None, "b-0012"),
    ],
)
def test_time_is_taken_out_and_the_rest_are_words(said: str, days: str | None, words: str) -> None:
    read = past.read(said, TODAY)
    assert (f"{read.first} {read.last}" if read.first else None, " ".join(read.words)) == (days, words)


def test_each_word_begins_a_word() -> None:
    query = past.read("cài vne", TODAY)
    assert query.fits("Cài VNeID mức 2")
    assert not query.fits("Cài ví")
