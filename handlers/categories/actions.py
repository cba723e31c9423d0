"""The buttons of categories."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.action import Action


@dataclass(frozen=True, slots=True)
class Page(Action, code="kl"):
    """A page of the list; retired: 1 of those no longer in use."""

    number: int
    retired: int


@dataclass(frozen=True, slots=True)
class Show(Action, code="ks"):
    category: str


@dataclass(frozen=True, slots=True)
class Find(Action, code="kf"):
    pass


@dataclass(frozen=True, slots=True)
class Add(Action, code="ka"):
    pass


@dataclass(frozen=True, slots=True)
class Do(Action, code="kd"):
    """Begin to change a part of it: names, words, unit, usual or question."""

    what: str
    category: str


@dataclass(frozen=True, slots=True)
class Retire(Action, code="kr"):
    """No longer offered. sure: 0 asks first, 1 does it, 2 leaves it."""

    sure: int
    category: str


@dataclass(frozen=True, slots=True)
class Back(Action, code="kb"):
    """Offered again."""

    category: str
