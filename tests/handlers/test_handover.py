"""A post passes on: what goes is said in numbers, everybody concerned hears once, nobody gives more than they have."""

from __future__ import annotations

import re

import pytest

from bot.chat.passing import Undo
from handlers.handover.actions import Agree, Drop, Invite, Look
from storage import people
from tests.handlers.test_joining import CODE, agreed, asks, invite
from tests.handlers.test_members import held, post, unit_id
from tests.handlers.test_reports import send
from tests.handlers.test_tasks import give
from tests.rig import Someone, Village, text_of


async def hands_over(who: Someone, taker: str, *, day: str = "Hôm nay", after: str = "Ở lại làm thành viên") -> str:
    """One's only post to somebody; returns the last look."""
    await who.says("/doiviec")
    if who.village.people["quan"].id != who.id and await _asks_which(who):
        await who.presses("tổ trưởng")
    await who.sees("Dạ, ai sẽ làm")
    await who.says(taker)
    await who.sees("bàn giao từ ngày nào")
    await who.presses(day) if who.offers_now(day) else await who.says(day)
    if after:
        await who.sees("ở lại tổ hay nghỉ luôn")
        await who.presses(after)
    return await who.sees("Em bàn giao như vầy")


async def _asks_which(who: Someone) -> bool:
    await who.village.quiet()
    return "chức danh nào" in text_of(who.told[-1])


def count(who: Someone, words: str) -> int:
    return sum(words in text_of(message) for message in who.told)


async def test_a_head_hands_over_and_somebody_above_agrees(here: Village) -> None:
    await give(here.lan)
    await send(here.tam, "5")
    checked = await hands_over(here.tam, "phạm thị bảy")
    assert "Đoàn Văn Tâm → Phạm Thị Bảy, từ thứ Hai 23/11" in checked
    assert "• 1 việc đang phụ trách" in checked
    assert "• 1 báo cáo và những việc đã xong vẫn mang tên Đoàn Văn Tâm" in checked
    assert "Đoàn Văn Tâm ở lại làm thành viên Ấp 1" in checked
    assert "Cần Nguyễn Thị Lan đồng ý trước" in checked
    await here.tam.presses("Bàn giao")
    await here.tam.sees("em đã hỏi Nguyễn Thị Lan")
    assert (await held(here, "ap1"))["Đoàn Văn Tâm"] == "head", "nothing is done before"
    await here.lan.sees("Đoàn Văn Tâm muốn bàn giao tổ trưởng Ấp 1 cho Phạm Thị Bảy")
    await here.lan.presses("Đồng ý")
    await here.lan.sees("Phạm Thị Bảy nay là tổ trưởng Ấp 1")
    assert await held(here, "ap1") == {
        "Phạm Thị Bảy": "head",
        "Đoàn Văn Tâm": "member",
        "Nguyễn Văn An": "member",
    }
    await here.bay.sees("từ nay anh/chị là tổ trưởng Ấp 1", "1 việc phải làm")
    await here.an.sees("từ nay Phạm Thị Bảy là tổ trưởng Ấp 1")
    await here.tam.sees("nay do Phạm Thị Bảy phụ trách. Cảm ơn", "vẫn là thành viên Ấp 1", "☎ 0999000006")
    assert count(here.an, "từ nay Phạm Thị Bảy") == 1
    await here.bay.presses("V-0001")
    await here.bay.sees("V-0001 · Treo pano", "Chưa nhận")
    await here.bay.says("/doi")
    await here.bay.sees("👥 Ấp 1")
    await here.tam.says("/doi")
    await here.tam.sees("không thuộc phần của anh/chị")
    await here.tam.says("xong V-0001")
    await here.tam.sees("không tìm thấy việc V-0001")


async def test_old_and_new_post_meet_at_one_moment(here: Village) -> None:
    await hands_over(here.tam, "phạm thị bảy")
    await here.tam.presses("Bàn giao")
    await here.lan.presses("Đồng ý")
    await here.lan.sees("nay là tổ trưởng")
    ended = await here.look("SELECT until FROM posts WHERE until IS NOT NULL ORDER BY id")
    begun = await here.look("SELECT since FROM posts WHERE since = :now", now=here.time[0])
    assert set(ended) == set(begun) == {(here.time[0],)}
    assert len(ended) == len(begun) == 2, "the head's and the member's post, both ways"


