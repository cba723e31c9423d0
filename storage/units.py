"""Units of the province: a tree with dates, read as of today through a materialised path."""

from __future__ import annotations

from dataclasses import dataclass

from storage.db import Db

_COLUMNS = "id, code, name, kind, level, parent_id, path"


@dataclass(frozen=True, slots=True)
class Unit:
    """A province, district, commune or hamlet. `path` is "/1/5/20/": the ids from the top down to itself."""

    id: int
    code: str
    name: str
    kind: str
    level: str
    parent_id: int | None
    path: str

    def holds(self, other: Unit) -> bool:
        """Whether `other` is this unit or stands below it."""
        return other.path.startswith(self.path)


def span(path: str) -> tuple[str, str]:
    """First and past-the-end path of the subtree: "/" is followed by "0" in ASCII."""
    return path, path[:-1] + "0"


def get(db: Db, unit_id: int) -> Unit | None:
    row = db.one(f"SELECT {_COLUMNS} FROM units WHERE id = :id", id=unit_id)
    return Unit(*row) if row else None


def add(db: Db, *, code: str, name: str, kind: str, level: str, parent: Unit | None, since: int) -> Unit:
    """A new unit under `parent` (None: the top)."""
    row = db.one(
        "INSERT INTO units (code, name, kind, level, parent_id, path, since)"
        " VALUES (:code, :name, :kind, :level, :parent_id, :code_path, :since) RETURNING id",
        code=code,
        name=name,
        kind=kind,
        level=level,
        parent_id=parent.id if parent else None,
        code_path=f"new {parent.id if parent else 0} {level} {code} {name}",
        since=since,
    )
    assert row is not None
    unit = Unit(
        row[0], code, name, kind, level, parent.id if parent else None, f"{parent.path if parent else '/'}{row[0]}/"
    )
    db.run("UPDATE units SET path = :path WHERE id = :id", path=unit.path, id=unit.id)
    if parent is not None:
        db.run(
            "INSERT INTO unit_edges (child_id, parent_id, since) VALUES (:child, :parent, :since)",
            child=unit.id,
            parent=parent.id,
            since=since,
        )
    return unit


def top(db: Db) -> Unit | None:
    row = db.one(f"SELECT {_COLUMNS} FROM units WHERE parent_id IS NULL ORDER BY id")
    return Unit(*row) if row else None


def children(db: Db, unit: Unit) -> list[Unit]:
    """Directly below, in the order they were entered."""
    return [Unit(*row) for row in db.all(f"SELECT {_COLUMNS} FROM units WHERE parent_id = :id ORDER BY id", id=unit.id)]


def under(db: Db, unit: Unit) -> list[Unit]:
    """The unit and everything below it."""
    first, end = span(unit.path)
    return [
        Unit(*row)
        for row in db.all(
            f"SELECT {_COLUMNS} FROM units WHERE path >= :first AND path < :end ORDER BY id", first=first, end=end
        )
    ]


def above(db: Db, unit: Unit) -> list[Unit]:
    """From the parent up to the top."""
    found = []
    while unit.parent_id is not None and (parent := get(db, unit.parent_id)) is not None:
        found.append(parent)
        unit = parent
    return found
