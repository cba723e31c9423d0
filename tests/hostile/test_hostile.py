"""Hostile inputs through the real channel: nobody else notices, nothing becomes markup, and what is kept is sane.

`inputs.jsonl` has one a line: its "name" and one of "message" (the fields of what An says), "press" (what An's button
carries), "update" (as it is) and "body" (with the "status" it deserves, and perhaps another "secret"). `$an` and `$lan`
are chats; {"repeat": "x", "times": 9, "begin": "", "end": ""} is a long text. "ignored": nobody is answered; "sees":
what An is told; "only": in this mode.
"""

from __future__ import annotations

import asyncio
import io
import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.chat import door
from storage import photos
from storage.db import Db
from tests import engine
from tests.channels.ear import until
from tests.test_whole_job import SECRET, Town, town

CASES = [json.loads(line) for line in Path(__file__).with_name("inputs.jsonl").read_text("utf-8").splitlines()]
HEADER = "X-Telegram-Bot-Api-Secret-Token"
LIMITS: dict[str, float] = {}  # those of a bot nobody configured; a minute passes between two cases
MOST_KEPT = 20_000
MESSAGE_ID = 1_000_000
MARKUP = set("<&*_`[{%':=")


def written(value: Any, known: dict[str, Any]) -> Any:
    """A case with its long texts and the ids of chats."""
    if isinstance(value, dict) and "repeat" in value:
        return value.get("begin", "") + value["repeat"] * value["times"] + value.get("end", "")
    if isinstance(value, dict):
        return {name: written(one, known) for name, one in value.items()}
    if isinstance(value, list):
        return [written(one, known) for one in value]
    return known.get(value, value) if isinstance(value, str) else value


class Attack:
    """Somebody who sends what no telephone sends, from An's account."""

    def __init__(self, here: Town) -> None:
        self.here, self.an = here, here.an
        self._known = {"$an": here.an.id, "$lan": here.lan.id, "$an_text": str(here.an.id)}
        self._message = MESSAGE_ID
        self.sane: set[str] = set()

    async def sends(self, case: dict[str, Any]) -> None:
        """Do what the case says; returns when Telegram needs not repeat it."""
        case = written(case, self._known)
        if "body" in case:
            assert await self.posts(case["body"], case.get("secret", SECRET)) == case["status"]
            return
        if "press" in case:
            self.here.api.push({"callback_query": self._press(case["press"])}, self.an.id)
        elif "message" in case:
            self.here.api.push({"message": self._said(case["message"])}, self.an.id)
        elif "update_id" in case["update"]:  # which the fake would go on counting from
            assert await self.posts(json.dumps(case["update"]), SECRET) == 200
        else:
            self.here.api.push(case["update"], self.an.id)
        await until(lambda: self.here.api.updates.count == 0)

    async def posts(self, body: str, secret: str) -> int:
        """Knock at the webhook; the HTTP status."""
        url, headers = self.here.app.config.telegram.webhook_url, {HEADER: secret} if secret else {}
        content = body.encode("utf-8", "surrogateescape")
        async with aiohttp.ClientSession(headers=headers) as web:
            try:
                async with web.post(url, data=io.BytesIO(content)) as answer:
                    return answer.status
            except aiohttp.ClientConnectionError:  # refused and hung up before all of it was sent
                assert len(content) > 1024 * 1024
                return 413

    def _said(self, fields: dict[str, Any]) -> dict[str, Any]:
        self._message += 1
        chat = self.an.chat
        whole = {
            "message_id": self._message,
            "from": chat.sender(),
            "chat": chat.json(),
            "date": self.here.time[0] // 1000,
        }
        return whole | fields

    def _press(self, data: str) -> dict[str, Any]:
        under = {"message_id": MESSAGE_ID, "date": 0, "chat": self.an.chat.json()}
        return {"id": "77", "from": self.an.chat.sender(), "chat_instance": "1", "message": under, "data": data}


async def still_answers(here: Town) -> None:
    """The next person gets their answer."""
    await here.bay.says("báo cáo")
    await here.bay.sees("Câu 1/3")
    await here.quiet()


async def is_sound(here: Town, sane: set[str]) -> None:
    """Nothing failed, Telegram refused nothing that was said, and the database holds nothing strange.

    `sane`: the words looked at before.
    """
    assert await here.look("SELECT said FROM surprises") == []
    assert [(call.method, call.params) for call in here.api.calls if call.status >= 400 and call.method in SAYING] == []
    found = await here.store.run(kept) - sane
    assert [text for text in found if not is_sane(text)] == []
    sane |= found


SAYING = {"sendMessage", "editMessageText", "editMessageCaption", "editMessageReplyMarkup", "sendPhoto", "sendDocument"}


