"""Reforms of the units: what is to be done and when, the rows it touches, and row by row what it changed.

A reform is decided on a `Copy` of the rows it may touch; what then differs is written, and kept, so that undoing it
puts every row back as it was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol, TypeVar

from storage import audit, keys, units
from storage.db import Db
from storage.units import Unit

Cells = dict[str, Any]
"""A row, or some columns of it."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "units": ("id",),
    "unit_edges": ("child_id", "since"),
    "unit_names": ("unit_id", "since"),
    "unit_heirs": ("unit_id", "heir_id"),
    "posts": ("id",),
    "tasks": ("id",),
    "assignments": ("id",),
    "assignment_files": ("assignment_id", "file_id"),
    "reminded": ("assignment_id", "what"),
}
"""The tables a reform touches, each before those that refer to it, and what their rows are told apart by."""

COUNTED = ("units", "posts")  # new rows of these get their ids from the database; until then they are below zero

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "units": ("id", "code", "name", "kind", "level", "parent_id", "path", "since", "until", "key"),
    "unit_edges": ("child_id", "parent_id", "since", "until"),
    "unit_names": ("unit_id", "since", "until", "code", "name", "kind"),
    "unit_heirs": ("unit_id", "heir_id", "at"),
    "posts": ("id", "person_id", "unit_id", "role", "since", "until"),
    "tasks": ("id", "unit_id"),
    "assignments": (
        *("id", "task_id", "unit_id", "person_id", "state", "stuck", "returned", "count", "note", "version"),
        *("reported_at", "done_at", "changed_at"),
    ),
    "assignment_files": ("assignment_id", "file_id"),
    "reminded": ("assignment_id", "what", "at"),
}

OPEN_WORK = "a.state <> 'done' AND EXISTS (SELECT 1 FROM tasks t WHERE t.id = a.task_id AND t.cancelled_at IS NULL)"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, by ids of units and people.

    act: merge (`others` into `unit`, 0: into a new one), split (a new one from `unit`, with the units `others` and the
    `people`), rename, move (under `parent`), close (its people and figures go to `parent`, 0: what it stands under),
    open (a new one under `parent`), sweep (close those of `others` that are left empty). Empty words: as it was.
    `head`: the person who shall lead, 0: as the rule says.
    """

    act: str
    unit: int = 0
    others: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    code: str = ""
    name: str = ""
    kind: str = ""
    level: str = ""
    parent: int = 0
    head: int = 0

    @property
    def touches(self) -> set[int]:
        """The units it names."""
        return {one for one in (self.unit, self.parent, *self.others) if one > 0}


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a row: `before` and `after` hold the columns that differ; None: there was, or is, no such row."""

    table: str
    key: tuple[Any, ...]
    before: Cells | None
    after: Cells | None


@dataclass(frozen=True, slots=True)
class Reform:
    """`day`: the official date, as ISO text; `done_at`: since when what is kept knows of it."""

    id: int
    author_id: int | None
    act: str
    name: str
    day: str
    due_at: int
    steps: tuple[Step, ...]
    state: str
    created_at: int
    done_at: int | None
    undone_at: int | None

    @property
    def code(self) -> str:
        return f"Đ-{self.id:04d}"


