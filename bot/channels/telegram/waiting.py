"""Waiting that ends at once when the channel is stopped, and the pauses between failed tries."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError, TimedOut

from bot.channels.telegram.errors import Stopped, seconds

log = logging.getLogger(__name__)
T = TypeVar("T")

REFUSED = (
    "Telegram refuses the bot's token: it was revoked or mistyped. "
    "Ask @BotFather for the present one, put it into the configuration and start again."
)


class Backoff:
    """Pauses that grow by half from `first` to at most 30 seconds."""

    def __init__(self, first: float) -> None:
        self._first = self._next = first

    def reset(self) -> None:
        """After a success the next pause is the first again."""
        self._next = self._first

    def next(self) -> float:
        """Seconds to pause now."""
        pause, self._next = self._next, min(30.0, self._next * 1.5)
        return pause


class Waiting:
    """What may take long, ended by `stop`."""

    def __init__(self, first_backoff: float) -> None:
        self._stop = asyncio.Event()
        self.first_backoff = first_backoff

    @property
    def stopped(self) -> bool:
        """Whether `stop` was called."""
        return self._stop.is_set()

    def stop(self) -> None:
        """End every wait, now and later."""
        self._stop.set()

    async def forever(self) -> None:
        """Until stopped."""
        await self._stop.wait()

    async def pause(self, length: float) -> None:
        """That many seconds, or until stopped."""
        try:
            await asyncio.wait_for(self._stop.wait(), length)
        except TimeoutError:
            return

    async def unless_stopped(self, call: Awaitable[T], longest: float) -> T | None:
        """The result of `call`, or None when stopped first. Raises TimedOut after `longest` seconds."""
        task, stop = asyncio.ensure_future(call), asyncio.ensure_future(self._stop.wait())
        try:
            await asyncio.wait({task, stop}, timeout=longest, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            if stop.done():
                return None
            raise TimedOut(f"no answer for {longest:g} seconds")
        finally:
            task.cancel()
            stop.cancel()
            await asyncio.gather(task, stop, return_exceptions=True)

    async def insist(self, call: Callable[[], Awaitable[T]], aim: str) -> T | None:
        """Call until it succeeds; None when stopped first. Raises Stopped when trying again is no use."""
        backoff = Backoff(self.first_backoff)
        while not self.stopped:
            try:
                return await self.unless_stopped(call(), 120.0)
            except InvalidToken as error:
                raise Stopped(REFUSED) from error
            except BadRequest as error:
                raise Stopped(
                    f"Telegram refuses to {aim}: {error}. Correct the configuration and start again."
                ) from error
            except RetryAfter as error:
                await self.pause(seconds(error) + 0.5)
            except TelegramError as error:
                pause = backoff.next()
                log.warning("could not %s (%s); again in %.0f s", aim, error, pause)
                await self.pause(pause)
        return None
