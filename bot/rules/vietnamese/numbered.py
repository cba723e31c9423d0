"""Days said by numbers: ngày 25, 25/12, 25 tháng 12; mùng and rằm of the moon."""

from __future__ import annotations

from bot.rules.vietnamese.mentions import Lunar, Mention, Period, Said, Written
from bot.rules.vietnamese.numerals import Tokens, read_numeral
from bot.rules.vietnamese.tokens import phrase_at, phrase_before

# Fewer words than are counted elsewhere: "25/12 buổi sáng" and "thứ 2 tổ họp" are days.
_AMOUNTS = (
    "người", "ngừi", "ng", "hộ", "hồ sơ", "hs", "tiểu thương", "lượt", "tài khoản", "tk", "học viên", "hv", "sản phẩm",
    "thuê bao", "điểm", "gian hàng", "cái", "thành viên", "bn", "sạp", "gia đình",
)  # fmt: skip


def written_at(tokens: Tokens, at: int) -> Mention | None:
    """ngày 25, 25/12, 25-12-2026, 25.12, 2026-12-25, 25 tháng 12 năm 2026, ngày mười tháng tư."""
    label = phrase_at(tokens, at, "ngày", "hôm", "bữa", "mùng", "mồng")
    if label and phrase_before(tokens, at, "mỗi", "một", "trong", "mấy", "vài", "hằng", "hàng"):
        return None
    if label and at and tokens[at - 1].kind == "number":
        return None
    start = at + label
    if label and start + 1 < len(tokens) and tokens[start].is_sign(":") and tokens[start + 1].kind == "number":
        start += 1  # "Ngày: 21/11"
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
    has_year = end + 1 < len(tokens) and tokens[end].says("năm") and integer_at(tokens, end + 1, 4) is not None
    if written.year is None and written.month is not None and has_year:
        written = Written(written.day, written.month, integer_at(tokens, end + 1, 4), written.is_doubtful)
        end += 2
    if phrase_at(tokens, end, "số") and written.year is None and not label:
        return None  # "1/2 số hộ"
    is_due = label or phrase_before(tokens, at, "trước", "hạn", "đến", "tới", "hết", "từ", "nhất")
    if not is_due and is_counted(tokens, end):
        return None
    return Mention(at, end, _moon(tokens, end, written))


def month_of_year_at(tokens: Tokens, at: int) -> Mention | None:
    """12/2026"""
    year = integer_at(tokens, at + 2, 4) if at + 2 < len(tokens) and tokens[at + 1].is_sign("/-") else None
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
        return (Written(int(parts[0])), end) if is_day and not is_counted(tokens, end) else None
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
        return (Written(numeral.value), numeral.end) if not is_counted(tokens, numeral.end) else None
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


def integer_at(tokens: Tokens, at: int, length: int) -> int | None:
    text = tokens[at].text if at < len(tokens) and tokens[at].kind == "number" else ""
    return int(text) if text.isdecimal() and len(text) == length else None


def is_counted(tokens: Tokens, at: int) -> bool:
    """Whether what follows says that the number before is an amount: "10-12 hộ", "25/40 tiểu thương", "80%"."""
    if at < len(tokens) and tokens[at].begins_line:
        return False
    length = phrase_at(tokens, at, *_AMOUNTS)
    if length == 1 and tokens[at].text.lower() == "cai":
        length = 0  # "ngay 23 cai vneid": to install
    heads = at + length < len(tokens) and tokens[at + length].kind == "number"  # "25/11 hộ 45, người 80"
    return (length > 0 and not heads) or (at < len(tokens) and tokens[at].is_sign("%"))


def lunar_at(tokens: Tokens, at: int) -> Mention | None:
    if length := phrase_at(tokens, at, "giao thừa", "tất niên", "tháng chạp", "tháng giêng", "tết", "ngày rằm", "rằm"):
        if tokens[at].text.isupper() or phrase_at(tokens, at, "tết dương", "tết tây"):
            return None
        if tokens[at].text == "ram" and at and tokens[at - 1].key == "lam":
            return None  # "mua lam ram"
        # "rằm tháng 10", "tháng giêng năm sau" are one saying.
        month = _month(tokens, at + length)
        return Mention(at, month[1] if month else at + length, Lunar())
    if not phrase_at(tokens, at, "mùng", "mồng", "ngày mùng", "ngày mồng"):
        return None
    start = at + phrase_at(tokens, at, "ngày mùng", "ngày mồng", "mùng", "mồng")
    mention = written_at(tokens, start - 1)
    if mention is not None and (length := phrase_at(tokens, mention.end, "tết", "âm lịch", "âm", "al", "âl")):
        return Mention(at, mention.end + length, Lunar())
    if mention is None and tokens[start - 1].is_bare:
        return None  # "ai cung mung" is glad
    if mention is None or not isinstance(mention.said, Written):
        return Mention(at, mention.end if mention else start, Lunar())
    if length := phrase_at(tokens, mention.end, "dương lịch", "dương", "dl"):
        return Mention(at, mention.end + length, mention.said)
    return Mention(at, mention.end, Lunar(mention.said))
