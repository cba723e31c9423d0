"""The engine for several processes: PostgreSQL behind the same `Store`, transactions in a few threads.

What SQLite gives by doing one thing at a time, this gives by REPEATABLE READ: a transaction sees one moment, and of two
that change the same row one is tried again. Two that only read what the other changes would not notice each other, so
what is decided from rows one does not change is held (`Db.hold`): a row of the table `lines` is changed for it, and of
two that hold the same, one begins anew with a fresh look. The order within a line (the turns of a chat) is the same
thing: each of its transactions holds the line first.

SERIALIZABLE would notice by itself, and was slower by half or more: it guards whole pages of an index, and what goes on
now in all chats (drafts, open choices, the queue) fits on one, so that any two turns clash (docs/bench.md).
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import math
import random
import re
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar
from weakref import WeakSet

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8Dumper

from storage import address, leaders, migrations
from storage.db import Checked, Db, Leadership, Row, StorageError, TransactionLost

log = logging.getLogger("apso.storage")

T = TypeVar("T")

Function = Callable[[Db], Any]

CONNECTIONS = 4
MOST_TRIES = 12
ALONE_AFTER = 4  # clashes: from then on nothing else runs meanwhile …
LONG_S = 0.5  # … and at once when one clashed that took so long: it might never come to its end
BELL = "apso"
BEAT_S = 0.25
LEASE_S = 2.0  # without a beat of one's own for so long one no longer leads …
DEPOSED_AFTER_S = 3.0  # … and after so long of another's silence that one is deposed
STAND_AGAIN_S = 0.2
JOIN_S = 5.0
SILENT_S = 2.0  # then whoever waits to look after the schema says so
ASK_AGAIN_S = 0.1
OLDEST = 140_000  # the first in which every statement of this program is understood
MIGRATING = 0x6170736F  # "apso": the advisory lock of whoever changes the schema

_SESSION = (
    # A process stopped in the middle must not hold what others wait for.
    "-c idle_in_transaction_session_timeout=10s -c lock_timeout=30s -c statement_timeout=120s"
    " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c jit=off"
)
_ALIVE: dict[str, Any] = {  # the same on this side: a server that vanished is noticed within 15 s
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
_OWN_TABLES = """CREATE UNLOGGED TABLE IF NOT EXISTS lines (
    name BIGINT NOT NULL PRIMARY KEY,
    turns BIGINT NOT NULL
) WITH (fillfactor = 50)"""


@cache
def in_postgres(sql: str) -> str:
    """`:name` as the driver wants it."""
    return re.sub(r"(?<!:):([a-z_][a-z_0-9]*)", r"%(\1)s", sql.replace("%", "%%"))


def ddl_in_postgres(sql: str) -> str:
    """Texts compare by their bytes, as in SQLite: paths are searched by prefix, and order is the same everywhere."""
    return re.sub(r"\bTEXT\b", 'TEXT COLLATE "C"', sql)


_HOLD = """WITH free AS (SELECT name FROM lines WHERE name = :name FOR UPDATE NOWAIT)
    UPDATE lines SET turns = turns + 1 FROM free WHERE lines.name = free.name"""
_HOLD_FIRST = (
    "INSERT INTO lines (name, turns) VALUES (:name, 1) ON CONFLICT (name) DO UPDATE SET turns = lines.turns + 1"
)


class PostgresDb:
    """`Db` on an open transaction; lives in the connection's thread. `held`: what it holds, as the rows' names."""

    skip_locked = " FOR UPDATE OF o SKIP LOCKED"
    bits_apart = "bit_count((looks # :looks)::bit(64))"

    def __init__(
        self,
        connection: psycopg.Connection[Row],
        held: Iterable[int] = (),
        *,
        is_alone: bool = False,
        is_lineless: bool = False,
    ) -> None:
        self._cursor = connection.cursor()
        self._savepoints = 0
        self._is_alone = is_alone
        self._is_lineless = is_lineless
        self.held = set(held)

    def hold(self, what: str) -> None:
        """Does not wait for another that holds it, who may wait for something of ours; but for what nobody ever held.

        Of no line one waits: each of its statements sees what was committed by then.
        """
        name = _name(what)
        if name in self.held or self._is_alone:
            return
        self.held.add(name)
        if self._is_lineless or not self._execute(_HOLD, {"name": name}).rowcount:
            self._execute(_HOLD_FIRST, {"name": name})

    def alone(self) -> None:
        if not self._is_alone:
            raise TransactionLost from NotAlone()
        self._take_time()

    def one(self, sql: str, **values: Any) -> Row | None:
        return self._execute(sql, values).fetchone()

    def all(self, sql: str, **values: Any) -> list[Row]:
        found = self._execute(sql, values)
        return found.fetchall() if found.description else []

    def run(self, sql: str, **values: Any) -> int:
        return self._execute(sql, values).rowcount

    def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        try:
            self._cursor.executemany(in_postgres(sql), rows)
        except psycopg.Error as error:
            raise _judged(error) from error

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        try:
            self._take_time()
            with self._cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            self._cursor.execute(f"ANALYZE {table}")  # the first questions come before the server would look by itself
        except psycopg.Error as error:
            raise _judged(error) from error

    def _take_time(self) -> None:
        """What changes very much may think between two statements."""
        self._cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")

    def last_id(self, table: str) -> int:
        row = self.one(
            "SELECT COALESCE(pg_sequence_last_value(pg_get_serial_sequence(:table, 'id')::regclass), 0)", table=table
        )
        assert row is not None
        last: int = row[0]
        return last

    def count_on(self, table: str, last: int) -> None:
        self.all("SELECT setval(pg_get_serial_sequence(:table, 'id')::regclass, :last)", table=table, last=last)

    def _execute(self, sql: str, values: Mapping[str, Any]) -> psycopg.Cursor[Row]:
        try:
            return self._cursor.execute(in_postgres(sql), values)
        except psycopg.Error as error:
            raise _judged(error) from error

    @contextmanager
    def undoable(self) -> Iterator[None]:
        """Savepoints have names of their own and are left to the commit: to release each is a trip to the server."""
        self._savepoints += 1
        name = f"undoable_{self._savepoints}"
        self._execute(f"SAVEPOINT {name}", {})
        try:
            yield
        except TransactionLost:
            raise
        except BaseException:
            self._execute(f"ROLLBACK TO {name}", {})
            raise


# Clashes, a full disk, a lost connection, a transaction that stood still too long: not the statement's fault.
_FAULTS = (psycopg.OperationalError, errors.IdleInTransactionSessionTimeout)


def _judged(error: psycopg.Error) -> BaseException:
    return TransactionLost() if isinstance(error, _FAULTS) else error


class NotAlone(Exception):
    """The transaction wants nothing else to run meanwhile: it begins anew, alone."""


def connect(url: str) -> psycopg.Connection[Row]:
    """A connection as this program wants it, unless the address wants it otherwise.

    Raises StorageError with a sentence that holds no password.
    """
    wanted = _settings(url)
    options = f"{_SESSION} {wanted.get('options', '')}".rstrip()  # of one said twice the last counts
    own = {"connect_timeout": 5, **_ALIVE, **wanted, "application_name": "apso", "options": options}
    try:
        connection: psycopg.Connection[Row] = psycopg.connect(autocommit=True, **own)
    except (psycopg.OperationalError, psycopg.ProgrammingError) as error:
        reason = str(error).strip().splitlines()[0].strip().rstrip(".")
        raise StorageError(f"The database server cannot be used: {reason}. See [storage] url.") from None
    connection.adapters.register_dumper(int, Int8Dumper)  # one type, so one prepared statement, for all numbers
    return connection


def _settings(url: str) -> dict[str, Any]:
    """What an address says; it is refused here and not by the driver, whose sentence quotes what it cannot read."""
    if mistake := address.mistake(url):
        raise StorageError(f"[storage] url: {mistake}.")
    try:
        return conninfo_to_dict(url)
    except psycopg.Error:
        raise StorageError(
            "[storage] url: the address of the database has a setting that PostgreSQL does not know; write it like "
            f"{address.LIKE}."
        ) from None


def _name(line: str) -> int:
    """A line as the number its row goes by: whose chat it is need not stand there too."""
    return int.from_bytes(hashlib.blake2b(line.encode(), digest_size=8).digest(), signed=True)


@dataclass
class Attempt:
    """One try of a transaction. `held`: what is known to be held, for the next try too (None: of no line).

    `began` is when it had all that and looked around.
    """

    held: set[int] | None
    again: bool = False
    alone: bool = False
    began: float = 0.0

    def begin(self, connection: psycopg.Connection[Row]) -> PostgresDb:
        """In one trip, what is held in an order that all keep. LOCK comes first: it waits before it looks around."""
        if self.held is None:
            connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
        else:
            if self.again:
                _await(connection, self.held)
            mode = "EXCLUSIVE" if self.alone else "ROW EXCLUSIVE"
            rows = ", ".join(f"({name}, 1)" for name in sorted(self.held))
            connection.execute(
                f"BEGIN ISOLATION LEVEL REPEATABLE READ; LOCK TABLE lines IN {mode} MODE;"
                f" INSERT INTO lines (name, turns) VALUES {rows}"
                " ON CONFLICT (name) DO UPDATE SET turns = lines.turns + 1"
            )
        self.began = time.monotonic()
        return PostgresDb(connection, self.held or (), is_alone=self.alone, is_lineless=self.held is None)

    def next(self, cause: BaseException, tried: int) -> Attempt:
        """After a clash: with what is known by now, alone if it may not come to its end otherwise."""
        long = self.began > 0 and time.monotonic() - self.began > LONG_S
        alone = self.alone or long or tried + 1 >= ALONE_AFTER or isinstance(cause, NotAlone)
        return Attempt(self.held, True, alone)


def _await(connection: psycopg.Connection[Row], held: Collection[int]) -> None:
    """Returns when whoever holds any of it has come to the end: to begin before that would only clash again."""
    connection.execute("SELECT name FROM lines WHERE name = ANY(%s) ORDER BY name FOR UPDATE", (sorted(held),))


def _transaction(connection: psycopg.Connection[Row], function: Function, attempt: Attempt) -> Any:
    db = None
    try:
        db = attempt.begin(connection)
        result = function(db)
        if connection.info.transaction_status == TransactionStatus.INERROR:
            raise StorageError("A statement failed and was passed over: nothing of the transaction can be kept.")
    except BaseException as error:
        with suppress(psycopg.Error):
            connection.execute("ROLLBACK")
        if attempt.held is not None and db is not None:
            attempt.held |= db.held
        if isinstance(error, psycopg.Error) and db is None:  # before the function had begun
            raise _judged(error) from error
        raise
    try:
        connection.execute("COMMIT")
    except (errors.SerializationFailure, errors.IdleInTransactionSessionTimeout) as error:  # nothing was kept
        raise TransactionLost from error
    return result


def _is_clash(error: BaseException) -> bool:
    return isinstance(error, errors.SerializationFailure | errors.DeadlockDetected | errors.LockNotAvailable | NotAlone)


class PostgresStore:
    """`Store` on a PostgreSQL database. Each thread has a connection of its own, opened again when it is lost."""

    single = False

    def __init__(self, url: str, connections: int = CONNECTIONS) -> None:
        self._url = url
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix="store")
        self._clerk = ThreadPoolExecutor(1, thread_name_prefix="store, of no line")  # never behind turns that wait
        self._own = threading.local()
        self._opened: set[psycopg.Connection[Row]] = set()
        self._lines: dict[str, deque[tuple[Function, asyncio.Future[Any]]]] = {}
        self._pumps: set[asyncio.Task[None]] = set()
        self._ringing: asyncio.Future[None] | None = None
        self._leaders: WeakSet[PostgresLeadership] = WeakSet()
        self._closed = False
        self.clashes = 0

    async def run(self, function: Callable[[Db], T], *, line: str | None = "") -> T:
        if self._closed:
            raise ValueError("no active connection")
        if line is None:
            return await asyncio.shield(self._in_thread(function, None))
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        waiting = self._lines.get(line)
        if waiting is None:
            waiting = self._lines[line] = deque()
            pump = asyncio.create_task(self._work(line), name="store")
            self._pumps.add(pump)
            pump.add_done_callback(self._pumps.discard)
        waiting.append((function, future))
        return await future

    async def _work(self, line: str) -> None:
        waiting = self._lines[line]
        while waiting:
            function, future = waiting.popleft()
            result, error = None, None
            try:
                result = await self._in_thread(function, line)
            except BaseException as raised:
                error = raised
            if future.done():  # the caller was cancelled; what it asked for is kept all the same
                continue
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)
        del self._lines[line]

    def _in_thread(self, function: Callable[[Db], T], line: str | None) -> asyncio.Future[T]:
        threads = self._clerk if line is None else self._threads
        return asyncio.get_running_loop().run_in_executor(threads, self._insist, function, line)

    def _insist(self, function: Callable[[Db], T], line: str | None) -> T:
        """Until it is committed: clashes pass, and a connection that was lost before the commit can be made again."""
        attempt, lost = Attempt(None if line is None else {_name(line)}), 0
        for tried in range(MOST_TRIES):
            connection = self._connection()
            try:
                result: T = _transaction(connection, function, attempt)
                return result
            except TransactionLost as error:
                cause = error.__cause__ or error
                lost += connection.broken
                if not (_is_clash(cause) or (connection.broken and lost < 2)) or tried == MOST_TRIES - 1:
                    raise cause from None
                attempt = attempt.next(cause, tried)
            self.clashes += 1
            time.sleep(random.uniform(0, 0.002 * 2 ** min(tried, 6)))
        raise AssertionError("unreachable")

    def _connection(self) -> psycopg.Connection[Row]:
        known: psycopg.Connection[Row] | None = getattr(self._own, "connection", None)
        if known is not None and not known.closed and not known.broken:
            return known
        if known is not None:
            self._opened.discard(known)
        self._own.connection = connection = connect(self._url)
        self._opened.add(connection)
        return connection

    async def lead(self, what: str, bell: Callable[[], None] = lambda: None) -> Leadership:
        leadership = PostgresLeadership(self._url, what, bell)
        self._leaders.add(leadership)
        try:
            await leadership.won()
        except BaseException:
            await leadership.resign()
            raise
        return leadership

    def ring(self) -> None:
        if self._ringing is None or self._ringing.done():
            self._ringing = asyncio.get_running_loop().run_in_executor(self._clerk, self._ring)

    def _ring(self) -> None:
        try:
            self._connection().execute(f"NOTIFY {BELL}")
        except (psycopg.Error, StorageError) as error:  # they look by themselves each second
            log.warning("nobody could be called: %s", type(error).__name__)

    async def check(self) -> Checked:
        row = await self.run(lambda db: db.one("SHOW server_version"), line=None)
        return Checked(row is not None, f"PostgreSQL {row[0] if row else '?'}")

    async def close(self) -> None:
        self._closed = True
        while self._pumps:
            await asyncio.wait(self._pumps)
        for leadership in list(self._leaders):
            await leadership.resign()
        for threads in (self._threads, self._clerk):
            await asyncio.to_thread(threads.shutdown)
        for connection in self._opened:
            connection.close()


class PostgresLeadership:
    """`Leadership` by an advisory lock on a connection of its own, with a lease on top.

    The server frees the lock of a process that ends. One that is only stopped keeps it: it is deposed by whoever waits
    when it has been silent for DEPOSED_AFTER_S, and knows by its own clock, LEASE_S after its last beat, that it may
    not go on.
    """

    def __init__(self, url: str, what: str, bell: Callable[[], None]) -> None:
        self.epoch = 0
        self._url, self._what, self._bell = url, what, bell
        self._valid_until = 0.0
        self._loop = asyncio.get_running_loop()
        self._won, self._lost = asyncio.Event(), asyncio.Event()
        self._resigned = threading.Event()
        self._waker, self._woken = socket.socketpair()  # ends the wait for a ring when this resigns
        self._thread = threading.Thread(target=self._lead, name=f"lead {what}", daemon=True)
        self._thread.start()

    def held(self) -> bool:
        return time.monotonic() < self._valid_until

    async def won(self) -> None:
        await self._won.wait()

    async def lost(self) -> None:
        """The lease may lapse while the thread hangs on a server that vanished."""
        while not self._lost.is_set() and (left := self._valid_until - time.monotonic()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._lost.wait(), left)

    async def resign(self) -> None:
        self._resigned.set()
        with suppress(OSError):
            self._waker.send(b"!")
        await asyncio.to_thread(self._thread.join, JOIN_S)
        if not self._thread.is_alive():
            self._waker.close()
            self._woken.close()

    def _lead(self) -> None:
        """Stand until elected, then serve until something ends it; the life of the thread."""
        try:
            while not self._resigned.is_set() and not self.epoch:
                try:
                    with connect(self._url) as connection:
                        if self._elected(connection):
                            self._serve(connection)
                except (psycopg.Error, StorageError, TransactionLost) as error:
                    log.warning("leading=%s: the database does not answer (%s)", self._what, type(error).__name__)
                    self._resigned.wait(1.0)
        finally:
            self._valid_until = 0.0
            self._tell(self._lost.set)

    def _elected(self, connection: psycopg.Connection[Row]) -> bool:
        holder, since = 0, 0.0
        while not self._resigned.is_set():
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", (_name(self._what),)).fetchone()
            if row and row[0]:
                return True
            seen = self._holder(connection)
            if seen != holder:  # who just won has not beaten yet: each is given its time
                holder, since = seen, time.monotonic()
            elif time.monotonic() - since > DEPOSED_AFTER_S:
                self._depose(connection, holder)
            self._resigned.wait(STAND_AGAIN_S)
        return False

    def _holder(self, connection: psycopg.Connection[Row]) -> int:
        """The server's process that has the lock; 0: none any more."""
        high, low = divmod(_name(self._what) & (2**64 - 1), 2**32)
        row = connection.execute(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND classid = %s::oid AND objid = %s::oid AND objsubid = 1"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            (str(high), str(low)),
        ).fetchone()
        return row[0] if row else 0

    def _depose(self, connection: psycopg.Connection[Row], holder: int) -> None:
        """Whoever holds the lock and does not live is cut off."""
        if _now(connection) - leaders.last_beat(PostgresDb(connection), self._what) > DEPOSED_AFTER_S * 1000:
            connection.execute("SELECT pg_terminate_backend(%s::int)", (holder,))
            log.warning("leading=%s: its process was silent and is replaced", self._what)

    def _serve(self, connection: psycopg.Connection[Row]) -> None:
        started = time.monotonic()
        with connection.transaction():
            db = PostgresDb(connection)
            epoch = leaders.next_epoch(db, self._what)
            leaders.beat(db, self._what, _now(connection))
        connection.execute(f"LISTEN {BELL}")
        self.epoch, self._valid_until = epoch, started + LEASE_S
        self._tell(self._won.set)
        ready = select.poll()
        ready.register(connection.fileno(), select.POLLIN)
        ready.register(self._woken.fileno(), select.POLLIN)
        while not self._resigned.is_set():
            ready.poll(BEAT_S * 1000)
            for _ in connection.notifies(timeout=0):
                self._tell(self._bell)
            started = time.monotonic()
            leaders.beat(PostgresDb(connection), self._what, _now(connection))
            if not self.held():  # it came too late, and somebody may have acted on that already
                return
            self._valid_until = started + LEASE_S

    def _tell(self, what: Callable[[], Any]) -> None:
        with suppress(RuntimeError):  # the loop ended first
            self._loop.call_soon_threadsafe(what)