def kept(db: Db) -> set[str]:
    """All words in the database, those within JSON too."""
    tables = (
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        if engine.is_postgres()
        else "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    )
    values = (value for (name,) in db.all(tables) for row in db.all(f"SELECT * FROM {name}") for value in row)
    return {word for value in values if isinstance(value, str) for word in words_in(value)}


def words_in(text: str) -> Iterator[str]:
    if text[:1] not in ("{", "["):
        yield text
        return
    try:
        inside = [json.loads(text)]
    except ValueError:
        yield text
        return
    while inside:
        match inside.pop():
            case str(word):
                yield word
            case list(items):
                inside += items
            case dict(fields):
                inside += [*fields, *fields.values()]


def is_sane(text: str) -> bool:
    """NFC, without control, format and half characters, heaps of marks, and endless length."""
    kinds = [unicodedata.category(sign) for sign in text]
    odd = {sign for sign, kind in zip(text, kinds, strict=True) if kind in ("Cc", "Cf", "Cs", "Co")}
    heaps = "".join("M" if kind in ("Mn", "Me") else "-" for kind in kinds)
    is_short = len(text) <= MOST_KEPT and "M" * 9 not in heaps
    return is_short and odd <= {"\n", "\u200d"} and unicodedata.is_normalized("NFC", text)


def test_sanity_can_be_missed() -> None:
    for odd in ("a\x00", "\ud800", "a\u202eb", "e" + "\u0301" * 20, "x" * 30_000, "\x1b[0m", "e\u0302"):
        assert not is_sane(odd)
    assert is_sane("Dạ, 5 hồ sơ 👩‍👩‍👧‍👦\n❤️")
    assert set(words_in('{"t":[["a\\u0000","b"]],"b":[[["c","d"]]]}')) >= {"a\x00", "b", "c", "d"}


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_after_each_the_next_person_is_answered(tmp_path: Path, mode: str) -> None:
    """When polling, nothing is asked of An before each; by webhook the questions that come up stay open."""
    async with town(tmp_path, mode, limits=LIMITS) as here:
        attack = Attack(here)
        if mode == "webhook":
            await until(lambda: here.api.updates.webhook)
        for case in CASES:
            if case.get("only", "webhook" if "body" in case else mode) == mode:
                if mode == "polling":
                    await here.store.run(lambda db: db.run("DELETE FROM drafts"))
                try:
                    await _one(here, attack, case)
                except (AssertionError, TimeoutError) as error:
                    raise AssertionError(f"{case['name']}: {error!r}") from error
        assert await here.look("SELECT COUNT(*) FROM identities") == [(len(here.phones),)], "nobody was sent away"


async def _one(here: Town, attack: Attack, case: dict[str, Any]) -> None:
    here.time[0] += 60_000
    await here.photos_settle()  # An hears of those of cases before, which nobody can fetch
    told = len(here.an.chat.events)
    ignored = bool(case.get("ignored", "body" in case))
    await attack.sends(case)
    await still_answers(here)
    if not ignored:
        await until(lambda: len(here.an.chat.events) > told)
    await is_sound(here, attack.sane)
    answers = [message.text for message in here.an.chat.events[told:]]
    assert answers == [] if ignored else case.get("sees", "") in answers[-1]


async def test_forged_requests_leave_no_trace(tmp_path: Path) -> None:
    async with town(tmp_path, "webhook", limits=LIMITS) as here:
        await until(lambda: here.api.updates.webhook)
        attack = Attack(here)
        while not await here.store.run(photos.folder_name):  # which is given in the background after the start
            await asyncio.sleep(0.01)
        before = await here.store.run(kept)
        for case in CASES:
            if case.get("status", 200) != 200:
                await attack.sends(case)
        assert await here.store.run(kept) == before


async def test_what_was_meant_as_markup_is_shown_as_it_was_written(tmp_path: Path) -> None:
    """Each text that some language reads as more than words, as the note of a report, which the lead reads."""
    async with town(tmp_path) as here:
        attack = Attack(here)
        texts = [case for case in CASES if "text" in case.get("message", {}) and not case.get("ignored")]
        assert {"HTML", "Markdown", "SQL", "placeholders of a text"} <= {case["name"] for case in texts}
        for case in texts:
            said = case["message"]["text"]
            shown = door.words(written(said, {}), door.MOST_TEXT)[:200].strip()
            if case.get("sees") or not MARKUP & set(shown) or shown.startswith("/"):
                continue
            number = len(await here.look("SELECT id FROM reports")) + 1
            await _report_with_a_note(here, attack, case, count=number + 10)
            await here.lan.says(f"b {number}")
            read = await here.lan.sees(f"B-{number:04d}")
            assert f"📝 Ghi chú: {shown}" in read.text, case["name"]
            styled = [read.text.encode("utf-16-le")[2 * e["offset"] :][: 2 * e["length"]] for e in read.entities]
            assert not any(shown.encode("utf-16-le") in one for one in styled), case["name"]
            await is_sound(here, attack.sane)


async def _report_with_a_note(here: Town, attack: Attack, case: dict[str, Any], count: int) -> None:
    """No two say the same number: that would be asked about."""
    an = here.an
    await an.says("/baocao")
    await an.sees("Câu 1/3")
    await here.presses(an, "Nộp hồ sơ")
    await an.sees("Bao nhiêu")
    await an.says(str(count))
    await an.sees("hình hay muốn ghi chú")
    await attack.sends(case)
    await an.sees("📝 Ghi chú")
    await here.presses(an, "Xong")
    await an.sees("Em ghi như vầy")
    await here.presses(an, "Gửi")
    await an.sees("em ghi nhận")


# Buttons of others, and what comes twice or in the wrong order


async def _lan_hands_out_a_task(here: Town) -> None:
    lan = here.lan
    for words, question in (("/giaoviec", "giao việc gì"), ("Dọn nhà văn hóa", "Giao cho ai")):
        await lan.says(words)
        await lan.sees(question)
    for label, seen in (
        ("Tất cả", "Hạn tới lúc nào"),
        ("Cuối tháng", "cần gì để kiểm tra"),
        ("Con số", "người nhận"),
        ("Gửi", "em đã giao V-0001"),
    ):
        await here.presses(lan, label)
        await lan.sees(seen)
    await here.tam.sees("anh/chị có việc mới")


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_buttons_made_for_somebody_else_do_nothing(tmp_path: Path, mode: str) -> None:
    async with town(tmp_path, mode) as here:
        await _lan_hands_out_a_task(here)
        await here.lan.says("/giaoviec")
        await here.lan.sees("giao việc gì")
        await here.an.says("/help")
        mine = await here.an.sees("/baocao")
        foreign = {
            button.data
            for who in (here.lan, here.tam, here.quan, here.hai)
            for message in who.messages
            for button in message.buttons
        }
        assert len(foreign) >= 5
        before = await here.look("SELECT * FROM assignments"), await here.look("SELECT * FROM tasks")
        drafts = await here.look("SELECT * FROM drafts")
        for data in foreign:
            told = len(here.an.chat.events)
            await here.an.presses_data(data, mine)
            await until(lambda told=told: len(here.an.chat.events) > told)  # type: ignore[misc]
            await here.quiet()
            assert "Dọn nhà văn hóa" not in here.an.chat.events[-1].text, data
        assert (await here.look("SELECT * FROM assignments"), await here.look("SELECT * FROM tasks")) == before
        assert await here.look("SELECT * FROM drafts") == drafts
        await still_answers(here)
        await is_sound(here, set())


@pytest.mark.parametrize("changed", ["2{0}", "{0}0", "{0}:1", "{0}9999999999", "-{0}", "{0}\u200b", "{0} "])
async def test_a_button_changed_on_the_way_does_nothing(tmp_path: Path, changed: str) -> None:
    async with town(tmp_path) as here:
        await _lan_hands_out_a_task(here)
        message = here.tam.messages[-1]
        before = await here.look("SELECT * FROM assignments")
        told = len(here.tam.chat.events)
        for button in message.buttons:
            await here.tam.presses_data(changed.format(button.data), message)
        await until(lambda: len(here.tam.chat.events) >= told + len(message.buttons))
        assert await here.look("SELECT * FROM assignments") == before
        await is_sound(here, set())


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_what_comes_again_is_done_once(tmp_path: Path, mode: str) -> None:
    async with town(tmp_path, mode) as here:
        an = here.an
        await an.says("/khongcoviec")
        asked = await an.sees("Không có hoạt động")
        await here.presses(an, "Gửi")
        pressed = here.api.updates.last
        await an.sees("em ghi nhận B-0001")
        await here.quiet()
        said = len(an.chat.events)
        for _ in range(3):
            here.api.push(json.loads(pressed), an.id)
        await until(lambda: here.api.updates.count == 0)
        await here.quiet()
        assert len(an.chat.events) == said, "the same update again is not even answered"
        await an.presses_data(json.loads(pressed)["callback_query"]["data"], asked)
        await until(lambda: len(an.chat.events) > said)
        await here.quiet()
        assert await here.look("SELECT COUNT(*) FROM reports") == [(1,)], "nor does a second press report twice"


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_what_comes_in_the_wrong_order_is_heard_all_the_same(tmp_path: Path, mode: str) -> None:
    async with town(tmp_path, mode) as here:
        attack = Attack(here)
        chats = [here.an, here.bay, here.tam, here.hai]
        for number, who in zip((900_000_400, 900_000_100, 900_000_300, 900_000_200), chats, strict=True):
            said = {"from": who.chat.sender(), "chat": who.chat.json(), "text": "/help"}
            here.api.push({"update_id": number, "message": attack._said(said)}, who.id)
        for who in chats:
            await who.sees("/baocao")
        await here.quiet()
        assert [len(who.messages) for who in chats] == [1, 1, 1, 1]
        await still_answers(here)