async def test_a_lead_does_it_for_somebody_below_at_once(here: Village) -> None:
    await give(here.lan)
    await here.lan.says("/doiviec")
    await here.lan.presses("Của người khác")
    await here.lan.sees("chức danh của ai")
    await here.lan.says("võ văn hai")
    await here.lan.sees("ai sẽ làm tổ trưởng Ấp 2")
    await here.lan.presses("Lê Thị Út")
    await here.lan.presses("Hôm nay")
    await here.lan.presses("Rời tổ")
    checked = await here.lan.sees("Em bàn giao như vầy", "Võ Văn Hai rời tổ")
    assert "đồng ý trước" not in checked
    await here.lan.presses("Bàn giao")
    await here.lan.sees("Lê Thị Út nay là tổ trưởng Ấp 2")
    await here.hai.sees("nay do Lê Thị Út phụ trách")
    assert await held(here, "ap2") == {"Lê Thị Út": "head"}
    await here.hai.says("/viec")
    await here.hai.sees("không còn trong tổ nào")
    await here.ut.says("V-0001")
    await here.ut.sees("Treo pano")


async def test_a_giver_s_tasks_and_reviews_reach_the_new_one(here: Village) -> None:
    await give(here.lan)
    await here.tam.presses("Xong")
    await here.hai.presses("Vướng mắc")
    await here.hai.says("chưa có pano")
    await here.hue.says("/doiviec")
    await here.hue.presses("Của người khác")
    await here.hue.says("nguyễn thị lan")
    await here.hue.says("võ văn hai")
    await here.hue.presses("Hôm nay")
    await here.hue.presses("Ở lại làm thành viên")
    checked = await here.hue.sees("Em bàn giao như vầy")
    assert "• 1 việc đã giao cho người khác" in checked
    assert "• 1 kết quả chờ duyệt" in checked
    assert "• 1 chỗ vướng mắc chờ trả lời" in checked
    await here.hue.presses("Bàn giao")
    await here.hai.sees("từ nay anh/chị là tổ trưởng Xã Đại Điền", "1 việc đã giao, 2 chỗ chờ anh/chị xem")
    await here.hai.presses("V-0001")
    await here.hai.presses("📨 Ấp 1")
    await here.hai.presses("Nhận kết quả")
    await here.tam.sees("Võ Văn Hai đã nhận kết quả V-0001")
    await here.lan.says("V-0001")
    await here.lan.sees("không tìm thấy việc V-0001")


async def test_cards_are_brought_up_to_date(rich: Village) -> None:
    await give(rich.lan)
    await rich.tam.sees("việc mới")
    await hands_over(rich.tam, "phạm thị bảy")
    await rich.tam.presses("Bàn giao")
    await rich.lan.presses("Đồng ý")
    await rich.quiet()
    await rich.tam.sees("V-0001 · Treo pano nay do Phạm Thị Bảy phụ trách")
    await rich.lan.sees("= Tổng 2", "Ấp 1 – Phạm Thị Bảy")


async def test_a_new_person_takes_over_and_gets_a_code(here: Village) -> None:
    await here.lan.says("/doiviec")
    await here.lan.presses("Của người khác")
    await here.lan.says("võ văn hai")
    await here.lan.presses("Người mới")
    await here.lan.sees("họ tên đầy đủ")
    await here.lan.says("Huỳnh Văn Tân")
    await here.lan.says("0912345678")
    await here.lan.presses("Hôm nay")
    await here.lan.presses("Ở lại làm thành viên")
    await here.lan.presses("Bàn giao")
    await here.lan.sees("Huỳnh Văn Tân nay là tổ trưởng Ấp 2", "Huỳnh Văn Tân chưa vào bot")
    await here.lan.presses("Mời vào bot")
    letter = await here.lan.sees("✉️ Mời Huỳnh Văn Tân (Ấp 2)")
    assert await held(here, "ap2") == {"Huỳnh Văn Tân": "head", "Võ Văn Hai": "member", "Lê Thị Út": "member"}
    for who in (here.tam, here.hai):
        await post(who, Invite(1))
        await who.sees("không thuộc phần của anh/chị")
    found = re.search(r"nhắn mã này: (\w{4}-\w{4})", letter)
    assert found is not None
    tan = here.stranger()
    await tan.starts(found[1])
    await tan.presses("Đồng ý")
    await here.lan.presses("Đúng người này")
    await tan.sees("em nhận ra rồi: Huỳnh Văn Tân, tổ trưởng Ấp 2")
    await post(here.lan, Invite(1))
    await here.lan.sees("Huỳnh Văn Tân đã vào bot rồi")


