"""A database that breaks where it is told to: at the n-th statement, before, in and after a commit, for good or not."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from storage.sqlite import OneHop, SqliteStore, _migrate, know_bits

T = TypeVar("T")

Break = Callable[["Failing", str], None]
"""Called before a statement; returns when it may go on."""


def error(code: int, words: str) -> sqlite3.OperationalError:
    """As the driver makes it."""
    made = sqlite3.OperationalError(words)
    made.sqlite_errorcode = code
    return made


def full() -> sqlite3.OperationalError:
    return error(sqlite3.SQLITE_FULL, "database or disk is full")


def busy() -> sqlite3.OperationalError:
    return error(sqlite3.SQLITE_BUSY, "database is locked")


def locked() -> sqlite3.OperationalError:
    return error(sqlite3.SQLITE_LOCKED_SHAREDCACHE, "database table is locked")


def ioerr() -> sqlite3.OperationalError:
    return error(sqlite3.SQLITE_IOERR_WRITE, "disk I/O error")


FAULTS = (full, busy, locked, ioerr)


class Failing(sqlite3.Connection):
    """Counts statements; `before` is asked at each, `after` told of each, `reading` asked before rows are fetched."""

    statements = 0
    before: Break | None = None
    after: Break | None = None
    reading: Break | None = None

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        return self._do(sql, lambda: self._reading().execute(sql, parameters))

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        return self._do(sql, lambda: self._reading().executemany(sql, parameters))

    def _do(self, sql: str, do: Callable[[], sqlite3.Cursor]) -> sqlite3.Cursor:
        self.statements += 1
        if self.before is not None:
            self.before(self, sql)
        cursor = do()
        if self.after is not None:
            self.after(self, sql)
        return cursor

    def _reading(self) -> Reading:
        return self.cursor(Reading)

    def plainly(self, sql: str, *values: Any) -> list[Any]:
        """Look, without counting and without faults."""
        return self.cursor().execute(sql, values).fetchall()

    def undo(self) -> None:
        """What the engine does by itself when it cannot go on, and what is found after a power cut."""
        if self.in_transaction:
            self.cursor().execute("ROLLBACK")


class Reading(sqlite3.Cursor):
    """Rows that may turn out to be unreadable while they are fetched."""

    def fetchall(self) -> list[Any]:
        self._ask()
        return super().fetchall()

    def fetchone(self) -> Any:
        self._ask()
        return super().fetchone()

    def _ask(self) -> None:
        connection = cast(Failing, self.connection)
        if connection.reading is not None:
            connection.reading(connection, "")


def open_failing(now: int) -> Failing:
    """An empty database in memory, its tables made."""
    connection = sqlite3.connect(":memory:", isolation_level=None, cached_statements=512, factory=Failing)
    connection.execute("PRAGMA foreign_keys = ON")
    know_bits(connection)
    _migrate(connection, ":memory:", now)
    return connection


def copy(connection: Failing) -> Failing:
    """The same again, on its own."""
    other = sqlite3.connect(":memory:", isolation_level=None, cached_statements=512, factory=Failing)
    know_bits(other)
    connection.backup(other)
    other.execute("PRAGMA foreign_keys = ON")
    return other


class Crash(BaseException):
    """The process is no more."""


@dataclass
class Heat:
    """How likely, at each commit, that the process ends in it, and that the disk fails."""

    crash: float = 0.0
    fault: float = 0.0


@dataclass
class Hand:
    """One life's hold on the disk: stands where the store has its thread, and does everything in this one."""

    connection: Failing
    random: random.Random
    heat: Heat
    crashed: Callable[[str], None]
    committed: Callable[[], None]
    failed: Callable[[str], None]
    dead: bool = False
    _left: int = field(default=0, init=False)

    async def hop(self, function: Callable[[sqlite3.Connection], T]) -> T:
        await asyncio.sleep(self.random.choice((0.0, 0.0005, 0.002, 0.02)))
        if self.dead:
            await asyncio.get_running_loop().create_future()
        self._arm()
        try:
            result = function(self.connection)
        finally:
            self.connection.before = self.connection.after = None
        if self.dead:  # nobody hears what became of it
            await asyncio.get_running_loop().create_future()
        self.committed()
        return result

    async def close(self) -> None:
        pass

    def store(self) -> SqliteStore:
        """The real store over it."""
        return SqliteStore(cast(OneHop, self), None)

    def die(self) -> None:
        """The process ended: what was not committed never was."""
        self.dead = True
        self.connection.undo()
        self.connection.before = _gone

    def _arm(self) -> None:
        chance = self.random.random()
        self.connection.before = self.connection.after = None
        if chance < self.heat.crash:
            where = self.random.choice(("statement", "statement", "commit", "committed"))
            self._left = self.random.randint(1, 30)
            if where == "committed":
                self.connection.after = self._end_after_commit
            else:
                self.connection.before = self._end_at_statement if where == "statement" else self._end_at_commit
        elif chance < self.heat.crash + self.heat.fault:
            self._left = self.random.randint(1, 40)
            self.connection.before = self._fail

    def _end_at_statement(self, connection: Failing, sql: str) -> None:
        self._left -= 1
        if self._left <= 0:
            self._end(f"at {sql[:40]!r}")

    def _end_at_commit(self, connection: Failing, sql: str) -> None:
        if sql == "COMMIT":
            self._end("before a commit")

    def _end_after_commit(self, connection: Failing, sql: str) -> None:
        if sql == "COMMIT":
            self._end("after a commit")

    def _end(self, where: str) -> None:
        self.die()
        self.crashed(where)
        raise Crash(where)

    def _fail(self, connection: Failing, sql: str) -> None:
        self._left -= 1
        if self._left > 0 or sql.startswith(("ROLLBACK", "RELEASE", "SAVEPOINT")):
            return
        fault = self.random.choice(FAULTS)
        if fault in (full, ioerr) and self.random.random() < 0.5:
            connection.undo()
        if self.random.random() < 0.7:  # else what comes next fails too
            connection.before = None
        self.failed(f"{fault.__name__} at {sql[:40]!r}")
        raise fault()


def _gone(connection: Failing, sql: str) -> None:
    raise Crash("it is no more")
