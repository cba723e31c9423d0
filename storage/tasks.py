"""Tasks and their assignments: one per unit or person, each with one accountable person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from storage import absences, people, units
from storage.db import Db, Row
from storage.units import Unit

_TASK = "t.id, t.title, t.giver_id, t.unit_id, t.due_at, t.evidence, t.created_at, t.cancelled_at, t.stands_for"
_ASSIGNMENT = (
    "a.id, a.task_id, a.unit_id, a.person_id, a.state, a.stuck, a.returned, a.count, a.note, a.version,"
    " a.reported_at, a.done_at, a.changed_at, a.stands_for"
)
_HELD = "(SELECT COUNT(*) FROM posts o WHERE o.person_id = a.person_id AND o.until IS NULL)"
_OPEN = "a.state <> 'done' AND t.cancelled_at IS NULL"


@dataclass(frozen=True, slots=True)
class Task:
    """`due_at` in UTC milliseconds; `evidence` asked when finishing: none, count or photo. `stands_for`: who is away
    and on whose behalf the giver looks after it."""

    id: int
    title: str
    giver_id: int
    unit_id: int
    due_at: int
    evidence: str
    created_at: int
    cancelled_at: int | None
    stands_for: int | None = None

    @property
    def code(self) -> str:
        return f"V-{self.id:04d}"


@dataclass(frozen=True, slots=True)
class Assignment:
    """One unit's or person's part of a task. state: given → accepted → reported → done; `returned` holds the reason of
    the last return, `stuck` what stands in the way, `stands_for` who is away and on whose behalf the person answers.
    Whether it is overdue is computed, never stored."""

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
    stands_for: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """An assignment as its giver sees it: with the name of the accountable person and the unit.

    `held`: that person still has a post; `away`: the name of whom they stand in for ("": nobody).
    """

    assignment: Assignment
    person: str
    unit: Unit
    held: bool = True
    away: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """An assignment as its accountable person sees it: with the task and the giver's name.

    `away`, `giver_away`: the names of those for whom the person, or the giver, stands in ("": nobody).
    """

    assignment: Assignment
    task: Task
    giver: str
    away: str = ""
    giver_away: str = ""


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
    """Make `person_id` accountable for the task in `unit_id`; while they are away, who stands in for them."""
    people.keep(db, person_id)
    person_id, stands_for = absences.accountable(db, person_id)
    row = db.one(
        "INSERT INTO assignments"
        " (task_id, unit_id, person_id, state, stuck, returned, note, version, changed_at, stands_for)"
        " VALUES (:task, :unit, :person, 'given', '', '', '', 1, :now, :stands_for) RETURNING id",
        task=task_id,
        unit=unit_id,
        person=person_id,
        stands_for=stands_for,
        now=now,
    )
    assert row is not None
    db.run("DELETE FROM vacancies WHERE task_id = :task AND unit_id = :unit", task=task_id, unit=unit_id)
    return Assignment(row[0], task_id, unit_id, person_id, "given", "", "", None, "", 1, None, None, now, stands_for)


def leave_vacant(db: Db, task_id: int, unit_id: int) -> None:
    """The task was meant for a unit where nobody is to answer for it."""
    db.run("INSERT INTO vacancies (task_id, unit_id) VALUES (:task, :unit)", task=task_id, unit=unit_id)


def vacancies(db: Db, task_id: int) -> list[Unit]:
    """The units where nobody answers for the task yet."""
    rows = db.all(
        f"SELECT {units.COLUMNS} FROM vacancies v JOIN units u ON u.id = v.unit_id WHERE v.task_id = :task"
        " AND u.until IS NULL ORDER BY u.id",
        task=task_id,
    )
    return [Unit(*row) for row in rows]


def held_by(db: Db, person_id: int, unit_ids: Collection[int] | None = None) -> list[Duty]:
    """What is a person's own to answer for, or somebody does on their behalf, and is not done; in some units only, or
    everywhere. What they do on another's behalf is that one's."""
    own = f"a.person_id = :person AND a.stands_for IS NULL AND {_OPEN}"
    found = {d.assignment.id: d for d in _duties(db, own, person=person_id)}
    found |= {d.assignment.id: d for d in _duties(db, f"a.stands_for = :person AND {_OPEN}", person=person_id)}
    return [duty for duty in found.values() if unit_ids is None or duty.assignment.unit_id in unit_ids]


def looked_after_by(db: Db, person_id: int, unit_ids: Collection[int] | None = None) -> list[Task]:
    """The unfinished tasks that are a person's own to look after, and all that somebody looks after on their behalf; of
    some units only, or everywhere."""
    unfinished = (
        "t.cancelled_at IS NULL AND (EXISTS (SELECT 1 FROM assignments a WHERE a.task_id = t.id AND a.state <> 'done')"
        " OR EXISTS (SELECT 1 FROM vacancies v WHERE v.task_id = t.id))"
    )
    own = f"t.giver_id = :person AND t.stands_for IS NULL AND {unfinished}"
    rows = db.all(f"SELECT {_TASK} FROM tasks t WHERE {own}", person=person_id)
    rows += db.all(f"SELECT {_TASK} FROM tasks t WHERE t.stands_for = :person", person=person_id)
    found = {row[0]: Task(*row) for row in rows}
    return [task for _, task in sorted(found.items()) if unit_ids is None or task.unit_id in unit_ids]


def pass_on(db: Db, assignment: Assignment, person_id: int, now: int) -> Assignment:
    """From now on this person answers for it; while they are away, who stands in for them."""
    people.keep(db, person_id)
    person_id, stands_for = absences.accountable(db, person_id)
    return hand(db, assignment, person_id, stands_for, now)


def hand(db: Db, assignment: Assignment, person_id: int, stands_for: int | None, now: int) -> Assignment:
    """Exactly this person answers for it, on that one's behalf (None: on their own)."""
    changed = save(db, replace(assignment, person_id=person_id, stands_for=stands_for), now)
    db.run(
        "UPDATE assignments SET person_id = :person, stands_for = :stands_for WHERE id = :id",
        person=person_id,
        stands_for=stands_for,
        id=assignment.id,
    )
    return changed


