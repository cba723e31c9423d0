"""Tasks and reports of people who do not exist: shown, never kept."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.chat.action import Action
from bot.chat.dialog import Ask, Option
from bot.chat.message import Button
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.turn import Turn
from bot.rules.refused import Refused
from handlers.practice.actions import Judge, Task

END_OF_DAY, LATE = time(17), time(15)
STATES = ("given", "accepted", "done")
REASONS = ("no_photo", "wrong_count", "twice", "wrong_day")

router = Router("practice")


@router.stands_in("viec")
def task(turn: Turn) -> Said:
    """The work of somebody who practises is one invented task."""
    return task_card(turn, "given")


def task_card(turn: Turn, state: str) -> Reply:
    text = turn.t(
        "practice.task",
        due=_due(turn),
        status=turn.t(f"tasks.status.{state}"),
    )
    rows: list[tuple[Button, ...]] = []
    if state != "done":
        first = [turn.button("tasks.buttons.accept", Task("accepted"))] if state == "given" else []
        rows = [(*first, turn.button("tasks.buttons.finish", Task("done")))]
    return Reply(text, tuple(rows), card="practice task")


def _due(turn: Turn) -> datetime:
    """The end of this day, or of the next one where that is near."""
    late = turn.local.time() >= LATE
    return datetime.combine(turn.today + timedelta(days=late), END_OF_DAY)


@router.on(Task, practice=True)
def work(turn: Turn, pressed: Task) -> Said:
    """[Đã nhận], [Xong]."""
    _only_practised(turn)
    if pressed.state not in STATES:
        raise Refused("chat.stale_button")
    if pressed.state == "done":
        turn.did("task")
    return task_card(turn, pressed.state)


@router.stands_in("duyet")
def report(turn: Turn) -> Said:
    """What waits to be judged is one invented report."""
    return report_card(turn)


@router.stands_in("doi")
def team(turn: Turn) -> Said:
    """The week of an invented team."""
    return Reply(turn.t("practice.team"), card="practice team")


def report_card(turn: Turn) -> Reply:
    rows: tuple[tuple[str, Action], ...] = (
        ("judging.buttons.accept", Judge(1)),
        ("judging.buttons.send_back", Judge(0)),
    )
    buttons = tuple(turn.button(key, action) for key, action in rows)
    return Reply(turn.t("practice.report", day=turn.today), (buttons,), card="practice report")


@router.on(Judge, practice=True)
def judge(turn: Turn, pressed: Judge) -> Said:
    """[Nhận] at once, [Trả lại] with the reason."""
    _only_practised(turn)
    if not pressed.accept:
        return send_back.begin(turn)
    turn.did("judged")
    return Reply(turn.t("practice.accepted"), card="practice report")


@router.dialog("send_back", questions=1)
def send_back(turn: Turn, ask: Ask, /) -> Said:
    """Why; nobody hears it."""
    reasons = [turn.say.label(f"judging.reasons.{one}") for one in REASONS]
    quick = [Option(reason, reason) for reason in reasons]
    why = ask.value("why", "judging.why", lambda said: said[:300], quick=lambda: quick, code="B-TẬP")
    turn.did("judged")
    return Reply(turn.t("practice.sent_back", why=why))


def _only_practised(turn: Turn) -> None:
    """Raises Refused to whoever presses an invented thing's button after they left."""
    if turn.practice is None:
        raise Refused("practice.not_on")
