"""The bot without loop, thread or network: a turn is a plain call, and what it says lies in the outbox to be read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from bot.app import find_routers, settings
from bot.chat import texts, turn, wire
from bot.chat.message import Abilities, Address, File, Incoming, Message, Press, plain
from bot.chat.router import Routes
from bot.chat.turn import Outcome, Surroundings
from bot.config import Config
from storage import leaders, outbox
from storage.db import Db
from storage.outbox import Letter, Result
from storage.sqlite import commit_together
from tests.rig import MONDAY, PEOPLE, moment
from tests.rig import settle as settle_village
from tests.simulation.store import Failing, open_failing

T = TypeVar("T")

RICH = Abilities(buttons=True, edits=True, text_limit=4096)
PLAIN = Abilities(text_limit=2000)
PHOTO = File("photo", "phone", "photo-1", "unique-1", "hinh.jpg", "image/jpeg", 900)


@cache
def surroundings(plain_phones: bool) -> Surroundings:
    """What every turn shares; a sender of epoch 1 is there, so replies are born in its hand."""
    words = texts.load()
    return Surroundings(
        texts=words,
        routes=Routes.of(find_routers(), words),
        settings=settings(Config(), lambda code: ""),
        abilities=lambda to: PLAIN if plain_phones else RICH,
        epoch=lambda: 1,
    )


@dataclass
class Desk:
    """A village in a database, and all its phones on one desk."""

    connection: Failing
    now: int
    around: Surroundings
    chats: dict[str, str]
    count: int = 0
    keys: list[Incoming] = field(default_factory=list)

    def do(self, work: Callable[[Db], T]) -> T:
        """In a transaction, as the store does it. Raises what it raised."""
        ((result, error),) = commit_together(self.connection, [work])
        if error is not None:
            raise error
        done: T = result
        return done

    def look(self, sql: str, *values: Any) -> list[Any]:
        """What is kept."""
        return self.connection.plainly(sql, *values)

    def incoming(self, who: str, **what: Any) -> Incoming:
        """Something this person does next, with a key of its own."""
        self.count += 1
        made = Incoming(Address("phone", self.chats.get(who, who)), f"k{self.count}", self.now, **what)
        self.keys.append(made)
        return made

    def hear(self, incoming: Incoming) -> Outcome:
        """One turn, and what it says is said."""
        outcome = self.do(lambda db: turn.run(db, incoming, self.now, self.around))
        self.deliver()
        return outcome

    def says(self, who: str, text: str, *photos: File) -> Outcome:
        return self.hear(self.incoming(who, text=text, files=photos))

    def presses(self, who: str, label: str) -> Outcome:
        """A button, or where there are none the number or the words of its line."""
        return self.hear(self.press(who, label))

    def press(self, who: str, label: str) -> Incoming:
        """The newest button with these words, about to be pressed."""
        for number, shown in self.shown(who):
            labels = [button for row in shown.buttons for button in row]
            for button in sorted(labels, key=lambda one: not one.label.endswith(label)):
                if label in button.label:
                    return self.incoming(who, press=Press(button.action, number))
            typed = _typed(plain(shown.text), label)
            if typed:
                return self.incoming(who, text=typed)
        raise AssertionError(f"{who} sees no {label!r}: {self.reads(who)}")

    def rings(self, name: str) -> Outcome:
        """A job of the clock, now."""
        outcome = self.do(lambda db: turn.ring(db, self.around.routes.timers[name].run, self.now, self.around))
        self.deliver()
        return outcome

    def deliver(self) -> None:
        """What waits is said, as nobody says more for now; a message is known by the number of its letter."""
        self._say()
        while due := self.look("SELECT not_before FROM outbox WHERE lane = 0 AND state = 'queued' ORDER BY not_before"):
            self.now = max(self.now, due[0][0])
            self._say()

    def _say(self) -> None:
        def say(db: Db) -> None:
            outbox.claim(db, "phone", 1, self.now, 1000)
            results = [Result(one, "sent", one.target or str(one.id)) for one in _in_hand(db)]
            outbox.settle(db, results, self.now)

        self.do(say)

    def shown(self, who: str) -> list[tuple[str, Message]]:
        """The number and words of each message on the phone, the newest first, edits applied."""
        rows = self.look(
            "SELECT message_id, body FROM outbox WHERE chat = ? AND state = 'sent' AND message_id <> ''"
            " ORDER BY id DESC",
            self.chats.get(who, who),
        )
        newest: dict[str, Message] = {}
        for number, body in rows:
            message = wire.unpack(body)
            if message.text or message.buttons or not message.files:
                newest.setdefault(number, message)
        return list(newest.items())

    def reads(self, who: str) -> str:
        """The newest message with words."""
        return next((plain(shown.text) for _, shown in self.shown(who) if shown.text), "")


def _in_hand(db: Db) -> list[Letter]:
    rows = db.all(
        "SELECT o.id, o.lane, o.kind, o.channel, o.chat, o.person_id, o.broadcast_id, o.body, o.card, o.edits,"
        " o.attempts, o.epoch, CASE WHEN o.edits = 1 THEN COALESCE(c.message_id, '') ELSE '' END FROM outbox o"
        " LEFT JOIN cards c ON c.channel = o.channel AND c.chat = o.chat AND c.card = o.card AND o.card <> ''"
        " WHERE o.state = 'sending' ORDER BY o.id"
    )
    return [Letter(*row) for row in rows]


def _typed(text: str, label: str) -> str:
    for line in sorted(text.splitlines(), key=lambda line: not line.endswith(label)):
        numbered = re.fullmatch(r"(\d+)\. (.*)", line)
        if numbered and label in numbered[2]:
            return numbered[1]
        if line.startswith("• ") and label in line:
            return line[2:]
    return ""


def open_desk(*, plain_phones: bool = False, joined: bool = True) -> Desk:
    """The village of the rig, on a Monday morning."""
    now = moment(MONDAY)
    connection = open_failing(now)
    desk = Desk(connection, now, surroundings(plain_phones), {})

    def begin(db: Db) -> dict[str, tuple[int, str]]:
        leaders.next_epoch(db, outbox.SENDER)
        return settle_village(db, now, joined)

    found = desk.do(begin)
    desk.chats = {key: f"p{found[key][0]}" for key, _, _, _ in PEOPLE}
    return desk
