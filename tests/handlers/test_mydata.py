"""My data: seen, taken along, corrected, restricted, erased; and what is asked of the administrators."""

from __future__ import annotations

import json

import pytest

from bot.chat.message import Press
from handlers.mydata.actions import Answer, Carry, Erase, TakeBack
from storage import invites, moving, mydata
from tests.handlers.test_reports import send
from tests.handlers.test_tasks import give
from tests.rig import JPEG, Someone, Village, text_of


async def copies(who: Someone) -> tuple[str, dict[str, list[dict[str, object]]]]:
    """The page and the tables somebody is sent."""
    await who.says("/dulieu")
    await who.presses("Tải về")
    await who.sees("Bản cho máy đọc")
    files = [file for message in who.told for file in message.files][-2:]
    page, data = [(await who.village.phone.fetch(file)).decode() for file in files]
    assert files[0].name.endswith(".html")
    assert files[1].name.endswith(".json")
    return page, json.loads(data)


async def everything(here: Village) -> str:
    return repr([await here.look(f"SELECT * FROM {table.name}") for table in moving.tables()])


async def test_the_page_says_what_is_kept_and_until_when(here: Village) -> None:
    await send(here.an, "5")
    await here.an.says("/dulieu")
    page = await here.an.sees(
        "Dữ liệu của anh/chị",
        "Nguyễn Văn An · 0999000005",
        "thành viên Ấp 1, từ",
        "máy đang liên kết: điện thoại thử",
        "đã đồng ý bản test",
        "1 báo cáo (con số giữ lâu dài)",
        "nhật ký việc anh/chị làm, mỗi cái giữ 730 ngày",
    )
    assert "• 0 " not in page, "of what there is none nothing is said"
    await here.an.presses("Xóa dữ liệu")
    goes = await here.an.sees("tên, số điện thoại, 1 máy liên kết", "con số của 1 báo cáo")
    assert " 0 " not in goes


async def test_a_copy_holds_what_the_person_did_and_nobody_elses(here: Village) -> None:
    await send(here.an, "5")
    await send(here.bay, "7")
    now = here.time[0]
    await here.store.run(lambda db: invites.add(db, "K7MQ-2XHB", here.an.id, now, now + 1000))
    page, data = await copies(here.an)
    assert [row["name"] for row in data["people"]] == ["Nguyễn Văn An"]
    assert [row["count"] for row in data["report_items"]] == [5]
    assert [row["act"] for row in data["audit"]] == ["reports.made"]
    assert "Dữ liệu của Nguyễn Văn An trong Ấp Số" in page
    assert "em ghi nhận B-0001" in page, "what the bot said is there, as words"
    assert "2026-11-23T08:00:00+07:00" in page
    assert "Phạm Thị Bảy" not in page
    assert [set(row) & {"hash", "expires_at"} for row in data["invites"]] == [{"expires_at"}], "a code opens the door"
    acts = await here.look("SELECT act, channel FROM audit WHERE person_id = :id ORDER BY id", id=here.an.id)
    assert acts[-1] == ("mydata.copied", "phone"), "where it was ordered, not by the clock"


def test_every_table_is_exported_or_named_with_a_reason() -> None:
    names = {table.name for table in moving.tables()}
    assert names == set(mydata.PARTS) | set(mydata.EXEMPT), "say in storage/mydata.py whose rows these are"
    assert not set(mydata.PARTS) & set(mydata.EXEMPT)
    assert all(mydata.EXEMPT.values())


OF_A_PERSON = {"person_id", "author_id", "giver_id", "chat"}


def test_no_table_with_a_persons_id_is_exempt() -> None:
    for table in moving.tables():
        if OF_A_PERSON & set(table.columns):
            assert table.name in mydata.PARTS, table.name


def test_tables_and_columns_of_the_copy_have_words(rich_texts: dict[str, object]) -> None:
    for table in moving.tables():
        if table.name in mydata.PARTS:
            assert f"mydata.table.{table.name}" in rich_texts
            for column in set(table.columns) - set(mydata.HIDDEN.get(table.name, ())):
                assert f"mydata.column.{column}" in rich_texts, (table.name, column)