@dataclass
class Copy:
    """Rows by table and key, free to be changed; `changes` says what differs from what was read."""

    rows: dict[str, dict[tuple[Any, ...], Cells]] = field(default_factory=lambda: {table: {} for table in KEYS})
    was: dict[str, dict[tuple[Any, ...], Cells]] = field(default_factory=lambda: {table: {} for table in KEYS})
    people_below: dict[int, int] = field(default_factory=dict)
    below: dict[int, set[int]] = field(default_factory=dict)
    _last: int = 0

    def read(self, table: str, found: Iterable[Cells]) -> None:
        """Take in rows as they are kept."""
        for row in found:
            key = tuple(row[column] for column in KEYS[table])
            if key not in self.was[table]:
                self.was[table][key] = dict(row)
                self.rows[table][key] = row
                if table == "units" and row["parent_id"] is not None:
                    self.below.setdefault(row["parent_id"], set()).add(row["id"])

    def unit(self, unit_id: int) -> Cells:
        return self.rows["units"][unit_id,]

    def add(self, table: str, **row: Any) -> int:
        """A new row; returns its id, below zero until it is kept."""
        if table in COUNTED:
            self._last -= 1
            row = {"id": self._last, **row}
        self.rows[table][tuple(row[column] for column in KEYS[table])] = row
        return self._last

    def remove(self, table: str, row: Cells) -> None:
        del self.rows[table][tuple(row[column] for column in KEYS[table])]

    def changes(self) -> list[Change]:
        """What differs, new units from the top down."""
        return [change for table in KEYS for change in self._changes(table)]

    def _changes(self, table: str) -> Iterator[Change]:
        was, now = self.was[table], self.rows[table]
        for key, row in was.items():
            if key not in now:
                yield Change(table, key, row, None)
            elif now[key] != row:
                differ = [column for column in row if now[key][column] != row[column]]
                yield Change(table, key, {c: row[c] for c in differ}, {c: now[key][c] for c in differ})
        for key, row in now.items():
            if key not in was:
                yield Change(table, key, None, dict(row))


def copy(db: Db, named: Collection[int]) -> Copy:
    """The rows that a change of these units may touch: they and what is below, all above with what stands directly
    under it, and the open posts and open work of all of these but what is below."""
    found = Copy()
    ids = set(named)
    tops = [unit for unit in (units.get(db, one) for one in sorted(ids)) if unit is not None]
    above = {int(part) for unit in tops for part in unit.path.split("/") if part}
    near = ids | above
    _read(db, found, "units", f"u.id IN ({_list(near)})", "units u")
    _read(db, found, "units", f"u.parent_id IN ({_list(near)})", "units u")
    for unit in tops:
        first, end = units.span(unit.path)
        _read(db, found, "units", "u.path >= :first AND u.path < :end", "units u", first=first, end=end)
    known = _list(key[0] for key in found.rows["units"])
    _read(db, found, "unit_edges", f"e.child_id IN ({known}) AND e.until IS NULL", "unit_edges e")
    _read(db, found, "unit_names", f"n.unit_id IN ({_list(near)})", "unit_names n")
    _read(db, found, "unit_heirs", f"h.unit_id IN ({_list(near)})", "unit_heirs h")
    _read(db, found, "posts", f"o.unit_id IN ({_list(near)}) AND o.until IS NULL", "posts o")
    _read_work(db, found, _list(near))
    found.people_below = {unit.id: _count_people(db, unit) for unit in tops}
    return found


def _read_work(db: Db, found: Copy, near: str) -> None:
    # A task of a closing unit's own lead is open while a part of it is.
    _read(
        db,
        found,
        "tasks",
        f"t.unit_id IN ({near}) AND t.cancelled_at IS NULL"
        " AND EXISTS (SELECT 1 FROM assignments a WHERE a.task_id = t.id AND a.state <> 'done')",
        "tasks t",
    )
    _read(db, found, "assignments", f"a.unit_id IN ({near}) AND {OPEN_WORK}", "assignments a")
    work = _list(key[0] for key in found.rows["assignments"])
    _read(db, found, "assignment_files", f"f.assignment_id IN ({work})", "assignment_files f")
    _read(db, found, "reminded", f"r.assignment_id IN ({work})", "reminded r")


def _read(db: Db, found: Copy, table: str, where: str, called: str, **values: Any) -> None:
    columns, short = COLUMNS[table], called.split()[1]
    order = ", ".join(f"{short}.{column}" for column in KEYS[table])
    rows = db.all(
        f"SELECT {', '.join(f'{short}.{column}' for column in columns)} FROM {called} WHERE {where} ORDER BY {order}",
        **values,
    )
    found.read(table, (dict(zip(columns, row, strict=True)) for row in rows))


