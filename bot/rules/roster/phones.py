"""Telephone numbers as they stand in lists, in the ten digits that are dialled today.

Rules of the numbering plan: mobile numbers have ten digits and begin with 03, 05, 07, 08 or 09; fixed lines have eleven
and begin with 02. Which of the prefixes below those are given out changes from year to year, so it is not judged. The
eleven-digit mobile numbers (01…) became ten-digit ones on 15 September 2018 (plan of the Ministry of Information and
Communications of 27 April 2018, No. 798/BTTTT-CVT): only the first digits changed, by the table here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.rules.vietnamese.text import fold

RENUMBERED = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",  # MobiFone
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",  # VinaPhone
    "0162": "032", "0163": "033", "0164": "034", "0165": "035",  # Viettel
    "0166": "036", "0167": "037", "0168": "038", "0169": "039",
    "0186": "056", "0188": "058",  # Vietnamobile
    "0199": "059",  # Gmobile
}  # fmt: skip
HIDDEN = "▒▒▒"  # stands where the number of an identity card stood
_MOBILE = re.compile(r"0[35789]\d{8}")
_FIXED = re.compile(r"02\d{9}")
_CARD = re.compile(r"0\d{11}|(?!0?[35789])\d{9}")  # twelve digits; nine that are no number with a digit left out
_APART = re.compile(r"[\n;/|&]|\b(?:hoặc|hoac|và|va|or|and)\b|\s[-–—]\s|,(?!\s*\d{3}\b)", re.I)
_GROUP = re.compile(r"[+\d][\d.\s()\-]*")
_WORDS = re.compile(r"[^\W\d_]+")
_NONE = frozenset(
    (
        "", "khong", "khong co", "khong co so", "ko", "ko co", "k", "k co", "none", "no", "na", "n a", "x", "v", "co",
        "yes", "nt",
        "chua", "chua co", "chua co so", "chua cap nhat", "chua bau", "chua phan cong", "khuyet", "trong", "bo sung",
        "bo sung sau",
        "khong dung", "khong su dung", "khong dien thoai", "khong co dien thoai", "khong dt", "khong sdt",
        "dang cap nhat", "cap nhat sau",
    )
)  # fmt: skip


_NO_NUMBER = re.compile(
    r"(?:khong|ko|chua) (?:co|su dung|xai|dung|dien thoai|dt|sdt|so|cap|cap nhat|nho|xac dinh|lien lac)\b.*"
)


@dataclass(frozen=True, slots=True)
class Phones:
    """The numbers of one cell. standing: "good", "none" (nothing there), "bad", "identity" (that of a card) or "whose"
    (of one of several people).

    old: the number as it was before 2018, when `numbers[0]` was converted from one.
    """

    standing: str
    numbers: tuple[str, ...] = ()
    old: str = ""
    digits: int = 0


_NOTHING = Phones("none")


def read_phones(said: object) -> Phones:
    """All numbers in a cell (text or number)."""
    if said is None or said == "":
        return _NOTHING
    text = str(said)
    if text.isdigit():
        return _one(text)
    if HIDDEN in text:
        rest = _several(text.replace(HIDDEN, " ; "))
        return rest if rest.standing == "good" else Phones("identity", digits=12)
    return _several(text)


def _one(digits: str) -> Phones:
    number, old = dialled(digits)
    if number:
        return Phones("good", (number,), old)
    if not digits.strip("0"):
        return _NOTHING
    if _CARD.fullmatch(digits):
        return Phones("identity", digits=len(digits))
    return _joined(digits) or Phones("bad", digits=len(digits))


@lru_cache(maxsize=4096)
def _several(text: str) -> Phones:
    digits = re.sub(r"\D", "", text)
    if not digits:
        return _NOTHING if is_nothing(text) else Phones("bad")
    if re.search(r"\d[.,]\d+e\+?\d+", text, re.I):  # 9.12346E+08: Excel kept six digits of it
        return Phones("bad", digits=len(digits))
    whole = _one(digits) if len(digits) <= 13 else None
    if whole and whole.standing in ("good", "identity") and not (_letters_inside(text)):
        return whole
    found = [piece for part in _APART.split(text) for piece in _pieces(part)]
    good = [phones for phones in map(_one, found) if phones.standing == "good"]
    if good:
        numbers = tuple(dict.fromkeys(number for phones in good for number in phones.numbers))
        return Phones("good", numbers, next((phones.old for phones in good[:1]), ""))
    identity = any(_one(piece).standing == "identity" for piece in found)
    return Phones("identity" if identity else "bad", digits=len(digits))


def _letters_inside(text: str) -> bool:
    """0912 345 67O: a letter between digits may be a digit mistyped."""
    return re.search(r"\d[^\W\d_]{1,2}\d|\d[oOlI]$|^[oO]\d", text.strip()) is not None


def _pieces(part: str) -> list[str]:
    """The numbers in a part; two that only a blank or a dash keeps apart are two."""
    if _letters_inside(part):
        return []
    found: list[str] = []
    for group in _GROUP.findall(_WORDS.sub(" ; ", part)):
        digits = re.sub(r"\D", "", group)
        if len(digits) > 13:
            found += _joined_groups(re.findall(r"\d+", group))
        elif len(digits) > 3:
            found.append(digits)
    return found


def _joined_groups(groups: list[str]) -> list[str]:
    """Digit groups put together from the left, each number as soon as it is one."""
    found: list[str] = []
    piece = ""
    for group in groups:
        piece += group
        if dialled(piece)[0] and len(piece) >= 10:
            found.append(piece)
            piece = ""
    return [*found, piece] if piece else found


def _joined(digits: str) -> Phones | None:
    """Two whole numbers with nothing between."""
    if len(digits) != 20:
        return None
    numbers = tuple(number for half in (digits[:10], digits[10:]) if (number := dialled(half)[0]))
    return Phones("good", numbers) if len(numbers) == 2 else None


def dialled(digits: str) -> tuple[str, str]:
    """The number as it is dialled today, and the one of before 2018 if it was that; ("", "") when it is none.

    Takes the country code in any dress and gives back the leading 0 that Excel eats.
    """
    if digits.startswith("0084"):
        digits = digits[4:]
    elif digits.startswith("84") and len(digits) >= 11:
        digits = digits[2:]
    if not digits.startswith("0"):
        digits = "0" + digits
    if _MOBILE.fullmatch(digits) or _FIXED.fullmatch(digits):
        return digits, ""
    if len(digits) == 11 and digits[:4] in RENUMBERED:
        return RENUMBERED[digits[:4]] + digits[4:], digits
    return "", ""


def is_nothing(text: str) -> bool:
    """Whether a cell's words say that there is no number."""
    words = " ".join(re.findall(r"[a-z]+", fold(text)))
    return words in _NONE or (len(text) < 40 and "ổ" not in text.casefold() and _NO_NUMBER.fullmatch(words) is not None)


def looks_like_phone(said: object) -> bool:
    """For finding the column: a number in it, or nearly one."""
    phones = read_phones(said)
    return phones.standing == "good"
