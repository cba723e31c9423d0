"""My team: who reported, who has not joined, nudging, and the invitation that brings somebody in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.chat.action import Action
from bot.chat.message import Press
from handlers.team.board import Board, ForGroup, Waiting
from handlers.team.week import Nudge
from storage import people
from tests.handlers.test_reports import send
from tests.rig import Someone, Village, text_of, village


async def unit_id(here: Village, code: str) -> int:
    ((found,),) = await here.look("SELECT id FROM units WHERE code = :code", code=code)
    assert isinstance(found, int)
    return found


async def post(who: Someone, action: Action) -> None:
    await who.does(press=Press(action.pack(), "0"))


async def code_for(lead: Someone, name: str) -> str:
    """The code that /moi gives for a person."""
    await lead.says("/moi")
    await lead.sees("mời ai vào")
    await lead.says(name)
    await lead.village.quiet()
    if lead.offers_now("Làm mã mới"):
        await lead.presses("Làm mã mới")
    found = re.search(r"nhắn mã này: (\w{4}-\w{4})", await lead.sees("✉️ Mời"))
    assert found is not None
    return found[1]


async def test_a_hamlet_head_sees_each_member(here: Village) -> None:
    await send(here.an, "5")
    await here.tam.says("doi cua toi")
    text = await here.tam.sees("👥 Ấp 1, tuần 23/11 – 29/11")
    assert text.split("\n")[1] == "Đã báo cáo: 1/2. Chưa: Phạm Thị Bảy.", "the sentence comes first"
    assert "✅ Nguyễn Văn An: 1 báo cáo" in text
    assert "▫️ Phạm Thị Bảy: 0 báo cáo" in text
    assert "Ấp 2" not in text


async def test_a_commune_lead_sees_each_hamlet(here: Village) -> None:
    await send(here.an, "5")
    await send(here.ut, "6")
    await here.lan.says("/doi")
    text = await here.lan.sees("👥 Xã Đại Điền")
    assert text.split("\n")[1] == "Đã báo cáo: 2/3. Chưa: Ấp 3."
    assert "✅ Ấp 1: 1 báo cáo · vào bot 3/3 · Đoàn Văn Tâm" in text
    assert "▫️ Ấp 3: 0 báo cáo · vào bot 0/0 · chưa có tổ trưởng" in text
    assert "Mỹ An" not in text


async def test_all_reported_leaves_nobody_to_remind(here: Village) -> None:
    await send(here.an, "5")
    await send(here.bay, "6")
    await here.tam.says("/doi")
    await here.tam.sees("Đã báo cáo: 2/2", "Đủ hết rồi")
    assert not here.tam.offers_now("Nhắc ai chưa báo cáo")
    await post(here.tam, Nudge(await unit_id(here, "ap1")))
    await here.tam.sees("không cần nhắc ai")


async def test_only_the_silent_are_reminded_privately_and_once_a_day(here: Village) -> None:
    await send(here.an, "5")
    await here.lan.says("/doi")
    await here.lan.presses("Nhắc ai chưa báo cáo")
    await here.lan.sees("em đã nhắc riêng 1 người", "Em nhắn không tới", "• Ấp 3: chưa có ai trong danh sách")
    await here.hai.sees("em chưa thấy báo cáo của Ấp 2. Anh/chị")
    await here.quiet()
    assert not any("chưa thấy báo cáo" in text_of(m) for m in (*here.tam.told, *here.ut.told))
    await post(here.lan, Nudge(await unit_id(here, "xa")))
    await here.lan.sees("hôm nay em đã nhắc rồi")
    await here.turns_to("2026-11-24 09:00")
    await post(here.lan, Nudge(await unit_id(here, "xa")))
    await here.lan.sees("em đã nhắc riêng 1 người")


async def test_the_reminder_has_the_button_that_does_it(here: Village) -> None:
    await here.lan.says("/doi")
    await here.lan.presses("Nhắc ai chưa báo cáo")
    await here.hai.presses("Không có hoạt động")
    await here.hai.sees("Em ghi như vầy", "Không có hoạt động")
    await here.hai.presses("Gửi")
    await here.hai.sees("em ghi nhận B-0001")
    await here.tam.presses("Báo cáo")
    await here.tam.sees("Câu 1/3")


async def test_a_member_is_reminded_of_their_own_report(here: Village) -> None:
    await send(here.an, "5")
    await here.tam.says("/doi")
    await here.tam.presses("Nhắc ai chưa báo cáo")
    assert await here.tam.sees("em đã nhắc riêng") == "Dạ, em đã nhắc riêng 1 người."
    await here.bay.sees("em chưa thấy báo cáo của anh/chị ở Ấp 1")
    await here.quiet()
    assert not any("chưa thấy báo cáo" in text_of(message) for message in here.an.told)
    await here.bay.says("Không có hoạt động")
    await here.bay.sees("Em ghi như vầy", "Không có hoạt động")


async def test_who_is_not_reached_by_a_reminder_is_named_with_the_number(here: Village) -> None:
    await here.look("DELETE FROM identities WHERE person_id = :id", id=here.hai.id)
    await here.look("UPDATE identities SET unreachable_at = 1 WHERE person_id = :id", id=here.bay.id)
    await here.lan.says("/doi")
    await here.lan.presses("Nhắc ai chưa báo cáo")
    await here.lan.sees("đã nhắc riêng 1 người", "• Võ Văn Hai (Ấp 2) 0999000007")
    await here.tam.says("/doi")
    await here.tam.presses("Nhắc ai chưa báo cáo")
    await here.tam.sees("đã nhắc riêng 1 người", "• Phạm Thị Bảy (Ấp 1) 0999000006")


async def test_a_hamlet_without_a_head_is_reminded_through_a_member(here: Village) -> None:
    await here.look("UPDATE posts SET until = 1 WHERE person_id = :id", id=here.hai.id)
    await here.lan.says("/doi")
    await here.lan.sees("Ấp 2: 0 báo cáo · vào bot 1/1 · chưa có tổ trưởng")
    await here.lan.presses("Nhắc ai chưa báo cáo")
    await here.lan.sees("đã nhắc riêng 2 người")
    await here.ut.sees("em chưa thấy báo cáo của Ấp 2")


async def test_a_district_lead_and_the_administrator_see_what_is_below_them(here: Village) -> None:
    await send(here.an, "5")
    await here.hue.says("/doi")
    text = await here.hue.sees("👥 Huyện Thạnh Phú", "Đã báo cáo: 1/2. Chưa: Xã Mỹ An.")
    assert "✅ Xã Đại Điền: 1 báo cáo · vào bot 6/6 · Nguyễn Thị Lan" in text
    await here.quan.says("/doi")
    await here.quan.sees("👥 Tỉnh Bến Tre", "Đã báo cáo: 1/1. Đủ hết rồi ạ!")
    await here.hue.presses("Nhắc ai chưa báo cáo")
    await here.dung.sees("em chưa thấy báo cáo của Xã Mỹ An")
    await here.quan.reads()
    await post(here.quan, Nudge(await unit_id(here, "tinh")))
    await here.quan.sees("không thuộc phần của anh/chị")


async def test_somebody_with_two_posts_is_one_person(here: Village) -> None:
    xa = await unit_id(here, "xa")
    await here.store.run(lambda db: people.appoint(db, here.bay.id, xa, "deputy", here.time[0]))
    await here.look("DELETE FROM identities WHERE person_id = :id", id=here.bay.id)
    await here.hue.says("/doi")
    await here.hue.sees("Xã Đại Điền: 0 báo cáo · vào bot 5/6")
    await here.hue.presses("Ai chưa vào bot")
    assert (await here.hue.sees("Chưa vào bot (1)")).count("0999000006") == 1


async def test_a_head_who_is_alone_is_told_so(here: Village) -> None:
    await here.look("UPDATE posts SET until = 1 WHERE person_id = :id", id=here.ut.id)
    await here.hai.says("/doi")
    await here.hai.sees("👥 Ấp 2", "tổ mình chưa có ai khác")
    assert not here.hai.offers_now("Nhắc ai chưa báo cáo")


async def test_the_team_in_english(here: Village) -> None:
    await here.lan.says("/english")
    await here.hai.says("/english")
    await here.lan.says("/doi")
    await here.lan.sees("week 23/11 – 29/11", "Reported: 0/3. Not yet: Ấp 1, Ấp 2, Ấp 3.", "no head yet")
    await here.lan.presses("Remind the rest")
    await here.lan.sees("Reminded privately: 2.", "• Ấp 3: nobody on the roster yet")
    await here.hai.sees("There is no report of Ấp 2 this week.")
    await here.hai.presses("Nothing was done")
    await here.hai.sees("No activity")


async def test_members_have_no_team_to_look_at(here: Village) -> None:
    for said in ("/doi", "doi cua toi"):
        await here.an.says(said)
        await here.an.sees("không thuộc phần của anh/chị")


async def test_the_silent_are_not_woken(here: Village) -> None:
    await here.turns_to("2026-11-23 21:30")
    await here.lan.says("/doi")
    await here.lan.presses("Nhắc ai chưa báo cáo")
    await here.lan.sees("đang giờ nghỉ nên em sẽ nhắc riêng 2 người lúc 06:30 thứ Ba 24/11")
    assert here.hai.told == []
    await here.turns_to("2026-11-24 06:30")
    await here.hai.sees("em chưa thấy báo cáo của Ấp 2")


async def test_who_has_not_joined_with_the_numbers_to_call(here: Village) -> None:
    await here.look("DELETE FROM identities WHERE person_id IN (:one, :two)", one=here.bay.id, two=here.ut.id)
    await here.look("UPDATE people SET phone = '' WHERE id = :id", id=here.ut.id)
    await here.lan.says("/doi")
    assert "vào bot 2/3" in await here.lan.sees("👥 Xã Đại Điền")
    await here.lan.presses("Ai chưa vào bot")
    text = await here.lan.sees("Chưa vào bot (2)")
    assert "• Phạm Thị Bảy (Ấp 1) 0999000006" in text
    assert "• Lê Thị Út (Ấp 2) chưa có số" in text
    await here.tam.says("/doi")
    assert "Phạm Thị Bảy: 0 báo cáo · chưa vào bot" in await here.tam.sees("👥 Ấp 1")
    await here.tam.presses("Ai chưa vào bot")
    assert "Út" not in await here.tam.sees("Chưa vào bot (1)")
    await here.dung.says("/doi")
    await here.dung.presses("Ai chưa vào bot")
    await here.dung.sees("mọi người đều đã vào bot rồi")


async def test_who_cannot_be_reached_is_shown_so(here: Village) -> None:
    await here.look("UPDATE identities SET unreachable_at = 1 WHERE person_id = :id", id=here.bay.id)
    await here.tam.says("/doi")
    await here.tam.sees("Phạm Thị Bảy: 0 báo cáo · em nhắn không tới")


@pytest.mark.parametrize("name", ["an", "hai", "dung"])
async def test_other_units_are_not_seen_by_tampered_buttons(here: Village, name: str) -> None:
    await here.look("DELETE FROM identities WHERE person_id = :id", id=here.bay.id)
    who = here.people[name]
    for code in ("ap1", "xa", "tinh"):
        unit = await unit_id(here, code)
        for action in (Waiting(unit, 0), Board(unit, 0), ForGroup(unit), Nudge(unit)):
            await post(who, action)
            assert "0999000006" not in await who.sees("không thuộc phần của anh/chị")
    await here.quiet()
    assert not any("chưa thấy báo cáo" in text_of(message) for message in here.tam.told)


async def test_a_head_who_is_a_member_elsewhere_watches_only_their_own(here: Village) -> None:
    await here.look("DELETE FROM identities WHERE person_id = :id", id=here.ut.id)
    xa = await unit_id(here, "xa")
    await here.store.run(lambda db: people.appoint(db, here.tam.id, xa, "member", here.time[0]))
    await post(here.tam, Waiting(xa, 0))
    assert "Út" not in await here.tam.sees("không thuộc phần của anh/chị")


# Invitations


async def test_an_invitation_brings_in_the_right_person(here: Village) -> None:
    await here.look("DELETE FROM identities WHERE person_id = :id", id=here.bay.id)
    code = await code_for(here.tam, "bay")
    letter, aside = [text_of(message) for message in here.tam.told[-2:]]
    assert letter == (
        "✉️ Mời Phạm Thị Bảy (Ấp 1) vào Ấp Số.\n"
        f"Anh/chị mở Ấp Số rồi nhắn mã này: {code}\n"
        "Mã dùng một lần, tới thứ Tư 23/12."
    ), "as it may be forwarded"
    assert "chuyển tin ở trên cho Phạm Thị Bảy" in aside
    stranger = here.stranger()
    await stranger.starts(code)
    await stranger.presses("Đồng ý")
    await stranger.sees("em nhận ra rồi", "Phạm Thị Bảy", "thành viên Ấp 1")


async def test_a_new_code_voids_the_older_one(here: Village) -> None:
    await here.look("DELETE FROM identities WHERE person_id = :id", id=here.bay.id)
    old = await code_for(here.tam, "bay")
    new = await code_for(here.lan, "bay")
    assert old != new
    stranger = here.stranger()
    await stranger.starts(old)
    await stranger.presses("Đồng ý")
    await here.quiet()
    assert await here.look("SELECT COUNT(*) FROM identities WHERE person_id = :id", id=here.bay.id) == [(0,)]
    await stranger.says(new)
    await stranger.sees("em nhận ra rồi", "Phạm Thị Bảy")
    other = here.stranger("p9002")
    await other.starts(new)
    await other.presses("Đồng ý")
    await here.quiet()
    assert await here.look("SELECT chat FROM identities WHERE person_id = :id", id=here.bay.id) == [("p9001",)]


async def test_those_not_joined_are_offered_first(here: Village) -> None:
    await here.look("DELETE FROM identities WHERE person_id = :id", id=here.ut.id)
    await here.lan.says("/moi")
    await here.lan.sees("mời ai vào")
    assert here.lan.choices()[1] == "Lê Thị Út (Ấp 2)", "after the sheet for all of them"


async def test_nobody_is_invited_upwards_or_beside(here: Village) -> None:
    await here.look("UPDATE posts SET role = 'deputy' WHERE person_id = :id", id=here.bay.id)
    await here.bay.says("/moi")
    await here.bay.sees("mời ai vào")
    await here.bay.says("doan van tam")
    await here.bay.sees("không thấy “doan van tam” trong danh sách")
    await here.tam.says("/moi")
    await here.tam.says("vo van hai")
    await here.tam.sees("không thấy “vo van hai” trong danh sách")
    assert await here.look("SELECT COUNT(*) FROM invites") == [(0,)]


async def test_who_holds_a_higher_post_too_is_not_invited_from_below(here: Village) -> None:
    tinh = await unit_id(here, "tinh")
    await here.store.run(lambda db: people.appoint(db, here.an.id, tinh, "admin", here.time[0]))
    await here.tam.says("/moi")
    await here.tam.sees("mời ai vào")
    await here.tam.says("van an")
    await here.tam.sees("chỉ đưa cho cấp trên của họ thôi")
    assert await here.look("SELECT COUNT(*) FROM invites") == [(0,)]


async def test_an_invitation_is_on_record_without_the_code(here: Village) -> None:
    code = await code_for(here.tam, "van an")
    assert await here.look("SELECT person_id, act, object, detail FROM audit") == [
        (here.tam.id, "team.invited", f"person {here.an.id}", "")
    ]
    assert await here.look("SELECT COUNT(*) FROM invites WHERE hash LIKE :code", code=f"%{code}%") == [(0,)]


async def test_members_invite_nobody(here: Village) -> None:
    await here.an.says("/moi")
    await here.an.sees("không thuộc phần của anh/chị")


@pytest.mark.parametrize("plain", [False, True])
async def test_a_whole_village_joins_by_its_leads(tmp_path: Path, plain: bool) -> None:
    async with village(tmp_path, plain=plain, joined=False) as here:
        chat = here.lan.chat
        await here.store.run(lambda db: people.link(db, "phone", chat, here.lan.id, here.time[0]))
        code = await code_for(here.lan, "tam")
        await here.tam.starts(code)
        await here.tam.presses("Đồng ý")
        await here.tam.sees("Đoàn Văn Tâm, tổ trưởng Ấp 1", "Còn một bước")
        await here.lan.presses("Đúng người này")
        await here.tam.sees("em nhận ra rồi", "Đoàn Văn Tâm", "tổ trưởng Ấp 1")
        code = await code_for(here.tam, "bay")
        await here.bay.starts(code)
        await here.bay.presses("Đồng ý")
        await here.bay.sees("em nhận ra rồi", "Phạm Thị Bảy")
        assert await here.look("SELECT COUNT(*) FROM identities") == [(3,)]
