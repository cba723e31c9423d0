"""Due dates and report days as people type them: placed exactly, or asked with the days they may mean."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.vietnamese import Due, Unclear, fold, read_day, read_due

VIETNAM = timezone(timedelta(hours=7))
MONDAY = datetime(2026, 11, 23, 8, tzinfo=VIETNAM)
WEDNESDAY = datetime(2026, 11, 25, 8, tzinfo=VIETNAM)


def due(text: str) -> Due:
    """ "2026-11-27 17:00", with " from 2026-11-20" for a window."""
    moment, _, since = text.partition(" from ")
    day, _, clock = moment.partition(" ")
    return Due(
        date.fromisoformat(day),
        time.fromisoformat(clock) if clock else None,
        date.fromisoformat(since) if since else None,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # As leads wrote them.
        ("trước 17h thứ sáu", "2026-11-27 17:00"),
        ("Mai 7h30", "2026-11-24 07:30"),
        ("trong tuần này", "2026-11-29"),
        ("Hạn 20/12", "2026-12-20"),
        ("từ nay tới hết tháng", "2026-11-30"),
        ("Chậm nhất 25/12", "2026-12-25"),
        ("trước 11 giờ trưa nay", "2026-11-23 11:00"),
        ("xong cuối tháng", "2026-11-30"),
        ("Tuần sau", "2026-12-06"),
        ("Thứ bảy này 6h", "2026-11-28 06:00"),
        ("Cuối tuần", "2026-11-29"),
        ("trước 15h ngày 10/12", "2026-12-10 15:00"),
        ("hoàn thành trong quý này", "2026-12-31"),
        ("Từ 1/12 đến 31/12", "2026-12-31 from 2026-12-01"),
        ("tới thứ 4 tuần sau", "2026-12-02"),
        ("trước 16h chiều nay", "2026-11-23 16:00"),
        # Dates in numbers.
        ("25/12", "2026-12-25"),
        ("25/12 17h", "2026-12-25 17:00"),
        ("17h 25/12", "2026-12-25 17:00"),
        ("25-12", "2026-12-25"),
        ("25.12", "2026-12-25"),
        ("25.12.2026", "2026-12-25"),
        ("25-12-26", "2026-12-25"),
        ("25 / 12 / 2026", "2026-12-25"),
        ("2026-12-25", "2026-12-25"),
        ("25 tháng 12", "2026-12-25"),
        ("25 thang 12 nam 2027", "2027-12-25"),
        ("ngày 25", "2026-11-25"),
        ("ngày hai mươi lăm tháng mười hai", "2026-12-25"),
        ("ngày mười tháng chín năm 2027", "2027-09-10"),
        ("ngày 5 tháng sau", "2026-12-05"),
        ("ngày hai tháng mười năm 2027", "2027-10-02"),
        ("25/12 nha anh", "2026-12-25"),
        ("25/12 buổi sáng", "2026-12-25"),
        ("25/12 tổ họp lúc 8h", "2026-12-25 08:00"),
        ("12/2026", "2026-12-31"),
        ("mùng 5/12 dương lịch", "2026-12-05"),
        # Hours.
        ("17g", "2026-11-23 17:00"),
        ("17h30", "2026-11-23 17:30"),
        ("17:30", "2026-11-23 17:30"),
        ("17 giờ 30 phút", "2026-11-23 17:30"),
        ("5h chiều", "2026-11-23 17:00"),
        ("5 giờ chiều", "2026-11-23 17:00"),
        ("năm giờ chiều", "2026-11-23 17:00"),
        ("5 rưỡi chiều", "2026-11-23 17:30"),
        ("5 ruoi chieu mai", "2026-11-24 17:30"),
        ("5h kém 15 chiều", "2026-11-23 16:45"),
        ("bảy giờ rưỡi sáng mai", "2026-11-24 07:30"),
        ("sáng mai 7h", "2026-11-24 07:00"),
        ("chiều mai lúc 3h", "2026-11-24 15:00"),
        ("7h tối mai", "2026-11-24 19:00"),
        ("12h trưa thứ 7", "2026-11-28 12:00"),
        ("1h trưa mai", "2026-11-24 13:00"),
        ("12h đêm nay", "2026-11-23 23:59"),
        ("24h ngày 30/11", "2026-11-30 23:59"),
        ("15h chiều 1/12", "2026-12-01 15:00"),
        # A part of the day without an hour: its last hour.
        ("chiều nay", "2026-11-23 17:00"),
        ("sang mai", "2026-11-24 11:00"),
        ("chieu thu 6", "2026-11-27 17:00"),
        ("tối nay", "2026-11-23 21:00"),
        ("toi nay", "2026-11-23 21:00"),
        ("toi mai", "2026-11-24"),  # tối mai or tới mai: the day is sure, the hour is not
        # Near days, as the South says them.
        ("hôm nay", "2026-11-23"),
        ("hum nay", "2026-11-23"),
        ("bữa nay 5h chiều", "2026-11-23 17:00"),
        ("trong ngày", "2026-11-23"),
        ("mai", "2026-11-24"),
        ("mơi", "2026-11-24"),
        ("ngay mai", "2026-11-24"),
        ("sáng mơi", "2026-11-24 11:00"),
        ("mốt", "2026-11-25"),
        ("bua mot", "2026-11-25"),
        ("ngày mốt 9h sáng", "2026-11-25 09:00"),
        ("ngày kia", "2026-11-25"),
        ("dạ mai em nộp ạ", "2026-11-24"),
        # Weekdays.
        ("thứ sáu", "2026-11-27"),
        ("thu sau", "2026-11-27"),
        ("thu 6", "2026-11-27"),
        ("t6", "2026-11-27"),
        ("T6 tuần sau", "2026-12-04"),
        ("thu sau tuan sau", "2026-12-04"),
        ("tuần sau thứ 6", "2026-12-04"),
        ("thu tu", "2026-11-25"),
        ("thu bay nay", "2026-11-28"),
        ("chủ nhật", "2026-11-29"),
        ("chúa nhựt", "2026-11-29"),
        ("cn", "2026-11-29"),
        ("thứ hai tuần sau", "2026-11-30"),
        ("t6 này 17g30", "2026-11-27 17:30"),
        ("thứ sáu 27/11", "2026-11-27"),
        ("27/11 (thứ 6)", "2026-11-27"),
        ("thứ Sáu, ngày 27 tháng 11 năm 2026, 17 giờ 00", "2026-11-27 17:00"),
        # Weeks, months, quarters, years.
        ("cuối tuần sau", "2026-12-06"),
        ("sang tuần", "2026-12-06"),
        ("het thang", "2026-11-30"),
        ("tháng sau", "2026-12-31"),
        ("cuối tháng 12", "2026-12-31"),
        ("T12", "2026-12-31"),
        ("hết quý", "2026-12-31"),
        ("quý sau", "2027-03-31"),
        ("cuối quý I năm 2027", "2027-03-31"),
        ("hết năm", "2026-12-31"),
        # So long from now.
        ("3 ngày nữa", "2026-11-26"),
        ("trong 3 ngày", "2026-11-26"),
        ("3 bữa nữa", "2026-11-26"),
        ("ba bua nua", "2026-11-26"),
        ("3 ngày", "2026-11-26"),
        ("2 tuần nữa", "2026-12-07"),
        ("1 tháng nữa", "2026-12-23"),
        ("trong 24h", "2026-11-24 08:00"),
        ("2 tiếng nữa", "2026-11-23 10:00"),
        ("30 phút nữa", "2026-11-23 08:30"),
        ("sau 5 giờ chiều", "2026-11-23 17:00"),
        # Windows.
        ("1-5/12", "2026-12-05 from 2026-12-01"),
        ("từ 1 đến 5/12", "2026-12-05 from 2026-12-01"),
        ("tu 1/12 den 31/12", "2026-12-31 from 2026-12-01"),
        ("từ mai đến thứ sáu", "2026-11-27 from 2026-11-24"),
        ("từ thứ 2 đến thứ 6", "2026-11-27 from 2026-11-23"),
        ("từ 25/12 đến 5/1", "2027-01-05 from 2026-12-25"),
        # Inside a sentence.
        ("Các tổ rà soát hộ chưa có VNeID mức 2, gửi số lượng trước 17h thứ sáu.", "2026-11-27 17:00"),
        ("Mai 7h30 ra quân chợ xã, mỗi tổ cử 2 người.", "2026-11-24 07:30"),
        ("Tổ ấp 3 hỗ trợ 10 tiểu thương dán mã QR trong tuần này.", "2026-11-29"),
        ("Phát loa 2 lần/ngày từ nay tới hết tháng.", "2026-11-30"),
        ("Ngày 10/12 treo băng rôn, báo trước 15h.", "2026-12-10 15:00"),
        ("10-12 hộ trước 20/12", "2026-12-20"),
        ("rà soát 25/40 tiểu thương trước 30/11", "2026-11-30"),
        ("1.200 hộ, hạn 1/12", "2026-12-01"),
        ("giao chị Mai trước thứ 6", "2026-11-27"),
        ("báo cáo tháng 11 trước 5/12", "2026-12-05"),
        ("hạn 5/12, theo công văn ngày 5/3/2022", "2026-12-05"),
        ("thứ sáu trong tuần này", "2026-11-27"),
    ],
)
def test_due(text: str, expected: str) -> None:
    assert read_due(text, MONDAY) == due(expected)


@pytest.mark.parametrize(
    ("text", "reason", "candidates"),
    [
        ("20/8", "past", ["2027-08-20"]),
        ("Hạn 20/8 nộp báo cáo tháng", "past", ["2027-08-20"]),
        ("25/12/2025", "past", ["2026-12-25"]),
        ("ngày 20", "past", ["2026-12-20"]),
        ("hôm qua", "past", []),
        ("cuối tháng 2", "past", ["2027-02-28"]),
        ("7h sáng nay", "past", ["2026-11-24 07:00"]),
        ("5h", "past", ["2026-11-23 17:00", "2026-11-24 05:00"]),
        ("Trước mùng 10", "lunar", ["2026-12-10"]),
        ("truoc mung 10", "lunar", ["2026-12-10"]),
        ("mồng mười", "lunar", ["2026-12-10"]),
        ("rằm", "lunar", []),
        ("trước Tết", "lunar", []),
        ("20/11 âm lịch", "lunar", []),
        ("31/2", "no_such_day", []),
        ("32/12", "no_such_day", []),
        ("29/2", "no_such_day", ["2028-02-29"]),
        ("29/2/2027", "no_such_day", []),
        ("thứ 8", "no_such_day", []),
        ("tháng 13", "no_such_day", []),
        ("25h", "no_such_time", []),
        ("17h75 thứ 6", "no_such_time", []),
        ("8h chiều mai", "no_such_time", []),
        ("thứ hai", "which_week", ["2026-11-23", "2026-11-30"]),
        ("thu 2 17h", "which_week", ["2026-11-23 17:00", "2026-11-30 17:00"]),
        ("thứ 6 tới", "which_week", ["2026-11-27", "2026-12-04"]),
        ("thứ sáu 26/11", "weekday_mismatch", ["2026-11-26", "2026-11-27"]),
        ("thứ 7 hoặc chủ nhật", "two_days", ["2026-11-28", "2026-11-29"]),
        ("trước 20/12 và 25/12", "two_days", ["2026-12-20", "2026-12-25"]),
        ("8h-10h thứ 6", "two_times", ["2026-11-27 08:00", "2026-11-27 10:00"]),
        ("từ 1/12", "no_end", ["2026-12-01"]),
        ("mai mốt", "vague", []),
        ("vài bữa nữa", "vague", []),
        ("đầu tuần sau", "vague", ["2026-11-30", "2026-12-01"]),
        ("giữa tháng 12", "vague", ["2026-12-15", "2026-12-20"]),
        ("25/12/2062", "far", ["2062-12-25"]),
    ],
)
def test_what_is_not_certain_is_asked(text: str, reason: str, candidates: list[str]) -> None:
    read = read_due(text, MONDAY)
    assert isinstance(read, Unclear)
    assert (read.reason, read.candidates) == (reason, tuple(due(candidate) for candidate in candidates))


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("nộp trước 31/2 nha", "31/2"),
        ("thứ 6, lúc 25h", "25h"),
        ("hạn 20/8 nghen", "20/8"),
        ("trước mùng 10 lập nhóm", "mùng 10"),
        ("họp 27/11 hay 28/11", "27/11 hay 28/11"),
    ],
)
def test_the_unclear_part_is_named(text: str, part: str) -> None:
    read = read_due(text, MONDAY)
    assert isinstance(read, Unclear)
    assert read.text == part


@pytest.mark.parametrize(
    "text",
    ["", "gấp", "càng sớm càng tốt", "không có hạn", "chị Mai", "mỗi ngày 5 hộ", "10-12 hộ", "25/40 tiểu thương",
     "tối thiểu 5 người", "chợ 4.0", "ấp 3", "mức 2", "12 hồ sơ", "mot lop", "moi nguoi", "từ nay", "năm hộ",
     "sáng kiến"],
)  # fmt: skip
def test_no_date_at_all(text: str) -> None:
    assert read_due(text, MONDAY) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("thứ 2", "2026-11-30"),
        ("thứ 2 tới", "2026-11-30"),
        ("thứ 3 tuần này", None),
        ("thứ 3 này", None),
        ("mai", "2026-11-26"),
    ],
)
def test_in_the_middle_of_the_week(text: str, expected: str | None) -> None:
    read = read_due(text, WEDNESDAY)
    if expected is not None:
        assert read == due(expected)
    else:
        assert isinstance(read, Unclear)
        assert (read.reason, read.candidates) == ("past", (due("2026-12-01"),))


def test_the_edges_of_weeks_months_and_years() -> None:
    sunday = datetime(2026, 11, 29, 20, tzinfo=VIETNAM)
    assert read_due("cuối tuần", sunday) == due("2026-11-29")
    assert read_due("thứ 2", sunday) == due("2026-11-30")
    assert read_due("tuần sau", sunday) == due("2026-12-06")
    last = datetime(2026, 12, 31, 9, tzinfo=VIETNAM)
    assert read_due("mai", last) == due("2027-01-01")
    assert read_due("cuối tháng sau", last) == due("2027-01-31")
    assert read_due("quý sau", last) == due("2027-03-31")
    assert read_due("2 tháng nữa", last) == due("2027-02-28")
    assert read_due("5 tiếng nữa", last.replace(hour=22)) == due("2027-01-01 03:00")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hôm nay", "2026-11-25"), ("hum nay", "2026-11-25"), ("hnay", "2026-11-25"), ("bữa nay", "2026-11-25"),
        ("nay", "2026-11-25"), ("sáng nay", "2026-11-25"), ("hồi sáng", "2026-11-25"), ("hôm qua", "2026-11-24"),
        ("hom qua", "2026-11-24"), ("hqua", "2026-11-24"), ("bữa qua", "2026-11-24"), ("bua qua", "2026-11-24"),
        ("bữa kia", "2026-11-23"),
        ("tối qua", "2026-11-24"), ("chieu qua", "2026-11-24"), ("hôm kia", "2026-11-23"), ("hom kia", "2026-11-23"),
        ("hôm kìa", "2026-11-22"), ("20/11", "2026-11-20"), ("20-11", "2026-11-20"), ("20/11/2025", "2025-11-20"),
        ("hôm 20/11", "2026-11-20"), ("ngày 20", "2026-11-20"), ("ngày hai mươi", "2026-11-20"),
        ("thứ hai", "2026-11-23"),
        ("thu hai", "2026-11-23"), ("t2", "2026-11-23"), ("thứ 6", "2026-11-20"), ("chủ nhật", "2026-11-22"),
        ("chủ nhật rồi", "2026-11-22"), ("thứ 2 tuần trước", "2026-11-16"), ("thứ 3 tuần này", "2026-11-24"),
        ("3 ngày trước", "2026-11-22"), ("cách đây 2 bữa", "2026-11-23"), ("1 tuần trước", "2026-11-18"),
        ("hqua tổ đi 12 hộ", "2026-11-24"), ("sáng thứ 2 được 12 hộ", "2026-11-23"), ("hôm qua 24/11", "2026-11-24"),
    ],
)  # fmt: skip
def test_report_day(text: str, expected: str) -> None:
    assert read_day(text, WEDNESDAY.date()) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("text", "reason", "candidates"),
    [
        ("mai", "future", []),
        ("25/12", "future", ["2025-12-25"]),
        ("ngày 28", "future", ["2026-10-28"]),
        ("thứ sáu này", "future", ["2026-11-20"]),
        ("thứ 4", "which_week", ["2026-11-25", "2026-11-18"]),
        ("hổm rày", "vague", []),
        ("tuần rồi", "vague", ["2026-11-22"]),
        ("mùng 5", "lunar", ["2026-11-05"]),
        ("31/2", "no_such_day", []),
        ("20/11 và 21/11", "two_days", ["2026-11-20", "2026-11-21"]),
        ("từ 20/11 đến 22/11", "two_days", ["2026-11-20", "2026-11-22"]),
    ],
)
def test_report_day_that_must_be_asked(text: str, reason: str, candidates: list[str]) -> None:
    read = read_day(text, WEDNESDAY.date())
    assert isinstance(read, Unclear)
    assert (read.reason, read.candidates) == (reason, tuple(due(candidate) for candidate in candidates))


@pytest.mark.parametrize("text", ["", "12 hộ", "chú Ba 2 hồ sơ", "chị Mai 3 hồ sơ", "ấp 3"])
def test_no_report_day(text: str) -> None:
    assert read_day(text, WEDNESDAY.date()) is None


NOWS = st.datetimes(datetime(2024, 1, 1), datetime(2035, 1, 1), timezones=st.just(VIETNAM))  # noqa: DTZ001


FORMS = st.sampled_from(["{0:%d/%m/%Y}", "ngày {0:%d-%m-%Y}", "hạn {0:%d.%m.%Y}", "{0:%Y-%m-%d}"])


@given(NOWS, st.integers(1, 300), FORMS)
def test_a_full_date_ahead_is_read_back(now: datetime, ahead: int, form: str) -> None:
    day = now.date() + timedelta(days=ahead)
    assert read_due(form.format(day), now) == Due(day)


@given(NOWS, st.integers(1, 300))
def test_a_day_and_month_is_never_placed_in_the_past(now: datetime, ahead: int) -> None:
    day = now.date() + timedelta(days=ahead)
    read = read_due(f"{day.day}/{day.month}", now)
    if day.year == now.year:
        assert read == Due(day)
    elif (day.month, day.day) == (2, 29):
        assert isinstance(read, Unclear)
    else:
        assert read == Unclear("past", (Due(day),), f"{day.day}/{day.month}")


@given(NOWS, st.integers(0, 23), st.integers(0, 59))
def test_an_hour_tomorrow_is_read_back_from_every_way_of_writing_it(now: datetime, hour: int, minute: int) -> None:
    for text in (f"mai {hour}h{minute:02}", f"{hour}:{minute:02} ngày mai", f"{hour}g{minute:02} mai"):
        assert read_due(text, now) == Due(now.date() + timedelta(days=1), time(hour, minute)), text


WEEKDAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")


@given(NOWS, st.sampled_from(range(7)))
def test_a_weekday_is_within_a_week_with_and_without_marks(now: datetime, number: int) -> None:
    names = [WEEKDAYS[number], "cn" if number == 6 else f"t{number + 2}"]
    for name in (*names, *map(fold, names)):
        read = read_due(name, now)
        if number == now.weekday():
            assert isinstance(read, Unclear)
        else:
            assert isinstance(read, Due)
            assert read.day.weekday() == number
            assert 0 < (read.day - now.date()).days < 7


PIECES = st.sampled_from(
    [
        "hôm nay", "mai", "mốt", "mot", "thứ", "sáu", "6", "t6", "tuần", "sau", "tháng", "12", "31/2", "25/12", "17h",
        "giờ", "rưỡi", "kém 15", "chiều", "sang", "toi", "trước", "từ", "đến", "-", "/", ".", ":", "2026", "1,5", "½",
        "trong", "ngày", "nữa", "vài", "rằm", "mùng", "quý", "IV", "đầu", "giữa", "cuối", "hết", "năm", "nửa", "h", "g",
        "0", "9999999999",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=8).map(" ".join), st.lists(PIECES, max_size=8).map("".join))


@given(TEXTS, NOWS)
def test_no_text_is_too_strange(text: str, now: datetime) -> None:
    read = read_due(text, now)
    assert read is None or isinstance(read, Due | Unclear)
    for one in (read,) if isinstance(read, Due) else read.candidates if read else ():
        assert one.day >= now.date()
    day = read_day(text, now.date())
    assert day is None or isinstance(day, date | Unclear)
    if isinstance(day, date):
        assert day <= now.date()
