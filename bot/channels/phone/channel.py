"""The channel of the demo's phones: what a person does on the page goes in, what the bot says is shown."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from bot.channels.channel import Failed, Gone, Hear, Pace
from bot.channels.phone.album import Album
from bot.channels.phone.memory import Kept, Memory, Menu
from bot.chat.message import (
    KEPT,
    Abilities,
    Address,
    Contact,
    File,
    Heard,
    Incoming,
    Location,
    Message,
    Press,
    Span,
    plain,
)

_RICH = Abilities(buttons=True, edits=True, text_limit=4096)
_PLAIN = Abilities(buttons=False, edits=False, text_limit=2000)
_CAPTION_LIMIT = 1024
_CHAT = re.compile(r"[A-Za-z0-9_-]{1,64}")
_DEAF = "no bot is listening to the phones"
_START = re.compile(r"/start(?:\s+(\S+))?")

Uploads = Callable[[File], Awaitable[bytes]]
Tell = Callable[[str, Kept | None], None]
"""Told (chat, message) of each new or edited message, and (chat, None) when the phone's switch was turned."""


class Phone:
    """Phones by person: a chat is a person's id such as "p12". Everything they show is kept in `folder`.

    `now` gives the demo's time in UTC milliseconds. The methods for the page raise LookupError for what is not on the
    phone, ValueError for what cannot be done there, ConnectionError while no bot listens and RuntimeError when its turn
    failed.
    """

    name = "phone"
    pace = Pace()

    def __init__(self, folder: Path, now: Callable[[], int]) -> None:
        self._folder = folder
        self._now = now
        self._album = Album(folder / "files", self.name)
        self._memories = {path.stem: Memory(path) for path in folder.glob("*.jsonl")}
        self._listeners: list[Tell] = []
        self._hear: Hear | None = None
        self.uploads: Uploads | None = None  # gets the bytes of a file that is not on the phones yet
        self._stopped = asyncio.Event()

    # The bot's side.

    def abilities(self, chat: str) -> Abilities:
        return _PLAIN if self.is_plain(chat) else _RICH

    async def listen(self, hear: Hear) -> None:
        self._hear = hear
        try:
            await self._stopped.wait()
        finally:
            self._hear = None

    async def stop(self) -> None:
        self._stopped.set()

    async def send(self, chat: str, message: Message) -> str:
        """Show it. A message with commands shows nothing. Raises Failed for what a real channel would refuse."""
        if message.commands:
            return ""
        if self.uploads is not None:
            brought = [await self._brought(file, self.uploads) for file in message.files]
            message = replace(message, files=tuple(brought))
        self._check(chat, message)
        kept = self._show(
            chat,
            text=message.text,
            buttons=message.buttons,
            files=message.files,
            menu=message.menu,
            contact=message.contact,
        )
        return str(kept.id)

    async def _brought(self, file: File, uploads: Uploads) -> File:
        """The file on the phones; one from elsewhere is put there first. A photo that the bot has a copy of is shown
        from there: cleaned, and no longer than it is kept."""
        if file.kept:
            return replace(file, channel=KEPT, ref=file.kept)
        return file if file.channel == self.name else await self.keep(file.name, await uploads(file))

    async def edit(self, chat: str, message_id: str, message: Message) -> None:
        """Put `message` in place of one of the bot's; like elsewhere, an edit leaves files and menu as they are,
        and one without words changes only the buttons."""
        if not self.abilities(chat).edits:
            raise Gone(f"chat {chat} cannot show edits")
        old = self._message(chat, message_id)
        text = message.text or old.text
        self._check(chat, replace(message, text=text, files=old.files))
        new = replace(old, text=text, buttons=message.buttons)
        if new != old:
            self._keep(chat, replace(new, edits=new.edits + 1))

    async def fetch(self, file: File) -> bytes:
        found = self._album.find(file.ref) if file.channel == self.name else None
        if found is None:
            raise Failed(f"the phones keep no file {file.ref!r}")
        return await asyncio.to_thread(found[0].read_bytes)

    # The person's side, for the page.

    async def keep(self, name: str, content: bytes) -> File:
        """Put a file on the phones, for `say` or for the bot to send; JPEG, PNG, WebP and GIF become photos."""
        return await asyncio.to_thread(self._album.keep, name, content)

    def find(self, ref: str) -> tuple[Path, str] | None:
        """Where a kept file lies and its content type; None when there is none."""
        return self._album.find(ref)

    def messages(self, chat: str, after: int = 0, before: int = 0, limit: int = 0) -> list[Kept]:
        """The messages numbered above `after` (and below `before`), oldest first; `limit` keeps the newest (0: all)."""
        memory = self._memories.get(chat)
        if memory is None:
            return []
        wanted = (m for i, m in reversed(memory.messages.items()) if i > after and (not before or i < before))
        return list(islice(wanted, limit or None))[::-1]

    def keyboard(self, chat: str) -> tuple[Menu, str]:
        """Rows of labels below the input, and the label of the button that shares the number ("": none)."""
        memory = self._memories.get(chat)
        return memory.keyboard() if memory else ((), "")

    def is_plain(self, chat: str) -> bool:
        """Whether the phone is switched to be like Zalo: no buttons, no edits, 2,000 characters."""
        memory = self._memories.get(chat)
        return memory.plain if memory else False

    def set_plain(self, chat: str, plain: bool) -> None:
        """Turn the switch "like Zalo"."""
        self._memory(chat).set_plain(plain)
        self._tell(chat, None)

    def subscribe(self, tell: Tell) -> Callable[[], None]:
        """Have `tell` called, inside the loop, for each change from now on; the answer ends that."""
        self._listeners.append(tell)
        return lambda: self._listeners.remove(tell)

    async def say(self, chat: str, text: str, files: Iterable[File] = ()) -> int:
        """Send words and files that `keep` gave; returns the message's number once the bot's turn is committed."""
        started = _START.fullmatch(text)
        if started:
            return await self.start(chat, started[1] or "")
        return await self._do(chat, text, text=text, files=tuple(files))

    async def press(self, chat: str, message_id: int, button: int | str) -> str:
        """Press a button, by its place (counted row by row, from 0) or its action; returns the bot's toast."""
        try:
            message = self._message(chat, str(message_id))
        except Gone as gone:
            raise LookupError(str(gone)) from gone
        actions = [one.action for row in message.buttons for one in row] if not self.is_plain(chat) else []
        if isinstance(button, int):
            button = actions[button] if 0 <= button < len(actions) else ""
        if button not in actions:
            raise ValueError(f"message {message_id} has no such button")
        return (await self._heard(chat, press=Press(button, str(message_id)))).toast

    async def share_contact(self, chat: str, phone: str) -> int:
        """Share the person's own number."""
        return await self._do(chat, f"📞 {phone}", contact=Contact(phone, own=True))

    async def share_location(self, chat: str, latitude: float, longitude: float) -> int:
        """Send a point of the map."""
        shown = f"📍 {latitude:.5f}, {longitude:.5f}"
        return await self._do(chat, shown, location=Location(latitude, longitude))

    async def start(self, chat: str, payload: str = "") -> int:
        """Come through a deep link; the payload is not shown, as it is not on a real phone."""
        return await self._do(chat, "/start", start=payload)

    # Within.

    async def _do(self, chat: str, shown: str, **heard: Any) -> int:
        """Show what the person did and have it heard. Nothing is awaited between the two: so order is kept."""
        if self._hear is None:
            raise ConnectionError(_DEAF)
        kept = self._show(chat, mine=True, text=(Span(shown),) if shown else (), files=heard.get("files", ()))
        await self._heard(chat, **heard)
        return kept.id

    async def _heard(self, chat: str, **what: Any) -> Heard:
        if self._hear is None:
            raise ConnectionError(_DEAF)
        incoming = Incoming(Address(self.name, chat), key=secrets.token_hex(16), at=self._now(), **what)
        try:
            return await self._hear(incoming)
        except Exception as error:  # so that no fault of the bot looks like one of the three faults of the page
            raise RuntimeError("the bot's turn failed") from error

    def _show(self, chat: str, mine: bool = False, **what: Any) -> Kept:
        kept = Kept(self._memory(chat).next_id(), mine, self._now(), **what)
        self._keep(chat, kept)
        return kept

    def _keep(self, chat: str, kept: Kept) -> None:
        self._memory(chat).keep(kept)
        self._tell(chat, kept)

    def _tell(self, chat: str, kept: Kept | None) -> None:
        for tell in tuple(self._listeners):
            tell(chat, kept)

    def _memory(self, chat: str) -> Memory:
        memory = self._memories.get(chat)
        if memory is None:
            if not _CHAT.fullmatch(chat):  # the id becomes a file's name
                raise ValueError(f"{chat!r} cannot be a phone")
            memory = self._memories[chat] = Memory(self._folder / f"{chat}.jsonl")
        return memory

    def _message(self, chat: str, message_id: str) -> Kept:
        memory = self._memories.get(chat)
        kept = (
            memory.messages.get(int(message_id)) if memory and message_id.isascii() and message_id.isdigit() else None
        )
        if kept is None or kept.mine:
            raise Gone(f"the bot has no message {message_id} on phone {chat}")
        return kept

    def _check(self, chat: str, message: Message) -> None:
        """Refuse what the great chat services refuse, so that the demo shows the same faults as they."""
        if not _CHAT.fullmatch(chat):
            raise Failed(f"{chat!r} cannot be a phone")
        size = len(plain(message.text).encode("utf-16-le", "surrogatepass")) // 2
        if size > (_CAPTION_LIMIT if message.files else self.abilities(chat).text_limit):
            raise Failed(f"the text is too long: {size} units")
        if not message.files and not plain(message.text).strip():
            raise Failed("the message is empty")
        if len(message.files) > 10 or (len(message.files) > 1 and (message.text or message.buttons)):
            raise Failed("an album is two to ten files without text and buttons")
        if any(self._album.find(file.ref) is None for file in message.files if file.channel == self.name):
            raise Failed("a file is no longer there")
        if any(file.channel not in (self.name, KEPT) for file in message.files):
            raise Failed("a file is kept by another channel")
        if any(not 1 <= len(b.action.encode()) <= 64 or not b.label for row in message.buttons for b in row):
            raise Failed("a button has no label, or an action beyond 64 bytes")
