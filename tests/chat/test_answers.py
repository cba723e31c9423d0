"""Leaving and agreeing in words, from every dialog there is and every kind of question."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from bot.chat.answers import agrees, leaves
from bot.chat.dialog import Ask, Option, Prompt
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.turn import Turn
from storage import drafts
from tests.machines.desk import PHOTO, Desk, open_desk
from tests.rig import Village

STAY = {"category": ["DVC", ""]}
OPTIONS = (Option("1", "Ấp Thới"), Option("2", "Xã An Thạnh"))


def ask_one(kind: str, turn: Turn, ask: Ask, /) -> Said:
    """A dialog of one question of this kind."""
    how: dict[str, Callable[[], object]] = {
        "text": lambda: ask.text("q", "chat.words_please"),
        "number": lambda: ask.number("q", "chat.number_please", unit="người"),
        "amount": lambda: ask.amount("q", "chat.number_please"),
        "value": lambda: ask.value("q", "chat.words_please", str),
        "choice": lambda: ask.choice("q", "chat.pick_one", lambda: OPTIONS),
        "many": lambda: ask.many("q", "chat.pick_some", lambda: OPTIONS),
        "once": lambda: ask.once("q", str, lambda: Prompt(turn.t("chat.pick_one"))),
        "extras": lambda: ask.extras("q", "chat.more_or_done"),
        "photos": lambda: ask.photos("q", "chat.photo_please"),
        "sure": lambda: ask.sure("q", "chat.pick_one"),
        "confirm": lambda: ask.confirm("chat.pick_one"),
    }
    how[kind]()
    return Reply(turn.t("chat.got_note", note="done"))


NO_QUESTION = ("still", "chosen", "pages")
KINDS = [
    name for name, found in inspect.getmembers(Ask, inspect.isfunction) if name[0] != "_" and name not in NO_QUESTION
]


@pytest.fixture(params=["buttons", "numbers"])
def desk(request: pytest.FixtureRequest) -> Desk:
    """The village, with a dialog for each kind of question."""
    found = open_desk(plain_phones=request.param == "numbers")
    router = Router("asking")
    for kind in KINDS:
        dialog = router.dialog(kind)(partial(ask_one, kind))
        router.command(f"ask{kind}")(dialog.begin)
    return answering(found, router)


def answering(desk: Desk, router: Router) -> Desk:
    """The desk with what is on the router as well."""
    routes = desk.around.routes
    added = {dialog.name: dialog for dialog in router.dialogs}
    commands = {command.word: command for command in router.commands}
    routes = replace(routes, dialogs=routes.dialogs | added, commands=routes.commands | commands)
    return replace(desk, around=replace(desk.around, routes=routes))


def test_what_is_chosen_beyond_the_page_is_named() -> None:
    """Typed names are ticked on whatever page they stand; without a word nobody could see what was chosen."""
    router = Router("asking")
    places = [Option(str(n), f"Xã Số {n}") for n in range(1, 21)]

    @router.dialog("places")
    def ask_places(turn: Turn, ask: Ask, /) -> Said:
        found = ask.many("q", "chat.pick_some", lambda: places)
        return Reply(turn.t("chat.got_note", note=",".join(found)))

    router.command("askplaces")(ask_places.begin)
    desk = answering(open_desk(plain_phones=True), router)
    desk.says("an", "/askplaces")
    assert "Đã chọn thêm" not in desk.reads("an")
    desk.says("an", "xã số 2")
    desk.says("an", "xã số 17")
    assert "Đã chọn thêm: Xã Số 17\n" in desk.reads("an")


@pytest.mark.parametrize("said", ["/huy", "Thôi"])
def test_every_kind_of_question_is_left(desk: Desk, said: str) -> None:
    for kind in KINDS:
        desk.says("an", f"/ask{kind}")
        assert desk.look("SELECT dialog FROM drafts WHERE parked = 0") == [(f"asking.{kind}",)]
        desk.says("an", said)
        assert "em dừng lại, chưa ghi gì ạ" in desk.reads("an"), kind
        assert desk.look("SELECT COUNT(*) FROM drafts WHERE parked = 0") == [(0,)], kind


def test_every_dialog_that_exists_is_left_and_gone_on_with(desk: Desk) -> None:
    chat = desk.chats["an"]
    for name in desk.around.routes.dialogs:
        for said in ("/huy", "huy", "hủy", "Hủy.", "thôi", "thoi", "dạ thôi em"):

            def begin(db: Any, name: str = name) -> None:
                draft = drafts.begin(db, "phone", chat, name, {}, desk.now)
                draft.answers = dict(STAY)
                drafts.save(db, draft, desk.now)

            desk.do(begin)
            desk.says("an", said)
            assert "em dừng lại, chưa ghi gì ạ" in desk.reads("an"), (name, said)
            assert desk.look("SELECT dialog, answers LIKE '%DVC%' FROM drafts WHERE parked = 1") == [(name, 1)], (
                name,
                said,
            )
        kept = desk.look("SELECT COUNT(*) FROM surprises")
        desk.press("an", "Tiếp tục phần dở")
        assert kept == desk.look("SELECT COUNT(*) FROM surprises")


async def test_a_unit_is_no_refuge_from_leaving(here: Village) -> None:
    """ "/huy" was once taken for the name of a unit and offered Xã An Thạnh."""
    await here.lan.says("/giaoviec")
    await here.lan.says("Dán mã QR")
    await here.lan.presses("Chọn từng nơi")
    await here.lan.says("/huy")
    await here.lan.sees("em dừng lại, chưa ghi gì ạ", "Tiếp tục phần dở")
    await here.lan.presses("Tiếp tục phần dở")
    await here.lan.says("ấp 1")
    await here.lan.presses("Xong (1)")
    await here.lan.sees("Hạn tới lúc nào")


async def test_at_the_photos_of_a_report_it_leaves_too_and_nothing_is_lost(here: Village) -> None:
    await here.an.says("bao cao")
    await here.an.presses("Nộp hồ sơ")
    await here.an.says("12")
    await here.an.says("ở nhà cô Ba")
    await here.an.says("thôi")
    await here.an.sees("em dừng lại, chưa ghi gì ạ")
    await here.an.presses("Tiếp tục phần dở")
    await here.an.sees("ở nhà cô Ba")
    await here.an.presses("Xong")
    await here.an.sees("12 hồ sơ", "ở nhà cô Ba")
    await here.an.says("ok em")
    await here.an.sees("em ghi nhận B-0001")
    await here.an.says("/huy")
    await here.an.sees("không làm dở việc gì")


def test_one_word_agrees_to_whatever_the_button_does(desk: Desk) -> None:
    for said in ("gui", "gửi", "OK", "đồng ý", "có", "dạ có", "lưu"):
        desk.says("an", "/askconfirm")
        assert "Lưu" in str(desk.shown("an")[0][1])
        desk.says("an", said)
        assert "done" in desk.reads("an"), said
    desk.says("an", "/askconfirm")
    desk.says("an", "", PHOTO)
    desk.says("an", "khoan đã")
    assert "Lưu" in desk.reads("an"), "it says which button does it"
    assert "done" not in desk.reads("an")


@pytest.mark.parametrize("said", ["Thới", "Huỳnh", "Huy Hoàng", "thôi nôi bé Na", "thời", "thôi việc", ""])
def test_a_name_or_an_answer_does_not_leave(said: str) -> None:
    assert not leaves(said)


@pytest.mark.parametrize("said", ["chưa có", "cô", "gửi sau", "ok chưa", "không đồng ý", "dung", ""])
def test_what_is_no_yes_is_none(said: str) -> None:
    assert not agrees(said)
