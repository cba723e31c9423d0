"""Tables in a message: which column counts, and where none is certain nothing is changed."""

from __future__ import annotations

import pytest

from bot.rules.reading.tables import told_in_lines
from tests.rules.reading.test_traps import reading

AIMED = "Ấp 2 ngày 24/11\nNội dung | Chỉ tiêu | Kết quả\nVNeID | 30 | 18\nDVC | 20 | 12\nCảm ơn ạ"


def test_what_was_reached_counts_and_not_what_was_aimed_at() -> None:
    assert told_in_lines(AIMED) == "Ấp 2 ngày 24/11\nVNeID: 18\nDVC: 12\nCảm ơn ạ"
    found = reading(AIMED)
    assert [(item.category, item.count) for item in found.items] == [("VNE", 18), ("DVC", 12)]
    assert (found.ask, str(found.day), found.unit) == ((), "2026-11-24", "Ấp 2")


@pytest.mark.parametrize("wall", [" | ", "|"])
def test_numbers_of_rows_are_not_counted_and_units_are_taken(wall: str) -> None:
    rows = [["STT", "Nội dung", "ĐVT", "Số lượng"], ["1", "Cài VNeID", "người", "7"], ["2", "Tờ rơi", "tờ", "1.200"]]
    assert told_in_lines("\n".join(wall.join(row) for row in rows)) == "Cài VNeID: 7 người\nTờ rơi: 1.200 tờ"


def test_two_tables_below_one_another() -> None:
    table = "Việc | KQ\nVNeID | 3"
    assert told_in_lines(f"Sáng\n{table}\nChiều\n{table}") == "Sáng\nVNeID: 3\nChiều\nVNeID: 3"
    assert told_in_lines("\n".join([table] * 3000)).count("VNeID: 3") == 3000


@pytest.mark.parametrize(
    "text",
    [
        "vneid | 4\ndvc | 5",  # without headings
        "Nội dung | Sáng | Chiều\nVNeID | 3 | 4",  # both, or which?
        "Ấp | VNeID\nẤp 1 | 5\nẤp 2 | 7",  # the heading says of what
        "Nội dung | Kết quả",
        "Nội dung | Kết quả\nkhông có gì",
        "vneid 4 | dvc 5",
        "",
    ],
)
def test_what_is_no_such_table_stays_as_it_is(text: str) -> None:
    assert told_in_lines(text) == text
