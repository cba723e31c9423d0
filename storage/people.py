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
    """A person of a team as its lead sees them: `joined` when some chat is linked, `reachable` when one works; `left`:
    the post is the last they held."""

    person: Person
    role: str
    unit: Unit
    joined: bool
    reachable: bool
    left: bool = False


HOUR_MS = 3_600_000

_PERSON = "p.id, p.name, p.phone, p.language"
_LAST = (
    "p.left_at IS NOT NULL AND p.erased_at IS NULL"
    " AND o.until = (SELECT MAX(l.until) FROM posts l WHERE l.person_id = p.id)"
)
"""Of `posts o` and `people p`: the last of those who left."""
_LINKED = "EXISTS (SELECT 1 FROM identities c WHERE c.person_id = p.id)"
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


def keep(db: Db, person_id: int) -> None:
    """Nothing is given to somebody while they leave, and nobody leaves while something is given to them."""
    db.hold(f"person {person_id}")


def appoint(db: Db, person_id: int, unit_id: int, role: str, now: int) -> int:
    """Give the person a post; returns its id. Who had left is back."""
    keep(db, person_id)
    if has_left(db, person_id):
        unlink(db, person_id)  # what still showed them their data opens nothing else: they come in anew
    if role == "head":
        db.hold(f"head of unit {unit_id}")  # of two who make one, the later sees that there is one
    row = db.one(
        "INSERT INTO posts (person_id, unit_id, role, since) VALUES (:person, :unit, :role, :now) RETURNING id",
        person=person_id,
        unit=unit_id,
        role=role,
        now=now,
    )
    assert row is not None
    db.run("UPDATE people SET left_at = NULL WHERE id = :id AND left_at IS NOT NULL", id=person_id)
    post_id: int = row[0]
    return post_id


def dismiss(db: Db, post_id: int, at: int) -> None:
    """The post is held no more; that it was stays known."""
    found = post(db, post_id)
    if found is not None:
        keep(db, found.person_id)
    db.run("UPDATE posts SET until = :at WHERE id = :id AND until IS NULL", at=at, id=post_id)


def reinstate(db: Db, post_id: int) -> None:
    """The post was not ended after all."""
    db.run("UPDATE posts SET until = NULL WHERE id = :id", id=post_id)


def withdraw(db: Db, post_id: int) -> None:
    """The post was never given after all: a moment ago, and taken back."""
    db.run("UPDATE posts SET until = since WHERE id = :id", id=post_id)


def post(db: Db, post_id: int) -> Post | None:
    """A post that is held."""
    row = db.one(
        f"SELECT o.person_id, o.role, o.id, o.since, {units.COLUMNS} FROM posts o JOIN units u ON u.id = o.unit_id"
        " WHERE o.id = :id AND o.until IS NULL",
        id=post_id,
    )
    return Post(row[0], row[1], Unit(*row[4:]), row[2], row[3]) if row else None


def head(db: Db, unit_id: int) -> Post | None:
    """The head's post of a unit."""
    row = db.one(
        "SELECT o.id FROM posts o WHERE o.unit_id = :unit AND o.role = 'head' AND o.until IS NULL ORDER BY o.id",
        unit=unit_id,
    )
    return post(db, row[0]) if row else None


def leave(db: Db, person_id: int, at: int) -> None:
    """They hold nothing any more; their name stays where it stands."""
    db.run("UPDATE people SET left_at = :at WHERE id = :id", at=at, id=person_id)


def back(db: Db, person_id: int) -> None:
    """They did not leave after all."""
    db.run("UPDATE people SET left_at = NULL WHERE id = :id", id=person_id)


def has_left(db: Db, person_id: int) -> bool:
    return db.one("SELECT 1 FROM people WHERE id = :id AND left_at IS NOT NULL", id=person_id) is not None


def correct(db: Db, person_id: int, *, name: str, phone: str) -> None:
    """Write the name and number as they should be."""
    db.run(
        "UPDATE people SET name = :name, phone = :phone, key = :key WHERE id = :id",
        name=name,
        phone=phone,
        key=keys.key(name),
        id=person_id,
    )


def identities(db: Db, person_id: int) -> list[Identity]:
    """Every chat that is this person's."""
    rows = db.all(
        "SELECT channel, chat, person_id, unreachable_at FROM identities WHERE person_id = :id ORDER BY channel, chat",
        id=person_id,
    )
    return [Identity(*row) for row in rows]