def _now(connection: psycopg.Connection[Row]) -> int:
    """The clock all processes share, UTC milliseconds."""
    row = connection.execute("SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint").fetchone()
    assert row is not None
    now: int = row[0]
    return now


async def open_postgres(
    url: str, now: int, connections: int = CONNECTIONS, keep_copy: Callable[[int], object] = lambda version: None
) -> PostgresStore:
    """Open the database and bring it up to date. Raises StorageError with a sentence to act on.

    `keep_copy` is called, in a thread, before what is kept is changed, with the number of the first change.
    """
    give_up = threading.Event()
    try:
        await asyncio.to_thread(_prepare, url, now, keep_copy, give_up)
    except asyncio.CancelledError:
        give_up.set()  # a thread cannot be stopped, but what it waits for can
        raise
    return PostgresStore(url, connections)


def _prepare(url: str, now: int, keep_copy: Callable[[int], object], give_up: threading.Event) -> None:
    with connect(url) as connection:
        refuse_old(connection.info.server_version)
        row = connection.execute("SHOW server_encoding").fetchone()
        if row is None or row[0] != "UTF8":
            raise StorageError(
                "The database is not in UTF-8. Make it: createdb --encoding=UTF8 --template=template0 apso"
            )
        connection.execute("SET lock_timeout = 0; SET statement_timeout = 0")  # a change may take its time
        _be_the_only_one_to_change(connection, give_up)
        try:
            _migrate(connection, now, keep_copy)
        except psycopg.Error as error:
            raise StorageError(f"The database could not be brought up to date: {error}.") from error


