"""A copy of what was read with the doubtful cells coloured, and beside each row what is wrong with it.

Everything is written as text or number; nothing becomes a formula or a link, whatever sign it begins with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.sheets.sheet import Cell, Sheet

LONGEST = 32_767  # characters in one cell, Excel's own limit
MOST_COMMENTS = 20_000  # each is a drawing: more make the file heavy, and the last column says the same
_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class Mark:
    """What to say of a cell. `column` counts from 0; None: of the whole row."""

    column: int | None
    text: str


def write_marked(file: IO[bytes], sheets: Iterable[Sheet], marks: Mapping[tuple[str, int], Sequence[Mark]]) -> None:
    """Write the .xlsx. `marks` by the sheet's name and the row's number (from 1)."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        styles = _Styles(
            book.add_format({"num_format": "@"}),
            book.add_format({"num_format": "@", "bg_color": "#FFE699", "border": 1}),
            book.add_format({"font_color": "#9C0006", "text_wrap": True}),
            book.add_format({"num_format": "dd/mm/yyyy"}),
        )
        taken: set[str] = set()
        comments = 0
        for sheet in sheets:
            comments = _write(book.add_worksheet(_free_name(sheet.name, taken)), sheet, marks, styles, comments)


@dataclass(frozen=True, slots=True)
class _Styles:
    plain: Format
    marked: Format
    words: Format
    day: Format


def _write(
    page: Worksheet,
    sheet: Sheet,
    marks: Mapping[tuple[str, int], Sequence[Mark]],
    styles: _Styles,
    comments: int,
) -> int:
    """Returns how many comments there are by now."""
    wide = max(
        (mark.column or 0 for (name, _), some in marks.items() if name == sheet.name for mark in some), default=0
    )
    last = max(wide + 1, 12)
    page.set_column(0, last - 1, 16)
    for number, cells in enumerate(sheet.rows):
        said = marks.get((sheet.name, number + 1), ())
        marked = {mark.column: mark.text for mark in said if mark.column is not None}
        for column in range(max(len(cells), max(marked, default=-1) + 1)):
            value = cells[column] if column < len(cells) else None
            _put(page, number, column, value, styles, styles.marked if column in marked else styles.plain)
            if column in marked and comments < MOST_COMMENTS:
                page.write_comment(number, column, marked[column][:LONGEST], {"x_scale": 2})
                comments += 1
        if said:
            words = "\n".join(mark.text for mark in said)
            page.write_string(number, max(last, len(cells)), words[:LONGEST], styles.words)
    page.set_column(last, last, 70)
    return comments


def _put(page: Worksheet, row: int, column: int, value: Cell, styles: _Styles, style: Format) -> None:
    if value is None:
        if style is styles.marked:
            page.write_blank(row, column, None, style)
    elif isinstance(value, bool):
        page.write_boolean(row, column, value, style)
    elif isinstance(value, int | float):
        page.write_number(row, column, value, None if style is styles.plain else style)
    elif isinstance(value, date):
        page.write_datetime(row, column, value, styles.day)
    else:
        page.write_string(row, column, str(value)[:LONGEST], style)


def _free_name(name: str, taken: set[str]) -> str:
    """A name Excel takes: 31 characters, some signs not, none twice."""
    base = _NAME.sub(" ", name).strip("' ")[:27] or "Sheet"
    free, number = base, 2
    while free.casefold() in taken:
        free, number = f"{base} {number}", number + 1
    taken.add(free.casefold())
    return free
