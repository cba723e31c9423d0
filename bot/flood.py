"""How much of one person is heard: a bucket of tokens in front of the turns, and another one for photos."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from bot.chat.message import Address, Incoming

PEACE_MS = 60_000
MOST_ADDRESSES = 100_000


@dataclass(frozen=True, slots=True)
class Limits:
    """So many at once, then one in so many seconds; a burst of 0: no limit. An album counts as one photo."""

    burst: int = 5
    seconds_per_message: float = 2.0
    photo_burst: int = 10
    photos_per_minute: float = 3.0


class Verdict(Enum):
    """What is to be done with an update."""

    GO_ON = "go on"
    WARN = "warn"
    SILENT = "silent"


class Bucket:
    """Tokens of one kind for one address, counted in the milliseconds that one takes to come back.

    A warning is worth saying once an episode: until the bucket was full again, or nothing was refused for a minute.
    """

    __slots__ = ("_at", "_full", "_left", "_refused_at", "_token")

    def __init__(self, burst: int, token: int, now: int) -> None:
        self._token = token
        self._left = self._full = burst * token
        self._at = now
        self._refused_at: int | None = None

    def take(self, now: int) -> Verdict:
        """One token, if there is one."""
        self._fill(now)
        if self._left >= self._token:
            self._left -= self._token
            return Verdict.GO_ON
        in_peace = self._refused_at is None or not 0 <= now - self._refused_at < PEACE_MS
        self._refused_at = now
        return Verdict.WARN if in_peace else Verdict.SILENT

    def give_back(self) -> None:
        """What was taken did not become a turn."""
        self._left = min(self._full, self._left + self._token)

    def _fill(self, now: int) -> None:
        passed = max(0, now - self._at)  # a clock that was set back fills nothing and blocks nobody
        self._left = min(self._full, self._left + passed)
        self._at = now
        if self._left == self._full:
            self._refused_at = None


@dataclass(slots=True)
class Person:
    """The buckets of one address, and when it was heard last."""

    messages: Bucket
    photos: Bucket
    at: int
    said_at: int = 0
    album: str = ""  # the one whose parts came last, and what was said of it
    of_album: Verdict = Verdict.GO_ON


class Flood:
    """Judges every update by what its address did before. Lives in memory: a restart forgives."""

    def __init__(self, limits: Limits, now: Callable[[], int], most: int = MOST_ADDRESSES) -> None:
        self._limits, self._now, self._most = limits, now, most
        self._people: OrderedDict[Address, Person] = OrderedDict()
        self._message_ms = round(limits.seconds_per_message * 1000)
        self._photo_ms = round(60_000 / limits.photos_per_minute)
        # After so long everybody's buckets are full and their warnings are over: nothing needs to be remembered.
        self._memory_ms = max(limits.burst * self._message_ms, limits.photo_burst * self._photo_ms, PEACE_MS)

    def __len__(self) -> int:
        """How many addresses are remembered."""
        return len(self._people)

    def judge(self, incoming: Incoming) -> Verdict:
        """Whether this update is heard; counts it."""
        now = self._now()
        person = self._person(incoming.address, now)
        now = person.said_at = min(
            now, max(incoming.at, person.said_at)
        )  # what piled up while nobody heard is no flood
        if incoming.album and incoming.album == person.album:
            return person.of_album
        verdict = self._take(person, incoming, now)
        if incoming.album:
            person.album = incoming.album
            person.of_album = Verdict.GO_ON if verdict is Verdict.GO_ON else Verdict.SILENT
        return verdict

    def _take(self, person: Person, incoming: Incoming, now: int) -> Verdict:
        if self._limits.burst:
            verdict = person.messages.take(now)
            if verdict is not Verdict.GO_ON:
                return verdict
        if incoming.files and self._limits.photo_burst:
            return person.photos.take(now)
        return Verdict.GO_ON

    def forgive(self, incoming: Incoming) -> None:
        """An update that was let through did nothing, and is not counted: it will come, or has come, a second time."""
        person = self._people.get(incoming.address)
        if person is not None and not incoming.album:
            person.messages.give_back()
            if incoming.files:
                person.photos.give_back()

    def _person(self, address: Address, now: int) -> Person:
        person = self._people.get(address)
        if person is None:
            limits = self._limits
            person = self._people[address] = Person(
                Bucket(limits.burst, self._message_ms, now), Bucket(limits.photo_burst, self._photo_ms, now), now
            )
        person.at = now
        self._people.move_to_end(address)
        self._forget(now)
        return person

    def _forget(self, now: int) -> None:
        """Let go of those who have been quiet for long, and of the quietest when there are too many."""
        quietest = next(iter(self._people.values()))
        while len(self._people) > self._most or now - quietest.at > self._memory_ms:
            self._people.popitem(last=False)
            quietest = next(iter(self._people.values()))
