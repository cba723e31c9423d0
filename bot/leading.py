"""Work that only one process does at a time: it goes on here for as long as this is the one."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from storage import leaders
from storage.db import Db, Leadership, Store

log = logging.getLogger("apso.leading")

Work = Callable[[Leadership], Awaitable[None]]

PATIENCE_S = 5.0  # within so long another takes over from one that is silent
LOOK_S = 0.2


async def lead(
    store: Store, what: str, work: Work, now: Callable[[], int], bell: Callable[[], None] = lambda: None
) -> None:
    """Wait until this process leads, then do `work`; again and again when another took over meanwhile.

    Returns, or raises, when the work ends by itself.
    """
    while True:
        leadership = await store.lead(what, bell)
        begun = work(leadership) if store.single else _introduced(store, what, work, now, leadership)
        doing = asyncio.ensure_future(begun)
        lost = asyncio.ensure_future(leadership.lost())
        try:
            await asyncio.wait({doing, lost}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ended = doing.done()
            for task in (doing, lost):
                task.cancel()
            await asyncio.gather(doing, lost, return_exceptions=True)
            await leadership.resign()
        if ended:
            return doing.result()
        log.warning("leading=%s: no longer here; standing again", what)


async def _introduced(store: Store, what: str, work: Work, now: Callable[[], int], leadership: Leadership) -> None:
    who = f"process {os.getpid()} on {socket.gethostname()}"
    try:
        await store.run(lambda db: leaders.introduce(db, what, who, now()), line=None)
    except Exception as error:  # the work goes on though nobody can tell whose it is
        log.warning("leading=%s: could not be written down: %s", what, type(error).__name__)
    log.info("leading=%s: by this process from now on", what)
    await work(leadership)


@dataclass(frozen=True, slots=True)
class Leader:
    """Who does what only one may, since when (UTC ms); `alive` when it is doing it now, else it was the last to."""

    what: str
    who: str
    since: int
    alive: bool


async def found(store: Store, whats: Collection[str], patience_s: float = PATIENCE_S) -> list[Leader]:
    """Who leads now, as their beats tell: whether they go on, so that no two clocks are compared."""
    first = await store.run(lambda db: _beats(db, whats), line=None)
    until, alive = time.monotonic() + patience_s, set[str]()
    while len(alive) < len(whats) and time.monotonic() < until:
        await asyncio.sleep(LOOK_S)
        now = await store.run(lambda db: _beats(db, whats), line=None)
        alive = {what for what in whats if now[what] != first[what]}
    told = await store.run(lambda db: {what: leaders.introduced(db, what) for what in whats}, line=None)
    return [Leader(what, *told[what], what in alive) for what in whats]


def _beats(db: Db, whats: Collection[str]) -> dict[str, int]:
    return {what: leaders.last_beat(db, what) for what in whats}
