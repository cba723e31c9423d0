"""Away from one day to another: one person answers all the while, named so; it ends by itself or by a press."""

from __future__ import annotations

import pytest

from handlers.away.actions import Back
from storage import people
from tests.handlers.test_members import held, opens, post, unit_id
from tests.handlers.test_tasks import fill, give
from tests.rig import Someone, Village, text_of


async def goes_away(who: Someone, stand_in: str, days: str = "hôm nay đến 30/11") -> str:
    """Up to the last look and over it; returns the look."""
    await who.says("/vang")
    await who.sees("từ ngày nào tới ngày nào")
    await who.says(days)
    await who.sees("ai làm thay anh/chị")
    await who.says(stand_in)
    checked = await who.sees("Em ghi như vầy")
    await who.presses("Lưu")
    return checked


async def accountable(here: Village) -> list[tuple[object, ...]]:
    return await here.look("SELECT person_id, stands_for FROM assignments ORDER BY id")


async def test_what_falls_due_meanwhile_is_the_stand_in_s_and_comes_back(here: Village) -> None:
    await give(here.lan, "27/11 17h")
    await give(here.lan, "25/12 17h")
    checked = await goes_away(here.hai, "lê thị út")
    assert "Vắng: thứ Hai 23/11 tới hết thứ Hai 30/11" in checked
    assert "• 1 việc tới hạn trong lúc đó: làm thay" in checked
    await here.hai.sees("đang vắng tới hết thứ Hai 30/11", "Lê Thị Út làm thay")
    await here.ut.sees("làm thay Võ Văn Hai", "1 việc phải làm")
    await here.lan.sees("Võ Văn Hai vắng từ thứ Hai 23/11", "Lê Thị Út làm thay")
    hai, ut, tam = here.hai.id, here.ut.id, here.tam.id
    assert await accountable(here) == [(tam, None), (ut, hai), (tam, None), (hai, None)]
    await here.ut.presses("V-0001")
    await here.ut.sees("V-0001", "Anh/chị làm thay Võ Văn Hai, đang vắng tới thứ Hai 30/11")
    await here.hai.says("V-0001")
    await here.hai.sees("không tìm thấy việc V-0001")
    await here.lan.says("V-0001")
    await here.lan.presses("Chi tiết")
    await here.lan.sees("Ấp 2 – Lê Thị Út (thay Võ Văn Hai, đang vắng tới thứ Hai 30/11)")
    await here.lan.says("V-0002")
    await here.lan.presses("Chi tiết")
    await here.lan.sees("Ấp 2 – Võ Văn Hai (đang vắng tới thứ Hai 30/11, Lê Thị Út thay)")
    await here.turns_to("2026-12-01 07:00")
    assert await accountable(here) == [(tam, None), (hai, None), (tam, None), (hai, None)]
    await here.hai.sees("mừng anh/chị đã về", "1 việc chưa xong nay lại do anh/chị phụ trách")
    await here.ut.sees("Võ Văn Hai đã về")


async def test_new_work_reminders_and_the_team_s_go_to_the_stand_in(here: Village) -> None:
    await goes_away(here.hai, "lê thị út")
    await here.hai.sees("đang vắng")
    checked = await fill(here.lan, "25/11 17h")
    assert "Ấp 2 – Lê Thị Út (thay Võ Văn Hai)" in checked
    await here.lan.presses("Gửi")
    await here.lan.sees("Ấp 2 – Lê Thị Út (thay Võ Văn Hai)")
    await here.ut.sees("việc mới", "V-0001", "làm thay Võ Văn Hai")
    await here.hai.reads()
    await here.turns_to("2026-11-24 07:00")
    await here.ut.sees("V-0001")
    await here.lan.says("/doi")
    await here.lan.sees("Võ Văn Hai · đang vắng tới thứ Hai 30/11, Lê Thị Út thay")
    await here.lan.presses("Nhắc ai chưa báo cáo")
    await here.ut.sees("em chưa thấy báo cáo của Ấp 2")
    await here.hai.sees_nothing_new()


async def test_what_the_stand_in_finished_stays_theirs(here: Village) -> None:
    await give(here.lan, "27/11 17h")
    await goes_away(here.hai, "lê thị út")
    await here.ut.says("xong V-0001")
    await here.lan.sees("Lê Thị Út (thay Võ Văn Hai) (Ấp 2) báo xong V-0001")
    await here.lan.presses("Nhận kết quả", within="Lê Thị Út")
    await here.ut.sees("đã nhận kết quả V-0001")
    await here.hai.presses("Tôi đã về")
    await here.hai.sees("mừng anh/chị đã về")
    assert (here.ut.id, here.hai.id) in await accountable(here)


async def test_reviews_go_to_the_stand_in_in_the_right_of_the_one_away(here: Village) -> None:
    await give(here.lan, "27/11 17h")
    await goes_away(here.lan, "trần thị huệ")
    await here.hue.sees("làm thay Nguyễn Thị Lan", "1 việc đã giao cần xem")
    await here.tam.says("V-0001")
    await here.tam.sees("Người giao: Trần Thị Huệ (thay Nguyễn Thị Lan)")
    await here.tam.presses("Xong")
    await here.hue.sees("Đoàn Văn Tâm (Ấp 1) báo xong V-0001")
    await here.hue.presses("Nhận kết quả")
    await here.tam.sees("đã nhận kết quả V-0001")
    await here.lan.presses("Tôi đã về")
    await here.lan.sees("mừng anh/chị")
    assert await here.look("SELECT giver_id, stands_for FROM tasks") == [(here.lan.id, None)]


