"""Whether a unit of a list and one that is kept can be the same by their names."""

from __future__ import annotations

from bot.rules.roster.records import LEVELS, Unit
from bot.rules.vietnamese.units import bare_core, core_key, is_bare, split_kind
from storage.units import Unit as Place


def rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else 0


def is_called(unit: Unit, place: Place) -> bool:
    """Whether the names can be of one unit: the kind may be left out, and the marks."""
    name = split_kind(place.name)
    kind = place.kind or name.kind
    if unit.kind and kind and unit.kind != kind:
        return False
    return is_key(unit, place)


def is_key(unit: Unit, place: Place) -> bool:
    name, ours = split_kind(unit.name).name, split_kind(place.name).name
    if core_key(name) == core_key(ours):
        return True
    return bare_core(name) == bare_core(ours) and (is_bare(name) or is_bare(ours))


def exact(unit: Unit, found: list[Place]) -> list[Place]:
    """Of several those written exactly so."""
    if len(found) < 2:
        return found
    key = core_key(split_kind(unit.name).name)
    same = [one for one in found if core_key(split_kind(one.name).name) == key]
    kinds = [one for one in same or found if one.kind == unit.kind]
    return kinds or same or found
