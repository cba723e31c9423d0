"""Saying, editing and fetching, and which send error each refusal or breakdown becomes."""

from __future__ import annotations

import socket

import pytest
from telegram.error import BadRequest

from bot.channels.channel import (
    Ambiguous,
    Channel,
    Failed,
    Gone,
    Moved,
    Pace,
    SendError,
    Throttled,
    Unauthorized,
    Unreachable,
    Unsent,
)
from bot.channels.telegram import Checked
from bot.channels.telegram.transport import Transport
from bot.chat.message import Abilities, Button, File, Message, Span
from tests.channels.ear import Ear, listening, speaking, telegram, until
from tests.servers.bot_api import BotApi
from tests.servers.bot_api.faults import Kind

HELLO = Message((Span("Chào "), Span("😀 An", "b"), Span("!")))
ASKED = Message((Span("Gửi?"),), buttons=((Button("Gửi", "1:send"), Button("Thôi", "1:drop")),))


def said(text: str) -> Message:
    return Message((Span(text),))


async def test_text_with_styles_and_buttons() -> None:
    async with BotApi() as api, speaking(api) as channel:
        an = api.person(7, started=True)
        sent = await channel.send("7", HELLO)
        await channel.send("7", ASKED)
        seen = await an.sees("Chào 😀 An!")
        assert str(seen.id) == sent
        assert seen.styled("bold") == ["😀 An"]
        assert (await an.sees("Gửi?")).buttons == [("Gửi", "1:send"), ("Thôi", "1:drop")]
        assert api.called("sendMessage")[0].params["link_preview_options"] == {"is_disabled": True}
        assert api.called("sendMessage")[0].params.keys() <= {"chat_id", "text", "entities", "link_preview_options"}


async def test_menu_with_contact_button_and_its_removal() -> None:
    async with BotApi() as api:
        an = api.person(7, started=True)
        ear = Ear()
        async with listening(api, ear) as channel:
            await channel.send("7", Message((Span("Chọn"),), menu=(("Báo cáo", "Việc"),), contact="Gửi số"))
            assert an.keyboard == [["Gửi số"], ["Báo cáo", "Việc"]]
            await an.presses("Việc")
            await an.presses("Gửi số")
            await until(lambda: len(ear.heard) == 2)
            await channel.send("7", Message((Span("Xong"),), menu=()))
        assert an.keyboard == []
        assert ear.texts == ["Việc", ""]
        contact = ear.heard[1].contact
        assert contact
        assert (contact.phone, contact.own) == (an.phone, True)


async def test_foreign_contact_is_not_own() -> None:
    async with BotApi() as api:
        ear = Ear()
        async with listening(api, ear):
            await api.person(7).shares_contact("84999", own=False)
            await until(lambda: ear.heard)
        contact = ear.heard[0].contact
        assert contact
        assert (contact.phone, contact.own) == ("84999", False)


async def test_commands_of_a_chat_and_of_everyone() -> None:
    async with BotApi() as api, speaking(api) as channel:
        an = api.person(7, started=True)
        await channel.set_commands([("help", "Trợ giúp")], "vi")
        assert await channel.send("7", Message(commands=(("viec", "Việc của tôi"),))) == ""
        assert an.chat.commands == [{"command": "viec", "description": "Việc của tôi"}]
        assert api.world.commands["default//vi"] == [{"command": "help", "description": "Trợ giúp"}]


async def test_edit_text_buttons_and_both() -> None:
    async with BotApi() as api, speaking(api) as channel:
        an = api.person(7, started=True)
        sent = await channel.send("7", ASKED)
        await channel.edit("7", sent, HELLO)
        seen = await an.sees("Chào")
        assert (seen.buttons, seen.edits) == ([], ["Gửi?"])
        await channel.edit("7", sent, Message(buttons=ASKED.buttons))
        assert (seen.text, seen.labels) == ("Chào 😀 An!", ["Gửi", "Thôi"])


async def test_saying_the_same_again_is_no_error() -> None:
    async with BotApi() as api, speaking(api) as channel:
        api.person(7, started=True)
        sent = await channel.send("7", ASKED)
        await channel.edit("7", sent, ASKED)
        assert api.called("editMessageText")[0].status == 400


async def test_edit_of_what_is_gone_or_not_the_bots() -> None:
    async with BotApi() as api, speaking(api) as channel:
        an = api.person(7)
        await an.says("chào")
        sent = await channel.send("7", HELLO)
        del an.chat.messages[int(sent)]
        with pytest.raises(Gone):
            await channel.edit("7", sent, ASKED)
        with pytest.raises(Gone):
            await channel.edit("7", str(an.messages[0].id), ASKED)


