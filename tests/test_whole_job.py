"""The whole job on Telegram: the real program, its database in a file, against the strict fake Bot API on loopback."""

from __future__ import annotations

import asyncio
import io
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot import log
from bot.app import App, open_store, telegram
from bot.chat.message import File
from bot.config import Config
from storage import consents, files, invites, people
from storage.db import Store
from tests.channels.ear import until
from tests.engine import url_of
from tests.rig import JPEG, MONDAY, PEOPLE, moment, settle
from tests.servers.bot_api import BotApi, Message, Person

SECRET = "a-secret-of-the-webhook_01"
UNLIMITED: dict[str, float] = {"burst": 0, "photo_burst": 0}
CONSENT_DAYS = 30
DAY_MS = 24 * 3600 * 1000


@dataclass
class Town:
    """The running bot on Telegram, its people's telephones by name, and its time."""

    api: BotApi
    app: App
    store: Store
    time: list[int]
    ids: dict[str, int]
    phones: dict[str, Person] = field(default_factory=dict)
    pressed: int = 0

    def __getattr__(self, name: str) -> Person:
        try:
            return self.phones[name]
        except KeyError:
            raise AttributeError(name) from None

    async def presses(self, who: Person, words: str) -> Message:
        """Press the newest button with these words on it; returns the message it is under."""
        for message in reversed(who.messages):
            for at, label in enumerate(message.labels):
                if words in label:
                    await who.presses(at, message)
                    self.pressed += 1
                    return message
        raise AssertionError(f"{who.name} has no button {words!r}: {[str(m) for m in who.messages[-4:]]}")

    async def code_for(self, name: str) -> str:
        """An invitation, as `apso invite` prints it: good for leads too."""
        code = f"ABCD-{'23456789QRS'[list(self.ids).index(name)] * 4}"
        now = self.time[0]
        until = now + CONSENT_DAYS * DAY_MS
        await self.store.run(lambda db: invites.add(db, code, self.ids[name], now, until, trusted=True))
        return code

    async def joins(self, name: str) -> Message:
        """Open the link of an invitation and agree."""
        who = self.phones[name]
        await who.starts(await self.code_for(name))
        await who.sees("đồng ý không ạ?")
        await self.presses(who, "Đồng ý")
        return await who.sees("em nhận ra rồi")

    async def all_join_quietly(self) -> None:
        """Everybody is linked already, as weeks later."""
        for name, who in self.phones.items():
            self.api.person(who.id, started=True)
            await self.store.run(lambda db, n=name, w=who: _join(db, w.id, self.ids[n], self.time[0]))  # type: ignore[misc]

    async def turns_to(self, local: str) -> None:
        """Let the province's clock reach this time, and what is due be done."""
        self.time[0] = moment(local)
        await self.app.clock.ring()
        self.app.sender.ring()
        await self.quiet()

    async def quiet(self) -> None:
        """Until everything that may be said now is said and recorded."""
        async with asyncio.timeout(15):
            while await self.look("SELECT 1 FROM outbox WHERE state IN ('queued', 'sending') AND not_before <= ?"):
                await asyncio.sleep(0.01)

    async def photos_settle(self) -> None:
        """Until each photo that is due was tried, and whoever is concerned has heard of it."""
        self.app.photos.ring()
        async with asyncio.timeout(15):
            while await self.look("SELECT 1 FROM files WHERE state = 'waiting' AND due_at <= ?"):
                await asyncio.sleep(0.01)
        await self.quiet()

    async def look(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database holds; ? is now."""
        return await self.store.run(lambda db: db.all(sql.replace("?", ":now"), now=self.time[0]))


def _join(db: Any, chat: int, person_id: int, now: int) -> None:
    people.link(db, "telegram", str(chat), person_id, now)
    consents.give(db, "telegram", str(chat), "2026-11", now)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _config(api: BotApi, file: Path, mode: str, limits: dict[str, float], pace: dict[str, float]) -> Config:
    port = _free_port()
    return Config.model_validate(
        {
            "storage": {"url": url_of(file)},
            "web": {"port": port},
            "files": {"dir": str(file.parent / "photos")},
            "limits": limits,
            "telegram": {
                "token": api.token,
                "base_url": api.base_url,
                "base_file_url": api.base_file_url,
                "mode": mode,
                "webhook_url": f"http://127.0.0.1:{port}/telegram",
                "webhook_secret": SECRET,
            }
            | pace,
        }
    )


@asynccontextmanager
async def town(
    folder: Path,
    mode: str = "polling",
    *,
    at: str = MONDAY,
    joined: bool = True,
    limits: dict[str, float] = UNLIMITED,
    **pace: float,
) -> AsyncIterator[Town]:
    """The town, awake at this local time; without a pace and limits nothing is held back."""
    time = [moment(at)]
    async with BotApi() as api:
        config = _config(api, folder / "apso.db", mode, limits, {"per_second": 0, "chat_per_second": 0} | pace)
        store = await open_store(config, time[0])
        found = await store.run(lambda db: settle(db, time[0], joined=False))
        app = App(config, store, {"telegram": telegram(config, lambda: time[0])}, now=lambda: time[0])
        here = Town(api, app, store, time, {key: found[key][0] for key, *_ in PEOPLE})
        here.phones = {key: api.person(5_000_000_000 + found[key][0], found[key][1]) for key in found}
        if joined:
            await here.all_join_quietly()
        await app.start()
        await app.began()
        try:
            yield here
        finally:
            await app.stop()


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_the_whole_job(tmp_path: Path, mode: str) -> None:
    async with town(tmp_path, mode, joined=False) as here:
        await _link_with_consent(here)
        await _everybody_joins(here)
        await _report_with_a_photo(here)
        await _hand_out_a_task(here)
        await _do_it_return_it_do_it_again(here)
        await _be_reminded(here)
        await _sum_up_the_week(here)
        await _tell_everybody_but_the_one_who_blocked(here)
        await until(lambda: len(here.api.called("answerCallbackQuery")) >= here.pressed)
        refused = [(call.method, call.params.get("chat_id")) for call in here.api.calls if call.status >= 400]
        assert refused == [("sendMessage", here.ut.id)]
        if mode == "webhook":
            assert not here.api.called("getUpdates")
        assert await here.look("SELECT * FROM surprises") == []


async def _link_with_consent(here: Town) -> None:
    an, code = here.an, await here.code_for("an")
    await an.starts(code)
    asked = await an.sees("đồng ý không ạ?")
    assert await here.look("SELECT * FROM identities") == []
    assert await here.look("SELECT * FROM consents") == []
    assert an.keyboard == []
    await an.presses("Đồng ý", asked)
    here.pressed += 1
    linked = await an.sees("em nhận ra rồi")
    assert "Nguyễn Văn An, thành viên Ấp 1" in linked.text
    assert linked.styled("bold") == ["Nguyễn Văn An", "Báo cáo"]
    assert linked is not asked
    chat = str(an.id)
    assert await here.look("SELECT channel, chat, person_id FROM identities") == [("telegram", chat, here.ids["an"])]
    assert await here.look("SELECT chat, version, person_id FROM consents") == [(chat, "2026-11", here.ids["an"])]
    # The code is used up: nobody else comes in by it.
    thief = here.api.person(6_000_000_001, "Kẻ lạ")
    await thief.starts(code)
    await thief.sees("đồng ý không ạ?")
    await here.presses(thief, "Đồng ý")
    await thief.sees("mã này đã dùng rồi")


async def _everybody_joins(here: Town) -> None:
    for name in here.phones:
        if name != "an":
            await here.joins(name)
    await here.quiet()
    member, lead, admin = (
        {command["command"] for command in who.chat.commands} for who in (here.an, here.lan, here.quan)
    )
    assert {"baocao", "viec", "trogiup", "dung"} <= member
    assert not {"giaoviec", "thongbao", "doi"} & member
    assert {"giaoviec", "doi"} <= lead
    assert "thongbao" in admin - lead
    assert "baocao" not in admin
    listed = [call.params["scope"] for call in here.api.called("setMyCommands") if "scope" in call.params]
    assert {scope["chat_id"] for scope in listed} == {who.id for who in here.phones.values()}
    assert [sum(map(len, who.keyboard)) for who in (here.an, here.lan)] == [4, 6]
    assert {"📝 Báo cáo", "📋 Việc của tôi"} <= {label for row in here.an.keyboard for label in row}


async def _report_with_a_photo(here: Town) -> None:
    an, tam, lan = here.an, here.tam, here.lan
    await an.presses("📝 Báo cáo")
    question = await an.sees("Câu 1/3")
    await here.presses(an, "Nộp hồ sơ")
    await an.sees("Bao nhiêu hồ sơ")
    await an.says("mười hai")
    await an.sees("hình hay muốn ghi chú")
    sent = await an.sends_photo(JPEG)
    await an.sees("Em đã nhận 1 hình")
    await here.presses(an, "Xong")
    looked_at = await an.sees("Em ghi như vầy")
    assert "12 hồ sơ" in looked_at.text
    await here.presses(an, "Gửi")
    card = await an.sees("em ghi nhận B-0001")
    assert card is looked_at, "the card takes the place of the last question"
    assert question.edits, "a pressed question becomes the next one"
    told = await tam.sees("có 1 báo cáo")
    await _one_more_report(here)
    assert await tam.sees("có 2 báo cáo") is told, "the head has one card a day"
    stored = await here.store.run(lambda db: files.of_report(db, 1))
    fetched = await here.app.fetch(File("photo", stored[0].channel, stored[0].ref, size=stored[0].size))
    assert fetched == sent.content == JPEG
    await lan.says("b 1")
    await lan.sees("Báo cáo B-0001 của Nguyễn Văn An")
    await here.presses(lan, "Xem hình")
    await until(lambda: lan.messages[-1].photos)
    assert lan.messages[-1].photos[0].content == JPEG


async def _one_more_report(here: Town) -> None:
    await here.bay.says("/khongcoviec")
    await here.bay.sees("Không có hoạt động")
    await here.presses(here.bay, "Gửi")
    await here.bay.sees("em ghi nhận B-")  # a number may be left out where PostgreSQL has a turn done again
    assert await here.look("SELECT COUNT(*) FROM reports") == [(2,)]


async def _hand_out_a_task(here: Town) -> None:
    lan = here.lan
    await lan.presses("📌 Giao việc")
    await lan.sees("muốn giao việc gì")
    await lan.says("Dọn vệ sinh nhà văn hóa ấp")
    await lan.sees("Giao cho ai")
    await here.presses(lan, "Chọn từng nơi")
    await lan.sees("chọn những nơi nhận việc")
    await here.presses(lan, "Ấp 1")
    await lan.sees("chọn những nơi nhận việc")
    await lan.says("ap 2")
    await lan.sees("chọn những nơi nhận việc")
    await here.presses(lan, "Xong (2)")
    await lan.sees("Hạn tới lúc nào")
    await here.presses(lan, "Mai 17:00")
    await lan.sees("cần gì để kiểm tra")
    await here.presses(lan, "Hình chụp")
    check = await lan.sees("2 người nhận")
    assert "Ấp 1 – Đoàn Văn Tâm, Ấp 2 – Võ Văn Hai" in check.text
    assert "17:00 thứ Ba 24/11" in check.text
    await here.presses(lan, "Gửi")
    await lan.sees("em đã giao V-0001")
    await here.tam.sees("anh/chị có việc mới")
    await here.hai.sees("anh/chị có việc mới")


async def _do_it_return_it_do_it_again(here: Town) -> None:
    lan, tam = here.lan, here.tam
    duty = await here.presses(tam, "Đã nhận")
    assert await tam.sees("Đang làm") is duty
    board = await lan.sees("chưa nhận (1): Ấp 2 – Võ Văn Hai")
    assert "Đang làm 2" in board.text
    assert "= Tổng 2" in board.text
    await _finish(here, JPEG + b"the yard, half done")
    review = await lan.sees("báo xong V-0001")
    await here.presses(lan, "Trả lại")
    await lan.sees("cần làm lại chỗ nào")
    await lan.says("Còn rác sau nhà")
    await lan.sees("em đã chuyển lại cho Đoàn Văn Tâm: Còn rác sau nhà")
    await tam.sees("làm lại V-0001: Còn rác sau nhà")
    await _finish(here, JPEG + b"the yard, done")
    again = await lan.sees("báo xong V-0001")
    await here.presses(lan, "Nhận kết quả")
    await lan.sees("anh/chị đã nhận kết quả")
    await tam.sees("đã nhận kết quả V-0001")
    await until(lambda: "Đúng hạn 1" in board.text or any("Đúng hạn 1" in m.text for m in lan.messages))
    assert {review.id, again.id} <= {m.id for m in lan.messages}
    shown = await here.look("SELECT state, version FROM assignments ORDER BY id")
    assert [state for state, _ in shown] == ["done", "given"]


async def _finish(here: Town, photo: bytes) -> None:
    tam = here.tam
    await here.presses(tam, "✅ Xong")
    await tam.sees("gửi hình kết quả")
    await tam.sends_photo(photo)
    await tam.sees("Em đã nhận 1 hình")
    await here.presses(tam, "✅ Xong")
    await tam.sees("em đã báo là xong")


async def _be_reminded(here: Town) -> None:
    before = len(here.tam.messages)
    await here.turns_to("2026-11-24 07:00")
    await here.hai.sees("hôm nay tới hạn")
    assert "✅ Xong V-0001" in here.hai.messages[-1].labels
    assert len(here.tam.messages) == before, "who is done is left in peace"
    await here.turns_to("2026-11-25 07:15")
    late = await here.lan.sees("đã quá hạn mà chưa xong")
    assert "Ấp 2 – Võ Văn Hai" in late.text


async def _sum_up_the_week(here: Town) -> None:
    await here.turns_to("2026-11-27 16:00")
    summary = await here.lan.sees("Tuần 23/11 – 27/11")
    assert "1 việc quá hạn: V-0001 Ấp 2" in summary.text
    assert "Nộp hồ sơ" in summary.text
    await here.an.sees("anh/chị có 1 báo cáo")
    await here.ut.sees("em chưa thấy báo cáo của anh/chị")
    said = {name: len(who.messages) for name, who in here.phones.items()}
    await here.turns_to("2026-11-27 16:05")
    assert {name: len(who.messages) for name, who in here.phones.items()} == said, "once a week"


async def _tell_everybody_but_the_one_who_blocked(here: Town) -> None:
    quan = here.quan
    await here.ut.blocks()
    await _broadcast(here, "Sáng mai họp tổ lúc 7 giờ", "8 người")
    await here.an.sees("Sáng mai họp tổ lúc 7 giờ")
    await quan.sees("T-0001 đã gửi xong", timeout=10)
    result = next(m for m in reversed(quan.messages) if "đã gửi xong" in m.text)
    assert [line for line in result.text.splitlines() if line[0] in "✅📵❔="] == [
        "✅ Đã gửi 7",
        "📵 Không tới được 1",
        "❔ Chưa rõ 0",
        "= Tổng 8",
    ]
    await here.presses(quan, "Ai không tới")
    await quan.sees("Lê Thị Út")
    assert all(_copies(who, "Sáng mai họp tổ") == 1 for name, who in here.phones.items() if name not in ("ut", "quan"))
    await here.hai.says("/doi")
    await here.hai.sees("Lê Thị Út: 0 báo cáo · em nhắn không tới")


async def _broadcast(here: Town, text: str, people: str) -> None:
    quan = here.quan
    await quan.says("/thongbao")
    await quan.sees("gửi thông báo cho đơn vị nào")
    await here.presses(quan, "Tỉnh Bến Tre")
    await quan.sees("nội dung thông báo")
    await quan.says(text)
    check = await quan.sees("Người nhận sẽ thấy như vầy")
    assert people in check.text
    await here.presses(quan, "Gửi")


def _copies(who: Person, text: str) -> int:
    return sum(text in message.text for message in who.messages if message.from_bot)


@pytest.mark.parametrize("throttle", ["window", "penalty"])
async def test_a_throttled_broadcast_reaches_everybody_once(tmp_path: Path, throttle: Any) -> None:
    async with town(tmp_path) as here:
        here.api.throttle.set(throttle, limit=5, penalty=1.0)
        await _broadcast(here, "Họp tổ", "8 người")
        await here.quan.sees("đã gửi xong", timeout=15)
        assert here.api.throttle.refused > 0
        assert [_copies(who, "Họp tổ") for name, who in here.phones.items() if name != "quan"] == [1] * 8
        assert await here.look("SELECT state, COUNT(*) FROM outbox WHERE broadcast_id = 1 GROUP BY state") == [
            ("sent", 8)
        ]


async def test_a_reply_is_said_again_once_when_nobody_knows_whether_it_arrived(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        here.api.faults.next("sendMessage", "drop_after", times=2)
        await here.an.says("/help")
        await until(lambda: _copies(here.an, "/baocao") == 2)
        await here.an.says("/english")
        await here.an.sees("I speak English")
        await here.quiet()
        assert _copies(here.an, "/baocao") == 2
        assert await here.look("SELECT kind, attempts FROM outbox WHERE state = 'unknown'") == [("REPLY", 2)]


async def test_a_copy_of_a_broadcast_is_never_said_twice(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        await here.quan.says("/thongbao")
        await here.quan.sees("gửi thông báo cho đơn vị nào")
        await here.presses(here.quan, "Tỉnh Bến Tre")
        await here.quan.sees("nội dung thông báo")
        await here.quan.says("Họp tổ")
        await here.quan.sees("Người nhận sẽ thấy như vầy")
        here.api.faults.next("sendMessage", "drop_after", times=2)
        await here.presses(here.quan, "Gửi")
        result = await here.quan.sees("đã gửi xong", timeout=10)
        assert "✅ Đã gửi 6" in result.text
        assert "❔ Chưa rõ 2" in result.text
        await here.presses(here.quan, "Ai chưa rõ")
        await here.quan.sees("Trần Thị Huệ, Nguyễn Thị Lan")
        assert [_copies(who, "Họp tổ") for name, who in here.phones.items() if name != "quan"] == [1] * 8


@contextmanager
def _everything_logged(secrets: list[str]) -> Iterator[io.StringIO]:
    """All loggers at DEBUG, written as the program writes them."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(log.Discreet(secrets))
    root, levels = logging.getLogger(), {}
    for name in ("", *logging.Logger.manager.loggerDict, *log.LOUD, "aiohttp.access", "uvicorn.error"):
        logger = logging.getLogger(name)
        levels[name] = logger.level
        logger.setLevel(logging.DEBUG)
    root.addHandler(handler)
    try:
        yield written
    finally:
        root.removeHandler(handler)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_the_log_holds_no_token_number_or_word_of_anybody(tmp_path: Path, mode: str) -> None:
    # The formatter is not told the secrets: what it knows by their looks must do.
    with _everything_logged([]) as written:
        asyncio.get_running_loop().set_debug(True)
        async with town(tmp_path, mode, joined=False) as here:
            for method in ("getMe", "setWebhook", "getUpdates", "deleteWebhook"):
                here.api.faults.next(method, "bad_gateway")
            await here.joins("an")
            await here.bay.starts()
            await here.bay.sees("đồng ý không ạ?")
            await here.presses(here.bay, "Đồng ý")
            await here.bay.sees("mã cá nhân")
            await here.bay.shares_contact("+84999000006")
            await here.bay.sees("em nhận ra rồi")
            for kind in ("drop_before", "drop_after", "lost_gateway", "garbage", "error"):
                here.api.faults.next("sendMessage", kind)
                await here.an.says("chuyện riêng của tôi 0999000123")
                await until(lambda: here.api.faults.happened)
                await here.quiet()
            await here.an.sends_photo(JPEG, "tấm hình bí mật")
            await here.an.sees("cái này là làm việc gì")
            await here.quiet()
        asyncio.get_running_loop().set_debug(False)
    text = written.getvalue()
    assert "turn channel=telegram" in text
    assert here.api.token not in text
    assert here.api.token.partition(":")[2] not in text
    assert SECRET not in text
    for private in ("0999000", "999000006", "999000123", "999 000"):
        assert private not in text
    for word in ("chuyện riêng", "bí mật", "em nhận ra rồi", "đồng ý", "ABCD-2"):
        assert word not in text
