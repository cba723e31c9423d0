"""Reports of the past, to be looked through: one's own, or those of a unit and all below, the newest first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from storage import files, reports, units
from storage.db import Db
from storage.reports import Report
from storage.units import Unit

OWN: tuple[str, ...] = ("kept", "returned", "undone")
"""States that the author sees; others see `SHOWN` only."""
SHOWN: tuple[str, ...] = ("kept", "returned")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where to look: one's own (`person`) or a unit's with all below; days are ISO text, the last included."""

    person: int = 0
    unit: Unit | None = None
    first: str = "0000"
    last: str = "9999"


@dataclass(frozen=True, slots=True)
class Found:
    """A report with its author's and its unit's name, and how many photos it has."""

    report: Report
    author: str
    unit: str
    photos: int


def waiting(db: Db, unit: Unit, but: int, since: str) -> dict[int, int]:
    """The reports of a unit and below of that day (ISO) and later that nobody has accepted or returned, with their
    versions, the newest first, without those that person (`but`) made or wrote."""
    scope, values = units.scope(db, unit, "r.unit_id")
    rows = db.all(
        f"SELECT r.id, r.version FROM reports r{scope}"
        " WHERE r.state = 'kept' AND r.accepted_at IS NULL AND r.day >= :since"
        " AND r.author_id <> :but AND (r.written_by IS NULL OR r.written_by <> :but)"
        " ORDER BY r.id DESC",
        but=but,
        since=since,
        **values,
    )
    return dict(rows)


def count(db: Db, shelf: Shelf) -> int:
    """How many there are."""
    scope, where, values = _within(db, shelf)
    row = db.one(f"SELECT COUNT(*) FROM reports r{scope} WHERE {where}", **values)
    return row[0] if row else 0


def page(db: Db, shelf: Shelf, skip: int, most: int) -> list[Found]:
    """Some of them, the newest day first."""
    scope, where, values = _within(db, shelf)
    rows = db.all(
        f"SELECT r.id FROM reports r{scope} WHERE {where} ORDER BY r.day DESC, r.id DESC LIMIT :most OFFSET :skip",
        most=most,
        skip=skip,
        **values,
    )
    return whole(db, [row[0] for row in rows])


def _within(db: Db, shelf: Shelf) -> tuple[str, str, dict[str, Any]]:
    days = "r.day BETWEEN :first AND :last AND r.state IN "
    values: dict[str, Any] = {"first": shelf.first, "last": shelf.last}
    if shelf.unit is None:
        return "", f"r.author_id = :person AND {days}{_listed(OWN)}", values | {"person": shelf.person}
    scope, more = units.scope(db, shelf.unit, "r.unit_id")
    return scope, f"{days}{_listed(SHOWN)}", values | more


def _listed(states: Collection[str]) -> str:
    return f"({', '.join(repr(state) for state in states)})"


def whole(db: Db, ids: list[int]) -> list[Found]:
    """These reports, in this order."""
    if not ids:
        return []
    listed = ", ".join(map(str, ids))
    rows = db.all(
        "SELECT r.id, p.name, u.name, (SELECT COUNT(*) FROM report_files t"
        f" JOIN files f ON f.id = t.file_id WHERE t.report_id = r.id AND {files.SHOWN})"
        " FROM reports r JOIN people p ON p.id = r.author_id JOIN units u ON u.id = r.unit_id"
        f" WHERE r.id IN ({listed})"
    )
    named = {row[0]: row[1:] for row in rows}
    whole = reports.several(db, ids)
    return [Found(whole[report_id], *named[report_id]) for report_id in ids]
