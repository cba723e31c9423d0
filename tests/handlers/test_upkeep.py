"""What the night is for: what nobody needs is forgotten, what is used most is counted."""

from __future__ import annotations

from tests.handlers.test_reports import begin, send
from tests.rig import Village


async def test_drafts_of_yesterday_are_forgotten(here: Village) -> None:
    await begin(here.an)
    await here.turns_to("2026-11-24 03:00")
    assert await here.look("SELECT COUNT(*) FROM drafts") == [(1,)], "nineteen hours old"
    await here.turns_to("2026-11-25 03:00")
    assert await here.look("SELECT COUNT(*) FROM drafts") == [(0,)]


async def test_keys_of_updates_are_kept_for_eight_days(here: Village) -> None:
    await here.an.says("/help")
    await here.an.sees("em giúp được")
    await here.turns_to("2026-12-01 03:00")
    assert await here.look("SELECT COUNT(*) FROM seen") == [(1,)]
    await here.turns_to("2026-12-02 03:00")
    assert await here.look("SELECT COUNT(*) FROM seen") == [(0,)]


async def test_what_was_said_is_kept_for_thirty_days_but_not_forgotten_in_broadcasts(here: Village) -> None:
    await here.quan.says("/thongbao")
    await here.quan.says("ap 1")
    await here.quan.says("Họp")
    await here.quan.presses("Gửi")
    await here.quan.sees("T-0001")
    await here.quiet()
    await here.turns_to("2026-12-25 03:00")
    assert await here.look("SELECT COUNT(*) FROM outbox WHERE broadcast_id = 1") == [(3,)]
    since = await here.look("SELECT MIN(changed_at) FROM outbox WHERE broadcast_id IS NULL")
    assert since[0][0] is None or isinstance(since[0][0], int)
    old = await here.look(
        "SELECT COUNT(*) FROM outbox WHERE broadcast_id IS NULL AND changed_at < :then",
        then=here.time[0] - 30 * 24 * 3_600_000,
    )
    assert old == [(0,)]


async def test_what_is_used_most_is_counted_each_night(here: Village) -> None:
    await send(here.an, "2", "Điểm bán có mã QR")
    await send(here.bay, "3", "Điểm bán có mã QR")
    assert await here.look("SELECT SUM(uses) FROM categories") == [(0,)]
    await here.turns_to("2026-11-24 03:00")
    assert await here.look("SELECT code, uses FROM categories WHERE uses > 0") == [("QR", 2)]
