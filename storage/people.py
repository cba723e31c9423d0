"""People, the posts they hold, and where they can be written to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from storage import keys, units
from storage.db import Db
from storage.units import Unit


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str
    phone: str
    language: str


@dataclass(frozen=True, slots=True)
class Post:
    """A person in a role at a unit. role: head, deputy, member or admin. `since` is UTC milliseconds."""

    person_id: int
    role: str
    unit: Unit
    id: int = 0
    since: int = 0


@dataclass(frozen=True, slots=True)
class Identity:
    """Where a person is on a channel; `unreachable_at` when the channel said that nothing reaches them there."""

    channel: str
    chat: str
    person_id: int
    unreachable_at: int | None


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a team as its lead sees them: `joined` when some chat is linked, `reachable` when one works."""

    person: Person
    role: str
    unit: Unit
    joined: bool
    reachable: bool


HOUR_MS = 3_600_000

_PERSON = "p.id, p.name, p.phone, p.language"
_RANK = "CASE {role} WHEN 'head' THEN 0 WHEN 'deputy' THEN 1 WHEN 'member' THEN 2 ELSE 3 END"


def add(db: Db, *, name: str, phone: str, language: str, now: int) -> Person:
    row = db.one(
        "INSERT INTO people (name, phone, language, created_at, key) VALUES (:name, :phone, :language, :now, :key)"
        " RETURNING id",
        key=keys.key(name),
        name=name,
        phone=phone,
        language=language,
        now=now,
    )
    assert row is not None
    return Person(row[0], name, phone, language)


def appoint(db: Db, person_id: int, unit_id: int, role: str, now: int) -> None:
    """Give the person a post."""
    db.run(
        "INSERT INTO posts (person_id, unit_id, role, since) VALUES (:person, :unit, :role, :now)",
        person=person_id,
        unit=unit_id,
        role=role,
        now=now,
    )


def dismiss(db: Db, post_id: int, at: int) -> None:
    """The post is held no more; that it was stays known."""
    db.run("UPDATE posts SET until = :at WHERE id = :id AND until IS NULL", at=at, id=post_id)


def get(db: Db, person_id: int) -> Person | None:
    row = db.one(f"SELECT {_PERSON} FROM people p WHERE p.id = :id", id=person_id)
    return Person(*row) if row else None


def heard(db: Db, channel: str, chat: str, now: int) -> Person | None:
    """Whose chat somebody spoke in: they can be reached here again, and here first."""
    row = db.one(
        f"SELECT {_PERSON}, i.unreachable_at IS NOT NULL OR i.used_at < :hour_ago FROM identities i"
        " JOIN people p ON p.id = i.person_id WHERE i.channel = :channel AND i.chat = :chat",
        channel=channel,
        chat=chat,
        hour_ago=now - HOUR_MS,
    )
    if row is not None and row[4]:
        db.run(
            "UPDATE identities SET used_at = :now, unreachable_at = NULL WHERE channel = :channel AND chat = :chat",
            channel=channel,
            chat=chat,
            now=now,
        )
    return Person(*row[:4]) if row else None


def with_phone(db: Db, phone: str) -> list[Person]:
    """Everybody of the roster with this number (digits only, leading 0)."""
    return [Person(*row) for row in db.all(f"SELECT {_PERSON} FROM people p WHERE p.phone = :phone", phone=phone)]


def posts(db: Db, person_id: int) -> list[Post]:
    """The posts held now, the highest unit first."""
    rows = db.all(
        f"SELECT o.person_id, o.role, o.id, o.since, {units.COLUMNS} FROM posts o JOIN units u ON u.id = o.unit_id"
        f" WHERE o.person_id = :id AND o.until IS NULL ORDER BY LENGTH(u.path), {_RANK.format(role='o.role')}",
        id=person_id,
    )
    return [Post(row[0], row[1], Unit(*row[4:]), row[2], row[3]) for row in rows]


