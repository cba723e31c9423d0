"""Everything from one database into another, of whatever engine: table by table, in order, and read back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain
from typing import Any

from storage.db import Db, Row, StorageError
from storage.sqlite import blank

MOST = 5000  # rows read at once
OWN = "schema_version"  # every database has its own

Ask = Callable[[str, dict[str, Any]], Callable[[], list[Row]]]
"""Begins to read from a database; what it returns waits for the rows."""

_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Table:
    """`key`: what its rows are told apart by (nothing, where two may be the same); `counts`: it gives ids."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    counts: bool


@dataclass(frozen=True, slots=True)
class Sum:
    """What a table holds: how many rows, and a checksum of them in the order of their keys."""

    table: str
    rows: int
    sha256: str


@cache
def tables() -> tuple[Table, ...]:
    """All that anything is kept in, as the migrations make it; none refers to a later one, only to its own rows."""
    with blank() as db:
        names = [row[0] for row in db.all("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid")]
        kept = [name for name in names if name != OWN and not name.startswith("sqlite_")]
        above = {name: {row[2] for row in db.all(f"PRAGMA foreign_key_list({name})")} - {name} for name in kept}
        return tuple(_table(db, name) for name in _in_order(above))


def _in_order(above: dict[str, set[str]]) -> Iterator[str]:
    done: set[str] = set()
    while len(done) < len(above):
        name = next(name for name in above if name not in done and above[name] <= done)
        done.add(name)
        yield name


def _table(db: Db, name: str) -> Table:
    found = db.all(f"PRAGMA table_info({name})")
    key = sorted((row[5], row[1]) for row in found if row[5])
    made = db.one("SELECT sql FROM sqlite_schema WHERE name = :name", name=name)
    counts = made is not None and "AUTOINCREMENT" in made[0]
    return Table(name, tuple(row[1] for row in found), tuple(column for _, column in key), counts)


def held(db: Db) -> dict[str, int]:
    """How many rows are in each table that has any."""
    counted = {table.name: db.all(f"SELECT COUNT(*) FROM {table.name}")[0][0] for table in tables()}
    return {name: count for name, count in counted.items() if count}


def last_ids(db: Db) -> dict[str, int]:
    """How far each table that gives ids has come, ids of rows that are gone included."""
    return {table.name: db.last_id(table.name) for table in tables() if table.counts}


def carry(db: Db, ask: Ask, last: dict[str, int], told: Callable[[int], object]) -> list[Sum]:
    """Fill an empty database with all that `ask` reads from another.

    `last`: what `last_ids` says there; `told` hears how many more rows have come. Raises StorageError.
    """
    return [_carry(db, table, ask, last.get(table.name, 0), told) for table in tables()]


def _carry(db: Db, table: Table, ask: Ask, last: int, told: Callable[[int], object]) -> Sum:
    summing = _Summing(table, told)
    try:
        db.fill(table.name, table.columns, summing.over(ask))
    except StorageError:
        raise
    except Exception as error:  # the driver's own; below its first line it may show what somebody wrote
        raise StorageError(f"{table.name} cannot be carried over: {str(error).splitlines()[0]}.") from error
    if last:
        db.count_on(table.name, last)
    return summing.sum


def sums(ask: Ask, told: Callable[[int], object]) -> list[Sum]:
    """What every table of a database holds, read from its first to its last row."""
    found = []
    for table in tables():
        summing = _Summing(table, told)
        for _ in summing.over(ask):
            pass
        found.append(summing.sum)
    return found


def asking(db: Db) -> Ask:
    """To read in the same transaction."""
    return lambda sql, values: partial(db.all, sql, **values)


class _Summing:
    """Adds up a table's rows while they go by."""

    def __init__(self, table: Table, told: Callable[[int], object]) -> None:
        self._table, self._told = table, told
        self._rows, self._digest = 0, hashlib.sha256()

    @property
    def sum(self) -> Sum:
        return Sum(self._table.name, self._rows, self._digest.hexdigest())

    def over(self, ask: Ask) -> Iterator[Row]:
        return chain.from_iterable(map(self._add, _pages(self._table, ask)))

    def _add(self, page: list[Row]) -> list[Row]:
        self._digest.update("".join(f"{_as_json(row)}\n" for row in page).encode())
        self._rows += len(page)
        self._told(len(page))
        return page


def _pages(table: Table, ask: Ask) -> Iterator[list[Row]]:
    """All rows by their key; each page is asked for while the one before it is worked on."""
    at = 0
    answer = ask(*_page(table, None, at))
    while page := answer():
        at += len(page)
        answer = ask(*_page(table, page[-1], at))
        yield page


def _page(table: Table, after: Row | None, at: int) -> tuple[str, dict[str, Any]]:
    """The rows after that one, which is so far from the first."""
    columns = ", ".join(table.columns)
    if not table.key:  # equal rows cannot be told apart, so their order is of no importance
        order = ", ".join(f"{column} NULLS FIRST" for column in table.columns)
        return f"SELECT {columns} FROM {table.name} ORDER BY {order} LIMIT {MOST} OFFSET {at}", {}
    key = ", ".join(table.key)
    values = {} if after is None else {f"k{n}": after[table.columns.index(one)] for n, one in enumerate(table.key)}
    where = f" WHERE ({key}) > ({', '.join(f':{name}' for name in values)})" if values else ""
    return f"SELECT {columns} FROM {table.name}{where} ORDER BY {key} LIMIT {MOST}", values
