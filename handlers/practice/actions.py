"""The buttons of the practice room."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.action import Action


@dataclass(frozen=True, slots=True)
class Leave(Action, code="pl"):
    """No practice any more; `action`: the button that is pressed in earnest then ("": none)."""

    action: str


@dataclass(frozen=True, slots=True)
class Skip(Action, code="pn"):
    """The shown lesson is left out."""

    lesson: str


@dataclass(frozen=True, slots=True)
class Lesson(Action, code="po"):
    """This one, the first time or again."""

    lesson: str


@dataclass(frozen=True, slots=True)
class Lessons(Action, code="pa"):
    """All of them, as a list."""


@dataclass(frozen=True, slots=True)
class Task(Action, code="pt"):
    """The invented task becomes `state`: accepted, done."""

    state: str


@dataclass(frozen=True, slots=True)
class Judge(Action, code="pj"):
    """The invented report is accepted, or sent back."""

    accept: int
