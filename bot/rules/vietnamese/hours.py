"""Times of day as people say them: 17h30, 17g, 5 giờ chiều, 5 rưỡi chiều, 5h kém 15, sáng."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from bot.rules.vietnamese.mentions import PARTS_OF_DAY, Mention
from bot.rules.vietnamese.numerals import Tokens, read_numeral
from bot.rules.vietnamese.text import has_diacritics
from bot.rules.vietnamese.tokens import phrase_at

# A part of the day without an hour ends with the office's or the evening's last hour.
_LAST_HOUR = {"sáng": 11, "trưa": 12, "chiều": 17, "tối": 21, "đêm": 23, "khuya": 23}
# Which hours may be said with each part, and which hours of the clock they are.
_HOURS = {
    "sáng": {hour: hour for hour in range(12)},
    "trưa": {10: 10, 11: 11, 12: 12, 13: 13, 14: 14, 1: 13, 2: 14},
    "chiều": {12: 12} | {hour: hour + 12 for hour in range(1, 8)} | {hour: hour for hour in range(13, 20)},
    "tối": {hour: hour + 12 for hour in range(5, 12)} | {hour: hour for hour in range(17, 24)} | {12: 24, 24: 24},
    "đêm": {hour: hour + 12 for hour in range(7, 12)} | {hour: hour for hour in (*range(5), *range(19, 25))} | {12: 24},
}
_HOURS["khuya"] = _HOURS["đêm"]
_END_OF_DAY = time(23, 59)


@dataclass(frozen=True, slots=True)
class Hour:
    """A time of day said by the tokens `first` to `end` (exclusive); `at` None: there is no such time.

    `is_open`: said without a part of the day and before noon, so that the afternoon may be meant.
    """

    first: int
    end: int
    at: time | None
    is_open: bool = False


def find_hours(tokens: Tokens, days: list[Mention]) -> list[Hour]:
    """All times of day outside the tokens that say a day; a part of the day counts when no hour is said."""
    taken = {place for day in days for place in range(day.first, day.end)}
    clocks = _clocks(tokens, taken)
    parts = _parts(tokens, taken, days, clocks)
    hours: list[Hour] = []
    for first, end, hour, minute in clocks:
        part = next((part for place, part in parts if place == end), None)
        if part is None:
            # "sáng mai 7h": the part stands before.
            part = next((part for place, part in reversed(parts) if place < first), None)
        hours.append(_hour(first, end, hour, minute, part))
    if hours:
        return hours
    return [Hour(place, place + 1, time(_LAST_HOUR[part])) for place, part in parts]


def _hour(first: int, end: int, hour: int, minute: int, part: str | None) -> Hour:
    known = _HOURS[part].get(hour) if part else hour
    if known is None or known > 24 or minute > 59 or (known == 24 and minute):
        return Hour(first, end, None)
    if known == 24:
        return Hour(first, end, _END_OF_DAY)
    return Hour(first, end, time(known, minute), is_open=part is None and 0 < known < 12)


_Clock = tuple[int, int, int, int]


def _clocks(tokens: Tokens, taken: set[int]) -> list[_Clock]:
    """First and end token, hour and minute of everything that looks like a clock time, possible or not."""
    clocks: list[_Clock] = []
    at = 0
    while at < len(tokens):
        clock = None if at in taken else _clock(tokens, at, taken)
        if clock is not None:
            clocks.append(clock)
        at = clock[1] if clock else at + 1
    return clocks


def _clock(tokens: Tokens, at: int, taken: set[int]) -> _Clock | None:
    number = _small_number(tokens, at)
    if number is None:
        return None
    hour, end = number
    if end >= len(tokens) or end in taken:
        return None
    unit = tokens[end]
    if unit.is_sign(":") and unit.glued and end + 1 < len(tokens) and tokens[end + 1].glued:
        minute = _small_number(tokens, end + 1)
        return (at, minute[1], hour, minute[0]) if minute else None
    if unit.says("rưỡi", "rưởi") and tokens[end - 1].kind in ("number", "word"):
        is_time = end + 1 >= len(tokens) or phrase_at(tokens, end + 1, *PARTS_OF_DAY) or end + 1 in taken
        return (at, end + 1, hour, 30) if is_time else None
    is_unit = unit.says("giờ", "h") or (unit.text.lower() == "g" and unit.glued)
    if not is_unit:
        return None
    return at, *_minutes(tokens, end + 1, hour, taken)


def _minutes(tokens: Tokens, at: int, hour: int, taken: set[int]) -> tuple[int, int, int]:
    """Where the time ends, its hour and minute, from what follows the hour's unit: 30, rưỡi, kém 15."""
    if at >= len(tokens) or at in taken:
        return at, hour, 0
    if tokens[at].says("rưỡi", "rưởi"):
        return at + 1, hour, 30
    if tokens[at].says("kém") and (number := _small_number(tokens, at + 1)) is not None:
        minute, end = number
        if 0 < minute < 60:
            return end + phrase_at(tokens, end, "phút", "p"), (hour or 24) - 1, 60 - minute
    is_minute = tokens[at].kind == "number" and (tokens[at].glued or phrase_at(tokens, at + 1, "phút", "p"))
    if (is_minute or _is_alone(tokens, at)) and (number := _small_number(tokens, at)) is not None:
        minute, end = number
        return end + phrase_at(tokens, end, "phút", "p"), hour, minute
    return at, hour, 0


