"""[Chưa đúng]: its author answers a lead who changed a report, in their own words."""

from __future__ import annotations

from datetime import date

from bot.chat.action import Typed
from bot.chat.dialog import Ask, Option
from bot.chat.message import Button
from bot.chat.reply import Kind, Reply, View
from bot.chat.router import Router, Said
from bot.chat.texts import Voice
from bot.chat.turn import Turn
from bot.rules import reports as rules
from bot.rules import rights
from bot.rules.refused import Refused
from handlers.reports.actions import Change, Dispute
from handlers.reports.cards import card_of, changed_by_other, get, named, unit_of, what
from handlers.reports.keeping import note
from storage import people
from storage.reports import Report

MOST_WORDS = 300

router = Router("reports")


@router.on(Dispute)
def begin(turn: Turn, pressed: Dispute) -> Said:
    _disputed(turn, pressed.report)
    return dispute.begin(turn, report=pressed.report)


def _disputed(turn: Turn, report_id: int) -> tuple[Report, int]:
    """The report, and who changed it last. Raises Refused."""
    kept = get(turn, report_id)
    rules.dispute(kept, turn.me)
    by = changed_by_other(turn, kept)
    if by is None:
        raise Refused("disputes.nothing", code=kept.code)
    return kept, by


@router.dialog("dispute", questions=1)
def dispute(turn: Turn, ask: Ask, /, report: int) -> Said:
    """What is not right; whoever changed it hears it, or who leads the unit now."""
    kept, by = _disputed(turn, report)
    words = ask.value(
        "why",
        "disputes.why",
        lambda said: said[:MOST_WORDS],
        quick=lambda: [_as_before(turn)],
        code=kept.code,
        name=_name(turn, by),
    )
    note(turn, kept, "reports.disputed", after=words, private=True)
    heard = _heard(turn, kept, words)
    told = next((one for one in _leads(turn, kept, by) if turn.tell(one, heard, kind=Kind.TASK)), None)
    if told is None:
        return card_of(turn, kept, turn.t("disputes.unsent", code=kept.code))
    return card_of(turn, kept, turn.t("disputes.sent", code=kept.code, name=_name(turn, told)))


def _as_before(turn: Turn) -> Option:
    label = turn.say.label("disputes.as_before")
    return Option(label, label)


def _name(turn: Turn, person_id: int) -> str:
    found = people.get(turn.db, person_id)
    return found.name if found else "?"


def _leads(turn: Turn, kept: Report, by: int) -> list[int]:
    """Who changed it, while they lead its unit; and who does."""
    unit = unit_of(turn, kept)
    leader = people.leaders(turn.db, [unit.id]).get(unit.id)
    those = [by] if rights.may(people.posts(turn.db, by), "assign", unit) else []
    return [*those, *([leader.person.id] if leader and leader.person.id != turn.me.id else [])]


def _heard(turn: Turn, kept: Report, words: str) -> View:
    def view(say: Voice) -> Reply:
        look = Button(say.label("judging.buttons.look"), Typed(kept.code).pack())
        mend = Button(say.label("reports.buttons.change"), Change(kept.id).pack())
        text = say(
            "disputes.heard",
            name=turn.me.name,
            code=kept.code,
            day=date.fromisoformat(kept.day),
            words=words,
            what=what(say, named(turn, kept.items), kept),
        )
        return Reply(text, ((look, mend),), code=kept.code)

    return view
