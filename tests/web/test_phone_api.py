"""The phones' interface over a real connection; an echo stands for the bot."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.chat.message import KEPT, File, Message, Span
from bot.web.body import MEGABYTE
from bot.web.phone import moments
from tests.web.echo import CARD, ZONE, Demo, at, demo, png

BOUND = 10


class Api:
    """The interface, as one who drives it sees it: answers are (status, JSON)."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session = session
        self.root = f"{url}/phone/api"

    async def get(self, path: str, **options: Any) -> tuple[int, Any]:
        async with self.session.get(self.root + path, **options) as answer:
            return answer.status, await answer.json()

    async def post(self, path: str, content: Any = None, **options: Any) -> tuple[int, Any]:
        if isinstance(content, aiohttp.FormData | bytes):
            options["data"] = content
        elif content is not None:
            options["json"] = content
        async with self.session.post(self.root + path, **options) as answer:
            return answer.status, await answer.json()

    async def says(self, text: str, person: str = "p12") -> int:
        status, answer = await self.post(f"/{person}/messages", {"text": text})
        assert status == 200
        return int(answer["id"])

    async def last(self, person: str = "p12") -> dict[str, Any]:
        _, messages = await self.get(f"/{person}/messages")
        return dict(messages[-1])


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Demo]:
    async with demo(tmp_path) as running:
        yield running


@pytest.fixture
async def api(served: Demo) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(BOUND)) as session:
        yield Api(session, served.url)


def form(text: str, *photos: bytes, name: str = "anh.png") -> aiohttp.FormData:
    data = aiohttp.FormData(quote_fields=False)
    data.add_field("text", text)
    for photo in photos:
        data.add_field("photos", BytesIO(photo), filename=name, content_type="image/png")
    return data


class TestPeople:
    async def test_the_suggested_come_first(self, api: Api) -> None:
        _, people = await api.get("/people")
        assert [(one["id"], one["open"]) for one in people] == [("p12", True), ("p13", True), ("p9", False)]
        assert people[0] == {
            "id": "p12",
            "name": "Nguyễn Văn An",
            "role": "Thành viên",
            "unit": "Ấp 4, xã Tân Thạch",
            "plain": False,
            "open": True,
        }

    async def test_search_and_limit(self, api: Api) -> None:
        _, found = await api.get("/people", params={"q": "muoi"})
        assert [one["id"] for one in found] == ["p9"]
        _, found = await api.get("/people?limit=1")
        assert len(found) == 1

    @pytest.mark.parametrize("limit", ["x", "-1", "²", "9" * 30])
    async def test_a_limit_that_is_no_number(self, api: Api, limit: str) -> None:
        status, answer = await api.get("/people", params={"limit": limit})
        assert status == 400
        assert answer["error"].endswith(".")

    @pytest.mark.parametrize("path", ["/messages", "/press", "/contact", "/location", "/plain", "/start"])
    async def test_a_stranger(self, api: Api, path: str) -> None:
        assert await api.post(f"/p404{path}", {"text": "a"}) == (404, {"error": "Không có người này."})

    async def test_what_a_phone_is_like(self, api: Api) -> None:
        await api.post("/p12/start", {})
        _, state = await api.get("/p12")
        assert state["menu"] == [["Báo cáo", "Việc của tôi"], ["Kết quả", "Trợ giúp"]]
        assert state["contact"] == "Gửi số của tôi"


