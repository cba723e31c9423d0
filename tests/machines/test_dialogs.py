"""A report's dialog against a small model of it: whatever people do, their answers are theirs and count once."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.chat.action import unpack
from bot.chat.dialog import Answer
from bot.chat.message import Incoming
from tests.machines import PHASES
from tests.machines.desk import PHOTO, Desk, open_desk
from tests.simulation.store import copy

KINDS = {"Nộp hồ sơ": "DVC", "Cài VNeID mức 2": "VNE", "Đến nhà hướng dẫn": "HO"}
PARTS = {"Việc đã làm": "category", "Con số": "count", "Hình, ghi chú": "extras"}
DAY_MS = 24 * 3600 * 1000
EFFECTS = ("reports", "report_items", "report_files", "audit", "tasks", "broadcasts", "surprises")

Extras = tuple[int, str]
"""How many photos, and the note."""


@dataclass
class Model:
    """A draft as its author thinks of it. `of`: of which kind the number is; `was`: what is being changed."""

    asked: str = "category"
    kind: str = ""
    count: int = 0
    of: str = ""
    extras: Extras | None = None
    early: Extras = (0, "")
    order: list[str] = field(default_factory=list)
    was: tuple[str, Any] | None = None
    collecting: Extras = (0, "")

    @property
    def is_answered(self) -> bool:
        return bool(self.order) or self.early != (0, "")

    def answered(self, key: str) -> None:
        self.order = [*(one for one in self.order if one != key), key]
        self.was = None
        self.collecting = (0, "")
        self.go_on()

    def go_on(self) -> None:
        """To the first question without an answer."""
        if "category" not in self.order:
            self.asked = "category"
        elif "count" not in self.order or self.of != self.kind:
            self.asked = "count"
        elif "extras" not in self.order:
            self.asked = "extras"
            self.collecting, self.early = _joined(self.collecting, self.early), (0, "")
        else:
            self.asked = "~confirm"
            assert self.extras is not None
            self.extras, self.early = _joined(self.extras, self.early), (0, "")

    def back(self) -> None:
        """The last answer is taken back; photos and words wait."""
        if self.was is not None:
            key, value = self.was
            self.was, self.collecting = None, (0, "")
            if key == "extras":
                self.extras = value
            self.order.append(key)
        else:
            self.early = _joined(self.early, self.collecting)
            self.collecting = (0, "")
            last = self.order.pop()
            if last == "extras":
                assert self.extras is not None
                self.early = _joined(self.early, self.extras)
                self.extras = None
        self.go_on()

    def fix(self, key: str) -> None:
        self.order.remove(key)
        self.was = (key, self.extras if key == "extras" else None)
        self.collecting = self.extras if key == "extras" and self.extras else (0, "")
        self.go_on()


def _joined(one: Extras, other: Extras) -> Extras:
    return one[0] + other[0], "\n".join(note for note in (one[1], other[1]) if note)


class Reporting(RuleBasedStateMachine):
    """An's phone. `plain`: without buttons."""

    plain: ClassVar[bool] = False
    desk: Desk

    def __init__(self) -> None:
        super().__init__()
        self.model: Model | None = None
        self.aside: dict[int, Model | None] = {}
        self.dropped: set[int] = set()  # of those, what nobody turned away from but pressed "Bỏ"
        self.kept: list[tuple[str, int, int, str]] = []
        self.days: list[tuple[str, int, int]] = []
        self.presses: list[Incoming] = []

    @initialize()
    def begin_in_the_village(self) -> None:
        self.desk = _village(self.plain)
        self.effects = self._effects()

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.connection.close()

    def says(self, text: str, *photos: Any) -> None:
        self.desk.now += 1000
        self.desk.says("an", text, *photos)

    def press(self, label: str) -> None:
        self.desk.now += 1000
        incoming = self.desk.press("an", label)
        if incoming.press:
            self.presses.append(incoming)
        self.desk.hear(incoming)

    def asks(self, *keys: str) -> bool:
        return self.model is not None and self.model.asked in keys

    # What people do

    @rule(steps=st.integers(1, 4), label=st.sampled_from(sorted(KINDS)), count=st.integers(1, 5))
    def go_ahead(self, steps: int, label: str, count: int) -> None:
        """What most people do most of the time: answer what is asked."""
        for _ in range(steps):
            if self.model is None:
                self.begin()
            elif self.asks("category"):
                self.choose(label, False)
            elif self.asks("count"):
                self.number(count)
            elif self.asks("extras"):
                self.done()
            else:
                self.send(False)

    @precondition(lambda self: self.model is None or self.asks("~confirm", "count"))
    @rule()
    def begin(self) -> None:
        self.leave()
        self.says("/baocao")
        self.model = Model()

    @precondition(lambda self: self.asks("category"))
    @rule(label=st.sampled_from(sorted(KINDS)), typed=st.booleans())
    def choose(self, label: str, typed: bool) -> None:
        assert self.model
        self.says(label) if typed else self.press(label)
        self.model.kind = KINDS[label]
        self.model.answered("category")

    @precondition(lambda self: self.asks("count"))
    @rule(count=st.integers(1, 5))
    def number(self, count: int) -> None:
        assert self.model
        self.says(str(count))
        self.model.count, self.model.of = count, self.model.kind
        self.model.answered("count")

    @precondition(lambda self: self.asks("category", "count"))
    @rule(text=st.sampled_from(["vài chục", "hổng nhớ", "2,5", "25/40"]))
    def mumble(self, text: str) -> None:
        self.says(text)

    @precondition(lambda self: self.asks("extras"))
    @rule(note=st.sampled_from(["ở ấp 4", "trời mưa"]))
    def note(self, note: str) -> None:
        assert self.model
        self.says(note)
        self.model.collecting = _joined(self.model.collecting, (0, note))

    @precondition(lambda self: self.asks("extras"))
    @rule()
    def photo(self) -> None:
        assert self.model
        if self.model.collecting[0] < 4:
            self.says("", PHOTO)
            self.model.collecting = _joined(self.model.collecting, (1, ""))

    @precondition(lambda self: self.asks("category", "count"))
    @rule()
    def early_photo(self) -> None:
        assert self.model
        if self.model.early[0] < 4:
            self.says("", PHOTO)
            self.model.early = _joined(self.model.early, (1, ""))

    @precondition(lambda self: self.asks("extras"))
    @rule()
    def done(self) -> None:
        assert self.model
        self.press("Xong" if self.model.collecting != (0, "") else "Không có thêm")
        self.model.extras = self.model.collecting
        self.model.answered("extras")

    @precondition(lambda self: self.asks("count", "extras", "~confirm") or (self.model and self.model.was))
    @rule()
    def back(self) -> None:
        assert self.model
        self.press("Quay lại")
        self.model.back()

    @precondition(lambda self: self.asks("~confirm"))
    @rule(label=st.sampled_from(sorted(PARTS)))
    def fix(self, label: str) -> None:
        assert self.model
        self.press("Sửa")
        self.press(label)
        self.model.fix(PARTS[label])

    @precondition(lambda self: self.asks("~confirm"))
    @rule(twice=st.booleans())
    def send(self, twice: bool) -> None:
        assert self.model
        assert self.model.extras is not None
        self.desk.now += 1000
        incoming = self.desk.press("an", "Gửi")
        self.desk.hear(incoming)
        if twice and incoming.press:  # pressed again before the answer came
            self.desk.hear(replace(incoming, key=incoming.key + " again"))
        said_today = (self.model.kind, self.model.count, self.desk.now // DAY_MS)
        if said_today in self.days:
            self.press("Vẫn gửi")
        self.days.append(said_today)
        self.kept.append((self.model.kind, self.model.count, *self.model.extras))
        self.model = None
        self.effects = self._effects()

    @precondition(lambda self: self.model is not None)
    @rule()
    def drop(self) -> None:
        self.leave()
        self.dropped.add(self._draft_id())
        self.press("Bỏ")
        self.model = None

    @precondition(lambda self: self.model is not None)
    @rule(command=st.sampled_from(["/viec", "/help", "/ketqua"]))
    def turn_to_something_else(self, command: str) -> None:
        self.leave()
        self.says(command)
        self.model = None

    @precondition(lambda self: self.model is None and self.parked is not None)
    @rule()
    def come_back(self) -> None:
        """By the button that is offered, where one is."""
        label = "Tiếp tục" if self._offers("Tiếp tục") else ""
        if label:
            parked = self.parked
            self.aside.pop(self._parked_id())
            self.dropped.discard(self._parked_id())
            self.press(label)
            self.model = parked

    @precondition(lambda self: self.model is not None)
    @rule()
    def be_silent_for_a_day(self) -> None:
        self.desk.now += DAY_MS + 60_000
        self.says("12")
        self.model = None

    # What goes wrong

    @precondition(lambda self: bool(self.desk.keys))
    @rule(data=st.data())
    def an_update_comes_again(self, data: st.DataObject) -> None:
        again = data.draw(st.sampled_from(self.desk.keys[-3:]))
        assert self.desk.hear(again).heard.repeated

    @precondition(lambda self: bool(self.presses))
    @rule(data=st.data())
    def an_old_button_is_pressed(self, data: st.DataObject) -> None:
        old = data.draw(st.sampled_from(self.presses[-6:]))
        assert old.press
        action = unpack(old.press.action)
        if isinstance(action, Answer) and (self._draft_id(), self.model and self.model.asked) != (
            action.draft,
            action.step,
        ):
            stays = action.value == "~drop" and action.draft in self.dropped
            is_aside = action.draft in self._aside_ids() and not stays
            going, going_id = self.model, self._draft_id()
            self.desk.count += 1
            self.desk.hear(replace(old, key=f"old {self.desk.count}"))
            if is_aside:  # one that was put aside is shown again, and goes on
                self.model = self.aside.pop(action.draft)
                self.dropped.discard(action.draft)
                if going and going.is_answered:
                    self.aside[going_id] = going

    @rule()
    def restart(self) -> None:
        """All that is known is in the database."""
        old = self.desk.connection
        self.desk.connection = copy(old)
        old.close()

    # What must be so

    @invariant()
    def answers_are_those_given(self) -> None:
        if not hasattr(self, "desk"):
            return
        rows = self.desk.look("SELECT answers, asked, view FROM drafts WHERE chat = ? AND parked = 0", self._chat)
        if self.model is None:
            assert rows == []
            return
        ((answers, asked, view),) = rows
        kept = {key: value[0] for key, value in json.loads(answers).items()}
        model = self.model
        assert asked == model.asked
        assert kept.get("category", "") == (model.kind if "category" in model.order else "")
        if "count" in model.order and model.of == model.kind:
            assert kept["count"] == model.count
        if "extras" in model.order:
            assert model.extras == _extras(kept["extras"])
        if asked == "extras":
            assert model.collecting == _extras(json.loads(view))
        assert model.early == _extras(kept.get("~early", {}))

    @invariant()
    def only_what_was_sent_has_an_effect(self) -> None:
        if not hasattr(self, "desk"):
            return
        assert self._effects() == self.effects
        rows = self.desk.look(
            "SELECT i.category, i.count, (SELECT COUNT(*) FROM report_files f WHERE f.report_id = r.id), r.note"
            " FROM reports r JOIN report_items i ON i.report_id = r.id ORDER BY r.id"
        )
        assert rows == self.kept

    @property
    def _chat(self) -> str:
        return self.desk.chats["an"]

    def _effects(self) -> list[Any]:
        return [self.desk.look(f"SELECT * FROM {table}") for table in EFFECTS]

    @property
    def parked(self) -> Model | None:
        """What was put aside last."""
        return self.aside.get(self._parked_id())

    def leave(self) -> None:
        """The draft going on is about to be put aside."""
        if self.model is not None:
            self.aside[self._draft_id()] = self.model

    def _draft_id(self) -> int:
        rows = self.desk.look("SELECT id FROM drafts WHERE chat = ? AND parked = 0", self._chat)
        return int(rows[0][0]) if rows else 0

    def _aside_ids(self) -> list[int]:
        rows = self.desk.look("SELECT id FROM drafts WHERE chat = ? AND parked > 0 ORDER BY parked", self._chat)
        return [int(row[0]) for row in rows]

    def _parked_id(self) -> int:
        return next(iter(self._aside_ids()), 0)

    def _offers(self, label: str) -> bool:
        shown = self.desk.shown("an")[:1]
        return any(label in button.label for _, one in shown for row in one.buttons for button in row) or any(
            label in span.text for _, one in shown for span in one.text
        )


def _extras(kept: dict[str, Any]) -> Extras:
    return len(kept.get("files", [])), kept.get("note", "")


_FRESH: dict[bool, Desk] = {}


def _village(plain: bool) -> Desk:
    """A copy of one that was settled once."""
    if plain not in _FRESH:
        _FRESH[plain] = open_desk(plain_phones=plain)
    fresh = _FRESH[plain]
    return replace(fresh, connection=copy(fresh.connection), keys=[])


class Plainly(Reporting):
    """The same in numbered lines."""

    plain = True


HOW = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    database=None,
    phases=PHASES,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


TestWithButtons = Reporting.TestCase
TestWithButtons.settings = HOW
TestWithNumbers = Plainly.TestCase
TestWithNumbers.settings = HOW
