"""`python -m bench.engine`: what the store and the turns cost in one process, without HTTP, on both engines.

Turns of guided reports per second with one person and with 64 at once, beside the engine's own commits of one row; the
outbox's claim and mark; and the same turn with 3,000 and with 460,000 people in the database.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from bench.process import resident_mb
from bench.server import Server, postgres
from bench.statements import Recorder, Work
from bench.town import FIRST_CHAT, SHAPES, build, settle
from bot.app import App, open_store, real_now
from bot.channels.phone import Phone
from bot.chat import turn
from bot.chat.message import Abilities, Address, Button, Incoming, Message, Press, plain
from bot.chat.turn import Outcome, Surroundings
from bot.config import Config
from storage import chats, leaders, outbox
from storage.db import Db, Store
from storage.outbox import Letter, Result

LIKE_TELEGRAM = Abilities(buttons=True, edits=True, text_limit=4096)
BATCH = 30
FIGURES = ("median", "p99", "cpu", "rss")
ON = ("✅ Gửi", "✅ Vẫn gửi", "Không có thêm", "Đúng rồi")


class Reporter:
    """Somebody who makes one guided report after the other, five or six updates each."""

    def __init__(self, chat: int) -> None:
        self.address = Address("telegram", str(chat))
        self._shown: Message | None = None
        self._message_id = ""
        self._number = count()

    def does(self) -> Incoming:
        """What they do next, by what they see."""
        key = f"{self.address.chat} {next(self._number)} {time.time_ns()}"
        found = Incoming(self.address, key, real_now())
        text, buttons = (plain(self._shown.text), self._buttons) if self._shown else ("", [])
        chosen = next((button for words in ON for button in buttons if button.label == words), None)
        if chosen is None and "Câu 1/3" in text:
            chosen = buttons[0]
        if chosen is not None:
            return replace(found, press=Press(chosen.action, self._message_id))
        for words, said in (("Bao nhiêu", "3"), ("đếm bằng gì", "người")):
            if words in text:
                return replace(found, text=said)
        if not text or "ghi nhận" in text:
            return replace(found, text="bao cao")
        raise RuntimeError(f"the bot is not where a reporter expects it: {text!r}")

    def sees(self, outcome: Outcome) -> None:
        for letter, message in outcome.handed:
            if letter.chat == self.address.chat and message.text:
                self._shown, self._message_id = message, letter.target or str(letter.id)

    @property
    def _buttons(self) -> list[Button]:
        return [button for row in self._shown.buttons for button in row] if self._shown else []


@dataclass
class Desk:
    """The turns of a bot whose wire takes no time. `marks`: what the sender would write down is written too."""

    store: Store
    around: Surroundings
    marks: bool
    around_turn: Callable[[Work], Work] = lambda work: work
    said: list[Letter] = field(default_factory=list)
    cards: dict[tuple[str, str], str] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    _marking: asyncio.Task[None] | None = None

    async def turn(self, reporter: Reporter) -> None:
        incoming = reporter.does()
        began = time.perf_counter()
        work = self.around_turn(lambda db: turn.run(db, incoming, real_now(), self.around))
        outcome = await self.store.run(work, line=incoming.address.line)
        self.waits.append(time.perf_counter() - began)
        if outcome.result != "ok":
            raise RuntimeError(outcome)
        reporter.sees(outcome)
        for letter, _ in outcome.handed:
            self.said.append(letter)
            self.cards[letter.chat, letter.target or str(letter.id)] = letter.card
        if self.marks and (self._marking is None or self._marking.done()):
            self._marking = asyncio.create_task(self._mark())

    async def _mark(self) -> None:
        while self.said:
            batch, self.said = self.said[:BATCH], self.said[BATCH:]
            results = [Result(letter, "sent", letter.target or str(letter.id)) for letter in batch]
            await self.store.run(lambda db: outbox.settle(db, results, real_now()), line=None)  # noqa: B023
            claimed = await self.store.run(lambda db: outbox.claim(db, "telegram", 1, real_now(), BATCH), line=None)
            self.said += claimed

    async def rest(self) -> None:
        """Until all is written down."""
        if self._marking is not None:
            await self._marking

    def card_of(self, address: Address, message_id: str) -> str:
        return self.cards.get((address.chat, message_id), "")


async def desk(store: Store, *, marks: bool) -> Desk:
    """As the program sets it up, with the first sender."""
    app = App(Config(), store, {"telegram": Phone(Path(), real_now)}, serve=False)
    found = Desk(store, app.around, marks)
    found.around = replace(app.around, abilities=lambda to: LIKE_TELEGRAM, epoch=lambda: 1, fresh_card=found.card_of)
    if not await store.run(lambda db: leaders.epoch(db, outbox.SENDER), line=None):
        await store.run(lambda db: leaders.next_epoch(db, outbox.SENDER), line=None)
    return found


async def _together(workers: list[Callable[[], Awaitable[None]]], each: int) -> float:
    """Each does its thing so many times, one after the other; returns how many a second all did."""

    async def one(work: Callable[[], Awaitable[None]]) -> None:
        for _ in range(each):
            await work()

    began = time.perf_counter()
    await asyncio.gather(*map(one, workers))
    return len(workers) * each / (time.perf_counter() - began)


def _bare(store: Store, number: int) -> Callable[[], Awaitable[None]]:
    keys = count()

    async def insert() -> None:
        key = f"bare {number} {next(keys)} {time.time_ns()}"
        await store.run(lambda db: chats.see(db, "bench", key, 1), line=key)

    return insert


@dataclass
class Told:
    """How much of it."""

    rounds: int
    turns: int
    letters: int
    people: list[int]


async def measure_turns(url: str, members: list[int], told: Told) -> dict[str, list[float]]:
    """Rates of each round, by what was done; in each round everything once, so that the machine's moods are shared."""
    store = await open_store(Config.model_validate({"storage": {"url": url}}), real_now())
    found: dict[str, list[float]] = {}
    try:
        for marks in (False, True):
            at = await desk(store, marks=marks)
            await _together([partial(at.turn, Reporter(members[-1]))], 20)
        for number in range(told.rounds):
            for at_once in (1, 64):
                many = told.turns // at_once
                bare = [_bare(store, n) for n in range(at_once)]
                found.setdefault(f"one row, {at_once} at once", []).append(await _together(bare, many))
                for marks in (False, True):
                    at = await desk(store, marks=marks)
                    crowd = [Reporter(chat) for chat in members[number * 64 :][:at_once]]
                    rate = await _together([partial(at.turn, who) for who in crowd], many)
                    await at.rest()
                    name = "turns and what the sender writes" if marks else "turns"
                    found.setdefault(f"{name}, {at_once} at once", []).append(rate)
                    # A report may not be left in the middle: the next round's reporter would not know where it is.
                    await store.run(lambda db: db.run("DELETE FROM drafts"), line=None)
        found["clashes"] = [float(getattr(store, "clashes", 0))]
        for batch in (30, 100):
            for _ in range(told.rounds):
                found.setdefault(f"claim and mark, {batch} at a time", []).append(
                    await _outbox(store, told.letters, batch)
                )
    finally:
        await store.close()
    return found


