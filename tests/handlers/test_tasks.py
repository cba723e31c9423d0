"""Tasks: handed out by a lead, done by the accountable person, accepted or returned by the giver."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from bot.chat.action import Action
from bot.chat.message import Press
from handlers.tasks.actions import (
    Accept,
    Approve,
    ApproveAll,
    Board,
    Cancel,
    Finish,
    GetStuck,
    Nudge,
    Open,
    Photos,
    Review,
    SendBack,
)
from storage import people, units
from storage.db import Db
from tests.rig import JPEG, Someone, Village, text_of

STATES = "SELECT state FROM assignments ORDER BY id"


async def begin(lead: Someone, whom: str = "Tất cả") -> None:
    """Up to the question until when, or which of them."""
    await lead.says("/giaoviec")
    await lead.sees("Câu 1/4", "giao việc gì")
    await lead.says("Treo pano")
    await lead.sees("Giao cho ai")
    await lead.presses(whom)


async def fill(lead: Someone, due: str = "25/12 17h", evidence: str = "Không cần") -> str:
    """For every unit below, up to the last look; returns it."""
    await begin(lead)
    await lead.sees("Hạn tới lúc nào")
    await lead.says(due)
    await lead.sees("cần gì để kiểm tra")
    await lead.presses(evidence)
    return await lead.sees("Em giao như vầy")


async def give(lead: Someone, due: str = "25/12 17h", evidence: str = "Không cần") -> str:
    """A task for every unit below; returns its board."""
    await fill(lead, due, evidence)
    await lead.presses("Gửi")
    return await lead.sees("em đã giao V-")


async def post(who: Someone, action: Action) -> None:
    """A press that no button of the phone need carry."""
    await who.does(press=Press(action.pack(), "0"))


async def board_of(lead: Someone, code: str = "V-0001") -> dict[str, int]:
    """The figures of the task as its giver sees it now."""
    await lead.says(code)
    return figures(await lead.sees(code, "= Tổng"))


def figures(board: str) -> dict[str, int]:
    names = ("Đúng hạn", "Trễ", "Đang làm", "Chờ duyệt", "Quá hạn", "Tổng")
    found = {name: int(number) for name in names for number in re.findall(rf"{name} (\d+)", board)}
    assert sum(found.values()) == 2 * found["Tổng"], "the parts sum to the whole"
    return {name: count for name, count in found.items() if count}


def more_hamlets(db: Db, now: int, above: int, most: int) -> None:
    """Ấp 4 and so on, each with a head called after it."""
    parent = units.get(db, above)
    for number in range(4, most + 1):
        unit = units.add(
            db, code=f"ap{number}", name=f"Ấp {number}", kind="ấp", level="hamlet", parent=parent, since=now
        )
        head = people.add(db, name=f"Trần Văn Số {number}", phone="", language="vi", now=now)
        people.appoint(db, head.id, unit.id, "head", now)


async def commune_of_twelve(here: Village) -> None:
    ((xa,),) = await here.look("SELECT id FROM units WHERE code = 'xa'")
    assert isinstance(xa, int)
    await here.store.run(lambda db: more_hamlets(db, here.time[0], xa, 12))


# To whom


async def test_to_all_is_four_questions_and_a_look(here: Village) -> None:
    checked = await fill(here.lan)
    assert "📌 Treo pano" in checked
    assert "Hạn: 17:00 thứ Sáu 25/12" in checked
    assert "2 người nhận: Ấp 1 – Đoàn Văn Tâm, Ấp 2 – Võ Văn Hai" in checked
    assert await here.look("SELECT COUNT(*) FROM tasks") == [(0,)]


async def test_units_without_anyone_and_people_out_of_reach_are_named(here: Village) -> None:
    await here.look("UPDATE identities SET unreachable_at = 1 WHERE person_id = :id", id=here.hai.id)
    checked = await fill(here.lan)
    assert "em không giao được: Ấp 3" in checked
    assert "Em chưa nhắn tới được, anh/chị gọi giúp em: Võ Văn Hai" in checked
    await here.lan.presses("Gửi")
    await here.lan.sees("em đã giao V-0001", "= Tổng 2", "chưa nhận (2): Ấp 1 – Đoàn Văn Tâm, Ấp 2 – Võ Văn Hai")
    await here.tam.sees("anh/chị có việc mới", "V-0001", "Người giao: Nguyễn Thị Lan")
    assert here.hai.told == []
    assert here.an.told == []


async def test_a_deputy_answers_where_there_is_no_head(here: Village) -> None:
    await here.look("UPDATE posts SET role = 'deputy' WHERE person_id = :id", id=here.ut.id)
    await here.look("UPDATE posts SET until = 1 WHERE person_id = :id", id=here.hai.id)
    assert "Ấp 2 – Lê Thị Út" in await fill(here.lan)


async def test_some_units_are_ticked_and_typed(here: Village) -> None:
    await begin(here.lan, "Chọn từng nơi")
    await here.lan.sees("những nơi nhận việc")
    await here.lan.presses("Ấp 3")
    await here.lan.says("ap 1")
    await here.quiet()
    assert here.lan.choices()[:3] == ["✅ Ấp 1", "▫️ Ấp 2", "✅ Ấp 3"]
    await here.lan.presses("Ấp 3")
    await here.lan.presses("Xong (1)")
    await here.lan.sees("Hạn tới lúc nào")
    await here.lan.says("25/12 17h")
    await here.lan.presses("Không cần")
    checked = await here.lan.sees("1 người nhận: Ấp 1 – Đoàn Văn Tâm")
    assert "Ấp 2" not in checked
    await here.lan.presses("Gửi")
    await here.lan.sees("= Tổng 1")
    await here.quiet()
    assert here.hai.told == []


async def test_nobody_in_charge_is_said_at_once_and_others_can_be_chosen(here: Village) -> None:
    await begin(here.lan, "Chọn từng nơi")
    await here.lan.presses("Ấp 3")
    await here.lan.presses("Xong (1)")
    await here.lan.sees("chưa có người phụ trách", "chọn nơi khác")
    await here.lan.says("ap 2")
    await here.lan.presses("Xong (2)")
    await here.lan.sees("Hạn tới lúc nào")


async def test_nothing_chosen_is_not_done(here: Village) -> None:
    await begin(here.lan, "Chọn từng nơi")
    await here.lan.says("xong")
    await here.lan.sees("chọn ít nhất một mục")


@pytest.mark.parametrize("said", ["doan van tam", "tâm", "TAM", "Đoàn Văn Tâm"])
async def test_a_person_by_name_with_or_without_diacritics(here: Village, said: str) -> None:
    await begin(here.lan, "Chọn từng người")
    await here.lan.says(said)
    await here.lan.presses("Xong (1)")
    await here.lan.says("25/12 17h")
    await here.lan.presses("Không cần")
    await here.lan.sees("1 người nhận: Ấp 1 – Đoàn Văn Tâm")


async def test_a_name_of_several_offers_just_them(here: Village) -> None:
    await begin(here.lan, "Chọn từng người")
    await here.lan.says("thi")
    await here.lan.sees("có mấy tên giống vậy")
    assert here.lan.choices()[:2] == ["▫️ Phạm Thị Bảy (Ấp 1)", "▫️ Lê Thị Út (Ấp 2)"]
    assert not here.lan.offers_now("Chọn hết"), "which would be everybody, not the two that are seen"
    await here.lan.presses("Lê Thị Út")
    await here.lan.presses("Xong (1)")
    await here.lan.says("25/12 17h")
    await here.lan.presses("Không cần")
    await here.lan.sees("1 người nhận: Ấp 2 – Lê Thị Út")


async def test_a_mark_that_was_typed_must_agree(here: Village) -> None:
    await begin(here.lan, "Chọn từng người")
    await here.lan.says("Tám")
    await here.lan.sees("không thấy “Tám” trong danh sách")


async def test_long_lists_come_in_pages(here: Village) -> None:
    await commune_of_twelve(here)
    await begin(here.lan, "Chọn từng nơi")
    await here.lan.sees("những nơi nhận việc")
    assert not here.lan.offers_now("Ấp 9")
    await here.lan.presses("Ấp 2")
    await here.lan.presses("Xem thêm")
    await here.lan.presses("Ấp 12")
    await here.quiet()
    assert here.lan.offers_now("Ấp 9")
    await here.lan.presses("Trang trước")
    await here.quiet()
    assert "✅ Ấp 2" in here.lan.choices()
    await here.lan.presses("Xong (2)")
    await here.lan.says("25/12 17h")
    await here.lan.presses("Không cần")
    await here.lan.sees("2 người nhận: Ấp 2 – Võ Văn Hai, Ấp 12 – Trần Văn Số 12")


async def test_ap_1_is_not_ap_11(here: Village) -> None:
    await commune_of_twelve(here)
    await begin(here.lan, "Chọn từng nơi")
    await here.lan.says("ấp 1")
    await here.quiet()
    assert "✅ Ấp 1" in here.lan.choices()
    assert here.lan.offers_now("Xong (1)")


async def test_a_hamlet_head_gives_to_their_own_members(here: Village) -> None:
    await here.tam.says("giao viec")
    await here.tam.says("Phát tờ rơi")
    await here.tam.sees("những người nhận việc")
    assert here.tam.choices()[:2] == ["▫️ Nguyễn Văn An", "▫️ Phạm Thị Bảy"]
    await here.tam.presses("Chọn hết")
    await here.tam.presses("Mai 17:00")
    await here.tam.presses("Không cần")
    await here.tam.sees("2 người nhận: Ấp 1 – Nguyễn Văn An, Ấp 1 – Phạm Thị Bảy")
    await here.tam.presses("Gửi")
    await here.tam.sees("em đã giao V-0001")
    await here.an.sees("anh/chị có việc mới", "Phát tờ rơi", "Người giao: Đoàn Văn Tâm")


async def test_members_and_administrators_do_not_hand_out(here: Village) -> None:
    for who in (here.an, here.quan):
        await who.says("/giaoviec")
        await who.sees("không thuộc phần của anh/chị")
    assert await here.look("SELECT COUNT(*) FROM drafts") == [(0,)]


async def test_a_district_gives_to_its_communes(here: Village) -> None:
    checked = await fill(here.hue)
    assert "2 người nhận: Xã Đại Điền – Nguyễn Thị Lan, Xã Mỹ An – Trương Văn Dũng" in checked


# Until when


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("Hôm nay 17:00", "17:00 thứ Hai 23/11"),
        ("Mai 17:00", "17:00 thứ Ba 24/11"),
        ("Thứ Sáu 17:00", "17:00 thứ Sáu 27/11"),
        ("Cuối tháng", "17:00 thứ Hai 30/11"),
    ],
)
async def test_due_by_a_button(here: Village, label: str, shown: str) -> None:
    await begin(here.lan)
    await here.lan.presses(label)
    await here.lan.presses("Không cần")
    await here.lan.sees("Em giao như vầy", f"Hạn: {shown}")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("25/12 17h", "17:00 thứ Sáu 25/12"),
        ("mai 9h sáng", "09:00 thứ Ba 24/11"),
        ("thứ sáu", "17:00 thứ Sáu 27/11"),
        ("cuối tháng", "17:00 thứ Hai 30/11"),
        ("25/12", "17:00 thứ Sáu 25/12"),
    ],
)
async def test_due_as_it_is_typed(here: Village, said: str, shown: str) -> None:
    assert f"Hạn: {shown}" in await fill(here.lan, said)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("hôm qua", "đã qua rồi"),
        ("hôm nay 7h", "đã qua rồi"),
        ("20/11/2026", "đã qua rồi"),
        ("rằm tháng 11", "ngày âm hay ngày dương"),
        ("hổng biết", "chưa hiểu là lúc nào"),
    ],
)
async def test_a_due_time_that_cannot_be_is_asked_again(here: Village, said: str, why: str) -> None:
    await begin(here.lan)
    await here.lan.says(said)
    await here.lan.sees(why, "Hạn tới lúc nào")
    await here.lan.says("25/12 17h")
    await here.lan.sees("cần gì để kiểm tra")


async def test_what_is_over_is_not_offered_and_friday_not_twice(here: Village) -> None:
    await here.turns_to("2026-11-27 17:30")
    await begin(here.lan)
    await here.lan.sees("Hạn tới lúc nào")
    assert here.lan.choices()[:2] == ["Mai 17:00", "Cuối tháng"]
    await here.turns_to("2026-12-04 09:00")
    await begin(here.lan)
    await here.lan.sees("Hạn tới lúc nào")
    assert here.lan.choices()[:3] == ["Hôm nay 17:00", "Mai 17:00", "Cuối tháng"]


async def test_a_due_time_that_passed_while_the_task_was_written_is_asked_again(here: Village) -> None:
    await fill(here.lan, "hôm nay 11h")
    await here.passes(minutes=4 * 60)
    await here.lan.presses("Gửi")
    await here.lan.sees("Hạn tới lúc nào")
    await here.lan.presses("Mai 17:00")
    await here.lan.sees("Em giao như vầy", "17:00 thứ Ba 24/11", "2 người nhận")


# Doing it


async def test_accepted_done_and_accepted_by_the_giver(here: Village) -> None:
    assert figures(await give(here.lan)) == {"Đang làm": 2, "Tổng": 2}
    await here.tam.presses("Đã nhận")
    await here.tam.sees("V-0001", "Đang làm")
    await here.tam.presses("Xong")
    await here.tam.sees("em đã báo là xong", "đang chờ duyệt")
    assert await board_of(here.lan) == {"Đang làm": 1, "Chờ duyệt": 1, "Tổng": 2}
    await here.lan.presses("📨 Ấp 1")
    await here.lan.sees("Đoàn Văn Tâm (Ấp 1) báo xong V-0001")
    await here.lan.presses("Nhận kết quả")
    await here.lan.sees("anh/chị đã nhận kết quả này")
    await here.tam.sees("Nguyễn Thị Lan đã nhận kết quả V-0001", "Cảm ơn anh/chị")
    assert await board_of(here.lan) == {"Đúng hạn": 1, "Đang làm": 1, "Tổng": 2}
    acts = await here.look("SELECT act FROM audit ORDER BY id")
    assert acts == [("tasks.given",), ("tasks.accepted",), ("tasks.reported",), ("tasks.approved",)]


async def test_the_number_that_was_asked(here: Village) -> None:
    await give(here.lan, evidence="Con số")
    await here.tam.presses("Xong")
    await here.tam.sees("làm được bao nhiêu ạ?")
    await here.tam.says("nhiều lắm")
    await here.tam.sees("chưa biết là mấy")
    await here.tam.says("mười lăm")
    await here.tam.sees("em đã báo là xong")
    await here.lan.sees("Đoàn Văn Tâm (Ấp 1) báo xong V-0001", "Kết quả: 15")
    await here.lan.says("V-0001")
    await here.lan.presses("Chi tiết")
    await here.lan.sees("📨 Ấp 1 – Đoàn Văn Tâm (15)", "🔄 Ấp 2 – Võ Văn Hai")


async def test_the_photo_that_was_asked(here: Village) -> None:
    await give(here.lan, evidence="Hình chụp")
    await here.tam.presses("Xong")
    await here.tam.sees("gửi hình kết quả")
    await here.tam.says("xong rồi nha")
    await here.tam.sees("cần ít nhất một tấm hình")
    await here.tam.says("", JPEG)
    await here.tam.sees("1 hình", "xong rồi nha")
    await here.tam.says("", JPEG + b"2")
    await here.tam.sees("2 hình")
    await here.tam.presses("Xong")
    await here.tam.sees("em đã báo là xong")
    await here.lan.sees("báo xong V-0001", "📷 2 hình", "📝 xong rồi nha")
    await here.lan.presses("Xem hình")
    await here.quiet()
    assert len(here.lan.told[-1].files) == 2


async def test_what_stands_in_the_way_is_told_to_the_giver(here: Village) -> None:
    await give(here.lan)
    await here.tam.presses("Vướng mắc")
    await here.tam.sees("vướng chỗ nào?")
    await here.tam.says("chưa có <b>pano</b> & _*[")
    await here.tam.sees("em đã báo với Nguyễn Thị Lan", "Đang vướng: chưa có <b>pano</b> & _*[")
    await here.lan.sees("Đoàn Văn Tâm (Ấp 1) đang vướng ở V-0001", "chưa có <b>pano</b> & _*[")
    assert here.tam.offers_now("Xong")


async def test_returned_with_a_reason_done_again_and_accepted(here: Village) -> None:
    await give(here.lan)
    await here.tam.presses("Xong")
    await here.tam.sees("em đã báo là xong")
    await here.lan.presses("Trả lại")
    await here.lan.sees("Nhắn lý do, em chuyển cho Đoàn Văn Tâm")
    await here.lan.says("treo chưa đúng chỗ")
    await here.lan.sees("em đã chuyển lại cho Đoàn Văn Tâm: treo chưa đúng chỗ")
    await here.tam.sees("Nguyễn Thị Lan nhờ anh/chị làm lại V-0001: treo chưa đúng chỗ", "Cần làm lại")
    assert await board_of(here.lan) == {"Đang làm": 2, "Tổng": 2}
    await here.tam.presses("Xong")
    await here.tam.sees("em đã báo là xong", "đang chờ duyệt")
    await here.lan.presses("Nhận kết quả")
    await here.lan.sees("anh/chị đã nhận kết quả này")
    assert await board_of(here.lan) == {"Đúng hạn": 1, "Đang làm": 1, "Tổng": 2}


async def test_on_time_is_judged_by_when_it_was_reported(here: Village) -> None:
    await give(here.lan, "25/11 17h")
    await here.turns_to("2026-11-25 16:59")
    await here.tam.says("xong V-0001")
    await here.tam.sees("em đã báo là xong")
    await here.turns_to("2026-11-25 17:01")
    assert await board_of(here.lan) == {"Chờ duyệt": 1, "Quá hạn": 1, "Tổng": 2}
    await here.hai.says("V-0001 xong")
    await here.hai.sees("em đã báo là xong")
    assert await board_of(here.lan) == {"Chờ duyệt": 2, "Tổng": 2}
    await here.turns_to("2026-11-26 09:00")
    await here.lan.says("V-0001")
    await here.lan.presses("Nhận hết (2)")
    done = await here.lan.sees("Tất cả đã xong")
    assert figures(done) == {"Đúng hạn": 1, "Trễ": 1, "Tổng": 2}
    for who in (here.tam, here.hai):
        await who.sees("đã nhận kết quả V-0001")


async def test_the_givers_card_is_edited_where_that_can_be(here: Village) -> None:
    await give(here.lan)
    card = here.lan.told[-1].id
    await here.tam.presses("Đã nhận")
    await here.quiet()
    boards = [message for message in here.lan.told if "= Tổng 2" in text_of(message)]
    assert [message.id for message in boards] == [card], "and no second one"
    names = text_of(boards[0]).split("chưa nhận", 1)[1]
    assert names.startswith(" (2)" if here.phone.is_plain(here.lan.chat) else " (1): Ấp 2 – Võ Văn Hai")


# Nudging and taking back


async def test_only_the_unfinished_are_nudged_and_once_a_day(here: Village) -> None:
    await give(here.lan)
    await here.tam.says("xong V-0001")
    await here.tam.sees("em đã báo là xong")
    await here.tam.reads()
    await here.lan.says("V-0001")
    await here.lan.presses("Nhắc người chưa xong")
    await here.lan.sees("em đã nhắc 1 người chưa xong")
    await here.hai.sees("Nguyễn Thị Lan nhờ em nhắc việc này", "V-0001")
    assert here.hai.offers_now("Xong")
    await here.tam.sees_nothing_new()
    await here.lan.says("V-0001")
    await here.lan.presses("Nhắc người chưa xong")
    await here.lan.sees("hôm nay mình đã nhắc rồi")
    await here.turns_to("2026-11-24 09:00")
    await here.lan.says("V-0001")
    await here.lan.presses("Nhắc người chưa xong")
    await here.lan.sees("em đã nhắc 1 người chưa xong")


async def test_who_cannot_be_reached_is_not_counted_as_nudged(here: Village) -> None:
    await give(here.lan)
    await here.look("UPDATE identities SET unreachable_at = 1 WHERE person_id = :id", id=here.hai.id)
    await here.lan.presses("Nhắc người chưa xong")
    await here.lan.sees("em đã nhắc 1 người chưa xong", "Còn 1 người em nhắn không tới")
    await post(here.tam, Finish(1))
    await post(here.hai, Finish(2))
    await post(here.lan, Nudge(1))
    await here.lan.sees("việc V-0001 không còn ai phải nhắc")


async def test_taken_back_after_one_question(here: Village) -> None:
    await give(here.lan)
    await here.tam.presses("Đã nhận")
    await here.tam.sees("Đang làm")
    await here.lan.presses("Thu hồi việc")
    await here.lan.sees("thu hồi việc V-0001", "Em sẽ báo 2 người nhận")
    await here.lan.presses("Không")
    await here.lan.sees("= Tổng 2")
    await here.lan.presses("Thu hồi việc")
    await here.lan.sees("Em sẽ báo 2 người nhận")
    await here.lan.presses("Thu hồi")
    await here.lan.sees("Việc này đã thu hồi")
    for who in (here.tam, here.hai):
        await who.sees("đã thu hồi việc V-0001", "không cần làm nữa")
    await here.tam.says("xong V-0001")
    await here.tam.sees("việc V-0001 đã được thu hồi rồi")
    await post(here.lan, Nudge(1))
    await here.lan.sees("không còn ai phải nhắc")
    await here.tam.says("/viec")
    await here.tam.sees("không còn việc nào")


# By typing


async def test_a_task_by_its_code(here: Village) -> None:
    await give(here.lan)
    for said in ("V-0001", "v1", "xem V-1", "viec v 0001"):
        await here.tam.says(said)
        await here.tam.sees("V-0001", "Người giao: Nguyễn Thị Lan", "Chưa nhận")
    await here.tam.says("da nhan v1")
    await here.tam.sees("V-0001", "Đang làm")
    await here.tam.says("vuong mac V-0001")
    await here.tam.sees("vướng chỗ nào?")
    await here.tam.says("het pano")
    await here.tam.sees("Đang vướng: het pano")
    await here.tam.says("xong v1")
    await here.tam.sees("em đã báo là xong")
    await here.tam.says("xong v1")
    await here.tam.sees("đã báo xong rồi, đang chờ duyệt")


@pytest.mark.parametrize("name", ["an", "hue", "dung", "quan", "ut"])
async def test_a_task_is_not_others_business(here: Village, name: str) -> None:
    await give(here.lan)
    for said in ("V-0001", "xong V-0001", "V-0777"):
        await here.people[name].says(said)
        assert "pano" not in await here.people[name].sees("không tìm thấy việc V-0")
    assert await here.look(STATES) == [("given",), ("given",)]


async def test_a_sentence_with_something_like_a_code_is_no_code(here: Village) -> None:
    await here.an.says("toi di cho o khu V 2 cho vui")
    await here.an.sees("em chưa hiểu ý")


async def test_my_tasks(here: Village) -> None:
    await here.tam.says("viec cua toi")
    await here.tam.sees("không còn việc nào")
    await give(here.lan)
    await give(here.lan, "24/11 9h")
    await here.tam.says("viec cua toi")
    listed = await here.tam.sees("còn 2 việc")
    assert listed.index("V-0002") < listed.index("V-0001"), "the more urgent first"
    await here.tam.presses("V-0001", within="còn 2 việc")
    await here.tam.sees("V-0001", "Hạn: 17:00 thứ Sáu 25/12")
    await here.lan.says("/viec")
    await here.lan.sees("Việc anh/chị đã giao", "V-0002 Treo pano – xong 0/2")
    await here.lan.presses("V-0002", within="đã giao")
    await here.lan.sees("V-0002", "= Tổng 2")


# Rights and freshness


@pytest.mark.parametrize("action", [Open(1), Accept(1), Finish(1), GetStuck(1)])
@pytest.mark.parametrize("name", ["an", "hai", "lan", "hue"])
async def test_only_the_accountable_person_does_it(here: Village, name: str, action: Action) -> None:
    await give(here.lan)
    who = here.people[name]
    await post(who, action)
    await who.sees("việc V-0001 giao cho người khác")
    assert await here.look(STATES) == [("given",), ("given",)]
    assert await here.look("SELECT COUNT(*) FROM drafts") == [(0,)]


@pytest.mark.parametrize(
    "action", [Approve(1, 2), SendBack(1, 2), Review(1), ApproveAll(1), Board(1, 1), Nudge(1), Cancel(1, 1)]
)
@pytest.mark.parametrize("name", ["tam", "hai", "hue", "quan"])
async def test_only_the_giver_judges(here: Village, name: str, action: Action) -> None:
    await give(here.lan)
    await post(here.tam, Finish(1))
    who = here.people[name]
    await who.reads()
    await post(who, action)
    refused = await who.sees("V-0001")
    assert "Treo pano" not in refused
    assert await here.look(STATES) == [("reported",), ("given",)]
    assert await here.look("SELECT cancelled_at FROM tasks") == [(None,)]


async def test_photos_are_for_the_two_they_concern(here: Village) -> None:
    await give(here.lan, evidence="Hình chụp")
    await here.tam.presses("Xong")
    await here.tam.says("", JPEG)
    await here.tam.presses("Xong")
    await here.tam.sees("em đã báo là xong")
    for who in (here.hai, here.hue, here.an):
        await post(who, Photos(1))
        await who.sees("không tìm thấy việc V-0001")
        assert not any(message.files for message in who.told)


@pytest.mark.parametrize("action", [Accept(99), Finish(99), Approve(99, 1), SendBack(99, 1), Photos(99)])
async def test_a_button_about_nothing_leads_on(here: Village, action: Action) -> None:
    await post(here.lan, action)
    await here.lan.sees("nút này đã cũ rồi")


async def test_work_that_changed_since_it_was_looked_at_is_shown_first(here: Village) -> None:
    await give(here.lan, evidence="Con số")
    await here.tam.presses("Xong")
    await here.tam.says("5")
    await here.tam.sees("em đã báo là xong")
    ((version,),) = await here.look("SELECT version FROM assignments WHERE id = 1")
    assert isinstance(version, int)
    await here.lan.presses("Trả lại")
    await here.lan.says("đếm lại")
    await here.tam.sees("làm lại V-0001: đếm lại")
    await here.tam.presses("Xong")
    await here.tam.says("50")
    await here.tam.sees("em đã báo là xong")
    for stale in (Approve(1, version), SendBack(1, version)):
        await post(here.lan, stale)
        shown = await here.lan.sees("báo xong V-0001", "Kết quả: 50")
        assert "đã nhận kết quả này" not in shown
    assert await here.look("SELECT state FROM assignments WHERE id = 1") == [("reported",)]
    await here.lan.presses("Nhận kết quả")
    await here.lan.sees("anh/chị đã nhận kết quả này")


async def test_pressing_twice_does_it_once(here: Village) -> None:
    await give(here.lan)
    await post(here.tam, Finish(1))
    await post(here.tam, Finish(1))
    await here.tam.sees("việc V-0001 đã báo xong rồi")
    await post(here.lan, Approve(1, 2))
    await post(here.lan, Approve(1, 2))
    await here.lan.sees("đã xong và đã được duyệt rồi")
    await here.quiet()
    assert sum("đã nhận kết quả V-0001" in text_of(message) for message in here.tam.told) == 1


async def test_the_draft_of_a_return_does_not_outlive_the_work(here: Village) -> None:
    await give(here.lan)
    await post(here.tam, Finish(1))
    await post(here.lan, SendBack(1, 2))
    await here.lan.sees("Nhắn lý do")
    await post(here.lan, Approve(1, 2))
    await here.lan.sees("anh/chị đã nhận kết quả này")
    await here.lan.says("làm lại đi")
    await here.lan.sees("đã xong và đã được duyệt rồi")
    assert await here.look("SELECT state, returned FROM assignments WHERE id = 1") == [("done", "")]
    await here.lan.says("làm lại đi")
    await here.lan.sees("em chưa hiểu ý")


async def test_titles_and_reasons_are_never_markup(here: Village) -> None:
    await here.lan.says("/giaoviec")
    await here.lan.says("<b>Treo</b> & {x} _*[")
    await here.lan.presses("Tất cả")
    await here.lan.presses("Mai 17:00")
    await here.lan.presses("Không cần")
    await here.lan.sees("📌 <b>Treo</b> & {x} _*[")
    await here.lan.presses("Gửi")
    await here.tam.sees("V-0001 · <b>Treo</b> & {x} _*[")


@pytest.mark.parametrize("label", ["Nhắc người chưa xong", "Thu hồi việc", "Chi tiết"])
async def test_who_leads_no_more_has_no_say_in_old_tasks(here: Village, label: str) -> None:
    await give(here.lan)
    await here.store.run(lambda db: db.run("UPDATE posts SET role = 'member' WHERE person_id = :id", id=here.lan.id))
    await here.lan.presses(label)
    await here.lan.sees("không thuộc phần của anh/chị")
    assert await here.look("SELECT cancelled_at FROM tasks") == [(None,)]


async def test_a_document_is_no_photo(here: Village) -> None:
    await give(here.lan, evidence="Hình chụp")
    await here.tam.presses("Xong")
    await here.tam.sees("gửi hình kết quả")
    paper = await here.phone.keep("bao cao.pdf", b"%PDF-1.4 bao cao")
    await here.phone.say(here.tam.chat, "", [paper])
    await here.tam.sees("cần ít nhất một tấm hình")


async def test_what_several_do_at_the_same_moment_the_giver_s_card_shows_all_of(rich: Village) -> None:
    here = rich
    await commune_of_twelve(here)
    heads = [Someone(here, person_id, "", f"p{person_id}") for person_id in await here.store.run(join_the_heads)]
    await give(here.lan)
    parts: dict[Any, Any] = {row[0]: row[1] for row in await here.look("SELECT person_id, id FROM assignments")}
    waiting = len(parts)
    for at_once in (heads[:3], heads[3:6], heads[6:]):
        await asyncio.gather(*(post(who, Accept(parts[who.id])) for who in at_once))
        waiting -= len(at_once)
        await here.lan.sees(f"chưa nhận ({waiting})")


def join_the_heads(db: Db) -> list[int]:
    """The heads of the further hamlets have phones too."""
    rows = db.all("SELECT id FROM people WHERE name LIKE 'Trần Văn Số %' ORDER BY id")
    for (person_id,) in rows:
        people.link(db, "phone", f"p{person_id}", person_id, 1)
    return [row[0] for row in rows]


async def test_a_card_that_still_waits_to_be_said_is_said_as_it_is_then(here: Village) -> None:
    await here.turns_to("2026-11-23 22:00")
    await give(here.lan)
    await here.lan.presses("Thu hồi")
    await here.lan.presses("Thu hồi")
    await here.turns_to("2026-11-24 06:45")
    for message in here.tam.told:
        assert "Chưa nhận" not in text_of(message)
        assert not message.buttons
