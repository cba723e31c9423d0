"""Targets against what was done: only what was counted in the unit of count that was set; nothing is converted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.rules.refused import Refused
from storage.categories import Category
from storage.reports import Figure
from storage.targets import Target

MOST = 100_000_000


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of what the `target` is; `others`: units of count (Vietnamese, English) in which there is more of it."""

    target: Target
    done: int
    others: tuple[tuple[str, str], ...] = ()

    @property
    def percent(self) -> int:
        return self.done * 100 // self.target.count


def progress(targets: Iterable[Target], figures: Iterable[Figure], english: Mapping[str, str]) -> list[Progress]:
    """Of one unit: its targets of a period, and the figures of that period of it and all below it. `english`: what
    units of count are called."""
    sums: dict[tuple[str, str], int] = {}
    for figure in figures:
        sums[figure.category, figure.unit] = sums.get((figure.category, figure.unit), 0) + figure.count
    return [_progress(target, sums, english) for target in targets]


def _progress(target: Target, sums: Mapping[tuple[str, str], int], english: Mapping[str, str]) -> Progress:
    own = target.category, target.unit
    others = sorted(unit for code, unit in sums if code == target.category and (code, unit) != own)
    return Progress(target, sums.get(own, 0), tuple((unit, english.get(unit, unit)) for unit in others))


def check(count: int, category: Category) -> int:
    """Whether so much of it may be a target; 0 takes one away. Raises Refused."""
    if category.retired_at is not None:
        raise Refused("targets.retired", name=category.name_vi)
    if not category.unit_vi:
        raise Refused("targets.no_unit", name=category.name_vi)
    if not 0 <= count <= MOST:
        raise Refused("settings.no_number", said=str(count)[:20], least=0, most=MOST)
    return count
