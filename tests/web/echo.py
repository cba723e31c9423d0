"""The phones with an echo in the place of the bot: what the page and its interface are tried on."""

from __future__ import annotations

import asyncio
import struct
import unicodedata
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.channels.phone import Phone
from bot.chat.message import Button, Heard, Incoming, Message, Span
from bot.photos.folder import Folder
from bot.web.app import build
from bot.web.phone.pages import Person, PhonePages
from bot.web.server import Server

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MENU = (("Báo cáo", "Việc của tôi"), ("Kết quả", "Trợ giúp"))
CARD = (
    Span("Em hiểu thế này:\n"),
    Span("5 hồ sơ", "b"),
    Span(" dịch vụ công <trực tuyến>"),
)


def at(written: str) -> int:
    """A time in Vietnam as UTC milliseconds."""
    return round(datetime.fromisoformat(written).replace(tzinfo=ZONE).timestamp() * 1000)


def png(side: int = 4, colour: tuple[int, int, int] = (11, 125, 110)) -> bytes:
    """A square picture of one colour."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    row = b"\0" + bytes(colour) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * side)) + chunk(b"IEND", b"")


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: int) -> None:
        self._now = now

    def now(self) -> int:
        return self._now

    async def move(self, to_ms: int) -> None:
        self._now = to_ms


class Echo:
    """Says back what it hears; `heard` is all of it. "thẻ" brings a card, "đợi" waits until `go` is set."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self.heard: list[Incoming] = []
        self.go = asyncio.Event()

    async def hear(self, incoming: Incoming) -> Heard:
        self.heard.append(incoming)
        chat = incoming.address.chat
        if incoming.press:
            return await self._pressed(chat, incoming.press.action, incoming.press.message_id)
        if incoming.text == "đợi":
            await self.go.wait()
        if incoming.text == "lỗi":
            raise LookupError("a fault of the bot")
        for message in self._answers(incoming):
            await self.phone.send(chat, message)
        return Heard()

    async def _pressed(self, chat: str, action: str, message_id: str) -> Heard:
        if action == "keep":
            await self.phone.edit(chat, message_id, Message((Span("Đã gửi. Mã "), Span("B-1234", "code"))))
        return Heard(toast={"keep": "Đã gửi"}.get(action, ""))

    def _answers(self, incoming: Incoming) -> list[Message]:
        if incoming.start is not None:
            return [Message((Span(f"Chào {incoming.start}"),), menu=MENU, contact="Gửi số của tôi")]
        if incoming.contact:
            return [Message((Span(f"Số {incoming.contact.phone}"),), menu=MENU)]
        if incoming.location:
            return [Message((Span(f"Chỗ {incoming.location.latitude}, {incoming.location.longitude}"),))]
        if incoming.files:
            return [Message((Span(f"Đã nhận {len(incoming.files)} tệp"),), files=incoming.files[:1])]
        if incoming.text == "thẻ":
            return [Message(CARD, ((Button("Gửi", "keep"), Button("Sửa", "change")), (Button("Bỏ", "drop"),)))]
        if incoming.text.startswith("nhiều "):
            return [Message((Span(f"Tin {i}"),)) for i in range(int(incoming.text.split()[1]))]
        return [Message((Span(f"Bạn nói: {incoming.text}"),))]


@dataclass
class Demo:
    """Everything that runs: the phones, the echo, the clock and where they are served."""

    phone: Phone
    echo: Echo
    clock: Clock
    server: Server
    url: str
    photos: Folder


PEOPLE = [
    Person("p9", "Phạm Thị Mười", "Thành viên", "Ấp 9"),
    Person("p12", "Nguyễn Văn An", "Thành viên", "Ấp 4, xã Tân Thạch", "0912345678", open=True),
    Person("p13", "Trần Thị Lan", "Đầu mối xã", "Xã Tân Thạch", open=True),
]


async def people(q: str, limit: int) -> list[Person]:
    """The people whose name or unit has the words of `q`, accents aside."""
    found = [one for one in PEOPLE if _fold(q) in _fold(f"{one.name} {one.unit}")]
    return found[:limit]


def _fold(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@asynccontextmanager
async def demo(folder: Path) -> AsyncIterator[Demo]:
    """Serve the phones of `folder` on a free port; it is 16:00 on Friday, 27 November 2026."""
    clock = Clock(at("2026-11-27T16:00"))
    phone = Phone(folder, clock.now)
    echo = Echo(phone)
    listening = asyncio.create_task(phone.listen(echo.hear))
    photos = Folder(folder / "kept")
    server = Server(build(phone=PhonePages(phone, people, clock, ZONE, photos.find)), port=0)
    await server.start()
    try:
        yield Demo(phone, echo, clock, server, server.url, photos)
    finally:
        echo.go.set()
        await server.stop()
        await phone.stop()
        await listening
