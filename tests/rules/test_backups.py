"""Which backups stay: seven days, four weeks, twelve months; the newest is never lost, and their number is bounded."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.backups import keep, made, name

NOW = datetime(2026, 11, 23, 2, 0)  # noqa: DTZ001 - names of backups bear the province's own time
TIMES = st.datetimes(NOW - timedelta(days=900), NOW).map(lambda one: one.replace(microsecond=0))


def days(*listed: str) -> set[datetime]:
    return {datetime.fromisoformat(f"{one} 02:00") for one in listed}


def test_after_two_years_of_nights() -> None:
    kept: set[datetime] = set()
    for back in range(730, -1, -1):
        tonight = NOW - timedelta(days=back)
        kept = keep({*kept, tonight}, tonight)
    assert kept == days(
        *("2026-11-23", "2026-11-22", "2026-11-21", "2026-11-20", "2026-11-19", "2026-11-18", "2026-11-17"),
        *("2026-11-15", "2026-11-08"),  # Sundays; with this week and the last one these are four
        *("2026-10-31", "2026-09-30", "2026-08-31", "2026-07-31", "2026-06-30", "2026-05-31", "2026-04-30"),
        *("2026-03-31", "2026-02-28", "2026-01-31", "2025-12-31"),  # with this month twelve
    )


@given(st.integers(1, 10), st.integers(0, 6), st.integers(0, 14), st.integers(1, 800))
def test_every_night_there_are_the_newest_days_and_no_more_than_told(
    daily: int, weekly: int, monthly: int, nights: int
) -> None:
    kept: set[datetime] = set()
    for night in range(nights):
        tonight = NOW + timedelta(days=night)
        kept = keep({*kept, tonight}, tonight, daily=daily, weekly=weekly, monthly=monthly)
        assert {tonight - timedelta(days=back) for back in range(min(daily, night + 1))} <= kept
        assert len(kept) <= daily + weekly + monthly


@given(st.sets(TIMES, min_size=1), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_the_newest_stays_and_nothing_more_goes_the_second_time(
    found: set[datetime], daily: int, weekly: int, monthly: int
) -> None:
    kept = keep(found, NOW, daily=daily, weekly=weekly, monthly=monthly)
    assert max(found) in kept
    assert kept <= found
    assert keep(kept, NOW, daily=daily, weekly=weekly, monthly=monthly) == kept


@given(st.sets(TIMES), st.datetimes(NOW - timedelta(hours=23), NOW))
def test_all_of_the_last_day_stay(found: set[datetime], recent: datetime) -> None:
    """A copy made before a mistake must not make room for the one made after it."""
    assert recent in keep({*found, recent}, NOW, daily=1, weekly=0, monthly=0)


def test_a_clock_that_went_wrong_costs_nothing() -> None:
    """Backups of a day to come push none of the real ones out, and stay until somebody looks at them."""
    real = {NOW - timedelta(days=back) for back in range(7)}
    wrong = {NOW + timedelta(days=3650 + ahead) for ahead in range(20)}
    assert keep(real | wrong, NOW) == real | wrong


@given(TIMES, st.sampled_from(["db", "db.age", "db.gpg", "dump", "dump.age", "dump.gpg"]))
def test_a_name_tells_when(at: datetime, ending: str) -> None:
    assert made(name(at, ending)) == at


def test_a_name() -> None:
    assert name(NOW, "db.gpg") == "apso-2026-11-23T020000.db.gpg"


@pytest.mark.parametrize(
    "other",
    [
        "apso.db",
        "apso.db.before-0002",
        "apso-2026-11-23T020000.db-wal",
        "apso-2026-11-23T020000.xlsx",
        "apso-2026-13-23T020000.db",
        "apso-2026-02-30T020000.db",
        ".apso-2026-11-23T020000.db.x1.partial",
        "my apso-2026-11-23T020000.db",
    ],
)
def test_other_files_are_no_backups(other: str) -> None:
    assert made(other) is None
