"""A list that was taken over, taken back: every row as it was before."""

from __future__ import annotations

import json

from storage import audit, invites, keys
from storage import people as roster
from storage.db import Db
from storage.imports import Import, changes, code


def undo(db: Db, one: Import, person_id: int | None, channel: str, now: int, said: str) -> None:
    """Everything is as it was before, and codes of its people are void; only where `dependents.built_on` says nothing.

    `said`: what is taken back, in words, for the log.
    """
    for what, thing, was in changes(db, one.id):
        _put_back(db, what, thing, was, now)
    posts, people, units = one.made.posts, one.made.people, one.made.units
    _remove(db, "posts", "id", posts)
    _remove(db, "invites", "person_id", people)
    _remove(db, "people", "id", people)
    _remove(db, "unit_edges", "child_id", units)
    _remove_units(db, *units)
    db.run("UPDATE imports SET state = 'undone', decided_at = :now WHERE id = :id", now=now, id=one.id)
    audit.note(
        db,
        person_id,
        "roster.undone",
        code(one.id),
        "",
        now,
        before=said,
        channel=channel,
        unit_id=one.unit_id,
    )


def _remove_units(db: Db, first: int, last: int) -> None:
    """The lowest first: each refers to what it stands in."""
    depth = "LENGTH(path) - LENGTH(REPLACE(path, '/', ''))"
    made = "id >= :first AND id <= :last"
    for (level,) in db.all(f"SELECT DISTINCT {depth} FROM units WHERE {made} ORDER BY 1 DESC", first=first, last=last):
        db.run(f"DELETE FROM units WHERE {made} AND {depth} = :depth", first=first, last=last, depth=level)


def _put_back(db: Db, what: str, thing: int, was: str, now: int) -> None:
    if what == "post":
        db.run("UPDATE posts SET until = NULL WHERE id = :id", id=thing)
    elif what == "person":
        name, phone, birth = json.loads(was)[0]
        db.run(
            "UPDATE people SET name = :name, phone = :phone, birth = :birth, key = :key WHERE id = :id",
            name=name,
            phone=phone,
            birth=birth,
            key=keys.key(name) or name,
            id=thing,
        )
    elif what == "code":
        db.run("UPDATE units SET code = '' WHERE id = :id", id=thing)
    elif what == "left":
        db.run("UPDATE people SET left_at = NULL WHERE id = :id", id=thing)
    elif what == "back":
        invites.take_back(db, thing, now)
        db.run("UPDATE people SET left_at = :at WHERE id = :id", at=int(was), id=thing)
    elif what == "chat":
        channel, chat = json.loads(was)
        roster.link(db, channel, chat, thing, now)


def _remove(db: Db, table: str, column: str, ids: tuple[int, int]) -> None:
    db.run(f"DELETE FROM {table} WHERE {column} >= :first AND {column} <= :last", first=ids[0], last=ids[1])
