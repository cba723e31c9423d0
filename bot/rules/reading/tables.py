"""Tables typed by hand or copied from a sheet: a row of headings, and below it one kind of activity a row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.rules.vietnamese import fold

_WALL = re.compile(r" *\| *")
_NUMBER = re.compile(r"\d[\d.,/]*")
_PLACES = ("stt", "tt", "so tt", "so thu tu")
_UNITS = ("dvt", "don vi", "don vi tinh")
_AIMS = ("chi tieu", "ke hoach", "kh", "giao", "muc tieu", "luy ke", "tong luy ke", "ty le", "ti le", "%", "ghi chu")
_RESULTS = ("ket qua", "kq", "thuc hien", "th", "da lam", "lam duoc", "dat", "dat duoc", "so luong", "sl", "hom nay")

_MOST_ROWS = 60

Row = list[str]


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where each thing stands in a row. `unit`: -1 where none is told."""

    label: int
    result: int
    unit: int


def told_in_lines(text: str) -> str:
    """The same with every row of a table as "what: how many"; where it is not certain which column counts, as it is.

    >>> told_in_lines("Nội dung | Chỉ tiêu | Kết quả\\nVNeID | 30 | 18")
    'VNeID: 18'
    """
    if "|" not in text:
        return text
    lines, told, at = text.split("\n"), list[str](), 0
    cells = [_cells(line) for line in lines]
    while at < len(lines):
        head = cells[at]
        is_head = len(head) > 1 and not _NUMBER.search(lines[at])
        rows = _rows_below(cells, at + 1, head) if is_head else []
        columns = _columns(head, rows) if rows else None
        told += [_line(row, columns) for row in rows] if columns else [lines[at]]
        at += 1 + (len(rows) if columns else 0)
    return "\n".join(told)


def _cells(line: str) -> Row:
    return _WALL.split(line.strip().strip("|").strip())


def _rows_below(cells: Sequence[Row], first: int, head: Row) -> list[Row]:
    rows: list[Row] = []
    for row in cells[first : first + _MOST_ROWS]:
        if len(row) != len(head) or row == head:
            break
        rows.append(row)
    return rows


def _columns(head: Row, rows: list[Row]) -> _Columns | None:
    titles = [" ".join(fold(title).strip(" :.").split()) for title in head]
    units = [at for at, title in enumerate(titles) if title in _UNITS]
    named = [at for at, title in enumerate(titles) if title in _RESULTS]
    rest = [at for at, title in enumerate(titles) if title not in (*_PLACES, *_UNITS, *_AIMS, *_RESULTS)]
    labels = [at for at in rest if not any(_NUMBER.fullmatch(row[at]) for row in rows)]
    if len(named) != 1 or not labels:
        return None  # under "VNeID" a number is of VNeID, and its heading has to be read too
    return _Columns(labels[0], named[0], units[0] if units else -1)


def _line(row: Row, columns: _Columns) -> str:
    unit = row[columns.unit] if columns.unit >= 0 else ""
    return f"{row[columns.label]}: {row[columns.result]} {unit}".rstrip()
