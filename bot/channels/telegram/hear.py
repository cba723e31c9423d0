"""One update of the Bot API → Incoming, or None for what this bot does not listen to.

Plain JSON is read, not the library's objects: building those costs about 130 µs an update, and one field that the
library cannot read would spoil a whole batch. Only private chats are heard.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from bot.channels.telegram.transport import MAX_DOWNLOAD
from bot.chat.message import Address, Contact, File, Incoming, Location, Press

NAME = "telegram"
ALLOWED_UPDATES = ("message", "edited_message", "callback_query")
Json = dict[str, Any]
MOST_NUMBER = 2**53

_COMMAND_TO = re.compile(r"(/\w{1,32})@(\w+)(?=\s|$)", re.ASCII)
_START = re.compile(r"/start(?:\s+(\S+))?\s*", re.ASCII | re.IGNORECASE)
# What a person sends on purpose although the bot cannot read it. Service messages (pins, themes …) are not here.
_UNREADABLE = {
    "animation", "audio", "checklist", "dice", "game", "invoice", "paid_media", "poll", "sticker", "story", "venue",
    "video", "video_note", "voice",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Update:
    """An update and what was understood of it: `incoming` is None when it is to be ignored.

    `query` is the callback query to answer.
    """

    id: int
    incoming: Incoming | None = None
    query: str = ""


def hear(update: Json, received_at: int, username: str) -> Update:
    """Read one update. `received_at` (UTC ms) dates presses, which carry no date; `username` is the bot's own.

    Raises KeyError, TypeError or ValueError when it is not shaped like the Bot API's.
    """
    key = _number(update["update_id"])
    if "message" in update:
        return _message(key, update["message"], username)
    if "edited_message" in update:
        return _edited(key, update["edited_message"], username)
    if "callback_query" in update:
        return _press(key, update["callback_query"], received_at)
    return Update(key)


def _message(key: int, message: Json, username: str) -> Update:
    # {"update_id": 871234001, "message": {"message_id": 12,
    #  "from": {"id": 5012345678, "is_bot": false, "first_name": "An", "last_name": "Nguyễn", "language_code": "vi"},
    #  "chat": {"id": 5012345678, "first_name": "An", "last_name": "Nguyễn", "type": "private"},
    #  "date": 1793333333, "text": "giup 5 ng dvc"}}
    if not _is_private(message["chat"], message.get("from")):
        return Update(key)
    sender = message["from"]
    said = _said(message, sender, username)
    if said is None:
        return Update(key)
    incoming = Incoming(
        address=Address(NAME, str(message["chat"]["id"])),
        key=f"u{key}",
        at=_number(message["date"]) * 1000,
        name=_full_name(sender),
        language=_text(sender.get("language_code", "")),
        **said,
    )
    # An album: each part is an update of its own: {… "media_group_id": "13900000000000001", "photo": […]}
    group, order = message.get("media_group_id"), _number(message["message_id"])
    if group and incoming.files:
        incoming = replace(incoming, album=_text(group), order=order)
    return Update(key, incoming)


def _edited(key: int, message: Json, username: str) -> Update:
    # {"update_id": 871234003, "edited_message": {"message_id": 12, …, "date": 1793333333, "edit_date": 1793333390,
    #  "text": "giup 15 ng dvc"}}. Where a live place moves comes as one, too: nobody is followed. One without a date
    # was not made by hand: Telegram added a picture of a link, say.
    if "edit_date" not in message or ("text" not in message and "caption" not in message):
        return Update(key)
    heard = _message(key, message, username)
    if heard.incoming is None:
        return heard
    at = _number(message["edit_date"]) * 1000
    return Update(key, replace(heard.incoming, at=at, files=(), album="", order=0, start=None, edited=True))


def _said(message: Json, sender: Json, username: str) -> Json | None:
    if "text" in message:
        return _words(_text(message["text"]), username)
    # "photo": [{"file_id": "AgACAgUAAxkB", "file_unique_id": "AQADxs", "width": 90, "height": 67, "file_size": 1372},
    #  {"file_id": "AgACAgUAAxkC", "file_unique_id": "AQADxy", "width": 1280, "height": 960, "file_size": 215003}],
    #  "caption": "dọn cổng chào"
    if "photo" in message:
        return {"text": _text(message.get("caption", "")), "files": _photo(message["photo"])}
    # "animation": {…}, "document": {…}: a GIF comes with a document beside it, for old bots.
    if "document" in message and "animation" not in message:
        return {"text": _text(message.get("caption", "")), "files": (_document(message["document"]),)}
    # "contact": {"phone_number": "84912345678", "first_name": "An", "user_id": 5012345678}
    if "contact" in message:
        contact = message["contact"]
        return {"contact": Contact(_text(contact["phone_number"]), own=contact.get("user_id") == sender["id"])}
    # "location": {"latitude": 11.17, "longitude": 106.6}; a live one has a "live_period" beside it, and where it moves
    # is not listened to: a report is of one place. Of a point with a name:
    # "venue": {"title": "Chợ Đại Điền", "address": "QL57", "location": {…}}, "location": {…}
    if "location" in message:
        return {"location": _location(message["location"], message.get("venue", {}))}
    # "sticker": {…} · "voice": {…} · "video": {…}
    if not _UNREADABLE.isdisjoint(message):
        return {}
    return None


def _words(text: str, username: str) -> Json:
    # "text": "/help@apso_bot", "entities": [{"offset": 0, "length": 14, "type": "bot_command"}]
    to = _COMMAND_TO.match(text)
    if to and username and to[2].lower() == username.lower():
        text = to[1] + text[to.end() :]
    # "text": "/start m-x7Kq2" is what opening https://t.me/apso_bot?start=m-x7Kq2 sends
    start = _START.fullmatch(text)
    return {"text": "/start", "start": start[1] or ""} if start else {"text": text}


def _photo(sizes: list[Json]) -> tuple[File, ...]:
    fitting = [size for size in sizes if _number(size.get("file_size", 0)) <= MAX_DOWNLOAD]
    if not fitting:
        return ()
    best = max(fitting, key=lambda size: _number(size["width"]) * _number(size["height"]))
    ref, unique = _text(best["file_id"]), _text(best["file_unique_id"])
    return (File("photo", NAME, ref, unique, "", "image/jpeg", best.get("file_size", 0)),)


def _location(location: Json, venue: Json) -> Location:
    latitude, longitude = _degrees(location["latitude"], 90), _degrees(location["longitude"], 180)
    return Location(latitude, longitude, _text(venue.get("title", "")))


def _degrees(value: Any, most: int) -> float:
    if type(value) not in (int, float) or not -most <= value <= most:
        raise TypeError(f"{value!r} instead of degrees up to {most}")
    return float(value)


def _document(document: Json) -> File:
    # "document": {"file_name": "danh sách.xlsx", "mime_type": "application/vnd.openxmlformats-officedocument…",
    #  "file_id": "BQACAgUAAxkB", "file_unique_id": "AgADbQ", "file_size": 9301}
    return File(
        "document",
        NAME,
        _text(document["file_id"]),
        _text(document["file_unique_id"]),
        _text(document.get("file_name", "")),
        _text(document.get("mime_type", "")),
        _number(document.get("file_size", 0)),
    )


def _press(key: int, query: Json, received_at: int) -> Update:
    # {"update_id": 871234002, "callback_query": {"id": "21527874", "chat_instance": "-87632",
    #  "from": {"id": 5012345678, "is_bot": false, "first_name": "An", "language_code": "vi"},
    #  "message": {"message_id": 13, "from": {"id": 123456, "is_bot": true, …}, "chat": {"id": 5012345678, "type":
    #  "private", …}, "date": 1793333334, "text": "5 hồ sơ, đúng không?", "reply_markup": {…}}, "data": "1:send:77"}}
    # The message may be inaccessible: {"chat": {…}, "message_id": 13, "date": 0}; or absent, for inline messages.
    message, sender = query.get("message"), query["from"]
    if message is None or "data" not in query or not _is_private(message["chat"], sender):
        return Update(key)
    incoming = Incoming(
        address=Address(NAME, str(message["chat"]["id"])),
        key=f"u{key}",
        at=received_at,
        press=Press(_text(query["data"]), str(_number(message["message_id"]))),
        name=_full_name(sender),
        language=_text(sender.get("language_code", "")),
    )
    return Update(key, incoming, query=_text(query["id"]))


def _is_private(chat: Json, sender: Json | None) -> bool:
    # A private chat has the id of its person: nobody speaks in a chat that is another's.
    return chat["type"] == "private" and sender is not None and bool(_number(chat["id"]) == sender["id"])


def _full_name(sender: Json) -> str:
    return f"{_text(sender['first_name'])} {_text(sender.get('last_name', ''))}".strip()


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} instead of a text")
    return value


def _number(value: Any) -> int:
    # Larger numbers are none of Telegram's: its ids have 52 bits at most, dates and sizes fewer.
    if type(value) is not int or abs(value) > MOST_NUMBER:
        raise TypeError(f"{type(value).__name__} instead of a number of the Bot API")
    return value