def linked(db: Db, channel: str, chat: str) -> int | None:
    """Whose chat it is."""
    row = db.one(
        "SELECT person_id FROM identities WHERE channel = :channel AND chat = :chat", channel=channel, chat=chat
    )
    return row[0] if row else None


def unlink(db: Db, person_id: int) -> None:
    """No chat is this person's any more."""
    keep(db, person_id)
    db.run("DELETE FROM identities WHERE person_id = :id", id=person_id)


def get(db: Db, person_id: int) -> Person | None:
    row = db.one(f"SELECT {_PERSON} FROM people p WHERE p.id = :id", id=person_id)
    return Person(*row) if row else None


def heard(db: Db, channel: str, chat: str, now: int) -> Person | None:
    """Whose chat somebody spoke in: they can be reached here again, and here first."""
    row = db.one(
        f"SELECT {_PERSON}, i.unreachable_at IS NOT NULL OR i.used_at < :hour_ago FROM identities i"
        " JOIN people p ON p.id = i.person_id WHERE i.channel = :channel AND i.chat = :chat AND p.left_at IS NULL",
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


def former(db: Db, channel: str, chat: str) -> Person | None:
    """Whose chat it was when they left: all it opens any more is what is kept of them."""
    row = db.one(
        f"SELECT {_PERSON} FROM identities i JOIN people p ON p.id = i.person_id"
        " WHERE i.channel = :channel AND i.chat = :chat AND p.left_at IS NOT NULL",
        channel=channel,
        chat=chat,
    )
    return Person(*row) if row else None


def last_unit(db: Db, person_id: int) -> int | None:
    """Where they held their last post."""
    row = db.one(
        "SELECT unit_id FROM posts WHERE person_id = :id ORDER BY until IS NULL DESC, until DESC, id DESC LIMIT 1",
        id=person_id,
    )
    return row[0] if row else None


def last_posts(db: Db, person_id: int) -> list[Post]:
    """What somebody held who has left, until the end."""
    rows = db.all(
        f"SELECT o.person_id, o.role, o.id, o.since, {units.COLUMNS} FROM posts o JOIN units u ON u.id = o.unit_id"
        f" JOIN people p ON p.id = o.person_id WHERE o.person_id = :id AND {_LAST} ORDER BY o.id",
        id=person_id,
    )
    return [Post(row[0], row[1], Unit(*row[4:]), row[2], row[3]) for row in rows]


def with_phone(db: Db, phone: str) -> list[Person]:
    """Everybody of the roster with this number (digits only, leading 0)."""
    return [Person(*row) for row in db.all(f"SELECT {_PERSON} FROM people p WHERE p.phone = :phone", phone=phone)]


def posts(db: Db, person_id: int) -> list[Post]:
    """The posts held now, the highest unit first."""
    rows = db.all(
        f"SELECT o.person_id, o.role, o.id, o.since, {units.COLUMNS} FROM posts o JOIN units u ON u.id = o.unit_id"
        f" WHERE o.person_id = :id AND o.until IS NULL ORDER BY LENGTH(u.path), {_RANK.format(role='o.role')}, o.id",
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
    keep(db, person_id)
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
    """Where to write to: the channel used last that still works; unless `anyway`, nowhere when they restricted it or
    left."""
    row = db.one(
        "SELECT i.channel, i.chat, i.person_id, i.unreachable_at FROM identities i JOIN people p ON p.id = i.person_id"
        " WHERE i.person_id = :id AND i.unreachable_at IS NULL"
        " AND (:anyway = 1 OR (p.restricted_at IS NULL AND p.left_at IS NULL))"
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


def dismissed(db: Db, unit: Unit, first: int, last: int) -> list[Member]:
    """Whose post at this unit or below ended between these moments, whatever they hold now."""
    scope, values = units.scope(db, unit, "o.unit_id")
    return _members(db, "o.until > :first AND o.until <= :last", scope, first=first, last=last, **values)


def leaders(db: Db, unit_ids: list[int]) -> dict[int, Member]:
    """The accountable person of each unit: its head, else deputy, else first member. A unit with nobody is left out."""
    found: dict[int, Member] = {}
    for unit_id in unit_ids:
        for member in _members(db, "o.unit_id = :unit AND o.until IS NULL AND o.role <> 'admin'", most=1, unit=unit_id):
            found[unit_id] = member
    return found


def page(db: Db, within: Unit, skip: int, most: int) -> list[Member]:
    """Some of those with a post at this unit or below, unit by unit, the head first."""
    scope, values = units.scope(db, within, "o.unit_id")
    return _members(db, "o.until IS NULL", scope, most=most, skip=skip, **values)


def count(db: Db, within: Unit) -> int:
    """How many posts are held at this unit or below."""
    scope, values = units.scope(db, within, "o.unit_id")
    row = db.one(f"SELECT COUNT(*) FROM posts o{scope} WHERE o.until IS NULL", **values)
    return row[0] if row else 0


def _members(db: Db, where: str, scope: str = "", /, *, most: int = -1, skip: int = 0, **values: Any) -> list[Member]:
    rows = db.all(
        f"SELECT {_PERSON}, o.role, {units.COLUMNS},"
        " (SELECT COUNT(*) FROM identities i WHERE i.person_id = p.id),"
        " (SELECT COUNT(*) FROM identities i WHERE i.person_id = p.id AND i.unreachable_at IS NULL"
        " AND p.restricted_at IS NULL), p.left_at IS NOT NULL"
        f" FROM posts o JOIN people p ON p.id = o.person_id JOIN units u ON u.id = o.unit_id{scope}"
        f" WHERE {where} ORDER BY u.id, {_RANK.format(role='o.role')}, p.id"
        + (f" LIMIT {most} OFFSET {skip}" if most >= 0 else ""),
        **values,
    )
    return [Member(Person(*row[:4]), row[4], Unit(*row[5:13]), row[13] > 0, row[14] > 0, bool(row[15])) for row in rows]


def called(db: Db, within: Unit, words: str, most: int = 200) -> list[Member]:
    """Everybody with a post in a subtree whose name has each of these words in it: to be ranked."""
    scope, values = units.scope(db, within, "o.unit_id")
    asked: dict[str, Any] = {f"word{n}": f"%{word}%" for n, word in enumerate(keys.words(words))}
    named = "".join(f" AND p.key LIKE :{name}" for name in asked)
    return _members(db, f"o.until IS NULL{named}", scope, most=most, **values, **asked)


def numbered(db: Db, within: Unit, phone: str) -> list[Member]:
    """Everybody with a post in a subtree and this number."""
    scope, values = units.scope(db, within, "o.unit_id")
    return _members(db, "o.until IS NULL AND p.phone = :phone", scope, **values, phone=phone)


def ending(db: Db, within: Unit, digits: str, most: int = 200) -> list[Member]:
    """Everybody with a post in a subtree and a number that ends in these digits."""
    scope, values = units.scope(db, within, "o.unit_id")
    return _members(db, "o.until IS NULL AND p.phone LIKE :ends", scope, most=most, **values, ends=f"%{digits}")


def holding(db: Db, within: Unit, person_id: int) -> list[Member]:
    """The posts that a person holds in a subtree, the highest first."""
    scope, values = units.scope(db, within, "o.unit_id")
    return _members(db, "o.until IS NULL AND p.id = :person", scope, **values, person=person_id)


def left_called(db: Db, within: Unit, words: str, most: int = 200) -> list[Member]:
    """Those who left from a subtree and whose chat is linked still, by name."""
    scope, values = units.scope(db, within, "o.unit_id")
    asked: dict[str, Any] = {f"word{n}": f"%{word}%" for n, word in enumerate(keys.words(words))}
    named = "".join(f" AND p.key LIKE :{name}" for name in asked)
    return _members(db, f"{_LAST} AND {_LINKED}{named}", scope, most=most, **values, **asked)


def left_ending(db: Db, within: Unit, digits: str, most: int = 200) -> list[Member]:
    """The same, by a number that ends in these digits."""
    scope, values = units.scope(db, within, "o.unit_id")
    where = f"{_LAST} AND {_LINKED} AND p.phone LIKE :ends"
    return _members(db, where, scope, most=most, **values, ends=f"%{digits}")


def left_holding(db: Db, within: Unit, person_id: int) -> list[Member]:
    """What somebody held last in a subtree who left and whose chat is linked still."""
    scope, values = units.scope(db, within, "o.unit_id")
    return _members(db, f"{_LAST} AND {_LINKED} AND p.id = :person", scope, **values, person=person_id)


def fill_keys(db: Db, most: int = 5000) -> int:
    """Make names searched that are not yet, so many at a time; returns how many were left before."""
    rows = db.all("SELECT id, name FROM people WHERE key = '' AND name <> '' ORDER BY id LIMIT :most", most=most)
    db.many(
        "UPDATE people SET key = :key WHERE id = :id",
        ({"id": row[0], "key": keys.key(row[1]) or row[1]} for row in rows),
    )
    return len(rows)
