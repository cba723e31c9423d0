"""What a lead does with reports: accepts them, one or many, or returns one with the reason; the author hears of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

from bot.chat import pick
from bot.chat.action import Typed
from bot.chat.dialog import Ask, Option
from bot.chat.message import Button
from bot.chat.reply import Kind, Reply, View
from bot.chat.router import Router, Said
from bot.chat.texts import Voice, lines, paragraphs, some
from bot.chat.turn import Turn
from bot.rules import reports as rules
from bot.rules import rights
from bot.rules.refused import Refused
from handlers.reports.actions import Accept, AcceptAll, Change, SendBack, Undo, Waiting
from handlers.reports.cards import author_of, card_of, get, named, tell_head, unit_of, what
from handlers.reports.keeping import in_words, note
from storage import past, reports, units
from storage.reports import Report
from storage.units import Unit

PAGE = 6
MOST_REASON = 300
REASONS = ("no_photo", "wrong_count", "twice", "wrong_day")

router = Router("reports")


@router.command("duyet", about="judging.about", who=rights.has("assign"), rank=52)
def show(turn: Turn) -> Said:
    """What waits to be looked at; of several units the one that is chosen."""
    offices = rights.offices(turn.posts, "assign")
    if len(offices) == 1:
        return _page(turn, offices[0], 0)
    places = zip(offices, pick.places(turn, offices, 1), strict=True)
    rows = tuple((Button(name[:40], Waiting(unit.id, 0).pack()),) for unit, name in places)
    return Reply(turn.t("judging.which_unit"), rows, card="judging")


@router.on(Waiting)
def turn_to(turn: Turn, pressed: Waiting) -> Said:
    return _page(turn, _office(turn, pressed.unit), pressed.page)


def _office(turn: Turn, unit_id: int) -> Unit:
    return rights.check(turn.posts, "assign", units.get(turn.db, unit_id))


def _waiting(turn: Turn, unit: Unit) -> dict[int, int]:
    since = turn.today - timedelta(days=rules.OLDEST_DAYS)
    return past.waiting(turn.db, unit, turn.me.id, since.isoformat())


def _page(turn: Turn, unit: Unit, number: int) -> Reply:
    versions = _waiting(turn, unit)
    waiting = list(versions)
    if not waiting:
        return Reply(turn.t("judging.nothing", unit=unit.name), card="judging")
    number = max(0, min(number, (len(waiting) - 1) // PAGE))
    shown = past.whole(turn.db, waiting[number * PAGE : (number + 1) * PAGE])
    rows = [
        turn.t(
            "judging.line",
            code=found.report.code,
            day=date.fromisoformat(found.report.day),
            name=found.author,
            unit=found.unit,
            what=what(turn.say, named(turn, found.report.items), found.report),
            photos=turn.say.label("past.photos", count=found.photos) if found.photos else "",
        )
        for found in shown
    ]
    codes = [Button(found.report.code, Typed(found.report.code).pack()) for found in shown]
    turning = []
    if number:
        turning.append(turn.button("past.buttons.newer", Waiting(unit.id, number - 1)))
    if (number + 1) * PAGE < len(waiting):
        turning.append(turn.button("past.buttons.older", Waiting(unit.id, number + 1)))
    if len(waiting) > 1:
        is_whole = int(len(waiting) <= PAGE)
        everything = AcceptAll(unit.id, waiting[0], len(waiting), sum(versions.values()), is_whole)
        turning.append(turn.button("judging.buttons.all", everything, count=len(waiting)))
    below = (tuple(codes[:3]), tuple(codes[3:]), tuple(turning))
    text = paragraphs(turn.t("judging.title", unit=unit.name, count=len(waiting)), lines(*rows))
    return Reply(text, tuple(filter(None, below)), card="judging")


# One


@router.on(Accept)
def accept(turn: Turn, pressed: Accept) -> Said:
    """What was looked at is what is accepted; if it changed since, it is shown again first."""
    kept = _judged(turn, pressed.report)
    if kept.version == pressed.version and kept.accepted_at is None:
        kept = _accept(turn, kept)
        _tell_author(turn, kept.author_id, [kept])
    return card_of(turn, kept, turn.t("reports.shown", code=kept.code, name=author_of(turn, kept)))


def _judged(turn: Turn, report_id: int) -> Report:
    kept = get(turn, report_id)
    if not rules.may_judge(kept, turn.me, turn.posts, unit_of(turn, kept)):
        raise Refused("chat.not_for_you")
    return kept


def _accept(turn: Turn, kept: Report) -> Report:
    accepted = reports.save(turn.db, rules.accept(kept, turn.me, turn.now), turn.now)
    note(turn, accepted, "reports.accepted", after=in_words(turn, accepted), private=bool(accepted.note))
    return accepted


def _tell_author(turn: Turn, author: int, accepted: list[Report]) -> None:
    """One message, however many."""
    codes = [kept.code for kept in accepted]
    key = "judging.your_accepted" if len(codes) == 1 else "judging.yours_accepted"
    turn.tell(author, lambda say: Reply(say(key, name=turn.me.name, count=len(codes), codes=some(codes))))


@router.on(SendBack)
def send_back(turn: Turn, pressed: SendBack) -> Said:
    """[Trả lại]: asks for the reason."""
    kept = _judged(turn, pressed.report)
    if kept.version != pressed.version:
        return card_of(turn, kept, turn.t("reports.shown", code=kept.code, name=author_of(turn, kept)))
    return return_report.begin(turn, report=kept.id, version=kept.version)


@router.dialog("return_report", questions=1)
def return_report(turn: Turn, ask: Ask, /, report: int, version: int) -> Said:
    """Why; the author hears it with the buttons that mend it. Until then it does not count. One that was changed while
    this was asked is looked at first."""
    kept = _judged(turn, report)
    why = ask.value("why", "judging.why", _reason, quick=lambda: _reasons(turn), code=kept.code)
    if kept.version != version:
        return card_of(turn, kept, turn.t("judging.changed", code=kept.code))
    back = reports.save(turn.db, rules.send_back(kept, why), turn.now)
    note(turn, back, "reports.returned", before=in_words(turn, kept), after=why, private=True)
    tell_head(turn, unit_of(turn, back), date.fromisoformat(back.day))
    turn.tell(back.author_id, _returned(turn, back), kind=Kind.TASK)
    return card_of(turn, back, turn.t("judging.returned", code=back.code, name=author_of(turn, back)))


def _reason(said: str) -> str:
    if len(said) > MOST_REASON:
        raise Refused("chat.too_long", most=MOST_REASON, length=len(said))
    return said


def _reasons(turn: Turn) -> list[Option]:
    return [
        Option(turn.say.label(f"judging.reasons.{one}"), turn.say.label(f"judging.reasons.{one}")) for one in REASONS
    ]


def _returned(turn: Turn, back: Report) -> View:
    def view(say: Voice) -> Reply:
        mend = Button(say.label("reports.buttons.change"), Change(back.id).pack())
        drop = Button(say.label("judging.buttons.drop"), Undo(back.id).pack())
        text = say(
            "judging.your_returned",
            name=turn.me.name,
            code=back.code,
            what=what(say, named(turn, back.items), back),
            day=date.fromisoformat(back.day),
            why=back.returned,
        )
        return Reply(text, ((mend, drop),), code=back.code)

    return view


# Many


def _asked_again(turn: Turn, pressed: AcceptAll) -> Reply:
    """More than one page: whoever presses has not seen them all."""
    everything = turn.button("judging.buttons.all", replace(pressed, sure=1), count=pressed.count)
    on = turn.button("judging.buttons.on", Waiting(pressed.unit, 1))
    return Reply(turn.t("judging.all_unseen", count=pressed.count), ((everything,), (on,)), card="judging")


@router.on(AcceptAll)
def accept_all(turn: Turn, pressed: AcceptAll) -> Said:
    """All that stood there when the button was made, and nothing that came or changed since."""
    unit = _office(turn, pressed.unit)
    those = {report: version for report, version in _waiting(turn, unit).items() if report <= pressed.newest}
    if (len(those), sum(those.values())) != (pressed.count, pressed.versions):
        return _page(turn, unit, 0)
    if not pressed.sure:
        return _asked_again(turn, pressed)
    of: defaultdict[int, list[Report]] = defaultdict(list)
    for kept in reports.several(turn.db, list(those)).values():
        of[kept.author_id].append(_accept(turn, kept))
    for author, accepted in of.items():
        _tell_author(turn, author, accepted)
    return Reply(turn.t("judging.accepted_all", count=len(those), people=len(of)), card="judging")