def _list(ids: Iterable[int]) -> str:
    """For IN (…): whole numbers of our own, so no value needs a place."""
    return ", ".join(str(int(one)) for one in sorted(ids)) or "0"


def _count_people(db: Db, unit: Unit) -> int:
    first, end = units.span(unit.path)
    row = db.one(
        "SELECT COUNT(DISTINCT o.person_id) FROM units u JOIN posts o ON o.unit_id = u.id AND o.until IS NULL"
        " WHERE u.path >= :first AND u.path < :end",
        first=first,
        end=end,
    )
    return row[0] if row else 0


_REFORM = "r.id, r.author_id, r.act, r.name, r.day, r.due_at, r.steps, r.state, r.created_at, r.done_at, r.undone_at"


def add(
    db: Db, *, author_id: int | None, act: str, name: str, day: str, due_at: int, steps: Sequence[Step], now: int
) -> Reform:
    """Keep what is to be done, from `due_at` on."""
    row = db.one(
        "INSERT INTO reforms (author_id, act, name, day, due_at, steps, state, created_at)"
        " VALUES (:author, :act, :name, :day, :due_at, :steps, 'waiting', :now) RETURNING id",
        author=author_id,
        act=act,
        name=name,
        day=day,
        due_at=due_at,
        steps=json.dumps([asdict(step) for step in steps], ensure_ascii=False),
        now=now,
    )
    assert row is not None
    return Reform(row[0], author_id, act, name, day, due_at, tuple(steps), "waiting", now, None, None)


def _reform(row: Sequence[Any]) -> Reform:
    told: list[dict[str, Any]] = [
        {name: tuple(v) if isinstance(v, list) else v for name, v in step.items()} for step in json.loads(row[6])
    ]
    steps = tuple(Step(**step) for step in told)
    return Reform(row[0], row[1], row[2], row[3], row[4], row[5], steps, row[7], row[8], row[9], row[10])


def get(db: Db, reform_id: int) -> Reform | None:
    row = db.one(f"SELECT {_REFORM} FROM reforms r WHERE r.id = :id", id=reform_id)
    return _reform(row) if row else None


def latest(db: Db, most: int) -> list[Reform]:
    """The newest first."""
    rows = db.all(f"SELECT {_REFORM} FROM reforms r ORDER BY r.id DESC LIMIT :most", most=most)
    return [_reform(row) for row in rows]


def due(db: Db, now: int) -> list[Reform]:
    """Those whose day has come, in the order of their days."""
    rows = db.all(
        f"SELECT {_REFORM} FROM reforms r WHERE r.state = 'waiting' AND r.due_at <= :now ORDER BY r.due_at, r.id",
        now=now,
    )
    return [_reform(row) for row in rows]


def settle(db: Db, reform_id: int, state: str, now: int) -> None:
    """It came to be, was undone, or never will be."""
    column = {"done": "done_at", "undone": "undone_at"}.get(state)
    also = f", {column} = :now" if column else ""
    db.run(f"UPDATE reforms SET state = :state{also} WHERE id = :id", state=state, id=reform_id, **_only(column, now))


def _only(column: str | None, now: int) -> dict[str, int]:
    return {"now": now} if column else {}


def write(db: Db, reform_id: int, changes: Sequence[Change]) -> tuple[list[Change], dict[int, int]]:
    """Make the changes and keep them; returns them, and the new units' and posts' ids by what they were below zero."""
    ids: dict[int, int] = {}
    for change in changes:
        if change.table in COUNTED and change.before is None:
            assert change.after is not None
            ids[change.key[0]] = _insert_counted(db, change.table, change.after, ids)
    real = [_with_ids(change, ids) for change in changes]
    _apply(db, [change for change in real if change.before is not None or change.table not in COUNTED])
    paths = [change for change in real if change.table == "units" and change.before is None]
    db.many("UPDATE units SET path = :path WHERE id = :id", [dict(c.after or {}) for c in paths])
    db.many(
        "INSERT INTO reform_changes (reform_id, number, of_table, key, before, after)"
        " VALUES (:reform, :number, :table, :key, :before, :after)",
        [{"reform": reform_id, "number": number, **_kept(change)} for number, change in enumerate(real)],
    )
    return real, ids


