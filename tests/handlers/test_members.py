"""Leads look after their people in chat: bring in, correct, move, promote, remove; a lost telephone; nobody upwards."""

from __future__ import annotations

import re

import pytest

from bot.chat.action import Action
from bot.chat.message import Press
from bot.chat.passing import Undo
from handlers.members.actions import Add, Do, Find, Lost, Page, Show
from storage import invites, people
from tests.handlers.test_reports import send
from tests.handlers.test_tasks import give
from tests.rig import Someone, Village, text_of

HELD = "SELECT p.name, o.role FROM posts o JOIN people p ON p.id = o.person_id WHERE o.until IS NULL AND o.unit_id = :u"


async def unit_id(here: Village, code: str) -> int:
    ((found,),) = await here.look("SELECT id FROM units WHERE code = :code", code=code)
    assert isinstance(found, int)
    return found


async def held(here: Village, code: str) -> dict[object, object]:
    """Who is what in a unit now."""
    return dict(await here.look(HELD, u=await unit_id(here, code)))  # type: ignore[arg-type]


async def post(who: Someone, action: Action) -> None:
    await who.does(press=Press(action.pack(), "0"))


async def opens(lead: Someone, name: str) -> str:
    """The card of somebody, by the list."""
    await lead.says("/thanhvien")
    await lead.sees("để xem và sửa")
    await lead.presses(name)
    return await lead.sees(f"👤 {name}")


async def removes(lead: Someone, name: str) -> None:
    await opens(lead, name)
    await lead.presses("Cho rời tổ")


# The list


async def test_the_list_is_of_one_s_own_units_head_first(here: Village) -> None:
    await here.tam.says("/thanhvien")
    await here.tam.sees("👥 Ấp 1: 3 người")
    names = [choice for choice in here.tam.choices() if "(" in choice]
    assert names == ["Đoàn Văn Tâm (tổ trưởng)", "Nguyễn Văn An (thành viên)", "Phạm Thị Bảy (thành viên)"]
    text = await opens(here.tam, "Phạm Thị Bảy")
    assert "• thành viên Ấp 1, từ thứ Ba 25/8" in text
    assert "☎ 0999000006" in text
    assert "đã vào bot" in text


async def test_a_long_list_comes_in_pages_and_is_searched(here: Village) -> None:
    ap1 = await unit_id(here, "ap1")
    for number in range(8):
        person = await here.store.run(
            lambda db, number=number: people.add(db, name=f"Trần Văn Số {number}", phone="", language="vi", now=1)  # type: ignore[misc]
        )
        await here.store.run(lambda db, person=person: people.appoint(db, person.id, ap1, "member", 1))  # type: ignore[misc]
    await here.tam.says("/thanhvien")
    await here.tam.sees("👥 Ấp 1: 11 người", "Trang 1/2")
    await here.tam.presses("Xem thêm")
    await here.tam.sees("Trang 2/2")
    assert here.tam.offers_now("Trần Văn Số 7")
    await here.tam.presses("Trang trước")
    await here.tam.sees("Trang 1/2")
    await here.tam.presses("Tìm người")
    await here.tam.sees("tìm ai")
    await here.tam.says("so 5")
    await here.tam.sees("👤 Trần Văn Số 5", "chưa có số")


async def test_somebody_is_found_by_a_number_in_any_dress(here: Village) -> None:
    for said in (
        "0999.000.008",
        "+84 999 000 008",
        "84999000008",
        "999000008",
        "so 0999-000-008",
        "0008",
        "đuôi 00008",
    ):
        await here.lan.says(f"/thanhvien {said}")
        await here.lan.sees("👤 Lê Thị Út", "☎ 0999000008")
    await here.tam.says("/thanhvien 0008")
    assert "Út" not in await here.tam.sees("không thấy ai có số “0008” trong phạm vi")
    await here.tam.says("an")
    await here.tam.sees("👤 Nguyễn Văn An")
    await here.lan.says("/thanhvien 0999 000")
    await here.lan.sees("không thấy ai có số “0999 000”")
    await here.look("UPDATE people SET phone = '0912000008' WHERE id = :id", id=here.an.id)
    await here.lan.says("/thanhvien 0008")
    await here.lan.sees("có mấy tên giống vậy")
    await here.lan.presses("Nguyễn Văn An")
    await here.lan.sees("👤 Nguyễn Văn An", "☎ 0912000008")


