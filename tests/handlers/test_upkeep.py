"""What the night is for: what nobody needs is forgotten, what is used most is counted."""

from __future__ import annotations

from pathlib import Path

from bot.config import Config
from handlers.upkeep import SLICE
from storage import chats
from storage.db import Db
from tests.handlers.test_reports import begin, send
from tests.handlers.test_tasks import give
from tests.rig import JPEG, Village, moment, text_of, village


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


async def test_what_was_said_is_kept_for_a_year(here: Village) -> None:
    await here.look("UPDATE posts SET until = 1")  # nobody is written to again
    for who in (here.an, here.bay, here.ut):
        await who.says("/help")
        await who.sees("em giúp được")
    for who, state in ((here.bay, "unknown"), (here.ut, "queued")):
        await here.look(
            "UPDATE outbox SET state = :state, not_before = :far WHERE chat = :chat",
            state=state,
            far=moment("2028-06-01 08:00"),
            chat=who.chat,
        )
    await here.turns_to("2027-11-23 03:00")
    assert await here.look("SELECT DISTINCT chat FROM outbox ORDER BY chat") == [
        (who.chat,) for who in (here.an, here.bay, here.ut)
    ]
    await here.turns_to("2027-11-24 03:00")
    assert await here.look("SELECT DISTINCT chat FROM outbox") == [(here.ut.chat,)], "what waits is not forgotten"


async def test_results_of_broadcasts_stay_open_to_questions(here: Village) -> None:
    here.phone.blocked.add(here.an.chat)
    await here.quan.says("/thongbao")
    await here.quan.says("ap 1")
    await here.quan.says("Họp lúc 8h")
    await here.quan.presses("Gửi")
    await here.quan.sees("T-0001")
    await here.quiet()
    await here.app.run_job(here.app.around.routes.timers["broadcasts.follow"].run)
    await here.turns_to("2027-02-25 03:00")
    await here.quan.says("T-0001")
    await here.quan.sees("Đã gửi 2", "Không tới được 1", "Tổng 3")
    await here.quan.presses("Ai không tới")
    await here.quan.sees("Nguyễn Văn An")


async def test_work_and_figures_are_never_forgotten(here: Village) -> None:
    await send(here.an, "5")
    await give(here.lan)
    kept = ("reports", "report_items", "tasks", "assignments", "audit", "identities", "consents")
    before = [await here.look(f"SELECT COUNT(*) FROM {table}") for table in kept]
    await here.turns_to("2027-11-24 03:00")
    assert [await here.look(f"SELECT COUNT(*) FROM {table}") for table in kept] == before


async def test_tries_of_codes_are_forgotten_after_a_day(here: Village) -> None:
    stranger = here.stranger()
    await stranger.says("chao")
    await stranger.presses("Đồng ý")
    await stranger.says("ABCD-2345")
    await here.quiet()
    await here.turns_to("2026-11-24 03:00")
    assert await here.look("SELECT COUNT(*) FROM invite_tries") == [(1,)], "nineteen hours old"
    await here.turns_to("2026-11-25 03:00")
    assert await here.look("SELECT COUNT(*) FROM invite_tries") == [(0,)]


async def test_words_kept_after_a_fault_are_forgotten_after_thirty_days(here: Village) -> None:
    now = here.time[0]
    await here.store.run(lambda db: chats.surprised(db, "phone", here.an.chat, "k", "hôm nay 5 hồ sơ", now))
    await here.turns_to("2026-12-23 03:00")
    assert await here.look("SELECT said FROM surprises") == [("hôm nay 5 hồ sơ",)]
    await here.turns_to("2026-12-24 03:00")
    assert await here.look("SELECT said FROM surprises") == []


async def test_what_is_used_most_is_counted_each_night(here: Village) -> None:
    await send(here.an, "2", "Điểm bán có mã QR")
    await send(here.bay, "3", "Điểm bán có mã QR")
    assert await here.look("SELECT SUM(uses) FROM categories") == [(0,)]
    await here.turns_to("2026-11-24 03:00")
    assert await here.look("SELECT code, uses FROM categories WHERE uses > 0") == [("QR", 2)]


async def test_the_night_works_in_slices_and_comes_to_its_end(rich: Village) -> None:
    now, many = rich.time[0], 3 * SLICE + 7

    def fill(db: Db) -> None:
        for number in range(many):
            chats.surprised(db, "phone", rich.an.chat, f"k{number}", "5 hồ sơ", now)

    await rich.store.run(fill)
    await rich.turns_to("2027-01-27 03:00")
    assert await rich.look("SELECT COUNT(*) FROM surprises") == [(many - SLICE,)], "one slice a turn"
    for _ in range(3):
        await rich.app.run_job(rich.app.around.routes.timers["upkeep.go_on"].run)
    assert await rich.look("SELECT COUNT(*) FROM surprises") == [(0,)]
    assert await rich.look("SELECT day, count, more FROM tidied WHERE kind = 'surprises'") == [("2027-01-27", many, 0)]


async def test_photos_go_after_their_time_and_the_figures_stay(here: Village) -> None:
    await here.an.says("báo cáo")
    await here.an.presses("Nộp hồ sơ")
    await here.an.says("12")
    await here.an.says("", JPEG)
    await here.an.presses("Xong")
    await here.an.presses("Gửi")
    await here.an.sees("B-0001", "1 hình")
    await here.turns_to("2027-11-22 03:00")
    assert await here.look("SELECT COUNT(*) FROM report_files") == [(1,)]
    await here.turns_to("2027-11-24 03:00")
    assert await here.look("SELECT COUNT(*) FROM report_files") == [(0,)]
    assert await here.look("SELECT COUNT(*) FROM files") == [(0,)]
    await here.an.says("B-0001")
    said = await here.an.sees("12 hồ sơ")
    assert "hình" not in said


async def test_a_period_of_nothing_is_for_ever(tmp_path: Path) -> None:
    keep = Config.model_validate({"limits": {"burst": 0, "photo_burst": 0}, "keep": {"surprises_days": 0}})
    async with village(tmp_path, config=keep) as here:
        now = here.time[0]
        await here.store.run(lambda db: chats.surprised(db, "phone", here.an.chat, "k", "5 hồ sơ", now))
        await here.turns_to("2029-11-24 03:00")
        assert await here.look("SELECT COUNT(*) FROM surprises") == [(1,)]


async def test_administrators_hear_each_month_what_was_forgotten(here: Village) -> None:
    now = here.time[0]
    await here.store.run(lambda db: chats.surprised(db, "phone", here.an.chat, "k", "5 hồ sơ", now))
    await here.turns_to("2026-12-24 03:00")
    await here.quan.reads()
    await here.turns_to("2026-12-31 08:10")
    assert not any("hết hạn giữ" in text for text in here.quan._new())
    await here.turns_to("2027-01-01 08:10")
    await here.quan.sees("hết hạn giữ", "tin bị lỗi giữ lại để xem: 1", "hình kèm báo cáo: 365 ngày")
    assert not any("hết hạn giữ" in text_of(message) for message in here.lan.told)
