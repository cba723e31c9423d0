"""Correcting one's own name, number or language; the lead sees it and may take it back."""

from __future__ import annotations

from bot.chat.dialog import Ask, Option
from bot.chat.message import Button
from bot.chat.reply import Reply, View
from bot.chat.router import Router, Said
from bot.chat.texts import LANGUAGES, Voice
from bot.chat.turn import Turn
from bot.rules import mydata as rules
from bot.rules import people, rights
from bot.rules.refused import Refused
from handlers.mydata.actions import Correct, TakeBack
from handlers.mydata.page import page
from storage import audit, mydata, units
from storage import people as roster
from storage.mydata import Correction

router = Router("mydata")


@router.on(Correct)
def begin(turn: Turn, pressed: Correct) -> Said:
    return correct.begin(turn)


@router.dialog("correct", questions=2)
def correct(turn: Turn, ask: Ask, /) -> Said:
    """What, and how it is right; then one look."""
    what = ask.choice("what", "mydata.correct_what", lambda: _parts(turn), columns=3)
    match what:
        case "name":
            was = turn.me.name
            now = ask.value("name", "mydata.correct_name", lambda said: rules.check_name(said, was), of=what, was=was)
        case "phone":
            was = turn.me.phone or turn.say.label("mydata.no_phone")
            now = ask.value("phone", "mydata.correct_phone", lambda said: _phone(turn, said), of=what, was=was)
        case _:
            was = turn.say.label(f"mydata.language.{turn.me.language}")
            now = ask.choice("language", "mydata.correct_language", lambda: _languages(turn), of=what)
    shown = turn.say.label(f"mydata.language.{now}") if what == "language" else now
    ask.confirm("mydata.correct_check", was=was, now=shown)
    return _keep(turn, what, now)


def _parts(turn: Turn) -> list[Option]:
    return [Option(part, turn.say.label(f"mydata.part.{part}")) for part in ("name", "phone", "language")]


def _languages(turn: Turn) -> list[Option]:
    return [Option(one, turn.say.label(f"mydata.language.{one}")) for one in LANGUAGES]


def _phone(turn: Turn, said: str) -> str:
    phone = rules.check_phone(said, turn.me.phone)
    if any(other.id != turn.me.id for other in roster.with_phone(turn.db, phone)):
        raise Refused("mydata.taken_phone", phone=phone)
    return phone


def _keep(turn: Turn, what: str, now: str) -> Said:
    turn.db.hold(f"person {turn.me.id}")
    was = turn.me.language if what == "language" else turn.me.name if what == "name" else turn.me.phone
    match what:
        case "language":
            roster.speak(turn.db, turn.me.id, now)
        case "name":
            mydata.rename(turn.db, turn.me.id, now)
        case _:
            turn.db.hold(f"phone {now}")
            _phone(turn, now)
            mydata.renumber(turn.db, turn.me.id, now)
    before, after = was, now
    if what == "language":
        before, after = (turn.house.label(f"mydata.language.{one}") for one in (was, now))
    turn.note("mydata.corrected", audit.person(turn.me.id), before=before, after=after, private=True)
    if what != "language":
        kept = mydata.correct(turn.db, turn.me.id, what, was, now, turn.now)
        lead = _lead(turn)
        if lead is not None:
            turn.tell(lead, _told(turn, kept, what, was, now))
    turn.become(roster.get(turn.db, turn.me.id))
    return page(turn, turn.t("mydata.corrected"))


def _lead(turn: Turn) -> int | None:
    """Who may take it back: the nearest lead above, else the nearest administrator."""
    post = people.home(turn.posts)
    if post is None:
        return None
    for unit in [post.unit, *units.above(turn.db, post.unit)]:
        lead = roster.leaders(turn.db, [unit.id]).get(unit.id)
        if lead is not None and lead.person.id != turn.me.id and lead.role in rights.LEADS and lead.reachable:
            return lead.person.id
    return next((one for one in mydata.administrators(turn.db, post.unit) if one != turn.me.id), None)


def _told(turn: Turn, correction_id: int, what: str, was: str, now: str) -> View:
    name = was if what == "name" else turn.me.name

    def view(say: Voice) -> Reply:
        part = say.label(f"mydata.part.{what}")
        text = say("mydata.they_corrected", name=name, part=part, was=was or say.label("mydata.no_phone"), now=now)
        back = Button(say.label("mydata.buttons.take_back"), TakeBack(correction_id).pack())
        return Reply(text, ((back,),), card=f"correction:{correction_id}")

    return view


@router.on(TakeBack)
def take_back(turn: Turn, pressed: TakeBack) -> Said:
    """As it was before, if it still is what the person made of it; they are told."""
    made = mydata.correction(turn.db, pressed.correction)
    if made is None or not _may(turn, made):
        raise Refused("chat.not_for_you")
    turn.db.hold(f"person {made.person_id}")
    person = roster.get(turn.db, made.person_id)
    is_now = person and (person.name if made.what == "name" else person.phone)
    card = f"correction:{made.id}"
    if person is None or is_now != made.after or not mydata.take_back(turn.db, made.id, turn.now):
        return Reply(turn.t("mydata.changed_since"), card=card)
    (mydata.rename if made.what == "name" else mydata.renumber)(turn.db, person.id, made.before)
    home = people.home(roster.posts(turn.db, person.id))
    turn.note(
        "mydata.taken_back",
        audit.person(person.id),
        before=made.after,
        after=made.before,
        unit=home.unit.id if home else None,
        private=True,
    )
    lead = turn.me.name
    was = made.before

    def view(say: Voice) -> Reply:
        part = say.label(f"mydata.part.{made.what}")
        return Reply(say("mydata.yours_taken_back", lead=lead, part=part, was=was or say.label("mydata.no_phone")))

    turn.tell(person.id, view, anyway=True)
    return Reply(turn.t("mydata.you_took_back", name=made.before if made.what == "name" else person.name), card=card)


def _may(turn: Turn, made: Correction) -> bool:
    theirs = roster.posts(turn.db, made.person_id)
    return made.person_id != turn.me.id and rights.outranks(turn.posts, theirs)