async def test_a_member_stands_in_for_a_head_who_gave_work(here: Village) -> None:
    await here.tam.says("/giaoviec")
    await here.tam.says("Quét sân")
    await here.tam.says("phạm thị bảy")
    await here.tam.presses("Xong")
    await here.tam.says("27/11 17h")
    await here.tam.presses("Không cần")
    await here.tam.presses("Gửi")
    await here.tam.sees("em đã giao V-0001")
    await goes_away(here.tam, "nguyễn văn an")
    await here.bay.says("xong V-0001")
    await here.an.sees("Phạm Thị Bảy (Ấp 1) báo xong V-0001")
    await here.an.presses("Nhận kết quả")
    await here.bay.sees("Nguyễn Văn An đã nhận kết quả V-0001")
    await here.an.says("/viec")
    await here.an.sees("V-0001", "xong 1/1")
    await here.tam.presses("Tôi đã về")
    await here.tam.sees("mừng anh/chị")
    await here.an.says("V-0001")
    await here.an.sees("không tìm thấy việc V-0001")


async def test_days_to_come_begin_by_themselves(here: Village) -> None:
    await give(here.lan, "27/11 17h")
    await goes_away(here.hai, "lê thị út", "25/11 đến 28/11")
    await here.hai.sees("sẽ vắng từ thứ Tư 25/11 tới hết thứ Bảy 28/11")
    assert (here.hai.id, None) in await accountable(here)
    await here.turns_to("2026-11-25 00:06")
    assert (here.ut.id, here.hai.id) in await accountable(here)
    await here.turns_to("2026-11-29 00:06")
    assert (here.hai.id, None) in await accountable(here)


async def test_another_time_and_another_person(here: Village) -> None:
    await give(here.lan, "27/11 17h")
    await goes_away(here.tam, "nguyễn văn an")
    await here.tam.presses("Đổi ngày, đổi người")
    await here.tam.says("hôm nay đến 28/11")
    await here.tam.says("phạm thị bảy")
    await here.tam.presses("Lưu")
    await here.tam.sees("tới hết thứ Bảy 28/11", "Phạm Thị Bảy làm thay")
    await here.an.sees("không cần làm thay nữa")
    assert (here.bay.id, here.tam.id) in await accountable(here)


async def test_who_stands_in_cannot_be_away_then_and_who_is_away_cannot_stand_in(here: Village) -> None:
    await goes_away(here.tam, "nguyễn văn an")
    await here.an.says("/vang")
    await here.an.says("mai đến 25/11")
    await here.an.sees("anh/chị đang nhận làm thay Đoàn Văn Tâm (tới thứ Hai 30/11)")
    await here.bay.says("/vang")
    await here.bay.says("mai đến 25/11")
    await here.bay.says("đoàn văn tâm")
    await here.bay.sees("không tìm thấy ai tên “đoàn văn tâm”")
    await here.bay.says("võ văn hai")
    await here.bay.sees("không tìm thấy ai tên “võ văn hai”")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("20/11", "đã qua rồi"),
        ("khi nào khoẻ", "chưa hiểu là những ngày nào"),
        ("hôm nay đến 1/12/2027", "nhiều nhất nửa năm"),
        ("20/11 đến 22/11", "Chủ nhật 22/11 đã qua rồi"),
        ("2/12 den 28/11", "thứ Bảy 28/11 trước thứ Tư 2/12 rồi"),
        ("30/2", "không có ngày 30/2"),
    ],
)
async def test_days_that_cannot_be(here: Village, said: str, answer: str) -> None:
    await here.tam.says("/vang")
    await here.tam.says(said)
    await here.tam.sees(answer)


async def test_only_one_s_own_absence_is_ended(here: Village) -> None:
    await goes_away(here.tam, "nguyễn văn an")
    await post(here.an, Back(1))
    await here.an.sees("không thuộc phần của anh/chị")
    await here.tam.presses("Tôi đã về")
    await here.tam.sees("mừng anh/chị")
    await post(here.tam, Back(1))
    await here.tam.sees("đã kết thúc rồi")


async def test_a_stand_in_who_leaves_gives_back_what_they_did_for_another(here: Village) -> None:
    await give(here.lan, "27/11 17h")
    await goes_away(here.hai, "lê thị út")
    await opens(here.lan, "Lê Thị Út")
    await here.lan.presses("Cho rời tổ")
    await here.lan.presses("Cho rời tổ", within="sẽ rời tổ")
    await here.lan.sees("ghi nhận Lê Thị Út rời tổ")
    await here.hai.sees("Lê Thị Út không còn trong tổ nên phần làm thay em trả về")
    assert (here.hai.id, None) in await accountable(here)


