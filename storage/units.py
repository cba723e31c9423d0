"""Units: a tree with dates. Today's tree is read through a materialised path, an earlier one from the dated edges.

A closed unit stays in the tree, below what it became (a merged one below its heir, any other below what it stood in):
so the figures made in it count where they belong now, and every total stays what it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from storage import keys
from storage.db import Db

COLUMNS = "u.id, u.code, u.name, u.kind, u.level, u.parent_id, u.path, u.until"
WIDTH = 8


@dataclass(frozen=True, slots=True)
class Unit:
    """A province, district, commune or hamlet. `path` is "/1/5/20/": the ids from the top down to itself.

    `closed_at`: since when it is no more (UTC milliseconds; None: it is).
    """

    id: int
    code: str
    name: str
    kind: str
    level: str
    parent_id: int | None
    path: str
    closed_at: int | None = None

    def holds(self, other: Unit) -> bool:
        """Whether `other` is this unit or stands below it."""
        return other.path.startswith(self.path)


def span(path: str) -> tuple[str, str]:
    """First and past-the-end path of the subtree: "/" is followed by "0" in ASCII."""
    return path, path[:-1] + "0"


def get(db: Db, unit_id: int) -> Unit | None:
    row = db.one(f"SELECT {COLUMNS} FROM units u WHERE u.id = :id", id=unit_id)
    return Unit(*row) if row else None


def add(db: Db, *, code: str, name: str, kind: str, level: str, parent: Unit | None, since: int, key: str = "") -> Unit:
    """A new unit under `parent` (None: the top). `key`: the name as it is searched ("": made later, by `fold`)."""
    row = db.one(
        "INSERT INTO units (code, name, kind, level, parent_id, path, since, key)"
        " VALUES (:code, :name, :kind, :level, :parent_id, :code_path, :since, :key) RETURNING id",
        code=code,
        name=name,
        kind=kind,
        level=level,
        parent_id=parent.id if parent else None,
        code_path=f"new {parent.id if parent else 0} {level} {code} {name}",
        since=since,
        key=keys.key(name),
    )
    assert row is not None
    unit = Unit(
        row[0], code, name, kind, level, parent.id if parent else None, f"{parent.path if parent else '/'}{row[0]}/"
    )
    db.run("UPDATE units SET path = :path WHERE id = :id", path=unit.path, id=unit.id)
    if parent is not None:
        _hang(db, unit.id, parent.id, since)
    return unit


def _hang(db: Db, child: int, parent: int, since: int) -> None:
    db.run(
        "INSERT INTO unit_edges (child_id, parent_id, since) VALUES (:child, :parent, :since)",
        child=child,
        parent=parent,
        since=since,
    )


def top(db: Db) -> Unit | None:
    row = db.one(f"SELECT {COLUMNS} FROM units u WHERE u.parent_id IS NULL ORDER BY u.id")
    return Unit(*row) if row else None


def children(db: Db, unit: Unit) -> list[Unit]:
    """Directly below and not closed, in the order they were entered."""
    rows = db.all(
        f"SELECT {COLUMNS} FROM units u WHERE u.parent_id = :id AND u.until IS NULL ORDER BY u.id", id=unit.id
    )
    return [Unit(*row) for row in rows]


def under(db: Db, unit: Unit, *, closed: bool = False) -> list[Unit]:
    """The unit and everything below it; `closed`: what is no more, too."""
    first, end = span(unit.path)
    rows = db.all(
        f"SELECT {COLUMNS} FROM units u WHERE u.path >= :first AND u.path < :end"
        + ("" if closed else " AND u.until IS NULL")
        + " ORDER BY u.id",
        first=first,
        end=end,
    )
    return [Unit(*row) for row in rows]


def above(db: Db, unit: Unit) -> list[Unit]:
    """From the parent up to the top."""
    found = []
    while unit.parent_id is not None and (parent := get(db, unit.parent_id)) is not None:
        found.append(parent)
        unit = parent
    return found


def as_of(db: Db, top: Unit, at: int) -> list[Unit]:
    """The unit and everything below it as it was then, with the names of then; paths begin at the unit.

    A unit that was not yet there is what it came from, below itself.
    """
    roots = _roots(db, top, at)
    rows = db.all(
        f"{_tree(roots)} SELECT u.id, COALESCE(n.code, u.code), COALESCE(n.name, u.name), COALESCE(n.kind, u.kind),"
        " u.level, tree.parent_id, tree.path, CASE WHEN u.until <= :at THEN u.until END FROM tree"
        " JOIN units u ON u.id = tree.id"
        " LEFT JOIN unit_names n ON n.unit_id = u.id AND n.since <= :at AND n.until > :at ORDER BY u.id",
        at=at,
    )
    found = [Unit(*row) for row in rows]
    if roots == [top.id]:
        return found
    root = replace(top, path=f"/{top.id}/")
    return [root, *(_below(root, unit, roots) for unit in found)]


def _below(root: Unit, unit: Unit, roots: list[int]) -> Unit:
    parent = root.id if unit.id in roots else unit.parent_id
    return replace(unit, parent_id=parent, path=f"{root.path[:-1]}{unit.path}")


def _roots(db: Db, unit: Unit, at: int) -> list[int]:
    """The unit itself if it was there then, else what it came from."""
    row = db.one("SELECT since FROM units WHERE id = :id", id=unit.id)
    if row is None or row[0] <= at:
        return [unit.id]
    found = [root for earlier in came_from(db, unit) for root in _roots(db, earlier, at)]
    return list(dict.fromkeys(found)) or [unit.id]


def _tree(roots: list[int]) -> str:
    """The beginning of a query: `tree` is what stood below these at :at."""
    return (
        "WITH RECURSIVE tree (id, parent_id, path) AS (SELECT id, parent_id, '/' || id || '/' FROM units"
        f" WHERE id IN ({', '.join(str(int(root)) for root in roots)}) UNION ALL"
        " SELECT e.child_id, e.parent_id, tree.path || e.child_id || '/'"
        " FROM unit_edges e JOIN tree ON tree.id = e.parent_id"
        " WHERE e.since <= :at AND (e.until IS NULL OR e.until > :at))"
    )


def scope(db: Db, unit: Unit, of: str, at: int | None = None) -> tuple[str, dict[str, Any]]:
    """What joins a table that has a unit's id in the column `of` to the subtree of `unit`, closed units too: today's,
    or that of a moment; with the values it needs."""
    if at is not None:
        tree = _tree(_roots(db, unit, at))
        return f" JOIN ({tree} SELECT id FROM tree) scope ON scope.id = {of}", {"at": at}
    first, end = span(unit.path)
    return (
        f" JOIN units scope ON scope.id = {of} AND scope.path >= :scope_first AND scope.path < :scope_end",
        {"scope_first": first, "scope_end": end},
    )


def came_from(db: Db, unit: Unit) -> list[Unit]:
    """The units this one follows."""
    rows = db.all(
        f"SELECT {COLUMNS} FROM unit_heirs h JOIN units u ON u.id = h.unit_id WHERE h.heir_id = :id ORDER BY u.id",
        id=unit.id,
    )
    return [Unit(*row) for row in rows]


def stood_in(db: Db, unit: Unit) -> Unit | None:
    """The closed unit it last stood in, where another of the same name stands beside it now."""
    row = db.one(
        f"SELECT {COLUMNS} FROM unit_edges e JOIN units u ON u.id = e.parent_id WHERE e.child_id = :id"
        " AND e.until IS NOT NULL AND u.until IS NOT NULL AND EXISTS (SELECT 1 FROM units s"
        " WHERE s.parent_id = :parent AND s.id <> :id AND s.key = :key AND s.until IS NULL)"
        " ORDER BY e.until DESC LIMIT 1",
        id=unit.id,
        parent=unit.parent_id,
        key=keys.key(unit.name),
    )
    return Unit(*row) if row else None


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are below a unit (and of people, in it)."""

    units: int
    people: int
    leads: int


