"""Cells as clean text, whatever they are and whatever font they were typed in."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from bot.rules.roster.records import Cell, Merged
from bot.rules.vietnamese.legacy import from_tcvn3, from_vni, is_modern, legacy, legacy_of
from bot.rules.vietnamese.text import normalise

LONGEST = 2000  # characters: a whole team fits into one cell, a flood does not
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_FONTS: dict[str, Callable[[str], str]] = {"tcvn3": from_tcvn3, "vni": from_vni}


def text_of(cell: Cell) -> str:
    """A cell as text, "" when there is nothing in it; of one beyond all measure only the beginning."""
    if cell is None:
        return ""
    if type(cell) is str:
        text = cell[:LONGEST].strip()
        if text.isprintable() and unicodedata.is_normalized("NFC", text):
            return text[1:] if text[:1] == "'" else text
        text = normalise(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), cell[:LONGEST]))
        return text[1:] if text[:1] == "'" else text
    if cell is True or cell is False:
        return "x" if cell else ""
    if isinstance(cell, date):
        return f"{cell.day:02}/{cell.month:02}/{cell.year}"
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


_DITTO = frozenset(("nt", "như trên", "nhu tren", "như tren", "same", "idem", "id", "n.t", "ntr"))


def is_ditto(text: str) -> bool:
    """A cell that says "as above"."""
    if len(text) > 12:
        return False
    return text.casefold().strip(" .-–\"'") in _DITTO or (
        (bool(text) and set(text) <= set("\"'“”″〃`´")) or text in ("-nt-", "//", "//-")
    )


def is_dash(text: str) -> bool:
    """A cell that says "nothing here"."""
    return (
        bool(text)
        and set(text) <= set("-–—_.x*/ ")
        and text not in ("//",)
        and "x" not in text.strip("x")
        and len(text) < 6
    )


class Lines:
    """The rows of a sheet as text, with as many looked at ahead as wanted."""

    def __init__(self, rows: Iterable[Sequence[Cell]]) -> None:
        self._rows = iter(rows)
        self._ahead: deque[list[str]] = deque()
        self._repair: Callable[[str], str] | None = None
        self._is_mixed = False
        self.font = ""

    def find_font(self, sample: int) -> None:
        """Judge by the first rows whether all is in an old font; call before anything else."""
        rows = [
            [cell if isinstance(cell, str) else text_of(cell) for cell in row] for row in islice(self._rows, sample)
        ]
        self.font = legacy(text for row in rows for text in row if text)
        self._repair = _FONTS.get(self.font)
        if not self.font:
            here = Counter(font for row in rows for text in row if (font := legacy_of(text)))
            if here.total() > 2:
                self.font = here.most_common(1)[0][0]
                self._is_mixed = True
        self._ahead.extend(self._clean(row) for row in rows)

    def peek(self, count: int) -> list[list[str]]:
        """The next rows, not taken yet."""
        while len(self._ahead) < count and (row := next(self._rows, None)) is not None:
            self._ahead.append(self._clean(row))
        return list(islice(self._ahead, count))

    def __iter__(self) -> Iterator[list[str]]:
        while self._ahead or self.peek(500):
            yield self._ahead.popleft()

    def skip(self, count: int) -> None:
        for _ in range(count):
            if self._ahead or self.peek(1):
                self._ahead.popleft()

    def _clean(self, row: Sequence[Cell]) -> list[str]:
        repair = self._repair_of(row) if self._is_mixed else self._repair
        if repair is None:
            return [text_of(cell) for cell in row]
        return [text_of(repair(cell) if isinstance(cell, str) and not is_modern(cell) else cell) for cell in row]

    @staticmethod
    def _repair_of(row: Sequence[Cell]) -> Callable[[str], str] | None:
        """Of a row in a sheet where only some are in an old font: a row is typed by one hand."""
        fonts = Counter(font for cell in row if isinstance(cell, str) and (font := legacy_of(cell)))
        return _FONTS[fonts.most_common(1)[0][0]] if fonts else None


class Spans:
    """Which cells of a column are covered by one above them that they are merged with."""

    def __init__(self, merged: Iterable[Merged]) -> None:
        self._columns: dict[int, list[tuple[int, int]]] = {}
        for one in merged:
            if one.bottom > one.top:
                for column in range(one.left, min(one.right, one.left + 20) + 1):
                    self._columns.setdefault(column, []).append((one.top, one.bottom))
        for spans in self._columns.values():
            spans.sort(reverse=True)

    def covers(self, column: int, row: int) -> bool:
        """Rows must be asked for in rising order."""
        spans = self._columns.get(column)
        if spans is None:
            return False
        while spans and spans[-1][1] < row:
            spans.pop()
        return bool(spans) and spans[-1][0] < row

    def count(self, column: int) -> int:
        return len(self._columns.get(column, ()))
