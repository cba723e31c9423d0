"""Messages and photos in quick succession: where a card cannot be edited, it is shown once nothing more comes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.rig import JPEG, Someone, Village, text_of, village

REPORTS = "SELECT COUNT(*) FROM reports"


@pytest.fixture
async def zalo(tmp_path: Path) -> AsyncIterator[Village]:
    """The village where nobody has buttons, and nothing said can be edited."""
    async with village(tmp_path, plain=True) as found:
        yield found


def photo(number: int) -> bytes:
    return JPEG + bytes([number])


async def seconds(here: Village, count: float) -> None:
    await here.passes(minutes=count / 60)


def told(who: Someone, words: str) -> int:
    return sum(words in text_of(message) for message in who.told)


async def test_three_messages_and_four_photos_are_one_card(here: Village) -> None:
    for text, *photos in (("vneid 12", photo(1)), ("", photo(2)), ("dvc 7 hồ sơ",), ("", photo(3)), ("", photo(4))):
        await here.an.says(text, *photos)
    await here.an.says("bà con vui lắm")
    await here.an.sees("✔ 12 tài khoản", "✔ 7 hồ sơ", "4 hình", "bà con vui lắm")
    assert len(here.an.told) == 1
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0001", "4 hình")
    assert await here.look("SELECT COUNT(*) FROM report_files") == [(4,)]


async def test_whoever_takes_their_time_sees_the_first_card_and_one_more(zalo: Village) -> None:
    an = zalo.an
    await an.says("vneid 12")
    await seconds(zalo, 3)
    assert an.told == [], "more may come"
    await seconds(zalo, 2)
    assert told(an, "✔ 12 tài khoản") == 1
    for number in range(4):
        await an.says("", photo(number))
        await seconds(zalo, 8)
    await an.says("dvc 7 hồ sơ")
    await seconds(zalo, 8)
    assert len(an.told) == 1
    await seconds(zalo, 3)
    assert len(an.told) == 2
    assert told(an, "4 hình") == 1


async def test_whoever_goes_on_and_on_sees_a_card_within_a_minute(zalo: Village) -> None:
    for number in range(1, 11):
        await zalo.an.says(f"dvc {number} hồ sơ" if number == 1 else "", *([photo(number)] if number > 1 else []))
        await seconds(zalo, 3 if number == 1 else 7)
    assert len(zalo.an.told) == 1
    assert told(zalo.an, "9 hình") == 1


async def test_photos_alone_are_asked_about_once(zalo: Village) -> None:
    for number in range(4):
        await zalo.an.says("", photo(number))
    await zalo.an.sees("Em đã nhận 4 hình", "làm việc gì")
    assert len(zalo.an.told) == 1


async def test_photos_of_what_was_sent_are_one_card(here: Village) -> None:
    await here.an.says("vneid 12")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0001")
    before = len(here.an.told)
    await seconds(here, 60)
    for number in range(4):
        await here.an.says("", photo(number))
        await seconds(here, 2)
    await here.an.sees("em thêm 4 hình vào B-0001", "📷 4 hình")
    assert len(here.an.told) == before + 1
    await here.an.presses("Bỏ hình vừa thêm")
    await here.an.sees("em bỏ 4 hình ra khỏi B-0001")


async def test_photos_for_a_question_are_counted_once(here: Village) -> None:
    await here.an.says("/baocao")
    await here.an.presses("Nộp hồ sơ")
    await here.an.says("5")
    await here.an.sees("hình hay muốn ghi chú")
    for number in range(4):
        await here.an.says("", photo(number))
    await here.an.sees("Em đã nhận 4 hình")
    assert told(here.an, "Em đã nhận") == 1


async def test_a_question_and_what_does_not_fit_are_said_at_once(zalo: Village) -> None:
    await zalo.an.says("cài vneid")
    await zalo.quiet()
    assert told(zalo.an, "được bao nhiêu tài khoản") == 1
    await zalo.an.says("7")
    await zalo.an.says("mấy giờ họp em?")
    await zalo.quiet()
    assert told(zalo.an, "câu này em trả lời sau") == 1
    assert told(zalo.an, "✔ 7 tài khoản") == 1, "with the card, so that it need not come once more"
    await zalo.an.waits()
    assert told(zalo.an, "✔ 7 tài khoản") == 1


async def test_a_pressed_choice_is_answered_at_once(zalo: Village) -> None:
    await zalo.an.says("vneid 12, dvc 7 hồ sơ")
    await zalo.an.presses("Sửa")
    await zalo.an.presses("Không sửa nữa")
    await zalo.quiet()
    assert told(zalo.an, "✔ 12 tài khoản") == 2


async def test_what_is_sent_meanwhile_is_not_shown_any_more(zalo: Village) -> None:
    await zalo.an.says("vneid 12")
    await zalo.an.sees("✔ 12 tài khoản")
    await zalo.an.says("", photo(1))
    await zalo.an.says("gửi")
    await zalo.quiet()
    assert told(zalo.an, "em ghi nhận B-0001") == told(zalo.an, "1 hình") == 1
    await seconds(zalo, 120)
    assert told(zalo.an, "Đúng rồi thì nhắn Gửi") == 1
    assert await zalo.look(REPORTS) == [(1,)]


async def test_a_command_is_answered_at_once_and_what_was_told_is_kept(zalo: Village) -> None:
    await zalo.an.says("vneid 12")
    await zalo.an.says("/viec")
    await zalo.quiet()
    assert told(zalo.an, "vẫn giữ cho anh/chị") == 1
    await seconds(zalo, 60)
    assert told(zalo.an, "✔ 12 tài khoản") == 0
    await zalo.an.presses("Tiếp tục phần dở")
    await zalo.an.sees("✔ 12 tài khoản")


async def test_with_buttons_nothing_waits(rich: Village) -> None:
    await rich.an.says("vneid 12")
    await rich.quiet()
    assert told(rich.an, "✔ 12 tài khoản") == 1


async def test_a_card_that_waits_outlives_the_program(tmp_path: Path) -> None:
    url, phones = str(tmp_path / "apso.db"), tmp_path / "phones"
    async with village(phones, plain=True, url=url) as here:
        await here.an.says("vneid 12")
        await here.an.says("", photo(1))
        await here.quiet()
        assert here.an.told == []
    async with village(phones, plain=True, url=url, at="2026-11-23 08:01") as here:
        await here.an.sees("✔ 12 tài khoản", "1 hình")
        assert len(here.an.told) == 1
        await here.an.presses("Gửi")
        await here.an.sees("em ghi nhận B-0001", "1 hình")
        assert await here.look(REPORTS) == [(1,)]
