"""The embedded engine: one file, one writer, one hop into aiosqlite's thread for a whole batch of transactions."""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from storage import backup, leaders, migrations
from storage.db import Checked, Db, InUse, Leadership, Row, StorageError, TransactionLost

T = TypeVar("T")

Function = Callable[[Db], Any]

MENDED = (3, 51, 3)  # the first version in which two connections cannot lose a write-ahead log
MOST_TOGETHER = 64  # turns in one commit: more only make the first of them wait


# What says nothing of the statement and everything of the machine: the turn is not to blame and is done again later.
_FAULTS = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
}


class SqliteDb:
    """`Db` on an open sqlite3 connection; lives in the connection's thread."""

    skip_locked = ""
    bits_apart = "bits_apart(looks, :looks)"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def one(self, sql: str, **values: Any) -> Row | None:
        row: Row | None = self._do(sql, values, lambda cursor: cursor.fetchone())
        return row

    def all(self, sql: str, **values: Any) -> list[Row]:
        return self._do(sql, values, lambda cursor: cursor.fetchall())

    def run(self, sql: str, **values: Any) -> int:
        return self._do(sql, values, lambda cursor: cursor.rowcount)

    def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        try:
            self.connection.executemany(sql, rows)
        except sqlite3.DatabaseError as error:
            raise _judged(error) from error

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        self.run("PRAGMA defer_foreign_keys = ON")  # of two rows, either may refer to the other
        places = ", ".join("?" * len(columns))
        try:
            self.connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)
        except sqlite3.DatabaseError as error:
            raise _judged(error) from error

    def last_id(self, table: str) -> int:
        row = self.one("SELECT seq FROM sqlite_sequence WHERE name = :table", table=table)
        return row[0] if row else 0

    def count_on(self, table: str, last: int) -> None:
        if not self.run("UPDATE sqlite_sequence SET seq = :last WHERE name = :table", table=table, last=last):
            self.run("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :last)", table=table, last=last)

    def hold(self, what: str) -> None:
        """There is one writer: nothing is ever done at the same time."""

    def alone(self) -> None:
        """It always is."""

    def _do(self, sql: str, values: Mapping[str, Any], take: Callable[[sqlite3.Cursor], T]) -> T:
        """A row may turn out to be unreadable only when it is fetched."""
        try:
            return take(self.connection.execute(sql, values))
        except sqlite3.DatabaseError as error:
            raise _judged(error) from error

    @contextmanager
    def undoable(self) -> Iterator[None]:
        self.run("SAVEPOINT undoable")
        try:
            yield
        except TransactionLost:
            raise
        except BaseException as error:
            if not self.connection.in_transaction:
                raise TransactionLost from error
            self.run("ROLLBACK TO undoable")
            self.run("RELEASE undoable")
            raise
        self.run("RELEASE undoable")


def _judged(error: sqlite3.DatabaseError) -> BaseException:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the extended codes have the plain one in their last byte
    return TransactionLost() if code in _FAULTS else error


class OneHop(aiosqlite.Connection):
    """aiosqlite's connection with one more method: a plain function run in its thread in one hop.

    An awaited call per statement costs a thread wake-up each and lets transactions of two coroutines interleave.
    `_execute` is aiosqlite's own private hook: its version is pinned and a test holds it.
    """

    async def hop(self, function: Callable[[sqlite3.Connection], T]) -> T:
        made: list[T] = []  # the thread keeps what it returned until it has something else to do: that may be much
        await self._execute(lambda raw: made.append(function(raw)), self._conn)  # type: ignore[no-untyped-call]
        return made.pop()


Outcome = tuple[Any, BaseException | None]


def commit_together(connection: sqlite3.Connection, functions: Sequence[Function]) -> list[Outcome]:
    """Run each function in a savepoint of its own, all in one commit; a failure undoes its own work only.

    When the engine gives the commit up, each is tried alone: what one of them cannot have, its neighbours may.
    """
    db = SqliteDb(connection)
    try:
        connection.execute("BEGIN IMMEDIATE")
        outcomes = [_outcome(db, function) for function in functions]
        connection.execute("COMMIT")
    except BaseException as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if len(functions) > 1:
            return [commit_together(connection, [function])[0] for function in functions]
        return [(None, error.__cause__ or error if isinstance(error, TransactionLost) else error)]
    return outcomes


def _outcome(db: SqliteDb, function: Function) -> Outcome:
    try:
        with db.undoable():
            return function(db), None
    except TransactionLost:
        raise  # the engine gave the whole batch up: nobody may be told it was kept
    except BaseException as error:
        return None, error


class ForGood:
    """`Leadership` where there is but one process."""

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch

    def held(self) -> bool:
        return True

    async def lost(self) -> None:
        await asyncio.get_running_loop().create_future()

    async def resign(self) -> None:
        pass


