"""Three processes on one PostgreSQL database, killed and frozen at random: what people and Telegram saw adds up."""

from __future__ import annotations

import asyncio
import random
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from bot.app import real_now
from storage.sqlite import open_sqlite
from tests import crowd, program
from tests.crowd import Crowd
from tests.engine import new_postgres
from tests.rig import ZONE
from tests.servers.bot_api import BotApi
from tests.test_kills import PATIENCE_S, SEED, look

NAMES = ("one", "two", "three")
STORM_S = 60.0
PER_SECOND = 28
MOST_OF_ONE = 34  # two more answer people, and the network brings some closer together
SINCE_WRITTEN_DOWN = 18  # of a predecessor: in so long it writes down what it said, unless the machine is crowded
REPLACED_S = 2.0  # another speaks so soon after the leader was killed …
THAWED_S = 6.0  # … and after it was only stopped, and had to be found silent first
WELL_AFTER_S = 4.0  # on a machine with three of them a process needs so long until it can step in
TELEGRAM_WAITS_S = 2.0
SECRET = "a-secret-of-the-webhook_01"


@dataclass
class Fault:
    """What was done to a process, and when; `leader`: it was the one that spoke."""

    name: str
    kind: str
    at: float
    until: float
    leader: bool


@dataclass
class Three:
    """The processes, their Telegram, their people; what was done to them."""

    api: BotApi
    url: str
    people: Crowd
    programs: dict[str, program.Program]
    dice: random.Random
    faults: list[Fault] = field(default_factory=list)
    in_hand: int = 0
    epochs: list[dict[str, int]] = field(default_factory=list)
    _mending: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def leader(self) -> str:
        """Who wrote last."""
        return next((call.via for call in reversed(self.api.calls) if call.method in crowd.WRITES), "")

    @property
    def hurt(self) -> set[str]:
        """Who is dead or frozen now."""
        return {fault.name for fault in self.faults if fault.until > time.monotonic()}

    async def strike(self, name: str, kind: str, seconds: float) -> Fault:
        """Kill or freeze one, until so many seconds later."""
        now = time.monotonic()
        fault = Fault(name, kind, now, now + seconds, name == self.leader)
        self.faults.append(fault)
        one = self.programs[name]
        if kind == "kill":
            one.kill()
        else:
            one.freeze()
        self.in_hand += await asyncio.to_thread(self._count_in_hand)
        mending = asyncio.create_task(self._mend(fault))
        self._mending.add(mending)
        mending.add_done_callback(self._mending.discard)
        return fault

    async def _mend(self, fault: Fault) -> None:
        await asyncio.sleep(fault.until - time.monotonic())
        one = self.programs[fault.name]
        if fault.kind == "kill":
            one.start()
        else:
            one.thaw()

    def _count_in_hand(self) -> int:
        with psycopg.connect(self.url) as connection:
            row = connection.execute("SELECT COUNT(*) FROM outbox WHERE state = 'sending'").fetchone()
            assert row is not None
            return int(row[0])

    async def storms(self, seconds: float) -> None:
        """Now one, now the other, now two at once."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            await asyncio.sleep(self.dice.uniform(1, 5))
            well = sorted(set(NAMES) - self.hurt)
            if not well:
                continue
            name = self.leader if self.leader in well and self.dice.random() < 0.5 else self.dice.choice(well)
            if self.dice.random() < 0.5:
                await self.strike(name, "kill", self.dice.uniform(0.5, 2))
            else:
                await self.strike(name, "freeze", self.dice.uniform(0.5, 6))
        while self._mending:
            await asyncio.wait(self._mending)

    async def watch_epochs(self) -> None:
        """Note again and again who leads what for the how manieth time."""
        async with await psycopg.AsyncConnection.connect(self.url, autocommit=True) as connection:
            while True:
                found = await connection.execute("SELECT name, epoch FROM senders")
                self.epochs.append(dict(await found.fetchall()))
                await asyncio.sleep(0.1)

    async def all_are_up(self) -> None:
        """Until each has asked Telegram for something, and one speaks."""
        async with asyncio.timeout(PATIENCE_S):
            while {call.via for call in self.api.calls} != set(NAMES):
                await asyncio.sleep(0.01)

    async def rests(self) -> None:
        """Everybody has finished, and everything was heard, said and written down as said."""
        await self.people.ends()
        self.api.faults.clear()
        end = time.monotonic() + PATIENCE_S
        while self.api.updates.count or (waiting := await asyncio.to_thread(self._waiting)):
            assert time.monotonic() < end, f"{self.api.updates.count} updates, {waiting}\n{self.output}"
            await asyncio.sleep(0.05)

    def _waiting(self) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(f"{crowd.NOT_OVER} LIMIT 9").fetchall()

    async def stop(self) -> None:
        """Politely, all of them at once."""
        statuses = await asyncio.gather(*(asyncio.to_thread(one.stop) for one in self.programs.values()))
        assert statuses == [0, 0, 0], self.output

    @property
    def output(self) -> str:
        return "\n".join(f"{name}:\n{one.output}" for name, one in self.programs.items())


@asynccontextmanager
async def three(folder: Path, schedule: str = "", *, cold: bool = False) -> AsyncIterator[Three]:
    """Three whole programs behind one address, and the commune on Telegram."""
    dice = random.Random(f"{SEED} three")
    print(f"\nAPSO_SEED={SEED}")
    url, port = new_postgres("three"), _free_port()
    async with BotApi() as api:
        api.methods.webhook_at = f"http://127.0.0.1:{port}/telegram"
        api.methods.webhook_patience = TELEGRAM_WAITS_S
        found = await look(url, lambda db: crowd.settle(db, real_now()))
        programs = {name: _program(folder / name, api, url, port, name, schedule, cold) for name in NAMES}
        here = Three(api, url, Crowd(api, found, dice, in_order=False), programs, dice)
        for one in programs.values():
            one.start()
        try:
            await here.all_are_up()
            yield here
        finally:
            for one in programs.values():
                with suppress(ProcessLookupError):
                    one.kill()


def _program(folder: Path, api: BotApi, url: str, port: int, name: str, schedule: str, cold: bool) -> program.Program:
    folder.mkdir()
    config = program.write_config(
        folder,
        api,
        url=url,
        port=port,
        more=f'[backup]\nat = ""\n[schedule]\n{schedule}',
        base_url=api.via(name),
        mode="webhook",
        webhook_url="https://apso.example/telegram",
        webhook_secret=SECRET,
        per_second=PER_SECOND,
    )
    return program.Program(folder, "bot", "run", "--config", str(config), cold=cold)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def first_after(here: Three, at: float, by: Iterable[str]) -> float:
    """When one of these wrote something, after that moment; infinity when none did."""
    names = set(by)
    return next(
        (c.at for c in here.api.calls if c.at > at and c.via in names and c.method in crowd.WRITES), float("inf")
    )


async def another_speaks(here: Three, fault: Fault) -> float:
    """When one that was not hurt wrote something."""
    async with asyncio.timeout(PATIENCE_S):
        while (spoke := first_after(here, fault.at, set(NAMES) - {fault.name})) == float("inf"):
            await asyncio.sleep(0.005)
    return spoke


def is_well(here: Three, name: str, since: float, until: float) -> bool:
    """Whether this process was alive all that time, and long enough before it to step in."""
    return not any(
        fault.name == name and fault.at < until and fault.until + WELL_AFTER_S > since for fault in here.faults
    )


def silences(here: Three, kind: str) -> list[float]:
    """After each such fault of the leader while another was well: how long until somebody spoke."""
    found = []
    for fault in here.faults:
        if fault.kind != kind or not fault.leader:
            continue
        others = set(NAMES) - ({fault.name} if kind == "kill" else set())
        spoke = first_after(here, fault.at + 0.02, others)  # what a frozen one had on the wire still arrives
        if any(is_well(here, name, fault.at, spoke) for name in set(NAMES) - {fault.name}):
            found.append(spoke - fault.at)
    return found


@pytest.mark.timeout(300)
async def test_a_minute_of_kills_and_stops(tmp_path: Path) -> None:
    slot = datetime.now(ZONE).replace(second=0, microsecond=0) + timedelta(minutes=1)
    if slot - datetime.now(ZONE) < timedelta(seconds=12):  # they should be up, and have missed nothing
        slot += timedelta(minutes=1)
    schedule = (
        f'"reminders.morning" = "{slot:%H:%M}"\n"upkeep.tidy" = "{slot:%H:%M}"\n'
        f'"summaries.weekly" = "{slot:%a %H:%M}"\n"reminders.overdue" = "{slot:%H:%M}"\n'
    ).lower()
    async with three(tmp_path, schedule) as here:
        for method in ("sendMessage", "editMessageText"):
            here.api.faults.sometimes(method, "drop_after", 0.05, seed=here.dice.randrange(10**6))
        watching = asyncio.create_task(here.watch_epochs())
        here.people.begins()
        left = (slot - datetime.now(ZONE)).total_seconds() + 3
        await here.storms(max(STORM_S, left))
        await here.rests()
        watching.cancel()
        await here.stop()
        await look(here.url, lambda db: crowd.check_kept(db, here.people))
        twins = await look(here.url, lambda db: crowd.check_said(db, here.people))
        runs = await look(here.url, lambda db: db.all("SELECT job, slot FROM job_runs WHERE slot % 60000 = 0"))
        said = await look(here.url, crowd.letters)
        _print(here, twins)
        _check_clock(here, runs, said, slot)
        _check_leaders(here)
        assert twins.extra <= here.in_hand + here.api.faults.kinds["drop_after"]
        most = MOST_OF_ONE + SINCE_WRITTEN_DOWN * crowd.crowded()
        assert _busiest(here.people.written()) <= most, "whoever takes over counts what was said before"
        for name in NAMES:
            assert _busiest(here.people.written(name)) <= MOST_OF_ONE, name


def _check_clock(here: Three, runs: list[tuple[object, ...]], said: list[crowd.Letter], slot: datetime) -> None:
    at = int(slot.timestamp() * 1000)
    jobs = ("reminders.morning", "reminders.overdue", "summaries.weekly", "upkeep.tidy")
    assert sorted(runs) == [(job, at) for job in jobs]
    reminded = Counter(one.person_id for one in said if one.kind == "REMINDER")
    assert reminded == {head.id: 1 for head in here.people.of(crowd.Head)}
    summed = Counter(one.person_id for one in said if one.kind == "SUMMARY")
    assert summed == {one.id: 1 for one in here.people.people}


def _check_leaders(here: Three) -> None:
    for before, after in zip(here.epochs, here.epochs[1:], strict=False):
        assert all(after[name] >= epoch for name, epoch in before.items())
    assert here.epochs[-1]["sender"] > sum(fault.kind == "kill" and fault.leader for fault in here.faults)
    killed, frozen = silences(here, "kill"), silences(here, "freeze")
    assert statistics.median(killed or [0]) <= REPLACED_S * crowd.crowded(), killed
    assert max([0.0, *killed, *frozen]) <= THAWED_S * crowd.crowded(), (killed, frozen)


def _busiest(times: list[float]) -> int:
    """The most in any second."""
    times = sorted(times)
    start, most = 0, 0
    for end, at in enumerate(times):
        while times[start] <= at - 1:
            start += 1
        most = max(most, end - start + 1)
    return most


def _print(here: Three, twins: crowd.Twins) -> None:
    kinds = Counter(f"{fault.kind}{' of the leader' if fault.leader else ''}" for fault in here.faults)
    print(
        f"{dict(kinds)}; {here.people.figures}; in hand at faults {here.in_hand},"
        f" answers lost {here.api.faults.kinds['drop_after']}; {twins.figures};"
        f" busiest second {_busiest(here.people.written())};"
        f" epochs {here.epochs[-1]};"
        f" until another speaks after kill {[round(s, 2) for s in silences(here, 'kill')]}"
        f" after freeze {[round(s, 2) for s in silences(here, 'freeze')]}"
    )


async def test_another_speaks_within_two_seconds_of_the_leader_s_death(tmp_path: Path) -> None:
    async with three(tmp_path) as here:
        here.people.begins()
        await asyncio.sleep(WELL_AFTER_S)
        before = await look(here.url, lambda db: db.all("SELECT epoch FROM senders WHERE name = 'sender'"))
        fault = await here.strike(here.leader, "kill", 5)
        silence = await another_speaks(here, fault) - fault.at
        after = await look(here.url, lambda db: db.all("SELECT epoch FROM senders WHERE name = 'sender'"))
        print(f"another spoke after {silence:.2f} s")
        assert silence <= REPLACED_S * crowd.crowded()
        assert after == [(before[0][0] + 1,)]


def _run(config: Path, *more: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "bot", "run", "--config", str(config), *more]
    done = subprocess.run(command, cwd=program.ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    return done.returncode, done.stderr


async def test_a_file_has_one_process(tmp_path: Path) -> None:
    async with BotApi() as api:
        config = program.write_config(tmp_path, api)
        await (await open_sqlite(str(tmp_path / "apso.db"), 1)).close()
        first = program.Program(tmp_path, "bot", "run", "--config", str(config))
        first.start()
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not api.updates.polling:
                    await asyncio.sleep(0.01)
            status, said = await asyncio.to_thread(_run, config)
            assert status == 1
            assert said.startswith(f"apso: {tmp_path / 'apso.db'} is in use: the bot is running, ")
            assert "stop that one first. Another bot needs a file of its own" in said
            status, said = await asyncio.to_thread(_run, config, "--role", "web")
            assert status == 1
            assert said.startswith("apso: --role web: on one file one process does everything.")
            assert api.updates.polling, "the first one goes on"
        finally:
            assert await asyncio.to_thread(first.stop) == 0
