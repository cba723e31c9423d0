"""Numbers of identity papers and one-time codes are turned away at the door, and nothing of them is kept anywhere."""

from __future__ import annotations

import logging

import pytest

from bot.chat.message import Address, File, Incoming
from storage import moving
from tests.handlers.test_reports import begin
from tests.rig import JPEG, Village

PAPER = "083172004561"


async def everything(here: Village) -> str:
    """All that is kept, as one text."""
    tables = [table.name for table in moving.tables()]
    return repr([await here.look(f"SELECT * FROM {table}") for table in tables])


@pytest.mark.parametrize(
    ("said", "told", "gone"),
    [
        ("giup chu Ba, cccd 083 172 004 561", "số căn cước", "083 172"),
        ("ma otp cua co Hai la 583920", "mã xác thực", "583920"),
    ],
)
async def test_it_is_turned_away_and_kept_nowhere(
    here: Village, said: str, told: str, gone: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await here.an.says(said)
    await here.an.sees(told, "không lưu")
    await here.quiet()
    assert gone not in await everything(here)
    assert gone not in caplog.text


async def test_the_dialog_goes_on_where_it_was(here: Village) -> None:
    await begin(here.an)
    await here.an.says(f"cô Tư {PAPER}")
    await here.an.sees("số căn cước")
    await here.an.says("12")
    await here.an.sees("hình hay muốn ghi chú", "căn cước thì đừng gửi")
    await here.an.says(f"cccd {PAPER}", JPEG)
    await here.an.sees("số căn cước")
    await here.an.presses("Không có thêm")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0001")
    assert await here.look("SELECT COUNT(*) FROM files") == [(0,)], "the photo came with the number"
    assert PAPER not in await everything(here)


async def test_a_stranger_is_turned_away_as_well(here: Village) -> None:
    stranger = here.stranger()
    await stranger.says(f"em la Tam, cccd {PAPER}")
    await stranger.sees("số căn cước")
    assert PAPER not in await everything(here)


async def test_names_of_files_are_looked_at(here: Village) -> None:
    file = File("document", "phone", "ref-1", "unique-1", f"cccd {PAPER}.pdf", "application/pdf", 9)
    await here.an.does(text="gửi em", files=(file,))
    await here.an.sees("số căn cước")
    assert PAPER not in await everything(here)


async def test_an_album_with_such_a_caption_is_let_go_whole(here: Village) -> None:
    photos = [File("photo", "phone", f"ref-{n}", f"unique-{n}", "a.jpg", "image/jpeg", 9) for n in range(3)]
    for order, (photo, text) in enumerate(zip(photos, ("", f"cccd {PAPER}", ""), strict=True)):
        await here.an.does(text=text, files=(photo,), album="album", order=order)
        if text:
            await here.an.sees("số căn cước")
    await here.an.says("/trogiup")
    await here.an.sees("em giúp được")
    assert await here.look("SELECT COUNT(*) FROM files") == [(0,)]
    assert PAPER not in await everything(here)


async def test_the_same_update_again_is_not_answered_again(here: Village) -> None:
    heard = Incoming(Address("phone", here.an.chat), "k1", here.time[0], text="otp 583920")
    await here.app.hear(heard)
    await here.an.sees("OTP")
    await here.an.reads()
    assert (await here.app.hear(heard)).repeated
    await here.an.sees_nothing_new()
