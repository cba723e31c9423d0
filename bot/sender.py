"""Takes letters from the outbox to the channels: replies before tasks before broadcasts, evenly, each once.

queued → (commit) sending → the wire → (commit) sent | failed | unknown. After a crash nobody knows whether what was
`sending` arrived: replies, tasks and reminders are said once more, broadcasts and summaries never.

Of several processes one leads. Its claims bear its epoch, and it asks before each letter whether it still leads: one
that was stalled and replaced says nothing more, and what it writes down late does not undo what its successor decided.
"""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from bot.channels.channel import (
    Ambiguous,
    Channel,
    Failed,
    Gone,
    Moved,
    SendError,
    Throttled,
    Unauthorized,
    Unreachable,
    Unsent,
)
from bot.chat import wire
from bot.chat.message import Address, Message
from bot.chat.reply import Kind
from storage import outbox, people
from storage.db import Db, Leadership, Store
from storage.outbox import Letter, Result

log = logging.getLogger("apso.sender")

Told = Callable[[str, Result | SendError], None]

CLAIM = 30  # one second's worth of the wire: what a crash may leave unknown
FEW_LEFT = 15
IN_FLIGHT = 32
SPARE = 2  # answers to people may go out between the evenly paced rest, so many more in any second
CATCH_UP_S = 0.25  # of the even pace, after this process or the network was held up
LOOK_AGAIN_S = 1.0
LONG_HALT_S = 2.0
MOST_BACK_OFF_S = 10.0
FRESH_MS = 5000


@dataclass(order=True, slots=True)
class Item:
    """A letter in hand, in the order of the wire."""

    lane: int
    order: int
    letter: Letter = field(compare=False)
    message: Message = field(compare=False)


@dataclass(slots=True)
class Chat:
    """What a chat may be told: one message at a time, `tokens` at once, then at the channel's pace per chat."""

    tokens: float
    at: float
    busy: bool = False
    alarm: bool = False  # it will be woken
    halted_until: float = 0.0
    waiting: list[Item] = field(default_factory=list)
    newest: dict[str, int] = field(default_factory=dict)  # card or message → the latest letter that shows it
    shown: dict[str, tuple[str, float]] = field(default_factory=dict)  # card → its message, and when it was said

    @property
    def is_in_use(self) -> bool:
        return self.busy or self.alarm or bool(self.waiting)


