"""One message is a report: what members would have typed into the group becomes a card, and the card a report."""

from __future__ import annotations

import pytest

from tests.handlers.test_reports import ITEMS
from tests.rig import JPEG, Someone, Village, text_of

REPORTS = "SELECT day, note, said, place FROM reports ORDER BY id"


def photos(count: int) -> list[bytes]:
    return [JPEG + bytes([number]) for number in range(count)]


async def cards(who: Someone) -> int:
    """How many messages of the bot's show a card or a question about it."""
    await who.village.quiet()
    return sum("Em ghi như vầy" in text_of(message) for message in who.told)


async def test_one_message_and_one_press(here: Village) -> None:
    await here.an.says("hum nay VNE 12, giup 5 ng nop dvc, bà con vui lắm")
    await here.an.sees(
        "✔ 5 người – Hỗ trợ nộp hồ sơ", "✔ 12 tài khoản", "hôm nay, thứ Hai 23/11 · Ấp 1", "Ghi chú: bà con"
    )
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0001", "5 người", "12 tài khoản", "Ghi chú: bà con vui lắm")
    await here.tam.sees("An: 5 người Nộp hồ sơ trực tuyến, 12 tài khoản Cài VNeID mức 2", "B-0001")
    assert sorted(await here.look(ITEMS)) == [("DVC", 5, "người"), ("VNE", 12, "tài khoản")]
    said = "hum nay VNE 12, giup 5 ng nop dvc, bà con vui lắm"
    assert await here.look(REPORTS) == [("2026-11-23", "bà con vui lắm", said, "")]


@pytest.mark.parametrize(
    "said", ["xin chào em", "mai đi ấp 3 cài vneid 5 nhà", "hôm nay làm gì vậy em?", "12", "cảm ơn em"]
)
async def test_what_reports_nothing_is_no_report(here: Village, said: str) -> None:
    await here.an.says(said)
    await here.quiet()
    assert await cards(here.an) == 0
    assert await here.look("SELECT * FROM drafts") == []


async def test_what_is_said_beside_the_counts_is_kept(here: Village) -> None:
    """Telex slips, a qualifier, who took part, the whole of a ratio, a place that is no team of theirs."""
    await here.an.says("toor caif vneid hown 20 nguowif, 5 anh em đi, qr 25/40 tiểu thương ở ấp 3")
    await here.an.sees(
        "✔ hơn 20 người", "✔ 25 tiểu thương", "📍 Ấp 3", "Ấp 1", "5 người trong tổ cùng làm", "25 trên 40"
    )
    await here.an.presses("Gửi")
    await here.an.sees("B-0001", "hơn 20 người", "📍 Ấp 3")
    assert await here.look("SELECT category, count, unit, qualifier FROM report_items ORDER BY category") == [
        ("QR", 25, "tiểu thương", ""),
        ("VNE", 20, "người", "hơn"),
    ]


async def test_nothing_done_and_a_day_by_words(here: Village) -> None:
    await here.an.says("hôm nay không có gì")
    await here.an.sees("✔ Không có hoạt động", "hôm nay")
    await here.an.says("hôm qua nha")
    await here.an.sees("✔ Không có hoạt động", "Chủ nhật 22/11")
    await here.an.presses("Gửi")
    await here.an.sees("B-0001", "Không có hoạt động")
    assert await here.look(ITEMS) == []
    assert await here.look("SELECT day FROM reports") == [("2026-11-22",)]


# What is not certain


async def test_what_is_not_certain_is_asked_one_by_one_and_at_most_three_times(here: Village) -> None:
    await here.an.says("cài vneid vài người, qr 3-4 điểm, loa mấy lần, sổ sức khỏe nhiều lắm")
    await here.an.sees("Cài đặt, kích hoạt VNeID mức 2: anh/chị cho em con số chắc", "bao nhiêu người")
    await here.an.says("hổng nhớ")
    await here.an.sees("“hổng nhớ” em chưa hiểu", "VNeID")
    await here.an.says("hơn 15 ng")
    await here.an.sees("em ghi số nào")
    await here.an.presses("4 điểm")
    await here.an.sees("Phát loa")
    await here.an.presses("Bỏ qua")
    card = await here.an.sees("Em ghi như vầy", "✔ hơn 15 người", "✔ 4 điểm", "❓ Sổ sức khỏe điện tử: chưa rõ")
    assert "loa" not in card
    await here.an.presses("Sửa")
    await here.an.presses("❓ Sổ sức khỏe")
    await here.an.says("2")
    await here.an.sees("Em ghi như vầy", "✔ 2 người – Sổ sức khỏe")
    await here.an.presses("Gửi")
    await here.an.sees("B-0001")
    assert {row[:2] for row in await here.look(ITEMS)} == {("QR", 4), ("SSK", 2), ("VNE", 15)}


