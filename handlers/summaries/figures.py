"""What was reported in some days, counted for a whole tree at once, and how it is written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.chat.message import Span, Text
from bot.chat.texts import Voice
from bot.chat.turn import Turn
from bot.rules.calendar import Week
from storage import reports, units
from storage.categories import Category
from storage.reports import Figure
from storage.units import Unit

Sums = Counter[tuple[str, str]]
"""(category, unit of count) → how many."""

MOST_FIGURES = 3


@dataclass
class Figures:
    """What happened in some days, counted once for the whole tree: sums and reports per unit and per author.

    Units' own figures are folded upwards, so that every unit's include those below it.
    """

    by_unit: Mapping[int, Sums]
    by_author: Mapping[int, Sums]
    reports_by_unit: Mapping[int, int]
    reports_by_author: Mapping[int, int]


def figures(turn: Turn, top: Unit, days: Week, tree: list[Unit] | None = None, at: int | None = None) -> Figures:
    """Count the days in the subtree of `top`; in the `tree` of a moment, `at`, or in today's."""
    first, last = days.first.isoformat(), days.last.isoformat()
    tree = units.under(turn.db, top, closed=True) if tree is None else tree
    paths = {unit.id: _ids(unit.path) for unit in tree}
    by_unit: defaultdict[int, Sums] = defaultdict(Counter)
    for figure in reports.figures_by_unit(turn.db, top, first, last, at):
        for unit_id in paths[figure.key]:
            by_unit[unit_id][figure.category, figure.unit] += figure.count
    counts: Counter[int] = Counter()
    for unit_id, count in reports.counts_by_unit(turn.db, top, first, last, at).items():
        for above in paths[unit_id]:
            counts[above] += count
    return Figures(
        by_unit,
        _by_key(reports.figures_by_author(turn.db, top, first, last, at)),
        counts,
        Counter(reports.counts_by_author(turn.db, top, first, last, at)),
    )


def _ids(path: str) -> list[int]:
    return [int(part) for part in path.split("/") if part]


def _by_key(found: Iterable[Figure]) -> defaultdict[int, Sums]:
    sums: defaultdict[int, Sums] = defaultdict(Counter)
    for figure in found:
        sums[figure.key][figure.category, figure.unit] += figure.count
    return sums


def sum_of(found: Iterable[reports.Report]) -> Sums:
    sums: Sums = Counter()
    for report in found:
        for item in report.items:
            sums[item.category, item.unit] += item.count
    return sums


def rows_of(say: Voice, known: dict[str, Category], sums: Sums) -> list[Text]:
    """A line for each sum, the largest first."""
    if not sums:
        return [say("summaries.no_figures")]
    return [
        (Span(f"• {say.write(count)} {counted_in(known, say, category, counted)} – {name_of(known, say, category)}"),)
        for (category, counted), count in sums.most_common()
    ]


def name_of(known: dict[str, Category], say: Voice, category: str) -> str:
    return known[category].name(say.language)


def few(known: dict[str, Category], say: Voice, sums: Sums, most: int = MOST_FIGURES) -> str:
    if not sums:
        return say.label("summaries.nothing_yet")
    shown = [
        f"{say.write(count)} {counted_in(known, say, category, counted)} {name_of(known, say, category)}"
        for (category, counted), count in sums.most_common(most)
    ]
    return ", ".join(shown) + (" …" if len(sums) > most else "")


def counted_in(known: dict[str, Category], say: Voice, category: str, counted: str) -> str:
    return known[category].counted(counted, say.language)


def signed(say: Voice, change: int) -> str:
    return f"{'+' if change > 0 else '−'}{say.write(abs(change))}" if change else say.label("summaries.no_change")


def days_of(week: Week) -> str:
    return " – ".join(dict.fromkeys(f"{day.day}/{day.month}" for day in (week.first, week.last)))
