"""Reports, as members make them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.chat.dialog import Answer
from bot.chat.message import Press
from handlers.reports.actions import Change, Photos, Restore, Undo
from tests.rig import JPEG, Someone, Village, text_of, village

ITEMS = "SELECT i.category, i.count, i.unit FROM report_items i JOIN reports r ON r.id = i.report_id"


async def begin(who: Someone, kind: str = "Nộp hồ sơ") -> None:
    """Up to the question how many."""
    await who.says("bao cao")
    await who.sees("Câu 1/3")
    await who.presses(kind)
    await who.sees("Câu 2/3")


async def fill(who: Someone, count: str = "12", kind: str = "Nộp hồ sơ") -> None:
    """Up to the last look."""
    await begin(who, kind)
    await who.says(count)
    await who.sees("Câu 3/3")
    await who.presses("Không có thêm")
    await who.sees("Em ghi như vầy")


async def send(who: Someone, count: str = "12", kind: str = "Nộp hồ sơ") -> str:
    """A whole report; returns its card's text."""
    await fill(who, count, kind)
    await who.presses("Gửi")
    return await who.sees("em ghi nhận B-")


async def test_three_questions_and_it_counts(here: Village) -> None:
    await here.an.says("bao cao")
    await here.an.sees("Câu 1/3", "làm việc gì")
    await here.an.presses("Nộp hồ sơ")
    await here.an.sees("Bao nhiêu hồ sơ")
    await here.an.says("mười hai")
    await here.an.sees("hình hay muốn ghi chú")
    await here.an.says("", JPEG)
    await here.an.sees("Em đã nhận 1 hình")
    await here.an.presses("Xong")
    await here.an.sees("12 hồ sơ", "1 hình", "hôm nay, thứ Hai 23/11", "Ấp 1")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0001", "12 hồ sơ")
    await here.tam.sees("có 1 báo cáo", "Nguyễn Văn An: 12 hồ sơ", "B-0001")
    assert await here.look("SELECT category, count, unit FROM report_items") == [("DVC", 12, "hồ sơ")]


# What kind


@pytest.mark.parametrize("said", ["nop ho so", "nộp hồ sơ trực tuyến", "dvc", "hồ sơ", "HS", "dich vu cong"])
async def test_the_kind_is_typed_as_members_call_it(here: Village, said: str) -> None:
    await here.an.says("bao cao")
    await here.an.sees("Câu 1/3")
    await here.an.says(said)
    await here.an.sees("Câu 2/3", "Bao nhiêu hồ sơ")


async def test_a_name_of_several_kinds_offers_just_those(here: Village) -> None:
    await here.an.says("bao cao")
    await here.an.sees("Câu 1/3")
    await here.an.says("diem")
    await here.an.sees("có mấy tên giống vậy")
    assert here.an.choices()[:4] == ["Điểm bán có mã QR", "Điểm Wi-Fi công cộng", "Số hóa điểm", "✖ Bỏ"]
    await here.an.presses("Wi-Fi")
    await here.an.sees("Câu 2/3", "Bao nhiêu điểm")


async def test_an_unknown_kind_is_asked_again_and_the_second_time_names_a_human(here: Village) -> None:
    await here.an.says("bao cao")
    await here.an.sees("Câu 1/3")
    await here.an.says("đi chợ")
    first = await here.an.sees("không thấy “đi chợ” trong danh sách")
    assert "Đoàn Văn Tâm" not in first
    await here.an.says("nau com")
    await here.an.sees("không thấy “nau com”", "gọi Đoàn Văn Tâm (tổ trưởng Ấp 1) số 0999000004")


async def test_the_list_has_pages(here: Village) -> None:
    await here.an.says("bao cao")
    first = await here.an.sees("Câu 1/3")
    assert not here.an.offers("Trang trước")
    await here.an.presses("Xem thêm")
    second = await here.an.sees("Câu 1/3")
    assert first != second or not here.phone.is_plain(here.an.chat)
    await here.an.presses("Trang trước")
    await here.an.sees("Câu 1/3")
    for _ in range(3):
        await here.an.presses("Xem thêm")
        await here.an.sees("Câu 1/3")
    assert not here.an.offers_now("Xem thêm")
    await here.an.presses("Việc khác")
    await here.an.sees("Câu 2/3", "đếm bằng gì")


