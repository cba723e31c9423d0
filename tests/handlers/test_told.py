"""One message is a report: what members would have typed into the group becomes a card, and the card a report."""

from __future__ import annotations

import pytest

from bot.chat.dialog import Answer, Resume
from bot.chat.message import Press
from handlers.reports.actions import Change, NotThese, OfOther
from tests.handlers.test_reports import ITEMS
from tests.machines.desk import PHOTO, open_desk
from tests.rig import JPEG, Someone, Village, text_of

HOUR_MS = 3600 * 1000
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


async def test_the_register_of_teams_is_told_apart_from_what_was_done(here: Village) -> None:
    await here.an.says("Ấp kiện toàn 3 tổ với 21 thành viên")
    await here.an.sees("3 tổ, 21 thành viên là số của sổ tổ", "không cộng vào báo cáo")
    assert await cards(here.an) == 0
    await here.an.says("Ấp kiện toàn 3 tổ với 21 thành viên, cài vneid cho 6 người")
    await here.an.sees("✔ 6 người", "Ghi chú: 3 tổ, 21 thành viên")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0001")
    assert await here.look(ITEMS) == [("VNE", 6, "người")]


async def test_figures_of_a_longer_time_are_asked_about(here: Village) -> None:
    await here.an.says("từ đầu năm tới giờ phát 1.250 tờ rơi")
    await here.an.sees("Tờ rơi, pano, bảng", "cộng từ trước tới nay")
    assert here.an.offers_now("1.250 tờ")
    await here.quiet()
    assert not here.an.offers_now("Gửi"), "it is no figure of today until they say so"


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


async def test_what_is_planned_is_no_report(here: Village) -> None:
    await here.an.says("mai tổ dự kiến ra quân 20 người")
    await here.an.sees("việc sắp tới thì em chưa tính")
    assert not here.an.offers_now("Gửi")


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
    for said in ("ssk 9", "9 loa"):
        await here.an.says(said)
        await here.an.sees("em ghi thêm rồi", "được bao nhiêu tài khoản")
    await here.an.says("7")
    await here.an.sees(
        "Em ghi như vầy", "✔ 5 hồ sơ", "✔ 2 điểm", "✔ 7 tài khoản", "✔ 9 người", "✔ 9 lượt phát", "2 hình"
    )


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


async def test_what_is_left_open_twice_is_said_once(here: Village) -> None:
    await here.an.says("vneid 12, dvc 5, qr 2")
    await here.an.sees("Em ghi như vầy")
    await here.an.says("vneid 3, dvc 4, qr 1")
    for _ in range(3):
        await here.an.sees("cộng vào hay thay số cũ")
        await here.an.presses("Giữ số cũ")
    await here.an.sees("Em ghi như vầy")
    await here.an.says("vneid 4")
    await here.an.sees("✔ 12 tài khoản", "❓ Cài VNeID mức 2: chưa rõ")
    await here.an.says("vneid 6, qr 9")
    card = await here.an.sees("❓ Cài VNeID mức 2: chưa rõ", "❓ Điểm bán có mã QR: chưa rõ")
    assert card.count("❓") == 2


async def test_to_mend_what_was_sent_last_it_is_enough_to_say_so(here: Village) -> None:
    await here.an.says("cho em sửa lại")
    await here.an.sees("em chưa hiểu")
    await sends(here.an, "vneid 12")
    await here.an.says("cho em sửa lại nha")
    await here.an.sees("sửa phần nào")
    await here.an.says("vneid 15")
    await here.an.presses("Sửa lại")
    await here.an.sees("em đã sửa B-0001", "15 tài khoản")


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


async def test_two_days_in_one_message_are_two_reports(here: Village) -> None:
    await here.an.says("hom qua vneid 4, qr 2, hom nay vneid 6")
    await here.an.sees("✔ 4 tài khoản", "✔ 2 điểm", "Chủ nhật 22/11", "em ghi tiếp: “hom nay vneid 6”")
    await here.an.presses("✅ Gửi")
    await here.an.sees("em ghi nhận B-0001")
    await here.an.sees("✔ 6 tài khoản", "hôm nay")
    await here.an.presses("✅ Gửi")
    await here.an.sees("em ghi nhận B-0002")
    there = (
        "SELECT day, category, count FROM reports JOIN report_items ON report_id = reports.id ORDER BY day, category"
    )
    assert await here.look(there) == [("2026-11-22", "QR", 2), ("2026-11-22", "VNE", 4), ("2026-11-23", "VNE", 6)]


