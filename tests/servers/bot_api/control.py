"""/control/…: the fake as a process of its own, told by JSON what the tests would call (benchmarks, kill -9 tests)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from aiohttp import web

from tests.servers.bot_api.world import Json

if TYPE_CHECKING:
    from tests.servers.bot_api.server import BotApi


async def answer(api: BotApi, name: str, request: web.BaseRequest) -> web.Response:
    """Carry out one order; parameters are the JSON body or the query."""
    order = _ORDERS.get(name)
    if order is None:
        return web.json_response({"unknown": name, "known": sorted(_ORDERS)}, status=404)
    body = await request.read()
    asked: Json = dict(request.query) | (json.loads(body) if body else {})
    return web.json_response(order(api, asked))


def _load(api: BotApi, asked: Json) -> Json:
    """{"chats": 100, "texts": ["/start", "giup 5 ng dvc"], "first": 1000}: each chat says each text, text by text."""
    first, queued = int(asked.get("first", 1_000_000)), 0
    chats = [api.person(first + n, f"Người {n}", started=True).chat for n in range(int(asked["chats"]))]
    for text in asked["texts"]:
        for chat in chats:
            posted = api.world.post(chat, False, text=text)
            queued += bool(api.updates.add("message", api.world.json(chat, posted), chat.id))
    return {"queued": queued}


def _person(api: BotApi, asked: Json) -> Json:
    """{"id": 7, "name": "An", "count": 1}: somebody, or `count` of them, to whom the bot can write."""
    for n in range(int(asked.get("count", 1))):
        api.person(int(asked["id"]) + n, asked.get("name", "An"), started=True)
    return {"persons": len(api.world.chats)}


def _messages(api: BotApi, asked: Json) -> Json:
    """?chat=7: what is visible there."""
    chat = api.world.chats[int(asked["chat"])]
    shown = [
        {"id": m.id, "from_bot": m.from_bot, "text": m.text, "buttons": m.buttons, "edits": m.edits, "at": m.at}
        for m in chat.messages.values()
    ]
    return {"messages": shown, "toasts": chat.toasts}


def _press(api: BotApi, asked: Json) -> Json:
    """{"chat": 7, "label": "Gửi"}: press the newest button with this label."""
    chat = api.world.chats[int(asked["chat"])]
    return {"query": api.person(chat.id).press_button(asked["label"])}


def _counts(api: BotApi, _: Json) -> Json:
    return {
        "calls": dict(api.counts),
        "from_bot": sum(chat.from_bot for chat in api.world.chats.values()),
        "chats": len(api.world.chats),
        "pending": api.updates.count,
        "duplicates": sum(times - 1 for times in api.duplicates().values()),
        "throttled": api.throttle.refused,
        "faults": api.faults.happened,
    }


def _fault(api: BotApi, asked: Json) -> Json:
    """{"method": "sendMessage", "kind": "drop_after", "times": 1} or {…, "chance": 0.01, "seed": 1}; {} clears."""
    if not asked:
        api.faults.clear()
    elif "chance" in asked:
        api.faults.sometimes(**asked)
    else:
        api.faults.next(**asked)
    return {}


def _throttle(api: BotApi, asked: Json) -> Json:
    """{"mode": "penalty", "limit": 30, "penalty": 3.0, "per_chat": 0}."""
    api.throttle.set(**asked)
    return {}


def _push(api: BotApi, asked: Json) -> Json:
    """{"updates": [{…}, …]}: updates as they are; those without update_id get one."""
    return {"ids": [api.push(update) for update in asked["updates"]]}


_ORDERS: dict[str, Callable[[BotApi, Json], Json]] = {
    "load": _load,
    "person": _person,
    "messages": _messages,
    "press": _press,
    "counts": _counts,
    "fault": _fault,
    "throttle": _throttle,
    "push": _push,
}
