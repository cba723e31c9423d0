"""The unit that a row of a plan means: by its code, and by its name with what is above it; nothing is guessed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.rules import vietnamese
from bot.rules.refused import Refused
from bot.rules.units import Levels
from bot.rules.vietnamese.spelling import agrees
from storage import keys
from storage.former import Former
from storage.units import Unit

MOST_CANDIDATES = 5


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
