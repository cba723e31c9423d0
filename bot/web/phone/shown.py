"""A message of a phone as JSON, its words made safe for HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.chat.message import KEPT, Buttons, File, Text, plain
from bot.web.phone.moments import iso


class Bubble(Protocol):
    """One message on a phone. `mine`: said by the phone's owner; `at`: UTC milliseconds."""

    @property
    def id(self) -> int: ...
    @property
    def mine(self) -> bool: ...
    @property
    def at(self) -> int: ...
    @property
    def text(self) -> Text: ...
    @property
    def buttons(self) -> Buttons: ...
    @property
    def files(self) -> Sequence[File]: ...
    @property
    def edits(self) -> int: ...
    @property
    def menu(self) -> Sequence[Sequence[str]] | None: ...
    @property
    def contact(self) -> str: ...


def as_json(bubble: Bubble, zone: ZoneInfo, person: str) -> dict[str, object]:
    """The message of docs/phone.md, on this person's phone."""
    return {
        "id": bubble.id,
        "from": "me" if bubble.mine else "bot",
        "at": iso(bubble.at, zone),
        "text": plain(bubble.text),
        "html": html(bubble.text),
        "spans": [[span.text, span.style] for span in bubble.text],
        "buttons": [[{"label": b.label, "action": b.action} for b in row] for row in bubble.buttons],
        "files": [_file(file, person) for file in bubble.files],
        "edits": bubble.edits,
        "menu": bubble.menu,
        "contact": bubble.contact,
    }


def _file(file: File, person: str) -> dict[str, object]:
    url = f"/phone/api/{person}/photos/{file.kept}" if file.channel == KEPT else f"/phone/files/{file.ref}"
    small = f"{url}?small=1" if file.channel == KEPT else url
    return {"kind": file.kind, "url": url, "small": small, "name": file.name, "size": file.size}


def html(text: Text) -> str:
    """The words with <b>, <i>, <code> and <br> and no other markup."""
    return "".join(_tagged(escape(span.text).replace("\n", "<br>"), span.style) for span in text)


def _tagged(escaped: str, style: str) -> str:
    return f"<{style}>{escaped}</{style}>" if style else escaped
