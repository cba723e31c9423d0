"""Administrators answer requests about data, and are reminded before the time is over."""

from __future__ import annotations

from bot.chat import plainly
from bot.chat.dialog import Ask
from bot.chat.message import Address
from bot.chat.reply import Kind, Reply
from bot.chat.router import Router, Said
from bot.chat.turn import Turn
from bot.rules import people
from bot.rules.mydata import Typed
from bot.rules.refused import Refused
from handlers.mydata.actions import Answer, AnswerInWords, Carry
from handlers.mydata.leave import erase_person, stand_in
from handlers.mydata.requests import card, checked
from storage import mydata, units
from storage import people as roster
from storage.mydata import Request

MOST_WORDS = 500

router = Router("mydata")


@router.on(Answer)
def done(turn: Turn, pressed: Answer) -> Said:
    """[Đã làm xong]: in one press."""
    made = _open(turn, pressed.request)
    if made.kind == "erase":
        raise Refused("chat.stale_button")
    return _answer(turn, made, "done", "")


def typed(turn: Turn, made: Request, said: Typed) -> Said:
    """What was typed at once, "3 xong" or "3 đã sửa rồi", as its buttons would have it; an erasure is asked about."""
    if made.state != "open":
        raise Refused("mydata.answered_already", code=made.code)
    if said.done:
        return carry_out(turn, Carry(made.id, 0)) if made.kind == "erase" else _answer(turn, made, "done", "")
    fits = plainly.units(said.words) <= MOST_WORDS
    return answer.begin(turn, {"words": (said.words, "")} if fits else {}, request=made.id)


@router.on(AnswerInWords)
def begin(turn: Turn, pressed: AnswerInWords) -> Said:
    return answer.begin(turn, request=_open(turn, pressed.request).id)


@router.dialog("answer")
def answer(turn: Turn, ask: Ask, /, request: int) -> Said:
    """In words, which the person hears."""
    made = _open(turn, request)
    words = ask.text("words", "mydata.answer_what", most=MOST_WORDS)
    return _answer(turn, made, "refused" if made.kind == "erase" else "done", words)


def _open(turn: Turn, request_id: int) -> Request:
    made = checked(turn, request_id)
    if made.state != "open":
        raise Refused("mydata.answered_already", code=made.code)
    return made


def _answer(turn: Turn, made: Request, state: str, words: str) -> Said:
    if not mydata.answer(turn.db, made.id, state, words, turn.me.id, turn.now):
        raise Refused("mydata.answered_already", code=made.code)
    before, after = turn.house.label("audit.state.open"), words or turn.house.label(f"audit.state.{state}")
    turn.note("mydata.answered", made.code, before=before, after=after, unit=made.unit_id, private=bool(words))
    key = "mydata.your_answer" if words else "mydata.your_request_done"
    reached = turn.tell(made.person_id, lambda say: Reply(say(key, code=made.code, words=words)), anyway=True)
    told = turn.t("mydata.you_answered" if reached else "mydata.you_answered_nobody", code=made.code)
    return Reply(told, card=f"request:{made.id}", code=made.code)


@router.on(Carry)
def carry_out(turn: Turn, pressed: Carry) -> Said:
    """[Xóa]: whoever depends on the person has somebody else now; after one question."""
    made = _open(turn, pressed.request)
    person = roster.get(turn.db, made.person_id)
    if made.kind != "erase" or person is None:
        raise Refused("chat.stale_button")
    gifts = len(mydata.open_gifts(turn.db, person.id))
    if _is_last(turn, person.id):
        raise Refused("mydata.last_administrator", name=person.name)
    if not pressed.sure:
        yes = turn.button("mydata.buttons.carry_out_yes", Carry(made.id, 1))
        text = turn.t("mydata.carry_out_sure", name=person.name, gifts=gifts)
        return Reply(text, ((yes,),), card=f"request:{made.id}", code=made.code)
    name = stand_in(turn, person.id)
    voice, chats = turn.voice_of(person), mydata.chats(turn.db, person.id)
    mydata.answer(turn.db, made.id, "done", "", turn.me.id, turn.now)
    before, after = turn.house.label("audit.state.open"), turn.house.label("audit.state.done")
    turn.note("mydata.answered", made.code, before=before, after=after, unit=made.unit_id)
    erase_person(turn, person)
    for one in chats:
        turn.post.say(Address(one.channel, one.chat), voice, Reply(voice("mydata.erased")), kind=Kind.NOTICE)
    return Reply(turn.t("mydata.carried_out", name=name), card=f"request:{made.id}", code=made.code)


def _is_last(turn: Turn, person_id: int) -> bool:
    """Without an administrator at the top nobody could look after the bot."""
    posts = roster.posts(turn.db, person_id)
    if not people.is_admin(posts):
        return False
    top = units.top(turn.db)
    return top is not None and set(mydata.administrators(turn.db, top)) == {person_id}


@router.daily("07:20")
def remind(turn: Turn) -> None:
    """On the working day before the last, and each day from then on, the administrators hear what waits."""
    if not turn.settings.working_days.is_worked(turn.today):
        return
    day = turn.settings.working_days.after(turn.today, 1)
    for made in mydata.due(turn.db, day.isoformat(), turn.today.isoformat()):
        mydata.reminded(turn.db, made.id, turn.today.isoformat())
        unit = units.get(turn.db, made.unit_id)
        for one in mydata.administrators(turn.db, unit) if unit else []:
            if one != made.person_id:
                turn.tell(one, card(turn, made, "mydata.request_waits"))
