"""When: due dates of tasks and days of reports. What is not certain comes back with the days it may mean."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from bot.rules.vietnamese.days import find_days
from bot.rules.vietnamese.hours import Hour, find_hours
from bot.rules.vietnamese.mentions import (
    Lunar,
    Mention,
    Minutes,
    NoDay,
    Offset,
    Period,
    Said,
    SomeDay,
    Weekday,
    Written,
)
from bot.rules.vietnamese.numerals import Tokens
from bot.rules.vietnamese.text import normalise
from bot.rules.vietnamese.tokens import phrase_before, tokenise

Reason = Literal[
    "past",  # over already; candidates: the next time it comes round
    "future",  # a report's day that has not come; candidates: the last time it was
    "lunar",  # mùng, rằm, Tết; candidates: the same numbers in the sun's calendar
    "no_such_day",  # 31/2, thứ 8
    "no_such_time",  # 25h, 17h75, 8h chiều
    "which_week",  # thứ sáu tới; a weekday that is today
    "weekday_mismatch",  # thứ sáu 25/12, which is a Thursday; candidates: the date, the weekday
    "two_days",
    "two_times",
    "no_end",  # từ 1/12
    "vague",  # mai mốt, vài bữa nữa, đầu tháng
    "far",  # years away: most likely a slip
]


@dataclass(frozen=True, slots=True)
class Due:
    """Due on `day`, by `time` (None: by the end of the day), in local time. `since`: the first day of a window."""

    day: date
    time: time | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """A day was said, but it must be asked which. `candidates` may be empty; `text` is the part that is unclear."""

    reason: Reason
    candidates: tuple[Due, ...] = ()
    text: str = ""


# Later than this nothing is planned; 2062 is 2026 mistyped.
_FAR = timedelta(days=3 * 366)
_DEADLINE = (
    "trước", "trước ngày", "hạn", "hạn chót", "hạn cuối", "hạn ngày", "chậm nhất", "chậm nhất là", "trễ nhất",
    "muộn nhất", "đến", "tới", "đến ngày", "tới ngày", "hết", "hết ngày", "xong", "hoàn thành", "xong trước",
)  # fmt: skip
_LINKS = (
    "đến",
    "tới",
    "đến ngày",
    "tới ngày",
    "đến hết",
    "tới hết",
    "đến hết ngày",
    "tới hết ngày",
    "cho đến",
    "cho tới",
)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A mention in the calendar: one clear day, or why not and which it may be. `start`: first day of its period."""

    mention: Mention
    days: tuple[date, ...]
    reason: Reason | None = None
    at: time | None = None
    start: date | None = None

    @property
    def day(self) -> date | None:
        return self.days[0] if self.reason is None else None


def read_due(text: str, now: datetime) -> Due | Unclear | None:
    """The due date in `text`, seen from `now` (aware, local time). None: it says no day and no time.

    "trước 25/12" is due on 25/12 itself. A time without a day is today's. "chiều nay" without an hour ends at 17:00.
    """
    text = normalise(text)
    tokens = tokenise(text)
    mentions = find_days(tokens)
    hours = find_hours(tokens, mentions)
    if not mentions and not hours:
        return None
    if (wrong := next((hour for hour in hours if hour.at is None), None)) is not None:
        return Unclear("no_such_time", (), _part(text, tokens, wrong.first, wrong.end))
    window, mentions = _window(tokens, mentions, now.date())
    chosen = _choose(tokens, [place(mention, now) for mention in mentions], is_due=True)
    if isinstance(chosen, Unclear):
        return replace(chosen, text=_part(text, tokens, mentions[0].first, mentions[-1].end))
    said = _part(text, tokens, chosen.mention.first, chosen.mention.end) if chosen else text
    times = list(dict.fromkeys(hour.at for hour in _wanted_hours(tokens, hours)))
    if len(times) > 1:
        day = (chosen.day if chosen else None) or now.date()
        return Unclear(
            "two_times", tuple(Due(day, at) for at in times), _part(text, tokens, hours[0].first, hours[-1].end)
        )
    if chosen is None:
        return _today_at(hours[0], now, text)
    at = chosen.at or (times[0] if times else None)
    if chosen.reason is not None:
        return Unclear(chosen.reason, tuple(Due(day, at, window) for day in chosen.days), said)
    if window is None and phrase_before(tokens, chosen.mention.first, "từ", "kể từ", "bắt đầu", "bắt đầu từ"):
        return Unclear("no_end", (Due(chosen.days[0], at),), said)
    return _checked(chosen, at, hours, window, now, said)


