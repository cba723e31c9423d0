"""The buttons of /dulieu and /yeucau."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.action import Action


@dataclass(frozen=True, slots=True)
class Show(Action, code="ym"):
    pass


@dataclass(frozen=True, slots=True)
class Download(Action, code="yd"):
    pass


@dataclass(frozen=True, slots=True)
class Correct(Action, code="yc"):
    pass


@dataclass(frozen=True, slots=True)
class TakeBack(Action, code="yt"):
    """A lead does not agree with a correction."""

    correction: int


@dataclass(frozen=True, slots=True)
class Restrict(Action, code="yr"):
    """on: 1 asks first, 2 does it, 0 lifts it."""

    on: int


@dataclass(frozen=True, slots=True)
class Erase(Action, code="yx"):
    """sure: 0 shows what it means, 1 asks once more, 2 does it."""

    sure: int


@dataclass(frozen=True, slots=True)
class Ask(Action, code="yq"):
    pass


@dataclass(frozen=True, slots=True)
class Open(Action, code="yo"):
    """Show a request to an administrator."""

    request: int


@dataclass(frozen=True, slots=True)
class Answer(Action, code="ya"):
    """Answer in one press: done."""

    request: int


@dataclass(frozen=True, slots=True)
class AnswerInWords(Action, code="yw"):
    request: int


@dataclass(frozen=True, slots=True)
class Carry(Action, code="ye"):
    """Erase whoever asked for it. sure: 0 asks first, 1 does it."""

    request: int
    sure: int
