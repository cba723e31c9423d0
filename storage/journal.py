"""The rows a reform may touch, as a copy that is changed first, and row by row what then was changed.

What differs between the copy and what was read is written, and kept, so that undoing puts every row back as it was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage import keys, units
from storage.db import Db
from storage.units import Unit

Cells = dict[str, Any]
"""A row, or some columns of it."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "units": ("id",),
    "unit_edges": ("child_id", "since"),
    "unit_names": ("unit_id", "since"),
    "unit_heirs": ("unit_id", "heir_id"),
    "posts": ("id",),
    "tasks": ("id",),
    "assignments": ("id",),
    "assignment_files": ("assignment_id", "file_id"),
    "reminded": ("assignment_id", "what"),
}
"""The tables a reform touches, each before those that refer to it, and what their rows are told apart by."""

COUNTED = ("units", "posts")  # new rows of these get their ids from the database; until then they are below zero

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "units": ("id", "code", "name", "kind", "level", "parent_id", "path", "since", "until", "key"),
    "unit_edges": ("child_id", "parent_id", "since", "until"),
    "unit_names": ("unit_id", "since", "until", "code", "name", "kind"),
    "unit_heirs": ("unit_id", "heir_id", "at"),
    "posts": ("id", "person_id", "unit_id", "role", "since", "until"),
    "tasks": ("id", "unit_id"),
    "assignments": (
        *("id", "task_id", "unit_id", "person_id", "state", "stuck", "returned", "count", "note", "version"),
        *("reported_at", "done_at", "changed_at"),
    ),
    "assignment_files": ("assignment_id", "file_id"),
    "reminded": ("assignment_id", "what", "at"),
}

