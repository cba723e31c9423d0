"""Several processes on one database: order in a line, nothing seen half, one leader, the stalled one replaced."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from storage import chats, invites, outbox
from storage.db import Db, StorageError
from storage.postgres import (
    BEAT_S,
    DEPOSED_AFTER_S,
    STAND_AGAIN_S,
    PostgresStore,
    connect,
    ddl_in_postgres,
    in_postgres,
    open_postgres,
    refuse_old,
)
from tests.engine import forget, new_postgres


@pytest.fixture
def url() -> Iterator[str]:
    yield new_postgres("two_processes")
    forget()


@asynccontextmanager
async def processes(url: str, count: int = 2) -> AsyncIterator[list[PostgresStore]]:
    """So many programs' stores on one database."""
    stores = [await open_postgres(url, 1) for _ in range(count)]
    try:
        yield stores
    finally:
        for store in stores:
            await store.close()


def value(db: Db) -> int:
    row = db.one("SELECT epoch FROM senders WHERE name = 'counter'")
    return row[0] if row else 0


def add_one(db: Db) -> None:
    """Read, think, write: what goes wrong wherever two do it at once."""
    now = value(db)
    time.sleep(0.002)
    db.run(
        "INSERT INTO senders (name, epoch) VALUES ('counter', :value)"
        " ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch",
        value=now + 1,
    )


async def test_what_two_do_at_once_is_as_if_one_after_another(url: str) -> None:
    async with processes(url, 3) as stores:
        await asyncio.gather(
            *(store.run(add_one, line=f"{n} {at}") for at, store in enumerate(stores) for n in range(20))
        )
        assert await stores[0].run(value) == 60


def names(db: Db) -> list[str]:
    return [row[0] for row in db.all("SELECT name FROM senders ORDER BY name")]


def take_a_place(name: str, held: str) -> Callable[[Db], bool]:
    """There is one place, and whoever sees it free takes it: two who look at once change no row of each other's."""

    def work(db: Db) -> bool:
        db.hold(held)
        if names(db):
            return False
        time.sleep(0.02)
        db.run("INSERT INTO senders (name, epoch) VALUES (:name, 1)", name=name)
        return True

    return work


async def test_of_what_is_held_one_sees_what_the_other_did(url: str) -> None:
    async with processes(url, 3) as stores:
        for number in range(5):
            told = await asyncio.gather(
                *(store.run(take_a_place(f"{at}", "the place"), line=f"{at}") for at, store in enumerate(stores))
            )
            assert sorted(told) == [False, False, True], number
            await stores[0].run(lambda db: db.run("DELETE FROM senders"))


async def test_a_line_is_held_by_its_own_turns_too(url: str) -> None:
    async with processes(url, 2) as (one, other):
        told = await asyncio.gather(
            one.run(take_a_place("a", "telegram:2"), line="telegram:1"),
            other.run(take_a_place("b", "nothing else"), line="telegram:2"),
        )
        assert sorted(told) == [False, True]


async def test_two_who_want_what_the_other_holds_both_come_to_their_end(url: str) -> None:
    def both(first: str, second: str) -> Callable[[Db], None]:
        def work(db: Db) -> None:
            db.hold(first)
            time.sleep(0.01)
            db.hold(second)
            add_one(db)

        return work

    async with processes(url, 2) as (one, other):
        await asyncio.gather(
            *(one.run(both("a", "b"), line=f"one {n}") for n in range(10)),
            *(other.run(both("b", "a"), line=f"other {n}") for n in range(10)),
        )
        assert await one.run(value) == 20


async def test_alone_means_that_nothing_else_is_done(url: str) -> None:
    seen: list[tuple[int, int]] = []

    def reform(db: Db) -> None:
        db.alone()
        before = value(db)
        with connect(url) as others:
            looked = others.execute("SELECT COALESCE(MAX(epoch), 0) FROM senders").fetchone()
        time.sleep(0.05)
        with connect(url) as others:
            then = others.execute("SELECT COALESCE(MAX(epoch), 0) FROM senders").fetchone()
        assert looked is not None
        assert looked == then, "nobody committed meanwhile"
        seen.append((before, looked[0]))
        add_one(db)

    async with processes(url, 2) as (one, other):
        await asyncio.gather(
            *(one.run(add_one, line=f"one {n}") for n in range(20)),
            *(other.run(reform, line=f"reform {n}") for n in range(3)),
        )
        assert await one.run(value) == 23
    assert len(seen) == 3
    assert all(before == looked for before, looked in seen), "and what was done before is seen"


async def test_a_line_is_one_line_over_all_processes(url: str) -> None:
    inside: list[int] = []

    def alone(db: Db) -> None:
        chats.see(db, "test", "somebody", 1)
        inside.append(1)
        time.sleep(0.01)
        inside.pop()

    def looks(db: Db) -> int:
        return len(inside)

    async with processes(url) as (one, other):
        first = asyncio.ensure_future(one.run(add_one, line="telegram:1"))
        await first
        slow = asyncio.ensure_future(one.run(_slowly, line="telegram:1"))
        while not _started:
            await asyncio.sleep(0.001)
        assert await other.run(value, line="telegram:1") == 10, "it waited, and saw what the one before it did"
        await slow
        assert await other.run(looks) == 0
        await one.run(alone)


