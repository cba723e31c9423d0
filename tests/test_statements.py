"""Each statement of each use case fails in turn: then everything is kept or nothing, and the next try succeeds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.chat import turn
from bot.chat.message import Incoming
from bot.chat.turn import Turn
from bot.clock import _take, trigger
from bot.sender import _claim, _recording, take_over
from storage import chats, invites, jobs, leaders, outbox, photos
from storage.db import Db
from storage.outbox import Result
from storage.photos import Photo
from storage.sqlite import commit_together
from tests.machines.desk import PHOTO, Desk, _in_hand, open_desk
from tests.rig import moment
from tests.simulation.store import Failing, busy, copy, full, ioerr, locked

Work = Callable[[Db], Any]
Fault = Callable[[], sqlite3.OperationalError]


def hear(desk: Desk, incoming: Incoming) -> Work:
    return lambda db: turn.run(db, incoming, desk.now, desk.around)


def ring(desk: Desk, name: str, at: str) -> Work:
    """A slot of the clock, as the clock takes it."""
    timer = desk.around.routes.timers[name]
    rings = trigger(timer.at, desk.around.settings.zone)
    desk.do(lambda db: jobs.take(db, name, desk.now, desk.now))
    desk.now = moment(at)

    def job(one: Turn) -> None:
        slot = _take(one.db, name, rings, one.now)
        assert slot is not None
        one.slot = slot
        timer.run(one)

    return lambda db: turn.ring(db, job, desk.now, desk.around)


# The use cases: each brings the village to where the one turn in question is next.


def filled(desk: Desk) -> None:
    desk.says("an", "báo cáo")
    desk.presses("an", "Nộp hồ sơ")
    desk.says("an", "12")
    desk.says("an", "ở nhà văn hoá", PHOTO)
    desk.presses("an", "Xong")


def reported(desk: Desk) -> None:
    filled(desk)
    desk.presses("an", "Gửi")


def given(desk: Desk, evidence: str = "Con số", due: str = "Mai 17:00") -> None:
    desk.says("lan", "/giaoviec")
    desk.says("lan", "Dán mã QR")
    desk.presses("lan", "Tất cả")
    desk.presses("lan", due)
    desk.presses("lan", evidence)


def duty(desk: Desk) -> None:
    given(desk)
    desk.presses("lan", "Gửi")
    desk.presses("tam", "Đã nhận")
    desk.presses("tam", "Xong")


def looked_at(desk: Desk) -> None:
    duty(desk)
    desk.says("tam", "7")


def a_report(desk: Desk) -> Work:
    filled(desk)
    return hear(desk, desk.press("an", "Gửi"))


def a_photo(desk: Desk) -> Work:
    desk.says("an", "báo cáo")
    desk.presses("an", "Nộp hồ sơ")
    desk.says("an", "12")
    return hear(desk, desk.incoming("an", text="ảnh đây", files=(PHOTO, PHOTO)))


def a_refused_photo(desk: Desk) -> Work:
    """It turns out to be none once its report was sent."""
    reported(desk)
    ((file_id,),) = desk.look("SELECT MAX(id) FROM files")

    def job(one: Turn) -> None:
        if photos.refuse(one.db, file_id, "broken"):
            one.around.routes.photo(one, file_id)

    return lambda db: turn.ring(db, job, desk.now, desk.around)


def a_kept_photo(desk: Desk) -> Work:
    """It looks like one of a report of the same day."""
    reported(desk)
    ((first,),) = desk.look("SELECT MAX(id) FROM files")
    desk.do(lambda db: photos.keep(db, first, Photo("a" * 64, 640, 480, 9000, 12345), desk.now))
    reported(desk)
    desk.presses("an", "Vẫn gửi")
    ((file_id,),) = desk.look("SELECT MAX(id) FROM files")

    def job(one: Turn) -> None:
        if photos.keep(one.db, file_id, Photo("b" * 64, 640, 480, 9000, 12345), one.now):
            one.around.routes.photo(one, file_id)

    return lambda db: turn.ring(db, job, desk.now, desk.around)


def a_change(desk: Desk) -> Work:
    reported(desk)
    desk.presses("an", "Sửa")
    desk.presses("an", "12 hồ sơ")
    desk.says("an", "15")
    return hear(desk, desk.press("an", "Sửa lại"))


def a_lead_changed(desk: Desk) -> Work:
    reported(desk)
    desk.says("lan", "b 1")
    desk.presses("lan", "Sửa")
    desk.presses("lan", "12 hồ sơ")
    desk.says("lan", "10")
    return hear(desk, desk.press("lan", "Sửa lại"))


def a_dispute(desk: Desk) -> Work:
    desk.do(a_lead_changed(desk))
    desk.deliver()
    desk.presses("an", "Chưa đúng")
    return hear(desk, desk.incoming("an", text="12 mới đúng"))


def an_undoing(desk: Desk) -> Work:
    reported(desk)
    return hear(desk, desk.press("an", "Hoàn tác"))


def nothing_done(desk: Desk) -> Work:
    desk.says("an", "/khongcoviec")
    return hear(desk, desk.press("an", "Gửi"))


def a_consent(desk: Desk) -> Work:
    desk.do(lambda db: invites.add(db, "K7MQ-2XHB", 5, desk.now, desk.now + 1000))
    desk.hear(desk.incoming("new", start="K7MQ-2XHB"))
    return hear(desk, desk.press("new", "Đồng ý"))


def a_code(desk: Desk) -> Work:
    desk.do(lambda db: invites.add(db, "K7MQ-2XHB", 5, desk.now, desk.now + 1000))
    desk.says("new", "chào")
    desk.presses("new", "Đồng ý")
    return hear(desk, desk.incoming("new", text="k7mq 2xhb"))


def a_task(desk: Desk) -> Work:
    given(desk)
    return hear(desk, desk.press("lan", "Gửi"))


def a_yes(desk: Desk) -> Work:
    given(desk)
    desk.presses("lan", "Gửi")
    return hear(desk, desk.press("tam", "Đã nhận"))


def a_finish(desk: Desk) -> Work:
    duty(desk)
    return hear(desk, desk.incoming("tam", text="7"))


def an_approval(desk: Desk) -> Work:
    looked_at(desk)
    return hear(desk, desk.press("lan", "Nhận kết quả"))


def a_return(desk: Desk) -> Work:
    looked_at(desk)
    desk.presses("lan", "Trả lại")
    return hear(desk, desk.incoming("lan", text="thiếu một điểm"))


def a_nudge(desk: Desk) -> Work:
    given(desk)
    desk.presses("lan", "Gửi")
    return hear(desk, desk.press("lan", "Nhắc"))


def a_taking_back(desk: Desk) -> Work:
    given(desk)
    desk.presses("lan", "Gửi")
    desk.presses("lan", "Thu hồi")
    return hear(desk, desk.press("lan", "Thu hồi"))


def a_broadcast(desk: Desk) -> Work:
    desk.says("quan", "thông báo")
    desk.says("quan", "Xã Đại Điền")
    desk.says("quan", "Họp lúc 8h")
    return hear(desk, desk.press("quan", "Gửi"))


def a_goodbye(desk: Desk) -> Work:
    given(desk)
    desk.presses("lan", "Gửi")
    desk.says("tam", "/dung")
    return hear(desk, desk.press("tam", "Ngưng"))


def my_data(desk: Desk, *presses: str) -> None:
    desk.says("an", "/dulieu")
    for label in presses:
        desk.presses("an", label)


def a_correction(desk: Desk) -> Work:
    my_data(desk, "Sửa", "số điện thoại")
    desk.says("an", "0912345678")
    return hear(desk, desk.press("an", "Lưu"))


def a_correction_taken_back(desk: Desk) -> Work:
    desk.do(a_correction(desk))
    desk.deliver()
    return hear(desk, desk.press("tam", "Lấy lại"))


def a_restriction(desk: Desk) -> Work:
    my_data(desk, "Hạn chế dùng")
    return hear(desk, desk.press("an", "⏸ Hạn chế"))


def an_erasure(desk: Desk) -> Work:
    reported(desk)
    my_data(desk, "Xóa dữ liệu", "Tôi muốn xóa")
    return hear(desk, desk.press("an", "Xóa thật"))


def a_question(desk: Desk) -> Work:
    my_data(desk, "Hỏi, yêu cầu")
    return hear(desk, desk.incoming("an", text="ai xem được số của tôi"))


def an_answer(desk: Desk) -> Work:
    desk.do(a_question(desk))
    desk.deliver()
    return hear(desk, desk.press("quan", "Đã làm xong"))


def an_erasure_asked_for(desk: Desk) -> Work:
    given(desk)
    desk.presses("lan", "Gửi")
    desk.says("lan", "/dulieu")
    for label in ("Xóa dữ liệu", "Tôi muốn xóa", "Gửi yêu cầu xóa"):
        desk.presses("lan", label)
    desk.presses("quan", "Bàn giao xong, xóa")
    return hear(desk, desk.press("quan", "Xóa thật"))


def a_language(desk: Desk) -> Work:
    return hear(desk, desk.incoming("an", text="/english"))


def a_refusal_at_the_door(desk: Desk) -> Work:
    return hear(desk, desk.incoming("an", text="cccd 083172004561"))


def a_request_reminder(desk: Desk) -> Work:
    desk.do(a_question(desk))
    return ring(desk, "mydata.remind", "2026-11-25 07:20")


def a_morning(desk: Desk) -> Work:
    given(desk)
    desk.presses("lan", "Gửi")
    return ring(desk, "reminders.morning", "2026-11-24 07:00")


def a_digest(desk: Desk) -> Work:
    given(desk, due="Hôm nay 17:00")
    desk.presses("lan", "Gửi")
    return ring(desk, "reminders.overdue", "2026-11-24 07:15")


def a_week(desk: Desk) -> Work:
    reported(desk)
    return ring(desk, "summaries.weekly", "2026-11-27 16:00")


def a_night(desk: Desk) -> Work:
    reported(desk)
    desk.says("bay", "báo cáo")
    desk.do(lambda db: db.run("UPDATE outbox SET changed_at = 1"))
    return ring(desk, "upkeep.tidy", "2027-01-27 03:00")


def a_result(desk: Desk) -> Work:
    a_broadcast(desk)
    desk.presses("quan", "Gửi")
    return lambda db: turn.ring(db, desk.around.routes.timers["broadcasts.follow"].run, desk.now, desk.around)


def a_claim(desk: Desk) -> Work:
    given(desk)
    desk.do(hear(desk, desk.press("lan", "Gửi")))
    return lambda db: _claim(db, "phone", 1, desk.now)


def a_record(desk: Desk) -> Work:
    given(desk)
    desk.do(hear(desk, desk.press("lan", "Gửi")))
    desk.do(lambda db: _claim(db, "phone", 1, desk.now))
    first, *rest = desk.do(_in_hand)
    results = [Result(first, "sent", "77"), Result(rest[0], "failed", error="blocked", lost=True)]
    return _recording(results, rest[1:], desk.now)


def a_new_sender(desk: Desk) -> Work:
    given(desk)
    desk.do(hear(desk, desk.press("lan", "Gửi")))
    desk.do(lambda db: _claim(db, "phone", 1, desk.now))
    return lambda db: take_over(db, leaders.next_epoch(db, outbox.SENDER), desk.now)


def a_handover(desk: Desk) -> Work:
    given(desk)
    desk.presses("lan", "Gửi")
    desk.says("tam", "/doiviec")
    desk.presses("tam", "tổ trưởng")
    desk.says("tam", "phạm thị bảy")
    desk.presses("tam", "Hôm nay")
    desk.presses("tam", "Rời tổ")
    desk.presses("tam", "Bàn giao")
    return hear(desk, desk.press("lan", "Đồng ý"))


def a_handover_taken_back(desk: Desk) -> Work:
    desk.do(a_handover(desk))
    desk.deliver()
    return hear(desk, desk.press("lan", "Hoàn tác"))


def a_leaver(desk: Desk) -> Work:
    given(desk)
    desk.presses("lan", "Gửi")
    desk.says("lan", "/thanhvien")
    desk.presses("lan", "Võ Văn Hai")
    desk.presses("lan", "Cho rời tổ")
    desk.presses("lan", "Lê Thị Út")
    return hear(desk, desk.press("lan", "Cho rời tổ"))


def a_second_post(desk: Desk) -> Work:
    desk.says("tam", "/thanhvien")
    desk.presses("tam", "Thêm người")
    desk.says("tam", "Út")
    desk.says("tam", "0999000008")
    desk.presses("tam", "Lê Thị Út")
    desk.presses("tam", "thành viên")
    return hear(desk, desk.press("tam", "Lưu"))


def an_absence(desk: Desk) -> Work:
    given(desk)
    desk.presses("lan", "Gửi")
    desk.says("hai", "/vang")
    desk.presses("hai", "Tới hết tuần này")
    desk.says("hai", "lê thị út")
    return hear(desk, desk.press("hai", "Lưu"))


def a_return_by_the_clock(desk: Desk) -> Work:
    desk.do(an_absence(desk))
    return ring(desk, "away.turn_the_page", "2026-11-30 00:06")


def a_category(desk: Desk) -> Work:
    desk.says("quan", "/hangmuc")
    desk.presses("quan", "Thêm hạng mục")
    for said in ("Trồng cây xanh", "điểm", "trồng cây"):
        desk.says("quan", said)
    return hear(desk, desk.press("quan", "Lưu"))


def a_retired_category(desk: Desk) -> Work:
    desk.says("quan", "/hangmuc wifi")
    desk.presses("quan", "Ngưng dùng")
    return hear(desk, desk.press("quan", "Ngưng dùng thật"))


def a_unit_of_count(desk: Desk) -> Work:
    desk.says("quan", "/donvidem")
    desk.presses("quan", "Thêm đơn vị đếm")
    for said in ("cây", "gốc cây"):
        desk.says("quan", said)
    return hear(desk, desk.press("quan", "Lưu"))


def a_period(desk: Desk) -> Work:
    desk.says("quan", "/kybaocao")
    for label in ("Tháng", "Đổi", "Ngày 1 đầu tháng"):
        desk.presses("quan", label)
    desk.says("quan", "5")
    return hear(desk, desk.press("quan", "Lưu"))


def a_target(desk: Desk) -> Work:
    desk.says("quan", "/chitieu")
    desk.presses("quan", "Đặt chỉ tiêu")
    desk.presses("quan", "Tháng")
    desk.presses("quan", "Tháng 12/2026")
    for said in ("nộp hồ sơ trực tuyến", "40"):
        desk.says("quan", said)
    return hear(desk, desk.press("quan", "Lưu"))


def a_form(desk: Desk) -> Work:
    desk.says("quan", "/bieumau")
    desk.presses("quan", "Thêm biểu mẫu")
    desk.says("quan", "Báo cáo của tổ")
    desk.presses("quan", "Tháng")
    desk.presses("quan", "mọi cấp")
    desk.says("quan", "wifi")
    desk.presses("quan", "Xong")
    return hear(desk, desk.press("quan", "Lưu"))


CASES: tuple[Callable[[Desk], Work], ...] = (
    a_report,
    a_photo,
    a_refused_photo,
    a_kept_photo,
    a_change,
    a_lead_changed,
    a_dispute,
    an_undoing,
    nothing_done,
    a_consent,
    a_code,
    a_task,
    a_yes,
    a_finish,
    an_approval,
    a_return,
    a_nudge,
    a_taking_back,
    a_broadcast,
    a_goodbye,
    a_correction,
    a_correction_taken_back,
    a_restriction,
    an_erasure,
    a_question,
    an_answer,
    an_erasure_asked_for,
    a_language,
    a_refusal_at_the_door,
    a_request_reminder,
    a_morning,
    a_digest,
    a_week,
    a_night,
    a_result,
    a_claim,
    a_record,
    a_new_sender,
    a_handover,
    a_handover_taken_back,
    a_leaver,
    a_second_post,
    an_absence,
    a_return_by_the_clock,
    a_category,
    a_retired_category,
    a_unit_of_count,
    a_period,
    a_target,
    a_form,
)


@dataclass
class Case:
    """A database about to be changed by one piece of work, and what it is before and after."""

    connection: Failing
    work: Work
    before: bytes
    after: bytes
    statements: int
    reads: int

    def tries(self) -> BaseException | None:
        """What went wrong."""
        ((_, error),) = commit_together(self.connection, [self.work])
        return error

    def fails(self, fault: Fault, at: int, *, gone: bool) -> BaseException | None:
        """Try while statement `at` fails; `gone`: the engine gave the transaction up by itself."""
        self.connection.before = _at(at, fault, gone)
        try:
            return self.tries()
        finally:
            self.connection.before = None

    def would_be(self) -> bytes:
        """What the work makes of the database now; it is not kept."""
        other = copy(self.connection)
        try:
            ((_, error),) = commit_together(other, [self.work])
            assert error is None
            return content(other)
        finally:
            other.close()


def _at(at: int, fault: Fault, gone: bool) -> Callable[[Failing, str], None]:
    left = [at]

    def step(connection: Failing, sql: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            if gone:
                connection.undo()
            raise fault()

    return step


def content(connection: Failing) -> bytes:
    """Every row of every table, and the numbers given so far."""
    tables = [row[0] for row in connection.plainly("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    return repr({table: connection.plainly(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables}).encode()


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.__name__)
def case(request: pytest.FixtureRequest) -> Iterator[Case]:
    desk = open_desk()
    work = request.param(desk)
    connection = desk.connection
    before = content(connection)
    trial = copy(connection)
    reads = [0]
    trial.reading = lambda *_: reads.__setitem__(0, reads[0] + 1)
    trial.statements = 0
    ((_, error),) = commit_together(trial, [work])
    assert error is None, "it works while nothing fails"
    after = content(trial)
    assert after != before, "it does something"
    yield Case(connection, work, before, after, trial.statements, reads[0])
    trial.close()
    connection.close()


FAULTS: list[tuple[Fault, bool]] = [
    (full, False),
    (full, True),
    (busy, False),
    (locked, False),
    (ioerr, False),
    (ioerr, True),
]


@pytest.mark.parametrize(("fault", "gone"), FAULTS, ids=lambda one: getattr(one, "__name__", "gone" if one else ""))
def test_any_statement_may_fail(case: Case, fault: Fault, gone: bool) -> None:
    snapshot = case.connection.serialize()
    for at in range(1, case.statements + 1):  # BEGIN and COMMIT among them
        error = case.fails(fault, at, gone=gone)
        assert isinstance(error, sqlite3.OperationalError), f"statement {at} of {case.statements}: {error!r}"
        assert not case.connection.in_transaction
        if case.connection.serialize() != snapshot:
            assert content(case.connection) == case.before, f"statement {at} of {case.statements} left something"
            snapshot = case.connection.serialize()
    assert case.would_be() == case.after


@pytest.mark.parametrize("gone", [False, True], ids=["", "gone"])
def test_any_row_may_be_unreadable(case: Case, gone: bool) -> None:
    for at in range(1, case.reads + 1):
        case.connection.reading = _at(at, ioerr, gone)
        try:
            error = case.tries()
        finally:
            case.connection.reading = None
        assert isinstance(error, sqlite3.OperationalError), f"read {at} of {case.reads}: {error!r}"
        assert content(case.connection) == case.before, f"read {at} of {case.reads} left something"


def test_after_each_failure_the_next_try_does_the_same(case: Case) -> None:
    for at in range(1, case.statements + 1, 7):
        case.fails(full, at, gone=bool(at % 2))
        assert case.would_be() == case.after, f"statement {at} of {case.statements}"


def test_neighbours_in_the_same_commit_are_kept_once(case: Case) -> None:
    neighbours = [lambda db: chats.see(db, "test", "a", 1), lambda db: chats.see(db, "test", "b", 1)]
    together: list[Work] = [neighbours[0], case.work, neighbours[1]]
    wanted = copy(case.connection)
    for one in together:
        ((_, error),) = commit_together(wanted, [one])
        assert error is None
    for at in range(1, case.statements + 6, 5):
        here = copy(case.connection)
        here.before = _at(at, full, bool(at % 2))
        outcomes = commit_together(here, together)
        assert [error for _, error in outcomes] == [None] * 3
        assert [outcomes[0][0], outcomes[2][0]] == [True, True]
        assert content(here) == content(wanted), f"statement {at}"
        here.close()
    wanted.close()