DAYS = "SELECT day, category, count FROM reports JOIN report_items ON report_id = reports.id ORDER BY reports.id"


async def test_of_two_days_one_is_dropped_and_the_other_stays(here: Village) -> None:
    await here.an.says("hôm qua vneid 5, hôm nay vneid 3")
    await here.an.sees("✔ 5 tài khoản", "em ghi tiếp: “hôm nay vneid 3”")
    await here.an.presses("✖ Bỏ")
    await here.an.sees("phần Chủ nhật 22/11 em để lại, chưa ghi gì", "Phần kia vẫn còn")
    await here.an.sees("✔ 3 tài khoản", "hôm nay")
    await here.an.presses("✅ Gửi")
    await here.an.sees("em ghi nhận B-0001", "✔ 3 tài khoản")
    assert await here.look(DAYS) == [("2026-11-23", "VNE", 3)]


async def test_of_two_days_the_dropped_one_is_taken_back_and_neither_is_lost(here: Village) -> None:
    await here.an.says("hôm qua vneid 5, hôm nay vneid 3")
    await here.an.presses("✖ Bỏ")
    await here.an.sees("✔ 3 tài khoản")
    await here.an.presses("Tiếp tục phần dở")
    await here.an.sees("✔ 5 tài khoản", "Chủ nhật 22/11", "em ghi tiếp: “hôm nay vneid 3”")
    await here.an.presses("✅ Gửi", within="✔ 5 tài khoản")
    await here.an.sees("em ghi nhận B-0001", "✔ 5 tài khoản")
    card = await here.an.sees("✔ 3 tài khoản", "hôm nay", "Em ghi như vầy")
    assert "em ghi tiếp" not in card
    await here.an.presses("✅ Gửi")
    await here.an.sees("em ghi nhận B-0002", "✔ 3 tài khoản")
    assert await here.look(DAYS) == [("2026-11-22", "VNE", 5), ("2026-11-23", "VNE", 3)]


async def test_of_two_days_both_are_dropped_one_after_the_other(here: Village) -> None:
    await here.an.says("hôm qua vneid 5, hôm nay vneid 3")
    await here.an.presses("✖ Bỏ")
    await here.an.sees("✔ 3 tài khoản")
    await here.an.presses("✖ Bỏ")
    await here.an.sees("em dừng lại, chưa ghi gì ạ")
    await here.an.presses("Tiếp tục phần dở")
    await here.an.sees("✔ 3 tài khoản")
    await here.an.says("thôi")
    await here.an.sees("em dừng lại")
    assert await here.look("SELECT COUNT(*) FROM reports") == [(0,)]
    await here.an.says("dvc 7 hồ sơ")
    card = await here.an.sees("✔ 7 hồ sơ")
    assert "tài khoản" not in card, "what was dropped comes back by its own button only"


async def test_the_other_day_is_sent_first_where_its_card_still_stands(rich: Village) -> None:
    """Who took back the one and presses the other's button sees what they press first."""
    await rich.an.says("hôm qua vneid 5, hôm nay vneid 3")
    await rich.an.presses("✖ Bỏ")
    await rich.an.presses("Tiếp tục phần dở")
    await rich.an.sees("✔ 5 tài khoản")
    for _ in range(2):
        await rich.an.presses("✅ Gửi", within="✔ 3 tài khoản")
    await rich.an.sees("em ghi nhận B-0001", "✔ 3 tài khoản")
    await rich.an.presses("✅ Gửi", within="✔ 5 tài khoản")
    await rich.an.sees("em ghi nhận B-0002", "✔ 5 tài khoản")


async def test_a_report_that_was_left_comes_back_after_another_was_mended(here: Village) -> None:
    await here.an.says("vneid 12")
    await here.an.presses("✅ Gửi")
    await here.an.sees("em ghi nhận B-0001")
    await here.an.says("dvc 7 hồ sơ")
    await here.an.sees("✔ 7 hồ sơ")
    await here.an.says("/lichsu")
    await here.an.says("B-0001")
    await here.an.presses("✏️ Sửa", within="B-0001")
    await here.an.says("vneid 15")
    await here.an.presses("Sửa lại")
    await here.an.sees("em đã sửa B-0001", "15 tài khoản")
    await here.an.sees("✔ 7 hồ sơ", "Đúng rồi thì")


