"""A message taken apart: quantities and topics in their places, and what stands between them."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.rules.reading.phrases import Hit
from bot.rules.reading.quantities import Quantity
from bot.rules.vietnamese.mentions import Mention
from bot.rules.vietnamese.numerals import Tokens

NONE, COMMA, LINE, STOP = 0, 1, 2, 3
"""What separates two tokens, from nothing to the end of a sentence."""


@dataclass(slots=True)
class Topic:
    """A kind of activity named by the tokens `first` to `end`. `is_weak`: a word that is mostly something else."""

    first: int
    end: int
    code: str
    is_weak: bool = False
    is_aside: bool = False
    is_off: bool = False
    unit: str = ""


@dataclass(slots=True)
class Said:
    """A quantity in its place. `is_off`: planned, denied or failed, no result."""

    amount: Quantity
    is_off: bool = False
    is_total: bool = False
    is_part: bool = False
    is_more: bool = False
    is_cumulative: bool = False
    label: int = -1

    @property
    def first(self) -> int:
        return self.amount.first

    @property
    def end(self) -> int:
        return self.amount.end


@dataclass(slots=True)
class Scan:
    """Everything found. `breaks[i]`: what separates token i from the one before. `places`: names of units, by token.

    `marks`: the little words of the grammar, as first token, end and tag. `planned`: stretches said of what is to come.
    `mentioned`: tokens that name a thing to be counted (hồ sơ, tài khoản) without counting it. `teams`: how many teams.
    """

    text: str
    tokens: Tokens
    hits: list[tuple[Hit, ...]]
    said: list[Said] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    days: list[Mention] = field(default_factory=list)
    places: list[tuple[int, str]] = field(default_factory=list)
    marks: list[tuple[int, int, str]] = field(default_factory=list)
    planned: list[tuple[int, int]] = field(default_factory=list)
    mentioned: list[int] = field(default_factory=list)
    teams: list[Quantity] = field(default_factory=list)

    @property
    def everything(self) -> list[Said | Topic]:
        return [*self.said, *self.topics]

    def is_planned(self, at: int) -> bool:
        """Whether token `at` is said of what is to come."""
        return any(first <= at < end for first, end in self.planned)

    def has(self, mark: str, first: int = 0, end: int | None = None) -> bool:
        stop = len(self.tokens) if end is None else end
        return any(name == mark and first <= at < stop for at, _, name in self.marks)
