"""How many: amounts in what people type. A number is never invented, dropped or converted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.rules.vietnamese.numerals import Numeral, Tokens, read_numeral
from bot.rules.vietnamese.text import has_diacritics, normalise
from bot.rules.vietnamese.tokens import phrase_at, phrase_before, tokenise

Qualifier = Literal["", "~", ">", "<"]
Reason = Literal["decimal", "percent", "negative", "ratio", "too_long", "two_numbers", "ambiguous"]


@dataclass(frozen=True, slots=True)
class Count:
    """Exactly `value`, or about (~), more than (>), fewer than (<) it.

    `unit_words`: what follows the number up to the next comma or stop ("hộ", "bà con"); `before`: what precedes it.
    Both are as typed, without words of politeness.
    """

    value: int
    qualifier: Qualifier = ""
    unit_words: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Vague:
    """An amount that must be asked: vài, hàng trăm, 10-15. `low` and `high` are set where they were said."""

    text: str
    low: int | None = None
    high: int | None = None
    unit_words: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Not a count. `text` is the part that is wrong."""

    reason: Reason
    text: str


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount among the tokens `first` to `end` (exclusive), its qualifier included.

    exact: `value`; vague: perhaps `low` and `high`; wrong: `reason`, and of a ratio `low` of `high` (25/40). `is_weak`:
    a lone bare word that is more often another one (nam, ba, sau): a number only where the words around it want one.
    """

    kind: Literal["exact", "vague", "wrong"]
    first: int
    end: int
    value: int = 0
    qualifier: Qualifier = ""
    low: int | None = None
    high: int | None = None
    reason: Reason = "ambiguous"
    is_weak: bool = False


# What is counted; tells "nam hộ" (five households) from "nam nay" (this year).
COUNTED = (
    "người", "ngừi", "ngừ", "ng", "hộ", "nhà", "gia đình", "gđ", "hồ sơ", "hs", "tài khoản", "tk", "lượt", "lớp",
    "buổi", "điểm", "cuộc", "nhóm", "bài", "tin", "tờ", "tấm", "bộ", "máy", "cái", "chiếc", "đợt", "lần", "gian hàng",
    "sản phẩm", "sp", "món", "thuê bao", "sim", "thành viên", "học viên", "hv", "cụ", "bà con", "cô", "chú", "bác",
    "anh", "chị", "đội", "tổ", "thẻ", "vneid", "dvc", "ví", "mô hình", "bạn", "cháu", "tiểu thương", "phiếu", "tập",
)  # fmt: skip
_QUALIFIERS: tuple[tuple[Qualifier, tuple[str, ...]], ...] = (
    ("<", ("gần", "gần được", "gần tới", "dưới", "chưa tới", "chưa đến", "chưa được", "không tới", "không quá",
           "k tới", "ko tới", "k quá", "ko quá",
           "không đến", "tối đa", "nhiều nhất", "ngót", "ngót nghét", "non", "hổng tới")),
    (">", ("hơn", "trên", "ngoài", "ít nhất", "tối thiểu", "không dưới",
           "k dưới", "ko dưới", "nhiều hơn", "được hơn", "quá")),
    ("~", ("khoảng", "khoảng chừng", "chừng", "chừng khoảng", "cỡ", "cỡ chừng", "tầm", "ước", "ước chừng", "ước tính",
           "xấp xỉ", "độ", "độ chừng", "áng chừng", "lối", "lối chừng", "khoản", "trên dưới")),
)  # fmt: skip
_QUALIFIER_SIGNS: dict[str, Qualifier] = {"~": "~", "≈": "~", "±": "~", ">": ">", "≥": ">", "<": "<", "≤": "<"}
# Bare, these are other words (có, do, lời, qua, khoan); "tam 20" can only be "tầm 20".
_NO_BARE_QUALIFIER = {"co", "do", "loi", "qua", "khoan", "uoc"}
_AFTER: tuple[tuple[Qualifier, tuple[str, ...]], ...] = (
    (">", ("dư", "có dư", "có hơn", "trở lên", "đổ lên")),
    ("<", ("trở xuống", "đổ lại", "trở lại")),
)  # fmt: skip
_VAGUE = (
    "vài", "vài ba", "một vài", "dăm", "dăm ba", "dăm bảy", "đôi ba", "mấy", "hàng", "cả", "mươi", "năm ba",
)  # fmt: skip
# Only when there is no number: "12 hộ, nhiều bà con hỏi" is clear.
_MANY = ("nhiều", "ít", "đông", "một số", "một ít", "khá nhiều", "không nhiều", "không ít", "hổng nhiêu", "vô số")
_SCALES = ("chục", "trăm", "ngàn", "nghìn", "vạn", "triệu")
# The number after these is a name or a date: ấp 3, phường 8, mức 2, ngày 20/11.
_LABELS = (
    "ấp", "khu phố", "kp", "khóm", "phường", "p", "tổ", "mức", "thứ", "tháng", "ngày", "quý", "quận", "đường", "đề án",
    "nghị quyết", "nq", "công văn", "cv", "kế hoạch", "kh", "quyết định", "qđ", "số", "th", "t", "q", "chợ", "hẻm",
)  # fmt: skip
# Bare, these are other words: to (tờ), so (sổ), thu (collect), duong, cho.
_MARKED_LABELS = {"to", "so", "thu", "duong", "cho"}
# Southerners are called by their rank of birth: chú Ba, bà Năm.
_KIN = ("anh", "chị", "cô", "chú", "bác", "bà", "ông", "dì", "cậu", "mợ", "thím", "dượng", "má", "mẹ")
_RANKS = ("hai", "ba", "tư", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
_YEAR_AFTER = ("nay", "ngoái", "trước", "sau", "rồi", "qua", "tới")
_YEAR_BEFORE = ("đầu", "cuối", "trong", "mỗi", "cả", "hằng", "hàng", "từ", "hết")
_NOT_THREE = ("con", "mẹ", "má", "nội", "ngoại", "ơi")
_POLITE = (
    "dạ", "ạ", "à", "nha", "nhé", "nhe", "nghen", "nghe", "hen", "hén", "em", "thôi", "rồi", "luôn", "đó", "á",
    "ha", "hà", "thưa", "vâng", "ừ", "ok", "oke", "vậy", "được", "đc", "dc", "có", "là", "tổng cộng", "cộng", "tổng",
    "làm", "giúp", "mới", "bữa nay", "hôm nay", "hum nay", "xong", "j", "r",
)  # fmt: skip
_NONE = ("không", "hông", "hổng", "hỏng", "ko", "k", "hok", "hong", "chưa", "kg", "khg")
_DENIED = ("không phải", "hông phải", "hổng phải", "ko phải", "hok phải", "k phải")
_NONE_OF = ("có", "được", "đc", "dc", "ai", "gì", "hết", "nào", "cả", "đâu", "người", "hộ", "hồ sơ", "hs", "làm")


def read_count(text: str) -> Count | Vague | Wrong | None:
    """The one amount in an answer to "how many?". None: it holds no amount at all.

    >>> read_count("hơn hai chục hộ")
    Count(value=20, qualifier='>', unit_words='hộ', before='')
    """
    text = normalise(text)
    tokens = tokenise(text)
    amounts = _settled(tokens, find_amounts(tokens), is_bare=not has_diacritics(text))
    if not amounts:
        return Count(0) if _says_none(tokens) else _many(text, tokens)
    if len(amounts) > 1:
        if amounts[0].kind == "wrong" and amounts[0].reason != "ambiguous":
            return Wrong(amounts[0].reason, _part(text, tokens, amounts[0].first, amounts[0].end))
        return Wrong("two_numbers", _part(text, tokens, amounts[0].first, amounts[-1].end))
    (amount,) = amounts
    said = _part(text, tokens, amount.first, amount.end)
    if amount.kind == "wrong":
        return Wrong(amount.reason, said)
    start, end = _following(tokens, amount.end)
    if amount.kind == "vague":
        return Vague(said, amount.low, amount.high, _part(text, tokens, start, end))
    qualifier = amount.qualifier
    for sign, phrases in _AFTER:
        if not qualifier and (length := phrase_before(tokens[:end], end, *phrases)):
            qualifier, end = sign, end - length
    before = _preceding(tokens, amount.first)
    return Count(amount.value, qualifier, _part(text, tokens, start, end), _part(text, tokens, *before))


def find_amounts(tokens: Tokens) -> list[Amount]:
    """All amounts from left to right. Numbers in names and dates (ấp 3, ngày 20, chú Ba, năm 2026) are not amounts."""
    amounts: list[Amount] = []
    at = 0
    while at < len(tokens):
        if skipped := _name_or_date(tokens, at):
            at += skipped
        elif (amount := _amount_at(tokens, at)) is not None:
            if amounts and (joined := _joined(tokens, amounts[-1], amount)) is not None:
                amounts[-1] = joined
            else:
                amounts.append(amount)
            at = amount.end
        else:
            at += 1
    return amounts


def _amount_at(tokens: Tokens, at: int) -> Amount | None:
    if tokens[at].kind == "odd":
        return Amount("wrong", at, at + 1)
    if (vague := vague_at(tokens, at)) is not None:
        return vague
    numeral = read_numeral(tokens, at)
    if numeral is None or is_other_word(tokens, at, numeral):
        return None
    first, qualifier = qualified(tokens, at)
    end = numeral.end
    if numeral.problem:
        return Amount("wrong", at, end, reason=numeral.problem)
    if end < len(tokens) and tokens[end].kind == "odd":
        return Amount("wrong", at, end + 1)
    if spoilt := _spoilt(tokens, at, end):
        return spoilt
    if numeral.high is not None or (numeral.is_implied and not qualifier):
        low = numeral.value if numeral.high is not None else None
        return Amount("vague", first, end, low=low, high=numeral.high or None)
    if not qualifier:
        qualifier, end = qualified_after(tokens, end)
    assert numeral.value is not None
    weak = numeral.is_digit and numeral.end == at + 1 and tokens[at].is_bare
    return Amount("exact", first, end, numeral.value, qualifier, is_weak=weak)


def vague_at(tokens: Tokens, at: int) -> Amount | None:
    """vài hộ, mấy chục, hàng trăm; but "mấy anh chị" is whom one speaks to, and a bare "may" a machine."""
    length = phrase_at(tokens, at, *_VAGUE)
    if not length:
        return None
    end = at + length
    scales = phrase_at(tokens, end, *_SCALES)
    if tokens[at].says("hàng", "cả") and not scales:
        return None
    word = tokens[at]
    if length == 1 and word.says("mấy") and not scales:
        if phrase_at(tokens, end, *_KIN, "em", "đồng chí"):
            return None
        if word.is_bare and not phrase_at(tokens, end, "người", "hộ", "hồ sơ", "nhà", "ng", "cái"):
            return None
    if length == 1 and word.is_bare and word.says("dăm", "mươi", "hàng", "cả") and not scales:
        # "muoi" is mười; the numerals read it.
        return None
    if word.is_bare and word.says("năm"):
        return None
    return Amount("vague", at, end + (1 if scales else 0))


def _joined(tokens: Tokens, left: Amount, right: Amount) -> Amount | None:
    """10-15 and "10 đến 15" are one vague amount, 25/40 one ratio."""
    between = tokens[left.end : right.first]
    if len(between) != 1 or left.kind == "vague" or right.kind == "vague":
        return None
    (link,) = between
    if link.is_sign("/"):
        low, high = (left.value, right.value) if left.kind == right.kind == "exact" else (None, None)
        return Amount("wrong", left.first, right.end, low=low, high=high, reason="ratio")
    is_range = link.is_sign("-–—~") or link.says("đến", "tới", "hoặc", "hay")
    if is_range and left.kind == right.kind == "exact":
        return Amount("vague", left.first, right.end, low=left.value, high=right.value)
    return None


def _spoilt(tokens: Tokens, at: int, end: int) -> Amount | None:
    """A readable number that is no count after all: 80%, -5, "không phải 12", 5h, 12 k."""
    following = tokens[end] if end < len(tokens) else None
    before = tokens[at - 1] if at else None
    if percent := phrase_at(tokens, end, "phần trăm") or int(following is not None and following.is_sign("%")):
        return Amount("wrong", at, end + percent, reason="percent")
    if before is not None and (before.says("âm") or (before.is_sign("-−") and tokens[at].glued and not before.glued)):
        return Amount("wrong", at - 1, end, reason="negative")
    if phrase_at(tokens, end, "rưỡi", "rưởi"):
        return Amount("wrong", at, end + 1, reason="decimal")
    if denied := phrase_before(tokens, at, *_DENIED):
        return Amount("wrong", at - denied, end)
    if following is None or tokens[end - 1].kind != "number":
        return None
    is_hour = following.glued and following.text.lower() in ("h", "g")
    is_lost_scale = not following.glued and following.text.lower() == "k" and not phrase_at(tokens, end + 1, *_NONE_OF)
    return Amount("wrong", at, end + 1) if is_hour or is_lost_scale else None


def qualified(tokens: Tokens, at: int) -> tuple[int, Qualifier]:
    """Where the amount begins with its qualifier, and which that is."""
    before = tokens[at - 1] if at else None
    is_arrow = at > 1 and tokens[at - 2].is_sign("=-") and before is not None and before.glued
    is_between = at > 1 and before is not None and before.text == "~" and not tokens[at].glued and not before.glued
    if (
        before is not None
        and before.kind == "sign"
        and before.text in _QUALIFIER_SIGNS
        and not (is_arrow or is_between)
    ):
        return at - 1, _QUALIFIER_SIGNS[before.text]
    best: tuple[int, Qualifier] = (0, "")
    for sign, phrases in _QUALIFIERS:
        length = phrase_before(tokens, at, *phrases)
        if length == 1 and tokens[at - 1].says("khoản") and at > 1 and tokens[at - 2].says("chuyển", "tài"):
            continue  # "mở tài khoản 9 người"
        if length > best[0] and not (
            length == 1 and tokens[at - 1].is_bare and tokens[at - 1].key in _NO_BARE_QUALIFIER
        ):
            best = length, sign
    return at - best[0], best[1]


def qualified_after(tokens: Tokens, end: int) -> tuple[Qualifier, int]:
    """ "hai chục dư", "10 người trở lên", "10+" """
    if end < len(tokens) and tokens[end].is_sign("+") and tokens[end].glued:
        is_sum = end + 1 < len(tokens) and tokens[end + 1].kind == "number"
        return ("", end) if is_sum else (">", end + 1)
    for sign, phrases in _AFTER:
        if length := phrase_at(tokens, end, *phrases):
            return sign, end + length
    return "", end


def _name_or_date(tokens: Tokens, at: int) -> int:
    """How many tokens a name or date with a number in it takes here: ấp 3, ngày 20/11, chú Ba, năm 2026; else 0."""
    label = phrase_at(tokens, at, *_LABELS)
    number = at + label
    if label and number < len(tokens) and tokens[number].kind == "number" and _is_label(tokens, at, label):
        end = number + 1
        while end + 1 < len(tokens) and tokens[end].is_sign("/-.") and tokens[end + 1].kind == "number":
            if not (tokens[end].glued and tokens[end + 1].glued):
                break
            end += 2
        return end - at
    if at + 1 >= len(tokens) or tokens[at].kind != "word":
        return 0
    following = tokens[at + 1]
    if tokens[at].says("năm") and following.kind == "number" and following.text[:2] in ("19", "20"):
        return 2 if len(following.text) == 4 and following.text.isdigit() else 0
    if tokens[at].says("thứ") and following.says(*_RANKS[:-1]) and not phrase_at(tokens, at + 2, *COUNTED):
        return 2
    is_kin = tokens[at].says(*_KIN) and not _is_number_before(tokens, at)
    if tokens[at].key == "ba" and tokens[at].is_bare and (not following.is_bare or following.says("mươi")):
        # "ba tư" and "ba muoi" are 34 and 30; "ba tu" is bà Tư.
        return 0
    return 2 if is_kin and following.says(*_RANKS) and not phrase_at(tokens, at + 2, "mươi", "trăm", "chục") else 0


def _is_label(tokens: Tokens, at: int, length: int) -> bool:
    """ "ấp 3" is a name; in "2 ấp 3 hộ" the word is counted, and "mỗi ngày 5 hộ" is a rate."""
    if length == 1:
        if tokens[at].is_bare and tokens[at].key in _MARKED_LABELS:
            return False
        if tokens[at].text.lower() in ("p", "t", "th", "q") and not tokens[at + 1].glued:
            return False
    return not _is_number_before(tokens, at) and not phrase_before(tokens, at, "mỗi", "một", "trong", "mấy", "vài")


def _is_number_before(tokens: Tokens, at: int) -> bool:
    return at > 0 and (tokens[at - 1].kind == "number" or tokens[at - 1].says(*_RANKS[:3], *_RANKS[4:], "một", "chục"))


def is_other_word(tokens: Tokens, at: int, numeral: Numeral) -> bool:
    """A lone number word that is none here: năm nay, ba con (bà con), một số, không."""
    if numeral.end != at + 1 or tokens[at].kind != "word":
        return False
    token = tokens[at]
    if token.says("năm"):
        is_counted = bool(phrase_at(tokens, at + 1, *COUNTED))
        return bool(
            phrase_at(tokens, at + 1, *_YEAR_AFTER) or (phrase_before(tokens, at, *_YEAR_BEFORE) and not is_counted)
        )
    if token.says("ba") and phrase_at(tokens, at + 1, *_NOT_THREE):
        return True
    if token.says("một") and phrase_at(tokens, at + 1, "số", "ít"):
        return True
    # "tam 20" is "tầm 20".
    if token.is_bare and token.says("tám") and at + 1 < len(tokens) and tokens[at + 1].kind == "number":
        return True
    return token.says("không")


def _settled(tokens: Tokens, amounts: list[Amount], is_bare: bool) -> list[Amount]:
    """Without the weak ones that the words around them do not want: "sau" in "tuan sau 12 ho"."""
    return [
        amount
        for amount in amounts
        if not amount.is_weak or _is_wanted(tokens, amount) or (not is_bare and _is_exact(tokens, amount))
    ]


def _is_exact(tokens: Tokens, amount: Amount) -> bool:
    """ "ba" and "hai" need no marks: among marked words they are numbers."""
    return tokens[amount.end - 1].key in ("hai", "ba")


def _is_wanted(tokens: Tokens, amount: Amount) -> bool:
    if phrase_at(tokens, amount.end, *COUNTED):
        return True
    before, after = _preceding(tokens, amount.first), _following(tokens, amount.end)
    return before[0] == before[1] and after[0] == after[1]


def _following(tokens: Tokens, end: int) -> tuple[int, int]:
    """The words after a number up to the next stop, without polite ones at their end."""
    while end < len(tokens) and tokens[end].kind == "sign" and not tokens[end].is_sign(",;.!?"):
        end += 1
    stop = end
    while stop < len(tokens) and not tokens[stop].is_sign(",;:.!?()…\n"):
        stop += 1
    return _without_politeness(tokens, end, stop)


def _preceding(tokens: Tokens, first: int) -> tuple[int, int]:
    """The words before a number back to the last stop; a colon belongs to them (dvc: 12)."""
    while first and tokens[first - 1].is_sign(":=-–•*+("):
        first -= 1
    start = first
    while start and not tokens[start - 1].is_sign(",;.!?()"):
        start -= 1
    return _without_politeness(tokens, start, first)


def _without_politeness(tokens: Tokens, start: int, end: int) -> tuple[int, int]:
    while start < end and (tokens[start].kind == "sign" or phrase_at(tokens[:end], start, *_POLITE)):
        start += phrase_at(tokens[:end], start, *_POLITE) or 1
    while start < end and (tokens[end - 1].kind == "sign" or phrase_before(tokens, end, *_POLITE)):
        end -= min(end - start, phrase_before(tokens, end, *_POLITE) or 1)
    return start, end


def _part(text: str, tokens: Tokens, first: int, end: int) -> str:
    return text[tokens[first].start : tokens[end - 1].end] if first < end else ""


def _says_none(tokens: Tokens) -> bool:
    """ "không", "hổng có ai", "chưa có hồ sơ nào"; not "không biết"."""
    start, end = _without_politeness(tokens, 0, len(tokens))
    if start == end or not tokens[start].says(*_NONE):
        return False
    is_yet = tokens[start].says("chưa")
    start += 1
    has_more = start < end
    while start < end and (length := phrase_at(tokens[:end], start, *_NONE_OF, *COUNTED)):
        start += length
    return start == end and (has_more or not is_yet)


def _many(text: str, tokens: Tokens) -> Vague | None:
    for at in range(len(tokens)):
        length = phrase_at(tokens, at, *_MANY)
        is_other = length == 1 and tokens[at].is_bare and tokens[at].says("đông", "ít")
        if length and not is_other:
            return Vague(
                _part(text, tokens, at, at + length), unit_words=_part(text, tokens, *_following(tokens, at + length))
            )
    return None