def read_day(text: str, today: date) -> date | Unclear | None:
    """The day a report speaks of: today or before. None: it says no day.

    A weekday is the last one; a date without a year is this year's.
    """
    text = normalise(text)
    tokens = tokenise(text)
    return day_of(text, tokens, find_days(tokens), today)


def day_of(text: str, tokens: Tokens, mentions: list[Mention], today: date) -> date | Unclear | None:
    """The same, of the given mentions in a text already taken apart."""
    if not mentions:
        return None
    placed = [_place_back(mention, today) for mention in mentions]
    chosen = _choose(tokens, placed, is_due=False)
    if chosen is None:
        return None
    if isinstance(chosen, Unclear):
        return replace(chosen, text=_part(text, tokens, mentions[0].first, mentions[-1].end))
    said = _part(text, tokens, chosen.mention.first, chosen.mention.end)
    if chosen.reason is not None:
        return Unclear(chosen.reason, tuple(Due(day) for day in chosen.days), said)
    if chosen.days[0] > today:
        return Unclear("future", _last_time(chosen.mention.said, today), said)
    return chosen.days[0]


# Choosing among what was said.


def _choose(tokens: Tokens, placed: list[_Placed], is_due: bool) -> _Placed | Unclear | None:
    """The one day meant; Unclear when several different ones are left."""
    placed = [one for one in placed if not _is_doubtful(one)] or placed
    placed = [one for one in placed if not _is_named(one)] or placed
    placed = _without_periods_around(placed)
    if is_due and len(placed) > 1:
        placed = _with_deadline(tokens, placed)
    if len(placed) < 2:
        return placed[0] if placed else None
    return _agreed(placed)


def _with_deadline(tokens: Tokens, placed: list[_Placed]) -> list[_Placed]:
    """Only the day that a word like "trước" marks, unless another stands right beside it."""
    wanted = [one for one in placed if _has_deadline(tokens, one.mention)]
    if len(wanted) != 1:
        return placed
    (mention,) = (one.mention for one in wanted)
    gaps = (
        max(one.mention.first - mention.end, mention.first - one.mention.end) for one in placed if one not in wanted
    )
    return wanted if min(gaps) > 1 else placed


def _is_named(one: _Placed) -> bool:
    return isinstance(one.mention.said, Period) and one.mention.said.is_named


def _is_doubtful(one: _Placed) -> bool:
    return isinstance(one.mention.said, Written) and one.mention.said.is_doubtful


def _without_periods_around(placed: list[_Placed]) -> list[_Placed]:
    """ "thứ sáu trong tuần này": a period that holds another day said adds nothing."""
    days = [day for one in placed if one.start is None for day in one.days]
    return [
        one
        for one in placed
        if one.start is None or not any(one.start <= day <= max(one.days) for day in days if one.days)
    ]


def _has_deadline(tokens: Tokens, mention: Mention) -> bool:
    """Whether a word like "trước" stands just before, perhaps with a time between: trước 15h ngày 10/12."""
    first = mention.first
    for _ in range(5):
        if phrase_before(tokens, first, *_DEADLINE):
            return True
        if not first or not (
            tokens[first - 1].kind == "number" or tokens[first - 1].says("h", "g", "giờ", "ngày", "rưỡi")
        ):
            return False
        first -= 1
    return False


def _agreed(placed: list[_Placed]) -> _Placed | Unclear:
    """Several mentions of one day are one (thứ sáu 27/11); others must be asked."""
    bad = next((one for one in placed if one.reason in ("no_such_day", "lunar")), None)
    if bad is not None:
        return bad
    common = set(placed[0].days).intersection(*(one.days for one in placed[1:]))
    if len(common) == 1:
        clear = next((one for one in placed if one.reason is None), placed[0])
        return replace(clear, days=tuple(common), reason=None)
    by_name = [one for one in placed if isinstance(one.mention.said, Weekday)]
    by_number = [one for one in placed if isinstance(one.mention.said, Written)]
    if len(placed) == 2 and by_name and by_number:
        return _with_weekday(by_number[0], by_name[0])
    days = dict.fromkeys(day for one in placed for day in one.days)
    return Unclear("two_days", tuple(Due(day) for day in days))


