"""What is built on a list that was taken over, so that it cannot be taken back any more."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from storage import people
from storage.db import Db
from storage.imports import Import, changes
from storage.sqlite import blank


@cache
def _references() -> tuple[tuple[str, str, str], ...]:
    """(table, column, what it refers to: units, people or posts) of everything that is kept, as the migrations say."""
    with blank() as db:
        names = [row[0] for row in db.all("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return tuple(
            (name, row[3], row[2])
            for name in names
            for row in db.all(f"PRAGMA foreign_key_list({name})")
            if row[2] in ("units", "people", "posts")
        )


@dataclass(frozen=True, slots=True)
class Built:
    """What keeps a list from being taken back. what: "joined" where any of its people came in, a table's name where
    something refers to what it made, "changed" where what it changed was changed again. joined: id and name of each."""

    what: str
    joined: Sequence[tuple[int, str]] = ()


_JOINING = ("invites", "identities", "claims")  # looked at by themselves: a code that nobody used is nothing built
_ITS_PEOPLE = (
    "SELECT id FROM people WHERE id >= :first AND id <= :last"
    " UNION SELECT thing FROM import_changes WHERE import_id = :id AND what = 'back'"
)


def built_on(db: Db, one: Import) -> Built | None:
    """What is built on it; None: it can be taken back."""
    if joined := _joined(db, one):
        return Built("joined", joined)
    ranges = dict(zip(("units", "people", "posts"), one.made, strict=True))
    for table, column, target in _references():
        first, last = ranges[target]
        if last >= first and table not in _JOINING and _refers(db, table, column, first, last, one):
            return Built(table)
    return Built("changed") if _is_changed(db, one) else None


def _joined(db: Db, one: Import) -> list[tuple[int, str]]:
    """Who of its people, the new and those who are back, has a chat, waits to be let in, or used a code."""
    rows = db.all(
        f"SELECT p.id, p.name FROM people p JOIN ({_ITS_PEOPLE}) its ON its.id = p.id JOIN ("
        "SELECT person_id FROM identities UNION SELECT person_id FROM claims"
        " UNION SELECT person_id FROM invites WHERE used_at >= :at"
        ") came ON came.person_id = p.id ORDER BY p.id",
        at=one.decided_at,
        **_people(one),
    )
    return [(row[0], row[1]) for row in rows]


def invited(db: Db, one: Import, now: int) -> int:
    """How many of its people have a code that can still be used, which is void once it is taken back."""
    counted = db.one(
        f"SELECT COUNT(DISTINCT i.person_id) FROM invites i JOIN ({_ITS_PEOPLE}) its ON its.id = i.person_id"
        " WHERE i.used_at IS NULL AND i.void_at IS NULL AND i.expires_at > :now",
        now=now,
        **_people(one),
    )
    return counted[0] if counted else 0


def _people(one: Import) -> dict[str, int]:
    first, last = one.made.people
    return {"first": first, "last": last, "id": one.id}


def _refers(db: Db, table: str, column: str, first: int, last: int, one: Import) -> bool:
    own, values = "", {}
    if table in ("units", "people", "posts"):  # its own rows refer to each other
        own = " AND NOT (id >= :own_first AND id <= :own_last)"
        first_own, last_own = dict(zip(("units", "people", "posts"), one.made, strict=True))[table]
        values = {"own_first": first_own, "own_last": last_own}
    elif table == "unit_edges":
        own, values = (
            " AND NOT (child_id >= :own_first AND child_id <= :own_last AND since = :at)",
            {
                "own_first": one.made.units[0],
                "own_last": one.made.units[1],
                "at": one.decided_at or 0,
            },
        )
    found = db.one(
        f"SELECT 1 FROM {table} WHERE {column} >= :first AND {column} <= :last{own} LIMIT 1",
        first=first,
        last=last,
        **values,
    )
    return found is not None


def _is_changed(db: Db, one: Import) -> bool:
    """Whether a post of its making was ended, or somebody it changed is otherwise since, or holds something new."""
    ends = db.one(
        "SELECT 1 FROM posts WHERE id >= :first AND id <= :last AND until IS NOT NULL LIMIT 1",
        first=one.made.posts[0],
        last=one.made.posts[1],
    )
    holds = db.one(
        "SELECT 1 FROM import_changes c JOIN posts old ON old.id = c.thing JOIN posts o ON o.person_id = old.person_id"
        " WHERE c.import_id = :id AND c.what = 'post' AND (o.since > :at OR o.until > :at OR old.until IS NULL)"
        " LIMIT 1",
        id=one.id,
        at=one.decided_at,
    )
    closed = db.one(
        "SELECT 1 FROM import_changes c JOIN posts o ON o.id = c.thing JOIN units u ON u.id = o.unit_id"
        " WHERE c.import_id = :id AND c.what = 'post' AND u.until IS NOT NULL LIMIT 1",
        id=one.id,
    )
    return bool(ends or holds or closed) or any(_is_otherwise(db, *row) for row in changes(db, one.id))


def _is_otherwise(db: Db, what: str, thing: int, was: str) -> bool:
    if what == "person":
        row = db.one("SELECT name, phone, birth FROM people WHERE id = :id", id=thing)
        return row is None or list(row) != json.loads(was)[1]
    if what == "code":
        row = db.one("SELECT code FROM units WHERE id = :id", id=thing)
        return row is None or row[0] != was
    if what == "chat":
        channel, chat = json.loads(was)
        return people.linked(db, channel, chat) not in (None, thing)
    if what == "left":
        row = db.one("SELECT left_at, erased_at FROM people WHERE id = :id", id=thing)
        return row is None or row[0] is None or row[1] is not None
    return False