class TestMessages:
    async def test_the_answer_comes_after_the_bots_turn(self, api: Api) -> None:
        assert await api.says("chào") == 1
        _, messages = await api.get("/p12/messages?after=1")
        assert [one["text"] for one in messages] == ["Bạn nói: chào"]

    async def test_a_message(self, api: Api) -> None:
        await api.says("thẻ")
        assert await api.last() == {
            "id": 2,
            "from": "bot",
            "at": "2026-11-27T16:00:00+07:00",
            "text": "Em hiểu thế này:\n5 hồ sơ dịch vụ công <trực tuyến>",
            "html": "Em hiểu thế này:<br><b>5 hồ sơ</b> dịch vụ công &lt;trực tuyến&gt;",
            "spans": [[span.text, span.style] for span in CARD],
            "buttons": [
                [{"label": "Gửi", "action": "keep"}, {"label": "Sửa", "action": "change"}],
                [{"label": "Bỏ", "action": "drop"}],
            ],
            "files": [],
            "edits": 0,
            "menu": None,
            "contact": "",
        }

    async def test_the_newest_of_many(self, api: Api) -> None:
        await api.says("nhiều 30")
        _, messages = await api.get("/p12/messages?before=31&limit=3")
        assert [one["id"] for one in messages] == [28, 29, 30]

    async def test_milliseconds_are_kept(self, served: Demo, api: Api) -> None:
        await served.clock.move(served.clock.now() + 250)
        await api.says("chào")
        assert (await api.last())["at"] == "2026-11-27T16:00:00.250+07:00"

    @pytest.mark.parametrize("text", ["", " \n\t"])
    async def test_nothing_to_send(self, api: Api, text: str) -> None:
        assert (await api.post("/p12/messages", {"text": text}))[0] == 400
        assert (await api.post("/p12/messages", form(text)))[0] == 400

    @pytest.mark.parametrize("body", [b"{", b"[]", b"7", b'"a"', b"\xff", b"[" * 100_000, b'{"text": 5}'])
    async def test_a_body_that_is_no_message(self, api: Api, body: bytes) -> None:
        status, answer = await api.post("/p12/messages", body, headers={"content-type": "application/json"})
        assert status == 400
        assert answer["error"].endswith(".")

    async def test_half_characters_and_nul_are_taken_out(self, api: Api) -> None:
        body = b'{"text": "a\\ud83d\\u0000b"}'
        assert (await api.post("/p12/messages", body, headers={"content-type": "application/json"}))[0] == 200
        assert (await api.last())["text"] == "Bạn nói: a?b"

    async def test_a_fault_of_the_bot_is_a_sentence(self, api: Api) -> None:
        status, answer = await api.post("/p12/messages", {"text": "lỗi"})
        assert status == 500
        assert answer["error"].startswith("Có lỗi ở phía bot.")

    async def test_no_bot_listens(self, served: Demo, api: Api) -> None:
        await served.phone.stop()
        status, answer = await api.post("/p12/messages", {"text": "chào"})
        assert (status, answer["error"]) == (503, "Bot chưa sẵn sàng. Xin thử lại sau ít giây.")

    async def test_sharing_the_number(self, api: Api) -> None:
        await api.post("/p12/contact")
        assert (await api.last())["text"] == "Số 0912345678"
        assert (await api.post("/p13/contact"))[0] == 400

    async def test_a_point_of_the_map(self, api: Api) -> None:
        where = {"latitude": 9.93, "longitude": 106}
        assert await api.post("/p12/location", where) == (200, {"id": 1})
        _, messages = await api.get("/p12/messages")
        assert messages[0]["text"] == "📍 9.93000, 106.00000"
        for wrong in ({}, where | {"latitude": 91}, where | {"longitude": "106"}, where | {"latitude": True}):
            status, answer = await api.post("/p12/location", wrong)
            assert (status, "tính bằng độ" in answer["error"]) == (400, True)

    async def test_a_deep_link(self, api: Api) -> None:
        await api.post("/p12/start", {"payload": "moi-abc"})
        _, messages = await api.get("/p12/messages")
        assert [one["text"] for one in messages] == ["/start", "Chào moi-abc"]
        assert messages[1]["menu"]


class TestPresses:
    async def test_by_place_and_by_action(self, api: Api) -> None:
        await api.says("thẻ")
        assert await api.post("/p12/press", {"message_id": 2, "button": 2}) == (200, {"toast": ""})
        assert await api.post("/p12/press", {"message_id": 2, "button": "keep"}) == (200, {"toast": "Đã gửi"})
        card = await api.last()
        assert (card["text"], card["edits"], card["buttons"]) == ("Đã gửi. Mã B-1234", 1, [])

    @pytest.mark.parametrize(
        ("content", "status"),
        [
            ({"message_id": 2, "button": "steal"}, 400),
            ({"message_id": 2, "button": 3}, 400),
            ({"message_id": 2, "button": True}, 400),
            ({"message_id": 2}, 400),
            ({"message_id": "2", "button": 0}, 400),
            ({"message_id": 1, "button": 0}, 404),
            ({"message_id": 99, "button": 0}, 404),
            ({"message_id": -(10**30), "button": 0}, 404),
        ],
    )
    async def test_what_cannot_be_pressed(self, api: Api, content: dict[str, object], status: int) -> None:
        await api.says("thẻ")
        answered, answer = await api.post("/p12/press", content)
        assert (answered, set(answer)) == (status, {"error"})

    async def test_like_zalo_there_is_nothing_to_press(self, api: Api) -> None:
        await api.says("thẻ")
        assert await api.post("/p12/plain", {"plain": True}) == (200, {"plain": True})
        assert (await api.post("/p12/press", {"message_id": 2, "button": 0}))[0] == 400
        assert (await api.get("/p12"))[1]["plain"] is True
        assert (await api.post("/p12/plain", {"plain": "yes"}))[0] == 400


