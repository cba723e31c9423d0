"""My team: who reported, who has not joined, nudging, and the invitation that brings somebody in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.chat.action import Action
from bot.chat.message import Press
from handlers.team import Nudge, Waiting
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
    await lead.sees("lấy mã cho ai")
    await lead.says(name)
    found = re.search(r"Mã: (\w{4}-\w{4})", await lead.sees("✉️ Mời"))
    assert found is not None
    return found[1]


async def test_a_hamlet_head_sees_each_member(here: Village) -> None:
    await send(here.an, "5")
    await here.tam.says("doi cua toi")
    text = await here.tam.sees("👥 Ấp 1, tuần 23/11 – 29/11")
    assert "Đã báo cáo: 1/2. Chưa: Phạm Thị Bảy" in text
    assert "✅ Nguyễn Văn An: 1 báo cáo" in text
    assert "▫️ Phạm Thị Bảy: 0 báo cáo" in text
    assert "Ấp 2" not in text


async def test_a_commune_lead_sees_each_hamlet(here: Village) -> None:
    await send(here.an, "5")
    await send(here.ut, "6")
    await here.lan.says("/doi")
    text = await here.lan.sees("👥 Xã Đại Điền")
    assert "Đã báo cáo: 2/3. Chưa: Ấp 3" in text
    assert "✅ Ấp 1: 1 báo cáo · vào bot 3/3 · Đoàn Văn Tâm" in text
    assert "▫️ Ấp 3: 0 báo cáo · vào bot 0/0 · chưa có tổ trưởng" in text
    assert "Mỹ An" not in text


async def test_all_reported_leaves_nobody_to_remind(here: Village) -> None:
    await send(here.an, "5")
    await send(here.bay, "6")
    await here.tam.says("/doi")
    await here.tam.sees("Đã báo cáo: 2/2", "Đủ hết rồi")
    assert not here.tam.offers_now("Nhắc nơi chưa báo cáo")
    await post(here.tam, Nudge(await unit_id(here, "ap1")))
    await here.tam.sees("không cần nhắc ai")


async def test_only_the_silent_are_reminded_privately_and_once_a_day(here: Village) -> None:
    await send(here.an, "5")
    await here.lan.says("/doi")
    await here.lan.presses("Nhắc nơi chưa báo cáo")
    await here.lan.sees("em đã nhắc riêng 1 người", "Em nhắn không tới: Ấp 3")
    await here.hai.sees("em chưa thấy báo cáo của Ấp 2")
    await here.quiet()
    assert not any("chưa thấy báo cáo" in text_of(m) for m in (*here.tam.told, *here.ut.told))
    await post(here.lan, Nudge(await unit_id(here, "xa")))
    await here.lan.sees("hôm nay mình đã nhắc rồi")
    await here.turns_to("2026-11-24 09:00")
    await post(here.lan, Nudge(await unit_id(here, "xa")))
    await here.lan.sees("em đã nhắc riêng 1 người")


async def test_the_reminder_has_the_button_that_does_it(here: Village) -> None:
    await here.lan.says("/doi")
    await here.lan.presses("Nhắc nơi chưa báo cáo")
    await here.hai.presses("Không có hoạt động")
    await here.hai.sees("Em ghi như vầy", "Không có hoạt động")
    await here.hai.presses("Gửi")
    await here.hai.sees("em ghi nhận B-0001")
    await here.tam.presses("Báo cáo")
    await here.tam.sees("Câu 1/3")


async def test_the_silent_are_not_woken(here: Village) -> None:
    await here.turns_to("2026-11-23 21:30")
    await here.lan.says("/doi")
    await here.lan.presses("Nhắc nơi chưa báo cáo")
    await here.lan.sees("em đã nhắc riêng")
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
    for action in (Waiting, Nudge):
        for code in ("ap1", "xa", "tinh"):
            await post(who, action(await unit_id(here, code)))
            assert "0999000006" not in await who.sees("chỉ làm được với tổ trưởng")
    await here.quiet()
    assert not any("chưa thấy báo cáo" in text_of(message) for message in here.tam.told)


async def test_a_head_who_is_a_member_elsewhere_watches_only_their_own(here: Village) -> None:
    await here.look("DELETE FROM identities WHERE person_id = :id", id=here.ut.id)
    xa = await unit_id(here, "xa")
    await here.store.run(lambda db: people.appoint(db, here.tam.id, xa, "member", here.time[0]))
    await post(here.tam, Waiting(xa))
    assert "Út" not in await here.tam.sees("chỉ làm được với tổ trưởng")


# Invitations


async def test_an_invitation_brings_in_the_right_person(here: Village) -> None:
    await here.look("DELETE FROM identities WHERE person_id = :id", id=here.bay.id)
    code = await code_for(here.tam, "bay")
    told = text_of(here.tam.told[-1])
    assert "Mời Phạm Thị Bảy (Ấp 1)" in told
    assert "tới thứ Tư 23/12" in told
    assert "\n\n\n" not in told
    stranger = here.stranger()
    await stranger.starts(code)
    await stranger.presses("Đồng ý")
    await stranger.sees("em nhận ra rồi", "Phạm Thị Bảy", "thành viên Ấp 1")


async def test_those_not_joined_are_offered_first(here: Village) -> None:
    await here.look("DELETE FROM identities WHERE person_id = :id", id=here.ut.id)
    await here.lan.says("/moi")
    await here.lan.sees("lấy mã cho ai")
    assert here.lan.choices()[0] == "Lê Thị Út (Ấp 2)"


async def test_nobody_is_invited_upwards_or_beside(here: Village) -> None:
    await here.look("UPDATE posts SET role = 'deputy' WHERE person_id = :id", id=here.bay.id)
    await here.bay.says("/moi")
    await here.bay.sees("lấy mã cho ai")
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
    await here.tam.sees("lấy mã cho ai")
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
    await here.an.sees("chỉ làm được với tổ trưởng")


@pytest.mark.parametrize("plain", [False, True])
async def test_a_whole_village_joins_by_its_leads(tmp_path: Path, plain: bool) -> None:
    async with village(tmp_path, plain=plain, joined=False) as here:
        chat = here.lan.chat
        await here.store.run(lambda db: people.link(db, "phone", chat, here.lan.id, here.time[0]))
        code = await code_for(here.lan, "tam")
        await here.tam.starts(code)
        await here.tam.presses("Đồng ý")
        await here.tam.sees("em nhận ra rồi", "Đoàn Văn Tâm", "tổ trưởng Ấp 1")
        code = await code_for(here.tam, "bay")
        await here.bay.starts(code)
        await here.bay.presses("Đồng ý")
        await here.bay.sees("em nhận ra rồi", "Phạm Thị Bảy")
        assert await here.look("SELECT COUNT(*) FROM identities") == [(3,)]
