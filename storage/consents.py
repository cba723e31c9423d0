"""Proof of consent: which text, in which chat, when given and when withdrawn."""

from __future__ import annotations

from storage.db import Db


def give(db: Db, channel: str, chat: str, version: str, now: int) -> None:
    db.run(
        "INSERT INTO consents (channel, chat, version, given_at) VALUES (:channel, :chat, :version, :now)",
        channel=channel,
        chat=chat,
        version=version,
        now=now,
    )


def given(db: Db, channel: str, chat: str, version: str) -> bool:
    """Whether this text was agreed to in this chat and not withdrawn."""
    return (
        db.one(
            "SELECT 1 FROM consents WHERE channel = :channel AND chat = :chat AND version = :version"
            " AND withdrawn_at IS NULL",
            channel=channel,
            chat=chat,
            version=version,
        )
        is not None
    )


def belongs(db: Db, channel: str, chat: str, person_id: int) -> None:
    """The chat turned out to be this person's."""
    db.run(
        "UPDATE consents SET person_id = :person WHERE channel = :channel AND chat = :chat",
        person=person_id,
        channel=channel,
        chat=chat,
    )


def withdraw(db: Db, channel: str, chat: str, now: int) -> None:
    """Take the consent back and forget the link between chat and person."""
    db.run(
        "UPDATE consents SET withdrawn_at = :now WHERE channel = :channel AND chat = :chat AND withdrawn_at IS NULL",
        now=now,
        channel=channel,
        chat=chat,
    )
    db.run("DELETE FROM identities WHERE channel = :channel AND chat = :chat", channel=channel, chat=chat)