def look_after(db: Db, task_id: int, giver_id: int, stands_for: int | None = None) -> None:
    """From now on this person is the giver, to whom results come; on whose behalf (None: on their own)."""
    people.keep(db, giver_id)
    db.hold(_line(task_id))
    db.run(
        "UPDATE tasks SET giver_id = :giver, stands_for = :stands_for WHERE id = :id",
        giver=giver_id,
        stands_for=stands_for,
        id=task_id,
    )


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
        f"SELECT {_ASSIGNMENT}, {_TASK}, p.name, COALESCE(f.name, ''), COALESCE(g.name, '') FROM assignments a"
        " JOIN tasks t ON t.id = a.task_id JOIN people p ON p.id = t.giver_id"
        " LEFT JOIN people f ON f.id = a.stands_for LEFT JOIN people g ON g.id = t.stands_for"
        f" WHERE {where} ORDER BY t.due_at, a.id",
        **values,
    )
    return [Duty(Assignment(*row[:14]), Task(*row[14:23]), *row[23:]) for row in rows]


def parts(db: Db, task_id: int) -> list[Part]:
    """All assignments of a task, in the order of their units."""
    rows = db.all(
        f"SELECT {_ASSIGNMENT}, p.name, {_HELD}, COALESCE(f.name, ''), {units.COLUMNS} FROM assignments a"
        " JOIN people p ON p.id = a.person_id JOIN units u ON u.id = a.unit_id"
        " LEFT JOIN people f ON f.id = a.stands_for WHERE a.task_id = :task ORDER BY a.unit_id, a.id",
        task=task_id,
    )
    return [_part(row) for row in rows]


def _part(row: Row) -> Part:
    return Part(Assignment(*row[:14]), row[14], Unit(*row[17:25]), row[15] > 0, row[16])


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
        f"SELECT {_TASK}, {_ASSIGNMENT}, p.name, {_HELD}, COALESCE(f.name, ''), {units.COLUMNS} FROM assignments a"
        " JOIN tasks t ON t.id = a.task_id JOIN people p ON p.id = a.person_id JOIN units u ON u.id = a.unit_id"
        " LEFT JOIN people f ON f.id = a.stands_for"
        " WHERE a.state IN ('given', 'accepted') AND t.cancelled_at IS NULL AND t.due_at < :now"
        " ORDER BY t.giver_id, t.due_at, a.id",
        now=now,
    )
    return [(Task(*row[:9]), _part(row[9:])) for row in rows]


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
