"""What the bot says it can do, and what it says when it does not understand."""

from __future__ import annotations

import re

import pytest

from bot.chat.message import Press
from tests.rig import Village

OF_ALL = {"viec", "ketqua", "lichsu", "tuan", "trogiup", "tiengviet", "english", "dung", "doiviec", "dulieu", "tapsu"}
OF_MEMBERS = {"baocao", "khongcoviec", "vang"}
OF_LEADS = {"chitieu", "duyet", "hinh", "ngaycong", "giaoviec", "doi", "moi", "thanhvien", "vaobot", "choduyet"}


def commands_in(text: str) -> set[str]:
    return set(re.findall(r"• /(\w+) – ", text))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("an", OF_ALL | OF_MEMBERS),
        ("tam", OF_ALL | OF_MEMBERS | OF_LEADS),
        ("lan", OF_ALL | OF_MEMBERS | OF_LEADS),
        (
            "quan",
            OF_ALL
            | {
                "ngaycong",
                "hinh",
                "doi",
                "moi",
                "donvi",
                "thongbao",
                "thanhvien",
                "vaobot",
                "choduyet",
                "nhatky",
                "yeucau",
                "danhsach",
                "cauhinh",
                "chitieu",
            },
        ),
    ],
)
async def test_help_lists_what_exists_and_only_what_is_theirs(here: Village, name: str, expected: set[str]) -> None:
    who = here.people[name]
    await who.says("/help")
    text = await who.sees("em giúp được mấy việc này")
    assert commands_in(text) == expected
    assert expected < set(here.app.around.routes.commands), "and there are others, that are not listed"


async def test_every_listed_command_answers(here: Village) -> None:
    await here.tam.says("tro giup")
    listed = commands_in(await here.tam.sees("em giúp được mấy việc này"))
    for word in sorted(listed - {"english"}):
        await here.tam.says(f"/{word}")
        answered = await here.tam.sees("")
        assert "trục trặc" not in answered
    assert await here.look("SELECT COUNT(*) FROM surprises") == [(0,)]


async def test_the_word_the_label_and_the_command_are_the_same(here: Village) -> None:
    for said in ("/help", "/trogiup", "tro giup", "Trợ giúp", "❓ Trợ giúp", "TRO GIUP"):
        await here.an.says(said)
        await here.an.sees("em giúp được mấy việc này")


async def test_help_names_a_human(here: Village) -> None:
    await here.an.says("/help")
    await here.an.sees("gọi Đoàn Văn Tâm (tổ trưởng Ấp 1) số 0999000004")
    await here.tam.says("/help")
    await here.tam.sees("gọi Nguyễn Thị Lan (tổ trưởng Xã Đại Điền) số 0999000003")
    await here.quan.says("/help")
    await here.quan.sees("hỏi cán bộ phụ trách ở xã")


async def test_a_human_without_a_number_is_no_help(here: Village) -> None:
    await here.look("UPDATE people SET phone = '' WHERE id = :id", id=here.tam.id)
    await here.an.says("/help")
    await here.an.sees("gọi Nguyễn Thị Lan", "0999000003")


async def test_what_is_not_understood_is_said_so_with_a_way_out(here: Village) -> None:
    await here.an.says("troi hom nay dep qua")
    await here.an.sees("em chưa hiểu ý anh/chị", "Báo cáo", "Việc của tôi")
    await here.an.says("7")
    await here.an.sees("số 7 em chưa biết là anh/chị chọn mục nào")
    await here.an.says("/khonggico <b>")
    await here.an.sees("lệnh /khonggico em chưa có")
    await here.an.does()
    await here.an.sees("em chưa đọc được", "nhắn chữ hoặc gửi hình")


async def test_what_is_not_ones_own_is_refused_kindly(here: Village) -> None:
    for command in ("/giaoviec", "/doi", "/moi", "/thongbao", "giao việc", "Đội của tôi"):
        await here.an.says(command)
        await here.an.sees("không thuộc phần của anh/chị")
    assert await here.look("SELECT COUNT(*) FROM drafts") == [(0,)]


async def test_an_unreadable_button_leads_on(here: Village) -> None:
    for packed in ("", "zz", "1nothing:1", "1ta:x", "1ta:1:2", "9ta:1", "1ta:" + "9" * 40):
        await here.an.does(press=Press(packed, "1"))
        await here.an.sees("nút này đã cũ rồi", "Trợ giúp")
    assert await here.look("SELECT COUNT(*) FROM surprises") == [(0,)]


@pytest.mark.parametrize(
    ("said", "answer"), [("cam on em", "không có chi"), ("Chào em", "em chào anh/chị"), ("dạ", "Dạ."), ("OK", "Dạ.")]
)
async def test_small_talk_gets_an_answer(here: Village, said: str, answer: str) -> None:
    await here.an.says(said)
    await here.an.sees(answer)


async def test_a_command_may_be_said_without_its_stroke_but_not_as_an_answer(here: Village) -> None:
    await here.an.says("tuan")
    await here.an.sees("tuần này")
    await here.lan.says("/giaoviec")
    await here.lan.sees("muốn giao việc gì")
    await here.lan.says("đổi")
    await here.lan.sees("Giao cho ai")
