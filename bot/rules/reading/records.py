"""What is read out of a message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.rules.vietnamese.numbers import Qualifier

Kind = Literal["report", "zero", "correction", "plan", "nothing"]
Why = Literal[
    "missing",  # a kind of activity without a number
    "vague",  # vài, mấy, hàng trăm, khoảng chục
    "range",  # 10-15; values: both ends
    "each",  # mỗi hộ 2 người, 3 người x 2 buổi; values: the numbers said
    "category",  # a number of nobody knows what; values: the number
    "two_readings",  # which number, or which kind of activity, is not certain; values: the numbers it may be
    "not_whole",  # 12,5 người; -5
    "too_long",  # more digits than any count has
    "longer",  # a figure from the beginning of the year until now, where the day's own is wanted
    "day",  # hổm rày, thứ tư on a Wednesday, two days; days: what it may be
]


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of activity as the reader needs it: `units[0]` is what is counted when nothing else was typed.

    `words`: what members call it; `names`: what it is called on buttons, in any language.
    """

    code: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """A unit of count the office has of its own, beside those of the language (`words.UNITS`)."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """So many of something done. `unit`: as typed, written out in full, or else the category's own.

    `qualifier`: "" exactly, "~" about (khoảng, chừng), ">" more than (hơn, trên), "<" fewer than (gần, chưa tới).
    `of`: the whole in a ratio (25/40: count 25 of 40). `is_cumulative`: of a longer time (từ đầu năm tới giờ).
    """

    category: str
    count: int
    unit: str
    qualifier: Qualifier = ""
    of: int | None = None
    is_cumulative: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What has to be asked. `category` None: it is the kind of activity (or the day) that is not known."""

    category: str | None
    why: Why
    values: tuple[int, ...] = ()
    unit: str = ""
    days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """`day` None: none was said. `unit`: the team's place as said, "Ấp 3". `people`: how many of the team took part.

    `note`: the whole message, to be kept beside the figures. `register`: how many teams (TO) and members (TV) there
    are, which is no activity; `register_ask`: which of the two is not certain.
    """

    kind: Kind
    items: tuple[Item, ...] = ()
    ask: tuple[Question, ...] = ()
    day: date | None = None
    unit: str | None = None
    people: int | None = None
    note: str = ""
    register: tuple[Item, ...] = ()
    register_ask: tuple[Question, ...] = ()
