"""Lists that were taken over: what was shown before it was decided, and what each did.

read → done → undone or, after a while, final; or read → dropped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from storage import audit, handovers
from storage.db import Db, Row
from storage.roster import Changes, Made, Progress, write


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
    decided = "UPDATE imports SET state = :state, content = '', decided_at = :now WHERE id = :id AND state = 'read'"
    return db.run(decided, state=state, now=now, id=import_id) == 1


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
    progress: Progress = lambda table, rows: None,
) -> bool:
    """Do it, and write down how it was; False when it was decided before.

    `said`: what it did, in words, for the log, as are `traces` of single people; `language`: that of new people.
    """
    if not _decide(db, import_id, "done", now):
        return False
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
    one = get(db, import_id)
    assert one is not None
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
    audit.note_all(db, (_entry(one, trace, channel, now) for trace in traces))
    for unit_id, _, given in changes.coded:
        audit.note(
            db, one.person_id, "roster.coded", code(one.id), "", now, after=given, channel=channel, unit_id=unit_id
        )
    return True


def _entry(one: Import, trace: Trace, channel: str, now: int) -> audit.Entry:
    object = audit.person(trace.person_id)
    return audit.Entry(
        now, one.person_id, trace.act, object, code(one.id), trace.before, trace.after, channel, one.unit_id
    )


def code(import_id: int) -> str:
    """By which one speaks of it, and the name of its history."""
    return f"DS-{import_id:04d}"


_CHANGE = "INSERT INTO import_changes (import_id, what, thing, was) VALUES (:id, :what, :thing, :was)"


def _as_it_was(db: Db, import_id: int, changes: Changes) -> Iterator[dict[str, object]]:
    rows: list[tuple[str, int, str]] = [("post", post_id, "") for post_id in changes.ended]
    rows += (("person", one.person_id, json.dumps([one.before, one.after])) for one in changes.corrected)
    rows += (("code", one.unit_id, one.code) for one in changes.coded)
    for person_id in changes.back:
        row = db.one("SELECT left_at FROM people WHERE id = :id", id=person_id)
        rows.append(("back", person_id, str(row[0] if row else 0)))
    for person_id in changes.leaving:
        rows.append(("left", person_id, ""))
        chats = db.all("SELECT channel, chat FROM identities WHERE person_id = :id", id=person_id)
        rows += (("chat", person_id, json.dumps(chat)) for chat in chats)
    return ({"id": import_id, "what": what, "thing": thing, "was": was} for what, thing, was in rows)


def changes(db: Db, import_id: int) -> list[tuple[str, int, str]]:
    """What was otherwise before: what, thing and was, as `import_changes` has them; and code: a unit that was without
    one, and the code it got."""
    rows = db.all("SELECT what, thing, was FROM import_changes WHERE import_id = :id", id=import_id)
    return [(row[0], row[1], row[2]) for row in rows]