def _insert_counted(db: Db, table: str, row: Cells, ids: Mapping[int, int]) -> int:
    known = _real(table, {column: value for column, value in row.items() if column not in ("id", "path")}, ids)
    if table == "units":
        known["path"] = f"new {row['id']} of {row['since']} {row['code']}"  # its own id is not known yet
        known["key"] = keys.key(row["name"])
    found = db.one(
        f"INSERT INTO {table} ({', '.join(known)}) VALUES ({', '.join(f':{column}' for column in known)}) RETURNING id",
        **known,
    )
    assert found is not None
    new: int = found[0]
    return new


_REFERS = ("id", "parent_id", "child_id", "unit_id", "heir_id")


def _real(table: str, row: Cells, ids: Mapping[int, int]) -> Cells:
    real: Cells = {c: ids.get(v, v) if c in _REFERS and isinstance(v, int) and v < 0 else v for c, v in row.items()}
    if table == "units" and "path" in real:
        real["path"] = re.sub(r"-\d+", lambda part: str(ids[int(part[0])]), str(real["path"]))
    return real


def _with_ids(change: Change, ids: Mapping[int, int]) -> Change:
    key = tuple(ids.get(part, part) if isinstance(part, int) and part < 0 else part for part in change.key)
    after = None if change.after is None else _real(change.table, change.after, ids)
    return Change(change.table, key, change.before, after)


def _kept(change: Change) -> dict[str, str]:
    def as_json(row: Cells | None) -> str:
        return "" if row is None else json.dumps(row, ensure_ascii=False)

    key = json.dumps(change.key)
    return {"table": change.table, "key": key, "before": as_json(change.before), "after": as_json(change.after)}


_GO, _CHANGE, _COME, _GO_LAST = range(4)


def _apply(db: Db, changes: Sequence[Change]) -> None:
    """Rows go before others take their place, but units only when nothing stands under them any more."""
    grouped: dict[tuple[int, int, str, tuple[str, ...]], list[Change]] = {}
    order = list(KEYS)
    for change in changes:
        what, place = _what(change), order.index(change.table)
        key = (what, -place if what == _GO else place, change.table, tuple(change.after or ()))
        grouped.setdefault(key, []).append(change)
    for (what, _, table, columns), same in sorted(grouped.items(), key=lambda pair: pair[0][:2]):
        if what == _GO_LAST:
            same.reverse()
        keyed = [{**(one.after or {}), **(_keyed(one) if what != _COME else {})} for one in same]
        db.many(_statement(what, table, columns), keyed)


def _what(change: Change) -> int:
    if change.after is None:
        return _GO_LAST if change.table == "units" else _GO
    return _COME if change.before is None else _CHANGE


def _statement(what: int, table: str, columns: Sequence[str]) -> str:
    where = " AND ".join(f"{column} = :key_{column}" for column in KEYS[table])
    if what == _CHANGE:
        return f"UPDATE {table} SET {', '.join(f'{column} = :{column}' for column in columns)} WHERE {where}"
    if what == _COME:
        return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(f':{column}' for column in columns)})"
    return f"DELETE FROM {table} WHERE {where}"


def _keyed(change: Change) -> Cells:
    return {f"key_{column}": value for column, value in zip(KEYS[change.table], change.key, strict=True)}


