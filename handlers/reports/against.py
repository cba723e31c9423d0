"""Before a report is sent: where somebody said figures of that day and now that nothing was done, or the other way
round, it is asked which of it counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.chat.answers import agrees
from bot.chat.dialog import Heard, Leaving, Miss
from bot.chat.reply import Reply
from bot.chat.texts import some
from bot.chat.turn import Turn
from bot.rules import reports as rules
from bot.rules.told import Told
from handlers.reports import added
from handlers.reports.cards import named, what
from handlers.reports.closing import may_change
from handlers.reports.talk import BACK, Rows, Talk
from handlers.reports.twice import lines_of, when
from storage import reports
from storage.reports import Report
from storage.units import Unit

KEEP, INSTEAD, BOTH = "keep", "instead", "both"


def found(turn: Turn, told: Told, unit: Unit, author: int) -> tuple[int, ...]:
    """Reports of this author, of that day and team, that say the contrary; for what is only practice none."""
    if turn.practice:
        return ()
    there = reports.sent(turn.db, unit.id, told.day)
    return tuple(one.id for one in there if one.author_id == author and rules.contradicts(told.items, one))


def begin(talk: Talk, unit: Unit) -> Told | None:
    """It is about to be sent; None: it may be. A sent report is asked about only when a change makes it so,
    and of its author alone: a lead sees both."""
    told, kept = talk.told, talk.kept
    if kept is not None and (bool(kept.items), kept.day, kept.unit_id) == (bool(told.items), told.day, unit.id):
        return None
    if kept is not None and not rules.is_own(kept, talk.turn.me):
        return None
    others = found(talk.turn, told, unit, _author(talk))
    others = tuple(one for one in others if kept is None or one != kept.id)
    return replace(told, twice=(), apart=(*told.apart, *told.twice), against=others) if others else None


def _author(talk: Talk) -> int:
    return talk.kept.author_id if talk.kept else talk.told.whose or talk.turn.me.id


def put(talk: Talk, then: Callable[[Told], Sequence[Reply]]) -> Told | None:
    """Ask. Returns what is told then; None: it is to be sent. `then`: what follows when it is not."""
    there = _still_there(talk)
    again = replace(talk.told, against=())
    if not there:
        return again
    mends = all(may_change(talk.turn, one) for one in there)

    def answer(said: Heard) -> Told | None:
        match said.value or (INSTEAD if talk.told.items and agrees(said.text) else ""):
            case "instead" if mends:
                talk.keep(replace(talk.told, instead=tuple(one.id for one in there)))
                return None
            case "both":
                return None
            case "keep":
                talk.keep(replace(again, later=()))
                codes = some([one.code for one in there])
                raise Leaving(talk.turn.t("against.kept", codes=codes), lambda: then(again))
            case "back":
                return again
            case "instead":
                raise Miss(talk.turn.t("chat.pick_one"))
        return replace(added.words(talk, said.text, notes=False), against=())

    key = "against.figures" if talk.told.items else "against.nothing"
    text = talk.turn.t(key, day=when(talk), lines=lines_of(talk, there, lambda one: _what(talk, one)))
    return talk.ask.once("against", answer, lambda: talk.prompt(text, _rows(talk, mends=mends)))


def _rows(talk: Talk, *, mends: bool) -> Rows:
    """Where they may not be taken back any more, that is not offered."""
    key = "against.buttons.instead" if talk.told.items else "against.buttons.instead_nothing"
    keep = [] if talk.told.items else [(talk.label("against.buttons.keep"), KEEP)]
    instead = [(talk.label(key), INSTEAD)] if mends else []
    return [[*keep, *instead], [(talk.label("against.buttons.both"), BOTH), (talk.label("chat.buttons.back"), BACK)]]


def _still_there(talk: Talk) -> list[Report]:
    those = reports.several(talk.turn.db, talk.told.against)
    sent = [those[one] for one in talk.told.against if one in those and those[one].state in ("kept", "returned")]
    return [one for one in sent if rules.contradicts(talk.told.items, one)]


def _what(talk: Talk, one: Report) -> str:
    return what(talk.turn.say, named(talk.turn, one.items), one)


def given_up(talk: Talk) -> list[Report]:
    """Those that this one takes the place of: looked at in this very turn."""
    those = reports.several(talk.turn.db, talk.told.instead)
    return [those[one] for one in talk.told.instead]
