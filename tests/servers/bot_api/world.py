"""What the fake Telegram remembers: chats, the messages in them, files; and the error it answers with."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import json
import time
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Json = dict[str, Any]


class Refusal(Exception):
    """An answer that is not ok, in Telegram's own words."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters

    def body(self) -> bytes:
        """The JSON envelope."""
        answer: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return json.dumps(answer).encode()


def bad(reason: str) -> Refusal:
    """A 400."""
    return Refusal(400, f"Bad Request: {reason}")


class Button(NamedTuple):
    """A button under a message and the callback data behind it."""

    label: str
    data: str


@dataclass(slots=True, eq=False)
class StoredFile:
    """A file on Telegram's side."""

    kind: str
    id: str
    unique: str
    path: str
    content: bytes
    name: str = ""
    mime: str = ""

    def json(self) -> Any:
        """As it stands in a message: a document, or the sizes of a photo."""
        this = {"file_id": self.id, "file_unique_id": self.unique, "file_size": len(self.content)}
        if self.kind == "document":
            return this | {"file_name": self.name, "mime_type": self.mime}
        small = {"file_id": f"{self.id}s", "file_unique_id": f"{self.unique}s", "file_size": 900}
        return [small | {"width": 90, "height": 67}, this | {"width": 1280, "height": 960}]


@dataclass(slots=True, eq=False)
class Message:
    """One message as both sides see it now. `edits` holds its earlier texts, `at` is when it came (Unix seconds)."""

    id: int
    from_bot: bool
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    rows: list[list[Button]] = field(default_factory=list)
    keyboard: list[list[str]] | None = None
    contact_label: str = ""
    file: StoredFile | None = None
    edits: list[str] = field(default_factory=list)
    at: float = field(default_factory=time.time)
    extra: Json = field(default_factory=dict)

    @property
    def buttons(self) -> list[Button]:
        """All buttons under it, row after row."""
        return [button for row in self.rows for button in row]

    @property
    def labels(self) -> list[str]:
        """What is written on its buttons."""
        return [button.label for button in self.buttons]

    @property
    def photos(self) -> list[StoredFile]:
        """Its photo, if it has one."""
        return [self.file] if self.file and self.file.kind == "photo" else []

    def styled(self, kind: str) -> list[str]:
        """The pieces of text in one style, such as "bold"."""
        units = self.text.encode("utf-16-le")
        spans = [(e["offset"] * 2, (e["offset"] + e["length"]) * 2) for e in self.entities if e["type"] == kind]
        return [units[start:end].decode("utf-16-le") for start, end in spans]

    def __str__(self) -> str:
        who = "bot" if self.from_bot else "person"
        return f"[{self.id} {who}] {self.text!r}" + (f" {self.labels}" if self.rows else "")


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat of one person with the bot."""

    id: int
    name: str
    language: str
    started: bool = False
    blocked: bool = False
    deactivated: bool = False
    moved_to: int = 0
    messages: dict[int, Message] = field(default_factory=dict)
    events: list[Message] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    toasts: list[str] = field(default_factory=list)
    commands: list[Json] = field(default_factory=list)
    from_bot: int = 0

    def json(self) -> Json:
        """As it stands in a message."""
        return {"id": self.id, "first_name": self.name, "type": "private"}

    def sender(self) -> Json:
        """The person, as the sender of something."""
        return {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": self.language}

    def happened(self, message: Message) -> None:
        """A message of the bot is new or was edited."""
        self.events.append(message)
        self.changed.set()


class World:
    """Everything there is, for one bot."""

    def __init__(self, token: str, username: str) -> None:
        self.token, self.username = token, username
        self.me: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Ấp Số",
            "username": username,
        }
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.paths: dict[str, StoredFile] = {}
        self.queries: dict[str, tuple[Chat, float]] = {}
        self.commands: dict[str, list[Json]] = {}
        self._message_ids = itertools.count(1)
        self._file_ids = itertools.count(1)

    def chat(self, chat_id: int) -> Chat:
        """The chat to write to, or Telegram's reason why not."""
        chat = self.chats.get(chat_id)
        if chat is None or not chat.started:
            raise bad("chat not found")
        if chat.moved_to:
            reason = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refusal(400, reason, migrate_to_chat_id=chat.moved_to)
        if chat.deactivated:
            raise Refusal(403, "Forbidden: user is deactivated")
        if chat.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        return chat

    def post(self, chat: Chat, from_bot: bool, **what: Any) -> Message:
        """Put a new message into a chat."""
        message = Message(next(self._message_ids), from_bot, **what)
        chat.messages[message.id] = message
        if from_bot:
            chat.from_bot += 1
            chat.happened(message)
        return message

    def store(self, kind: str, content: bytes, name: str = "", mime: str = "") -> StoredFile:
        """Keep a file."""
        number = next(self._file_ids)
        unique = hashlib.sha256(kind.encode() + content).hexdigest()[:16]
        path = f"photos/file_{number}.jpg" if kind == "photo" else f"documents/file_{number}"
        file = StoredFile(kind, f"{kind[:2].upper()}{number:06d}{unique}", f"AQ{unique}", path, content, name, mime)
        self.files[file.id] = self.files[f"{file.id}s"] = self.paths[path] = file
        return file

    def forget(self, file: StoredFile) -> None:
        """It cannot be had any more."""
        for known in (self.files, self.paths):
            for name in [name for name, one in known.items() if one is file]:
                del known[name]

    def json(self, chat: Chat, message: Message) -> Json:
        """A message as the Bot API shows it."""
        shown: Json = {
            "message_id": message.id,
            "from": self.me if message.from_bot else chat.sender(),
            "chat": chat.json(),
            "date": int(message.at),
        }
        caption = "caption_" if message.file else ""
        if message.text:
            shown["caption" if message.file else "text"] = message.text
        if message.entities:
            shown[f"{caption}entities"] = message.entities
        if message.file:
            shown[message.file.kind] = message.file.json()
        if message.rows:
            keys = [[{"text": b.label, "callback_data": b.data} for b in row] for row in message.rows]
            shown["reply_markup"] = {"inline_keyboard": keys}
        return shown | message.extra
