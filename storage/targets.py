"""Targets: how much of a category a unit is to reach in a period. Nothing is inherited from above, nor split below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from storage.db import Db, Row

_READ = (
    "SELECT t.unit_id, t.kind, t.year, t.number, t.category, t.count, t.unit, u.name, c.name_vi, c.name_en, n.name_en"
    " FROM targets t JOIN units u ON u.id = t.unit_id JOIN categories c ON c.code = t.category"
    " LEFT JOIN counted n ON n.name = t.unit"
)
_ORDER = " ORDER BY t.unit_id, t.kind, t.year, t.number, c.position, t.category"


@dataclass(frozen=True, slots=True)
class Target:
    """So many of the category, in the unit of count it had when this was set, in the period of a kind that is called by
    this number and year, whatever its days are. `place`, `names` (Vietnamese, English) and `english` (the unit of
    count) are how it is told."""

    unit_id: int
    kind: str
    year: int
    number: int
    category: str
    count: int
    unit: str
    place: str = field(default="", compare=False)
    names: tuple[str, str] = field(default=("", ""), compare=False)
    english: str = field(default="", compare=False)

    def counted(self, language: str) -> str:
        return self.english if language == "en" else self.unit


def _target(row: Row) -> Target:
    unit_id, kind, year, number, category, count, unit, place, name_vi, name_en, english = row
    names = name_vi, name_en
    return Target(unit_id, kind, year, number, category, count, unit, place, names, english or unit)


def everything(db: Db) -> list[Target]:
    """All of units that are still there."""
    return [_target(row) for row in db.all(f"{_READ} WHERE u.until IS NULL{_ORDER}")]


def of_units(db: Db, unit_ids: Iterable[int], kind: str, year: int, number: int) -> list[Target]:
    """Those of a period; categories that are no longer in use are left out."""
    found = []
    for unit_id in unit_ids:
        rows = db.all(
            f"{_READ} WHERE t.unit_id = :unit AND t.kind = :kind AND t.year = :year AND t.number = :number"
            f" AND c.retired_at IS NULL{_ORDER}",
            unit=unit_id,
            kind=kind,
            year=year,
            number=number,
        )
        found += [_target(row) for row in rows]
    return found


def put(db: Db, one: Target) -> None:
    """Add it, or write it in place of what was there."""
    db.run(
        "INSERT INTO targets (unit_id, kind, year, number, category, count, unit)"
        " VALUES (:unit, :kind, :year, :number, :category, :count, :counted)"
        " ON CONFLICT (unit_id, kind, year, number, category)"
        " DO UPDATE SET count = excluded.count, unit = excluded.unit",
        **_values(one),
        count=one.count,
        counted=one.unit,
    )


def remove(db: Db, one: Target) -> None:
    db.run(
        "DELETE FROM targets WHERE unit_id = :unit AND kind = :kind AND year = :year AND number = :number"
        " AND category = :category",
        **_values(one),
    )


def _values(one: Target) -> dict[str, object]:
    return {
        "unit": one.unit_id,
        "kind": one.kind,
        "year": one.year,
        "number": one.number,
        "category": one.category,
    }
