"""Reminders: the day before and on the day, only to those who are not finished; late work to its giver."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.handlers.test_tasks import fill, give
from tests.rig import Someone, Village, text_of, village


def told(who: Someone, *fragments: str) -> int:
    """How many messages on the phone have all of these."""
    return sum(all(one in text_of(message) for one in fragments) for message in who.told)


async def test_the_day_before_and_on_the_day_to_the_unfinished(here: Village) -> None:
    await give(here.lan, "25/11 17h")
    await here.hai.presses("Xong")
    await here.hai.sees("em đã báo là xong")
    await here.turns_to("2026-11-24 06:59")
    assert told(here.tam, "⏰ Dạ") == 0
    await here.turns_to("2026-11-24 07:00")
    await here.tam.sees("mai là tới hạn", "V-0001 Treo pano – trước 17:00 thứ Tư 25/11")
    await here.turns_to("2026-11-25 07:00")
    await here.tam.sees("hôm nay tới hạn", "V-0001")
    assert told(here.hai, "tới hạn") == 0
    assert told(here.tam, "tới hạn") == 2


async def test_the_button_in_it_does_it(here: Village) -> None:
    await give(here.lan, "24/11 17h", "Con số")
    await here.turns_to("2026-11-24 07:00")
    await here.tam.sees("hôm nay tới hạn")
    await here.tam.presses("Xong V-0001")
    await here.tam.sees("làm được bao nhiêu ạ?")
    await here.tam.says("7")
    await here.tam.sees("em đã báo là xong")
    await here.lan.sees("báo xong V-0001", "Kết quả: 7")


async def test_a_button_of_yesterday_when_it_is_done(here: Village) -> None:
    await give(here.lan, "24/11 17h")
    await here.turns_to("2026-11-24 07:00")
    await here.tam.presses("Xong V-0001")
    await here.tam.sees("em đã báo là xong")
    await here.tam.says("xong V-0001")
    await here.tam.sees("đã báo xong rồi, đang chờ duyệt")
    assert await here.look("SELECT state FROM assignments ORDER BY id") == [("reported",), ("given",)]


async def test_several_tasks_are_one_message(here: Village) -> None:
    await give(here.lan, "24/11 9h")
    await give(here.lan, "24/11 17h")
    await here.turns_to("2026-11-24 07:00")
    await here.tam.sees("hôm nay tới hạn", "V-0001", "V-0002")
    assert told(here.tam, "tới hạn") == 1
    await here.tam.presses("Xong V-0002")
    await here.tam.sees("V-0002", "em đã báo là xong")


async def test_of_work_taken_back_nobody_is_reminded(here: Village) -> None:
    await give(here.lan, "24/11 17h")
    await here.lan.presses("Thu hồi việc")
    await here.lan.presses("Thu hồi")
    await here.lan.sees("đã thu hồi")
    await here.turns_to("2026-11-24 07:15")
    await here.turns_to("2026-11-25 07:15")
    assert told(here.tam, "tới hạn") == 0
    assert told(here.lan, "quá hạn mà chưa xong") == 0


async def test_late_work_is_told_to_its_giver_once_a_day(here: Village) -> None:
    await give(here.lan, "24/11 9h")
    await give(here.lan, "24/11 10h")
    await here.turns_to("2026-11-24 07:15")
    await here.turns_to("2026-11-24 12:00")
    assert told(here.lan, "quá hạn mà chưa xong") == 0
    await here.turns_to("2026-11-25 07:15")
    late = await here.lan.sees("4 việc anh/chị giao đã quá hạn mà chưa xong")
    assert "V-0001 Treo pano: Ấp 1 – Đoàn Văn Tâm, Ấp 2 – Võ Văn Hai" in late
    assert "V-0002" in late
    await here.turns_to("2026-11-25 18:00")
    assert told(here.lan, "quá hạn mà chưa xong") == 1
    await here.tam.says("xong V-0001")
    await here.tam.sees("em đã báo là xong")
    await here.turns_to("2026-11-26 07:15")
    late = await here.lan.sees("3 việc anh/chị giao đã quá hạn mà chưa xong")
    assert "V-0001 Treo pano: Ấp 2 – Võ Văn Hai" in late
    await here.lan.presses("V-0001", within="quá hạn mà chưa xong")
    await here.lan.sees("Chờ duyệt 1", "Quá hạn 1", "= Tổng 2")
    assert here.hue.told == []


async def test_a_task_of_the_night_is_said_in_the_morning(here: Village) -> None:
    await here.turns_to("2026-11-23 22:00")
    board = await give(here.lan, "25/11 17h")
    assert "= Tổng 2" in board
    assert here.tam.told == []
    await here.turns_to("2026-11-24 06:29")
    assert here.tam.told == []
    await here.turns_to("2026-11-24 06:30")
    await here.tam.sees("anh/chị có việc mới", "V-0001")


async def test_the_giver_knows_that_it_is_said_in_the_morning(here: Village) -> None:
    await here.turns_to("2026-11-23 22:00")
    assert "em nhắn lúc 06:30 thứ Ba 24/11" in await fill(here.lan)


@pytest.mark.parametrize("plain", [False, True])
async def test_each_is_said_once_whatever_is_restarted(tmp_path: Path, plain: bool) -> None:
    url, phones = str(tmp_path / "apso.db"), tmp_path / "phones"
    async with village(phones, plain=plain, url=url) as here:
        await give(here.lan, "25/11 17h")
        await here.turns_to("2026-11-24 07:00")
        await here.tam.sees("mai là tới hạn")
    for at in ("2026-11-24 07:00", "2026-11-24 12:00"):
        async with village(phones, plain=plain, url=url, at=at) as here:
            await here.quiet()
            assert told(here.tam, "mai là tới hạn") == 1
    async with village(phones, plain=plain, url=url, at="2026-11-25 11:00") as here:
        await here.quiet()
        assert told(here.tam, "hôm nay tới hạn") == 1, "missed while it was down, said once at start"
        await here.turns_to("2026-11-25 12:00")
        assert told(here.tam, "tới hạn") == 2


@pytest.mark.parametrize("plain", [False, True])
async def test_a_start_in_the_night_speaks_of_the_day_it_is_heard_on(tmp_path: Path, plain: bool) -> None:
    url, phones = str(tmp_path / "apso.db"), tmp_path / "phones"
    async with village(phones, plain=plain, url=url) as here:
        await give(here.lan, "25/11 17h")
        await give(here.lan, "23/11 17h")
    async with village(phones, plain=plain, url=url, at="2026-11-24 22:00") as here:
        await here.quiet()
        assert told(here.tam, "tới hạn") == 0
        await here.turns_to("2026-11-25 06:30")
        assert told(here.tam, "hôm nay tới hạn", "V-0001") == 1
        assert told(here.lan, "quá hạn mà chưa xong", "V-0002") == 1
        await here.turns_to("2026-11-25 07:15")
        assert told(here.tam, "tới hạn") == 1
        assert told(here.lan, "quá hạn mà chưa xong") == 1
