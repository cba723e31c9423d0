"""Fetches the photos people sent, has them cleaned, and keeps them: outside of every turn, again and again until it is
known what becomes of each.

No errand: nobody waits for it, several are done at once, and one may be tried for hours. One process does it at a time.
A transaction takes a photo in hand; what the channel gives is cleaned in a process of its own and put into the folder;
a second transaction says that it is there. A program that is killed in between begins it anew.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.channels.channel import Failed, SendError, Throttled, Unauthorized
from bot.chat import turn
from bot.chat.message import File
from bot.chat.turn import Outcome, Surroundings, Turn, sent_file
from bot.photos.cleaning import Bounds, CannotClean, Cleaned, Unclean, clean
from bot.photos.folder import Folder
from bot.photos.leftovers import Leftovers
from storage import photos
from storage.db import Db, Leadership, Store
from storage.files import StoredFile
from storage.photos import Due, Photo

log = logging.getLogger("apso.photos")

AT_ONCE = 3
LOOK_AGAIN_S = 60.0
SWEEP = 100  # files removed from the folder at once
SECOND, MINUTE, HOUR = 1000, 60_000, 3_600_000
# After each try without an answer: 16 hours in all. What the channel refuses may still be "temporarily unavailable".
SILENT = (5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR)
DENIED = (30 * SECOND, 10 * MINUTE)
OUR_FAULT = 10 * MINUTE


class Photos:
    """`said` is told of each turn that was committed; `fetch` gets a file from its channel, and raises SendError."""

    def __init__(
        self,
        store: Store,
        around: Surroundings,
        now: Callable[[], int],
        said: Callable[[Outcome], None],
        fetch: Callable[[File], Awaitable[bytes]],
        folder: Folder,
        bounds: Bounds,
    ) -> None:
        self.folder = folder
        self._store = store
        self._around = around
        self._now = now
        self._said = said
        self._fetch = fetch
        self._bounds = bounds
        self._rung = asyncio.Event()
        self._in_hand: set[int] = set()
        self._halted_until = 0
        self._folder_is = asyncio.Lock()  # what is just put there is not taken away as unused
        self.leftovers = Leftovers(store, folder, now, self._folder_is)

    def ring(self) -> None:
        """A photo came, or was let go."""
        self._rung.set()

    async def run(self, leadership: Leadership) -> None:
        """Do it for as long as this is the process that does."""
        self._in_hand.clear()
        doing: set[asyncio.Task[None]] = set()
        try:
            while True:
                self._rung.clear()
                if leadership.held():
                    await self._safely(self.sweep())
                    await self._safely(self.leftovers.sweep())
                    while len(doing) < AT_ONCE and (taken := await self._take()) is not None:
                        task = asyncio.create_task(self._safely(self._do(taken)), name=f"photo {taken.file.id}")
                        doing.add(task)
                        task.add_done_callback(doing.discard)
                        task.add_done_callback(lambda done: self.ring())
                await self._rest(len(doing))
        finally:
            for task in doing:
                task.cancel()
            if doing:
                await asyncio.gather(*doing, return_exceptions=True)

    async def do_all(self) -> None:
        """Everything that is due now, one after the other."""
        while (taken := await self._take()) is not None:
            await self._do(taken)
        await self.sweep()

    async def _rest(self, busy: int) -> None:
        """Until something is rung, or due."""
        due = None if busy else await self._store.run(photos.next_due, line=None)
        wait = LOOK_AGAIN_S if due is None else (max(due, self._halted_until) - self._now()) / SECOND
        try:
            async with asyncio.timeout(min(LOOK_AGAIN_S, max(wait, 1.0))):
                await self._rung.wait()
        except TimeoutError:
            pass

    async def _safely(self, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception as error:  # its own words may quote what somebody sent
            log.error("photos: %s", type(error).__name__)

    async def _take(self) -> Due | None:
        now = self._now()
        if now < self._halted_until:
            return None
        taken = await self._store.run(lambda db: photos.due(db, now, self._in_hand), line=None)
        if taken is not None:
            self._in_hand.add(taken.file.id)
        return taken

    async def _do(self, due: Due) -> None:
        try:
            await self._settle(due)
        except (OSError, CannotClean) as error:  # a full disk, no memory for a process: the photo waits
            log.error("photo=%d try=%d: %s: %s", due.file.id, due.tries + 1, type(error).__name__, error)
            await self._put_off(due, due.tries, OUR_FAULT)
        except Throttled as error:
            self._halted_until = self._now() + int(error.retry_after * SECOND)
            await self._put_off(due, due.tries, int(error.retry_after * SECOND))
        except Unauthorized:
            await self._put_off(due, due.tries, OUR_FAULT)
        except SendError as error:
            log.warning("photo=%d try=%d: %s", due.file.id, due.tries + 1, type(error).__name__)
            pauses = DENIED if isinstance(error, Failed) else SILENT
            if due.tries < len(pauses):
                await self._put_off(due, due.tries + 1, pauses[due.tries])
            else:
                await self._finish(due.file, lambda db: photos.lose(db, due.file.id))
        finally:
            self._in_hand.discard(due.file.id)

    async def _settle(self, due: Due) -> None:
        """Fetch it, clean it and keep it, or refuse it. Raises SendError, OSError or CannotClean."""
        file = due.file
        try:
            if file.size > self._bounds.most_sent:
                raise Unclean("too_big")
            cleaned = await clean(await self._fetch(sent_file(file)), self._bounds)
        except Unclean as unclean:
            why = unclean.why
            log.info("photo=%d refused: %s", file.id, why)
            await self._finish(file, lambda db: photos.refuse(db, file.id, why))
            return
        photo = Photo(cleaned.hash, cleaned.width, cleaned.height, len(cleaned.content), cleaned.looks)
        async with self._folder_is:
            await asyncio.to_thread(self._keep, photo.hash, cleaned)
            await self._finish(file, lambda db: photos.keep(db, file.id, photo, self._now()))
        log.info("photo=%d kept bytes=%d of=%d", file.id, photo.size, file.size)

    def _keep(self, hash: str, cleaned: Cleaned) -> None:
        self.folder.keep(hash, cleaned.content, cleaned.small, self._now())

    async def _put_off(self, due: Due, tries: int, pause: int) -> None:
        at = self._now() + pause
        await self._store.run(lambda db: photos.put_off(db, due.file.id, tries, at), line=None)

    async def _finish(self, file: StoredFile, settle: Callable[[Db], bool]) -> None:
        """It is known what became of it: that counts once, and whoever is concerned hears of it."""

        def job(one: Turn) -> None:
            if settle(one.db):
                self._around.routes.photo(one, file.id)

        outcome: Outcome = await self._store.run(lambda db: turn.ring(db, job, self._now(), self._around))
        self._said(outcome)

    async def sweep(self) -> None:
        """Remove from the folder what nothing refers to any more."""
        while True:
            async with self._folder_is:
                gone = await self._remove()
            if gone < SWEEP:
                return

    async def _remove(self) -> int:
        gone = await self._store.run(lambda db: photos.unused(db, SWEEP), line=None)
        for hash in gone:
            await asyncio.to_thread(self.folder.forget, hash)
        if gone:
            await self._store.run(lambda db: photos.removed(db, gone), line=None)
        return len(gone)
