"""From which day to which: "28/11 đến 2/12", "từ mai tới thứ 6", "3 ngày từ 28/11", "tuần sau"; looking ahead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.rules.vietnamese.dates import Due, Unclear, period_bounds, place
from bot.rules.vietnamese.days import find_days
from bot.rules.vietnamese.hours import find_hours
from bot.rules.vietnamese.mentions import Mention, Offset, Period, Weekday, Written
from bot.rules.vietnamese.numerals import Tokens, read_numeral
from bot.rules.vietnamese.text import normalise
from bot.rules.vietnamese.tokens import phrase_at, phrase_before, tokenise

_FROM = ("từ", "từ ngày", "kể từ", "bắt đầu", "bắt đầu từ")
_UNTIL = ("đến", "tới", "đến ngày", "tới ngày", "đến hết", "tới hết", "hết", "hết ngày", "cho đến", "cho tới")
_COUNTED = {"ngày": 1, "bữa": 1, "hôm": 1, "tuần": 7, "tuần lễ": 7, "tháng": 30}
_NO_COUNT_BEFORE = ("sau", "trong vòng", "cách")
_NO_COUNT_AFTER = ("nữa", "sau", "trước", "này", "nay", "rồi")
_MOST = 366


@dataclass(frozen=True, slots=True)
class Span:
    """Both days are included; None is what was not said. `count`: so many days, when neither or one of them was."""

    first: date | None
    last: date | None
    count: int = 0


def read_span(text: str, now: datetime) -> Span | Unclear | None:
    """The days that are meant, as they were said: the last may lie before the first. None: no days, or more than days.

    A date without a year is the nearest; a weekday the next one. A single day is that day alone.
    """
    tokens = tokenise(normalise(text))
    mentions = [one for one in find_days(tokens) if not _is_two_days(tokens, one)]
    counted = _count(tokens, mentions)
    if counted is not None:
        mentions = [one for one in mentions if one.end <= counted[0] or one.first >= counted[1]]
    mentions = _joined(sorted([*mentions, *_bare_days(tokens, mentions, counted)], key=lambda one: one.first))
    if _has_more(tokens, mentions, counted):
        return None
    count = counted[2] if counted else 0
    if not mentions:
        return Span(None, None, count) if count else None
    if len(mentions) > 2:
        return Unclear("two_days", (), text)
    return _read(tokens, mentions, count, now)


def _read(tokens: Tokens, mentions: list[Mention], count: int, now: datetime) -> Span | Unclear:
    sides = [_side(tokens, one, mentions, now) for one in mentions]
    unclear = next((side for side in sides if isinstance(side, Unclear)), None)
    if unclear is not None:
        return unclear
    (first, single_last), *rest = [side for side in sides if not isinstance(side, Unclear)]
    if rest:
        return _between(tokens, mentions, first, rest[0][1])
    if _is_before(tokens, mentions[0], *_FROM):
        return Span(first, None) if not count else _lasting(first, count)
    if _is_end(tokens, mentions[0]):
        return Span(now.date(), single_last)
    return _lasting(first, count) if count else Span(first, single_last)


def _lasting(first: date, count: int) -> Span:
    return Span(first, first + timedelta(days=count - 1))


def _between(tokens: Tokens, mentions: list[Mention], first: date, last: date) -> Span | Unclear:
    """From one to the other; "28 và 30/11" may be two days without the one between."""
    between = tokens[mentions[0].end : mentions[1].first]
    apart = any(token.says("và") or token.is_sign(",;+") for token in between)
    if apart and last != first + timedelta(days=1):
        return Unclear("two_days", (Due(last, since=first),) if first < last else ())
    return Span(first, last)


def _side(tokens: Tokens, mention: Mention, mentions: list[Mention], now: datetime) -> tuple[date, date] | Unclear:
    """The days of one mention: one, or a whole period from today on."""
    said, today = mention.said, now.date()
    text = " ".join(token.text for token in tokens[mention.first : mention.end])
    if isinstance(said, Written):
        day = _nearest(said, mention, mentions, now)
        return (day, day) if day else Unclear("no_such_day", (), text)
    if isinstance(said, Weekday) and said.week is None and said.near in ("", "coming"):
        begin = today if mention is mentions[0] else _first_of(tokens, mentions, now) or today
        day = begin + timedelta(days=(said.number - begin.weekday()) % 7)
        return day, day
    if isinstance(said, Period):
        return _period(tokens, said, mention, mentions, today) or Unclear("vague", (), text)
    placed = place(mention, now)
    if isinstance(said, Offset) and placed.reason == "past":
        day = today + timedelta(days=said.days)
        return day, day
    return (placed.days[0], placed.days[0]) if placed.day else Unclear(placed.reason or "vague", (), text)


def _first_of(tokens: Tokens, mentions: list[Mention], now: datetime) -> date | None:
    side = _side(tokens, mentions[0], mentions[:1], now)
    return None if isinstance(side, Unclear) else side[0]


def _nearest(said: Written, mention: Mention, mentions: list[Mention], now: datetime) -> date | None:
    """A day without a month or year: the nearest to today, and of the last day to the first."""
    today = now.date()
    others = [one.said for one in mentions if one is not mention and isinstance(one.said, Written)]
    is_last = mention is not mentions[0]
    if said.month is None and said.ahead is None:
        if others and others[0].month and not is_last:  # the 28 of "28 đến 30/11"
            said = replace(said, month=others[0].month, year=others[0].year)
        else:
            begin = _nearest(others[0], mentions[0], mentions[:1], now) if is_last and others else None
            return _next_of_month(said.day, begin or today)
    if said.year or said.ahead is not None:
        placed = place(replace(mention, said=said), datetime.combine(date.min, time()) if said.year else now)
        return placed.days[0] if placed.days and placed.reason in (None, "far") else None
    around = today
    if is_last and others and (begin := _nearest(others[0], mentions[0], mentions[:1], now)):
        around = begin
    days = [day for year in (-1, 0, 1) if (day := _date(around.year + year, said.month or 1, said.day))]
    return min(days, key=lambda day: abs(day - around), default=None)


def _next_of_month(day: int, begin: date) -> date | None:
    months = [begin.year * 12 + begin.month - 1 + ahead for ahead in range(3)]
    found = [one for month in months if (one := _date(month // 12, month % 12 + 1, day)) and one >= begin]
    return found[0] if found else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _period(
    tokens: Tokens, said: Period, mention: Mention, mentions: list[Mention], today: date
) -> tuple[date, date] | None:
    """All of it, of this one what is left; of a week's end the Saturday and Sunday, of any other end only as an end."""
    found = period_bounds(said, today)
    if found is None or said.part in ("first", "middle"):
        return None
    first, last = found
    if tokens[mention.first].says("cuối") and len(mentions) == 1 and not _is_before(tokens, mention, *_UNTIL):
        if said.unit != "week":
            return None
        first = last - timedelta(days=1)
    return (max(first, today) if last >= today else first), last


