"""`python -m bench.turns`: what an update costs on its whole way, beside two bare echoes that keep nothing.

This process is Telegram (the strict fake of the tests) and the people; each bot is a process of its own on the other
core. Ours does all it does: poll, dedupe, dialog state, report kept, head told, reply out, everything written down.

With `--engine postgres` the same on a PostgreSQL server of its own, and with `--processes 1 2 4` in several processes
that share the port of the webhook; these and the server take whichever core is free.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.players import Player, Reporter, play, play_evenly
from bench.process import cores, cpu_seconds, resident_mb
from bench.server import Server, postgres
from bench.town import Town, build
from tests.program import ROOT, Program, write_config
from tests.servers.bot_api import BotApi
from tests.servers.bot_api.updates import Webhook

CHATS = 200
WARM_UP = 5
AIOGRAM = ROOT / ".venv-bench" / "bin" / "python"
ALL_UP_S = 4.0  # after the first answer, the other processes have come too


class Bots:
    """The processes of one bot."""

    def __init__(self, programs: list[Program]) -> None:
        self._programs = programs

    def start(self) -> None:
        for program in self._programs:
            program.start()

    def stop(self) -> None:
        for program in self._programs:
            program.stop()

    async def all_up(self, api: BotApi) -> None:
        """Until each has its share of the webhook's connections."""
        hook = api.updates.webhook
        if hook is None:
            return
        await asyncio.sleep(ALL_UP_S)
        anew = Webhook(hook.url, hook.secret, hook.connections, api.methods.webhook_retry, api.methods.webhook_patience)
        await api.updates.set_webhook(anew)

    def cpu_seconds(self) -> float:
        return sum(cpu_seconds(program.pid) for program in self._programs)

    def resident_mb(self) -> float:
        return sum(resident_mb(program.pid) for program in self._programs)


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


def headings(per_second: float) -> list[str]:
    """Of the table."""
    evenly = [f"{what} @{per_second:g}/s" for what in ("p50 ms", "p99 ms", "CPU ms")]
    return ["bot", "updates/s", "CPU ms/update", "calls/update", *evenly, "RSS MB", "first answer s"]