def changes(db: Db, reform_id: int) -> list[Change]:
    """What it changed, in order."""
    rows = db.all(
        "SELECT of_table, key, before, after FROM reform_changes WHERE reform_id = :id ORDER BY number", id=reform_id
    )
    return [
        Change(row[0], tuple(json.loads(row[1])), *(json.loads(cell) if cell else None for cell in row[2:]))
        for row in rows
    ]


def put_back(db: Db, made: Sequence[Change]) -> None:
    """Every row as it was before; what depends on them was looked for first (`altered`, and those below)."""
    _apply(db, [Change(change.table, change.key, change.after, change.before) for change in made])


def altered(db: Db, made: Sequence[Change]) -> list[Change]:
    """Those of the rows it left that are not as it left them."""
    return [change for change in made if change.after is not None and _now(db, change) != change.after]


def _now(db: Db, change: Change) -> Cells | None:
    columns = tuple(change.after or ())
    where = " AND ".join(f"{column} = :key_{column}" for column in KEYS[change.table])
    row = db.one(f"SELECT {', '.join(columns)} FROM {change.table} WHERE {where}", **_keyed(change))
    return dict(zip(columns, row, strict=True)) if row else None


def later(db: Db, reform: Reform) -> Reform | None:
    """A reform that was done after this one, on rows this one changed."""
    row = db.one(
        f"SELECT {_REFORM} FROM reforms r WHERE r.id = (SELECT MIN(n.reform_id) FROM reform_changes c"
        " JOIN reform_changes n ON n.of_table = c.of_table AND n.key = c.key AND n.reform_id <> c.reform_id"
        " JOIN reforms d ON d.id = n.reform_id AND d.state = 'done' AND (d.done_at > :at OR"
        " (d.done_at = :at AND d.id > :id)) WHERE c.reform_id = :id)",
        at=reform.done_at,
        id=reform.id,
    )
    return _reform(row) if row else None


def report_since(db: Db, made: Collection[int], joined: Collection[int], people: Collection[int], at: int) -> str:
    """The code of a report that depends on a reform ("": none): one made in a unit it `made`, or since `at` in one that
    others were joined to, by one of the `people` who came there."""
    row = db.one(
        f"SELECT MIN(r.id) FROM reports r WHERE r.unit_id IN ({_list(made)})"
        f" OR (r.unit_id IN ({_list(joined)}) AND r.author_id IN ({_list(people)}) AND r.created_at > :at)",
        at=at,
    )
    return f"B-{row[0]:04d}" if row and row[0] else ""


def task_since(
    db: Db, made: Collection[int], joined: Collection[int], people: Collection[int], own: Collection[int], at: int
) -> str:
    """The code of a task of a unit the reform made, or given since `at` to somebody where the reform brought them;
    besides its `own`, the tasks it moved."""
    row = db.one(
        f"SELECT MIN(t.id) FROM tasks t WHERE t.id NOT IN ({_list(own)}) AND (t.unit_id IN ({_list(made)}) OR EXISTS"
        f" (SELECT 1 FROM assignments a WHERE a.task_id = t.id AND (a.unit_id IN ({_list(made)})"
        f" OR (t.created_at > :at AND a.unit_id IN ({_list(joined)}) AND a.person_id IN ({_list(people)})))))",
        at=at,
    )
    return f"V-{row[0]:04d}" if row and row[0] else ""


def post_since(db: Db, made: Collection[int], own: Collection[int]) -> str:
    """Who was given a post in a unit the reform made, besides its `own` posts: their name ("": nobody)."""
    row = db.one(
        f"SELECT p.name FROM posts o JOIN people p ON p.id = o.person_id WHERE o.unit_id IN ({_list(made)})"
        f" AND o.id NOT IN ({_list(own)}) ORDER BY o.id LIMIT 1"
    )
    return row[0] if row else ""


def unit_since(db: Db, above: Collection[int], own: Collection[int]) -> str:
    """A unit that came to stand below one the reform made or put elsewhere: its name ("": none)."""
    row = db.one(
        f"SELECT u.name FROM units u WHERE u.parent_id IN ({_list(above)}) AND u.id NOT IN ({_list(own)}) LIMIT 1"
    )
    return row[0] if row else ""


