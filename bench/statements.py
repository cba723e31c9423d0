"""The statements of turns, written down to be done again without the turns: what the engine alone takes for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from storage.db import Db, Row
from storage.sqlite import SqliteDb

Work = Callable[[Db], Any]


@dataclass
class Written:
    """`Db` that notes what it is asked; `again` does the same on another database that holds the same."""

    db: Db
    asked: list[Work] = field(default_factory=list)
    skip_locked: str = ""
    bits_apart: str = SqliteDb.bits_apart

    def one(self, sql: str, **values: Any) -> Row | None:
        self.asked.append(lambda db: db.one(sql, **values))
        return self.db.one(sql, **values)

    def all(self, sql: str, **values: Any) -> list[Row]:
        self.asked.append(lambda db: db.all(sql, **values))
        return self.db.all(sql, **values)

    def run(self, sql: str, **values: Any) -> int:
        self.asked.append(lambda db: db.run(sql, **values))
        return self.db.run(sql, **values)

    def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        kept = list(rows)
        self.asked.append(lambda db: db.many(sql, kept))
        self.db.many(sql, kept)

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        raise NotImplementedError("no turn puts in so much")

    def last_id(self, table: str) -> int:
        return self.db.last_id(table)

    def count_on(self, table: str, last: int) -> None:
        self.db.count_on(table, last)

    def hold(self, what: str) -> None:
        self.asked.append(lambda db: db.hold(what))
        self.db.hold(what)

    def alone(self) -> None:
        self.db.alone()

    @contextmanager
    def undoable(self) -> Iterator[None]:
        with self.db.undoable():
            yield

    def again(self, db: Db) -> None:
        with db.undoable():
            for work in self.asked:
                work(db)


@dataclass
class Recorder:
    """What a store was given to do, in order; to be put around each function."""

    turns: list[Written] = field(default_factory=list)

    def around(self, function: Work) -> Work:
        return partial(self._noted, function)

    def _noted(self, function: Work, db: Db) -> Any:
        written = Written(db)
        result = function(written)
        self.turns.append(written)
        return result
