"""Three believable weeks before today: what the invented teams reported and were asked to do; and how they go on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from itertools import accumulate, count
from random import Random
from typing import Literal

from bot.demo.province import SEED, DemoPerson, DemoUnit, Province, showcase

Evidence = Literal["none", "count", "photo"]
State = Literal["given", "accepted", "reported", "done"]

VIETNAM = timezone(timedelta(hours=7))

# Of all hamlet teams: silent through the whole time, and besides them silent in one week.
_ALWAYS_SILENT = 0.06
_SILENT_A_WEEK = 0.04
_REPORTS_A_WEEK = (1, 2, 3, 4)
_REPORTS_A_WEEK_WEIGHTS = (30, 35, 23, 12)
_ZERO_REPORTS = 0.03
# Members work their own fields; campaign days are Fridays and Saturdays. Monday first.
_WEEKDAYS = (0.8, 0.9, 1.0, 1.0, 1.4, 1.7, 0.7)
# Written before lunch, after the office closes, or in the evening over Zalo: first and last minute of the day, weight.
_HOURS = (((10 * 60, 11 * 60 + 25), 25), ((16 * 60, 17 * 60 + 15), 15), ((18 * 60 + 20, 20 * 60 + 50), 60))


@dataclass(frozen=True, slots=True)
class DemoReport:
    """One thing done on one day. `category` None with count 0 says "no activity". `minute`: of the day, local time."""

    author: int
    unit: int
    day: date
    category: str | None
    count: int
    unit_word: str
    note: str
    minute: int


@dataclass(frozen=True, slots=True)
class DemoAssignment:
    """One unit's part of a task. given: not looked at; accepted: in progress; reported: waits for the giver; done.

    `returned` holds the reason when the giver sent the work back (the state is then accepted). Late and overdue are
    not stored: compare `reported`, or now, with the task's `due`. Times are aware, +07:00.
    """

    unit: int
    person: int
    state: State
    returned: str = ""
    note: str = ""
    count: int | None = None
    accepted: datetime | None = None
    reported: datetime | None = None
    done: datetime | None = None


@dataclass(frozen=True, slots=True)
class DemoTask:
    """`giver` is a person's key, `unit` the giver's unit; `due_hour` is a full hour of local time on `due_day`."""

    giver: int
    unit: int
    title: str
    evidence: Evidence
    given_day: date
    due_day: date
    due_hour: int
    assignments: tuple[DemoAssignment, ...]

    @property
    def units(self) -> tuple[int, ...]:
        """Keys of the units that were asked."""
        return tuple(assignment.unit for assignment in self.assignments)

    @property
    def given(self) -> datetime:
        """When it was handed out."""
        return _at(self.given_day, 8 * 60)

    @property
    def due(self) -> datetime:
        """The last moment for it."""
        return _at(self.due_day, self.due_hour * 60)


@dataclass(frozen=True, slots=True)
class History:
    """Reports and tasks in the order they came."""

    reports: tuple[DemoReport, ...]
    tasks: tuple[DemoTask, ...]


@dataclass(frozen=True, slots=True)
class _Habit:
    """How often a category is reported, its unit of count, a day's least, most and commonest number, and notes."""

    code: str
    weight: int
    unit: str
    low: int
    high: int
    mode: int
    notes: tuple[str, ...] = ()