async def test_who_gives_their_own_post_invites_while_they_may_take_it_back(here: Village) -> None:
    await here.look(
        "UPDATE posts SET until = 1 WHERE person_id IN (:a, :b, :c)", a=here.lan.id, b=here.hue.id, c=here.quan.id
    )
    await here.look("DELETE FROM identities WHERE person_id = :id", id=here.bay.id)
    await hands_over(here.tam, "phạm thị bảy")
    await here.tam.presses("✅")
    await here.tam.presses("Mời vào bot")
    await here.tam.sees("✉️ Mời Phạm Thị Bảy (Ấp 1)")
    await here.passes(minutes=11)
    await post(here.tam, Invite(1))
    await here.tam.sees("không thuộc phần của anh/chị")


async def test_the_number_of_the_one_who_has_it_is_no_new_person(here: Village) -> None:
    await here.lan.says("/doiviec")
    await here.lan.presses("Của người khác")
    await here.lan.says("võ văn hai")
    await here.lan.presses("Người mới")
    await here.lan.says("Hai")
    await here.lan.says("0999000007")
    await here.lan.presses("Võ Văn Hai")
    await here.lan.sees("đang giữ chức danh này rồi")


async def test_a_day_to_come_is_waited_for(here: Village) -> None:
    await hands_over(here.tam, "phạm thị bảy", day="1/12")
    await here.tam.presses("Bàn giao")
    await here.lan.presses("Đồng ý")
    await here.lan.sees("Tới thứ Ba 1/12 em bàn giao cho Phạm Thị Bảy")
    await here.turns_to("2026-11-30 23:59")
    assert (await held(here, "ap1"))["Đoàn Văn Tâm"] == "head"
    await here.turns_to("2026-12-01 00:05")
    assert (await held(here, "ap1"))["Phạm Thị Bảy"] == "head"
    await here.turns_to("2026-12-01 07:00")
    await here.bay.sees("từ nay anh/chị là tổ trưởng Ấp 1")


async def test_whoever_planned_it_may_invite_the_new_one_on_the_day(here: Village) -> None:
    await here.look("DELETE FROM identities WHERE person_id = :id", id=here.ut.id)
    await here.lan.says("/doiviec")
    await here.lan.presses("Của người khác")
    await here.lan.says("võ văn hai")
    await here.lan.says("lê thị út")
    await here.lan.presses("Ngày mai")
    await here.lan.presses("Rời tổ")
    await here.lan.presses("✅")
    await here.lan.sees("Tới thứ Ba 24/11 em bàn giao cho Lê Thị Út")
    assert not here.lan.offers_now("Mời vào bot"), "there is nothing to come in to yet"
    await here.turns_to("2026-11-24 07:00")
    await here.lan.sees("từ nay Lê Thị Út là tổ trưởng Ấp 2", "Lê Thị Út chưa vào bot")
    await here.hai.sees("nay do Lê Thị Út phụ trách", "dừng nhắn tin ở đây", "gọi Lê Thị Út, ☎ 0999000008")
    await here.lan.presses("Mời vào bot")
    await here.lan.sees("✉️ Mời Lê Thị Út (Ấp 2)")