class TestPhotos:
    async def test_photos_are_served_as_what_they_are(self, api: Api, served: Demo) -> None:
        status, _ = await api.post("/p12/messages", form("hai ảnh", png(4), png(5), name="<img>.html"))
        assert status == 200
        _, messages = await api.get("/p12/messages")
        assert [one["text"] for one in messages] == ["hai ảnh", "Đã nhận 2 tệp"]
        first, second = messages[0]["files"]
        assert (first["kind"], first["name"]) == ("photo", "<img>.html")
        async with api.session.get(served.url + second["url"]) as answer:
            assert await answer.read() == png(5)
            assert answer.headers["content-type"] == "image/png"
            assert answer.headers["x-content-type-options"] == "nosniff"

    async def test_a_document_is_only_downloaded(self, api: Api, served: Demo) -> None:
        await api.post("/p12/messages", form("", b"<script>alert(1)</script>", name="anh.jpg"))
        _, messages = await api.get("/p12/messages")
        file = messages[0]["files"][0]
        assert file["kind"] == "document"
        async with api.session.get(served.url + file["url"]) as answer:
            assert answer.headers["content-type"] == "application/octet-stream"
            assert answer.headers["content-disposition"] == "attachment"

    async def test_no_other_file_is_served(self, api: Api, served: Demo) -> None:
        await api.says("chào")
        for ref in ("p12.jsonl", "..%2Fp12.jsonl", "%2Fetc%2Fpasswd", "0" * 32 + ".png"):
            async with api.session.get(f"{served.url}/phone/files/{ref}") as answer:
                assert answer.status == 404

    async def test_too_many(self, api: Api, tmp_path: Path) -> None:
        status, answer = await api.post("/p12/messages", form("", *[png()] * 11))
        assert (status, answer["error"]) == (400, "Mỗi tin gửi được nhiều nhất 10 ảnh.")
        assert list((tmp_path / "files").iterdir()) == []

    async def test_too_large(self, api: Api, tmp_path: Path) -> None:
        status, answer = await api.post("/p12/messages", form("", png(), b"\0" * (10 * MEGABYTE + 1)))
        assert (status, answer["error"]) == (413, "Nội dung quá lớn: tối đa 10 MB.")
        assert list((tmp_path / "files").iterdir()) == []

    async def test_just_large_enough(self, api: Api) -> None:
        assert (await api.post("/p12/messages", form("", b"\0" * 10 * MEGABYTE)))[0] == 200

    async def test_a_broken_form(self, api: Api) -> None:
        status, answer = await api.post(
            "/p12/messages", b"--x\r\nnonsense", headers={"content-type": "multipart/form-data; boundary=x"}
        )
        assert (status, set(answer)) == (400, {"error"})


class TestCaps:
    async def test_an_announced_giant_is_refused_unread(self, served: Demo) -> None:
        answer = await raw(served, b"POST /phone/api/p12/messages", b"content-length: 2000000\r\n")
        assert b"413" in answer.split(b"\r\n")[0]

    async def test_a_silent_giant_is_refused_on_the_way(self, served: Demo) -> None:
        chunk = b"%x\r\n%s\r\n" % (64 * 1024, b" " * 64 * 1024)
        answer = await raw(served, b"POST /phone/api/p12/messages", b"transfer-encoding: chunked\r\n", chunk * 17)
        assert b"413" in answer.split(b"\r\n")[0]