async def test_where_it_is_not_sure_what_was_done_on_which_day_it_is_asked(here: Village) -> None:
    """Figures that come while it is asked are heard."""
    await here.an.says("vneid 5, dvc 4 hồ sơ hôm qua, qr 3 điểm hôm nay")
    await here.an.sees("việc này làm ngày nào")
    await here.an.says("ssk 2 người")
    await here.an.sees("Dạ, em ghi thêm rồi ạ.", "Việc này làm ngày nào")
    await here.an.says("hôm qua")
    await here.an.sees("✔ 5 tài khoản", "✔ 4 hồ sơ", "✔ 3 điểm", "✔ 2 người", "Chủ nhật 22/11")


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


async def test_words_of_a_burst_that_nobody_understood_are_its_note(here: Village) -> None:
    """Before the figures, with photos or without; they are no report, and what was answered is not said again."""
    await here.an.says("hom nay to di van dong ba con o nha van hoa")
    await here.an.sees("em chưa hiểu ý")
    await here.an.says("ba con den dong lam")
    assert "em chưa hiểu ý" not in await here.an.sees("gọi Đoàn Văn Tâm")
    assert await cards(here.an) == 0
    await here.an.says("vneid 12")
    await here.an.sees("✔ 12 tài khoản", "Ghi chú: hom nay to di van dong ba con o nha van hoa\nba con den dong lam")
    await here.bay.says("", *photos(2))
    await here.bay.sees("làm việc gì")
    await here.bay.says("hom nay to di van dong ba con o nha van hoa")
    await here.bay.sees("2 hình", "Ghi chú: hom nay to di", "làm việc gì")
    await here.bay.says("dvc 7 hồ sơ")
    await here.bay.sees("✔ 7 hồ sơ", "2 hình", "Ghi chú: hom nay to di")
    await here.ut.says("hom nay to di van dong ba con")
    await here.passes(minutes=2)
    await here.ut.says("vneid 3")
    assert "Ghi chú" not in await here.ut.sees("✔ 3 tài khoản"), "what was said a while ago is of something else"
    assert await here.look("SELECT COUNT(*) FROM drafts") == [(3,)]


async def test_a_report_is_named_by_its_code_among_other_words(here: Village) -> None:
    """Its digits count nothing; new figures open it to be changed, anything else shows it, and nobody else's opens."""
    await here.an.says("vneid 21, dvc 7 hồ sơ")
    await here.an.presses("Gửi")
    await here.an.says("sửa B-0001 vneid 12")
    await here.an.sees("em sửa B-0001", "✔ 12 tài khoản", "✔ 7 hồ sơ")
    await here.an.presses("✅ Sửa lại" if here.an.offers("✅ Sửa lại") else "Sửa lại")
    await here.an.sees("em đã sửa B-0001")
    await here.an.says("thêm 3 hồ sơ vào B-0001")
    await here.an.sees("✔ 10 hồ sơ", "✔ 12 tài khoản")
    await here.an.presses("Bỏ")
    await here.an.says("hủy báo cáo B-0001 giúp em")
    await here.an.sees("Báo cáo B-0001 của Nguyễn Văn An", "✔ 12 tài khoản")
    await here.an.says("sửa B-0001")
    await here.an.sees("muốn sửa phần nào")
    await here.an.presses("Bỏ")
    await here.bay.says("sửa B-0001 vneid 1")
    await here.bay.sees("không tìm thấy B-0001")
    assert sorted(await here.look(ITEMS)) == [("DVC", 7, "hồ sơ"), ("VNE", 12, "tài khoản")]
    await here.bay.says("vneid 5")
    await here.bay.sees("✔ 5 tài khoản")
    await here.bay.says("nhu trong B-0001 do")
    await here.bay.sees("✔ 5 tài khoản", "Ghi chú: nhu trong B-0001 do")


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
    await here.an.sees("em đã sửa B-0001", "✔ 8 hồ sơ", "✔ 12 tài khoản", "1 hình", "Lịch sử:")
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