OPEN_WORK = "a.state <> 'done' AND EXISTS (SELECT 1 FROM tasks t WHERE t.id = a.task_id AND t.cancelled_at IS NULL)"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a row: `before` and `after` hold the columns that differ; None: there was, or is, no such row."""

    table: str
    key: tuple[Any, ...]
    before: Cells | None
    after: Cells | None


@dataclass
class Copy:
    """Rows by table and key, free to be changed; `changes` says what differs from what was read."""

    rows: dict[str, dict[tuple[Any, ...], Cells]] = field(default_factory=lambda: {table: {} for table in KEYS})
    was: dict[str, dict[tuple[Any, ...], Cells]] = field(default_factory=lambda: {table: {} for table in KEYS})
    people_below: dict[int, int] = field(default_factory=dict)
    below: dict[int, set[int]] = field(default_factory=dict)
    _last: int = 0

    def read(self, table: str, found: Iterable[Cells]) -> None:
        """Take in rows as they are kept."""
        for row in found:
            key = tuple(row[column] for column in KEYS[table])
            if key not in self.was[table]:
                self.was[table][key] = dict(row)
                self.rows[table][key] = row
                if table == "units" and row["parent_id"] is not None:
                    self.below.setdefault(row["parent_id"], set()).add(row["id"])

    def unit(self, unit_id: int) -> Cells:
        return self.rows["units"][unit_id,]

    def add(self, table: str, **row: Any) -> int:
        """A new row; returns its id, below zero until it is kept."""
        if table in COUNTED:
            self._last -= 1
            row = {"id": self._last, **row}
        self.rows[table][tuple(row[column] for column in KEYS[table])] = row
        return self._last

    def remove(self, table: str, row: Cells) -> None:
        del self.rows[table][tuple(row[column] for column in KEYS[table])]

    def changes(self) -> list[Change]:
        """What differs, new units from the top down."""
        return [change for table in KEYS for change in self._changes(table)]

    def _changes(self, table: str) -> Iterator[Change]:
        was, now = self.was[table], self.rows[table]
        for key, row in was.items():
            if key not in now:
                yield Change(table, key, row, None)
            elif now[key] != row:
                differ = [column for column in row if now[key][column] != row[column]]
                yield Change(table, key, {c: row[c] for c in differ}, {c: now[key][c] for c in differ})
        for key, row in now.items():
            if key not in was:
                yield Change(table, key, None, dict(row))


def copy(db: Db, named: Collection[int]) -> Copy:
    """The rows that a change of these units may touch: they and what is below, all above with what stands directly
    under it, and the open posts and open work of all of these but what is below."""
    found = Copy()
    ids = set(named)
    tops = [unit for unit in (units.get(db, one) for one in sorted(ids)) if unit is not None]
    above = {int(part) for unit in tops for part in unit.path.split("/") if part}
    near = ids | above
    _read(db, found, "units", f"u.id IN ({listed(near)})", "units u")
    _read(db, found, "units", f"u.parent_id IN ({listed(near)})", "units u")
    for unit in tops:
        first, end = units.span(unit.path)
        _read(db, found, "units", "u.path >= :first AND u.path < :end", "units u", first=first, end=end)
    known = listed(key[0] for key in found.rows["units"])
    _read(db, found, "unit_edges", f"e.child_id IN ({known}) AND e.until IS NULL", "unit_edges e")
    _read(db, found, "unit_names", f"n.unit_id IN ({listed(near)})", "unit_names n")
    _read(db, found, "unit_heirs", f"h.unit_id IN ({listed(near)})", "unit_heirs h")
    _read(db, found, "posts", f"o.unit_id IN ({listed(near)}) AND o.until IS NULL", "posts o")
    _read_work(db, found, listed(near))
    found.people_below = {unit.id: _count_people(db, unit) for unit in tops}
    return found


def _read_work(db: Db, found: Copy, near: str) -> None:
    # A task of a closing unit's own lead is open while a part of it is.
    _read(
        db,
        found,
        "tasks",
        f"t.unit_id IN ({near}) AND t.cancelled_at IS NULL"
        " AND EXISTS (SELECT 1 FROM assignments a WHERE a.task_id = t.id AND a.state <> 'done')",
        "tasks t",
    )
    _read(db, found, "assignments", f"a.unit_id IN ({near}) AND {OPEN_WORK}", "assignments a")
    work = listed(key[0] for key in found.rows["assignments"])
    _read(db, found, "assignment_files", f"f.assignment_id IN ({work})", "assignment_files f")
    _read(db, found, "reminded", f"r.assignment_id IN ({work})", "reminded r")


def _read(db: Db, found: Copy, table: str, where: str, called: str, **values: Any) -> None:
    columns, short = COLUMNS[table], called.split()[1]
    order = ", ".join(f"{short}.{column}" for column in KEYS[table])
    rows = db.all(
        f"SELECT {', '.join(f'{short}.{column}' for column in columns)} FROM {called} WHERE {where} ORDER BY {order}",
        **values,
    )
    found.read(table, (dict(zip(columns, row, strict=True)) for row in rows))


def listed(ids: Iterable[int]) -> str:
    """For IN (…): whole numbers of our own, so no value needs a place."""
    return ", ".join(str(int(one)) for one in sorted(ids)) or "0"


def _count_people(db: Db, unit: Unit) -> int:
    first, end = units.span(unit.path)
    row = db.one(
        "SELECT COUNT(DISTINCT o.person_id) FROM units u JOIN posts o ON o.unit_id = u.id AND o.until IS NULL"
        " WHERE u.path >= :first AND u.path < :end",
        first=first,
        end=end,
    )
    return row[0] if row else 0


def write(db: Db, reform_id: int, changes: Sequence[Change]) -> tuple[list[Change], dict[int, int]]:
    """Make the changes and keep them; returns them, and the new units' and posts' ids by what they were below zero."""
    ids: dict[int, int] = {}
    for change in changes:
        if change.table in COUNTED and change.before is None:
            assert change.after is not None
            ids[change.key[0]] = _insert_counted(db, change.table, change.after, ids)
    real = [_with_ids(change, ids) for change in changes]
    _apply(db, [change for change in real if change.before is not None or change.table not in COUNTED])
    paths = [change for change in real if change.table == "units" and change.before is None]
    db.many("UPDATE units SET path = :path WHERE id = :id", [dict(c.after or {}) for c in paths])
    db.many(
        "INSERT INTO reform_changes (reform_id, number, of_table, key, before, after)"
        " VALUES (:reform, :number, :table, :key, :before, :after)",
        [{"reform": reform_id, "number": number, **_kept(change)} for number, change in enumerate(real)],
    )
    return real, ids


def _insert_counted(db: Db, table: str, row: Cells, ids: Mapping[int, int]) -> int:
    known = _real(table, {column: value for column, value in row.items() if column not in ("id", "path")}, ids)
    if table == "units":
        known["path"] = f"new {row['id']} of {row['since']} {row['code']}"  # its own id is not known yet
        known["key"] = keys.key(row["name"])
    found = db.one(
        f"INSERT INTO {table} ({', '.join(known)}) VALUES ({', '.join(f':{column}' for column in known)}) RETURNING id",
        **known,
    )
    assert found is not None
    new: int = found[0]
    return new


_REFERS = ("id", "parent_id", "child_id", "unit_id", "heir_id")


def _real(table: str, row: Cells, ids: Mapping[int, int]) -> Cells:
    real: Cells = {c: ids.get(v, v) if c in _REFERS and isinstance(v, int) and v < 0 else v for c, v in row.items()}
    if table == "units" and "path" in real:
        real["path"] = re.sub(r"-\d+", lambda part: str(ids[int(part[0])]), str(real["path"]))
    return real


def _with_ids(change: Change, ids: Mapping[int, int]) -> Change:
    key = tuple(ids.get(part, part) if isinstance(part, int) and part < 0 else part for part in change.key)
    after = None if change.after is None else _real(change.table, change.after, ids)
    return Change(change.table, key, change.before, after)


def _kept(change: Change) -> dict[str, str]:
    def as_json(row: Cells | None) -> str:
        return "" if row is None else json.dumps(row, ensure_ascii=False)

    key = json.dumps(change.key)
    return {"table": change.table, "key": key, "before": as_json(change.before), "after": as_json(change.after)}


_GO, _CHANGE, _COME, _GO_LAST = range(4)


def _apply(db: Db, changes: Sequence[Change]) -> None:
    """Rows go before others take their place, but units only when nothing stands under them any more."""
    grouped: dict[tuple[int, int, str, tuple[str, ...]], list[Change]] = {}
    order = list(KEYS)
    for change in changes:
        what, place = _what(change), order.index(change.table)
        key = (what, -place if what == _GO else place, change.table, tuple(change.after or ()))
        grouped.setdefault(key, []).append(change)
    for (what, _, table, columns), same in sorted(grouped.items(), key=lambda pair: pair[0][:2]):
        if what == _GO_LAST:
            same.reverse()
        keyed = [{**(one.after or {}), **(_keyed(one) if what != _COME else {})} for one in same]
        db.many(_statement(what, table, columns), keyed)


def _what(change: Change) -> int:
    if change.after is None:
        return _GO_LAST if change.table == "units" else _GO
    return _COME if change.before is None else _CHANGE


def _statement(what: int, table: str, columns: Sequence[str]) -> str:
    where = " AND ".join(f"{column} = :key_{column}" for column in KEYS[table])
    if what == _CHANGE:
        return f"UPDATE {table} SET {', '.join(f'{column} = :{column}' for column in columns)} WHERE {where}"
    if what == _COME:
        return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(f':{column}' for column in columns)})"
    return f"DELETE FROM {table} WHERE {where}"


def _keyed(change: Change) -> Cells:
    return {f"key_{column}": value for column, value in zip(KEYS[change.table], change.key, strict=True)}


def changes(db: Db, reform_id: int) -> list[Change]:
    """What it changed, in order."""
    rows = db.all(
        "SELECT of_table, key, before, after FROM reform_changes WHERE reform_id = :id ORDER BY number", id=reform_id
    )
    return [
        Change(row[0], tuple(json.loads(row[1])), *(json.loads(cell) if cell else None for cell in row[2:]))
        for row in rows
    ]


def put_back(db: Db, made: Sequence[Change]) -> None:
    """Every row as it was before; what depends on them was looked for first (`altered`, and those below)."""
    _apply(db, [Change(change.table, change.key, change.after, change.before) for change in made])


def altered(db: Db, made: Sequence[Change]) -> list[Change]:
    """Those of the rows it left that are not as it left them."""
    return [change for change in made if change.after is not None and _now(db, change) != change.after]


def _now(db: Db, change: Change) -> Cells | None:
    columns = tuple(change.after or ())
    where = " AND ".join(f"{column} = :key_{column}" for column in KEYS[change.table])
    row = db.one(f"SELECT {', '.join(columns)} FROM {change.table} WHERE {where}", **_keyed(change))
    return dict(zip(columns, row, strict=True)) if row else None
