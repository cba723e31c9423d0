"""Photos sent together: each part is kept at once, and all are heard as one message, whoever took them in."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import app as application
from bot.chat.message import Address, File, Incoming
from bot.chat.turn import ripen
from storage import inbox
from tests.rig import Village, village

PHOTOS = [File("photo", "phone", f"photo{number}") for number in range(4)]


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "ALBUM_WAIT_S", 0.15)


async def send(here: Village, number: int, *, album: str = "g", text: str = "") -> None:
    """One part, as the channel brings it."""
    await here.an.does(files=(PHOTOS[number],), album=album, order=number, text=text)


async def is_asked_for_photos(here: Village) -> None:
    await here.an.says("báo cáo")
    await here.an.presses("Nộp hồ sơ")
    await here.an.says("5")
    await here.an.sees("hình hay muốn ghi chú")


async def test_parts_become_one_message_in_their_own_order(here: Village) -> None:
    await is_asked_for_photos(here)
    for number in (2, 0, 1):
        await send(here, number)
    await here.an.sees("Em đã nhận 3 hình")
    assert await here.look("SELECT ref FROM files ORDER BY id") == [("photo0",), ("photo1",), ("photo2",)]
    assert await here.look("SELECT COUNT(*) FROM inbox") == [(0,)]


async def test_what_is_said_after_an_album_is_heard_after_it(here: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "ALBUM_WAIT_S", 60)
    await is_asked_for_photos(here)
    await send(here, 0)
    await send(here, 1)
    assert await here.look("SELECT COUNT(*) FROM inbox") == [(2,)], "kept at once"
    await here.an.says("bà con rất vui")
    await here.an.sees("bà con rất vui", "2 hình")


async def test_a_part_that_comes_again_does_nothing_twice(here: Village) -> None:
    await is_asked_for_photos(here)
    part = Incoming(Address("phone", here.an.chat), "u7", here.time[0], files=(PHOTOS[0],), album="g")
    assert not (await here.app.hear(part)).repeated
    assert (await here.app.hear(part)).repeated
    await here.an.sees("Em đã nhận 1 hình")
    assert (await here.app.hear(part)).repeated
    assert await here.look("SELECT COUNT(*) FROM files") == [(1,)]


async def test_two_albums_are_two_messages(here: Village) -> None:
    await is_asked_for_photos(here)
    for number, album in ((0, "g"), (1, "g"), (2, "h"), (3, "h")):
        await send(here, number, album=album)
    await here.an.sees("4 hình")


async def test_an_album_that_grows_while_it_is_looked_for_is_not_cut_in_two(
    here: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look for albums left behind and their turn are two transactions; another process may take a part in between
    them."""
    monkeypatch.setattr(application, "ALBUM_WAIT_S", 60)
    await is_asked_for_photos(here)
    await send(here, 0)
    assert await left(here, here.time[0]) == [], "it came just now"
    (found,) = await left(here, here.time[0] + 1)
    await send(here, 1)
    await here.app.store.run(lambda db: ripen(db, *found, here.time[0], here.app.around))
    assert await here.look("SELECT COUNT(*) FROM inbox") == [(2,)]
    (found,) = await left(here, here.time[0] + 1)
    await here.app.store.run(lambda db: ripen(db, *found, here.time[0], here.app.around))
    assert await here.look("SELECT COUNT(*) FROM inbox") == [(0,)]
    assert await here.look("SELECT COUNT(*) FROM files") == [(2,)]


async def left(here: Village, before: int) -> list[tuple[Address, str]]:
    found = await here.app.store.run(lambda db: inbox.left(db, before), line=None)
    return [(Address(channel, chat), newest) for channel, chat, newest in found]


async def test_an_album_whose_program_ended_is_heard_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "ALBUM_WAIT_S", 60)
    file = str(tmp_path / "apso.db")
    async with village(tmp_path / "phones", url=file) as here:
        await is_asked_for_photos(here)
        await send(here, 0)
        await send(here, 1)
    async with village(tmp_path / "phones", url=file, at="2026-11-23 08:01") as here:
        await here.an.sees("Em đã nhận 2 hình")