async def measure(name: str, town: Town, begin: Callable[[BotApi], Bots], kind: type[Player], told: Told) -> Measured:
    """Start a bot and measure it."""
    found = Measured(name)
    async with BotApi(record=False) as api:
        for chat in town.everybody:
            api.person(chat, started=True)
        players = [kind(api, chat) for chat in town.members[:: len(town.members) // CHATS][:CHATS]]
        bots = begin(api)
        began = time.monotonic()
        bots.start()
        try:
            await players[0].step()
            found.first_answer_s = time.monotonic() - began
            await bots.all_up(api)
            await play(players, WARM_UP)
            for _ in range(told.rounds):
                await _full_load(api, bots, players, told.updates // CHATS, found)
            before = bots.cpu_seconds()
            found.waits = await play_evenly(players, told.even, told.per_second)
            found.even_cpu_ms = (bots.cpu_seconds() - before) * 1000 / told.even
            found.resident = bots.resident_mb()
        finally:
            await asyncio.to_thread(bots.stop)
    return found


async def _full_load(api: BotApi, bots: Bots, players: list[Player], steps: int, found: Measured) -> None:
    updates = steps * len(players)
    cpu, calls = bots.cpu_seconds(), api.counts.total()
    took = await play(players, steps)
    await asyncio.sleep(0.5)  # what follows the last answer belongs to the cost too
    found.rates.append(updates / took)
    found.cpu_ms.append((bots.cpu_seconds() - cpu) * 1000 / updates)
    found.calls = (api.counts.total() - calls) / updates


@dataclass(frozen=True)
class Told:
    """How much of it."""

    updates: int
    rounds: int
    even: int
    per_second: float
    bots: list[str]
    engine: str
    mode: str
    processes: list[int]


def table(rows: list[list[str]], per_second: float) -> str:
    """Rows under the headings, as Markdown."""
    lines = [headings(per_second), ["---"] * len(headings(per_second)), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Measure and print."""
    told = _asked()
    telegram_core, bot_core = cores()
    os.sched_setaffinity(0, {telegram_core})
    rows: list[list[str]] = []
    with tempfile.TemporaryDirectory(prefix="apso-bench-") as name, _server(told) as server:
        folder = Path(name)
        town = build(folder, 2900, server.new("town") if server else "")

        def measured(label: str, begin: Callable[[BotApi], Bots], kind: type[Player]) -> None:
            rows.append(asyncio.run(measure(label, town, begin, kind, told)).row())
            print(f"{label}: done", file=sys.stderr, flush=True)

        if "apso" in told.bots:
            for count in told.processes:
                url = server.new(f"apso_{count}", like="town") if server else ""
                label = f"apso, whole path, {told.engine}, {told.mode}" + (f", {count} processes" if count > 1 else "")
                measured(label, _ours(folder, url, told.mode, count, None if server else bot_core), Reporter)
        for label, module, python in (
            ("aiogram echo", "bench.aiogram_echo", str(AIOGRAM)),
            ("python-telegram-bot echo", "bench.ptb_echo", sys.executable),
        ):
            if label.split()[0] in told.bots:
                measured(label, _echo(folder, module, python, bot_core), Player)
    print(table(rows, told.per_second))


@contextmanager
def _server(told: Told) -> Iterator[Server | None]:
    if told.engine == "sqlite":
        yield None
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, set(cores_of_the_machine()))  # what it starts inherits this
    with postgres() as server:
        os.sched_setaffinity(0, allowed)
        yield server


def cores_of_the_machine() -> range:
    """All there are."""
    return range(os.cpu_count() or 1)


def _ours(folder: Path, url: str, mode: str, count: int, core: int | None) -> Callable[[BotApi], Bots]:
    def begin(api: BotApi) -> Bots:
        port = _free_port() if mode == "webhook" else 0
        hook = {"webhook_url": "https://bot.example/telegram", "webhook_secret": "a-secret-of-the-bench_01"}
        api.methods.webhook_at = f"http://127.0.0.1:{port}/telegram"
        config = write_config(folder, api, url=url, port=port, mode=mode, **(hook if mode == "webhook" else {}))
        return Bots(
            [Program(folder, "bot", "run", "--config", str(config), cold=True, core=core) for _ in range(count)]
        )

    return begin


def _echo(folder: Path, module: str, python: str, core: int) -> Callable[[BotApi], Bots]:
    return lambda api: Bots([Program(folder, module, api.token, api.base_url, cold=True, python=python, core=core)])


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _asked() -> Told:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--updates", type=int, default=2000, help="per round of full load")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--even", type=int, default=500, help="updates at the even rate")
    parser.add_argument("--per-second", type=float, default=50.0)
    names = ["apso", "aiogram", "python-telegram-bot"]
    parser.add_argument("--bots", nargs="+", choices=names, default=names)
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--mode", choices=("polling", "webhook"), default="polling", help="several need the webhook")
    parser.add_argument("--processes", type=int, nargs="+", default=[1])
    asked = parser.parse_args()
    if "aiogram" in asked.bots and not AIOGRAM.exists():
        parser.error("aiogram has an environment of its own: `make bench` makes it, or leave it out with --bots")
    if asked.updates < CHATS:
        parser.error(f"--updates: at least {CHATS}, one of each person")
    if max(asked.processes) > 1 and (asked.engine == "sqlite" or asked.mode == "polling"):
        parser.error("several processes need --engine postgres --mode webhook")
    return Told(
        asked.updates,
        asked.rounds,
        asked.even,
        asked.per_second,
        asked.bots,
        asked.engine,
        asked.mode,
        asked.processes,
    )


if __name__ == "__main__":
    main()
