"""`apso demo`: the invented province, three phones in the browser and a clock that can be turned."""

from __future__ import annotations

import asyncio
import json
import tempfile
import webbrowser
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app import App, open_store, real_now
from bot.channels.phone import Phone
from bot.config import Config
from bot.demo.load import Loaded, chat_of, load
from bot.rules.vietnamese import matches
from bot.web.phone.pages import People, Person, PhonePages
from storage import people, units
from storage.db import Db, Store
from storage.people import Member

WORKING_HOUR = 8
ROLES = {"head": "tổ trưởng", "deputy": "tổ phó", "member": "thành viên", "admin": "quản trị"}

WHAT_TO_TRY = """
Ấp Số – dùng thử với một tỉnh giả định / a demonstration with an invented province
  {url}

  1. Điện thoại thành viên: bấm Báo cáo, trả lời 3 câu, bấm Gửi.
     The member's phone: press Báo cáo (Report), answer three questions, press Gửi (Send).
  2. Điện thoại đầu mối xã: bấm Giao việc, chọn ấp; xem ai đã nhận, ai xong.
     The commune lead's phone: press Giao việc (Hand out); watch who accepts and who is done.
  3. Vặn đồng hồ tới 7:00 mai rồi 16:00 thứ Sáu: lời nhắc và tổng hợp tuần tự tới.
     Turn the clock to tomorrow 7:00, then Friday 16:00: reminders and the weekly summary arrive.

  Gõ /english để đổi sang tiếng Anh. Ctrl-C để dừng. / Type /english for English. Ctrl-C to stop.
"""


class TurnableClock:
    """Real time plus however far the clock was turned; it never goes back. `turned` hears of each turning."""

    def __init__(self, start: int, turned: Callable[[int], None]) -> None:
        self._ahead = start - real_now()
        self._turned = turned
        self.app: App | None = None

    def now(self) -> int:
        return real_now() + self._ahead

    async def move(self, to_ms: int) -> None:
        """Turn it forward and ring everything that is due by then."""
        self._ahead += max(0, to_ms - self.now())
        self._turned(self._ahead)
        if self.app is not None:
            await self.app.clock.ring()
            self.app.sender.ring()


async def demo(port: int, *, browser: bool, keep: Path | None, stop: asyncio.Event) -> int:
    """Serve the demonstration until `stop` is set."""
    with ExitStack() as stack:
        file = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="apso-demo-")), "demo.db")
        config = Config.model_validate({"storage": {"url": str(file)}, "web": {"port": port}})
        zone = ZoneInfo(config.bot.zone)
        folder = Path(f"{file}.phone")
        notes = Notes(folder / "demo.json")
        clock = TurnableClock(real_now() + notes.ahead if notes.shown else _working_hours(zone), notes.turned)
        store = await open_store(config, clock.now())
        shown = notes.shown
        if shown is None:
            shown = await store.run(lambda db: load(db, clock.now(), zone))
            notes.show(shown)
        phone = Phone(folder, clock.now)
        app = App(
            config,
            store,
            {"phone": phone},
            now=clock.now,
            phone=lambda app: PhonePages(
                phone, _people(app.store, (shown.member, shown.lead, shown.admin)), clock, zone
            ),
        )
        try:
            await app.start()
            clock.app = app
            await _say_hello(phone, shown)
            assert app.server is not None
            url = f"{app.server.url}/phone"
            print(WHAT_TO_TRY.format(url=url), flush=True)
            if browser:
                webbrowser.open(url)
            await stop.wait()
        finally:
            await app.stop()
    return 0


class Notes:
    """What a kept demonstration remembers beside its database: who is shown and how far its clock was turned."""

    def __init__(self, file: Path) -> None:
        self._file = file
        kept = json.loads(file.read_text()) if file.exists() else {}
        self.ahead: int = kept.get("ahead", 0)
        self.shown: Loaded | None = Loaded(*kept["shown"]) if "shown" in kept else None

    def turned(self, ahead: int) -> None:
        self.ahead = ahead
        self._save()

    def show(self, shown: Loaded) -> None:
        self.shown = shown
        self._save()

    def _save(self) -> None:
        shown = [self.shown.member, self.shown.lead, self.shown.admin] if self.shown else None
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps({"ahead": self.ahead} | ({"shown": shown} if shown else {})))


def _working_hours(zone: ZoneInfo) -> int:
    """Now, or this morning or tomorrow morning when people would be asleep."""
    now = datetime.now(UTC).astimezone(zone)
    if WORKING_HOUR <= now.hour < 20:
        return int(now.timestamp() * 1000)
    return int(now.replace(hour=WORKING_HOUR, minute=0, second=0).timestamp() * 1000)


async def _say_hello(phone: Phone, shown: Loaded) -> None:
    for person_id in (shown.member, shown.lead, shown.admin):
        if not phone.messages(chat_of(person_id)):
            await phone.start(chat_of(person_id))


def _people(store: Store, first: tuple[int, ...]) -> People:
    async def find(query: str, limit: int) -> list[Person]:
        members = await store.run(lambda db: _members(db, query))
        members.sort(key=lambda m: first.index(m.person.id) if m.person.id in first else len(first))
        found = [m for m in members if not query or _is(m, query)]
        return [_person(m, m.person.id in first) for m in found[:limit]]

    return find


def _members(db: Db, query: str) -> list[Member]:
    """Those who may fit: everybody, or the one whose id is asked for."""
    if query[:1] == "p" and query[1:].isdecimal():
        return [
            Member(person, post.role, post.unit, True, True)
            for person in [people.get(db, int(query[1:]))]
            if person is not None
            for post in people.posts(db, person.id)[:1]
        ]
    top = units.top(db)
    return list({m.person.id: m for m in people.under(db, top)}.values()) if top else []


def _is(member: Member, query: str) -> bool:
    return query == chat_of(member.person.id) or matches(query, f"{member.person.name} {member.unit.name}")


def _person(member: Member, open: bool) -> Person:
    return Person(
        chat_of(member.person.id), member.person.name, ROLES[member.role], member.unit.name, member.person.phone, open
    )
