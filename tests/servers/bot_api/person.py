"""A person with a telephone, as a test sees one: says, presses, sees."""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from typing import Any

from tests.pictures import JPEG
from tests.servers.bot_api.updates import Updates
from tests.servers.bot_api.world import Button, Chat, Json, Message, StoredFile, World

_numbers = itertools.count(1)


class Person:
    """One person and their chat with the bot. What they do becomes an update at once; `sees` waits for the answer."""

    def __init__(self, world: World, updates: Updates, chat: Chat) -> None:
        self._world, self._updates, self.chat = world, updates, chat
        self._seen = 0
        self.id, self.name = chat.id, chat.name
        self.phone = f"84{chat.id % 10**9:09d}"

    # What they see

    @property
    def messages(self) -> list[Message]:
        """Everything in the chat, oldest first, as it stands now."""
        return list(self.chat.messages.values())

    @property
    def toasts(self) -> list[str]:
        """What flashed at the buttons they pressed."""
        return self.chat.toasts

    @property
    def keyboard(self) -> list[list[str]]:
        """The menu below the input."""
        return next((m.keyboard for m in reversed(self.messages) if m.keyboard is not None), [])

    async def sees(self, fragment: str, timeout: float = 5.0) -> Message:
        """The first message of the bot, new or edited since the last `sees`, that contains the fragment."""
        end = time.monotonic() + timeout
        while True:
            for at in range(self._seen, len(self.chat.events)):
                message = self.chat.events[at]
                if fragment in message.text:
                    self._seen = at + 1
                    return message
            news = "\n".join(str(message) for message in self.chat.events[self._seen :]) or "nothing new"
            await self._change(end, f"{self.name} does not see {fragment!r} but:\n{news}")

    async def feels(self, fragment: str, timeout: float = 5.0) -> str:
        """The first toast that contains the fragment."""
        end = time.monotonic() + timeout
        while True:
            found = next((toast for toast in self.toasts if fragment in toast), None)
            if found is not None:
                return found
            await self._change(end, f"{self.name} does not feel {fragment!r} but {self.toasts}")

    # What they do

    async def says(self, text: str) -> int:
        """Write a text; returns the update's id."""
        command = re.match(r"/\w+(@\w+)?", text)
        entities = [{"type": "bot_command", "offset": 0, "length": command.end()}] if command else []
        return self._send({"text": text} | ({"entities": entities} if entities else {}), text=text)

    async def starts(self, payload: str = "") -> int:
        """Press Start, perhaps after opening a deep link."""
        return await self.says(f"/start {payload}".strip())

    async def presses(self, which: str | int, message: Message | None = None) -> str:
        """Press a button by label or place: of the message, else of the newest that has it, else of the menu.

        Returns the id of the callback query ("" for a menu button).
        """
        if message is not None or self._button(which, None):
            return self.press_button(which, message)
        labels = [label for row in self.keyboard for label in row]
        label = labels[which] if isinstance(which, int) and which < len(labels) else which
        if label not in labels:
            return self.press_button(which)
        if label == next((m.contact_label for m in reversed(self.messages) if m.keyboard is not None), ""):
            await self.shares_contact()
        else:
            await self.says(str(label))
        return ""

    def press_button(self, which: str | int, message: Message | None = None) -> str:
        """Press a button under a message; it must be there."""
        found = self._button(which, message)
        if found is None:
            shown = "\n".join(str(m) for m in self.messages if m.rows) or "no buttons"
            raise AssertionError(f"{self.name} has no button {which!r}; menu {self.keyboard}, messages:\n{shown}")
        return self._press(*found)

    async def presses_data(self, data: str, message: Message) -> str:
        """Send a callback that no button of the message may have: what a tampered client can do."""
        return self._press(message, Button("", data))

    async def sends_photo(self, content: bytes | None = None, caption: str = "") -> StoredFile:
        """Send a photo (None: some photo unlike the others)."""
        file = self._photo(content)
        self._send_file(file, caption)
        return file

    async def sends_document(
        self, content: bytes, name: str = "báo cáo.xlsx", mime: str = "application/octet-stream", caption: str = ""
    ) -> StoredFile:
        """Send a file."""
        file = self._world.store("document", content, name, mime)
        self._send_file(file, caption)
        return file

    async def sends_album(self, count: int, caption: str = "", pause: float = 0.0) -> list[StoredFile]:
        """Send an album of photos, its parts `pause` seconds apart; the first has the caption."""
        group = f"1390{next(_numbers):013d}"
        files = [self._photo(None) for _ in range(count)]
        for number, file in enumerate(files):
            if number and pause:
                await asyncio.sleep(pause)
            self._send_file(file, "" if number else caption, media_group_id=group)
        return files

    async def shares_contact(self, phone: str = "", own: bool = True) -> int:
        """Share their own number, or somebody's."""
        contact: Json = {"phone_number": phone or self.phone, "first_name": self.name}
        return self._send({"contact": contact | ({"user_id": self.id} if own else {})}, text=contact["phone_number"])

    async def sends_place(self, latitude: float, longitude: float) -> int:
        """Send a point of the map."""
        return await self.sends_other(location={"latitude": latitude, "longitude": longitude})

    async def sends_venue(self, title: str, latitude: float, longitude: float) -> int:
        """Send a point that the map has a name for."""
        where = {"latitude": latitude, "longitude": longitude}
        venue = {"location": where, "title": title, "address": "Quốc lộ 57", "foursquare_id": "4e5f1c2d"}
        return await self.sends_other(venue=venue, location=where)

    async def shares_place(self, latitude: float, longitude: float) -> int:
        """Let it be seen for a quarter of an hour where they are; returns the message's id, for `moves_on`."""
        await self.sends_other(location=_live(latitude, longitude))
        return self.messages[-1].id

    async def moves_on(self, message_id: int, latitude: float, longitude: float) -> int:
        """Be elsewhere while that is seen; returns the update's id."""
        return self._edit(message_id, {"location": _live(latitude, longitude)})

    async def rewords(self, text: str) -> int:
        """Change the words of what they said last; returns the update's id."""
        said = next(message for message in reversed(self.messages) if not message.from_bot)
        said.text = text
        return self._edit(said.id, {"text": text})

    async def sends_other(self, **content: Any) -> int:
        """Send anything else, such as sticker={}."""
        return self._send(content, extra=content)

    async def blocks(self) -> None:
        """Block the bot: it cannot write any more."""
        self.chat.blocked = True
        self._member("member", "kicked")

    async def unblocks(self) -> None:
        """Let it write again."""
        self.chat.blocked = False
        self._member("kicked", "member")

    async def deletes_account(self) -> None:
        """Leave Telegram."""
        self.chat.deactivated = True

    async def moves(self, chat_id: int) -> None:
        """Let the chat have another id from now on, as groups that grow do."""
        self.chat.moved_to = chat_id

    async def _change(self, end: float, complaint: str) -> None:
        """Wait until something happens in the chat, or complain at `end`."""
        self.chat.changed.clear()
        try:
            await asyncio.wait_for(self.chat.changed.wait(), max(0.0, end - time.monotonic()))
        except TimeoutError:
            raise AssertionError(complaint) from None

    def _photo(self, content: bytes | None) -> StoredFile:
        return self._world.store("photo", content or JPEG + b" photo %d" % next(_numbers), mime="image/jpeg")

    def _send_file(self, file: StoredFile, caption: str, **more: Any) -> int:
        content = {file.kind: file.json()} | ({"caption": caption} if caption else {}) | more
        return self._send(content, text=caption, file=file)

    def _send(self, content: Json, **kept: Any) -> int:
        assert not self.chat.blocked, f"{self.name} has blocked the bot"
        self.chat.started = True
        posted = self._world.post(self.chat, False, **kept)
        message = {
            "message_id": posted.id,
            "from": self.chat.sender(),
            "chat": self.chat.json(),
            "date": int(posted.at),
        }
        return self._updates.add("message", message | content, self.id)

    def _edit(self, message_id: int, content: Json) -> int:
        now = int(time.time())
        message = {"message_id": message_id, "from": self.chat.sender(), "chat": self.chat.json()}
        return self._updates.add("edited_message", message | {"date": now, "edit_date": now} | content, self.id)

    def _button(self, which: str | int, message: Message | None) -> tuple[Message, Button] | None:
        for shown in [message] if message else reversed(self.messages):
            if isinstance(which, int) and which < len(shown.buttons):
                return shown, shown.buttons[which]
            found = next((button for button in shown.buttons if button.label == which), None)
            if found:
                return shown, found
        return None

    def _press(self, message: Message, button: Button) -> str:
        query = str(4_000_000_000 + next(_numbers))
        self._world.queries[query] = (self.chat, time.monotonic())
        shown = self._world.json(self.chat, message)
        pressed = {"id": query, "from": self.chat.sender(), "chat_instance": "-87632", "message": shown}
        # Presses have a webhook queue of their own at Telegram; one a person, apart from the messages.
        self._updates.add("callback_query", pressed | {"data": button.data}, self.id + (3 << 33))
        return query

    def _member(self, before: str, after: str) -> None:
        bot = {"user": self._world.me}
        change = {"chat": self.chat.json(), "from": self.chat.sender(), "date": int(time.time())}
        change |= {"old_chat_member": bot | {"status": before}, "new_chat_member": bot | {"status": after}}
        self._updates.add("my_chat_member", change, self.id)


def _live(latitude: float, longitude: float) -> Json:
    """A place as it is while it may move."""
    more = {"live_period": 900, "heading": 90, "horizontal_accuracy": 12.5}
    return {"latitude": latitude, "longitude": longitude} | more