def _with_weekday(numbered: _Placed, named: _Placed) -> _Placed | Unclear:
    """A date beside a weekday of another week agrees when the date falls on that weekday."""
    said = named.mention.said
    assert isinstance(said, Weekday)
    if numbered.days and numbered.days[0].weekday() == said.number and said.week is None:
        return numbered
    days = dict.fromkeys((*numbered.days[:1], *named.days[:1]))
    return Unclear("weekday_mismatch", tuple(Due(day) for day in days))


def _wanted_hours(tokens: Tokens, hours: list[Hour]) -> list[Hour]:
    wanted = [hour for hour in hours if phrase_before(tokens, hour.first, *_DEADLINE, "lúc")]
    return wanted if len(wanted) == 1 else hours


# Windows: từ 1/12 đến 31/12.


def _window(tokens: Tokens, mentions: list[Mention], today: date) -> tuple[date | None, list[Mention]]:
    """The first day of a window and the mentions without it; (None, all of them) when there is none."""
    for place, last in enumerate(mentions):
        link = phrase_before(tokens, last.first, *_LINKS)
        if not link and last.first and tokens[last.first - 1].is_sign("-–—"):
            link = 1
        if not link:
            continue
        if place and mentions[place - 1].end == last.first - link:
            first = mentions[place - 1]
            end = _window_end(first, last, today)
            start = _latest_until(first.said, end, today) if end else None
            if start is not None and end is not None:
                return start, [*mentions[: place - 1], replace(last, said=_exactly(end)), *mentions[place + 1 :]]
        start = _day_before_link(tokens, last, link, today)
        if start is not None:
            return start, mentions
    return None, mentions


def _window_end(first: Mention, last: Mention, today: date) -> date | None:
    """The last day of a window; "từ 25/12 đến 5/1" runs into the next year."""
    placed = place(last, datetime.combine(today, time()))
    if placed.reason == "past" and isinstance(first.said, Written) and isinstance(last.said, Written):
        begin = _of_year(first.said, today)
        return placed.days[0] if begin and placed.days and begin >= today and last.said.year is None else None
    return placed.days[0] if placed.days and placed.reason in (None, "which_week") else None


def _latest_until(said: Said, end: date, today: date) -> date | None:
    """The latest day not after `end` that `said` may mean."""
    days: list[date] = []
    if isinstance(said, Written):
        years = (said.year,) if said.year else (end.year, end.year - 1)
        days = [day for year in years if (day := _date(year, said.month or end.month, said.day))]
    elif isinstance(said, Weekday):
        days = [end - timedelta(days=(end.weekday() - said.number) % 7)]
    elif isinstance(said, Offset):
        days = list(_shifted(today, said))
    return next((day for day in days if day <= end), None)


def _day_before_link(tokens: Tokens, last: Mention, link: int, today: date) -> date | None:
    """The 1 of "từ 1 đến 5/9" and "1-5/9"."""
    at = last.first - link - 1
    if at < 0 or not isinstance(last.said, Written) or tokens[at].kind != "number" or len(tokens[at].text) > 2:
        return None
    days = _place_written(last, last.said, today).days
    first = _date(days[0].year, days[0].month, int(tokens[at].text)) if days else None
    return first if first and first < days[0] else None


def _exactly(day: date) -> Written:
    return Written(day.day, day.month, day.year)


# In the calendar, looking ahead.


def place(mention: Mention, now: datetime) -> _Placed:
    """Where a mention lies when something is due."""
    today = now.date()
    match mention.said:
        case Written() as said:
            return _place_written(mention, said, today)
        case Weekday() as said:
            return _place_weekday(mention, said, today)
        case Offset() as said:
            days = _shifted(today, said)
            return _Placed(
                mention, days if days and days[0] >= today else (), None if days and days[0] >= today else "past"
            )
        case Minutes() as said:
            moment = now + timedelta(minutes=said.minutes)
            is_past = said.minutes < 0
            return _Placed(mention, () if is_past else (moment.date(),), "past" if is_past else None, _minute(moment))
        case Period() as said:
            return _place_period(mention, said, today)
        case Lunar() as said:
            return _Placed(mention, _next_of(said.solar, today) if said.solar else (), "lunar")
        case SomeDay() as said:
            near = said.near if said.near and said.near > 0 else None
            return _Placed(mention, (today + timedelta(days=near),) if near else (), "vague")
        case NoDay():
            return _Placed(mention, (), "no_such_day")


