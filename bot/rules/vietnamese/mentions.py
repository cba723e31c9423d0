"""Days as they are said, before they become dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Written:
    """A day by its numbers; month and year may have been left out. `is_doubtful`: 10-12 may be no date at all.

    `ahead`: so many months from this one (ngày 5 tháng sau).
    """

    day: int
    month: int | None = None
    year: int | None = None
    is_doubtful: bool = False
    ahead: int | None = None


@dataclass(frozen=True, slots=True)
class Weekday:
    """Monday is 0. `week`: 0 this week, 1 the next, -1 the last; `near`: which one without a week (này, tới, rồi)."""

    number: int
    week: int | None = None
    near: Literal["", "this", "coming", "last"] = ""


@dataclass(frozen=True, slots=True)
class Offset:
    """So many days (or months) from today."""

    days: int = 0
    months: int = 0


@dataclass(frozen=True, slots=True)
class Minutes:
    """So many minutes from now."""

    minutes: int


@dataclass(frozen=True, slots=True)
class Period:
    """A whole week, month, quarter or year: `number` (12 for December) or `ahead` (1: the next one, -1: the last).

    `part`: "first" and "middle" are vague, "" and "last" mean its last day. `is_named`: said as a mere name ("báo cáo
    tháng 11"), which gives way to any other day in the text.
    """

    unit: Literal["week", "month", "quarter", "year"]
    number: int | None = None
    ahead: int = 0
    year: int | None = None
    part: Literal["", "first", "middle", "last"] = ""
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class Lunar:
    """Mùng, rằm, Tết: a day of the moon's calendar, or `solar` if the sun's was meant after all."""

    solar: Written | None = None


@dataclass(frozen=True, slots=True)
class SomeDay:
    """A day nobody can name: mai mốt, vài bữa nữa, hổm rày. `near`: the offset it may mean."""

    near: int | None = None


@dataclass(frozen=True, slots=True)
class NoDay:
    """Thứ 8: no such day."""


Said = Written | Weekday | Offset | Minutes | Period | Lunar | SomeDay | NoDay


@dataclass(frozen=True, slots=True)
class Mention:
    """A day said by the tokens `first` to `end` (exclusive)."""

    first: int
    end: int
    said: Said


PARTS_OF_DAY = ("sáng", "trưa", "chiều", "tối", "đêm", "khuya")
