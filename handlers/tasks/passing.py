"""Work that passes from one to another: its cards are brought up to date, and nobody's work is given to somebody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.chat import pick
from bot.chat.dialog import Ask
from bot.chat.reply import Kind, Reply, View
from bot.chat.router import Router, Said
from bot.chat.texts import Voice
from bot.chat.turn import Turn
from bot.rules import rights
from bot.rules.refused import Refused
from handlers.tasks.actions import Give
from handlers.tasks.cards import board, duty_card
from storage import people as roster
from storage import tasks, units
from storage.people import Member
from storage.tasks import Assignment, Duty, Task
from storage.units import Unit

router = Router("tasks")


@router.hook("passed")
def follow(turn: Turn, parts: Iterable[tuple[Duty, Assignment]], given: Iterable[Task] = ()) -> None:
    """Bring up to date, quietly, every card that shows what passed: assignments as they were with how they are, and
    tasks as they were before somebody else came to look after them."""
    shown: dict[int, Task] = {}
    for was, kept in parts:
        duty = tasks.duty(turn.db, kept.id)
        if duty is None:
            continue
        shown[duty.task.id] = duty.task
        if was.assignment.person_id != kept.person_id:
            turn.refresh(was.assignment.person_id, _passed(turn, duty))
        turn.refresh(kept.person_id, duty_card(turn, duty))
    for was_task in given:
        task = tasks.get(turn.db, was_task.id)
        if task is None:
            continue
        shown[task.id] = task
        for part in tasks.parts(turn.db, task.id):
            if part.assignment.state != "done" and (duty := tasks.duty(turn.db, part.assignment.id)):
                turn.refresh(part.assignment.person_id, duty_card(turn, duty))
    for task in shown.values():
        turn.refresh(task.giver_id, board(turn, task))


def _passed(turn: Turn, duty: Duty) -> View:
    """In place of the card of whoever had it."""
    holder = roster.get(turn.db, duty.assignment.person_id)

    def view(say: Voice) -> Reply:
        text = say("tasks.passed", code=duty.task.code, title=duty.task.title, name=holder.name if holder else "?")
        return Reply(text, card=f"duty:{duty.assignment.id}", code=duty.task.code)

    return view


@router.on(Give)
def give(turn: Turn, pressed: Give) -> Said:
    """[Giao cho người khác]: somebody for what nobody answers for."""
    _checked(turn, pressed.task, pressed.unit, pressed.assignment)
    return give_to.begin(turn, task=pressed.task, unit=pressed.unit, assignment=pressed.assignment)


@router.dialog("give_to")
def give_to(turn: Turn, ask: Ask, /, task: int, unit: int, assignment: int) -> Said:
    """To whom; with the answer it is theirs."""
    given, place, was = _checked(turn, task, unit, assignment)
    office = units.get(turn.db, given.unit_id)
    within = [place, *([office] if office else [])]
    member = pick.person(
        turn,
        ask,
        "whom",
        "tasks.give_whom",
        within,
        near=lambda: [m for one in within for m in roster.team(turn.db, one)],
        fits=lambda m: bool(_fit(within, [m])),
        code=given.code,
        unit=place.name,
    )
    if was is None:
        kept = tasks.assign(turn.db, given.id, place.id, member.person.id, turn.now)
    else:
        kept = tasks.pass_on(turn.db, was, member.person.id, turn.now)
    before = roster.get(turn.db, was.person_id) if was else None
    turn.note(
        "tasks.passed",
        given.code,
        before=before.name if before else "",
        after=member.person.name,
        detail=f"assignment {kept.id}",
        unit=place.id,
    )
    duty = tasks.duty(turn.db, kept.id)
    assert duty is not None
    turn.tell(kept.person_id, duty_card(turn, duty, "tasks.new_duty"), kind=Kind.TASK)
    return board(turn, given, heading="tasks.given_to")(turn.say)


def _fit(within: Sequence[Unit], found: Sequence[Member]) -> list[Member]:
    """Of the unit's team, or of the giver's own; an administrator is of no team."""
    first, *rest = within
    own = {unit.id for unit in rest}
    return [m for m in found if m.role != "admin" and (first.holds(m.unit) or m.unit.id in own)]


def _checked(turn: Turn, task_id: int, unit_id: int, assignment_id: int) -> tuple[Task, Unit, Assignment | None]:
    """The giver's task and the place where nobody answers for it. Raises Refused."""
    task = tasks.get(turn.db, task_id)
    if task is None or task.giver_id != turn.me.id or task.cancelled_at is not None:
        raise Refused("tasks.not_found", code=f"V-{task_id:04d}")
    rights.check(_posts_for(turn, task), "assign", units.get(turn.db, task.unit_id))
    if assignment_id:
        part = next((p for p in tasks.parts(turn.db, task_id) if p.assignment.id == assignment_id), None)
        if part is None or part.held or part.assignment.state == "done":
            raise Refused("tasks.held_already", code=task.code)
        return task, part.unit, part.assignment
    place = next((unit for unit in tasks.vacancies(turn.db, task_id) if unit.id == unit_id), None)
    if place is None:
        raise Refused("tasks.held_already", code=task.code)
    return task, place, None


def _posts_for(turn: Turn, task: Task) -> Sequence[roster.Post]:
    return turn.posts if task.stands_for is None else roster.posts(turn.db, task.stands_for)