async def test_somebody_is_found_by_name_at_once(here: Village) -> None:
    await here.lan.says("/thanhvien bay")
    await here.lan.sees("👤 Phạm Thị Bảy", "thành viên Ấp 1")
    await here.lan.says("/thanhvien khanh")
    await here.lan.sees("không tìm thấy ai tên “khanh”", "4 số cuối")


async def test_members_have_no_list_and_tampered_buttons_show_nothing(here: Village) -> None:
    await here.an.says("/thanhvien")
    await here.an.sees("không thuộc phần của anh/chị")
    ap2 = await unit_id(here, "ap2")
    for action in (Page(ap2, 0), Find(ap2), Add(ap2), Show(here.ut.id), Do(here.ut.id, "remove"), Lost(here.ut.id, 1)):
        for who in (here.an, here.tam):
            await post(who, action)
            assert "0999000008" not in await who.sees("không thuộc phần của anh/chị")
    assert await held(here, "ap2") == {"Võ Văn Hai": "head", "Lê Thị Út": "member"}


async def test_nobody_is_changed_upwards_or_beside(here: Village) -> None:
    await here.look("UPDATE posts SET role = 'deputy' WHERE person_id = :id", id=here.bay.id)
    await opens(here.bay, "Đoàn Văn Tâm")
    assert not any(label in choice for choice in here.bay.choices() for label in ("Cho rời", "Mất", "Sửa", "Đổi"))
    for action in (
        Do(here.tam.id, "remove"),
        Do(here.tam.id, "role"),
        Do(here.tam.id, "correct"),
        Lost(here.tam.id, 1),
    ):
        await post(here.bay, action)
        await here.bay.sees("chỉ cấp trên của họ mới sửa được")
    await post(here.tam, Do(here.tam.id, "role"))
    await here.tam.sees("chỉ cấp trên của họ")
    assert await here.look("SELECT COUNT(*) FROM audit") == [(0,)]


async def test_who_holds_a_higher_post_too_keeps_the_telephone_and_name(here: Village) -> None:
    tinh = await unit_id(here, "tinh")
    await here.store.run(lambda db: people.appoint(db, here.an.id, tinh, "admin", here.time[0]))
    await post(here.tam, Lost(here.an.id, 1))
    await here.tam.sees("chỉ cấp trên của họ")
    await post(here.tam, Do(here.an.id, "correct"))
    await here.tam.sees("chỉ cấp trên của họ")
    assert await here.look("SELECT COUNT(*) FROM identities WHERE person_id = :id", id=here.an.id) == [(1,)]


async def test_old_buttons_of_who_leads_no_more_are_refused_kindly(rich: Village) -> None:
    lan = rich.lan
    await lan.says("/thanhvien")
    await lan.presses("Tìm người")
    await lan.sees("tìm ai")
    await opens(lan, "Lê Thị Út")
    await lan.says("/thanhvien út")
    await lan.presses("Đổi vai trò")
    await lan.presses("tổ phó")
    await lan.sees("thành viên → tổ phó")
    await rich.look("UPDATE posts SET role = 'member' WHERE person_id = :id", id=lan.id)
    before = await rich.look("SELECT * FROM posts ORDER BY id")
    for label in ("✅", "Đổi vai trò", "Chuyển đơn vị", "Sửa tên, số", "Mất điện thoại", "Cho rời tổ", "Danh sách",
                  "Thêm người", "Tìm người", "Lê Thị Út (thành viên, Ấp 2)"):  # fmt: skip
        await lan.presses(label)
        said = await lan.sees("không thuộc phần của anh/chị ạ. Bấm Trợ giúp")
        assert "Út" not in said, label
    for said in ("/thanhvien", "/thanhvien 0008", "/thanhvien Nguyễn Thị Ba 0912345678 Ấp 3"):
        await lan.says(said)
        await lan.sees("không thuộc phần của anh/chị")
    assert await rich.look("SELECT * FROM posts ORDER BY id") == before
    assert await rich.look("SELECT COUNT(*) FROM audit") == [(0,)]


# Bringing in


