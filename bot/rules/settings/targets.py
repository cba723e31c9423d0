"""The file of targets: a row each, by unit, category and period."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date

from bot.rules import periods, targets
from bot.rules.refused import Refused
from bot.rules.settings.periods import kind_of
from bot.rules.settings.table import Table, whole
from storage.categories import Category
from storage.periods import Cut
from storage.targets import Target
from storage.units import Unit

_NAME = re.compile(r"[a-z]*\s*0*([0-9]{1,2})\s*[/.-]\s*([0-9]{4})", re.IGNORECASE)
_YEAR = re.compile(r"([0-9]{4})")


class Targets(Table):
    """Of those that are kept. `find` gives the unit of a code, or of a name. Raises Refused."""

    columns = ("unit_code", "unit", "category", "period", "called", "count")
    needed = ("category", "period", "called", "count")

    def __init__(
        self,
        known: Iterable[Target],
        categories: Mapping[str, Category],
        changed: Sequence[Cut],
        names: Mapping[str, str],
        find: Callable[[str, str], Unit],
        codes: Callable[[int], str],
    ) -> None:
        self.known = {_key(one): one for one in known}
        self.categories = categories
        self.changed = changed
        self.names = names
        self.find = find
        self.codes = codes

    def parse(self, row: Mapping[str, str]) -> tuple[Hashable, Target | None]:
        """See `Table`. A target of 0 goes."""
        unit = self.find(row.get("unit_code", ""), row.get("unit", ""))
        code = row["category"].upper()
        if code not in self.categories:
            raise Refused("targets.no_such_category", said=row["category"][:20])
        category = self.categories[code]
        kind = kind_of(row["period"], self.names)
        year, number = _called(row["called"], kind)
        periods.called(kind, year, number, periods.cuts_of(kind, self.changed))
        count = targets.check(whole(row["count"], 0, targets.MOST), category)
        names = category.name_vi, category.name_en
        one = Target(unit.id, kind, year, number, code, count, category.unit_vi, unit.name, names, category.unit_en)
        was = self.known.get(_key(one))
        if was is not None and was.count == count:  # in whatever unit of count it was set
            return _key(one), was
        return _key(one), one if count else None

    def check(self, one: Target, everything: Sequence[Target]) -> Target:
        return one

    def cells(self, one: Target) -> dict[str, str]:
        return {
            "unit_code": self.codes(one.unit_id),
            "unit": one.place,
            "category": one.category,
            "period": one.kind,
            "called": str(one.year) if one.kind == "year" else f"{one.number}/{one.year}",
            "count": str(one.count),
        }


def _key(one: Target) -> Hashable:
    return one.unit_id, one.kind, one.year, one.number, one.category


def _called(said: str, kind: str) -> tuple[int, int]:
    """Year and number: "12/2026"; of a year "2026". A day that a spreadsheet made of it is its month. Raises
    Refused."""
    if kind == "year" and (year := _YEAR.fullmatch(said.strip())):
        return int(year[1]), 1
    if found := _NAME.fullmatch(said.strip()):
        return int(found[2]), int(found[1])
    try:
        day = date.fromisoformat(said.strip())
    except ValueError:
        raise Refused("targets.no_such_name", said=said[:20]) from None
    return day.year, day.month
