"""Coming in without a plain member's code: heads are confirmed, strangers ask, families share a number."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat.message import Press
from bot.rules import joining as rules
from handlers.start.entering import Confirm, Me, Switch
from handlers.start.requests import Accept, Refuse
from storage import consents, invites, people
from storage.db import Db
from tests.rig import Someone, Village, text_of, village

CODE, OTHER = "K7MQ-2XHB", "ABCD-2345"
MONTH_MS = 30 * 24 * 3600 * 1000


@pytest.fixture(params=["buttons", "numbers"])
async def door(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Village]:
    """The village, where all have joined but Tâm (head of Ấp 1), Bảy (a member of it) and Dũng (head of Xã Mỹ An)."""
    plain = request.param == "numbers"
    async with village(tmp_path, plain=plain) as found:
        for who in (found.tam, found.bay, found.dung):
            await found.look("DELETE FROM identities WHERE person_id = :id", id=who.id)
        for chat in ("p9001", "p9002", "p9003"):
            found.phone.set_plain(chat, plain)
        yield found


async def invite(here: Village, who: Someone, code: str = CODE, *, trusted: bool = False) -> None:
    now = here.time[0]
    await here.store.run(lambda db: invites.add(db, code, who.id, now, now + MONTH_MS, trusted=trusted))


async def agreed(here: Village, chat: str = "p9001") -> Someone:
    """A stranger who gave consent."""
    who = here.stranger(chat)
    await who.says("chao")
    await who.presses("Đồng ý")
    await who.sees("mã cá nhân")
    return who


async def whose(here: Village, chat: str = "p9001") -> int:
    """The person whose chat it is; 0: nobody's."""
    rows = await here.look("SELECT person_id FROM identities WHERE chat = :chat", chat=chat)
    return int(str(rows[0][0])) if rows else 0


async def claimed(here: Village) -> Someone:
    """Somebody who came with the code of Tâm, the head of Ấp 1."""
    await invite(here, here.tam)
    who = here.stranger()
    await who.starts(CODE)
    await who.presses("Đồng ý")
    await who.sees("lời mời cho Đoàn Văn Tâm, tổ trưởng Ấp 1", "Còn một bước", "nhắn Nguyễn Thị Lan (Xã Đại Điền)")
    return who


# Heads


async def test_the_code_of_a_head_alone_opens_nothing(door: Village) -> None:
    who = await claimed(door)
    assert await whose(door) == 0
    for said in ("/doi", "/moi", "bao cao", "/viec", "/choduyet", "12"):
        await who.says(said)
        await who.sees("lời mời cho Đoàn Văn Tâm", "Còn một bước")
    assert await whose(door) == 0


async def test_a_head_shows_the_number_of_the_roster(door: Village) -> None:
    who = await claimed(door)
    await who.shares_number("0911222333")
    await who.sees("khác với số trong danh sách", "Còn một bước")
    assert await whose(door) == 0
    await who.shares_number("+84 999 000 004")
    await who.sees("em nhận ra rồi", "Đoàn Văn Tâm", "tổ trưởng Ấp 1")
    assert await whose(door) == door.tam.id
    assert await door.look("SELECT COUNT(*) FROM claims") == [(0,)]


async def test_who_outranks_a_head_confirms_with_one_press(door: Village) -> None:
    who = await claimed(door)
    await door.lan.sees("lời mời của Đoàn Văn Tâm, tổ trưởng Ấp 1", "0999000004")
    await door.lan.presses("Đúng người này")
    await door.lan.sees("em đã mở cho Đoàn Văn Tâm")
    await who.sees("em nhận ra rồi", "Đoàn Văn Tâm")
    assert await whose(door) == door.tam.id
    await who.says("/doi")
    await who.sees("👥 Ấp 1")
    acts = await door.look("SELECT person_id, act FROM audit ORDER BY id")
    assert acts == [(None, "start.agreed"), (None, "start.claimed"), (door.lan.id, "start.linked")]


async def test_a_no_closes_the_door_and_the_code(door: Village) -> None:
    who = await claimed(door)
    await door.lan.presses("Không phải")
    await door.lan.sees("em không mở", "mã mới")
    await who.sees("chưa được xác nhận")
    await who.says(CODE)
    await who.sees("mã này đã dùng rồi")
    assert await whose(door) == 0


