"""Photos sent together come as one update each. They wait in the store until no more come, and are heard as one."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from itertools import groupby

from bot.chat.message import Address, File, Incoming
from storage import inbox
from storage.db import Db
from storage.inbox import Part

REFUSED = "refused"


def keep(db: Db, part: Incoming, now: int) -> None:
    """Hold one part."""
    body = {
        "at": part.at,
        "text": part.text,
        "files": [asdict(file) for file in part.files],
        "name": part.name,
        "language": part.language,
        "order": part.order,
    }
    held = Part(part.key, part.album, json.dumps(body, ensure_ascii=False))
    inbox.add(db, part.address.channel, part.address.chat, held, now)


def refuse(db: Db, part: Incoming, now: int) -> None:
    """A part that may not be kept leaves its place, so that the whole album is let go."""
    held = Part(part.key, part.album, json.dumps({REFUSED: True}))
    inbox.add(db, part.address.channel, part.address.chat, held, now)


def newest(db: Db, where: Address) -> str:
    """The key of the part that came last in a chat ("": none waits)."""
    parts = inbox.of_chat(db, where.channel, where.chat)
    return parts[-1].key if parts else ""


def take(db: Db, where: Address) -> list[Incoming]:
    """The albums that wait in a chat, each as one Incoming, in the order they began; but those with a refused part."""
    parts = inbox.of_chat(db, where.channel, where.chat)
    if not parts:
        return []
    inbox.forget(db, where.channel, where.chat)
    refused = {part.album for part in parts if REFUSED in json.loads(part.body)}
    parts = [part for part in parts if part.album not in refused]
    began = {part.album: at for at, part in reversed(list(enumerate(parts)))}
    parts.sort(key=lambda part: began[part.album])
    return [
        _merged([_heard(where, part) for part in album]) for _, album in groupby(parts, key=lambda part: part.album)
    ]


def _heard(where: Address, part: Part) -> Incoming:
    body = json.loads(part.body)
    files = tuple(File(**file) for file in body.pop("files"))
    return Incoming(where, part.key, files=files, **body)


def _merged(parts: list[Incoming]) -> Incoming:
    """The key of the part that came first, files in the order of the messages, the first caption."""
    ordered = sorted(parts, key=lambda part: part.order)
    return replace(
        parts[0],
        text=next((part.text for part in ordered if part.text), ""),
        files=tuple(file for part in ordered for file in part.files),
    )
