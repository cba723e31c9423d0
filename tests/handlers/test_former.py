"""Who left sees, takes along and has erased what is kept of them, in the chat they had; nothing else opens there."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from bot.chat.action import Action
from bot.chat.message import Press
from handlers.members.actions import Lost
from storage import invites, people
from tests.handlers.test_members import post, removes
from tests.handlers.test_reports import send
from tests.handlers.test_tasks import give
from tests.rig import Someone, Village

LEFT = "Phạm Thị Bảy không còn trong tổ nào"
OWN = {"Show", "Download", "Ask", "Erase"}


async def leaves(here: Village) -> Someone:
    """Bảy, who reported something, is let go."""
    await send(here.bay, "5")
    await removes(here.tam, "Phạm Thị Bảy")
    await here.tam.presses("Cho rời tổ", within="sẽ rời tổ")
    await here.bay.sees("thôi nhiệm vụ ở Ấp 1")
    return here.bay


async def test_what_is_kept_is_seen_and_taken_along(here: Village) -> None:
    bay = await leaves(here)
    await bay.says("xin chào")
    await bay.sees(LEFT, "vẫn xem, tải hay xóa được dữ liệu")
    await bay.presses("Dữ liệu của tôi")
    await bay.sees("Dữ liệu của anh/chị", "Phạm Thị Bảy", "1 báo cáo", "không còn trong tổ nào")
    assert not bay.offers_now("Hạn chế")
    await bay.presses("Tải")
    await bay.sees("Bản cho máy đọc")
    assert [file.name[-5:] for message in bay.told for file in message.files] == [".html", ".json"]


async def test_an_administrator_answers_and_the_answer_arrives(here: Village) -> None:
    bay = await leaves(here)
    await bay.says("/dulieu")
    await bay.presses("Hỏi")
    await bay.says("ai còn xem được số của tôi?")
    await bay.sees("Y-0001")
    await here.quan.says("/yeucau 1 chỉ quản trị thôi chị")
    await here.quan.reads()
    await bay.sees("chỉ quản trị thôi chị")


async def test_erased_at_once_and_the_chat_is_a_stranger_s(here: Village) -> None:
    bay = await leaves(here)
    await bay.says("/dulieu")
    for label in ("Xóa dữ liệu", "Tôi muốn xóa", "Xóa thật"):
        await bay.presses(label)
    await bay.reads()
    assert await here.look("SELECT name FROM people WHERE id = :id", id=bay.id) == [(f"Người đã xóa {bay.id:04d}",)]
    assert await here.look("SELECT COUNT(*) FROM identities WHERE person_id = :id", id=bay.id) == [(0,)]
    assert await here.look("SELECT count FROM report_items") == [(5,)]
    await bay.says("/dulieu")
    await bay.sees("đồng ý không ạ")


async def test_leaving_for_good_closes_the_last_door(here: Village) -> None:
    bay = await leaves(here)
    await bay.says("/dung")
    await bay.presses("Ngưng")
    await bay.reads()
    await bay.says("/dulieu")
    await bay.sees("đồng ý không ạ")


async def test_nothing_else_opens(here: Village) -> None:
    await give(here.lan)
    bay = await leaves(here)
    routes = here.app.around.routes
    for command in [c.word for c in routes.commands.values() if not c.open and not c.left]:
        await bay.says(f"/{command}")
        await bay.sees(LEFT)
    for said in ("V-0001", "B-0001", "bao cao", "Đội của tôi", "12", "tổ trưởng"):
        await bay.says(said)
        await bay.sees(LEFT)
    await bay.says("/help")
    helped = await bay.sees("em giúp được mấy việc này")
    assert "/dulieu" in helped
    assert "/viec" not in helped
    for action, (_, open, left, feature) in routes.actions.items():
        if not open:
            assert left is (feature == "mydata" and action.__name__ in OWN), action
    assert [name for name, dialog in routes.dialogs.items() if dialog.left] == ["mydata.ask"]
    assert await here.look("SELECT COUNT(*) FROM surprises") == [(0,)]


async def test_every_old_button_is_refused_kindly(rich: Village) -> None:
    """Whatever a button carries that was shown before, or that somebody makes up."""
    bay = await leaves(rich)
    for action, (_, open, left, _) in rich.app.around.routes.actions.items():
        if not open and not left:
            await bay.does(press=Press(_made_up(action), "1"))
            await bay.sees(LEFT)
    assert await rich.look("SELECT COUNT(*) FROM surprises") == [(0,)]


def _made_up(action: type[Action]) -> str:
    made: Any = action
    return str(made(*(1 if field.type == "int" else "1" for field in fields(made))).pack())


async def test_nobody_else_s_word_reaches_them(here: Village) -> None:
    bay = await leaves(here)
    await bay.reads()
    await here.quan.says("/thongbao")
    await here.quan.says("ap 1")
    await here.quan.says("Họp lúc 8h")
    await here.quan.presses("Gửi")
    await here.an.sees("Họp lúc 8h")
    await here.turns_to("2026-11-24 17:00")
    await bay.sees_nothing_new()


@pytest.mark.parametrize("role", ["member", "head"])
async def test_who_comes_back_comes_in_anew(here: Village, role: str) -> None:
    """The chat may be another's by then: a new code opens it, not the post."""
    bay = await leaves(here)
    ((unit,),) = await here.look("SELECT id FROM units WHERE name = 'Ấp 3'")
    await here.store.run(lambda db: people.appoint(db, bay.id, int(str(unit)), role, here.time[0]))
    await bay.says("/viec")
    await bay.sees("đồng ý không ạ")
    if role == "member":
        await here.store.run(lambda db: invites.add(db, "K7MQ-2XHB", bay.id, here.time[0], here.time[0] + 10**9))
        await bay.says("K7MQ-2XHB")
        await bay.presses("Đồng ý")
        await bay.sees("Phạm Thị Bảy")
        await bay.says("/viec")
        await bay.sees("không còn việc nào")


