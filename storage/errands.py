"""Slow work that a turn ordered, and what it made: done outside of any transaction, its effects once.

ordered → (begun, tries + 1) → done | failed. Whoever dies over it leaves it ordered, and it is begun anew.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from storage.db import Db

LEADER = "errands"  # what the process that does them leads


@dataclass(frozen=True, slots=True)
class Errand:
    """`what` as "team.sheet", for the person who ordered it; `tries`: how often it was begun before."""

    id: int
    what: str
    params: dict[str, Any]
    person_id: int
    tries: int


def order(db: Db, what: str, params: dict[str, Any], person_id: int, now: int) -> int:
    row = db.one(
        "INSERT INTO errands (what, params, person_id, state, tries, at, changed_at)"
        " VALUES (:what, :params, :person, 'ordered', 0, :now, :now) RETURNING id",
        what=what,
        params=json.dumps(params, ensure_ascii=False),
        person=person_id,
        now=now,
    )
    assert row is not None
    errand_id: int = row[0]
    return errand_id


def is_ordered(db: Db, what: str, person_id: int) -> bool:
    """Whether this person waits for such work already."""
    return (
        db.one(
            "SELECT 1 FROM errands WHERE person_id = :person AND state = 'ordered' AND what = :what",
            person=person_id,
            what=what,
        )
        is not None
    )


def first(db: Db) -> Errand | None:
    """The one to be done next: the least tried, then the oldest."""
    row = db.one(
        "SELECT id, what, params, person_id, tries FROM errands WHERE state = 'ordered' ORDER BY tries, id LIMIT 1"
    )
    return Errand(row[0], row[1], json.loads(row[2]), row[3], row[4]) if row else None


def whose(db: Db, errand_id: int) -> int:
    row = db.one("SELECT person_id FROM errands WHERE id = :id", id=errand_id)
    assert row is not None
    person_id: int = row[0]
    return person_id


def begin(db: Db, errand: Errand, now: int) -> None:
    """Count it before it is done: it may end the process."""
    db.run("UPDATE errands SET tries = tries + 1, changed_at = :now WHERE id = :id", now=now, id=errand.id)


def end(db: Db, errand_id: int, state: str, now: int, was: str = "ordered") -> bool:
    """It is over, "done" or "failed"; False when it was before: then nothing of it may happen again."""
    return (
        db.run(
            "UPDATE errands SET state = :state, changed_at = :now WHERE id = :id AND state = :was",
            state=state,
            now=now,
            id=errand_id,
            was=was,
        )
        == 1
    )


def keep(db: Db, errand_id: int, card: str, content: bytes, now: int) -> int:
    """Keep what was made until the letter that shows this card has been sent."""
    row = db.one(
        "INSERT INTO made (errand_id, card, content, at) VALUES (:errand, :card, :content, :now) RETURNING id",
        errand=errand_id,
        card=card,
        content=base64.b64encode(content).decode(),
        now=now,
    )
    assert row is not None
    made_id: int = row[0]
    return made_id


def content(db: Db, made_id: int) -> bytes | None:
    """What was made; None when it is no longer kept."""
    row = db.one("SELECT content FROM made WHERE id = :id", id=made_id)
    return base64.b64decode(row[0]) if row else None


def forget_sent(db: Db, before: int) -> None:
    """What was made before then and waits for no letter any more is kept no longer."""
    db.run(
        "DELETE FROM made WHERE at < :before AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.card = made.card"
        " AND o.state IN ('queued', 'sending'))",
        before=before,
    )


def forget(db: Db, before: int) -> None:
    """Work that is long over."""
    db.run(
        "DELETE FROM errands WHERE state <> 'ordered' AND changed_at < :before"
        " AND NOT EXISTS (SELECT 1 FROM made m WHERE m.errand_id = errands.id)",
        before=before,
    )