def refuse_old(version: int) -> None:
    """`version` as the server numbers itself, 140_003 for 14.3. Raises StorageError."""
    if version < OLDEST:
        raise StorageError(
            f"The database server is PostgreSQL {version // 10_000}, and apso needs {OLDEST // 10_000} or newer."
        )


def _be_the_only_one_to_change(connection: psycopg.Connection[Row], give_up: threading.Event) -> None:
    """Until the end of the session. Asked for again and again, so that whoever waits can say so, and give it up."""
    silent_until: float = time.monotonic() + SILENT_S
    while not connection.execute("SELECT pg_try_advisory_lock(%s)", (MIGRATING,)).fetchall()[0][0]:
        if give_up.wait(ASK_AGAIN_S):
            raise StorageError("Given up.")
        if time.monotonic() > silent_until:
            silent_until = math.inf
            log.warning(
                "waiting for another apso: it is changing the schema of this database, or an `apso restore` or "
                "`apso move` on it has not ended. Ctrl-C gives up"
            )


def _migrate(connection: psycopg.Connection[Row], now: int, keep_copy: Callable[[int], object]) -> None:
    db = PostgresDb(connection)
    connection.execute(ddl_in_postgres(migrations.TABLE))
    connection.execute(_OWN_TABLES)
    missing = migrations.missing(db)
    if missing and missing[0].version > 1:
        keep_copy(missing[0].version)
    for migration in missing:
        with connection.transaction():
            for statement in migration.statements():
                connection.execute(ddl_in_postgres(statement))
            migrations.mark(db, migration, now)
