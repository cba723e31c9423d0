"""The people and units below one unit, read and written in bulk: what a list is compared with, and what comes of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from storage import keys, units
from storage.db import Db, Row
from storage.units import Unit

STEP = 5000  # rows between two words of how far it is
PAGE = 20_000  # rows read at once

Progress = Callable[[str, int], object]
"""Is told of so many more rows of a table."""


class Held(NamedTuple):
    """A post that somebody holds."""

    id: int
    unit_id: int
    role: str


@dataclass(slots=True, eq=False)
class Known:
    """Somebody who is kept. `birth`: year, 0 when it is not known; `is_fixed`: an administrator of whatever unit.

    `left_in`: the units they had posts in, if they left.
    """

    id: int
    name: str
    phone: str
    birth: int
    posts: tuple[Held, ...] = ()
    is_fixed: bool = False
    left_in: tuple[int, ...] | None = None


@dataclass(slots=True)
class Kept:
    """All that a list for `within` is compared with.

    units: within and below, closed ones too; above: from the parent of `within` up; stood: unit → the closed units it
    stood in; people: to be gone through once, each comes from the database as it is asked for; busy: those whose work
    is not finished, who are away or stand in for somebody.
    """

    within: Unit
    above: list[Unit]
    units: list[Unit]
    stood: Mapping[int, tuple[int, ...]]
    people: Iterable[Known]
    busy: frozenset[int]


class NewUnit(NamedTuple):
    """`parent`: an id, or -1 - n for the n-th new unit, which is before it; `path`: of a parent that has an id."""

    level: str
    kind: str
    name: str
    parent: int
    path: str
    code: str = ""


class NewCode(NamedTuple):
    """The official code of a unit that is kept without one; `name`: the unit's."""

    unit_id: int
    name: str
    code: str


class NewPerson(NamedTuple):
    name: str
    phone: str
    birth: int


class NewPost(NamedTuple):
    """`person` and `unit`: an id, or -1 - n for the n-th of the new ones."""

    person: int
    unit: int
    role: str


class Correction(NamedTuple):
    """What is known of a person, before and after."""

    person_id: int
    before: NewPerson
    after: NewPerson


@dataclass(slots=True)
class Changes:
    """What is to be written. `ended`: posts; `leaving`: people who hold nothing any more; `back`: who had left;
    `coded`: units that get a code."""

    units: Sequence[NewUnit] = ()
    people: Sequence[NewPerson] = ()
    posts: Sequence[NewPost] = ()
    corrected: Sequence[Correction] = ()
    ended: Sequence[int] = ()
    leaving: Sequence[int] = ()
    back: Sequence[int] = ()
    coded: Sequence[NewCode] = ()


class Made(NamedTuple):
    """The ids of what was made, from the first to the last (nothing where the first is the greater)."""

    units: tuple[int, int]
    people: tuple[int, int]
    posts: tuple[int, int]


def read(db: Db, within: Unit) -> Kept:
    """Everything at this unit and below, and those who left from there."""
    return Kept(
        within,
        units.above(db, within),
        units.under(db, within, closed=True),
        _stood(db, within),
        _people(db, within),
        _busy(db),
    )


_PERSON = "p.id, p.name, p.phone, p.birth"
_SCOPE = " JOIN units u ON u.id = o.unit_id AND u.path >= :first AND u.path < :end"


def _people(db: Db, within: Unit) -> Iterator[Known]:
    """Whoever holds one post as it comes, then those who hold several, then those who left."""
    fixed = {row[0] for row in db.all("SELECT DISTINCT person_id FROM posts WHERE role = 'admin' AND until IS NULL")}
    several = dict.fromkeys(_with_several(db, within))
    ids: dict[int, int] = {}  # one number per unit, not one per post, as one name is many people's
    collected: dict[int, Known] = {}
    for post_id, unit_id, role, person_id, name, phone, birth in _posts(db, within):
        held = Held(post_id, ids.setdefault(unit_id, unit_id), sys.intern(role))
        one = Known(person_id, sys.intern(name), phone, birth, (held,), person_id in fixed)
        if one.id not in several:
            yield one
        elif one.id in collected:
            collected[one.id].posts += (held,)
        else:
            collected[one.id] = one
    yield from collected.values()
    yield from _who_left(db, within)


def _with_several(db: Db, within: Unit) -> list[int]:
    rows = db.all(
        f"SELECT o.person_id FROM posts o{_SCOPE} WHERE o.until IS NULL GROUP BY o.person_id HAVING COUNT(*) > 1",
        **_span(within),
    )
    return [row[0] for row in rows]


def _posts(db: Db, within: Unit) -> Iterator[Row]:
    """All that are held, some at a time: half a million rows at once would cost as much as all that is made of them."""
    after = 0
    while rows := db.all(
        f"SELECT o.id, o.unit_id, o.role, {_PERSON} FROM posts o{_SCOPE} JOIN people p ON p.id = o.person_id"
        " WHERE o.until IS NULL AND o.id > :after ORDER BY o.id LIMIT :most",
        after=after,
        most=PAGE,
        **_span(within),
    ):
        after = rows[-1][0]
        yield from rows


def _span(within: Unit) -> dict[str, str]:
    first, end = units.span(within.path)
    return {"first": first, "end": end}


