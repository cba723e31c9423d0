"""A server that vanishes without a word: no connection is closed, and nothing that is sent is even acknowledged."""

from __future__ import annotations

import asyncio
import ctypes
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from psycopg.conninfo import conninfo_to_dict

from storage import leaders, outbox, postgres
from storage.db import Db
from storage.postgres import DEPOSED_AFTER_S, LEASE_S, PostgresStore
from tests.engine import new_postgres

SO_ATTACH_FILTER = 26
USER_TIMEOUT_S = 2
IDLE_IN_TRANSACTION_S = 10  # how long the server keeps what a vanished program had begun


class Way:
    """A way to the server over TCP. What `vanishes` is as if its cable were cut; new connections go through again."""

    def __init__(self, url: str) -> None:
        self._told = conninfo_to_dict(url)
        self._pairs: list[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = []
        self._pumps: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def open(self) -> str:
        """Returns the address by this way."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        return f"postgresql://{self._told['user']}@127.0.0.1:{port}/{self._told['dbname']}"

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()
        self._stop()
        for writer in (one for pair in self._pairs for one in pair):
            writer.transport.abort()
        await self._server.wait_closed()

    def vanish(self) -> None:
        """From now on nothing of what is connected gets through, in either direction."""
        self._stop()
        for near, _ in self._pairs:
            _hear_nothing(near.get_extra_info("socket"))

    def _stop(self) -> None:
        for pump in self._pumps:
            pump.cancel()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_unix_connection(f"{self._told['host']}/.s.PGSQL.5432")
        self._pairs.append((writer, far_writer))
        for source, target in ((reader, far_writer), (far_reader, writer)):
            pump = asyncio.create_task(_pump(source, target))
            self._pumps.add(pump)
            pump.add_done_callback(self._pumps.discard)


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while said := await source.read(1 << 16):
        target.write(said)
    target.close()


def _hear_nothing(connected: socket.socket) -> None:
    """The system throws away what comes for this socket before TCP sees it, so nothing is acknowledged."""
    nothing = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))  # BPF: return 0 bytes of the packet
    connected.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("@HP", 1, ctypes.addressof(nothing)))


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same limits as in earnest, where it is 15 s, but sooner."""
    assert postgres._ALIVE["tcp_user_timeout"] <= 15_000
    soon = {"tcp_user_timeout": USER_TIMEOUT_S * 1000, "keepalives_idle": 1, "keepalives_interval": 1}
    monkeypatch.setattr(postgres, "_ALIVE", postgres._ALIVE | soon)


@asynccontextmanager
async def by_a_way(connections: int = 2) -> AsyncIterator[tuple[Way, PostgresStore, str]]:
    """A store whose server may vanish, and the address that nothing happens to."""
    url = new_postgres("vanished")
    way = Way(url)
    store = PostgresStore(await way.open(), connections)
    try:
        yield way, store, url
    finally:
        await store.close()
        await way.close()


def add_one(db: Db) -> int:
    return leaders.next_epoch(db, "counter")


async def test_a_turn_on_a_connection_that_is_dead_is_done_on_a_new_one() -> None:
    async with by_a_way(connections=1) as (way, store, _):
        assert await store.run(add_one) == 1
        way.vanish()
        async with asyncio.timeout(USER_TIMEOUT_S * 3):
            assert await store.run(add_one) == 2


async def test_a_turn_whose_answer_never_comes_is_done_again_and_holds_up_no_other_line_for_ever() -> None:
    async with by_a_way() as (way, store, _):
        asked = asyncio.Event()
        loop = asyncio.get_running_loop()

        def slow(db: Db) -> int:
            count = add_one(db)
            loop.call_soon_threadsafe(asked.set)
            db.all("SELECT pg_sleep(0.5)")
            return count

        stuck = asyncio.create_task(store.run(slow, line="one"))
        await asked.wait()
        way.vanish()
        async with asyncio.timeout(USER_TIMEOUT_S * 3):
            await store.run(lambda db: leaders.next_epoch(db, "another"), line="other")
        assert not stuck.done()
        async with asyncio.timeout(USER_TIMEOUT_S * 3 + IDLE_IN_TRANSACTION_S):
            assert await stuck == 1, "what it had begun is undone when the server lets go of it"
        assert await store.run(lambda db: leaders.epoch(db, "counter")) == 1


async def test_who_leads_knows_by_its_own_clock_and_another_takes_over() -> None:
    async with by_a_way() as (way, store, url):
        other = PostgresStore(url, 1)
        first = await store.lead(outbox.SENDER)
        standing = asyncio.create_task(other.lead(outbox.SENDER))
        assert first.held()
        way.vanish()
        async with asyncio.timeout(LEASE_S + 1):
            await first.lost()
        assert not first.held()
        assert not standing.done(), "not while the first may still act"
        async with asyncio.timeout(DEPOSED_AFTER_S + 2):
            second = await standing
        assert second.epoch > first.epoch
        async with asyncio.timeout(postgres.JOIN_S + 1):
            await first.resign()  # though its thread may still hang on the server
        await other.close()
