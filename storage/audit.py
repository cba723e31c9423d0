"""Who changed what, from what to what and from where; kept for as long as `[keep]` says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from storage import keys, reforms, units
from storage.db import Db
from storage.units import Unit

MACHINE = "apso"  # the channel of what is done on the machine itself, by the command line
COLUMNS = "a.at, a.person_id, a.act, a.object, a.detail, a.before, a.after, a.channel, a.unit_id, a.id"


@dataclass(frozen=True, slots=True)
class Entry:
    """`act` as "reports.changed", `object` as "B-0012" or "person 7"; `before` and `after` in words."""

    at: int
    person_id: int | None
    act: str
    object: str
    detail: str
    before: str = ""
    after: str = ""
    channel: str = ""
    unit_id: int | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries are wanted: those about one thing, or by and about one person; between two moments."""

    object: str = ""
    person_id: int = 0
    since: int = 0
    below: int = 0  # only entries older than this id; 0: from the newest on


def note(
    db: Db,
    person_id: int | None,
    act: str,
    object: str,
    detail: str,
    now: int,
    *,
    before: str = "",
    after: str = "",
    channel: str = "",
    unit_id: int | None = None,
    private: bool = False,
) -> None:
    """`unit_id`: the unit it concerns, whose administrators may read it (None: the one the person works in).

    `private`: before and after hold somebody's own words or data; they go when that person is erased.
    """
    db.run(
        "INSERT INTO audit (at, person_id, act, object, detail, before, after, channel, private, unit_id)"
        " VALUES (:now, :person, :act, :object, :detail, :before, :after, :channel, :private, COALESCE(:unit,"
        " (SELECT o.unit_id FROM posts o WHERE o.person_id = :person AND o.until IS NULL"
        " ORDER BY CASE o.role WHEN 'admin' THEN 1 ELSE 0 END, o.id LIMIT 1)))",
        now=now,
        person=person_id,
        act=act,
        object=object,
        detail=detail,
        before=before,
        after=after,
        channel=channel,
        private=int(private),
        unit=unit_id,
    )


def note_all(db: Db, entries: Iterable[Entry]) -> None:
    """Many at once, all private, each in a unit."""
    db.many(
        "INSERT INTO audit (at, person_id, act, object, detail, before, after, channel, private, unit_id)"
        " VALUES (:at, :person_id, :act, :object, :detail, :before, :after, :channel, 1, :unit_id)",
        (asdict(entry) for entry in entries),
    )


def is_first(db: Db, object: str) -> bool:
    """Whether nothing was noted of it yet; whoever notes it now is the only one."""
    db.hold(f"audit {object}")
    return not of(db, object)


def of(db: Db, object: str) -> list[Entry]:
    """The history of one thing, oldest first."""
    rows = db.all(f"SELECT {COLUMNS} FROM audit a WHERE a.object = :object ORDER BY a.id", object=object)
    return [Entry(*row) for row in rows]


def person(person_id: int) -> str:
    """How a person is named as the object of an act."""
    return f"person {person_id}"


def page(db: Db, tops: Sequence[Unit], wanted: Filter, most: int) -> list[Entry]:
    """The newest entries of these subtrees (none of them below another), with the reforms that changed anything there;
    what concerns no unit too for whoever sees the whole tree."""
    found = [entry for top in tops for entry in _of_unit(db, top, wanted, most)]
    if any(top.parent_id is None for top in tops):
        found += _page(db, "", "a.unit_id IS NULL", wanted, most, {})
    once = {entry.id: entry for entry in found}
    return sorted(once.values(), key=lambda entry: -entry.id)[:most]


def _of_unit(db: Db, top: Unit, wanted: Filter, most: int) -> list[Entry]:
    scope, values = units.scope(db, top, "a.unit_id")
    found = _page(db, scope, "1 = 1", wanted, most, values)
    codes = reforms.touching(db, top) if top.parent_id is not None else []  # noted higher up, where all of it stands
    if codes:
        values = {f"code{n}": code for n, code in enumerate(codes)}
        named = ", ".join(f":{name}" for name in values)
        found += _page(db, "", f"a.object IN ({named})", wanted, most, values)
    return found


def _page(db: Db, scope: str, where: str, wanted: Filter, most: int, values: dict[str, Any]) -> list[Entry]:
    if wanted.object:
        where += " AND a.object = :object"
        values |= {"object": wanted.object}
    if wanted.person_id:
        where += " AND (a.person_id = :person OR a.object = :about)"
        values |= {"person": wanted.person_id, "about": person(wanted.person_id)}
    if wanted.since:
        where += " AND a.at >= :since"
        values |= {"since": wanted.since}
    if wanted.below:
        where += " AND a.id < :below"
        values |= {"below": wanted.below}
    rows = db.all(f"SELECT {COLUMNS} FROM audit a{scope} WHERE {where} ORDER BY a.id DESC LIMIT {most}", **values)
    return [Entry(*row) for row in rows]


def people_called(db: Db, tops: Sequence[Unit], words: str, most: int) -> list[tuple[int, str]]:
    """Everybody (id, name) whose name has these words in it and who holds or held a post in one of the subtrees: who
    left is asked about too."""
    asked = {f"word{n}": f"%{word}%" for n, word in enumerate(keys.words(words))}
    if not asked:
        return []
    named = "".join(f" AND p.key LIKE :{name}" for name in asked)
    found: dict[int, str] = {}
    for top in tops:
        scope, values = units.scope(db, top, "o.unit_id")
        rows = db.all(
            f"SELECT DISTINCT p.id, p.name FROM people p JOIN posts o ON o.person_id = p.id{scope} WHERE 1 = 1{named}"
            f" ORDER BY p.name, p.id LIMIT {most}",
            **values,
            **asked,
        )
        found |= dict(rows)
    return list(found.items())


def held_post(db: Db, tops: Sequence[Unit], person_id: int) -> bool:
    """Whether a person holds or held a post in one of these subtrees."""
    for top in tops:
        scope, values = units.scope(db, top, "o.unit_id")
        if db.one(f"SELECT 1 FROM posts o{scope} WHERE o.person_id = :person", person=person_id, **values):
            return True
    return False