@pytest.fixture
def rich_texts() -> dict[str, object]:
    from bot.chat.texts import load

    return dict(load().templates["vi"])


# Correct


async def corrects(who: Someone, what: str, said: str) -> None:
    await who.says("/dulieu")
    await who.presses("Sửa")
    await who.presses(what)
    await who.says(said)


async def test_a_name_is_corrected_and_the_lead_may_take_it_back(here: Village) -> None:
    await corrects(here.an, "họ tên", "Nguyễn Văn Ân")
    await here.an.presses("Lưu")
    await here.an.sees("em đã sửa", "Nguyễn Văn Ân")
    await here.tam.sees("Nguyễn Văn An vừa tự sửa họ tên: Nguyễn Văn An → Nguyễn Văn Ân")
    assert await here.look("SELECT name, key FROM people WHERE id = :id", id=here.an.id) == [
        ("Nguyễn Văn Ân", "nguien van an")
    ]
    await here.tam.presses("Lấy lại như cũ")
    await here.tam.sees("lấy lại như cũ và báo cho")
    await here.an.sees("Đoàn Văn Tâm đã lấy lại họ tên như cũ: Nguyễn Văn An")
    await here.tam.does(press=Press(TakeBack(1).pack(), ""))
    await here.tam.sees("lấy lại rồi")
    await here.bay.does(press=Press(TakeBack(1).pack(), ""))
    await here.bay.sees("không")
    acts = await here.look("SELECT act, before, after FROM audit ORDER BY id")
    assert acts == [
        ("mydata.corrected", "Nguyễn Văn An", "Nguyễn Văn Ân"),
        ("mydata.taken_back", "Nguyễn Văn Ân", "Nguyễn Văn An"),
    ]


async def test_a_number_that_is_somebody_elses_is_refused_kindly(here: Village) -> None:
    await corrects(here.an, "số điện thoại", "0999 000 006")
    await here.an.sees("số 0999000006 trong danh sách đang là của người khác")
    await here.an.says("09990")
    await here.an.sees("“09990” chưa đúng", "10 số")
    await here.an.says("+84 912 345 678")
    await here.an.presses("Lưu")
    await here.an.sees("0912345678")
    assert await here.look("SELECT phone FROM people WHERE id = :id", id=here.an.id) == [("0912345678",)]


async def test_a_name_of_numbers_is_no_name(here: Village) -> None:
    await corrects(here.an, "họ tên", "An 123")
    await here.an.sees("“An 123” chưa giống họ tên")


async def test_the_language_is_changed_here_too(here: Village) -> None:
    await here.an.says("/dulieu")
    await here.an.presses("Sửa")
    await here.an.presses("ngôn ngữ")
    await here.an.presses("Tiếng Anh")
    await here.an.presses("Lưu")
    await here.an.sees("Corrected", "Your data")


# Restrict


async def test_restricted_the_bot_writes_nothing_on_its_own(here: Village) -> None:
    await here.an.says("/dulieu")
    await here.an.presses("Hạn chế dùng")
    await here.an.sees("chỉ lưu, không dùng")
    await here.an.presses("Hạn chế", within="Mình hạn chế nha")
    await here.an.sees("từ giờ em chỉ lưu")
    await here.an.reads()
    await here.quan.says("/thongbao")
    await here.quan.says("ap 1")
    await here.quan.says("Họp lúc 8h")
    await here.quan.presses("Gửi")
    await here.quan.sees("T-0001")
    await here.quiet()
    await here.an.sees_nothing_new()
    await here.an.says("/dulieu")
    await here.an.presses("Dùng lại")
    await here.an.sees("bình thường như trước")
    acts = await here.look("SELECT act FROM audit WHERE person_id = :id ORDER BY id", id=here.an.id)
    assert acts == [("mydata.restricted",), ("mydata.lifted",)]


# Erase