async def test_what_is_told_after_something_else_goes_onto_the_card_that_was_left(here: Village) -> None:
    await here.an.says("qr 5 quán")
    await here.an.sees("✔ 5 quán")
    await here.an.says("/viec")
    await here.an.sees("vẫn giữ")
    await here.an.says("thêm 2 quán nữa")
    await here.an.sees("✔ 7 quán")
    await here.an.says("/viec")
    await here.an.sees("vẫn giữ")
    await here.an.says("gửi")
    await here.an.sees("Em ghi như vầy", "✔ 7 quán")
    await here.an.says("gửi")
    await here.an.sees("em ghi nhận B-0001")


async def test_a_card_survives_the_change_of_another_report_that_is_dropped(here: Village) -> None:
    await here.an.says("qr 3 quán")
    await here.an.presses("✅ Gửi")
    await here.an.sees("em ghi nhận B-0001")
    await here.an.says("vneid 12")
    await here.an.sees("✔ 12 tài khoản")
    await here.an.does(press=Press(Change(1).pack(), "0"))
    await here.an.sees("sửa phần nào")
    await here.an.presses("Bỏ")
    await here.an.sees("chưa ghi gì")
    await here.an.says("thêm 2 tk vneid")
    await here.an.sees("Em ghi như vầy", "✔ 14 tài khoản")


async def test_a_dropped_card_is_shown_before_it_is_sent_and_loses_nothing_of_the_next(here: Village) -> None:
    await here.an.says("vneid 12")
    ((first,),) = await here.look("SELECT id FROM drafts")
    assert isinstance(first, int)
    await here.an.presses("Bỏ")
    await here.an.says("dvc 7 hồ sơ")
    card = await here.an.sees("✔ 7 hồ sơ")
    assert "12" not in card
    await here.an.does(press=Press(Answer(first, "look", "send").pack(), "0"))
    await here.an.sees("✔ 12 tài khoản")
    assert await here.look("SELECT COUNT(*) FROM reports") == [(0,)]
    await here.an.presses("✅ Gửi", within="12 tài khoản")
    await here.an.sees("B-0001", "12 tài khoản")
    await here.an.sees("Em ghi như vầy", "✔ 7 hồ sơ")


@pytest.mark.parametrize("plain", [False, True])
def test_a_day_without_a_press_puts_it_aside_kindly(plain: bool) -> None:
    desk = open_desk(plain_phones=plain)
    desk.says("an", "vneid 12", PHOTO)
    desk.says("bay", "dvc 7 hồ sơ")
    desk.says("bay", "/viec")
    desk.says("ut", "ssk 3 người")
    desk.presses("ut", "Bỏ")
    desk.says("tam", "hom nay to di van dong ba con")  # which nobody understood: it lapses unsaid
    desk.now += 23 * HOUR_MS
    desk.rings("reports.lapse")
    assert "✔ 12 tài khoản" in desk.reads("an")
    desk.now += HOUR_MS
    desk.rings("reports.lapse")
    assert "Gửi nên chưa được tính: 12 tài khoản Cài VNeID mức 2" in desk.reads("an")
    assert "chưa được tính: 7 hồ sơ Nộp hồ sơ trực tuyến" in desk.reads("bay"), "one that was left too"
    assert "chưa ghi gì" in desk.reads("ut"), "but none that was dropped"
    desk.now += 600_000
    desk.rings("reports.lapse")
    assert desk.look("SELECT COUNT(*) FROM outbox WHERE body LIKE '%chưa được tính%'") == [(2,)], "once"
    desk.presses("an", "Mở lại")
    desk.says("an", "dvc 5 hồ sơ")
    assert "là của thứ Ba 24/11, còn phần trước là thứ Hai 23/11" in desk.reads("an")
    desk.presses("an", "Cùng một ngày")
    for line in ("✔ 12 tài khoản", "✔ 5 hồ sơ", "hôm nay, thứ Ba 24/11", "1 hình"):
        assert line in desk.reads("an")


# Corrections, and photos of what was sent


async def sends(who: Someone, text: str) -> None:
    await who.says(text)
    await who.presses("✅ Gửi")
    await who.sees("em ghi nhận B-")