async def test_a_lead_who_comes_in_late_hears_what_waits(here: Village) -> None:
    await give(here.lan)
    await here.look("DELETE FROM identities WHERE person_id = :id", id=here.lan.id)
    await give(here.hue)
    await here.hai.says("xong V-0001")
    await here.hai.sees("đã báo là xong")
    stranger = await agreed(here)
    await asks(here, stranger, "ap 2")
    await hands_over(here.tam, "phạm thị bảy")
    await here.tam.presses("✅")
    await here.tam.sees("Nguyễn Thị Lan")
    await invite(here, here.lan, trusted=True)
    lan = here.stranger("p9002")
    await lan.starts(CODE)
    await lan.presses("Đồng ý")
    waits = await lan.sees("Đang chờ anh/chị")
    assert "1 việc chờ anh/chị làm" in waits
    assert "1 nơi báo xong hoặc báo vướng" in waits
    assert "1 người chờ vào tổ" in waits
    assert "Đoàn Văn Tâm xin giao tổ trưởng Ấp 1 cho Phạm Thị Bảy, chờ anh/chị đồng ý" in waits
    await lan.presses("🤝 Đoàn Văn Tâm")
    await lan.sees("Đoàn Văn Tâm muốn bàn giao tổ trưởng Ấp 1 cho Phạm Thị Bảy")
    await lan.presses("Đồng ý")
    await here.bay.sees("từ nay anh/chị là tổ trưởng Ấp 1")
    await post(lan, Look(1))
    await lan.sees("đã xong hoặc đã thôi rồi")
    await post(here.an, Look(1))
    await here.an.sees("đã xong hoặc đã thôi rồi")
    await lan.says("/batdau")
    still = await lan.sees("Đang chờ anh/chị")
    assert "🤝" not in still
    await lan.presses("Xem ai chờ vào")
    await lan.sees("Lê Văn Mới")
    await here.an.says("/batdau")
    assert "Đang chờ" not in await here.an.sees("chào Nguyễn Văn An")


async def test_what_cannot_be_done_on_its_day_comes_to_nothing_and_is_said(here: Village) -> None:
    await hands_over(here.tam, "phạm thị bảy", day="1/12")
    await here.tam.presses("Bàn giao")
    await here.lan.presses("Đồng ý")
    await here.store.run(lambda db: people.leave(db, here.bay.id, here.time[0]))
    await here.turns_to("2026-12-01 07:00")
    await here.tam.sees("định bàn giao cho Phạm Thị Bảy mà không làm được")
    assert (await held(here, "ap1"))["Đoàn Văn Tâm"] == "head"


async def test_a_lead_who_is_above_no_more_on_the_day_changes_nothing(here: Village) -> None:
    await here.lan.says("/doiviec")
    await here.lan.presses("Của người khác")
    await here.lan.says("võ văn hai")
    await here.lan.presses("Lê Thị Út")
    await here.lan.says("1/12")
    await here.lan.presses("Ở lại làm thành viên")
    await here.lan.presses("Bàn giao")
    await here.lan.sees("Tới thứ Ba 1/12 em bàn giao cho Lê Thị Út")
    await here.look("UPDATE posts SET role = 'member' WHERE person_id = :id", id=here.lan.id)
    await here.turns_to("2026-12-01 07:00")
    assert (await held(here, "ap2"))["Võ Văn Hai"] == "head"


@pytest.mark.parametrize(("said", "answer"), [("20/11", "đã qua rồi"), ("bữa nào cũng được", "chưa hiểu là ngày nào")])
async def test_a_day_is_today_or_later(here: Village, said: str, answer: str) -> None:
    await here.tam.says("/doiviec")
    await here.tam.presses("tổ trưởng")
    await here.tam.says("phạm thị bảy")
    await here.tam.says(said)
    await here.tam.sees(answer, "Bàn giao từ ngày nào")


async def test_above_may_say_no(here: Village) -> None:
    await hands_over(here.tam, "phạm thị bảy")
    await here.tam.presses("Bàn giao")
    await here.lan.sees("muốn bàn giao")
    await here.lan.presses("Không")
    await here.lan.sees("anh/chị chưa đồng ý")
    await here.tam.sees("Nguyễn Thị Lan chưa đồng ý bàn giao", "0999000003")
    await post(here.lan, Agree(1, 1))
    await here.lan.sees("đã xong hoặc đã thôi rồi")
    assert (await held(here, "ap1"))["Đoàn Văn Tâm"] == "head"


async def test_it_can_be_dropped_before(here: Village) -> None:
    await hands_over(here.tam, "phạm thị bảy")
    await here.tam.presses("Bàn giao")
    await here.tam.presses("Thôi bàn giao")
    await here.tam.sees("mọi thứ vẫn như cũ")
    await post(here.lan, Agree(1, 1))
    await here.lan.sees("đã xong hoặc đã thôi rồi")


