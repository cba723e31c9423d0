"""Targets against what was done, as they are told."""

from __future__ import annotations

from datetime import date

from bot.chat import periods
from bot.chat.message import Text
from bot.chat.texts import Voice, lines
from bot.rules import targets as rules
from bot.rules.periods import KINDS, Period
from bot.rules.targets import Progress
from storage import counted, reports, targets
from storage.db import Db
from storage.targets import Target
from storage.units import Unit


def progress(db: Db, unit: Unit, period: Period) -> list[Progress]:
    """How far the unit, with all below it, is with each of its own targets of a period; nothing where it has none."""
    found = targets.of_units(db, [unit.id], period.kind, period.year, period.number)
    if not found:
        return []
    figures = reports.figures_by_unit(db, unit, period.first.isoformat(), period.last.isoformat())
    return rules.progress(found, figures, counted.english(db))


def today(db: Db, unit: Unit, day: date) -> list[tuple[Period, list[Progress]]]:
    """The periods of that day in which the unit has targets, and how far it is with each."""
    current = [periods.current(db, kind, day) for kind in KINDS]
    return [(period, found) for period in current if (found := progress(db, unit, period))]


def told(say: Voice, period: Period, found: list[Progress]) -> Text:
    """A line for each target of the period, and above them what the period is called."""
    return lines(say("targets.period", period=periods.label(say, period)), *(line(say, one) for one in found))


def line(say: Voice, one: Progress) -> Text:
    """ "Cài VNeID: 12/40 tài khoản (30 %)" """
    name, unit = name_of(say, one.target), one.target.counted(say.language)
    percent = str(one.percent)
    shown = say("targets.line", name=name, done=one.done, count=one.target.count, unit=unit, percent=percent)
    others = ", ".join(names[say.language == "en"] for names in one.others)
    return lines(shown, say("targets.others", units=others) if others else ())


def name_of(say: Voice, one: Target) -> str:
    return one.names[say.language == "en"]