class TestClock:
    async def test_what_time_it_is(self, api: Api) -> None:
        assert await api.get("/clock") == (200, {"now": "2026-11-27T16:00:00+07:00", "weekday": "thứ Sáu"})

    @pytest.mark.parametrize(
        ("content", "now"),
        [
            ({"advance": "+1h"}, "2026-11-27T17:00:00+07:00"),
            ({"advance": "+90m"}, "2026-11-27T17:30:00+07:00"),
            ({"advance": "tomorrow 07:00"}, "2026-11-28T07:00:00+07:00"),
            ({"advance": "friday 16:00"}, "2026-12-04T16:00:00+07:00"),
            ({"advance": "Friday 16:01"}, "2026-11-27T16:01:00+07:00"),
            ({"advance": "monday 07:30"}, "2026-11-30T07:30:00+07:00"),
            ({"now": "2026-11-28T08:00:00+07:00"}, "2026-11-28T08:00:00+07:00"),
            ({"now": "2026-11-28T01:00:00Z"}, "2026-11-28T08:00:00+07:00"),
            ({"now": "2026-11-28T08:00"}, "2026-11-28T08:00:00+07:00"),
            ({"now": "2026-11-27T16:00:00+07:00"}, "2026-11-27T16:00:00+07:00"),
        ],
    )
    async def test_going_on(self, api: Api, content: dict[str, str], now: str) -> None:
        status, answer = await api.post("/clock", content)
        assert (status, answer["now"]) == (200, now)
        assert (await api.get("/clock"))[1]["now"] == now

    @pytest.mark.parametrize(
        "content",
        [
            {"now": "2026-11-27T15:59"},
            {"now": "2036-01-01T00:00"},
            {"now": "9999-12-31T23:59"},
            {"now": "0001-01-01T00:00"},
            {"now": "khi nào rảnh"},
            {"now": 5},
            {"advance": "-1h"},
            {"advance": "+99999d"},
            {"advance": "someday 07:00"},
            {"advance": "friday 25:00"},
            {"advance": "today 15:00"},
            {},
        ],
    )
    async def test_what_the_clock_does_not_do(self, api: Api, content: dict[str, object]) -> None:
        status, answer = await api.post("/clock", content)
        assert (status, set(answer)) == (400, {"error"})
        assert (await api.get("/clock"))[1]["now"] == "2026-11-27T16:00:00+07:00"

    async def test_messages_carry_its_time(self, api: Api) -> None:
        await api.post("/clock", {"advance": "tomorrow 07:00"})
        await api.says("chào")
        assert (await api.last())["at"] == "2026-11-28T07:00:00+07:00"


def test_an_hour_named_on_its_own_day_is_still_to_come() -> None:
    morning = at("2026-11-27T07:00")
    assert moments.ahead("friday 16:00", morning, ZONE) == at("2026-11-27T16:00")
    assert moments.ahead("today 16:00", morning, ZONE) == at("2026-11-27T16:00")


class TestNews:
    async def test_new_and_edited_messages_the_switch_and_the_clock(self, api: Api, served: Demo) -> None:
        async with api.session.get(f"{api.root}/events") as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            assert "clock" in await event(stream)
            number = await served.phone.send("p13", Message((Span("một"),)))
            await served.phone.edit("p13", number, Message((Span("hai"),)))
            await api.post("/p13/plain", {"plain": True})
            await api.post("/clock", {"advance": "+1h"})
            one, two, plain, clock = [await event(stream) for _ in range(4)]
        assert (one["person"], one["message"]["text"], one["message"]["edits"]) == ("p13", "một", 0)
        assert (two["message"]["id"], two["message"]["text"], two["message"]["edits"]) == (1, "hai", 1)
        assert plain == {"person": "p13", "plain": True}
        assert clock == {"clock": {"now": "2026-11-27T17:00:00+07:00", "weekday": "thứ Sáu"}}

    async def test_ones_own_words_come_while_the_bot_still_thinks(self, api: Api, served: Demo) -> None:
        async with api.session.get(f"{api.root}/events") as stream:
            await event(stream)
            saying = asyncio.create_task(api.says("đợi"))
            assert (await event(stream))["message"]["from"] == "me"
            assert not saying.done()
            served.echo.go.set()
            assert (await event(stream))["message"]["text"] == "Bạn nói: đợi"
            await saying

    async def test_an_open_stream_does_not_hold_up_the_end(self, api: Api, served: Demo) -> None:
        async with api.session.get(f"{api.root}/events") as stream:
            await event(stream)
            await asyncio.wait_for(served.server.stop(), BOUND)
            assert (await stream.content.read()).strip() == b""

    async def test_a_stream_nobody_reads_is_ended(self, api: Api, served: Demo) -> None:
        async with api.session.get(f"{api.root}/events") as stream:
            await event(stream)
            # Sent without an await that lets the stream run: as when a browser does not keep up.
            await asyncio.gather(*(served.phone.send("p13", Message((Span(f"{i}"),))) for i in range(1100)))
            events = (await asyncio.wait_for(stream.content.read(), BOUND)).count(b"data: ")
        assert events == 1000


