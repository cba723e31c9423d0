"""The token is in every URL; it must be in no log and no exception."""

from __future__ import annotations

import asyncio
import logging
import socket
import traceback

import pytest

from bot.channels.channel import SendError
from bot.channels.telegram import Settings, Stopped
from bot.chat.message import File, Message, Span
from tests.channels.ear import Ear, listening, speaking, telegram, until
from tests.servers.bot_api import BotApi
from tests.servers.bot_api.faults import Kind

BROKEN: tuple[Kind, ...] = ("drop_before", "drop_after", "bad_gateway", "lost_gateway", "garbage", "error")
HELLO = Message((Span("chào"),))


async def test_token_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    for name in ("", *logging.Logger.manager.loggerDict):
        caplog.set_level(logging.DEBUG, name)
    async with BotApi() as api:
        ear = Ear()
        for method in ("getMe", "getUpdates"):
            for kind in BROKEN:
                api.faults.next(method, kind)
        async with listening(api, ear) as channel:
            await api.person(7).sends_photo(b"x")
            await until(lambda: ear.heard)
            await channel.fetch(ear.heard[0].files[0])
            for kind in BROKEN:
                api.faults.next("sendMessage", kind)
                with pytest.raises(SendError):
                    await channel.send("7", HELLO)
        assert caplog.records
        assert api.token not in caplog.text
        assert api.token.partition(":")[2] not in caplog.text


async def test_token_is_in_no_exception() -> None:
    with socket.socket() as deaf, socket.socket() as filler, socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        filler.connect(deaf.getsockname())
        async with BotApi() as api:
            api.faults.next("sendMessage", "late", delay=30)
            for url in (
                api.base_url,
                f"http://127.0.0.1:{deaf.getsockname()[1]}/bot",
                f"http://127.0.0.1:{closed.getsockname()[1]}/bot",
                "http://no.such.host.invalid:1/bot",
                "http://[bad/bot",
            ):
                settings = {"base_url": url, "connect_timeout": 0.2, "read_timeout": 0.2}
                async with speaking(api, **settings) as channel:
                    with pytest.raises(SendError) as raised:
                        await channel.send("7", HELLO)
                    _holds_no_secret(raised.value, api.token)
            await _refused_token(api)


async def _refused_token(api: BotApi) -> None:
    token = "123456789:AAAnotherTokenThatIsLongEnough-000000"
    channel = telegram(api, token=token)
    with pytest.raises(Stopped) as stopped:
        await channel.listen(Ear())
    _holds_no_secret(stopped.value, token)
    with pytest.raises(SendError) as refused:
        await channel.fetch(File("photo", "telegram", "x"))
    _holds_no_secret(refused.value, token)
    await channel.stop()


def _holds_no_secret(error: BaseException, token: str) -> None:
    shown = "".join(traceback.format_exception(error))
    chain: list[BaseException | None] = [error]
    while (last := chain[-1]) is not None:
        shown += repr(last) + repr(last.__context__)
        chain.append(last.__cause__)
    assert token not in shown


def test_token_is_not_in_the_repr_of_the_settings() -> None:
    settings = Settings(token="123:abc", webhook_secret="hush", mode="webhook", webhook_url="https://x")
    assert "abc" not in repr(settings)
    assert "hush" not in repr(settings)


async def test_nothing_is_left_running() -> None:
    before = asyncio.all_tasks()
    async with BotApi() as api, listening(api, Ear()) as channel:
        await until(lambda: channel.last_poll_at or api.updates.allowed)
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before
