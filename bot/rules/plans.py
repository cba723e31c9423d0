"""A plan of a reform as a file: one row per old unit with what it becomes, matched by code and by name.

Several old rows with one new code are a merge, one row with another name or code is a rename. A name is not a key: it
is matched with what is above it, and where code and name say different units, or several units fit, nothing is guessed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.rules import vietnamese
from bot.rules.finder import Finder, Past, Unclear
from bot.rules.units import Levels
from storage import keys
from storage.reforms import Step
from storage.units import Unit

# Column → what it may be called, folded: without diacritics, lower case, spaces for underscores.
COLUMNS = {
    "old_code": ("old code", "ma cu", "ma don vi cu"),
    "old_name": ("old ward", "old name", "old unit", "ten cu", "don vi cu", "xa cu"),
    "old_above": ("old district", "old parent", "huyen cu", "thuoc", "truc thuoc cu"),
    "new_code": ("new code", "ma moi", "ma don vi moi"),
    "new_name": ("new ward", "new name", "new unit", "ten moi", "don vi moi", "xa moi"),
    "parent": ("new parent", "parent", "new district", "truc thuoc", "truc thuoc moi"),
    "day": ("date", "day", "ngay", "ngay hieu luc", "date of effect"),
    "kind": ("kind", "new kind", "loai"),
}
DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")


@dataclass(frozen=True, slots=True)
class Problem:
    """A row (its line in the file, 0: the file itself) that cannot be understood. `key` and `values`: the sentence;
    `candidates`: what would be right; `absent`: no unit here is meant by it."""

    row: int
    key: str
    values: dict[str, Any]
    candidates: tuple[str, ...] = ()
    absent: bool = False


@dataclass
class Reading:
    """What was understood: by day of effect, the steps; and what was not."""

    rows: int = 0
    steps: dict[date, list[Step]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: dict[str, str]
    old: Unit
    day: date
    parent: int


def read(
    text: str,
    known: Sequence[Unit],
    levels: Levels,
    day: date | None = None,
    under: Unit | None = None,
    past: Past | None = None,
) -> Reading:
    """Read a plan against the open units that are `known`, and what they were. `day` and `under`: for rows that say
    none."""
    reading = Reading()
    lines = list(csv.reader(text.lstrip("\ufeff").splitlines(), delimiter=_delimiter(text)))
    heads = [vietnamese.fold(head).replace("_", " ").strip() for head in (lines[0] if lines else [])]
    columns = {name: heads.index(h) for name, called in COLUMNS.items() for h in called if h in heads}
    if not {"old_code", "old_name"} & set(columns) or not {"new_code", "new_name"} & set(columns):
        reading.problems.append(Problem(0, "reforms.file.columns", {"found": ", ".join(filter(None, heads)) or "–"}))
        return reading
    finder = Finder(known, levels, past or Past())
    rows: list[_Row] = []
    for number, line in enumerate(lines[1:], 2):
        cells = {name: " ".join(line[at].split()) for name, at in columns.items() if at < len(line)}
        if any(cells.values()):
            reading.rows += 1
            rows += _understood(reading, finder, number, cells, day, under)
    _group(reading, finder, rows)
    return reading


def _delimiter(text: str) -> str:
    first = text.lstrip("\ufeff").splitlines()[:1]
    return max(",;\t", key=lambda sign: first[0].count(sign)) if first else ","


def _understood(
    reading: Reading, finder: Finder, number: int, cells: dict[str, str], day: date | None, under: Unit | None
) -> Iterable[_Row]:
    said = {name: cells.get(name, "") for name in COLUMNS}
    try:
        old = finder.find(said["old_code"], said["old_name"], said["old_above"])
        when = read_day(said["day"]) if said["day"] else day
        if when is None:
            raise Unclear("reforms.file.no_date", {})
        parent = finder.find("", said["parent"], "") if said["parent"] else under
        return [_Row(number, said, old, when, parent.id if parent and parent.id != old.id else 0)]
    except Unclear as unclear:
        reading.problems.append(Problem(number, unclear.key, unclear.values, unclear.candidates, unclear.absent))
        return []


def read_day(said: str) -> date:
    """A date as files write it. Raises Unclear."""
    for form in DAYS:
        try:
            return datetime.strptime(said, form).date()  # noqa: DTZ007 - a day, of no zone
        except ValueError:
            continue
    raise Unclear("reforms.file.date", {"said": said[:30]})


def _group(reading: Reading, finder: Finder, rows: Sequence[_Row]) -> None:
    """Rows that become one unit, together; in the order of the file."""
    groups: dict[tuple[date, str], list[_Row]] = {}
    seen: dict[int, _Row] = {}
    for row in rows:
        before = seen.setdefault(row.old.id, row)
        if before is not row:
            key = "reforms.file.split" if _becomes(before) != _becomes(row) else "reforms.file.twice"
            reading.problems.append(Problem(row.line, key, {"unit": finder.describe(row.old), "line": before.line}))
            continue
        groups.setdefault((row.day, _becomes(row)), []).append(row)
    for (day, _), same in groups.items():
        _step(reading, finder, day, same, set(seen))
    for day, steps in reading.steps.items():
        parents = {row.old.parent_id for row in rows if row.day == day and row.old.level != finder.lowest}
        steps.append(Step("sweep", others=tuple(sorted(one for one in parents if one))))
    reading.problems.sort(key=lambda problem: problem.row)


def _becomes(row: _Row) -> str:
    return row.cells["new_code"] or keys.key(row.cells["new_name"]) or str(row.old.id)


def _step(reading: Reading, finder: Finder, day: date, same: list[_Row], in_plan: set[int]) -> None:
    first = same[0]
    code, names = first.cells["new_code"], [row.cells["new_name"] for row in same if row.cells["new_name"]]
    odd = next(
        (row for row in same if row.cells["new_name"] and not finder.same_name(row.cells["new_name"], names[0])), None
    )
    if odd is not None:
        values = {"code": code, "one": names[0], "other": odd.cells["new_name"], "line": first.line}
        reading.problems.append(Problem(odd.line, "reforms.file.two_names", values))
        return
    olds = [row.old for row in same]
    kept = _goes_on(finder, olds, code, names[0] if names else "", in_plan)
    parent = next((row.parent for row in same if row.parent), 0)
    kind = next((row.cells["kind"] for row in same if row.cells["kind"]), "")
    called = {
        "code": code,
        "name": names[0] if names else "",
        "kind": vietnamese.normalise(kind).casefold(),
        "parent": parent,
    }
    others = tuple(unit.id for unit in olds if kept is None or unit.id != kept.id)
    if others:
        if kept is None and not called["name"]:
            reading.problems.append(Problem(first.line, "reforms.file.no_name", {"code": code}))
            return
        step = Step("merge", kept.id if kept else 0, others, **called)  # type: ignore[arg-type]
    else:
        assert kept is not None
        moves = parent and parent != kept.parent_id
        step = Step("move" if moves else "rename", kept.id, **called)  # type: ignore[arg-type]
        if not moves and (code or kept.code, called["name"] or kept.name) == (kept.code, kept.name) and not kind:
            reading.unchanged += 1
            return
    reading.steps.setdefault(day, []).append(step)


def _goes_on(finder: Finder, olds: Sequence[Unit], code: str, name: str, in_plan: set[int]) -> Unit | None:
    """Which of the units the new one is: the one whose code it keeps; one outside the plan that has the code and takes
    the others in; without a code the one whose name it keeps; a single one. None: a new one."""
    coded = [unit for unit in olds if code and unit.code == code]
    if coded:
        return coded[0]
    holders = [unit for unit in finder.by_code.get(code, []) if unit.id not in in_plan and unit.level == olds[0].level]
    if code and len(holders) == 1:
        return holders[0]
    named = [unit for unit in olds if not code and name and finder.same_name(unit.name, name)]
    if len(named) == 1:
        return named[0]
    return olds[0] if len(olds) == 1 else None
