"""From which day to which, seen from Wednesday 25/11/2026 unless it says otherwise."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bot.rules.vietnamese import Span, Unclear, read_span
from tests.rig import ZONE

NOW = datetime(2026, 11, 25, 9, tzinfo=ZONE)


def day(text: str) -> date | None:
    """ "28/11" of 2026, "3/1/2027"."""
    if not text:
        return None
    numbers = [*map(int, text.split("/")), 2026]
    return date(numbers[2], numbers[1], numbers[0])


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("28/11 den 2/12", "28/11", "2/12"),
        ("28/11 - 2/12", "28/11", "2/12"),
        ("28/11->2/12", "28/11", "2/12"),
        ("28-30", "28/11", "30/11"),
        ("28-30/11", "28/11", "30/11"),
        ("từ 28 đến 30", "28/11", "30/11"),
        ("30 tới 2", "30/11", "2/12"),
        ("30/11 đến 5", "30/11", "5/12"),
        ("tu mai den thu 6", "26/11", "27/11"),
        ("tu thu 6 den thu 2", "27/11", "30/11"),
        ("t2 den t6", "30/11", "4/12"),
        ("thứ sáu 27/11 đến thứ ba 1/12", "27/11", "1/12"),
        ("từ thứ hai tuần sau đến thứ sáu tuần sau", "30/11", "4/12"),
        ("tuần sau", "30/11", "6/12"),
        ("tuan nay", "25/11", "29/11"),
        ("cuối tuần", "28/11", "29/11"),
        ("tháng sau", "1/12", "31/12"),
        ("từ mai đến hết tháng", "26/11", "30/11"),
        ("đến 30/11", "25/11", "30/11"),
        ("từ nay đến 30/11", "25/11", "30/11"),
        ("mai", "26/11", "26/11"),
        ("chiều mai", "26/11", "26/11"),
        ("30/11", "30/11", "30/11"),
        ("3 ngày từ mai", "26/11", "28/11"),
        ("nghi 3 ngay tu 28/11", "28/11", "30/11"),
        ("hai tuan tu 1/12", "1/12", "14/12"),
        ("28 và 29/11", None, None),
        ("ngày 28 và 29/11", "28/11", "29/11"),
        ("28/12 den 3/1", "28/12", "3/1/2027"),
        ("31/12 đến 1/1", "31/12", "1/1/2027"),
        ("29/12 đến 2/1/2027", "29/12", "2/1/2027"),
        ("1/1 đến 5/1", "1/1/2027", "5/1/2027"),
        ("2/12 đến 28/11", "2/12", "28/11"),
        ("20/11 đến 22/11", "20/11", "22/11"),
    ],
)
def test_from_when_to_when(said: str, first: str | None, last: str | None) -> None:
    """As it was said: whether the last day lies before the first, or both are over, is for the rules to say."""
    assert read_span(said, NOW) == (Span(day(first), day(last)) if first and last else None)


@pytest.mark.parametrize(
    ("said", "first", "count"),
    [("3 ngay", "", 3), ("mot tuan", "", 7), ("10 ngày tới", "", 10), ("từ 1/12", "1/12", 0)],
)
def test_what_was_not_said_is_left_open(said: str, first: str, count: int) -> None:
    assert read_span(said, NOW) == Span(day(first), None, count)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("30/2", "no_such_day"),
        ("31/11 đến 2/12", "no_such_day"),
        ("vài ngày", "vague"),
        ("cuối tháng", "vague"),
        ("rằm", "lunar"),
        ("thứ 2 và thứ 5", "two_days"),
        ("1/12, 5/12, 9/12", "two_days"),
    ],
)
def test_what_is_not_clear_is_not_guessed(said: str, reason: str) -> None:
    read = read_span(said, NOW)
    assert isinstance(read, Unclear)
    assert read.reason == reason


@pytest.mark.parametrize("said", ["", "khi nào khoẻ", "mai giúp 5 người", "12", "20 hồ sơ tuần sau"])
def test_other_numbers_and_words_are_no_days(said: str) -> None:
    assert read_span(said, NOW) is None


def test_the_year_ends_between() -> None:
    eve = datetime(2026, 12, 31, 9, tzinfo=ZONE)
    assert read_span("28/12 đến 3/1", eve) == Span(date(2026, 12, 28), date(2027, 1, 3))
    assert read_span("mai đến thứ hai", eve) == Span(date(2027, 1, 1), date(2027, 1, 4))
    assert read_span("30 đến 2", eve) == Span(date(2027, 1, 30), date(2027, 2, 2))
    new_year = datetime(2027, 1, 2, 9, tzinfo=ZONE)
    assert read_span("28/12 đến 3/1", new_year) == Span(date(2026, 12, 28), date(2027, 1, 3))
