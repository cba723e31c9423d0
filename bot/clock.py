"""Rings when something is due. What is due, and whether it was done, the database knows."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime
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
    ) -> None:
        self._store = store
        self._now = now
        self._run = run
        timers = list(timers)
        self._repeated = [timer for timer in timers if timer.every]
        self._slotted = [(timer, trigger(schedule.get(timer.name, timer.at), zone)) for timer in timers if timer.at]
        self._scheduler = AsyncIOScheduler(
            timezone=zone, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    async def start(self) -> None:
        """Make up for what was missed, then ring on."""
        await self._store.run(self._begin)
        await self.ring()
        for timer in self._repeated:
            self._scheduler.add_job(self._repeat, IntervalTrigger(seconds=timer.every), args=[timer])
        for _, rings in self._slotted:
            self._scheduler.add_job(self.ring, rings)
        self._scheduler.start()

    async def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def ring(self) -> None:
        """Run every slot that is due and was not run."""
        for timer, rings in self._slotted:
            try:
                await self._run(lambda turn, t=timer, r=rings: _run_slot(turn, t, r))  # type: ignore[misc]
            except Exception:
                log.exception("job=%s failed", timer.name)

    async def _repeat(self, timer: Timer) -> None:
        try:
            await self._run(timer.run)
        except Exception:
            log.exception("job=%s failed", timer.name)

    def _begin(self, db: Db) -> None:
        """A job that never ran has missed nothing: its history begins now."""
        now = self._now()
        for timer, _ in self._slotted:
            if jobs.last(db, timer.name) is None:
                jobs.take(db, timer.name, now, now)


def _run_slot(turn: Turn, timer: Timer, rings: CronTrigger) -> None:
    since = jobs.last(turn.db, timer.name)
    slot = None if since is None else last_slot(rings, since, turn.now)
    if slot is not None and jobs.take(turn.db, timer.name, slot, turn.now):
        turn.slot = slot
        timer.run(turn)
        log.info("job=%s slot=%d ran", timer.name, slot)