async def test_a_correction_finds_its_report(here: Village) -> None:
    await sends(here.an, "hôm qua dvc 21 hồ sơ, vneid 5")
    await sends(here.an, "vneid 12")
    await here.an.says("sửa lại hôm qua 12 chứ hỏng phải 21")
    await here.an.sees("em sửa B-0001", "Trước: 21 hồ sơ", "Chủ nhật 22/11", "✔ 12 hồ sơ", "✔ 5 tài khoản")
    await here.an.presses("Sửa lại")
    await here.an.sees("em đã sửa B-0001", "✔ 12 hồ sơ", "✔ 5 tài khoản")
    await here.an.says("sửa vneid thành 10")
    await here.an.sees("em sửa B-0002", "Trước: 12 tài khoản", "✔ 10 tài khoản")
    await here.an.presses("Bỏ")
    await here.an.sees("chưa ghi gì")
    await sends(here.an, "vneid 3, ssk 2 người")
    await here.an.says("sửa lại vneid 4")
    await here.an.sees("muốn sửa báo cáo nào")
    await here.an.presses("B-0003")
    await here.an.sees("em sửa B-0003", "✔ 4 tài khoản", "✔ 2 người")
    await here.an.presses("Sửa lại")
    await here.an.sees("em đã sửa B-0003")
    await here.bay.says("sửa lại hôm qua vneid 5")
    await here.bay.sees("Chủ nhật 22/11 em không thấy báo cáo nào")
    await here.bay.sees("Em ghi như vầy", "✔ 5 tài khoản", "Chủ nhật 22/11")
    counts = "SELECT i.count FROM report_items i WHERE i.category = 'VNE' ORDER BY i.report_id"
    assert await here.look(counts) == [(5,), (12,), (4,)]


async def test_a_table_copied_from_a_sheet_is_read_by_its_results(here: Village) -> None:
    await here.an.says("Nội dung\tChỉ tiêu\tKết quả\nVNeID\t30\t18\nDVC\t20\t12")
    shown = await here.an.sees("✔ 18 tài khoản", "✔ 12 hồ sơ")
    assert "30" not in shown
    assert "20" not in shown.replace("2026", "")
    await here.an.presses("✅ Gửi")
    await here.an.sees("em ghi nhận B-0001")
    assert [row[:2] for row in await here.look(ITEMS)] == [("VNE", 18), ("DVC", 12)]


async def test_people_alone_are_another_number_of_what_was_told_and_no_other_kind(here: Village) -> None:
    """ "Sửa lại 21 người" once stood beside the twelve as twenty-one who were shown something."""
    await here.an.says("vneid 12")
    await here.an.says("sửa lại 21 người")
    assert "12" not in await here.an.sees("Em ghi như vầy", "✔ 21 người")
    await here.an.presses("✅ Gửi")
    await here.an.sees("em ghi nhận B-0001")
    await here.an.says("sua lai 20 ng chu hong phai 21")
    await here.an.sees("em sửa B-0001", "Trước: 21 người", "✔ 20 người")
    await here.an.presses("Sửa lại")
    await here.an.sees("em đã sửa B-0001")
    assert [row[:2] for row in await here.look(ITEMS)] == [("VNE", 20)]


async def test_people_alone_are_of_the_kind_that_counts_people_or_it_is_asked_of_which(here: Village) -> None:
    await here.an.says("vneid 12, hướng dẫn 5 người")
    await here.an.says("sửa lại 6 người")
    await here.an.sees("✔ 12 tài khoản", "✔ 6 người")
    await here.an.presses("Bỏ")
    await here.an.says("vneid 12, dvc 7 hồ sơ")
    await here.an.says("sửa lại 8 người")
    await here.an.sees("số 8 là sửa cho mục nào")
    await here.an.presses("12 tài khoản")
    await here.an.sees("✔ 8 người – Cài đặt", "✔ 7 hồ sơ")
    await here.an.says("sửa lại vneid 9 người, hướng dẫn 4 người")
    await here.an.sees("✔ 9 người – Cài đặt", "✔ 7 hồ sơ", "✔ 4 người – Người dân")


async def test_a_code_among_the_words_says_which_report_is_meant(here: Village) -> None:
    """It was once read past, so that the newest report was mended, or as a number."""
    await sends(here.an, "dvc 21 hồ sơ, vneid 5")
    await sends(here.an, "dvc 7 hồ sơ")
    for said in ("sửa B-0001 dvc thành 12", "b-0001 dvc 12"):
        await here.an.says(said)
        await here.an.sees("em sửa B-0001", "Trước: 21 hồ sơ", "✔ 12 hồ sơ", "✔ 5 tài khoản")
        await here.an.presses("Bỏ")
        await here.an.sees("chưa ghi gì")
    await here.an.says("xóa giùm B-0002")
    assert "là làm việc gì" not in await here.an.sees("Báo cáo B-0002 của Nguyễn Văn An", "✔ 7 hồ sơ")
    assert here.an.offers_now("Sửa")
    await here.an.presses("Hoàn tác")
    await here.an.sees("em đã gỡ B-0002")