async def test_only_somebody_above_agrees(here: Village) -> None:
    await hands_over(here.tam, "phạm thị bảy")
    await here.tam.presses("Bàn giao")
    for who in (here.bay, here.tam, here.dung):
        await post(who, Agree(1, 1))
        await who.sees("không thuộc phần của anh/chị")
    for who in (here.bay, here.dung):
        await post(who, Drop(1))
        await who.sees("không thuộc phần của anh/chị")
    assert (await held(here, "ap1"))["Đoàn Văn Tâm"] == "head"


async def test_a_deputy_hands_over_no_head_s_post_and_nobody_gives_what_is_beside(here: Village) -> None:
    await here.look("UPDATE posts SET role = 'deputy' WHERE person_id = :id", id=here.bay.id)
    await here.bay.says("/doiviec")
    await here.bay.presses("Của người khác")
    await here.bay.says("đoàn văn tâm")
    await here.bay.sees("không tìm thấy ai tên “đoàn văn tâm”")
    await here.bay.says("võ văn hai")
    await here.bay.sees("không tìm thấy ai tên “võ văn hai”")


async def test_the_taker_is_of_the_unit_or_a_lead_above(here: Village) -> None:
    await here.tam.says("/doiviec")
    await here.tam.presses("tổ trưởng")
    await here.tam.sees("Dạ, ai sẽ làm")
    await here.tam.says("võ văn hai")
    await here.tam.sees("không tìm thấy ai tên “võ văn hai”")
    await here.tam.says("nguyễn thị lan")
    await here.tam.sees("bàn giao từ ngày nào")


async def test_nobody_loses_a_higher_post_by_taking_over_a_lower_one(here: Village) -> None:
    await here.an.says("/doiviec")
    await here.an.sees("ai sẽ làm thành viên Ấp 1")
    assert not here.an.offers_now("Đoàn Văn Tâm")
    await here.an.says("đoàn văn tâm")
    await here.an.sees("không tìm thấy ai tên “đoàn văn tâm”")
    await here.an.presses("Người mới")
    await here.an.says("Tâm")
    await here.an.says("0999000004")
    await here.an.presses("Đoàn Văn Tâm")
    await here.an.sees("Đoàn Văn Tâm đang giữ vai trò cao hơn ở Ấp 1", "chọn người khác")
    for taker, day in (("Phạm Thị Bảy", "Hôm nay"), ("Phạm Thị Bảy", "Ngày mai")):
        await here.an.says("/doiviec")
        await here.an.presses(taker)
        await here.an.presses(day)
        await here.an.presses("✅")
        await here.look("UPDATE posts SET role = 'deputy' WHERE person_id = :id", id=here.bay.id)  # meanwhile
        await here.tam.presses("Đồng ý")
        if day == "Hôm nay":
            await here.tam.sees("Phạm Thị Bảy đang giữ vai trò cao hơn")
            await here.look("UPDATE posts SET role = 'member' WHERE person_id = :id", id=here.bay.id)
    await here.turns_to("2026-11-24 07:00")
    await here.an.sees("Phạm Thị Bảy", "không làm được")
    assert (await held(here, "ap1"))["Phạm Thị Bảy"] == "deputy"


async def test_a_member_s_post_is_handed_over_with_the_head_s_yes(here: Village) -> None:
    await here.an.says("/doiviec")
    await here.an.sees("ai sẽ làm thành viên Ấp 1")
    await here.an.presses("Người mới")
    await here.an.says("Nguyễn Thị Con")
    await here.an.says("0912345678")
    await here.an.presses("Hôm nay")
    await here.an.sees("Cần Đoàn Văn Tâm đồng ý trước", "Nguyễn Văn An rời tổ")
    await here.an.presses("Bàn giao")
    await here.tam.presses("Đồng ý")
    await here.tam.presses("Mời vào bot")
    await here.tam.sees("✉️ Mời Nguyễn Thị Con")
    assert set(await held(here, "ap1")) == {"Đoàn Văn Tâm", "Phạm Thị Bảy", "Nguyễn Thị Con"}
    await here.an.says("báo cáo")
    await here.an.sees("không còn trong tổ nào")


