"""Tasks and their assignments: one per unit or person, each with one accountable person."""

from __future__ import annotations

from dataclasses import dataclass, replace

from storage import units
from storage.db import Db
from storage.units import Unit

_TASK = "t.id, t.title, t.giver_id, t.unit_id, t.due_at, t.evidence, t.created_at, t.cancelled_at"
_ASSIGNMENT = (
    "a.id, a.task_id, a.unit_id, a.person_id, a.state, a.stuck, a.returned, a.count, a.note, a.version,"
    " a.reported_at, a.done_at, a.changed_at"
)


@dataclass(frozen=True, slots=True)
class Task:
    """`due_at` in UTC milliseconds; `evidence` asked when finishing: none, count or photo."""

    id: int
    title: str
    giver_id: int
    unit_id: int
    due_at: int
    evidence: str
    created_at: int
    cancelled_at: int | None

    @property
    def code(self) -> str:
        return f"V-{self.id:04d}"


@dataclass(frozen=True, slots=True)
class Assignment:
    """One unit's or person's part of a task. state: given → accepted → reported → done; `returned` holds the reason of
    the last return, `stuck` what stands in the way. Whether it is overdue is computed, never stored."""

    id: int
    task_id: int
    unit_id: int
    person_id: int
    state: str
    stuck: str
    returned: str
    count: int | None
    note: str
    version: int
    reported_at: int | None
    done_at: int | None
    changed_at: int


@dataclass(frozen=True, slots=True)
class Part:
    """An assignment as its giver sees it: with the name of the accountable person and the unit."""

    assignment: Assignment
    person: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class Duty:
    """An assignment as its accountable person sees it: with the task and the giver's name."""

    assignment: Assignment
    task: Task
    giver: str


def add(db: Db, *, title: str, giver_id: int, unit_id: int, due_at: int, evidence: str, now: int) -> Task:
    row = db.one(
        "INSERT INTO tasks (title, giver_id, unit_id, due_at, evidence, created_at)"
        " VALUES (:title, :giver, :unit, :due_at, :evidence, :now) RETURNING id",
        title=title,
        giver=giver_id,
        unit=unit_id,
        due_at=due_at,
        evidence=evidence,
        now=now,
    )
    assert row is not None
    return Task(row[0], title, giver_id, unit_id, due_at, evidence, now, None)


def assign(db: Db, task_id: int, unit_id: int, person_id: int, now: int) -> Assignment:
    """Make `person_id` accountable for the task in `unit_id`."""
    row = db.one(
        "INSERT INTO assignments (task_id, unit_id, person_id, state, stuck, returned, note, version, changed_at)"
        " VALUES (:task, :unit, :person, 'given', '', '', '', 1, :now) RETURNING id",
        task=task_id,
        unit=unit_id,
        person=person_id,
        now=now,
    )
    assert row is not None
    return Assignment(row[0], task_id, unit_id, person_id, "given", "", "", None, "", 1, None, None, now)


def save(db: Db, assignment: Assignment, now: int) -> Assignment:
    """Write a changed assignment; its version counts up."""
    db.hold(_line(assignment.task_id))
    changed = replace(assignment, version=assignment.version + 1, changed_at=now)
    db.run(
        "UPDATE assignments SET state = :state, stuck = :stuck, returned = :returned, count = :count, note = :note,"
        " version = :version, reported_at = :reported_at, done_at = :done_at, changed_at = :now WHERE id = :id",
        state=changed.state,
        stuck=changed.stuck,
        returned=changed.returned,
        count=changed.count,
        note=changed.note,
        version=changed.version,
        reported_at=changed.reported_at,
        done_at=changed.done_at,
        now=now,
        id=changed.id,
    )
    return changed


def cancel(db: Db, task_id: int, now: int) -> None:
    """Take the whole task back."""
    db.hold(_line(task_id))
    db.run("UPDATE tasks SET cancelled_at = :now WHERE id = :id", now=now, id=task_id)


def _line(task_id: int) -> str:
    """Nobody finishes a part while the whole is taken back."""
    return f"task {task_id}"


