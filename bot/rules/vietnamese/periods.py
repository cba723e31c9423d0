"""Weeks, months, quarters and years."""

from __future__ import annotations

from typing import Literal

from bot.rules.vietnamese.mentions import Mention, Period
from bot.rules.vietnamese.numbered import integer_at, is_counted
from bot.rules.vietnamese.numerals import Tokens, read_numeral
from bot.rules.vietnamese.tokens import phrase_at, phrase_before


def period_at(tokens: Tokens, at: int) -> Mention | None:
    part: Literal["", "first", "middle", "last"] = ""
    openings: tuple[tuple[Literal["first", "middle", "last"], tuple[str, ...]], ...] = (
        ("first", ("đầu",)),
        ("middle", ("giữa",)),
        ("last", ("cuối", "hết", "tới hết", "đến hết", "trong", "nội trong", "cuối của")),
    )
    opening = 0
    for name, words in openings:
        if length := phrase_at(tokens, at, *words):
            part, opening = name, length
    start = at + opening
    if not opening and at and tokens[at - 1].says("mỗi", "từng") and phrase_at(tokens, at + 1, "tới"):
        return None  # "moi tuan toi giup": every week I help
    if (week := week_words(tokens, start)) is not None:
        return Mention(at, start + week[1], Period("week", ahead=week[0], part=part))
    if part and phrase_at(tokens, start, "tuần"):
        return Mention(at, start + 1, Period("week", part=part))
    has_deadline = bool(part) or bool(phrase_before(tokens, at, "trước", "tới", "đến", "hạn"))
    for unit, word in (("month", "tháng"), ("quarter", "quý"), ("year", "năm")):
        found = _period_of(tokens, start, unit, word, part)
        if found is not None:
            period, end = found
            is_named = not has_deadline and period.number is not None and (at > 0 or end < len(tokens))
            period = Period(period.unit, period.number, period.ahead, period.year, part, is_named)
            return Mention(at, end, period)
    return None


def _period_of(tokens: Tokens, at: int, unit: str, word: str, part: str) -> tuple[Period, int] | None:
    kind: Literal["month", "quarter", "year"] = (
        "month" if unit == "month" else "quarter" if unit == "quarter" else "year"
    )
    if at >= len(tokens):
        return None
    if not tokens[at].says(word):
        return _short_period(tokens, at) if unit == "month" else None
    for ahead, phrases in ((0, ("này", "nầy", "nay")), (1, ("sau", "tới")), (-1, ("rồi", "trước", "qua", "ngoái"))):
        if length := phrase_at(tokens, at + 1, *phrases):
            return Period(kind, ahead=ahead), at + 1 + length
    number = _period_number(tokens, at + 1, unit)
    if number is None:
        return (Period(kind), at + 1) if part else None
    value, end = number
    if unit == "year":
        return Period("year", year=value), end
    has_link = end < len(tokens) and (tokens[end].is_sign("/-") or tokens[end].says("năm"))
    year = integer_at(tokens, end + 1, 4) if has_link else None
    return Period(kind, value, year=year), end + (0 if year is None else 2)


def _period_number(tokens: Tokens, at: int, unit: str) -> tuple[int, int] | None:
    """The 12 of "tháng 12", the 4 of "quý IV", the 2026 of "năm 2026", and where it ends."""
    if at >= len(tokens):
        return None
    if unit == "year":
        year = integer_at(tokens, at, 4)
        return (year, at + 1) if year is not None else None
    roman = {"i": 1, "ii": 2, "iii": 3, "iv": 4}.get(tokens[at].text.lower()) if unit == "quarter" else None
    if roman:
        return roman, at + 1
    if tokens[at].says("tư"):
        return 4, at + 1
    numeral = read_numeral(tokens, at)
    if numeral is None or numeral.value is None or numeral.value > 99 or is_counted(tokens, numeral.end):
        return None
    return numeral.value, numeral.end


def _short_period(tokens: Tokens, at: int) -> tuple[Period, int] | None:
    """T8 to T12 are months (T2 to T7 are weekdays); Q4."""
    if at + 1 >= len(tokens) or not tokens[at + 1].glued or not tokens[at + 1].text.isdecimal():
        return None
    letter, number = tokens[at].text.lower(), int(tokens[at + 1].text[:3])
    if letter == "q" and 1 <= number <= 4:
        return Period("quarter", number), at + 2
    if letter == "t" and number in (1, 8, 9, 10, 11, 12):
        return Period("month", number), at + 2
    return None


def week_words(tokens: Tokens, at: int) -> tuple[int, int] | None:
    """Which week, and how many tokens say so: trong tuần này, tuần sau, tuần tới, sang tuần, tuần rồi."""
    opening = phrase_at(tokens, at, "trong", "của", "vào")
    for week, phrases in (
        (2, ("tuần sau nữa", "tuần tới nữa")),
        (1, ("tuần sau", "tuần tới", "sang tuần", "qua tuần", "tuần kế", "tuần sau này")),
        (0, ("tuần này", "tuần nầy", "tuần nay")),
        (-1, ("tuần rồi", "tuần trước", "tuần qua", "tuần vừa rồi", "tuần vừa qua")),
    ):
        if length := phrase_at(tokens, at + opening, *phrases):
            return week, opening + length
    return None
