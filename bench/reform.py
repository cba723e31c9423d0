"""What a reform of a whole province takes: 157 communes become 48, with 10,195 people in 1,111 teams and 500,000
reports, by the same code as `apso reform`; and what one question of rights takes in a country of 102,715 units.

The plan, units_2025.csv, is that of 1 July 2025. Nine of the 157 were merged in 2024 already, into what is not written
there: here each goes where its neighbour by code goes.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, redirect_stdout
from io import StringIO
from itertools import count
from pathlib import Path

from bench.process import resident_mb
from bench.server import postgres
from bench.town import DAY_MS, SHAPES, _units
from bot.app import open_store
from bot.config import Config
from bot.reforming import reform, undo
from bot.rules import rights
from storage import categories, people, reforms, units
from storage.db import Db, Row

PLAN = Path(__file__).parent / "units_2025.csv"
TEAMS, PEOPLE, REPORTS, TASKS = 1_111, 10_195, 500_000, 40
FIGURES = ("dry run s", "reform s", "undo s", "peak MB")


def _config(url: str) -> Config:
    return Config.model_validate({"storage": {"url": url}})


def province(db: Db, now: int) -> None:
    """Everything as it was before the reform, in bulk."""
    categories.seed(db)
    since = now - 400 * DAY_MS
    found = list(_province(since))
    db.fill("units", ("id", "code", "name", "kind", "level", "parent_id", "path", "since"), found)
    db.fill("unit_edges", ("child_id", "parent_id", "since"), ((u[0], u[5], since) for u in found if u[5]))
    teams = [unit[0] for unit in found]
    everybody = range(1, PEOPLE + 1)
    home = {one: teams[one % len(teams)] for one in everybody}
    names = ((one, f"Nguyễn Văn {one}", f"09{one:08d}", "vi", now) for one in everybody)
    db.fill("people", ("id", "name", "phone", "language", "created_at"), names)
    posts = ((one, home[one], "head" if one <= len(teams) else "member", since) for one in everybody)
    db.fill("posts", ("person_id", "unit_id", "role", "since"), posts)
    db.fill(
        "reports",
        ("id", "author_id", "unit_id", "day", "note", "state", "version", "created_at", "changed_at"),
        (
            (
                number,
                1 + number % PEOPLE,
                home[1 + number % PEOPLE],
                f"2025-06-{1 + number % 30:02}",
                "",
                "kept",
                1,
                since,
                since,
            )
            for number in range(1, REPORTS + 1)
        ),
    )
    code = categories.everything(db)[0].code
    db.fill(
        "report_items",
        ("report_id", "category", "count", "unit"),
        ((n, code, 3, "hồ sơ") for n in range(1, REPORTS + 1)),
    )
    _work(db, home, now)
    for table in ("units", "people", "reports", "tasks", "assignments"):
        db.count_on(table, db.all(f"SELECT MAX(id) FROM {table}")[0][0])


def _work(db: Db, home: dict[int, int], now: int) -> None:
    """Open tasks for the head of every team."""
    heads = [one for one in home if one <= TEAMS]
    db.fill(
        "tasks",
        ("id", "title", "giver_id", "unit_id", "due_at", "evidence", "created_at"),
        ((task, f"Việc {task}", 1, home[task], now + DAY_MS, "none", now - DAY_MS) for task in range(1, TASKS + 1)),
    )
    numbers = count(1)
    db.fill(
        "assignments",
        ("id", "task_id", "unit_id", "person_id", "state", "stuck", "returned", "note", "version", "changed_at"),
        (
            (next(numbers), task, home[one], one, "given", "", "", "", 1, now - DAY_MS)
            for task in range(1, TASKS + 1)
            for one in heads
        ),
    )


def _province(since: int) -> Iterator[Row]:
    """The districts and communes of the plan, and hamlets up to so many teams."""
    ids = count(2)
    yield 1, "83", "Tỉnh Bến Tre", "tỉnh", "province", None, "/1/", since
    districts: dict[str, int] = {}
    communes: list[tuple[int, str, str]] = []
    for row in csv.DictReader(PLAN.read_text("utf-8").splitlines()):
        if row["old_district"] not in districts:
            district = districts[row["old_district"]] = next(ids)
            yield district, f"h{district}", row["old_district"], "huyện", "district", 1, f"/1/{district}/", since
        unit, above = next(ids), districts[row["old_district"]]
        communes.append((unit, f"/1/{above}/{unit}/", row["old_code"]))
        yield unit, row["old_code"], row["old_ward"], "xã", "commune", above, communes[-1][1], since
    for number in range(TEAMS - 1 - len(districts) - len(communes)):
        commune, path, code = communes[number % len(communes)]
        unit = next(ids)
        yield unit, f"{code}-{number}", f"Ấp {number}", "ấp", "hamlet", commune, f"{path}{unit}/", since


async def measure(url: str) -> dict[str, float]:
    """One dry run, the reform and its undoing, in a process that has done nothing else."""
    config = _config(url)
    found = {
        "dry run s": await _timed(reform(config, PLAN, day="2025-07-01", under="83", dry_run=True)),
        "reform s": await _timed(reform(config, PLAN, day="2025-07-01", under="83")),
        "peak MB": resident_mb(os.getpid()),
    }
    return found | {"undo s": await _timed(undo(config, await _look(config)))}


async def _timed(work: Coroutine[object, object, int]) -> float:
    began = time.perf_counter()
    with redirect_stdout(StringIO()) as said:
        status = await work
    assert status == 0, said.getvalue()
    return time.perf_counter() - began


async def _look(config: Config) -> int:
    """It was done, 48 communes and no district are left; the reform's number."""
    store = await open_store(config, 1)
    rows = await store.run(
        lambda db: db.all("SELECT level, COUNT(*) FROM units WHERE until IS NULL GROUP BY level ORDER BY level")
    )
    (newest,) = await store.run(lambda db: reforms.latest(db, 1))
    await store.close()
    assert rows == [("commune", 48), ("hamlet", TEAMS - 1 - 9 - 157), ("province", 1)], rows
    return newest.id


