"""Tables that were pasted into one column, with tabs, semicolons or commas where the cells should end."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from bot.rules.roster.headings import read_heading
from bot.rules.roster.records import Cell

SAMPLE = 60  # rows by which it is judged
_SIGNS = ("\t", "|", ";", ",")


def unpasted(rows: Iterable[list[Cell]]) -> Iterator[list[Cell]]:
    """The rows with one cell for each part, when everything stands in one column; otherwise the same rows."""
    rows = iter(rows)
    sample = list(islice(rows, SAMPLE))
    sign = _sign(sample)
    for row in chain(sample, rows):
        yield _cut(row, sign) if sign else row


def _sign(sample: list[list[Cell]]) -> str:
    """What stands between the parts; "" when the rows have cells of their own or no header is found among them."""
    filled = [found for row in sample if (found := _filled(row))]
    alone = [found[0] for found in filled if len(found) == 1]
    if len(alone) < 2 or len(alone) * 10 < len(filled) * 9:
        return ""
    texts = [cell for cell in alone if isinstance(cell, str)]
    return next((sign for sign in _SIGNS if any(_is_header(text, sign) for text in texts)), "")


def _filled(row: list[Cell]) -> list[Cell]:
    return [cell for cell in row if cell not in (None, "")]


def _is_header(text: str, sign: str) -> bool:
    parts = [part.strip() for part in text.split(sign)]
    if len(parts) < 3 or len(text) > 400:
        return False
    fields = [heading.field for part in parts if (heading := read_heading(part))]
    return len(fields) * 3 >= len(parts) * 2 and bool({"name", "family", "people"} & set(fields))


def _cut(row: list[Cell], sign: str) -> list[Cell]:
    found = _filled(row)
    if len(found) != 1 or not isinstance(found[0], str) or sign not in found[0]:
        return row
    try:
        parts = next(csv.reader(io.StringIO(found[0].replace("\n", " ")), delimiter=sign, skipinitialspace=True), [])
    except csv.Error:
        return row
    return [part.strip() or None for part in parts]
