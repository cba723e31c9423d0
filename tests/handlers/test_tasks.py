"""Tasks: handed out by a lead, done by the accountable person, accepted or returned by the giver."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from bot.chat.action import Action
from bot.chat.message import Press
from handlers.tasks.actions import (
    Accept,
    Approve,
    ApproveAll,
    Board,
    Cancel,
    Finish,
    GetStuck,
    Nudge,
    Open,
    Photos,
    SendBack,
)
from storage import people, units
from storage.db import Db
from tests.rig import JPEG, Someone, Village, text_of

STATES = "SELECT unit_id, state FROM assignments ORDER BY id"


async def fill(lead: Someone, whom: str = "Tất cả", due: str = "25/12 17h", evidence: str = "Không cần") -> str:
    """Up to the last look; returns it."""
    await lead.says("/giaoviec")
    await lead.sees("Câu 1/4", "giao việc gì")
    await lead.says("Treo pano")
    await lead.sees("Giao cho ai")
    await lead.presses(whom)
    if whom != "Tất cả":
        await lead.sees("bấm Xong")
        return ""
    await lead.sees("Hạn tới lúc nào")
    await lead.says(due)
    await lead.sees("cần gì để kiểm tra")
    await lead.presses(evidence)
    return await lead.sees("Em giao như vầy")


async def give(lead: Someone, due: str = "25/12 17h", evidence: str = "Không cần") -> str:
    """A task for every unit below; returns its board."""
    await fill(lead, due=due, evidence=evidence)
    await lead.presses("Gửi")
    return await lead.sees("em đã giao V-")


async def to_people(lead: Someone, *names: str, due: str = "25/12 17h", evidence: str = "Không cần") -> None:
    """A task for some persons."""
    await fill(lead, "Chọn từng người")
    for name in names:
        await lead.says(name)
    await lead.presses("Xong (")
    await lead.says(due)
    await lead.presses(evidence)
    await lead.sees("Em giao như vầy")
    await lead.presses("Gửi")
    await lead.sees("em đã giao V-")


async def post(who: Someone, action: Action) -> str:
    """A press that no button of the phone need carry."""
    return await who.does(press=Press(action.pack(), "0"))


async def board_of(lead: Someone) -> str:
    """The task as its giver sees it now."""
    await lead.says("V-0001")
    return await lead.sees("V-0001", "= Tổng")


def figures(board: str) -> dict[str, int]:
    names = ("Đúng hạn", "Trễ", "Đang làm", "Chờ duyệt", "Quá hạn", "Tổng")
    return {name: int(re.search(rf"{name} (\d+)", board)[1]) for name in names}  # type: ignore[index]


# Handing out


async def test_to_all_in_four_questions(here: Village) -> None:
    checked = await fill(here.lan)
    assert "Treo pano" in checked
    assert "17:00 thứ Sáu 25/12" in checked
    assert "3 người nhận: Ấp 1 – Đoàn Văn Tâm, Ấp 2 – Võ Văn Hai" in checked
    assert "Ấp 3" in checked.split("Chưa có ai phụ trách")[1]


async def test_units_without_anyone_are_left_out_and_named(here: Village) -> None:
    checked = await fill(here.lan)
    assert "2 người nhận" in checked
    await here.lan.presses("Gửi")
    board = await here.lan.sees("em đã giao V-0001", "= Tổng 2")
    assert "Chưa bấm Đã nhận (2): Ấp 1 – Đoàn Văn Tâm, Ấp 2 – Võ Văn Hai" in board
