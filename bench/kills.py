"""`python -m bench.kills`: how long people wait when the bot is killed with -9, start of the program included.

One process that is started again at once, on a file and on PostgreSQL; and three processes, where another takes over.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.engine import new_postgres
from tests.test_kills import Killing, killing
from tests.test_three_processes import another_speaks, three

Times = list[float]
WORK_S = (0.5, 1.0)  # of work between two kills
REST_S = 4.0  # until the killed one of three is a full member again


async def restarted(url: str | None, times: int) -> Times:
    """Kill the only process so often and start it again."""
    with tempfile.TemporaryDirectory() as folder:
        async with killing(Path(folder), url or f"{folder}/apso.db", "bench", faults=False, cold=True) as here:
            return [await _kill(here) for _ in range(times)]


async def _kill(here: Killing) -> float:
    await asyncio.sleep(random.uniform(*WORK_S))
    killed_at, since = await here.again()
    return await here.speaks(since) - killed_at


async def replaced(times: int) -> Times:
    """Kill the one of three that speaks, and wait for another."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        async with three(Path(folder), cold=True) as here:
            here.people.begins()
            for _ in range(times):
                await asyncio.sleep(REST_S)
                fault = await here.strike(here.leader, "kill", 0.1)
                found.append(await another_speaks(here, fault) - fault.at)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="from kill -9 to the first answer")
    parser.add_argument("--times", type=int, default=10)
    times = parser.parse_args().times
    rows: list[tuple[str, Callable[[], Awaitable[Times]]]] = [
        ("one process, SQLite", lambda: restarted(None, times)),
        ("one process, PostgreSQL", lambda: restarted(new_postgres("bench_kills"), times)),
        ("three processes, PostgreSQL", lambda: replaced(times)),
    ]
    print(f"| from kill -9 to the first answer, s ({times} times) | median | quickest | slowest |\n|---|---|---|---|")
    for name, measure in rows:
        found = asyncio.run(_done(measure))
        print(f"| {name} | {statistics.median(found):.2f} | {min(found):.2f} | {max(found):.2f} |", flush=True)


async def _done(measure: Callable[[], Awaitable[Times]]) -> Times:
    return await measure()


if __name__ == "__main__":
    main()
