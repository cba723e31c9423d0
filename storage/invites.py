"""Personal codes that link a chat to a person of the roster. Only their hashes are kept."""

from __future__ import annotations

import hashlib

from storage.db import Db


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def add(db: Db, code: str, person_id: int, now: int, expires_at: int) -> None:
    """A new code; earlier unused codes of the person are void."""
    db.hold(f"invite {person_id}")
    db.run("DELETE FROM invites WHERE person_id = :person AND used_at IS NULL", person=person_id)
    db.run(
        "INSERT INTO invites (hash, person_id, created_at, expires_at) VALUES (:hash, :person, :now, :expires_at)",
        hash=_hash(code),
        person=person_id,
        now=now,
        expires_at=expires_at,
    )


def void(db: Db, person_id: int) -> None:
    """No code that was given for this person works any more."""
    db.run("DELETE FROM invites WHERE person_id = :person AND used_at IS NULL", person=person_id)


def take(db: Db, code: str, now: int) -> int | None:
    """The person the code is for, once; None when it is unknown, used or expired."""
    row = db.one(
        "UPDATE invites SET used_at = :now WHERE hash = :hash AND used_at IS NULL AND expires_at > :now"
        " RETURNING person_id",
        hash=_hash(code),
        now=now,
    )
    return row[0] if row else None


def tries(db: Db, channel: str, chat: str, since: int) -> int:
    """How many codes were tried in this chat since then."""
    row = db.one(
        "SELECT COUNT(*) FROM invite_tries WHERE channel = :channel AND chat = :chat AND at > :since",
        channel=channel,
        chat=chat,
        since=since,
    )
    return row[0] if row else 0


def tried(db: Db, channel: str, chat: str, now: int) -> None:
    """Count one wrong code."""
    db.run(
        "INSERT INTO invite_tries (channel, chat, at) VALUES (:channel, :chat, :now)",
        channel=channel,
        chat=chat,
        now=now,
    )


def forget_tries(db: Db, before: int) -> None:
    db.run("DELETE FROM invite_tries WHERE at < :before", before=before)
