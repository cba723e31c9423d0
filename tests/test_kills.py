"""kill -9 at any moment under load, again and again: nothing is lost, and what comes twice was in flight."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import sqlite3
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import pytest

from bot.app import open_store, real_now
from bot.config import Config
from storage.db import Db
from tests import crowd, program
from tests.crowd import Crowd, Twins
from tests.engine import new_postgres
from tests.servers.bot_api import BotApi

T = TypeVar("T")

KILLS = int(os.environ.get("APSO_KILLS", "100"))  # by all tests together
SEED = os.environ.get("APSO_SEED") or str(random.randrange(10**6))
PATIENCE_S = 20.0
FIRST_ANSWER_S = 2.0  # start of the program included, on an idle machine


class Killing:
    """The program on its database, its Telegram and its people; what was killed and how soon it spoke again."""

    def __init__(
        self, folder: Path, url: str, api: BotApi, people: Crowd, dice: random.Random, *, cold: bool = False
    ) -> None:
        self.folder, self.url, self.api, self.people, self.dice = folder, url, api, people, dice
        config = program.write_config(folder, api, url=url, more='[backup]\nat = ""\n')
        self.program = program.Program(folder, "bot", "run", "--config", str(config), cold=cold)
        self.kills = 0
        self.in_hand = 0
        self.silences: list[float] = []

    async def kill(self) -> None:
        """kill -9, and start again; now and then once more before it is up."""
        killed_at, since = await self.again()
        if self.dice.random() < 0.1:
            await asyncio.sleep(self.dice.uniform(0, 1))
        else:
            self.silences.append(await self.speaks(since) - killed_at)
            await asyncio.sleep(self.dice.uniform(0.2, 1))

    async def again(self) -> tuple[float, int]:
        """kill -9 and start again: when it was killed, and after how many calls it was started."""
        self.program.kill()
        killed_at = time.monotonic()
        self.kills += 1
        self.in_hand += await asyncio.to_thread(self._count_in_hand)
        since = len(self.api.calls)
        self.program.start()
        return killed_at, since

    async def speaks(self, since: int) -> float:
        """When the program wrote something to somebody, after so many calls."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    for at in range(since, len(self.api.calls)):
                        if self.api.calls[at].method in crowd.WRITES and self.api.calls[at].status == 200:
                            return self.api.calls[at].at
                    since = len(self.api.calls)
                    assert self.program.ended is None
                    await asyncio.sleep(0.005)
        except (TimeoutError, AssertionError):
            raise AssertionError(f"it says nothing any more:\n{self.program.output}") from None

    def _count_in_hand(self) -> int:
        """How many letters the dead process had claimed."""
        sql = "SELECT COUNT(*) FROM outbox WHERE state = 'sending'"
        if not self.url.startswith("postgresql"):
            copy = self.folder / f"copy-{self.kills}.db"  # the program must mend its file itself
            for end in ("", "-wal"):
                if Path(f"{self.url}{end}").exists():
                    shutil.copy(f"{self.url}{end}", f"{copy}{end}")
            with closing(sqlite3.connect(copy)) as db:
                return _only(db.execute(sql).fetchone())
        with psycopg.connect(self.url, autocommit=True) as connection:
            others = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'apso'"
            while connection.execute(others).fetchone():  # the server has not noticed yet that they are gone
                time.sleep(0.005)
            return _only(connection.execute(sql).fetchone())

    async def rests(self) -> None:
        """Everybody has finished, and everything was heard, said and written down as said."""
        await self.people.ends()
        self.api.faults.clear()
        async with asyncio.timeout(PATIENCE_S):
            while self.api.updates.count or await asyncio.to_thread(self._waits):
                await asyncio.sleep(0.05)

    def _waits(self) -> int:
        sql = f"SELECT COUNT(*) FROM ({crowd.NOT_OVER}) waits"
        if self.url.startswith("postgresql"):
            with psycopg.connect(self.url) as connection:
                return _only(connection.execute(sql).fetchone())
        with closing(sqlite3.connect(f"file:{self.url}?mode=ro", uri=True)) as db:
            return _only(db.execute(sql).fetchone())


def _only(row: Any) -> int:
    return int(row[0])


async def look(url: str, function: Callable[[Db], T]) -> T:
    """Into the database, while no program uses it."""
    store = await open_store(Config.model_validate({"storage": {"url": url}}), real_now())
    try:
        return await store.run(function)
    finally:
        await store.close()


@asynccontextmanager
async def killing(
    folder: Path, url: str, seed: str, *, faults: bool = True, cold: bool = False
) -> AsyncIterator[Killing]:
    """A commune at work on the program, that begins `cold`; with `faults` some of what is said is never confirmed."""
    dice = random.Random(seed)
    async with BotApi() as api:
        found = await look(url, lambda db: crowd.settle(db, real_now()))
        here = Killing(folder, url, api, Crowd(api, found, dice), dice, cold=cold)
        for method in ("sendMessage", "editMessageText") if faults else ():
            api.faults.sometimes(method, "drop_after", 0.05, seed=dice.randrange(10**6))
            api.faults.sometimes(method, "drop_before", 0.01, seed=dice.randrange(10**6))
        here.program.start()
        here.people.begins()
        try:
            await here.speaks(0)
            yield here
        finally:
            here.program.kill()


async def killed_so_often(folder: Path, url: str, kills: int, seed: str) -> None:
    """The whole test, on one database."""
    print(f"\nAPSO_SEED={SEED}")
    async with killing(folder, url, seed) as here:
        while here.kills < kills:
            await here.kill()
        await here.rests()
        assert await asyncio.to_thread(here.program.stop) == 0, here.program.output
        await look(url, lambda db: crowd.check_kept(db, here.people))
        twins = await look(url, lambda db: crowd.check_said(db, here.people))
        _print(here, twins)
        dropped = here.api.faults.kinds["drop_after"]
        assert twins.extra <= here.in_hand + dropped, "twins that no kill and no lost answer explains"
        assert statistics.median(here.silences) <= FIRST_ANSWER_S * crowd.crowded(), here.silences


def _print(here: Killing, twins: Twins) -> None:
    faults, silences = here.api.faults.kinds, sorted(here.silences)
    print(
        f"kills {here.kills}, {here.people.figures}; in hand when killed {here.in_hand},"
        f" answers lost {faults['drop_after']}, requests lost {faults['drop_before']}; {twins.figures}; from kill to"
        f" first answer: median {statistics.median(silences):.2f} s, {silences[0]:.2f} to {silences[-1]:.2f} s"
    )


@pytest.mark.timeout(400)
@pytest.mark.parametrize("part", ["one", "other"])
async def test_a_file_outlives_a_third_of_the_kills(tmp_path: Path, part: str) -> None:
    await killed_so_often(tmp_path, str(tmp_path / "apso.db"), -(-KILLS // 3), f"{SEED} {part}")


@pytest.mark.timeout(400)
async def test_a_postgresql_database_outlives_a_third_of_them(tmp_path: Path) -> None:
    await killed_so_often(tmp_path, new_postgres("kills"), -(-KILLS // 3), f"{SEED} postgres")