def count(db: Db, unit: Unit) -> Count:
    """The open units below, the people with a post in the subtree, and those of them who lead."""
    first, end = span(unit.path)
    below = db.one(
        "SELECT COUNT(*) FROM units u WHERE u.path > :first AND u.path < :end AND u.until IS NULL", first=first, end=end
    )
    held = db.one(
        "SELECT COUNT(DISTINCT o.person_id),"
        " COUNT(DISTINCT CASE WHEN o.role IN ('head', 'deputy') THEN o.person_id END)"
        " FROM units u JOIN posts o ON o.unit_id = u.id AND o.until IS NULL WHERE u.path >= :first AND u.path < :end",
        first=first,
        end=end,
    )
    assert below is not None
    assert held is not None
    return Count(below[0], held[0], held[1])


def since(db: Db, unit: Unit) -> int:
    """Since when it is there (UTC milliseconds)."""
    row = db.one("SELECT u.since FROM units u WHERE u.id = :id", id=unit.id)
    assert row is not None
    found: int = row[0]
    return found


def level(db: Db, within: Unit, name: str) -> list[Unit]:
    """The open units of that level in a subtree, in the order they were entered."""
    first, end = span(within.path)
    rows = db.all(
        f"SELECT {COLUMNS} FROM units u WHERE u.path >= :first AND u.path < :end AND u.level = :level"
        " AND u.until IS NULL ORDER BY u.id",
        first=first,
        end=end,
        level=name,
    )
    return [Unit(*row) for row in rows]


def heirs(db: Db, unit: Unit) -> list[Unit]:
    """The units that follow this one."""
    rows = db.all(
        f"SELECT {COLUMNS} FROM unit_heirs h JOIN units u ON u.id = h.heir_id WHERE h.unit_id = :id ORDER BY u.id",
        id=unit.id,
    )
    return [Unit(*row) for row in rows]