async def test_what_one_does_most_comes_first(here: Village) -> None:
    await send(here.an, "2", "Điểm bán có mã QR")
    await send(here.an, "1", "Điểm bán có mã QR")
    await send(here.an, "3", "Cài VNeID")
    await here.an.presses("Báo cáo tiếp")
    await here.an.sees("Câu 1/3")
    assert here.an.choices()[:3] == ["Điểm bán có mã QR", "Cài VNeID mức 2", "Đến nhà hướng dẫn"]
    await here.bay.says("bao cao")
    await here.bay.sees("Câu 1/3")
    assert here.bay.choices()[0] == "Đến nhà hướng dẫn"


async def test_what_all_do_most_comes_first_for_those_without_a_habit(here: Village) -> None:
    await send(here.an, "2", "Điểm bán có mã QR")
    await here.turns_to("2026-11-24 08:00")
    await here.bay.says("bao cao")
    await here.bay.sees("Câu 1/3")
    assert here.bay.choices()[0] == "Điểm bán có mã QR"


# How many


@pytest.mark.parametrize(
    ("said", "count"), [("5", 5), ("mười hai", 12), ("muoi hai", 12), ("5 hồ sơ", 5), ("dạ 7 hs ạ", 7), ("3 dvc", 3)]
)
async def test_a_number_as_people_type_it(here: Village, said: str, count: int) -> None:
    await begin(here.an)
    await here.an.says(said)
    await here.an.sees("Câu 3/3")
    await here.an.presses("Không có thêm")
    await here.an.sees(f"{count} hồ sơ")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("vài chục", "chưa biết là mấy"),
        ("khoảng 20", "chưa biết là mấy"),
        ("10-15", "chưa biết là mấy"),
        ("hơn 10", "chưa biết là mấy"),
        ("2,5", "số lẻ"),
        ("25/40", "chưa biết lấy số nào"),
        ("nhiều lắm", "chưa biết là mấy"),
        ("hổng nhớ", "cần một con số"),
        ("9000000", "số này lớn quá"),
    ],
)
async def test_what_is_not_certain_is_asked(here: Village, said: str, why: str) -> None:
    await begin(here.an)
    await here.an.says(said)
    await here.an.sees("Câu 2/3", why)
    await here.an.says("12")
    await here.an.sees("Câu 3/3")


async def test_another_unit_of_count_is_asked_and_never_converted(here: Village) -> None:
    await begin(here.an)
    await here.an.says("12 hộ")
    await here.an.sees("Câu 2/3", "“12 hộ”", "em đang hỏi số hồ sơ", "đúng 12 hồ sơ thì nhắn 12")
    await here.an.says("12")
    await here.an.sees("Câu 3/3")


async def test_two_misunderstandings_offer_a_human(here: Village) -> None:
    await begin(here.an)
    await here.an.says("hổng nhớ")
    assert "0999000004" not in await here.an.sees("cần một con số")
    await here.an.says("vài")
    await here.an.sees("chưa biết là mấy", "gọi Đoàn Văn Tâm (tổ trưởng Ấp 1) số 0999000004")


async def test_an_unusual_number_is_asked_again_and_confirmed(here: Village) -> None:
    await begin(here.an)
    await here.an.says("500")
    await here.an.sees("500 hồ sơ phải không ạ?")
    await here.an.presses("Đúng rồi")
    await here.an.sees("Câu 3/3")
    await here.an.presses("Không có thêm")
    await here.an.sees("500 hồ sơ")


async def test_an_unusual_number_is_answered_by_a_new_number(here: Village) -> None:
    await begin(here.an)
    await here.an.says("500")
    await here.an.sees("500 hồ sơ phải không ạ?")
    await here.an.says("50")
    await here.an.sees("50 hồ sơ phải không ạ?")
    await here.an.says("5")
    await here.an.sees("Câu 3/3")
    await here.an.presses("Không có thêm")
    await here.an.sees("5 hồ sơ")


async def test_an_unusual_number_is_typed_again(here: Village) -> None:
    await begin(here.an)
    await here.an.says("0")
    await here.an.sees("0 hồ sơ phải không ạ?")
    await here.an.presses("Nhập lại")
    await here.an.sees("Câu 2/3", "Bao nhiêu hồ sơ")
    await here.an.says("4")
    await here.an.sees("Câu 3/3")


