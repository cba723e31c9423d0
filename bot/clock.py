"""Rings when something is due. What is due, and whether it was done, the database knows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.chat.router import Job, Timer
from bot.chat.turn import Turn
from storage import jobs
from storage.db import Db, Store

log = logging.getLogger("apso.clock")

RunJob = Callable[[Job], Awaitable[None]]

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def trigger(at: str, zone: ZoneInfo) -> CronTrigger:
    """From "07:00" (daily) or "fri 16:00" (weekly). Raises ValueError saying what is allowed."""
    day, _, hour_minute = at.strip().lower().rpartition(" ")
    hour, _, minute = hour_minute.partition(":")
    if (day and day not in _WEEKDAYS) or not (
        hour.isdigit() and minute.isdigit() and int(hour) < 24 and int(minute) < 60
    ):
        raise ValueError(f'{at!r} is not a time: write "07:00" for every day or "fri 16:00" for every week')
    return CronTrigger(day_of_week=day or "*", hour=int(hour), minute=int(minute), timezone=zone)


def last_slot(rings: CronTrigger, since: int, now: int) -> int | None:
    """The newest ringing after `since` and not after `now`, in UTC milliseconds; None when there is none."""
    found = None
    at = datetime.fromtimestamp(since / 1000 + 0.001, UTC)
    end = datetime.fromtimestamp(now / 1000, UTC)
    while (fire := rings.get_next_fire_time(None, at)) is not None and fire <= end:
        found = int(fire.timestamp() * 1000)
        at = datetime.fromtimestamp(fire.timestamp() + 1, UTC)
    return found


def next_slot(rings: CronTrigger, since: int) -> int | None:
    """The first ringing after `since`, in UTC milliseconds."""
    fire = rings.get_next_fire_time(None, datetime.fromtimestamp(since / 1000 + 0.001, UTC))
    return int(fire.timestamp() * 1000) if fire is not None else None


@dataclass(frozen=True, slots=True)
class Chore:
    """Work at set times that waits for the disk or for other programs, and so is no turn."""

    name: str
    at: str
    run: Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Failure:
    """That a chore did not succeed the last time. `at`: UTC milliseconds."""

    at: int
    error: str


class Clock:
    """Rings the timers of all features. A slot missed while the program was down is run once, late, at start."""

    def __init__(
        self,
        store: Store,
        timers: Iterable[Timer],
        schedule: Mapping[str, str],
        zone: ZoneInfo,
        now: Callable[[], int],
        run: RunJob,
        late: Callable[[str, float], None] = lambda job, seconds: None,
        chores: Iterable[Chore] = (),
    ) -> None:
        """`late` is told of each slot that was run, and how many seconds after its time."""
        self._store = store
        self._late = late
        self._now = now
        self._run = run
        timers = list(timers)
        self._repeated = [timer for timer in timers if timer.every]
        self._slotted = [(timer, trigger(schedule.get(timer.name, timer.at), zone)) for timer in timers if timer.at]
        self._chores = [(chore, trigger(chore.at, zone)) for chore in chores]
        self._doing: set[asyncio.Task[None]] = set()
        self._repeating: set[str] = set()
        self.failures: dict[str, Failure] = {}  # of chores, until they succeed again
        self._jobs = [(job.name, rings) for job, rings in self._slotted]
        self._jobs += [(chore.name, rings) for chore, rings in self._chores]
        self._zone = zone
        self._scheduler: AsyncIOScheduler | None = None

    async def start(self) -> None:
        """Make up for what was missed, then ring on."""
        await self._store.run(self._begin)
        await self.ring()
        self._scheduler = AsyncIOScheduler(
            timezone=self._zone, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        for timer in self._repeated:
            work = partial(self._repeat, timer)
            self._scheduler.add_job(self._set_going, IntervalTrigger(seconds=timer.every), args=[work])
        for _, rings in self._jobs:
            self._scheduler.add_job(self._set_going, rings, args=[self.ring])
        self._scheduler.start()

    async def stop(self) -> None:
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None
        for task in self._doing:
            task.cancel()
        await self.done()

    async def ring(self) -> None:
        """Run every slot that is due and was not run."""
        for timer, rings in self._slotted:
            try:
                await self._ring_slot(timer, rings)
            except Exception:
                log.exception("job=%s failed", timer.name)
        for chore, rings in self._chores:
            await self._set_going(partial(self._do, chore, rings))

    async def _set_going(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """In a task of our own, which `stop` ends quietly: the scheduler would call that an error."""
        task = asyncio.create_task(work())
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)

    async def done(self) -> None:
        """Returns when nothing is being done."""
        await asyncio.gather(*self._doing, return_exceptions=True)

    async def _do(self, chore: Chore, rings: CronTrigger) -> None:
        try:
            slot = await self._store.run(lambda db: _take(db, chore.name, rings, self._now()))
            if slot is None:
                return
            await chore.run()
            self.failures.pop(chore.name, None)
            self._late(chore.name, (self._now() - slot) / 1000)
            log.info("job=%s slot=%d ran", chore.name, slot)
        except Exception as error:
            self.failures[chore.name] = Failure(self._now(), str(error))
            log.exception("job=%s failed", chore.name)

    async def _repeat(self, timer: Timer) -> None:
        if timer.name in self._repeating:  # the one before is still at it
            return
        self._repeating.add(timer.name)
        try:
            await self._run(timer.run)
        except Exception:
            log.exception("job=%s failed", timer.name)
        finally:
            self._repeating.discard(timer.name)

    def _begin(self, db: Db) -> None:
        """A job that never ran has missed nothing: its history begins now."""
        now = self._now()
        for name, _ in self._jobs:
            if jobs.last(db, name) is None:
                jobs.take(db, name, now, now)

    def overdue(self, db: Db, now: int) -> dict[str, int]:
        """For how long (ms) the oldest slot of a job has waited to be run; jobs with nothing to do are left out."""
        found = {}
        for name, rings in self._jobs:
            since = jobs.last(db, name)
            slot = None if since is None else next_slot(rings, since)
            if slot is not None and slot <= now:
                found[name] = now - slot
        return found

    async def _ring_slot(self, timer: Timer, rings: CronTrigger) -> None:
        slot: int | None = None

        def work(turn: Turn) -> None:  # perhaps more than once before it is committed
            nonlocal slot
            slot = _take(turn.db, timer.name, rings, turn.now)
            if slot is not None:
                turn.slot = slot
                timer.run(turn)

        await self._run(work)
        if slot is not None:
            self._late(timer.name, (self._now() - slot) / 1000)
            log.info("job=%s slot=%d ran", timer.name, slot)


def _take(db: Db, name: str, rings: CronTrigger, now: int) -> int | None:
    """The newest slot of the job that is due, when nobody ran it before."""
    since = jobs.last(db, name)
    slot = None if since is None else last_slot(rings, since, now)
    return slot if slot is not None and jobs.take(db, name, slot, now) else None
