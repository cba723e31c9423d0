"""Personal codes that link a chat to a person of the roster. Only their hashes are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from storage import units
from storage.db import Db
from storage.units import Unit


@dataclass(frozen=True, slots=True)
class Invite:
    """`trusted`: made on the machine itself. `void_at`: taken back, or a newer one was given. UTC milliseconds."""

    person_id: int
    expires_at: int
    used_at: int | None
    void_at: int | None
    trusted: bool


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def add(db: Db, code: str, person_id: int, now: int, expires_at: int, *, trusted: bool = False) -> None:
    """A new code; earlier unused codes of the person are void."""
    add_all(db, [(code, person_id)], now, expires_at, trusted=trusted)


def add_all(db: Db, codes: Iterable[tuple[str, int]], now: int, expires_at: int, *, trusted: bool = False) -> None:
    """A new code for each of these people, all at once; their earlier unused codes are void."""
    db.hold("invites")
    pairs = list(codes)
    db.many(
        "UPDATE invites SET void_at = :now WHERE person_id = :person AND used_at IS NULL AND void_at IS NULL",
        ({"person": person_id, "now": now} for _, person_id in pairs),
    )
    db.many(
        "INSERT INTO invites (hash, person_id, created_at, expires_at, trusted)"
        " VALUES (:hash, :person, :now, :expires_at, :trusted)",
        (
            {
                "hash": _hash(code),
                "person": person_id,
                "now": now,
                "expires_at": expires_at,
                "trusted": int(trusted),
            }
            for code, person_id in pairs
        ),
    )


def find(db: Db, code: str) -> Invite | None:
    """What became of a code; None when there never was such a one."""
    row = db.one(
        "SELECT person_id, expires_at, used_at, void_at, trusted FROM invites WHERE hash = :hash", hash=_hash(code)
    )
    return Invite(row[0], row[1], row[2], row[3], bool(row[4])) if row else None


def take(db: Db, code: str, now: int) -> bool:
    """Use the code up; False when it is unknown, used, void or expired."""
    return (
        db.run(
            "UPDATE invites SET used_at = :now WHERE hash = :hash AND used_at IS NULL AND void_at IS NULL"
            " AND expires_at > :now",
            hash=_hash(code),
            now=now,
        )
        == 1
    )


def take_back(db: Db, person_id: int, now: int) -> int:
    """The person's codes that could still be used are void; returns how many."""
    db.hold("invites")
    return db.run(
        "UPDATE invites SET void_at = :now WHERE person_id = :person AND used_at IS NULL AND void_at IS NULL"
        " AND expires_at > :now",
        person=person_id,
        now=now,
    )


def usable(db: Db, unit: Unit, now: int) -> set[int]:
    """Who of a subtree has a code that can still be used."""
    scope, values = units.scope(db, unit, "o.unit_id")
    rows = db.all(
        f"SELECT DISTINCT i.person_id FROM posts o JOIN invites i ON i.person_id = o.person_id{scope}"
        " WHERE o.until IS NULL AND i.used_at IS NULL AND i.void_at IS NULL AND i.expires_at > :now",
        **values,
        now=now,
    )
    return {row[0] for row in rows}


def tries(db: Db, channel: str, chat: str, since: int) -> int:
    """How many wrong codes were tried in this chat since then."""
    row = db.one(
        "SELECT COUNT(*) FROM invite_tries WHERE channel = :channel AND chat = :chat AND at > :since",
        channel=channel,
        chat=chat,
        since=since,
    )
    return row[0] if row else 0


def all_tries(db: Db, since: int) -> int:
    """How many wrong codes were tried in all chats since then."""
    row = db.one("SELECT COUNT(*) FROM invite_tries WHERE at > :since", since=since)
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