@pytest.mark.parametrize("name", ["an", "hai", "ut"])
async def test_nobody_else_confirms_by_a_tampered_button(door: Village, name: str) -> None:
    await claimed(door)
    press = Press(Confirm(door.tam.id, door.time[0], 1).pack(), "0")
    await door.people[name].does(press=press)
    await door.people[name].sees("không thuộc phần của anh/chị")
    assert await whose(door) == 0
    await door.hue.does(press=press)
    await door.hue.sees("em đã mở cho Đoàn Văn Tâm")
    await door.lan.does(press=press)
    await door.lan.sees("đã xong rồi")
    assert await whose(door) == door.tam.id


async def test_a_claim_does_not_confirm_itself(door: Village) -> None:
    who = await claimed(door)
    await who.does(press=Press(Confirm(door.tam.id, door.time[0], 1).pack(), "0"))
    await who.sees("Còn một bước")
    assert await whose(door) == 0


async def test_an_administrator_comes_in_by_the_code_of_the_machine_alone(door: Village) -> None:
    await invite(door, door.tam, trusted=True)
    who = door.stranger()
    await who.starts(CODE)
    await who.presses("Đồng ý")
    await who.sees("em nhận ra rồi", "Đoàn Văn Tâm")


async def test_what_nobody_confirms_is_over_after_two_weeks(door: Village) -> None:
    who = await claimed(door)
    await who.reads()
    await door.turns_to("2026-12-08 08:00")
    await who.sees("hai tuần rồi chưa ai xác nhận")
    await door.lan.says("/choduyet")
    await door.lan.sees("không có ai chờ")


# Numbers


async def test_of_those_who_share_a_number_each_says_who_they_are(door: Village) -> None:
    await door.look("UPDATE people SET phone = '0999000005' WHERE id = :id", id=door.bay.id)
    who = await agreed(door)
    await who.shares_number("0999000005")
    await who.sees("2 người dùng chung")
    assert {"Nguyễn Văn An", "Phạm Thị Bảy"} <= set(who.choices())
    await who.presses("Phạm Thị Bảy")
    await who.sees("em nhận ra rồi", "Phạm Thị Bảy")
    assert await whose(door) == door.bay.id


async def test_a_shared_number_alone_makes_nobody_a_head(door: Village) -> None:
    await door.look("UPDATE people SET phone = '0999000006' WHERE id = :id", id=door.tam.id)
    who = await agreed(door)
    await who.shares_number("0999000006")
    await who.presses("Đoàn Văn Tâm")
    await who.sees("lời mời cho Đoàn Văn Tâm", "Còn một bước")
    assert await whose(door) == 0
    await door.lan.sees("lời mời của Đoàn Văn Tâm")
    await door.lan.reads()
    await who.does(press=Press(Me(door.tam.id).pack(), "0"))
    await who.sees("Còn một bước")
    await door.lan.sees_nothing_new()


async def test_a_name_is_not_taken_without_the_number(door: Village) -> None:
    who = await agreed(door)
    await who.does(press=Press(Me(door.bay.id).pack(), "0"))
    await who.sees("Gửi số của tôi")
    await who.shares_number("0911222333")
    await who.does(press=Press(Me(door.bay.id).pack(), "0"))
    await door.quiet()
    assert await whose(door) == 0
    await door.look("UPDATE people SET phone = '0999000006' WHERE id = :id", id=door.tam.id)
    await who.shares_number("0999000006")
    await who.sees("2 người dùng chung")
    await door.passes(minutes=61)
    await who.does(press=Press(Me(door.bay.id).pack(), "0"))
    await who.sees("lại một lần nữa")
    assert await whose(door) == 0


# Codes


async def test_guesses_from_many_chats_stop_all_codes_for_an_hour(door: Village) -> None:
    await invite(door, door.bay)
    rows = [(f"p{n}", door.time[0]) for n in range(rules.WRONG_AN_HOUR)]
    await door.store.run(
        lambda db: db.many(
            "INSERT INTO invite_tries (channel, chat, at) VALUES ('phone', :chat, :at)",
            ({"chat": chat, "at": at} for chat, at in rows),
        )
    )
    who = await agreed(door)
    await who.says(CODE)
    await who.sees("tạm ngưng nhận mã", "/xinvao")
    assert await whose(door) == 0
    await who.shares_number("0999000006")
    await who.sees("em nhận ra rồi", "Phạm Thị Bảy")


async def test_the_administrators_hear_that_codes_are_guessed(door: Village) -> None:
    await door.store.run(
        lambda db: db.many(
            "INSERT INTO invite_tries (channel, chat, at) VALUES ('phone', :chat, :at)",
            ({"chat": f"p{n}", "at": door.time[0]} for n in range(rules.WRONG_AN_HOUR - 1)),
        )
    )
    who = await agreed(door)
    await who.says("AAAA-AAA2")
    await who.sees("không tìm thấy")
    await door.quan.sees("200 mã sai")
    await door.quan.reads()
    await who.says("AAAA-AAA3")
    await who.sees("tạm ngưng nhận mã")
    await door.quan.sees_nothing_new()


