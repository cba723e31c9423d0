"""What every engine promises: one function is one transaction, in order, and the schema is the program's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from storage import chats, migrations, units
from storage.db import Db, StorageError, Store
from tests.engine import open_engine, tables


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await open_engine(tmp_path / "apso.db", 1)
    yield opened
    await opened.close()


def see(key: str) -> Callable[[Db], bool]:
    return lambda db: chats.see(db, "test", key, 1)


def seen(db: Db) -> list[str]:
    return [row[0] for row in db.all("SELECT key FROM seen ORDER BY key")]


async def test_what_raises_is_undone_and_the_error_comes_back(store: Store) -> None:
    def half_done(db: Db) -> None:
        chats.see(db, "test", "half", 1)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await store.run(half_done)
    assert await store.run(seen) == []


async def test_functions_run_in_the_order_they_were_given(store: Store) -> None:
    order: list[int] = []
    await asyncio.gather(*(store.run(lambda db, n=n: order.append(n)) for n in range(200)))  # type: ignore[misc]
    assert order == list(range(200))


async def test_a_cancelled_caller_finds_its_transaction_done_and_the_next_one_clean(store: Store) -> None:
    task = asyncio.create_task(store.run(see("cancelled")))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await store.run(seen) == ["cancelled"]


async def test_nested_undoing(store: Store) -> None:
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


async def test_a_closed_store_answers_with_an_error(tmp_path: Path) -> None:
    store = await open_engine(tmp_path / "x.db", 1)
    await store.close()
    with pytest.raises(ValueError, match="no active connection"):
        await store.run(seen)


async def test_ids_are_never_used_twice(store: Store) -> None:
    """A stale button of a dropped dialog must not fit the next one."""

    def add_and_drop(db: Db) -> int:
        unit = units.add(db, code="", name="", kind="", level="", parent=None, since=1)
        db.run("DELETE FROM units")
        return unit.id

    assert await store.run(add_and_drop) < await store.run(add_and_drop)


async def test_an_altered_migration_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "apso.db"
    store = await open_engine(path, 1)
    await store.run(lambda db: db.run("UPDATE schema_version SET sha256 = 'other'"))
    await store.close()
    with pytest.raises(StorageError, match="Migration 0001"):
        await open_engine(path, 2)


async def test_a_newer_database_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "apso.db"
    store = await open_engine(path, 1)
    newest = migrations.known()[-1].version
    await store.run(
        lambda db: db.run("INSERT INTO schema_version VALUES (:version, 'later', '', 1)", version=newest + 1)
    )
    await store.close()
    with pytest.raises(StorageError, match="newer apso"):
        await open_engine(path, 2)


async def test_a_failed_statement_that_was_passed_over_keeps_nothing_half(store: Store) -> None:
    def careless(db: Db) -> None:
        chats.see(db, "test", "before", 1)
        try:
            with db.undoable():
                db.run("INSERT INTO seen (channel, key, at) VALUES ('test', 'before', 1)")
        except Exception:
            chats.see(db, "test", "after", 1)

    await store.run(careless)
    assert await store.run(seen) == ["after", "before"]


async def test_lines_keep_their_own_order(store: Store) -> None:
    order: dict[str, list[int]] = {"a": [], "b": []}

    def work(line: str, number: int) -> Callable[[Db], None]:
        return lambda db: order[line].append(number)

    await asyncio.gather(*(store.run(work(line, n), line=line) for n in range(50) for line in ("a", "b")))
    assert order == {"a": list(range(50)), "b": list(range(50))}


async def test_text_compares_by_its_bytes(store: Store) -> None:
    def compared(db: Db) -> list[str]:
        for key in ("ă", "b", "B", "a", "A", "1/2/", "1/10/"):
            chats.see(db, "test", key, 1)
        return [row[0] for row in db.all("SELECT key FROM seen ORDER BY key")]

    assert await store.run(compared) == ["1/10/", "1/2/", "A", "B", "a", "b", "ă"]


async def test_who_leads_later_has_the_higher_epoch(store: Store) -> None:
    first = await store.lead("something")
    assert first.held()
    await first.resign()
    second = await store.lead("something")
    assert second.epoch > first.epoch
    await second.resign()


async def test_it_is_whole(store: Store) -> None:
    assert (await store.check()).well
    assert "reports" in await store.run(tables)
