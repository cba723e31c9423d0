"""Numbers of identity cards, which no list needs: taken out before anything else looks at a cell.

A card of today (căn cước) has twelve digits and begins with 0 (the province's code, Circular 59/2021/TT-BCA, Art. 4);
one of before 2016 (CMND) has nine, and only its heading or the word beside it tells it from a telephone number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.rules.roster.headings import read_heading
from bot.rules.roster.phones import HIDDEN, dialled
from bot.rules.roster.records import Cell

SEARCHED = 80  # rows in which headings are looked for
_LABEL = (
    r"(?:số\s*)?(?:cccd|cmnd|cmtnd|cmt|căn\s+cước(?:\s+công\s+dân)?|can\s+cuoc(?:\s+cong\s+dan)?|"
    r"(?:số\s+)?định\s+danh(?:\s+cá\s+nhân)?|chứng\s+minh(?:\s+nhân\s+dân|\s+thư)?|hộ\s+chiếu)"
)
_LABELLED = re.compile(
    rf"(?<![^\W_]){_LABEL}(?:[\s/]*(?:{_LABEL}|số|cũ|mới))*[\s:.\-–]*\d(?:[ .\-]?\d){{7,12}}(?!\d)", re.I
)
_TWELVE = re.compile(r"(?<![\d+])(?:0\d{11}|0\d{2}([ .\-])\d{3}\1\d{3}\1\d{3}|0\d{3}([ .\-])\d{4}\2\d{4})(?![ .]?\d)")
_DIGIT = re.compile(r"\d")
_ZEROS_EATEN = re.compile(r"[1-9]\d[0-3]\d{8}|[1246][0-3]\d{8}")  # 083… and 001… as Excel keeps them


class Hidden:
    """The same rows without such numbers. `count`: how many cells held one, of the rows taken so far."""

    def __init__(self, rows: Iterable[list[Cell]]) -> None:
        self._rows = rows
        self._columns: set[int] = set()
        self.count = 0

    def __iter__(self) -> Iterator[list[Cell]]:
        for at, row in enumerate(self._rows):
            if at < SEARCHED:
                self._columns.update(_under_heading(row))
            yield self._without(row)

    def _without(self, row: list[Cell]) -> list[Cell]:
        kept = row
        for column, cell in enumerate(row):
            if cell is None or type(cell) is bool or len(said := str(cell)) < 9:
                continue
            hidden = _blanked(said) if column in self._columns else without(said)
            if hidden is not said:
                kept = list(row) if kept is row else kept
                kept[column] = hidden
                self.count += 1
        return kept


def without(said: str) -> str:
    """A cell's text with `HIDDEN` for each number of a card; the very same text when there is none."""
    if said.isdigit():
        is_card = _TWELVE.fullmatch(said) or (_ZEROS_EATEN.fullmatch(said) and not dialled(said)[0])
        return HIDDEN if is_card else said
    if not _DIGIT.search(said):
        return said
    hidden = _TWELVE.sub(HIDDEN, _LABELLED.sub(HIDDEN, said))
    return said if hidden == said else hidden


def _blanked(said: str) -> str:
    """A cell below a heading that says what it holds."""
    return HIDDEN if sum(letter.isdigit() for letter in said) > 7 else said


def _under_heading(row: list[Cell]) -> Iterator[int]:
    texts = [cell for cell in row if isinstance(cell, str) and cell.strip()]
    if len(texts) > 2:
        for column, cell in enumerate(row):
            if isinstance(cell, str) and len(cell) < 60 and (found := read_heading(cell)) and found.field == "identity":
                yield column
