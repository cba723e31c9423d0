"""Listening by webhook: who may knock, and that 200 means committed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from bot.channels.telegram import Settings, Stopped, Telegram
from tests.channels.ear import Ear, telegram, until
from tests.servers.bot_api import BotApi

SECRET = "s3cret-of_the_tests"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


@asynccontextmanager
async def hooked(api: BotApi, ear: Ear, **settings: Any) -> AsyncIterator[Telegram]:
    """A channel in webhook mode behind a web server, which the fake calls."""
    channels: list[Telegram] = []

    async def knock(request: web.BaseRequest) -> web.Response:
        return web.Response(status=await channels[0].webhook(request.headers, await request.read()))

    runner = web.ServerRunner(web.Server(knock, access_log=None), shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    channel = telegram(api, mode="webhook", webhook_url=url, webhook_secret=SECRET, **settings)
    channels.append(channel)
    task = asyncio.create_task(channel.listen(ear))
    try:
        await until(lambda: api.updates.webhook)
        yield channel
    finally:
        await channel.stop()
        await asyncio.gather(task, return_exceptions=True)
        await runner.cleanup()


def body(update_id: int = 5, **content: Any) -> bytes:
    person = {"id": 7, "is_bot": False, "first_name": "An", "type": "private"}
    message = {"message_id": update_id, "from": person, "chat": person, "date": 5}
    return json.dumps({"update_id": update_id, "message": message | (content or {"text": "chào"})}).encode()


def photo(update_id: int, caption: str = "", group: str = "1") -> bytes:
    size = {"file_id": f"f{update_id}", "file_unique_id": f"q{update_id}", "width": 9, "height": 9}
    return body(update_id, photo=[size], media_group_id=group, caption=caption)


async def test_in_order_and_only_after_the_commit() -> None:
    async with BotApi() as api:
        an = api.person(7)
        ear = Ear()
        ear.gate = asyncio.Event()
        async with hooked(api, ear):
            await an.says("một")
            await an.says("hai")
            await until(lambda: ear.calls)
            assert api.updates.count == 2, "not answered yet"
            ear.gate.set()
            await until(lambda: api.updates.count == 0)
        assert ear.texts == ["một", "hai"]


async def test_setting_it_asks_for_the_secret_and_only_for_what_is_heard() -> None:
    async with BotApi() as api, hooked(api, Ear()):
        asked = api.called("setWebhook")[0].params
        assert asked["secret_token"] == SECRET
        assert asked["allowed_updates"] == ["message", "edited_message", "callback_query"]


@pytest.mark.parametrize(
    "headers", [{}, {"X-Telegram-Bot-Api-Secret-Token": "x"}, {"x-telegram-bot-api-secret-token": "é"}]
)
async def test_wrong_secret_is_refused_before_anything_is_read(headers: dict[str, str]) -> None:
    async with BotApi() as api, hooked(api, Ear()) as channel:
        # Neither is it JSON nor small enough: 400 or 413 would tell that it was looked at.
        assert await channel.webhook(headers, b"{" * 2_000_000) == 403


async def test_without_a_secret_nobody_may_knock() -> None:
    async with BotApi() as api:
        channel = telegram(api)
        assert await channel.webhook({"X-Telegram-Bot-Api-Secret-Token": ""}, body()) == 403
        await channel.stop()
        with pytest.raises(ValueError, match="webhook_secret"):
            Settings(token=api.token, mode="webhook", webhook_url="https://x")


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"x" * (1024 * 1024 + 1), 413),
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'{"update_id": "5"}', 400),
        (b"[" * 100_000, 400),
        (b"\xff", 400),
        (b'{"update_id": 5}', 200),
        (b'{"update_id": 5, "message": {"chat": 3}}', 200),
        (body(), 200),
    ],
)
async def test_bodies(content: bytes, status: int) -> None:
    async with BotApi() as api, hooked(api, Ear()) as channel:
        assert await channel.webhook(HEADERS, content) == status


async def test_failed_turn_is_repeated_by_telegram() -> None:
    async with BotApi() as api:
        ear = Ear()
        async with hooked(api, ear):
            ear.fails["u871234001"] = 2
            await api.person(7).says("chào")
            await until(lambda: ear.heard)
            hook = api.updates.webhook
            assert hook
            assert "500" in hook.last_error
        assert len(ear.calls) == 3
        assert ear.texts == ["chào"]


async def test_repeated_update_has_the_same_key() -> None:
    async with BotApi() as api, hooked(api, ear := Ear()) as channel:
        assert [await channel.webhook(HEADERS, body()) for _ in range(2)] == [200, 200]
        assert len(ear.calls) == 2
        assert len(ear.heard) == 1


async def test_each_part_of_an_album_is_committed_as_it_comes() -> None:
    async with BotApi() as api:
        an = api.person(7)
        ear = Ear()
        async with hooked(api, ear):
            files = await an.sends_album(3, "ba ảnh", pause=0.05)
            await until(lambda: len(ear.heard) == 3 and api.updates.count == 0)
        assert [file.ref for incoming in ear.heard for file in incoming.files] == [file.id for file in files]


async def test_nothing_is_taken_in_when_it_does_not_listen_any_more() -> None:
    async with BotApi() as api:
        async with hooked(api, Ear()) as channel:
            assert await channel.webhook(HEADERS, body()) == 200
        assert await channel.webhook(HEADERS, body()) == 503


async def test_press_is_answered() -> None:
    async with BotApi() as api:
        an = api.person(7, started=True)
        ear = Ear()
        ear.toast = "Đã nhận" * 100
        async with hooked(api, ear):
            message = api.world.post(an.chat, True, text="Gửi?")
            await an.presses_data("1:send", message)
            assert len(await an.feels("nhận")) == 200


async def test_address_that_telegram_refuses_stops_with_a_sentence() -> None:
    async with BotApi() as api:
        channel = telegram(api, mode="webhook", webhook_url="http://example.org/hook", webhook_secret=SECRET)
        with pytest.raises(Stopped, match=r"(?i)HTTPS URL must be provided"):
            await channel.listen(Ear())
        await channel.stop()
