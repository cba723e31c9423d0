"""Broadcasts: an administrator's words to everybody under a unit, once each, with a result that adds up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.chat.action import Action
from bot.chat.dialog import Answer
from bot.chat.message import Press
from handlers.broadcasts import Names
from storage import outbox, people, units
from storage.db import Db
from tests.rig import Someone, Village, moment, text_of, village

LETTER = "📢 Thông báo của Lê Minh Quân gửi Xã Đại Điền\n\nHọp lúc 8h <b>&_*["


async def fill(here: Village, unit: str = "xa dai dien", words: str = "Họp lúc 8h <b>&_*[") -> str:
    """Up to the last look; returns it."""
    await here.quan.says("/thongbao")
    await here.quan.sees("Câu 1/2", "cho đơn vị nào")
    await here.quan.says(unit)
    await here.quan.sees("Câu 2/2", "nội dung thông báo")
    await here.quan.says(words)
    return await here.quan.sees("Người nhận sẽ thấy như vầy")


async def follow(here: Village) -> None:
    """What the clock does every two seconds, now."""
    await here.quiet()
    await here.app.run_job(here.app.around.routes.timers["broadcasts.follow"].run)
    await here.quiet()


async def result(here: Village) -> str:
    """The card when all is said."""
    await follow(here)
    await here.quan.says("T-0001")
    return await here.quan.sees("T-0001 đã gửi xong")


def sums(card: str) -> tuple[int, int, int, int]:
    found = re.search(r"Đã gửi (\d+)\n.* (\d+)\n.* (\d+)\n= Tổng (\d+)", card)
    assert found is not None, card
    sent, failed, unknown, total = map(int, found.groups())
    assert sent + failed + unknown == total
    return sent, failed, unknown, total


def copies(who: Someone) -> int:
    return sum("Họp lúc 8h" in text_of(message) for message in who.told)


async def test_a_look_with_the_exact_number_and_then_once_to_each(here: Village) -> None:
    checked = await fill(here)
    assert LETTER in checked, "word for word what they will see"
    assert "Gửi tới 6 người của Xã Đại Điền." in checked
    assert await here.look("SELECT COUNT(*) FROM broadcasts") == [(0,)]
    await here.quan.presses("Gửi")
    await here.quan.sees("T-0001 đang gửi", "/6")
    for name in ("lan", "tam", "an", "bay", "hai", "ut"):
        assert await here.people[name].sees("Họp lúc 8h") == LETTER
        assert copies(here.people[name]) == 1
    assert sums(await result(here)) == (6, 0, 0, 6)
    assert here.dung.told == []
    assert here.hue.told == []
    assert copies(here.quan) <= 1, "the author saw it in the preview"


async def test_the_card_follows_and_is_one_message_where_it_can_be_edited(here: Village) -> None:
    await fill(here)
    await here.quan.presses("Gửi")
    await here.quan.sees("T-0001 đang gửi")
    await follow(here)
    await here.passes(minutes=11)
    cards = [text_of(message) for message in here.quan.told if "T-0001" in text_of(message)]
    assert len(cards) == (2 if here.phone.is_plain(here.quan.chat) else 1)
    assert sums(cards[-1]) == (6, 0, 0, 6)
    await follow(here)
    await here.quan.reads()
    await here.passes(minutes=30)
    await here.quan.sees_nothing_new()


async def test_who_has_not_joined_is_said_before(here: Village) -> None:
    await here.look("UPDATE identities SET unreachable_at = 1 WHERE person_id = :id", id=here.an.id)
    await here.look("DELETE FROM identities WHERE person_id = :id", id=here.bay.id)
    checked = await fill(here)
    assert "Gửi tới 4 người của Xã Đại Điền (còn 2 người chưa vào bot hoặc em nhắn không tới)." in checked
    await here.quan.presses("Gửi")
    assert sums(await result(here)) == (4, 0, 0, 4)


async def test_who_turns_out_unreachable_is_counted_and_named(here: Village) -> None:
    here.phone.blocked |= {here.an.chat, here.ut.chat}
    await fill(here)
    await here.quan.presses("Gửi")
    assert sums(await result(here)) == (4, 2, 0, 6)
    await here.quan.presses("Ai không tới")
    await here.quan.sees("T-0001, không tới được: Nguyễn Văn An, Lê Thị Út")
    checked = await fill(here)
    assert "Gửi tới 4 người" in checked
    assert "còn 2 người" in checked


async def test_nobody_of_the_unit_is_there(here: Village) -> None:
    await here.quan.says("/thongbao")
    await here.quan.says("ap 3")
    await here.quan.sees("ở Ấp 3 em chưa nhắn tới được ai")
    await here.quan.says("ap 2")
    await here.quan.sees("Câu 2/2", "nội dung")


async def test_somebody_with_two_posts_gets_it_once(here: Village) -> None:
    await here.look(
        "INSERT INTO posts (person_id, unit_id, role, since)"
        " SELECT :person, id, 'member', 1 FROM units WHERE code = 'ap2'",
        person=here.an.id,
    )
    assert "Gửi tới 6 người" in await fill(here)
    await here.quan.presses("Gửi")
    assert sums(await result(here)) == (6, 0, 0, 6)
    assert copies(here.an) == 1


async def test_two_presses_send_it_once(here: Village) -> None:
    await fill(here)
    ((draft,),) = await here.look("SELECT id FROM drafts")
    assert isinstance(draft, int)
    press = Press(Answer(draft, "~confirm", "~send").pack(), "0")
    await here.quan.does(press=press)
    await here.quan.does(press=press)
    await here.quan.sees("đã làm xong hoặc đã bỏ rồi")
    await follow(here)
    assert await here.look("SELECT COUNT(*) FROM broadcasts") == [(1,)]
    assert copies(here.an) == 1


async def test_at_night_it_waits_for_the_morning(here: Village) -> None:
    await here.turns_to("2026-11-23 21:30")
    assert "em sẽ gửi lúc 06:30 thứ Ba 24/11" in await fill(here)
    await here.quan.presses("Gửi")
    await here.quan.sees("T-0001 chờ gửi lúc 06:30 thứ Ba 24/11, tới 6 người")
    await follow(here)
    await here.quan.reads()
    await here.turns_to("2026-11-24 06:29")
    await follow(here)
    await here.quan.sees_nothing_new()
    assert await here.look("SELECT COUNT(*) FROM outbox WHERE card = 'broadcast:1'") == [(1,)], "no edit says the same"
    assert copies(here.an) == 0
    await here.turns_to("2026-11-24 06:30")
    assert copies(here.an) == 1
    assert sums(await result(here)) == (6, 0, 0, 6)


async def test_who_stops_before_the_morning_is_not_written_to_and_counted(here: Village) -> None:
    await here.turns_to("2026-11-23 21:30")
    await fill(here)
    await here.quan.presses("Gửi")
    await here.quan.sees("chờ gửi lúc 06:30")
    await here.an.says("/dung")
    await here.an.presses("Ngưng hẳn")
    await here.an.sees("em đã ngưng")
    await here.turns_to("2026-11-24 06:30")
    assert copies(here.an) == 0
    assert sums(await result(here)) == (5, 1, 0, 6)


@pytest.mark.parametrize("name", ["an", "tam", "lan", "hue"])
async def test_only_administrators_broadcast(here: Village, name: str) -> None:
    who = here.people[name]
    for said in ("/thongbao", "thong bao"):
        await who.says(said)
        await who.sees("không thuộc phần của anh/chị")
    assert await here.look("SELECT COUNT(*) FROM drafts") == [(0,)]


async def test_an_administrator_speaks_to_their_own_units_only(here: Village) -> None:
    await here.look("UPDATE posts SET unit_id = (SELECT id FROM units WHERE code = 'xa') WHERE role = 'admin'")
    await here.quan.says("/thongbao")
    await here.quan.says("my an")
    await here.quan.sees("không tìm thấy đơn vị “my an”")
    ((draft,),) = await here.look("SELECT id FROM drafts")
    ((other,),) = await here.look("SELECT id FROM units WHERE code = 'xa2'")
    assert isinstance(draft, int)
    await here.quan.does(press=Press(Answer(draft, "unit", f"unit:{other}").pack(), "0"))
    await here.quan.sees("chọn một mục")


@pytest.mark.parametrize("action", [Names(1, "failed"), Names(1, "unknown"), Names(1, "sent"), Names(7, "failed")])
async def test_results_are_for_the_author(here: Village, action: Action) -> None:
    await fill(here)
    await here.quan.presses("Gửi")
    await follow(here)
    for who in (here.lan, here.hue, here.an):
        await who.does(press=Press(action.pack(), "0"))
        await who.sees("không tìm thấy thông báo này")
        await who.says("T-0001")
        await who.sees("không tìm thấy thông báo này")


async def test_names_of_those_who_got_it_are_not_asked_for(here: Village) -> None:
    await fill(here)
    await here.quan.presses("Gửi")
    await follow(here)
    for state in ("sent", "queued", "x' OR 1"):
        await here.quan.does(press=Press(Names(1, state).pack(), "0"))
        await here.quan.sees("nút này đã cũ rồi")
    await here.quan.does(press=Press(Names(1, "failed").pack(), "0"))
    await here.quan.sees("không có ai trong mục này")


async def test_the_text_keeps_its_lines_and_has_a_limit(here: Village) -> None:
    await here.quan.says("/thongbao")
    await here.quan.says("ap 1")
    await here.quan.sees("Câu 2/2")
    await here.quan.says("dài " * 400)
    await here.quan.sees("em giữ được 1.500 thôi")
    await here.quan.says("🎉" * 800)
    await here.quan.sees("dài 1.600 chữ cái")
    await here.quan.says("dòng một\n\ndòng hai")
    await here.quan.sees("dòng một\n\ndòng hai", "Gửi tới 3 người của Ấp 1")


async def test_a_button_chooses_the_unit_as_well(here: Village) -> None:
    await here.quan.says("thong bao")
    await here.quan.sees("Câu 1/2")
    assert here.quan.choices()[:2] == ["Tỉnh Bến Tre", "Huyện Thạnh Phú"]
    await here.quan.presses("Huyện Thạnh Phú")
    await here.quan.sees("Câu 2/2")
    await here.quan.says("Họp lúc 8h")
    await here.quan.sees("Gửi tới 8 người của Huyện Thạnh Phú.")


async def test_hamlets_of_one_name_are_told_apart(here: Village) -> None:
    def settle(db: Db) -> None:
        ((above,),) = db.all("SELECT id FROM units WHERE code = 'xa2'")
        parent = units.get(db, above)
        other = units.add(db, code="x2a1", name="Ấp 1", kind="ấp", level="hamlet", parent=parent, since=1)
        people.appoint(db, here.dung.id, other.id, "member", 1)

    await here.store.run(settle)
    await here.quan.says("/thongbao")
    await here.quan.sees("Câu 1/2")
    await here.quan.says("ap 1")
    await here.quan.sees("có mấy tên giống vậy")
    assert here.quan.choices()[:2] == ["Ấp 1, Xã Đại Điền", "Ấp 1, Xã Mỹ An"]
    await here.quan.presses("Ấp 1, Xã Mỹ An")
    await here.quan.sees("Câu 2/2")
    await here.quan.says("Họp lúc 8h")
    await here.quan.sees("gửi Ấp 1, Xã Mỹ An", "Gửi tới 1 người của Ấp 1, Xã Mỹ An.")


async def test_each_hears_it_in_their_own_language(here: Village) -> None:
    await here.an.says("/english")
    await fill(here)
    await here.quan.presses("Gửi")
    assert await here.an.sees("Họp lúc 8h") == "📢 From Lê Minh Quân to Xã Đại Điền\n\nHọp lúc 8h <b>&_*["
    assert await here.bay.sees("Họp lúc 8h") == LETTER


@pytest.mark.parametrize("plain", [False, True])
async def test_a_restart_in_the_middle_says_it_to_nobody_twice(tmp_path: Path, plain: bool) -> None:
    url, phones = str(tmp_path / "apso.db"), tmp_path / "phones"
    async with village(phones, plain=plain, url=url, at="2026-11-23 22:00") as here:
        await fill(here)
        await here.quan.presses("Gửi")
        await here.quan.sees("chờ gửi lúc 06:30")
        epoch = here.app.sender.epoch
        claimed = await here.store.run(lambda db: outbox.claim(db, "phone", epoch, moment("2026-11-24 06:30"), 2))
        assert len(claimed) == 2, "on their way when the program ends: perhaps said, perhaps not"
    for at in ("2026-11-24 06:31", "2026-11-24 06:32"):
        async with village(phones, plain=plain, url=url, at=at) as here:
            await here.quiet()
            assert [copies(here.people[name]) for name in ("lan", "tam", "an", "bay", "hai", "ut")] == [
                0,
                0,
                1,
                1,
                1,
                1,
            ]
            assert sums(await result(here)) == (4, 0, 2, 6)


async def test_whose_copy_is_in_doubt_is_named(here: Village) -> None:
    await fill(here)
    await here.quan.presses("Gửi")
    await here.quiet()
    await here.look("UPDATE outbox SET state = 'unknown' WHERE broadcast_id = 1 AND person_id = :id", id=here.an.id)
    assert sums(await result(here)) == (5, 0, 1, 6)
    assert not here.quan.offers_now("Ai không tới")
    await here.quan.presses("Ai chưa rõ")
    await here.quan.sees("T-0001, chưa rõ: Nguyễn Văn An.")


async def test_the_right_to_speak_is_asked_again_at_the_last_press(here: Village) -> None:
    await fill(here)
    await here.look("UPDATE posts SET until = 1 WHERE person_id = :id", id=here.quan.id)
    await here.quan.presses("Gửi")
    await here.quan.sees("không thuộc phần của anh/chị")
    assert await here.look("SELECT COUNT(*) FROM broadcasts") == [(0,)]


async def test_the_author_is_not_among_those_written_to(here: Village) -> None:
    assert "Gửi tới 8 người của Tỉnh Bến Tre." in await fill(here, "ben tre")
    await here.quan.presses("Gửi")
    assert sums(await result(here)) == (8, 0, 0, 8)
    written = await here.look("SELECT person_id FROM outbox WHERE broadcast_id = 1 ORDER BY person_id")
    assert written == [(who.id,) for who in here.people.values() if who is not here.quan]
