"""A Message as the text that the outbox keeps."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from bot.chat.message import Button, File, Message, Span

_OF_A_FILE = tuple(field.name for field in fields(File))
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # made once: it is used at each turn


def pack(message: Message) -> str:
    """Compact JSON; what is empty is left out."""
    body: dict[str, Any] = {}
    if message.text:
        body["t"] = [[span.text, span.style] if span.style else span.text for span in message.text]
    if message.buttons:
        body["b"] = [[[button.label, button.action] for button in row] for row in message.buttons]
    if message.files:
        body["f"] = [[getattr(file, name) for name in _OF_A_FILE] for file in message.files]
    if message.menu is not None:
        body["m"] = message.menu
    if message.contact:
        body["c"] = message.contact
    if message.commands:
        body["k"] = message.commands
    return _encode(body)


def unpack(packed: str) -> Message:
    """The Message again."""
    body = json.loads(packed)
    menu = body.get("m")
    return Message(
        text=tuple(Span(part) if isinstance(part, str) else Span(*part) for part in body.get("t", ())),
        buttons=tuple(tuple(Button(*button) for button in row) for row in body.get("b", ())),
        files=tuple(File(*file) for file in body.get("f", ())),
        menu=None if menu is None else tuple(tuple(row) for row in menu),
        contact=body.get("c", ""),
        commands=tuple((name, about) for name, about in body.get("k", ())),
    )
