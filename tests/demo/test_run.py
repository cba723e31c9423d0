"""The demo as a program: ready soon, stopped cleanly, kept and gone on with, and kind when something is wrong."""

from __future__ import annotations

import os
import signal
import socket
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.demo.load import go_on, load
from storage import reports
from storage.db import Db
from storage.sqlite import open_sqlite
from tests.demo.process import ended, running, start
from tests.rig import ZONE, moment


async def ask(url: str, path: str, content: dict[str, object] | None = None) -> Any:
    """What the interface of the phones answers; `content` is posted."""
    method = "GET" if content is None else "POST"
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"{url}/phone/api/{path}", json=content) as answer,
    ):
        assert answer.status == 200, await answer.text()
        return await answer.json()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
async def test_it_says_what_to_try_and_stops_cleanly(tmp_path: Path, how: signal.Signals) -> None:
    async with running(folder=tmp_path) as program:
        assert f"{program.url}/phone" in program.said
        assert "Báo cáo" in program.said
        assert "--keep" in program.said
        async with aiohttp.ClientSession() as session, session.get(f"{program.url}/phone/api/events") as events:
            await events.content.readline()
            assert await program.stop(how) == (0, ""), "an open page does not hold it back"
    assert os.listdir(tmp_path) == []


async def test_it_begins_on_a_thursday_with_three_people_who_differ(tmp_path: Path) -> None:
    async with running(folder=tmp_path) as program:
        assert (await ask(program.url, "clock"))["weekday"] == "thứ Năm"
        people = await ask(program.url, "people?limit=4")
        assert [one["role"] for one in people] == ["Thành viên", "Đầu mối xã", "Quản trị", "Tổ trưởng"]
        assert [one["open"] for one in people] == [True, True, True, False]
        assert people[0]["unit"] == people[3]["unit"] == "Ấp 1, xã Đại Điền"
        member, lead, admin = [await ask(program.url, f"{one['id']}/messages") for one in people[:3]]
        for person, (start, hello, *_) in zip(people, (member, lead, admin), strict=False):
            assert start["text"] == "/start"
            assert hello["text"].startswith(f"Dạ, chào {person['name']}")
        assert "việc chờ anh/chị làm" in member[2]["text"], (
            "what waits comes with the greeting, for whom something does"
        )
        assert "chờ anh/chị xem" in lead[2]["text"]
        assert [len(member), len(lead), len(admin)] == [3, 3, 2]


async def test_what_is_kept_goes_on(tmp_path: Path) -> None:
    kept = tmp_path / "kept.db"
    async with running("--keep", str(kept), folder=tmp_path) as program:
        assert str(kept) in program.said
        member = (await ask(program.url, "people?limit=1"))[0]["id"]
        await ask(program.url, f"{member}/plain", {"plain": True})
        turned = await ask(program.url, "clock", {"advance": "friday 16:00"})
        before = await ask(program.url, f"{member}/messages")
        assert await program.stop() == (0, "")
    async with running("--keep", str(kept), folder=tmp_path) as program:
        now = await ask(program.url, "clock")
        assert datetime.fromisoformat(now["now"]) >= datetime.fromisoformat(turned["now"])
        assert now["now"][:10] == turned["now"][:10]
        assert (await ask(program.url, member))["plain"] is True
        after = await ask(program.url, f"{member}/messages")
        assert after[: len(before)] == before
        assert [one["text"] for one in after].count("/start") == 1, "it does not say hello again"
        assert await program.stop() == (0, "")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--port", "99999"), "99999 is no port"),
        (("--keep", "{folder}/notes.txt"), "is not an apso database"),
        (("--keep", "{folder}/other.db"), "is no kept demonstration"),
        (("--port", "{taken}"), "try another: apso demo --port"),
    ],
)
async def test_what_is_wrong_is_said_in_a_sentence(tmp_path: Path, arguments: tuple[str, str], sentence: str) -> None:
    (tmp_path / "notes.txt").write_text("not a database, but long enough to look at " * 20)
    other = await open_sqlite(str(tmp_path / "other.db"), moment("2026-11-26 09:00"))
    await other.run(lambda db: load(db, moment("2026-11-26 09:00"), ZONE, past=False))
    await other.close()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        names = {"folder": tmp_path, "taken": taken.getsockname()[1]}
        program = await start(*(one.format(**names) for one in arguments), folder=tmp_path)
        status, errors = await ended(program)
    assert status == 1
    assert errors.startswith("apso: ")
    assert sentence in errors
    assert "Traceback" not in errors
    assert not [name for name in os.listdir(tmp_path) if name.startswith("apso-demo")]


def count(db: Db, first: str) -> int:
    """How many reports there are of this day and later."""
    row = db.one("SELECT COUNT(*) FROM reports WHERE day >= :first", first=first)
    assert row is not None
    return int(row[0])


async def test_the_others_go_on_with_their_work_as_the_clock_is_turned() -> None:
    morning, evening, friday = (moment(at) for at in ("2026-11-26 09:00", "2026-11-26 23:00", "2026-11-27 16:00"))
    store = await open_sqlite(":memory:", morning)
    try:
        shown = await store.run(lambda db: load(db, morning, ZONE))
        assert await store.run(lambda db: count(db, "2026-11-26")) == 0
        await store.run(lambda db: go_on(db, morning, evening, ZONE))
        first_day = await store.run(lambda db: count(db, "2026-11-26"))
        await store.run(lambda db: go_on(db, morning, morning, ZONE))
        assert first_day == await store.run(lambda db: count(db, "2026-11-26")) > 20
        await store.run(lambda db: go_on(db, evening, friday, ZONE))
        assert first_day < await store.run(lambda db: count(db, "2026-11-26")) < 400
        mine = await store.run(lambda db: reports.of_author(db, shown.member, "2026-11-01", "2026-11-30"))
        assert mine, "they have something to look at"
        assert {one.day < "2026-11-26" for one in mine} == {True}, "what they do now is up to who plays them"
    finally:
        await store.close()