async def test_somebody_new_gets_a_post_and_a_code(here: Village) -> None:
    await here.tam.says("/thanhvien")
    await here.tam.presses("Thêm người")
    await here.tam.sees("Câu 1/2", "họ tên")
    await here.tam.says("Huỳnh Thị Mới")
    await here.tam.sees("số điện thoại của Huỳnh Thị Mới")
    await here.tam.says("0912")
    await here.tam.sees("“0912” chưa giống số điện thoại", "10 chữ số")
    await here.tam.says("+84 912 345 678")
    await here.tam.sees("vai trò ở Ấp 1")
    assert not here.tam.offers_now("tổ trưởng"), "a head makes no second head"
    await here.tam.presses("thành viên")
    await here.tam.sees("Em thêm như vầy", "Huỳnh Thị Mới, ☎ 0912345678", "thành viên Ấp 1")
    await here.tam.presses("Lưu")
    await here.quiet()
    said = "\n".join(text_of(message) for message in here.tam.told[-3:])
    assert "em đã thêm Huỳnh Thị Mới" in said
    found = re.search(r"nhắn mã này: (\w{4}-\w{4})", said)
    assert found is not None
    assert (await held(here, "ap1"))["Huỳnh Thị Mới"] == "member"
    stranger = here.stranger()
    await stranger.starts(found[1])
    await stranger.presses("Đồng ý")
    await stranger.sees("em nhận ra rồi", "Huỳnh Thị Mới", "thành viên Ấp 1")


async def test_somebody_is_added_in_one_message(here: Village) -> None:
    await here.lan.says("/thanhvien Nguyễn Thị Ba 0912345678 Ấp 3")
    await here.lan.sees("Em thêm như vầy", "Nguyễn Thị Ba, ☎ 0912345678", "thành viên Ấp 3")
    assert not here.lan.told[-1].text[0].text.startswith("Câu"), "nothing is asked"
    await here.lan.presses("✅")
    await here.quiet()
    said = "\n".join(text_of(message) for message in here.lan.told[-3:])
    assert "em đã thêm Nguyễn Thị Ba" in said
    assert "✉️ Mời Nguyễn Thị Ba (Ấp 3)" in said
    assert await held(here, "ap3") == {"Nguyễn Thị Ba": "member"}
    await here.lan.says("/thanhvien nguyen thi ba 0912.345.678 ap 3")
    await here.lan.sees("Nguyễn Thị Ba đã có trong Ấp 3 rồi", "👤 Nguyễn Thị Ba", "thành viên Ấp 3")
    await here.tam.says("/thanhvien to pho tran van sau +84 913 456 789")  # who leads one team need not name it
    await here.tam.sees("Tran Van Sau, ☎ 0913456789", "tổ phó Ấp 1")
    await here.tam.presses("✅")
    await here.tam.sees("em đã thêm Tran Van Sau")
    assert (await held(here, "ap1"))["Tran Van Sau"] == "deputy"


async def test_only_what_is_unclear_in_one_message_is_asked(here: Village) -> None:
    await here.tam.says("/thanhvien Nguyễn Thị Ba 091234567, tổ trưởng ấp 9, hội phụ nữ")
    await here.tam.sees(
        "“091234567” chưa giống số điện thoại", "chưa hiểu “hội phụ nữ”", "số điện thoại của Nguyễn Thị Ba"
    )
    await here.tam.says("0912345678")
    await here.tam.sees("chưa thấy “ấp 9” trong các đơn vị anh/chị phụ trách")
    await here.tam.presses("Ấp 1")
    await here.tam.sees("vai trò tổ trưởng ở Ấp 1 phải do cấp trên ghi")
    await here.tam.presses("tổ phó")
    await here.tam.sees("Nguyễn Thị Ba, ☎ 0912345678", "tổ phó Ấp 1")


async def test_what_was_understood_can_be_changed(here: Village) -> None:
    await here.lan.says("/thanhvien Nguyễn Thị Ba 0912345678 Ấp 3")
    await here.lan.presses("Sửa")
    await here.lan.presses("Vai trò")
    await here.lan.sees("vai trò ở Ấp 3")
    await here.lan.presses("tổ phó")
    await here.lan.sees("tổ phó Ấp 3")
    await here.lan.presses("Quay lại")
    await here.lan.sees("vai trò ở Ấp 3")
    await here.lan.presses("Quay lại")
    await here.lan.sees("thêm vào đơn vị nào")
    await here.lan.presses("Ấp 2")
    await here.lan.sees("Nguyễn Thị Ba, ☎ 0912345678", "thành viên Ấp 2")
    await here.lan.presses("✅")
    await here.lan.sees("em đã thêm Nguyễn Thị Ba")
    assert (await held(here, "ap2"))["Nguyễn Thị Ba"] == "member"


