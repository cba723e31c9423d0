"""The administrators hear of what has been wrong for five minutes, once, and again when it is well."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.channel import Unsent
from bot.chat.message import Message
from storage import watching
from tests.handlers.test_tasks import give
from tests.rig import Village, village

GIGABYTE = 1 << 30


async def look(here: Village) -> None:
    """What the clock does every half minute, now."""
    await here.app.run_job(here.app.around.routes.timers["watching.watch"].run)


async def later(here: Village, minutes: float) -> None:
    """Time passes while nothing can be said, and the clock looks."""
    here.time[0] += int(minutes * 60_000)
    await look(here)


async def disk(here: Village, free: float) -> None:
    """So many GB are left on the disk from now on."""
    here.app.watching.room = lambda: int(free * GIGABYTE)
    await here.app.watching.beat()


async def test_told_after_five_minutes_once_and_again_when_it_is_well(here: Village) -> None:
    await here.passes(minutes=10)
    await disk(here, 0.3)
    await look(here)
    await here.passes(minutes=4.5)
    await look(here)
    await here.quan.sees_nothing_new()
    await here.passes(minutes=0.5)
    await look(here)
    told = await here.quan.sees("⚠️ Dạ, bot đang có chuyện cần anh/chị xem, từ 08:10 thứ Hai 23/11")
    assert "Đĩa của máy chủ chỉ còn 0.3 GB trống" in told
    assert "👉 Dọn bớt" in told
    await here.quan.reads()
    for _ in range(4):
        await here.passes(minutes=30)
        await look(here)
    await here.quan.sees_nothing_new()
    await disk(here, 5)
    await look(here)
    await here.quan.sees(
        "✅ Dạ, đã ổn lại: chỗ trống trên đĩa (trục trặc từ 08:10 thứ Hai 23/11 đến 10:15 thứ Hai 23/11)"
    )
    await here.quan.reads()
    await later(here, 30)
    await here.quan.sees_nothing_new()
    for name, person in here.people.items():
        assert name == "quan" or person.told == [], "nobody else is troubled with it"


async def test_what_passes_within_five_minutes_is_not_told(here: Village) -> None:
    await here.passes(minutes=10)
    for _ in range(3):
        await disk(here, 0.3)
        await look(here)
        await here.passes(minutes=4)
        await disk(here, 5)
        await look(here)
        await here.passes(minutes=4)
    await here.quan.sees_nothing_new()


async def test_told_at_night_too_and_in_the_language_of_the_hearer(tmp_path: Path) -> None:
    async with village(tmp_path, at="2026-11-23 23:00") as here:
        await here.look("UPDATE people SET language = 'en' WHERE id = :id", id=here.quan.id)
        await disk(here, 0.94)
        await later(here, 4)
        await later(here, 5)
        await here.quan.sees("Something is wrong with the bot, since 23:04 Monday 23/11", "Only 0.9 GB are free")
        await disk(here, 1)
        await look(here)
        await here.quan.sees("All is well again: room on the disk", "from 23:04 Monday 23/11 to 23:09 Monday 23/11")


async def test_a_program_that_just_began_has_three_minutes_to_catch_up(here: Village) -> None:
    await disk(here, 0.3)
    await later(here, 2.9)
    assert await here.store.run(watching.troubles) == []
    await later(here, 0.2)
    assert [known.name for known in await here.store.run(watching.troubles)] == ["disk"]


async def test_an_outage_is_in_the_log_and_told_when_it_is_over(
    here: Village, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def down(chat: str, message: Message) -> str:
        raise Unsent("the network is gone")

    await here.passes(minutes=10)
    with monkeypatch.context() as outage:
        outage.setattr(here.phone, "send", down)
        await here.phone.say(here.an.chat, "/help")
        await later(here, 1.5)
        await later(here, 5)
        await later(here, 30)
        lines = [record.getMessage() for record in caplog.records if record.name == "apso.watching"]
        assert len(lines) == 1
        assert lines[0].startswith("trouble=replies since=")
        assert "count=1 minutes=6" in lines[0]
        assert here.quan.told == []
    await here.an.sees("em giúp được")
    await here.quan.sees("Có 1 câu trả lời chưa gửi được, lâu nhất đã 6 phút", "từ 08:11")
    await look(here)
    await here.quan.sees("đã ổn lại: trả lời tin nhắn (trục trặc từ 08:11", "đến 08:46")


async def test_a_job_that_fails_is_told_until_it_runs(here: Village) -> None:
    await give(here.lan, "24/11 17h")
    await here.look("UPDATE people SET language = 'xx' WHERE id = :id", id=here.tam.id)
    await here.turns_to("2026-11-24 07:00")
    await later(here, 11)
    await here.quan.reads()
    await later(here, 5)
    await here.quan.sees("1 việc chạy theo giờ bị trễ, lâu nhất 16 phút: reminders.morning")
    await here.look("UPDATE people SET language = 'vi' WHERE id = :id", id=here.tam.id)
    await here.passes(minutes=1)
    await look(here)
    await here.quan.sees("đã ổn lại: việc chạy theo giờ")


async def test_a_restart_neither_repeats_nor_forgets(tmp_path: Path) -> None:
    url = str(tmp_path / "apso.db")
    async with village(tmp_path / "phones", url=url) as here:
        await disk(here, 0.3)
        await later(here, 4)
        await later(here, 5)
        await here.quan.sees("chỉ còn 0.3 GB")
    async with village(tmp_path / "phones", at="2026-11-23 09:00", url=url) as here:
        await here.quan.reads()
        await disk(here, 0.2)
        await look(here)
        await later(here, 4)
        await later(here, 10)
        await here.quan.sees_nothing_new()
        await disk(here, 5)
        await look(here)
        await here.quan.sees("đã ổn lại: chỗ trống trên đĩa (trục trặc từ 08:04", "đến 09:14")


async def test_an_administrator_who_cannot_be_reached_holds_nobody_up(here: Village) -> None:
    await here.look("UPDATE identities SET unreachable_at = 1 WHERE person_id = :id", id=here.quan.id)
    await here.look("UPDATE posts SET role = 'admin' WHERE person_id = :id", id=here.hue.id)
    await here.passes(minutes=10)
    await disk(here, 0.3)
    await look(here)
    await later(here, 5)
    await here.hue.sees("chỉ còn 0.3 GB")
    assert here.quan.told == []
