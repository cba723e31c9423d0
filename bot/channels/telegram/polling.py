"""Long polling that confirms an update to Telegram only after its turn is committed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.channel import Busy, Hear
from bot.channels.telegram.errors import Stopped, seconds
from bot.channels.telegram.hear import ALLOWED_UPDATES, Json, Update
from bot.channels.telegram.settings import Settings
from bot.channels.telegram.transport import Transport
from bot.channels.telegram.waiting import REFUSED, Backoff, Waiting

log = logging.getLogger(__name__)

CONFLICT = (
    "Another program is polling with this token (Telegram says: {}). Only one may: stop the other one, "
    "or ask @BotFather for a token of this bot's own, then start again."
)
_CONFLICT_MEMORY = 60.0


class Polling:
    """The loop over getUpdates. `last_poll_at` is when Telegram last answered it (UTC ms, 0: never)."""

    def __init__(
        self,
        settings: Settings,
        url: str,
        transport: Transport,
        waiting: Waiting,
        *,
        read: Callable[[Json], Update],
        answer: Callable[[str, str], None],
        now: Callable[[], int],
    ) -> None:
        self.last_poll_at = 0
        self._settings, self._url, self._transport, self._waiting = settings, url, transport, waiting
        self._read, self._answer, self._now = read, answer, now
        self._lost, self._failed = Backoff(settings.first_backoff), Backoff(settings.first_backoff)
        self._conflict_until = 0.0
        self._alive_at = 0.0

    async def listen(self, hear: Hear) -> None:
        """Poll and hear until stopped. Raises Stopped when it cannot go on."""
        offset = 0
        self._alive_at = asyncio.get_running_loop().time()
        while not self._waiting.stopped:
            batch = await self._poll(offset, self._settings.poll_timeout)
            offset = await self._commit(batch, offset, hear)
        # Tell Telegram what is done; without it the last batch would only come again and be recognised.
        with contextlib.suppress(TelegramError):
            await self._get_updates(offset, timeout=0, limit=1)

    async def _poll(self, offset: int, timeout: int) -> list[Update]:
        """The next batch in order; empty when there is none, after a failure, or when stopped."""
        try:
            call = self._get_updates(offset, timeout)
            raw = await self._waiting.unless_stopped(call, self._settings.watchdog)
        except TelegramError as error:
            await self._bear(error)
            return []
        self._lost.reset()
        self._alive_at = asyncio.get_running_loop().time()
        self.last_poll_at = self._now()
        return sorted((self._read(update) for update in raw or ()), key=lambda update: update.id)

    async def _get_updates(self, offset: int, timeout: int, limit: int = 100) -> list[Json]:
        query = urlencode(
            {"offset": offset, "timeout": timeout, "limit": limit, "allowed_updates": json.dumps(ALLOWED_UPDATES)}
        )
        answer: Any = await self._transport.post(
            f"{self._url}/getUpdates?{query}", read_timeout=timeout + self._settings.read_timeout
        )
        return list(answer)

    async def _commit(self, batch: Sequence[Update], offset: int, hear: Hear) -> int:
        """Hear a batch; returns the offset that confirms what is committed."""
        if not batch:
            return offset
        # gather starts them in this order and without an await between, which is what keeps the order of the turns.
        found = [(update, update.incoming) for update in batch if update.incoming is not None]
        answers = await asyncio.gather(*(hear(incoming) for _, incoming in found), return_exceptions=True)
        failed = []
        for (update, incoming), answer in zip(found, answers, strict=True):
            if isinstance(answer, Busy):
                failed.append(update.id)
                log.warning("turn %s must wait: %s", incoming.key, answer)
            elif isinstance(answer, BaseException):
                failed.append(update.id)
                log.error("turn %s failed, it will be tried again", incoming.key, exc_info=answer)
            elif update.query:
                self._answer(update.query, answer.toast)
        if failed:
            await self._waiting.pause(self._failed.next())
        else:
            self._failed.reset()
        return min(failed, default=batch[-1].id + 1)

    async def _bear(self, error: TelegramError) -> None:
        """Wait out what may pass; raises Stopped for what will not."""
        match error:
            case InvalidToken():
                raise Stopped(REFUSED) from error
            case Conflict():
                await self._bear_conflict(error)
            case RetryAfter():
                await self._waiting.pause(seconds(error) + 0.5)
            case _:
                pause = self._lost.next()
                log.warning("could not poll (%s); again in %.0f s", error, pause)
                await self._waiting.pause(pause)
        await self._watch()

    async def _bear_conflict(self, error: Conflict) -> None:
        # Once may be our own predecessor, still finishing its last poll. Two live pollers take turns: each is cut off
        # again after its next wait, whether or not a poll of its own came through in between.
        now = asyncio.get_running_loop().time()
        if now < self._conflict_until:
            raise Stopped(CONFLICT.format(error)) from error
        self._conflict_until = now + _CONFLICT_MEMORY
        log.warning("another poll was answered instead of ours (%s)", error)
        await self._waiting.pause(self._settings.conflict_wait)

    async def _watch(self) -> None:
        # A connection torn in the wrong place can leave a pool stuck although the process lives.
        now = asyncio.get_running_loop().time()
        if now - self._alive_at > self._settings.watchdog:
            log.warning("no successful poll for %.0f s: renewing the connections", now - self._alive_at)
            self._alive_at = now
            await self._transport.renew()
