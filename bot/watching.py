"""This process's part in the watch: its pulses for the others, and what it says of its health to whoever asks."""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.rules import backups, health
from bot.rules.health import GIGABYTE, Facts, Process
from storage import outbox, pauses, watching
from storage.db import Db, Leadership, Store
from storage.watching import Pulse

log = logging.getLogger("apso.watching")

T = TypeVar("T")

BEAT_S = 10.0
PATIENCE_S = 1.5  # who asks /healthz wants an answer within two seconds
DAY_MS = 24 * health.HOUR


class Watched:
    """A store whose calls are timed and counted."""

    def __init__(self, store: Store, now: Callable[[], int], stored: Callable[[float, bool], None]) -> None:
        self.single = store.single
        self.waiting = 0
        self.last_commit_at = 0
        self._store = store
        self._now = now
        self._stored = stored

    async def run(self, function: Callable[[Db], T], *, line: str | None = "") -> T:
        started = time.perf_counter()
        committed = False
        self.waiting += 1
        try:
            result = await self._store.run(function, line=line)
            committed = True
        finally:
            self.waiting -= 1
            self._stored(time.perf_counter() - started, committed)
        self.last_commit_at = self._now()
        return result

    async def lead(self, what: str, bell: Callable[[], None] = lambda: None) -> Leadership:
        return await self._store.lead(what, bell)

    def ring(self) -> None:
        self._store.ring()

    async def close(self) -> None:
        await self._store.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class Watching:
    """Gathers the facts. `process` is asked what it knows of itself, `late` which jobs of the clock were not run.

    `room`: how many bytes are free; `backups`: when the newest backup was made. A disk may take its time to answer, so
    these are asked in a thread of their own, and not for each question.
    """

    def __init__(
        self,
        store: Store,
        now: Callable[[], int],
        process: Callable[[], Process],
        late: Callable[[Db, int], Mapping[str, int]],
        room: Callable[[], int | None] = lambda: None,
        backups: Callable[[], int] = lambda: 0,
    ) -> None:
        self.room = room
        self._store = store
        self._now = now
        self._known = process
        self._late = late
        self.backups = backups
        self._disk_free: int | None = None
        self._backed_up_at = 0
        self._written: dict[str, Pulse] = {}
        self._one = asyncio.Lock()
        self._beating: asyncio.Task[None] | None = None
        self._asking: asyncio.Task[Facts] | None = None

    def start(self) -> None:
        """Beat from now on."""
        self._beating = asyncio.create_task(self._beat(), name="pulses")

    async def stop(self) -> None:
        """Leave the last times behind for whoever looks while nothing runs."""
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)
            with suppress(Exception):
                await asyncio.wait_for(self.beat(), PATIENCE_S)
        if self._asking is not None:
            self._asking.cancel()

    def facts(self, db: Db, now: int) -> Facts:
        """What all processes together know, read in one transaction."""
        process = self._process()
        pulses = watching.pulses(db)

        def at(what: str) -> int:
            return pulses[what].at if what in pulses else 0

        paused = pauses.since(db, outbox.SENDER)
        failed = max(
            Pulse(watching.BACKUP_FAILED, process.backup_failed_at, process.backup_failed),
            pulses.get(watching.BACKUP_FAILED, Pulse(watching.BACKUP_FAILED, 0)),
            key=lambda pulse: pulse.at,
        )
        backed_up_at = max(process.backed_up_at, at(watching.BACKUP))
        return Facts(
            now,
            process,
            last_poll_at=max(process.last_poll_at, at(watching.POLL)),
            last_sent_at=max(process.last_sent_at, at(watching.SENT)),
            looked_at=at(watching.CLOCK),
            lanes=watching.lanes(db, now, now - DAY_MS),
            stopped=_stopped(pulses) | dict(process.stopped),
            paused_since=paused.since if paused else 0,
            backed_up_at=backed_up_at,
            backup_failed=failed.detail if failed.at > backed_up_at else "",
            late=self._late(db, now),
            since={known.name: known.since for known in watching.troubles(db)},
        )

    async def ask(self) -> Facts:
        """The facts, or without the store's when it does not answer in time."""
        if self._asking is None or self._asking.done():  # a stuck store is not asked again and again
            self._asking = asyncio.create_task(self._ask(), name="health")
            self._asking.add_done_callback(lambda task: task.cancelled() or task.exception())
        try:
            return await asyncio.wait_for(asyncio.shield(self._asking), PATIENCE_S)
        except Exception as error:
            log.error("the store does not answer: %s", type(error).__name__)
            return Facts(self._now(), self._process(), answering=False)

    async def _ask(self) -> Facts:
        return await self._store.run(lambda db: self.facts(db, self._now()), line=None)

    def _process(self) -> Process:
        return replace(self._known(), disk_free=self._disk_free, backed_up_at=self._backed_up_at)

    async def beat(self) -> None:
        """Look at the disk, and write down what changed; one after the other, so that the last look counts."""
        async with self._one:
            self._disk_free = await asyncio.to_thread(self.room)
            self._backed_up_at = await asyncio.to_thread(self.backups)
            changed = [pulse for pulse in self._pulses() if self._written.get(pulse.what) != pulse]
            if changed:
                await self._store.run(lambda db: watching.beat(db, changed), line=None)
                self._written |= {pulse.what: pulse for pulse in changed}

    def _pulses(self) -> list[Pulse]:
        known = self._process()
        found = [
            Pulse(watching.POLL, known.last_poll_at),
            Pulse(watching.SENT, known.last_sent_at),
            Pulse(watching.BACKUP, known.backed_up_at),
            Pulse(watching.BACKUP_FAILED, known.backup_failed_at, known.backup_failed),
        ]
        return [pulse for pulse in found if pulse.at] + self._refused(known)

    def _refused(self, known: Process) -> list[Pulse]:
        found = []
        for channel, why in known.stopped.items():
            written = self._written.get(watching.STOPPED + channel)
            same = written is not None and written.detail == why
            at = self._now() if why else 0
            found.append(written if written and same else Pulse(watching.STOPPED + channel, at, why))
        return found

    async def _beat(self) -> None:
        while True:
            try:
                await self.beat()
            except Exception as error:
                log.error("the pulses could not be written: %s", type(error).__name__)
            await asyncio.sleep(BEAT_S)


