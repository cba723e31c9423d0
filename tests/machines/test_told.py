"""A card against a small model of it: whatever comes in whatever order, every figure and photo is told once, kept once,
and none is anybody's but its author's."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.chat.message import Incoming
from bot.rules.told import MOST_PHOTOS
from tests.machines import PHASES
from tests.machines.desk import PHOTO, Desk, open_desk
from tests.simulation.store import copy

WORDS = {"vneid": ("VNE", "tài khoản"), "dvc": ("DVC", "hồ sơ"), "loa": ("LOA", "lượt phát")}
EFFECTS = ("reports", "report_items", "report_files", "audit", "surprises")


@dataclass
class Card:
    """As its author thinks of it. `again`: the number that was told twice and is being asked about."""

    counts: dict[str, int] = field(default_factory=dict)
    photos: int = 0
    again: tuple[str, int] | None = None
    asked: int = 0


class Telling(RuleBasedStateMachine):
    """An's phone. `plain`: without buttons."""

    plain: ClassVar[bool] = False
    desk: Desk

    def __init__(self) -> None:
        super().__init__()
        self.card: Card | None = None
        self.left: Card | None = None
        self.dropped: Card | None = None
        self.sent: list[Card] = []
        self.taken = 0

    @initialize()
    def begin_in_the_village(self) -> None:
        if self.plain not in _FRESH:
            _FRESH[self.plain] = open_desk(plain_phones=self.plain)
        fresh = _FRESH[self.plain]
        self.desk = replace(fresh, connection=copy(fresh.connection), keys=[])
        self.effects = self._effects()

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.connection.close()

    def says(self, text: str, *photos: Any) -> None:
        self.desk.now += 5000
        self.desk.says("an", text, *photos)

    def press(self, label: str) -> Incoming:
        self.desk.now += 5000
        incoming = self.desk.press("an", label)
        self.desk.hear(incoming)
        return incoming

    def open(self) -> Card:
        """What further words go onto: the card, the one that was left, or a new one."""
        if self.card is None:
            self.card, self.left = self.left or Card(), None
        return self.card

    @property
    def is_shown(self) -> bool:
        """The card itself, no question."""
        return self.card is not None and self.card.again is None and bool(self.card.counts)

    # What people do

    @precondition(lambda self: self.card is None or self.card.again is None)
    @rule(word=st.sampled_from(sorted(WORDS)), count=st.integers(1, 9), photo=st.booleans())
    def tell(self, word: str, count: int, photo: bool) -> None:
        if self.left is not None and self.left.again is not None:
            return
        card = self.open()
        self.says(f"{word} {count}", *([self._photo()] if photo else []))
        card.photos = min(card.photos + photo, MOST_PHOTOS)
        self._told(card, word, count)

    def _told(self, card: Card, word: str, count: int) -> None:
        code = WORDS[word][0]
        if code not in card.counts:
            card.counts[code] = count
        elif card.asked < 3:
            card.again = (code, count)

    @precondition(lambda self: self.is_shown)
    @rule(word=st.sampled_from(sorted(WORDS)), count=st.integers(1, 9))
    def tell_more(self, word: str, count: int) -> None:
        assert self.card
        self.says(f"thêm {count} {WORDS[word][1]} {word}")
        code = WORDS[word][0]
        self.card.counts[code] = self.card.counts.get(code, 0) + count

    @precondition(lambda self: self.card is not None and self.card.again is not None)
    @rule(how=st.sampled_from(["Cộng lại", "Thay bằng", "Giữ số cũ"]))
    def answer(self, how: str) -> None:
        assert self.card
        assert self.card.again
        self.press(how)
        (code, count), self.card.again = self.card.again, None
        old = self.card.counts[code]
        self.card.counts[code] = {"Cộng lại": old + count, "Thay bằng": count, "Giữ số cũ": old}[how]
        self.card.asked += 1

    @rule()
    def photo(self) -> None:
        if self.card is None and self.left is None and self.sent and self._is_fresh:
            kept = self.sent[-1]
            self.says("", self._photo())
            kept.photos = min(kept.photos + 1, MOST_PHOTOS)
            self.effects = self._effects()
            return
        card = self.open()
        self.says("", self._photo())
        card.photos = min(card.photos + 1, MOST_PHOTOS)

    @precondition(lambda self: self.is_shown)
    @rule(data=st.data(), count=st.integers(10, 15))
    def fix(self, data: st.DataObject, count: int) -> None:
        assert self.card
        code = data.draw(st.sampled_from(sorted(self.card.counts)))
        unit = dict(WORDS.values())[code]
        self.press("Sửa")
        self.press(f"{self.card.counts[code]} {unit}")
        self.says(str(count))
        self.card.counts[code] = count
        self.card.asked = 0

    @precondition(lambda self: self.is_shown and self.card is not None and len(self.card.counts) > 1)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        assert self.card
        code = data.draw(st.sampled_from(sorted(self.card.counts)))
        unit = dict(WORDS.values())[code]
        self.press("Sửa")
        self.press(f"{self.card.counts[code]} {unit}")
        self.press("Bỏ mục này")
        del self.card.counts[code]
        self.card.asked = 0

    @precondition(lambda self: self.is_shown)
    @rule(twice=st.booleans())
    def send(self, twice: bool) -> None:
        assert self.card
        self.desk.now += 5000
        incoming = self.desk.press("an", "✅ Gửi")
        self.desk.hear(incoming)
        if twice and incoming.press:  # pressed again before the answer came
            self.desk.hear(replace(incoming, key=incoming.key + " again"))
        if "cùng một việc" in self.desk.reads("an"):  # the same was sent of that day
            self.press("Vẫn gửi")
        self.sent.append(self.card)
        self.sent_at = self.desk.now
        self.card = None
        self.effects = self._effects()

    @precondition(lambda self: self.card is not None)
    @rule(comes_back=st.booleans())
    def drop(self, comes_back: bool) -> None:
        self.press("✖ Bỏ")
        if comes_back:
            self.press("Tiếp tục")
        else:
            self.card = self.left = None

    @precondition(lambda self: self.card is not None)
    @rule(command=st.sampled_from(["/viec", "/help"]), comes_back=st.booleans())
    def turn_to_something_else(self, command: str, comes_back: bool) -> None:
        self.says(command)
        if comes_back:
            self.press("Tiếp tục")
        else:
            self.card, self.left = None, self.card

    @rule(text=st.sampled_from(["chào em", "mấy giờ họp vậy?", "cảm ơn em"]))
    def chat(self, text: str) -> None:
        self.says(text)

    # What goes wrong

    @precondition(lambda self: bool(self.desk.keys))
    @rule(data=st.data())
    def an_update_comes_again(self, data: st.DataObject) -> None:
        again = data.draw(st.sampled_from(self.desk.keys[-3:]))
        assert self.desk.hear(again).heard.repeated

    @rule()
    def restart(self) -> None:
        """All that is known is in the database."""
        old = self.desk.connection
        self.desk.connection = copy(old)
        old.close()

    # What must be so

    @invariant()
    def the_card_is_what_was_told(self) -> None:
        if not hasattr(self, "desk"):
            return
        for parked, card in ((0, self.card), (1, self.left)):
            rows = self.desk.look(
                "SELECT answers, view FROM drafts WHERE chat = ? AND MIN(parked, 1) = ?", self.desk.chats["an"], parked
            )
            live = [json.loads(answers)["~told"][0] for answers, view in rows if "dropped" not in json.loads(view)]
            assert bool(live) == (card is not None), (parked, live, card)
            for told in live:
                assert card
                assert {item["category"]: item["count"] for item in told["items"]} == card.counts
                assert len(told["files"]) == card.photos

    @invariant()
    def only_what_was_sent_has_an_effect(self) -> None:
        if not hasattr(self, "desk"):
            return
        assert self._effects() == self.effects
        rows = self.desk.look("SELECT report_id, category, count FROM report_items")
        kept = [{code: count for report, code, count in rows if report == at} for at in range(1, len(self.sent) + 1)]
        assert kept == [card.counts for card in self.sent]
        photos = dict(self.desk.look("SELECT report_id, COUNT(*) FROM report_files GROUP BY report_id"))
        assert [photos.get(at, 0) for at in range(1, len(self.sent) + 1)] == [card.photos for card in self.sent]

    @property
    def _is_fresh(self) -> bool:
        return self.desk.now + 5000 - self.sent_at <= 600_000

    def _photo(self) -> Any:
        self.taken += 1
        return replace(PHOTO, ref=f"photo-{self.taken}", unique=f"unique-{self.taken}")

    def _effects(self) -> list[Any]:
        return [self.desk.look(f"SELECT * FROM {table}") for table in EFFECTS]


_FRESH: dict[bool, Desk] = {}


class Plainly(Telling):
    """The same in numbered lines."""

    plain = True


HOW = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    phases=PHASES,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


TestWithButtons = Telling.TestCase
TestWithButtons.settings = HOW
TestWithNumbers = Plainly.TestCase
TestWithNumbers.settings = HOW