class Line:
    """One channel's letters in hand and the pace they go out at."""

    def __init__(
        self,
        channel: Channel,
        settle: Callable[[Result], None],
        release: Callable[[Iterable[Letter]], None],
        may: Callable[[], bool],
        may_repeat: Callable[[Letter], Awaitable[bool]],
        told: Told,
    ) -> None:
        self.channel = channel
        self.stopped = ""
        self.in_hand = 0  # claimed letters of the slower lanes that are not settled yet
        self.halted_until = 0.0
        self._settle = settle
        self._release = release
        self._may = may
        self._may_repeat = may_repeat
        self._told = told
        self._ready: list[Item] = []
        self._chats: dict[str, Chat] = {}
        self._order = count()
        self._something = asyncio.Event()
        self._room = asyncio.Semaphore(IN_FLIGHT)
        self._next_at = 0.0
        self._on_wire = 0
        self._answered: deque[float] = deque(maxlen=64)  # when; more than a second holds at any pace
        self._back_off = 0.5
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, letter: Letter, message: Message) -> None:
        """Take a claimed letter into hand."""
        if letter.lane:
            self.in_hand += 1
        self._enter(Item(letter.lane, next(self._order), letter, message))

    def _enter(self, item: Item) -> None:
        heapq.heappush(self._ready, item)
        self._something.set()

    def follow(self, seconds: float) -> None:
        """Another spoke until now: what it said in this second counts too, so nothing is said until it is over."""
        if self.channel.pace.overall and 0 < seconds <= 1:
            self.halted_until = max(self.halted_until, asyncio.get_running_loop().time() + seconds)

    async def run(self) -> None:
        """Say what is in hand for as long as the program runs."""
        while not self.stopped:
            await self._something.wait()
            item = await self._next()
            if item is None:
                continue
            task = asyncio.create_task(self._deliver(item))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _next(self) -> Item | None:
        """Room on the wire, its turn in the pace, and only then what to say; None when there is nothing."""
        await self._room.acquire()
        item = None
        try:
            await self._pace()
            item = self._pick() if self._may() else None
        finally:
            if item is None:
                self._something.clear()
                self._room.release()
        return item

    async def drain(self, seconds: float) -> None:
        """Let what is on the wire come to its end, and put the rest back in the queue."""
        self._something.clear()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        self._release([item.letter for item in self._take_back(lambda item: True)])

    async def _pace(self) -> None:
        wait = self._wait()
        while wait > 0:  # a pause asked for meanwhile makes it longer
            await asyncio.sleep(wait)
            wait = self._wait()

    def _wait(self) -> float:
        now = asyncio.get_running_loop().time()
        wait = max(self._next_at, self.halted_until) - now
        if not self.channel.pace.overall:
            return wait
        # Evenly sent is not evenly taken in: what a slow network holds back arrives together. The channel takes a
        # message in somewhere between here and its answer, so those on the wire and those answered within the last
        # second are all it can have counted in any second.
        while self._answered and self._answered[0] <= now - 1:
            self._answered.popleft()
        if self._on_wire + len(self._answered) < self.channel.pace.overall + SPARE:
            return wait
        return max(wait, self._answered[0] + 1 - now if self._answered else 0.01)

    def _pick(self) -> Item | None:
        now = asyncio.get_running_loop().time()
        while self._ready:
            item = heapq.heappop(self._ready)
            chat = self._chat(item.letter.chat, now)
            if self._is_outdated(item, chat):
                self._done(Result(item.letter, "dropped"))
                self._wake(item.letter.chat)  # what waited behind it
                continue
            free_at = self._free_at(chat, now)
            if chat.busy or free_at > now:
                heapq.heappush(chat.waiting, item)
                if not chat.busy:
                    self._wake_later(item.letter.chat, chat, free_at - now)
                continue
            chat.busy = True
            chat.tokens -= 1
            self._on_wire += 1
            if self.channel.pace.overall and item.lane:  # an answer takes nobody's turn
                interval = 1 / self.channel.pace.overall
                self._next_at = max(self._next_at, now - CATCH_UP_S) + interval
            return item
        return None

    def _is_outdated(self, item: Item, chat: Chat) -> bool:
        """An edit that waited while its card, or its message, came to show something later."""
        letter = item.letter
        shows = [f"message {letter.target}"] if letter.edits and letter.target else []
        shows += [letter.card] if letter.card else []
        if letter.edits and any(letter.id < chat.newest.get(one, 0) for one in shows):
            return True
        for one in shows:
            chat.newest[one] = max(letter.id, chat.newest.get(one, 0))
        return False

    def _chat(self, name: str, now: float) -> Chat:
        pace = self.channel.pace
        chat = self._chats.get(name)
        if chat is None:
            if len(self._chats) > 10_000:
                self._chats = {
                    key: c for key, c in self._chats.items() if c.busy or c.waiting or c.alarm or c.tokens < pace.burst
                }
            chat = self._chats[name] = Chat(pace.burst, now)
        chat.tokens = min(pace.burst, chat.tokens + (now - chat.at) * pace.chat)
        chat.at = now
        return chat

    def _free_at(self, chat: Chat, now: float) -> float:
        pace = self.channel.pace.chat
        lacking = 1 - chat.tokens if pace else 0.0
        # A hair of lacking is rounding, not a reason to wait.
        return max(chat.halted_until, now + lacking / pace if lacking > 1e-6 else 0.0)

    def _wake_later(self, name: str, chat: Chat, seconds: float) -> None:
        if not chat.alarm:  # one is enough: what it wakes too early sets the next
            chat.alarm = True
            asyncio.get_running_loop().call_later(seconds, self._alarm, name, chat)

    def _alarm(self, name: str, chat: Chat) -> None:
        chat.alarm = False
        self._wake(name)

    def _wake(self, name: str) -> None:
        chat = self._chats.get(name)
        if chat is not None and chat.waiting and not chat.busy:
            self._enter(heapq.heappop(chat.waiting))

    async def _deliver(self, item: Item) -> None:
        letter = item.letter
        try:
            result = await self._said(item)
        except Throttled as error:
            self._told(letter.channel, error)
            self._halt(letter, error.retry_after)
            self._back(item)
        except Unsent as error:
            self._told(letter.channel, error)
            log.warning("channel=%s cannot be reached, again in %.1f s: %s", letter.channel, self._back_off, error)
            self.halted_until = asyncio.get_running_loop().time() + self._back_off
            self._back_off = min(self._back_off * 2, MOST_BACK_OFF_S)
            self._back(item)
        except Ambiguous as error:
            self._told(letter.channel, error)
            if letter.attempts == 0 and (letter.edits or Kind[letter.kind].again) and await self._may_repeat(letter):
                self._back(replace(item, letter=replace(letter, attempts=1)))
            else:
                self._free(letter.chat)
                self._done(Result(letter, "unknown", error=str(error)))
        except Unauthorized as error:
            self._told(letter.channel, error)
            self.stopped = str(error)
            log.error("channel=%s stopped: %s", letter.channel, error)
            self._back(item)
            self._release([one.letter for one in self._take_back(lambda one: True)])
        except Exception:
            log.exception("letter %s could not be said", letter.id)
            self._free(letter.chat)
            self._done(Result(letter, "failed", error="surprise"))
        else:
            self._back_off = 0.5
            if letter.card and result.message_id:
                self._chats[letter.chat].shown[letter.card] = result.message_id, asyncio.get_running_loop().time()
            self._free(letter.chat)
            self._done(result)
        finally:
            self._on_wire -= 1
            self._answered.append(asyncio.get_running_loop().time())
            self._room.release()

    async def _said(self, item: Item) -> Result:
        letter, message = self._aimed(item.letter), item.message
        takes_buttons = letter.edits and not (message.text or message.files)
        if takes_buttons and not letter.target:
            return Result(letter, "dropped")
        try:
            if letter.edits and letter.target:
                try:
                    await self.channel.edit(letter.chat, letter.target, message)
                    return Result(letter, "sent", letter.target)
                except Gone as error:
                    self._told(letter.channel, error)
                    if takes_buttons:
                        return Result(letter, "dropped")
            return Result(letter, "sent", await self.channel.send(letter.chat, message))
        except Unauthorized:
            raise
        except Failed as error:
            self._told(letter.channel, error)
            moved = error.chat if isinstance(error, Moved) else ""
            return Result(letter, "failed", error=str(error), lost=isinstance(error, Unreachable), moved=moved)

    def _aimed(self, letter: Letter) -> Letter:
        """An edit of what was said a moment ago, which was not recorded yet when the edit was taken in hand."""
        if not letter.edits or letter.target or not letter.card:
            return letter
        message_id, at = self._chats[letter.chat].shown.get(letter.card, ("", 0.0))
        is_fresh = asyncio.get_running_loop().time() - at < FRESH_MS / 1000
        return replace(letter, target=message_id) if message_id and is_fresh else letter

    def _halt(self, letter: Letter, retry_after: float) -> None:
        """The channel wants a pause, not saying of what: of this chat if we just spoke to it, else of everything."""
        now = asyncio.get_running_loop().time()
        chat = self._chats[letter.chat]
        until = now + retry_after
        of_chat = letter.chat.startswith("-") or (
            self.channel.pace.burst > 1 and chat.tokens < self.channel.pace.burst - 1.5
        )
        log.warning(
            "channel=%s asks for a pause of %.1f s%s", letter.channel, retry_after, " in one chat" if of_chat else ""
        )
        if of_chat:
            chat.halted_until = until
            return
        self.halted_until = max(self.halted_until, until)
        if retry_after > LONG_HALT_S:
            # What waits long should wait in the outbox: there a crash leaves no doubt that it was not sent.
            self._release([item.letter for item in self._take_back(lambda item: item.lane > 0)])

    def _take_back(self, which: Callable[[Item], bool]) -> list[Item]:
        """Out of hand again: those letters not on the wire that are meant."""
        taken = [item for item in self._ready if which(item)]
        self._ready = [item for item in self._ready if not which(item)]
        heapq.heapify(self._ready)
        for chat in self._chats.values():
            taken += [item for item in chat.waiting if which(item)]
            chat.waiting = [item for item in chat.waiting if not which(item)]
            heapq.heapify(chat.waiting)
        self.in_hand -= sum(item.lane > 0 for item in taken)
        return taken

    def _back(self, item: Item) -> None:
        """Again, before anything newer of its chat."""
        chat = self._chats[item.letter.chat]
        chat.busy = False
        heapq.heappush(chat.waiting, item)
        now = asyncio.get_running_loop().time()
        chat.tokens = min(self.channel.pace.burst, chat.tokens + 1)
        self._wake_later(item.letter.chat, chat, max(0.0, self._free_at(chat, now) - now))

    def _done(self, result: Result) -> None:
        if result.letter.lane:
            self.in_hand -= 1
        self._settle(result)

    def _free(self, name: str) -> None:
        chat = self._chats[name]
        chat.busy = False
        self._wake(name)


