"""A plan of a reform as a file: one row per old unit with what it becomes, matched by code and by name.

Several old rows with one new code are a merge, one row with another name or code is a rename. A name is not a key: it
is matched with what is above it, and where code and name say different units, or several units fit, nothing is guessed.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.rules import vietnamese
from bot.rules.refused import Refused
from bot.rules.units import Levels
from bot.rules.vietnamese.spelling import agrees
from storage import keys
from storage.former import Former
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
MOST_CANDIDATES = 5
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


class Unclear(Refused):
    """No single unit is meant; the candidates may be."""

    def __init__(
        self, key: str, values: dict[str, Any], candidates: Iterable[str] = (), *, absent: bool = False
    ) -> None:
        super().__init__(key, **values)
        self.candidates = tuple(candidates)[:MOST_CANDIDATES]
        self.absent = absent


@dataclass(frozen=True, slots=True)
class Past:
    """Codes and names that are no more, the latest first; and by unit the names of what it stood in before."""

    formers: Sequence[Former] = ()
    stood: Mapping[int, Sequence[str]] = field(default_factory=dict)


class Finder:
    """Finds units by code, and by name with what is above."""

    def __init__(self, known: Sequence[Unit], levels: Levels, past: Past) -> None:
        self.levels, self.past = levels, past
        self.lowest = levels.order[-1]  # what loses all its hamlets is still a commune
        self._keys: dict[str, str] = {}
        self.units = {unit.id: unit for unit in known}
        self.by_code: dict[str, list[Unit]] = {}
        self.by_name: dict[str, list[Unit]] = {}
        for unit in known:
            self.by_code.setdefault(unit.code, []).append(unit)
            self.by_name.setdefault(self._key(unit.name), []).append(unit)

    def find(self, code: str, name: str, above: str) -> Unit:
        """The one unit that is meant. Raises Unclear."""
        coded = self.by_code.get(code, []) if code else []
        named = self._named(name, above)
        if len(coded) == 1:
            if not name or self._key(coded[0].name) == self._key(name):
                return coded[0]
            if (was := self._former(code, name, above, ())) is not None and code == was.code:
                raise self._became(f"{code}, {name}", was, ())
            others = [unit for unit in named if unit != coded[0]]
            values = {"code": code, "here": coded[0].name, "said": name}
            raise Unclear("reforms.file.code_and_name", values, map(self.describe, [coded[0], *others]))
        if len(coded) > 1:
            both = [unit for unit in coded if unit in named]
            return both[0] if len(both) == 1 else self._unclear("reforms.file.several", name or code, coded)
        return self._by_name(code, name, above, named)

    def _by_name(self, code: str, name: str, above: str, named: list[Unit]) -> Unit:
        said = ", ".join(filter(None, (code, name, above)))
        if (was := self._former(code, name, above, named)) is not None:
            raise self._became(said, was, named)
        sure = [unit for unit in named if self._agrees(name, unit.name)]
        if len(sure) > 1 and (kind := self.levels.kind_of(name)):
            sure = [unit for unit in sure if unit.kind == kind] or sure
        if len(sure) == 1:
            if code.isdecimal() and sure[0].code.isdecimal() and len(code) == len(sure[0].code):
                return self._unclear("reforms.file.other_code", said, sure)
            return sure[0]
        if sure or named:
            return self._unclear("reforms.file.several" if sure else "reforms.file.near", said, sure or named)
        elsewhere = [] if code else self.by_name.get(self._key(name), []) if name else []
        raise Unclear(
            "reforms.file.unknown",
            {"said": said},
            map(self.describe, elsewhere or self._alike(name, above)),
            absent=True,
        )

    def _former(self, code: str, name: str, above: str, named: Sequence[Unit]) -> Former | None:
        """What was called so and is something else now; not where one of the `named` may be meant as well."""
        for one in self.past.formers:
            same = not name or self._key(one.name) == self._key(name)
            coded = bool(code) and code == one.code
            stood = not above or any(self._key(up) == self._key(above) for up in one.above)
            doubtful = any(unit in one.became or above for unit in named) and not coded
            if same and (coded or (bool(name) and stood)) and one.became and not doubtful:
                return one
        return None

    def _became(self, said: str, was: Former, others: Sequence[Unit]) -> Unclear:
        day = f"{date.fromisoformat(was.day):%d/%m/%Y}"
        became = "; ".join(map(self.describe, was.became))
        values = {"said": said, "day": day, "became": became}
        return Unclear("reforms.file.became", values, map(self.describe, others), absent=not others)

    def _unclear(self, key: str, said: str, found: Iterable[Unit]) -> Unit:
        raise Unclear(key, {"said": said}, map(self.describe, found))

    def _named(self, name: str, above: str) -> list[Unit]:
        kind = self.levels.kind_of(name)  # a xã is no ấp, whatever their names
        found = self.by_name.get(self._key(name), []) if name else []
        found = [unit for unit in found if not kind or self.levels.allows(kind, unit.level)]
        if not above:
            return found
        there = [unit for unit in found if self._stands_in(unit, above)]
        return there or [unit for unit in found if self._stood_in(unit, above)]

    def _stood_in(self, unit: Unit, above: str) -> bool:
        return any(self._key(name) == self._key(above) for name in self.past.stood.get(unit.id, ()))

    def _stands_in(self, unit: Unit, above: str) -> bool:
        wanted = self._key(above)
        parts = [self.units[int(part)] for part in unit.path.split("/")[1:-2] if int(part) in self.units]
        return any(self._key(part.name) == wanted for part in parts)

    def _alike(self, name: str, above: str) -> list[Unit]:
        """Whose names look like it, by the letters: what somebody may have mistyped."""
        near = {key: found for key, found in self.by_name.items() if any(self._stands_in(u, above) for u in found)}
        keys_alike = difflib.get_close_matches(self._key(name), near if above else self.by_name, n=3, cutoff=0.8)
        return [unit for key in keys_alike for unit in self.by_name[key] if not above or self._stands_in(unit, above)]

    def _agrees(self, said: str, name: str) -> bool:
        """The same words, marks left out or typed elsewhere: Hoà is Hòa, but Thành is not Thạnh."""
        one, other = (vietnamese.normalise(self.levels.bare(words)).split() for words in (said, name))
        return len(one) == len(other) and all(agrees(a, b) for a, b in zip(one, other, strict=True))

    def _key(self, name: str) -> str:
        if name not in self._keys:  # asked again and again for what stands above
            self._keys[name] = keys.key(self.levels.bare(vietnamese.normalise(name)))
        return self._keys[name]

    def describe(self, unit: Unit) -> str:
        """So that nobody takes it for another: code, name, what it stands in."""
        parent = self.units.get(unit.parent_id or 0)
        return f"{unit.code} {unit.name}" + (f", {parent.name}" if parent else "")

    def same_name(self, one: str, other: str) -> bool:
        return self._key(one) == self._key(other)


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
