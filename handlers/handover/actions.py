"""The buttons of a handover."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.action import Action


@dataclass(frozen=True, slots=True)
class Agree(Action, code="hg"):
    """Somebody above says yes (1) or no (0) to what was asked."""

    handover: int
    yes: int


@dataclass(frozen=True, slots=True)
class Drop(Action, code="hc"):
    """What was asked or planned is not wanted any more."""

    handover: int


@dataclass(frozen=True, slots=True)
class Look(Action, code="hq"):
    """Show what was asked, with yes and no."""

    handover: int


@dataclass(frozen=True, slots=True)
class Invite(Action, code="hi"):
    """A code for whoever took over and has not come in yet."""

    handover: int
