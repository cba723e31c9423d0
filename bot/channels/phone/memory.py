"""What one phone remembers: its messages and its switch, in a file that only ever grows."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.chat.message import Button, Buttons, File, Span, Text

log = logging.getLogger(__name__)

Menu = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """One message on the screen of a phone. `mine`: said by the phone's owner; `at`: UTC milliseconds.

    `menu` and `contact` are what the message asked to have below the input (None: as it was before).
    """

    id: int
    mine: bool
    at: int
    text: Text = ()
    buttons: Buttons = ()
    files: tuple[File, ...] = ()
    edits: int = 0
    menu: Menu | None = None
    contact: str = ""


class Memory:
    """One phone's messages by number, oldest first, and whether it is plain.

    Each change is one line written at once; a message's last line counts. So a killed process loses at most the line
    it was writing, and that torn line is cut off at the next start.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.messages: dict[int, Kept] = {}
        self.plain = False
        if path.exists():
            for line in _whole_lines(path):
                self._take(line)

    def keep(self, message: Kept) -> None:
        """Add a message, or put it in the place of the one with its number."""
        self._write(asdict(message))
        self.messages[message.id] = message

    def set_plain(self, plain: bool) -> None:
        """Remember the "like Zalo" switch."""
        self._write({"plain": plain})
        self.plain = plain

    def next_id(self) -> int:
        """The number of the next message; numbers only grow."""
        return next(reversed(self.messages), 0) + 1

    def keyboard(self) -> tuple[Menu, str]:
        """The menu below the input and the label of its contact button, as the latest message to set them left them."""
        for message in reversed(self.messages.values()):
            if message.menu is not None or message.contact:
                return message.menu or (), message.contact
        return (), ""

    def _write(self, change: dict[str, Any]) -> None:
        # No fsync: what is handed to the system outlives a killed process, and a demo need not outlive a power cut.
        with self._path.open("ab") as file:
            file.write(json.dumps(change).encode() + b"\n")

    def _take(self, line: bytes) -> None:
        try:
            change = json.loads(line)
            if "plain" in change:
                self.plain = bool(change["plain"])
            else:
                message = _message(change)
                self.messages[message.id] = message
        except (ValueError, KeyError, TypeError):
            log.warning("%s: a line that cannot be read was skipped", self._path.name)


def _whole_lines(path: Path) -> list[bytes]:
    """The lines of the file; a torn last one is cut off, so that the next line does not grow onto it."""
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        with path.open("r+b") as file:
            file.truncate(whole)
    return content[:whole].splitlines()


def _message(kept: dict[str, Any]) -> Kept:
    """The message that `asdict` made `kept` from."""
    menu = kept["menu"]
    return Kept(
        id=int(kept["id"]),
        mine=bool(kept["mine"]),
        at=int(kept["at"]),
        text=tuple(Span(**span) for span in kept["text"]),
        buttons=tuple(tuple(Button(**button) for button in row) for row in kept["buttons"]),
        files=tuple(File(**file) for file in kept["files"]),
        edits=int(kept.get("edits", kept.get("edited", 0))),
        menu=None if menu is None else tuple(tuple(row) for row in menu),
        contact=kept["contact"],
    )
