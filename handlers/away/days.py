"""Which days somebody is away, in as few words as they like; only what these leave open is asked."""

from __future__ import annotations

from datetime import date, timedelta

from bot.chat.dialog import Ask, Option, Unsure
from bot.chat.turn import Turn
from bot.rules import away as rules
from bot.rules import vietnamese
from bot.rules.refused import Refused
from bot.rules.vietnamese import Span

ASKED = 2
MOST_SAID = 200


def ask_days(turn: Turn, ask: Ask) -> tuple[date, date]:
    """The first and the last day; "từ 1/12" is asked until when, "3 ngày" from when."""
    for key in ("days", "until", "since"):
        ask.still(key, lambda days: _holds(turn, days))
    days = ask.value("days", "away.which_days", lambda said: _days(turn, said), quick=lambda: _quick(turn))
    first, _, last = days.partition("/")
    if not last:
        ask.questions = ASKED + 1
        begin = date.fromisoformat(first)
        days = ask.value("until", "away.until_when", lambda said: _until(turn, said, begin), of=days, first=begin)
    elif not first:
        ask.questions = ASKED + 1
        count = int(last)
        days = ask.value(
            "since",
            "away.since_when",
            lambda said: _since(turn, said, count),
            quick=lambda: _begins(turn, count),
            of=days,
            count=count,
        )
    first, _, last = days.partition("/")
    return date.fromisoformat(first), date.fromisoformat(last)


def is_said(turn: Turn, words: str) -> bool:
    """Whether these words are days and nothing else."""
    return isinstance(vietnamese.read_span(words[:MOST_SAID], turn.local), Span)


def _holds(turn: Turn, days: str) -> bool:
    first, _, last = days.partition("/")
    return not first or not last or date.fromisoformat(last) >= turn.today


def _days(turn: Turn, said: str) -> str:
    """ "2026-11-26/2026-11-30", also from a button; "2026-12-01/" without an end, "/3" without a beginning."""
    span = _pressed(said) or _typed(turn, said)
    if span.first is None:
        return f"/{span.count}"
    rules.check_days(span.first, span.last or max(span.first, turn.today), turn.today)
    return f"{span.first}/{span.last or ''}"


def _until(turn: Turn, said: str, first: date) -> str:
    span = _pressed(said) or _typed(turn, said)
    last = span.last or (first + timedelta(days=span.count - 1) if span.count else span.first or first)
    rules.check_days(first, last, turn.today)
    return f"{first}/{last}"


def _since(turn: Turn, said: str, count: int) -> str:
    span = _pressed(said) or _typed(turn, said)
    if span.first is None:
        raise Refused("away.unread", said=said[:40])
    last = span.first + timedelta(days=count - 1)
    rules.check_days(span.first, last, turn.today)
    return f"{span.first}/{last}"


def _pressed(said: str) -> Span | None:
    first, _, last = said.partition("/")
    try:
        return Span(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        return None


def _typed(turn: Turn, said: str) -> Span:
    read = vietnamese.read_span(said[:MOST_SAID], turn.local)
    if isinstance(read, Span):
        return read
    if read is None:
        raise Refused("away.unread", said=said[:40])
    if read.reason == "no_such_day":
        raise Refused("away.no_such_day", said=read.text[:20].replace(" ", ""))
    found = [(due.since or due.day, due.day) for due in read.candidates if due.day >= turn.today]
    options = [Option(_iso(*days), turn.say.label("away.from_to", first=days[0], last=days[1])) for days in found]
    raise Unsure("away.which_of_days" if options else "away.unread", options, said=said[:40])


def _iso(first: date, last: date) -> str:
    return f"{first}/{last}"


def _quick(turn: Turn) -> list[Option]:
    today = turn.today
    sunday = today + timedelta(days=6 - today.weekday())
    spans = {
        "today": (today, today),
        "tomorrow": (today + timedelta(days=1),) * 2,
        "this_week": (today, sunday),
        "next_week": (sunday + timedelta(days=1), sunday + timedelta(days=7)),
    }
    return [Option(_iso(*days), turn.say.label(f"away.buttons.{name}")) for name, days in spans.items()]


def _begins(turn: Turn, count: int) -> list[Option]:
    """From today, from tomorrow, from Monday."""
    monday = turn.today + timedelta(days=7 - turn.today.weekday())
    found = dict.fromkeys((turn.today, turn.today + timedelta(days=1), monday))
    last = timedelta(days=count - 1)
    return [Option(_iso(day, day + last), turn.say.label("away.from_to", first=day, last=day + last)) for day in found]