async def test_a_number_without_its_kind(here: Village) -> None:
    await here.an.says("làm 12 cái")
    await here.an.sees("là làm việc gì ạ?")
    await here.an.says("vneid")
    await here.an.sees("Em ghi như vầy", "✔ 12")
    await here.an.presses("Gửi")
    await here.an.sees("B-0001")
    assert [row[:2] for row in await here.look(ITEMS)] == [("VNE", 12)]


async def test_figures_that_come_while_something_is_asked_are_not_lost(here: Village) -> None:
    await here.an.says("cài vneid")
    await here.an.sees("được bao nhiêu tài khoản")
    await here.an.says("5 hồ sơ dvc, 2 điểm qr", JPEG)
    await here.an.sees("em ghi thêm rồi", "được bao nhiêu tài khoản")
    await here.an.says("", JPEG)
    await here.an.sees("Em đã nhận 2 hình", "được bao nhiêu tài khoản")
    await here.an.says("7")
    await here.an.sees("Em ghi như vầy", "✔ 5 hồ sơ", "✔ 2 điểm", "✔ 7 tài khoản", "2 hình")


async def test_a_kind_told_twice_is_asked(here: Village) -> None:
    await here.an.says("vneid 12")
    await here.an.says("vneid 5")
    await here.an.sees("em đang có 12 tài khoản, nay thêm số 5")
    await here.an.presses("Cộng lại: 17")
    await here.an.sees("✔ 17 tài khoản")
    await here.an.says("thêm 3 tk vneid nữa")
    await here.an.sees("✔ 20 tài khoản")
    await here.an.says("sửa lại 12 chứ hỏng phải 20")
    await here.an.sees("✔ 12 tài khoản")


async def test_words_of_another_day_become_a_report_of_their_own(here: Village) -> None:
    await here.an.says("hôm nay vneid 12")
    await here.an.says("hôm qua dvc 5 hồ sơ")
    await here.an.sees("“hôm qua dvc 5 hồ sơ” là của Chủ nhật 22/11")
    await here.an.presses("Ghi riêng")
    await here.an.sees("✔ 12 tài khoản", "hôm nay")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0001")
    await here.an.sees("Em ghi như vầy", "✔ 5 hồ sơ", "Chủ nhật 22/11")
    await here.an.presses("✅ Gửi")
    await here.an.sees("em ghi nhận B-0002")
    assert await here.look("SELECT day FROM reports ORDER BY id") == [("2026-11-23",), ("2026-11-22",)]


# Several messages, and photos


async def test_a_burst_is_one_card(here: Village) -> None:
    await here.an.says("", *photos(2))
    await here.an.sees("Em đã nhận 2 hình", "làm việc gì")
    await here.an.says("vneid 12")
    await here.an.says("", *photos(4)[2:])
    await here.an.says("dvc 7 hồ sơ")
    await here.an.says("bà con vui lắm")
    await here.an.sees("✔ 12 tài khoản", "✔ 7 hồ sơ", "4 hình", "bà con vui lắm")
    if not here.phone.is_plain(here.an.chat):
        assert len(here.an.told) == 1, "edited in place"
    await here.passes(minutes=2)
    await here.an.says("ssk 3 người")
    await here.an.sees("✔ 3 người")
    if not here.phone.is_plain(here.an.chat):
        assert len(here.an.told) == 2, "later it comes anew, where it is seen"
        assert here.an.told[0].buttons == ()
    await here.an.presses("Gửi")
    await here.an.sees("B-0001", "4 hình")
    assert await here.look("SELECT COUNT(*) FROM reports") == [(1,)]
    assert await here.look("SELECT COUNT(*) FROM report_files") == [(4,)]


async def test_a_caption_is_read(here: Village) -> None:
    await here.an.says("12 ng cai vneid", *photos(2))
    await here.an.sees("✔ 12 người", "2 hình")
    await here.bay.says("ra mat to so", *photos(1))
    await here.bay.sees("1 hình", "Ghi chú: ra mat to so", "làm việc gì")
    await here.bay.presses("Nộp hồ sơ")
    await here.bay.sees("được bao nhiêu hồ sơ")
    await here.bay.says("3")
    await here.bay.sees("✔ 3 hồ sơ", "1 hình", "ra mat to so")


async def test_photos_of_a_while_ago_are_asked_about(here: Village) -> None:
    await here.an.says("", *photos(2))
    await here.an.sees("2 hình")
    await here.passes(minutes=11)
    await here.an.says("vneid 12")
    await here.an.sees("2 hình anh/chị gửi hồi nãy")
    await here.an.presses("Không phải")
    card = await here.an.sees("✔ 12 tài khoản")
    assert "hình" not in card


