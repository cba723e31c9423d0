"""What the running program owes whoever waits: what is committed is said, though the one who brought it is gone."""

from __future__ import annotations

import asyncio

from bot.chat.message import Address, Incoming
from tests.rig import Village


async def test_a_reply_is_said_though_its_bringer_was_cut_off(here: Village) -> None:
    said = Incoming(Address("phone", here.an.chat), "u7", here.time[0], text="/baocao")
    bringing = asyncio.create_task(here.app.hear(said))
    await asyncio.sleep(0)
    bringing.cancel()
    await asyncio.gather(bringing, return_exceptions=True)
    await here.an.sees("Câu 1/3")
    assert (await here.app.hear(said)).repeated
    await here.quiet()
