"""Weeks and quiet hours."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from bot.rules.calendar import Week, after_quiet, is_quiet, week_of

NIGHT = (time(21), time(6, 30))
NOON = (time(12), time(13))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-11-23 20:59", None),
        ("2026-11-23 21:00", "2026-11-24 06:30"),
        ("2026-11-23 23:59", "2026-11-24 06:30"),
        ("2026-11-24 00:00", "2026-11-24 06:30"),
        ("2026-11-24 06:29", "2026-11-24 06:30"),
        ("2026-11-24 06:30", None),
    ],
)
def test_quiet_hours_over_midnight(now: str, end: str | None) -> None:
    assert is_quiet(at(now), NIGHT) is (end is not None)
    assert after_quiet(at(now), NIGHT) == at(end or now)


def test_quiet_hours_within_a_day() -> None:
    assert is_quiet(at("2026-11-23 12:30"), NOON)
    assert not is_quiet(at("2026-11-23 13:00"), NOON)
    assert after_quiet(at("2026-11-23 12:30"), NOON) == at("2026-11-23 13:00")


def test_weeks_begin_on_monday() -> None:
    week = Week(date(2026, 11, 23), date(2026, 11, 29))
    assert {week_of(date(2026, 11, day)) for day in range(23, 30)} == {week}
    assert week_of(date(2026, 11, 22)) == week.moved(-1)
    assert week.until(date(2026, 11, 25)) == Week(date(2026, 11, 23), date(2026, 11, 25))
    assert week.until(date(2026, 12, 25)) == week
    assert week_of(date(2027, 1, 1)) == Week(date(2026, 12, 28), date(2027, 1, 3))
