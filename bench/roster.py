"""`python -m bench.roster`: what reading and judging an office's list costs, in seconds and in memory.

An invented list of 3,000 and of 460,000 people (the whole country), once as .xlsx and once as .csv; each is read in a
process of its own, so that one's memory is not the other's.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import xlsxwriter

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


def measure(path: Path) -> dict[str, float]:
    """In this process: seconds, people, and the most memory that it and its child held (MB)."""
    from bot.examining import examine

    begun = time.perf_counter()
    roster = examine(path)
    took = time.perf_counter() - begun
    own, child = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "people": roster.figures.people,
        "doubts": len(roster.problems),
        "seconds": took,
        "own": own,
        "child": child,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", type=Path, help="measure this file and print JSON")
    told = parser.parse_args()
    if told.only:
        print(json.dumps(measure(told.only)))
        return
    print(f"{'file':8}{'people':>9}{'doubts':>8}{'seconds':>9}{'MB':>6}{'child MB':>10}")
    with tempfile.TemporaryDirectory() as folder:
        for people in SIZES:
            for write, ending in ((write_excel, "xlsx"), (write_csv, "csv")):
                path = Path(folder) / f"roster.{ending}"
                write(path, people)
                line = [sys.executable, "-m", "bench.roster", "--only", str(path)]
                it = json.loads(subprocess.run(line, check=True, capture_output=True, text=True).stdout)
                print(
                    f"{ending:8}{it['people']:>9,}{it['doubts']:>8,}{it['seconds']:>9.2f}{it['own']:>6.0f}{it['child']:>10.0f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
