"""What waits, lane by lane, and what one process leaves for another to judge."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage import outbox, watching
from storage.db import Db, Store
from storage.watching import Lane, Pulse
from tests.engine import open_engine

NOW = 1_795_400_000_000
MINUTE = 60_000
DAY = 24 * 60 * MINUTE


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    opened = await open_engine(":memory:", NOW)
    yield opened
    await opened.close()


def letter(db: Db, lane: int, at: int, *, not_before: int = 0, epoch: int = 0) -> int:
    return outbox.add(
        db,
        lane=lane,
        kind="TASK",
        channel="phone",
        chat="p1",
        person_id=None,
        body="{}",
        card="",
        edits=False,
        epoch=epoch,
        not_before=not_before,
        now=at,
    )


async def test_an_empty_outbox(store: Store) -> None:
    found = await store.run(lambda db: watching.lanes(db, NOW, NOW - DAY))
    assert found == {"replies": Lane(), "tasks": Lane(), "broadcasts": Lane()}


async def test_each_lane_by_itself_and_the_oldest_that_is_due(store: Store) -> None:
    def fill(db: Db) -> dict[str, Lane]:
        letter(db, 0, NOW - 2 * MINUTE, epoch=1)  # on the wire
        letter(db, 0, NOW - MINUTE)
        letter(db, 1, NOW - 9 * MINUTE, not_before=NOW - 3 * MINUTE)  # due for three minutes
        letter(db, 1, NOW - 50 * MINUTE, not_before=NOW + 1)  # for later
        letter(db, 1, NOW - 4 * MINUTE)
        letter(db, 2, NOW - 60 * MINUTE, not_before=NOW + MINUTE)
        return watching.lanes(db, NOW, NOW - DAY)

    assert await store.run(fill) == {
        "replies": Lane(queued=1, sending=1, due_since=NOW - 2 * MINUTE),
        "tasks": Lane(queued=3, due_since=NOW - 4 * MINUTE),
        "broadcasts": Lane(queued=1),
    }


async def test_a_time_long_past_does_not_make_a_new_letter_old(store: Store) -> None:
    def fill(db: Db) -> dict[str, Lane]:
        letter(db, 1, NOW - 1000, not_before=NOW - DAY)
        return watching.lanes(db, NOW, NOW - DAY)

    assert (await store.run(fill))["tasks"].due_since == NOW - 1000


async def test_unknown_ones_of_the_last_day(store: Store) -> None:
    def fill(db: Db) -> dict[str, Lane]:
        for at in (NOW - DAY - 1, NOW - DAY, NOW - 1):
            number = letter(db, 2, at)
            db.run("UPDATE outbox SET state = 'unknown', changed_at = :at WHERE id = :id", id=number, at=at)
        return watching.lanes(db, NOW, NOW - DAY)

    assert (await store.run(fill))["broadcasts"] == Lane(unknown=2)


async def test_the_latest_pulse_stays(store: Store) -> None:
    def beats(db: Db) -> dict[str, Pulse]:
        watching.beat(db, [Pulse("poll", 20), Pulse("sent", 5)])
        watching.beat(db, [Pulse("poll", 10)])
        watching.beat(db, [Pulse("sent", 30, "x")])
        return watching.pulses(db)

    assert await store.run(beats) == {"poll": Pulse("poll", 20), "sent": Pulse("sent", 30, "x")}
    assert await store.run(watching.last_sign) == 30
    await store.run(lambda db: watching.beat(db, [Pulse("sent", 0)]))
    assert await store.run(watching.pulses) == {"poll": Pulse("poll", 20)}


async def test_a_trouble_keeps_its_beginning(store: Store) -> None:
    def go(db: Db) -> list[watching.Known]:
        watching.begin(db, "disk", "0.4", 1)
        watching.begin(db, "disk", "0.3", 2)
        watching.told(db, "disk", 3)
        return watching.troubles(db)

    assert await store.run(go) == [watching.Known("disk", 1, 3, "0.4")]
    await store.run(lambda db: watching.end(db, "disk"))
    assert await store.run(watching.troubles) == []
