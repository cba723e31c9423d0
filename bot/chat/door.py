"""The door: whatever a channel brings is made safe to read, keep and show before anything else sees it."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from bot.chat.action import MOST_BYTES
from bot.chat.message import Address, Contact, File, Incoming, Location, Press
from bot.rules import sensitive
from bot.rules.vietnamese import normalise

MOST_TEXT = 4096  # characters of a message that are read
MOST_FILES = 10
MOST_NAME = 128
MOST_FILE_NAME = 255
MOST_PLACE = 80
MOST_ID = 128
MOST_HANDLE = 2048  # a channel's handle for a file may be a whole address
MOST_START = 64
MOST_PHONE = 32
MOST_KIND = 127  # "image/jpeg", "vi": RFC 4288 allows a media type twice that, nobody has one
MOST_NUMBER = 2**53  # what every database and every JSON reader holds

# Composing makes a text at most four times shorter (a letter and three marks) or three times longer.
_MOST_SHORTER, _MOST_LONGER = 4, 3
# Sorting the marks of one letter takes the square of their number: 16,000 would hold everybody up for half a second.
_MOST_MARKS_SORTED = 8
# A pattern that looks for words between spaces takes the square of a gap's width.
_GAP = re.compile(r"\s{9,}")


def clean(incoming: Incoming) -> Incoming:
    """The same thing done, in words that are safe to keep and no longer than agreed.

    What only machines read (ids, handles, what a button carries) is never repaired: it stays as it is or not at all.
    """
    press, contact = incoming.press, incoming.contact
    return Incoming(
        address=Address(incoming.address.channel, _id(incoming.address.chat)),
        key=_id(incoming.key),
        at=_number(incoming.at),
        text=words(_walled(incoming.text), MOST_TEXT),
        press=Press(_plain(press.action, MOST_BYTES), _plain(press.message_id, MOST_ID)) if press else None,
        files=tuple(_file(file) for file in incoming.files[:MOST_FILES] if _plain(file.ref, MOST_HANDLE)),
        contact=Contact(line(contact.phone, MOST_PHONE), contact.own) if contact else None,
        location=_point(incoming.location) if incoming.location else None,
        start=None if incoming.start is None else line(incoming.start, MOST_START),
        name=line(incoming.name, MOST_NAME),
        language=_plain(incoming.language, MOST_KIND),
        album=_id(incoming.album),
        order=_number(incoming.order),
        edited=incoming.edited,
    )


def _point(where: Location) -> Location | None:
    """As near as a report needs it, about a hundred metres; None: it is nowhere on earth."""
    if not (-90 <= where.latitude <= 90 and -180 <= where.longitude <= 180):
        return None
    return Location(round(where.latitude, 3), round(where.longitude, 3), line(where.name, MOST_PLACE))


def is_cut(incoming: Incoming) -> bool:
    """Whether more was said than `clean` keeps."""
    said = incoming.text
    if len(said) * _MOST_LONGER <= MOST_TEXT:
        return False
    return len(said) > MOST_TEXT * _MOST_SHORTER or len(_readable(said, MOST_TEXT)) > MOST_TEXT


def forbidden(incoming: Incoming) -> sensitive.Sensitive | None:
    """What of it may not be kept anywhere: the number of an identity paper, or a one-time code; in the names of files
    and places, too."""
    where = incoming.location.name if incoming.location else ""
    said = (incoming.text, where, *(file.name for file in incoming.files))
    return next((found for found in map(sensitive.find, said) if found), None)


def words(text: str, most: int) -> str:
    """At most so many characters of a text: NFC, no control or format characters but those inside an emoji, no half
    characters, no heaps of marks, no wide gaps."""
    readable = _readable(text, most)
    return readable if len(readable) <= most else normalise(readable[:most])  # the cut may go through an emoji


def _walled(text: str) -> str:
    """Columns copied from a sheet stay columns: a tab would become a space like any other."""
    return text.replace("\t", "|") if "\n" in text.strip() else text


def line(text: str, most: int) -> str:
    """The same in one line."""
    return " ".join(words(text, most).split())


def _readable(text: str, most: int) -> str:
    text = text[: most * _MOST_SHORTER]
    is_plain = text.isascii() and text.isprintable()  # nothing in it can be wrong
    return _GAP.sub(_narrow, text.strip() if is_plain else normalise(_without_heaps(text)))


def _narrow(gap: re.Match[str]) -> str:
    return "\n\n" if "\n" in gap[0] else " "


def _without_heaps(text: str) -> str:
    if text.isascii():
        return text
    kept: list[str] = []
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= _MOST_MARKS_SORTED:
            kept.append(sign)
    return "".join(kept)


def _id(text: str) -> str:
    """An id as it is, else a stand-in of its own: repaired, it could become somebody else's."""
    if _plain(text, MOST_ID) == text:
        return text
    return "~" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(text: str, most: int) -> str:
    """The text as it is if nothing in it is invisible and it is no longer than that, else ""."""
    return text if len(text) <= most and text.isprintable() else ""


def _file(file: File) -> File:
    return File(
        file.kind,
        file.channel,
        file.ref,
        _plain(file.unique, MOST_ID),
        line(file.name.replace("\\", "/").rpartition("/")[2], MOST_FILE_NAME),  # a label: never a path
        _plain(file.mime, MOST_KIND),
        max(0, _number(file.size)),
    )


def _number(number: int) -> int:
    return number if -MOST_NUMBER <= number <= MOST_NUMBER else 0
