"""When periods begin and close: changes, each from a day on."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from storage.db import Db

_COLUMNS = "kind, since, first_day, closes_after"


@dataclass(frozen=True, slots=True)
class Cut:
    """From the day `since` on (ISO) a period of the kind begins on `first_day`: 1 is the first of the month, 15 the
    15th of the month before. `closes_after`: so many days after its end."""

    kind: str
    since: str
    first_day: int
    closes_after: int


def everything(db: Db) -> list[Cut]:
    """All changes there were and are to come, by kind and day."""
    return [Cut(*row) for row in db.all(f"SELECT {_COLUMNS} FROM periods ORDER BY kind, since")]


def put(db: Db, cut: Cut) -> None:
    """Add it, or write it in place of the one of that day."""
    db.run(
        f"INSERT INTO periods ({_COLUMNS}) VALUES (:kind, :since, :first_day, :closes_after) ON CONFLICT (kind, since)"
        " DO UPDATE SET first_day = excluded.first_day, closes_after = excluded.closes_after",
        **asdict(cut),
    )


def remove(db: Db, cut: Cut) -> None:
    db.run("DELETE FROM periods WHERE kind = :kind AND since = :since", kind=cut.kind, since=cut.since)