_HABITS = (
    _Habit("HO", 150, "hộ", 3, 28, 8, ("Đi cùng chị hội phụ nữ.", "Còn mấy nhà đóng cửa, tối ghé lại.")),
    _Habit("NG", 140, "lượt người", 3, 35, 9, ("Bà con hỏi nhiều về mật khẩu.", "Vài cô chú còn xài máy bấm.")),
    _Habit("VNE", 120, "tài khoản", 1, 16, 5, ("Có người quên mật khẩu, đã chỉ lấy lại.", "Mạng yếu nên làm hơi lâu.")),
    _Habit("DVC", 110, "hồ sơ", 1, 12, 4, ("Phần nhiều là khai sinh và tạm trú.", "Làm tại nhà văn hóa ấp.")),
    _Habit("TKDVC", 40, "tài khoản", 1, 8, 3),
    _Habit("TTS", 55, "tài khoản", 1, 9, 3, ("Bà con chịu trả tiền điện qua ví.",)),
    _Habit("QR", 40, "điểm", 1, 8, 3, ("Dán mã cho các sạp ở chợ.",)),
    _Habit("SAN", 12, "gian hàng", 1, 3, 1, ("Bán kẹo dừa và dừa tươi.",)),
    _Habit("SP", 12, "sản phẩm", 1, 10, 3, ("Chụp hình lại cho rõ rồi mới đưa lên.",)),
    _Habit("SSK", 60, "người", 2, 20, 6, ("Làm chung buổi khám sức khỏe người cao tuổi.",)),
    _Habit("BHYT", 35, "người", 1, 14, 5),
    _Habit("CKS", 25, "người", 1, 9, 3),
    _Habit("CC", 15, "hồ sơ", 1, 8, 3, ("Chở hai cụ lớn tuổi ra xã làm.",)),
    _Habit("SIM", 12, "thuê bao", 1, 7, 2),
    _Habit("LOP", 12, "lớp", 1, 1, 1, ("Lớp buổi tối, bà con học tới 20 giờ.",)),
    _Habit("HV", 18, "lượt người", 14, 46, 25, ("Đa số trên 50 tuổi, ham học lắm.",)),
    _Habit("RQ", 14, "đợt", 1, 1, 1, ("Cùng Đoàn xã đi các tuyến đường trong ấp.",)),
    _Habit("TRUC", 25, "buổi", 1, 1, 1, ("Đông nhất lúc đầu giờ sáng.",)),
    _Habit("LOA", 30, "lượt phát", 1, 3, 2, ("Phát sáng sớm và chiều.",)),
    _Habit("ZL", 8, "nhóm", 1, 1, 1, ("Đã mời được gần hết các nhà trong tổ.",)),
    _Habit("ZB", 18, "tin bài", 1, 3, 1),
    _Habit("TL", 14, "tờ", 15, 80, 40),
    _Habit("AT", 35, "lượt người", 8, 60, 20, ("Nhắc bà con đừng bấm đường dẫn lạ.", "Kể vụ giả danh điện lực.")),
    _Habit("WIFI", 4, "điểm", 1, 1, 1, ("Lắp ở nhà văn hóa.",)),
    _Habit("MH", 3, "mô hình", 1, 1, 1, ("Quán cà phê đầu ấp cho mượn chỗ.",)),
    _Habit("DS", 4, "điểm", 1, 2, 1),
    _Habit("PA", 8, "tin", 1, 3, 1, ("Chủ yếu là đèn đường bị hư.",)),
    _Habit("HOP", 16, "cuộc", 1, 1, 1, ("Chia lại tuyến cho từng người.",)),
    _Habit("TH", 8, "lượt thành viên", 3, 7, 5),
)  # fmt: skip
_HABIT_SUMS = tuple(accumulate(habit.weight for habit in _HABITS))
_NOTED = 0.35
_NO_ACTIVITY = (
    "Bữa nay mưa lớn, tổ chưa đi được.",
    "Bà con bận thu hoạch nên tổ dời lại.",
    "Tổ trưởng đi họp, chưa sắp xếp được người.",
    "Ấp có đám, tổ xin dời qua bữa sau.",
)


@dataclass(frozen=True, slots=True)
class _Order:
    """A task as a lead writes it: day offsets from today of handing out and of the due day, and how far the units are.

    `stages` is gone through unit by unit, again and again.
    """

    title: str
    evidence: Evidence
    given: int
    due: int
    hour: int
    stages: tuple[str, ...]
    usual: int = 10