async def full_life(here: Village) -> None:
    """An does all that leaves something."""
    await here.an.says("báo cáo")
    await here.an.presses("Nộp hồ sơ")
    await here.an.says("12")
    await here.an.says("ghi chú riêng của tôi", JPEG)
    await here.an.presses("Xong")
    await here.an.presses("Gửi")
    await here.an.sees("B-0001")
    await corrects(here.an, "số điện thoại", "0912345678")
    await here.an.presses("Lưu")
    await here.an.sees("0912345678")
    await here.an.says("/dulieu")
    await here.an.presses("Hỏi, yêu cầu")
    await here.an.says("ai xem được số của tôi")
    await here.an.sees("Y-0001")


async def erases(who: Someone) -> None:
    await who.says("/dulieu")
    await who.presses("Xóa dữ liệu")
    await who.sees("Mất hẳn", "Còn lại")
    await who.presses("Tôi muốn xóa")
    await who.sees("không lấy lại được")
    await who.presses("Xóa thật")
    await who.sees("em đã xóa tên, số điện thoại")


async def test_who_is_erased_is_nowhere_and_the_figures_stay(here: Village) -> None:
    await full_life(here)
    await erases(here.an)
    await here.quiet()
    found = await everything(here)
    for gone in ("ghi chú riêng của tôi", "0912345678", "0999000005", "ai xem được số của tôi"):
        assert gone not in found, gone
    kept = [
        await here.look(f"SELECT * FROM {table.name}")
        for table in moving.tables()
        if table.name not in ("outbox", "chats")  # what others were told, until its time is over
    ]
    assert "Nguyễn Văn An" not in repr(kept)
    assert await here.look("SELECT name, phone FROM people WHERE id = :id", id=here.an.id) == [
        (f"Người đã xóa {here.an.id:04d}", "")
    ]
    assert await here.look("SELECT SUM(count) FROM report_items") == [(12,)]
    assert await here.look("SELECT author_id FROM reports") == [(here.an.id,)]
    assert await here.look("SELECT COUNT(*) FROM files") == [(0,)]
    assert await here.look("SELECT chat, version FROM consents WHERE person_id = :id", id=here.an.id) == [("", "test")]
    await here.an.says("/viec")
    await here.an.sees("em xin phép")  # a stranger now
    await here.quan.says("/nhatky nguoi da xoa")
    await here.quan.sees(f"Người đã xóa {here.an.id:04d}", "gửi báo cáo B-0001")


async def test_open_work_goes_to_the_lead(here: Village) -> None:
    await here.tam.says("/giaoviec")
    await here.tam.says("Dán mã QR")
    await here.tam.presses("Nguyễn Văn An")
    await here.tam.presses("Xong")
    await here.tam.presses("Mai 17:00")
    await here.tam.presses("Không cần")
    await here.tam.presses("Gửi")
    await here.an.sees("V-0001")
    await here.an.says("/dulieu")
    await here.an.presses("Xóa dữ liệu")
    await here.an.sees("1 phần việc chuyển cho Đoàn Văn Tâm")
    await here.an.presses("Tôi muốn xóa")
    await here.an.presses("Xóa thật")
    await here.tam.sees("V-0001", f"Người đã xóa {here.an.id:04d}", "chuyển cho anh/chị")
    assert await here.look("SELECT person_id FROM assignments") == [(here.tam.id,)]


async def test_it_is_left_when_one_says_no(here: Village) -> None:
    await here.an.says("/dulieu")
    await here.an.presses("Xóa dữ liệu")
    await here.an.presses("Không, để vậy")
    await here.an.sees("Dữ liệu của anh/chị")
    assert await here.look("SELECT COUNT(*) FROM people WHERE erased_at IS NOT NULL") == [(0,)]


