"""Messages as members write them, each with its reading.

One file for each kind of writer. A line holds `text` and what must be read: `items` as [category, count, unit] and
perhaps a qualifier, `ask` (the categories asked for; null: what kind it was; "day"), `kind` (by default "report" when
there are items or questions, else "nothing"), `day` and `unit` (by default null), `register`: teams and their members.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.parsing import seed_categories
from bot.rules.reading import Item, Reading, read

TODAY = date(2026, 11, 25)
CATEGORIES = seed_categories()


def writers() -> Iterator[Any]:
    for path in sorted(Path(__file__).parent.glob("*.jsonl")):
        yield pytest.param([json.loads(line) for line in path.read_text("utf-8").splitlines()], id=path.stem)


def expected(line: dict[str, Any]) -> dict[str, Any]:
    items = sorted((*item, "")[:4] for item in line.get("items", []))
    ask = sorted(category or "" for category in line.get("ask", []))
    kind = line.get("kind") or ("report" if items or ask else "nothing")
    register = sorted((*item, "")[:4] for item in line.get("register", []))
    day, unit = line.get("day"), line.get("unit")
    return {"kind": kind, "items": items, "ask": ask, "day": day, "unit": unit, "register": register}


def found(reading: Reading) -> dict[str, Any]:
    ask = {"day" if question.why == "day" else question.category or "" for question in reading.ask}
    return {
        "kind": reading.kind,
        "items": _written(reading.items),
        "ask": sorted(ask),
        "day": reading.day.isoformat() if reading.day else None,
        "unit": reading.unit,
        "register": _written(reading.register),
    }


def _written(items: tuple[Item, ...]) -> list[tuple[str, int, str, str]]:
    return sorted((item.category, item.count, item.unit, item.qualifier) for item in items)


@pytest.mark.parametrize("lines", list(writers()))
def test_read_as_meant(lines: list[dict[str, Any]]) -> None:
    got = {line["text"]: found(read(line["text"], TODAY, CATEGORIES)) for line in lines}
    assert got == {line["text"]: expected(line) for line in lines}