async def measure_statements(file: Path, members: list[int], turns: int) -> list[float]:
    """How many times as long turns take, 64 at once, as their own statements without them: on copies of one file."""
    ratios = []
    for number in range(3):
        recorder = Recorder()
        crowd = [Reporter(chat) for chat in members[number * 64 :][:64]]
        copies = [file.with_name(f"copy-{number}-{name}.db") for name in ("recorded", "turns", "statements")]
        for copy in copies:
            shutil.copy(file, copy)
        rates = []
        for copy, around in zip(copies[:2], (recorder.around, lambda work: work), strict=True):
            store = await open_store(Config.model_validate({"storage": {"url": str(copy)}}), real_now())
            at = await desk(store, marks=False)
            at.around_turn = around
            again = [Reporter(int(one.address.chat)) for one in crowd]
            rates.append(await _together([partial(at.turn, who) for who in again], turns // 64))
            await store.close()
        store = await open_store(Config.model_validate({"storage": {"url": str(copies[2])}}), real_now())
        waiting = iter(recorder.turns)
        bare = await _together([lambda: store.run(next(waiting).again)] * 64, turns // 64)  # noqa: B023
        await store.close()
        ratios.append(bare / rates[1])
    return ratios


async def _outbox(store: Store, letters: int, batch: int) -> float:
    """A broadcast's letters through the outbox, claimed and marked in batches; rows a second."""
    now = real_now()
    await store.run(lambda db: db.run("DELETE FROM outbox"), line=None)
    await store.run(lambda db: _letters(db, letters, now), line=None)
    epoch = await store.run(lambda db: leaders.epoch(db, outbox.SENDER), line=None)

    def claim(db: Db) -> list[Letter]:
        return outbox.claim(db, "telegram", epoch, now, batch)

    def mark(said: list[Letter]) -> Callable[[Db], None]:
        return lambda db: outbox.settle(db, [Result(letter, "sent", str(letter.id)) for letter in said], now)

    began = time.perf_counter()
    claimed = await store.run(claim, line=None)
    while claimed:  # the next are claimed while these are marked, as the sender does
        _, claimed = await asyncio.gather(store.run(mark(claimed), line=None), store.run(claim, line=None))
    return letters / (time.perf_counter() - began)


def _letters(db: Db, how_many: int, now: int) -> None:
    body = json.dumps({"text": [["Sáng mai 7 giờ họp tổ tại nhà văn hóa ấp", ""]]})
    columns = (
        *("lane", "kind", "channel", "chat", "person_id", "body", "card", "edits", "state", "epoch", "attempts"),
        *("not_before", "created_at", "changed_at", "message_id", "error"),
    )
    rows: Iterator[tuple[Any, ...]] = (
        (
            2,
            "BROADCAST",
            "telegram",
            str(FIRST_CHAT + n % 2800 + 1),
            n % 2800 + 1,
            body,
            "",
            0,
            "queued",
            0,
            0,
            0,
            now,
            now,
            "",
            "",
        )
        for n in range(how_many)
    )
    db.fill("outbox", columns, rows)


async def measure_size(url: str, size: int, turns: int) -> dict[str, float]:
    """One person after the other, anywhere in the country; run in a process that has done nothing else."""
    store = await open_store(Config.model_validate({"storage": {"url": url}}), real_now())
    try:
        at = await desk(store, marks=True)
        gc.freeze()
        gc.set_threshold(20_000, 50, 100)
        began = time.process_time()
        people = [FIRST_CHAT + size - 1 - n * (size // 4) // (turns // 5) for n in range(turns // 5)]
        for chat in people:
            reporter = Reporter(chat)
            for _ in range(5):
                await at.turn(reporter)
        await at.rest()
        cpu = time.process_time() - began
    finally:
        await store.close()
    waits = sorted(at.waits[len(at.waits) // 10 :])
    return {
        "median": statistics.median(waits) * 1000,
        "p99": waits[int(len(waits) * 0.99)] * 1000,
        "cpu": cpu * 1000 / len(at.waits),
        "rss": resident_mb(os.getpid()),
    }


async def _settle(url: str, size: int) -> None:
    store = await open_store(Config.model_validate({"storage": {"url": url}}), real_now())
    try:
        await store.run(lambda db: settle(db, size, real_now()), line=None)
    finally:
        await store.close()


def _sizes(engine: str, place: Callable[[str], str], told: Told) -> None:
    rows: dict[int, dict[str, list[float]]] = {size: {} for size in told.people}
    urls = {size: place(f"people_{size}") for size in told.people}
    for size, url in urls.items():
        began = time.monotonic()
        asyncio.run(_settle(url, size))
        print(f"{engine}: {size} people and their three weeks put in in {time.monotonic() - began:.0f} s", flush=True)
    for _ in range(told.rounds):
        for size, url in urls.items():
            asked = ["--of", url, "--people", str(size), "--turns", str(min(told.turns, 4000))]
            ran = subprocess.run([sys.executable, "-m", "bench.engine", *asked], stdout=subprocess.PIPE, check=True)
            for name, value in json.loads(ran.stdout).items():
                rows[size].setdefault(name, []).append(value)
    print(f"\n| {engine}, people | turn p50 ms | p99 ms | CPU ms | RSS MB |\n|---|---|---|---|---|")
    for size, found in rows.items():
        print(f"| {size:,} | " + " | ".join(f"{statistics.median(found[name]):.2f}" for name in FIGURES) + " |")
    if len(rows) > 1:
        first, *_, last = rows.values()
        ratios = [statistics.median(b / a for a, b in zip(first[n], last[n], strict=True)) for n in FIGURES]
        print("| ratio of a round, median | " + " | ".join(f"{ratio:.2f}" for ratio in ratios) + " |\n", flush=True)


def _print(engine: str, found: dict[str, list[float]]) -> None:
    print(f"\n| {engine} | a second, median (lowest to highest) |\n|---|---|")
    for name, rates in found.items():
        print(f"| {name} | {statistics.median(rates):,.0f} ({min(rates):,.0f}–{max(rates):,.0f}) |")
    for at_once in (1, 64):
        bare, turns = (statistics.median(found[f"{what}, {at_once} at once"]) for what in ("one row", "turns"))
        print(f"| a turn to one row's commit, {at_once} at once | {bare / turns:.1f} |")
    print(flush=True)


def _engines(names: list[str], folder: Path, do: Callable[[str, Callable[[str], str]], None]) -> None:
    if "sqlite" in names:
        do("SQLite", lambda name: str(folder / f"{name}.db"))
    if "postgres" in names:
        with postgres() as server:
            _with_server(server, do)


def _with_server(server: Server, do: Callable[[str, Callable[[str], str]], None]) -> None:
    do("PostgreSQL", server.new)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", nargs="+", choices=("sqlite", "postgres"), default=["sqlite", "postgres"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--turns", type=int, default=3200, help="of each round")
    parser.add_argument("--letters", type=int, default=30_000)
    parser.add_argument("--people", type=int, nargs="*", choices=sorted(SHAPES), default=sorted(SHAPES))
    parser.add_argument("--of", help="measure one turn after the other in this database, and print JSON")
    asked = parser.parse_args()
    told = Told(asked.rounds, asked.turns, asked.letters, asked.people)
    if asked.of:
        print(json.dumps(asyncio.run(measure_size(asked.of, told.people[0], told.turns))))
        return
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
    with tempfile.TemporaryDirectory(prefix="apso-bench-") as name:
        folder = Path(name)

        def everything(engine: str, place: Callable[[str], str]) -> None:
            if told.turns:
                url = place("turns")
                (folder / engine).mkdir()
                members = build(folder / engine, 2900, url).members
                if engine == "SQLite":
                    ratios = asyncio.run(measure_statements(Path(url), members, told.turns))
                    print(f"turns to their own statements, 64 at once: {', '.join(f'{one:.2f}' for one in ratios)}")
                _print(engine, asyncio.run(measure_turns(url, members, told)))
            if told.people:
                _sizes(engine, place, told)

        _engines(asked.engine, folder, everything)


if __name__ == "__main__":
    main()