class TestGuard:
    @pytest.mark.parametrize(
        "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "[::2]", "@x", "["]
    )
    async def test_a_foreign_name(self, api: Api, host: str) -> None:
        status, _ = await api.get("/people", headers={"host": host})
        assert status in {400, 403}

    @pytest.mark.parametrize("host", ["localhost", "localhost:9999", "127.0.0.1", "[::1]:8080"])
    async def test_an_own_name(self, api: Api, host: str) -> None:
        assert (await api.get("/people", headers={"host": host}))[0] == 200

    @pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1", "http://["])
    async def test_a_foreign_page_cannot_post(self, api: Api, served: Demo, origin: str) -> None:
        status, _ = await api.post("/p12/messages", {"text": "hại"}, headers={"origin": origin})
        assert status == 403
        assert served.echo.heard == []

    async def test_the_own_page_can(self, api: Api, served: Demo) -> None:
        assert (await api.post("/p12/messages", {"text": "tốt"}, headers={"origin": served.url}))[0] == 200

    async def test_the_page_is_sealed(self, api: Api, served: Demo) -> None:
        async with api.session.get(f"{served.url}/phone") as answer:
            page = await answer.text()
            policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http://" not in page
        assert "https://" not in page
        assert " style=" not in page
        assert " on" not in page.split("<body>")[1].replace(" only", "")

    @pytest.mark.parametrize("name", ["pages.py", "..%2Fpages.py", "%2Fetc%2Fpasswd", "nothing.js", "index.html"])
    async def test_only_the_pages_own_files(self, api: Api, served: Demo, name: str) -> None:
        async with api.session.get(f"{served.url}/phone/static/{name}") as answer:
            assert answer.status == 404

    async def test_a_wrong_method_is_a_sentence_too(self, api: Api) -> None:
        status, answer = await api.post("/people", {})
        assert (status, set(answer)) == (405, {"error"})


async def event(stream: aiohttp.ClientResponse) -> dict[str, Any]:
    """The next event of the stream."""
    while True:
        line = await stream.content.readline()
        assert line, "the stream has ended"
        if line.startswith(b"data: "):
            return dict(json.loads(line[6:]))


async def raw(served: Demo, request: bytes, headers: bytes, body: bytes = b"") -> bytes:
    """What is answered to a request that is written by hand and never finished."""
    reader, writer = await asyncio.open_connection("127.0.0.1", served.server.port)
    writer.write(
        request + b" HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n" + headers + b"\r\n" + body
    )
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), BOUND)
    writer.close()
    return answer


async def test_a_kept_photo_is_shown_to_whom_it_was_sent_and_to_nobody_else(api: Api, served: Demo) -> None:
    hash = "a1" * 32
    served.photos.keep(hash, b"\xff\xd8\xff the photo", b"\xff\xd8\xff small", 0)
    photo = File("photo", KEPT, hash, kept=hash)
    await served.phone.send("p12", Message((Span("của Ấp 4"),), files=(photo,)))
    (shown,) = (await api.last())["files"]
    assert shown["url"] == f"/phone/api/p12/photos/{hash}"
    for url, content in ((shown["url"], b"\xff\xd8\xff the photo"), (shown["small"], b"\xff\xd8\xff small")):
        async with api.session.get(served.url + url) as answer:
            assert (answer.status, answer.content_type, await answer.read()) == (200, "image/jpeg", content)
            assert answer.headers["cache-control"].startswith("private")
    assert (await api.get(f"/p13/photos/{hash}"))[0] == 404, "it was not sent there"
    assert (await api.get("/p12/photos/..%2f..%2fp12.jsonl"))[0] == 404
    async with api.session.get(served.url + shown["url"], headers={"host": "evil.example"}) as answer:
        assert answer.status == 403
    served.photos.forget(hash)
    assert (await api.get(f"/p12/photos/{hash}"))[0] == 404, "it is kept no longer"
