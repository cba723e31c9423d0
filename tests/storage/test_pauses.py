"""What rests until a person lets it go on, and what waits meanwhile: the same on both engines."""

from __future__ import annotations

from storage import outbox, pauses
from storage.db import Db
from storage.outbox import Waiting
from storage.pauses import Pause
from tests.engine import open_engine


async def test_it_rests_for_the_newest_reason_until_somebody_lets_it_go_on() -> None:
    def work(db: Db) -> list[object]:
        pauses.pause(db, "sender", "restored from a.db", 1)
        pauses.pause(db, "sender", "restored from b.db", 2)
        return [
            pauses.since(db, "sender"),
            pauses.since(db, "clock"),
            pauses.resume(db, "sender"),
            pauses.since(db, "sender"),
            pauses.resume(db, "sender"),
        ]

    store = await open_engine(":memory:", 1)
    try:
        assert await store.run(work) == [Pause(2, "restored from b.db"), None, True, None, False]
    finally:
        await store.close()


async def test_what_waits_and_what_of_it_is_discarded() -> None:
    def work(db: Db) -> tuple[list[Waiting], int, list[Waiting], list[tuple[object, ...]]]:
        for kind, lane, epoch, at in (
            ("BROADCAST", 2, 0, 10),
            ("REPLY", 0, 7, 20),
            ("REPLY", 0, 0, 30),
            ("REPLY", 0, 0, 40),
        ):
            outbox.add(
                db,
                lane=lane,
                kind=kind,
                channel="phone",
                chat="p1",
                person_id=None,
                body="{}",
                card="",
                edits=False,
                epoch=epoch,
                not_before=0,
                now=at,
            )
        before = outbox.waiting(db)
        gone = outbox.discard(db, before=35, now=50)
        left = db.all("SELECT state, error FROM outbox ORDER BY id")
        return before, gone, outbox.waiting(db), left

    store = await open_engine(":memory:", 1)
    try:
        before, gone, after, left = await store.run(work)
    finally:
        await store.close()
    assert before == [
        Waiting(0, "REPLY", "queued", 2, 30),
        Waiting(0, "REPLY", "sending", 1, 20),
        Waiting(2, "BROADCAST", "queued", 1, 10),
    ]
    assert gone == 3
    assert after == [Waiting(0, "REPLY", "queued", 1, 40)]
    assert left == [("dropped", "discarded"), ("unknown", "discarded"), ("dropped", "discarded"), ("queued", "")]