def get(db: Db, task_id: int) -> Task | None:
    row = db.one(f"SELECT {_TASK} FROM tasks t WHERE t.id = :id", id=task_id)
    return Task(*row) if row else None


def duty(db: Db, assignment_id: int) -> Duty | None:
    duties = _duties(db, "a.id = :id", id=assignment_id)
    return duties[0] if duties else None


def duties_of_task(db: Db, task_id: int, person_id: int) -> list[Duty]:
    """The person's own part (or parts) of a task."""
    return _duties(db, "a.task_id = :task AND a.person_id = :person", task=task_id, person=person_id)


def open_duties(db: Db, person_id: int) -> list[Duty]:
    """What the person still has to do (or is waiting to see accepted), the most urgent first."""
    return _duties(db, "a.person_id = :person AND a.state <> 'done' AND t.cancelled_at IS NULL", person=person_id)


def unfinished_due(db: Db, first: int, end: int) -> list[Duty]:
    """Not yet reported assignments due from `first` until before `end` (UTC milliseconds)."""
    return _duties(
        db,
        "a.state IN ('given', 'accepted') AND t.cancelled_at IS NULL AND t.due_at >= :first AND t.due_at < :end",
        first=first,
        end=end,
    )


def _duties(db: Db, where: str, **values: object) -> list[Duty]:
    rows = db.all(
        f"SELECT {_ASSIGNMENT}, {_TASK}, p.name FROM assignments a JOIN tasks t ON t.id = a.task_id"
        f" JOIN people p ON p.id = t.giver_id WHERE {where} ORDER BY t.due_at, a.id",
        **values,
    )
    return [Duty(Assignment(*row[:13]), Task(*row[13:21]), row[21]) for row in rows]


def parts(db: Db, task_id: int) -> list[Part]:
    """All assignments of a task, in the order of their units."""
    rows = db.all(
        f"SELECT {_ASSIGNMENT}, p.name, {units.COLUMNS} FROM assignments a JOIN people p ON p.id = a.person_id"
        " JOIN units u ON u.id = a.unit_id WHERE a.task_id = :task ORDER BY a.unit_id, a.id",
        task=task_id,
    )
    return [Part(Assignment(*row[:13]), row[13], Unit(*row[14:22])) for row in rows]


def part(db: Db, assignment: Assignment) -> Part:
    """One assignment as its giver sees it."""
    return next(one for one in parts(db, assignment.task_id) if one.assignment.id == assignment.id)


def given_by(db: Db, giver_id: int, since: int) -> list[Task]:
    """Tasks the person gave that are unfinished or were given since then, newest first."""
    rows = db.all(
        f"SELECT {_TASK} FROM tasks t WHERE t.giver_id = :giver AND t.cancelled_at IS NULL AND (t.created_at >= :since"
        " OR EXISTS (SELECT 1 FROM assignments a WHERE a.task_id = t.id AND a.state <> 'done')) ORDER BY t.id DESC",
        giver=giver_id,
        since=since,
    )
    return [Task(*row) for row in rows]


def overdue(db: Db, now: int) -> list[tuple[Task, Part]]:
    """Every part not yet reported whose task is past due, by giver and due time."""
    rows = db.all(
        f"SELECT {_TASK}, {_ASSIGNMENT}, p.name, {units.COLUMNS} FROM assignments a JOIN tasks t ON t.id = a.task_id"
        " JOIN people p ON p.id = a.person_id JOIN units u ON u.id = a.unit_id"
        " WHERE a.state IN ('given', 'accepted') AND t.cancelled_at IS NULL AND t.due_at < :now"
        " ORDER BY t.giver_id, t.due_at, a.id",
        now=now,
    )
    return [(Task(*row[:8]), Part(Assignment(*row[8:21]), row[21], Unit(*row[22:30]))) for row in rows]


def remind(db: Db, assignment_id: int, what: str, now: int) -> bool:
    """Note that this reminder was given; False when it was given before."""
    return (
        db.run(
            "INSERT INTO reminded (assignment_id, what, at) VALUES (:assignment, :what, :now)"
            " ON CONFLICT (assignment_id, what) DO NOTHING",
            assignment=assignment_id,
            what=what,
            now=now,
        )
        == 1
    )