async def test_more_photos_than_are_kept_are_counted_aloud(here: Village) -> None:
    await here.an.says("vneid 12", *photos(8))
    await here.an.says("", *photos(12)[8:])
    await here.an.sees("10 hình", "giữ được 10 hình, còn 2 hình")


# Changing


async def test_each_part_is_changed_before_sending(here: Village) -> None:
    an = here.an
    await an.says("vneid 12, dvc 7 hồ sơ, qr 3 điểm", *photos(2))
    await an.sees("✔ 12 tài khoản", "✔ 7 hồ sơ", "✔ 3 điểm")
    await an.presses("✏️ Sửa" if an.offers("✏️ Sửa") else "Sửa")
    await an.presses("7 hồ sơ")
    await an.says("9 hồ sơ")
    await an.sees("✔ 12 tài khoản", "✔ 9 hồ sơ", "✔ 3 điểm")
    await an.presses("Sửa")
    await an.presses("3 điểm")
    await an.presses("Bỏ mục này")
    assert "3 điểm" not in await an.sees("Em ghi như vầy")
    await an.presses("Sửa")
    await an.presses("12 tài khoản")
    await an.presses("Đổi việc khác")
    await an.presses("Đến nhà")
    await an.sees("được bao nhiêu hộ")
    await an.presses("12 hộ")
    await an.sees("✔ 12 hộ", "✔ 9 hồ sơ")
    await an.presses("Sửa")
    await an.presses("Thêm việc")
    await an.says("3 người cài vneid")
    await an.sees("✔ 12 hộ", "✔ 9 hồ sơ", "✔ 3 người")
    await an.presses("Sửa")
    await an.says("hộ 14")
    await an.sees("✔ 14 hộ")
    await an.presses("Sửa")
    await an.presses("📅 Ngày")
    await an.says("20/11")
    await an.sees("thứ Sáu 20/11")
    await an.presses("Sửa")
    await an.presses("Ghi chú")
    await an.says("ở nhà cô Ba")
    await an.sees("Ghi chú: ở nhà cô Ba")
    await an.presses("Sửa")
    await an.presses("📷 Hình")
    await an.presses("Bỏ hình cuối")
    await an.sees("đang có 1 hình")
    await an.presses("Xong")
    await an.sees("📷 1 hình")
    await an.presses("Sửa")
    await an.presses("14 hộ")
    await an.presses("Quay lại")
    await an.presses("Không sửa nữa")
    await an.presses("Gửi")
    await an.sees("B-0001", "14 hộ", "9 hồ sơ", "3 người", "thứ Sáu 20/11", "1 hình", "ở nhà cô Ba")


async def test_a_sent_report_of_several_items_is_changed_whole(here: Village) -> None:
    await here.an.says("vneid 12, dvc 7 hồ sơ", *photos(1))
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0001")
    await here.passes(minutes=60)
    await here.an.presses("Sửa", within="B-0001")
    await here.an.presses("7 hồ sơ")
    await here.an.says("8")
    await here.an.sees("Trước: 7 hồ sơ Nộp hồ sơ trực tuyến, 12 tài khoản", "✔ 8 hồ sơ", "✔ 12 tài khoản", "1 hình")
    await here.an.presses("Sửa lại")
    await here.an.sees("em đã sửa B-0001", "✔ 8 hồ sơ", "✔ 12 tài khoản", "1 hình", "Đã sửa:")
    assert sorted(await here.look(ITEMS)) == [("DVC", 8, "hồ sơ"), ("VNE", 12, "tài khoản")]
    await here.tam.sees("8 hồ sơ")


# Put aside, dropped, over


async def test_left_for_something_else_dropped_and_taken_back(here: Village) -> None:
    await here.an.says("vneid 12", *photos(1))
    await here.an.sees("✔ 12 tài khoản")
    await here.an.says("/viec")
    await here.an.sees("vẫn giữ cho anh/chị")
    await here.an.presses("Tiếp tục phần dở")
    await here.an.sees("✔ 12 tài khoản", "1 hình")
    await here.an.presses("Bỏ")
    await here.an.sees("em dừng lại, chưa ghi gì ạ")
    await here.an.presses("Tiếp tục phần dở")
    await here.an.sees("✔ 12 tài khoản", "1 hình")
    await here.an.says("mấy giờ họp em?")
    await here.an.sees("câu này em trả lời sau", "✔ 12 tài khoản")
    await here.an.says("cảm ơn em")
    await here.an.sees("đúng rồi thì anh/chị " + ("nhắn" if here.phone.is_plain(here.an.chat) else "bấm") + " Gửi")
    assert await here.look("SELECT COUNT(*) FROM reports") == [(0,)]
    await here.an.says("dạ đúng rồi")
    await here.an.sees("em ghi nhận B-0001")
