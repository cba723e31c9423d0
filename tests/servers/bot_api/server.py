"""The fake Bot API itself: an HTTP server on loopback."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from tests.servers.bot_api import control
from tests.servers.bot_api.faults import BEFORE, Fault, Faults
from tests.servers.bot_api.limits import Throttle
from tests.servers.bot_api.methods import Methods, Upload
from tests.servers.bot_api.person import Person
from tests.servers.bot_api.updates import Updates
from tests.servers.bot_api.world import Chat, Json, Refusal, World

TOKEN = "123456789:AAFakeTokenOfTheTests-not_a_real_one0"
_MAX_BODY = 52 * 1024 * 1024
_HTML = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>"


@dataclass(frozen=True, slots=True)
class Call:
    """One call the bot made, `via` which address. `status` 0: the connection was broken instead of an answer."""

    method: str
    params: Json
    status: int
    at: float
    via: str = ""


class BotApi:
    """`async with BotApi() as api:` is Telegram for one bot. `record=False` keeps no list of calls."""

    def __init__(self, port: int = 0, token: str = TOKEN, username: str = "apso_bot", record: bool = True) -> None:
        self.token, self.port, self.record = token, port, record
        self.world = World(token, username)
        self.updates, self.throttle, self.faults = Updates(), Throttle(), Faults()
        self.methods = Methods(self.world, self.updates, self.throttle)
        self.calls: list[Call] = []
        self.counts: Counter[str] = Counter()
        self._prefix, self._files = f"/bot{token}/", f"/file/bot{token}/"
        self._runner: web.ServerRunner | None = None

    @property
    def base_url(self) -> str:
        """What the bot takes for https://api.telegram.org/bot."""
        return f"http://127.0.0.1:{self.port}/bot"

    @property
    def base_file_url(self) -> str:
        """What the bot takes for https://api.telegram.org/file/bot."""
        return f"http://127.0.0.1:{self.port}/file/bot"

    def via(self, name: str) -> str:
        """Another `base_url`, so that calls show which of several processes made them."""
        return f"http://127.0.0.1:{self.port}/via/{name}/bot"

    async def __aenter__(self) -> Self:
        # The access log would hold the token.
        server = web.Server(self._handle, request_factory=_request, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.updates.set_webhook(None)
        self.updates.end_poll()
        if self._runner:
            await self._runner.cleanup()

    # For tests

    def person(self, id: int, name: str = "An", language: str = "vi", started: bool = False) -> Person:
        """Somebody with Telegram; unless `started`, the bot cannot write to them before they write."""
        chat = self.world.chats.setdefault(id, Chat(id, name, language))
        chat.started = chat.started or started
        return Person(self.world, self.updates, chat)

    def push(self, update: Json, chat: int = 0) -> int:
        """Put any update into the queue, whatever the bot asked for."""
        return self.updates.push(update, chat)

    def repeat_last_update(self) -> int:
        """Give the newest update again, with the same id."""
        return self.updates.push(json.loads(self.updates.last))

    def expire_queries(self) -> None:
        """Make all callback queries too old to be answered."""
        self.world.queries.clear()

    def called(self, method: str) -> list[Call]:
        """The calls of one method."""
        return [call for call in self.calls if call.method == method]

    def count(self, chat: int) -> int:
        """How many messages the bot wrote into a chat."""
        return self.world.chats[chat].from_bot

    def duplicates(self) -> dict[tuple[int, str], int]:
        """Which texts the bot wrote into the same chat more than once, and how often."""
        said = Counter((c.id, m.text) for c in self.world.chats.values() for m in c.messages.values() if m.from_bot)
        return {what: times for what, times in said.items() if times > 1}

    # HTTP

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path, via = request.path, ""
        if path.startswith("/via/"):
            _, _, via, rest = path.split("/", 3)
            path = f"/{rest}"
        if path.startswith("/control/"):
            return await control.answer(self, path.removeprefix("/control/"), request)
        if path.startswith(self._prefix):
            return await self._call(path[len(self._prefix) :], request, via)
        if path.startswith(self._files):
            return await self._download(path[len(self._files) :], request)
        known = path.startswith(("/bot", "/file/bot")) and ":" in path
        return _answer(
            *((401, Refusal(401, "Unauthorized").body()) if known else (404, Refusal(404, "Not Found").body()))
        )

    async def _call(self, method: str, request: web.BaseRequest, via: str) -> web.StreamResponse:
        params, uploads = await _params(request)
        fault = self.faults.take(method)
        if fault and fault.kind in BEFORE:
            status = {"bad_gateway": 502, "error": 500, "throttled": 429}.get(fault.kind, 0)
            self._note(method, params, status, via=via)
            return _broken(request, fault)
        at = time.monotonic()
        status, body = await self._carry_out(method, params, uploads)
        if fault and fault.kind != "late":
            self._note(method, params, 0, at, via)
            return _broken(request, fault)
        self._note(method, params, status, at, via)
        if fault:
            await asyncio.sleep(fault.delay)
        return _answer(status, body)

    async def _download(self, path: str, request: web.BaseRequest) -> web.StreamResponse:
        """A file by the path that getFile gave; faults and calls are those of "download"."""
        fault = self.faults.take("download")
        if fault and fault.kind != "late":
            self._note("download", {"path": path}, 0)
            return await _cut_short(request) if fault.kind == "drop_after" else _broken(request, fault)
        if fault:
            await asyncio.sleep(fault.delay)
        file = self.world.paths.get(path)
        self._note("download", {"path": path}, 200 if file else 404)
        return web.Response(body=file.content) if file else _answer(404, Refusal(404, "Not Found").body())

    async def _carry_out(self, method: str, params: Json, uploads: dict[str, Upload]) -> tuple[int, bytes]:
        try:
            result = await self.methods.call(method, params, uploads)
        except Refusal as refusal:
            return refusal.code, refusal.body()
        if isinstance(result, list) and result and isinstance(result[0], bytes):
            return 200, b'{"ok":true,"result":[' + b",".join(result) + b"]}"
        return 200, b'{"ok":true,"result":' + json.dumps(result).encode() + b"}"

    def _note(self, method: str, params: Json, status: int, at: float | None = None, via: str = "") -> None:
        self.counts[method] += 1
        if self.record:
            self.calls.append(Call(method, params, status, at or time.monotonic(), via))


def _request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=_MAX_BODY)


