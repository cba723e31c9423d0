"""Who is too fast is told so once and then not heard for a while; nobody else notices, and no queue is endless."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.channels.channel import Busy
from bot.chat.message import Address, File, Heard, Incoming, Press
from bot.config import Config
from bot.flood import Flood, Limits, Verdict
from storage.db import Db, Store
from storage.postgres import CONNECTIONS
from tests.channels.ear import Ear, listening, until
from tests.rig import JPEG, Village, text_of, village
from tests.servers.bot_api import BotApi, Person
from tests.test_whole_job import SECRET, Town, town

GO_ON, WARN, SILENT = Verdict.GO_ON, Verdict.WARN, Verdict.SILENT
MINUTE = 60_000
ALBUM = (File("photo", "phone", "r"),) * 10


class Crowd:
    """A flood and its clock."""

    def __init__(self, limits: Limits | None = None, most: int = 100) -> None:
        self.time = 1_700_000_000_000
        self.flood = Flood(limits or Limits(), lambda: self.time, most)

    def says(self, times: int = 1, *, who: str = "an", after: int = 0, **what: Any) -> list[Verdict]:
        """What becomes of so many updates at once, `after` milliseconds from now."""
        self.time += after
        return [self.flood.judge(Incoming(Address("phone", who), "k", self.time, **what)) for _ in range(times)]


def test_five_at_once_then_one_warning_then_silence() -> None:
    assert Crowd().says(20) == [GO_ON] * 5 + [WARN] + [SILENT] * 14


def test_after_that_one_in_two_seconds() -> None:
    crowd = Crowd()
    crowd.says(6)
    assert crowd.says(after=1999) == [SILENT]
    assert crowd.says(2, after=1) == [GO_ON, SILENT]
    assert crowd.says(2, after=4000) == [GO_ON, GO_ON]


def test_one_in_two_seconds_may_go_on_for_ever() -> None:
    crowd = Crowd()
    assert {verdict for _ in range(500) for verdict in crowd.says(after=2000)} == {GO_ON}


def test_a_flood_without_end_is_warned_once() -> None:
    crowd = Crowd()
    heard = [verdict for _ in range(3000) for verdict in crowd.says(after=100)]
    assert heard.count(WARN) == 1
    assert 150 <= heard.count(GO_ON) <= 156  # five minutes of one in two seconds


def test_who_was_quiet_until_the_bucket_was_full_is_warned_anew() -> None:
    crowd = Crowd()
    crowd.says(9)
    assert crowd.says(6, after=9_999) == [GO_ON] * 4 + [SILENT] * 2
    assert crowd.says(6, after=10_000) == [GO_ON] * 5 + [WARN]


def test_everybody_has_a_bucket_of_their_own() -> None:
    crowd = Crowd()
    crowd.says(50)
    assert crowd.says(5, who="lan") == [GO_ON] * 5
    assert crowd.flood.judge(Incoming(Address("telegram", "an"), "k", 0)) is GO_ON


def test_presses_count_like_words() -> None:
    crowd = Crowd()
    assert crowd.says(6, press=Press("1a:1:x:y", "7"))[-1] is WARN


def test_an_album_counts_as_one_photo() -> None:
    assert Crowd().says(5, files=ALBUM) == [GO_ON] * 5


def test_the_parts_of_an_album_count_as_one() -> None:
    crowd = Crowd()
    assert crowd.says(10, files=ALBUM[:1], album="g") == [GO_ON] * 10
    assert crowd.says(5) == [GO_ON] * 4 + [WARN]
    assert crowd.says(3, files=ALBUM[:1], album="h") == [SILENT] * 3


def test_what_piled_up_while_nobody_heard_is_no_flood() -> None:
    flood = Flood(Limits(), lambda: 1_700_000_000_000, 100)
    said = [Incoming(Address("telegram", "an"), f"u{n}", 1_700_000_000_000 - (12 - n) * MINUTE) for n in range(12)]
    assert [flood.judge(one) for one in said] == [GO_ON] * 12
    at_once = [Incoming(Address("telegram", "bay"), f"v{n}", 1_700_000_000_000 - MINUTE) for n in range(7)]
    assert [flood.judge(one) for one in at_once] == [GO_ON] * 5 + [WARN, SILENT], "then as now"


def test_ten_photos_then_three_a_minute() -> None:
    crowd = Crowd()
    singly = [verdict for _ in range(10) for verdict in crowd.says(after=2000, files=ALBUM[:1])]
    assert singly == [GO_ON] * 10
    assert crowd.says(2, after=2000, files=ALBUM[:1]) == [GO_ON, WARN]  # the eleventh came back meanwhile
    assert crowd.says(after=2000) == [GO_ON], "words are heard all the same"
    for _ in range(5):
        found = crowd.says(4, after=MINUTE, files=ALBUM[:1])
        assert found == [GO_ON] * 3 + [WARN], "after a minute of peace it may be said again"


def test_four_photos_in_a_minute_are_always_heard() -> None:
    crowd = Crowd()
    assert [verdict for _ in range(4) for verdict in crowd.says(after=15_000, files=ALBUM[:1])] == [GO_ON] * 4


@pytest.mark.parametrize(("limits", "what"), [(Limits(burst=0), {}), (Limits(0, 2, 0, 3), {"files": ALBUM})])
def test_zero_is_no_limit(limits: Limits, what: dict[str, Any]) -> None:
    assert set(Crowd(limits).says(1000, **what)) == {GO_ON}


def test_what_came_to_nothing_is_not_counted() -> None:
    crowd = Crowd()
    for _ in range(50):
        assert crowd.says(files=ALBUM) == [GO_ON]
        crowd.flood.forgive(Incoming(Address("phone", "an"), "k", 0, files=ALBUM))
    assert crowd.says(6) == [GO_ON] * 5 + [WARN]
    crowd.flood.forgive(Incoming(Address("phone", "nobody"), "k", 0))


def test_a_clock_that_is_set_back_blocks_nobody_for_long() -> None:
    crowd = Crowd()
    crowd.says(9)
    assert crowd.says(after=-3_600_000) == [WARN]
    assert crowd.says(after=2000) == [GO_ON]


def test_memory_ends() -> None:
    crowd = Crowd(most=50)
    for number in range(1000):
        crowd.says(who=f"p{number}")
    assert len(crowd.flood) == 50
    crowd.says(6, who="an")
    assert crowd.says(who="an") == [SILENT]
    crowd.says(who="lan", after=10 * MINUTE)
    assert len(crowd.flood) == 1, "who was quiet for long is as if never heard"


# In the running bot


@pytest.fixture(params=["buttons", "numbers"])
async def hurried(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Village]:
    """The village with the limits it has when nothing is configured."""
    async with village(tmp_path, plain=request.param == "numbers", config=Config()) as here:
        yield here


async def hears(here: Village, text: str, times: int = 1) -> list[Heard]:
    chat = Address("phone", here.an.chat)
    return [
        await here.app.hear(Incoming(chat, f"{text} {number} {here.time[0]}", here.time[0], text=text))
        for number in range(times)
    ]


async def test_one_kind_word_and_no_more(hurried: Village) -> None:
    here = hurried
    await hears(here, "/help", 30)
    await here.quiet()
    said = [text_of(message) for message in here.an.told]
    assert ["/baocao" in text for text in said] == [True] * 5 + [False]
    assert "anh/chị nhắn nhanh quá" in said[-1]
    assert len(await here.look("SELECT 1 FROM seen")) == 6, "what is not heard costs no row"
    await here.bay.says("báo cáo")
    await here.bay.sees("Câu 1/3")


async def test_after_the_warning_the_conversation_goes_on_where_it_was(hurried: Village) -> None:
    here = hurried
    await here.an.says("báo cáo")
    await here.an.sees("Câu 1/3")
    await hears(here, "chờ tí", 4)
    await here.an.says("gấp lắm")
    await here.an.sees("anh/chị nhắn nhanh quá")
    await here.passes(minutes=1)
    await here.an.presses("Nộp hồ sơ")  # or its number, which is still known
    await here.an.sees("Bao nhiêu hồ sơ")


async def test_a_stranger_is_warned_too_and_nothing_is_kept_of_them(tmp_path: Path) -> None:
    async with village(tmp_path, config=Config(), joined=False) as here:
        who = here.stranger()
        for _ in range(9):
            await who._do_say("bí mật")
        await here.quiet()
        assert "anh/chị nhắn nhanh quá" in text_of(who.told[-1])
        assert len(who.told) == 6
        for table in ("drafts", "surprises", "identities", "consents"):
            assert await here.look(f"SELECT * FROM {table}") == []


async def test_photos_one_by_one(tmp_path: Path) -> None:
    async with village(tmp_path, config=Config.model_validate({"limits": {"photo_burst": 2}})) as here:
        for _ in range(3):
            await here.an.says("", JPEG)
        await here.an.sees("anh/chị nhắn nhanh quá")
        assert len(await here.look("SELECT 1 FROM files")) == 2
        await here.an.says("giup 5 ng dvc")
        await here.quiet()
        assert "nhanh quá" not in text_of(here.an.told[-1])


async def test_an_update_that_comes_again_is_not_counted_twice(hurried: Village) -> None:
    here = hurried
    again = Incoming(Address("phone", here.an.chat), "k1", here.time[0], text="/help")
    assert [(await here.app.hear(again)).repeated for _ in range(20)] == [False] + [True] * 19
    await hears(here, "/help", 4)
    await here.quiet()
    assert len(here.an.told) == 5
    assert not any("nhanh quá" in text_of(message) for message in here.an.told)


async def test_a_turn_that_fails_and_comes_again_is_not_counted_twice(hurried: Village) -> None:
    here = hurried
    await here.store.run(lambda db: db.run("ALTER TABLE seen RENAME TO away"))
    again = Incoming(Address("phone", here.an.chat), "k1", here.time[0], text="/help")
    for _ in range(20):
        with pytest.raises(Exception, match="seen"):
            await here.app.hear(again)
    await here.store.run(lambda db: db.run("ALTER TABLE away RENAME TO seen"))
    await here.app.hear(again)
    await here.an.sees("/baocao")


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_flood_on_telegram_is_confirmed_and_the_next_person_answered(tmp_path: Path, mode: str) -> None:
    async with town(tmp_path, mode, limits={}) as here:
        for _ in range(60):
            await here.an.says("/help")
        await here.bay.says("báo cáo")
        await here.bay.sees("Câu 1/3")
        await here.an.sees("anh/chị nhắn nhanh quá")
        await until(lambda: here.api.updates.count == 0)
        await here.quiet()
        assert here.api.count(here.an.id) == 6
        here.time[0] += 10_000
        await here.an.says("báo cáo")
        await here.an.sees("Câu 1/3")


async def test_presses_in_a_flood_are_still_answered(tmp_path: Path) -> None:
    """A button nobody answers keeps its little clock turning."""
    async with town(tmp_path, limits={}) as here:
        await here.an.says("báo cáo")
        shown = await here.an.sees("Câu 1/3")
        for _ in range(12):
            here.an.press_button(0, shown)
        await until(lambda: len(here.api.called("answerCallbackQuery")) == 12)


# Too much to do


@asynccontextmanager
async def stalled(store: Store) -> AsyncIterator[None]:
    """No turn is committed within the block: every connection there is for them has something that does not end."""
    go_on = threading.Event()
    began: list[int] = []

    def wait(db: Db) -> None:
        began.append(1)
        assert go_on.wait(20)

    count = 1 if store.single else CONNECTIONS
    tasks = [asyncio.create_task(store.run(wait, line=f"stalled {n}")) for n in range(count)]
    await until(lambda: len(began) == count)
    try:
        yield
    finally:
        go_on.set()
        await asyncio.gather(*tasks)


async def knock(here: Town, person: Person, update_id: int) -> int:
    chat = {"id": person.id, "type": "private", "first_name": person.name, "is_bot": False}
    message = {"message_id": update_id, "from": chat, "chat": chat, "date": 1, "text": "/help"}
    url, headers = here.app.config.telegram.webhook_url, {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    body = json.dumps({"update_id": update_id, "message": message})
    async with aiohttp.ClientSession(headers=headers) as web, web.post(url, data=body) as answer:
        return answer.status


async def test_what_cannot_wait_here_waits_at_telegram(tmp_path: Path) -> None:
    async with town(tmp_path, "webhook", limits={"waiting": 2}) as here:
        await until(lambda: here.api.updates.webhook)
        async with stalled(here.store):
            waiting = [asyncio.create_task(knock(here, who, n)) for n, who in enumerate((here.an, here.bay), 1)]
            await until(lambda: here.app.waiting == 2)
            assert await knock(here, here.tam, 3) == 503
        assert await asyncio.gather(*waiting) == [200, 200]
        assert await knock(here, here.tam, 3) == 200
        await here.tam.sees("/baocao")
        assert await here.look("SELECT key FROM seen ORDER BY key") == [("u1",), ("u2",), ("u3",)]


async def test_polling_asks_again_for_what_could_not_wait(tmp_path: Path) -> None:
    async with town(tmp_path, limits={"waiting": 2}) as here:
        async with stalled(here.store):
            for person in (here.an, here.bay, here.tam):
                await person.says("/help")
            await until(lambda: here.app.waiting == 2)
        for person in (here.an, here.bay, here.tam):
            await person.sees("/baocao")
        await until(lambda: here.api.updates.count == 0)
        assert [here.api.count(person.id) for person in (here.an, here.bay, here.tam)] == [1, 1, 1]


async def test_busy_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    class Full(Ear):
        async def __call__(self, incoming: Incoming) -> Heard:
            if not self.calls:
                self.calls.append(incoming)
                raise Busy("2000 turns wait already")
            return await super().__call__(incoming)

    async with BotApi() as api:
        ear = Full()
        async with listening(api, ear):
            await api.person(7).says("một")
            await until(lambda: ear.heard)
    assert [record.levelname for record in caplog.records if "2000 turns" in record.getMessage()] == ["WARNING"]