async def test_it_is_taken_back_within_ten_minutes(here: Village) -> None:
    await give(here.lan)
    await hands_over(here.tam, "phạm thị bảy")
    await here.tam.presses("Bàn giao")
    await here.lan.presses("Đồng ý")
    await here.lan.sees("nay là tổ trưởng")
    await here.lan.presses("Hoàn tác")
    await here.lan.sees("trả mọi thứ về như cũ")
    await here.tam.sees("Nguyễn Thị Lan đã hoàn tác")
    assert (await held(here, "ap1"))["Đoàn Văn Tâm"] == "head"
    assert (await held(here, "ap1"))["Phạm Thị Bảy"] == "member"
    await here.tam.says("V-0001")
    await here.tam.sees("V-0001", "Chưa nhận")
    await post(here.lan, Undo(1))
    await here.lan.sees("em đã hoàn tác rồi")


async def test_not_once_the_new_one_did_something(here: Village) -> None:
    await give(here.lan)
    await hands_over(here.tam, "phạm thị bảy")
    await here.tam.presses("Bàn giao")
    await here.lan.presses("Đồng ý")
    await here.bay.says("nhận V-0001")
    await here.bay.sees("Đang làm")
    await post(here.tam, Undo(1))
    await here.tam.sees("đã có thay đổi")
    await post(here.an, Undo(1))
    await here.an.sees("không thuộc phần của anh/chị")


async def test_of_several_posts_one_is_handed_over(here: Village) -> None:
    ap3 = await unit_id(here, "ap3")
    await here.store.run(lambda db: people.appoint(db, here.tam.id, ap3, "head", here.time[0]))
    await here.tam.says("/doiviec")
    await here.tam.sees("chức danh nào")
    await here.tam.presses("tổ trưởng Ấp 3")
    await here.tam.says("nguyễn thị lan")
    await here.tam.presses("Hôm nay")
    checked = await here.tam.sees("Em bàn giao như vầy")
    assert "rời tổ" not in checked
    assert "ở lại" not in checked
    await here.tam.presses("Bàn giao")
    await here.lan.presses("Đồng ý")
    await here.lan.sees("nay là tổ trưởng Ấp 3")
    assert await held(here, "ap3") == {"Nguyễn Thị Lan": "head"}
    assert (await held(here, "ap1"))["Đoàn Văn Tâm"] == "head"


async def test_where_nobody_is_above_it_is_done_at_once(here: Village) -> None:
    await here.look(
        "UPDATE posts SET until = 1 WHERE person_id IN (:a, :b, :c)", a=here.lan.id, b=here.hue.id, c=here.quan.id
    )
    await hands_over(here.tam, "phạm thị bảy")
    await here.tam.presses("Bàn giao")
    await here.tam.sees("Phạm Thị Bảy nay là tổ trưởng Ấp 1")


async def test_in_english(here: Village) -> None:
    await here.lan.says("/english")
    await here.tam.says("/english")
    await here.tam.says("/doiviec")
    await here.tam.presses("head")
    await here.tam.says("phạm thị bảy")
    await here.tam.presses("Today")
    await here.tam.presses("Leaves")
    await here.tam.sees("Đoàn Văn Tâm → Phạm Thị Bảy, from Monday 23/11", "nothing is open", "must agree first")
    await here.tam.presses("Hand over")
    await here.lan.sees("Do you agree?")
    await here.lan.presses("I agree")
    await here.lan.sees("Phạm Thị Bảy is head of Ấp 1 now")


# What nobody answers for


async def test_what_nobody_has_is_shown_to_its_giver_and_given(here: Village) -> None:
    await give(here.lan)
    await here.look("UPDATE posts SET until = 1 WHERE person_id = :id", id=here.tam.id)
    await here.lan.says("V-0001")
    await here.lan.sees("Chưa có người nhận (2): Ấp 3, Ấp 1")
    await here.lan.presses("👤 Ấp 1")
    await here.lan.sees("V-0001 ở Ấp 1 giao cho ai")
    await here.lan.presses("Phạm Thị Bảy")
    await here.lan.sees("em đã giao rồi", "Chưa có người nhận (1): Ấp 3")
    await here.bay.sees("anh/chị có việc mới", "V-0001")
    await here.lan.presses("👤 Ấp 3")
    await here.lan.says("nguyễn thị lan")
    text = await here.lan.sees("em đã giao rồi", "= Tổng 3")
    assert "Chưa có người nhận" not in text