async def test_a_lost_telephone_stays_unlinked_also_after_leaving(here: Village) -> None:
    await post(here.tam, Lost(here.bay.id, 1))
    await removes(here.tam, "Phạm Thị Bảy")
    await here.tam.presses("Cho rời tổ", within="sẽ rời tổ")
    await here.bay.says("/dulieu")
    await here.bay.sees("đồng ý không ạ")


async def test_a_telephone_lost_after_leaving_is_found_by_name_and_let_go(here: Village) -> None:
    bay = await leaves(here)
    await here.tam.sees("Máy của Phạm Thị Bảy chỉ còn xem, tải, xóa được dữ liệu riêng")
    await here.lan.says("/thanhvien bay")
    await here.lan.presses("Mất điện thoại", within="không còn trong tổ")
    await here.lan.sees("đã rời tổ, nay mất điện thoại phải không ạ?")
    await here.lan.presses("Không", within="đã rời tổ")
    await here.lan.says("/thanhvien 0999000006")
    await here.lan.presses("Mất điện thoại", within="không còn trong tổ")
    await here.lan.presses("Đúng, gỡ máy cũ")
    await here.lan.sees("máy của Phạm Thị Bảy không vào được nữa", "nhờ quản trị giúp")
    assert await here.look("SELECT COUNT(*) FROM invites") == [(0,)], "nobody who left is invited"
    await bay.says("/dulieu")
    await bay.sees("đồng ý không ạ")
    await here.quan.says("/nhatky Bảy")
    await here.quan.sees("Nguyễn Thị Lan", "gỡ máy bị mất của Phạm Thị Bảy")
    await here.lan.says("/thanhvien bay")
    await here.lan.sees("không tìm thấy")


async def test_nobody_beside_or_below_lets_it_go_or_finds_them(here: Village) -> None:
    bay = await leaves(here)
    for who in (here.an, here.hai, here.bay):
        await post(who, Lost(bay.id, 1))
        await who.reads()
    assert await here.look("SELECT COUNT(*) FROM identities WHERE person_id = :id", id=bay.id) == [(1,)]
    await here.hai.says("/thanhvien bay")
    await here.hai.sees("không tìm thấy")
    await bay.says("/dulieu")
    await bay.sees("Dữ liệu của anh/chị")


async def test_somebody_of_the_team_is_meant_before_who_left(here: Village) -> None:
    bay = await leaves(here)
    await here.store.run(lambda db: people.correct(db, here.an.id, name="Phạm Thị Bảy Em", phone="0999000001"))
    await here.tam.says("/thanhvien bay")
    await here.tam.sees("👤 Phạm Thị Bảy Em")
    await here.tam.says("/thanhvien phạm thị bảy")
    await here.tam.presses("Phạm Thị Bảy (Ấp 1, Xã Đại Điền, đã rời tổ)")
    await here.tam.sees("Phạm Thị Bảy không còn trong tổ", "Mất điện thoại")
    assert bay.id


async def test_undoing_brings_them_back_as_they_were(here: Village) -> None:
    bay = await leaves(here)
    await here.tam.presses("Hoàn tác")
    await here.tam.reads()
    await bay.says("/viec")
    await bay.sees("không còn việc nào")
