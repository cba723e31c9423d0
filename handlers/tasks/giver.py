"""What the giver does: look at reported work, accept or return it, remind those who are not finished, take it back."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.dialog import Ask
from bot.chat.message import plain
from bot.chat.reply import Kind, Reply
from bot.chat.router import Router, Said
from bot.chat.texts import lines
from bot.chat.turn import Turn
from bot.rules import rights
from bot.rules import tasks as rules
from bot.rules.refused import Refused
from handlers.tasks.actions import Approve, ApproveAll, Board, Cancel, Nudge, Review, SendBack
from handlers.tasks.cards import board, duty_card, note, review
from storage import people, tasks, units
from storage.tasks import Assignment, Duty, Task

router = Router("tasks")


@router.on(Board)
def show(turn: Turn, pressed: Board) -> Said:
    return board(turn, _task(turn, pressed.task), whole=bool(pressed.whole))(turn.say)


@router.on(Review)
def look_at(turn: Turn, pressed: Review) -> Said:
    """Work that was reported, as it is now."""
    duty = _duty(turn, pressed.assignment)
    return review(turn, duty, tasks.part(turn.db, duty.assignment))(turn.say)


@router.on(Approve)
def approve(turn: Turn, pressed: Approve) -> Said:
    """[Nhận kết quả]: what was looked at is what is accepted; if it changed since, it is shown again first."""
    duty = _duty(turn, pressed.assignment)
    rules.may_judge(duty, turn.me.id)
    if duty.assignment.version == pressed.version:
        duty = _accept(turn, duty)
        turn.refresh(turn.me.id, board(turn, duty.task))
    return review(turn, duty, tasks.part(turn.db, duty.assignment))(turn.say)


@router.on(ApproveAll)
def approve_all(turn: Turn, pressed: ApproveAll) -> Said:
    """Accept everything that waits, in one press."""
    task = _task(turn, pressed.task)
    for part in tasks.parts(turn.db, task.id):
        if part.assignment.state == "reported":
            duty = _accept(turn, Duty(part.assignment, task, turn.me.name))
            turn.refresh(turn.me.id, review(turn, duty, replace(part, assignment=duty.assignment)))
    return board(turn, task)(turn.say)


def _accept(turn: Turn, duty: Duty) -> Duty:
    kept = _save(turn, duty, rules.approve(duty, turn.me.id, turn.now), "tasks.approved")
    task = duty.task
    turn.tell(
        kept.assignment.person_id,
        lambda say: Reply(say("tasks.your_work_accepted", giver=turn.me.name, code=task.code, title=task.title)),
    )
    turn.refresh(kept.assignment.person_id, duty_card(turn, kept))
    return kept


@router.on(SendBack)
def send_back(turn: Turn, pressed: SendBack) -> Said:
    """[Trả lại]: asks for the reason."""
    duty = _duty(turn, pressed.assignment)
    rules.may_judge(duty, turn.me.id)
    if duty.assignment.version != pressed.version:
        return review(turn, duty, tasks.part(turn.db, duty.assignment))(turn.say)
    return reason.begin(turn, assignment=duty.assignment.id)


@router.dialog("send_back")
def reason(turn: Turn, ask: Ask, /, assignment: int) -> Said:
    """Why; the one who did the work hears it with the button that does it again."""
    duty = _duty(turn, assignment)
    rules.may_judge(duty, turn.me.id)
    part = tasks.part(turn.db, duty.assignment)
    why = ask.text("why", "tasks.why_back", name=part.person)
    kept = _save(turn, duty, rules.send_back(duty, turn.me.id, why), "tasks.returned")
    view = duty_card(turn, kept, "tasks.your_work_returned", giver=turn.me.name, code=duty.task.code, why=why)
    turn.tell(kept.assignment.person_id, view, kind=Kind.TASK)
    turn.refresh(turn.me.id, board(turn, duty.task))
    return review(turn, kept, replace(part, assignment=kept.assignment))(turn.say)


@router.on(Nudge)
def nudge(turn: Turn, pressed: Nudge) -> Said:
    """Remind those who are not finished, in private, once a day."""
    task = _task(turn, pressed.task)
    parts = tasks.parts(turn.db, task.id)
    # Who said what stands in the way waits for an answer, not for a reminder.
    unfinished = [one for one in rules.unfinished(task, (part.assignment for part in parts)) if not one.stuck]
    fresh = [one for one in unfinished if tasks.remind(turn.db, one.id, f"nudge {turn.today}", turn.now)]
    if not fresh:
        raise Refused("tasks.nudged_already" if unfinished else "tasks.nobody_to_nudge", code=task.code)
    count = 0
    for one in fresh:
        view = duty_card(turn, Duty(one, task, turn.me.name), "tasks.nudge", giver=turn.me.name)
        count += turn.tell(one.person_id, view, kind=Kind.REMINDER)
    away = turn.t("tasks.nudged_away", count=len(fresh) - count) if count < len(fresh) else ()
    return Reply(lines(turn.t("tasks.nudged", count=count), away))


@router.on(Cancel)
def cancel(turn: Turn, pressed: Cancel) -> Said:
    """Take a task back, after one question; everybody who still had it is told."""
    task = _task(turn, pressed.task)
    if pressed.sure == 2:
        return board(turn, task)(turn.say)
    rules.may_cancel(task, turn.me.id)
    concerned = [part for part in tasks.parts(turn.db, task.id) if part.assignment.state != "done"]
    if not pressed.sure:
        yes = turn.button("tasks.buttons.cancel_yes", Cancel(task.id, 1))
        no = turn.button("tasks.buttons.cancel_no", Cancel(task.id, 2))
        question = turn.t("tasks.cancel_sure", code=task.code, title=task.title, count=len(concerned))
        return Reply(question, ((yes, no),), card=f"task:{task.id}", code=task.code)
    tasks.cancel(turn.db, task.id, turn.now)
    turn.note(
        "tasks.cancelled",
        task.code,
        before=turn.house.label("audit.fact.unfinished", count=len(concerned)),
        after=plain(turn.house("tasks.status.cancelled")),
        unit=task.unit_id,
    )
    gone = replace(task, cancelled_at=turn.now)
    for part in concerned:
        turn.tell(
            part.assignment.person_id,
            lambda say: Reply(say("tasks.taken_back", giver=turn.me.name, code=task.code, title=task.title)),
        )
        turn.refresh(part.assignment.person_id, duty_card(turn, Duty(part.assignment, gone, turn.me.name)))
    return board(turn, gone)(turn.say)


def _task(turn: Turn, task_id: int) -> Task:
    task = tasks.get(turn.db, task_id)
    if task is None or task.giver_id != turn.me.id:
        raise Refused("tasks.not_found", code=f"V-{task_id:04d}")
    _still_leads(turn, task)
    return task


def _still_leads(turn: Turn, task: Task) -> None:
    """A giver who leads the unit no more has no say in its tasks; who stands in for one has that one's."""
    posts = turn.posts if task.stands_for is None else people.posts(turn.db, task.stands_for)
    rights.check(posts, "assign", units.get(turn.db, task.unit_id))


def _duty(turn: Turn, assignment_id: int) -> Duty:
    duty = tasks.duty(turn.db, assignment_id)
    if duty is None:
        raise Refused("chat.stale_button")
    if duty.task.giver_id != turn.me.id:
        raise Refused("tasks.not_giver", code=duty.task.code)
    _still_leads(turn, duty.task)
    return duty


def _save(turn: Turn, duty: Duty, changed: Assignment, act: str) -> Duty:
    kept = replace(duty, assignment=tasks.save(turn.db, changed, turn.now))
    note(turn, duty, kept, act)
    return kept
