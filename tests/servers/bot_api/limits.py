"""What Telegram refuses: its limits, checked as strictly as it does."""

from __future__ import annotations

import json
import math
import re
import time
from collections import defaultdict, deque
from typing import Any, Literal

from tests.servers.bot_api.world import Button, Json, Refusal, bad

_BUTTON_FIELDS = {"text", "callback_data"}
_KEY_FIELDS = {"text", "request_contact"}
_KEYBOARD_FIELDS = {"keyboard", "is_persistent", "resize_keyboard", "one_time_keyboard", "input_field_placeholder"}
_ENTITY_FIELDS = {"type", "offset", "length"}
_ENTITY_TYPES = {"bold", "italic", "code", "underline", "strikethrough", "pre", "spoiler", "blockquote"}


def utf16(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def parsed(value: Any) -> Any:
    """A parameter that may have come as JSON or, in a form, as the text of it."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise bad("can't parse JSON object") from error


def integer(params: Json, name: str, default: int | None = None) -> int:
    """A whole number, also when it came as text."""
    value: Any = params.get(name, default)
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise bad("message identifier is not specified" if name == "message_id" else f"{name} is invalid") from error


def text_of(params: Json, name: str, limit: int, too_long: str) -> str:
    """A text within its limit."""
    text = params.get(name, "")
    if not isinstance(text, str):
        raise bad(f"field {name!r} must be of type String")
    try:
        length = utf16(text)
    except UnicodeEncodeError as error:
        raise bad("strings must be encoded in UTF-8") from error
    if length > limit:
        raise bad(too_long)
    return text


def entities_of(params: Json, name: str, text: str) -> list[Json]:
    """The entities, each within the text and none through the middle of a character."""
    entities = parsed(params.get(name)) or []
    ends = {0}
    at = 0
    for char in text if entities else ():
        at += 2 if ord(char) > 0xFFFF else 1
        ends.add(at)
    for entity in entities:
        if not entity.keys() <= _ENTITY_FIELDS or entity["type"] not in _ENTITY_TYPES:
            raise bad(f"can't parse MessageEntity: unsupported {entity}")
        start, end = entity["offset"], entity["offset"] + entity["length"]
        where = f"entity beginning at UTF-16 offset {start}"
        if start < 0 or entity["length"] <= 0 or end > at:
            raise bad(f"{where} ends after the end of the text at UTF-16 offset {end}")
        if start not in ends or end not in ends:
            raise bad(f"{where} ends in a middle of a UTF-16 symbol at UTF-16 offset {end}")
    return list(entities)


def markup_of(params: Json, only_inline: bool = False) -> Json:
    """The fields of a Message that a reply_markup sets."""
    markup = parsed(params.get("reply_markup"))
    if not markup:
        return {}
    if markup.keys() == {"inline_keyboard"}:
        return {"rows": _inline(markup["inline_keyboard"])}
    if only_inline:
        raise bad("inline keyboard expected")
    if markup == {"remove_keyboard": True}:
        return {"keyboard": []}
    if "keyboard" in markup and markup.keys() <= _KEYBOARD_FIELDS:
        return _keyboard(markup["keyboard"])
    raise bad(f"object expected as reply markup, not {sorted(markup)}")


def _inline(rows: list[list[Json]]) -> list[list[Button]]:
    if sum(map(len, rows)) > 100:
        raise bad("reply markup is too long")
    for button in (button for row in rows for button in row):
        if not button.keys() <= _BUTTON_FIELDS:
            raise bad(f"can't parse inline keyboard button: unknown fields in {button}")
        if not button.get("text", "").strip():
            raise bad("inline keyboard button text must be non-empty")
        if "callback_data" not in button:
            raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
        if not 1 <= len(button["callback_data"].encode()) <= 64:
            raise bad("BUTTON_DATA_INVALID")
    return [[Button(button["text"], button["callback_data"]) for button in row] for row in rows]


def _keyboard(rows: list[list[Json]]) -> Json:
    keys = [[key if isinstance(key, dict) else {"text": key} for key in row] for row in rows]
    for key in (key for row in keys for key in row):
        if not key.keys() <= _KEY_FIELDS:
            raise bad(f"can't parse keyboard button: unknown fields in {key}")
        if not key.get("text", "").strip():
            raise bad("keyboard button text must be non-empty")
    contact = next((key["text"] for row in keys for key in row if key.get("request_contact")), "")
    return {"keyboard": [[key["text"] for key in row] for row in keys], "contact_label": contact}


def commands_of(params: Json) -> list[Json]:
    """A list of commands."""
    commands = parsed(params.get("commands"))
    if not isinstance(commands, list):
        raise bad('parameter "commands" is required')
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if command.keys() != {"command", "description"} or not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= utf16(command["description"]) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return commands


class Throttle:
    """429s. "window": `limit` messages in any sliding second; "penalty": a breach refuses everything for `penalty` s.

    `per_chat`: so many messages a second in one chat (0: any number), in every mode.
    """

    def __init__(self) -> None:
        self.set("none")
        self._all: deque[float] = deque()
        self._of_chat: defaultdict[int, deque[float]] = defaultdict(deque)
        self._until = 0.0
        self.refused = 0

    def set(
        self, mode: Literal["none", "window", "penalty"], limit: int = 30, penalty: float = 3.0, per_chat: int = 0
    ) -> None:
        """Change the rules from now on."""
        self.mode, self.limit, self.penalty, self.per_chat = mode, limit, penalty, per_chat

    def take(self, chat: int, count: int = 1) -> None:
        """Let `count` messages pass, or refuse them."""
        now = time.monotonic()
        if now < self._until:
            self._refuse(self._until - now)
        if self.mode != "none" and not _fits(self._all, now, self.limit, count):
            if self.mode == "penalty":
                self._until = now + self.penalty
            self._refuse(self.penalty if self.mode == "penalty" else 1)
        if self.per_chat and not _fits(self._of_chat[chat], now, self.per_chat, count):
            self._refuse(1)
        if self.mode != "none":
            self._all.extend([now] * count)
        if self.per_chat:
            self._of_chat[chat].extend([now] * count)

    def _refuse(self, pause: float) -> None:
        self.refused += 1
        retry_after = max(1, math.ceil(pause))
        raise Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def _fits(times: deque[float], now: float, limit: int, count: int) -> bool:
    while times and times[0] <= now - 1:
        times.popleft()
    return len(times) + count <= limit
