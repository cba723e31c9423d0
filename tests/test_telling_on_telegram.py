"""One message is a report, on Telegram: albums arrive photo by photo, and words come in between."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.channels.ear import until
from tests.test_whole_job import Town, town

FOUR = "SELECT COUNT(*) FROM report_files"


async def test_an_album_with_words_in_between_is_one_card(tmp_path: Path) -> None:
    """A caption on the first of four photos, words before the last one, and words after all of them."""
    async with town(tmp_path) as here:
        album = asyncio.create_task(here.an.sends_album(4, "vneid 12 người", pause=0.1))
        await here.an.sees("12 người")
        await here.an.says("dvc 7 hồ sơ")
        await album
        await here.an.says("bà con vui lắm")
        card = await here.an.sees("Ghi chú: bà con vui lắm")
        await until(lambda: "4 hình" in card.text)
        assert "✔ 12 người" in card.text
        assert "✔ 7 hồ sơ" in card.text
        assert _with_buttons(here) == [card.id], "one card, whatever came in between"
        await here.presses(here.an, "Gửi")
        await here.an.sees("em ghi nhận B-0001")
        assert await here.look("SELECT day, note FROM reports") == [("2026-11-23", "bà con vui lắm")]
        assert await here.look(FOUR) == [(4,)]
        assert await here.look("SELECT * FROM surprises") == []


async def test_an_album_before_its_words_is_one_card(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        await here.an.sends_album(4)
        await here.an.sees("làm việc gì")
        await here.an.says("vneid 12")
        card = await here.an.sees("✔ 12 tài khoản")
        await until(lambda: "4 hình" in card.text)
        assert _with_buttons(here) == [card.id]
        await here.presses(here.an, "Gửi")
        await here.an.sees("em ghi nhận B-0001")
        assert await here.look(FOUR) == [(4,)]


def _with_buttons(here: Town) -> list[int]:
    return [message.id for message in here.an.messages if message.from_bot and message.labels]