async def test_photo_in_and_out_again_by_its_id() -> None:
    async with BotApi() as api:
        an = api.person(7)
        ear = Ear()
        async with listening(api, ear) as channel:
            await an.sends_photo(b"\xff\xd8 anh", "cổng chào")
            await until(lambda: ear.heard)
            photo = ear.heard[0].files[0]
            assert await channel.fetch(photo) == b"\xff\xd8 anh"
            sent = await channel.send("7", Message((Span("Của bạn", "i"),), ASKED.buttons, (photo,)))
            seen = await an.sees("Của bạn")
            assert [file.id for file in seen.photos] == [photo.ref]
            assert seen.styled("italic") == ["Của bạn"]
            await channel.edit("7", sent, Message((Span("Đã nhận"),), files=(photo,)))
            assert (await an.sees("Đã nhận")).buttons == []
            # An edit that does not know of the picture finds the caption all the same.
            await channel.edit("7", sent, said("Đã duyệt"))
            assert (await an.sees("Đã duyệt")).photos


async def test_file_of_another_channel_is_uploaded() -> None:
    async with BotApi() as api, speaking(api) as channel:
        an = api.person(7, started=True)
        photo = File("photo", "zalo", "z1", mime="image/jpeg")
        document = File("document", "zalo", "z2", name='báo "cáo" tuần.xlsx', mime="text/csv")
        with pytest.raises(Failed, match="zalo"):
            await channel.send("7", Message(files=(photo,)))

        async def content(file: File) -> bytes:
            return file.ref.encode() * 1_000_000

        channel.uploads = content
        await channel.send("7", Message((Span("Ảnh"),), files=(photo,)))
        await channel.send("7", Message((Span("Tệp"),), files=(document,)))
        await channel.send("7", Message(files=(photo, photo, photo)))
        stored = [message.file for message in an.messages if message.file]
        assert [len(file.content) for file in stored] == [2_000_000] * 5
        assert [file.kind for file in stored] == ["photo", "document", "photo", "photo", "photo"]
        assert stored[1].name == "báo  cáo  tuần.xlsx"
        assert (await an.sees("Tệp")).text == "Tệp"


@pytest.mark.parametrize(
    ("other", "ours"), [(Unreachable("x"), Failed), (Ambiguous("x"), Unsent), (Unsent("x"), Unsent)]
)
async def test_trouble_of_the_other_channel_is_not_this_persons(other: SendError, ours: type[SendError]) -> None:
    async with BotApi() as api, speaking(api) as channel:
        api.person(7, started=True)

        async def content(file: File) -> bytes:
            raise other

        channel.uploads = content
        with pytest.raises(SendError) as raised:
            await channel.send("7", Message(files=(File("photo", "zalo", "z"),)))
        assert type(raised.value) is ours


async def test_album_out() -> None:
    async with BotApi() as api:
        an = api.person(7)
        ear = Ear()
        async with listening(api, ear) as channel:
            await an.sends_album(3, "ba ảnh")
            await until(lambda: len(ear.heard) == 3)
            files = tuple(file for part in ear.heard for file in part.files)
            sent = await channel.send("7", Message(files=files))
            ours = [message for message in an.messages if message.from_bot]
            assert [message.file.id for message in ours if message.file] == [file.ref for file in files]
            assert sent == str(ours[0].id)
            with pytest.raises(Failed, match="no buttons"):
                await channel.send("7", Message(files=files, buttons=ASKED.buttons))


@pytest.mark.parametrize(
    "message",
    [
        Message(),
        said("  "),
        said("x" * 4097),
        Message((Span("x" * 1025),), files=(File("photo", "telegram", "p"),)),
        Message((Span("x"),), buttons=((Button("x", "y" * 65),),)),
        Message(files=(File("photo", "telegram", "p"), File("document", "telegram", "d"))),
        Message(commands=(("Việc", "x"),)),
    ],
)
async def test_what_telegram_would_refuse_fails_without_asking(message: Message) -> None:
    async with BotApi() as api, speaking(api) as channel:
        with pytest.raises(Failed):
            await channel.send("7", message)
        assert not api.calls


async def test_unreachable() -> None:
    async with BotApi() as api, speaking(api) as channel:
        an = api.person(7)
        with pytest.raises(Unreachable, match=r"(?i)chat not found"):
            await channel.send("7", HELLO)
        await an.says("chào")
        await an.blocks()
        with pytest.raises(Unreachable, match="blocked"):
            await channel.send("7", HELLO)
        with pytest.raises(Unreachable, match="blocked"):
            await channel.edit("7", "1", HELLO)
        await an.unblocks()
        await channel.send("7", HELLO)
        await an.deletes_account()
        with pytest.raises(Unreachable, match="deactivated"):
            await channel.send("7", HELLO)


async def test_moved() -> None:
    async with BotApi() as api, speaking(api) as channel:
        await api.person(7, started=True).moves(-1007)
        with pytest.raises(Moved) as moved:
            await channel.send("7", HELLO)
        assert moved.value.chat == "-1007"


async def test_unauthorized() -> None:
    async with BotApi() as api, speaking(api, token="123456789:AAAnotherTokenThatIsLongEnough-000000") as channel:
        with pytest.raises(Unauthorized):
            await channel.send("7", HELLO)
        with pytest.raises(Unauthorized):
            await channel.prepare()