def inherit(db: Db, unit_id: int, heir_id: int, at: int) -> None:
    """The heir follows the unit from then on."""
    db.run(
        "INSERT INTO unit_heirs (unit_id, heir_id, at) VALUES (:unit, :heir, :at)"
        " ON CONFLICT (unit_id, heir_id) DO UPDATE SET at = excluded.at",
        unit=unit_id,
        heir=heir_id,
        at=at,
    )


def rename(db: Db, unit: Unit, *, code: str, name: str, kind: str, at: int) -> None:
    """From then on it is called so; what it was called is kept."""
    db.run(
        "INSERT INTO unit_names (unit_id, since, until, code, name, kind)"
        " SELECT u.id, COALESCE((SELECT MAX(n.until) FROM unit_names n WHERE n.unit_id = u.id), u.since),"
        " :at, u.code, u.name, u.kind FROM units u WHERE u.id = :id"
        " ON CONFLICT (unit_id, since) DO NOTHING",
        at=at,
        id=unit.id,
    )
    db.run(
        "UPDATE units SET code = :code, name = :name, kind = :kind, key = :key WHERE id = :id",
        code=code,
        name=name,
        kind=kind,
        key=keys.key(name),
        id=unit.id,
    )


def hang_under(db: Db, unit: Unit, parent: Unit, at: int) -> None:
    """From then on it stands under another. Never under itself or what is below it."""
    assert not unit.holds(parent), "a unit cannot stand below itself"
    db.run("DELETE FROM unit_edges WHERE child_id = :child AND until IS NULL AND since >= :at", child=unit.id, at=at)
    db.run("UPDATE unit_edges SET until = :at WHERE child_id = :child AND until IS NULL", child=unit.id, at=at)
    _hang(db, unit.id, parent.id, at)
    _carry(db, unit.path, f"{parent.path}{unit.id}/")
    db.run("UPDATE units SET parent_id = :parent WHERE id = :id", parent=parent.id, id=unit.id)


def _carry(db: Db, path: str, to: str) -> None:
    """The whole subtree gets its new paths."""
    first, end = span(path)
    db.run(
        "UPDATE units SET path = :to || SUBSTR(path, CAST(:length AS INTEGER)) WHERE path >= :first AND path < :end",
        to=to,
        length=len(path) + 1,
        first=first,
        end=end,
    )


def close(db: Db, unit: Unit, at: int) -> None:
    """It is no more from then on; where its figures count, `hang_under` says."""
    db.run("UPDATE units SET until = :at WHERE id = :id", at=at, id=unit.id)


def levels(db: Db) -> list[str]:
    """The levels there are units of, the highest first."""
    rows = db.all(
        "SELECT u.level, MIN(LENGTH(u.path)) FROM units u WHERE u.until IS NULL GROUP BY u.level ORDER BY 2, 1"
    )
    return [row[0] for row in rows]


def with_code(db: Db, code: str) -> list[Unit]:
    """The open units of this official code: a merged unit keeps the code of one it came from."""
    rows = db.all(f"SELECT {COLUMNS} FROM units u WHERE u.code = :code AND u.until IS NULL ORDER BY u.id", code=code)
    return [Unit(*row) for row in rows]


def called(db: Db, within: Unit, words: str, most: int = 200) -> list[Unit]:
    """The open units of a subtree with each of these words in their names, the highest first: to be ranked."""
    first, end = span(within.path)
    asked = keys.words(words)
    rows = db.all(
        f"SELECT {COLUMNS} FROM units u WHERE u.path >= :first AND u.path < :end AND u.until IS NULL"
        + "".join(f" AND u.key LIKE :word{n}" for n in range(len(asked)))
        + " ORDER BY LENGTH(u.path), u.id LIMIT :most",
        first=first,
        end=end,
        most=most,
        **{f"word{n}": f"%{word}%" for n, word in enumerate(asked)},
    )
    return [Unit(*row) for row in rows]


def namesakes(db: Db, within: Unit, unit: Unit) -> list[Unit]:
    """The open units of a subtree that are called the same, itself included."""
    first, end = span(within.path)
    rows = db.all(
        f"SELECT {COLUMNS} FROM units u WHERE u.key = :key AND u.path >= :first AND u.path < :end AND u.until IS NULL"
        " ORDER BY u.id",
        key=keys.key(unit.name),
        first=first,
        end=end,
    )
    return [Unit(*row) for row in rows]


def fill_keys(db: Db, most: int = 5000) -> int:
    """Make names searched that are not yet, so many at a time; returns how many were left before."""
    rows = db.all("SELECT id, name FROM units WHERE key = '' AND name <> '' ORDER BY id LIMIT :most", most=most)
    db.many(
        "UPDATE units SET key = :key WHERE id = :id",
        ({"id": row[0], "key": keys.key(row[1]) or row[1]} for row in rows),
    )
    return len(rows)