async def test_other_work_is_counted_in_the_members_own_words(here: Village) -> None:
    await here.an.says("bao cao")
    await here.an.sees("Câu 1/3")
    await here.an.says("việc khác")
    await here.an.sees("Câu 2/3", "đếm bằng gì")
    await here.an.says("3 chuyến")
    await here.an.sees("Câu 3/3")
    await here.an.presses("Không có thêm")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0001", "3 chuyến")
    await here.an.presses("Sửa")
    await here.an.presses("3 chuyến")
    await here.an.says("4 buổi")
    await here.an.sees("Trước: 3 chuyến", "✔ 4 buổi")
    await here.an.presses("Sửa lại")
    await here.an.sees("3 chuyến", "→ 4 buổi")
    assert await here.look(ITEMS) == [("KHAC", 4, "buổi")]


# Photos and a note


async def test_photos_and_a_note_in_as_many_messages_as_one_likes(here: Village) -> None:
    await begin(here.an)
    await here.an.says("6")
    await here.an.sees("Câu 3/3")
    await here.an.says("ở nhà cô Ba <b>&_*[", JPEG, JPEG + b"2")
    await here.an.sees("2 hình", "Ghi chú: ở nhà cô Ba <b>&_*[")
    await here.an.says("", JPEG + b"3")
    await here.an.sees("3 hình")
    await here.an.says("bà con vui lắm")
    await here.an.sees("ở nhà cô Ba <b>&_*[\nbà con vui lắm")
    await here.an.presses("Xong")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0001", "3 hình", "ở nhà cô Ba <b>&_*[\nbà con vui lắm")
    assert await here.look("SELECT COUNT(*) FROM report_files") == [(3,)]
    await here.an.presses("Xem hình")
    await here.quiet()
    assert [len(message.files) for message in here.an.told][-1] == 3


async def test_a_photo_during_another_question_is_not_lost(here: Village) -> None:
    await begin(here.an)
    await here.an.says("", JPEG)
    seen = await here.an.sees("Câu 2/3", "em thấy hình rồi")
    assert "Đoàn Văn Tâm" not in seen
    await here.an.says("500", JPEG + b"2")
    await here.an.sees("500 hồ sơ phải không ạ?")
    await here.an.says("", JPEG + b"3")
    await here.an.sees("em thấy hình rồi", "500 hồ sơ phải không ạ?")
    await here.an.presses("Đúng rồi")
    await here.an.sees("Câu 3/3", "3 hình")
    await here.an.presses("Xong")
    await here.an.sees("500 hồ sơ", "3 hình")
    await here.an.says("thêm tấm nữa", JPEG + b"4")
    await here.an.sees("Em ghi như vầy", "500 hồ sơ", "4 hình", "thêm tấm nữa")
    await here.an.presses("Gửi")
    await here.an.sees("B-0001", "4 hình")
    assert await here.look("SELECT COUNT(*) FROM report_files") == [(4,)]
    assert await here.look("SELECT COUNT(*) FROM files") == [(4,)]


# Going back, changing, dropping, coming back


async def test_going_back_at_every_step_loses_nothing(here: Village) -> None:
    await begin(here.an)
    await here.an.presses("Quay lại")
    await here.an.sees("Câu 1/3")
    assert not here.an.offers_now("Quay lại")
    await here.an.presses("Nộp hồ sơ")
    await here.an.sees("Câu 2/3")
    await here.an.says("500")
    await here.an.sees("500 hồ sơ phải không ạ?")
    await here.an.presses("Quay lại")
    await here.an.sees("Câu 2/3")
    await here.an.says("12")
    await here.an.sees("Câu 3/3")
    await here.an.says("nhà cô Ba", JPEG)
    await here.an.sees("1 hình", "nhà cô Ba")
    await here.an.presses("Quay lại")
    await here.an.sees("Câu 2/3", "Bao nhiêu hồ sơ")
    await here.an.says("13")
    await here.an.sees("Câu 3/3", "1 hình", "nhà cô Ba")
    await here.an.presses("Xong")
    await here.an.sees("13 hồ sơ")
    await here.an.presses("Quay lại")
    await here.an.sees("Câu 3/3", "1 hình", "nhà cô Ba")
    await here.an.presses("Xong")
    await here.an.presses("Gửi")
    await here.an.sees("B-0001", "13 hồ sơ", "1 hình", "nhà cô Ba")
    assert await here.look("SELECT COUNT(*) FROM reports") == [(1,)]


async def test_changing_one_answer_keeps_the_rest(here: Village) -> None:
    await begin(here.an)
    await here.an.says("12")
    await here.an.says("nhà cô Ba", JPEG)
    await here.an.presses("Xong")
    await here.an.presses("Sửa")
    await here.an.sees("sửa phần nào?")
    await here.an.presses("Con số")
    await here.an.sees("Bao nhiêu hồ sơ")
    await here.an.says("15")
    await here.an.sees("15 hồ sơ", "1 hình", "nhà cô Ba")
    await here.an.presses("Sửa")
    await here.an.presses("Không sửa nữa")
    await here.an.sees("15 hồ sơ")


async def test_a_change_that_was_begun_by_mistake_is_taken_back(here: Village) -> None:
    await begin(here.an)
    await here.an.says("12")
    await here.an.says("", JPEG)
    await here.an.presses("Xong")
    for part in ("Việc đã làm", "Con số", "Hình, ghi chú", "Ngày"):
        await here.an.presses("Sửa")
        await here.an.sees("sửa phần nào?")
        await here.an.presses(part)
        await here.an.presses("Quay lại")
        await here.an.sees("Em ghi như vầy", "12 hồ sơ", "1 hình", "hôm nay")


async def test_photos_are_added_to_or_sent_anew(here: Village) -> None:
    await begin(here.an)
    await here.an.says("12")
    await here.an.says("nhà cô Ba", JPEG)
    await here.an.presses("Xong")
    await here.an.presses("Sửa")
    await here.an.presses("Hình, ghi chú")
    await here.an.sees("1 hình", "nhà cô Ba")
    await here.an.says("", JPEG + b"2")
    await here.an.sees("2 hình")
    await here.an.presses("Bỏ hết, gửi lại")
    await here.an.sees("hình hay muốn ghi chú")
    await here.an.says("nhà chú Tư")
    await here.an.presses("Xong")
    checked = await here.an.sees("12 hồ sơ", "nhà chú Tư")
    assert "hình" not in checked.split("Đúng rồi")[0]


async def test_changing_the_kind_asks_the_number_again(here: Village) -> None:
    await fill(here.an)
    await here.an.presses("Sửa")
    await here.an.presses("Việc đã làm")
    await here.an.sees("làm việc gì")
    await here.an.presses("Đến nhà")
    asked = await here.an.sees("Bao nhiêu hộ")
    assert "12" not in asked
    await here.an.says("4")
    await here.an.sees("Em ghi như vầy", "4 hộ")
    await here.an.presses("Gửi")
    await here.an.sees("B-0001", "4 hộ")
    assert await here.look(ITEMS) == [("HO", 4, "hộ")]


async def test_words_at_the_last_look_are_not_taken_for_a_yes(here: Village) -> None:
    await fill(here.an)
    await here.an.says("u dung roi do")
    await here.an.sees("đúng rồi thì anh/chị", "Gửi", "chưa đúng thì", "12 hồ sơ")
    assert await here.look("SELECT COUNT(*) FROM reports") == [(0,)]
    await here.an.says("gui")
    await here.an.sees("B-0001")


async def test_dropped_and_taken_back(here: Village) -> None:
    await fill(here.an)
    await here.an.presses("Bỏ")
    await here.an.sees("em dừng lại, chưa ghi gì ạ")
    await here.an.says("12")
    await here.an.sees("số 12 em chưa biết")
    await here.an.says("/viec")
    await here.an.says("bao cao")
    await here.an.sees("Câu 1/3")
    await here.an.presses("Tiếp tục phần dở")
    await here.an.sees("Em ghi như vầy", "12 hồ sơ")
    await here.an.presses("Bỏ")
    await here.an.presses("Tiếp tục")
    await here.an.sees("Em ghi như vầy", "12 hồ sơ")
    await here.an.presses("Gửi")
    await here.an.sees("B-0001")


async def test_a_command_leaves_the_report_and_one_press_goes_on(here: Village) -> None:
    await begin(here.an)
    await here.an.says("viec cua toi")
    await here.an.sees("vẫn giữ cho anh/chị")
    await here.an.presses("Tiếp tục phần dở")
    await here.an.sees("Câu 2/3", "Bao nhiêu hồ sơ")


async def test_nothing_answered_is_nothing_to_go_on_with(here: Village) -> None:
    await here.an.says("bao cao")
    await here.an.sees("Câu 1/3")
    await here.an.says("/ketqua")
    await here.an.sees("Tuần này")
    await here.quiet()
    assert not any("vẫn giữ" in text_of(message) for message in here.an.told)


async def test_a_day_of_silence_ends_it(here: Village) -> None:
    await begin(here.an)
    await here.passes(minutes=24 * 60 + 1)
    await here.an.says("12")
    await here.an.sees("số 12 em chưa biết")
    assert await here.look("SELECT COUNT(*) FROM drafts") == [(0,)]


# The day


async def test_yesterday_by_one_button(here: Village) -> None:
    await fill(here.an)
    await here.an.presses("Là hôm qua")
    await here.an.sees("12 hồ sơ", "Chủ nhật 22/11")
    await here.an.presses("Gửi")
    await here.an.sees("B-0001")
    assert await here.look("SELECT day FROM reports") == [("2026-11-22",)]


async def test_another_day_by_a_button_or_typed(here: Village) -> None:
    await fill(here.an)
    await here.an.presses("Ngày khác")
    await here.an.sees("làm ngày nào ạ?")
    await here.an.presses("Hôm kia")
    await here.an.sees("thứ Bảy 21/11")
    for said, day in (("20/11", "thứ Sáu 20/11"), ("hom qua", "Chủ nhật 22/11"), ("thứ 5 tuần rồi", "thứ Năm 19/11")):
        await here.an.presses("Sửa")
        await here.an.presses("Ngày")
        await here.an.says(said)
        await here.an.sees("12 hồ sơ", day)


@pytest.mark.parametrize(
    ("said", "why"), [("mai", "chưa tới mà"), ("25/11", "chưa tới mà"), ("1/9", "quá 31 ngày"), ("bữa đó", "chưa hiểu")]
)
async def test_a_wrong_day_is_refused_with_the_reason(here: Village, said: str, why: str) -> None:
    await fill(here.an)
    await here.an.presses("Ngày khác")
    await here.an.says(said)
    await here.an.sees(why, "làm ngày nào ạ?")


async def test_nothing_was_done_is_a_report_too(here: Village) -> None:
    await here.an.says("bao cao")
    await here.an.sees("Câu 1/3")
    await here.an.presses("Không có hoạt động")
    await here.an.sees("Em ghi như vầy", "Không có hoạt động", "hôm nay")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0001", "Không có hoạt động")
    await here.tam.sees("có 1 báo cáo", "Nguyễn Văn An: không có hoạt động")
    assert await here.look(ITEMS) == []
    await here.bay.says("/khongcoviec")
    await here.bay.presses("Gửi")
    await here.bay.sees("B-0002", "Không có hoạt động")


# After it was sent


async def test_undone_within_ten_minutes_and_put_back(here: Village) -> None:
    await send(here.an)
    await here.passes(minutes=9.5)
    await here.an.presses("Hoàn tác")
    await here.an.sees("em đã gỡ B-0001 ra")
    assert await here.look("SELECT state FROM reports") == [("undone",)]
    await here.passes(minutes=30)
    await here.an.presses("Đưa trở lại")
    await here.an.sees("em đã đưa B-0001 trở lại", "12 hồ sơ")
    assert await here.look("SELECT state FROM reports") == [("kept",)]
    acts = await here.look("SELECT act FROM audit ORDER BY id")
    assert acts == [("reports.made",), ("reports.undone",), ("reports.restored",)]


async def test_after_ten_minutes_it_is_changed_and_not_undone(here: Village) -> None:
    await send(here.an)
    await here.passes(minutes=10.1)
    await here.an.presses("Hoàn tác")
    await here.an.sees("quá 10 phút rồi", "Sửa để sửa con số")
    assert await here.look("SELECT state FROM reports") == [("kept",)]
    await here.an.says("B-0001")
    shown = await here.an.sees("Báo cáo B-0001 của Nguyễn Văn An", "12 hồ sơ")
    assert "Hoàn tác" not in shown + "".join(here.an.choices())


async def test_a_change_after_sending_leaves_a_trace(here: Village) -> None:
    await send(here.an)
    await here.passes(minutes=90)
    await here.an.says("b-1")
    await here.an.presses("Sửa")
    await here.an.sees("sửa phần nào?")
    await here.an.presses("12 hồ sơ")
    await here.an.says("15")
    await here.an.sees("Trước: 12 hồ sơ", "✔ 15 hồ sơ")
    await here.an.says("đếm lại rồi", JPEG)
    await here.an.sees("✔ 15 hồ sơ", "1 hình", "Ghi chú: đếm lại rồi")
    await here.an.presses("Sửa lại")
    history = await here.an.sees("em đã sửa B-0001", "15 hồ sơ", "Lịch sử:", "09:30 thứ Hai 23/11 Nguyễn Văn An: ")
    assert "12 hồ sơ Nộp hồ sơ trực tuyến → 15 hồ sơ Nộp hồ sơ trực tuyến" in history
    assert "không ghi chú → ghi chú “đếm lại rồi”" in history
    assert "📷 0 hình → 📷 1 hình" in history
    assert await here.look("SELECT COUNT(*) FROM reports") == [(1,)]
    await here.tam.says("B-0001")
    await here.tam.sees("Báo cáo B-0001 của Nguyễn Văn An", "15 hồ sơ", "12 hồ sơ", "Lịch sử:")


async def test_a_change_of_nothing_leaves_none(here: Village) -> None:
    await send(here.an)
    await here.an.presses("Sửa")
    await here.an.presses("Không sửa nữa")
    shown = await here.an.sees("B-0001 vẫn như cũ", "12 hồ sơ")
    assert "Lịch sử" not in shown
    assert await here.look("SELECT act FROM audit") == [("reports.made",)]


async def test_a_change_of_the_day_moves_it_in_both_of_the_heads_lists(here: Village) -> None:
    await send(here.an)
    await here.tam.sees("thứ Hai 23/11: Ấp 1 có 1 báo cáo")
    await here.an.presses("Sửa")
    await here.an.presses("📅 Ngày")
    await here.an.presses("Hôm qua")
    await here.an.presses("Sửa lại")
    await here.an.sees("em đã sửa B-0001", "ngày thứ Hai 23/11 → ngày Chủ nhật 22/11")
    await here.passes(minutes=11)
    await here.tam.sees("thứ Hai 23/11: Ấp 1 có 0 báo cáo")
    await here.tam.sees("Chủ nhật 22/11: Ấp 1 có 1 báo cáo")


async def test_an_undone_report_is_not_changed(here: Village) -> None:
    await send(here.an)
    await here.an.presses("Hoàn tác")
    await here.an.sees("em đã gỡ B-0001 ra")
    await here.an.does(press=Press(Change(1).pack(), "0"))
    await here.an.sees("báo cáo B-0001 đã được gỡ ra rồi")
    await here.an.does(press=Press(Undo(1).pack(), "0"))
    await here.an.sees("báo cáo B-0001 đã được gỡ ra rồi")


# The head


async def test_the_head_is_told_once_per_burst(here: Village) -> None:
    for count in ("1", "2", "3"):
        await send(here.an, count)
    await send(here.bay, "4")
    await here.quiet()
    told = [text_of(message) for message in here.tam.told]
    assert len(told) == 1, "one message, edited where that can be"
    if here.phone.is_plain(here.tam.chat):
        assert "có 1 báo cáo" in told[0]
        await here.passes(minutes=10.1)
        assert len(here.tam.told) == 2, "the rest comes as one message ten minutes after the first"
    newest = text_of(here.tam.told[-1])
    assert "Ấp 1 có 4 báo cáo" in newest
    for line in ("An: 1 hồ sơ", "An: 2 hồ sơ", "An: 3 hồ sơ", "Bảy: 4 hồ sơ"):
        assert line in newest


async def test_the_head_is_not_told_of_their_own_report(here: Village) -> None:
    await send(here.tam)
    await here.quiet()
    assert not any("có 1 báo cáo" in text_of(message) for message in here.tam.told)
    assert here.lan.told == []


async def test_the_head_is_not_woken(here: Village) -> None:
    await here.turns_to("2026-11-23 21:30")
    await send(here.an)
    await here.quiet()
    assert here.tam.told == []
    await here.turns_to("2026-11-24 06:30")
    await here.tam.sees("thứ Hai 23/11: Ấp 1 có 1 báo cáo")


# Codes and rights


@pytest.mark.parametrize("said", ["B-0001", "b1", "b 0001", "B-1"])
async def test_a_code_shows_the_report_to_its_author_and_those_above(here: Village, said: str) -> None:
    await send(here.an)
    for name in ("an", "tam", "lan", "hue", "quan"):
        who = here.people[name]
        await who.says(said)
        await who.sees("Báo cáo B-0001 của Nguyễn Văn An", "12 hồ sơ")
        assert who.offers_now("Sửa") is (name in ("an", "tam", "lan", "hue"))


async def test_a_code_is_refused_to_others(here: Village) -> None:
    await send(here.an)
    for name in ("bay", "hai", "ut", "dung"):
        who = here.people[name]
        await who.says("B-0001")
        assert "hồ sơ" not in await who.sees("không tìm thấy B-0001")
    await here.an.says("B-0099")
    await here.an.sees("không tìm thấy B-0099")


@pytest.mark.parametrize("action", [Undo(1), Restore(1), Change(1), Photos(1)])
async def test_a_button_of_somebody_elses_report_does_nothing(here: Village, action: Undo) -> None:
    await send(here.an)
    before = await here.look("SELECT * FROM reports")
    await here.hai.does(press=Press(action.pack(), "0"))
    await here.hai.sees("không tìm thấy B-0001")
    if not isinstance(action, (Photos, Change)):  # a lead may look, and change
        await here.tam.does(press=Press(action.pack(), "0"))
        await here.tam.sees("báo cáo B-0001 là của người khác")
    assert await here.look("SELECT * FROM reports") == before


async def test_two_presses_of_send_keep_one_report(here: Village) -> None:
    await fill(here.an)
    ((draft,),) = await here.look("SELECT id FROM drafts")
    assert isinstance(draft, int)
    send_it = Press(Answer(draft, "~confirm", "~send").pack(), "0")
    await here.an.does(press=send_it)
    await here.an.sees("em ghi nhận B-0001")
    await here.an.does(press=send_it)
    await here.an.sees("đã làm xong hoặc đã bỏ rồi")
    assert await here.look("SELECT COUNT(*) FROM reports") == [(1,)]


async def test_a_button_of_an_old_question_shows_the_one_that_is_asked(here: Village) -> None:
    await begin(here.an)
    ((draft,),) = await here.look("SELECT id FROM drafts")
    assert isinstance(draft, int)
    await here.an.does(press=Press(Answer(draft, "category", "HO").pack(), "0"))
    await here.an.sees("Câu 2/3", "Bao nhiêu hồ sơ")


async def test_a_button_that_was_tampered_with_changes_no_answer(here: Village) -> None:
    await fill(here.an)
    ((draft,),) = await here.look("SELECT id FROM drafts")
    assert isinstance(draft, int)
    for value in ("~fix:day=2027-01-01", "~fix:count=9", "~fix:~early", "~fix:nothing", "~fix:", "yes", "HO", "~done"):
        await here.an.does(press=Press(Answer(draft, "~confirm", value).pack(), "0"))
        await here.an.sees("12 hồ sơ", "hôm nay")
    await here.an.presses("Gửi")
    await here.an.sees("B-0001", "12 hồ sơ")
    assert await here.look("SELECT day FROM reports") == [("2026-11-23",)]


async def test_a_button_of_somebody_elses_dialog_is_theirs(here: Village) -> None:
    await fill(here.an)
    ((draft,),) = await here.look("SELECT id FROM drafts")
    assert isinstance(draft, int)
    await here.bay.does(press=Press(Answer(draft, "~confirm", "~send").pack(), "0"))
    await here.bay.sees("đã làm xong hoặc đã bỏ rồi")
    assert await here.look("SELECT COUNT(*) FROM reports") == [(0,)]


async def test_who_is_in_no_team_is_told_whom_to_ask(here: Village) -> None:
    await here.look("UPDATE posts SET until = 1 WHERE person_id = :id", id=here.an.id)
    await here.an.says("/ketqua")
    await here.an.sees("chưa ở tổ nào")
    await here.an.says("/baocao")
    await here.an.sees("không thuộc phần của anh/chị")


async def test_a_card_shown_anew_leaves_no_live_twin(tmp_path: Path) -> None:
    async with village(tmp_path) as here:
        await here.an.says("/khongcoviec")
        await here.an.presses("Gửi")
        await here.an.sees("em ghi nhận B-0001")
        first = here.an.told[-1].id
        await here.an.says("B-0001")
        await here.an.sees("B-0001")
        await here.quiet()
        shown = {message.id: message for message in here.an.told}
        assert shown[first].buttons == ()
        assert "B-0001" in text_of(shown[first]), "its words stay"
        assert here.an.told[-1].buttons