def closed_since(db: Db, own: Sequence[Change]) -> str:
    """A unit that rows would be put back to, and that is no more: its name ("": none)."""
    back = {c.key[0] for c in own if c.table == "units" and c.before and c.before.get("until", 0) is None}
    homes = {c.before[name] for c in own if c.before for name in ("parent_id", "unit_id") if c.before.get(name)}
    posts = [c.key[0] for c in own if c.table == "posts" and c.before is not None]
    homes |= {row[0] for row in db.all(f"SELECT o.unit_id FROM posts o WHERE o.id IN ({_list(posts)})")}
    row = db.one(f"SELECT u.name FROM units u WHERE u.id IN ({_list(homes - back)}) AND u.until IS NOT NULL LIMIT 1")
    return row[0] if row else ""


def name_people(db: Db, people: Collection[int]) -> dict[int, str]:
    """Their names by id."""
    return dict(db.all(f"SELECT p.id, p.name FROM people p WHERE p.id IN ({_list(people)})"))


def announce(
    db: Db, reform_id: int, of_units: Mapping[int, Sequence[Cells]], of_people: Mapping[int, Sequence[Cells]]
) -> int:
    """Note who is to hear what: the teams of these units, and these people; returns how many they are."""
    facts: dict[int, list[Cells]] = {person: list(own) for person, own in of_people.items()}
    rows = db.all(
        f"SELECT o.person_id, o.unit_id FROM posts o WHERE o.until IS NULL AND o.unit_id IN ({_list(of_units)})"
        " ORDER BY o.id"
    )
    for person, unit in rows:
        own = facts.setdefault(person, [])
        own += [fact for fact in of_units[unit] if not any(fact["unit"] == other["unit"] for other in own)]
    db.many(
        "INSERT INTO reform_hearers (reform_id, person_id, facts) VALUES (:reform, :person, :facts)",
        [
            {"reform": reform_id, "person": person, "facts": json.dumps(own, ensure_ascii=False)}
            for person, own in sorted(facts.items())
        ],
    )
    return len(facts)


def untold(db: Db, most: int) -> list[tuple[Reform, int, list[Cells]]]:
    """Whom something is still to be said to, of which reform, and the facts; marked by `tell`."""
    rows = db.all(
        f"SELECT {_REFORM}, h.person_id, h.facts FROM reform_hearers h JOIN reforms r ON r.id = h.reform_id"
        " WHERE h.told_at IS NULL ORDER BY h.reform_id, h.person_id LIMIT :most",
        most=most,
    )
    return [(_reform(row[:11]), row[11], json.loads(row[12])) for row in rows]


def tell(db: Db, reform_id: int, person_id: int, now: int) -> bool:
    """They are told now; False when they were before."""
    return (
        db.run(
            "UPDATE reform_hearers SET told_at = :now WHERE reform_id = :reform AND person_id = :person"
            " AND told_at IS NULL",
            now=now,
            reform=reform_id,
            person=person_id,
        )
        == 1
    )


def recall(db: Db, reform_id: int) -> None:
    """It was undone: who was told of it is to hear so, the others nothing."""
    db.run("DELETE FROM reform_hearers WHERE reform_id = :id AND told_at IS NULL", id=reform_id)
    db.run(
        "UPDATE reform_hearers SET told_at = NULL, facts = :facts WHERE reform_id = :id",
        facts=json.dumps([{"about": "undone"}]),
        id=reform_id,
    )


class Decided(Protocol):
    """What a reform is to change, and who is to hear what: by ids that may be below zero."""

    changes: list[Change]
    of_units: dict[int, list[Cells]]
    of_people: dict[int, list[Cells]]


D = TypeVar("D", bound=Decided)