async def test_throttled() -> None:
    async with BotApi() as api, speaking(api) as channel:
        an = api.person(7, started=True)
        api.throttle.set("penalty", limit=1, penalty=7)
        await channel.send("7", HELLO)
        for _ in range(2):
            with pytest.raises(Throttled) as throttled:
                await channel.send("7", HELLO)
            assert throttled.value.retry_after == 7
        assert api.count(an.id) == 1


async def test_connection_refused_is_unsent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with BotApi() as api, speaking(api, base_url=f"http://127.0.0.1:{port}/bot") as channel:
        with pytest.raises(Unsent) as raised:
            await channel.send("7", HELLO)
        assert type(raised.value) is Unsent


async def test_no_connection_in_time_is_unsent() -> None:
    # A full backlog: the connection is never accepted.
    with socket.socket() as deaf, socket.socket() as filler:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        filler.connect(deaf.getsockname())
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/bot"
        async with BotApi() as api, speaking(api, base_url=url, connect_timeout=0.2) as channel:
            with pytest.raises(Unsent):
                await channel.send("7", HELLO)


@pytest.mark.parametrize("kind", ["drop_after", "lost_gateway", "garbage"])
async def test_answer_lost_after_delivery_is_ambiguous(kind: Kind) -> None:
    async with BotApi() as api, speaking(api) as channel:
        an = api.person(7, started=True)
        api.faults.next("sendMessage", kind)
        with pytest.raises(Ambiguous):
            await channel.send("7", HELLO)
        assert api.count(an.id) == 1, "it was delivered, and nobody sent it a second time"


@pytest.mark.parametrize("kind", ["drop_before", "bad_gateway", "error"])
async def test_breakdown_before_delivery_is_ambiguous_too(kind: Kind) -> None:
    async with BotApi() as api, speaking(api) as channel:
        api.person(7, started=True)
        api.faults.next("sendMessage", kind)
        with pytest.raises(Ambiguous):
            await channel.send("7", HELLO)


async def test_answer_that_comes_too_late_is_ambiguous() -> None:
    async with BotApi() as api, speaking(api, read_timeout=0.2) as channel:
        an = api.person(7, started=True)
        api.faults.next("sendMessage", "late", delay=30)
        with pytest.raises(Ambiguous):
            await channel.send("7", HELLO)
        assert api.count(an.id) == 1


async def test_after_stop_everything_is_unsent() -> None:
    async with BotApi() as api:
        api.person(7, started=True)
        channel = telegram(api)
        await channel.send("7", HELLO)
        await channel.stop()
        with pytest.raises(Unsent):
            await channel.send("7", HELLO)


async def test_speaking_goes_on_when_only_listening_has_ended() -> None:
    async with BotApi() as api:
        an = api.person(7, started=True)
        async with listening(api, Ear()) as channel:
            await until(lambda: api.updates.allowed)
            await channel.stop_listening()
            await channel.send("7", HELLO)
        assert api.count(an.id) == 1


async def test_fetch_of_files_that_cannot_be_had() -> None:
    async with BotApi() as api, speaking(api) as channel:
        file = api.world.store("document", b"x" * 10)
        assert await channel.fetch(File("document", "telegram", file.id)) == b"x" * 10
        with pytest.raises(Failed, match="20 MB"):
            await channel.fetch(File("document", "telegram", file.id, size=20 * 1024 * 1024 + 1))
        file.content = b"x" * (20 * 1024 * 1024 + 1)
        with pytest.raises(Failed, match=r"(?i)file is too big"):
            await channel.fetch(File("document", "telegram", file.id))
        with pytest.raises(Failed, match=r"(?i)wrong file_id"):
            await channel.fetch(File("document", "telegram", "nothing"))
        with pytest.raises(Failed, match="zalo"):
            await channel.fetch(File("document", "zalo", file.id))
        file.content = b"x"
        api.world.paths.clear()
        with pytest.raises(Failed, match="no longer there") as raised:
            await channel.fetch(File("document", "telegram", file.id))
        assert not isinstance(raised.value, Unauthorized)


async def test_download_ends_at_20_mb_whatever_was_promised() -> None:
    async with BotApi() as api, Transport() as transport:
        file = api.world.store("document", b"x" * (20 * 1024 * 1024 + 1))
        with pytest.raises(BadRequest, match=r"(?i)too big"):
            await transport.retrieve(f"{api.base_file_url}{api.token}/{file.path}")


async def test_it_is_a_channel() -> None:
    async with BotApi() as api, speaking(api) as telegram:
        channel: Channel = telegram
        assert channel.name == "telegram"
        assert channel.pace == Pace(overall=28, chat=1, burst=4)
        assert channel.abilities("7") == Abilities(buttons=True, edits=True, text_limit=4096)


async def test_check_for_the_doctor() -> None:
    async with BotApi() as api, speaking(api) as channel:
        await api.person(7).says("chào")
        assert await channel.check() == Checked(username="apso_bot", webhook="", waiting=1, problem="")
