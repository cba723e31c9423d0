"""Message → what the Bot API takes: entities instead of markup, keyboards, and its limits checked here first.

Plain JSON, not the library's objects: those cost more than the HTTP exchange.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from telegram import BotCommand

from bot.channels.telegram.hear import Json
from bot.chat.message import Buttons, Message, Text

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ALBUM_LIMIT = 10
_ENTITY = {"b": "bold", "i": "italic", "code": "code"}


def utf16(text: str) -> int:
    """Length in UTF-16 units, as Telegram counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def words(text: Text, limit: int) -> tuple[str, list[Json]]:
    """The plain words and their styles as entities. Raises ValueError when there are more than `limit` units."""
    entities: list[Json] = []
    at = 0
    for span in text:
        length = utf16(span.text)
        if span.style and length:
            entities.append({"type": _ENTITY[span.style], "offset": at, "length": length})
        at += length
    if at > limit:
        raise ValueError(f"the text has {at} UTF-16 units, Telegram takes {limit} here")
    return "".join(span.text for span in text), entities


def markup(message: Message) -> Json | None:
    """The one keyboard that goes with a message: its buttons, or the menu below the input."""
    if message.buttons:
        if message.menu is not None or message.contact:
            raise ValueError("one Telegram message carries either buttons or a menu, not both")
        return buttons(message.buttons)
    if message.menu is None and not message.contact:
        return None
    return menu(message.menu or (), message.contact)


def buttons(rows: Buttons) -> Json:
    """Rows of buttons under a message."""
    if sum(len(row) for row in rows) > 100:
        raise ValueError("Telegram takes at most 100 buttons under a message")
    for button in (button for row in rows for button in row):
        if not button.label.strip():
            raise ValueError(f"the button with action {button.action!r} has no label")
        if not 1 <= len(button.action.encode()) <= 64:
            size = len(button.action.encode())
            raise ValueError(f"the action of the button {button.label!r} has {size} bytes, Telegram takes 1 to 64")
    return {"inline_keyboard": [[{"text": b.label, "callback_data": b.action} for b in row] for row in rows]}


def menu(rows: Sequence[Sequence[str]], contact: str) -> Json:
    """The persistent keyboard below the input; `contact` marks, or else adds, the button that shares one's number."""
    if contact and contact not in (label for row in rows for label in row):
        rows = ((contact,), *rows)
    if not rows:
        return {"remove_keyboard": True}
    if not all(label.strip() for row in rows for label in row):
        raise ValueError("a menu button has no label")
    keys = [[{"text": one} | ({"request_contact": True} if one == contact else {}) for one in row] for row in rows]
    return {"keyboard": keys, "is_persistent": True, "resize_keyboard": True}


def commands(pairs: Sequence[tuple[str, str]]) -> list[BotCommand]:
    """(name, help) pairs as a command list."""
    if len(pairs) > 100:
        raise ValueError("Telegram takes at most 100 commands")
    for name, about in pairs:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", name):
            raise ValueError(f"{name!r} cannot be a Telegram command: 1 to 32 of a-z 0-9 _")
        if not 1 <= utf16(about) <= 256:
            raise ValueError(f"the help of /{name} must have 1 to 256 characters")
    return [BotCommand(name, about) for name, about in pairs]
