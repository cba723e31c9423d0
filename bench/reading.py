"""`python -m bench.reading`: processor milliseconds to read a message, of the tests and hostile ones."""

from __future__ import annotations

import json
import statistics
import time
from datetime import date
from pathlib import Path

from bot.parsing import seed_categories
from bot.rules.reading import Category, read

MESSAGES = Path(__file__).parent.parent / "tests" / "rules" / "reading"
TODAY = date(2026, 11, 25)
HOSTILE = {
    "4,000 digits": "7" * 4000,
    "digits apart": "7 " * 2000,
    "mười ×800": "mười " * 800,
    "một trăm ×400": "một trăm " * 400,
    "ngàn ×800": "ngàn " * 800,
    "12/ ×1300": "12/" * 1300,
    "1.2.3. ×650": "1.2.3." * 650,
    "vneid và ×400": "vneid và " * 400,
    "ấp 3, ×660": "ấp 3, " * 660,
    "a ×4,000": "a" * 4000,
    "( ×4,000": "(" * 4000,
    "ngày ×800": "ngày " * 800,
    "5 người vneid ×280": "5 người vneid " * 280,
    "không phải ×360": "không phải " * 360,
}


def main() -> None:
    known = seed_categories()
    read("vneid 12", TODAY, known)
    texts = [
        json.loads(line)["text"] for path in sorted(MESSAGES.glob("*.jsonl")) for line in path.open(encoding="utf-8")
    ]
    times = sorted(_milliseconds(text, known) for text in texts)
    print(
        f"{len(texts)} messages: median {statistics.median(times):.2f} ms, "
        f"p99 {times[len(times) * 99 // 100]:.2f} ms, longest {times[-1]:.2f} ms"
    )
    for name, text in HOSTILE.items():
        print(f"{name:<22} {len(text)} characters: {_milliseconds(text, known):.0f} ms")


def _milliseconds(text: str, known: tuple[Category, ...]) -> float:
    begin = time.thread_time()
    read(text, TODAY, known)
    return (time.thread_time() - begin) * 1000


if __name__ == "__main__":
    main()
