"""A table of settings, whatever it is of: headings found, rows compared with what is kept, mistakes told by row."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from bot.rules import plans, vietnamese
from bot.rules.finder import Unclear
from bot.rules.refused import Refused
from bot.rules.vietnamese import Count, fold, read_count

MOST_ROWS = 20_000
LOOKED_INTO = 10  # rows in which the headings may stand, below a title
_YES = ("x", "co", "yes", "1", "true", "v", "y")
_NO = ("", "khong", "no", "0", "false", "n", "-")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a row (counted from 1, as a spreadsheet shows it; 0: in the whole file), as a text key."""

    row: int
    key: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """`was` None: it is new. `to` None: it goes."""

    row: int
    was: Any
    to: Any


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says. Nothing of it may be written while there are problems."""

    rows: int
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]


class Table:
    """One kind of settings. `columns`: its fields in order; `needed`: those without which no row means anything."""

    columns: ClassVar[tuple[str, ...]]
    needed: ClassVar[tuple[str, ...]]
    known: dict[Any, Any]

    def parse(self, row: Mapping[str, str]) -> tuple[Hashable, Any]:
        """The key of what a row is about and what it becomes (None: it goes), whatever the others become; a column that
        is not in the file leaves its field as it is. Raises Refused."""
        raise NotImplementedError

    def check(self, one: Any, everything: Sequence[Any]) -> Any:
        """The same as it may stand beside all others. Raises Refused."""
        raise NotImplementedError

    def cells(self, one: Any) -> dict[str, str]:
        """A row of the file that says what is kept."""
        raise NotImplementedError


def heading_row(rows: Sequence[Sequence[str]], headings: Mapping[str, str], table: Table) -> tuple[int, dict[int, str]]:
    """The place of the headings and which field each column is; `headings`: folded words → field. Raises Refused."""
    for place, cells in enumerate(rows[:LOOKED_INTO]):
        found = {at: headings.get(fold(cell), "") for at, cell in enumerate(cells)}
        fields = {at: field for at, field in found.items() if field in table.columns}
        if len(fields) > 1 and set(table.needed) <= set(fields.values()):
            return place, fields
    raise Refused("settings.no_headings", needed=table.needed)


def read(rows: Sequence[Sequence[str]], headings: Mapping[str, str], table: Table) -> Read:
    """Judge a file against what is kept."""
    try:
        place, fields = heading_row(rows, headings, table)
    except Refused as refused:
        return Read(len(rows), (), (Problem(0, refused.key, refused.values),))
    if len(rows) - place > MOST_ROWS:
        return Read(len(rows), (), (Problem(0, "settings.too_many_rows", {"most": MOST_ROWS}),))
    return _judge(_filled(rows, place, fields), table)


def _filled(rows: Sequence[Sequence[str]], place: int, fields: dict[int, str]) -> list[tuple[int, dict[str, str]]]:
    """Row number and cells by field, of rows that say anything."""
    found = []
    for number, cells in enumerate(rows[place + 1 :], place + 2):
        row = {field: vietnamese.normalise(cells[at]) if at < len(cells) else "" for at, field in fields.items()}
        if any(row.values()):
            found.append((number, row))
    return found


def _judge(filled: list[tuple[int, dict[str, str]]], table: Table) -> Read:
    problems: list[Problem] = []
    parsed: dict[Hashable, tuple[int, Any]] = {}
    for number, row in filled:
        try:
            key, one = table.parse(row)
        except Refused as refused:
            problems.append(Problem(number, refused.key, refused.values))
            continue
        if key in parsed:
            problems.append(Problem(number, "settings.twice", {"row": parsed[key][0]}))
            continue
        parsed[key] = number, one
    after = table.known | {key: one for key, (_, one) in parsed.items()}
    everything = [one for one in after.values() if one is not None]
    changes = []
    for key, (number, one) in parsed.items():
        was = table.known.get(key)
        if one is None or one == was:
            changes += [Change(number, was, None)] if was is not None and one is None else []
            continue
        try:
            tidy = table.check(one, everything)
        except Refused as refused:
            problems.append(Problem(number, refused.key, refused.values))
            continue
        if tidy != was:
            changes.append(Change(number, was, tidy))
    return Read(len(filled), tuple(changes), tuple(sorted(problems, key=lambda one: one.row)))


def flag(said: str) -> bool:
    """A cross, or none. Raises Refused."""
    word = fold(said)
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Refused("settings.no_flag", said=said[:20])


def whole(said: str, least: int, most: int) -> int:
    """A whole number. Raises Refused."""
    found = read_count(said[:40])
    if not isinstance(found, Count) or found.qualifier or not least <= found.value <= most:
        raise Refused("settings.no_number", said=said[:20], least=least, most=most)
    return found.value


def day(said: str) -> date:
    """2026-11-25 or 25/11/2026. Raises Refused."""
    try:
        return plans.read_day(said)
    except Unclear:
        raise Refused("settings.no_day", said=said[:20]) from None
