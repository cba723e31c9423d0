"""What becomes of one update."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.telegram.hear import hear
from bot.chat.message import Address, Contact, Incoming, Location, Press

AN = {"id": 7, "is_bot": False, "first_name": "An", "last_name": "Nguyễn", "language_code": "vi"}
CHAT = {"id": 7, "first_name": "An", "type": "private"}


def message(update_id: int = 1, **content: Any) -> dict[str, Any]:
    return {
        "update_id": update_id,
        "message": {"message_id": 12, "from": AN, "chat": CHAT, "date": 1_700_000_000} | content,
    }


def heard(update: dict[str, Any]) -> Incoming | None:
    return hear(update, received_at=99, username="apso_bot").incoming


def heard_text(text: str) -> Incoming:
    found = heard(message(text=text))
    assert found
    return found


def test_text() -> None:
    assert heard(message(text="giup 5 ng dvc")) == Incoming(
        address=Address("telegram", "7"),
        key="u1",
        at=1_700_000_000_000,
        text="giup 5 ng dvc",
        name="An Nguyễn",
        language="vi",
    )


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        ("/help", "/help"),
        ("/help@apso_bot", "/help"),
        ("/help@Apso_Bot 3", "/help 3"),
        ("/help@other_bot", "/help@other_bot"),
        ("/help@apso_bots", "/help@apso_bots"),
        ("viết cho an@apso_bot", "viết cho an@apso_bot"),
    ],
)
def test_command_for_this_bot_only(said: str, understood: str) -> None:
    assert heard_text(said).text == understood


@pytest.mark.parametrize(
    ("said", "payload"),
    [
        ("/start", ""),
        ("/start m-x7Kq2", "m-x7Kq2"),
        ("/start@apso_bot m-x7Kq2", "m-x7Kq2"),
        ("/start@other_bot m-x7Kq2", None),
        ("/started", None),
        ("/start hai từ", None),
    ],
)
def test_deep_link(said: str, payload: str | None) -> None:
    found = heard_text(said)
    assert found.start == payload
    # The payload may be an invitation's secret: it is nowhere else.
    assert payload is None or found.text == "/start"


def test_press_has_the_chat_of_its_message() -> None:
    query = {"id": "55", "from": AN, "message": {"message_id": 13, "date": 0, "chat": CHAT}, "data": "1:send:77"}
    found = hear({"update_id": 2, "callback_query": query}, received_at=99, username="")
    assert found.query == "55"
    assert found.incoming
    assert (found.incoming.press, found.incoming.at) == (Press("1:send:77", "13"), 99)


def test_largest_photo_that_can_be_fetched() -> None:
    sizes = [
        {"file_id": "s", "file_unique_id": "us", "width": 90, "height": 67, "file_size": 900},
        {"file_id": "l", "file_unique_id": "ul", "width": 9000, "height": 6700, "file_size": 21 * 1024 * 1024},
        {"file_id": "m", "file_unique_id": "um", "width": 1280, "height": 960},
    ]
    found = heard(message(photo=sizes, caption="cổng chào"))
    assert found
    assert found.text == "cổng chào"
    assert [(file.kind, file.ref, file.unique, file.size) for file in found.files] == [("photo", "m", "um", 0)]


@pytest.mark.parametrize("content", [{"text": "/start m-x7"}, {"photo": [], "caption": "/start m-x7"}])
def test_of_what_was_edited_only_the_words_are_read_and_the_day_of_the_edit(content: dict[str, Any]) -> None:
    edited = message(**content, edit_date=1_700_000_060, media_group_id="1")["message"]
    found = heard({"update_id": 3, "edited_message": edited})
    assert found
    assert (found.edited, found.at, found.start, found.files, found.album) == (True, 1_700_000_060_000, None, (), "")


def test_document() -> None:
    document = {
        "file_id": "d",
        "file_unique_id": "ud",
        "file_name": "danh sách.xlsx",
        "mime_type": "text/csv",
        "file_size": 5,
    }
    found = heard(message(document=document))
    assert found
    assert [(f.kind, f.name, f.mime, f.size) for f in found.files] == [("document", "danh sách.xlsx", "text/csv", 5)]


@pytest.mark.parametrize(("user_id", "own"), [({"user_id": 7}, True), ({"user_id": 8}, False), ({}, False)])
def test_contact_is_own_only_when_telegram_says_so(user_id: dict[str, int], own: bool) -> None:
    found = heard(message(contact={"phone_number": "84912345678", "first_name": "An"} | user_id))
    assert found
    assert found.contact == Contact("84912345678", own)


def test_a_point_of_the_map_is_heard_and_what_is_none_is_not() -> None:
    where = {"latitude": 9.93125, "longitude": 106}
    venue = {"title": "Chợ", "address": "QL57", "location": where}
    for content, name in (({"location": where}, ""), ({"location": where, "venue": venue}, "Chợ")):
        found = heard(message(**content))
        assert found
        assert found.location == Location(9.93125, 106.0, name)
    for latitude in (91, float("nan"), True, "9.9", None):
        with pytest.raises(TypeError):
            heard(message(location=where | {"latitude": latitude}))


@pytest.mark.parametrize(
    "content",
    [
        {"sticker": {}},
        {"voice": {}},
        {"video": {}, "caption": "x"},
    ],
)
def test_what_cannot_be_read_is_still_answered(content: dict[str, Any]) -> None:
    found = heard(message(**content))
    assert found
    assert (found.text, found.files, found.press) == ("", (), None)


@pytest.mark.parametrize(
    "update",
    [
        message(text="hi", chat={"id": -5, "type": "group", "title": "Tổ"}),
        message(pinned_message={}),
        {"update_id": 1, "edited_message": message(text="x")["message"]},
        {"update_id": 1, "edited_message": message(location={}, edit_date=1_700_000_060)["message"]},
        {"update_id": 1, "channel_post": {}},
        {"update_id": 1, "my_chat_member": {}},
        {"update_id": 1, "message_reaction": {}},
        {"update_id": 1, "inline_query": {"id": "1", "query": "x"}},
        {"update_id": 1, "callback_query": {"id": "1", "from": AN, "inline_message_id": "z", "data": "x"}},
        {
            "update_id": 1,
            "callback_query": {"id": "1", "from": AN, "message": {"chat": {"id": -5, "type": "group"}}, "data": "x"},
        },
        {"update_id": 1},
    ],
)
def test_foreign_updates_are_ignored(update: dict[str, Any]) -> None:
    assert heard(update) is None


def test_parts_of_an_album_say_so_and_where_they_stand() -> None:
    sizes = [{"file_id": "f", "file_unique_id": "q", "width": 9, "height": 9}]
    update = hear(message(1, photo=sizes, media_group_id="139", caption="ba ảnh", message_id=12), 0, "")
    assert update.incoming is not None
    assert (update.incoming.album, update.incoming.order, update.incoming.text) == ("139", 12, "ba ảnh")
    alone = hear(message(2, photo=sizes), 0, "").incoming
    assert alone is not None
    assert alone.album == ""
