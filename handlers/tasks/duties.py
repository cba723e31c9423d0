"""What the accountable person does: accept, report with evidence, say what stands in the way."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.chat.dialog import Ask
from bot.chat.message import Button, Text, in_rows
from bot.chat.reply import Reply, View
from bot.chat.router import Router, Said
from bot.chat.texts import Voice, lines, paragraphs
from bot.chat.turn import Turn, shown_files
from bot.rules import codes, people, vietnamese
from bot.rules import tasks as rules
from bot.rules.refused import Refused
from handlers.tasks.actions import Accept, Board, Finish, GetStuck, Open, Photos
from handlers.tasks.cards import board, duty_card, note, review, status
from storage import files, tasks
from storage.tasks import Assignment, Duty, Part, Task

MONTH_MS = 30 * 24 * 3600 * 1000
MOST_LISTED = 10

router = Router("tasks")

_TYPED = re.compile(r"(.*?)\s*\b([Vv]\s*-?\s*\d+)\b\s*(.*)", re.DOTALL)
_WORDS = {
    "accept": ("da nhan", "nhan", "nhan viec"),
    "finish": ("xong", "lam xong", "da xong", "xong roi"),
    "stuck": ("vuong mac", "vuong"),
    "show": ("", "xem", "viec", "xem viec"),
}


@router.command("viec", about="tasks.about_mine", menu="tasks.menu.mine", rank=20)
def mine(turn: Turn) -> Said:
    """What waits for me, the most urgent first; for those who hand out work, what they gave."""
    duties = tasks.open_duties(turn.db, turn.me.id)
    rows = [
        turn.t(
            "tasks.mine_line",
            code=duty.task.code,
            title=duty.task.title,
            due=turn.when(duty.task.due_at),
            status=status(turn, turn.say, duty),
        )
        for duty in duties[:MOST_LISTED]
    ]
    buttons = [_open(duty.task.code, Open(duty.assignment.id)) for duty in duties[:MOST_LISTED]]
    given: list[tuple[Task, rules.Tally]] = []
    if people.is_member(turn.posts):  # who stands in for a lead looks after what that one gave
        gave = [(task, _tally(turn, task)) for task in tasks.given_by(turn.db, turn.me.id, turn.now - MONTH_MS)]
        given = sorted(gave, key=lambda pair: pair[1].is_finished)[:MOST_LISTED]  # what is open comes first
        buttons += [_open(task.code, Board(task.id, 0)) for task, _ in given]
    nothing = turn.t("tasks.mine_none_giver" if given else "tasks.mine_none")
    heading = turn.t("tasks.mine_title", count=len(duties)) if duties else nothing
    given_rows = [_given(turn, task, tally) for task, tally in given]
    text = paragraphs(lines(heading, *rows), lines(turn.t("tasks.given_title"), *given_rows) if given_rows else ())
    return Reply(text, in_rows(buttons, 3), menu=not buttons)


def _open(code: str, action: Open | Board) -> Button:
    return Button(code, action.pack())


def _tally(turn: Turn, task: Task) -> rules.Tally:
    return rules.tally((part.assignment for part in tasks.parts(turn.db, task.id)), task.due_at, turn.now)


def _given(turn: Turn, task: Task, tally: rules.Tally) -> Text:
    return turn.t(
        "tasks.given_line",
        code=task.code,
        title=task.title,
        done=tally.on_time + tally.late,
        total=tally.total,
        waiting=turn.t("tasks.given_waiting", count=tally.waiting) if tally.waiting else (),
        overdue=turn.t("tasks.given_overdue", count=tally.overdue) if tally.overdue else (),
    )


@router.said(rank=10)
def by_code(turn: Turn) -> Said:
    """Somebody typed V-0567, "xong V-0567" or "V-0567 xong"."""
    match = _TYPED.fullmatch(turn.incoming.text)
    thing = codes.read_thing(match[2]) if match else None
    said = vietnamese.fold(f"{match[1]} {match[3]}") if match else ""
    act = next((act for act, words in _WORDS.items() if said in words), "")
    if thing is None or not act:
        return None
    task = tasks.get(turn.db, thing[1])
    duties = tasks.duties_of_task(turn.db, thing[1], turn.me.id)
    is_giver = task is not None and task.giver_id == turn.me.id
    if act == "show" and (len(duties) > 1 or (duties and is_giver)):  # taken over from somebody beside one's own
        shown = [one for one in duties if rules.unfinished(one.task, [one.assignment])] or duties[:1]
        boards = [board(turn, task)(turn.say)] if task is not None and is_giver else []
        return [*(duty_card(turn, one)(turn.say) for one in shown), *boards]
    if duties:
        return _do(turn, next((one for one in duties if rules.unfinished(one.task, [one.assignment])), duties[0]), act)
    if task is not None and is_giver:
        return board(turn, task)(turn.say)
    raise Refused("tasks.not_found", code=f"V-{thing[1]:04d}")


def _do(turn: Turn, duty: Duty, act: str) -> Said:
    match act:
        case "accept":
            return accept(turn, Accept(duty.assignment.id))
        case "finish":
            return finish(turn, Finish(duty.assignment.id))
        case "stuck":
            return get_stuck(turn, GetStuck(duty.assignment.id))
        case _:
            return duty_card(turn, duty)(turn.say)


@router.on(Open)
def open_duty(turn: Turn, pressed: Open) -> Said:
    duty = _duty(turn, pressed.assignment)
    if duty.assignment.person_id != turn.me.id:
        raise Refused("tasks.not_yours", code=duty.task.code)
    return duty_card(turn, duty)(turn.say)


@router.on(Accept)
def accept(turn: Turn, pressed: Accept) -> Said:
    """[Đã nhận]."""
    duty = _duty(turn, pressed.assignment)
    changed = _save(turn, duty, rules.accept(duty, turn.me.id), "tasks.accepted")
    return duty_card(turn, changed)(turn.say)


@router.on(Finish)
def finish(turn: Turn, pressed: Finish) -> Said:
    """[Xong]: asks for the evidence, if any is needed."""
    duty = _duty(turn, pressed.assignment)
    rules.may_report(duty, turn.me.id)
    if duty.task.evidence == "none":
        return _report(turn, duty, None, "", [])
    return evidence.begin(turn, assignment=duty.assignment.id)


@router.dialog("evidence")
def evidence(turn: Turn, ask: Ask, /, assignment: int) -> Said:
    """The number or the photos that show the work is done."""
    duty = _duty(turn, assignment)
    rules.may_report(duty, turn.me.id)
    if duty.task.evidence == "count":
        count = ask.number("count", "tasks.how_many", unit="", title=duty.task.title)
        return _report(turn, duty, count, "", [])
    photos = ask.photos("photos", "tasks.done_photo", code=duty.task.code, title=duty.task.title)
    return _report(turn, duty, None, photos.note, photos.files)


def _report(turn: Turn, duty: Duty, count: int | None, note: str, photos: list[int]) -> Said:
    files.attach(turn.db, "assignment_files", "assignment_id", duty.assignment.id, photos)
    reported = rules.report(duty, turn.me.id, count=count, note=note, now=turn.now)
    changed = _save(turn, duty, reported, "tasks.reported")
    turn.tell(duty.task.giver_id, review(turn, changed, tasks.part(turn.db, changed.assignment)))
    return duty_card(turn, changed, "tasks.reported", giver=duty.giver)(turn.say)


@router.on(GetStuck)
def get_stuck(turn: Turn, pressed: GetStuck) -> Said:
    """[Vướng mắc]."""
    duty = _duty(turn, pressed.assignment)
    rules.get_stuck(duty, turn.me.id, "")
    return stuck.begin(turn, assignment=duty.assignment.id)


@router.dialog("stuck")
def stuck(turn: Turn, ask: Ask, /, assignment: int) -> Said:
    """What stands in the way; the giver hears it at once."""
    duty = _duty(turn, assignment)
    rules.get_stuck(duty, turn.me.id, "")
    why = ask.text("why", "tasks.why_stuck")
    changed = _save(turn, duty, rules.get_stuck(duty, turn.me.id, why), "tasks.stuck")
    part = tasks.part(turn.db, changed.assignment)
    turn.tell(duty.task.giver_id, _is_stuck(duty.task, part, turn.me.phone, why))
    return duty_card(turn, changed, "tasks.stuck_told", giver=duty.giver)(turn.say)


def _is_stuck(task: Task, part: Part, phone: str, why: str) -> View:
    def view(say: Voice) -> Reply:
        text = say(
            "tasks.is_stuck",
            name=part.person,
            unit=part.unit.name,
            code=task.code,
            title=task.title,
            why=why,
            phone=phone or say("team.no_phone"),
        )
        return Reply(text, ((_open(task.code, Board(task.id, 0)),),), code=task.code)

    return view


@router.on(Photos)
def show_photos(turn: Turn, pressed: Photos) -> Said:
    duty = _duty(turn, pressed.assignment)
    if turn.me.id not in (duty.task.giver_id, duty.assignment.person_id):
        raise Refused("tasks.not_found", code=duty.task.code)
    return shown_files(turn, files.of_assignment(turn.db, duty.assignment.id))


def _duty(turn: Turn, assignment_id: int) -> Duty:
    duty = tasks.duty(turn.db, assignment_id)
    if duty is None:
        raise Refused("chat.stale_button")
    return duty


def _save(turn: Turn, duty: Duty, changed: Assignment, act: str) -> Duty:
    """Keep the change, with its trace, and bring the giver's card up to date."""
    kept = replace(duty, assignment=tasks.save(turn.db, changed, turn.now))
    note(turn, duty, kept, act)
    turn.refresh(duty.task.giver_id, board(turn, duty.task))
    return kept
