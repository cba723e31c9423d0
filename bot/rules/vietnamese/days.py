"""Days as people say them, found in a text but not yet placed in the calendar: 25/12, thứ sáu tuần sau, 3 bữa nữa."""

from __future__ import annotations

from collections.abc import Iterator

from bot.rules.vietnamese.daynames import OFFSETS, SOME_DAY, SUNDAYS, WEEKDAYS, offset_at, some_day_at, weekday_at
from bot.rules.vietnamese.durations import SOME, SPANS, length_at
from bot.rules.vietnamese.mentions import Mention
from bot.rules.vietnamese.numbered import lunar_at, month_of_year_at, written_at
from bot.rules.vietnamese.numerals import Tokens
from bot.rules.vietnamese.periods import period_at
from bot.rules.vietnamese.spelling import spell

_NUMBER_WORDS = (
    "không", "một", "hai", "ba", "bốn", "tám", "chín", "mười", "hăm", "băm", "chục", "trăm", "ngàn", "nghìn", "triệu",
)  # fmt: skip
# The bare first words of everything that may say a day; elsewhere there is no need to look.
_FIRST_WORDS = frozenset(
    spell(phrase.split()[0]).key
    for phrase in (
        *SOME_DAY, *OFFSETS, *SUNDAYS, *SOME, *SPANS, *WEEKDAYS, *_NUMBER_WORDS, "giao thừa", "tất niên",
        "tháng", "tết", "ngày", "rằm", "mùng", "mồng", "trong", "sau", "nội", "cách", "nửa", "nay", "qua", "wa", "ni",
        "của", "vào",
        "tuần", "sang", "thứ", "t", "th", "thg", "đầu", "giữa", "cuối", "hết", "tới", "đến", "quý", "năm", "q",
    )
)  # fmt: skip


def find_days(tokens: Tokens) -> list[Mention]:
    """All days said in the text, from left to right, without overlap."""
    mentions: list[Mention] = []
    at = 0
    while at < len(tokens):
        may_begin = tokens[at].kind == "number" or tokens[at].key in _FIRST_WORDS
        mention = next((found for found in _readings(tokens, at) if found is not None), None) if may_begin else None
        if mention is not None:
            mentions.append(mention)
        at = max(at + 1, mention.end if mention else 0)
    return mentions


def _readings(tokens: Tokens, at: int) -> Iterator[Mention | None]:
    yield lunar_at(tokens, at)
    yield length_at(tokens, at)
    yield written_at(tokens, at)
    yield month_of_year_at(tokens, at)
    yield some_day_at(tokens, at)
    yield weekday_at(tokens, at)
    yield period_at(tokens, at)
    yield offset_at(tokens, at)