async def test_one_message_about_somebody_who_is_known(here: Village) -> None:
    await here.lan.says("/thanhvien lê thị út 0999000008 ấp 1")
    await here.lan.sees("Lê Thị Út, ☎ 0999000008", "thành viên Ấp 1", "Đang là thành viên Ấp 2, vẫn giữ")
    await here.lan.says("/thanhvien Lê Thị Út 0912345678 ấp 2")
    await here.lan.sees("Ấp 2 đã có một người tên Lê Thị Út, ☎ 0999000008")
    await here.lan.says("/thanhvien Phạm Văn Năm 0999000008 ấp 2")
    await here.lan.sees("số 0999000008 đã có trong danh sách")
    await here.lan.says("/thanhvien Lê Văn Năm 0912345678 0987654321 ấp 2")
    await here.lan.sees("hai số: 0912345678 / 0987654321", "số điện thoại của Lê Văn Năm")
    await here.lan.says("/thanhvien Lê Văn Năm tổ phó")  # nobody is called so: somebody new
    await here.lan.sees("số điện thoại của Lê Văn Năm")
    await here.an.says("/thanhvien Lê Văn Năm 0912345678")
    await here.an.sees("không thuộc phần của anh/chị")


async def test_a_number_that_is_known_may_be_that_person_who_gets_a_second_post(here: Village) -> None:
    await here.tam.says("/thanhvien")
    await here.tam.presses("Thêm người")
    await here.tam.says("Út")
    await here.tam.says("0999000008")
    await here.tam.sees("số 0999000008 đã có trong danh sách")
    await here.tam.presses("Lê Thị Út")
    await here.tam.presses("tổ phó")
    await here.tam.sees("Em thêm như vầy", "Lê Thị Út", "tổ phó Ấp 1")
    await here.tam.presses("Lưu")
    await here.ut.sees("Đoàn Văn Tâm đã ghi anh/chị là tổ phó Ấp 1")
    assert (await held(here, "ap1"))["Lê Thị Út"] == "deputy"
    assert (await held(here, "ap2"))["Lê Thị Út"] == "member"
    assert await here.look("SELECT COUNT(*) FROM people WHERE phone = '0999000008'") == [(1,)]


async def test_two_may_share_a_number(here: Village) -> None:
    await here.tam.says("/thanhvien")
    await here.tam.presses("Thêm người")
    await here.tam.says("Nguyễn Văn Con")
    await here.tam.says("0999000005")
    await here.tam.presses("Người khác")
    await here.tam.presses("thành viên")
    await here.tam.presses("Lưu")
    await here.tam.sees("em đã thêm Nguyễn Văn Con")
    assert await here.look("SELECT COUNT(*) FROM people WHERE phone = '0999000005'") == [(2,)]


async def test_adding_is_taken_back(here: Village) -> None:
    await here.tam.says("/thanhvien")
    await here.tam.presses("Thêm người")
    await here.tam.says("Nguyễn Văn Nhầm")
    await here.tam.presses("Chưa có số") if here.tam.offers("Chưa có số") else await here.tam.says("Chưa có số")
    await here.tam.presses("thành viên")
    await here.tam.presses("Lưu")
    await here.tam.sees("em đã thêm Nguyễn Văn Nhầm")
    await here.tam.presses("Hoàn tác")
    await here.tam.sees("trả mọi thứ về như cũ")
    assert "Nguyễn Văn Nhầm" not in await held(here, "ap1")
    assert await here.look("SELECT COUNT(*) FROM invites WHERE used_at IS NULL AND void_at IS NULL") == [(0,)]


async def test_adding_is_not_taken_back_once_there_is_work(here: Village) -> None:
    await here.tam.says("/thanhvien")
    await here.tam.presses("Thêm người")
    await here.tam.says("Nguyễn Văn Mới")
    await here.tam.says("0912345678")
    await here.tam.presses("thành viên")
    await here.tam.presses("Lưu")
    await here.tam.sees("em đã thêm Nguyễn Văn Mới")
    await here.passes(minutes=1)
    await here.tam.says("/giaoviec")
    await here.tam.says("Quét sân")
    await here.tam.says("nguyễn văn mới")
    await here.tam.presses("Xong")
    await here.tam.says("27/11 17h")
    await here.tam.presses("Không cần")
    await here.tam.presses("Gửi")
    await here.tam.sees("em đã giao V-0001")
    await post(here.tam, Undo(1))
    await here.tam.sees("đã có thay đổi")
    assert (await held(here, "ap1"))["Nguyễn Văn Mới"] == "member"


# Roles


