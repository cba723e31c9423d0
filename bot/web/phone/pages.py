"""The phones of the demo over HTTP: the page, its interface and its stream of news. See docs/phone.md."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.chat.message import File
from bot.web.body import MEGABYTE, capped, read_json, too_large
from bot.web.phone import moments
from bot.web.phone.guard import Guard
from bot.web.phone.shown import Bubble, as_json

_STATIC = Path(__file__).parent / "static"
_PHOTOS = 10
_PHOTO = 10 * MEGABYTE
_LEAP = 366 * 86_400_000
_HEARTBEAT = 15.0
_BACKLOG = 1000


@dataclass(frozen=True, slots=True)
class Person:
    """Someone whose phone can be opened; `phone` is the number of the roster, `open`: shown when the page starts."""

    id: str
    name: str
    role: str = ""
    unit: str = ""
    phone: str = ""
    open: bool = False


People = Callable[[str, int], Awaitable[list[Person]]]
"""(q, limit): the people found by name, unit or id, the suggested ones first; an empty `q` finds everybody."""


class Phone(Protocol):
    """The phones' channel, as far as the page uses it: LookupError, ValueError and ConnectionError as it says."""

    async def keep(self, name: str, content: bytes) -> File: ...
    def find(self, ref: str) -> tuple[Path, str] | None: ...
    def messages(self, chat: str, after: int = 0, before: int = 0, limit: int = 0) -> Sequence[Bubble]: ...
    def keyboard(self, chat: str) -> tuple[Sequence[Sequence[str]], str]: ...
    def is_plain(self, chat: str) -> bool: ...
    def set_plain(self, chat: str, plain: bool) -> None: ...
    def subscribe(self, tell: Callable[[str, Bubble | None], None]) -> Callable[[], None]: ...
    async def say(self, chat: str, text: str, files: Iterable[File] = ()) -> int: ...
    async def press(self, chat: str, message_id: int, button: int | str) -> str: ...
    async def share_contact(self, chat: str, phone: str) -> int: ...
    async def share_location(self, chat: str, latitude: float, longitude: float) -> int: ...
    async def start(self, chat: str, payload: str = "") -> int: ...


class Clock(Protocol):
    """The demo's time in UTC milliseconds; `move` returns when everything due until then was rung."""

    def now(self) -> int: ...
    async def move(self, to_ms: int) -> None: ...


