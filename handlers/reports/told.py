"""One message is a report: what was understood as a card with [Gửi] [Sửa] [Bỏ], and whatever is said until it is sent
goes onto the same card."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from bot.chat.answers import agrees
from bot.chat.dialog import Ask, Extras, Heard, Miss, Prompt, leave
from bot.chat.message import Text
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.texts import lines
from bot.chat.turn import Turn
from bot.rules import people
from bot.rules import reports as rules
from bot.rules import told as telling
from bot.rules.told import Told
from handlers.reports import added, against, asked, heard, keeping, own, places, sheet, twice, whose
from handlers.reports.cards import author_of, card_of, get, lines_of, named, unit_of, what
from handlers.reports.choosing import home_team
from handlers.reports.closing import check_change
from handlers.reports.talk import STORE, Talk
from storage import drafts, files
from storage.drafts import Draft
from storage.reports import Report
from storage.units import Unit

router = Router("reports")


def _drop(turn: Turn, draft: Draft) -> list[Reply]:
    """[Bỏ] is of this card only: what was told of another day comes next."""
    before = _told_in(turn, draft)
    draft.answers[STORE] = [telling.as_json(replace(before, later=())), ""]
    day = date.fromisoformat(before.day)
    others = bool(before.later) or left(turn, new=True) is not None
    gone = leave(turn, draft, turn.t("reports_told.dropped_one", day=day) if others else ())
    return [gone, *_next(turn, before)]


@router.dialog("told", places=True, dropped=_drop)
def told(turn: Turn, ask: Ask, /, editing: int = 0) -> Said:
    """What is not certain is asked, anything can be changed or added, then it is sent; `editing`: a sent report."""
    talk = Talk(turn, ask, _told_in(turn, ask.draft), _edited(turn, editing) if editing else None)
    talk.keep(talk.told)
    added.photos(talk)
    places.take(talk)
    while (after := _step(talk)) is not None:
        if set(talk.told.items) - set(after.items):
            turn.did("changed")
        talk.keep(after)
        talk.notice, talk.then = talk.then, ()
    return _finish(talk)


def _told_in(turn: Turn, draft: Draft) -> Told:
    kept = draft.answers.get(STORE)
    return telling.of_json(kept[0]) if kept else anew(turn)


def _edited(turn: Turn, report_id: int) -> Report:
    kept = get(turn, report_id)
    check_change(turn, kept)
    return kept


def _step(talk: Talk) -> Told | None:
    """One question; None: it is to be sent."""
    if talk.told.part:
        return sheet.change(talk)
    if talk.told.among:
        return whose.put(talk)
    if talk.told.doubt is not None:
        return asked.put(talk, talk.told.doubt)
    if not talk.told.has_content:
        return asked.what(talk)
    if (at := own.due(talk)) is not None:
        return own.put(talk, at)
    if talk.told.twice:
        after = twice.put(talk, lambda told: _next(talk.turn, told))
        return against.begin(talk, _unit(talk)) if after is None else after
    if talk.told.against:
        return against.put(talk, lambda told: _next(talk.turn, told))
    return _look(talk)


def _look(talk: Talk) -> Told | None:
    """The card."""

    def answer(said: Heard) -> Told | None:
        match said.value:
            case None if agrees(said.text) and _is_whole(talk.told):
                return _send(talk)
            case None:
                return added.words(talk, said.text)
            case "send" if _is_whole(talk.told):
                return _send(talk)
            case "fix":
                return sheet.begin(talk.told)
            case "team":
                return _other_team(talk)
        raise Miss(talk.turn.t("chat.do_or_fix", button=talk.send))

    return talk.ask.once("look", answer, lambda: _card(talk))


def _send(talk: Talk) -> Told | None:
    """What somebody else changed meanwhile is looked at first; no photo that came meanwhile is lost."""
    kept = talk.kept
    if not whose.is_mate(talk, _unit(talk)):
        talk.then = talk.turn.t("behalf.no_mate", unit=_unit(talk).name)
        return replace(talk.told, whose=0)
    if kept is None or kept.version == talk.told.version:
        return twice.begin(talk, _unit(talk)) or against.begin(talk, _unit(talk))
    talk.then = talk.turn.t("reports_told.changed_meanwhile", code=kept.code)
    stored = [file.id for file in files.of_report(talk.turn.db, kept.id)]
    return telling.with_photos(replace(talk.told, version=kept.version), stored)


def _is_whole(told: Told) -> bool:
    """Something certain is there to be sent."""
    return bool(told.items or told.nothing)


def _card(talk: Talk) -> Prompt:
    first = [(talk.label(talk.send_key), "send")] if _is_whole(talk.told) else []
    rows = [[*first, (talk.label("chat.buttons.fix"), "fix")]]
    if len(people.teams(talk.turn.posts)) > 1 and not talk.kept:
        rows.append([(talk.label("reports.buttons.other_team"), "team")])
    return talk.prompt(_shown(talk), rows, last=True, gathers=True)


def _shown(talk: Talk) -> Text:
    told, turn, day = talk.told, talk.turn, date.fromisoformat(talk.told.day)
    shown = lines(
        lines_of(turn, turn.say, told.items, day, _unit(talk), told.note, talk.photos, told.place),
        whose.line(talk),
        *_open_ones(talk),
        *_warnings(talk),
        *(turn.t("reports_told.later", words=words[:200]) for words in (*told.later, *_of_others(turn))),
    )
    if not _is_whole(told):
        return turn.t("reports_told.nothing_certain", lines=shown)
    if talk.kept is None:
        return turn.t("reports.check", lines=shown, button=talk.send)
    before = what(turn.say, named(turn, talk.kept.items), talk.kept)
    when = turn.say.write(date.fromisoformat(talk.kept.day))
    return turn.t("reports_told.mend_check", code=talk.kept.code, before=before, day=when, lines=shown)


def _open_ones(talk: Talk) -> list[Text]:
    """What nobody was asked for any more: it goes along as words, not as a number."""
    names = [talk.category(one.category).name(talk.turn.say.language) for one in talk.told.doubts if one.category]
    numbers = [str(one.values[0]) for one in talk.told.doubts if one.why == "category" and one.values]
    return [talk.turn.t("reports_told.open", what=name) for name in dict.fromkeys((*names, *numbers))]


def _warnings(talk: Talk) -> list[Text]:
    """What is worth a second look before it is sent."""
    found = []
    for item in talk.told.items:
        if item.count and rules.is_unusual(item.count, talk.category(item.category).usual):
            found.append(talk.turn.t("reports_told.unusual", amount=talk.amount(item)))
    if talk.told.unkept:
        most, left = telling.MOST_PHOTOS, talk.told.unkept
        found.append(talk.turn.t("reports_told.too_many_photos", most=most, left=left))
    return found


def _unit(talk: Talk) -> Unit:
    """Of a sent report its own; else a team of this person, the usual one where the named is theirs no more."""
    kept = talk.kept and unit_of(talk.turn, talk.kept)
    if kept and kept.id == talk.told.team:
        return kept
    own = [post.unit for post in people.teams(talk.turn.posts)]
    return next((unit for unit in own if unit.id == talk.told.team), None) or kept or home_team(talk.turn)


def _other_team(talk: Talk) -> Told:
    others = [post.unit for post in people.teams(talk.turn.posts) if post.unit.id != _unit(talk).id]
    if len(others) == 1:
        return replace(talk.told, team=others[0].id)
    return replace(talk.told, part="team")


def _finish(talk: Talk) -> Said:
    turn, told = talk.turn, talk.told
    extras, day = Extras(list(told.files), told.note), date.fromisoformat(told.day)
    drafts.drop(turn.db, talk.ask.draft.id)
    gone = [keeping.take_back(turn, one) for one in against.given_up(talk)]
    if talk.kept is not None and talk.stays:
        kept, heading = talk.kept, "reports.unchanged"
    elif talk.kept is not None:
        kept, heading = keeping.change(turn, talk.kept.id, told, _unit(talk)), "reports.changed"
    else:
        kept = keeping.keep(
            turn, _unit(talk), day, told.items, extras, said=told.words, place=told.place, whose=told.whose
        )
        heading = "together.given" if told.whose else "reports.kept"
    card = card_of(
        turn, kept, turn.t(heading, code=kept.code, **({"name": author_of(turn, kept)} if told.whose else {}))
    )
    return [*gone, card, *_next(turn, told)]


def _next(turn: Turn, before: Told) -> list[Reply]:
    """What was told of another day becomes a card of its own; else a card that was left comes back."""
    said: Said = None
    if before.later:
        first, *rest = before.later
        after = added.reported(turn, replace(anew(turn), whose=before.whose), first, heard.hear(turn, first))
        said = begin(turn, replace(after, later=(*after.later, *rest)))
    elif (other := left(turn, new=True)) is not None:
        drafts.resume(turn.db, other, turn.now)
        said = told.show(turn, other)
    return [said] if isinstance(said, Reply) else list(said or ())


def left(turn: Turn, *, new: bool = False) -> Draft | None:
    """A card that was left for something else, and neither dropped nor sent; `new`: not of a report that was sent."""
    for one in drafts.aside(turn.db, turn.address.channel, turn.address.chat):
        is_left = one.dialog == told.name and not one.view.get(drafts.DROPPED) and not turn.is_expired(one)
        if is_left and not (new and one.params):
            return one
    return None


def _of_others(turn: Turn) -> list[str]:
    """The words of a card that was left: it comes after this one."""
    other = left(turn, new=True)
    words = _told_in(turn, other).words if other else ""
    return [words] if words else []


def anew(turn: Turn) -> Told:
    """Nothing told yet."""
    today = turn.today.isoformat()
    return Told(today, today, home_team(turn).id)


def begin(turn: Turn, first: Told, **params: Any) -> Said:
    """Show what is told as a card, or ask what is not certain."""
    return told.begin(turn, {STORE: (telling.as_json(first), "")}, **params)