def _stopped(pulses: Mapping[str, Pulse]) -> dict[str, str]:
    return {
        what.removeprefix(watching.STOPPED): pulse.detail
        for what, pulse in pulses.items()
        if what.startswith(watching.STOPPED)
    }


def as_json(facts: Facts, zone: ZoneInfo) -> dict[str, object]:
    """What /healthz says: nothing about anybody."""
    found = health.troubles(facts)
    process = facts.process
    free = process.disk_free
    said: dict[str, object] = {
        "ok": not found,
        "troubles": [
            {"name": trouble.name, **asdict(trouble), "since": _iso(facts.since.get(trouble.name, 0), zone)}
            for trouble in found
        ],
        "started_at": _iso(process.started_at, zone),
    }
    times = {
        "last_poll": max(facts.last_poll_at, process.last_poll_at),
        "last_sent": max(facts.last_sent_at, process.last_sent_at),
        "last_commit": process.last_commit_at,
    }
    for what, at in times.items():
        said |= {f"{what}_at": _iso(at, zone), f"{what}_age_s": (facts.now - at) // 1000 if at else None}
    return said | {
        "queue_age_s": {lane: facts.waited(lane) // 1000 for lane in facts.lanes},
        "queued": facts.queued if facts.answering else None,
        "unknown": facts.unknown if facts.answering else None,
        "disk_free_gb": round(free / GIGABYTE, 1) if free is not None else None,
    }


def _iso(at: int, zone: ZoneInfo) -> str | None:
    """A moment on the province's clocks; None for never."""
    return datetime.fromtimestamp(at / 1000, zone).isoformat(timespec="seconds") if at else None


def room(folder: Path) -> Callable[[], int | None]:
    """How many bytes are free where this folder is."""

    def free() -> int | None:
        try:
            return shutil.disk_usage(folder).free
        except OSError:
            return None

    return free


def newest_backup(folder: Path, zone: ZoneInfo) -> Callable[[], int]:
    """When the newest file that bears the name of a backup was made, UTC milliseconds (0: there is none)."""

    def newest() -> int:
        try:
            made = [at for file in folder.iterdir() if (at := backups.made(file.name)) is not None]
        except OSError:
            return 0
        return int(max(made).replace(tzinfo=zone).timestamp() * 1000) if made else 0

    return newest
