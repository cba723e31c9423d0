"""Lists that were taken over: what was shown before it was decided, what each did, and taking it back whole.

read → done → undone or, after a while, final; or read → dropped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from storage import audit, handovers, keys, people
from storage.db import Db, Row
from storage.roster import Changes, Made, Progress, write
from storage.sqlite import blank


@dataclass(frozen=True, slots=True)
class Import:
    """A list that somebody loaded. `figures`: as JSON; `content`: the list itself while it is not decided."""

    id: int
    person_id: int | None
    unit_id: int
    name: str
    sha256: str
    state: str
    figures: str
    at: int
    decided_at: int | None
    made: Made


class Trace(NamedTuple):
    """What the log says of one person, in words. `act`: roster.changed or roster.let_go."""

    person_id: int
    act: str
    before: str
    after: str


_COLUMNS = (
    "i.id, i.person_id, i.unit_id, i.name, i.sha256, i.state, i.figures, i.at, i.decided_at,"
    " i.units_first, i.units_last, i.people_first, i.people_last, i.posts_first, i.posts_last"
)


def add(
    db: Db, *, person_id: int | None, unit_id: int, name: str, sha256: str, content: str, figures: str, now: int
) -> int:
    """Keep a list until it is decided; returns its number."""
    row = db.one(
        "INSERT INTO imports (person_id, unit_id, name, sha256, state, content, figures, at)"
        " VALUES (:person, :unit, :name, :sha256, 'read', :content, :figures, :now) RETURNING id",
        person=person_id,
        unit=unit_id,
        name=name,
        sha256=sha256,
        content=content,
        figures=figures,
        now=now,
    )
    assert row is not None
    import_id: int = row[0]
    return import_id


def get(db: Db, import_id: int) -> Import | None:
    row = db.one(f"SELECT {_COLUMNS} FROM imports i WHERE i.id = :id", id=import_id)
    return _import(row) if row else None


def latest(db: Db) -> Import | None:
    """The last that was taken over and not taken back."""
    row = db.one(f"SELECT {_COLUMNS} FROM imports i WHERE i.state = 'done' ORDER BY i.id DESC LIMIT 1")
    return _import(row) if row else None


def _import(row: Row) -> Import:
    made = Made((row[9], row[10]), (row[11], row[12]), (row[13], row[14]))
    return Import(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], made)


def content(db: Db, import_id: int) -> str:
    """The list that waits to be decided ("": it waits no more)."""
    row = db.one("SELECT content FROM imports WHERE id = :id AND state = 'read'", id=import_id)
    return row[0] if row else ""


def show(db: Db, import_id: int, figures: str) -> None:
    """What whoever decides has seen last."""
    db.run("UPDATE imports SET figures = :figures WHERE id = :id", figures=figures, id=import_id)


def drop(db: Db, import_id: int, now: int) -> bool:
    """It will not be taken over; False when that was decided before."""
    return _decide(db, import_id, "dropped", now)


def drop_old(db: Db, before: int, now: int) -> None:
    """Nobody decided: the list is kept no longer."""
    db.run(
        "UPDATE imports SET state = 'dropped', content = '', decided_at = :now WHERE state = 'read' AND at < :before",
        now=now,
        before=before,
    )


def settle_old(db: Db, before: int) -> None:
    """What was done before then stays done: what would be put back, names and numbers among it, is forgotten."""
    old = "SELECT id FROM imports WHERE state = 'done' AND decided_at < :before"
    db.run(f"DELETE FROM import_changes WHERE import_id IN ({old})", before=before)
    db.run("UPDATE imports SET state = 'final' WHERE state = 'done' AND decided_at < :before", before=before)


def _decide(db: Db, import_id: int, state: str, now: int) -> bool:
    return (
        db.run(
            "UPDATE imports SET state = :state, content = '', decided_at = :now WHERE id = :id AND state = 'read'",
            state=state,
            now=now,
            id=import_id,
        )
        == 1
    )


def take_over(
    db: Db,
    import_id: int,
    changes: Changes,
    traces: Iterable[Trace],
    *,
    said: str,
    channel: str,
    language: str,
    now: int,
    progress: Progress = lambda _: None,
) -> bool:
    """Do it, and write down how it was; False when it was decided before.

    `said`: what it did, in words, for the log, as are `traces` of single people; `language`: that of new people.
    """
    if not _decide(db, import_id, "done", now):
        return False
    one = get(db, import_id)
    assert one is not None
    db.many(_CHANGE, _as_it_was(db, import_id, changes))
    for person_id in changes.leaving:
        handovers.let_go(db, person_id, now)
    made = write(db, changes, language, now, progress)
    db.run(
        "UPDATE imports SET units_first = :u1, units_last = :u2, people_first = :p1, people_last = :p2,"
        " posts_first = :o1, posts_last = :o2 WHERE id = :id",
        id=import_id,
        **dict(zip(("u1", "u2", "p1", "p2", "o1", "o2"), (end for pair in made for end in pair), strict=True)),
    )
    audit.note(
        db,
        one.person_id,
        "roster.imported",
        code(import_id),
        one.sha256,
        now,
        after=said,
        channel=channel,
        unit_id=one.unit_id,
    )
    db.many(_TRACE, (_trace(one, trace, channel, now) for trace in traces))
    return True


_TRACE = (
    "INSERT INTO audit (at, person_id, act, object, detail, before, after, channel, private, unit_id)"
    " VALUES (:now, :person, :act, :object, :code, :before, :after, :channel, 1, :unit)"
)


def _trace(one: Import, trace: Trace, channel: str, now: int) -> dict[str, object]:
    return {
        "now": now,
        "person": one.person_id,
        "act": trace.act,
        "object": audit.person(trace.person_id),
        "code": code(one.id),
        "before": trace.before,
        "after": trace.after,
        "channel": channel,
        "unit": one.unit_id,
    }


def code(import_id: int) -> str:
    """By which one speaks of it, and the name of its history."""
    return f"DS-{import_id:04d}"


_CHANGE = "INSERT INTO import_changes (import_id, what, thing, was) VALUES (:id, :what, :thing, :was)"


def _as_it_was(db: Db, import_id: int, changes: Changes) -> Iterator[dict[str, object]]:
    rows: list[tuple[str, int, str]] = [("post", post_id, "") for post_id in changes.ended]
    rows += (("person", one.person_id, json.dumps([one.before, one.after])) for one in changes.corrected)
    for person_id in changes.back:
        row = db.one("SELECT left_at FROM people WHERE id = :id", id=person_id)
        rows.append(("back", person_id, str(row[0] if row else 0)))
    for person_id in changes.leaving:
        rows.append(("left", person_id, ""))
        chats = db.all("SELECT channel, chat FROM identities WHERE person_id = :id", id=person_id)
        rows += (("chat", person_id, json.dumps(chat)) for chat in chats)
    return ({"id": import_id, "what": what, "thing": thing, "was": was} for what, thing, was in rows)


# Taking it back.


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


def built_on(db: Db, one: Import) -> str:
    """What keeps it from being taken back, as a word: a table's name where something refers to what it made, "changed"
    where what it changed was changed again ("": nothing does)."""
    ranges = dict(zip(("units", "people", "posts"), one.made, strict=True))
    for table, column, target in _references():
        first, last = ranges[target]
        if last >= first and _refers(db, table, column, first, last, one):
            return table
    return "changed" if _is_changed(db, one) else ""


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
    return bool(ends or holds or closed) or any(_is_otherwise(db, *row) for row in _changes(db, one.id))


def _changes(db: Db, import_id: int) -> list[tuple[str, int, str]]:
    rows = db.all("SELECT what, thing, was FROM import_changes WHERE import_id = :id", id=import_id)
    return [(row[0], row[1], row[2]) for row in rows]


def _is_otherwise(db: Db, what: str, thing: int, was: str) -> bool:
    if what == "person":
        row = db.one("SELECT name, phone, birth FROM people WHERE id = :id", id=thing)
        return row is None or list(row) != json.loads(was)[1]
    if what == "chat":
        channel, chat = json.loads(was)
        return people.linked(db, channel, chat) not in (None, thing)
    if what == "left":
        row = db.one("SELECT left_at, erased_at FROM people WHERE id = :id", id=thing)
        return row is None or row[0] is None or row[1] is not None
    return False


def undo(db: Db, one: Import, person_id: int | None, channel: str, now: int) -> None:
    """Everything is as it was before; only where `built_on` says nothing."""
    for what, thing, was in _changes(db, one.id):
        _put_back(db, what, thing, was, now)
    posts, people, units = one.made.posts, one.made.people, one.made.units
    _remove(db, "posts", "id", posts)
    _remove(db, "people", "id", people)
    _remove(db, "unit_edges", "child_id", units)
    for level in db.all(
        "SELECT DISTINCT LENGTH(path) - LENGTH(REPLACE(path, '/', '')) FROM units WHERE id >= :first AND id <= :last"
        " ORDER BY 1 DESC",
        first=units[0],
        last=units[1],
    ):
        db.run(
            "DELETE FROM units WHERE id >= :first AND id <= :last"
            " AND LENGTH(path) - LENGTH(REPLACE(path, '/', '')) = :depth",
            first=units[0],
            last=units[1],
            depth=level[0],
        )
    db.run("UPDATE imports SET state = 'undone', decided_at = :now WHERE id = :id", now=now, id=one.id)
    audit.note(
        db,
        person_id,
        "roster.undone",
        code(one.id),
        "",
        now,
        before=one.name,
        channel=channel,
        unit_id=one.unit_id,
    )


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
    elif what == "left":
        db.run("UPDATE people SET left_at = NULL WHERE id = :id", id=thing)
    elif what == "back":
        db.run("UPDATE people SET left_at = :at WHERE id = :id", at=int(was), id=thing)
    elif what == "chat":
        channel, chat = json.loads(was)
        people.link(db, channel, chat, thing, now)


def _remove(db: Db, table: str, column: str, ids: tuple[int, int]) -> None:
    db.run(f"DELETE FROM {table} WHERE {column} >= :first AND {column} <= :last", first=ids[0], last=ids[1])
