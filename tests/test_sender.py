"""From the outbox to the wire: order, pace, what a 429 concerns, and what is said again after a crash."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from bot.channels.channel import Pace
from bot.channels.telegram import Telegram
from bot.chat import wire
from bot.chat.message import Message, Span
from bot.chat.reply import Kind
from bot.sender import Sender, take_over
from storage import leaders, outbox, people
from storage.db import Db, Leadership, Store
from tests.channels.ear import telegram, until
from tests.engine import open_engine
from tests.servers.bot_api import BotApi

NOW = 1_795_400_000_000


def letter(
    db: Db,
    words: str,
    chat: str = "1",
    kind: Kind = Kind.REPLY,
    *,
    epoch: int = 0,
    person_id: int | None = None,
    **more: Any,
) -> int:
    """Put one message in."""
    values: dict[str, Any] = {"card": "", "edits": False, "not_before": 0, "broadcast_id": None} | more
    return outbox.add(
        db,
        lane=kind.lane,
        kind=kind.name,
        channel="telegram",
        chat=chat,
        person_id=person_id,
        body=wire.pack(Message(text=(Span(words),))),
        epoch=epoch,
        now=NOW,
        **values,
    )


@dataclass
class Post:
    """A store, a sender and the server it sends to."""

    store: Store
    sender: Sender
    api: BotApi
    channel: Telegram
    time: list[int]
    leadership: Leadership | None = None

    async def begin(self) -> None:
        """Lead, and say what is in the outbox."""
        self.leadership = await self.store.lead(outbox.SENDER)
        await self.sender.start(self.leadership)

    async def end(self) -> None:
        """Say nothing more, and let others lead."""
        await self.sender.stop()
        if self.leadership is not None:
            await self.leadership.resign()

    async def put(self, words: str, chat: str = "1", kind: Kind = Kind.TASK, **more: Any) -> int:
        number = await self.store.run(lambda db: letter(db, words, chat, kind, **more))
        self.sender.ring()
        return number

    async def states(self) -> list[str]:
        return [row[0] for row in await self.store.run(lambda db: db.all("SELECT state FROM outbox ORDER BY id"))]

    async def settled(self, *states: str) -> None:
        async with asyncio.timeout(10):
            while await self.states() != list(states):
                await asyncio.sleep(0.005)

    def said(self) -> list[str]:
        """Texts in the order the server took them."""
        return [str(call.params["text"]) for call in self.api.called("sendMessage") if call.status == 200]


@asynccontextmanager
async def post(pace: Pace | None = None, *, begun: bool = True) -> AsyncIterator[Post]:
    async with BotApi() as api:
        for number in range(1, 40):
            api.person(number, started=True)
        channel = telegram(api, pace=pace or Pace())
        store = await open_engine(":memory:", NOW)
        time = [NOW]
        sender = Sender(store, {"telegram": channel}, lambda: time[0])
        here = Post(store, sender, api, channel, time)
        if begun:
            await here.begin()
        try:
            yield here
        finally:
            await here.end()
            await channel.stop()
            await store.close()


async def test_replies_before_tasks_before_broadcasts() -> None:
    async with post(Pace(overall=50), begun=False) as here:
        for words, kind in (("broadcast", Kind.BROADCAST), ("task", Kind.TASK), ("reply", Kind.REPLY)):
            await here.put(words, chat=words[0] and str(len(words)), kind=kind)
        await here.begin()
        await here.settled("sent", "sent", "sent")
        assert here.said() == ["reply", "task", "broadcast"]


async def test_one_chat_hears_everything_in_order() -> None:
    async with post() as here:
        for number in range(20):
            await here.put(f"{number}")
        await here.settled(*["sent"] * 20)
        assert here.said() == [f"{number}" for number in range(20)]


async def test_what_is_for_later_waits_until_then() -> None:
    async with post() as here:
        await here.put("morning", not_before=NOW + 1000)
        await here.put("now", chat="2")
        await here.settled("queued", "sent")
        here.time[0] += 1000
        here.sender.ring()
        await here.settled("sent", "sent")


async def test_a_pause_for_one_chat_lets_the_others_go_on() -> None:
    async with post(Pace(overall=0, chat=1, burst=4)) as here:
        here.api.throttle.set("none", per_chat=2)
        for number in range(3):
            await here.put(f"burst {number}", chat="1")
        await until(lambda: any(call.status == 429 for call in here.api.called("sendMessage")))
        await here.put("other", chat="2")
        await here.settled("sent", "sent", "sent", "sent")
        assert here.said().index("other") < here.said().index("burst 2")


async def test_a_pause_for_everybody_holds_everything_and_loses_nothing() -> None:
    async with post() as here:
        here.api.throttle.set("window", limit=2)
        for number in range(5):
            await here.put(f"{number}", chat=str(number + 1), kind=Kind.BROADCAST)
        await here.settled(*["sent"] * 5)
        assert sorted(here.said()) == ["0", "1", "2", "3", "4"]
        assert not here.api.duplicates()


async def test_blocked_is_recorded_and_the_person_is_unreachable() -> None:
    async with post() as here:

        def link(db: Db) -> int:
            person = people.add(db, name="An", phone="", language="vi", now=NOW)
            people.link(db, "telegram", "1", person.id, NOW)
            return person.id

        person_id = await here.store.run(link)
        await here.api.person(1).blocks()
        await here.put("hello", person_id=person_id)
        await here.settled("failed")
        assert await here.store.run(lambda db: people.address(db, person_id)) is None


@pytest.mark.parametrize(
    ("kind", "times", "state"),
    [
        (Kind.REPLY, 2, "sent"),
        (Kind.TASK, 2, "sent"),
        (Kind.REMINDER, 2, "sent"),
        (Kind.SUMMARY, 1, "unknown"),
        (Kind.BROADCAST, 1, "unknown"),
    ],
)
async def test_an_answer_lost_after_delivery(kind: Kind, times: int, state: str) -> None:
    async with post() as here:
        here.api.faults.next("sendMessage", "drop_after")
        await here.put("once", kind=kind)
        await here.settled(state)
        assert here.api.count(1) == times


async def test_a_connection_refused_is_tried_until_it_works() -> None:
    async with post() as here:
        here.api.faults.next("sendMessage", "drop_before", times=1)
        await here.put("again", kind=Kind.TASK)
        await here.settled("sent")


async def test_after_a_crash_each_kind_has_its_policy() -> None:
    store = await open_engine(":memory:", NOW)

    def crashed(db: Db) -> list[tuple[str, str]]:
        old = leaders.next_epoch(db, outbox.SENDER)
        for kind in Kind:
            letter(db, kind.name, kind=kind, epoch=old)
        letter(db, "edit", kind=Kind.SUMMARY, epoch=old, card="c", edits=True)
        unknown = take_over(db, leaders.next_epoch(db, outbox.SENDER), NOW)
        assert unknown == 2
        return [(row[0], row[1]) for row in db.all("SELECT kind, state FROM outbox ORDER BY id")]

    try:
        states = await store.run(crashed)
        assert states == [
            ("REPLY", "queued"),
            ("NOTICE", "queued"),
            ("TASK", "queued"),
            ("REMINDER", "queued"),
            ("SUMMARY", "unknown"),
            ("BROADCAST", "unknown"),
            ("SUMMARY", "queued"),
        ]
    finally:
        await store.close()


async def test_a_second_crash_does_not_say_it_a_third_time() -> None:
    store = await open_engine(":memory:", NOW)

    def crashed_twice(db: Db) -> str:
        number = letter(db, "hello", kind=Kind.TASK)
        for _ in range(2):
            epoch = leaders.next_epoch(db, outbox.SENDER)
            take_over(db, epoch, NOW)
            outbox.claim(db, "telegram", epoch, NOW, 30)
        take_over(db, leaders.next_epoch(db, outbox.SENDER), NOW)
        row = db.one("SELECT state FROM outbox WHERE id = :id", id=number)
        assert row is not None
        return str(row[0])

    try:
        assert await store.run(crashed_twice) == "unknown"
    finally:
        await store.close()


@pytest.mark.parametrize(("later_ms", "waits_s"), [(400, 0.6), (1000, None), (60_000, None)])
async def test_whoever_takes_over_counts_what_was_said_before(later_ms: int, waits_s: float | None) -> None:
    """Nothing until the second is over in which another spoke last."""
    async with post(Pace(overall=30), begun=False) as here:

        def speaks(db: Db) -> None:
            letter(db, "hello", kind=Kind.TASK)
            outbox.claim(db, "telegram", leaders.next_epoch(db, outbox.SENDER), NOW, 30)

        await here.store.run(speaks)
        here.time[0] = NOW + later_ms
        loop = asyncio.get_running_loop()
        before = loop.time()
        await here.begin()
        until = here.sender.lines["telegram"].halted_until
        if waits_s is None:
            assert until == 0.0
        else:
            assert before + waits_s <= until <= loop.time() + waits_s


async def test_an_older_sender_gets_nothing() -> None:
    store = await open_engine(":memory:", NOW)

    def claim_late(db: Db) -> int:
        old = leaders.next_epoch(db, outbox.SENDER)
        leaders.next_epoch(db, outbox.SENDER)
        letter(db, "hello")
        return len(outbox.claim(db, "telegram", old, NOW, 30))

    try:
        assert await store.run(claim_late) == 0
    finally:
        await store.close()


async def test_an_edit_that_waited_does_not_hide_a_later_state() -> None:
    async with post(begun=False) as here:
        first = await here.put("shown", card="task:1")
        await here.begin()
        await here.settled("sent")
        assert first == 1
        await here.end()
        await here.put("older", card="task:1", kind=Kind.NOTICE, edits=True)
        await here.put("newer", card="task:1", kind=Kind.REPLY, edits=True)
        await here.begin()
        await here.settled("sent", "dropped", "sent")
        assert here.api.person(1).messages[-1].text == "newer"


async def test_stopping_puts_back_what_did_not_go_out() -> None:
    async with post(Pace(overall=2)) as here:
        for number in range(6):
            await here.put(f"{number}", chat=str(number + 1), kind=Kind.BROADCAST)
        await until(lambda: len(here.said()) >= 1)
        await here.end()
        states = await here.states()
        assert states.count("sent") == len(here.said())
        assert set(states) == {"sent", "queued"}


async def test_one_chat_at_a_pace_hears_everything_in_order() -> None:
    async with post(Pace(chat=20, burst=2)) as here:
        for number in range(9):
            await here.put(f"{number}")
        await here.settled(*["sent"] * 9)
        assert here.said() == [f"{number}" for number in range(9)]


async def test_what_waits_behind_an_outdated_edit_is_said() -> None:
    """An edit that is not worth saying any more must not hold up what follows in its chat."""
    async with post(Pace(chat=20, burst=1), begun=False) as here:
        await here.put("shown", card="task:1")
        await here.begin()
        await here.settled("sent")
        await here.end()
        await here.put("older", card="task:1", edits=True)
        await here.put("reply", card="task:1", kind=Kind.REPLY, edits=True)
        await here.put("next", kind=Kind.TASK)
        await here.put("last", kind=Kind.TASK)
        await here.begin()
        await here.settled("sent", "dropped", "sent", "sent", "sent")
        assert here.said()[-2:] == ["next", "last"]