def carry_out(db: Db, reform: Reform, decide: Callable[[Copy], D], now: int) -> tuple[D, dict[int, int]]:
    """Do what `decide` decides on the rows as they are now, keep it and note who is to hear of it; returns it,
    and the ids of what is new by what they were below zero. The transaction must be alone (`Db.alone`)."""
    decided = decide(copy(db, set().union(*(step.touches for step in reform.steps))))
    _, ids = write(db, reform.id, decided.changes)
    settle(db, reform.id, "done", now)
    announce(db, reform.id, _known(decided.of_units, ids), _known(decided.of_people, ids))
    audit.note(db, reform.author_id, f"reforms.{reform.act}", reform.code, f"{reform.name} · {reform.day}", now)
    return decided, ids


def _known(facts: Mapping[int, Sequence[Cells]], ids: Mapping[int, int]) -> dict[int, list[Cells]]:
    return {
        ids.get(key, key): [{**fact, "unit": ids.get(fact["unit"], fact["unit"])} for fact in own]
        for key, own in facts.items()
    }


def depends(db: Db, reform: Reform) -> tuple[str, str] | None:
    """What was built on a reform that was done, so that it cannot be undone: its kind and its name. None: nothing.

    Kinds: later (a reform), report, task, post, unit, closed, changed.
    """
    assert reform.done_at is not None
    other = later(db, reform)
    if other is not None:
        return "later", f"{other.code} {other.name}"
    own = changes(db, reform.id)
    new = {table: [c for c in own if c.table == table and c.before is None] for table in KEYS}
    made = [c.key[0] for c in new["units"]]
    joined = [c.key[1] for c in new["unit_heirs"]]
    moved = [c.key[0] for c in own if c.table == "units" and c.before and "path" in c.before]
    people = [c.after["person_id"] for c in new["posts"] if c.after]
    found = [
        ("report", report_since(db, made, joined, people, reform.done_at)),
        ("task", task_since(db, made, joined, people, _own_tasks(db, own), reform.done_at)),
        ("post", post_since(db, made, [c.key[0] for c in new["posts"]])),
        ("unit", unit_since(db, [*made, *moved], [c.key[0] for c in own if c.table == "units"])),
        ("closed", closed_since(db, own)),
    ]
    changed = altered(db, own)
    if changed:
        found.append(("changed", _called(db, changed[0])))
    return next(((kind, what) for kind, what in found if what), None)


def _own_tasks(db: Db, own: Sequence[Change]) -> list[int]:
    moved = [c.key[0] for c in own if c.table == "assignments"]
    parts = db.all(f"SELECT DISTINCT a.task_id FROM assignments a WHERE a.id IN ({_list(moved)})")
    return [row[0] for row in parts] + [c.key[0] for c in own if c.table == "tasks"]


def _called(db: Db, change: Change) -> str:
    """The row in words."""
    sql = {
        "posts": "SELECT p.name FROM posts o JOIN people p ON p.id = o.person_id WHERE o.id = :id",
        "assignments": "SELECT t.title FROM assignments a JOIN tasks t ON t.id = a.task_id WHERE a.id = :id",
        "tasks": "SELECT t.title FROM tasks t WHERE t.id = :id",
    }.get(change.table, "SELECT u.name FROM units u WHERE u.id = :id")
    row = db.one(sql, id=change.key[0])
    return row[0] if row else change.table


def undo(db: Db, reform: Reform, person_id: int | None, now: int) -> None:
    """Every row as it was; `depends` was asked first, and the transaction is alone."""
    put_back(db, changes(db, reform.id))
    settle(db, reform.id, "undone", now)
    recall(db, reform.id)
    audit.note(db, person_id, "reforms.undone", reform.code, reform.name, now)


def hearers(db: Db, reform_id: int) -> int:
    """How many people it concerns."""
    row = db.one("SELECT COUNT(*) FROM reform_hearers WHERE reform_id = :id", id=reform_id)
    return row[0] if row else 0
