"""Sheets of invitations, codes taken back, and the board that shows who has come in."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from bot.chat.message import Press
from bot.config import Config
from bot.strips import make
from handlers.team.board import Board, ForGroup, Waiting
from handlers.team.invite import TakeBack
from storage import errands, invites, people, units
from storage.db import Db
from tests.handlers.test_reports import send
from tests.handlers.test_team import code_for, post, unit_id
from tests.rig import UNHURRIED, Someone, Village, text_of, village

CODE = re.compile(r"[A-Z2-9]{4}-[A-Z2-9]{4}")


async def without(here: Village, *names: str) -> None:
    """These have not joined."""
    for name in names:
        await here.look("DELETE FROM identities WHERE person_id = :id", id=here.people[name].id)


async def sheet_of(lead: Someone) -> list[str]:
    """The text of each page of the newest document on the phone."""
    await lead.sees("📄 Giấy mời của")
    file = next(message.files[0] for message in reversed(lead.told) if message.files)
    assert (file.kind, file.name, file.mime) == ("document", file.name, "application/pdf")
    found = lead.village.phone.find(file.ref)
    assert found is not None
    return [page.extract_text() for page in PdfReader(found[0]).pages]


async def test_a_sheet_for_all_below_who_have_not_joined(here: Village) -> None:
    await without(here, "tam", "bay", "ut")
    await here.lan.says("/moi")
    await here.lan.presses("Giấy mời cho tất cả bên dưới (3")
    asked = await here.lan.sees("làm giấy mời cho 3 người", "Xã Đại Điền")
    assert "mã cũ" not in asked
    await here.lan.presses("Làm giấy mời")
    pages = await sheet_of(here.lan)
    assert len(pages) == 2, "each unit begins a page"
    assert "Ấp 1, Xã Đại Điền" in pages[0]
    assert "dùng tới 23/12/2026" in pages[0]
    assert "Đoàn Văn Tâm" in pages[0]
    assert "Phạm Thị Bảy" in pages[0]
    assert "Ấp 2, Xã Đại Điền" in pages[1]
    assert "Lê Thị Út" in pages[1]
    assert "Nguyễn Văn An" not in "".join(pages), "who has joined needs none"
    codes = CODE.findall("".join(pages))
    assert len(set(codes)) == 3
    assert await here.look("SELECT COUNT(*) FROM invites") == [(3,)]
    where = " OR ".join(f"hash LIKE '%{code}%'" for code in codes)
    assert await here.look(f"SELECT COUNT(*) FROM invites WHERE {where}") == [(0,)]
    stranger = here.stranger()
    await stranger.starts(CODE.findall(pages[1])[0])
    await stranger.presses("Đồng ý")
    await stranger.sees("em nhận ra rồi", "Lê Thị Út")


async def test_the_card_says_how_it_goes(rich: Village) -> None:
    await without(rich, "bay")
    await rich.tam.says("/moi")
    await rich.tam.presses("Giấy mời cho cả tổ (1")
    await rich.tam.presses("Làm giấy mời")
    await rich.tam.sees("📄 Giấy mời của Ấp 1: 1 người")
    assert any("✅ Giấy mời cho 1 người đã xong" in text_of(message) for message in rich.tam.told)
    assert not any("⏳" in text_of(message) for message in rich.tam.told)


async def test_a_new_sheet_says_first_that_it_voids_the_older_codes(here: Village) -> None:
    await without(here, "bay")
    old = await code_for(here.tam, "bay")
    await here.lan.says("/moi")
    await here.lan.presses("Giấy mời cho tất cả bên dưới (1")
    await here.lan.sees("1 người đang có mã chưa dùng: mã cũ của họ sẽ hết hiệu lực")
    assert await here.look("SELECT COUNT(*) FROM invites WHERE void_at IS NOT NULL") == [(0,)]
    await here.lan.presses("Làm giấy mời")
    pages = await sheet_of(here.lan)
    stranger = here.stranger()
    await stranger.starts(old)
    await stranger.presses("Đồng ý")
    await stranger.sees("thay bằng mã mới")
    await stranger.says(CODE.findall(pages[0])[0])
    await stranger.sees("em nhận ra rồi", "Phạm Thị Bảy")


async def test_the_sheet_comes_though_it_is_night(here: Village) -> None:
    await without(here, "bay")
    await here.turns_to("2026-11-23 22:00")
    await here.tam.says("/moi")
    await here.tam.presses("Giấy mời cho cả tổ")
    await here.tam.presses("Làm giấy mời")
    assert len(await sheet_of(here.tam)) == 1


async def test_who_lost_the_post_meanwhile_gets_no_sheet(here: Village) -> None:
    await without(here, "bay")
    given = {"unit": await unit_id(here, "ap1"), "whole": False}

    def dismissed(db: Db) -> None:
        errands.order(db, "team.sheet", given, here.tam.id, here.time[0])
        for held in people.posts(db, here.tam.id):
            people.dismiss(db, held.id, here.time[0])

    await here.store.run(dismissed)
    here.app.errands.ring()
    await here.tam.sees("không thuộc phần của anh/chị")
    assert await here.look("SELECT state FROM errands") == [("failed",)]
    assert await here.look("SELECT COUNT(*) FROM invites") == [(0,)]


async def test_who_holds_a_higher_post_elsewhere_is_on_no_sheet_from_below(here: Village) -> None:
    await without(here, "bay", "an")
    tinh = await unit_id(here, "tinh")
    await here.store.run(lambda db: people.appoint(db, here.an.id, tinh, "admin", here.time[0]))
    await here.tam.says("/moi")
    await here.tam.presses("Giấy mời cho cả tổ (1")
    await here.tam.presses("Làm giấy mời")
    assert "Nguyễn Văn An" not in "".join(await sheet_of(here.tam))


async def test_what_was_made_is_kept_no_longer_than_until_it_was_sent(here: Village) -> None:
    await without(here, "bay")
    await here.tam.says("/moi")
    await here.tam.presses("Giấy mời cho cả tổ")
    await here.tam.presses("Làm giấy mời")
    await sheet_of(here.tam)
    await here.quiet()
    await here.store.run(lambda db: errands.forget_sent(db, here.time[0] + 1))
    assert await here.look("SELECT COUNT(*) FROM made") == [(0,)]


async def test_what_waits_to_be_sent_is_kept(here: Village) -> None:
    def wait(db: Db) -> None:
        number = errands.order(db, "team.sheet", {}, here.tam.id, here.time[0])
        assert errands.end(db, number, "done", here.time[0])
        errands.keep(db, number, "made:1", b"%PDF-", here.time[0])
        db.run(
            "INSERT INTO outbox (lane, kind, channel, chat, body, card, edits, state, epoch, attempts, not_before,"
            " created_at, changed_at, message_id, error) VALUES (1, 'NOTICE', 'nowhere', 'x', '{}', 'made:1', 0,"
            " 'queued', 0, 0, :later, 0, 0, '', '')",
            later=here.time[0] * 2,
        )

    await here.store.run(wait)
    await here.store.run(lambda db: errands.forget_sent(db, here.time[0] + 1))
    assert await here.look("SELECT COUNT(*) FROM made") == [(1,)]


async def test_a_sheet_for_an_empty_team_is_not_offered(here: Village) -> None:
    await here.lan.says("/moi")
    await here.lan.sees("mời ai vào")
    assert not here.lan.offers_now("Giấy mời")


async def test_the_sheet_in_english(here: Village) -> None:
    await without(here, "bay")
    await here.tam.says("/english")
    await here.tam.says("/moi")
    await here.tam.presses("Invitations for the team (1 not joined)")
    await here.tam.presses("Draw them")
    await here.tam.sees("📄 Invitations of Ấp 1: 1 people")
    file = next(message.files[0] for message in reversed(here.tam.told) if message.files)
    found = here.phone.find(file.ref)
    assert found is not None
    assert "Cut along the dots" in PdfReader(found[0]).pages[0].extract_text()


# Codes taken back


async def test_a_code_just_given_is_taken_back(here: Village) -> None:
    await without(here, "bay")
    code = await code_for(here.tam, "bay")
    await here.tam.presses("Thu lại mã này")
    await here.tam.sees("mã của Phạm Thị Bảy đã thu lại")
    stranger = here.stranger()
    await stranger.starts(code)
    await stranger.presses("Đồng ý")
    await stranger.sees("đã được thu lại")
    await here.tam.does(press=Press(TakeBack(here.bay.id).pack(), "0"))
    await here.tam.sees("không còn mã nào chưa dùng")
    assert ("team.code_taken_back",) in await here.look("SELECT act FROM audit")


async def test_a_code_lost_later_is_taken_back_from_the_same_command(here: Village) -> None:
    await without(here, "bay")
    await code_for(here.tam, "bay")
    await here.lan.says("/moi")
    await here.lan.says("bay")
    await here.lan.sees("Phạm Thị Bảy đang có một mã chưa dùng")
    await here.lan.presses("Thu lại mã")
    await here.lan.sees("mã của Phạm Thị Bảy đã thu lại")
    assert await here.look("SELECT COUNT(*) FROM invites WHERE void_at IS NULL") == [(0,)]


async def test_a_lost_sheet_is_taken_back_whole(here: Village) -> None:
    await without(here, "bay", "ut")
    for name in ("bay", "ut"):
        await code_for(here.lan, name)
    await here.lan.says("/moi")
    await here.lan.says("Thu lại mọi mã chưa dùng (2)")
    await here.lan.sees("em thu lại 2 mã chưa dùng")
    await here.lan.presses("Thu lại hết")
    await here.lan.sees("em đã thu lại 2 mã")
    assert await here.look("SELECT COUNT(*) FROM invites WHERE void_at IS NULL") == [(0,)]


@pytest.mark.parametrize("name", ["an", "hai", "dung"])
async def test_nobody_takes_back_the_codes_of_other_units(here: Village, name: str) -> None:
    await without(here, "bay")
    await code_for(here.tam, "bay")
    await post(here.people[name], TakeBack(here.bay.id))
    await here.people[name].sees("không thuộc phần của anh/chị")
    assert await here.look("SELECT COUNT(*) FROM invites WHERE void_at IS NULL") == [(1,)]


# The board


async def test_the_board_says_it_in_a_sentence_then_in_lines(here: Village) -> None:
    await without(here, "tam", "bay", "ut")
    await send(here.an, "5")
    await code_for(here.lan, "bay")
    await here.lan.says("/doi")
    await here.lan.presses("Ai đã vào bot")
    text = await here.lan.sees("📲 Xã Đại Điền: vào bot")
    assert text.split("\n")[1:3] == [
        "3/6 người đã vào, 1 người đã báo cáo lần đầu.",
        "Còn lại: 1 người có mã mà chưa vào, 2 người chưa có mã.",
    ]
    assert "▰▱▱▱▱ Ấp 1: vào 1/3 · có mã 2 · báo cáo 1" in text
    assert "▰▰▱▱▱ Ấp 2: vào 1/2 · có mã 1 · báo cáo 0" in text
    assert "▱▱▱▱▱ Ấp 3: chưa có ai trong danh sách" in text
    assert "Mỹ An" not in text


async def test_a_code_taken_back_or_expired_counts_no_more(here: Village) -> None:
    await without(here, "bay", "ut")
    for name in ("bay", "ut"):
        await code_for(here.lan, name)
    await here.tam.says("/vaobot")
    await here.tam.sees("✉️ Phạm Thị Bảy: có mã, chưa vào")
    await here.lan.presses("Thu lại mã này")
    await here.lan.says("/vaobot")
    await here.lan.sees("Còn lại: 1 người có mã mà chưa vào, 1 người chưa có mã.")
    await here.turns_to("2027-01-04 08:00")
    await here.lan.says("/vaobot")
    await here.lan.sees("Còn lại: 2 người chưa có mã.")
    await here.turns_to("2027-04-04 08:00")
    assert await here.look("SELECT COUNT(*) FROM invites") == [(0,)]


async def test_a_head_sees_how_far_each_is(here: Village) -> None:
    await without(here, "bay")
    await send(here.an, "5")
    await here.tam.says("/vaobot")
    text = await here.tam.sees("📲 Ấp 1: vào bot")
    assert "✅ Nguyễn Văn An: đã vào, đã báo cáo" in text
    assert "▫️ Phạm Thị Bảy: chưa có mã" in text
    assert "📲 Đoàn Văn Tâm: đã vào, chưa báo cáo lần nào" in text


async def test_words_for_the_group_name_nobody(here: Village) -> None:
    await without(here, "bay")
    await here.tam.says("/vaobot")
    await here.tam.presses("Lời nhắn cho nhóm")
    await here.quiet()
    letter, aside = [text_of(message) for message in here.tam.told[-2:]]
    assert letter.startswith("📣 Tổ công nghệ số cộng đồng – Ấp 1\n")
    assert "Bảy" not in letter
    assert "chuyển tin ở trên vào nhóm Zalo" in aside


async def test_all_who_have_not_joined_are_shown_page_by_page(here: Village) -> None:
    def crowd(db: Db) -> None:
        (unit,) = units.with_code(db, "ap3")
        for number in range(45):
            one = people.add(db, name=f"Người {number:02d}", phone="", language="vi", now=here.time[0])
            people.appoint(db, one.id, unit.id, "member", here.time[0])

    await here.store.run(crowd)
    await here.lan.says("/vaobot")
    await here.lan.presses("Ai chưa vào bot")
    text = await here.lan.sees("Chưa vào bot (45)", "Trang 1/3")
    assert text.count("• Người") == 20
    for page, count in ((2, 20), (3, 5)):
        await here.lan.presses("Xem thêm", within="Chưa vào bot")
        text = await here.lan.sees(f"Trang {page}/3")
        assert text.count("• Người") == count
    assert "Người 44" in text
    await here.lan.presses("Trang trước", within="Trang 3/3")
    await here.lan.sees("Trang 2/3")


async def test_when_all_are_in_there_is_nobody_to_call(here: Village) -> None:
    await here.tam.says("/vaobot")
    await here.tam.sees("Đủ hết rồi ạ: 3/3 người đã vào")
    assert not here.tam.offers_now("Ai chưa vào bot")
    assert not here.tam.offers_now("Lời nhắn cho nhóm")


@pytest.mark.parametrize("page", [-5, 99])
async def test_a_page_that_is_not_there_is_no_fault(here: Village, page: int) -> None:
    await without(here, "bay")
    ap1 = await unit_id(here, "ap1")
    await post(here.tam, Waiting(ap1, page))
    await here.tam.sees("• Phạm Thị Bảy (Ấp 1) 0999000006")
    await post(here.tam, Board(ap1, page))
    await here.tam.sees("📲 Ấp 1: vào bot", "Phạm Thị Bảy")
    await post(here.an, ForGroup(ap1))
    await here.an.sees("không thuộc phần của anh/chị")


async def test_the_board_in_english(here: Village) -> None:
    await without(here, "bay")
    await here.lan.says("/english")
    await here.lan.says("/vaobot")
    await here.lan.sees("5/6 have joined", "Ấp 1: joined 2/3")


# What is drawn


def given(strips: int, link: str = "https://t.me/apso_bot?start=K7MQ-2XHB") -> dict[str, object]:
    how = {name: ["1. Mở", "2. Bấm", "3. Xong"] for name in ("link", "typed")}
    one = {"unit": "Ấp 1", "code": "K7MQ-2XHB", "link": link, "how": "link" if link else "typed"}
    return {
        "pages": [
            {
                "team": "Tổ – Ấp 1",
                "until": "dùng tới 1/1",
                "strips": [{**one, "name": f"Người thứ {number}"} for number in range(strips)],
            }
        ],
        "words": {"title": "Giấy mời", "cut": "Cắt", "once": "Một lần", "how": how},
    }


@pytest.mark.parametrize(("strips", "pages"), [(1, 1), (6, 1), (7, 2), (13, 3)])
def test_no_strip_is_broken_over_two_pages(strips: int, pages: int) -> None:
    read = [page.extract_text() for page in PdfReader(io.BytesIO(make(given(strips)))).pages]
    assert len(read) == pages
    assert all("Tổ – Ấp 1" in page and "dùng tới 1/1" in page for page in read), "the team and the expiry on each page"
    assert [page.count("Người thứ") for page in read] == [min(6, strips - 6 * n) for n in range(pages)]


def test_names_of_any_kind_are_drawn() -> None:
    page = given(0)
    names = [
        "Nguyễn Thị Ngọc Phượng " * 9,
        "=HYPERLINK(1)",
        "<b>An</b> & Bảy",
        "Ngo\u0302 \U0001f600",
        "\u202eAn",
        "ẰẴẬỄỘỮỴ",
    ]
    one = {"unit": "Ấp 1", "code": "K7MQ-2XHB", "link": "", "how": "typed"}
    page["pages"][0]["strips"] = [{**one, "name": name} for name in names]  # type: ignore[index]
    (read,) = [page.extract_text() for page in PdfReader(io.BytesIO(make(page))).pages]
    assert "Ngô" in read
    assert "…" in read
    assert "<b>An</b> & Bảy" in read
    assert "ẰẴẬỄỘỮỴ" in read


async def test_the_link_is_on_the_sheet_where_there_is_one(tmp_path: Path) -> None:
    config = Config.model_validate(UNHURRIED.model_dump() | {"bot": {"invite_days": 3}})
    async with village(tmp_path, config=config) as here:
        await without(here, "bay")
        await here.tam.says("/moi")
        await here.tam.presses("Giấy mời cho cả tổ")
        await here.tam.presses("Làm giấy mời")
        pages = await sheet_of(here.tam)
        assert "dùng tới 26/11/2026" in pages[0]
        assert "nhắn: xin chao" in pages[0], "without Telegram there is no link to scan"
        (code,) = CODE.findall(pages[0])
        found = await here.store.run(lambda db: invites.find(db, code))
        assert found is not None
        assert found.expires_at == here.time[0] + 3 * 86_400_000
