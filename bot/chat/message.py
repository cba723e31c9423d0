"""What is heard and what is said, in a form that belongs to no channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

T = TypeVar("T")

Style = Literal["", "b", "i", "code"]

KEPT = "kept"  # the "channel" of files that only the bot's own folder has
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".bmp", ".svg", ".tif", ".tiff")


@dataclass(frozen=True, slots=True)
class Address:
    """One private chat: the channel's name and the channel's own id of the chat."""

    channel: str
    chat: str

    @property
    def line(self) -> str:
        """Turns of one chat are done one after another: its line in the store."""
        return f"{self.channel}:{self.chat}"


@dataclass(frozen=True, slots=True)
class File:
    """A photo or document that `channel` keeps; `ref` is its own handle for fetching or sending it again.

    `unique` is equal for equal content on that channel (Telegram: file_unique_id), size is in bytes (0: unknown).
    `kept`: under which hash the bot has a copy of its own ("": none). Where `channel` is KEPT, there is only that.
    """

    kind: Literal["photo", "document"]
    channel: str
    ref: str
    unique: str = ""
    name: str = ""
    mime: str = ""
    size: int = 0
    kept: str = ""

    @property
    def is_picture(self) -> bool:
        """A photo, or what was sent as a document and is called a picture."""
        return self.kind == "photo" or self.mime.startswith("image/") or self.name.lower().endswith(_PICTURES)


@dataclass(frozen=True, slots=True)
class Press:
    """A button of `message_id` was pressed; `action` is what the button carried (never to be trusted)."""

    action: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A shared telephone number; `own` only when the channel vouches that it is the sender's."""

    phone: str
    own: bool


@dataclass(frozen=True, slots=True)
class Location:
    """A point somebody sent from the map, in degrees; `name`: what the map calls it ("": nothing)."""

    latitude: float
    longitude: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing a person did in a chat. `key` is the channel's name for it: the same update again has the same key.

    `at` is UTC milliseconds. `start` is the payload of a deep link ("" for a bare start, None when it was not a start).
    `album`: this is a part of one, more may follow; `order` is its place. What a handler hears is the whole: one
    Incoming with several files and the caption as text. `edited`: the words of something said before were changed.
    """

    address: Address
    key: str
    at: int
    text: str = ""
    press: Press | None = None
    files: tuple[File, ...] = ()
    contact: Contact | None = None
    location: Location | None = None
    start: str | None = None
    name: str = ""
    language: str = ""
    album: str = ""
    order: int = 0
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style. Values filled into a text are spans of their own: they can never become markup."""

    text: str
    style: Style = ""


Text = tuple[Span, ...]


def plain(text: Text) -> str:
    """The words without their styles."""
    return "".join(span.text for span in text)


@dataclass(frozen=True, slots=True)
class Button:
    """What is written on a button (24 characters at most) and the packed action (64 bytes at most) it sends."""

    label: str
    action: str


Buttons = tuple[tuple[Button, ...], ...]
"""Rows of buttons under one message."""


def in_rows(choices: Sequence[T], wide: int) -> tuple[tuple[T, ...], ...]:
    """So many beside each other, as they come."""
    return tuple(tuple(choices[at : at + wide]) for at in range(0, len(choices), wide))


@dataclass(frozen=True, slots=True)
class Message:
    """What one call to a channel says.

    Either text with buttons (and at most one file, the text its caption of 1,024 UTF-16 units at most), or two to ten
    photos without text and buttons. `menu`: rows of labels kept below the input, sent as text when pressed (None: leave
    the menu as it is). `contact`: label of a menu button that shares the person's own number, where the channel has it.
    `commands`: (name, help) pairs; such a message says nothing, it sets the chat's list of commands. An edit without
    words changes only the buttons.
    """

    text: Text = ()
    buttons: Buttons = ()
    files: tuple[File, ...] = ()
    menu: tuple[tuple[str, ...], ...] | None = None
    contact: str = ""
    commands: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a chat on a channel can show. `text_limit` is in UTF-16 units. Poor abilities are the default."""

    buttons: bool = False
    edits: bool = False
    text_limit: int = 2000


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of an Incoming once its turn is committed. `toast`: a few words to flash at the pressed button."""

    repeated: bool = False
    toast: str = ""
