"""Reminders: privately, only to those who are not finished, with the button that does it; late work to its giver."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import groupby

from bot.chat.message import Button, in_rows
from bot.chat.reply import Kind, Reply, View
from bot.chat.router import Router
from bot.chat.texts import Voice, lines, some
from bot.chat.turn import Turn
from handlers.tasks.actions import Board, Finish
from storage import tasks
from storage.tasks import Duty, Part, Task

router = Router("reminders")


@router.daily("07:00")
def morning(turn: Turn) -> None:
    """What is due today, and what is due tomorrow: one message a person for each.

    Days are those of when it is heard: rung late in the night, it is heard in the morning.
    """
    heard_at = turn.undisturbed() or turn.now
    midnight = datetime.combine(turn.when(heard_at), time())
    tomorrow, after = (turn.moment(midnight + timedelta(days=days)) for days in (1, 2))
    _remind(turn, "due_today", tasks.unfinished_due(turn.db, heard_at, tomorrow))
    _remind(turn, "due_tomorrow", tasks.unfinished_due(turn.db, tomorrow, after))


def _remind(turn: Turn, what: str, duties: list[Duty]) -> None:
    fresh = [duty for duty in duties if tasks.remind(turn.db, duty.assignment.id, what, turn.now)]
    fresh.sort(key=lambda duty: duty.assignment.person_id)
    for person_id, theirs in groupby(fresh, key=lambda duty: duty.assignment.person_id):
        turn.tell(person_id, _reminder(turn, what, list(theirs)), kind=Kind.REMINDER)


def _reminder(turn: Turn, what: str, duties: list[Duty]) -> View:
    def view(say: Voice) -> Reply:
        rows = [
            say("reminders.line", code=d.task.code, title=d.task.title, due=turn.when(d.task.due_at)) for d in duties
        ]
        buttons = [
            (Button(say.label("reminders.buttons.finish", code=d.task.code), Finish(d.assignment.id).pack()),)
            for d in duties
        ]
        return Reply(lines(say(f"reminders.{what}"), *rows), tuple(buttons))

    return view


@router.daily("07:15")
def overdue(turn: Turn) -> None:
    """To each giver, one message a day about everything that is late."""
    day = turn.when(turn.undisturbed() or turn.now).date()
    late = [
        (task, part)
        for task, part in tasks.overdue(turn.db, turn.now)
        if tasks.remind(turn.db, part.assignment.id, f"overdue {day}", turn.now)
    ]
    for giver_id, theirs in groupby(late, key=lambda pair: pair[0].giver_id):
        turn.tell(giver_id, _digest(list(theirs)), kind=Kind.REMINDER)


def _digest(late: list[tuple[Task, Part]]) -> View:
    def view(say: Voice) -> Reply:
        rows, buttons = [], []
        for task, pairs in groupby(late, key=lambda pair: pair[0]):
            who = some([f"{part.unit.name} – {part.person}" for _, part in pairs])
            rows.append(say("reminders.overdue_line", code=task.code, title=task.title, names=who))
            buttons.append(Button(task.code, Board(task.id, 0).pack()))
        return Reply(lines(say("reminders.overdue", count=len(late)), *rows), in_rows(buttons, 3))

    return view
