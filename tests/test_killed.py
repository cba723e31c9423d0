"""kill -9 at any moment and start again: every conversation goes on where it was, and nothing is said a third time."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import aiohttp

from storage import consents, people
from storage.db import Db
from tests.engine import open_engine, peek, url_of
from tests.program import Program, write_config
from tests.rig import JPEG, MONDAY, moment, settle
from tests.servers.bot_api import BotApi, Person

PATIENCE_S = 20.0


@dataclass(frozen=True)
class Step:
    """Something a person does, once they have been told `after`, and what they are told then."""

    who: str
    does: Literal["says", "presses", "sends"]
    what: str
    sees: str
    after: str = ""


# A number that was given in a transaction that did not come to its end may be left out, so not all are known here.
REPORT = (
    Step("an", "says", "bao cao", "Câu 1/3"),
    Step("an", "presses", "Nộp hồ sơ", "Bao nhiêu hồ sơ"),
    Step("an", "says", "12", "hình hay muốn ghi chú"),
    Step("an", "sends", "", "Em đã nhận 1 hình"),
    Step("an", "presses", "Xong", "Em ghi như vầy"),
    Step("an", "presses", "Gửi", "ghi nhận B-000"),
)
ASSIGNMENT = (
    Step("lan", "says", "/giaoviec", "muốn giao việc gì"),
    Step("lan", "says", "Dọn nhà văn hóa", "Giao cho ai"),
    Step("lan", "presses", "Tất cả", "Hạn tới lúc nào"),
    Step("lan", "says", "thứ Sáu tuần sau", "cần gì để kiểm tra"),
    Step("lan", "presses", "Con số", "2 người nhận"),
    Step("lan", "presses", "Gửi", "em đã giao V-000"),
)
DUTY = (
    Step("tam", "presses", "Đã nhận", "Đang làm"),
    Step("tam", "presses", "✅ Xong", "làm được bao nhiêu"),
    Step("tam", "says", "3", "em đã báo là xong"),
    Step("lan", "presses", "Trả lại", "cần làm lại chỗ nào", after="Kết quả: 3"),
    Step("lan", "says", "Đếm lại giúp", "chuyển lại cho Đoàn Văn Tâm"),
    Step("tam", "presses", "✅ Xong", "làm được bao nhiêu"),
    Step("tam", "says", "4", "em đã báo là xong"),
    Step("lan", "presses", "Nhận kết quả", "đã nhận kết quả", after="Kết quả: 4"),
)


@dataclass
class Killed:
    """The program, its people's telephones by name, and its database."""

    api: BotApi
    program: Program
    file: Path
    phones: dict[str, Person]

    def again(self) -> None:
        """kill -9 and start again."""
        self.program.kill()
        self.program.start()

    async def does(self, step: Step) -> None:
        """Let the person of a step do their part, as soon as they can."""
        who = self.phones[step.who]
        if step.after:
            await self._sees(step.who, step.after)
        match step.does:
            case "says":
                await who.says(step.what)
            case "sends":
                await who.sends_photo(JPEG)
            case "presses":
                async with asyncio.timeout(PATIENCE_S):
                    while not (found := _button(who, step.what)):
                        await asyncio.sleep(0.01)
                await who.presses(*found)

    async def sees(self, step: Step) -> None:
        """Wait for what the person of a step is told."""
        await self._sees(step.who, step.sees)

    async def _sees(self, who: str, words: str) -> None:
        try:
            await self.phones[who].sees(words, PATIENCE_S)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.program.output}") from None

    async def rests(self) -> None:
        """Wait until everything is said, and written down as said."""
        async with asyncio.timeout(PATIENCE_S):
            while peek(self.file, "SELECT 1 FROM outbox WHERE state IN ('queued', 'sending')"):
                await asyncio.sleep(0.01)

    async def keeps(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database holds; the program is killed first."""
        self.program.kill()
        store = await open_engine(self.file, moment(MONDAY))
        try:
            return await store.run(lambda db: db.all(sql))
        finally:
            await store.close()
            self.program.start()


def _button(who: Person, words: str) -> tuple[int, Any] | None:
    for message in reversed(who.messages):
        for at, label in enumerate(message.labels):
            if words in label:
                return at, message
    return None


@asynccontextmanager
async def killed(folder: Path) -> AsyncIterator[Killed]:
    """The village on Telegram, everybody linked, the program started."""
    async with BotApi() as api:
        store = await open_engine(folder / "apso.db", moment(MONDAY))
        found = await store.run(_village)
        await store.close()
        phones = {key: api.person(5_000_000_000 + id, name, started=True) for key, (id, name) in found.items()}
        program = Program(
            folder, "bot", "run", "--config", str(write_config(folder, api, url=url_of(folder / "apso.db")))
        )
        program.start()
        try:
            yield Killed(api, program, folder / "apso.db", phones)
        finally:
            program.kill()


def _village(db: Db) -> dict[str, tuple[int, str]]:
    found = settle(db, moment(MONDAY), joined=False)
    for person_id, _ in found.values():
        chat = str(5_000_000_000 + person_id)
        people.link(db, "telegram", chat, person_id, moment(MONDAY))
        consents.give(db, "telegram", chat, "2026-11", moment(MONDAY))
    return found


KEPT = (
    "SELECT (SELECT COUNT(*) FROM reports), (SELECT COUNT(*) FROM report_items), (SELECT COUNT(*) FROM report_files),"
    " (SELECT COUNT(*) FROM tasks), (SELECT COUNT(*) FROM assignments), (SELECT COUNT(*) FROM surprises)"
)


async def test_killed_between_any_two_messages(tmp_path: Path) -> None:
    async with killed(tmp_path) as here:
        for together in _side_by_side(REPORT, (*ASSIGNMENT, *DUTY)):
            for step in together:
                await here.does(step)
                await here.sees(step)
            await here.rests()
            here.again()
        assert await here.keeps(KEPT) == [(1, 1, 1, 1, 2, 0)]
        assert await here.keeps("SELECT state, count FROM assignments ORDER BY id") == [("done", 4), ("given", None)]
        assert await here.keeps("SELECT COUNT(*) FROM outbox WHERE attempts > 1") == [(0,)], "killed at rest"


def _side_by_side(*scripts: Sequence[Step]) -> Iterator[list[Step]]:
    for at in range(max(map(len, scripts))):
        yield [script[at] for script in scripts if at < len(script)]


async def test_killed_at_some_moment_of_every_answer(tmp_path: Path) -> None:
    # From "not even fetched" to "said, but not written down": whichever it is, the answer comes after the start.
    moments = (0.0, 0.003, 0.006, 0.01, 0.015, 0.025)
    async with killed(tmp_path) as here:
        await _is_up(here)
        for moment_s, together in zip(moments, _side_by_side(REPORT, ASSIGNMENT), strict=True):
            for step in together:
                await here.does(step)
            await asyncio.sleep(moment_s)
            here.again()
            for step in together:
                await here.sees(step)
        await here.sees(Step("tam", "says", "", "anh/chị có việc mới"))
        assert await here.keeps(KEPT) == [(1, 1, 1, 1, 2, 0)]
        for who in here.phones.values():
            assert all(times <= 2 for times in _twins(who).values()), _twins(who)


async def _is_up(here: Killed) -> None:
    await here.phones["ut"].says("/help")
    await here.phones["ut"].sees("/baocao", PATIENCE_S)


def _twins(who: Person) -> dict[str, int]:
    """What was said more than once, and how often."""
    said = Counter(message.edits[0] if message.edits else message.text for message in who.messages if message.from_bot)
    return {text: times for text, times in said.items() if times > 1}


async def test_killed_after_the_commit_and_before_the_answer(tmp_path: Path) -> None:
    async with killed(tmp_path) as here:
        an, first = here.phones["an"], REPORT[0]
        here.api.faults.next("sendMessage", "late", times=2, delay=PATIENCE_S)
        await here.does(first)
        await here.sees(first)
        here.again()
        await here.sees(first)
        here.again()
        await _is_up(here)
        assert list(_twins(an).values()) == [2]
        for step in REPORT[1:-1]:
            await here.does(step)
            await here.sees(step)
        here.api.faults.next("editMessageText", "late", delay=PATIENCE_S)
        await here.does(REPORT[-1])
        await here.sees(REPORT[-1])
        here.again()
        await _is_up(here)
        assert sum("ghi nhận B-" in message.text for message in an.messages) == 1
        assert await here.keeps(KEPT) == [(1, 1, 1, 0, 0, 0)]
        assert await here.keeps("SELECT kind, attempts FROM outbox WHERE state = 'unknown'") == [("REPLY", 2)]


async def test_the_phones_of_the_demonstration_outlive_it(tmp_path: Path) -> None:
    file = tmp_path / "demo.db"
    program = Program(tmp_path, "bot", "demo", "--no-browser", "--port", "0", "--keep", str(file))
    program.start()
    try:
        async with aiohttp.ClientSession() as http:
            api = await _address(program, 1)
            member = (await _get(http, f"{api}/people?limit=1"))[0]["id"]
            await _post(http, f"{api}/{member}/messages", {"text": "bao cao"})
            asked = await _until_shown(http, f"{api}/{member}", "Câu 1/3")
            program.kill()
            program.start()
            api = await _address(program, 2)
            shown = await _get(http, f"{api}/{member}/messages")
            assert [message["id"] for message in shown if "Câu 1/3" in message["text"]] == [asked["id"]]
            await _post(http, f"{api}/{member}/press", {"message_id": asked["id"], "button": 0})
            assert (await _until_shown(http, f"{api}/{member}", "Câu 2/3"))["id"] == asked["id"]
    finally:
        program.kill()


async def test_killed_while_a_card_waits_for_more(tmp_path: Path) -> None:
    """Where no card can be edited it is held for some seconds: in the database, not in the process."""
    file = tmp_path / "demo.db"
    program = Program(tmp_path, "bot", "demo", "--no-browser", "--port", "0", "--keep", str(file))
    program.start()
    try:
        async with aiohttp.ClientSession() as http:
            api = await _address(program, 1)
            member = (await _get(http, f"{api}/people?limit=1"))[0]["id"]
            await _post(http, f"{api}/{member}/plain", {"plain": True})
            for text in ("vneid 12", "dvc 7 hồ sơ", "bà con vui lắm"):
                await _post(http, f"{api}/{member}/messages", {"text": text})
            program.kill()
            program.start()
            api = await _address(program, 2)
            card = await _until_shown(http, f"{api}/{member}", "bà con vui lắm\nĐúng rồi")
            assert "✔ 12 tài khoản" in card["text"]
            assert "✔ 7 hồ sơ" in card["text"]
            await _post(http, f"{api}/{member}/messages", {"text": "1"})
            await _until_shown(http, f"{api}/{member}", "em ghi nhận B-")
            shown = await _get(http, f"{api}/{member}/messages")
            assert sum("bà con vui lắm\nĐúng rồi" in message["text"] for message in shown) == 1
    finally:
        program.kill()


async def _address(program: Program, life: int) -> str:
    async with asyncio.timeout(PATIENCE_S):
        while len(found := re.findall(r"(http://\S+)/phone\b", program.output)) < life:
            await asyncio.sleep(0.01)
    return f"{found[-1]}/phone/api"


async def _get(http: aiohttp.ClientSession, url: str) -> Any:
    async with http.get(url) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def _post(http: aiohttp.ClientSession, url: str, body: dict[str, Any]) -> None:
    async with http.post(url, json=body) as answer:
        assert answer.status == 200, await answer.text()


async def _until_shown(http: aiohttp.ClientSession, person: str, words: str) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            shown: list[dict[str, Any]] = await _get(http, f"{person}/messages")
            if shown and words in shown[-1]["text"]:
                return shown[-1]
            await asyncio.sleep(0.01)
