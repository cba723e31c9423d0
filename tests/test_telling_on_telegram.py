"""One message is a report, on Telegram: albums arrive photo by photo, words in between, places from the map."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.channels.ear import until
from tests.test_whole_job import Town, town

FOUR = "SELECT COUNT(*) FROM report_files"
PLACES = "SELECT place FROM reports ORDER BY id"
HERE = (9.931247, 106.343689)


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


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_three_messages_and_four_photos_within_a_minute_are_one_card(tmp_path: Path, mode: str) -> None:
    """As they come in the group: a photo, what was done in words, an album, the figures, what people said of it."""
    async with town(tmp_path, mode) as here:
        await here.an.sends_photo()
        await here.an.sees("làm việc gì")
        await here.an.says("hom nay to di van dong ba con o nha van hoa")
        await here.an.sees("Ghi chú: hom nay to di van dong")
        album = asyncio.create_task(here.an.sends_album(3))
        await here.an.says("vneid 12, dvc 7 hồ sơ")
        await here.an.says("ba con vui lam")
        await album
        card = await here.an.sees("ba con vui lam")
        await until(lambda: "4 hình" in card.text)
        assert "✔ 12 tài khoản" in card.text
        assert "Ghi chú: hom nay to di van dong ba con o nha van hoa\nba con vui lam" in card.text
        assert [message.id for message in here.an.messages if message.from_bot] == [card.id], "nothing else was said"
        await here.presses(here.an, "Gửi")
        await here.an.sees("em ghi nhận B-0001")
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


async def test_a_place_after_the_words_goes_with_the_report_and_the_lead_sees_it(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        await here.an.says("12 người cài vneid ở ấp 3")
        card = await here.an.sees("📍 Ấp 3")
        await here.an.sends_place(*HERE)
        shown = await here.an.sees("Em ghi chỗ này vào báo cáo")
        assert "📍 Ấp 3 (9.931, 106.344)" in shown.text
        assert shown.id == card.id, "on the card that stands there"
        await here.presses(here.an, "Gửi")
        await here.an.sees("em ghi nhận B-0001")
        await here.tam.sees("B-0001")
        await here.tam.says("B-0001")
        assert "📍 Ấp 3 (9.931, 106.344)" in (await here.tam.sees("Nguyễn Văn An")).text
        assert await here.look(PLACES) == [("Ấp 3 (9.931, 106.344)",)]


async def test_a_place_before_the_words_is_kept_only_where_something_is_open(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        await here.an.sends_place(*HERE)
        await here.an.sees("nhắn việc đã làm trước, rồi gửi vị trí sau")
        kept = [await here.look(f"SELECT * FROM {table}") for table in ("drafts", "inbox", "audit", "outbox", "chats")]
        assert "9.93" not in str(kept)
        await here.an.sends_photo()
        await here.an.sees("làm việc gì")
        await here.an.sends_place(*HERE)
        await here.an.sees("Em ghi chỗ này vào báo cáo")
        await here.an.says("dvc 7 hồ sơ")
        card = await here.an.sees("✔ 7 hồ sơ")
        assert "📍 9.931, 106.344" in card.text
        await here.presses(here.an, "Gửi")
        await here.an.sees("em ghi nhận B-0001")
        await here.an.sends_place(*HERE)
        await here.an.sees("Giờ em chưa cần")
        assert await here.look(PLACES) == [("9.931, 106.344",)]


async def test_a_live_place_is_where_it_was_first_and_a_venue_brings_its_name(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        await here.an.says("vneid 12")
        await here.an.sees("✔ 12 tài khoản")
        live = await here.an.shares_place(*HERE)
        await here.an.sees("📍 9.931, 106.344")
        await here.an.moves_on(live, 9.95, 106.4)
        await here.an.sends_venue("Nhà văn hóa Ấp 3", 9.94, 106.35)
        card = await here.an.sees("📍 Nhà văn hóa Ấp 3 (9.940, 106.350)")
        assert "106.344" not in card.text
        assert not any("106.400" in message.text for message in here.an.messages), "nobody is followed"
        await here.an.sends_venue("thẻ căn cước 079204031234", 9.94, 106.35)
        await here.an.sees("căn cước")
        await here.presses(here.an, "Gửi")
        await here.an.sees("em ghi nhận B-0001")
        assert await here.look(PLACES) == [("Nhà văn hóa Ấp 3 (9.940, 106.350)",)]
        assert await here.look("SELECT * FROM surprises") == []


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_who_changes_what_they_said_hears_that_it_stands_as_it_was(tmp_path: Path, mode: str) -> None:
    async with town(tmp_path, mode) as here:
        await here.an.says("vneid 12")
        await here.an.sees("✔ 12 tài khoản")
        await here.an.rewords("vneid 21")
        await here.an.sees("vừa sửa một tin đã nhắn")
        await here.an.says("sửa lại 21 người")
        await here.an.sees("✔ 21 người")
        await here.presses(here.an, "Gửi")
        await here.an.sees("em ghi nhận B-0001")
        await here.an.rewords("vneid của 079204031234")
        await here.an.sees("căn cước")
        assert await here.look("SELECT count FROM report_items") == [(21,)]
        assert await here.look("SELECT * FROM surprises") == []
