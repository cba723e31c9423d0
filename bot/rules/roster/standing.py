"""Where a row stands: the units it names itself, those above it, and those of its group, title and sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median_low

from bot.rules.roster.blocks import Layout
from bot.rules.roster.cells import Spans, is_dash, is_ditto
from bot.rules.roster.codes import clean_code
from bot.rules.roster.places import Place, read_place
from bot.rules.roster.records import LEVELS
from bot.rules.roster.tree import Node, Tree
from bot.rules.vietnamese.units import UnitName, core_key

Row = Sequence[str]


class Standing:
    """Follows the rows of one table from the top. A name in the row goes before the group's, that before the title's.

    A blank cell repeats the one above it (ditto) unless a higher unit changed in this row, or the column is one where
    every row is written out: there a blank says that no such unit is meant, a team of the commune itself.
    """

    def __init__(self, tree: Tree, context: dict[str, UnitName], merged: Spans) -> None:
        self._tree = tree
        self._context = context
        self._merged = merged
        self._sections: dict[str, UnitName] = {}
        self._current: dict[str, UnitName | None] = {}
        self._ends = ""  # the level at which "tổ cấp xã" ended the chain
        self._columns: list[tuple[int, str, str]] = []
        self._code_columns: list[tuple[int, str]] = []
        self._codes: dict[str, str] = {}  # level → the code of the unit that stands here
        self._named: dict[tuple[str, str], UnitName] = {}  # level and code → the unit first named beside it
        self._written_out: set[int] = set()
        self._taken: set[str] = set()  # the levels whose columns named a unit in this row
        self._last: tuple[tuple[str, ...] | None, Node | None] = (None, None)

    def lay_out(self, layout: Layout, sample: Sequence[Row]) -> None:
        """Begin a table; `sample`: its first rows."""
        self._columns = layout.units
        self._code_columns = layout.codes
        self._codes = {}
        names = [block.name for block in layout.blocks]
        people = [row for row in sample if any(name < len(row) and row[name] for name in names)]
        self._written_out = {column for column, _, _ in layout.units if _is_written_out(column, people)}
        self._current = {}
        self._last = (None, None)

    def enter(self, place: Place) -> None:
        """A row of its own named a unit: what follows belongs to it."""
        self._last = (None, None)
        top = place.units[0][0] if place.units else place.ends
        for level in LEVELS[LEVELS.index(top) + (0 if place.units else 1) :]:
            self._sections.pop(level, None)
            self._current[level] = None
        self._sections.update(place.units)
        self._ends = place.ends

    def is_within(self, level: str) -> bool:
        """Whether title or group says a unit of this level."""
        return level in self._sections or level in self._context

    def known(self, level: str) -> bool:
        """Whether a unit of this level is known here without a column."""
        return self.is_within(level) or any(level == one for _, one, _ in self._columns)

    def node(self, row: Row, number: int, sheet: str) -> Node | None:
        """The unit of a person's row; `number` counts from 0. None when nothing names one."""
        cells = tuple(row[column] if column < len(row) else "" for column, _, _ in self._columns)
        codes = tuple(row[column] if column < len(row) else "" for column, _ in self._code_columns)
        if (*cells, *codes) == self._last[0] and all(cells):
            return self._last[1]
        self._read(cells, number)
        self._read_codes(codes)
        node = self._tree.find(self._chain(), sheet, number + 1, self._codes)
        self._last = ((*cells, *codes), node)
        return node

    def _read_codes(self, cells: tuple[str, ...]) -> None:
        """A code beside a blank name is the unit that was named beside it, not the one above."""
        for (_, level), text in zip(self._code_columns, cells, strict=True):
            code, before = clean_code(text, level), self._codes.get(level, "")
            if not code:
                if level in self._taken:
                    self._codes.pop(level, None)
                continue
            self._codes[level] = code
            if level not in self._taken:
                self._current[level] = self._named.get((level, code)) or UnitName("", code)
                for lower in LEVELS[LEVELS.index(level) + 1 :] if code != before else ():
                    self._current[lower] = self._current.get(lower) if lower in self._taken else None
            if name := self._current.get(level):
                self._named.setdefault((level, code), name)

    def _read(self, cells: tuple[str, ...], number: int) -> None:
        is_changed = False
        self._taken = set()
        if any(cells):
            self._ends = "" if self._columns else self._ends
        for place, ((column, level, kind), text) in enumerate(zip(self._columns, cells, strict=True)):
            if not text or is_ditto(text):
                if not text and self._is_end(column, number, is_changed, any(cells[place + 1 :])):
                    self._current[level] = None
                continue
            if is_dash(text):
                self._current[level] = None
                continue
            self._taken.add(level)
            is_changed = self._take(read_place(text, level, kind), level) or is_changed

    def _is_end(self, column: int, number: int, is_changed: bool, has_lower: bool) -> bool:
        """Whether a blank cell says "none" rather than "as above"."""
        if self._merged.covers(column, number):
            return False
        return is_changed or (column in self._written_out and not has_lower)

    def _take(self, place: Place, level: str) -> bool:
        """What a cell names; returns whether it differs from what stood above."""
        if place.ends:
            above = LEVELS.index(place.ends)
            for lower in LEVELS[above + 1 :]:
                self._current[lower] = None
            self._ends = place.ends
            return False
        is_changed = False
        for where, name in place.units:
            before = self._current.get(where) or self._sections.get(where) or self._context.get(where)
            if before is None or core_key(before.name) != core_key(name.name) or _differ(before.kind, name.kind):
                is_changed = True
                for lower in LEVELS[LEVELS.index(where) + 1 :]:
                    if lower != level or where == level:
                        self._current[lower] = None
            self._current[where] = name if before is None or name.kind or is_changed else before
        if place.units and LEVELS.index(place.units[-1][0]) < LEVELS.index(level):
            self._current[level] = None  # the commune's own name in the column of hamlets
            self._ends = place.units[-1][0]
        return is_changed

    def _chain(self) -> tuple[tuple[str, UnitName], ...]:
        chain: list[tuple[str, UnitName]] = []
        columns = {level for _, level, _ in self._columns}
        for level in LEVELS:
            name = self._current.get(level) or self._sections.get(level)
            if name is None and level not in columns:
                name = self._context.get(level)
            elif name is None and not (self._ends and LEVELS.index(level) > LEVELS.index(self._ends)):
                name = self._context.get(level) if level != "hamlet" else None
            if self._ends and LEVELS.index(level) > LEVELS.index(self._ends):
                name = None
            if name is not None:
                chain.append((level, name))
        return tuple(chain)


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _is_written_out(column: int, people: Iterable[Row]) -> bool:
    """Whether a name mostly stands in several rows one after another, rather than once with blanks below."""
    runs: list[int] = []
    before = ""
    for row in people:
        text = row[column].casefold() if column < len(row) else ""
        if text and text == before:
            runs[-1] += 1
        elif text:
            runs.append(1)
        before = text
    return bool(runs) and median_low(runs) > 1
