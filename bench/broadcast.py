"""`python -m bench.broadcast`: 3,000 people are told something through a Telegram that punishes haste.
The fake refuses everything for 3 s after the 31st message of any second. Once a second somebody asks for help.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench.players import Player
from bench.process import cores, cpu_seconds, resident_mb
from bench.town import Town, build
from tests.program import Program, write_config
from tests.servers.bot_api import BotApi, Message, Person

TEXT = "Sáng mai 7 giờ họp tổ tại nhà văn hóa ấp"
TALKERS = 20
PATIENCE_S = 300.0


class Talker(Player):
    """Asks for help, and does not take a copy of the broadcast for the answer."""

    async def _act(self, shown: Message | None) -> None:
        await self.person.says("/help")

    def _answers(self, message: Message) -> bool:
        return TEXT not in message.text


async def _measure(town: Town, folder: Path, core: int, per_second: float) -> None:
    async with BotApi(record=False) as api:
        people = [api.person(chat, started=True) for chat in town.everybody]
        talkers = [Talker(api, chat) for chat in town.everybody[:: len(town.everybody) // TALKERS][:TALKERS]]
        admin = next(person for person in people if person.id == town.admin)
        config = write_config(folder, api, per_second=per_second, chat_per_second=1)
        program = Program(folder, "bot", "run", "--config", str(config), cold=True, core=core)
        program.start()
        try:
            await _ask(admin)
            api.throttle.set("penalty")
            cpu, began = cpu_seconds(program.pid), time.monotonic()
            await admin.presses("✅ Gửi")
            talking = asyncio.create_task(_talk(talkers))
            last = await _all_told(people)
            talking.cancel()
            result = await admin.sees("đã gửi xong", PATIENCE_S)
            cpu = cpu_seconds(program.pid) - cpu
            waits = sorted(wait for talker in talkers for wait in talker.waits)
            _print(last - began, _copies(people), api, waits, cpu, resident_mb(program.pid), result.text)
        finally:
            await asyncio.to_thread(program.stop)


async def _ask(admin: Person) -> None:
    for does, sees in (
        (lambda: admin.says("/thongbao"), "gửi thông báo cho đơn vị nào"),
        (lambda: admin.presses(0), "nội dung thông báo"),
        (lambda: admin.says(TEXT), "Người nhận sẽ thấy như vầy"),
    ):
        await does()
        await admin.sees(sees, PATIENCE_S)


async def _talk(talkers: list[Talker]) -> None:
    number = 0
    while True:
        await asyncio.sleep(1)
        await talkers[number % len(talkers)].step()
        number += 1


async def _all_told(people: list[Person]) -> float:
    async with asyncio.timeout(PATIENCE_S):
        waiting = people[:-1]
        while waiting:
            await asyncio.sleep(0.05)
            waiting = [person for person in waiting if not _copies([person])]
    return time.monotonic()


def _copies(people: list[Person]) -> Counter[int]:
    return Counter(
        person.id for person in people for m in person.chat.messages.values() if m.from_bot and m.text.endswith(TEXT)
    )


def _print(
    took: float, copies: Counter[int], api: BotApi, waits: list[float], cpu: float, resident: float, result: str
) -> None:
    print(f"told {len(copies)} people in {took:.1f} s ({len(copies) / took:.1f}/s)")
    print(f"429s: {api.throttle.refused}; told twice: {sum(times > 1 for times in copies.values())}")
    print(
        f"{len(waits)} answers meanwhile: median {statistics.median(waits) * 1000:.0f} ms,"
        f" p95 {waits[int(len(waits) * 0.95)] * 1000:.0f} ms, longest {waits[-1] * 1000:.0f} ms"
    )
    print(f"CPU {cpu:.1f} s, at most {resident:.0f} MB resident")
    print("the administrator's card: " + " · ".join(result.splitlines()))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=3000)
    parser.add_argument("--per-second", type=float, default=28, help="the configured pace over all chats")
    asked = parser.parse_args()
    telegram_core, bot_core = cores()
    os.sched_setaffinity(0, {telegram_core})
    with tempfile.TemporaryDirectory(prefix="apso-bench-") as name:
        town = build(Path(name), asked.people)
        asyncio.run(_measure(town, Path(name), bot_core, asked.per_second))


if __name__ == "__main__":
    main()
