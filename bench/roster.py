"""`python -m bench.roster`: what taking over an office's list costs, in seconds and in memory.

An invented list of 3,000 and of 460,000 people (the whole country), as .xlsx and as .csv, read, compared with what is
kept, and written, on either engine; then the same list once more, which changes nothing. Each in a process of its own,
so that one's memory is not the other's. `--held N`: how long the one transaction of a list sent in chat keeps turns
waiting, for lists of N people.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

import xlsxwriter

from bench.server import postgres
from bot.app import open_store
from bot.config import Config
from bot.rules.roster import Plan, Roster, make_plan, packing, read_roster
from storage import imports, roster, units
from storage.db import Db
from tests.rules.roster.pages import Table
from tests.rules.roster.province import Province

SIZES = (3_000, 460_000)


def write_excel(path: Path, people: int) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        page = book.add_worksheet("DS")
        for number, row in enumerate(Province(people).rows()):
            page.write_row(number, 0, row)


def write_csv(path: Path, people: int) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows(Province(people).rows())


@dataclass
class Taken:
    """Seconds of each step, people, and the most memory that the process and its child held (MB)."""

    people: int = 0
    read: float = 0.0
    plan: float = 0.0
    write: float = 0.0
    own: float = 0.0
    child: float = 0.0


def measure(path: Path, url: str) -> Taken:
    """In this process: the list taken over into this database."""
    from bot.examining import examine

    taken = Taken()
    begun = time.perf_counter()
    listed = examine(path)
    taken.read, taken.people = time.perf_counter() - begun, len(listed.people)
    asyncio.run(_take_over(listed, url, taken))
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    taken.own, taken.child = (resource.getrusage(one).ru_maxrss / 1024 for one in who)
    return taken


async def _take_over(listed: Roster, url: str, taken: Taken) -> None:
    store = await open_store(Config.model_validate({"storage": {"url": url}}), 1)

    def work(db: Db) -> None:
        db.alone()
        top = units.top(db) or units.add(
            db, code="1", name="Tỉnh Bến Tre", kind="tỉnh", level="province", parent=None, since=1
        )
        begun = time.perf_counter()
        plan = make_plan(listed, roster.read(db, top))
        taken.plan = time.perf_counter() - begun
        number = imports.add(db, person_id=None, unit_id=top.id, name="ds", sha256="", content="", figures="", now=2)
        imports.take_over(db, number, plan.changes(), [], said="ds", channel="apso", language="vi", now=2)
        taken.write = time.perf_counter() - begun - taken.plan

    begun = time.perf_counter()
    await store.run(work)
    taken.write = time.perf_counter() - begun - taken.plan  # with the commit
    await store.close()


def held(people: int) -> tuple[float, float, float]:
    """Seconds in which no turn is done: when a list sent in chat is shown, when it is taken over, and when it is shown
    again, all of it there already."""
    listed = read_roster([Table(list(Province(people).rows()))])
    packed = packing.squeeze(packing.pack(listed))

    async def run() -> tuple[float, float, float]:
        store = await open_store(Config.model_validate({"storage": {"url": ":memory:"}}), 1)
        times = []

        def shown(db: Db) -> Plan:
            top = units.top(db) or units.add(
                db, code="1", name="Tỉnh Bến Tre", kind="tỉnh", level="province", parent=None, since=1
            )
            return make_plan(packing.unpack(packing.stretch(packed)), roster.read(db, top))

        def written(db: Db) -> None:
            plan = shown(db)
            number = imports.add(db, person_id=None, unit_id=1, name="ds", sha256="", content="", figures="", now=2)
            imports.take_over(db, number, plan.changes(), [], said="ds", channel="apso", language="vi", now=2)

        for work in (shown, written, shown):
            begun = time.perf_counter()
            await store.run(work)
            times.append(time.perf_counter() - begun)
        await store.close()
        return times[0], times[1], times[2]

    return asyncio.run(run())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", type=Path, help="measure this file and print JSON")
    parser.add_argument("--url", default=":memory:", help="the database to take it over into")
    parser.add_argument("--people", type=int, nargs="+", default=SIZES, help="how many people")
    parser.add_argument("--held", type=int, nargs="+", help="lists sent in chat of so many people")
    told = parser.parse_args()
    if told.only:
        print(json.dumps(asdict(measure(told.only, told.url))))
        return
    if told.held:
        print(f"{'people':>9}{'shown':>8}{'taken over':>12}{'shown again':>13}")
        for people in told.held:
            shown, written, again = held(people)
            print(f"{people:>9,}{shown:>8.2f}{written:>12.2f}{again:>13.2f}", flush=True)
        return
    print(f"{'engine':11}{'file':6}{'people':>9}{'read':>8}{'plan':>8}{'write':>8}{'all':>8}{'MB':>6}{'child MB':>10}")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgres())
        for people in told.people:
            for write, ending in ((write_excel, "xlsx"), (write_csv, "csv")):
                path = folder / f"roster.{ending}"
                write(path, people)
                name = f"{ending}_{people}"
                _row("SQLite", path, str(folder / f"{name}.db"))
                if ending == "csv":
                    _row(" again", path, str(folder / f"{name}.db"))
                    url = server.new(name)
                    _row("PostgreSQL", path, url)
                    _row(" again", path, url)


def _row(engine: str, path: Path, url: str) -> None:
    line = [sys.executable, "-m", "bench.roster", "--only", str(path), "--url", url]
    it = Taken(**json.loads(subprocess.run(line, check=True, capture_output=True, text=True).stdout))
    whole = it.read + it.plan + it.write
    print(
        f"{engine:11}{path.suffix[1:]:6}{it.people:>9,}{it.read:>8.2f}{it.plan:>8.2f}{it.write:>8.2f}{whole:>8.2f}"
        f"{it.own:>6.0f}{it.child:>10.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
