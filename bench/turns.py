"""`python -m bench.turns`: what an update costs on its whole way, beside two bare echoes that keep nothing.

This process is Telegram (the strict fake of the tests) and the people; each bot is a process of its own on the other
core. Ours does all it does: poll, dedupe, dialog state, report kept, head told, reply out, everything written down.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench.players import Player, Reporter, play, play_evenly
from bench.process import cores, cpu_seconds, resident_mb
from bench.town import Town, build
from tests.program import ROOT, Program, write_config
from tests.servers.bot_api import BotApi

CHATS = 200
WARM_UP = 5
AIOGRAM = ROOT / ".venv-bench" / "bin" / "python"


@dataclass
class Measured:
    """One bot's figures. Rates and costs are one per round of full load, waits one per update at the even rate."""

    name: str
    first_answer_s: float = 0.0
    rates: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    calls: float = 0.0
    waits: list[float] = field(default_factory=list)
    even_cpu_ms: float = 0.0
    resident: float = 0.0

    def row(self) -> list[str]:
        """As it stands in the table."""
        return [
            self.name,
            f"{statistics.median(self.rates):.0f} ({min(self.rates):.0f}–{max(self.rates):.0f})",
            f"{statistics.median(self.cpu_ms):.2f} ({min(self.cpu_ms):.2f}–{max(self.cpu_ms):.2f})",
            f"{self.calls:.2f}",
            f"{statistics.median(self.waits) * 1000:.1f}",
            f"{sorted(self.waits)[int(len(self.waits) * 0.99)] * 1000:.1f}",
            f"{self.even_cpu_ms:.2f}",
            f"{self.resident:.0f}",
            f"{self.first_answer_s:.2f}",
        ]


HEADINGS = [
    "bot",
    "updates/s",
    "CPU ms/update",
    "calls/update",
    "p50 ms @50/s",
    "p99 ms @50/s",
    "CPU ms @50/s",
    "RSS MB",
    "first answer s",
]


async def measure(
    name: str, town: Town, begin: Callable[[BotApi], Program], kind: type[Player], told: Told
) -> Measured:
    """Start a bot and measure it."""
    found = Measured(name)
    async with BotApi(record=False) as api:
        for chat in town.everybody:
            api.person(chat, started=True)
        players = [kind(api, chat) for chat in town.members[:: len(town.members) // CHATS][:CHATS]]
        program = begin(api)
        began = time.monotonic()
        program.start()
        try:
            await players[0].step()
            found.first_answer_s = time.monotonic() - began
            await play(players, WARM_UP)
            for _ in range(told.rounds):
                await _full_load(api, program, players, told.updates // CHATS, found)
            before = cpu_seconds(program.pid)
            found.waits = await play_evenly(players, told.even, told.per_second)
            found.even_cpu_ms = (cpu_seconds(program.pid) - before) * 1000 / told.even
            found.resident = resident_mb(program.pid)
        finally:
            await asyncio.to_thread(program.stop)
    return found


async def _full_load(api: BotApi, program: Program, players: list[Player], steps: int, found: Measured) -> None:
    updates = steps * len(players)
    cpu, calls = cpu_seconds(program.pid), api.counts.total()
    took = await play(players, steps)
    await asyncio.sleep(0.5)  # what follows the last answer belongs to the cost too
    found.rates.append(updates / took)
    found.cpu_ms.append((cpu_seconds(program.pid) - cpu) * 1000 / updates)
    found.calls = (api.counts.total() - calls) / updates


@dataclass(frozen=True)
class Told:
    """How much of it."""

    updates: int
    rounds: int
    even: int
    per_second: float
    bots: list[str]


def table(rows: list[list[str]]) -> str:
    """Rows under the headings, as Markdown."""
    lines = [HEADINGS, ["---"] * len(HEADINGS), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Measure and print."""
    told = _asked()
    telegram_core, bot_core = cores()
    os.sched_setaffinity(0, {telegram_core})
    with tempfile.TemporaryDirectory(prefix="apso-bench-") as name:
        folder = Path(name)
        town = build(folder, 2900)

        def ours(api: BotApi) -> Program:
            config = write_config(folder, api)
            return Program(folder, "bot", "run", "--config", str(config), core=bot_core)

        def echo(module: str, python: str = sys.executable) -> Callable[[BotApi], Program]:
            return lambda api: Program(folder, module, api.token, api.base_url, python=python, core=bot_core)

        bots: dict[str, tuple[Callable[[BotApi], Program], type[Player]]] = {
            "apso, whole path": (ours, Reporter),
            "aiogram echo": (echo("bench.aiogram_echo", str(AIOGRAM)), Player),
            "python-telegram-bot echo": (echo("bench.ptb_echo"), Player),
        }
        rows = []
        for label, (begin, kind) in bots.items():
            if label.split()[0].strip(",") in told.bots:
                rows.append(asyncio.run(measure(label, town, begin, kind, told)).row())
        print(table(rows))


def _asked() -> Told:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--updates", type=int, default=2000, help="per round of full load")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--even", type=int, default=500, help="updates at the even rate")
    parser.add_argument("--per-second", type=float, default=50.0)
    names = ["apso", "aiogram", "python-telegram-bot"]
    parser.add_argument("--bots", nargs="+", choices=names, default=names)
    asked = parser.parse_args()
    if "aiogram" in asked.bots and not AIOGRAM.exists():
        parser.error("aiogram has an environment of its own: `make bench` makes it, or leave it out with --bots")
    return Told(asked.updates, asked.rounds, asked.even, asked.per_second, asked.bots)


if __name__ == "__main__":
    main()
