"""A small village and its people on the real bot: real store, real channel, only the time is the test's.

Conversations read as dialogues: `await an.says("12")`, `await an.sees("hồ sơ")`, `await an.presses("Gửi")`. A person
presses what they see: a button where there are buttons, else the number or the words of its line.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.app import App
from bot.channels.channel import Unreachable
from bot.channels.phone import Kept, Phone
from bot.chat import history
from bot.chat.message import Address, File, Incoming, Message, Span, plain
from bot.chat.texts import Voice, load
from bot.config import Config, Files
from storage import audit, categories, consents, people, units
from storage.audit import Entry
from storage.db import Db, Store
from tests.engine import open_engine
from tests.pictures import JPEG as JPEG

T = TypeVar("T")

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = "2026-11-23 08:00"
PATIENCE_S = 15.0  # of a machine that does much else
WORK_S = 20.0  # a process of its own takes a second to begin
PUT_OFF = (
    "SELECT not_before FROM outbox WHERE lane = 0 AND state = 'queued' AND chat = :chat AND not_before > :now"
    " ORDER BY not_before"
)
UNHURRIED = Config.model_validate({"limits": {"burst": 0, "photo_burst": 0}})  # much is said while the clock stands


def moment(text: str) -> int:
    """UTC milliseconds of a local time like "2026-11-27 16:00"."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp() * 1000)


@dataclass
class Someone:
    """A person of the village with a phone in hand."""

    village: Village
    id: int
    name: str
    chat: str
    _seen: dict[int, str] = field(default_factory=dict)

    @property
    def shown(self) -> list[Kept]:
        """All messages on the phone, oldest first."""
        return list(self.village.phone.messages(self.chat))

    @property
    def told(self) -> list[Kept]:
        """What the bot said, oldest first, edits applied."""
        return [message for message in self.shown if not message.mine]

    async def says(self, text: str, *photos: bytes) -> None:
        """Type something, perhaps with photos."""
        await self.reads()
        files = [await self.village.phone.keep("hinh.jpg", photo) for photo in photos]
        await self._do_say(text, files)

    async def _do_say(self, text: str, files: Iterable[File] = ()) -> None:
        await self.village.phone.say(self.chat, text, files)

    async def starts(self, payload: str = "") -> None:
        """Open the bot by a link."""
        self._look()
        await self.village.phone.start(self.chat, payload)

    async def shares_number(self, phone: str) -> None:
        """Press the button that sends one's own number."""
        self._look()
        await self.village.phone.share_contact(self.chat, phone)

    async def sends_place(self, latitude: float, longitude: float) -> None:
        """Send a point of the map."""
        self._look()
        await self.village.phone.share_location(self.chat, latitude, longitude)

    async def does(self, **what: Any) -> str:
        """Have the bot hear anything at all, such as a press no button carries; returns the toast."""
        self._look()
        heard = Incoming(Address("phone", self.chat), token_hex(16), self.village.time[0], **what)
        return (await self.village.app.hear(heard)).toast

    async def presses(self, label: str, *, within: str = "") -> str:
        """Press the newest button with these words (of a message with `within`); returns the toast."""
        message, button, typed = await self._wait(lambda: self._find(label, within), f"a button {label!r}")
        self._look()
        if typed:
            await self._do_say(typed)
            return ""
        return await self.village.phone.press(self.chat, message.id, button)

    def offers(self, label: str) -> bool:
        """Whether some message has such a button now."""
        return self._find(label, "") is not None

    def offers_now(self, label: str) -> bool:
        """Whether the newest message has such a button."""
        return any(label in choice for choice in self.choices())

    def choices(self) -> list[str]:
        """What the newest message offers, as it is written there; a picture offers nothing and hides nothing."""
        newest = [message for message in self.told if not message.files or message.buttons][-1]
        numbered, worded = (re.findall(rf"^{sign} (.+)$", text_of(newest), re.MULTILINE) for sign in (r"\d+\.", "•"))
        return [button.label for row in newest.buttons for button in row] or numbered or worded

    async def sees(self, *fragments: str) -> str:
        """Wait for a new or changed message with all fragments; returns its text, of several the newest."""
        return await self._wait(lambda: self._new_with(fragments), " … ".join(fragments))

    async def waits(self) -> None:
        """Say nothing more for now: what waited for more is said."""
        await self.village.quiet()
        while due := await self.village.look(PUT_OFF, chat=self.chat, now=self.village.time[0]):
            self.village.time[0] = int(str(due[0][0]))
            self.village.app.sender.ring()
            await self.village.quiet()

    async def reads(self) -> None:
        """Whatever is said by now has been read: only what comes later is new."""
        await self.village.quiet()
        self._look()

    async def sees_nothing_new(self) -> None:
        """Nothing came or changed since the last thing this person did or saw."""
        await self.waits()
        assert self._new() == [], self._new()

    def _look(self) -> None:
        self._seen = {message.id: _key(message) for message in self.shown}

    def _new(self) -> list[str]:
        return [text_of(message) for message in self.told if self._seen.get(message.id) != _key(message)]

    def _new_with(self, fragments: tuple[str, ...]) -> str | None:
        for text in reversed(self._new()):
            if all(fragment in text for fragment in fragments):
                return text
        return None

    def _find(self, label: str, within: str) -> tuple[Kept, int, str] | None:
        for message in reversed(self.told):
            text = text_of(message)
            if within not in text:
                continue
            labels = [button.label for row in message.buttons for button in row]
            for index, one in sorted(enumerate(labels), key=lambda pair: not pair[1].endswith(label)):
                if label in one:
                    return message, index, ""
            typed = _typed(text, label)
            if typed:
                return message, 0, typed
        return None

    async def _wait(self, look: Callable[[], T | None], what: str) -> T:
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self.waits()
                while (found := look()) is None:
                    await asyncio.sleep(0.001)
                    await self.waits()
        except TimeoutError:
            conversation = "\n".join(f"{'me' if m.mine else 'bot'}: {text_of(m)}" for m in self.shown[-6:])
            raise AssertionError(f"{self.name} waited in vain for {what}; the phone shows:\n{conversation}") from None
        return found


