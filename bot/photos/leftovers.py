"""What lies in the folder of photos though no record knows of it goes, a week after it was put there.

Such are the photos that came after the backup that was restored, and what a killed program had half written. While the
sender of a restored database rests, nothing goes: whoever restored may still bring back another backup. Nor does
anything go from a folder that is another database's, or that of none: each has its name in its folder.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable

from bot.photos.folder import Folder
from storage import outbox, pauses, photos
from storage.db import Db, Store

log = logging.getLogger("apso.photos")

DAY = 24 * 3600 * 1000
LEFT = 7 * DAY


class Leftovers:
    """`folder_is`: held by whoever puts something into the folder or takes it out."""

    def __init__(self, store: Store, folder: Folder, now: Callable[[], int], folder_is: asyncio.Lock) -> None:
        self._store = store
        self._folder = folder
        self._now = now
        self._folder_is = folder_is
        self._again_at = 0

    async def sweep(self) -> None:
        """Once a day. Raises OSError."""
        now = self._now()
        if now < self._again_at or await self._store.run(_may_be_restored_again, line=None):
            return
        self._again_at = now + DAY
        ours = await self._store.run(
            lambda db: _named(db, now), line=None
        )  # also where nothing is kept yet: each backup has it
        parts = await asyncio.to_thread(self._folder.parts)
        if parts and not await self._is_called(ours):
            log.warning(
                "photos: %s is the folder of another database; what nobody refers to stays there. If that is not so, "
                "remove its file %s",
                self._folder.where,
                self._folder.mark,
            )
            return
        gone = sum([await self._sweep(part, now - LEFT) for part in parts])
        if gone:
            log.info("photos: %d files that no record knew of were removed", gone)

    async def _is_called(self, ours: str) -> bool:
        """A folder without a name is this database's from now on."""
        there = await asyncio.to_thread(self._folder.name)
        if not there:
            await asyncio.to_thread(self._folder.call, ours, self._now())
        return there in ("", ours)

    async def _sweep(self, part: str, before: int) -> int:
        async with self._folder_is:
            old = await asyncio.to_thread(self._folder.old, part, before)
            hashes = {hash for _, hash in old if hash}
            known = await self._store.run(lambda db: photos.known(db, hashes), line=None)
            gone = [path for path, hash in old if hash not in known]
            for path in gone:
                await asyncio.to_thread(path.unlink, missing_ok=True)
        return len(gone)


def _named(db: Db, now: int) -> str:
    name = photos.folder_name(db)
    if not name:
        name = secrets.token_hex(16)
        photos.name_folder(db, name, now)
    return name


def _may_be_restored_again(db: Db) -> bool:
    return pauses.since(db, outbox.SENDER) is not None
