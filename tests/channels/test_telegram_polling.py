"""Listening by long polling: order, confirmation after the commit, and what goes wrong."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.channels.telegram import Stopped
from bot.chat.message import Button, Message, Span
from tests.channels.ear import NOW, Ear, listening, speaking, telegram, until
from tests.servers.bot_api import BotApi


async def test_in_order_and_confirmed() -> None:
    async with BotApi() as api:
        people = [api.person(n, f"Người {n}") for n in (1, 2, 3)]
        for word in ("một", "hai", "ba"):
            for person in people:
                await person.says(f"{person.id} {word}")
        ear = Ear()
        async with listening(api, ear) as channel:
            await until(lambda: api.updates.count == 0)
            assert channel.last_poll_at == NOW
        assert ear.texts == [f"{n} {word}" for word in ("một", "hai", "ba") for n in (1, 2, 3)]


async def test_nothing_is_confirmed_before_its_commit() -> None:
    async with BotApi() as api:
        an = api.person(7)
        await an.says("một")
        await an.says("hai")
        ear = Ear()
        ear.gate = asyncio.Event()
        channel = telegram(api)
        task = asyncio.create_task(channel.listen(ear))
        await until(lambda: len(ear.calls) == 2)
        # The bot dies before the commit …
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await channel.stop()
        assert api.updates.count == 2
        # … and its successor gets the same again.
        second = Ear()
        async with listening(api, second):
            await until(lambda: api.updates.count == 0)
        assert second.texts == ["một", "hai"]


async def test_failed_turn_is_tried_again_and_nothing_after_it_is_lost() -> None:
    async with BotApi() as api:
        an = api.person(7)
        await an.says("một")
        failing = await an.says("hai")
        await an.says("ba")
        ear = Ear()
        ear.fails[f"u{failing}"] = 2
        async with listening(api, ear):
            await until(lambda: api.updates.count == 0)
        assert sorted(ear.texts) == ["ba", "hai", "một"]
        keys = [incoming.key for incoming in ear.calls]
        assert keys.count(f"u{failing}") == 3
        assert keys.count(f"u{failing - 1}") == 1, "what was before the failed turn is confirmed"


async def test_stop_finishes_the_batch_and_confirms_it() -> None:
    async with BotApi() as api:
        an = api.person(7)
        ear = Ear()
        ear.gate = asyncio.Event()
        channel = telegram(api)
        task = asyncio.create_task(channel.listen(ear))
        await an.says("một")
        await until(lambda: ear.calls)
        stopping = asyncio.create_task(channel.stop())
        await asyncio.sleep(0)
        ear.gate.set()
        await stopping
        await task
        assert ear.texts == ["một"]
        assert api.updates.count == 0


async def test_each_part_of_an_album_is_committed_as_it_comes() -> None:
    async with BotApi() as api:
        an = api.person(7)
        ear = Ear()
        async with listening(api, ear):
            files = await an.sends_album(4, "bốn ảnh", pause=0.05)
            await until(lambda: len(ear.heard) == 4 and api.updates.count == 0)
        assert len({incoming.album for incoming in ear.heard}) == 1
        assert [file.ref for incoming in ear.heard for file in incoming.files] == [file.id for file in files]


async def test_press_is_answered_after_the_commit() -> None:
    async with BotApi() as api:
        an = api.person(7, started=True)
        ear = Ear()
        ear.toast = "Đã nhận"
        async with listening(api, ear) as channel:
            await channel.send("7", Message((Span("Gửi?"),), buttons=((Button("Gửi", "1:send"),),)))
            await an.presses("Gửi")
            assert await an.feels("nhận") == "Đã nhận"
            press = ear.heard[0].press
            assert press
            assert press.action == "1:send"
            assert ear.heard[0].at == NOW


async def test_query_too_old_to_answer_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    async with BotApi() as api:
        an = api.person(7, started=True)
        ear = Ear()
        message = api.world.post(an.chat, True, text="Gửi?")
        await an.presses_data("1:send", message)
        api.expire_queries()
        async with listening(api, ear):
            await until(lambda: api.called("answerCallbackQuery"))
        assert len(ear.heard) == 1
        assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_foreign_and_unreadable_updates_are_confirmed_and_ignored(caplog: pytest.LogCaptureFixture) -> None:
    async with BotApi() as api:
        an = api.person(7)
        api.push({"inline_query": {"id": "1", "query": "x"}})
        api.push({"message": {"chat": "not a chat"}})
        api.push({"message": None})
        await an.says("chào")
        ear = Ear()
        async with listening(api, ear):
            await until(lambda: api.updates.count == 0)
        assert ear.texts == ["chào"]
        assert sum("ignored" in record.message for record in caplog.records) == 2


async def test_repeated_update_has_the_same_key() -> None:
    async with BotApi() as api:
        await api.person(7).says("chào")
        api.repeat_last_update()
        ear = Ear()
        async with listening(api, ear):
            await until(lambda: api.updates.count == 0)
        assert ear.texts == ["chào"]
        assert len({incoming.key for incoming in ear.calls}) == 1
        assert len(ear.calls) == 2


async def test_second_poller_stops_one_of_them_with_a_sentence() -> None:
    async with BotApi() as api:
        first, second = telegram(api), telegram(api)
        tasks = [asyncio.create_task(channel.listen(Ear())) for channel in (first, second)]
        done, _ = await asyncio.wait(tasks, timeout=10, return_when=asyncio.FIRST_COMPLETED)
        failure = done.pop().exception()
        assert isinstance(failure, Stopped)
        assert "Another program is polling with this token" in str(failure)
        await asyncio.gather(first.stop(), second.stop())
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_one_conflict_is_borne() -> None:
    async with BotApi() as api:
        ear = Ear()
        async with listening(api, ear):
            await until(lambda: api.counts["deleteWebhook"])
            await until(lambda: api.updates.allowed)
            api.updates.end_poll()
            await until(lambda: any(call.status == 409 for call in api.called("getUpdates")))
            await api.person(7).says("chào")
            await until(lambda: ear.heard)


async def test_two_pollers_are_found_out_even_when_polls_come_through_in_between() -> None:
    async with BotApi() as api:
        an, ear = api.person(7), Ear()
        channel = telegram(api)
        task = asyncio.create_task(channel.listen(ear))
        for count in (1, 2):
            await until(lambda: api.updates.polling)
            await an.says("chào")
            await until(lambda count=count: len(ear.heard) == count and api.updates.polling)  # type: ignore[misc]
            api.updates.end_poll()
        with pytest.raises(Stopped):
            await task
        await channel.stop()


async def test_wrong_token_stops_with_a_sentence() -> None:
    async with BotApi() as api:
        channel = telegram(api, token="123456789:AAAnotherTokenThatIsLongEnough-000000")
        with pytest.raises(Stopped, match="BotFather"):
            await channel.listen(Ear())
        await channel.stop()


async def test_webhook_left_from_before_is_removed_without_losing_updates() -> None:
    async with BotApi() as api:
        async with speaking(api) as before:
            await before._bot.set_webhook("https://127.0.0.1:9/hook")
        await api.person(7).says("chào")
        ear = Ear()
        async with listening(api, ear):
            await until(lambda: ear.heard)


async def test_polling_goes_on_after_trouble() -> None:
    async with BotApi() as api:
        for kind in ("drop_before", "drop_after", "bad_gateway", "garbage", "error"):
            api.faults.next("getUpdates", kind)
        await api.person(7).says("chào")
        ear = Ear()
        async with listening(api, ear):
            await until(lambda: api.updates.count == 0)
        assert ear.texts == ["chào"]


async def test_poll_that_never_answers_is_given_up_and_renewed(caplog: pytest.LogCaptureFixture) -> None:
    async with BotApi() as api:
        api.faults.next("getUpdates", "late", delay=60)
        await api.person(7).says("chào")
        ear = Ear()
        async with listening(api, ear, poll_timeout=1, watchdog=1.2) as channel:
            await until(lambda: channel._polls._session)
            before = channel._polls._session
            await until(lambda: ear.heard)
            assert channel._polls._session is not before
        assert any("renewing the connections" in record.message for record in caplog.records)


async def test_telegram_is_away_when_the_bot_starts() -> None:
    async with BotApi() as api:
        api.faults.next("getMe", "bad_gateway", times=2)
        api.faults.next("deleteWebhook", "drop_before")
        await api.person(7).says("chào")
        ear = Ear()
        async with listening(api, ear) as channel:
            await until(lambda: ear.heard)
            assert channel.username == "apso_bot"
