"""Who is away from which day to which, and who stands in.

A task has one named person who answers for it, also while that person is away. So the stand-in does not help: for what
is given or falls due meanwhile the stand-in *is* accountable, named as such ("thay …"), hears the reminders and looks
at the results; at the end what is not done goes back. Otherwise either two would answer, which is nobody, or a reminder
would go to somebody who can do nothing about it.
"""

from __future__ import annotations

from dataclasses import dataclass

from storage.db import Db

_COLUMNS = (
    "b.id, b.person_id, b.stand_in_id, b.first_day, b.last_day, b.ends_at, b.state, p.name, s.name FROM absences b"
    " JOIN people p ON p.id = b.person_id JOIN people s ON s.id = b.stand_in_id"
)


@dataclass(frozen=True, slots=True)
class Absence:
    """Days are ISO text, both included; `ends_at` is the moment after the last. state: planned, on, over."""

    id: int
    person_id: int
    stand_in_id: int
    first_day: str
    last_day: str
    ends_at: int
    state: str
    person: str
    stand_in: str


def add(db: Db, *, person_id: int, stand_in_id: int, first_day: str, last_day: str, ends_at: int, now: int) -> Absence:
    """Planned; `state` says when it begins."""
    for one in sorted((person_id, stand_in_id)):
        db.hold(f"person {one}")
    row = db.one(
        "INSERT INTO absences"
        " (person_id, stand_in_id, first_day, last_day, ends_at, state, created_at, changed_at)"
        " VALUES (:person, :stand_in, :first, :last, :ends_at, 'planned', :now, :now) RETURNING id",
        person=person_id,
        stand_in=stand_in_id,
        first=first_day,
        last=last_day,
        ends_at=ends_at,
        now=now,
    )
    assert row is not None
    found = get(db, row[0])
    assert found is not None
    return found


def get(db: Db, absence_id: int) -> Absence | None:
    row = db.one(f"SELECT {_COLUMNS} WHERE b.id = :id", id=absence_id)
    return Absence(*row) if row else None


def of_person(db: Db, person_id: int) -> list[Absence]:
    """What is planned or going on, the earliest first."""
    return _of(db, "b.person_id = :id", person_id)


def stood_in_by(db: Db, person_id: int) -> list[Absence]:
    """For whom somebody stands in, or is going to."""
    return _of(db, "b.stand_in_id = :id", person_id)


def _of(db: Db, where: str, person_id: int) -> list[Absence]:
    rows = db.all(
        f"SELECT {_COLUMNS} WHERE {where} AND b.state IN ('planned', 'on') ORDER BY b.first_day, b.id", id=person_id
    )
    return [Absence(*row) for row in rows]


def now_on(db: Db, person_id: int) -> Absence | None:
    """The one that is going on."""
    row = db.one(f"SELECT {_COLUMNS} WHERE b.person_id = :id AND b.state = 'on' ORDER BY b.id", id=person_id)
    return Absence(*row) if row else None


def accountable(db: Db, person_id: int) -> tuple[int, int | None]:
    """Who answers for what is given to a person now, and on whose behalf."""
    absence = now_on(db, person_id)
    return (absence.stand_in_id, person_id) if absence else (person_id, None)


def due(db: Db, today: str) -> list[Absence]:
    """What should begin or end by now."""
    rows = db.all(
        f"SELECT {_COLUMNS} WHERE b.state IN ('planned', 'on')"
        " AND ((b.state = 'planned' AND b.first_day <= :today) OR b.last_day < :today) ORDER BY b.id",
        today=today,
    )
    return [Absence(*row) for row in rows]


def turn(db: Db, absence_id: int, state: str, now: int) -> None:
    """It begins ("on") or is over."""
    db.run("UPDATE absences SET state = :state, changed_at = :now WHERE id = :id", state=state, now=now, id=absence_id)
