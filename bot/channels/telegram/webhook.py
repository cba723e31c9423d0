"""What Telegram posts to us: checked, heard, and answered 200 only after the turn is committed.

Parts of an album are the exception. Telegram sends a chat's next update only after the one before was answered
(WebhookActor.cpp of tdlib/telegram-bot-api: one queue a chat, its front in flight), so a held first part would wait
for a second that never comes. They are answered at once and kept in memory until no more come: a crash within that
moment loses them.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.channels.channel import Busy, Hear
from bot.channels.telegram.albums import merge
from bot.channels.telegram.hear import Json, Update
from bot.channels.telegram.render import ALBUM_LIMIT
from bot.channels.telegram.waiting import Backoff
from bot.chat.message import Incoming

log = logging.getLogger(__name__)

SECRET_HEADER = "x-telegram-bot-api-secret-token"
MAX_BODY = 1024 * 1024
MOST_ALBUMS = 500
_REMEMBERED = 4096
_LAST_CHANCE = 5.0


@dataclass(slots=True)
class _Album:
    parts: list[Update] = field(default_factory=list)
    task: asyncio.Task[None] | None = None
    grown: asyncio.Event = field(default_factory=asyncio.Event)
    closed: bool = False


class Webhook:
    """Takes requests in between `open` and `close`."""

    def __init__(
        self,
        secret: str,
        album_wait: float,
        first_backoff: float,
        *,
        read: Callable[[Json], Update],
        answer: Callable[[str, str], None],
    ) -> None:
        self._secret = secret.encode()
        self._album_wait, self._first_backoff = album_wait, first_backoff
        self._read, self._answer = read, answer
        self._hear: Hear | None = None
        self._albums: dict[str, _Album] = {}
        self._absorbed: dict[int, None] = {}

    def open(self, hear: Hear) -> None:
        """Hear from now on."""
        self._hear = hear

    async def close(self) -> None:
        """Refuse what comes from now on, and hear the albums at hand."""
        self._hear = None
        tasks = [self._finish(album) for album in list(self._albums.values())]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=_LAST_CHANCE)
            for task in late:
                task.cancel()
                log.error("an album could not be kept before the end")
            await asyncio.gather(*late, return_exceptions=True)

    async def receive(self, headers: Mapping[str, str], body: bytes) -> int:
        """One request of Telegram; returns the HTTP status to answer."""
        given = next((value for name, value in headers.items() if name.lower() == SECRET_HEADER), "")
        if not self._secret or not hmac.compare_digest(given.encode(), self._secret):
            return 403
        if len(body) > MAX_BODY:
            return 413
        update = self._parse(body)
        if update is None:
            return 400
        if self._hear is None:
            return 503
        if update.incoming is None or update.id in self._absorbed:
            return 200
        if update.album:
            if update.album not in self._albums and len(self._albums) >= MOST_ALBUMS:
                return 503  # what waits in memory has its end too; Telegram keeps the rest
            self._hold(update, self._hear)
            return 200
        await self._albums_of(update.incoming.address.chat)
        return await self._commit(self._hear, update.incoming, update.query)

    def _parse(self, body: bytes) -> Update | None:
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            return None
        if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
            return None
        return self._read(raw)

    async def _commit(self, hear: Hear, incoming: Incoming, query: str) -> int:
        try:
            heard = await hear(incoming)
        except Busy as busy:
            log.warning("turn %s must wait, Telegram will repeat it: %s", incoming.key, busy)
            return 503
        except Exception:
            log.exception("turn %s failed, Telegram will repeat it", incoming.key)
            return 500
        if query:
            self._answer(query, heard.toast)
        return 200

    def _hold(self, part: Update, hear: Hear) -> None:
        album = self._albums.get(part.album)
        if album is None or album.closed:
            album = self._albums[part.album] = _Album()
            album.task = asyncio.create_task(self._ripen(part.album, album, hear))
        album.parts.append(part)
        album.grown.set()
        self._absorbed[part.id] = None
        while len(self._absorbed) > _REMEMBERED:
            del self._absorbed[next(iter(self._absorbed))]

    async def _ripen(self, name: str, album: _Album, hear: Hear) -> None:
        """Wait until an album stops growing, then hear it."""
        while not album.closed and len(album.parts) < ALBUM_LIMIT:
            album.grown.clear()
            try:
                await asyncio.wait_for(album.grown.wait(), self._album_wait)
            except TimeoutError:
                break
        album.closed = True
        backoff = Backoff(self._first_backoff)
        turn = merge(album.parts)
        try:
            while True:
                try:
                    await hear(turn.incoming)
                    return
                except Busy as busy:
                    log.warning("turn %s must wait: %s", turn.incoming.key, busy)
                except Exception:
                    log.exception("turn %s failed, it will be tried again", turn.incoming.key)
                await asyncio.sleep(backoff.next())
        finally:
            if self._albums.get(name) is album:
                del self._albums[name]

    def _finish(self, album: _Album) -> asyncio.Task[None]:
        album.closed = True
        album.grown.set()
        assert album.task is not None
        return album.task

    async def _albums_of(self, chat: str) -> None:
        """What was sent before is heard before."""
        for name, album in list(self._albums.items()):
            if name.partition(":")[0] == chat:
                await asyncio.shield(self._finish(album))
