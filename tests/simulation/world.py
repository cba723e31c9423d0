"""A commune for weeks or a year: its people, its weather and the lives of one bot, all from one seed, in seconds."""

from __future__ import annotations

import asyncio
import hashlib
import heapq
import logging
import os
import random
import re
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from itertools import count
from typing import Any
from unittest.mock import patch

from bot.app import App
from bot.chat import texts
from bot.errands import WorkFailed
from storage.db import Db
from storage.sqlite import commit_together
from tests.rig import PEOPLE, UNHURRIED, ZONE, moment, settle
from tests.simulation import people
from tests.simulation.ledger import Ledger
from tests.simulation.loop import VirtualLoop
from tests.simulation.network import CALM, ROUGH, Network, Weather, Wire
from tests.simulation.people import Actor
from tests.simulation.store import Failing, Hand, Heat, open_failing

MONDAY = "2026-01-05 06:45"
START_S = 30.0
LAST_EVENTS = 30
# How often what repeats is rung here: the longer, the more years a second.
COARSE_S = {2: 10.0}  # every other job that is rung so often: once an hour is enough here


@dataclass(frozen=True)
class Plan:
    """How much happens. Chances are per person and day; `crashes`: at any moment, a day; `patience_s`: how long the bot
    may be busy without a rest."""

    days: int
    reports: float = 0.2
    tasks: float = 0.2
    broadcasts: float = 0.05
    leaving: float = 0.02
    gossip: float = 0.03
    crashes: float = 0.1
    stops: float = 0.05
    patience_s: float = 1800.0
    heat: Heat = field(default_factory=Heat)
    weather: Weather = CALM


HEAVY = Plan(
    days=42, reports=0.35, tasks=0.4, broadcasts=0.2, leaving=0.02, crashes=0.15, stops=0.05,
    heat=Heat(crash=0.002, fault=0.01), weather=ROUGH,
)  # fmt: skip
YEAR = Plan(days=365, reports=0.15, tasks=0.12, broadcasts=0.03, crashes=0.02, stops=0.02, heat=Heat(0.0001, 0.002),
            weather=ROUGH.times(0.3))  # fmt: skip


QUIET = Plan(days=1, reports=0, tasks=0, broadcasts=0, leaving=0, gossip=0, crashes=0, stops=0)


class Broken(AssertionError):
    """An invariant does not hold."""


@dataclass
class Bells:
    """Stands where the library stands that knows the real time: the world rings instead."""

    jobs: list[tuple[Callable[..., Awaitable[None]], Any, list[Any]]] = field(default_factory=list)

    def add_job(self, run: Callable[..., Awaitable[None]], trigger: Any, args: Any = ()) -> None:
        self.jobs.append((run, trigger, list(args)))

    def start(self) -> None:
        pass

    def shutdown(self, wait: bool) -> None:
        self.jobs.clear()


@dataclass
class Life:
    """One process from its start to its end."""

    app: App
    hand: Hand
    wire: Wire
    bells: Bells
    start: asyncio.Task[None]
    began_at: float
    rung: dict[int, float] = field(default_factory=dict)
    ended: bool = False
    stopping: bool = False
    waits: asyncio.Task[None] | None = None

    @property
    def is_up(self) -> bool:
        return self.start.done() and not self.ended

    def gave_up(self) -> str:
        """Why the program ended by itself, as its supervisor sees it ("": it goes on)."""
        if self.stopping or not self.start.done():
            return ""
        if self.start.exception() is None and self.waits is None:
            self.waits = asyncio.get_running_loop().create_task(self.app.wait())
        over = self.start if self.waits is None else self.waits
        return repr(over.exception() or "it ended") if over.done() else ""


