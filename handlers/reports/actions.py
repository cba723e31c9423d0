"""The buttons of reports."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.action import Action


@dataclass(frozen=True, slots=True)
class Undo(Action, code="ru"):
    report: int


@dataclass(frozen=True, slots=True)
class Restore(Action, code="rr"):
    report: int


@dataclass(frozen=True, slots=True)
class Change(Action, code="rc"):
    report: int


@dataclass(frozen=True, slots=True)
class Photos(Action, code="rp"):
    report: int


@dataclass(frozen=True, slots=True)
class More(Action, code="rm"):
    pass


@dataclass(frozen=True, slots=True)
class Past(Action, code="ps"):
    """A page of what was reported, in a unit (0: by oneself), about some words ("": all)."""

    unit: int
    page: int
    words: str


@dataclass(frozen=True, slots=True)
class Find(Action, code="pf"):
    unit: int