async def test_there_is_one_head_and_the_first_becomes_deputy(here: Village) -> None:
    await opens(here.lan, "Lê Thị Út")
    await here.lan.presses("Đổi vai trò")
    await here.lan.sees("vai trò ở Ấp 2")
    assert not here.lan.offers_now("thành viên"), "that is what she is"
    await here.lan.presses("tổ trưởng")
    await here.lan.sees("Ấp 2 đang có tổ trưởng là Võ Văn Hai", "Võ Văn Hai làm tổ phó phải không")
    assert await held(here, "ap2") == {"Võ Văn Hai": "head", "Lê Thị Út": "member"}
    await here.lan.presses("Đúng rồi")
    await here.lan.sees("thành viên → tổ trưởng", "Võ Văn Hai đang là tổ trưởng, sẽ làm tổ phó")
    await here.lan.presses("Lưu")
    await here.ut.sees("Nguyễn Thị Lan đã ghi anh/chị là tổ trưởng Ấp 2", "anh/chị giao việc, xem kết quả")
    await here.hai.sees("đã ghi anh/chị là tổ phó Ấp 2", "hỏi Nguyễn Thị Lan, ☎ 0999000003")
    await here.ut.presses("Đội của tôi")
    await here.ut.sees("👥 Ấp 2")
    assert await held(here, "ap2") == {"Lê Thị Út": "head", "Võ Văn Hai": "deputy"}
    await here.lan.presses("Hoàn tác")
    await here.lan.sees("trả mọi thứ về như cũ")
    assert await held(here, "ap2") == {"Võ Văn Hai": "head", "Lê Thị Út": "member"}


async def test_what_is_not_meant_asks_the_role_again(here: Village) -> None:
    await opens(here.lan, "Lê Thị Út")
    await here.lan.presses("Đổi vai trò")
    await here.lan.presses("tổ trưởng")
    await here.lan.presses("Nhập lại")
    await here.lan.sees("vai trò ở Ấp 2")
    await here.lan.presses("tổ phó")
    await here.lan.presses("Lưu")
    await here.lan.sees("em đã sửa cho Lê Thị Út")
    assert await held(here, "ap2") == {"Võ Văn Hai": "head", "Lê Thị Út": "deputy"}


async def test_rights_are_those_of_the_moment_of_the_press(here: Village) -> None:
    await opens(here.tam, "Nguyễn Văn An")
    await here.tam.presses("Đổi vai trò")
    await here.tam.sees("Em đổi như vầy") if not here.tam.offers_now("tổ phó") else await here.tam.presses("tổ phó")
    await here.tam.sees("Em đổi như vầy", "thành viên → tổ phó")
    await here.look("UPDATE posts SET role = 'member' WHERE person_id = :id", id=here.tam.id)
    await here.tam.presses("Lưu")
    await here.tam.sees("không thuộc phần của anh/chị")
    assert (await held(here, "ap1"))["Nguyễn Văn An"] == "member"


# Moving


async def test_who_moves_leaves_the_work_of_the_old_unit_to_somebody(here: Village) -> None:
    await give(here.lan)
    await opens(here.lan, "Võ Văn Hai")
    await here.lan.presses("Chuyển đơn vị")
    await here.lan.sees("chuyển về đơn vị nào")
    await here.lan.presses("Ấp 3")
    await here.lan.presses("thành viên")
    await here.lan.sees("Võ Văn Hai đang phụ trách 1 việc")
    await here.lan.presses("Lê Thị Út")
    await here.lan.sees("tổ trưởng Ấp 2 → thành viên Ấp 3", "1 việc đang làm giao cho Lê Thị Út")
    await here.lan.presses("Lưu")
    await here.ut.sees("Võ Văn Hai thôi nhiệm vụ, 1 việc đang làm nay do anh/chị phụ trách")
    said = await here.hai.sees("chuyển anh/chị về làm thành viên Ấp 3", "đã báo ở Ấp 2 vẫn giữ nguyên")
    assert "hỏi Nguyễn Thị Lan, ☎ 0999000003" in said, "nobody leads there yet"
    assert await held(here, "ap3") == {"Võ Văn Hai": "member"}
    rows = await here.look("SELECT person_id FROM assignments WHERE unit_id = :u", u=await unit_id(here, "ap2"))
    assert rows == [(here.ut.id,)]


async def test_who_moves_hears_who_leads_there_in_their_own_language(here: Village) -> None:
    await here.ut.says("/english")
    await opens(here.lan, "Lê Thị Út")
    await here.lan.presses("Chuyển đơn vị")
    await here.lan.presses("Ấp 1")
    await here.lan.presses("thành viên")
    await here.lan.presses("✅")
    said = await here.lan.sees("em đã sửa cho Lê Thị Út")
    assert "chưa nhắn tới" not in said
    await here.ut.sees("you are member of Ấp 1 now", "head there is Đoàn Văn Tâm, ☎ 0999000004", "in Ấp 2 stays there")


