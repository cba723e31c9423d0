"""An absence begins, and is over: what is to be done goes to the stand-in and comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.chat import passing
from bot.chat.reply import Kind, Reply
from bot.chat.router import Router, Said
from bot.chat.texts import Voice, counted, paragraphs
from bot.chat.turn import Turn
from bot.rules import people
from bot.rules.refused import Refused
from handlers.away.actions import Back
from storage import absences, audit, handovers, tasks
from storage import people as roster
from storage.absences import Absence

router = Router("away")


def begin(turn: Turn, absence: Absence) -> None:
    """It begins: the work goes to the stand-in, who hears of it with buttons to it."""
    passed = handovers.go_away(turn.db, absence, turn.now)
    _note(turn, absence, "away.begun", "audit.fact.away_now")
    given = tasks.looked_after_by(turn.db, absence.person_id)
    turn.around.routes.passed(turn, passed, given)
    codes = [duty.task.code for duty, _ in passed] + [task.code for task in given]
    last = date.fromisoformat(absence.last_day)
    taken = {"away.yours_work": len(passed), "away.yours_given": len(given)}
    if codes:
        turn.tell(
            absence.stand_in_id,
            lambda say: Reply(
                say("away.yours_now", name=absence.person, last=last, what=counted(say, taken)),
                passing.work_buttons(say, codes),
            ),
            kind=Kind.TASK,
        )


def _end(turn: Turn, absence: Absence) -> int:
    """It is over: what is not done goes back; returns how much."""
    passed = handovers.come_back(turn.db, absence, turn.now)
    turn.around.routes.passed(turn, passed, tasks.looked_after_by(turn.db, absence.person_id))
    _note(turn, absence, "away.over", "audit.state.done")
    return len(passed)


def _note(turn: Turn, absence: Absence, act: str, after: str) -> None:
    """By the person, or by the clock, which needs to be told the unit."""
    home = people.home(roster.posts(turn.db, absence.person_id))
    label = turn.house.label(after)
    turn.note(act, audit.person(absence.person_id), after=label, unit=home.unit.id if home else None)


@router.on(Back)
def back(turn: Turn, pressed: Back) -> Said:
    """[Tôi đã về]: only whose absence it is."""
    absence = absences.get(turn.db, pressed.absence)
    if absence is None or absence.person_id != turn.me.id:
        raise Refused("chat.not_for_you")
    if absence.state == "over":
        raise Refused("away.over_already")
    count = _end(turn, absence)
    turn.tell(absence.stand_in_id, lambda say: Reply(say("away.is_back", name=absence.person)))
    return replace(_welcome(turn.say, count), card=f"away:{absence.id}")


def _welcome(say: Voice, count: int) -> Reply:
    """`count`: how much is theirs again."""
    text = paragraphs(say("away.welcome_back"), say("away.yours_again", count=count) if count else ())
    return Reply(text, passing.work_buttons(say, []) if count else ())


@router.daily("00:06")
def turn_the_page(turn: Turn) -> None:
    """What begins today begins, what ended yesterday is over."""
    for absence in absences.due(turn.db, turn.today.isoformat()):
        if absence.last_day < turn.today.isoformat():
            _over(turn, absence)
        else:
            begin(turn, absence)


def _over(turn: Turn, absence: Absence) -> None:
    count = _end(turn, absence)
    if absence.state != "on":
        return
    turn.tell(absence.person_id, lambda say: _welcome(say, count))
    turn.tell(absence.stand_in_id, lambda say: Reply(say("away.is_back", name=absence.person)))
