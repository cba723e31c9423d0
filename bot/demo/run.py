"""`apso demo`: the invented province, three phones in the browser and a clock that can be turned."""

from __future__ import annotations

import asyncio
import json
import tempfile
import webbrowser
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app import App, open_store, real_now
from bot.backup import back_up
from bot.channels.phone import Phone
from bot.config import Config, ConfigError
from bot.demo.load import Loaded, chat_of, go_on, load
from bot.demo.neighbours import neighbours
from bot.web.phone.pages import PhonePages
from bot.web.server import CannotServe
from storage import units
from storage.db import Store

# Who tries it out does in two minutes what takes a day, but a key that is held down still shows the warning.
HURRIED = {"burst": 60, "seconds_per_message": 0.5, "photo_burst": 60, "photos_per_minute": 60}
THURSDAY, MORNING = 3, 9  # late enough in the week to have figures, and Friday 16:00 is near

WHAT_TO_TRY = """
Ấp Số – dùng thử với một tỉnh giả định: ba người, ba điện thoại, một bot
An invented province to try: three people, three phones, one bot

  Mở trong trình duyệt / Open in a browser:  {url}

  1. Thành viên: bấm Báo cáo, trả lời 3 câu, bấm Gửi.
     The member: press Báo cáo (Report), answer three questions, press Gửi (Send).
  2. Đầu mối xã: bấm Giao việc, chọn ấp. Máy của người nhận mở ở “Mở máy khác”.
     The commune's lead: press Giao việc (Hand out). Open the receiver's phone with “Mở máy khác”.
  3. Quản trị: bấm Thông báo, nhắn “xa dai dien”; xem trước đúng bao nhiêu người nhận.
     The administrator: press Thông báo (Broadcast), type "xa dai dien"; see exactly how many get it.
  4. Tua đồng hồ tới 7:00 mai rồi 16:00 thứ Sáu: lời nhắc và tổng hợp tuần tự tới.
     Turn the clock to 7:00 tomorrow, then 16:00 Friday: reminders and the week's summary arrive.

  {keeping}
  Gõ /english để đổi sang tiếng Anh. Ctrl-C để dừng. / Type /english for English. Ctrl-C to stop.
"""
NOT_KEPT = "Tắt là xóa hết; muốn giữ lại thì thêm --keep FILE. / Gone when stopped; --keep FILE keeps it."
KEPT = "Được giữ ở / Kept in: {file}"


class Notes:
    """What a kept demonstration remembers beside its database.

    `shown`: whose phones are open (None: nothing is kept yet); `ahead`: how far its clock is before the real one;
    `lived`: until when the rest of the province went on. Milliseconds.
    """

    def __init__(self, file: Path, zone: ZoneInfo) -> None:
        self._file = file
        kept = json.loads(file.read_text()) if file.exists() else {}
        self.shown: Loaded | None = Loaded(*kept["shown"]) if "shown" in kept else None
        self.ahead: int = kept.get("ahead", _thursday(zone) - real_now())
        self.lived: int = kept.get("lived", real_now() + self.ahead)

    def show(self, shown: Loaded) -> None:
        self.shown = shown
        self._save()

    def turn(self, ahead: int, lived: int) -> None:
        self.ahead, self.lived = ahead, lived
        self._save()

    def _save(self) -> None:
        assert self.shown is not None
        shown = [self.shown.member, self.shown.lead, self.shown.admin]
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps({"shown": shown, "ahead": self.ahead, "lived": self.lived}))


def _thursday(zone: ZoneInfo) -> int:
    """Thursday morning of this week."""
    now = datetime.now(UTC).astimezone(zone)
    day = now + timedelta(days=THURSDAY - now.weekday())
    return int(day.replace(hour=MORNING, minute=0, second=0, microsecond=0).timestamp() * 1000)


class TurnableClock:
    """Real time plus however far the clock was turned; it never goes back."""

    def __init__(self, notes: Notes, store: Store, zone: ZoneInfo) -> None:
        self._notes = notes
        self._store = store
        self._zone = zone
        self._turning = asyncio.Lock()
        self.app: App | None = None

    def now(self) -> int:
        return real_now() + self._notes.ahead

    async def move(self, to_ms: int) -> None:
        """Turn it forward: the others do their work of that time, and everything that is due by then is rung."""
        async with self._turning:
            since, ahead = self._notes.lived, self._notes.ahead + max(0, to_ms - self.now())
            until = max(since, real_now() + ahead)
            await self._store.run(lambda db: go_on(db, since, until, self._zone))
            self._notes.turn(ahead, until)
            if self.app is not None:
                await self.app.clock.ring()
                self.app.sender.ring()


async def demo(port: int, *, browser: bool, keep: Path | None, stop: asyncio.Event) -> int:
    """Serve the demonstration until `stop` is set. Raises ConfigError when the port or `keep` is no good."""
    if not 0 <= port < 65536:
        raise ConfigError(f"{port} is no port: choose one from 1024 to 65535, as apso demo --port 8081.")
    with ExitStack() as stack:
        file = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="apso-demo-")), "demo.db")
        config = Config.model_validate(
            {
                "storage": {"url": str(file)},
                "files": {"dir": f"{file.name}.photos"},
                "web": {"port": port},
                "limits": HURRIED,
            }
        )
        zone = ZoneInfo(config.bot.zone)
        folder = Path(f"{file}.phone")
        notes = Notes(folder / "demo.json", zone)
        store = await open_store(config, real_now() + notes.ahead)
        clock = TurnableClock(notes, store, zone)
        try:
            shown = await _begin(store, notes, file, zone)
        except BaseException:
            await store.close()
            raise
        phone = Phone(folder, clock.now)
        known = neighbours(store, (shown.member, shown.lead, shown.admin))
        app = App(
            config,
            store,
            {"phone": phone},
            now=clock.now,
            phone=lambda app: PhonePages(phone, known, clock, zone, app.photos.folder.find),
            copy=lambda: back_up(config, clock.now()),
        )
        try:
            await _start(app, port)
            clock.app = app
            await _say_hello(phone, shown)
            assert app.server is not None
            url = f"{app.server.url}/phone"
            keeping = KEPT.format(file=keep) if keep else NOT_KEPT
            print(WHAT_TO_TRY.format(url=url, keeping=keeping), flush=True)
            if browser:
                webbrowser.open(url)
            await stop.wait()
        finally:
            await app.stop()
    return 0


async def _begin(store: Store, notes: Notes, file: Path, zone: ZoneInfo) -> Loaded:
    """Who is shown: of the kept demonstration, or of the province that is made now."""
    used = await store.run(units.top) is not None
    if notes.shown is not None and used:
        return notes.shown
    if notes.shown is not None or used:
        missing = f"{file}.phone" if used else file
        raise ConfigError(f"{file} is no kept demonstration: {missing} is missing. Name another file after --keep.")
    now = notes.lived
    shown = await store.run(lambda db: load(db, now, zone))
    notes.show(shown)
    return shown


async def _start(app: App, port: int) -> None:
    try:
        await app.start()
    except CannotServe as error:
        another = f"apso demo --port {port + 1 if port < 65535 else 8081}"
        raise ConfigError(f"{error} Ví dụ / Port {port} cannot be used, try another: {another}") from error


async def _say_hello(phone: Phone, shown: Loaded) -> None:
    for person_id in (shown.member, shown.lead, shown.admin):
        if not phone.messages(chat_of(person_id)):
            await phone.start(chat_of(person_id))