async def test_who_names_a_report_that_is_not_theirs_changes_none(here: Village) -> None:
    await sends(here.an, "dvc 21 hồ sơ")
    await sends(here.bay, "dvc 4 hồ sơ")
    await here.bay.says("sửa B-0001 dvc thành 5")
    await here.bay.sees("B-0001")
    assert not here.bay.offers_now("Sửa lại")
    assert await here.look("SELECT count FROM report_items ORDER BY report_id") == [(21,), (4,)]


async def test_to_take_back_what_was_sent_last_it_is_enough_to_say_so(here: Village) -> None:
    await here.an.says("gửi lộn rồi, bỏ đi")
    await here.an.sees("em chưa hiểu")
    for at, said in enumerate(("hoan tac", "gửi lộn rồi, bỏ đi", "xóa báo cáo này giùm"), start=1):
        await sends(here.an, f"dvc {at} hồ sơ")
        await here.an.says("trời ơi")
        await here.an.sees("em chưa hiểu")
        await here.an.says(said)
        await here.an.sees(f"Báo cáo B-{at:04d} của Nguyễn Văn An")
        await here.an.presses("Hoàn tác")
        await here.an.sees(f"em đã gỡ B-{at:04d}")


async def test_other_work_told_while_a_report_is_mended_is_asked_about(here: Village) -> None:
    await sends(here.an, "qr 10 sạp, vneid 3")
    await here.an.says("sửa qr là 9")
    await here.an.sees("em sửa B-0001", "Trước: 10 sạp", "✔ 9 sạp")
    await here.an.says("hôm nay tổ nghỉ, không làm gì hết")
    await here.an.sees("báo cáo riêng, hay thêm vào B-0001")
    await here.an.presses("Thêm vào B-0001")
    await here.an.sees("em đang ghi: 9 sạp", "Mấy số này em bỏ hết nha?")
    await here.an.presses("Không, giữ lại")
    await here.an.sees("em sửa B-0001", "✔ 9 sạp")
    await here.an.says("dạy 1 lớp")
    await here.an.presses("Báo cáo riêng")
    await here.an.presses("Sửa lại")
    await here.an.sees("em đã sửa B-0001", "✔ 9 sạp")
    await here.an.sees("Em ghi như vầy", "✔ 1 lớp")
    await here.an.presses("✅ Gửi")
    await here.an.sees("em ghi nhận B-0002")


async def test_photos_after_sending_are_of_what_was_sent(here: Village) -> None:
    await sends(here.an, "vneid 12")
    await here.passes(minutes=9)
    await here.an.says("", *photos(1))
    await here.an.says("ở nhà cô Ba", *photos(3)[1:])
    await here.an.sees("em thêm 3 hình vào B-0001", "3 hình", "Ghi chú: ở nhà cô Ba")
    assert await here.look("SELECT COUNT(*) FROM report_files") == [(3,)]
    await here.an.presses("Hình của việc khác")
    await here.an.sees("Em đã nhận 3 hình", "làm việc gì")
    assert await here.look("SELECT COUNT(*) FROM report_files") == [(0,)]
    await sends(here.an, "dvc 7 hồ sơ")
    assert await here.look("SELECT report_id, COUNT(*) FROM report_files GROUP BY report_id") == [(2, 3)]
    await here.passes(minutes=1)
    await here.an.says("", *photos(10)[1:])
    await here.an.sees("em thêm 7 hình vào B-0002", "10 hình", "còn 2 hình")
    await here.an.presses("Bỏ hình vừa thêm")
    await here.an.sees("em bỏ 7 hình ra khỏi B-0002", "3 hình")
    await here.passes(minutes=11)
    await here.an.says("", *photos(1))
    await here.an.sees("làm việc gì")


