"""The webhook, the health page and the server around them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import aiohttp
import pytest

from bot.web.app import build
from bot.web.body import MEGABYTE
from bot.web.server import CannotServe, Server


class Hook:
    """Keeps what it is called with; refuses all but the right secret."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    async def __call__(self, headers: Mapping[str, str], body: bytes) -> int:
        if headers.get("x-telegram-bot-api-secret-token") != "secret":
            return 403
        self.bodies.append(body)
        return 200


async def test_health() -> None:
    async def ill() -> dict[str, object]:
        return {"ok": False, "why": "đĩa đầy"}

    for healthy, status, content in ((None, 200, {"ok": True}), (ill, 503, {"ok": False, "why": "đĩa đầy"})):
        server = Server(build(healthy=healthy), port=0)
        await server.start()
        async with aiohttp.ClientSession() as session, session.get(f"{server.url}/healthz") as answer:
            assert (answer.status, await answer.json()) == (status, content)
        await server.stop()


async def test_the_webhook_decides_the_status() -> None:
    hook = Hook()
    server = Server(build(telegram_webhook=hook, telegram_path="/hook"), port=0)
    await server.start()
    async with aiohttp.ClientSession() as session:
        for secret, status in (("secret", 200), ("guess", 403)):
            headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
            async with session.post(f"{server.url}/hook", data=b"{}", headers=headers) as answer:
                assert answer.status == status
        async with session.get(f"{server.url}/hook") as answer:
            assert answer.status == 405
        async with session.get(f"{server.url}/phone") as answer:
            assert answer.status == 404
    await server.stop()
    assert hook.bodies == [b"{}"]


@pytest.mark.parametrize("size", [MEGABYTE, MEGABYTE + 1])
async def test_the_webhook_takes_one_megabyte(size: int) -> None:
    hook = Hook()
    server = Server(build(telegram_webhook=hook), port=0)
    await server.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    head = b"POST /telegram HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n"
    head += b"x-telegram-bot-api-secret-token: secret\r\n\r\n"
    writer.write(head + b"%x\r\n%s\r\n" % (size, b"a" * size))
    if size == MEGABYTE:
        writer.write(b"0\r\n\r\n")  # the giant's end is never sent: it is refused before
    status = (await reader.readline()).split()[1]
    assert status == (b"200" if size == MEGABYTE else b"413")
    writer.close()
    await server.stop()


async def test_a_taken_port_is_told_in_a_sentence() -> None:
    first = Server(build(), port=0)
    await first.start()
    with pytest.raises(CannotServe, match=f"Cổng {first.port} trên 127.0.0.1 đang có chương trình khác dùng"):
        await Server(build(), port=first.port).start()
    await first.stop()
    second = Server(build(), port=first.port)
    await second.start()
    await second.stop()


async def test_an_address_that_is_not_ours() -> None:
    with pytest.raises(CannotServe, match=r"Không mở được 192\.0\.2\.1:8080"):
        await Server(build(), host="192.0.2.1", port=8080).start()


async def test_stopping_lets_a_request_end_and_may_be_repeated() -> None:
    arrived, go = asyncio.Event(), asyncio.Event()

    async def slow() -> dict[str, object]:
        arrived.set()
        await go.wait()
        return {"ok": True}

    server = Server(build(healthy=slow), port=0)
    await server.start()

    async def ask() -> int:
        async with aiohttp.ClientSession() as session, session.get(f"{server.url}/healthz") as answer:
            return answer.status

    asking = asyncio.create_task(ask())
    await arrived.wait()
    stopping = asyncio.create_task(server.stop())
    await asyncio.sleep(0)
    go.set()
    assert await asking == 200
    await stopping
    await server.stop()


async def test_a_server_never_started_stops() -> None:
    await Server(build(), port=0).stop()