async def test_a_lead_hears_whom_the_word_did_not_reach(here: Village) -> None:
    await here.look("DELETE FROM identities WHERE person_id = :id", id=here.an.id)
    await opens(here.tam, "Nguyễn Văn An")
    await here.tam.presses("Đổi vai trò")
    await here.tam.sees("thành viên → tổ phó")
    await here.tam.presses("✅")
    await here.tam.sees("em đã sửa cho Nguyễn Văn An", "Em chưa nhắn tới Nguyễn Văn An được", "☎ 0999000005")


# Correcting


async def test_a_name_and_a_number_are_put_right(here: Village) -> None:
    await opens(here.tam, "Phạm Thị Bảy")
    await here.tam.presses("Sửa tên, số")
    await here.tam.presses("Họ tên")
    await here.tam.sees("đang ghi là “Phạm Thị Bảy”")
    await here.tam.says("Phạm Thị Bẩy")
    await here.tam.sees("em đã sửa cho Phạm Thị Bẩy")
    await here.bay.sees("thông tin của anh/chị vừa được sửa: Phạm Thị Bẩy")
    await here.tam.presses("Sửa tên, số")
    await here.tam.presses("Số điện thoại")
    await here.tam.says("0999000005")
    await here.tam.sees("số 0999000005 đang ghi cho Nguyễn Văn An", "dùng chung")
    await here.tam.presses("Nhập lại")
    await here.tam.says("0912 345 678")
    await here.tam.sees("em đã sửa", "0912345678")
    assert await here.look("SELECT name, phone FROM people WHERE id = :id", id=here.bay.id) == [
        ("Phạm Thị Bẩy", "0912345678")
    ]
    rows = await here.look("SELECT act, detail FROM audit WHERE object = :o ORDER BY id", o=f"person {here.bay.id}")
    assert rows == [("members.corrected", "name"), ("members.corrected", "phone")]


# Leaving


async def test_a_leaver_loses_access_at_once_and_stays_in_history(here: Village) -> None:
    await send(here.bay, "5")
    await here.bay.says("báo cáo")
    await here.bay.sees("Câu 1/3")
    await here.store.run(lambda db: invites.add(db, "K7MQ-2XHB", here.bay.id, here.time[0], here.time[0] + 10**9))
    await removes(here.tam, "Phạm Thị Bảy")
    await here.tam.sees("Phạm Thị Bảy sẽ rời tổ", "không còn vào bot được nữa", "vẫn mang tên Phạm Thị Bảy")
    await here.tam.presses("Cho rời tổ")
    await here.tam.sees("ghi nhận Phạm Thị Bảy rời tổ")
    last = await here.bay.sees("thôi nhiệm vụ ở Ấp 1", "dừng nhắn tin ở đây", "vẫn mang tên anh/chị")
    assert "hỏi Đoàn Văn Tâm, ☎ 0999000004" in last
    assert await here.look("SELECT COUNT(*) FROM drafts WHERE chat = :c", c=here.bay.chat) == [(0,)]
    assert await here.look("SELECT COUNT(*) FROM invites WHERE used_at IS NULL AND void_at IS NULL") == [(0,)]
    assert await here.look("SELECT left_at FROM people WHERE id = :id", id=here.bay.id) == [(here.time[0],)]
    await here.bay.says("12")
    await here.bay.sees("Phạm Thị Bảy không còn trong tổ nào", "dữ liệu của mình")
    await here.tam.says("B-0001")
    await here.tam.sees("B-0001", "Phạm Thị Bảy")
    await here.bay.says("/viec")
    assert "V-" not in await here.bay.sees("")
    await here.turns_to("2026-12-01 09:00")
    await here.tam.says("/tuan 1")
    await here.tam.sees("Phạm Thị Bảy")
    await here.bay.shares_number("0999000006")
    await here.bay.presses("Đồng ý")
    await here.bay.says("/viec")
    await here.bay.sees("không còn trong tổ nào")


async def test_the_last_word_waits_for_the_morning_and_comes_though_the_chat_is_let_go(here: Village) -> None:
    await here.look("UPDATE people SET restricted_at = 1 WHERE id = :id", id=here.bay.id)
    await here.turns_to("2026-11-23 22:00")
    await removes(here.tam, "Phạm Thị Bảy")
    await here.tam.presses("Cho rời tổ")
    await here.tam.sees("ghi nhận Phạm Thị Bảy rời tổ")
    await here.bay.sees_nothing_new()
    await here.turns_to("2026-11-24 06:31")
    await here.bay.sees("thôi nhiệm vụ ở Ấp 1", "Đoàn Văn Tâm")
    await here.bay.reads()
    await here.turns_to("2026-11-27 16:01")
    await here.bay.sees_nothing_new()