async def test_a_code_after_the_storm_works_again(door: Village) -> None:
    await invite(door, door.bay)
    await door.store.run(
        lambda db: db.many(
            "INSERT INTO invite_tries (channel, chat, at) VALUES ('phone', :chat, :at)",
            ({"chat": f"p{n}", "at": door.time[0]} for n in range(rules.WRONG_AN_HOUR)),
        )
    )
    await door.passes(minutes=61)
    who = await agreed(door)
    await who.says(CODE)
    await who.sees("em nhận ra rồi", "Phạm Thị Bảy")


async def test_a_linked_chat_is_asked_before_it_becomes_somebody_elses(door: Village) -> None:
    await invite(door, door.bay)
    await door.store.run(lambda db: consents.give(db, "phone", door.an.chat, "2026-11", door.time[0]))
    await door.an.starts(CODE)
    await door.an.sees("máy này đang là của Nguyễn Văn An", "mời Phạm Thị Bảy")
    await door.an.presses("Giữ như cũ")
    await door.an.sees("vẫn là của Nguyễn Văn An")
    assert await whose(door, door.an.chat) == door.an.id
    await door.an.says(CODE.lower())
    await door.an.presses("Đổi sang người kia")
    await door.an.sees("em nhận ra rồi", "Phạm Thị Bảy")
    assert await whose(door, door.an.chat) == door.bay.id
    assert (f"person {door.an.id}",) in await door.look("SELECT object FROM audit WHERE act = 'start.switched'")


async def test_a_linked_chat_becomes_no_head_by_a_code(door: Village) -> None:
    await invite(door, door.tam)
    await door.an.does(press=Press(Switch(CODE).pack(), "0"))
    await door.an.sees("Còn một bước")
    assert await whose(door, door.an.chat) == door.an.id


async def test_ones_own_code_on_ones_own_phone_changes_nothing(door: Village) -> None:
    await invite(door, door.an)
    await door.an.says(CODE)
    await door.an.sees("mã này của chính anh/chị")
    assert await door.look("SELECT used_at FROM invites") == [(None,)]


# Strangers


async def asks(here: Village, who: Someone, unit: str = "ap 1", name: str = "Lê Văn Mới", phone: str = "") -> None:
    """The whole request, as it is typed."""
    await who.says("/xinvao")
    await who.sees("Câu 1/3", "tổ ở đâu")
    await who.says(unit)
    await who.sees("họ và tên")
    await who.says(name)
    await who.sees("số điện thoại")
    await (who.says(phone) if phone else who.presses("Bỏ qua"))
    await who.sees("em gửi lời xin vào như vầy", name)
    await who.presses("Gửi")


async def test_a_stranger_asks_and_is_let_in(door: Village) -> None:
    who = await agreed(door)
    assert who.offers_now("Xin vào tổ")
    await asks(door, who, "ap 2", phone="0911 222 333")
    await who.sees("em đã gửi tới Võ Văn Hai phụ trách Ấp 2")
    await door.hai.sees("🙋 Lê Văn Mới xin vào Ấp 2", "0911222333")
    assert [len(here.told) for here in (door.lan, door.ut)] == [0, 0], "one message, to one person"
    await door.hai.presses("Nhận")
    await door.hai.sees("em đã nhận Lê Văn Mới vào Ấp 2")
    await who.sees("em nhận ra rồi", "Lê Văn Mới", "thành viên Ấp 2")
    await who.says("bao cao")
    await who.sees("Câu 1/3")
    assert await door.look(
        "SELECT p.name, p.phone, o.role, u.name FROM people p JOIN posts o ON o.person_id = p.id"
        " JOIN units u ON u.id = o.unit_id WHERE p.name = 'Lê Văn Mới'"
    ) == [("Lê Văn Mới", "0911222333", "member", "Ấp 2")]
    assert await door.look("SELECT state, name, phone FROM join_requests") == [("accepted", "", "")]


async def test_without_a_head_in_the_bot_the_one_above_decides(door: Village) -> None:
    who = await agreed(door)
    await asks(door, who)
    await who.sees("em đã gửi tới Nguyễn Thị Lan phụ trách Ấp 1")
    await door.lan.sees("🙋 Lê Văn Mới xin vào Ấp 1")


