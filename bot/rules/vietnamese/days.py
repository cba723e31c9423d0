"""Days as people say them, found in a text but not yet placed in the calendar: 25/12, thứ sáu tuần sau, 3 bữa nữa."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.rules.vietnamese.numbers import COUNTED
from bot.rules.vietnamese.numerals import Numeral, Tokens, read_numeral
from bot.rules.vietnamese.spelling import spell
from bot.rules.vietnamese.tokens import phrase_at, phrase_before


@dataclass(frozen=True, slots=True)
class Written:
    """A day by its numbers; month and year may have been left out. `is_doubtful`: 10-12 may be no date at all.

    `ahead`: so many months from this one (ngày 5 tháng sau).
    """

    day: int
    month: int | None = None
    year: int | None = None
    is_doubtful: bool = False
    ahead: int | None = None


@dataclass(frozen=True, slots=True)
class Weekday:
    """Monday is 0. `week`: 0 this week, 1 the next, -1 the last; `near`: which one without a week (này, tới, rồi)."""

    number: int
    week: int | None = None
    near: Literal["", "this", "coming", "last"] = ""


@dataclass(frozen=True, slots=True)
class Offset:
    """So many days (or months) from today."""

    days: int = 0
    months: int = 0


@dataclass(frozen=True, slots=True)
class Minutes:
    """So many minutes from now."""

    minutes: int


@dataclass(frozen=True, slots=True)
class Period:
    """A whole week, month, quarter or year: `number` (12 for December) or `ahead` (1: the next one, -1: the last).

    `part`: "first" and "middle" are vague, "" and "last" mean its last day. `is_named`: said as a mere name ("báo cáo
    tháng 11"), which gives way to any other day in the text.
    """

    unit: Literal["week", "month", "quarter", "year"]
    number: int | None = None
    ahead: int = 0
    year: int | None = None
    part: Literal["", "first", "middle", "last"] = ""
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class Lunar:
    """Mùng, rằm, Tết: a day of the moon's calendar, or `solar` if the sun's was meant after all."""

    solar: Written | None = None


@dataclass(frozen=True, slots=True)
class SomeDay:
    """A day nobody can name: mai mốt, vài bữa nữa, hổm rày. `near`: the offset it may mean."""

    near: int | None = None


@dataclass(frozen=True, slots=True)
class NoDay:
    """Thứ 8: no such day."""


Said = Written | Weekday | Offset | Minutes | Period | Lunar | SomeDay | NoDay


@dataclass(frozen=True, slots=True)
class Mention:
    """A day said by the tokens `first` to `end` (exclusive)."""

    first: int
    end: int
    said: Said


PARTS_OF_DAY = ("sáng", "trưa", "chiều", "tối", "đêm", "khuya")

_SOME_DAY = {
    "mai mốt": None, "mơi mốt": None, "mai kia": None, "hổm rày": None, "mấy bữa rày": None, "mấy bữa nay": None,
    "mấy hôm nay": None, "mấy ngày nay": None, "bữa hổm": None, "hổm": None, "hôm trước": None, "bữa trước": None,
    "hôm nọ": None, "bữa nọ": None, "bữa kia": -2, "bữa hôm": None, "hôm bữa": None, "bữa giờ": None, "bữa h": None,
    "hum bữa": None, "hum trước": None, "mấy hum nay": None, "hum nọ": None, "hổm bữa": None,
}  # fmt: skip
_OFFSETS = {
    "hôm nay": 0, "hôm này": 0, "hum nay": 0,
    "bữa nay": 0, "hnay": 0, "nãy giờ": 0, "hồi nãy": 0, "sáng giờ": 0, "hồi sáng": 0,
    "hồi trưa": 0, "hồi chiều": 0, "trong ngày": 0, "ngày hôm nay": 0, "nội trong ngày": 0,
    "ngày mai": 1, "mai": 1, "mơi": 1, "ngày mơi": 1, "bữa mai": 1,
    "mốt": 2, "ngày mốt": 2, "bữa mốt": 2, "ngày kia": 2, "ngày kìa": 3,
    "hôm qua": -1, "hum qua": -1, "hôm wa": -1, "hum wa": -1,
    "bữa qua": -1, "hqua": -1, "hwa": -1, "ngày hôm qua": -1, "hổm qua": -1,
    "ngày qua": -1,
    "bữa ni": 0, "hôm ni": 0, "ngày ni": 0, "bựa ni": 0,
    "hôm kia": -2, "hum kia": -2, "hkia": -2, "hôm kìa": -3, "bữa kìa": -3,
}  # fmt: skip
# "trong ngày ra quân" is any day.
_NAMED_DAYS = ("ra quân", "hội", "lễ", "cao điểm", "đầu", "chủ nhật", "thứ", "nghỉ", "cuối", "khai", "tập huấn")
_NOW_IS_OVER = ("tuần", "năm", "từ", "lâu", "hiện", "xưa", "tới", "đến", "tháng", "hồi")
_WEEKDAYS = {"hai": 0, "ba": 1, "tư": 2, "năm": 3, "sáu": 4, "bảy": 5, "bẩy": 5}
_SUNDAYS = ("chủ nhật", "chúa nhật", "cn", "chủ nhựt", "chúa nhựt")
_KIN = ("anh", "chị", "cô", "chú", "bác", "bà", "ông", "dì", "em", "thím", "mợ", "bạn", "họ")
# Fewer words than are counted elsewhere: "25/12 buổi sáng" and "thứ 2 tổ họp" are days.
_AMOUNTS = (
    "người", "ngừi", "ng", "hộ", "hồ sơ", "hs", "tiểu thương", "lượt", "tài khoản", "tk", "học viên", "hv", "sản phẩm",
    "thuê bao", "điểm", "gian hàng", "cái", "thành viên", "bn", "sạp", "gia đình",
)  # fmt: skip
_SOME = ("vài", "mấy", "vài ba", "ít", "dăm", "dăm ba")
_SPANS = {"ngày": 1, "bữa": 1, "hôm": 1, "tuần": 7, "tuần lễ": 7}
_MONTH_WORDS = {"giêng": 1, "chạp": 12}
_NUMBER_WORDS = (
    "không", "một", "hai", "ba", "bốn", "tám", "chín", "mười", "hăm", "băm", "chục", "trăm", "ngàn", "nghìn", "triệu",
)  # fmt: skip


# The bare first words of everything that may say a day; elsewhere there is no need to look.
_FIRST_WORDS = frozenset(
    spell(phrase.split()[0]).key
    for phrase in (
        *_SOME_DAY, *_OFFSETS, *_SUNDAYS, *_SOME, *_SPANS, *_WEEKDAYS, *_NUMBER_WORDS, "giao thừa", "tất niên",
        "tháng", "tết", "ngày", "rằm", "mùng", "mồng", "trong", "sau", "nội", "cách", "nửa", "nay", "qua", "của", "vào",
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
    yield _lunar(tokens, at)
    yield _span(tokens, at)
    yield _written(tokens, at)
    yield _month_of_year(tokens, at)
    yield _some_day(tokens, at)
    yield _weekday(tokens, at)
    yield _period(tokens, at)
    yield _offset(tokens, at)


# By numbers.


def _written(tokens: Tokens, at: int) -> Mention | None:
    """ngày 25, 25/12, 25-12-2026, 25.12, 2026-12-25, 25 tháng 12 năm 2026, ngày mười tháng tư."""
    label = phrase_at(tokens, at, "ngày", "hôm", "bữa", "mùng", "mồng")
    if label and phrase_before(tokens, at, "mỗi", "một", "trong", "mấy", "vài", "hằng", "hàng"):
        return None
    if label and at and tokens[at - 1].kind == "number":
        return None
    start = at + label
    if start >= len(tokens):
        return None
    if tokens[start].kind == "number":
        found = _numbers(tokens, start, is_day=bool(label))
    else:
        # Bare "ngay mot" is the day after tomorrow, not the first.
        is_number = label and not tokens[label + at - 1].says("hôm", "bữa") and not tokens[start].says("mốt")
        found = _words(tokens, start) if is_number else None
    if found is None:
        return None
    written, end = found
    if written.month is None and (month := phrase_at(tokens, end, "tháng sau", "tháng tới", "tháng này", "tháng rồi")):
        ahead = 0 if tokens[end + 1].says("này") else -1 if tokens[end + 1].says("rồi") else 1
        return Mention(at, end + month, Written(written.day, ahead=ahead))
    has_year = end + 1 < len(tokens) and tokens[end].says("năm") and _integer(tokens, end + 1, 4) is not None
    if written.year is None and written.month is not None and has_year:
        written = Written(written.day, written.month, _integer(tokens, end + 1, 4), written.is_doubtful)
        end += 2
    if phrase_at(tokens, end, "số") and written.year is None and not label:
        return None  # "1/2 số hộ"
    is_due = label or phrase_before(tokens, at, "trước", "hạn", "đến", "tới", "hết", "từ", "nhất")
    if not is_due and _is_counted(tokens, end):
        return None
    return Mention(at, end, _moon(tokens, end, written))


def _month_of_year(tokens: Tokens, at: int) -> Mention | None:
    """12/2026"""
    year = _integer(tokens, at + 2, 4) if at + 2 < len(tokens) and tokens[at + 1].is_sign("/-") else None
    month = tokens[at].text
    if year is None or not month.isdecimal() or not 1 <= int(month[:3]) <= 12 or (at and tokens[at - 1].is_sign("/-")):
        return None
    return Mention(at, at + 3, Period("month", int(month), year=year, is_named=len(tokens) > 3))


def _moon(tokens: Tokens, end: int, written: Written) -> Said:
    return Lunar() if phrase_at(tokens, end, "âm lịch", "âm", "al", "âl") else written


def _numbers(tokens: Tokens, at: int, is_day: bool) -> tuple[Written, int] | None:
    parts, end, sign = _joined_numbers(tokens, at)
    if len(parts) == 1:
        if len(parts[0]) > 2:
            return None
        if end < len(tokens) and (month := _month(tokens, end)):
            return Written(int(parts[0]), month[0]), month[1]
        return (Written(int(parts[0])), end) if is_day and not _is_counted(tokens, end) else None
    if len(parts) > 3 or any(len(part) > 4 for part in parts):
        return None
    numbers = [int(part) for part in parts]
    if len(parts) == 3 and len(parts[0]) == 4:
        return Written(numbers[2], numbers[1], numbers[0]), end
    if len(parts[0]) > 2 or len(parts[1]) > 2:
        return None
    if len(parts) == 2:
        # "chợ 4.0" and version numbers are no dates; "10-12 hộ" was seen to before.
        return None if parts[1] == "0" else (Written(numbers[0], numbers[1], None, sign != "/" and not is_day), end)
    year = numbers[2] + (2000 if len(parts[2]) == 2 else 0)
    return (Written(numbers[0], numbers[1], year), end) if len(parts[2]) in (2, 4) else None


def _joined_numbers(tokens: Tokens, at: int) -> tuple[list[str], int, str]:
    """The numbers that hang together from `at` on (25.12.2026 is one token), where they end, and what joins them."""
    text = tokens[at].text
    sign = "." if "." in text else "," if "," in text else ""
    parts = text.replace(",", ".").split(".")
    end = at + 1
    # More than three belong to no date.
    while len(parts) < 5 and end + 1 < len(tokens) and tokens[end].is_sign("/-–.") and tokens[end + 1].text.isdecimal():
        is_tight = tokens[end].glued and tokens[end + 1].glued
        if not is_tight and not (tokens[end].is_sign("/") and len(parts) < 3):
            break
        # "1-5/9" is a range: the dash does not join what a slash joins.
        if end + 3 < len(tokens) and not tokens[end].is_sign("/") and tokens[end + 2].is_sign("/"):
            break
        if sign and tokens[end].text != sign:
            break
        sign = tokens[end].text
        parts.append(tokens[end + 1].text)
        end += 2
    return parts, end, sign


def _words(tokens: Tokens, at: int) -> tuple[Written, int] | None:
    """ "ngày hai mươi lăm", "ngày mười tháng tư" """
    numeral = read_numeral(tokens, at)
    if numeral is None or numeral.value is None or numeral.high is not None or not 1 <= numeral.value <= 31:
        return None
    month = _month(tokens, numeral.end)
    if month is None:
        return (Written(numeral.value), numeral.end) if not _is_counted(tokens, numeral.end) else None
    return Written(numeral.value, month[0]), month[1]


def _month(tokens: Tokens, at: int) -> tuple[int, int] | None:
    """The month of "tháng 12" or "tháng mười hai" and where it ends."""
    if not phrase_at(tokens, at, "tháng", "thg") or at + 1 >= len(tokens) or tokens[at + 1].key == "sau":
        # "tháng sau" is next month; June is written with its number or its mark.
        return _june(tokens, at)
    if tokens[at + 1].says("tư"):
        return 4, at + 2
    if tokens[at + 1].kind == "number" and tokens[at + 1].text.isdecimal() and len(tokens[at + 1].text) <= 2:
        return int(tokens[at + 1].text), at + 2
    numeral = read_numeral(tokens, at + 1)
    if numeral is None or numeral.value is None or numeral.value > 99:
        return None
    return numeral.value, numeral.end


def _june(tokens: Tokens, at: int) -> tuple[int, int] | None:
    is_june = bool(phrase_at(tokens, at, "tháng sáu")) and not tokens[at + 1].is_bare
    return (6, at + 2) if is_june else None


def _integer(tokens: Tokens, at: int, length: int) -> int | None:
    text = tokens[at].text if at < len(tokens) and tokens[at].kind == "number" else ""
    return int(text) if text.isdecimal() and len(text) == length else None


def _is_counted(tokens: Tokens, at: int) -> bool:
    """Whether what follows says that the number before is an amount: "10-12 hộ", "25/40 tiểu thương", "80%"."""
    length = phrase_at(tokens, at, *_AMOUNTS)
    if length == 1 and tokens[at].text.lower() == "cai":
        length = 0  # "ngay 23 cai vneid": to install
    heads = at + length < len(tokens) and tokens[at + length].kind == "number"  # "25/11 hộ 45, người 80"
    return (length > 0 and not heads) or (at < len(tokens) and tokens[at].is_sign("%"))


# The moon's calendar.


def _lunar(tokens: Tokens, at: int) -> Mention | None:
    if length := phrase_at(tokens, at, "giao thừa", "tất niên", "tháng chạp", "tháng giêng", "tết", "ngày rằm", "rằm"):
        if tokens[at].text.isupper() or phrase_at(tokens, at, "tết dương", "tết tây"):
            return None
        # "rằm tháng 10", "tháng giêng năm sau" are one saying.
        month = _month(tokens, at + length)
        return Mention(at, month[1] if month else at + length, Lunar())
    if not phrase_at(tokens, at, "mùng", "mồng", "ngày mùng", "ngày mồng"):
        return None
    start = at + phrase_at(tokens, at, "ngày mùng", "ngày mồng", "mùng", "mồng")
    mention = _written(tokens, start - 1)
    if mention is not None and (length := phrase_at(tokens, mention.end, "tết", "âm lịch", "âm", "al", "âl")):
        return Mention(at, mention.end + length, Lunar())
    if mention is None or not isinstance(mention.said, Written):
        return Mention(at, mention.end if mention else start, Lunar())
    if length := phrase_at(tokens, mention.end, "dương lịch", "dương", "dl"):
        return Mention(at, mention.end + length, mention.said)
    return Mention(at, mention.end, Lunar(mention.said))


# Spans of time.


def _span(tokens: Tokens, at: int) -> Mention | None:
    """3 ngày nữa, trong vòng 2 tuần, sau 48 giờ, vài bữa nữa, cách đây 3 ngày, 3 bữa trước."""
    opening = phrase_at(tokens, at, "trong vòng", "trong", "sau", "nội trong")
    back = phrase_at(tokens, at, "cách đây", "cách nay")
    start = at + (opening or back)
    some = phrase_at(tokens, start, *_SOME)
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
    for word, days in reversed(_SPANS.items()):
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


# By name.


def _some_day(tokens: Tokens, at: int) -> Mention | None:
    length = phrase_at(tokens, at, *_SOME_DAY)
    # A bare "hom" is the beginning of "hôm qua".
    if not length or (length == 1 and tokens[at].is_bare):
        return None
    near = next(near for phrase, near in _SOME_DAY.items() if phrase_at(tokens, at, phrase) == length)
    return Mention(at, at + length, SomeDay(near))


def _offset(tokens: Tokens, at: int) -> Mention | None:
    length = phrase_at(tokens, at, *_OFFSETS)
    if (
        length == 2
        and tokens[at].says("ngày")
        and tokens[at + 1].says("qua")
        and at
        and tokens[at - 1].kind == "number"
    ):
        return None  # "3 ngày qua"
    if length == 2 and tokens[at].says("trong"):
        is_written = at + 2 < len(tokens) and tokens[at + 2].kind == "number"
        if is_written or phrase_at(tokens, at + 2, *_NAMED_DAYS):
            return None
    if length and _is_day_word(tokens, at, length):
        offset = next(days for phrase, days in _OFFSETS.items() if phrase_at(tokens, at, phrase) == length)
        return Mention(at, at + length, Offset(offset))
    if tokens[at].says("nay", "qua") and _is_beside_time(tokens, at) and not _is_up_to_now(tokens, at):
        return Mention(at, at + 1, Offset(0 if tokens[at].says("nay") else -1))
    return None


def _is_day_word(tokens: Tokens, at: int, length: int) -> bool:
    """Mai is a name after chị; bare "moi" and "mot" are days only beside a time or alone."""
    if length > 1:
        return True
    if phrase_before(tokens, at, *_KIN, "khuyến", "ban"):
        return False
    is_risky = tokens[at].is_bare and tokens[at].says("mơi", "mốt")
    return not is_risky or (_is_beside_time(tokens, at) and not phrase_at(tokens, at + 1, *COUNTED))


def _is_beside_time(tokens: Tokens, at: int) -> bool:
    """Alone, after sáng/chiều or an hour, or before an hour."""
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if before is None and (after is None or after.kind != "word" or after.says(*PARTS_OF_DAY, "lúc", "nha", "ạ")):
        return True
    if before is not None and (before.says(*PARTS_OF_DAY, "giờ", "h", "g", "rưỡi", "trước", "xong")):
        return True
    is_minute = before is not None and before.kind == "number" and at >= 2 and tokens[at - 2].says("h", "g", "giờ")
    return is_minute or (
        after is not None and after.kind == "number" and before is not None and before.kind != "number"
    )


def _is_up_to_now(tokens: Tokens, at: int) -> bool:
    """ "từ nay", "tới nay"; a bare "toi nay" is "tối nay"."""
    before = tokens[at - 1] if at else None
    return before is not None and before.says(*_NOW_IS_OVER) and not (before.is_bare and before.says("tối"))


def _weekday(tokens: Tokens, at: int) -> Mention | None:
    """thứ 6, thu sau, T6, cn, with này, tới, tuần sau … after or before it."""
    week = _week_words(tokens, at)
    start = at + (week[1] if week else 0)
    found = _weekday_name(tokens, start)
    if found is None:
        return None
    number, end = found
    if number is None:
        return Mention(at, end, NoDay())
    if week is not None:
        return Mention(at, end, Weekday(number, week[0]))
    after = _week_words(tokens, end)
    if after is not None:
        return Mention(at, end + after[1], Weekday(number, after[0]))
    if length := phrase_at(tokens, end, "này", "nầy", "nay"):
        return Mention(at, end + length, Weekday(number, near="this"))
    if length := phrase_at(tokens, end, "rồi", "vừa rồi", "vừa qua", "hồi", "trước", "qua"):
        return Mention(at, end + length, Weekday(number, near="last"))
    if (length := phrase_at(tokens, end, "tới", "sau")) and not _is_day_ahead(tokens, end + length):
        return Mention(at, end + length, Weekday(number, near="coming"))
    return Mention(at, end, Weekday(number))


def _is_day_ahead(tokens: Tokens, at: int) -> bool:
    """ "từ thứ 2 tới thứ 6": the "tới" leads to another day."""
    if at >= len(tokens):
        return False
    return tokens[at].kind == "number" or bool(
        phrase_at(tokens, at, "ngày", "thứ", "t", "th", *_SUNDAYS, "cuối", "hết", "mai", "giờ")
    )


def _week_words(tokens: Tokens, at: int) -> tuple[int, int] | None:
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


def _weekday_name(tokens: Tokens, at: int) -> tuple[int | None, int] | None:
    """The weekday at `at` (None: thứ 8) and where its name ends."""
    if length := phrase_at(tokens, at, *_SUNDAYS):
        if phrase_at(tokens, at + length, "xanh", "hồng", "tình nguyện"):
            return None  # a campaign's name
        return 6, at + length
    if at + 1 >= len(tokens):
        return None
    word, following = tokens[at], tokens[at + 1]
    is_short = word.text.lower() in ("t", "th") and following.glued
    if not word.says("thứ") and not is_short:
        return None
    is_collected = word.is_bare and word.says("thứ") and _is_counted(tokens, at + 2)
    if following.kind == "number":
        is_number = following.text.isdecimal() and len(following.text) == 1 and not is_collected
        if is_number and 2 <= int(following.text) <= 7:
            return int(following.text) - 2, at + 2
        return (None, at + 2) if is_number and word.says("thứ") and not word.is_bare else None
    number = next((number for name, number in _WEEKDAYS.items() if following.says(name)), None)
    if number is not None and phrase_at(tokens, at + 2, "số", "xanh", "tình nguyện"):
        return None  # a campaign's name
    if number is None or is_short or is_collected:
        return None
    return number, at + 2


# Weeks, months, quarters, years.


def _period(tokens: Tokens, at: int) -> Mention | None:
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
    if (week := _week_words(tokens, start)) is not None:
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
    year = _integer(tokens, end + 1, 4) if has_link else None
    return Period(kind, value, year=year), end + (0 if year is None else 2)


def _period_number(tokens: Tokens, at: int, unit: str) -> tuple[int, int] | None:
    """The 12 of "tháng 12", the 4 of "quý IV", the 2026 of "năm 2026", and where it ends."""
    if at >= len(tokens):
        return None
    if unit == "year":
        year = _integer(tokens, at, 4)
        return (year, at + 1) if year is not None else None
    roman = {"i": 1, "ii": 2, "iii": 3, "iv": 4}.get(tokens[at].text.lower()) if unit == "quarter" else None
    if roman:
        return roman, at + 1
    if tokens[at].says("tư"):
        return 4, at + 1
    numeral = read_numeral(tokens, at)
    if numeral is None or numeral.value is None or numeral.value > 99 or _is_counted(tokens, numeral.end):
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
