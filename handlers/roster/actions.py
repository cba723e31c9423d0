"""What is pressed beneath a list that was shown, or taken over."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.action import Action


@dataclass(frozen=True, slots=True)
class Show(Action, code="is"):
    """The list with who is not in it let go, or kept."""

    number: int
    remove_gone: int


@dataclass(frozen=True, slots=True)
class Take(Action, code="it"):
    """Take it over as it was shown."""

    number: int
    remove_gone: int


@dataclass(frozen=True, slots=True)
class Drop(Action, code="id"):
    """Do nothing with it."""

    number: int


@dataclass(frozen=True, slots=True)
class Undo(Action, code="iu"):
    """Take back what it did."""

    number: int
