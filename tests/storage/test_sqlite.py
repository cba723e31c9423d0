"""The embedded engine: one function is one transaction, many share a commit, and one's failure is its own."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import aiosqlite
import pytest

from storage import chats, migrations, units
from storage.db import Db, StorageError
from storage.sqlite import OneHop, SqliteStore, in_sqlite, open_sqlite


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    opened = await open_sqlite(str(tmp_path / "apso.db"), now=1)
    yield opened
    await opened.close()


def see(key: str):  # type: ignore[no-untyped-def]
    return lambda db: chats.see(db, "test", key, 1)


def seen(db: Db) -> list[str]:
    return [row[0] for row in db.all("SELECT key FROM seen ORDER BY key")]


async def test_what_raises_is_undone_and_the_error_comes_back(store: SqliteStore) -> None:
    def half_done(db: Db) -> None:
        chats.see(db, "test", "half", 1)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await store.run(half_done)
    assert await store.run(seen) == []


async def test_a_failure_does_not_touch_its_neighbours_in_the_same_commit(store: SqliteStore) -> None:
    def broken(db: Db) -> bool:
        chats.see(db, "test", "broken", 1)
        db.run("INSERT INTO nowhere VALUES (1)")
        return True

    told = await asyncio.gather(*map(store.run, [see("a"), broken, see("b")]), return_exceptions=True)
    assert told[0] is True
    assert isinstance(told[1], sqlite3.OperationalError)
    assert told[2] is True
    assert await store.run(seen) == ["a", "b"]


async def test_functions_run_in_the_order_they_were_given(store: SqliteStore) -> None:
    order: list[int] = []
    await asyncio.gather(*(store.run(lambda db, n=n: order.append(n)) for n in range(200)))  # type: ignore[misc]
    assert order == list(range(200))


async def test_waiting_functions_share_a_commit(store: SqliteStore) -> None:
    commits: list[str] = []
    await store._connection.hop(
        lambda raw: raw.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
    )
    await asyncio.gather(*(store.run(see(f"k{n}")) for n in range(50)))
    assert len(commits) <= 2
    assert len(await store.run(seen)) == 50


async def test_a_cancelled_caller_finds_its_transaction_done_and_the_next_one_clean(store: SqliteStore) -> None:
    task = asyncio.create_task(store.run(see("cancelled")))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await store.run(seen) == ["cancelled"]


async def test_nested_undoing(store: SqliteStore) -> None:
    def work(db: Db) -> None:
        chats.see(db, "test", "outer", 1)
        try:
            with db.undoable():
                chats.see(db, "test", "inner", 1)
                raise ValueError
        except ValueError:
            pass

    await store.run(work)
    assert await store.run(seen) == ["outer"]


async def test_a_transaction_the_engine_gave_up_is_nobodys_success(store: SqliteStore) -> None:
    """SQLite ends the whole transaction by itself when the disk is full; neighbours must not be told they were kept."""

    def full(db: Db) -> None:
        db.run("ROLLBACK")  # what the engine does
        raise sqlite3.OperationalError("database or disk is full")

    told = await asyncio.gather(*map(store.run, [see("a"), full, see("b")]), return_exceptions=True)
    assert all(isinstance(one, sqlite3.OperationalError) for one in told)
    assert await store.run(seen) == []


async def test_a_full_disk_is_an_error_and_what_was_kept_stays(store: SqliteStore) -> None:
    await store.run(see("kept"))
    await store._connection.hop(lambda raw: raw.execute("PRAGMA max_page_count = 1"))

    def much(db: Db) -> None:
        for n in range(100):
            db.run(
                "INSERT INTO surprises (channel, chat, key, said, at) VALUES ('', '', '', :said, 0)",
                said="x" * 9000 + str(n),
            )

    with pytest.raises(sqlite3.Error):
        await store.run(much)
    assert await store.run(seen) == ["kept"]
    await store._connection.hop(lambda raw: raw.execute("PRAGMA max_page_count = 1000000"))
    assert await store.run(see("after")) is True


async def test_a_second_program_on_the_file_is_refused_with_a_sentence(store: SqliteStore, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="Another program is using"):
        await open_sqlite(str(tmp_path / "apso.db"), now=2)


async def test_a_closed_store_answers_with_an_error(tmp_path: Path) -> None:
    store = await open_sqlite(str(tmp_path / "x.db"), now=1)
    await store.close()
    with pytest.raises(ValueError, match="no active connection"):
        await store.run(seen)


async def test_safe_settings(store: SqliteStore) -> None:
    def pragmas(db: Db) -> list[object]:
        return [db.all(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous", "foreign_keys")]

    assert await store.run(pragmas) == ["wal", 2, 1]


def test_the_hook_of_aiosqlite_is_the_one_this_was_written_for() -> None:
    assert aiosqlite.__version__ == "0.22.1"
    assert "_execute" in vars(aiosqlite.Connection)
    assert issubclass(OneHop, aiosqlite.Connection)


def test_standard_ddl_becomes_sqlite() -> None:
    sql = in_sqlite("CREATE TABLE t (\n    id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,\n    n BIGINT\n)")
    assert sql == "CREATE TABLE t (\n    id INTEGER PRIMARY KEY AUTOINCREMENT,\n    n INTEGER\n) STRICT"


async def test_ids_are_never_used_twice(store: SqliteStore) -> None:
    """A stale button of a dropped dialog must not fit the next one."""

    def add_and_drop(db: Db) -> int:
        unit = units.add(db, code="", name="", kind="", level="", parent=None, since=1)
        db.run("DELETE FROM units")
        return unit.id

    assert await store.run(add_and_drop) < await store.run(add_and_drop)


async def test_an_altered_migration_stops_the_start(tmp_path: Path) -> None:
    path = str(tmp_path / "apso.db")
    store = await open_sqlite(path, now=1)
    await store.run(lambda db: db.run("UPDATE schema_version SET sha256 = 'other'"))
    await store.close()
    with pytest.raises(StorageError, match="Migration 0001"):
        await open_sqlite(path, now=2)


async def test_a_newer_database_stops_the_start(tmp_path: Path) -> None:
    path = str(tmp_path / "apso.db")
    store = await open_sqlite(path, now=1)
    newest = migrations.known()[-1].version
    await store.run(
        lambda db: db.run("INSERT INTO schema_version VALUES (:version, 'later', '', 1)", version=newest + 1)
    )
    await store.close()
    with pytest.raises(StorageError, match="newer apso"):
        await open_sqlite(path, now=2)


async def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Kính gửi ủy ban " * 100)
    with pytest.raises(StorageError, match="not an apso database"):
        await open_sqlite(str(path), now=1)
    assert path.read_text().startswith("Kính gửi")


async def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be opened"):
        await open_sqlite(str(tmp_path / "no" / "apso.db"), now=1)
