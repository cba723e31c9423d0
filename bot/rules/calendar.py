"""Weeks, quiet hours and the days between: pure questions about local time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

# Decided anew each year: the days off of 2026 and 2027, and the Saturday worked for one of them. See [calendar].
HOLIDAYS = tuple(
    date.fromisoformat(day)
    for day in (
        *("2026-01-01", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20", "2026-04-26"),
        *("2026-04-27", "2026-04-30", "2026-05-01", "2026-08-31", "2026-09-01", "2026-09-02", "2026-11-24"),
        *("2027-01-01", "2027-02-04", "2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-02-09"),
        *("2027-02-10", "2027-04-16", "2027-04-30", "2027-05-01", "2027-05-03", "2027-09-02", "2027-09-03"),
        "2027-11-24",
    )
)
WORKING_DAYS = (date(2026, 8, 22),)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Monday to Friday without the holidays, and the days worked instead."""

    holidays: Collection[date] = HOLIDAYS
    worked: Collection[date] = WORKING_DAYS

    def is_worked(self, day: date) -> bool:
        return day in self.worked or (day.weekday() < 5 and day not in self.holidays)

    def after(self, day: date, count: int) -> date:
        """So many working days after `day`, which itself does not count."""
        while count:
            day += timedelta(days=1)
            count -= self.is_worked(day)
        return day


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday."""

    first: date
    last: date

    def until(self, day: date) -> Week:
        """The part of it up to and including `day`."""
        return Week(self.first, min(self.last, max(self.first, day)))

    def moved(self, weeks: int) -> Week:
        return Week(self.first + timedelta(weeks=weeks), self.last + timedelta(weeks=weeks))


def week_of(day: date) -> Week:
    """The week a day is in."""
    monday = day - timedelta(days=day.weekday())
    return Week(monday, monday + timedelta(days=6))


def is_quiet(local: datetime, quiet: tuple[time, time]) -> bool:
    """Whether nobody should be disturbed; the quiet hours may pass midnight."""
    since, until = quiet
    now = local.time()
    return since <= now or now < until if since > until else since <= now < until


def after_quiet(local: datetime, quiet: tuple[time, time]) -> datetime:
    """`local` itself, or the end of the quiet hours it falls in."""
    if not is_quiet(local, quiet):
        return local
    end = local.replace(hour=quiet[1].hour, minute=quiet[1].minute, second=0, microsecond=0)
    return end if end > local else end + timedelta(days=1)
