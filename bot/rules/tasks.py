"""The life of a task: given → accepted → reported → done, returned on the way, and what the figures say of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from bot.rules.refused import Refused
from storage.tasks import Assignment, Duty, Task

Standing = Literal["on_time", "late", "waiting", "working", "overdue"]

STANDINGS: tuple[Standing, ...] = ("on_time", "late", "waiting", "working", "overdue")
"""Each assignment is in exactly one, so the parts always sum to the whole."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How a task stands: a count per standing, and how many did not say [Đã nhận] yet."""

    on_time: int = 0
    late: int = 0
    waiting: int = 0
    working: int = 0
    overdue: int = 0
    not_started: int = 0

    @property
    def is_finished(self) -> bool:
        """Nothing is left to do or to look at."""
        return self.on_time + self.late == self.total

    @property
    def total(self) -> int:
        return self.on_time + self.late + self.waiting + self.working + self.overdue


def standing(assignment: Assignment, due_at: int, now: int) -> Standing:
    """Finished in time is judged by when it was reported: waiting for the giver's look is nobody's delay."""
    if assignment.state == "done":
        reported_at = assignment.reported_at or assignment.done_at or 0
        return "on_time" if reported_at <= due_at else "late"
    if assignment.state == "reported":
        return "waiting"
    return "overdue" if now > due_at else "working"


def tally(assignments: Iterable[Assignment], due_at: int, now: int) -> Tally:
    """Count them."""
    counts = dict.fromkeys(STANDINGS, 0)
    not_started = 0
    for assignment in assignments:
        counts[standing(assignment, due_at, now)] += 1
        not_started += assignment.state == "given"
    return Tally(**counts, not_started=not_started)


def unfinished(task: Task, assignments: Iterable[Assignment]) -> list[Assignment]:
    """Those still to be worked on; of a task that was taken back none is."""
    return [one for one in assignments if task.cancelled_at is None and one.state in ("given", "accepted")]


def accept(duty: Duty, person_id: int) -> Assignment:
    """[Đã nhận]. Raises Refused."""
    _mine(duty, person_id)
    _unfinished(duty)
    return replace(duty.assignment, state="accepted", stuck="")


def get_stuck(duty: Duty, person_id: int, why: str) -> Assignment:
    """[Vướng mắc]: say what stands in the way. Raises Refused."""
    _mine(duty, person_id)
    _unfinished(duty)
    return replace(duty.assignment, state="accepted", stuck=why)


def report(duty: Duty, person_id: int, *, count: int | None, note: str, now: int) -> Assignment:
    """[Xong]: the work is done, with its evidence; the giver looks at it next. Raises Refused."""
    may_report(duty, person_id)
    return replace(duty.assignment, state="reported", stuck="", returned="", count=count, note=note, reported_at=now)


def may_report(duty: Duty, person_id: int) -> None:
    """Whether [Xong] is this person's to press, now. Raises Refused."""
    _mine(duty, person_id)
    _unfinished(duty)


def approve(duty: Duty, person_id: int, now: int) -> Assignment:
    """The giver accepts the work. Raises Refused."""
    may_judge(duty, person_id)
    return replace(duty.assignment, state="done", done_at=now)


def send_back(duty: Duty, person_id: int, why: str) -> Assignment:
    """The giver returns the work with a reason. Raises Refused."""
    may_judge(duty, person_id)
    return replace(duty.assignment, state="accepted", returned=why, reported_at=None)


def may_judge(duty: Duty, person_id: int) -> None:
    """Whether the work waits for this person's look. Raises Refused."""
    code = duty.task.code
    if duty.task.giver_id != person_id:
        raise Refused("tasks.not_giver", code=code)
    if duty.task.cancelled_at is not None:
        raise Refused("tasks.cancelled_already", code=code)
    if duty.assignment.state == "done":
        raise Refused("tasks.done_already", code=code)
    if duty.assignment.state != "reported":
        raise Refused("tasks.not_reported", code=code)


def may_cancel(task: Task, person_id: int) -> None:
    """Whether the person may take the task back. Raises Refused."""
    if task.giver_id != person_id:
        raise Refused("tasks.not_giver", code=task.code)
    if task.cancelled_at is not None:
        raise Refused("tasks.cancelled_already", code=task.code)


def _mine(duty: Duty, person_id: int) -> None:
    if duty.assignment.person_id != person_id:
        raise Refused("tasks.not_yours", code=duty.task.code)


def _unfinished(duty: Duty) -> None:
    if duty.task.cancelled_at is not None:
        raise Refused("tasks.cancelled_already", code=duty.task.code)
    if duty.assignment.state == "reported":
        raise Refused("tasks.reported_already", code=duty.task.code)
    if duty.assignment.state == "done":
        raise Refused("tasks.done_already", code=duty.task.code)
