"""How tables lie in a sheet: several side by side, or one on its side with its headings down the first column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.rules.roster.headings import read_heading
from bot.rules.roster.places import read_section
from bot.rules.roster.records import Merged
from bot.rules.vietnamese.text import fold

Row = Sequence[str]
MOST_TABLES = 6
MOST_TURNED = 500  # rows and columns of a table that may lie on its side
_TURNED = ("people", "name", "family", "phone", "birth", "role", "role_team", "unit", "number", "gender", "job", "note")


@dataclass(frozen=True, slots=True)
class Where:
    """Where in its sheet a table's own first cell stands, from 0; `is_turned`: its rows are the sheet's columns."""

    top: int = 0
    left: int = 0
    is_turned: bool = False

    def row(self, row: int, column: int | None) -> int:
        """The sheet's row, from 1, of a cell of the table, from 0."""
        return self.top + (column or 0) + 1 if self.is_turned else self.top + row + 1

    def column(self, row: int, column: int | None) -> int | None:
        """The sheet's column of a cell of the table, both from 0."""
        if self.is_turned:
            return self.left + row
        return None if column is None else self.left + column


@dataclass(frozen=True, slots=True)
class Span:
    """Joined cells of a table cut out of a sheet."""

    top: int
    left: int
    bottom: int
    right: int


def side_by_side(header: Row) -> list[tuple[int, int]]:
    """First column and the one behind the last of each table, when one header stands several times in a row."""
    said = [(column, re.sub(r"\W+|\d+", "", fold(text))) for column, text in enumerate(header) if text]
    words = [word for _, word in said]
    for count in range(2, MOST_TABLES + 1):
        size, rest = divmod(len(words), count)
        if rest or size < 2 or words != words[:size] * count:
            continue
        fields = {heading.field for column, _ in said[:size] if (heading := read_heading(header[column]))}
        if not {"name", "people", "family"} & fields or not {"number", "unit"} & fields:
            return []
        starts = [said[size * place][0] for place in range(count)]
        return list(zip(starts, [*starts[1:], len(header)], strict=True))
    return []


def cut_out(rows: Iterable[Row], top: int, left: int, right: int) -> list[list[str]]:
    """One of several tables with the lines above it; those of one text belong to all, and so do units of groups."""
    found: list[list[str]] = []
    for at, row in enumerate(rows):
        texts = [text for text in row if text]
        if len(texts) == 1 and not any(row[left:right]) and (at < top or read_section(texts[0])):
            found.append([texts[0]])
        else:
            found.append(list(row[left:right]))
    return found


def merged_within(merged: Iterable[Merged], left: int, right: int) -> list[Span]:
    return [
        Span(one.top, one.left - left, one.bottom, min(one.right, right - 1) - left)
        for one in merged
        if left <= one.left < right
    ]


def turned(rows: Sequence[Row]) -> tuple[list[list[str]], int, int] | None:
    """A table on its side set upright, with the sheet's row and column of its first cell; None when there is none."""
    if len(rows) > MOST_TURNED or max(map(len, rows), default=0) > MOST_TURNED:
        return None
    for top in range(min(len(rows), 40)):
        left = next((column for column, text in enumerate(rows[top]) if text), None)
        if left is None or not _is_heading(rows[top][left]) or sum(map(bool, rows[top])) < 3:
            continue
        last = top
        while last < len(rows) and left < len(rows[last]) and _is_heading(rows[last][left]):
            last += 1
        fields = {heading.field for row in rows[top:last] if (heading := read_heading(row[left]))}
        width = max(len(row) for row in rows[top:last])
        is_table = {"people", "name"} & fields and {"phone", "unit", "role"} & fields
        if last - top < 3 or not is_table or width - left < 3:
            continue
        columns = range(left, width)
        upright = [[row[column] if column < len(row) else "" for row in rows[top:last]] for column in columns]
        return upright, top, left
    return None


def _is_heading(text: str) -> bool:
    heading = read_heading(text)
    return heading is not None and heading.field in _TURNED