def _who_left(db: Db, within: Unit) -> Iterable[Known]:
    """They may come back: known by the posts that they had."""
    left: dict[int, Known] = {}
    holds = "SELECT 1 FROM posts h JOIN units w ON w.id = h.unit_id AND w.path >= :first AND w.path < :end"
    for person_id, name, phone, birth, unit_id in db.all(
        f"SELECT {_PERSON}, o.unit_id FROM people p JOIN posts o ON o.person_id = p.id{_SCOPE}"
        " WHERE p.left_at IS NOT NULL AND p.erased_at IS NULL"
        f" AND NOT EXISTS ({holds} WHERE h.person_id = p.id AND h.until IS NULL) ORDER BY p.id",
        **_span(within),
    ):
        one = left.setdefault(person_id, Known(person_id, name, phone, birth, left_in=()))
        one.left_in = (*(one.left_in or ()), unit_id)
    return left.values()


def _stood(db: Db, within: Unit) -> dict[int, tuple[int, ...]]:
    first, end = units.span(within.path)
    found: dict[int, tuple[int, ...]] = {}
    for child, parent in db.all(
        "SELECT e.child_id, e.parent_id FROM unit_edges e JOIN units u ON u.id = e.child_id"
        " AND u.path >= :first AND u.path < :end WHERE e.until IS NOT NULL",
        first=first,
        end=end,
    ):
        found[child] = (*found.get(child, ()), parent)
    return found


def _busy(db: Db) -> frozenset[int]:
    rows = db.all(
        "SELECT a.person_id FROM assignments a JOIN tasks t ON t.id = a.task_id"
        " WHERE a.state <> 'done' AND t.cancelled_at IS NULL"
        " UNION SELECT t.giver_id FROM assignments a JOIN tasks t ON t.id = a.task_id"
        " WHERE a.state <> 'done' AND t.cancelled_at IS NULL"
        " UNION SELECT b.person_id FROM absences b WHERE b.state <> 'over'"
        " UNION SELECT b.stand_in_id FROM absences b WHERE b.state <> 'over'"
    )
    return frozenset(row[0] for row in rows)


def write(db: Db, changes: Changes, language: str, at: int, progress: Progress) -> Made:
    """Let it all be so from `at` on; `language`: that new people are addressed in."""
    last = {table: db.last_id(table) for table in ("units", "people", "posts")}
    _end(db, changes, at)
    db.many("UPDATE units SET code = :code WHERE id = :unit_id", (one._asdict() for one in changes.coded))
    _fill(db, "units", _UNITS, _new_units(changes.units, last["units"], at), progress)
    edges = (
        (last["units"] + 1 + n, _real(unit.parent, last["units"]), at, None) for n, unit in enumerate(changes.units)
    )
    _fill(db, "unit_edges", ("child_id", "parent_id", "since", "until"), edges, progress)
    people = (
        (last["people"] + 1 + n, one.name, one.phone, language, at, keys.key(one.name) or one.name, one.birth)
        for n, one in enumerate(changes.people)
    )
    _fill(db, "people", ("id", "name", "phone", "language", "created_at", "key", "birth"), people, progress)
    posts = (
        (last["posts"] + 1 + n, _real(one.person, last["people"]), _real(one.unit, last["units"]), one.role, at, None)
        for n, one in enumerate(changes.posts)
    )
    _fill(db, "posts", ("id", "person_id", "unit_id", "role", "since", "until"), posts, progress)
    made = Made(
        _span_of(last["units"], changes.units),
        _span_of(last["people"], changes.people),
        _span_of(last["posts"], changes.posts),
    )
    for table, (first, end) in zip(("units", "people", "posts"), made, strict=True):
        if end >= first:
            db.count_on(table, end)
    return made


_UNITS = ("id", "code", "name", "kind", "level", "parent_id", "path", "since", "key")


def _new_units(new: Sequence[NewUnit], last: int, at: int) -> Iterator[Row]:
    paths: list[str] = []
    for n, one in enumerate(new):
        above = one.path or paths[-1 - one.parent]
        paths.append(f"{above}{last + 1 + n}/")
        parent = _real(one.parent, last)
        yield (last + 1 + n, one.code, one.name, one.kind, one.level, parent, paths[n], at, keys.key(one.name))


def _real(number: int, last: int) -> int:
    return number if number > 0 else last - number


def _span_of(last: int, new: Sequence[object]) -> tuple[int, int]:
    return last + 1, last + len(new)


def _fill(db: Db, table: str, columns: Sequence[str], rows: Iterator[Row], progress: Progress) -> None:
    first = next(rows, None)
    if first is not None:
        db.fill(table, columns, _told(table, first, rows, progress))


def _told(table: str, first: Row, rows: Iterator[Row], progress: Progress) -> Iterator[Row]:
    yield first
    number = 1
    for number, row in enumerate(rows, 2):
        yield row
        if number % STEP == 0:
            progress(table, STEP)
    progress(table, number % STEP)


def _end(db: Db, changes: Changes, at: int) -> None:
    db.many(
        "UPDATE posts SET until = :at WHERE id = :id AND until IS NULL",
        ({"id": post_id, "at": at} for post_id in changes.ended),
    )
    db.many(
        "UPDATE people SET name = :name, phone = :phone, birth = :birth, key = :key WHERE id = :id",
        (
            {"id": one.person_id, **one.after._asdict(), "key": keys.key(one.after.name) or one.after.name}
            for one in changes.corrected
        ),
    )
    db.many("DELETE FROM identities WHERE person_id = :id", ({"id": one} for one in changes.back))
    db.many("UPDATE people SET left_at = NULL WHERE id = :id", ({"id": one} for one in changes.back))
    db.many("UPDATE people SET left_at = :at WHERE id = :id", ({"id": one, "at": at} for one in changes.leaving))