def _minute(moment: datetime) -> time:
    return time(moment.hour, moment.minute)


def _place_written(mention: Mention, said: Written, today: date) -> _Placed:
    day = _of_year(said, today)
    if day is None:
        # 29/2 exists, only not every year.
        return _Placed(mention, _next_of(said, today) if said.year is None else (), "no_such_day")
    if day < today:
        return _Placed(mention, _next_of(replace(said, year=None), today), "past")
    return _Placed(mention, (day,), "far" if day > today + _FAR else None)


def _of_year(said: Written, today: date) -> date | None:
    """The day of this month and year where none was said."""
    if said.ahead is not None:
        year, month = divmod(today.year * 12 + today.month - 1 + said.ahead, 12)
        return _date(year, month + 1, said.day)
    return _date(said.year or today.year, said.month or today.month, said.day)


def _next_of(said: Written, today: date) -> tuple[date, ...]:
    """The next day from today on with these numbers; empty when there is none (31/2)."""
    if said.year is not None:
        day = _date(said.year, said.month or today.month, said.day)
        return (day,) if day and day >= today else ()
    months = [said.month] if said.month else [(today.month - 1 + ahead) % 12 + 1 for ahead in range(12)]
    days = [_date(today.year + ahead, month, said.day) for ahead in range(9) for month in months]
    return tuple(sorted(day for day in days if day and day >= today)[:1])


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _shifted(today: date, offset: Offset) -> tuple[date, ...]:
    """Today and so many days or months; the last day of a shorter month. Empty beyond the calendar."""
    months = today.year * 12 + today.month - 1 + offset.months
    year, month = divmod(months, 12)
    try:
        day = date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
        return (day + timedelta(days=offset.days),)
    except (ValueError, OverflowError):
        return ()


def _place_weekday(mention: Mention, said: Weekday, today: date) -> _Placed:
    this = today + timedelta(days=said.number - today.weekday())
    week = timedelta(days=7)
    if said.near == "last" or (said.week is not None and said.week < 0):
        return _Placed(mention, (this if this >= today else this + week,), "past")
    if said.week is not None or said.near == "this":
        day = this + week * (said.week or 0)
        return _Placed(mention, (day if day >= today else day + week,), None if day >= today else "past")
    if this < today:
        return _Placed(mention, (this + week,))
    if this == today or said.near == "coming":
        return _Placed(mention, (this, this + week), "which_week")
    return _Placed(mention, (this,))


def _place_period(mention: Mention, said: Period, today: date) -> _Placed:
    bounds = period_bounds(said, today)
    if bounds is None:
        return _Placed(mention, (), "no_such_day")
    first, last = bounds
    if said.part in ("first", "middle"):
        days = tuple(day for day in _days_within(said, first) if day >= today)
        return _Placed(mention, days, "vague", start=first)
    if last < today:
        later = (
            period_bounds(replace(said, year=None), today.replace(year=today.year + 1, day=1)) if said.number else None
        )
        return _Placed(mention, (later[1],) if later else (), "past", start=first)
    return _Placed(mention, (last,), "far" if last > today + _FAR else None, start=first)