# The showcase commune: three open, one of them soon due; one overdue; one finished, so that every state can be seen.
_SHOWCASE_ORDERS = (
    _Order("Kiểm tra wifi nhà văn hóa, chụp hình gửi về xã", "photo", -12, -6, 17, ("late", "done", "done")),
    _Order(
        "Rà soát hộ chưa có VNeID mức 2, gửi số lượng",
        "count",
        -9,
        -2,
        17,
        ("new", "done", "late", "doing", "done", "new"),
        18,
    ),
    _Order(
        "Hỗ trợ tiểu thương dán mã QR", "count", -3, 1, 17, ("doing", "done", "returned", "new", "reported", "new"), 8
    ),
    _Order("Phát loa nội dung phòng chống lừa đảo qua mạng", "none", -2, 4, 11, ("new", "doing", "done", "new")),
    _Order(
        "Mở một lớp bình dân học vụ số buổi tối, chụp hình lớp học", "photo", -1, 9, 20, ("new", "new", "doing", "new")
    ),
)
# Other communes take from these in turn.
_ORDERS = (
    _Order(
        "Lập danh sách hộ cần hướng dẫn nộp hồ sơ trực tuyến",
        "count",
        -16,
        -9,
        17,
        ("done", "done", "late", "done"),
        14,
    ),
    _Order("Vận động bà con cài sổ sức khỏe điện tử", "count", -13, -5, 17, ("done", "late", "done", "new"), 12),
    _Order(
        "Treo bảng mã QR nhóm Zalo của ấp ở nhà văn hóa", "photo", -11, -3, 11, ("done", "returned", "done", "doing")
    ),
    _Order("Cập nhật số điện thoại thành viên tổ", "none", -8, -2, 17, ("done", "done", "done", "late", "new")),
    _Order(
        "Ra quân hướng dẫn thanh toán tiền điện, nước qua điện thoại",
        "photo",
        -6,
        3,
        16,
        ("reported", "new", "doing", "done"),
    ),
    _Order("Rà soát hộ kinh doanh chưa có mã QR", "count", -5, 5, 17, ("doing", "new", "done", "new"), 7),
    _Order("Nhắc bà con cảnh giác cuộc gọi giả danh", "none", -3, 6, 20, ("done", "doing", "new")),
)
_DISTRICT_ORDER = _Order(
    "Báo số lượng điểm wifi công cộng đang dùng được",
    "count",
    -5,
    3,
    16,
    ("doing", "done", "new", "reported", "new"),
    4,
)
_COMMUNES_WITH_TASKS = 24
_RETURNS: dict[Evidence, tuple[str, ...]] = {
    "none": ("Còn tuyến dưới chưa làm, nhờ tổ làm tiếp.",),
    "count": ("Còn thiếu số ở tuyến dưới, nhờ tổ bổ sung.", "Số này khác với tuần rồi, nhờ tổ coi lại."),
    "photo": ("Hình chưa rõ, nhờ tổ chụp lại giúp.", "Hình chưa thấy bảng mã, nhờ tổ chụp thêm."),
}
_RESULTS = ("Tổ đã làm xong.", "Dạ tổ làm xong rồi.", "Xong hết các tuyến.", "")


def history(province: Province, today: date, weeks: int = 3) -> History:
    """What happened in the `weeks` × 7 days that ended yesterday; the same for the same day."""
    random = Random(f"{SEED} {today.isoformat()}")
    reports = sorted(_reports(province, today, weeks, random), key=lambda report: (report.day, report.minute))
    tasks = sorted(_tasks(province, today, random), key=lambda task: (task.given_day, task.giver))
    return History(tuple(reports), tuple(tasks))


def to_come(province: Province, first: date) -> tuple[DemoReport, ...]:
    """What is reported in the seven days from `first` on; the shown member's hamlet is left to whoever plays there.

    The showcase's silent hamlets stay silent: their lead has somebody to remind.
    """
    random = Random(f"{SEED} {first.isoformat()} to come")
    shown = showcase(province)
    hamlets = [unit for unit in province.units if unit.level == "hamlet"]
    silent = set(random.sample([unit.key for unit in hamlets], round(len(hamlets) * (_ALWAYS_SILENT + _SILENT_A_WEEK))))
    silent |= {province.person[shown.member].post, *silent_showcase_hamlets(province)}
    reports = [
        report
        for unit in hamlets
        if unit.key not in silent
        for report in _week_of(province.team[unit.key], first, random)
    ]
    return tuple(sorted(reports, key=lambda report: (report.day, report.minute)))


def silent_showcase_hamlets(province: Province) -> tuple[int, int]:
    """Keys of the showcase commune's last two hamlets: they have not reported for at least a week."""
    commune = province.unit[province.person[showcase(province).commune_head].post]
    *_, first, second = province.children[commune.key]
    return first.key, second.key


def _reports(province: Province, today: date, weeks: int, random: Random) -> Iterator[DemoReport]:
    hamlets = [unit for unit in province.units if unit.level == "hamlet"]
    own = {unit.key for unit in province.children[province.person[showcase(province).commune_head].post]}
    asleep = set(silent_showcase_hamlets(province))
    member = province.person[showcase(province).member]
    others = [unit.key for unit in hamlets if unit.key not in own]
    always = set(random.sample(others, round(len(hamlets) * _ALWAYS_SILENT)))
    rest = [key for key in others if key not in always]
    for week in range(weeks):
        first = today - timedelta(days=7 * (weeks - week))
        silent = always | set(random.sample(rest, round(len(hamlets) * _SILENT_A_WEEK)))
        if week == weeks - 1:
            silent |= asleep
        for unit in hamlets:
            if unit.key not in silent:
                yield from _week_of(province.team[unit.key], first, random, member if unit.key == member.post else None)


