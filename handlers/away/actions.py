"""The buttons of /vang."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.action import Action


@dataclass(frozen=True, slots=True)
class Back(Action, code="vb"):
    """[Tôi đã về], or what was planned is not."""

    absence: int


@dataclass(frozen=True, slots=True)
class Anew(Action, code="vn"):
    """Other days, or somebody else."""
