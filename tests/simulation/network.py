"""People's phones and the wire to them: what is lost, late, said twice, refused or cut off, as the dice have it."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.channels.channel import Ambiguous, Gone, Hear, Pace, Throttled, Unreachable, Unsent
from bot.chat import wire
from bot.chat.message import Abilities, Address, Buttons, File, Incoming, Message, plain

RICH = Abilities(buttons=True, edits=True, text_limit=4096)
PLAIN = Abilities(text_limit=2000)

Said = tuple[str, str]
"""A chat and a message as the outbox has it."""


@dataclass
class Shown:
    """A message of the bot on a phone, as it is now. `changed`: a number that only grows, of its last change."""

    id: int
    text: str
    buttons: Buttons
    changed: int


@dataclass(frozen=True)
class Weather:
    """How likely a call goes wrong, each in its own way."""

    lost_after: float = 0.0  # delivered, and then the connection breaks
    lost_before: float = 0.0  # not delivered, but nobody can know
    unsent: float = 0.0
    throttled: float = 0.0
    slow: float = 0.0
    crash: float = 0.0  # the process ends while the message is on the wire
    repeated: float = 0.0  # an update that was confirmed is brought again

    def times(self, factor: float) -> Weather:
        return Weather(**{name: chance * factor for name, chance in vars(self).items()})


CALM = Weather()
ROUGH = Weather(0.01, 0.006, 0.02, 0.01, 0.05, 0.004, 0.03)


@dataclass
class Network:
    """Outlives every life of the bot. `took`: what a phone got, how often; `doubts`: how often the bot could not know
    whether it did; `refused`: what a blocked phone did not take."""

    random: random.Random
    now: Callable[[], int]
    note: Callable[[str], None]
    weather: Weather
    took: Counter[Said] = field(default_factory=Counter)
    when: dict[Said, list[int]] = field(default_factory=dict)
    doubts: Counter[Said] = field(default_factory=Counter)
    refused: Counter[Said] = field(default_factory=Counter)
    phones: dict[str, dict[int, Shown]] = field(default_factory=dict)
    plain: set[str] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)
    waiting: dict[int, Incoming] = field(default_factory=dict)  # updates not confirmed, by their number
    news: asyncio.Event = field(default_factory=asyncio.Event)
    confirmed: list[Incoming] = field(default_factory=list)  # the latest
    looked_for: dict[str, list[asyncio.Future[None]]] = field(default_factory=dict)
    unreachable_until: float = 0.0
    _updates: int = 0
    _messages: int = 0
    _changes: int = 0

    def does(self, chat: str, **what: Any) -> Incoming:
        """A person did something; it is brought to the bot until the bot confirms it."""
        self._updates += 1
        made = Incoming(Address("phone", chat), f"u{self._updates}", self.now(), **what)
        self.waiting[self._updates] = made
        self.news.set()
        return made

    def deliver(self, chat: str, message: Message, target: str = "") -> str:
        """The phone shows it."""
        said = (chat, wire.pack(message))
        self.took[said] += 1
        self.when.setdefault(said, []).append(self.now())
        if message.commands:
            return ""
        self._changes += 1
        phone = self.phones.setdefault(chat, {})
        if target:
            old = phone[int(target)]
            phone[int(target)] = Shown(old.id, plain(message.text) or old.text, message.buttons, self._changes)
            number = old.id
        else:
            self._messages += 1
            number = self._messages
            phone[number] = Shown(number, plain(message.text), message.buttons, self._changes)
            if len(phone) > 60:
                del phone[next(iter(phone))]
        for future in self.looked_for.pop(chat, []):
            if not future.done():
                future.set_result(None)
        return str(number)

    @property
    def changes(self) -> int:
        return self._changes

    def brought_again(self) -> None:
        """The confirmation of something lately confirmed got lost."""
        if self.confirmed and self.random.random() < self.weather.repeated:
            old = self.random.choice(self.confirmed)
            number = next((n for n, one in self.waiting.items() if one.key == old.key), None)
            if number is None:
                self.waiting = {int(old.key[1:]): old} | self.waiting
                self.news.set()


@dataclass
class Wire:
    """One life's connection to the network."""

    network: Network
    ended: Callable[[str], None]
    dead: bool = False
    name: str = "phone"
    pace: Pace = field(default_factory=lambda: Pace(overall=25, chat=1, burst=4))
    heard: Callable[[Incoming, bool], None] = lambda incoming, repeated: None

    def abilities(self, chat: str) -> Abilities:
        return PLAIN if chat in self.network.plain else RICH

    async def listen(self, hear: Hear) -> None:
        """As by long polling: a batch in order, confirmed up to the first whose turn failed."""
        network = self.network
        while not self.dead:
            await network.news.wait()
            await asyncio.sleep(network.random.choice((0.01, 0.05, 0.3)))
            batch = dict(sorted(network.waiting.items()))
            answers = await asyncio.gather(*map(hear, batch.values()), return_exceptions=True)
            if self.dead:
                return
            failed = [number for number, told in zip(batch, answers, strict=True) if isinstance(told, BaseException)]
            for (number, incoming), told in zip(batch.items(), answers, strict=True):
                if not isinstance(told, BaseException):
                    self.heard(incoming, told.repeated)
                if not failed or number < failed[0]:
                    network.waiting.pop(number, None)
                    network.confirmed = [*network.confirmed[-20:], incoming]
            network.brought_again()
            if not network.waiting:
                network.news.clear()
            if failed:
                await asyncio.sleep(1)

    async def stop(self) -> None:
        self.dead = True

    async def send(self, chat: str, message: Message) -> str:
        return await self._call(chat, message, "")

    async def edit(self, chat: str, message_id: str, message: Message) -> None:
        await self._call(chat, message, message_id)

    async def fetch(self, file: File) -> bytes:
        raise Gone("nothing is kept here")

    async def _call(self, chat: str, message: Message, target: str) -> str:
        if self.dead:
            await asyncio.get_running_loop().create_future()
        said = (chat, wire.pack(message))
        try:
            return await self._carry(said, message, target)
        except Ambiguous:
            self.network.doubts[said] += 1
            self.network.note(f"wire: the connection to {chat} was lost")
            raise

    async def _carry(self, said: Said, message: Message, target: str) -> str:
        network, dice, weather = self.network, self.network.random, self.network.weather
        chat, _ = said
        if asyncio.get_running_loop().time() < network.unreachable_until:
            raise Unsent("no network")
        if dice.random() < weather.unsent:
            network.unreachable_until = asyncio.get_running_loop().time() + dice.choice((0.2, 2.0, 20.0))
            raise Unsent("no network")
        if dice.random() < weather.throttled:
            raise Throttled("too many", dice.choice((0.5, 3.0, 30.0)))
        await self._takes(dice.choice((0.03, 0.1, 0.2)))
        if dice.random() < weather.slow:
            await self._takes(dice.uniform(1, 15))
        await self._maybe_ends(f"before delivery to {chat}")
        if dice.random() < weather.lost_before:
            raise Ambiguous("the connection was lost")
        if chat in network.blocked:
            network.refused[said] += 1
            raise Unreachable(f"{chat} blocked the bot")
        if target and int(target) not in network.phones.get(chat, {}):
            raise Gone("there is no such message any more")
        number = network.deliver(chat, message, target)
        network.note(f"phone {chat} shows {plain(message.text)[:60]!r}{' (edit)' if target else ''}")
        await self._maybe_ends(f"after delivery to {chat}")
        if dice.random() < weather.lost_after:
            raise Ambiguous("the connection was lost")
        await self._takes(dice.choice((0.01, 0.1)))
        return number

    async def _takes(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if self.dead:
            await asyncio.get_running_loop().create_future()

    async def _maybe_ends(self, where: str) -> None:
        if self.network.random.random() < self.network.weather.crash / 2:
            self.ended(where)
            await asyncio.get_running_loop().create_future()
