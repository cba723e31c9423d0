"""Sheets into people: how each lies, what its title says, and its tables read one after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from bot.rules.roster.blocks import Layout
from bot.rules.roster.cells import Lines
from bot.rules.roster.found import Found
from bot.rules.roster.identities import Hidden
from bot.rules.roster.layout import find_layout, guess_layout
from bot.rules.roster.lying import Where, cut_out, merged_within, side_by_side, turned
from bot.rules.roster.otherwise import what_else, why_nobody
from bot.rules.roster.pasted import unpasted
from bot.rules.roster.places import Place
from bot.rules.roster.records import LEVELS, Cell, Kind, Merged, Page, Problem
from bot.rules.roster.table import Table
from bot.rules.roster.titles import read_sheet_name, read_title
from bot.rules.roster.tree import Tree
from bot.rules.vietnamese.units import UnitName, core_key

SAMPLE = 3000  # rows by which a sheet is judged
PROGRESS = 5000  # rows between two words of how far it is
MOST_SIDE_BY_SIDE = 20_000  # rows of tables that stand beside one another
_FONTS = {"tcvn3": "TCVN3 (.VnTime)", "vni": "VNI"}

Row = list[str]


def prepared(rows: Iterable[list[Cell]]) -> Hidden:
    """The rows of a sheet as all of the program sees them: cells apart, without the numbers of identity cards."""
    return Hidden(unpasted(rows))


class Reader:
    """Reads sheets one after another; what one says of province and district holds for those after it."""

    def __init__(self, progress: Callable[[int], None] = lambda _: None) -> None:
        self.tree = Tree()
        self.found: list[Found] = []
        self.problems: list[Problem] = []
        self.identities: dict[str, int] = {}  # sheet → cells that held the number of an identity card
        self.empty: list[str] = []  # sheets with nothing in them
        self._context: dict[str, UnitName] = {}
        self._progress = progress
        self.rows = 0

    def read(self, page: Page, is_only: bool) -> None:
        """One sheet. `is_only`: there is no other in the file."""
        if page.is_hidden:
            self.problem(page.name, 0, None, "hidden_sheet")
            return
        rows = prepared(page.rows)
        _Sheet(self, page, Lines(rows), is_only).read()
        if rows.count:
            self.identities[page.name] = self.identities.get(page.name, 0) + rows.count

    def seen(self) -> None:
        self.rows += 1
        if self.rows % PROGRESS == 0:
            self._progress(self.rows)

    def problem(self, sheet: str, row: int, column: int | None, kind: Kind, said: str = "", **values: object) -> None:
        self.problems.append(Problem(sheet, row, column, kind, said, values))

    def context(self, title: dict[str, UnitName]) -> dict[str, UnitName]:
        """What a title says, and above it what earlier sheets said."""
        top = min((LEVELS.index(level) for level in title), default=len(LEVELS))
        carried = {level: name for level, name in self._context.items() if LEVELS.index(level) < top}
        return {**carried, **title}

    def carry(self, title: dict[str, UnitName]) -> None:
        self._context = {level: name for level, name in self.context(title).items() if level != "hamlet"}


class _Sheet:
    """One sheet: which tables it has, and what stands over them."""

    def __init__(self, reader: Reader, page: Page, lines: Lines, is_only: bool) -> None:
        self._reader = reader
        self._name = page.name
        self._is_only = is_only
        self._merged = list(page.merged)
        self._lines = lines

    def read(self) -> None:
        self._lines.find_font(200)
        sample = self._lines.peek(SAMPLE)
        before = len(self._reader.found)
        if self._lines.font:
            self._problem("old_font", font=_FONTS[self._lines.font])
        layout = None
        if (kind := what_else(sample)) is None:
            layout = self._tables(sample)
        else:
            self._problem(kind)
        if layout is None:
            self._learn_title(sample[:20])
        if kind is None and len(self._reader.found) == before:
            self._say_why(why_nobody(sample, has_header=layout is not None and bool(layout.header)))

    def _say_why(self, kind: Kind) -> None:
        if kind == "empty_sheet":
            self._reader.empty.append(self._name)
        else:
            self._problem(kind)

    def _problem(self, kind: Kind, **values: object) -> None:
        self._reader.problems.append(Problem(self._name, 0, None, kind, "", values))

    def _tables(self, sample: list[Row]) -> Layout | None:
        """Read what tables there are; the layout of one of them, None when there is none."""
        if layout := find_layout(sample, self._merged):
            beside = side_by_side(sample[layout.top])
            if beside and len(sample) < SAMPLE:
                return self._beside(layout.top, beside)
            return self._table(self._lines, self._merged, layout, sample, Where())
        if upright := turned(sample):
            rows, top, left = upright
            if (layout := find_layout(rows, [])) is not None:
                self._learn_title(sample[:top], layout)
                return self._table(Lines(rows), [], layout, rows, Where(top, left, is_turned=True))
        layout = guess_layout(sample)
        return self._table(self._lines, self._merged, layout, sample, Where()) if layout else None

    def _beside(self, top: int, tables: list[tuple[int, int]]) -> Layout | None:
        rows = list(self._lines)
        found = None
        for left, right in tables:
            own = cut_out(rows, top, left, right)
            merged = merged_within(self._merged, left, right)
            if (layout := find_layout(own, merged)) is not None:
                found = self._table(Lines(own), merged, layout, own, Where(left=left))
        return found

    def _table(
        self, lines: Lines, merged: Sequence[Merged], layout: Layout, sample: Sequence[Row], where: Where
    ) -> Layout:
        context = self._learn_title(sample[: layout.top], layout)
        Table(self._reader, self._name, lines, merged, layout, context, where).read(sample)
        return layout

    def _learn_title(self, rows: Sequence[Row], layout: Layout | None = None) -> dict[str, UnitName]:
        """Units in the lines above the table and in the sheet's name."""
        title = _said_most(place for row in rows for text in row if text and (place := read_title(text)))
        columns = layout.levels() if layout else set()
        place = read_sheet_name(self._name, self._named_level(columns, title))
        keys = {core_key(name.name) for name in title.values()}
        named = {level: name for level, name in place.units if level not in title and level not in columns}
        if not any(name.kind for name in named.values()):
            named = {level: name for level, name in named.items() if core_key(name.name) not in keys}
        title = {
            level: name for level, name in {**named, **title}.items() if level != "hamlet" or "hamlet" not in columns
        }
        context = self._reader.context(title)
        self._reader.carry(title)
        return context

    def _named_level(self, columns: set[str], title: dict[str, UnitName]) -> str:
        """The level a sheet's name without a kind belongs to; "" when it is more likely no unit."""
        known = columns | set(title)
        if columns:
            top = min(LEVELS.index(level) for level in columns)
            wanted = LEVELS[max(top - 1, 0)]
            return wanted if wanted not in known and wanted != "province" else ""
        if "commune" not in known:
            return "commune"
        return "" if self._is_only or "hamlet" in known else "hamlet"


def _said_most(places: Iterable[Place]) -> dict[str, UnitName]:
    """Per level the unit named most often, of several the last."""
    names: dict[str, dict[str, UnitName]] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for place in places:
        for level, name in place.units:
            key = core_key(name.name)
            names.setdefault(level, {}).pop(key, None)
            names[level][key] = name
            counts[level, key] += 1
    return {
        level: max(reversed(list(known.items())), key=lambda item: counts[level, item[0]])[1]
        for level, known in names.items()
    }
