"""One update is one transaction, replies included; what goes wrong is said, kept, and undone."""

from __future__ import annotations

import logging
import re

import pytest

from bot.chat.message import Address, Incoming, Press
from tests.rig import Village


def said(here: Village, text: str = "", *, key: str = "k1", press: Press | None = None) -> Incoming:
    return Incoming(Address("phone", here.an.chat), key, here.time[0], text=text, press=press)


async def test_a_repeated_update_does_nothing(here: Village) -> None:
    first = await here.app.hear(said(here, "báo cáo"))
    again = await here.app.hear(said(here, "báo cáo"))
    assert (first.repeated, again.repeated) == (False, True)
    await here.quiet()
    assert len(here.an.told) == 1


async def test_a_surprise_is_apologised_for_and_loses_nothing(here: Village, caplog: pytest.LogCaptureFixture) -> None:
    await here.an.says("báo cáo")
    await here.an.presses("Nộp hồ sơ")
    await here.an.sees("Bao nhiêu hồ sơ")
    await here.store.run(lambda db: db.run("ALTER TABLE categories RENAME TO away"))
    with caplog.at_level(logging.ERROR, "apso.turn"):
        await here.an.says("12 hồ sơ bí mật")
        await here.an.sees("em bị trục trặc", "L-0001")
    assert "L-0001" in caplog.text
    assert re.search("OperationalError|UndefinedTable", caplog.text)
    assert "bí mật" not in caplog.text
    assert await here.look("SELECT said FROM surprises") == [("12 hồ sơ bí mật",)]

    await here.store.run(lambda db: db.run("ALTER TABLE away RENAME TO categories"))
    await here.an.says("12")
    await here.an.sees("hình hay muốn ghi chú")


@pytest.mark.parametrize(
    "packed", ["", "garbage", "1zz:1", "0a:1:x:y", "1ru:99999999999999999999", "1tf:-1", "1t:/baocao"]
)
async def test_whatever_a_press_carries_gets_an_answer(here: Village, packed: str) -> None:
    await here.app.hear(said(here, press=Press(packed, "77")))
    await here.quiet()
    assert here.an.told
    assert "trục trặc" not in "".join(span.text for span in here.an.told[-1].text)


HOSTILE = [
    "\u202eolleh",
    "a" + "\u0301" * 5000,
    "\u200b" * 300,
    "x" * 100_000,
    "'; DROP TABLE people; --",
    "<b>đậm</b> & {name} %s",
    "\x00\x01\x02",
    "👩‍👩‍👧‍👦" * 500,
    "/" + "a" * 500,
    "/start@somebody " + "x" * 300,
    "1" * 4000,
]


@pytest.mark.parametrize("text", HOSTILE)
async def test_the_bot_still_answers_its_next_person(here: Village, text: str) -> None:
    await here.app.hear(said(here, text))
    await here.app.hear(said(here, "báo cáo", key="k2"))
    await here.app.hear(said(here, text, key="k3"))
    await here.quiet()
    assert await here.look("SELECT said FROM surprises") == []
    await here.bay.says("báo cáo")
    await here.bay.sees("Câu 1/3")