class SqliteStore:
    """`Store` on one SQLite file: one line for everything. Calls that wait at the same time share one commit."""

    single = True

    def __init__(self, connection: OneHop, lock: int | None) -> None:
        self._connection = connection
        self._lock = lock
        self._waiting: list[tuple[Function, asyncio.Future[Any]]] = []
        self._pump: asyncio.Task[None] | None = None

    async def run(self, function: Callable[[Db], T], *, line: str | None = "") -> T:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((function, future))
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._work(), name="store")
        return await future

    async def _work(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
            functions = [function for function, _ in batch]
            try:
                outcomes = await self._connection.hop(partial(commit_together, functions=functions))
            except BaseException as closed:  # the connection is gone: nobody may wait for ever
                outcomes = [(None, closed)] * len(batch)
            for (_, future), (result, error) in zip(batch, outcomes, strict=True):
                if future.done():  # the caller was cancelled; what it asked for is kept all the same
                    continue
                if error is None:
                    future.set_result(result)
                else:
                    future.set_exception(error)

    async def lead(self, what: str, bell: Callable[[], None] = lambda: None) -> Leadership:
        return ForGood(await self.run(lambda db: leaders.next_epoch(db, what)))

    def ring(self) -> None:
        pass  # whoever rings and whoever hears are one process

    async def check(self) -> Checked:
        row = await self.run(lambda db: db.one("PRAGMA quick_check"))
        said = row[0] if row else "?"
        affected = sqlite3.sqlite_version_info < MENDED
        note = "before 3.51.3 only one connection may write; apso keeps to that" if affected else ""
        return Checked(said == "ok", said, f"SQLite {sqlite3.sqlite_version}: {note}" if note else "")

    async def close(self) -> None:
        if self._pump is not None:
            await self._pump
        await self._connection.close()
        if self._lock is not None:
            os.close(self._lock)


async def open_sqlite(path: str, now: int, copied: Callable[[Path], object] = lambda copy: None) -> SqliteStore:
    """Open (and create, and bring up to date) the file; ":memory:" for a store that keeps nothing.

    `now` is UTC milliseconds, for the record of migrations; `copied` is told where the copy of what was before them is.
    Raises StorageError with a sentence to act on.
    """
    lock = None if path == ":memory:" else hold(path)
    try:
        if path != ":memory:":
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # names and numbers are nobody else's to read
        opened = _connect(path)  # here and not in the thread, which would be left alone with the error
        connection = OneHop(lambda: opened, iter_chunk_size=64)
        await connection
        try:
            await connection.hop(lambda raw: _migrate(raw, path, now, copied))
        except sqlite3.Error as error:
            await connection.close()
            raise StorageError(f"{path} could not be brought up to date: {error}.") from error
        except BaseException:
            await connection.close()
            raise
    except BaseException:
        if lock is not None:
            os.close(lock)
        raise
    return SqliteStore(connection, lock)


def hold(path: str) -> int:
    """One process per file: SQLite before 3.51.3 can lose a WAL when two connections write or checkpoint at once."""
    try:
        lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        if os.geteuid() == 0:  # the bot's own user must be able to open what root looked after
            owner = os.stat(path if os.path.exists(path) else Path(path).absolute().parent)
            os.fchown(lock, owner.st_uid, owner.st_gid)
    except OSError as error:
        raise StorageError(f"The database file {path} cannot be opened: {error.strerror}.") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the system lets go of it however the process ends
    except OSError as error:
        os.close(lock)
        raise InUse(
            f"{path} is in use: the bot is running, or another apso command is. Only one program may use it; stop that "
            "one first."
        ) from error
    return lock


def _connect(path: str) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(path, isolation_level=None, cached_statements=512, check_same_thread=False)
        connection.execute("PRAGMA busy_timeout = 5000")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # "ghi nhận" must survive a power cut
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -16000")
        know_bits(connection)
    except sqlite3.OperationalError as error:
        raise StorageError(f"The database file {path} cannot be opened: {error}.") from error
    except sqlite3.DatabaseError as error:
        raise StorageError(f"{path} is not an apso database: {error}.") from error
    return connection


def know_bits(connection: sqlite3.Connection) -> None:
    """From now on it knows what `SqliteDb.bits_apart` says."""
    connection.create_function("bits_apart", 2, _bits_apart, deterministic=True)


def _bits_apart(looks: int, other: int) -> int:
    return ((looks ^ other) & (2**64 - 1)).bit_count()


@contextmanager
def blank() -> Iterator[SqliteDb]:
    """A database that holds nothing, as the migrations make it, in memory."""
    with closing(_connect(":memory:")) as connection:
        _migrate(connection, ":memory:", 0)
        yield SqliteDb(connection)


_DIALECT = (
    (re.compile(r"BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"), "INTEGER PRIMARY KEY AUTOINCREMENT"),
    (re.compile(r"\bBIGINT\b"), "INTEGER"),
    (re.compile(r"(CREATE TABLE .*?\n\))", re.DOTALL), r"\1 STRICT"),
)


def in_sqlite(sql: str) -> str:
    """Standard DDL as SQLite wants it: 64-bit identities that are never used twice, STRICT tables."""
    for pattern, replacement in _DIALECT:
        sql = pattern.sub(replacement, sql)
    return sql


def _migrate(
    connection: sqlite3.Connection, path: str, now: int, copied: Callable[[Path], object] = lambda copy: None
) -> None:
    db = SqliteDb(connection)
    connection.execute(in_sqlite(migrations.TABLE))
    missing = migrations.missing(db)
    if missing and path != ":memory:" and missing[0].version > 1:
        copy = Path(f"{path}.before-{missing[0].version:04d}")
        backup.copy_open(connection, Path(path), copy)
        copied(copy)
    for migration in missing:
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in migration.statements():
                connection.execute(in_sqlite(statement))
            migrations.mark(db, migration, now)
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
