"""Who is on the way in: chats that wait to be confirmed, numbers a channel vouched for, strangers who ask to join."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from storage import units
from storage.db import Db
from storage.units import Unit

State = Literal["open", "accepted", "refused", "expired", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A chat that came with the code of somebody who is more than a member: not linked until it is confirmed."""

    channel: str
    chat: str
    person_id: int
    at: int


@dataclass(frozen=True, slots=True)
class Request:
    """A stranger asks to join a unit. `phone` may be ""; decided, name and phone are "" again."""

    id: int
    channel: str
    chat: str
    unit_id: int
    name: str
    phone: str
    language: str
    state: State
    at: int


_REQUEST = "r.id, r.channel, r.chat, r.unit_id, r.name, r.phone, r.language, r.state, r.at"


# Claims


def claim(db: Db, channel: str, chat: str, person_id: int, now: int) -> None:
    """The chat says it is this person's, and no other's."""
    db.run(
        "INSERT INTO claims (channel, chat, person_id, at) VALUES (:channel, :chat, :person, :now)"
        " ON CONFLICT (channel, chat) DO UPDATE SET person_id = excluded.person_id, at = excluded.at",
        channel=channel,
        chat=chat,
        person=person_id,
        now=now,
    )


def claim_of(db: Db, channel: str, chat: str) -> Claim | None:
    row = db.one(
        "SELECT channel, chat, person_id, at FROM claims WHERE channel = :channel AND chat = :chat",
        channel=channel,
        chat=chat,
    )
    return Claim(*row) if row else None


def claims_for(db: Db, person_id: int) -> list[Claim]:
    """The chats that say they are this person's, the oldest first."""
    rows = db.all(
        "SELECT channel, chat, person_id, at FROM claims WHERE person_id = :person ORDER BY at, chat", person=person_id
    )
    return [Claim(*row) for row in rows]


def claims_under(db: Db, unit: Unit) -> list[Claim]:
    """Those for people with a post in a subtree, the oldest first."""
    scope, values = units.scope(db, unit, "o.unit_id")
    rows = db.all(
        "SELECT DISTINCT c.channel, c.chat, c.person_id, c.at FROM claims c JOIN posts o ON o.person_id = c.person_id"
        f"{scope} WHERE o.until IS NULL ORDER BY c.at, c.chat",
        **values,
    )
    return [Claim(*row) for row in rows]


def drop_claim(db: Db, channel: str, chat: str) -> bool:
    """It is decided, or taken back; False when it was before."""
    return db.run("DELETE FROM claims WHERE channel = :channel AND chat = :chat", channel=channel, chat=chat) == 1


def claims_before(db: Db, before: int) -> list[Claim]:
    rows = db.all("SELECT channel, chat, person_id, at FROM claims WHERE at < :before ORDER BY at", before=before)
    return [Claim(*row) for row in rows]


# Numbers


def vouch(db: Db, channel: str, chat: str, phone: str, now: int) -> None:
    """The channel says that this number is the chat's own."""
    db.run(
        "INSERT INTO vouched (channel, chat, phone, at) VALUES (:channel, :chat, :phone, :now)"
        " ON CONFLICT (channel, chat) DO UPDATE SET phone = excluded.phone, at = excluded.at",
        channel=channel,
        chat=chat,
        phone=phone,
        now=now,
    )


def vouched(db: Db, channel: str, chat: str, since: int) -> str:
    """The chat's own number, if the channel said so since then; else ""."""
    row = db.one(
        "SELECT phone FROM vouched WHERE channel = :channel AND chat = :chat AND at > :since",
        channel=channel,
        chat=chat,
        since=since,
    )
    return row[0] if row else ""


def forget_vouched(db: Db, before: int) -> None:
    db.run("DELETE FROM vouched WHERE at < :before", before=before)


# Requests


def ask(db: Db, *, channel: str, chat: str, unit_id: int, name: str, phone: str, language: str, now: int) -> Request:
    row = db.one(
        "INSERT INTO join_requests (channel, chat, unit_id, name, phone, language, state, at)"
        " VALUES (:channel, :chat, :unit, :name, :phone, :language, 'open', :now) RETURNING id",
        channel=channel,
        chat=chat,
        unit=unit_id,
        name=name,
        phone=phone,
        language=language,
        now=now,
    )
    assert row is not None
    return Request(row[0], channel, chat, unit_id, name, phone, language, "open", now)


def get(db: Db, request_id: int) -> Request | None:
    row = db.one(f"SELECT {_REQUEST} FROM join_requests r WHERE r.id = :id", id=request_id)
    return Request(*row) if row else None


def open_of(db: Db, channel: str, chat: str) -> Request | None:
    """The chat's request that nobody has decided yet."""
    row = db.one(
        f"SELECT {_REQUEST} FROM join_requests r WHERE r.channel = :channel AND r.chat = :chat AND r.state = 'open'"
        " ORDER BY r.id DESC LIMIT 1",
        channel=channel,
        chat=chat,
    )
    return Request(*row) if row else None


def refused_at(db: Db, channel: str, chat: str) -> int:
    """When a request of this chat was last refused; 0: never."""
    row = db.one(
        "SELECT MAX(decided_at) FROM join_requests WHERE channel = :channel AND chat = :chat AND state = 'refused'",
        channel=channel,
        chat=chat,
    )
    return row[0] or 0 if row else 0


def asked_since(db: Db, channel: str, chat: str, since: int) -> int:
    """How often the chat asked since then, whatever became of it."""
    row = db.one(
        "SELECT COUNT(*) FROM join_requests WHERE channel = :channel AND chat = :chat AND at > :since",
        channel=channel,
        chat=chat,
        since=since,
    )
    return row[0] if row else 0


def open_in(db: Db, unit_id: int) -> int:
    """How many wait in exactly this unit."""
    row = db.one("SELECT COUNT(*) FROM join_requests WHERE unit_id = :unit AND state = 'open'", unit=unit_id)
    return row[0] if row else 0


def open_under(db: Db, unit: Unit) -> list[Request]:
    """Those that wait in a subtree, the oldest first."""
    scope, values = units.scope(db, unit, "r.unit_id")
    rows = db.all(
        f"SELECT {_REQUEST} FROM join_requests r{scope} WHERE r.state = 'open' ORDER BY r.id",
        **values,
    )
    return [Request(*row) for row in rows]


def open_before(db: Db, before: int) -> list[Request]:
    rows = db.all(f"SELECT {_REQUEST} FROM join_requests r WHERE r.state = 'open' AND r.at < :before", before=before)
    return [Request(*row) for row in rows]


def decide(db: Db, request_id: int, state: State, by: int | None, now: int) -> bool:
    """It is decided, and whose it was is forgotten here; False when it was decided before."""
    return (
        db.run(
            "UPDATE join_requests SET state = :state, decided_at = :now, decided_by = :by, name = '', phone = ''"
            " WHERE id = :id AND state = 'open'",
            state=state,
            now=now,
            by=by,
            id=request_id,
        )
        == 1
    )


def withdraw(db: Db, channel: str, chat: str, now: int) -> None:
    """The chat asks for nothing any more, claims nothing, and its number is forgotten."""
    waiting = open_of(db, channel, chat)
    if waiting is not None:
        decide(db, waiting.id, "withdrawn", None, now)
    drop_claim(db, channel, chat)
    db.run("DELETE FROM vouched WHERE channel = :channel AND chat = :chat", channel=channel, chat=chat)


def forget_requests(db: Db, before: int) -> None:
    """Those decided before then."""
    db.run("DELETE FROM join_requests WHERE state <> 'open' AND decided_at < :before", before=before)
