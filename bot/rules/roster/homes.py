"""Which unit that is kept each unit of a list is, and which have to be made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.rules.roster.called import exact, is_called, is_key, rank
from bot.rules.roster.records import LEVELS, Kind, Problem, Unit
from bot.rules.vietnamese.units import bare_core, split_kind
from storage import units as kept_units
from storage.roster import Kept, NewCode, NewUnit

Place = kept_units.Unit


@dataclass(frozen=True, slots=True)
class Home:
    """Where a unit of the list is. `id`: of its people's posts (-1 - n: the n-th new one; None: they have none);
    `below`: the unit that is kept under which its own units are looked for (None: it is new, or there is none)."""

    id: int | None
    below: Place | None


NOWHERE = Home(None, None)


class Homes:
    """Finds a home for each unit, from the top down. `new`, `coded` and `problems` grow meanwhile.

    A unit is the same if level, name and what is above it are; a level that either side leaves out is passed over.
    `is_told`: somebody said that the list belongs to `within`, whatever is written above it; `levels`: which there are.
    """

    def __init__(
        self, kept: Kept, listed: Sequence[Unit], *, is_told: bool = False, levels: Collection[str] = LEVELS
    ) -> None:
        self.new: list[NewUnit] = []
        self.coded: list[NewCode] = []
        self.problems: list[Problem] = []
        self._kept = kept
        self._is_told = is_told
        self._levels = levels
        self._listed = listed
        self._index()
        self._homes: dict[int, Home] = {}
        self._alike: list[tuple[Unit, Place]] = []
        for unit in listed:
            self._homes[id(unit)] = self._settle(unit)
        self._doubt_alike()
        for index in (self._open, self._closed, self._below, self._levels_below, self._coded):
            index.clear()

    def of(self, unit: Unit) -> Home:
        return self._homes[id(unit)]

    def _index(self) -> None:
        self._open: dict[tuple[str, str], list[Place]] = {}
        self._closed: dict[tuple[str, str], list[Place]] = {}
        self._below: dict[tuple[int | None, str, str], list[Place]] = {}
        self._coded: dict[tuple[str, str], list[Place]] = {}
        self._levels_below: dict[int | None, set[str]] = {}
        self._by_id = {unit.id: unit for unit in self._kept.units}
        for place in self._kept.units:
            name = (place.level, bare_core(split_kind(place.name).name))
            if place.closed_at is not None:
                self._closed.setdefault(name, []).append(place)
                continue
            self._open.setdefault(name, []).append(place)
            if place.code:
                self._coded.setdefault((place.level, place.code), []).append(place)
            self._below.setdefault((place.parent_id, *name), []).append(place)
            self._levels_below.setdefault(place.parent_id, set()).add(place.level)

    def _settle(self, unit: Unit) -> Home:
        within = self._kept.within
        if unit.parent is not None and self._is_lost(unit.parent):
            return NOWHERE
        if rank(unit.level) <= rank(within.level):
            return self._settle_above(unit, within)
        parent = self.of(unit.parent) if unit.parent is not None else Home(within.id, within)
        if parent.below is None:
            return self._make(unit, parent)
        found = self._find(unit, parent.below) or self._find_closed(unit, parent.below)
        return found or self._pass_over(unit, parent.below) or self._make(unit, parent)

    def _is_lost(self, parent: Unit) -> bool:
        home = self.of(parent)
        return home.id is None and home.below is None

    def _settle_above(self, unit: Unit, within: Place) -> Home:
        """A unit as high as the one that the list is loaded for, or higher."""
        ours = next((one for one in (within, *self._kept.above) if one.level == unit.level), None)
        if ours is None:  # a level that this tree has not
            return Home(None, within)
        if not is_called(unit, ours):
            is_only = sum(other.level == unit.level for other in self._listed) == 1
            if not (is_only and (self._is_told or ours.parent_id is None)):
                self._doubt(unit, "unit_outside", ours=within.name)
                return NOWHERE
            self._doubt(unit, "unit_other", ours=ours.name)
        elif ours is within:
            self._compare_codes(unit, within)
        return Home(ours.id if ours is within else None, within)

    def _find(self, unit: Unit, below: Place) -> Home | None:
        """The open unit it is; NOWHERE when it may be several; None when there is none."""
        coded = [one for one in self._coded.get((unit.level, unit.code), ()) if below.holds(one)] if unit.code else []
        if len(coded) == 1 and (unit.name == unit.code or is_called(unit, coded[0])):
            return Home(coded[0].id, coded[0])
        found = self._called(unit, below, self._open)
        if coded and not found:
            self._doubt(unit, "unit_code_other", ours=coded[0].name, code=unit.code)
            return NOWHERE
        if len(found) > 1 and unit.parent is not None:
            found = self._that_stood(unit.parent, found)
        if len(found) == 1:
            self._compare_codes(unit, found[0])
            return Home(found[0].id, found[0])
        return self._ambiguous(unit, found) if found else None

    def _compare_codes(self, unit: Unit, place: Place) -> None:
        """Of a unit found by its name: the code that the list says is kept where there is none yet."""
        if not unit.code or unit.code == place.code:
            return
        if place.code:
            self._doubt(unit, "unit_code_differs", ours=place.name, code=unit.code, kept=place.code)
        elif (unit.level, unit.code) not in self._coded:
            self._coded[unit.level, unit.code] = [place]
            self.coded.append(NewCode(place.id, place.name, unit.code))

    def _ambiguous(self, unit: Unit, found: list[Place]) -> Home:
        self._doubt(unit, "unit_ambiguous", choices=", ".join(self._full(one) for one in found[:5]))
        return NOWHERE

    def _find_closed(self, unit: Unit, below: Place) -> Home | None:
        """A unit that is no more: what follows it, and where what stood in it is looked for."""
        found = self._called(unit, below, self._closed)
        if len(found) > 1 and unit.parent is not None:
            found = self._that_stood(unit.parent, found)
        if not found:
            return None
        if len(found) > 1:
            return self._ambiguous(unit, found)
        heir: Place | None = found[0]
        while heir is not None and heir.closed_at is not None:
            heir = self._by_id.get(heir.parent_id or 0)
        if heir is None:
            return None
        if heir.level != unit.level:
            if any(other.parent is unit for other in self._listed):
                return Home(None, heir)  # a district that was abolished: its communes are still looked for
            self._doubt(unit, "unit_closed")
            return NOWHERE
        self._doubt(unit, "unit_follows", ours=heir.name)
        return Home(heir.id, heir)

    def _pass_over(self, unit: Unit, below: Place) -> Home | None:
        """A unit of a level that there is not, or not any more: what the list has under it stands right below."""
        here = self._levels_below.get(below.id, set())
        is_left_out = any(rank(level) > rank(unit.level) for level in here) and unit.level not in here
        if unit.level in self._levels and not is_left_out:
            return None
        if any(other.parent is unit for other in self._listed):
            return Home(None, below)
        self._doubt(unit, "unit_closed")
        return NOWHERE

    def _that_stood(self, parent: Unit, found: list[Place]) -> list[Place]:
        """Of hamlets called the same in a merged commune those that stood in the one of this name."""
        name = parent.level, bare_core(split_kind(parent.name).name)
        were = {one.id for one in self._closed.get(name, ()) if is_called(parent, one)}
        stood = [one for one in found if were & set(self._kept.stood.get(one.id, ()))]
        return stood or found

    def _called(self, unit: Unit, below: Place, among: dict[tuple[str, str], list[Place]]) -> list[Place]:
        """The units of this name and level below; directly, where there is no level in between."""
        name = unit.level, bare_core(split_kind(unit.name).name)
        found = self._below.get((below.id, *name), []) if among is self._open else []
        found = [one for one in found if is_called(unit, one)]
        if found or (among is self._open and not self._has_between(below, unit.level)):
            return exact(unit, found)
        under = (one for one in among.get(name, ()) if below.holds(one) and one is not below)
        return exact(unit, [one for one in under if is_called(unit, one)])

    def _has_between(self, below: Place, level: str) -> bool:
        return any(rank(other) < rank(level) for other in self._levels_below.get(below.id, ()))

    def _make(self, unit: Unit, parent: Home) -> Home:
        if not self._may_stand(unit, parent) or unit.name == unit.code:
            self._doubt(unit, "unit_unplaced")
            return NOWHERE
        above = parent.id if parent.id is not None else parent.below.id if parent.below else 0
        if parent.below is not None:
            name = unit.level, bare_core(split_kind(unit.name).name)
            among = self._below.get((parent.below.id, *name), ())
            self._alike += [(unit, one) for one in among if is_key(unit, one)]
        path = parent.below.path if parent.below else ""
        self.new.append(NewUnit(unit.level, unit.kind, unit.name, above, path, unit.code))
        return Home(-len(self.new), None)

    def _may_stand(self, unit: Unit, parent: Home) -> bool:
        """A hamlet stands in a commune; a commune in a district where there are any."""
        if parent.below is None:
            return unit.level != "hamlet" or unit.parent is None or unit.parent.level == "commune"
        if unit.level == "hamlet" and parent.below.level != "commune":
            return False
        return unit.level == "hamlet" or not self._has_between(parent.below, unit.level)

    def _doubt_alike(self) -> None:
        """New ones beside one of the same name and another kind, but for those the list names as well."""
        mine = {id(home.below) for home in self._homes.values() if home.below is not None} if self._alike else set()
        for unit, ours in self._alike:
            if id(ours) not in mine:
                self._doubt(unit, "unit_alike", ours=ours.name)

    def _full(self, place: Place) -> str:
        above = self._by_id.get(place.parent_id or 0)
        return f"{place.name} ({above.name})" if above else place.name

    def _doubt(self, unit: Unit, kind: Kind, **values: str) -> None:
        self.problems.append(Problem(unit.sheet, unit.row, None, kind, unit.name, values))


def covered(homes: Homes, kept: Kept, holding: Iterable[Unit]) -> set[int]:
    """The ids of the units that the list speaks for: where it names people and, beside two hamlets, their neighbours.

    A list of hamlets says nothing of the commune's own team, nor of a commune that is not in it; one of a single hamlet
    nothing of the others.
    """
    found: set[int] = set()
    hamlets: Counter[int] = Counter()
    for unit in holding:
        home = homes.of(unit)
        if home.id is not None and home.id > 0:
            found.add(home.id)
        if unit.level == "hamlet" and unit.parent is not None:
            commune = homes.of(unit.parent).below
            if commune is not None and commune.level == "commune" and is_called(unit.parent, commune):
                hamlets[commune.id] += 1
    return found | {one.id for one in kept.units if one.level == "hamlet" and hamlets[one.parent_id or 0] > 1}
