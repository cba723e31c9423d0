"""Files of settings: their rows as text, and rows as a file. No database, nothing is kept."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bot.rules.settings.table import LOOKED_INTO, MOST_ROWS
from bot.sheets import Sheet, Unreadable, read, write_marked
from bot.sheets.sheet import Cell

MOST_COLUMNS = 40


def rows_of(source: Path | bytes) -> list[list[str]]:
    """The rows of the first sheet that is not hidden, each cell as text. Raises Unreadable."""
    with read(source) as sheets:
        for sheet in sheets:
            if sheet.is_hidden:
                continue
            rows = []
            for cells in sheet.rows:
                rows.append([_text(cell) for cell in cells[:MOST_COLUMNS]])
                if len(rows) > MOST_ROWS + LOOKED_INTO:
                    break
            return rows
    return []


def _text(cell: Cell) -> str:
    if cell is None or cell is False:
        return ""
    if cell is True:
        return "x"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()


def workbook(name: str, rows: Sequence[Sequence[str]]) -> bytes:
    """The rows as an .xlsx; every cell is text."""
    file = io.BytesIO()
    write_marked(file, [Sheet(name, False, len(rows), (), [list(row) for row in rows])], {})
    return file.getvalue()


def make(given: dict[str, Any]) -> bytes:
    """The work of an errand: {"content": base64 of a file} into JSON, {"rows"} or {"refused": why, "values"}; {"name",
    "rows"} into a file."""
    if "content" not in given:
        return workbook(given["name"], given["rows"])
    told: dict[str, Any]
    try:
        told = {"rows": rows_of(base64.b64decode(given["content"]))}
    except Unreadable as error:
        told = {"refused": error.reason, "values": error.values}
    return json.dumps(told).encode()