async def test_a_refusal_is_kind_and_lasts_a_day(door: Village) -> None:
    who = await agreed(door)
    await asks(door, who)
    await door.lan.presses("Từ chối")
    await door.lan.sees("em đã báo Lê Văn Mới")
    await who.sees("lần này chưa được nhận")
    await who.says("/xinvao")
    await who.sees("Mai anh/chị xin lại được")
    assert await door.look("SELECT name FROM people WHERE name = 'Lê Văn Mới'") == []
    assert await door.look("SELECT state, name, phone FROM join_requests") == [("refused", "", "")]
    await door.turns_to("2026-11-24 09:00")
    await who.says("/xinvao")
    await who.sees("tổ ở đâu")


@pytest.mark.parametrize("words", ["xin vào tổ", "Xin vao", "ask to join"])
async def test_asking_works_by_typing(door: Village, words: str) -> None:
    who = await agreed(door)
    await who.says("alo")
    await who.says(words)
    await who.sees("tổ ở đâu")


async def test_nothing_is_asked_before_consent(door: Village) -> None:
    who = door.stranger()
    await who.says("/xinvao")
    await who.sees("có đồng ý không ạ?")
    assert await door.look("SELECT COUNT(*) FROM drafts") == [(0,)]


async def test_who_is_on_the_roster_already_is_recognised(door: Village) -> None:
    who = await agreed(door)
    await asks(door, who, name="pham thi bay", phone="0999000006")
    await door.lan.sees("🙋 pham thi bay xin vào Ấp 1", "giống Phạm Thị Bảy trong danh sách")
    await door.lan.presses("Là người này")
    await who.sees("em nhận ra rồi", "Phạm Thị Bảy")
    assert await whose(door) == door.bay.id
    assert await door.look("SELECT COUNT(*) FROM people") == [(9,)]


async def test_another_number_is_another_person(door: Village) -> None:
    who = await agreed(door)
    await asks(door, who, name="Phạm Thị Bảy", phone="0911222333")
    assert "giống" not in await door.lan.sees("🙋 Phạm Thị Bảy xin vào Ấp 1")
    ((request_id,),) = await door.look("SELECT id FROM join_requests")
    assert isinstance(request_id, int)
    await door.lan.does(press=Press(Accept(request_id, door.ut.id).pack(), "0"))
    await door.lan.sees("không còn ở đơn vị này")
    assert await whose(door) == 0


async def test_one_request_at_a_time_and_it_can_be_taken_back(door: Village) -> None:
    who = await agreed(door)
    await asks(door, who)
    await who.says("/xinvao")
    await who.sees("đang chờ trả lời")
    await who.presses("Rút lại")
    await who.sees("em rút lại rồi")
    assert await door.look("SELECT state, name FROM join_requests") == [("withdrawn", "")]
    await door.lan.presses("Nhận")
    await door.lan.sees("hoặc đã được rút lại")
    assert await whose(door) == 0


async def test_a_flood_of_requests_stops_at_the_unit_and_at_the_chat(door: Village) -> None:
    await door.store.run(
        lambda db: db.many(
            "INSERT INTO join_requests (channel, chat, unit_id, name, phone, language, state, at)"
            " SELECT 'phone', :chat, id, 'x', '', 'vi', 'open', :at FROM units WHERE code = 'ap1'",
            ({"chat": f"q{n}", "at": door.time[0]} for n in range(rules.MOST_OPEN)),
        )
    )
    who = await agreed(door)
    await asks(door, who)
    await who.sees("Ấp 1 đang có nhiều lời xin")
    for _ in range(rules.MOST_A_WEEK):
        await asks(door, who, "ap 2")
        await who.says("/xinvao")
        await who.presses("Rút lại")
        await who.sees("mã cá nhân")
    await who.says("/xinvao")
    await who.sees("tuần này anh/chị xin mấy lần rồi")


async def test_what_nobody_answers_is_over_after_two_weeks(door: Village) -> None:
    who = await agreed(door)
    await asks(door, who)
    await who.reads()
    await door.turns_to("2026-12-08 08:00")
    await who.sees("chưa ai trả lời")
    assert await door.look("SELECT state, name FROM join_requests") == [("expired", "")]


@pytest.mark.parametrize("name", ["an", "hai", "ut"])
async def test_other_units_let_nobody_in(door: Village, name: str) -> None:
    who = await agreed(door)
    await asks(door, who)
    ((request_id,),) = await door.look("SELECT id FROM join_requests")
    assert isinstance(request_id, int)
    for action in (Accept(request_id, 0), Accept(request_id, door.bay.id), Refuse(request_id)):
        await door.people[name].does(press=Press(action.pack(), "0"))
        await door.people[name].sees("không thuộc phần của anh/chị")
    assert await door.look("SELECT state FROM join_requests") == [("open",)]