class Sender:
    """All channels' lines, fed by turns directly and from the outbox, settled back into it in batches."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        now: Callable[[], int],
        told: Told = lambda channel, what: None,
    ) -> None:
        """`told` is told, for the figures, what became of each letter and what went wrong on the way."""
        self._store = store
        self._now = now
        self._told = told
        self._results: list[Result] = []
        self._returned: list[Letter] = []
        self._settling: asyncio.Task[None] | None = None
        self._rung = {name: asyncio.Event() for name in channels}
        self._stopping = False
        self._saying: list[asyncio.Task[None]] = []
        self._feeding: list[asyncio.Task[None]] = []
        self._fresh: dict[tuple[str, str, str], tuple[str, int]] = {}
        self._leadership: Leadership | None = None
        self.lines = {
            name: Line(channel, self._settled, self._put_back, self._leads, self._repeats, told)
            for name, channel in channels.items()
        }
        self.in_doubt = asyncio.Event()  # a claim failed, and nobody knows which letters it took: lead anew
        self.last_sent_at = 0

    @property
    def epoch(self) -> int:
        """Of the sender while it leads, else 0."""
        return self._leadership.epoch if self._leadership is not None and self._leads() else 0

    def _leads(self) -> bool:
        return self._leadership is not None and self._leadership.held()

    async def start(self, leadership: Leadership) -> None:
        """Become the sender, decide about what an earlier one had in hand, and begin."""
        self._stopping = False
        self.in_doubt.clear()
        await self._take_over(leadership.epoch)
        for name, line in self.lines.items():  # what is said again comes before the answers of turns that begin now
            for letter in [] if line.stopped else await self._claim(name, leadership.epoch):
                self._put(line, letter)
        self._leadership = leadership
        for name, line in self.lines.items():
            self._saying.append(asyncio.create_task(line.run(), name=f"send {name}"))
            self._feeding.append(asyncio.create_task(self._feed(name, line), name=f"feed {name}"))

    async def stop(self, seconds: float = 5.0) -> None:
        """Finish what is on the wire; everything else stays in the outbox."""
        self._stopping = True
        self.ring()
        await asyncio.gather(
            *self._feeding, return_exceptions=True
        )  # not cancelled: a claim under way must come to hand
        for task in self._saying:
            task.cancel()
        await asyncio.gather(*self._saying, return_exceptions=True)
        for line in self.lines.values():
            await line.drain(seconds)
        self._leadership = None
        while self._settling is not None and not self._settling.done():
            await self._settling
        self._saying.clear()
        self._feeding.clear()

    def take(self, handed: Iterable[tuple[Letter, Message]]) -> None:
        """Letters a turn just committed as claimed by this sender."""
        for letter, message in handed:
            line = self.lines.get(letter.channel)
            if line is None or line.stopped or letter.epoch != self.epoch:
                self._put_back([letter])
            else:
                line.put(letter, message)

    def ring(self) -> None:
        """Something was queued."""
        for event in self._rung.values():
            event.set()

    def card_of(self, address: Address, message_id: str) -> str:
        """The card of a message that was sent a moment ago ("": none): a turn may have begun before it was recorded."""
        return self._fresh.get((address.channel, address.chat, message_id), ("", 0))[0]

    async def _feed(self, name: str, line: Line) -> None:
        loop = asyncio.get_running_loop()
        rung = self._rung[name]
        while not (line.stopped or self._stopping):
            rung.clear()
            claimed: list[Letter] = []
            if line.in_hand < FEW_LEFT and line.halted_until <= loop.time() and self._leads():
                try:
                    claimed = await self._claim(name, self.epoch)
                except Exception:
                    log.exception("the outbox could not be read")
                    self.in_doubt.set()
                for letter in claimed:
                    self._put(line, letter)
            if len(claimed) < CLAIM:
                pause = 0.1 if line.in_hand >= FEW_LEFT else LOOK_AGAIN_S
                try:
                    async with asyncio.timeout(pause):
                        await rung.wait()
                except TimeoutError:
                    pass

    def _put(self, line: Line, letter: Letter) -> None:
        try:
            line.put(letter, wire.unpack(letter.body))
        except (ValueError, TypeError, KeyError):
            log.error("letter %s cannot be read", letter.id)
            self._settled(Result(letter, "failed", error="unreadable"))

    async def _claim(self, name: str, epoch: int) -> list[Letter]:
        now = self._now()
        return await self._store.run(lambda db: _claim(db, name, epoch, now), line=None)

    async def _take_over(self, epoch: int) -> None:
        now = self._now()
        last = await self._store.run(lambda db: outbox.last_touched(db, epoch), line=None)
        await self._store.run(lambda db: take_over(db, epoch, now), line=None)
        for line in self.lines.values():
            line.follow(1 - (now - last) / 1000)

    def _settled(self, result: Result) -> None:
        letter = result.letter
        self._told(letter.channel, result)
        if result.state == "sent":
            self.last_sent_at = self._now()
            if letter.card and result.message_id:
                self._fresh[letter.channel, letter.chat, result.message_id] = letter.card, self.last_sent_at
        self._results.append(result)
        self._write()

    def _put_back(self, letters: Iterable[Letter]) -> None:
        self._returned += letters
        self._write()

    async def _repeats(self, letter: Letter) -> bool:
        """Write down that it is said once more before it is: a crash would have it said a third time."""
        now = self._now()
        try:
            return await self._store.run(lambda db: outbox.repeat(db, letter, now), line=None)
        except Exception:
            log.exception("letter %s is not said again: that could not be recorded", letter.id)
            return False

    def _write(self) -> None:
        if self._settling is None or self._settling.done():
            self._settling = asyncio.create_task(self._write_all(), name="settle")

    async def _write_all(self) -> None:
        while self._results or self._returned:
            results, self._results = self._results, []
            returned, self._returned = self._returned, []
            now = self._now()
            try:
                await self._store.run(_recording(results, returned, now), line=None)
            except Exception:
                # What was said stays said; the record must follow, or a restart would say it again.
                log.exception("%d results could not be recorded, again in 1 s", len(results))
                self._results = results + self._results
                self._returned = returned + self._returned
                await asyncio.sleep(1)
                continue
            self._forget_fresh(now - FRESH_MS)

    def _forget_fresh(self, before: int) -> None:
        """The oldest stand first."""
        while self._fresh and next(iter(self._fresh.values()))[1] < before:
            del self._fresh[next(iter(self._fresh))]


def _claim(db: Db, channel: str, epoch: int, now: int) -> list[Letter]:
    take_over(db, epoch, now)  # a turn that began under an earlier sender may be committed only now
    return outbox.claim(db, channel, epoch, now, CLAIM)


def _recording(results: list[Result], returned: list[Letter], now: int) -> Callable[[Db], None]:
    # Not a partial: aiosqlite logs the repr of what it runs, and that of a partial has every word of the letters.
    return lambda db: _record(db, results, returned, now)


def _record(db: Db, results: list[Result], returned: list[Letter], now: int) -> None:
    outbox.settle(db, results, now)
    outbox.release(db, returned, now)
    for result in results:
        letter = result.letter
        if result.moved:
            people.move_chat(db, letter.channel, letter.chat, result.moved)
            outbox.redirect(db, letter, letter.channel, result.moved, now)
        elif result.lost:
            people.lose(db, letter.channel, letter.chat, now)
            _try_next_channel(db, letter, now)


def _try_next_channel(db: Db, letter: Letter, now: int) -> None:
    other = people.address(db, letter.person_id) if letter.person_id else None
    if other is not None and letter.lane:
        outbox.redirect(db, letter, other.channel, other.chat, now)


def take_over(db: Db, epoch: int, now: int) -> int:
    """Decide about every letter an earlier sender had in hand; returns how many stay unknown."""
    unknown = [letter for letter in outbox.in_flight_before(db, epoch) if not _say_again(db, letter, now)]
    outbox.settle(
        db, [Result(letter, "unknown", error="the program ended while it was sent") for letter in unknown], now
    )
    return len(unknown)


def _say_again(db: Db, letter: Letter, now: int) -> bool:
    if letter.attempts > 0 or not (letter.edits or Kind[letter.kind].again):
        return False
    outbox.again(db, letter, now)
    return True