_started: list[int] = []


def _slowly(db: Db) -> None:
    db.run("UPDATE senders SET epoch = 10 WHERE name = 'counter'")
    _started.append(1)
    time.sleep(0.2)


async def test_a_repeated_update_is_seen_in_every_process(url: str) -> None:
    def see(db: Db) -> bool:
        time.sleep(0.01)
        return chats.see(db, "telegram", "7", 1)

    async with processes(url, 4) as stores:
        told = await asyncio.gather(*(store.run(see, line=f"line {at}") for at, store in enumerate(stores)))
        assert sorted(told) == [False, False, False, True]


async def test_what_clashes_again_and_again_comes_to_its_end(url: str) -> None:
    def long_look(db: Db) -> int:
        before = value(db)
        time.sleep(0.05)
        db.run("UPDATE senders SET epoch = epoch + 1000 WHERE name = 'counter'")
        return before

    async with processes(url) as (one, other):
        await one.run(add_one)
        busy = True

        async def bother() -> int:
            done = 0
            while busy:
                await one.run(add_one, line=f"busy {done}")
                done += 1
            return done

        bothering = asyncio.ensure_future(bother())
        await other.run(long_look, line="long")
        busy = False
        assert await bothering > 0
        assert await one.run(value) >= 1001


async def test_one_leads_and_its_end_is_another_s_beginning(url: str) -> None:
    async with processes(url) as (one, other):
        first = await one.lead(outbox.SENDER)
        second = asyncio.ensure_future(other.lead(outbox.SENDER))
        await asyncio.sleep(2 * BEAT_S)
        assert not second.done()
        await first.resign()
        assert not first.held()
        begun = time.monotonic()
        assert (await second).epoch == first.epoch + 1
        assert time.monotonic() - begun < 1


async def test_whose_connection_is_cut_leads_no_more(url: str) -> None:
    async with processes(url) as (one, other):
        first = await one.lead(outbox.SENDER)
        with connect(url) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        await asyncio.wait_for(first.lost(), 2)
        assert not first.held()
        second = await other.lead(outbox.SENDER)
        assert second.epoch > first.epoch