def text_of(message: Kept) -> str:
    """The words of a message."""
    return "".join(span.text for span in message.text)


def _key(message: Kept) -> str:
    return repr((message.text, message.buttons, [file.ref for file in message.files]))


def _typed(text: str, label: str) -> str:
    """What to type for a choice shown as a line: its number, or its words."""
    for line in sorted(text.splitlines(), key=lambda line: not line.endswith(label)):
        numbered = re.fullmatch(r"(\d+)\. (.*)", line)
        if numbered and label in numbered[2]:
            return numbered[1]
        if line.startswith("• ") and label in line and len(line) < 40:
            return line[2:]
    return ""


class Phones(Phone):
    """The demo's phones, where a person may also block the bot."""

    def __init__(self, folder: Path, now: Callable[[], int]) -> None:
        super().__init__(folder, now)
        self.blocked: set[str] = set()
        self.before_fetch: Callable[[], Awaitable[None]] | None = None  # may take its time, or raise

    async def fetch(self, file: File) -> bytes:
        if self.before_fetch is not None:
            await self.before_fetch()
        return await super().fetch(file)

    async def send(self, chat: str, message: Message) -> str:
        if chat in self.blocked:
            raise Unreachable(f"{chat} blocked the bot")
        return await super().send(chat, message)


@dataclass
class Village:
    """The running bot, its people by name, and its time."""

    app: App
    phone: Phones
    store: Store
    time: list[int]
    people: dict[str, Someone] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)  # of changes, in words, once it has gone to sleep

    def __getattr__(self, name: str) -> Someone:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    def stranger(self, chat: str = "p9001") -> Someone:
        """Somebody the bot does not know."""
        return Someone(self, 0, "stranger", chat)

    async def turns_to(self, local: str) -> None:
        """Let the clock of the province reach this time, and what is due be done."""
        assert moment(local) >= self.time[0], "time does not go back"
        self.time[0] = moment(local)
        await self.app.clock.ring()
        self.app.sender.ring()
        await self.quiet()

    async def passes(self, *, minutes: float) -> None:
        """Let some minutes go by."""
        self.time[0] += int(minutes * 60_000)
        await self.app.clock.ring()
        self.app.sender.ring()
        await self.quiet()

    async def quiet(self) -> None:
        """Until everything that may be said now is said and recorded."""
        async with asyncio.timeout(WORK_S):
            while await self.store.run(self._waiting):
                await asyncio.sleep(0.001)

    async def photos_settle(self) -> None:
        """Until it is known what becomes of each photo that is due, and everybody concerned has heard of it."""
        due = (
            "SELECT 1 FROM files WHERE state = 'waiting' AND due_at <= :now UNION SELECT 1 FROM photos WHERE unused = 1"
        )
        self.app.photos.ring()
        async with asyncio.timeout(WORK_S):
            while await self.look(due, now=self.time[0]):
                await asyncio.sleep(0.01)
        await self.quiet()

    def _waiting(self, db: Db) -> bool:
        return (
            db.one(
                "SELECT 1 FROM outbox WHERE state = 'sending' OR (state = 'queued' AND not_before <= :now)"
                " UNION ALL SELECT 1 FROM errands WHERE state = 'ordered' AND tries < 3",
                now=self.time[0],
            )
            is not None
        )

    async def look(self, sql: str, **values: object) -> list[tuple[object, ...]]:
        """What the database holds."""
        return await self.store.run(lambda db: db.all(sql, **values))


