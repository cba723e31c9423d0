"""What a handler wants said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from bot.chat.message import Buttons, File, Text
from bot.chat.texts import Voice


@dataclass(frozen=True, slots=True)
class Reply:
    """Words, buttons under them and files.

    `card`: this is the showing of a thing in the chat; a later Reply of the same card takes its place where the channel
    can edit. `code`: how a person speaks of the thing when typing ("V-0567"). `numbered`: without buttons the choices
    get numbers (not where a number is the answer). `menu`: show the main menu. `contact`: ask for the own number.
    `joins`: what was typed only added to the card, so its showing of a moment ago is edited. `gathers`: more of it may
    come at once, so where a card cannot be edited it is shown when nothing more comes.
    """

    text: Text = ()
    buttons: Buttons = ()
    files: tuple[File, ...] = ()
    card: str = ""
    code: str = ""
    toast: str = ""
    numbered: bool = True
    menu: bool = False
    contact: bool = False
    joins: bool = False
    gathers: bool = False


View = Callable[[Voice], Reply]
"""A Reply in whatever language its hearer has."""


class Kind(Enum):
    """Why something is said."""

    REPLY = "reply"
    NOTICE = "notice"
    TASK = "task"
    REMINDER = "reminder"
    SUMMARY = "summary"
    BROADCAST = "broadcast"

    @property
    def lane(self) -> int:
        """0 before 1 before 2: an answer does not wait for a broadcast."""
        return {Kind.REPLY: 0, Kind.BROADCAST: 2}.get(self, 1)

    @property
    def again(self) -> bool:
        """Whether it is said once more when nobody knows if it arrived. It carries its code, so a twin is known."""
        return self not in (Kind.SUMMARY, Kind.BROADCAST)
