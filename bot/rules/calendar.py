"""Weeks, quiet hours and the days between: pure questions about local time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


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