async def test_the_silent_are_deposed_and_know_it_by_their_own_clock(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with processes(url) as (one, other):
        first = await one.lead(outbox.SENDER)
        with connect(url) as holder:  # a process that stands still: it holds the lock and does not beat
            await first.resign()
            holder.execute("SELECT pg_advisory_lock(%s)", (_lock_of(outbox.SENDER),))
            begun = time.monotonic()
            second = await asyncio.wait_for(other.lead(outbox.SENDER), DEPOSED_AFTER_S + 2)
            assert time.monotonic() - begun > DEPOSED_AFTER_S - 1, "not before it was silent for long"
            assert second.held()
            with pytest.raises(psycopg.OperationalError):
                holder.execute("SELECT 1")


async def test_who_wins_after_a_long_silence_is_given_time_to_speak(url: str) -> None:
    """The last beat is of long ago after every stop of a few seconds: no rival may take it for the winner's."""
    async with processes(url, 3) as stores:
        await (await stores[0].lead(outbox.SENDER)).resign()
        for _ in range(4):
            await stores[0].run(lambda db: db.run("UPDATE senders SET beat_at = 1"), line=None)
            standing = [asyncio.ensure_future(store.lead(outbox.SENDER)) for store in stores]
            for _ in stores:
                done, _pending = await asyncio.wait(standing, timeout=5, return_when=asyncio.FIRST_COMPLETED)
                winner = done.pop()
                standing.remove(winner)
                assert winner.result().held()
                await winner.result().resign()


async def test_a_candidate_outlives_its_connection(url: str) -> None:
    async with processes(url) as (one, other):
        first = await one.lead(outbox.SENDER)
        second = asyncio.ensure_future(other.lead(outbox.SENDER))
        await asyncio.sleep(3 * STAND_AGAIN_S)
        with connect(url) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        await asyncio.wait_for(first.lost(), 3)
        leadership = await asyncio.wait_for(second, 5)
        assert leadership.held()
        assert leadership.epoch > first.epoch


def _lock_of(what: str) -> int:
    from storage.postgres import _name

    return _name(what)


async def test_a_ring_is_heard_in_the_other_process(url: str) -> None:
    async with processes(url) as (one, other):
        heard = asyncio.Event()
        await one.lead(outbox.SENDER, heard.set)
        other.ring()
        await asyncio.wait_for(heard.wait(), 2)


async def test_a_lost_connection_is_made_again(url: str) -> None:
    async with processes(url, 1) as (store,):
        await store.run(add_one)
        with connect(url) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        await store.run(add_one)
        assert await store.run(value) == 2


async def test_a_server_that_is_not_there_is_a_sentence_without_the_password() -> None:
    with pytest.raises(StorageError, match=r"cannot be used.*\[storage\] url") as refused:
        await open_postgres("postgresql://apso:geheim@127.0.0.1:1/apso", 1)
    assert "geheim" not in str(refused.value)


async def test_an_address_may_be_written_in_words(url: str) -> None:
    told = conninfo_to_dict(url)
    words = f"host='{told['host']}' dbname={told['dbname']} user = {told['user']} password=' \\' no matter'"
    store = await open_postgres(words, 1)
    try:
        assert await store.run(value) == 0
    finally:
        await store.close()
    with pytest.raises(StorageError, match="a setting that PostgreSQL does not know") as refused:
        await open_postgres(f"{words} geheim=1", 1)
    assert "geheim" not in str(refused.value)


def test_an_address_may_have_settings_of_its_own(url: str) -> None:
    joined = "&" if "?" in url else "?"
    with connect(f"{url}{joined}options=-c%20statement_timeout%3D7s%20-c%20search_path%3Dpublic") as connection:
        said = {name: connection.execute(f"SHOW {name}").fetchone() for name in ("statement_timeout", "lock_timeout")}
        assert said == {"statement_timeout": ("7s",), "lock_timeout": ("30s",)}
        assert connection.execute("SHOW application_name").fetchone() == ("apso",)


async def test_another_encoding_is_refused(url: str) -> None:
    with connect(url) as connection:
        connection.execute("CREATE DATABASE latin ENCODING LATIN1 LOCALE 'C' TEMPLATE template0")
    try:
        with pytest.raises(StorageError, match="not in UTF-8"):
            await open_postgres(url.replace("/two_processes", "/latin"), 1)
    finally:
        with connect(url) as connection:
            connection.execute("DROP DATABASE latin WITH (FORCE)")


def test_a_server_that_is_too_old_is_refused_with_its_number() -> None:
    refuse_old(140_000)
    with pytest.raises(StorageError, match="is PostgreSQL 13, and apso needs 14 or newer"):
        refuse_old(139_999)


async def test_two_that_start_at_once_change_the_schema_once() -> None:
    url = new_postgres("fresh", empty=True)
    stores = await asyncio.gather(*(open_postgres(url, 1) for _ in range(3)))
    count: Callable[[Db], int] = lambda db: len(db.all("SELECT DISTINCT version FROM schema_version"))  # noqa: E731
    assert await stores[0].run(count) == await stores[0].run(lambda db: len(db.all("SELECT 1 FROM schema_version")))
    for store in stores:
        await store.close()


def test_named_parameters_as_the_driver_wants_them() -> None:
    assert in_postgres("SELECT 'a%' WHERE x = :x1 AND y = :y") == "SELECT 'a%%' WHERE x = %(x1)s AND y = %(y)s"
    assert ddl_in_postgres("name TEXT NOT NULL") == 'name TEXT COLLATE "C" NOT NULL'


async def test_who_begins_while_another_is_alone_sees_what_that_one_did(url: str) -> None:
    """It waits for the other before it looks around, not after."""
    begun = threading.Event()

    def alone(db: Db) -> bool:
        db.alone()
        begun.set()
        time.sleep(0.2)
        return take_a_place("alone", "the place")(db)

    async with processes(url, 2) as (one, other):
        first = asyncio.ensure_future(one.run(alone, line="one"))
        await asyncio.to_thread(begun.wait)
        assert await other.run(take_a_place("later", "the place"), line="other") is False
        assert await first is True


@pytest.mark.parametrize("line", ["somebody", None])
async def test_a_transaction_that_stood_still_too_long_is_done_again(url: str, line: str | None) -> None:
    tried: list[int] = []

    def stands_still(db: Db) -> None:
        db.run("SET LOCAL idle_in_transaction_session_timeout = '100ms'")
        add_one(db)
        if not tried:
            tried.append(1)
            time.sleep(0.4)

    async with processes(url, 1) as (store,):
        await store.run(stands_still, line=line)
        assert await store.run(value) == 1


async def test_what_two_leads_invite_at_once_leaves_one_code(url: str) -> None:
    def invite(code: str) -> Callable[[Db], None]:
        def work(db: Db) -> None:
            invites.add(db, code, 1, 1, 10)
            time.sleep(0.02)

        return work

    async with processes(url, 2) as (one, other):
        await one.run(
            lambda db: db.run("INSERT INTO people (name, phone, language, created_at) VALUES ('', '', '', 1)")
        )
        await asyncio.gather(one.run(invite("AAAA-AAAA"), line="a"), other.run(invite("BBBB-BBBB"), line="b"))
        assert await one.run(lambda db: db.all("SELECT COUNT(*) FROM invites WHERE void_at IS NULL")) == [(1,)]
