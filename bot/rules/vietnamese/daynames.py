"""Days said by name: hôm nay, hổm rày, thứ 6 tuần sau, chủ nhật."""

from __future__ import annotations

from bot.rules.vietnamese.mentions import PARTS_OF_DAY, Mention, NoDay, Offset, SomeDay, Weekday
from bot.rules.vietnamese.numbered import is_counted
from bot.rules.vietnamese.numbers import COUNTED
from bot.rules.vietnamese.numerals import Tokens
from bot.rules.vietnamese.periods import week_words
from bot.rules.vietnamese.tokens import phrase_at, phrase_before

SOME_DAY = {
    "mai mốt": None, "mơi mốt": None, "mai kia": None, "hổm rày": None, "mấy bữa rày": None, "mấy bữa nay": None,
    "mấy hôm nay": None, "mấy ngày nay": None, "bữa hổm": None, "hổm": None, "hôm trước": None, "bữa trước": None,
    "hôm nọ": None, "bữa nọ": None, "bữa hôm": None, "hôm bữa": None, "bữa giờ": None, "bữa h": None,
    "hum bữa": None, "hum trước": None, "mấy hum nay": None, "hum nọ": None, "hổm bữa": None,
}  # fmt: skip
OFFSETS = {
    "hôm nay": 0, "hôm này": 0, "hum nay": 0, "hôm nya": 0, "hum nya": 0, "bữa nya": 0,
    "bữa nay": 0, "hnay": 0, "nãy giờ": 0, "hồi nãy": 0, "sáng giờ": 0, "hồi sáng": 0,
    "hồi trưa": 0, "hồi chiều": 0, "trong ngày": 0, "ngày hôm nay": 0, "nội trong ngày": 0,
    "ngày mai": 1, "mai": 1, "mơi": 1, "ngày mơi": 1, "bữa mai": 1,
    "mốt": 2, "ngày mốt": 2, "bữa mốt": 2, "ngày kia": 2, "ngày kìa": 3,
    "hôm qua": -1, "hum qua": -1, "hôm wa": -1, "hum wa": -1,
    "bữa qua": -1, "hqua": -1, "hwa": -1, "ngày hôm qua": -1, "hổm qua": -1,
    "ngày qua": -1,
    "bữa ni": 0, "hôm ni": 0, "ngày ni": 0, "bựa ni": 0,
    "today": 0, "homnay": 0, "hômnay": 0, "humnay": 0, "buanay": 0, "bữanay": 0, "sangnay": 0, "sángnay": 0,
    "chieunay": 0, "chiềunay": 0, "toinay": 0, "tốinay": 0,
    "homqua": -1, "hômqua": -1, "toiqua": -1, "tốiqua": -1, "chieuqua": -1,
    "hôm kia": -2, "hum kia": -2, "bữa kia": -2, "hkia": -2, "hôm kìa": -3, "bữa kìa": -3,
}  # fmt: skip
# "trong ngày ra quân" is any day.
_NAMED_DAYS = ("ra quân", "hội", "lễ", "cao điểm", "đầu", "chủ nhật", "thứ", "nghỉ", "cuối", "khai", "tập huấn")
_NOW_IS_OVER = ("tuần", "năm", "từ", "lâu", "hiện", "xưa", "tới", "đến", "tháng", "hồi")
WEEKDAYS = {"hai": 0, "ba": 1, "tư": 2, "năm": 3, "sáu": 4, "bảy": 5, "bẩy": 5}
SUNDAYS = ("chủ nhật", "chúa nhật", "cn", "chủ nhựt", "chúa nhựt")
_KIN = ("anh", "chị", "cô", "chú", "bác", "bà", "ông", "dì", "em", "thím", "mợ", "bạn", "họ")


def some_day_at(tokens: Tokens, at: int) -> Mention | None:
    length = phrase_at(tokens, at, *SOME_DAY)
    # A bare "hom" is the beginning of "hôm qua".
    if not length or (length == 1 and tokens[at].is_bare) or phrase_at(tokens, at, *OFFSETS) > length:
        return None
    near = next(near for phrase, near in SOME_DAY.items() if phrase_at(tokens, at, phrase) == length)
    return Mention(at, at + length, SomeDay(near))


