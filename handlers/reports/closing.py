"""Until when a report is its author's to change, and whose it is afterwards."""

from __future__ import annotations

from datetime import date

from bot.chat import periods
from bot.chat.turn import Turn
from bot.rules import forms as rules_of_forms
from bot.rules import reports as rules
from bot.rules.periods import Period
from bot.rules.refused import Refused
from storage import forms, units
from storage.reports import Report

KIND = "month"  # of the period by which a report closes, where no form says otherwise


def period(turn: Turn, kept: Report) -> Period:
    """The period by which it closes: of the forms that ask for what it says the first to close, else the month."""
    unit, day = units.get(turn.db, kept.unit_id), date.fromisoformat(kept.day)
    said = {item.category for item in kept.items}
    asking = rules_of_forms.of_unit(forms.everything(turn.db), unit) if unit else []
    kinds = {form.kind for form in asking if said.intersection(form.codes)} or {KIND}
    return min((periods.current(turn.db, kind, day) for kind in sorted(kinds)), key=lambda one: one.closes_on)


def name_of(turn: Turn, kept: Report) -> str:
    """What that period is called."""
    return periods.label(turn.say, period(turn, kept))


def check_change(turn: Turn, kept: Report) -> None:
    """May whoever's turn it is change it now? Raises Refused."""
    unit = units.get(turn.db, kept.unit_id)
    assert unit is not None
    rules.change(kept, turn.me, turn.posts, unit, period(turn, kept), turn.today)


def may_change(turn: Turn, kept: Report) -> bool:
    """The same as yes or no."""
    try:
        check_change(turn, kept)
    except Refused:
        return False
    return True
