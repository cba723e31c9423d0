"""What people ask about their data: within two working days an administrator answers, in one press or in words."""

from __future__ import annotations

from datetime import date

from bot.chat.dialog import Ask
from bot.chat.message import Button, Text
from bot.chat.reply import Reply, View
from bot.chat.router import Router, Said
from bot.chat.texts import Voice, paragraphs
from bot.chat.turn import Turn
from bot.rules import mydata as rules
from bot.rules import people, rights
from bot.rules.refused import Refused
from handlers.mydata.actions import Answer, AnswerInWords, Carry, Open
from handlers.mydata.actions import Ask as AskAction
from storage import mydata, units
from storage import people as roster
from storage.mydata import Request

router = Router("mydata")


def file(turn: Turn, kind: str, said: str) -> Request:
    """Ask the administrators of one's unit, or of the last one; the nearest are told. Raises Refused for somebody who
    never had a post."""
    post = people.home(turn.posts)
    unit = post.unit if post else units.get(turn.db, roster.last_unit(turn.db, turn.me.id) or 0)
    if unit is None:
        raise Refused("reports.no_team")
    due = turn.settings.working_days.after(turn.today, rules.ANSWER_DAYS)
    made = mydata.ask(turn.db, turn.me, unit.id, kind, said, due.isoformat(), turn.now)
    state = turn.house.label("audit.state.open")
    turn.note(f"mydata.asked_{kind}", made.code, after=state, unit=unit.id)
    for one in mydata.administrators(turn.db, unit):
        if one != turn.me.id:
            turn.tell(one, card(turn, made, "mydata.new_request"))
    return made


@router.on(AskAction, left=True)
def begin(turn: Turn, pressed: AskAction) -> Said:
    return ask_admin.begin(turn)


@router.dialog("ask", left=True)
def ask_admin(turn: Turn, ask: Ask, /) -> Said:
    """In one's own words."""
    said = ask.text("said", "mydata.ask_what", most=500)
    made = file(turn, "ask", said)
    return Reply(turn.t("mydata.asked", code=made.code, due=date.fromisoformat(made.due_day)), code=made.code)


def name_of(turn: Turn, one: Request) -> str:
    person = roster.get(turn.db, one.person_id)
    return person.name if person else "?"


@router.on(Open)
def open_request(turn: Turn, pressed: Open) -> Said:
    return card(turn, checked(turn, pressed.request))(turn.say)


def checked(turn: Turn, request_id: int) -> Request:
    """The request, for an administrator of its unit who is not its author. Raises Refused."""
    made = mydata.request(turn.db, request_id)
    rights.check(turn.posts, "data", units.get(turn.db, made.unit_id) if made else None)
    if made is None or made.person_id == turn.me.id:
        raise Refused("chat.not_for_you")
    return made


def about(turn: Turn, say: Voice, made: Request) -> Text:
    unit = units.get(turn.db, made.unit_id)
    return paragraphs(
        say(
            "mydata.request",
            code=made.code,
            name=name_of(turn, made),
            unit=unit.name if unit else "",
            kind=say.label(f"mydata.kind.{made.kind}"),
            at=turn.when(made.at),
        ),
        say("mydata.request_said", said=made.said) if made.said else (),
        say("mydata.request_due", due=date.fromisoformat(made.due_day))
        if made.state == "open"
        else _answered(turn, say, made),
    )


def _answered(turn: Turn, say: Voice, made: Request) -> Text:
    at = turn.when(made.answered_at or made.at)
    return say("mydata.request_answered", at=at, answer=made.answer or say.label(f"audit.state.{made.state}"))


def card(turn: Turn, made: Request, heading: str = "") -> View:
    """The request as an administrator sees it."""

    def view(say: Voice) -> Reply:
        rows: tuple[tuple[Button, ...], ...] = ()
        if made.state == "open":
            done = Button(say.label("mydata.buttons.answer_done"), Answer(made.id).pack())
            if made.kind == "erase":
                done = Button(say.label("mydata.buttons.carry_out"), Carry(made.id, 0).pack())
            rows = ((done, Button(say.label("mydata.buttons.answer_words"), AnswerInWords(made.id).pack())),)
        text = paragraphs(say(heading) if heading else (), about(turn, say, made))
        return Reply(text, rows, card=f"request:{made.id}", code=made.code)

    return view