async def _settle(url: str) -> None:
    now = time.time_ns() // 1_000_000
    store = await open_store(_config(url), now)
    try:
        await store.run(lambda db: province(db, now), line=None)
    finally:
        await store.close()


async def measure_rights(url: str) -> dict[str, float]:
    """µs for one question, by itself and with its unit and posts read from the database."""
    now = time.time_ns() // 1_000_000
    store = await open_store(_config(url), now)
    try:
        return await store.run(lambda db: _ask(db, now), line=None)
    finally:
        await store.close()


def _ask(db: Db, now: int) -> dict[str, float]:
    country = list(_units(SHAPES[460_000], now))
    db.fill("units", ("id", "code", "name", "kind", "level", "parent_id", "path", "since"), country)
    person = people.add(db, name="Lê Minh Quân", phone="", language="vi", now=now)
    for office, role in ((1, "admin"), (7, "head"), (200, "deputy"), (50_000, "member")):
        people.appoint(db, person.id, office, role, now)
    ids = [country[n * 7919 % len(country)][0] for n in range(20_000)]
    posts = people.posts(db, person.id)
    asked = [unit for unit in (units.get(db, one) for one in ids) if unit is not None]
    return {
        "rights.may": _each(lambda: [rights.may(posts, "assign", unit) for unit in asked], len(asked)),
        "with its unit and posts": _each(lambda: [_from_the_database(db, person.id, one) for one in ids[:2000]], 2000),
    }


def _from_the_database(db: Db, person_id: int, unit_id: int) -> bool:
    unit = units.get(db, unit_id)
    return unit is not None and rights.may(people.posts(db, person_id), "assign", unit)


def _each(work: Callable[[], object], times: int) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1e6 / times


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--of", help="measure in this database, and print JSON")
    told = parser.parse_args()
    if told.of:
        print(json.dumps(asyncio.run(measure(told.of))))
        return
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="apso-bench-")))
        server = stack.enter_context(postgres())
        places: dict[str, Callable[[str], str]] = {
            "SQLite": lambda n: str(folder / f"{n}.db"),
            "PostgreSQL": server.new,
        }
        for engine, place in places.items():
            rows: dict[str, list[float]] = {}
            for number in range(told.rounds):
                url = place(f"reform_{number}")
                asyncio.run(_settle(url))
                command = [sys.executable, "-m", "bench.reform", "--of", url]
                ran = subprocess.run(command, stdout=subprocess.PIPE, check=True)
                for name, value in json.loads(ran.stdout).items():
                    rows.setdefault(name, []).append(value)
            print(f"\n| {engine}: 157 → 48 communes | median (lowest to highest) |\n|---|---|")
            for name in FIGURES:
                print(f"| {name} | {statistics.median(rows[name]):.2f} ({min(rows[name]):.2f}–{max(rows[name]):.2f}) |")
            for name, value in asyncio.run(measure_rights(place("rights"))).items():
                print(f"| {name}, µs | {value:.1f} |", flush=True)


if __name__ == "__main__":
    main()
