"""Reforms of the units: what is to be done and when, what was done, who is to hear of it, and what was built on it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol, TypeVar

from storage import units
from storage.db import Db
from storage.journal import KEYS, Cells, Change, Copy, altered, changes, copy, listed, put_back, write
from storage.units import Unit


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
        f"SELECT MIN(r.id) FROM reports r WHERE r.state NOT LIKE 'practice%' AND (r.unit_id IN ({listed(made)})"
        f" OR (r.unit_id IN ({listed(joined)}) AND r.author_id IN ({listed(people)}) AND r.created_at > :at))",
        at=at,
    )
    return f"B-{row[0]:04d}" if row and row[0] else ""


def task_since(
    db: Db, made: Collection[int], joined: Collection[int], people: Collection[int], own: Collection[int], at: int
) -> str:
    """The code of a task of a unit the reform made, or given since `at` to somebody where the reform brought them;
    besides its `own`, the tasks it moved."""
    row = db.one(
        f"SELECT MIN(t.id) FROM tasks t WHERE t.id NOT IN ({listed(own)}) AND (t.unit_id IN ({listed(made)}) OR EXISTS"
        f" (SELECT 1 FROM assignments a WHERE a.task_id = t.id AND (a.unit_id IN ({listed(made)})"
        f" OR (t.created_at > :at AND a.unit_id IN ({listed(joined)}) AND a.person_id IN ({listed(people)})))))",
        at=at,
    )
    return f"V-{row[0]:04d}" if row and row[0] else ""


def post_since(db: Db, made: Collection[int], own: Collection[int]) -> str:
    """Who was given a post in a unit the reform made, besides its `own` posts: their name ("": nobody)."""
    row = db.one(
        f"SELECT p.name FROM posts o JOIN people p ON p.id = o.person_id WHERE o.unit_id IN ({listed(made)})"
        f" AND o.id NOT IN ({listed(own)}) ORDER BY o.id LIMIT 1"
    )
    return row[0] if row else ""


def unit_since(db: Db, above: Collection[int], own: Collection[int]) -> str:
    """A unit that came to stand below one the reform made or put elsewhere: its name ("": none)."""
    row = db.one(
        f"SELECT u.name FROM units u WHERE u.parent_id IN ({listed(above)}) AND u.id NOT IN ({listed(own)}) LIMIT 1"
    )
    return row[0] if row else ""


def closed_since(db: Db, own: Sequence[Change]) -> str:
    """A unit that rows would be put back to, and that is no more: its name ("": none)."""
    back = {c.key[0] for c in own if c.table == "units" and c.before and c.before.get("until", 0) is None}
    homes = {c.before[name] for c in own if c.before for name in ("parent_id", "unit_id") if c.before.get(name)}
    posts = [c.key[0] for c in own if c.table == "posts" and c.before is not None]
    homes |= {row[0] for row in db.all(f"SELECT o.unit_id FROM posts o WHERE o.id IN ({listed(posts)})")}
    row = db.one(f"SELECT u.name FROM units u WHERE u.id IN ({listed(homes - back)}) AND u.until IS NOT NULL LIMIT 1")
    return row[0] if row else ""


def name_people(db: Db, people: Collection[int]) -> dict[int, str]:
    """Their names by id."""
    return dict(db.all(f"SELECT p.id, p.name FROM people p WHERE p.id IN ({listed(people)})"))


def announce(
    db: Db, reform_id: int, of_units: Mapping[int, Sequence[Cells]], of_people: Mapping[int, Sequence[Cells]]
) -> int:
    """Note who is to hear what: the teams of these units, and these people; returns how many they are."""
    facts: dict[int, list[Cells]] = {person: list(own) for person, own in of_people.items()}
    rows = db.all(
        f"SELECT o.person_id, o.unit_id FROM posts o WHERE o.until IS NULL AND o.unit_id IN ({listed(of_units)})"
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
    """It was undone, every row is as before: who was told of it is to hear so, of which units and when they were told;
    the others nothing."""
    db.run("DELETE FROM reform_hearers WHERE reform_id = :id AND told_at IS NULL", id=reform_id)
    told = db.all("SELECT person_id, facts, told_at FROM reform_hearers WHERE reform_id = :id", id=reform_id)
    called = _names(db, {fact["unit"] for _, facts, _ in told for fact in json.loads(facts)})
    db.many(
        "UPDATE reform_hearers SET told_at = NULL, facts = :facts WHERE reform_id = :id AND person_id = :person",
        [
            {"id": reform_id, "person": person, "facts": json.dumps([_undone(json.loads(facts), called, at)])}
            for person, facts, at in told
        ],
    )


def _names(db: Db, ids: Collection[int]) -> dict[int, str]:
    return dict(db.all(f"SELECT u.id, u.name FROM units u WHERE u.id IN ({listed(ids)})"))


def _undone(facts: Sequence[Cells], called: Mapping[int, str], at: int) -> Cells:
    """Where one held a post before, or else what it is called again."""
    names = [fact["was"] if fact["about"] == "post" and fact["was"] else called.get(fact["unit"]) for fact in facts]
    return {"about": "undone", "units": list(dict.fromkeys(filter(None, names))), "told_at": at}


@dataclass(frozen=True, slots=True)
class Reach:
    """How much a reform changed: units, people whose post is another, tasks with another unit, people told."""

    closed: int
    made: int
    renamed: int
    hung: int
    people: int
    tasks: int
    told: int


def reach(db: Db, reform: Reform) -> Reach:
    """Of one that was done."""
    own = changes(db, reform.id)
    of_units = [c for c in own if c.table == "units"]
    closed = {c.key[0] for c in of_units if c.before and c.after and c.after.get("until")}
    hung = {c.key[0] for c in of_units if c.before and "parent_id" in c.before} - closed
    posts = listed(c.key[0] for c in own if c.table == "posts")
    people = db.all(f"SELECT DISTINCT o.person_id FROM posts o WHERE o.id IN ({posts})")
    told = db.one(
        "SELECT COUNT(*) FROM reform_hearers h WHERE h.reform_id = :id AND h.told_at IS NOT NULL", id=reform.id
    )
    return Reach(
        closed=len(closed),
        made=sum(c.before is None for c in of_units),
        renamed=sum(bool(c.before and "name" in c.before) for c in of_units),
        hung=len(hung),
        people=len(people),
        tasks=len(set(_own_tasks(db, own))),
        told=told[0] if told else 0,
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
    return decided, ids


def office(db: Db, reform: Reform) -> int | None:
    """The nearest unit that all it names stand in, or are: whose administrators it concerns."""
    named = (units.get(db, one) for step in reform.steps for one in step.touches)
    paths = [unit.path.strip("/").split("/") for unit in named if unit is not None]
    shared = [parts[0] for parts in zip(*paths, strict=False) if len(set(parts)) == 1]
    return int(shared[-1]) if shared else None


_TOUCHED = (
    ("units", "'[' || u.id || ']'", "units u"),
    ("posts", "'[' || o.id || ']'", "posts o JOIN units u ON u.id = o.unit_id"),
    ("unit_edges", "'[' || e.child_id || ', ' || e.since || ']'", "unit_edges e JOIN units u ON u.id = e.parent_id"),
)
"""Rows of a unit that a reform changed: its own, those of its team, what stood under it."""


def touching(db: Db, top: Unit) -> list[str]:
    """The codes of all that changed, or will change, the unit or something below it; what others joined too."""
    first, end = units.span(top.path)
    found = {
        row[0]
        for table, key, rows in _TOUCHED
        for row in db.all(
            f"SELECT DISTINCT c.reform_id FROM {rows} JOIN reform_changes c ON c.of_table = :table AND c.key = {key}"
            " WHERE u.path >= :first AND u.path < :end",
            table=table,
            first=first,
            end=end,
        )
    }
    below = {unit.id for unit in units.under(db, top, closed=True)}
    rows = db.all(f"SELECT {_REFORM} FROM reforms r ORDER BY r.id")
    return [
        one.code for one in map(_reform, rows) if one.id in found or any(step.touches & below for step in one.steps)
    ]


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
    parts = db.all(f"SELECT DISTINCT a.task_id FROM assignments a WHERE a.id IN ({listed(moved)})")
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


def undo(db: Db, reform: Reform, now: int) -> None:
    """Every row as it was; `depends` was asked first, and the transaction is alone."""
    put_back(db, changes(db, reform.id))
    settle(db, reform.id, "undone", now)
    recall(db, reform.id)


def hearers(db: Db, reform_id: int) -> int:
    """How many people it concerns."""
    row = db.one("SELECT COUNT(*) FROM reform_hearers WHERE reform_id = :id", id=reform_id)
    return row[0] if row else 0