async def test_a_lead_is_erased_when_an_administrator_has_handed_over(here: Village) -> None:
    await give(here.lan)
    await here.lan.says("/dulieu")
    await here.lan.presses("Xóa dữ liệu")
    await here.lan.sees("quản trị sẽ bàn giao xong rồi mới xóa")
    await here.lan.presses("Tôi muốn xóa")
    await here.lan.presses("Gửi yêu cầu xóa")
    await here.lan.sees("Chậm nhất thứ Năm 26/11")
    await here.quan.sees("Có yêu cầu mới", "Y-0001", "xin xóa dữ liệu")
    await here.lan.does(press=Press(Erase(2).pack(), ""))
    await here.lan.sees("đang chờ quản trị")
    assert await here.look("SELECT COUNT(*) FROM people WHERE erased_at IS NOT NULL") == [(0,)]
    await here.quan.presses("Bàn giao xong, xóa")
    await here.quan.sees("xóa dữ liệu của Nguyễn Thị Lan", "1 việc đã giao")
    await here.quan.presses("Xóa thật")
    await here.quan.sees(f"Người đã xóa {here.lan.id:04d}")
    await here.lan.sees("em đã xóa tên, số điện thoại")
    await here.hue.sees("V-0001", "nay anh/chị theo dõi")
    assert await here.look("SELECT giver_id FROM tasks") == [(here.hue.id,)]
    assert await here.look("SELECT state FROM data_requests") == [("done",)]


async def test_the_only_administrator_stays(here: Village) -> None:
    await here.quan.says("/dulieu")
    await here.quan.presses("Xóa dữ liệu")
    await here.quan.presses("Tôi muốn xóa")
    await here.quan.presses("Gửi yêu cầu xóa")
    await here.quan.sees("em đã gửi yêu cầu")
    await here.quan.does(press=Press(Carry(1, 1).pack(), ""))
    await here.quan.sees("không")
    assert await here.look("SELECT COUNT(*) FROM people WHERE erased_at IS NOT NULL") == [(0,)]


async def test_who_comes_back_with_a_backup_is_erased_again(here: Village) -> None:
    await erases(here.an)
    signs = await here.store.run(mydata.erased)
    assert len(signs) == 1
    assert str(here.an.id) not in signs

    await here.store.run(
        lambda db: db.run(
            "UPDATE people SET name = 'Nguyễn Văn An', phone = '0999000005', erased_at = NULL WHERE id = :id",
            id=here.an.id,
        )
    )
    assert await here.store.run(lambda db: mydata.erase_again(db, signs, "Người đã xóa {code}", 5)) == 1
    assert await here.look("SELECT name, phone FROM people WHERE id = :id", id=here.an.id) == [
        (f"Người đã xóa {here.an.id:04d}", "")
    ]
    assert await here.look("SELECT COUNT(*) FROM people WHERE erased_at IS NOT NULL") == [(1,)], "and nobody else"
    assert await here.store.run(lambda db: mydata.erase_again(db, signs, "Người đã xóa {code}", 6)) == 0


async def test_a_broadcast_that_waits_is_not_sent_to_nowhere(here: Village) -> None:
    await here.turns_to("2026-11-23 21:30")
    await here.quan.says("/thongbao")
    await here.quan.says("ap 1")
    await here.quan.says("Họp lúc 8h")
    await here.quan.presses("Gửi")
    await here.quan.sees("T-0001")
    await erases(here.an)
    await here.turns_to("2026-11-24 06:30")
    await here.app.run_job(here.app.around.routes.timers["broadcasts.follow"].run)
    await here.quan.sees("Đã gửi 2", "Không tới được 1", "Tổng 3")
    assert await here.look("SELECT chat, body, state FROM outbox WHERE person_id = :id", id=here.an.id) == [
        ("", "{}", "failed")
    ]


# Requests


async def asks(who: Someone) -> None:
    await who.says("/dulieu")
    await who.presses("Hỏi, yêu cầu")
    await who.says("ai xem được số của tôi")
    await who.sees("Y-0001", "Chậm nhất thứ Năm 26/11")


async def test_a_question_is_answered_in_words(here: Village) -> None:
    await asks(here.an)
    await here.quan.sees("Có yêu cầu mới", "ai xem được số của tôi", "Hạn trả lời: thứ Năm 26/11")
    await here.quan.says("/yeucau")
    await here.quan.sees("1 yêu cầu", "Y-0001 Nguyễn Văn An")
    await here.quan.says("Y-0001")
    await here.quan.presses("Trả lời")
    await here.quan.says("Chỉ tổ trưởng và quản trị")
    await here.quan.sees("Y-0001 đã xong")
    await here.an.sees("Trả lời yêu cầu Y-0001", "Chỉ tổ trưởng và quản trị")
    await here.quan.says("/yeucau")
    await here.quan.sees("không có yêu cầu nào")
    await here.quan.does(press=Press(Answer(1).pack(), ""))
    await here.quan.sees("đã được trả lời rồi")