# Who lives here: key, name, unit, role. Language vi; numbers 0999 000 001 and so on.
UNITS = (
    ("tinh", "Tỉnh Bến Tre", "tỉnh", "province", ""),
    ("huyen", "Huyện Thạnh Phú", "huyện", "district", "tinh"),
    ("xa", "Xã Đại Điền", "xã", "commune", "huyen"),
    ("ap1", "Ấp 1", "ấp", "hamlet", "xa"),
    ("ap2", "Ấp 2", "ấp", "hamlet", "xa"),
    ("ap3", "Ấp 3", "ấp", "hamlet", "xa"),
    ("xa2", "Xã Mỹ An", "xã", "commune", "huyen"),
)
PEOPLE = (
    ("quan", "Lê Minh Quân", "tinh", "admin"),
    ("hue", "Trần Thị Huệ", "huyen", "head"),
    ("lan", "Nguyễn Thị Lan", "xa", "head"),
    ("tam", "Đoàn Văn Tâm", "ap1", "head"),
    ("an", "Nguyễn Văn An", "ap1", "member"),
    ("bay", "Phạm Thị Bảy", "ap1", "member"),
    ("hai", "Võ Văn Hai", "ap2", "head"),
    ("ut", "Lê Thị Út", "ap2", "member"),
    ("dung", "Trương Văn Dũng", "xa2", "head"),
)


def settle(db: Db, now: int, joined: bool = True) -> dict[str, tuple[int, str]]:
    """Put the village into a database; returns id and name by key. `joined`: everybody has a phone, p<id>."""
    categories.seed(db)
    long_ago = now - 90 * 86_400_000
    known: dict[str, units.Unit] = {}
    for key, name, kind, level, above in UNITS:
        known[key] = units.add(db, code=key, name=name, kind=kind, level=level, parent=known.get(above), since=long_ago)
    found = {}
    for number, (key, name, unit, role) in enumerate(PEOPLE, 1):
        person = people.add(db, name=name, phone=f"0999000{number:03d}", language="vi", now=now)
        people.appoint(db, person.id, known[unit].id, role, long_ago)
        if joined:
            people.link(db, "phone", f"p{person.id}", person.id, now)
            consents.give(db, "phone", f"p{person.id}", "test", now)
        found[key] = (person.id, name)
    return found


def residents(db: Db) -> dict[str, tuple[int, str]]:
    """Who lives in a village that was settled before."""
    names = {name: person_id for person_id, name in db.all("SELECT id, name FROM people")}
    return {key: (names[name], name) for key, name, _, _ in PEOPLE} if names else {}


INTERNAL = re.compile(
    r"\b(unit|person|request|assignment) \d|\b(member|head|deputy|admin)\b|↩|(?<!bản )\b\d{4}-\d\d|\b[0-9a-f]{16}"
    r"|  |\?|→ *(·|$)|: *(→|·|$)|\(\)|chưa có lời"
)


def log_in_words(db: Db) -> list[str]:
    """The whole log of changes, a sentence for each, the oldest first."""
    say = Voice(load(), "vi")
    rows = db.all(f"SELECT {audit.COLUMNS} FROM audit a WHERE a.act <> 'tested' ORDER BY a.id")
    return [plain(history.shown(say, history.words(db, say, Entry(*row)), (Span("8:00"),))) for row in rows]


def is_internal(line: str) -> bool:
    """Whether it shows how the program keeps it: numbers and names of its own, or nothing where something should be."""
    keys, line = load().keys(), re.sub("“[^”]*”", "“”", line)  # but for people's own words
    return bool(INTERNAL.search(line)) or any(word in keys for word in re.findall(r"[a-z_]+(?:\.[a-z_]+)+", line))


@asynccontextmanager
async def village(
    folder: Path,
    *,
    plain: bool = False,
    at: str = MONDAY,
    url: str = ":memory:",
    joined: bool = True,
    config: Config | None = None,
) -> AsyncIterator[Village]:
    """The village, awake at this local time. `plain`: phones without buttons and edits, as on Zalo."""
    time = [moment(at)]
    store = await open_engine(url, time[0])
    found = await store.run(lambda db: residents(db) or settle(db, time[0], joined))
    phone = Phones(folder, lambda: time[0])
    for person_id, _ in found.values():
        phone.set_plain(f"p{person_id}", plain)
    config = (config or UNHURRIED).model_copy(update={"files": Files(dir=str(folder / "photos"))})
    app = App(config, store, {"phone": phone}, now=lambda: time[0], serve=False)
    here = Village(app, phone, store, time)
    here.people = {key: Someone(here, person_id, name, f"p{person_id}") for key, (person_id, name) in found.items()}
    await app.start()
    await app.began()
    try:
        yield here
        here.log = await store.run(log_in_words)
        unclear = [line for line in here.log if is_internal(line)]
        assert not unclear, f"a villager would not understand the log: {unclear}"
    finally:
        await app.stop()
