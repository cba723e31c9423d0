"""Tables typed by hand or copied from a sheet: a row of headings, and below it one kind of activity a row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.rules.vietnamese import fold

_WALL = re.compile(r"[ ]*[|\t][ ]*")
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
    if "|" not in text and "\t" not in text:
        return text
    lines, told, at = text.split("\n"), list[str](), 0
    while at < len(lines):
        head = _cells(lines[at])
        is_head = len(head) > 1 and not _NUMBER.search(lines[at])
        rows = _rows_below(lines, at + 1, head) if is_head else []
        columns = _columns(head, rows) if rows else None
        told += [_line(row, columns) for row in rows] if columns else [lines[at]]
        at += 1 + (len(rows) if columns else 0)
    return "\n".join(told)


def _cells(line: str) -> Row:
    return _WALL.split(line.strip().strip("|").strip())


def _rows_below(lines: Sequence[str], first: int, head: Row) -> list[Row]:
    rows: list[Row] = []
    for at in range(first, min(len(lines), first + _MOST_ROWS)):
        cells = _cells(lines[at])
        if len(cells) != len(head) or cells == head:
            break
        rows.append(cells)
    return rows


def _columns(head: Row, rows: list[Row]) -> _Columns | None:
    titles = [" ".join(fold(title).strip(" :.").split()) for title in head]
    units = [at for at, title in enumerate(titles) if title in _UNITS]
    named = [at for at, title in enumerate(titles) if title in _RESULTS]
    rest = [at for at, title in enumerate(titles) if title not in (*_PLACES, *_UNITS, *_AIMS) and at not in named]
    counted = [at for at in rest if any(_NUMBER.fullmatch(row[at]) for row in rows)]
    labels = [at for at in rest if at not in counted]
    results = named[:1] if len(named) == 1 else named or counted
    if len(results) != 1 or not labels:
        return None
    return _Columns(labels[0], results[0], units[0] if units else -1)


def _line(row: Row, columns: _Columns) -> str:
    unit = row[columns.unit] if columns.unit >= 0 else ""
    return f"{row[columns.label]}: {row[columns.result]} {unit}".rstrip()
