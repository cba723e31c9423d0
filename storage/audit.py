"""Who changed what, kept for as long as the thing itself."""

from __future__ import annotations

from dataclasses import dataclass

from storage.db import Db


@dataclass(frozen=True, slots=True)
class Entry:
    at: int
    person_id: int | None
    act: str
    object: str
    detail: str


def note(db: Db, person_id: int | None, act: str, object: str, detail: str, now: int) -> None:
    """`act` as "reports.changed", `object` as "B-0012", `detail` in words of before and after."""
    db.run(
        "INSERT INTO audit (at, person_id, act, object, detail) VALUES (:now, :person, :act, :object, :detail)",
        now=now,
        person=person_id,
        act=act,
        object=object,
        detail=detail,
    )


def is_first(db: Db, object: str) -> bool:
    """Whether nothing was noted of it yet; whoever notes it now is the only one."""
    db.hold(f"audit {object}")
    return not of(db, object)


def of(db: Db, object: str) -> list[Entry]:
    """The history of one thing, oldest first."""
    rows = db.all(
        "SELECT at, person_id, act, object, detail FROM audit WHERE object = :object ORDER BY id", object=object
    )
    return [Entry(*row) for row in rows]