async def test_a_deputy_lets_nobody_in_as_the_head(door: Village) -> None:
    await door.look("UPDATE posts SET role = 'deputy' WHERE person_id = :id", id=door.an.id)
    who = await agreed(door)
    await asks(door, who, name="Đoàn Văn Tâm", phone="0999000004")
    ((request_id,),) = await door.look("SELECT id FROM join_requests")
    assert isinstance(request_id, int)
    await door.an.does(press=Press(Accept(request_id, door.tam.id).pack(), "0"))
    await door.an.sees("đã vào rồi, hoặc không còn")
    assert await whose(door) == 0


async def test_a_request_can_be_answered_once(door: Village) -> None:
    who = await agreed(door)
    await asks(door, who)
    await door.lan.presses("Nhận")
    await who.sees("em nhận ra rồi")
    ((request_id,),) = await door.look("SELECT id FROM join_requests")
    assert isinstance(request_id, int)
    await door.hue.does(press=Press(Accept(request_id, 0).pack(), "0"))
    await door.hue.sees("có người trả lời rồi")
    assert await door.look("SELECT COUNT(*) FROM people WHERE name = 'Lê Văn Mới'") == [(1,)]


async def test_who_comes_by_a_code_meanwhile_asks_no_more(door: Village) -> None:
    who = await agreed(door)
    await asks(door, who)
    await invite(door, door.bay)
    await who.says(CODE)
    await who.sees("em nhận ra rồi", "Phạm Thị Bảy")
    assert await door.look("SELECT state FROM join_requests") == [("withdrawn",)]


async def test_stopping_forgets_who_only_asked(door: Village) -> None:
    who = await agreed(door)
    await asks(door, who, phone="0911222333")
    await who.says("/dung")
    await who.presses("Ngưng hẳn")
    await who.sees("xóa những gì anh/chị gửi")
    assert await door.look("SELECT state, name, phone FROM join_requests") == [("withdrawn", "", "")]
    await who.says("chao")
    await who.sees("có đồng ý không ạ?")


@pytest.mark.parametrize("name", ["12", "A", "0911222333", "!!!", "x" * 70])
async def test_what_is_no_name_is_asked_again(door: Village, name: str) -> None:
    who = await agreed(door)
    await who.says("/xinvao")
    await who.says("ap 2")
    await who.sees("họ và tên")
    await who.says(name)
    await who.sees("em cần họ và tên bằng chữ")


async def test_the_lead_looks_at_all_who_wait(door: Village) -> None:
    await claimed(door)
    two = await agreed(door, "p9002")
    await asks(door, two, "ap 2", name="Trần Văn Hậu")
    await door.lan.says("/doi")
    await door.lan.presses("Chờ nhận (2)")
    await door.quiet()
    shown = [text_of(message) for message in door.lan.told[-2:]]
    assert "lời mời của Đoàn Văn Tâm" in shown[0]
    assert "Trần Văn Hậu xin vào Ấp 2" in shown[1]
    await door.hai.says("/choduyet")
    assert "Đoàn" not in await door.hai.sees("Trần Văn Hậu xin vào Ấp 2")
    await door.an.says("/choduyet")
    await door.an.sees("không thuộc phần của anh/chị")


async def test_the_request_in_english(door: Village) -> None:
    who = door.stranger()
    await who.says("/english")
    await who.presses("I agree")
    await who.says("/xinvao")
    await who.sees("Which team", "hamlet")
    await who.says("ap 2")
    await who.sees("full name")
    await who.says("John Smith")
    await who.presses("Skip")
    await who.presses("Send")
    await who.sees("I have asked Võ Văn Hai")
    await door.hai.presses("Nhận")
    await who.sees("I know you now: John Smith, member, Ấp 2")
    assert await door.look("SELECT language FROM people WHERE name = 'John Smith'") == [("en",)]


async def test_somebody_who_holds_no_post_any_more_does_not_come_in(door: Village) -> None:
    await invite(door, door.bay)

    def dismiss(db: Db) -> None:
        for held in people.posts(db, door.bay.id):
            people.dismiss(db, held.id, door.time[0])

    await door.store.run(dismiss)
    who = await agreed(door)
    await who.says(CODE)
    await door.quiet()
    assert await whose(door) == 0
    await who.shares_number("0999000006")
    await who.sees("chưa có trong danh sách")
