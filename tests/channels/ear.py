"""A Telegram channel on the fake Bot API, and an ear that keeps what it hears."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from bot.channels.telegram import Settings, Telegram
from bot.chat.message import Heard, Incoming
from tests.servers.bot_api import BotApi

NOW = 1_793_333_333_000


class Ear:
    """Stands where the turns are: idempotent by key, as they are. `fails[key]` times it raises first."""

    def __init__(self) -> None:
        self.calls: list[Incoming] = []
        self.heard: list[Incoming] = []
        self.fails: Counter[str] = Counter()
        self.gate: asyncio.Event | None = None
        self.toast = ""

    async def __call__(self, incoming: Incoming) -> Heard:
        """Commit one turn."""
        self.calls.append(incoming)
        if self.fails[incoming.key]:
            self.fails[incoming.key] -= 1
            raise OSError("the disk is full")
        if self.gate:
            await self.gate.wait()
        if incoming.key in (known.key for known in self.heard):
            return Heard(repeated=True)
        self.heard.append(incoming)
        return Heard(toast=self.toast)

    @property
    def texts(self) -> list[str]:
        """What was heard, in order."""
        return [incoming.text for incoming in self.heard]


def telegram(api: BotApi, **settings: Any) -> Telegram:
    """A channel that talks to the fake, with short pauses."""
    known: dict[str, Any] = {
        "token": api.token,
        "base_url": api.base_url,
        "base_file_url": api.base_file_url,
        "first_backoff": 0.05,
        "conflict_wait": 0.05,
    }
    return Telegram(Settings(**known | settings), now=lambda: NOW)


@asynccontextmanager
async def listening(api: BotApi, ear: Ear, **settings: Any) -> AsyncIterator[Telegram]:
    """A channel that listens until the end of the block."""
    channel = telegram(api, **settings)
    task = asyncio.create_task(channel.listen(ear))
    try:
        yield channel
    finally:
        await channel.stop()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def speaking(api: BotApi, **settings: Any) -> AsyncIterator[Telegram]:
    """A channel that only speaks."""
    channel = telegram(api, **settings)
    try:
        yield channel
    finally:
        await channel.stop()


async def until(condition: Callable[[], object], timeout: float = 10.0) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(timeout):
        while not condition():  # whatever it is, there is no event for it
            await asyncio.sleep(0.005)
