"""Everything that the summaries of one week are made of, read once for all of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.chat import pick
from bot.chat.turn import Turn
from bot.rules.calendar import Week, week_of
from handlers.summaries.figures import Figures, Sums, figures
from storage import categories, reports, tasks, units
from storage import people as roster
from storage.categories import Category
from storage.people import Member
from storage.units import Unit


@dataclass(frozen=True, slots=True)
class Part:
    """A unit below, or a person of the team: reports of these days and of those before, and what they sum up to."""

    name: str
    now: int
    before: int
    sums: Sums


@dataclass
class Weekly:
    """Everything that summaries of one week are made of, read once for all of them."""

    turn: Turn
    top: Unit
    week: Week
    now: Figures
    before: Figures
    known: dict[str, Category]
    children: Mapping[int, list[Unit]]
    teams: Mapping[int, list[Member]]
    overdue: list[tuple[Unit, str]]
    on_time: set[int]

    @property
    def is_over(self) -> bool:
        """An earlier week: what is overdue now is not its business."""
        return self.week.last < week_of(self.turn.today).first

    def expected(self, unit: Unit) -> list[int]:
        """The teams at the foot of `unit`'s tree, each of which is to report, also one that has nobody yet."""
        return [team for child in self.children.get(unit.id, []) for team in self.expected(child)] or [unit.id]

    def parts(self, unit: Unit) -> list[Part]:
        """The units below it, or, where there are none, its people."""
        now, before = self.now, self.before
        below = self.children.get(unit.id, [])
        if below:
            return [
                Part(
                    child.name,
                    now.reports_by_unit[child.id],
                    before.reports_by_unit[child.id],
                    now.by_unit.get(child.id, Counter()),
                )
                for child in below
            ]
        return [
            Part(
                member.person.name,
                now.reports_by_author[member.person.id],
                before.reports_by_author[member.person.id],
                now.by_author.get(member.person.id, Counter()),
            )
            for member in self.teams.get(unit.id, [])
        ]


def gather(turn: Turn, top: Unit, week: Week) -> Weekly:
    """Read what the summaries of a week need, for the subtree of `top`; the week before counts up to the same day.

    A week that is over is seen in the units, names and teams of its end, whatever became of them.
    """
    end = week.last + timedelta(days=1)
    at = None if end > turn.today else turn.moment(datetime.combine(end, time())) - 1
    tree = units.under(turn.db, top, closed=True) if at is None else units.as_of(turn.db, top, at)
    children: defaultdict[int, list[Unit]] = defaultdict(list)
    for unit in tree:
        if unit.parent_id is not None and unit.closed_at is None:
            children[unit.parent_id].append(unit)
    teams: defaultdict[int, list[Member]] = defaultdict(list)
    for member in roster.under(turn.db, top, at):
        if member.role != "admin":
            teams[member.unit.id].append(member)
    now = figures(turn, top, week, tree, at)
    for member in _gone(turn, top, week, at, {member.person.id for team in teams.values() for member in team}):
        if now.reports_by_author[member.person.id]:
            teams[member.unit.id].append(member)
    last_week = week.moved(-1)
    late = [(part.unit, f"{task.code} {part.unit.name}") for task, part in tasks.overdue(turn.db, turn.now)]
    known = categories.by_code(turn.db)
    return Weekly(
        turn,
        next((unit for unit in tree if unit.id == top.id), top),
        week,
        now,
        figures(turn, top, last_week, tree, at),
        known,
        children,
        teams,
        late,
        reports.on_time(turn.db, top, week.first.isoformat(), week.last.isoformat(), _end(turn, week), at),
    )


def _end(turn: Turn, week: Week) -> int:
    """When the week is over: what was said of it until then was said in time."""
    return turn.moment(datetime.combine(week_of(week.first).last + timedelta(days=1), time()))


def _gone(turn: Turn, top: Unit, week: Week, at: int | None, there: set[int]) -> list[Member]:
    """Who left in these days and is in no team of these any more: what they did until then is still theirs."""
    first = turn.moment(datetime.combine(week.first, time()))
    left = roster.dismissed(turn.db, top, first, turn.now if at is None else at)
    return [one for one in pick.once(left) if one.role != "admin" and one.person.id not in there]
