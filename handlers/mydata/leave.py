"""Restricting the use of one's data, and having them erased: what goes, what stays and why, and who takes over."""

from __future__ import annotations

from datetime import date

from bot.chat.message import Address, Text
from bot.chat.reply import Kind, Reply
from bot.chat.router import Router, Said
from bot.chat.texts import Voice, counted, paragraphs, some
from bot.chat.turn import Turn
from bot.rules import mydata as rules
from bot.rules import people, rights
from handlers.mydata.actions import Download, Erase, Restrict, Show
from handlers.mydata.page import CARD, page
from handlers.mydata.requests import file
from storage import audit, mydata, units
from storage import people as roster
from storage.mydata import Work
from storage.people import Person

router = Router("mydata")


@router.on(Restrict)
def restrict(turn: Turn, pressed: Restrict) -> Said:
    """Kept but not used: the bot writes no more by itself, until it is lifted."""
    if pressed.on == 1:
        yes = turn.button("mydata.buttons.restrict_yes", Restrict(2))
        no = turn.button("mydata.buttons.no", Show())
        return Reply(turn.t("mydata.restrict_sure"), ((yes, no),), card=CARD)
    on = pressed.on == 2
    if (mydata.restricted_at(turn.db, turn.me.id) is not None) != on:
        mydata.restrict(turn.db, turn.me.id, turn.now if on else None)
        used, kept = turn.house.label("audit.fact.used"), turn.house.label("audit.fact.only_kept")
        before, after = (used, kept) if on else (kept, used)
        turn.note("mydata.restricted" if on else "mydata.lifted", audit.person(turn.me.id), before=before, after=after)
    return page(turn, turn.t("mydata.restricted" if on else "mydata.lifted"))


@router.on(Erase, left=True)
def erase(turn: Turn, pressed: Erase) -> Said:
    """In numbers first, then one more question, then at once; or as a request, where somebody has to take over."""
    if mydata.open_of(turn.db, turn.me.id, "erase"):
        return Reply(turn.t("mydata.erase_asked_already"), card=CARD)
    waits = rules.must_hand_over(turn.posts, len(mydata.open_gifts(turn.db, turn.me.id)))
    if pressed.sure == 0:
        return _preview(turn, waits=waits)
    if pressed.sure == 1:
        yes = turn.button("mydata.buttons.erase_ask" if waits else "mydata.buttons.erase_yes", Erase(2))
        no = turn.button("mydata.buttons.no", Show())
        return Reply(turn.t("mydata.erase_sure_asked" if waits else "mydata.erase_sure"), ((yes, no),), card=CARD)
    if waits:
        made = file(turn, "erase", "")
        return Reply(turn.t("mydata.erase_asked", due=date.fromisoformat(made.due_day)), card=CARD)
    chats = mydata.chats(turn.db, turn.me.id)
    farewell = Reply(turn.t("mydata.erased"), card=CARD)
    erase_person(turn, turn.me)
    _say_elsewhere(turn, turn.say, [Address(one.channel, one.chat) for one in chats])
    turn.become(None)
    turn.use_commands()
    return farewell


def _preview(turn: Turn, *, waits: bool) -> Reply:
    held = mydata.held(turn.db, turn.me.id)
    gone = {
        "mydata.gone_chats": held.chats,
        "mydata.gone_messages": held.messages,
        "mydata.gone_photos": held.photos,
        "mydata.gone_drafts": held.drafts,
    }
    kept = {"mydata.stays_reports": held.reports, "mydata.stays_traces": held.traces}
    goes = turn.t("mydata.erase_goes", what=_listed(turn, gone))
    stays = turn.t("mydata.erase_stays", name=stand_in(turn, turn.me.id), what=_listed(turn, kept))
    rest = turn.t("mydata.erase_waits") if waits else turn.t("mydata.erase_at_once")
    text = paragraphs(turn.t("mydata.erase_title"), goes, stays, _work(turn), rest, turn.t("mydata.erase_backups"))
    buttons = (
        (turn.button("mydata.buttons.download", Download()),),
        (turn.button("mydata.buttons.erase_on", Erase(1)), turn.button("mydata.buttons.no", Show())),
    )
    return Reply(text, buttons, card=CARD)


