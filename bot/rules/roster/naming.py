"""What belongs to a name and what does not: titles before it, its capitals, the families there are."""

from __future__ import annotations

import re
import unicodedata

from bot.rules.vietnamese.text import fold, normalise

_TITLES = re.compile(
    r"^(?:ông|bà|ông\s*/\s*bà|ông\s*\(bà\)|đ\s*/\s*c|đc|đồng\s+chí|đ/chí|anh|chị|cô|chú|bác|dì|mr|mrs|ms|miss|ô|b|a|c|"
    r"ths|th\.s|bs|ks|cn|ts|gs|thầy|sư\s+thầy|ong|ba|dong\s+chi|d/c)(?:\s*[.:]\s*|\s+)(?=\S)",
    re.I,
)
# These may also be the first word of a name: a title only with a stop, in small letters, or before three more words.
_DOUBTFUL_TITLES = frozenset(
    ("ong", "ba", "anh", "chi", "co", "chu", "bac", "di", "o", "b", "a", "c", "cn", "ks", "ts", "dc", "thay", "gs")
)


def is_titled(text: str) -> bool:
    return _TITLES.match(text) is not None


def untitled(name: str) -> str:
    """Without Ông, Bà, Đ/c … and without what numbers it."""
    name = " ".join(name.split())
    for _ in range(3):
        length = _title_length(name)
        if not length:
            break
        name = name[length:]
    return name


def _title_length(name: str) -> int:
    match = _TITLES.match(name)
    if match is None:
        return 0
    title, rest = match[0].strip(), name[match.end() :]
    word = fold(title).strip(" .:")
    if word not in _DOUBTFUL_TITLES or (title.endswith((".", ":")) and len(word) < 3 and " " in rest):
        return match.end()
    count = len(rest.split())
    is_title = title.endswith((".", ":")) or title.islower() or word == "ong" or title.casefold() == "bà"
    if word == "ong" and rest.split()[0].casefold() == "thị":
        return 0  # Ông is also a family's name
    return match.end() if count > 1 and (is_title or (count > 2 and fold(rest.split()[0]) in FAMILIES)) else 0


def proper_name(name: str) -> str:
    """In the usual capitals: "  LÝ QUỐC LAN " → "Lý Quốc Lan"; mixed letters are left as they are."""
    if not (name.isprintable() and unicodedata.is_normalized("NFC", name)):
        name = normalise(name)
    name = " ".join(name.split()).strip(" .,;:-–—*•+\"'_")
    if name.isupper() or name.islower():
        return " ".join(_capital(word) for word in name.split(" "))
    return " ".join(
        _capital(word) if len(word) > 1 and (word.isupper() or word.islower()) else word for word in name.split(" ")
    )


def _capital(word: str) -> str:
    pieces = re.split(r"(['’\-])", word)
    return "".join(piece if at % 2 else piece[:1].upper() + piece[1:].lower() for at, piece in enumerate(pieces))


# Family names of nearly everybody, folded: for telling a column of names from other words.
FAMILIES = frozenset((
    "nguyen", "tran", "le", "pham", "huynh", "hoang", "phan", "vu", "vo", "dang", "bui", "do", "ho", "ngo",
    "duong", "ly", "dao", "doan", "vuong", "trinh", "truong", "dinh", "lam", "phung", "mai", "to", "ha", "luong",
    "tang", "thai", "luu", "quach", "thach", "son", "kim", "danh", "chau", "tieu", "cao", "ta", "la", "mac", "lu",
    "lai", "dam", "nghiem", "kieu", "mau", "than", "ton", "vi", "nong", "be", "ma", "hua", "tong", "khuu", "diep",
    "giang", "on", "quan", "trieu", "cu", "ninh", "luc", "bach", "an", "thi", "chu", "van", "cung", "khong", "tu",
    "chung", "kha", "lieu", "ngan", "ung", "hong", "thieu", "ksor", "siu", "rmah", "rcom", "kpa", "h", "y", "k",
    "a", "ro", "ra", "hmok", "nie", "eban", "lo", "quang", "cam", "giap", "sung", "vang", "thao", "tan", "ban",
    "dieu", "thoong", "au", "lang",
))  # fmt: skip
