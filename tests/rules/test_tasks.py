"""The life of a task, by values: every state is in exactly one figure, and only the right person moves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules import tasks as rules
from bot.rules.refused import Refused
from storage.tasks import Assignment, Duty, Task

DUE = 1_000
GIVER, WORKER, OTHER = 1, 2, 3
TASK = Task(7, "Treo pano", GIVER, 1, DUE, "none", 0, None)
GIVEN = Assignment(1, 7, 1, WORKER, "given", "", "", None, "", 1, None, None, 0)

moments = st.integers(0, 2 * DUE)


def duty(assignment: Assignment, cancelled_at: int | None = None) -> Duty:
    return Duty(assignment, replace(TASK, cancelled_at=cancelled_at), "Lan")


steps: list[Callable[[Assignment, int], Assignment]] = [
    lambda a, now: rules.accept(duty(a), WORKER),
    lambda a, now: rules.get_stuck(duty(a), WORKER, "hết pano"),
    lambda a, now: rules.report(duty(a), WORKER, count=None, note="", now=now),
    lambda a, now: rules.approve(duty(a), GIVER, now),
    lambda a, now: rules.send_back(duty(a), GIVER, "chưa đúng"),
]


def walk(path: list[tuple[int, int]]) -> Assignment:
    """An assignment after these steps (which, when); what is refused leaves it as it was."""
    assignment = GIVEN
    for step, now in sorted(path, key=lambda pair: pair[1]):
        try:
            assignment = steps[step](assignment, now)
        except Refused:
            continue
    return assignment


paths = st.lists(st.tuples(st.integers(0, len(steps) - 1), moments), max_size=12)


@given(st.lists(paths, max_size=30), moments)
def test_the_parts_always_sum_to_the_whole(walks: list[list[tuple[int, int]]], now: int) -> None:
    assignments = [walk(path) for path in walks]
    tally = rules.tally(assignments, DUE, now)
    assert tally.on_time + tally.late + tally.waiting + tally.working + tally.overdue == len(assignments)
    assert tally.total == len(assignments)
    assert tally.not_started == sum(one.state == "given" for one in assignments)
    assert len(rules.unfinished(TASK, assignments)) == tally.working + tally.overdue


@given(paths, moments)
def test_whatever_happens_the_state_is_one_of_four_and_done_was_reported(path: list[tuple[int, int]], now: int) -> None:
    assignment = walk(path)
    assert assignment.state in ("given", "accepted", "reported", "done")
    assert rules.standing(assignment, DUE, now) in rules.STANDINGS
    assert (assignment.reported_at is not None) == (assignment.state in ("reported", "done"))
    assert (assignment.done_at is not None) == (assignment.state == "done")
    assert not (assignment.stuck and assignment.state != "accepted")


@pytest.mark.parametrize(
    ("state", "reported_at", "now", "standing"),
    [
        ("given", None, DUE, "working"),
        ("given", None, DUE + 1, "overdue"),
        ("accepted", None, DUE, "working"),
        ("accepted", None, DUE + 1, "overdue"),
        ("reported", DUE, DUE + 500, "waiting"),
        ("done", DUE, DUE + 500, "on_time"),
        ("done", DUE + 1, DUE + 500, "late"),
    ],
)
def test_where_an_assignment_stands(state: str, reported_at: int | None, now: int, standing: str) -> None:
    done_at = DUE + 400 if state == "done" else None
    assignment = replace(GIVEN, state=state, reported_at=reported_at, done_at=done_at)
    assert rules.standing(assignment, DUE, now) == standing


@pytest.mark.parametrize("step", range(len(steps)))
def test_nobody_else_moves_it(step: int) -> None:
    calls: list[Callable[[Duty], Assignment]] = [
        lambda d: rules.accept(d, OTHER),
        lambda d: rules.get_stuck(d, OTHER, "x"),
        lambda d: rules.report(d, OTHER, count=None, note="", now=0),
        lambda d: rules.approve(d, WORKER, 0),
        lambda d: rules.send_back(d, WORKER, "x"),
    ]
    with pytest.raises(Refused) as refused:
        calls[step](duty(replace(GIVEN, state="reported" if step > 2 else "given", reported_at=0)))
    assert refused.value.key == ("tasks.not_giver" if step > 2 else "tasks.not_yours")


@pytest.mark.parametrize("state", ["given", "accepted", "reported", "done"])
def test_a_task_taken_back_moves_no_more(state: str) -> None:
    gone = duty(replace(GIVEN, state=state), cancelled_at=5)
    moves: list[Callable[[], Assignment]] = [
        lambda: rules.accept(gone, WORKER),
        lambda: rules.report(gone, WORKER, count=None, note="", now=0),
        lambda: rules.approve(gone, GIVER, 0),
        lambda: rules.send_back(gone, GIVER, "x"),
    ]
    for move in moves:
        with pytest.raises(Refused) as refused:
            move()
        assert refused.value.key == "tasks.cancelled_already"
    assert rules.unfinished(gone.task, [gone.assignment]) == []


def test_a_return_takes_the_report_back_and_keeps_the_reason() -> None:
    reported = rules.report(duty(GIVEN), WORKER, count=5, note="xong", now=10)
    returned = rules.send_back(duty(reported), GIVER, "đếm lại")
    assert (returned.state, returned.returned, returned.reported_at) == ("accepted", "đếm lại", None)
    again = rules.report(duty(returned), WORKER, count=6, note="", now=20)
    assert (again.state, again.returned, again.count, again.reported_at) == ("reported", "", 6, 20)