def _joined(mentions: list[Mention]) -> list[Mention]:
    """ "thứ sáu 27/11" is one day, by its number."""
    kept: list[Mention] = []
    for one in mentions:
        before = kept[-1] if kept else None
        if before and before.end == one.first and isinstance(before.said, Weekday) and isinstance(one.said, Written):
            kept[-1] = Mention(before.first, one.end, one.said)
        else:
            kept.append(one)
    return kept


def _count(tokens: Tokens, mentions: list[Mention]) -> tuple[int, int, int] | None:
    """Where "3 ngày" stands, and how many days that is; "3 ngày nữa" is a day."""
    dates = {at for one in mentions if isinstance(one.said, Written) for at in range(one.first, one.end)}
    for at in range(len(tokens)):
        numeral = read_numeral(tokens, at) if at not in dates else None
        if numeral is None or not numeral.value or numeral.high is not None:
            continue
        length = phrase_at(tokens, numeral.end, *_COUNTED)
        if not length or phrase_before(tokens, at, *_NO_COUNT_BEFORE):
            continue
        end = numeral.end + length
        unit = next(days for word, days in _COUNTED.items() if phrase_at(tokens, numeral.end, word) == length)
        if phrase_at(tokens, end, *_NO_COUNT_AFTER) or numeral.value * unit > _MOST:
            continue
        return at, end + phrase_at(tokens, end, "tới"), numeral.value * unit
    return None


def _bare_days(tokens: Tokens, mentions: list[Mention], counted: tuple[int, int, int] | None) -> list[Mention]:
    """The 28 and 30 of "từ 28 đến 30", which alone might be any numbers."""
    taken = {at for one in mentions for at in range(one.first, one.end)} | set(range(*counted[:2]) if counted else ())
    found = []
    for at, token in enumerate(tokens):
        if token.kind != "number" or at in taken or not token.text.isdecimal() or not 1 <= int(token.text[:9]) <= 31:
            continue
        linked = phrase_before(tokens, at, *_FROM, *_UNTIL) or phrase_at(tokens, at + 1, *_UNTIL)
        dashed = any(0 <= near < len(tokens) and tokens[near].is_sign("-–—→>") for near in (at - 1, at + 1))
        if linked or dashed:
            found.append(Mention(at, at + 1, Written(int(token.text))))
    return found


def _is_two_days(tokens: Tokens, mention: Mention) -> bool:
    """28-30 is no 28th day of a 30th month."""
    said = mention.said
    no_date = isinstance(said, Written) and said.year is None and (said.month or 1) > 12
    return no_date and mention.end - mention.first == 3 and tokens[mention.first + 1].is_sign("-–—")


def _has_more(tokens: Tokens, mentions: list[Mention], counted: tuple[int, int, int] | None) -> bool:
    """Whether a number was said that is no day: none is passed over."""
    taken = {at for one in mentions for at in range(one.first, one.end)} | set(range(*counted[:2]) if counted else ())
    taken |= {at for hour in find_hours(tokens, mentions) for at in range(hour.first, hour.end)}
    return any(token.kind in ("number", "odd") and at not in taken for at, token in enumerate(tokens))


def _is_before(tokens: Tokens, mention: Mention, *words: str) -> bool:
    return bool(phrase_before(tokens, mention.first, *words))


def _is_end(tokens: Tokens, mention: Mention) -> bool:
    """ "đến 30/11", "hết tuần này": from today on."""
    return _is_before(tokens, mention, *_UNTIL) or tokens[mention.first].says("đến", "tới", "hết")
