"""The browser phone: what goes in, what is shown, and what a folder of phones remembers."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.channel import Channel, Failed, Gone
from bot.channels.phone import Kept, Phone
from bot.chat.message import Abilities, Button, File, Heard, Incoming, Message, Span, plain
from tests.web.echo import CARD, MENU, Echo, png

NOON = 1_795_755_600_000
BUTTONS = ((Button("Gửi", "keep"), Button("Sửa", "change")), (Button("Bỏ", "drop"),))


def said(words: str, **more: object) -> Message:
    return Message((Span(words),), **more)  # type: ignore[arg-type]


def again(folder: Path) -> Phone:
    """The phones as a new process finds them."""
    return Phone(folder, lambda: NOON)


def words(phone: Phone, chat: str = "p12") -> list[str]:
    return [plain(message.text) for message in phone.messages(chat)]


@pytest.fixture
def phone(tmp_path: Path) -> Phone:
    return Phone(tmp_path / "phones", lambda: NOON)


@pytest.fixture
async def echo(phone: Phone) -> AsyncIterator[Echo]:
    echo = Echo(phone)
    listening = asyncio.create_task(phone.listen(echo.hear))
    await asyncio.sleep(0)
    yield echo
    await phone.stop()
    await listening


def test_it_is_a_channel(phone: Phone) -> None:
    channel: Channel = phone
    assert channel.name == "phone"
    assert channel.pace.overall == 0


class TestInwards:
    async def test_what_is_said_is_heard_before_the_answer(self, phone: Phone, echo: Echo) -> None:
        number = await phone.say("p12", "chào em")
        assert number == 1
        assert [(m.mine, plain(m.text)) for m in phone.messages("p12")] == [
            (True, "chào em"),
            (False, "Bạn nói: chào em"),
        ]
        incoming = echo.heard[0]
        assert (incoming.address.channel, incoming.address.chat, incoming.at) == ("phone", "p12", NOON)

    async def test_each_thing_has_its_own_key(self, phone: Phone, echo: Echo) -> None:
        for _ in range(3):
            await phone.say("p12", "chào")
        assert len({incoming.key for incoming in echo.heard}) == 3

    async def test_order_is_kept(self, phone: Phone, echo: Echo) -> None:
        await asyncio.gather(*(phone.say("p12", f"{i}") for i in range(20)))
        assert [incoming.text for incoming in echo.heard] == [str(i) for i in range(20)]

    @pytest.mark.parametrize(("typed", "payload"), [("/start", ""), ("/start moi-abc", "moi-abc")])
    async def test_typing_start_is_a_start(self, phone: Phone, echo: Echo, typed: str, payload: str) -> None:
        await phone.say("p12", typed)
        assert echo.heard[0].start == payload
        assert words(phone)[0] == "/start"

    async def test_the_own_number_is_vouched_for(self, phone: Phone, echo: Echo) -> None:
        await phone.share_contact("p12", "0912345678")
        contact = echo.heard[0].contact
        assert contact is not None
        assert (contact.phone, contact.own) == ("0912345678", True)

    async def test_photos_come_with_their_words(self, phone: Phone, echo: Echo) -> None:
        photos = [await phone.keep("a.png", png(4)), await phone.keep("b.png", png(5))]
        await phone.say("p12", "buổi ra quân", photos)
        assert echo.heard[0].files == tuple(photos)
        assert echo.heard[0].text == "buổi ra quân"
        assert await phone.fetch(photos[1]) == png(5)

    @pytest.mark.parametrize(("button", "action"), [(0, "keep"), (1, "change"), (2, "drop"), ("drop", "drop")])
    async def test_buttons_are_counted_row_by_row(
        self, phone: Phone, echo: Echo, button: int | str, action: str
    ) -> None:
        number = int(await phone.send("p12", said("thẻ", buttons=BUTTONS)))
        await phone.press("p12", number, button)
        press = echo.heard[0].press
        assert press is not None
        assert (press.action, press.message_id) == (action, str(number))

    async def test_a_press_brings_its_toast(self, phone: Phone, echo: Echo) -> None:
        number = int(await phone.send("p12", said("thẻ", buttons=BUTTONS)))
        assert await phone.press("p12", number, "keep") == "Đã gửi"
        assert words(phone) == ["Đã gửi. Mã B-1234"]

    @pytest.mark.parametrize("button", [3, -1, "steal", ""])
    async def test_a_button_that_is_not_there(self, phone: Phone, echo: Echo, button: int | str) -> None:
        number = int(await phone.send("p12", said("thẻ", buttons=BUTTONS)))
        with pytest.raises(ValueError):
            await phone.press("p12", number, button)
        assert echo.heard == []

    async def test_a_message_that_is_not_there(self, phone: Phone, echo: Echo) -> None:
        with pytest.raises(LookupError):
            await phone.press("p12", 7, 0)
        with pytest.raises(LookupError):
            await phone.press("p12", await phone.say("p12", "của tôi"), 0)

    async def test_a_fault_of_the_bot_is_not_a_fault_of_the_page(self, phone: Phone, echo: Echo) -> None:
        with pytest.raises(RuntimeError):
            await phone.say("p12", "lỗi")

    async def test_nothing_is_shown_as_said_while_no_bot_listens(self, phone: Phone) -> None:
        with pytest.raises(ConnectionError):
            await phone.say("p12", "có ai không")
        assert words(phone) == []

    async def test_listening_ends_with_stop(self, phone: Phone) -> None:
        async def hear(incoming: Incoming) -> Heard:
            return Heard()

        await phone.stop()
        await phone.listen(hear)


class TestOutwards:
    async def test_numbers_grow(self, phone: Phone) -> None:
        assert [await phone.send("p12", said(f"{i}")) for i in range(3)] == ["1", "2", "3"]
        assert [m.id for m in phone.messages("p12", after=1)] == [2, 3]
        assert [m.id for m in phone.messages("p12", before=3, limit=1)] == [2]
        assert [m.id for m in phone.messages("p12", limit=2)] == [2, 3]

    async def test_an_edit_is_marked_and_keeps_place_time_and_file(self, phone: Phone) -> None:
        photo = await phone.keep("a.png", png())
        await phone.send("p12", said("trước", files=(photo,), buttons=BUTTONS))
        await phone.send("p12", said("sau"))
        await phone.edit("p12", "1", said("đã khác"))
        first = phone.messages("p12")[0]
        assert (plain(first.text), first.buttons, first.files, first.edits) == ("đã khác", (), (photo,), 1)

    async def test_saying_the_same_again_is_no_edit(self, phone: Phone) -> None:
        await phone.send("p12", said("một", buttons=BUTTONS))
        told: list[Kept | None] = []
        phone.subscribe(lambda chat, message: told.append(message))
        await phone.edit("p12", "1", said("một", buttons=BUTTONS))
        assert told == []
        assert not phone.messages("p12")[0].edits

    @pytest.mark.parametrize("number", ["9", "", "x", "²", "-1"])
    async def test_a_message_that_is_gone(self, phone: Phone, number: str) -> None:
        with pytest.raises(Gone):
            await phone.edit("p12", number, said("một"))

    async def test_the_bot_cannot_edit_a_persons_words(self, phone: Phone, echo: Echo) -> None:
        mine = await phone.say("p12", "của tôi")
        with pytest.raises(Gone):
            await phone.edit("p12", str(mine), said("không phải"))

    async def test_commands_show_nothing(self, phone: Phone) -> None:
        assert await phone.send("p12", Message(commands=(("baocao", "Báo cáo"),))) == ""
        assert words(phone) == []

    async def test_the_menu_stays_until_the_next(self, phone: Phone) -> None:
        await phone.send("p12", said("chào", menu=MENU, contact="Gửi số"))
        await phone.send("p12", said("và"))
        assert phone.keyboard("p12") == (MENU, "Gửi số")
        await phone.send("p12", said("xong", menu=()))
        assert phone.keyboard("p12") == ((), "")

    @pytest.mark.parametrize(
        "message",
        [
            said("  "),
            said("a" * 4097),
            said("🙂" * 2049),
            said("a", buttons=((Button("Gửi", "a" * 65),),)),
            said("a", buttons=((Button("", "a"),),)),
            said("a", files=(File("photo", "telegram", "abc"),)),
            said("a", files=(File("photo", "phone", "../../etc/passwd"),)),
            Message(files=(File("photo", "phone", "x"),) * 11),
        ],
    )
    async def test_what_great_services_refuse_is_refused(self, phone: Phone, message: Message) -> None:
        with pytest.raises(Failed):
            await phone.send("p12", message)
        assert words(phone) == []

    async def test_an_album_has_no_words(self, phone: Phone) -> None:
        photos = (await phone.keep("a", png(1)), await phone.keep("b", png(2)))
        with pytest.raises(Failed):
            await phone.send("p12", said("hai ảnh", files=photos))
        await phone.send("p12", Message(files=photos))

    @pytest.mark.parametrize("chat", ["../p12", "", "p 12", "p12\n", "ấp"])
    async def test_a_chat_cannot_leave_its_folder(self, phone: Phone, chat: str) -> None:
        with pytest.raises(Failed):
            await phone.send(chat, said("chào"))

    async def test_news_is_told_until_one_leaves(self, phone: Phone) -> None:
        told: list[tuple[str, int | None]] = []
        leave = phone.subscribe(lambda chat, message: told.append((chat, message.id if message else None)))
        await phone.send("p12", said("một"))
        await phone.edit("p12", "1", said("hai"))
        phone.set_plain("p12", True)
        leave()
        await phone.send("p12", said("ba"))
        assert told == [("p12", 1), ("p12", 1), ("p12", None)]


class TestLikeZalo:
    def test_abilities(self, phone: Phone) -> None:
        assert phone.abilities("p12") == Abilities(True, True, 4096)
        phone.set_plain("p12", True)
        assert phone.abilities("p12") == Abilities(False, False, 2000)
        assert phone.abilities("p13") == Abilities(True, True, 4096)

    async def test_no_edits_no_buttons_and_shorter(self, phone: Phone, echo: Echo) -> None:
        number = await phone.send("p12", said("thẻ", buttons=BUTTONS))
        phone.set_plain("p12", True)
        with pytest.raises(Gone):
            await phone.edit("p12", number, said("khác"))
        with pytest.raises(ValueError):
            await phone.press("p12", int(number), 0)
        with pytest.raises(Failed):
            await phone.send("p12", said("a" * 2001))
        await phone.send("p12", said("a" * 2000))


class TestFiles:
    @pytest.mark.parametrize(
        ("content", "kind", "mime"),
        [
            (b"\xff\xd8\xff\xe0rest", "photo", "image/jpeg"),
            (png(), "photo", "image/png"),
            (b"GIF89a..", "photo", "image/gif"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "photo", "image/webp"),
            (b"RIFF\0\0\0\0WAVEfmt ", "document", "application/octet-stream"),
            (b"<svg onload=alert(1)>", "document", "application/octet-stream"),
            (b"<html>", "document", "application/octet-stream"),
            (b"%PDF-1.7", "document", "application/pdf"),
            (b"", "document", "application/octet-stream"),
        ],
    )
    async def test_the_first_bytes_decide(self, phone: Phone, content: bytes, kind: str, mime: str) -> None:
        file = await phone.keep("anh.jpg", content)
        assert (file.kind, file.mime, file.size) == (kind, mime, len(content))
        assert await phone.fetch(file) == content

    @pytest.mark.parametrize("name", ["../../../etc/cron.d/x", "C:\\Users\\x", "a\u202egpj.exe/x", "x\0\n"])
    async def test_a_name_is_only_a_label(self, phone: Phone, tmp_path: Path, name: str) -> None:
        file = await phone.keep(name, png())
        assert file.name == "x"
        assert "x" not in file.ref
        assert [path.name for path in (tmp_path / "phones" / "files").iterdir()] == [file.ref]

    async def test_equal_content_is_known(self, phone: Phone) -> None:
        one, two, other = [await phone.keep("a", content) for content in (png(2), png(2), png(3))]
        assert one.unique == two.unique != other.unique
        assert one.ref != two.ref

    @pytest.mark.parametrize("ref", ["../p12.jsonl", "0" * 32 + ".png", "/etc/passwd", ""])
    async def test_nothing_else_is_found(self, phone: Phone, ref: str) -> None:
        assert phone.find(ref) is None
        with pytest.raises(Failed):
            await phone.fetch(File("photo", "phone", ref))


class TestMemory:
    async def test_everything_is_there_again(self, phone: Phone, echo: Echo, tmp_path: Path) -> None:
        photo = await phone.keep("a.png", png())
        await phone.say("p12", "ảnh đây", [photo])
        await phone.send("p12", Message(CARD, BUTTONS, menu=MENU, contact="Gửi số"))
        await phone.send("p12", said("nhầm"))
        await phone.edit("p12", "4", Message((Span("đúng", "b"),)))
        phone.set_plain("p13", True)
        found = again(tmp_path / "phones")
        assert found.messages("p12") == phone.messages("p12")
        assert found.keyboard("p12") == (MENU, "Gửi số")
        assert (found.is_plain("p12"), found.is_plain("p13")) == (False, True)
        assert await found.fetch(photo) == png()
        assert await found.send("p12", said("tiếp")) == "5"

    @pytest.mark.parametrize("torn", [b'{"id": 2, "mi', b"\xe1", b'{"plain": tr'])
    async def test_a_torn_last_line_is_cut_off(self, phone: Phone, tmp_path: Path, torn: bytes) -> None:
        await phone.send("p12", said("một"))
        path = tmp_path / "phones" / "p12.jsonl"
        path.write_bytes(path.read_bytes() + torn)
        found = again(tmp_path / "phones")
        assert words(found) == ["một"]
        await found.send("p12", said("hai"))
        assert words(again(tmp_path / "phones")) == ["một", "hai"]

    async def test_a_spoilt_line_spoils_no_other(self, phone: Phone, tmp_path: Path) -> None:
        path = tmp_path / "phones" / "p12.jsonl"
        await phone.send("p12", said("một"))
        path.write_bytes(path.read_bytes() + b'\0\0\0\n[]\n{"id": "x"}\n7\n')
        await phone.send("p12", said("hai"))
        assert words(again(tmp_path / "phones")) == ["một", "hai"]

    async def test_half_a_character_does_no_harm(self, phone: Phone, tmp_path: Path) -> None:
        await phone.send("p12", said("\ud83d"))
        assert words(again(tmp_path / "phones")) == ["\ud83d"]

    def test_what_was_shown_outlives_a_killed_process(self, tmp_path: Path) -> None:
        program = """
import asyncio, itertools, pathlib, sys
from bot.channels.phone import Phone
from bot.chat.message import Message, Span
async def main():
    phone = Phone(pathlib.Path(sys.argv[1]), lambda: 0)
    for _ in itertools.count():
        print(await phone.send("p12", Message((Span("tin nhắn " * 50),))), flush=True)
asyncio.run(main())
"""
        root = Path(__file__).parents[2]
        with subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, cwd=root, text=True
        ) as process:
            assert process.stdout is not None
            shown = [int(process.stdout.readline()) for _ in range(50)]
            process.send_signal(signal.SIGKILL)
            shown += [int(line) for line in process.stdout.read().split("\n")[:-1]]
        assert len(again(tmp_path).messages("p12")) >= len(shown)
