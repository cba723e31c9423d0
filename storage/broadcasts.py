"""Broadcasts: one text to everybody under a unit, and what became of each copy."""

from __future__ import annotations

from dataclasses import dataclass

from storage.db import Db

_COLUMNS = "id, author_id, unit_id, text, people, created_at, finished_at"


@dataclass(frozen=True, slots=True)
class Broadcast:
    """`people`: how many it was meant for, those who cannot be reached included."""

    id: int
    author_id: int
    unit_id: int
    text: str
    people: int
    created_at: int
    finished_at: int | None

    @property
    def code(self) -> str:
        return f"T-{self.id:04d}"


def add(db: Db, *, author_id: int, unit_id: int, text: str, people: int, now: int) -> Broadcast:
    row = db.one(
        "INSERT INTO broadcasts (author_id, unit_id, text, people, created_at)"
        " VALUES (:author, :unit, :text, :people, :now) RETURNING id",
        author=author_id,
        unit=unit_id,
        text=text,
        people=people,
        now=now,
    )
    assert row is not None
    return Broadcast(row[0], author_id, unit_id, text, people, now, None)


def get(db: Db, broadcast_id: int) -> Broadcast | None:
    row = db.one(f"SELECT {_COLUMNS} FROM broadcasts WHERE id = :id", id=broadcast_id)
    return Broadcast(*row) if row else None


def running(db: Db) -> list[Broadcast]:
    return [Broadcast(*row) for row in db.all(f"SELECT {_COLUMNS} FROM broadcasts WHERE finished_at IS NULL")]


def finish(db: Db, broadcast_id: int, now: int) -> None:
    db.run("UPDATE broadcasts SET finished_at = :now WHERE id = :id", now=now, id=broadcast_id)


def progress(db: Db, broadcast_id: int) -> dict[str, int]:
    """How many copies are in each state of the outbox."""
    rows = db.all(
        "SELECT state, COUNT(*) FROM outbox WHERE broadcast_id = :id AND person_id IS NOT NULL GROUP BY state",
        id=broadcast_id,
    )
    return {row[0]: row[1] for row in rows}


def moved_at(db: Db, broadcast_id: int) -> int:
    """When something last became of a copy."""
    row = db.one("SELECT MAX(changed_at) FROM outbox WHERE broadcast_id = :id", id=broadcast_id)
    return (row[0] or 0) if row else 0


def names(db: Db, broadcast_id: int, state: str) -> list[str]:
    """Whose copies are in this state, by name."""
    rows = db.all(
        "SELECT p.name FROM outbox o JOIN people p ON p.id = o.person_id"
        " WHERE o.broadcast_id = :id AND o.state = :state ORDER BY o.id",
        id=broadcast_id,
        state=state,
    )
    return [row[0] for row in rows]