async def _params(request: web.BaseRequest) -> tuple[Json, dict[str, Upload]]:
    params: Json = dict(parse_qsl(request.query_string, keep_blank_values=True)) if request.query_string else {}
    kind = request.content_type
    if kind == "application/json":
        params |= json.loads(await request.read() or b"{}")
    elif kind == "application/x-www-form-urlencoded":
        params |= dict(parse_qsl((await request.read()).decode(), keep_blank_values=True))
    elif kind == "multipart/form-data":
        return await _multipart(request, params)
    return params, {}


async def _multipart(request: web.BaseRequest, params: Json) -> tuple[Json, dict[str, Upload]]:
    uploads = {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader), "a form has no forms inside"
        name = part.name or ""
        content = bytes(await part.read())
        if part.filename is None:
            params[name] = content.decode()
        else:
            uploads[name] = Upload(content, part.filename, part.headers.get("Content-Type", ""))
    return params, uploads


def _answer(status: int, body: bytes) -> web.Response:
    return web.Response(status=status, body=body, content_type="application/json")


async def _cut_short(request: web.BaseRequest) -> web.StreamResponse:
    """The beginning of a file, and then the connection breaks."""
    response = web.StreamResponse(headers={"Content-Length": "100000"})
    await response.prepare(request)
    await response.write(b"\xff\xd8\xff")
    assert request.transport is not None
    request.transport.abort()
    return response


def _broken(request: web.BaseRequest, fault: Fault) -> web.StreamResponse:
    if fault.kind in ("bad_gateway", "lost_gateway"):
        return web.Response(status=502, text=_HTML, content_type="text/html")
    if fault.kind == "throttled":
        return _answer(429, Refusal(429, "Too Many Requests: retry after 1", retry_after=1).body())
    if fault.kind == "error":
        return _answer(500, Refusal(500, "Internal Server Error").body())
    if fault.kind == "garbage":
        return web.Response(text='{"ok":tr', content_type="application/json")
    transport: Any = request.transport
    if transport is not None:
        transport.abort()
    return web.Response()
