"""The buttons of /donvi."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.action import Action


@dataclass(frozen=True, slots=True)
class Show(Action, code="du"):
    """A unit's card, with what stands below it from that page on."""

    unit: int
    page: int


@dataclass(frozen=True, slots=True)
class Begin(Action, code="dg"):
    """Begin the dialog of an act with this unit."""

    unit: int
    act: str


@dataclass(frozen=True, slots=True)
class Latest(Action, code="dl"):
    """The last reforms."""


@dataclass(frozen=True, slots=True)
class Undo(Action, code="dx"):
    """Take a reform back, or drop one that waits; after a question."""

    reform: int


@dataclass(frozen=True, slots=True)
class Sure(Action, code="dz"):
    """The answer: 1 takes it back, 2 drops it before its day, 0 leaves it."""

    reform: int
    yes: int
