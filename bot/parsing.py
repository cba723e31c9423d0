"""`apso parse`: what the reader makes of each line, as JSON, for whoever wants to try it without a bot."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib import resources
from pathlib import Path

from bot.config import ConfigError
from bot.rules.reading import Category, Reading, read


def parse(file: Path | None, today: date) -> int:
    """Print a reading for every line of `file` or of standard input."""
    known = seed_categories()
    for line in _lines(file):
        print(json.dumps(as_json(read(line.rstrip("\r\n"), today, known)), ensure_ascii=False), flush=file is None)
    return 0


def _lines(file: Path | None) -> Iterator[str]:
    try:
        if file is not None:
            with file.open(encoding="utf-8") as opened:
                yield from opened
        else:
            for line in sys.stdin.buffer:
                yield line.decode("utf-8")
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file or 'Standard input'} is not UTF-8 text; save it as UTF-8.") from None


def as_json(reading: Reading) -> dict[str, object]:
    """The parts of a reading that another program asks for."""
    is_register = bool(reading.register or reading.register_ask)
    return {
        "kind": "report" if reading.kind == "nothing" and is_register else reading.kind,
        "items": [
            {"category": item.category, "count": item.count, "unit": item.unit, "qualifier": item.qualifier}
            for item in (*reading.items, *reading.register)
        ],
        "ask": [
            {"category": question.category, "why": question.why} for question in (*reading.ask, *reading.register_ask)
        ],
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