def period_bounds(said: Period, today: date) -> tuple[date, date] | None:
    """First and last day of the period."""
    if said.unit == "week":
        monday = today - timedelta(days=today.weekday()) + timedelta(days=7 * said.ahead)
        return monday, monday + timedelta(days=6)
    length = {"month": 1, "quarter": 3, "year": 12}[said.unit]
    index = today.month - 1 if said.number is None else (said.number - 1) * length
    months = (
        (said.year or today.year) * 12 + (0 if said.unit == "year" else index - index % length) + said.ahead * length
    )
    last = months + length - 1
    if not 12 <= months <= last < 9999 * 12 or (said.number is not None and not 1 <= said.number <= 12 // length):
        return None
    year, month = divmod(last, 12)
    return date(months // 12, months % 12 + 1, 1), date(year, month + 1, monthrange(year, month + 1)[1])


def _days_within(said: Period, first: date) -> tuple[date, ...]:
    """What "đầu" and "giữa" may mean, to choose from."""
    if said.unit == "week":
        offsets = (0, 1) if said.part == "first" else (2, 3)
    elif said.unit == "month":
        offsets = (4, 9) if said.part == "first" else (14, 19)
    else:
        return ()
    return tuple(first + timedelta(days=offset) for offset in offsets)


def _today_at(hour: Hour, now: datetime, text: str) -> Due | Unclear:
    """A time without a day is today's, if it is still to come."""
    assert hour.at is not None
    if hour.at > _minute(now):
        return Due(now.date(), hour.at)
    return Unclear("past", _later_times(hour, now.date(), now), text)


def _later_times(hour: Hour, day: date, now: datetime) -> tuple[Due, ...]:
    """This afternoon, when 5h may be 17h; tomorrow at the same hour."""
    assert hour.at is not None
    evening = hour.at.replace(hour=hour.at.hour + 12) if hour.is_open else None
    later = [Due(day, evening)] if evening and evening > _minute(now) else []
    return (*later, Due(day + timedelta(days=1), hour.at))


def _checked(
    chosen: _Placed, at: time | None, hours: list[Hour], window: date | None, now: datetime, said: str
) -> Due | Unclear:
    """The due date, unless its hour is over."""
    day = chosen.days[0]
    if at is not None and chosen.at is None and day == now.date() and at <= _minute(now):
        return Unclear("past", _later_times(hours[0], day, now), said)
    return Due(day, at, window)


# In the calendar, looking back.


def _place_back(mention: Mention, today: date) -> _Placed:
    """Where a mention lies when something was done."""
    match mention.said:
        case Written() as said:
            day = _of_year(said, today)
            if day is None:
                return _Placed(mention, (), "no_such_day")
            return _Placed(mention, (day,))
        case Weekday() as said:
            return _weekday_back(mention, said, today)
        case Offset() as said:
            return _Placed(mention, _shifted(today, said), None if _shifted(today, said) else "no_such_day")
        case Minutes() as said:
            return _Placed(mention, (today,), None if said.minutes <= 0 else "future")
        case Period() as said:
            bounds = period_bounds(said, today)
            return _Placed(mention, (bounds[1],) if bounds else (), "vague", start=bounds[0] if bounds else None)
        case Lunar() as said:
            solar = _of_year(said.solar, today) if said.solar else None
            return _Placed(mention, (solar,) if solar and solar <= today else (), "lunar")
        case SomeDay() as said:
            near = said.near if said.near and said.near < 0 else None
            return _Placed(mention, (today + timedelta(days=near),) if near else (), "vague")
        case NoDay():
            return _Placed(mention, (), "no_such_day")


def _weekday_back(mention: Mention, said: Weekday, today: date) -> _Placed:
    this = today + timedelta(days=said.number - today.weekday())
    week = timedelta(days=7)
    if said.week is not None or said.near == "this":
        return _Placed(mention, (this + week * (said.week or 0),))
    if said.near == "coming":
        return _Placed(mention, (this if this > today else this + week,))
    if this == today and said.near != "last":
        return _Placed(mention, (today, today - week), "which_week")
    return _Placed(mention, (this if this < today else this - week,))


def _last_time(said: Said, today: date) -> tuple[Due, ...]:
    """The last day not after today with the same numbers, or the same weekday."""
    if isinstance(said, Weekday):
        return (Due(today - timedelta(days=(today.weekday() - said.number) % 7)),)
    if not isinstance(said, Written):
        return ()
    months = [said.month] if said.month else list(range(1, 13))
    days = [_date(today.year - ago, month, said.day) for ago in range(9) for month in months]
    return tuple(Due(day) for day in sorted((day for day in days if day and day <= today), reverse=True)[:1])


def _part(text: str, tokens: Tokens, first: int, end: int) -> str:
    return text[tokens[first].start : tokens[end - 1].end] if first < end else ""