async def test_who_is_no_lead_any_more_looks_after_nothing_given(here: Village) -> None:
    await give(here.lan)
    await opens(here.hue, "Nguyễn Thị Lan")
    await here.hue.presses("Đổi vai trò")
    await here.hue.presses("thành viên")
    await here.hue.presses("Lưu")
    await here.hue.sees("em đã sửa cho Nguyễn Thị Lan")
    await here.tam.says("xong V-0001")
    await here.hue.sees("Đoàn Văn Tâm (Ấp 1) báo xong V-0001")
    await here.hue.presses("Nhận kết quả")
    await here.tam.sees("đã nhận kết quả V-0001")


async def test_what_a_leaver_had_to_do_is_handed_to_somebody_in_the_same_breath(here: Village) -> None:
    await give(here.lan)
    await here.tam.presses("Đã nhận")
    await removes(here.lan, "Đoàn Văn Tâm")
    await here.lan.sees("Đoàn Văn Tâm đang phụ trách 1 việc", "Ai làm tiếp")
    assert here.lan.choices()[0].startswith("Nguyễn Văn An"), "of the team first"
    await here.lan.says("phạm thị bảy")
    await here.lan.sees("1 việc đang làm giao cho Phạm Thị Bảy")
    await here.lan.presses("Cho rời tổ")
    await here.bay.sees("Đoàn Văn Tâm thôi nhiệm vụ, 1 việc đang làm nay do anh/chị phụ trách")
    await here.bay.presses("V-0001")
    await here.bay.sees("V-0001", "Người giao: Nguyễn Thị Lan", "🔄 Đang làm")
    await here.lan.says("V-0001")
    await here.lan.presses("Chi tiết")
    await here.lan.sees("Ấp 1 – Phạm Thị Bảy")


async def test_a_leader_s_reviews_go_to_whoever_may_judge(here: Village) -> None:
    await give(here.lan)
    await here.tam.presses("Xong")
    await removes(here.hue, "Nguyễn Thị Lan")
    await here.hue.sees("Nguyễn Thị Lan sẽ rời tổ")
    await here.hue.presses("Cho rời tổ")
    await here.hue.sees("rời tổ")
    assert await here.look("SELECT giver_id FROM tasks") == [(here.hue.id,)]
    await here.hue.says("V-0001")
    await here.hue.presses("Ấp 1")
    await here.hue.presses("Nhận kết quả")
    await here.tam.sees("Trần Thị Huệ đã nhận kết quả V-0001")


async def test_the_last_of_two_posts_is_what_makes_a_leaver(here: Village) -> None:
    ap2 = await unit_id(here, "ap2")
    await here.store.run(lambda db: people.appoint(db, here.bay.id, ap2, "member", here.time[0]))
    await removes(here.lan, "Phạm Thị Bảy")
    await here.lan.sees("giữ mấy chức danh")
    await here.lan.presses("thành viên Ấp 1")
    await here.lan.sees("vẫn giữ chức danh khác")
    await here.lan.presses("Cho rời tổ")
    await here.bay.sees("thôi nhiệm vụ ở Ấp 1 (thành viên)", "vẫn là thành viên Ấp 2")
    await here.bay.says("/ketqua")
    await here.bay.sees("")
    assert await here.look("SELECT left_at FROM people WHERE id = :id", id=here.bay.id) == [(None,)]


async def test_a_removal_is_taken_back_with_chat_and_work(here: Village) -> None:
    await give(here.lan)
    await removes(here.lan, "Võ Văn Hai")
    await here.lan.presses("Lê Thị Út")
    await here.lan.presses("Cho rời tổ")
    await here.lan.sees("ghi nhận Võ Văn Hai rời tổ")
    await here.lan.presses("Hoàn tác")
    await here.lan.sees("trả mọi thứ về như cũ")
    await here.hai.sees("Nguyễn Thị Lan đã hoàn tác")
    await here.hai.says("V-0001")
    await here.hai.sees("V-0001", "Treo pano")
    assert await held(here, "ap2") == {"Võ Văn Hai": "head", "Lê Thị Út": "member"}


