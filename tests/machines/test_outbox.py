"""The outbox against a dictionary: whatever senders come, go and come late, each letter has one fate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from bot.chat.reply import Kind
from bot.sender import take_over
from storage import leaders, outbox
from storage.db import Db
from storage.outbox import Letter, Result, State
from storage.sqlite import commit_together
from tests.machines import PHASES
from tests.simulation.store import open_failing

NOW = 1_795_400_000_000
CHATS = ("1", "2")
CARDS = ("", "task:1", "task:2")


@dataclass(frozen=True)
class Known:
    """A letter as it must be. `queued`: how often it was put into the queue again after a doubt."""

    lane: int
    again: bool
    chat: str
    card: str
    body: str
    state: State
    epoch: int
    attempts: int
    not_before: int
    created: int
    queued: int = 0


class Outbox(RuleBasedStateMachine):
    """Rules are what turns and senders do; `hands` are letters some sender has, or had, in hand."""

    hands: Bundle[Letter] = Bundle("hands")

    def __init__(self) -> None:
        super().__init__()
        self.connection = open_failing(NOW)
        self.known: dict[int, Known] = {}
        self.shown: dict[tuple[str, str], str] = {}
        self.epoch = 0
        self.now = NOW

    def teardown(self) -> None:
        self.connection.close()

    def do(self, work: Any) -> Any:
        ((result, error),) = commit_together(self.connection, [work])
        if error is not None:
            raise error
        return result

    def change(self, number: int, **what: Any) -> None:
        self.known[number] = replace(self.known[number], **what)

    @rule(
        target=hands,
        kind=st.sampled_from(Kind),
        chat=st.sampled_from(CHATS),
        card=st.sampled_from(CARDS),
        edits=st.booleans(),
        later=st.sampled_from([0, 0, 5]),
        at_once=st.booleans(),
    )
    def add(self, kind: Kind, chat: str, card: str, edits: bool, later: int, at_once: bool) -> Any:
        epoch = self.epoch if at_once else 0
        not_before = self.now + later if later else 0
        edits = edits and bool(card)
        body = f"letter {len(self.known) + 1}"

        def put(db: Db) -> int:
            return outbox.add(
                db,
                lane=kind.lane,
                kind=kind.name,
                channel="phone",
                chat=chat,
                person_id=None,
                body=body,
                card=card,
                edits=edits,
                epoch=epoch,
                not_before=not_before,
                now=self.now,
            )

        number = self.do(put)
        assert number not in self.known
        state: State = "sending" if epoch else "queued"
        self.known[number] = Known(
            kind.lane, kind.again or edits, chat, card, body, state, epoch, 0, not_before, self.now
        )
        if not epoch:
            return multiple()
        return Letter(number, kind.lane, kind.name, "phone", chat, None, None, body, card, int(edits), 0, epoch, "")

    @rule(target=hands, most=st.integers(1, 4), old=st.integers(0, 2))
    def claim(self, most: int, old: int) -> Any:
        epoch = self.epoch - old
        letters: list[Letter] = self.do(lambda db: outbox.claim(db, "phone", epoch, self.now, most))
        free = [n for n, one in self.known.items() if one.state == "queued" and one.not_before <= self.now]
        wanted = sorted(free, key=lambda number: (self.known[number].lane, number))[:most]
        assert [letter.id for letter in letters] == (wanted if old == 0 else [])
        for letter in letters:
            one = self.known[letter.id]
            assert (letter.body, letter.attempts, letter.epoch) == (one.body, one.attempts, self.epoch)
            assert letter.target == (self.shown.get((one.chat, one.card), "") if one.card else "")
            self.change(letter.id, state="sending", epoch=epoch)
        return multiple(*letters)

    @rule(letter=consumes(hands), state=st.sampled_from(["sent", "failed", "unknown"]))
    def settle(self, letter: Letter, state: State) -> None:
        """Of whatever sender, however late."""
        message = (letter.target or f"m{letter.id}.{letter.epoch}") if state == "sent" else ""
        self.do(lambda db: outbox.settle(db, [Result(letter, state, message)], self.now))
        one = self.known[letter.id]
        if one.epoch == letter.epoch and one.state in ("sending", "unknown"):
            self.change(letter.id, state=state, attempts=one.attempts + 1)
        if state == "sent" and letter.card and message != letter.target:
            self.shown[letter.chat, letter.card] = message

    @rule(letter=consumes(hands))
    def release(self, letter: Letter) -> None:
        self.do(lambda db: outbox.release(db, [letter], self.now))
        one = self.known[letter.id]
        if one.epoch == letter.epoch and one.state == "sending":
            self.change(letter.id, state="queued")

    @rule(letter=hands)
    def repeat(self, letter: Letter) -> None:
        """Its sender is about to say it once more."""
        allowed = self.do(lambda db: outbox.repeat(db, letter, self.now))
        one = self.known[letter.id]
        assert allowed == (one.epoch == letter.epoch and one.state == "sending")
        if allowed:
            self.change(letter.id, attempts=one.attempts + 1)

    @rule()
    def lead(self) -> None:
        """Another sender comes; the one before may still believe that it is the one."""
        epoch = self.do(lambda db: leaders.next_epoch(db, outbox.SENDER))
        assert epoch == self.epoch + 1
        self.epoch = epoch

    @rule()
    def decide(self) -> None:
        """The newest sender decides about what others had in hand."""
        count = self.do(lambda db: take_over(db, self.epoch, self.now))
        doubtful = [n for n, one in self.known.items() if one.state == "sending" and one.epoch < self.epoch]
        again = [n for n in doubtful if self.known[n].again and not self.known[n].attempts]
        assert count == len(doubtful) - len(again)
        for number in doubtful:
            one = self.known[number]
            if number in again:
                self.change(number, state="queued", attempts=1, queued=one.queued + 1)
            else:
                self.change(number, state="unknown", attempts=one.attempts + 1)

    @rule(target=hands)
    def start(self) -> Any:
        """A new sender as it begins, while the old one has its letters still."""
        self.lead()
        self.decide()
        return self.claim(30, 0)

    @rule(chat=st.sampled_from(CHATS), card=st.sampled_from(CARDS[1:]))
    def say_something_else(self, chat: str, card: str) -> None:
        replaced = self.do(lambda db: outbox.replace_queued(db, "phone", chat, card, "anew", self.now))
        found = [n for n, one in self.known.items() if (one.chat, one.card, one.state) == (chat, card, "queued")]
        assert replaced == bool(found)
        for number in found:
            self.change(number, body="anew")

    @rule(chat=st.sampled_from(CHATS), card=st.sampled_from(CARDS[1:]), wait=st.integers(1, 6))
    def wait_for_more(self, chat: str, card: str, wait: int) -> None:
        due, most = self.now + wait, 8
        put_off = self.do(lambda db: outbox.put_off(db, "phone", chat, card, "more", due, most, self.now))
        found = self._waiting(chat, card)
        assert put_off == bool(found)
        for number in found:
            latest = self.known[number].created + most
            self.change(number, body="more", not_before=min(due, latest))

    @rule(chat=st.sampled_from(CHATS), card=st.sampled_from(CARDS[1:]))
    def let_go(self, chat: str, card: str) -> None:
        found = self._waiting(chat, card)
        put_off = self.do(lambda db: outbox.put_off_cards(db, "phone", chat))
        assert put_off.count(card) == sum(self.known[number].not_before > 0 for number in found)
        self.do(lambda db: outbox.let_go(db, "phone", chat, card, self.now))
        for number in found:
            self.change(number, state="dropped")

    def _waiting(self, chat: str, card: str) -> list[int]:
        """Answers in the queue."""
        return [
            n for n, one in self.known.items() if (one.chat, one.card, one.state, one.lane) == (chat, card, "queued", 0)
        ]

    @rule(chat=st.sampled_from(CHATS))
    def hush(self, chat: str) -> None:
        self.do(lambda db: outbox.hush(db, "phone", chat, self.now))
        for number, one in self.known.items():
            if one.chat == chat and one.state == "queued":
                self.change(number, state="failed")

    @rule(ms=st.integers(1, 6))
    def wait(self, ms: int) -> None:
        self.now += ms

    @invariant()
    def is_as_known(self) -> None:
        rows = self.connection.plainly("SELECT id, state, epoch, attempts, body FROM outbox ORDER BY id")
        assert rows == [(n, one.state, one.epoch, one.attempts, one.body) for n, one in self.known.items()]

    @invariant()
    def is_said_again_once_and_only_what_may_be(self) -> None:
        assert all(one.queued <= (1 if one.again else 0) for one in self.known.values())


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(
    max_examples=150,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    database=None,
    phases=PHASES,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
