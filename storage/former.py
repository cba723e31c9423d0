"""What units were: those that are no more and what became of them, the names and places that units had before."""

from __future__ import annotations

import json
from dataclasses import dataclass

from storage import units
from storage.db import Db
from storage.units import Unit


@dataclass(frozen=True, slots=True)
class Former:
    """A code and name that a unit had until a reform. `above`: the names of what it stood in; `became`: what it is now;
    `day`: the official date, as ISO text."""

    code: str
    name: str
    above: tuple[str, ...]
    became: tuple[Unit, ...]
    day: str


def formers(db: Db, top: Unit) -> list[Former]:
    """Of a whole subtree, what came to be lately first."""
    places, closings, renamings = stood(db), _days(db, '"until": null'), _days(db, '"name": "')
    found = []
    for unit in units.under(db, top, closed=True):
        if unit.closed_at is not None and (day := closings.get((unit.id, unit.closed_at))):
            found.append(Former(unit.code, unit.name, _above(db, unit, places), _now(db, unit), day))
    for unit_id, code, name, until in db.all("SELECT n.unit_id, n.code, n.name, n.until FROM unit_names n"):
        named = units.get(db, unit_id)
        if named is not None and top.holds(named) and (day := renamings.get((unit_id, until))):
            found.append(Former(code, name, _above(db, named, places), _now(db, named), day))
    return sorted(found, key=lambda one: one.day, reverse=True)


def _above(db: Db, unit: Unit, places: dict[int, tuple[str, ...]]) -> tuple[str, ...]:
    return (*places.get(unit.id, ()), *(one.name for one in units.above(db, unit)))


def stood(db: Db) -> dict[int, tuple[str, ...]]:
    """By unit, the names of what it stood directly under before."""
    found: dict[int, tuple[str, ...]] = {}
    for child, name in db.all(
        "SELECT e.child_id, p.name FROM unit_edges e JOIN units p ON p.id = e.parent_id WHERE e.until IS NOT NULL"
        " ORDER BY e.child_id, e.since DESC"
    ):
        found[child] = (*found.get(child, ()), name)
    return found


def _now(db: Db, unit: Unit) -> tuple[Unit, ...]:
    """What it is, or what is there of those that followed it, one after another."""
    found = [unit]
    while any(one.closed_at is not None for one in found):
        found = [heir for one in found for heir in ([one] if one.closed_at is None else units.heirs(db, one))]
    return tuple(dict.fromkeys(found))


def _days(db: Db, cell: str) -> dict[tuple[int, int], str]:
    """By unit and moment, the official day of the reform that changed such a cell of it then."""
    rows = db.all(
        "SELECT c.key, r.done_at, r.day FROM reform_changes c JOIN reforms r ON r.id = c.reform_id AND r.state = 'done'"
        " WHERE c.of_table = 'units' AND c.before LIKE :cell AND c.after <> '' ORDER BY r.id",
        cell=f"%{cell}%",
    )
    return {(json.loads(key)[0], at): day for key, at, day in rows}
