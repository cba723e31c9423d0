"""The fake is only worth having if it refuses what Telegram refuses."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from tests.servers.bot_api import BotApi

Ask = Any


@asynccontextmanager
async def asked() -> AsyncIterator[tuple[BotApi, Ask]]:
    """The fake and a bare client: `await ask(method, **params)` gives the status and the JSON."""
    async with BotApi() as api, aiohttp.ClientSession() as session:

        async def ask(method: str, **params: Any) -> tuple[int, Any]:
            async with session.post(f"{api.base_url}{api.token}/{method}", json=params) as response:
                is_json = response.content_type == "application/json"
                return response.status, await response.json() if is_json else None

        yield api, ask


def button(text: str = "x", data: str = "x") -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": text, "callback_data": data}]]}


@pytest.mark.parametrize(
    ("method", "params", "description"),
    [
        ("sendMessage", {"chat_id": 7, "text": "x", "parse_mode": "HTML"}, "unknown parameters ['parse_mode']"),
        ("sendMessage", {"chat_id": 8, "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": 7, "text": ""}, "message text is empty"),
        ("sendMessage", {"chat_id": 7, "text": "😀" * 2049}, "message is too long"),
        ("sendMessage", {"chat_id": 7, "text": "x", "reply_markup": button(data="")}, "BUTTON_DATA_INVALID"),
        ("sendMessage", {"chat_id": 7, "text": "x", "reply_markup": button(data="đ" * 33)}, "BUTTON_DATA_INVALID"),
        ("sendMessage", {"chat_id": 7, "text": "x", "reply_markup": button(text="")}, "button text must be non-empty"),
        (
            "sendMessage",
            {"chat_id": 7, "text": "x", "reply_markup": {"inline_keyboard": button()["inline_keyboard"] * 101}},
            "reply markup is too long",
        ),
        (
            "sendMessage",
            {"chat_id": 7, "text": "😀", "entities": [{"type": "bold", "offset": 0, "length": 3}]},
            "ends after the end of the text",
        ),
        (
            "sendMessage",
            {"chat_id": 7, "text": "😀", "entities": [{"type": "bold", "offset": 0, "length": 1}]},
            "in a middle of a UTF-16 symbol",
        ),
        ("sendPhoto", {"chat_id": 7, "photo": "nothing"}, "wrong remote file identifier"),
        ("sendMediaGroup", {"chat_id": 7, "media": [{"type": "photo", "media": "x"}]}, "2-10 items"),
        ("sendChatAction", {"chat_id": 7, "action": "dancing"}, "wrong parameter action"),
        ("editMessageText", {"chat_id": 7, "message_id": 99, "text": "x"}, "message to edit not found"),
        ("editMessageText", {"chat_id": 7, "message_id": 1, "text": "x"}, "message can't be edited"),
        ("deleteMessage", {"chat_id": 7, "message_id": 99}, "message to delete not found"),
        ("answerCallbackQuery", {"callback_query_id": "1"}, "query is too old"),
        ("setMyCommands", {"commands": [{"command": "Help", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ("getFile", {"file_id": "nothing"}, "wrong file_id"),
        ("setWebhook", {"url": "http://example.org"}, "An HTTPS URL must be provided"),
        ("setWebhook", {"url": "https://example.org", "secret_token": "é"}, "unallowed characters"),
    ],
)
async def test_refusals(method: str, params: dict[str, Any], description: str) -> None:
    async with asked() as (api, ask):
        await api.person(7).says("chào")
        status, answer = await ask(method, **params)
        assert status == 400
        assert answer["ok"] is False
        assert answer["description"].startswith("Bad Request: ")
        assert description in answer["description"]


async def test_unknown_token_and_method() -> None:
    async with asked() as (api, ask):
        assert await ask("danceAll") == (404, {"ok": False, "error_code": 404, "description": "Not Found"})
        async with aiohttp.ClientSession() as session, session.post(f"{api.base_url}1:x/getMe") as response:
            assert response.status == 401
            assert (await response.json())["description"] == "Unauthorized"


async def test_what_was_sent_with_a_keyboard_cannot_be_edited() -> None:
    async with asked() as (api, ask):
        api.person(7, started=True)
        keyboard = {"keyboard": [[{"text": "Báo cáo"}]], "is_persistent": True}
        _, sent = await ask("sendMessage", chat_id=7, text="x", reply_markup=keyboard)
        _, answer = await ask("editMessageText", chat_id=7, message_id=sent["result"]["message_id"], text="y")
        assert answer["description"] == "Bad Request: message can't be edited"


async def test_offsets() -> None:
    async with asked() as (api, ask):
        first = api.push({"message": {}})
        for _ in range(119):
            api.push({"message": {}})

        async def ids(**params: int) -> list[int]:
            return [update["update_id"] for update in (await ask("getUpdates", **params))[1]["result"]]

        assert await ids() == list(range(first, first + 100)), "a hundred at most, and nothing is confirmed"
        assert await ids(offset=first + 1, limit=2) == [first + 1, first + 2]
        assert await ids(offset=-3) == [first + 117, first + 118, first + 119]
        assert await ids(offset=first + 120) == []
        assert api.updates.count == 0


async def test_two_polls_and_polls_beside_a_webhook() -> None:
    async with asked() as (api, ask):
        first = asyncio.create_task(ask("getUpdates", timeout=30))
        while not api.updates.polling:  # a few turns of the loop
            await asyncio.sleep(0)
        second = asyncio.create_task(ask("getUpdates", timeout=30))
        status, answer = await first
        assert status == 409
        assert "terminated by other getUpdates request" in answer["description"]
        await ask("setWebhook", url="https://127.0.0.1:9/x")
        assert (await second)[0] == 409
        assert "webhook is active" in (await ask("getUpdates"))[1]["description"]
        await ask("deleteWebhook")
        assert (await ask("getUpdates"))[0] == 200


async def test_throttling() -> None:
    async with asked() as (api, ask):
        api.person(7, started=True)
        api.person(8, started=True)

        async def statuses(count: int, chat: int = 7) -> list[int]:
            return [(await ask("sendMessage", chat_id=chat, text="x"))[0] for _ in range(count)]

        api.throttle.set("window", limit=3)
        assert await statuses(4) == [200, 200, 200, 429]
        api.throttle.set("penalty", limit=1, penalty=60)
        assert await statuses(1) == [429]
        _, answer = await ask("sendMessage", chat_id=8, text="x")
        assert answer["description"] == "Too Many Requests: retry after 60"
        assert answer["parameters"] == {"retry_after": 60}


async def test_throttling_of_one_chat() -> None:
    async with asked() as (api, ask):
        api.person(7, started=True)
        api.person(8, started=True)
        api.throttle.set("none", per_chat=1)
        chats = (7, 7, 8)
        assert [(await ask("sendMessage", chat_id=chat, text="x"))[0] for chat in chats] == [200, 429, 200]


async def test_a_person_presses_only_what_is_there() -> None:
    async with asked() as (api, ask):
        an = api.person(7, started=True)
        await ask("sendMessage", chat_id=7, text="Gửi?", reply_markup=button("Gửi", "1"))
        with pytest.raises(AssertionError, match="no button 'Thôi'"):
            await an.presses("Thôi")
        query = await an.presses("Gửi")
        assert (await ask("answerCallbackQuery", callback_query_id=query, text="x" * 201))[0] == 400
        assert (await ask("answerCallbackQuery", callback_query_id=query, text="xong"))[0] == 200
        assert an.toasts == ["xong"]


async def test_a_person_sees_each_thing_once() -> None:
    async with asked() as (api, ask):
        an = api.person(7, started=True)
        _, sent = await ask("sendMessage", chat_id=7, text="một hai")
        assert (await an.sees("hai")).text == "một hai"
        with pytest.raises(AssertionError, match="nothing new"):
            await an.sees("hai", timeout=0)
        await ask("editMessageText", chat_id=7, message_id=sent["result"]["message_id"], text="hai ba")
        assert (await an.sees("hai")).edits == ["một hai"]
        assert api.duplicates() == {}
        await ask("sendMessage", chat_id=7, text="hai ba")
        assert api.duplicates() == {(7, "hai ba"): 2}


async def test_faults_by_chance_are_the_same_for_a_seed() -> None:
    async with asked() as (api, ask):
        api.person(7, started=True)

        async def statuses() -> list[int]:
            api.faults.clear()
            api.faults.sometimes("sendMessage", "bad_gateway", 0.5, seed=3)
            return [(await ask("sendMessage", chat_id=7, text="x"))[0] for _ in range(20)]

        first = await statuses()
        assert set(first) == {200, 502}
        assert await statuses() == first


async def test_as_a_process_of_its_own() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.servers.bot_api", "--throttle", "penalty", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    try:
        word, base_url, _, token = (await process.stdout.readline()).decode().split()
        assert word == "ready"
        root = base_url.removesuffix("/bot")
        async with aiohttp.ClientSession() as session:

            async def order(name: str, **params: Any) -> Any:
                async with session.post(f"{root}/control/{name}", json=params) as response:
                    assert response.status == 200
                    return await response.json()

            assert await order("load", chats=3, texts=["/start", "chào"], first=7) == {"queued": 6}
            async with session.post(f"{base_url}{token}/sendMessage", json={"chat_id": 7, "text": "x"}) as response:
                assert response.status == 200
            assert [m["text"] for m in (await order("messages", chat=7))["messages"]] == ["/start", "chào", "x"]
            counts = await order("counts")
            assert (counts["pending"], counts["from_bot"], counts["calls"]) == (6, 1, {"sendMessage": 1})
    finally:
        process.terminate()
        await process.wait()
        process._transport.close()  # type: ignore[attr-defined]  # else its pipe is closed after the loop
