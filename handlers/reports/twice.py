"""Before a report is sent: if somebody of the team sent the same of that day, it is asked whether it is one work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from bot.chat.dialog import Heard, Leaving
from bot.chat.message import Text
from bot.chat.reply import Reply
from bot.chat.texts import lines, some
from bot.chat.turn import Turn
from bot.rules import reports as rules
from bot.rules.told import Told
from bot.rules.vietnamese import fold
from handlers.reports import added
from handlers.reports.cards import author_of, in_short, named
from handlers.reports.talk import BACK, Talk
from storage import photos, reports
from storage.reports import Item, Report
from storage.units import Unit

MOST = 3  # reports that are named
SEND, SAME = "send", "same"
_WORDS = {
    SAME: ("phai", "phai roi", "dung", "dung roi", "co", "cung mot viec", "cung viec", "same", "yes"),
    SEND: ("khong", "khong phai", "hong phai", "khac", "viec khac", "gui", "cu gui", "van gui", "no", "send"),
}


def found(turn: Turn, told: Told, unit: Unit) -> tuple[int, ...]:
    """Reports of that day and team that say one of these figures too, but for those it was asked about before; for what
    is only practice none."""
    if not told.items or turn.practice:
        return ()
    there = reports.sent(turn.db, unit.id, told.day)
    return tuple(one.id for one in there if one.id not in told.apart and rules.said_twice(told.items, one.items))


def begin(talk: Talk, unit: Unit) -> Told | None:
    """It is about to be sent; None: it may be. A report that was sent before is not asked about at each change."""
    same = () if talk.kept else found(talk.turn, talk.told, unit)
    return replace(talk.told, twice=same) if same else None


def put(talk: Talk, then: Callable[[Told], Sequence[Reply]]) -> Told | None:
    """Ask. Returns what is told then; None: it is to be sent. `then`: what follows when it is not."""
    there = _still_there(talk)
    if not there:
        return replace(talk.told, twice=())

    def answer(said: Heard) -> Told | None:
        match said.value or _meant(said.text):
            case "send":
                return None
            case "same":
                return _without(talk, there, then)
            case "back":
                return _asked(talk.told)
        return _asked(added.words(talk, said.text, notes=False))

    rows = [[(talk.label("twice.buttons.send"), SEND), (talk.label("twice.buttons.same"), SAME)], [_back(talk)]]
    return talk.ask.once("twice", answer, lambda: talk.prompt(_question(talk, there), rows))


def _still_there(talk: Talk) -> list[Report]:
    those = reports.several(talk.turn.db, talk.told.twice)
    sent = [those[one] for one in talk.told.twice if one in those and those[one].state in ("kept", "returned")]
    return [one for one in sent if rules.said_twice(talk.told.items, one.items)]


def _meant(said: str) -> str:
    words = fold(said).strip(" .,!").removeprefix("da ").removesuffix(" a")
    return next((value for value, known in _WORDS.items() if words in known), "")


def _asked(told: Told) -> Told:
    return replace(told, twice=(), apart=(*told.apart, *told.twice))


def _back(talk: Talk) -> tuple[str, str]:
    return talk.label("chat.buttons.back"), BACK


def _question(talk: Talk, there: list[Report]) -> Text:
    alike = _with_same_photo(talk)

    def what(one: Report) -> str:
        figures = _figures(talk, rules.said_twice(one.items, talk.told.items))
        return talk.label("twice.photo_too", what=figures) if one.id in alike else figures

    return talk.turn.t("twice.asked", day=when(talk), lines=lines_of(talk, there, what))


def _with_same_photo(talk: Talk) -> set[int]:
    """Reports with a photo that looks like one that is told: the second reason of the one question."""
    db = talk.turn.db
    return {one.report_id for looks in photos.looks_among(db, talk.told.files) for one in photos.near(db, looks)}


def when(talk: Talk) -> str:
    day = date.fromisoformat(talk.told.day)
    return talk.label("twice.today") if day == talk.turn.today else talk.turn.say.write(day)


def lines_of(talk: Talk, there: Sequence[Report], what: Callable[[Report], str]) -> Text:
    """Sent reports, a line each: whose, and of it what matters here."""
    turn = talk.turn
    more = turn.t("reports.team_more", count=len(there) - MOST) if len(there) > MOST else ()
    rows = [
        turn.t(
            "twice.yours" if one.author_id == turn.me.id else "twice.line",
            code=one.code,
            name=author_of(turn, one),
            what=what(one),
            state=talk.label("past.state.returned") if one.state == "returned" else "",
        )
        for one in there[:MOST]
    ]
    return lines(*rows, more)


def _figures(talk: Talk, items: list[Item]) -> str:
    return in_short(talk.turn.say, named(talk.turn, items), items)


def _without(talk: Talk, there: list[Report], then: Callable[[Told], Sequence[Reply]]) -> Told:
    """What is known already goes; what else was told stays on the card. Raises Leaving when nothing is left."""
    told = talk.told
    gone = [item for item in told.items if any(rules.said_twice([item], one.items) for one in there)]
    rest = tuple(item for item in told.items if item not in gone)
    codes = some([one.code for one in there])
    if not rest:
        talk.keep(replace(_asked(told), later=()))
        raise Leaving(talk.turn.t("twice.dropped", codes=codes), lambda: then(told))
    talk.then = talk.turn.t("twice.rest", what=_figures(talk, gone), codes=codes)
    return replace(_asked(told), items=rest)
