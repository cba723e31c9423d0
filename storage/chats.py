"""What the bot remembers about a chat itself: its language, the numbered choices last shown, updates already seen."""

from __future__ import annotations

import json
from dataclasses import dataclass

from storage.db import Db


@dataclass(frozen=True, slots=True)
class Choice:
    """Something a person may type instead of pressing a button: a number (0: none) or words (folded)."""

    number: int
    word: str
    action: str


@dataclass(frozen=True, slots=True)
class Chat:
    language: str
    choices: tuple[Choice, ...]


def see(db: Db, channel: str, key: str, now: int) -> bool:
    """Record an update; False when it was recorded before."""
    return (
        db.run(
            "INSERT INTO seen (channel, key, at) VALUES (:channel, :key, :now) ON CONFLICT (channel, key) DO NOTHING",
            channel=channel,
            key=key,
            now=now,
        )
        == 1
    )


def get(db: Db, channel: str, chat: str) -> Chat | None:
    row = db.one(
        "SELECT language, choices FROM chats WHERE channel = :channel AND chat = :chat", channel=channel, chat=chat
    )
    return Chat(row[0], tuple(Choice(*choice) for choice in json.loads(row[1]))) if row else None


def save(db: Db, channel: str, chat: str, value: Chat) -> None:
    choices = [[choice.number, choice.word, choice.action] for choice in value.choices]
    db.run(
        "INSERT INTO chats (channel, chat, language, choices) VALUES (:channel, :chat, :language, :choices)"
        " ON CONFLICT (channel, chat) DO UPDATE SET language = excluded.language, choices = excluded.choices",
        channel=channel,
        chat=chat,
        language=value.language,
        choices=json.dumps(choices, ensure_ascii=False),
    )


def surprised(db: Db, channel: str, chat: str, key: str, said: str, now: int) -> str:
    """Keep what a person said when the turn about it failed; returns the code it can be asked for by."""
    row = db.one(
        "INSERT INTO surprises (channel, chat, key, said, at) VALUES (:channel, :chat, :key, :said, :now) RETURNING id",
        channel=channel,
        chat=chat,
        key=key,
        said=said,
        now=now,
    )
    assert row is not None
    return f"L-{row[0]:04d}"
