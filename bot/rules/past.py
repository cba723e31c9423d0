"""What somebody wants to look back at, as they type it: "vneid tháng 10", "hôm qua", "tuần trước"."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from bot.rules import vietnamese
from bot.rules.calendar import week_of

_WEEKS = {"tuan nay": 0, "tuan truoc": 1, "tuan qua": 1, "tuan roi": 1, "this week": 0, "last week": 1}
_MONTHS = {"thang nay": 0, "thang truoc": 1, "thang qua": 1, "thang roi": 1, "this month": 0, "last month": 1}
_FILLING = ("ngay", "vao", "trong", "cua", "co", "hom", "bua")


@dataclass(frozen=True, slots=True)
class Query:
    """Days of interest, both included (None: all), and the words that have to stand in what is found (folded)."""

    first: date | None
    last: date | None
    words: tuple[str, ...]

    def fits(self, text: str) -> bool:
        """Whether each word begins a word of the text."""
        there = f" {vietnamese.fold(text)}"
        return all(f" {word}" in there for word in self.words)


def read(said: str, today: date) -> Query:
    """Take the time out of what was typed; the rest are words to look for."""
    words = vietnamese.fold(said).replace(",", " ").split()
    for kind, sizes in ((_span, (3, 2, 1)), (_day, (1, 2, 3))):  # a day as tightly as it can be read
        for size in sizes:
            for at in range(len(words) - size + 1):
                days = kind(" ".join(words[at : at + size]), today)
                if days is not None:
                    return Query(*days, _kept(words[:at] + words[at + size :]))
    return Query(None, None, _kept(words))


def _kept(words: list[str]) -> tuple[str, ...]:
    return tuple(word for word in words if any(sign.isalnum() for sign in word) and word not in _FILLING)


def _span(said: str, today: date) -> tuple[date, date] | None:
    if said in _WEEKS:
        week = week_of(today).moved(-_WEEKS[said])
        return week.first, week.last
    if said in _MONTHS:
        return _month_of(today.replace(day=1) - timedelta(days=_MONTHS[said]))
    return _month(said, today)


def _month(said: str, today: date) -> tuple[date, date] | None:
    """ "thang 10", "thang 10/2026", "t10", "10/2026"; without a year the last one there was."""
    name, _, rest = said.rpartition(" ")
    if name not in ("", "thang", "month"):
        return None
    whole = bool(name) or rest[:1] == "t"
    parts = rest.removeprefix("t").split("/")
    if not all(part.isascii() and part.isdigit() for part in parts) or not 1 <= len(parts) <= 2:
        return None
    month = int(parts[0])
    year = int(parts[1]) if len(parts) == 2 else today.year - (month > today.month)
    if not 1 <= month <= 12 or not 2000 <= year <= today.year or (len(parts) == 1 and not whole):
        return None
    return _month_of(date(year, month, 1))


def _month_of(day: date) -> tuple[date, date]:
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def _day(said: str, today: date) -> tuple[date, date] | None:
    if said.isdecimal():  # a number alone is no day
        return None
    day = vietnamese.read_day(said, today)
    return (day, day) if isinstance(day, date) else None