async def test_who_is_away_and_leaves_hands_over_what_the_stand_in_has(here: Village) -> None:
    await give(here.lan, "27/11 17h")
    await goes_away(here.hai, "lê thị út")
    await opens(here.lan, "Võ Văn Hai")
    assert "đang vắng tới thứ Hai 30/11, Lê Thị Út thay" in text_of(here.lan.told[-1])
    await here.lan.presses("Cho rời tổ")
    await here.lan.sees("phụ trách 1 việc")
    await here.lan.says("nguyễn thị lan")
    await here.lan.presses("Cho rời tổ", within="sẽ rời tổ")
    await here.lan.sees("ghi nhận Võ Văn Hai rời tổ")
    assert (here.lan.id, None) in await accountable(here)
    assert await held(here, "ap2") == {"Lê Thị Út": "member"}


# Several posts


async def test_who_is_in_two_teams_reports_for_the_other_by_one_press(here: Village) -> None:
    ap2 = await unit_id(here, "ap2")
    await here.store.run(lambda db: people.appoint(db, here.an.id, ap2, "member", here.time[0]))
    await here.an.says("/khongcoviec")
    await here.an.sees("Em ghi như vầy", "Ấp 1")
    await here.an.presses("Báo cho tổ khác")
    await here.an.sees("Em ghi như vầy", "Ấp 2")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0001", "Ấp 2")
    assert await here.look("SELECT unit_id FROM reports") == [(ap2,)]


async def test_who_is_in_one_team_is_not_asked(here: Village) -> None:
    await here.an.says("/khongcoviec")
    await here.an.sees("Em ghi như vầy")
    assert not here.an.offers_now("Báo cho tổ khác")


async def test_who_leads_two_hands_out_the_work_of_one_of_them_and_sees_both(here: Village) -> None:
    xa2 = await unit_id(here, "xa2")
    await here.store.run(lambda db: people.appoint(db, here.lan.id, xa2, "deputy", here.time[0]))
    await here.lan.says("/giaoviec")
    await here.lan.sees("của đơn vị nào")
    await here.lan.presses("Xã Mỹ An")
    await here.lan.says("Treo pano")
    await here.lan.says("trương văn dũng")
    await here.lan.presses("Xong")
    await here.lan.says("25/12 17h")
    await here.lan.presses("Không cần")
    await here.lan.presses("Gửi")
    await here.dung.sees("việc mới", "Treo pano")
    assert await here.look("SELECT unit_id FROM tasks") == [(xa2,)]
    await here.lan.says("/doi")
    await here.lan.sees("👥 Xã Đại Điền")
    await here.lan.presses("Xã Mỹ An")
    await here.lan.sees("👥 Xã Mỹ An")


async def test_all_in_one_message_as_people_type_it(here: Village) -> None:
    for said, days in (
        ("/vang 28/11 den 2/12", "thứ Bảy 28/11 tới hết thứ Tư 2/12"),
        ("vang tu mai den thu 6", "thứ Ba 24/11 tới hết thứ Sáu 27/11"),
        ("Dạ em xin vắng tuần sau", "thứ Hai 30/11 tới hết Chủ nhật 6/12"),
    ):
        await here.hai.says(said)
        await here.hai.sees("ai làm thay anh/chị")
        await here.hai.says("lê thị út")
        await here.hai.sees("Em ghi như vầy", days)
        await here.hai.says("thôi")
    await here.hai.says("/vang 2/12 den 28/11")
    await here.hai.sees("thứ Bảy 28/11 trước thứ Tư 2/12 rồi", "từ ngày nào tới ngày nào")
    await here.hai.says("thu 2 va thu 5")
    await here.hai.sees("có thể hiểu mấy cách")
    await here.hai.presses("thứ Hai 23/11 – thứ Năm 26/11")
    await here.hai.sees("ai làm thay anh/chị")


async def test_only_what_is_missing_is_asked(here: Village) -> None:
    await here.hai.says("vang 3 ngay")
    await here.hai.sees("vắng 3 ngày, bắt đầu từ ngày nào")
    await here.hai.presses("thứ Ba 24/11 – thứ Năm 26/11")
    await here.hai.says("lê thị út")
    await here.hai.sees("thứ Ba 24/11 tới hết thứ Năm 26/11")
    await here.hai.presses("Quay lại")
    await here.hai.presses("Quay lại")
    await here.hai.sees("bắt đầu từ ngày nào")
    await here.hai.says("28/12")
    await here.hai.says("lê thị út")
    await here.hai.sees("thứ Hai 28/12 tới hết thứ Tư 30/12")
    await here.hai.says("/vang tu 30/12")
    await here.hai.sees("từ thứ Tư 30/12 tới hết ngày nào")
    await here.hai.says("28/12")
    await here.hai.sees("thứ Hai 28/12 trước thứ Tư 30/12 rồi")
    await here.hai.says("2/1")
    await here.hai.says("lê thị út")
    await here.hai.sees("thứ Tư 30/12 tới hết thứ Bảy 2/1")
    await here.hai.presses("Lưu")
    await here.hai.sees("sẽ vắng từ thứ Tư 30/12", "Lê Thị Út làm thay")