def _is_alone(tokens: Tokens, at: int) -> bool:
    """ "17 giờ 30": two digits with no unit of their own."""
    is_last = (
        at + 1 >= len(tokens)
        or tokens[at + 1].kind != "word"
        or bool(phrase_at(tokens, at + 1, *PARTS_OF_DAY, "ngày", "thứ", "mai", "hôm"))
    )
    return tokens[at].kind == "number" and len(tokens[at].text) == 2 and is_last


def _small_number(tokens: Tokens, at: int) -> tuple[int, int] | None:
    """A number of at most two digits, in digits or words, and where it ends."""
    if at >= len(tokens):
        return None
    if tokens[at].kind == "number":
        text = tokens[at].text
        return (int(text), at + 1) if text.isdecimal() and len(text) <= 2 else None
    numeral = read_numeral(tokens, at)
    if numeral is None or numeral.value is None or numeral.high is not None or numeral.value > 99:
        return None
    return numeral.value, numeral.end


def _parts(tokens: Tokens, taken: set[int], days: list[Mention], clocks: list[_Clock]) -> list[tuple[int, str]]:
    """Places of sáng, trưa, chiều, tối, đêm, khuya."""
    starts = {day.first for day in days}
    ends = {clock[1] for clock in clocks}
    is_bare_text = not any(has_diacritics(token.text) for token in tokens)
    parts: list[tuple[int, str]] = []
    for place, token in enumerate(tokens):
        part = next((part for part in PARTS_OF_DAY if token.says(part)), None)
        if part is None or place in taken or not _is_beside(tokens, place, days, clocks):
            continue
        if (
            token.is_bare
            and part in ("sáng", "tối", "đêm")
            and not _is_part(tokens, place, part, starts, ends, is_bare_text)
        ):
            continue
        parts.append((place, part))
    return parts


def _is_beside(tokens: Tokens, place: int, days: list[Mention], clocks: list[_Clock]) -> bool:
    """Beside a day or an hour, or alone: not the "tối" of "tối thiểu" nor the "sáng" of "sáng kiến"."""
    following = place + 1 + phrase_at(tokens, place + 1, "lúc")
    around = [(day.first, day.end) for day in days] + [(clock[0], clock[1]) for clock in clocks]
    return len(tokens) == 1 or any(place == end or following == first for first, end in around)


def _is_part(tokens: Tokens, place: int, part: str, starts: set[int], ends: set[int], is_bare_text: bool) -> bool:
    """Bare "sang", "toi", "dem" are also "to", "until" and "bring"."""
    if place in ends:
        return place + 1 not in starts or tokens[place + 1].says("nay", "mai")
    if place + 1 not in starts:
        return False
    following = tokens[place + 1]
    if part == "tối":
        # "toi mai" is "tối mai" or "tới mai": the day is clear, the hour is not.
        return following.says("nay")
    return following.says("nay", "mai", "mơi", "qua") or is_bare_text