class World:
    """Everything there is. The same seed and plan make the same year."""

    def __init__(self, seed: int, plan: Plan, change: Callable[[World], None] = lambda world: None) -> None:
        self.seed, self.plan = seed, plan
        self.random = random.Random(seed)
        self.loop = VirtualLoop()
        self.start_ms = moment(MONDAY)
        self.connection: Failing = open_failing(self.start_ms)
        self.network = Network(random.Random(seed + 1), self.now, self.note, plan.weather)
        self.ledger = Ledger(self.connection, self.network)
        self.events: deque[str] = deque(maxlen=LAST_EVENTS)
        self.digest = hashlib.sha256()
        self.lives = self.crashes = self.faults = self.given_up = 0
        self.life: Life | None = None
        self.heat = replace(plan.heat)
        self.actors = self._settle()
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._own: set[asyncio.Task[Any]] = set()
        self._tokens = count(1)
        self._rest_since = 0.0
        change(self)

    def _settle(self) -> dict[str, Actor]:
        ((found, error),) = commit_together(self.connection, [lambda db: self._village(db)])
        if error is not None:
            raise error
        for key in ("bay", "hai"):
            self.network.plain.add(f"p{found[key][0]}")
        return {key: Actor(self, key, found[key][0], f"p{found[key][0]}") for key, _, _, _ in PEOPLE}

    def _village(self, db: Db) -> dict[str, tuple[int, str]]:
        return settle(db, self.start_ms)

    # Time and what is remembered of it

    def time(self) -> float:
        """Seconds since the beginning."""
        return self.loop.time()

    def now(self) -> int:
        return self.start_ms + int(self.loop.time() * 1000)

    @property
    def local(self) -> datetime:
        return datetime.fromtimestamp(self.now() / 1000, ZONE)

    def note(self, words: str) -> None:
        """An event, for whoever has to understand a failure, and to tell two runs apart."""
        line = f"{self.local:%m-%d %H:%M:%S} {words}"
        self.events.append(line)
        self.digest.update(line.encode())

    def token(self) -> str:
        return f"#{next(self._tokens):05d}"

    def at(self, when: float, do: Callable[[], None]) -> None:
        heapq.heappush(self._due, (when, next(self._order), do))

    async def pause(self, seconds: float) -> None:
        """A person lets some time go by."""
        future: asyncio.Future[None] = self.loop.create_future()
        self.at(self.time() + seconds, lambda: None if future.done() else future.set_result(None))
        await future

    async def change(self, chat: str, until: float) -> None:
        """Returns when the phone shows something new, or at that time."""
        future: asyncio.Future[None] = self.loop.create_future()
        self.network.looked_for.setdefault(chat, []).append(future)
        self.at(until, lambda: None if future.done() else future.set_result(None))
        await future

    # The lives of the bot

    def begin(self) -> None:
        """A process starts."""
        self.lives += 1
        self.note(f"life {self.lives} begins")
        hand = Hand(self.connection, self.random, self.heat, self.crashed, self._committed, self._failed)
        wire = Wire(self.network, self.crashed, heard=lambda one, repeated: self.ledger.heard(one.key, repeated))
        bells = Bells()
        app = App(UNHURRIED, hand.store(), {"phone": wire}, now=self.now, serve=False)
        app.watching.room = lambda: None
        app.watching.backups = lambda: 0
        app.errands.work = done_here
        self.life = Life(app, hand, wire, bells, self.loop.create_task(app.start()), self.time())
        self._rest_since = self.time()
        self.network.news.set() if self.network.waiting else self.network.news.clear()

    def _committed(self) -> None:
        self.ledger.committed(self.now())

    def _failed(self, what: str) -> None:
        self.faults += 1
        self.note(f"disk: {what}")

    def crashed(self, where: str) -> None:
        """The process ends now; what it was about to do is not done."""
        if self.life is not None and not self.life.ended:
            self.crashes += 1
            self.note(f"crash {where}")
            self.life.ended = True
            self.life.hand.die()
            self.life.wire.dead = True

    async def _bury(self) -> None:
        """What is left of a life goes without doing anything more."""
        life, self.life = self.life, None
        assert life is not None
        life.hand.die()
        life.wire.dead = True
        own = self._own | {asyncio.current_task()}
        for _ in range(50):
            left = [task for task in self.loop.alive if task not in own]
            if not left:
                break
            for task in left:
                task.cancel()
            await asyncio.sleep(0)
        else:
            raise Broken(f"tasks that do not end: {left}")
        self.connection.undo()
        away = self.random.choice((2.0, 20.0, 600.0, 600.0, 3 * 3600.0, 9 * 3600.0))
        self.at(self.time() + away, self.begin)

    async def _stops(self) -> None:
        """A new version is put in place: the program is stopped as it should be."""
        life = self.life
        if life is None or not life.is_up:
            return
        self.note("stopping")
        life.stopping = True
        await asyncio.wait([self.loop.create_task(life.app.stop())], timeout=60)
        if self.life is life and not life.ended:
            self.note("stopped")
            life.ended = True  # what is still on the wire goes with it

    # What happens

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Something the world does, which no crash of the bot ends."""
        task = self.loop.create_task(work)
        self._own.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._own.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.ledger.broken.append(f"the world itself stumbled: {task.exception()!r}")

    def _plan_day(self) -> None:
        """Who does what today."""
        dice, plan = self.random, self.plan
        midnight = self.time() - (self.local.hour * 3600 + self.local.minute * 60 + self.local.second)
        day = self.local.date()

        def maybe(chance: float, key: str, act: Callable[[Actor], Awaitable[None]], first: float, last: float) -> None:
            if dice.random() < chance:
                at = midnight + 3600 * dice.uniform(first, last)
                self.at(max(at, self.time()), lambda: self.spawn(self.actors[key].does(act)))

        last = 17.0 if day.weekday() == 6 else 20.0  # on Sunday evening nobody begins what ends on Monday
        for key in ("an", "bay", "ut", "tam", "hai"):
            maybe(plan.reports, key, people.reports, 7.5, last - 1)
            maybe(plan.leaving, key, people.leaves_and_comes_back, 8, 20)
            maybe(plan.gossip, key, people.gossips, 8, last - 1)
        for key in ("tam", "hai"):
            for hour in (8, 15):
                maybe(plan.tasks * 1.5, key, people.works, hour, hour + 3)
        maybe(plan.tasks, "lan", people.gives, 8, 11)
        for hour in (14, 17):
            maybe(plan.tasks * 1.5, "lan", people.judges, hour, hour + 2)
        maybe(plan.broadcasts, "quan", people.broadcasts, 9, 22)
        if dice.random() < plan.crashes:
            self.at(self.time() + dice.uniform(0, 86_000), lambda: self.crashed("at some moment"))
        if dice.random() < plan.stops:
            self.at(self.time() + dice.uniform(0, 86_000), lambda: self.spawn(self._stops()))
        if day.weekday() == 0 and self.time() > 86_400:
            self.at(midnight + 12 * 3600, lambda: self.ledger.close_week(day.isoformat()))
        self.at(midnight + 86_400 + 5, self._plan_day)
        self.at(midnight + 4 * 3600 + 86_400, self.ledger.look_at_letters)
        for hour, minute in ((3, 0), (6, 30), (7, 0), (7, 15), (16, 0)):
            at = midnight + hour * 3600 + minute * 60
            if at > self.time():
                self.at(at, self._ring)

    def _ring(self) -> None:
        """The hour strikes: whatever the clock's library was told to do at set times."""
        life = self.life
        if life is not None and life.is_up and not life.hand.dead:
            for run, trigger, args in life.bells.jobs:
                if not hasattr(trigger, "interval") and self._is_due(trigger):
                    self.loop.create_task(run(*args))  # type: ignore[arg-type]
            life.app.sender.ring()

    def _is_due(self, trigger: Any) -> bool:
        fire = trigger.get_next_fire_time(None, self.local - timedelta(seconds=1))
        return bool(fire is not None and fire <= self.local)

    def _repeat(self) -> None:
        """What is to be done again and again."""
        life = self.life
        if life is None or not life.is_up:
            return
        for number, (run, trigger, args) in enumerate(life.bells.jobs):
            if hasattr(trigger, "interval"):
                every = COARSE_S.get(int(trigger.interval.total_seconds()), 3600.0)
                if self.time() - life.rung.get(number, -every) >= every:
                    life.rung[number] = self.time()
                    self.loop.create_task(run(*args))  # type: ignore[arg-type]

    def _rests(self) -> bool:
        """Whether nothing is going on: then the next thing that happens may happen at once."""
        life = self.life
        if life is None:
            return True
        if life.ended or not life.start.done() or self.network.waiting or life.app.store.waiting:
            return False
        look = self.connection.plainly
        return not (
            look("SELECT 1 FROM outbox WHERE state = 'sending' LIMIT 1")
            or look("SELECT 1 FROM outbox WHERE state = 'queued' AND not_before <= ? LIMIT 1", self.now())
        )

    async def _live(self) -> None:
        self.begin()
        self._plan_day()
        await self._until(self.plan.days * 86_400.0)
        self.note("the weather clears")
        self.heat.crash = self.heat.fault = 0.0
        self.network.weather = CALM
        self.network.blocked.clear()
        self.plan = QUIET
        await self._until(self.time() + 1.5 * 86_400)  # no more faults: everything that was begun comes to its end

    async def _until(self, end: float) -> None:
        while self.time() < end:
            await self._go_on()
            while self._due[0][0] <= self.time():
                heapq.heappop(self._due)[2]()
            for _ in range(4):
                await asyncio.sleep(0)
            self._check()

    async def _go_on(self) -> None:
        """To the next thing that happens: through what is going on bit by bit, over the rest in one leap."""
        nap = 0.1
        while (left := self._due[0][0] - self.time()) > 0:
            await self._look_after()
            self._repeat()
            if self._rests():
                self._rest_since = self._due[0][0]
                self.loop.leap(left)
                return
            await asyncio.sleep(min(nap, left))
            nap = min(nap * 1.3, 1.0)
            if self.time() - self._rest_since > self.plan.patience_s:
                raise Broken("the bot does not come to rest")

    async def _look_after(self) -> None:
        """What a supervisor does: whatever ended is started again after a while."""
        life = self.life
        if life is not None and not life.ended and (why := life.gave_up()):
            self.note(f"the program ended: {why}")
            self.given_up += 1
            life.ended = True
        if life is not None and life.ended:
            await self._bury()
        elif life is not None and not life.start.done() and self.time() - life.began_at > START_S:
            raise Broken("the program does not start, and does not say why")

    def _check(self) -> None:
        if self.ledger.broken:
            raise Broken("; ".join(self.ledger.broken[:5]))

    def run(self) -> World:
        """Live it all, and look whether everything is as it must be. Raises Broken."""
        with self.stage():
            try:
                self.loop.run_until_complete(self._all())
            except BaseException as error:
                raise Broken(self._told(error)) from error
        return self

    @contextmanager
    def stage(self) -> Iterator[None]:
        """Everything outside of the bot is this world's. What it logs of ten thousand faults is nobody's to read."""
        logging.disable(logging.CRITICAL)
        asyncio.set_event_loop(self.loop)
        try:
            with patch("bot.clock.AsyncIOScheduler", self._bells), patch("bot.app.texts.load", _texts):
                yield
        finally:
            logging.disable(logging.NOTSET)
            asyncio.set_event_loop(None)
            self.loop.close()
            self.connection.close()

    def _bells(self, **how: Any) -> Bells:
        assert self.life is not None
        return self.life.bells

    async def _all(self) -> None:
        try:
            await self._live()
            self.ledger.close(self.now())
            self._check()
        finally:
            for task in [task for task in self.loop.alive if task is not asyncio.current_task()]:
                task.cancel()
            if self.life is not None:
                self.life.hand.die()
                self._own.clear()
                await self._bury()

    def _told(self, error: BaseException) -> str:
        test = os.environ.get("PYTEST_CURRENT_TEST", "").partition("::")[2]
        test = re.split(r"[\[ ]", test)[0] or "test_"
        replay = f"APSO_SEED={self.seed} .venv/bin/pytest tests/simulation -k {test}"
        return "\n".join([f"seed {self.seed}: {error!r}", f"replay: {replay}", "the last events:", *self.events])


_texts = cache(texts.load)  # the same for every life: reading them is most of a start


async def done_here(by: str, given: Any, told: Any = None) -> bytes:
    """Slow work, in this process: the world has no other."""
    try:
        made: bytes = import_module(by).make(given)
    except Exception as error:
        raise WorkFailed(type(error).__name__) from error
    return made
