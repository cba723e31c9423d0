"""Three people practise, and press and type anything: whatever they do, nothing that is real changes and nobody else
hears a word."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.chat import plainly, wire
from bot.chat.action import Action
from bot.chat.message import Incoming, Press, plain
from handlers.practice.actions import Leave
from storage import chats, moving
from tests.machines import PHASES
from tests.machines.desk import PHOTO, Desk, open_desk
from tests.simulation.store import copy

WHO = ("an", "lan", "quan")
MARKS = ("🎓", "📷")  # of practice, and of photos that come again, which have no words
PRACTICE = "state IN ('practice', 'practice_undone')"
NOT_PRACTICE = f"report_id IN (SELECT id FROM reports WHERE NOT {PRACTICE})"
# What the conversation itself writes; of files only new ones are there, of reports only those of practice.
CONVERSATION = {"practice", "drafts", "outbox", "cards", "chats", "seen", "inbox", "identities", "photos"}
ONLY = {
    "reports": f"NOT {PRACTICE}",
    "report_items": NOT_PRACTICE,
    "report_files": NOT_PRACTICE,
    "report_people": NOT_PRACTICE,
    "files": "id <= 1",
}
SAID = (
    "hôm nay giúp 5 người cài VNeID",
    "dvc 7, vneid 3",
    "sửa lại 12 chứ hỏng phải 5",
    "hôm nay không có gì",
    "hôm qua giúp mấy người cài vneid",
    "xin vắng 28/11 đến 2/12",
    "xong V-0001",
    "B-0001",
    "B-0002",
    "T-0001",
    "ok",
    "thôi",
    "có",
    "Gửi",
    "Sửa",
    "1",
    "2",
    "3",
    "12",
    "cảm ơn em",
    "mai 17h",
    "Ấp 1",
    "Nguyễn Văn An",
    "K7MQ-2XHB",
    "xin chào",
    "tập thử",
    "Giao việc",
    "Thông báo",
)
FIRST = ("/tapsu", "hôm nay giúp 5 người cài VNeID", "/baocao", "/giaoviec", "/thongbao", "/viec", "/duyet")
# What a lesson goes through: words after "/", else the button or line that says so, where there is one.
WAYS = (
    ("/hôm nay giúp 5 người cài VNeID", "Gửi", "Hoàn tác", "Đưa trở lại"),
    ("/hôm nay giúp 5 người cài VNeID", "Sửa", "5 người", "/6", "Gửi", "Sửa"),
    ("/hôm nay không có gì", "Gửi", "Hoàn tác"),
    ("//giaoviec", "/Dọn kho", "Tất cả", "/mai 17h", "Không cần", "Gửi"),
    ("//thongbao", "Tỉnh Bến Tre", "/Chào cả nhà", "Gửi"),
    ("//viec", "Đã nhận", "Xong"),
    ("//duyet", "Trả lại", "/thiếu hình"),
    ("//baocao", "Cài VNeID", "/4", "Không có thêm", "Gửi", "Báo cáo tiếp"),
)


class Practising(RuleBasedStateMachine):
    """`plain`: phones without buttons. On each there is something real, too, with its buttons."""

    plain: ClassVar[bool] = False
    begun: ClassVar[dict[bool, Desk]] = {}
    desk: Desk

    @initialize()
    def begin(self) -> None:
        if self.plain not in self.begun:
            self.begun[self.plain] = _village(self.plain)
        first = self.begun[self.plain]
        self.desk = Desk(copy(first.connection), first.now, first.around, first.chats, first.count)
        self.real, self.last = self.kept(), self.newest()

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.connection.close()

    def newest(self) -> int:
        return int(self.desk.look("SELECT MAX(id) FROM outbox")[0][0])

    def kept(self) -> dict[str, list[Any]]:
        """Everything that is real."""
        found = {}
        for table in moving.tables():
            if table.name not in CONVERSATION:
                columns, where = ", ".join(table.columns), ONLY.get(table.name, "1 = 1")
                found[table.name] = self.desk.look(f"SELECT {columns} FROM {table.name} WHERE {where} ORDER BY 1, 2")
        return found

    def hear(self, who: str, **what: Any) -> None:
        chat = self.desk.do(lambda db: chats.get(db, "phone", self.desk.chats[who]))
        if _leaves(plainly.meant(chat.choices if chat else (), what.get("text", "")) or ""):
            return  # that way leads out
        self.desk.now += 1000
        heard: Incoming = self.desk.incoming(who, **what)
        assert self.desk.hear(heard).result != "surprise", what

    # What people do

    @rule(who=st.sampled_from(WHO), text=st.sampled_from((*SAID, *FIRST)), photo=st.booleans())
    def say(self, who: str, text: str, photo: bool) -> None:
        self.hear(who, text=text, files=(PHOTO,) if photo else ())

    @rule(who=st.sampled_from(WHO), data=st.data())
    def press_what_is_shown(self, who: str, data: st.DataObject) -> None:
        shown = [
            (number, button.action)
            for number, message in self.desk.shown(who)[:8]
            for row in message.buttons
            for button in row
            if not _leaves(button.action)
        ]
        if shown:
            number, action = data.draw(st.sampled_from(shown))
            self.hear(who, press=Press(action, number))

    @rule(who=st.sampled_from(WHO), way=st.sampled_from(WAYS), most=st.integers(2, 6))
    def go_through(self, who: str, way: tuple[str, ...], most: int) -> None:
        for step in way[:most]:
            if step.startswith("/"):
                self.hear(who, text=step[1:])
                continue
            try:
                pressed = self.desk.press(who, step)
            except AssertionError:  # it is not offered just now
                continue
            self.hear(who, text=pressed.text, press=pressed.press)

    @rule(who=st.sampled_from(WHO), times=st.integers(1, 4), data=st.data())
    def go_on(self, who: str, times: int, data: st.DataObject) -> None:
        """The first choices of the newest message, so that dialogs come to their end."""
        for _ in range(times):
            message = next((one for one in self.desk.shown(who) if one[1].buttons), None)
            if message is None:
                self.hear(who, text=data.draw(st.sampled_from(("1", "2"))))
                continue
            found = [b.action for row in message[1].buttons for b in row if not _leaves(b.action)]
            if found:
                self.hear(who, press=Press(found[data.draw(st.integers(0, min(2, len(found) - 1)))], message[0]))

    @rule(who=st.sampled_from(WHO), data=st.data())
    def press_anything(self, who: str, data: st.DataObject) -> None:
        """A button that was shown at some time, or that somebody makes up."""
        kinds = [kind for name, kind in sorted(Action.registry.items()) if name and kind is not Leave]
        kind: Any = data.draw(st.sampled_from(kinds))
        if kind.__module__.startswith("tests"):
            return
        values = [
            data.draw(st.integers(0, 3)) if one.type == "int" else data.draw(st.sampled_from(("", "yes", *FIRST)))
            for one in fields(kind)
        ]
        self.hear(who, press=Press(kind(*values).pack(), "1"))

    @rule(who=st.sampled_from(WHO), data=st.data())
    def command(self, who: str, data: st.DataObject) -> None:
        word = data.draw(st.sampled_from(sorted(set(self.desk.around.routes.commands) - {"thoat"})))
        self.hear(who, text=f"/{word}")

    @rule(who=st.sampled_from(WHO), payload=st.sampled_from(["", "K7MQ-2XHB"]))
    def start(self, who: str, payload: str) -> None:
        self.hear(who, start=payload)

    # What must be so

    @invariant()
    def nothing_real_changes(self) -> None:
        if hasattr(self, "desk"):
            now = self.kept()
            assert now == self.real, [name for name, rows in now.items() if rows != self.real[name]]

    @invariant()
    def they_all_practise(self) -> None:
        if hasattr(self, "desk"):
            assert self.desk.look("SELECT COUNT(*) FROM practice WHERE ended_at IS NULL") == [(len(WHO),)]

    @invariant()
    def nobody_else_hears_of_it_and_every_answer_is_marked(self) -> None:
        if not hasattr(self, "desk"):
            return
        said = self.desk.look("SELECT chat, body FROM outbox WHERE id > ? ORDER BY id", self.last)
        self.last = self.newest()
        for chat, body in said:
            assert chat in [self.desk.chats[who] for who in WHO]
            words = plain(wire.unpack(body).text)
            assert not words or words.startswith(MARKS), words


class Plainly(Practising):
    plain = True


def _leaves(action: str) -> bool:
    return action.startswith(Leave("").pack())


def _village(plain_phones: bool) -> Desk:
    """Each of the three has something real before them: a report with a photo, work that was given, a dialog begun."""
    desk = open_desk(plain_phones=plain_phones)
    desk.says("an", "hôm nay giúp 4 người cài VNeID", PHOTO)
    desk.presses("an", "Gửi")
    desk.says("hue", "/giaoviec")
    for said in ("Dọn kho", "Tất cả", "mai 17h"):
        desk.says("hue", said)
    desk.presses("hue", "Không cần")
    desk.presses("hue", "Gửi")
    desk.says("lan", "/duyet")
    desk.says("quan", "/thanhvien")
    desk.says("quan", "/baocao")
    desk.says("lan", "hôm nay giúp 2 người nộp dvc")
    assert desk.look("SELECT COUNT(*) FROM assignments WHERE person_id = 3") == [(1,)]
    for who in WHO:
        desk.says(who, "/tapsu")
    return desk


HOW = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    phases=PHASES,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
TestWithButtons = Practising.TestCase
TestWithButtons.settings = HOW
TestWithNumbers = Plainly.TestCase
TestWithNumbers.settings = HOW