async def test_a_question_is_answered_in_one_press(here: Village) -> None:
    await asks(here.an)
    await here.quan.presses("Đã làm xong")
    await here.an.sees("yêu cầu Y-0001 của anh/chị đã được làm xong")


@pytest.mark.parametrize("typed", ["/yeucau 1 xong", "/yeucau Y-0001 đã xong rồi", "/yeucau xong 1", "y 1 xong"])
async def test_a_question_is_answered_by_typing_at_once(typed: str, here: Village) -> None:
    await asks(here.an)
    await here.quan.says(typed)
    await here.quan.sees("Y-0001 đã xong")
    await here.an.sees("yêu cầu Y-0001 của anh/chị đã được làm xong")
    await here.quan.says(typed)
    await here.quan.sees("Y-0001 đã được trả lời rồi")


async def test_an_answer_in_words_is_typed_at_once(here: Village) -> None:
    await asks(here.an)
    await here.quan.says("/yeucau")
    await here.quan.sees("/yeucau 1 xong")
    await here.quan.says("/yeucau 1")
    await here.quan.sees("ai xem được số của tôi", "Hạn trả lời")
    await here.quan.says("/yeucau 1: chỉ tổ trưởng và quản trị")
    await here.quan.sees("Y-0001 đã xong")
    await here.an.sees("Trả lời yêu cầu Y-0001", "chỉ tổ trưởng và quản trị")


async def test_what_cannot_be_answered_so_is_said(here: Village) -> None:
    await asks(here.an)
    await here.quan.says("/yeucau 7 xong")
    await here.quan.sees("không thấy yêu cầu Y-0007")
    await here.quan.says("/yeucau của An xong")
    await here.quan.sees("“của An xong” em chưa hiểu", "/yeucau 3 xong")
    await here.quan.says(f"/yeucau 1 {'dài ' * 140}")
    await here.quan.sees("nhắn câu trả lời")
    await here.lan.says("/yeucau 1 xong")
    await here.lan.sees("việc này không thuộc phần của anh/chị")
    assert await here.look("SELECT state FROM data_requests") == [("open",)]


async def test_an_erasure_typed_as_done_is_asked_about_first(here: Village) -> None:
    await here.lan.says("/dulieu")
    for label in ("Xóa dữ liệu", "Tôi muốn xóa", "Gửi yêu cầu xóa"):
        await here.lan.presses(label)
    await here.quan.says("/yeucau 1 xong")
    await here.quan.sees("xóa dữ liệu của Nguyễn Thị Lan?")
    await here.quan.presses("Xóa thật")
    await here.quan.sees("em đã xóa")


async def test_administrators_are_reminded_before_the_time_is_over(here: Village) -> None:
    await asks(here.an)
    await here.quan.reads()
    await here.turns_to("2026-11-24 07:20")  # a holiday
    await here.quan.sees_nothing_new()
    await here.turns_to("2026-11-25 07:20")
    await here.quan.sees("sắp tới hạn trả lời", "Y-0001")


async def test_working_days_leave_out_the_holidays(here: Village) -> None:
    await here.turns_to("2026-12-31 09:00")
    await here.an.says("/dulieu")
    await here.an.presses("Hỏi, yêu cầu")
    await here.an.says("hỏi")
    await here.an.sees("Chậm nhất thứ Ba 5/1")


async def test_others_answer_nothing(here: Village) -> None:
    await asks(here.an)
    for forged in (Answer(1), Carry(1, 1)):
        await here.lan.does(press=Press(forged.pack(), ""))
        await here.lan.sees("không")
    assert await here.look("SELECT state FROM data_requests") == [("open",)]
    assert "ai xem" not in "".join(text_of(message) for message in here.lan.told)
