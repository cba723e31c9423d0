"""What counts as a trouble, by values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.chat import texts
from bot.rules.health import GIGABYTE, HOUR, MINUTE, Facts, Process, Trouble, kind_of, troubles
from storage.watching import LANES, Lane

NOW = 1_795_400_000_000
LONG_AGO = NOW - 100 * HOUR
WELL = Facts(
    NOW,
    Process(started_at=LONG_AGO, polls=True, backups=True, disk_free=5 * GIGABYTE, stopped={"telegram": ""}),
    last_poll_at=NOW - 30_000,
    last_sent_at=NOW - 10_000,
    looked_at=NOW - 30_000,
    lanes={name: Lane() for name in LANES.values()},
    stopped={"telegram": ""},
    backed_up_at=NOW - 20 * HOUR,
)


def process(**more: Any) -> Facts:
    return replace(WELL, process=replace(WELL.process, **more))


def waiting(lane: str, for_ms: int, count: int = 1, sent_ms_ago: int = 10 * HOUR) -> Facts:
    """Letters of one lane, the oldest due so long ago, while the last was sent so long ago."""
    return replace(
        WELL, lanes={**WELL.lanes, lane: Lane(queued=count, due_since=NOW - for_ms)}, last_sent_at=NOW - sent_ms_ago
    )


def kinds(facts: Facts) -> list[str]:
    return [trouble.kind for trouble in troubles(facts)]


def test_all_is_well() -> None:
    assert troubles(WELL) == []


@pytest.mark.parametrize(
    ("facts", "trouble"),
    [
        (replace(WELL, last_poll_at=NOW - 7 * MINUTE), Trouble("poll", minutes=7)),
        (waiting("replies", 4 * MINUTE, 3), Trouble("replies", count=3, minutes=4)),
        (waiting("tasks", 16 * MINUTE, 2), Trouble("tasks", count=2, minutes=16)),
        (waiting("broadcasts", 16 * MINUTE, 900), Trouble("broadcasts", count=900, minutes=16)),
        (process(disk_free=GIGABYTE // 2), Trouble("disk", said="0.5")),
        (replace(WELL, stopped={"telegram": "Unauthorized"}), Trouble("stopped", of="telegram", said="Unauthorized")),
        (replace(WELL, paused_since=NOW - HOUR), Trouble("paused", minutes=60)),
        (replace(WELL, looked_at=NOW - 6 * MINUTE), Trouble("clock", minutes=6)),
        (
            replace(WELL, late={"b": 11 * MINUTE, "a": 3 * HOUR, "quick": MINUTE}),
            Trouble("late", count=2, minutes=180, said="a, b"),
        ),
        (replace(WELL, backup_failed="no room"), Trouble("backup", said="no room")),
        (replace(WELL, backed_up_at=NOW - 37 * HOUR), Trouble("backups", minutes=37 * 60)),
        (replace(WELL, answering=False), Trouble("store")),
    ],
    ids=lambda value: value.kind if isinstance(value, Trouble) else "",
)
def test_each_trouble(facts: Facts, trouble: Trouble) -> None:
    assert troubles(facts) == [trouble]


@pytest.mark.parametrize(
    "facts",
    [
        replace(WELL, last_poll_at=NOW - 2 * MINUTE),
        waiting("replies", MINUTE),
        waiting("tasks", 15 * MINUTE),
        waiting("broadcasts", 15 * MINUTE),
        process(disk_free=GIGABYTE),
        process(disk_free=None),
        replace(WELL, looked_at=NOW - 5 * MINUTE),
        replace(WELL, late={"a": 10 * MINUTE}),
        replace(WELL, backed_up_at=NOW - 36 * HOUR),
    ],
)
def test_up_to_the_limit_all_is_well(facts: Facts) -> None:
    assert troubles(facts) == []


def test_a_long_queue_that_moves_is_no_trouble() -> None:
    assert kinds(waiting("tasks", 20 * MINUTE, 30_000, sent_ms_ago=1000)) == []
    assert kinds(waiting("tasks", 61 * MINUTE, 30_000, sent_ms_ago=1000)) == ["tasks"]
    assert kinds(waiting("broadcasts", 5 * HOUR, 400_000, sent_ms_ago=1000)) == []
    assert kinds(waiting("replies", 2 * MINUTE, sent_ms_ago=1000)) == ["replies"], "an answer never waits"


def test_what_is_only_for_later_does_not_wait() -> None:
    for_later = replace(WELL, lanes={"tasks": Lane(queued=500)}, last_sent_at=0)
    assert troubles(for_later) == []
    assert for_later.queued == 500


def test_a_program_that_just_began_is_given_the_same_time() -> None:
    began = replace(process(started_at=NOW - MINUTE), last_poll_at=LONG_AGO, looked_at=LONG_AGO, backed_up_at=0)
    assert troubles(began) == []
    assert kinds(replace(began, now=NOW + 2 * MINUTE)) == ["poll"]
    assert kinds(replace(began, now=NOW + 36 * HOUR)) == ["poll", "clock", "backups"]


def test_what_is_not_asked_for_is_not_missed() -> None:
    silent = replace(WELL, last_poll_at=0, backed_up_at=0, backup_failed="old story")
    assert kinds(silent) == ["poll", "backup"]
    assert kinds(replace(silent, process=replace(WELL.process, polls=False, backups=False))) == []


def test_a_paused_sender_is_one_trouble_not_three() -> None:
    paused = replace(waiting("replies", HOUR), paused_since=NOW - HOUR)
    assert kinds(paused) == ["paused"]


def test_when_the_store_does_not_answer_nothing_is_said_of_what_it_knows() -> None:
    stuck = Facts(NOW, replace(WELL.process, disk_free=0, stopped={"telegram": "Unauthorized"}), answering=False)
    assert kinds(stuck) == ["store", "stopped", "disk"]


def test_a_name_can_be_read_back() -> None:
    for trouble in (Trouble("disk", said="0.4"), Trouble("stopped", of="zalo oa", said="x")):
        assert kind_of(trouble.name) == (trouble.kind, trouble.of)
    assert Trouble("disk", said="0.4").name == Trouble("disk", said="0.3").name, "it is the same trouble"


def test_every_trouble_can_be_told() -> None:
    keys = texts.load().keys()
    named = {key.split(".")[-1] for key in keys if key.startswith("watching.what.")}
    assert named == {
        *LANES.values(),
        *("poll", "store", "stopped", "disk", "paused", "clock", "late", "backup", "backups"),
    }
    for kind in named:
        assert {f"watching.todo.{kind}", f"watching.name.{kind}"} <= keys
