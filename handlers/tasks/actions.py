"""The buttons of tasks."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.action import Action


@dataclass(frozen=True, slots=True)
class Open(Action, code="to"):
    """Show my own part of a task."""

    assignment: int


@dataclass(frozen=True, slots=True)
class Accept(Action, code="ta"):
    assignment: int


@dataclass(frozen=True, slots=True)
class Finish(Action, code="tf"):
    assignment: int


@dataclass(frozen=True, slots=True)
class GetStuck(Action, code="ts"):
    assignment: int


@dataclass(frozen=True, slots=True)
class Approve(Action, code="tk"):
    """Accept the work as it was at `version`: a newer state is shown first."""

    assignment: int
    version: int


@dataclass(frozen=True, slots=True)
class SendBack(Action, code="tb"):
    assignment: int
    version: int


@dataclass(frozen=True, slots=True)
class Photos(Action, code="tp"):
    assignment: int


@dataclass(frozen=True, slots=True)
class Board(Action, code="tg"):
    """Show a task to its giver, with every part if `whole`."""

    task: int
    whole: int


@dataclass(frozen=True, slots=True)
class Review(Action, code="tr"):
    """Show the giver work that was reported, to accept or return it."""

    assignment: int


@dataclass(frozen=True, slots=True)
class ApproveAll(Action, code="tw"):
    task: int


@dataclass(frozen=True, slots=True)
class Nudge(Action, code="tn"):
    task: int


@dataclass(frozen=True, slots=True)
class Cancel(Action, code="tc"):
    """sure: 0 asks first, 1 does it, 2 leaves it."""

    task: int
    sure: int


@dataclass(frozen=True, slots=True)
class Give(Action, code="th"):
    """Give what nobody answers for to somebody: an assignment, or (assignment 0) the part of a unit without anybody."""

    task: int
    unit: int
    assignment: int