async def test_it_is_not_taken_back_once_something_happened_or_late_or_by_another(here: Village) -> None:
    await give(here.lan)
    await removes(here.lan, "Võ Văn Hai")
    await here.lan.presses("Lê Thị Út")
    await here.lan.presses("Cho rời tổ")
    await here.lan.sees("rời tổ")
    await post(here.tam, Undo(1))
    await here.tam.sees("không thuộc phần của anh/chị")
    await here.ut.says("xong V-0001")
    await here.ut.sees("đã báo là xong")
    await post(here.lan, Undo(1))
    await here.lan.sees("đã có thay đổi nên em không hoàn tác được")
    await here.passes(minutes=11)
    await post(here.lan, Undo(1))
    await here.lan.sees("đã quá 10 phút")
    await here.turns_to("2026-11-24 03:15")
    assert await here.look("SELECT COUNT(*) FROM handed WHERE kind = 'chat'") == [(0,)]


# A lost telephone


async def test_a_lost_telephone_is_unlinked_and_a_new_code_brings_its_owner_back(here: Village) -> None:
    await give(here.lan)
    await opens(here.lan, "Võ Văn Hai")
    await here.lan.presses("Mất điện thoại")
    await here.lan.sees("gỡ máy cũ ra và làm mã mới")
    await here.lan.presses("Đúng, gỡ máy cũ")
    letter = await here.lan.sees("✉️ Mời Võ Văn Hai (Ấp 2)")
    found = re.search(r"nhắn mã này: (\w{4}-\w{4})", letter)
    assert found is not None
    await here.hai.says("V-0001")
    assert "Treo pano" not in await here.hai.sees("đồng ý không ạ")
    again = here.stranger()
    await again.starts(found[1])
    await again.presses("Đồng ý")
    await again.sees("Còn một bước nữa", "Nguyễn Thị Lan")  # a head comes in by nobody's code alone
    await here.lan.presses("Đúng người này")
    await again.sees("📵 Máy cũ của anh/chị đã được gỡ ra", "Nguyễn Thị Lan bấm giùm", "☎ 0999000003")
    await again.sees("Đang chờ anh/chị", "1 việc chờ anh/chị làm")
    assert not any("📵" in text_of(message) for message in here.hai.told), "not on the lost one"
    await again.says("V-0001")
    await again.sees("Treo pano")


async def test_a_member_hears_of_the_lost_telephone_on_the_new_one_once(here: Village) -> None:
    await opens(here.tam, "Nguyễn Văn An")
    await here.tam.presses("Mất điện thoại")
    await here.tam.presses("Đúng, gỡ máy cũ")
    found = re.search(r"nhắn mã này: (\w{4}-\w{4})", await here.tam.sees("✉️ Mời Nguyễn Văn An"))
    assert found is not None
    again = here.stranger()
    await again.starts(found[1])
    await again.presses("Đồng ý")
    await again.sees("em nhận ra rồi: Nguyễn Văn An", "📵 Máy cũ", "Đoàn Văn Tâm bấm giùm")
    other = here.stranger("p9002")
    await here.store.run(lambda db: invites.add(db, "K7MQ-2XHB", here.an.id, here.time[0], here.time[0] + 10**9))
    await other.starts("K7MQ-2XHB")
    await other.presses("Đồng ý")
    assert "📵" not in await other.sees("em nhận ra rồi: Nguyễn Văn An")


async def test_a_telephone_is_not_lost_after_all(here: Village) -> None:
    await opens(here.tam, "Nguyễn Văn An")
    await here.tam.presses("Mất điện thoại")
    await here.tam.presses("Không")
    await here.tam.sees("👤 Nguyễn Văn An")
    assert await here.look("SELECT COUNT(*) FROM identities WHERE person_id = :id", id=here.an.id) == [(1,)]


async def test_in_english(here: Village) -> None:
    await here.tam.says("/english")
    await here.tam.says("/thanhvien")
    await here.tam.sees("Ấp 1 (people: 3)")
    await here.tam.presses("Phạm Thị Bảy")
    await here.tam.presses("Remove")
    await here.tam.sees("Phạm Thị Bảy will leave (member, Ấp 1)")


@pytest.mark.parametrize("name", ["quan", "hue"])
async def test_administrators_and_districts_look_after_all_below(here: Village, name: str) -> None:
    who = here.people[name]
    await who.says("/thanhvien")
    await who.presses("Tìm người")
    await who.says("tâm")
    await who.sees("👤 Đoàn Văn Tâm", "tổ trưởng Ấp 1")
    assert who.offers_now("Cho rời tổ")