def _listed(turn: Turn, counts: dict[str, int]) -> str:
    """At the beginning or in the middle of a list."""
    said = counted(turn.say, counts)
    return f"{said}, " if said else ""


def _work(turn: Turn) -> Text:
    work = mydata.open_work(turn.db, turn.me.id)
    if not work:
        return ()
    takers = [taker for one in work if (taker := _takers(turn, one.unit_id, turn.me.id)[:1])]
    names = list(dict.fromkeys(taker[0].name for taker in takers))
    return turn.t("mydata.erase_work", count=len(work), names=some(names) or turn.say.label("mydata.nobody_yet"))


def stand_in(turn: Turn, person_id: int) -> str:
    """The name that stays: always the same for a person, and nothing leads back from it."""
    return turn.house.label("mydata.stand_in", code=f"{person_id:04d}")


def _takers(turn: Turn, unit_id: int, but: int) -> list[Person]:
    """Who can go on with work of a unit: the nearest lead first, then those above."""
    unit = units.get(turn.db, unit_id)
    found = []
    for one in [unit, *units.above(turn.db, unit)] if unit else []:
        lead = roster.leaders(turn.db, [one.id]).get(one.id)
        if lead is not None and lead.person.id != but and lead.role in rights.LEADS:
            found.append(lead.person)
    return found


def erase_person(turn: Turn, person: Person) -> None:
    """Hand over what is open, leave a trace under the stand-in, and take out who it was."""
    turn.db.hold(f"person {person.id}")
    name = stand_in(turn, person.id)
    post = people.home(roster.posts(turn.db, person.id))
    _pass_on_work(turn, person.id, name)
    _pass_on_gifts(turn, person.id, name)
    what = turn.house.label("audit.fact.erased")
    turn.note("mydata.erased", audit.person(person.id), after=what, unit=post.unit.id if post else None)
    mydata.erase(turn.db, person.id, name, turn.now)


def _pass_on_work(turn: Turn, person_id: int, name: str) -> None:
    got: dict[int, list[str]] = {}
    for work in mydata.open_work(turn.db, person_id):
        taker = next((one for one in _takers(turn, work.unit_id, person_id) if _passed(turn, work, one, name)), None)
        if taker is not None:
            got.setdefault(taker.id, []).append(work.code)
    for taker_id, found in got.items():
        turn.tell(taker_id, lambda say, found=found: Reply(say("mydata.work_for_you", name=name, codes=some(found))))  # type: ignore[misc]


def _passed(turn: Turn, work: Work, taker: Person, name: str) -> bool:
    if not mydata.pass_on(turn.db, work, taker.id, turn.now):
        return False
    turn.note("mydata.passed_on", work.code, before=name, after=taker.name, unit=work.unit_id)
    return True


def _pass_on_gifts(turn: Turn, person_id: int, name: str) -> None:
    for task_id, unit_id in mydata.open_gifts(turn.db, person_id):
        takers = _takers(turn, unit_id, person_id)
        if takers:
            mydata.give_on(turn.db, task_id, takers[0].id)
            turn.note("mydata.passed_on", f"V-{task_id:04d}", before=name, after=takers[0].name, unit=unit_id)
            code = f"V-{task_id:04d}"
            turn.tell(takers[0].id, lambda say, code=code: Reply(say("mydata.gift_for_you", name=name, code=code)))  # type: ignore[misc]


def _say_elsewhere(turn: Turn, say: Voice, chats: list[Address]) -> None:
    """The person's other chats hear that it is over, too."""
    for to in chats:
        if to != turn.address:
            turn.post.say(to, say, Reply(say("mydata.erased")), kind=Kind.NOTICE)