@dataclass(eq=False)
class PhonePages:
    """The routes under /phone. `zone` is the zone that people of the demo live in; `photos` finds a photo the bot has a
    copy of, by its hash, or (True) its thumbnail."""

    phone: Phone
    people: People
    clock: Clock
    zone: ZoneInfo
    photos: Callable[[str, bool], Path | None] = lambda hash, small: None
    _streams: set[asyncio.Queue[dict[str, object] | None]] = field(default_factory=set, init=False)

    def routes(self) -> list[BaseRoute]:
        """Every route, each behind the guard."""
        person = "/phone/api/{person}"
        paths: list[tuple[str, str, Callable[[Request], Awaitable[Response]]]] = [
            ("GET", "/phone", _page),
            ("GET", "/phone/static/{name}", _static),
            ("GET", "/phone/files/{ref}", self._file),
            ("GET", "/phone/api/people", self._people),
            ("GET", "/phone/api/events", self._events),
            ("GET", "/phone/api/clock", self._clock),
            ("POST", "/phone/api/clock", self._move),
            ("GET", person, self._state),
            ("GET", f"{person}/messages", self._messages),
            ("GET", f"{person}/photos/{{hash}}", self._photo),
            ("POST", f"{person}/messages", self._say),
            ("POST", f"{person}/press", self._press),
            ("POST", f"{person}/contact", self._contact),
            ("POST", f"{person}/location", self._location),
            ("POST", f"{person}/plain", self._plain),
            ("POST", f"{person}/start", self._start),
        ]
        guard = [Middleware(Guard)]
        return [Route(path, endpoint, methods=[method], middleware=guard) for method, path, endpoint in paths]

    def close(self) -> None:
        """End every stream of news, so that the server can stop."""
        for stream in self._streams:
            _put(stream, None)

    # People and what their phones show.

    async def _people(self, request: Request) -> Response:
        limit = max(1, min(_number(request, "limit", 50), 500))
        q = _clean(request.query_params.get("q", "")).strip()
        found = await self.people(q, limit)
        if not q:
            found = sorted(found, key=lambda one: not one.open)
        return JSONResponse([self._shown(one) for one in found[:limit]])

    async def _state(self, request: Request) -> Response:
        person = await self._person(request)
        menu, contact = self.phone.keyboard(person.id)
        return JSONResponse({**self._shown(person), "menu": menu, "contact": contact})

    async def _messages(self, request: Request) -> Response:
        person = await self._person(request)
        wanted = {name: _number(request, name, 0) for name in ("after", "before", "limit")}
        return JSONResponse([as_json(one, self.zone, person.id) for one in self.phone.messages(person.id, **wanted)])

    async def _file(self, request: Request) -> Response:
        found = self.phone.find(request.path_params["ref"])
        if found is None:
            raise HTTPException(404, "Không có tệp này.")
        path, mime = found
        headers = {"cache-control": "private, max-age=31536000, immutable"}
        if not mime.startswith("image/"):
            headers["content-disposition"] = "attachment"
        return FileResponse(path, media_type=mime, headers=headers)

    async def _photo(self, request: Request) -> Response:
        """A photo that the bot sent to this person's phone, and to no other's."""
        person, hash = await self._person(request), request.path_params["hash"]
        sent = any(file.kept == hash for one in self.phone.messages(person.id) for file in one.files if not one.mine)
        path = self.photos(hash, "small" in request.query_params) if sent else None
        if path is None:
            raise HTTPException(404, "Không có hình này, hoặc đã hết hạn giữ.")
        return FileResponse(path, media_type="image/jpeg", headers={"cache-control": "private, max-age=3600"})

    # What people do.

    async def _say(self, request: Request) -> Response:
        person = await self._person(request)
        if request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
            text, files = await self._upload(request)
        else:
            text, files = _string(await read_json(request), "text"), []
        if not text.strip() and not files:
            raise HTTPException(400, "Chưa có gì để gửi: hãy nhập tin nhắn hoặc chọn ảnh.")
        return JSONResponse({"id": await _heard(self.phone.say(person.id, text.strip(), files))})

    async def _upload(self, request: Request) -> tuple[str, list[File]]:
        """The words and the kept files of a form; every size is checked before the first file is kept."""
        whole = capped(request, _PHOTOS * _PHOTO + MEGABYTE)
        async with whole.form(max_files=1000, max_fields=20) as form:
            text = form.get("text", "")
            photos = [one for one in form.getlist("photos") if isinstance(one, UploadFile)]
            if len(photos) > _PHOTOS:
                raise HTTPException(400, f"Mỗi tin gửi được nhiều nhất {_PHOTOS} ảnh.")
            if any((photo.size or 0) > _PHOTO for photo in photos):
                raise too_large(_PHOTO)
            files = [await self.phone.keep(_clean(one.filename or ""), await one.read()) for one in photos if one.size]
        return _clean(text) if isinstance(text, str) else "", files

    async def _press(self, request: Request) -> Response:
        person = await self._person(request)
        content = await read_json(request)
        message_id, button = content.get("message_id"), content.get("button")
        if type(message_id) is not int or not isinstance(button, int | str) or isinstance(button, bool):
            raise HTTPException(400, "Cần message_id (số) và button (thứ tự hoặc hành động của nút).")
        try:
            toast = await _heard(self.phone.press(person.id, message_id, button))
        except LookupError as error:
            raise HTTPException(404, "Máy này không có tin nhắn đó của bot.") from error
        except ValueError as error:
            raise HTTPException(400, "Tin nhắn không có nút đó; máy đang như Zalo thì không có nút nào.") from error
        return JSONResponse({"toast": toast})

    async def _contact(self, request: Request) -> Response:
        person = await self._person(request)
        if not person.phone:
            raise HTTPException(400, "Người này chưa có số điện thoại trong danh bạ.")
        return JSONResponse({"id": await _heard(self.phone.share_contact(person.id, person.phone))})

    async def _location(self, request: Request) -> Response:
        person = await self._person(request)
        content = await read_json(request)
        latitude, longitude = _degrees(content, "latitude", 90), _degrees(content, "longitude", 180)
        return JSONResponse({"id": await _heard(self.phone.share_location(person.id, latitude, longitude))})

    async def _plain(self, request: Request) -> Response:
        person = await self._person(request)
        wanted = (await read_json(request)).get("plain")
        if not isinstance(wanted, bool):
            raise HTTPException(400, "Cần plain là true hoặc false.")
        self.phone.set_plain(person.id, wanted)
        return JSONResponse({"plain": wanted})

    async def _start(self, request: Request) -> Response:
        person = await self._person(request)
        payload = _string(await read_json(request), "payload")
        return JSONResponse({"id": await _heard(self.phone.start(person.id, payload))})

    # The demo's clock.

    async def _clock(self, request: Request) -> Response:
        return JSONResponse(self._time())

    async def _move(self, request: Request) -> Response:
        now = self.clock.now()
        to = self._wanted(await read_json(request), now)
        if to < now:
            raise HTTPException(400, "Đồng hồ chỉ đi tới, không lùi lại được.")
        if to - now > _LEAP:
            raise HTTPException(400, "Mỗi lần chỉ tua tới được nhiều nhất một năm.")
        await self.clock.move(to)
        for stream in self._streams:
            _put(stream, {"clock": self._time()})
        return JSONResponse(self._time())

    def _wanted(self, content: Mapping[str, object], now: int) -> int:
        try:
            if "advance" in content:
                return moments.ahead(_string(content, "advance"), now, self.zone)
            return moments.at(_string(content, "now"), self.zone)
        except (ValueError, OverflowError) as error:
            hint = 'Không hiểu giờ này. Ví dụ: {"now": "2026-11-27T16:00"} hoặc {"advance": "+1h"}.'
            raise HTTPException(400, hint) from error

    def _time(self) -> dict[str, object]:
        now = self.clock.now()
        return {"now": moments.iso(now, self.zone), "weekday": moments.weekday(now, self.zone)}

    # The stream of news.

    async def _events(self, request: Request) -> Response:
        return StreamingResponse(self._news(), media_type="text/event-stream", headers={"x-accel-buffering": "no"})

    async def _news(self) -> AsyncIterator[str]:
        stream: asyncio.Queue[dict[str, object] | None] = asyncio.Queue()
        leave = self.phone.subscribe(lambda chat, bubble: _put(stream, self._event(chat, bubble)))
        self._streams.add(stream)
        try:
            yield f"retry: 1000\n{_data({'clock': self._time()})}"
            while True:
                try:
                    event = await asyncio.wait_for(stream.get(), _HEARTBEAT)
                except TimeoutError:
                    yield ": still here\n\n"  # writing is how a browser that has gone is noticed
                    continue
                if event is None:
                    return
                yield _data(event)
        finally:
            leave()
            self._streams.discard(stream)

    def _event(self, chat: str, bubble: Bubble | None) -> dict[str, object]:
        if bubble is None:
            return {"person": chat, "plain": self.phone.is_plain(chat)}
        return {"person": chat, "message": as_json(bubble, self.zone, chat)}

    # Within.

    async def _person(self, request: Request) -> Person:
        """The person of the path; HTTPException 404 for a stranger."""
        wanted: str = request.path_params["person"]
        # Searching for the id is quick where the search knows ids; everybody is asked for only where it does not.
        for q, limit in ((wanted, 50), ("", 1_000_000)):
            for one in await self.people(q, limit):
                if one.id == wanted:
                    return one
        raise HTTPException(404, "Không có người này.")

    def _shown(self, person: Person) -> dict[str, object]:
        return {
            "id": person.id,
            "name": person.name,
            "role": person.role,
            "unit": person.unit,
            "plain": self.phone.is_plain(person.id),
            "open": person.open,
        }


