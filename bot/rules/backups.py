"""What backups are called, and which of them are kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

_NAME = re.compile(r"apso-(\d{4}-\d\d-\d\dT\d{6})\.(?:db|dump)(?:\.age|\.gpg)?")
_MADE = "%Y-%m-%dT%H%M%S"
A_DAY = timedelta(days=1)


def name(made: datetime, ending: str) -> str:
    """As "apso-2026-11-23T020000.db"; `made` in local time."""
    return f"apso-{made:{_MADE}}.{ending}"


def made(name: str) -> datetime | None:
    """When a backup of this name was made, in local time; None for any other name."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], _MADE)  # noqa: DTZ007  names have the local time without its zone
    except ValueError:
        return None


def keep(
    found: Iterable[datetime], now: datetime, *, daily: int = 7, weekly: int = 4, monthly: int = 12
) -> set[datetime]:
    """Which backups stay: the newest of each of the last days, weeks and months that have any.

    Also all of the last 24 hours, of which the newest may be the bad one; and what bears a time still to come, because
    then the clock is or was wrong and nothing is certain.
    """
    found = set(found)
    past = sorted((one for one in found if one <= now), reverse=True)
    return (
        {one for one in found if one > now - A_DAY}
        | set(past[:1])
        | _newest(past, daily, lambda one: one.date())
        | _newest(past, weekly, lambda one: one.isocalendar()[:2])
        | _newest(past, monthly, lambda one: (one.year, one.month))
    )


def _newest(backups: list[datetime], periods: int, period: Callable[[datetime], object]) -> set[datetime]:
    """The newest of each of the last `periods`; `backups` newest first."""
    newest: dict[object, datetime] = {}
    for one in backups:
        newest.setdefault(period(one), one)
    return set(list(newest.values())[:periods])