def posts_under(db: Db, unit: Unit) -> dict[int, list[Post]]:
    """Of everybody with a post in a subtree: all the posts they hold, anywhere; by person."""
    scope, values = units.scope(db, unit, "mine.unit_id")
    rows = db.all(
        f"SELECT o.person_id, o.role, o.id, o.since, {units.COLUMNS} FROM posts o JOIN units u ON u.id = o.unit_id"
        f" WHERE o.until IS NULL AND o.person_id IN (SELECT mine.person_id FROM posts mine{scope}"
        " WHERE mine.until IS NULL) ORDER BY o.id",
        **values,
    )
    found: dict[int, list[Post]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(Post(row[0], row[1], Unit(*row[4:]), row[2], row[3]))
    return found


def speak(db: Db, person_id: int, language: str) -> None:
    """Change the language the person is addressed in."""
    db.run("UPDATE people SET language = :language WHERE id = :id", language=language, id=person_id)


def link(db: Db, channel: str, chat: str, person_id: int, now: int) -> None:
    """This chat is this person from now on."""
    db.run(
        "INSERT INTO identities (channel, chat, person_id, since, used_at)"
        " VALUES (:channel, :chat, :person, :now, :now)"
        " ON CONFLICT (channel, chat) DO UPDATE SET person_id = excluded.person_id, since = excluded.since,"
        " used_at = excluded.used_at, unreachable_at = NULL",
        channel=channel,
        chat=chat,
        person=person_id,
        now=now,
    )


def lose(db: Db, channel: str, chat: str, now: int) -> None:
    """Nothing reaches the person in this chat any more."""
    db.run(
        "UPDATE identities SET unreachable_at = :now WHERE channel = :channel AND chat = :chat",
        channel=channel,
        chat=chat,
        now=now,
    )


def move_chat(db: Db, channel: str, old: str, new: str) -> None:
    """The channel gave the chat another id."""
    db.run("DELETE FROM identities WHERE channel = :channel AND chat = :new", channel=channel, new=new)
    db.run(
        "UPDATE identities SET chat = :new WHERE channel = :channel AND chat = :old", channel=channel, old=old, new=new
    )


def address(db: Db, person_id: int, *, anyway: bool = False) -> Identity | None:
    """Where to write to: the channel used last that still works; unless `anyway`, nowhere when they restricted it."""
    row = db.one(
        "SELECT i.channel, i.chat, i.person_id, i.unreachable_at FROM identities i JOIN people p ON p.id = i.person_id"
        " WHERE i.person_id = :id AND i.unreachable_at IS NULL AND (p.restricted_at IS NULL OR :anyway = 1)"
        " ORDER BY i.used_at DESC LIMIT 1",
        anyway=int(anyway),
        id=person_id,
    )
    return Identity(*row) if row else None


def team(db: Db, unit: Unit) -> list[Member]:
    """Everybody with a post at exactly this unit, head first."""
    return _members(db, "o.unit_id = :unit AND o.until IS NULL", unit=unit.id)


def under(db: Db, unit: Unit, at: int | None = None) -> list[Member]:
    """Everybody with a post at this unit or below, now or at a moment; the units are today's."""
    scope, values = units.scope(db, unit, "o.unit_id", at)
    held = "o.until IS NULL" if at is None else "o.since <= :at AND (o.until IS NULL OR o.until > :at)"
    return _members(db, held, scope, **values)


def leaders(db: Db, unit_ids: list[int]) -> dict[int, Member]:
    """The accountable person of each unit: its head, else deputy, else first member. A unit with nobody is left out."""
    found: dict[int, Member] = {}
    for unit_id in unit_ids:
        for member in _members(db, "o.unit_id = :unit AND o.until IS NULL AND o.role <> 'admin'", most=1, unit=unit_id):
            found[unit_id] = member
    return found


def _members(db: Db, where: str, scope: str = "", /, *, most: int = -1, **values: Any) -> list[Member]:
    rows = db.all(
        f"SELECT {_PERSON}, o.role, {units.COLUMNS},"
        " (SELECT COUNT(*) FROM identities i WHERE i.person_id = p.id),"
        " (SELECT COUNT(*) FROM identities i WHERE i.person_id = p.id AND i.unreachable_at IS NULL"
        " AND p.restricted_at IS NULL)"
        f" FROM posts o JOIN people p ON p.id = o.person_id JOIN units u ON u.id = o.unit_id{scope}"
        f" WHERE {where} ORDER BY u.id, {_RANK.format(role='o.role')}, p.id" + (f" LIMIT {most}" if most >= 0 else ""),
        **values,
    )
    return [Member(Person(*row[:4]), row[4], Unit(*row[5:13]), row[13] > 0, row[14] > 0) for row in rows]


def called(db: Db, within: Unit, words: str, most: int = 200) -> list[Member]:
    """Everybody with a post in a subtree whose name has each of these words in it: to be ranked."""
    scope, values = units.scope(db, within, "o.unit_id")
    asked = {f"word{n}": f"%{word}%" for n, word in enumerate(keys.words(words))}
    named = "".join(f" AND p.key LIKE :{name}" for name in asked)
    return _members(db, f"o.until IS NULL{named}", scope, most=most, **values, **asked)


def numbered(db: Db, within: Unit, phone: str) -> list[Member]:
    """Everybody with a post in a subtree and this number."""
    scope, values = units.scope(db, within, "o.unit_id")
    return _members(db, "o.until IS NULL AND p.phone = :phone", scope, **values, phone=phone)


def holding(db: Db, within: Unit, person_id: int) -> list[Member]:
    """The posts that a person holds in a subtree, the highest first."""
    scope, values = units.scope(db, within, "o.unit_id")
    return _members(db, "o.until IS NULL AND p.id = :person", scope, **values, person=person_id)


def fill_keys(db: Db, most: int = 5000) -> int:
    """Make names searched that are not yet, so many at a time; returns how many were left before."""
    rows = db.all("SELECT id, name FROM people WHERE key = '' AND name <> '' ORDER BY id LIMIT :most", most=most)
    db.many(
        "UPDATE people SET key = :key WHERE id = :id",
        ({"id": row[0], "key": keys.key(row[1]) or row[1]} for row in rows),
    )
    return len(rows)
