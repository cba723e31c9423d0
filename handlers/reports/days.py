"""The day a report is of, as people say it."""

from __future__ import annotations

from datetime import date, timedelta

from bot.chat.dialog import Option, Unsure
from bot.chat.turn import Turn
from bot.rules import reports as rules
from bot.rules import vietnamese
from bot.rules.refused import Refused


def usual_days(turn: Turn) -> list[Option]:
    names = ("reports.buttons.today", "reports.buttons.yesterday", "reports.buttons.two_days_ago")
    return [
        Option((turn.today - timedelta(days=ago)).isoformat(), turn.say.label(name)) for ago, name in enumerate(names)
    ]


def read_day(turn: Turn, said: str) -> str:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        day = _typed_day(turn, said)
    return rules.check_day(day, turn.today).isoformat()


def _typed_day(turn: Turn, said: str) -> date:
    read = vietnamese.read_day(said[:200], turn.today)
    if isinstance(read, date):
        return read
    if read is None:
        raise Refused("reports.day_unread", said=said[:40])
    key = {"future": "reports.day_ahead", "lunar": "reports.day_lunar"}.get(read.reason, "reports.day_which")
    days = [due.day for due in read.candidates if rules.is_reportable(due.day, turn.today)]
    raise Unsure(key, [Option(day.isoformat(), turn.say.write(day)) for day in days], said=said[:40])
