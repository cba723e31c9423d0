"""Periods as they are kept, and as they are called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot.chat.texts import LANGUAGES, Texts, Voice
from bot.rules import periods as rules
from bot.rules.periods import KINDS, Period
from bot.rules.vietnamese import fold
from storage import periods
from storage.db import Db


def current(db: Db, kind: str, day: date) -> Period:
    """The period of the kind that the day is in."""
    return rules.period_of(day, rules.cuts_of(kind, periods.everything(db)))


def label(say: Voice, period: Period) -> str:
    """Its name with its days: "Tháng 11/2026 (15/10–14/11)"."""
    first, last = (f"{day.day}/{day.month}" for day in (period.first, period.last))
    number, year = str(period.number), str(period.year)
    return say.label(f"periods.called.{period.kind}", number=number, year=year, first=first, last=last)


def short(say: Voice, period: Period) -> str:
    """Its name where the year is said beside it: "Tháng 11"."""
    name = say.label(f"periods.short.{period.kind}", number=str(period.number), year=str(period.year))
    return name.removesuffix(f"/{period.year}")


def names(texts: Texts) -> Mapping[str, str]:
    """What a kind of period may be called, folded, in any language or as the program does: the kind."""
    found: dict[str, str] = {kind: kind for kind in KINDS}
    for say in (Voice(texts, language) for language in LANGUAGES):
        found |= {fold(say.label(f"periods.kind.{kind}")): kind for kind in KINDS}
    return found
