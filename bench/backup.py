"""`python -m bench.backup`: how long a turn waits while a database of half a gigabyte is copied.

People make guided reports at an even rate on the real App in this process, with a channel that takes everything at
once; what counts is from an update's arrival until its turn is committed. Then the same while a backup is made.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from bench.town import Town, build
from bot.app import App, open_store, real_now
from bot.backup import back_up
from bot.channels.channel import Hear, Pace
from bot.chat.message import Abilities, Address, File, Incoming, Message
from bot.config import Config
from storage import backup
from storage.db import Db

ROW = 200  # bytes on the disk of one line of history, with its index
DAY_MS = 24 * 3600 * 1000
ANSWERS = (("đếm bằng gì", "người"), ("Bao nhiêu", "3"), ("Câu 1/3", "1"))
LEADING_ON = ("Gửi", "Vẫn gửi", "Không có thêm", "Đúng rồi")


class Telephones:
    """Every chat sees its last message; nothing is lost and nothing takes time."""

    name = "telegram"
    pace = Pace()

    def __init__(self) -> None:
        self.shown: dict[str, str] = {}
        self._ids = count(1)

    def abilities(self, chat: str) -> Abilities:
        return Abilities()

    async def listen(self, hear: Hear) -> None:
        await asyncio.get_running_loop().create_future()

    async def stop(self) -> None:
        pass

    async def send(self, chat: str, message: Message) -> str:
        self.shown[chat] = "".join(span.text for span in message.text)
        return str(next(self._ids))

    async def edit(self, chat: str, message_id: str, message: Message) -> None:
        self.shown[chat] = "".join(span.text for span in message.text)

    async def fetch(self, file: File) -> bytes:
        raise NotImplementedError

    def answer(self, chat: str) -> str:
        """What a person who makes one report after the other types next."""
        text = self.shown.get(chat, "")
        for words in LEADING_ON:
            if numbered := re.search(rf"^(\d+)\. .*{words}", text, re.MULTILINE):
                return numbered[1]
        return next((typed for words, typed in ANSWERS if words in text), "bao cao")


@dataclass
class Waits:
    """How long the turns of one stretch took, in milliseconds."""

    name: str
    turns: list[float] = field(default_factory=list)
    copies: list[float] = field(default_factory=list)

    def row(self) -> str:
        ordered = sorted(self.turns)
        p99 = ordered[int(len(ordered) * 0.99)]
        took = f"{statistics.median(self.copies):.1f}" if self.copies else "–"
        figures = f"{len(ordered)} | {statistics.median(ordered):.1f} | {p99:.1f} | {ordered[-1]:.1f} | {took}"
        return f"| {self.name} | {figures} |"


async def _measure(town: Town, config: Config, told: argparse.Namespace) -> list[Waits]:
    store = await open_store(config, real_now())
    phones = Telephones()
    app = App(config, store, {"telegram": phones}, serve=False)
    await app.start()
    found = []
    try:
        await _turns(app, phones, town, Waits(""), asyncio.create_task(asyncio.sleep(2)), told.per_second)
        alone = Waits("turns alone")
        for _ in range(told.rounds):
            await _turns(app, phones, town, alone, asyncio.create_task(asyncio.sleep(5)), told.per_second)
        found.append(alone)
        for name, step in (("while a backup is made", backup.STEP), ("… all at once", 1 << 60)):
            backup.STEP = step
            found.append(Waits(name))
            for night in range(told.rounds):
                began = time.monotonic()
                copying = asyncio.create_task(back_up(config, real_now() + 2 * night * DAY_MS))
                await _turns(app, phones, town, found[-1], copying, told.per_second)
                found[-1].copies.append(time.monotonic() - began)
    finally:
        await app.stop()
    return found


async def _turns(
    app: App, phones: Telephones, town: Town, waits: Waits, until: asyncio.Task[object], per_second: float
) -> None:
    """At an even rate, whatever the bot does, until something else has ended."""
    began = time.monotonic()
    steps = []
    for number in count():
        if until.done():
            break
        await asyncio.sleep(max(0.0, began + number / per_second - time.monotonic()))
        steps.append(asyncio.create_task(_turn(app, phones, str(town.members[number % len(town.members)]))))
    waits.turns += await asyncio.gather(*steps)
    await until


async def _turn(app: App, phones: Telephones, chat: str) -> float:
    arrived = time.perf_counter()
    key = f"{chat} {time.time_ns()}"
    await app.hear(Incoming(Address("telegram", chat), key, real_now(), phones.answer(chat)))
    return (time.perf_counter() - arrived) * 1000


def _fill(db: Db, size: int) -> None:
    """A long history, so that the file has about `size` bytes."""
    db.run(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows)"
        " INSERT INTO audit (at, person_id, act, object, detail)"
        " SELECT i, 1, 'reports.changed', 'B-' || i, hex(randomblob(64)) FROM n",
        rows=size // ROW,
    )


async def _grow(config: Config, size: int) -> None:
    store = await open_store(config, real_now())
    await store.run(lambda db: _fill(db, size))
    await store.close()
    os.sync()  # nothing of this may still be on its way to the disk when the turns begin


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=500)
    parser.add_argument("--per-second", type=float, default=50.0)
    parser.add_argument("--rounds", type=int, default=3)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="apso-bench-") as name:
        town = build(Path(name), 2900)
        kept = {"daily": 1, "weekly": 0, "monthly": 0}  # so that each night the copy of an earlier one is removed too
        limits = {"burst": 0, "photo_burst": 0}
        config = Config.model_validate({"storage": {"url": str(town.file)}, "backup": kept, "limits": limits})
        asyncio.run(_grow(config, told.megabytes * 1_000_000))
        print(f"{town.file.stat().st_size / 1e6:.0f} MB, {told.per_second:.0f} turns a second")
        found = asyncio.run(_measure(town, config, told))
    print("| | turns | p50 ms | p99 ms | longest ms | copy s |\n|---|---|---|---|---|---|")
    print("\n".join(waits.row() for waits in found))


if __name__ == "__main__":
    main()
