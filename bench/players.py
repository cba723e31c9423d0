"""People with telephones who make guided reports (or just talk), each waiting for the answer before going on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable

from tests.servers.bot_api import BotApi, Message, Person

PATIENCE_S = 60.0


class Stamped(list[Message]):
    """What happened in a chat, and when each of it was accepted (monotonic seconds)."""

    def __init__(self) -> None:
        super().__init__()
        self.at: list[float] = []

    def append(self, message: Message) -> None:
        """Called by the fake the moment it accepts a message or an edit of the bot."""
        self.at.append(time.monotonic())
        super().append(message)


class Player:
    """One person. `step` does the next thing and returns how long the bot took, in seconds."""

    def __init__(self, api: BotApi, chat: int) -> None:
        self.person: Person = api.person(chat, f"Người {chat % 100_000}", started=True)
        self._events = self.person.chat.events = Stamped()
        self.waits: list[float] = []

    async def step(self) -> float:
        """One update, from when the bot can fetch it until what it says is accepted."""
        events = self._events
        at = len(events)
        asked_at = time.monotonic()
        await self._act(events[-1] if events else None)
        async with asyncio.timeout(PATIENCE_S):
            while True:
                while at < len(events):
                    if self._answers(events[at]):
                        self.waits.append(events.at[at] - asked_at)
                        return self.waits[-1]
                    at += 1
                self.person.chat.changed.clear()
                await self.person.chat.changed.wait()

    def _answers(self, message: Message) -> bool:
        return True

    async def _act(self, shown: Message | None) -> None:
        await self.person.says("giup 5 ng dvc")


class Reporter(Player):
    """Makes one guided report after the other: five updates each, three of them presses; and one more where the same
    was reported already."""

    async def _act(self, shown: Message | None) -> None:
        text, labels = (shown.text, shown.labels) if shown else ("", [])
        for wanted in ("✅ Gửi", "✅ Vẫn gửi", "Không có thêm", "Đúng rồi"):
            if wanted in labels:
                await self.person.presses(wanted, shown)
                return
        if "Câu 1/3" in text:
            await self.person.presses(0, shown)
        elif "Bao nhiêu" in text:
            await self.person.says("3")
        elif "đếm bằng gì" in text:
            await self.person.says("người")
        elif not text or "ghi nhận" in text:
            await self.person.says("bao cao")
        else:
            raise RuntimeError(f"the bot is not where a reporter expects it: {text!r} {labels}")


async def play(players: Iterable[Player], steps: int) -> float:
    """All at once, `steps` updates each; returns the seconds from the first update to the last answer."""

    async def one(player: Player) -> None:
        for _ in range(steps):
            await player.step()

    began = time.monotonic()
    await asyncio.gather(*(one(player) for player in players))
    return time.monotonic() - began


async def play_evenly(players: list[Player], updates: int, per_second: float) -> list[float]:
    """`updates` at an even rate, whatever the bot does; returns how long each answer took."""
    steps = []
    began = time.monotonic()
    for number in range(updates):
        await asyncio.sleep(max(0.0, began + number / per_second - time.monotonic()))
        steps.append(asyncio.create_task(players[number % len(players)].step()))
    return await asyncio.gather(*steps)
