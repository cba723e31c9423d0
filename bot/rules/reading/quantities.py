"""A quantity: a number and what it counts."""

from __future__ import annotations

from dataclasses import dataclass

from bot.rules.reading.records import Why
from bot.rules.reading.words import PERSON_UNITS
from bot.rules.vietnamese.numbers import Qualifier
from bot.rules.vietnamese.numerals import Tokens

_IMPERFECT = ("time", "money", "age", "place", "thing", "percent", "unknown")


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount and its noun, the tokens `first` to `end`. `why` set: it has to be asked; `values`: what was said.

    `noun`: "unit", "bare" (none), or what makes it no result: time, money, age, place, thing, percent, unknown.
    `own`: the category that the unit itself belongs to. `whole`: b in a/b.
    """

    first: int
    end: int
    value: int = 0
    qualifier: Qualifier = ""
    why: Why | None = None
    values: tuple[int, ...] = ()
    whole: int | None = None
    noun: str = "bare"
    unit: str = ""
    own: str | None = None
    is_volunteer: bool = False
    is_weak: bool = False
    is_piece: bool = False

    @property
    def is_person(self) -> bool:
        return self.unit in PERSON_UNITS


def is_marked(tokens: Tokens) -> bool:
    """Whether the writer puts marks: about every second word of Vietnamese has one."""
    words = [token for token in tokens if token.kind == "word"]
    return sum(not token.is_bare for token in words) * 3 >= len(words) > 0


def is_no_result(quantity: Quantity) -> bool:
    """Money, time, ages, places and things: not what a team reports."""
    return quantity.noun in _IMPERFECT and not (quantity.noun == "place" and quantity.whole is not None)
