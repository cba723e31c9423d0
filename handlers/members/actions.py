"""The buttons of members."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.action import Action


@dataclass(frozen=True, slots=True)
class Page(Action, code="hl"):
    """A page of the people of a unit and below."""

    unit: int
    number: int


@dataclass(frozen=True, slots=True)
class Show(Action, code="hp"):
    person: int


@dataclass(frozen=True, slots=True)
class Find(Action, code="hf"):
    unit: int


@dataclass(frozen=True, slots=True)
class Add(Action, code="ha"):
    unit: int


@dataclass(frozen=True, slots=True)
class Do(Action, code="hd"):
    """Begin what is done to somebody: role, move, correct or remove."""

    person: int
    what: str


@dataclass(frozen=True, slots=True)
class Lost(Action, code="hx"):
    """Their telephone is lost. sure: 0 asks first, 1 does it, 2 leaves it."""

    person: int
    sure: int
