"""Lengths of time: 3 ngày nữa, trong vòng 2 tuần, cách đây 3 ngày."""

from __future__ import annotations

from bot.rules.vietnamese.mentions import PARTS_OF_DAY, Mention, Minutes, Offset, SomeDay
from bot.rules.vietnamese.numerals import Numeral, Tokens, read_numeral
from bot.rules.vietnamese.tokens import phrase_at

SOME = ("vài", "mấy", "vài ba", "ít", "dăm", "dăm ba")
SPANS = {"ngày": 1, "bữa": 1, "hôm": 1, "tuần": 7, "tuần lễ": 7}


def length_at(tokens: Tokens, at: int) -> Mention | None:
    """3 ngày nữa, trong vòng 2 tuần, sau 48 giờ, vài bữa nữa, cách đây 3 ngày, 3 bữa trước."""
    opening = phrase_at(tokens, at, "trong vòng", "trong", "sau", "nội trong")
    back = phrase_at(tokens, at, "cách đây", "cách nay")
    start = at + (opening or back)
    some = phrase_at(tokens, start, *SOME)
    numeral = None if some else read_numeral(tokens, start)
    if phrase_at(tokens, start, "nửa tháng") and phrase_at(tokens, start + 2, "nữa"):
        return Mention(at, start + 3, SomeDay(15))
    number_end = start + some if some else numeral.end if numeral else 0
    if not number_end or number_end >= len(tokens):
        return None
    unit = _unit(tokens, number_end)
    if unit is None:
        return None
    minutes, days, months, end = unit
    closing = phrase_at(tokens, end, "nữa") if minutes else phrase_at(tokens, end, "nữa", "tới", "sau")
    if minutes and not closing and _is_clock(tokens, at, end, numeral):
        return None
    if not minutes and phrase_at(tokens, end, "đầu", "cuối", "qua", "vừa qua", "vừa rồi", "liền", "nay"):
        return None
    ago = phrase_at(tokens, end, "trước", "rồi")
    if ago and not opening:
        back, closing = 1, ago
    if not (opening or back or closing or _is_all(tokens, at, end)):
        return None
    end += closing
    if numeral is None or numeral.value is None or numeral.high is not None:
        return Mention(at, end, SomeDay())
    value = -numeral.value if back else numeral.value
    # Nobody means ten years; the calendar would end before some of the numbers people type.
    if numeral.value > 3650:
        return None
    return Mention(at, end, Minutes(minutes * value) if minutes else Offset(days * value, months * value))


def _is_clock(tokens: Tokens, at: int, end: int, numeral: Numeral | None) -> bool:
    """ "sau 17h" and "trong 5 giờ chiều" name a time of day, "sau 48 giờ" and "trong 2 tiếng" do not."""
    if tokens[end - 1].says("tiếng", "phút"):
        return False
    is_later = tokens[at].says("sau") and (numeral is None or (numeral.value or 0) < 24)
    return is_later or bool(phrase_at(tokens, end, *PARTS_OF_DAY)) or (end < len(tokens) and tokens[end].glued)


def _unit(tokens: Tokens, at: int) -> tuple[int, int, int, int] | None:
    """Minutes, days, months of the unit of time at `at`, and where it ends."""
    for words, unit in ((("giờ", "tiếng", "h", "g"), (60, 0, 0)), (("phút",), (1, 0, 0)), (("tháng",), (0, 0, 1))):
        if length := phrase_at(tokens, at, *words):
            return *unit, at + length
    for word, days in reversed(SPANS.items()):
        if length := phrase_at(tokens, at, word):
            return 0, days, 0, at + length
    return None


def _is_all(tokens: Tokens, at: int, end: int) -> bool:
    """ "3 ngày" as the whole answer; hours would be a time of day."""
    if tokens[end - 1].says("giờ", "h", "g"):
        return False
    rest = (*tokens[:at], *tokens[end:])
    return all(
        token.kind == "sign" or token.says("dạ", "ạ", "nha", "nhé", "hạn", "cho", "thêm", "em", "gia") for token in rest
    )