def _week_of(
    team: tuple[DemoPerson, ...], first: date, random: Random, last_by: DemoPerson | None = None
) -> Iterator[DemoReport]:
    """One to four reports of a team in the seven days from `first`; half are written by the head.

    One on the last day is by `last_by`: so the shown member has something of their own to look at.
    """
    days = [first + timedelta(days=offset) for offset in range(7)]
    weights = [_WEEKDAYS[day.weekday()] for day in days]
    for number in range(random.choices(_REPORTS_A_WEEK, _REPORTS_A_WEEK_WEIGHTS)[0]):
        author = team[0] if random.random() < 0.5 else random.choice(team)
        day = random.choices(days, weights)[0]
        if number == 0 and last_by is not None:
            author, day = last_by, days[-1]
        ((earliest, latest),) = random.choices([hours for hours, _ in _HOURS], [weight for _, weight in _HOURS])
        minute = random.randint(earliest, latest)
        if random.random() < _ZERO_REPORTS:
            yield DemoReport(author.key, author.post, day, None, 0, "", random.choice(_NO_ACTIVITY), minute)
        else:
            yield _activity(author.key, author.post, day, minute, random)


def _activity(author: int, unit: int, day: date, minute: int, random: Random) -> DemoReport:
    habit = random.choices(_HABITS, cum_weights=_HABIT_SUMS)[0]
    number = round(random.triangular(habit.low, habit.high, habit.mode))
    note = random.choice(habit.notes) if habit.notes and random.random() < _NOTED else ""
    return DemoReport(author, unit, day, habit.code, number, habit.unit, note, minute)


def _tasks(province: Province, today: date, random: Random) -> Iterator[DemoTask]:
    shown = showcase(province)
    commune = province.unit[province.person[shown.commune_head].post]
    for order in _SHOWCASE_ORDERS:
        yield _handed_out(province, commune, order, today, random)
    assert commune.parent is not None
    yield _handed_out(province, province.unit[commune.parent], _DISTRICT_ORDER, today, random)
    turns = count()
    others = [unit for unit in province.units if unit.level == "commune" and unit.key != commune.key]
    for unit in random.sample(others, _COMMUNES_WITH_TASKS):
        for _ in range(random.randint(1, 3)):
            yield _handed_out(province, unit, _ORDERS[next(turns) % len(_ORDERS)], today, random)


def _handed_out(province: Province, unit: DemoUnit, order: _Order, today: date, random: Random) -> DemoTask:
    """The head's order to every unit below; in the showcase hamlet the shown member is accountable."""
    shown = showcase(province)
    shown_hamlet = province.person[shown.member].post
    given, due = (today + timedelta(days=offset) for offset in (order.given, order.due))
    assignments = []
    for place, below in enumerate(province.children[unit.key]):
        person = shown.member if below.key == shown_hamlet else province.head(below.key).key
        stage = order.stages[place % len(order.stages)]
        assignments.append(_assignment(below.key, person, stage, order, today, random))
    return DemoTask(
        province.head(unit.key).key, unit.key, order.title, order.evidence, given, due, order.hour, tuple(assignments)
    )


def _assignment(unit: int, person: int, stage: str, order: _Order, today: date, random: Random) -> DemoAssignment:
    """How far one unit is: new, doing, reported, done, late (done after the due hour) or returned."""
    if stage == "new":
        return DemoAssignment(unit, person, "given")
    accepted = _at(today + timedelta(days=order.given), random.randint(8 * 60 + 5, 20 * 60))
    if stage == "doing":
        return DemoAssignment(unit, person, "accepted", accepted=accepted)
    # Nothing has happened later than yesterday; "late" is the morning after the due day.
    last = min(order.due - 1, -1)
    offset = order.due + 1 if stage == "late" else random.randint(min(order.given + 1, last), last)
    reported = _at(today + timedelta(days=offset), random.randint(6 * 60 + 30, 11 * 60))
    accepted = min(accepted, reported)
    number = max(1, round(random.triangular(order.usual * 0.4, order.usual * 1.8, order.usual)))
    amount = number if order.evidence == "count" else None
    note = random.choice(_RESULTS)
    if stage == "returned":
        reason = random.choice(_RETURNS[order.evidence])
        return DemoAssignment(unit, person, "accepted", reason, note, amount, accepted, reported)
    if stage == "reported":
        return DemoAssignment(unit, person, "reported", "", note, amount, accepted, reported)
    looked_at = reported + timedelta(minutes=random.randint(20, 400))
    return DemoAssignment(unit, person, "done", "", note, amount, accepted, reported, looked_at)


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(minute // 60, minute % 60), VIETNAM)