async def test_the_team_that_is_named_decides(here: Village) -> None:
    ((ap2,),) = await here.look("SELECT id FROM units WHERE code = 'ap2'")
    await here.look(
        "INSERT INTO posts (person_id, unit_id, role, since) VALUES (:an, :unit, 'member', 1)",
        an=here.an.id,
        unit=ap2,
    )
    await here.an.says("vneid 12 ở ấp 2")
    card = await here.an.sees("✔ 12 tài khoản", "· Ấp 2")
    assert "📍" not in card
    await here.an.presses("Báo cho tổ khác")
    await here.an.sees("· Ấp 1")
    await here.an.presses("Gửi")
    await here.an.sees("B-0001", "Ấp 1")
    await here.an.presses("Sửa")
    await here.an.presses("🔁 Tổ")
    await here.an.presses("Ấp 2")
    await here.an.presses("Sửa lại")
    await here.an.sees("em đã sửa B-0001", "· Ấp 2", "Ấp 1 → Ấp 2")
    assert await here.look("SELECT unit_id FROM reports") == [(ap2,)]


async def test_it_is_complete_in_english(here: Village) -> None:
    await here.look("UPDATE people SET language = 'en' WHERE id = :id", id=here.an.id)
    await here.an.says("vneid hơn 12 người, cài ví vài người", *photos(1))
    await here.an.sees("please send one sure number")
    await here.an.says("3")
    await here.an.sees("This is what I have", "more than 12", "1 photo")
    await here.an.presses("Change")
    await here.an.sees("What shall be changed?")
    await here.an.presses("The day")
    await here.an.presses("Yesterday")
    await here.an.sees("This is what I have")
    await here.an.presses("Send")
    await here.an.sees("Kept as B-0001")


# What goes wrong


async def test_dropped_by_two_taps_it_stays_dropped(here: Village) -> None:
    """The second tap once brought the question back, and the next message went onto it."""
    await here.an.says("vneid 12, cài ví 3-4 người")
    await here.an.sees("em ghi số nào")
    ((draft,),) = await here.look("SELECT id FROM drafts")
    assert isinstance(draft, int)
    drop = Press(Answer(draft, "q0", "~drop").pack(), "0")
    for _ in range(2):
        await here.an.does(press=drop)
        await here.an.sees("chưa ghi gì")
    await here.an.says("qr 2 điểm")
    assert "12 tài khoản" not in await here.an.sees("Em ghi như vầy", "✔ 2 điểm")
    await here.an.presses("Bỏ")
    await here.an.sees("chưa ghi gì")
    await here.an.does(press=Press(Resume(draft).pack(), "0"))
    await here.an.sees("em ghi số nào")


async def test_pressed_twice_heard_twice_and_pressed_late(here: Village) -> None:
    await here.an.says("vneid 12, cài ví 3-4 người")
    await here.an.sees("em ghi số nào")
    ((draft,),) = await here.look("SELECT id FROM drafts")
    assert isinstance(draft, int)
    for value in ("99", "~back", "send", "~fix:told"):
        await here.an.does(press=Press(Answer(draft, "q0", value).pack(), "0"))
        await here.an.sees("em ghi số nào")
    await here.an.presses("4 người")
    await here.an.sees("✔ 12 tài khoản", "✔ 4 người")
    await here.an.does(press=Press(Answer(draft, "q0", "3").pack(), "0"))
    await here.an.sees("✔ 12 tài khoản", "✔ 4 người")
    send = Press(Answer(draft, "look", "send").pack(), "0")
    await here.bay.does(press=send)
    await here.bay.sees("đã làm xong hoặc đã bỏ rồi")
    await here.an.does(press=send)
    await here.an.sees("em ghi nhận B-0001")
    await here.an.does(press=send)
    await here.an.sees("đã làm xong hoặc đã bỏ rồi")
    assert await here.look("SELECT COUNT(*) FROM reports") == [(1,)]
    for action in (NotThese(1, 0), OfOther(1, 0)):
        await here.bay.does(press=Press(action.pack(), "0"))
        await here.bay.sees("không tìm thấy B-0001")


async def test_a_number_that_nobody_told_changes_no_other(here: Village) -> None:
    await here.an.says("qr 3 quán")
    await here.an.presses("Gửi")
    await here.an.says("sửa 5 thành 50")
    await here.an.sees("số 50 là sửa cho mục nào")
    assert not here.an.offers_now("Sửa lại"), "which figure is meant is asked first"
    assert await here.look("SELECT category, count, unit FROM report_items") == [("QR", 3, "quán")]
