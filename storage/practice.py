"""Who is trying things out, and how far they are; the reports they make so are in `reports`, by their state."""

from __future__ import annotations

from dataclasses import dataclass, replace

from storage import drafts
from storage.db import Db

SILENCE_MS = 60 * 60 * 1000  # who was silent for so long has forgotten that they practise
STATES = ("practice", "practice_undone")
"""Of reports that were made while practising."""

_COLUMNS = "person_id, since, touched_at, at, done"


@dataclass(frozen=True, slots=True)
class Practice:
    """Going on since then. `at`: the lesson that is shown; `done`: those that are done."""

    person_id: int
    since: int
    touched_at: int
    at: str = ""
    done: frozenset[str] = frozenset()

    @property
    def until(self) -> int:
        """When it ends by silence."""
        return self.touched_at + SILENCE_MS


def going_on(db: Db, person_id: int) -> Practice | None:
    """Somebody's practice; None: what they do is real."""
    row = db.one(
        f"SELECT {_COLUMNS} FROM practice WHERE person_id = :person AND ended_at IS NULL",
        person=person_id,
    )
    return _practice(row) if row else None


def _practice(row: tuple[int, int, int, str, str]) -> Practice:
    return Practice(row[0], row[1], row[2], row[3], frozenset(row[4].split()))


def begin(db: Db, person_id: int, now: int) -> Practice:
    """From now on it is practice, from where it was left; what was begun in earnest waits until its end."""
    drafts.put_away(db, person_id)
    row = db.one(
        "INSERT INTO practice (person_id, since, touched_at) VALUES (:person, :now, :now)"
        " ON CONFLICT (person_id) DO UPDATE SET since = excluded.since, touched_at = excluded.touched_at,"
        f" ended_at = NULL RETURNING {_COLUMNS}",
        person=person_id,
        now=now,
    )
    assert row is not None
    return _practice(row)


def save(db: Db, practice: Practice, now: int) -> Practice:
    """How far it is; silence is counted from now on."""
    db.run(
        "UPDATE practice SET touched_at = :now, at = :at, done = :done WHERE person_id = :person",
        person=practice.person_id,
        now=now,
        at=practice.at,
        done=" ".join(sorted(practice.done)),
    )
    return replace(practice, touched_at=now)


def end(db: Db, person_id: int, now: int) -> bool:
    """From now on it is real: nothing that was begun in practice goes on. False when it was real before."""
    if not db.run(
        "UPDATE practice SET ended_at = :now WHERE person_id = :person AND ended_at IS NULL", person=person_id, now=now
    ):
        return False
    drafts.bring_back(db, person_id)
    return True


def silent(db: Db, now: int) -> list[Practice]:
    """Those whose time is over."""
    rows = db.all(
        f"SELECT {_COLUMNS} FROM practice WHERE ended_at IS NULL AND touched_at <= :since ORDER BY person_id",
        since=now - SILENCE_MS,
    )
    return [_practice(row) for row in rows]