def offset_at(tokens: Tokens, at: int) -> Mention | None:
    length = phrase_at(tokens, at, *OFFSETS)
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
        if is_written or phrase_at(tokens, at + 2, *_NAMED_DAYS, "hôm"):
            return None
    if length and _is_day_word(tokens, at, length):
        offset = next(days for phrase, days in OFFSETS.items() if phrase_at(tokens, at, phrase) == length)
        return Mention(at, at + length, Offset(offset))
    is_said = tokens[at].says("nay", "qua") or tokens[at].text.lower() in ("wa", "ni")
    if is_said and _is_beside_time(tokens, at) and not _is_up_to_now(tokens, at):
        return Mention(at, at + 1, Offset(0 if tokens[at].says("nay", "ni") else -1))
    return None


def _is_day_word(tokens: Tokens, at: int, length: int) -> bool:
    """Mai is a name after chị; bare "moi" and "mot" are days only beside a time or alone."""
    if length > 1:
        return True
    if phrase_before(tokens, at, *_KIN, "khuyến", "ban"):
        return False
    is_risky = tokens[at].is_bare and tokens[at].says("mơi", "mốt")
    if is_risky and phrase_at(tokens, at + 1, "về", "xong", "rảnh"):
        return False  # "7h toi moi ve": mới
    return not is_risky or (_is_beside_time(tokens, at) and not phrase_at(tokens, at + 1, *COUNTED))


def _is_beside_time(tokens: Tokens, at: int) -> bool:
    """Alone, after sáng/chiều or an hour, or before an hour."""
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if before is None and tokens[at].says("qua") and after is not None and after.kind == "number":
        return False  # "qua 2 đợt ra quân"
    if before is None and (after is None or after.kind != "word" or after.says(*PARTS_OF_DAY, "lúc", "nha", "ạ")):
        return True
    if before is not None and (before.says(*PARTS_OF_DAY, "giờ", "h", "g", "rưỡi", "trước", "xong")):
        return True
    is_titled = tokens[at].says("nay") and after is not None and after.is_sign(":")
    if is_titled and before is not None and not before.says("thế", "như"):
        return True  # "ấp 2 nay: hộ 10"
    is_minute = before is not None and before.kind == "number" and at >= 2 and tokens[at - 2].says("h", "g", "giờ")
    is_today = tokens[at].says("nay")  # "nông dân qua 130 điểm cầu" is by way of them
    return is_minute or (
        is_today and after is not None and after.kind == "number" and before is not None and before.kind != "number"
    )


def _is_up_to_now(tokens: Tokens, at: int) -> bool:
    """ "từ nay", "tới nay"; a bare "toi nay" is "tối nay"."""
    before = tokens[at - 1] if at else None
    return before is not None and before.says(*_NOW_IS_OVER) and not (before.is_bare and before.says("tối"))


def weekday_at(tokens: Tokens, at: int) -> Mention | None:
    """thứ 6, thu sau, T6, cn, with này, tới, tuần sau … after or before it."""
    week = week_words(tokens, at)
    start = at + (week[1] if week else 0)
    found = _weekday_name(tokens, start)
    if found is None:
        return None
    number, end = found
    if number is None:
        return Mention(at, end, NoDay())
    if week is not None:
        return Mention(at, end, Weekday(number, week[0]))
    after = week_words(tokens, end)
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
        phrase_at(tokens, at, "ngày", "thứ", "t", "th", *SUNDAYS, "cuối", "hết", "mai", "giờ")
    )


def _weekday_name(tokens: Tokens, at: int) -> tuple[int | None, int] | None:
    """The weekday at `at` (None: thứ 8) and where its name ends."""
    if length := phrase_at(tokens, at, *SUNDAYS):
        if phrase_at(tokens, at + length, "xanh", "hồng", "tình nguyện"):
            return None  # a campaign's name
        return 6, at + length
    if at + 1 >= len(tokens):
        return None
    word, following = tokens[at], tokens[at + 1]
    is_short = word.text.lower() in ("t", "th") and following.glued
    if not word.says("thứ") and not is_short:
        return None
    is_collected = word.is_bare and word.says("thứ") and is_counted(tokens, at + 2)
    if following.kind == "number":
        is_number = following.text.isdecimal() and len(following.text) == 1 and not is_collected
        if is_number and 2 <= int(following.text) <= 7:
            return int(following.text) - 2, at + 2
        return (None, at + 2) if is_number and word.says("thứ") and not word.is_bare else None
    number = next((number for name, number in WEEKDAYS.items() if following.says(name)), None)
    if number is not None and phrase_at(tokens, at + 2, "số", "xanh", "tình nguyện"):
        return None  # a campaign's name
    if number is None or is_short or is_collected:
        return None
    return number, at + 2
