"""`apso parse`: what the reader makes of each line, as JSON, for whoever wants to try it without a bot."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterable
from datetime import date
from importlib import resources
from pathlib import Path

from bot.rules.reading import Category, Reading, read


def parse(file: Path | None, today: date) -> int:
    """Print a reading for every line of `file` or of standard input."""
    known = seed_categories()
    lines: Iterable[str] = file.read_text("utf-8").splitlines() if file else sys.stdin
    for line in lines:
        print(json.dumps(as_json(read(line.rstrip("\n"), today, known)), ensure_ascii=False), flush=file is None)
    return 0


def as_json(reading: Reading) -> dict[str, object]:
    """The parts of a reading that another program asks for."""
    return {
        "kind": reading.kind,
        "items": [
            {"category": item.category, "count": item.count, "unit": item.unit, "qualifier": item.qualifier}
            for item in reading.items
        ],
        "ask": [{"category": question.category, "why": question.why} for question in reading.ask],
        "day": reading.day.isoformat() if reading.day else None,
        "unit": reading.unit,
    }


def seed_categories() -> tuple[Category, ...]:
    """The kinds of activity that a new installation starts with."""
    text = (resources.files("storage") / "seed" / "categories.toml").read_text("utf-8")
    return tuple(
        Category(
            entry["code"],
            (entry["name_vi"], entry["name_en"]),
            (entry["unit_vi"], entry["unit_en"]),
            tuple(entry["words"]),
        )
        for entry in tomllib.loads(text)["category"]
    )