async def _page(request: Request) -> Response:
    return FileResponse(_STATIC / "index.html", headers={"cache-control": "no-cache"})


async def _static(request: Request) -> Response:
    types = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    path = _STATIC / request.path_params["name"]  # one part of a path: it holds no slash
    if path.suffix not in types or not path.is_file():
        raise HTTPException(404, "Không có tệp này.")
    return FileResponse(path, media_type=types[path.suffix], headers={"cache-control": "no-cache"})


async def _heard(turn: Awaitable[Any]) -> Any:
    try:
        return await turn
    except ConnectionError as error:
        raise HTTPException(503, "Bot chưa sẵn sàng. Xin thử lại sau ít giây.") from error


def _put(stream: asyncio.Queue[dict[str, object] | None], event: dict[str, object] | None) -> None:
    """Hand an event to a stream; one whose browser no longer reads is ended, and catches up when it comes back."""
    if stream.qsize() < _BACKLOG:
        stream.put_nowait(event)
    elif stream.qsize() == _BACKLOG:
        stream.put_nowait(None)


def _data(event: dict[str, object]) -> str:
    return f"data: {json.dumps(event, ensure_ascii=False)}\n\n"


def _number(request: Request, name: str, default: int) -> int:
    written = request.query_params.get(name, "")
    if not written:
        return default
    if not (written.isascii() and written.isdigit() and len(written) < 16):
        raise HTTPException(400, f"{name} phải là một số không âm.")
    return int(written)


def _degrees(content: Mapping[str, object], name: str, most: int) -> float:
    value = content.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
        raise HTTPException(400, f"Cần {name}, tính bằng độ, từ -{most} đến {most}.")
    return value


def _string(content: Mapping[str, object], name: str) -> str:
    value = content.get(name, "")
    if not isinstance(value, str):
        raise HTTPException(400, f"{name} phải là chữ.")
    return _clean(value)


def _clean(text: str) -> str:
    """Without what neither a file nor a database takes: NUL and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
