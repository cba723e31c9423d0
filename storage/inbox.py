"""What was heard but waits for more before it is a turn: the parts of an album."""

from __future__ import annotations

from dataclasses import dataclass

from storage.db import Db


@dataclass(frozen=True, slots=True)
class Part:
    """One part, `body` as JSON; `key` is the channel's name for it."""

    key: str
    album: str
    body: str


def add(db: Db, channel: str, chat: str, part: Part, now: int) -> None:
    db.run(
        "INSERT INTO inbox (channel, key, chat, album, body, arrived_at)"
        " VALUES (:channel, :key, :chat, :album, :body, :now)",
        channel=channel,
        key=part.key,
        chat=chat,
        album=part.album,
        body=part.body,
        now=now,
    )


def of_chat(db: Db, channel: str, chat: str) -> list[Part]:
    """All parts that wait in a chat, in the order they came."""
    rows = db.all(
        "SELECT key, album, body FROM inbox WHERE channel = :channel AND chat = :chat ORDER BY id",
        channel=channel,
        chat=chat,
    )
    return [Part(*row) for row in rows]


def forget(db: Db, channel: str, chat: str) -> None:
    """They have become turns."""
    db.run("DELETE FROM inbox WHERE channel = :channel AND chat = :chat", channel=channel, chat=chat)


def left(db: Db, before: int) -> list[tuple[str, str, str]]:
    """Chats whose newest part came before that moment, for nobody else will see to them: channel, chat, its key."""
    rows = db.all(
        "SELECT channel, chat, key FROM inbox AS newest WHERE arrived_at < :before AND NOT EXISTS ("
        "SELECT 1 FROM inbox WHERE channel = newest.channel AND chat = newest.chat AND id > newest.id) ORDER BY id",
        before=before,
    )
    return [(row[0], row[1], row[2]) for row in rows]
