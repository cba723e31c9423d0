"""Units in the lines over a table, and in the names of sheets."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.rules.roster import kinds
from bot.rules.roster.places import LONGEST, NOWHERE, Place, bare, level_of, ordered, read_place
from bot.rules.vietnamese.text import fold, has_diacritics
from bot.rules.vietnamese.units import UnitName, proper, split_kind

_NAME = r"[^\W_]+(?:['’][^\W_]+)?"
_TITLE = re.compile(rf"(?<![\w/])({kinds.titles(marked=True)})\s*:?\s+({_NAME}(?:\s+{_NAME}){{0,5}})", re.I)
_PLAIN_TITLE = re.compile(rf"(?<![\w/])({kinds.titles(marked=False)})\s*:?\s+({_NAME}(?:\s+{_NAME}){{0,5}})", re.I)
_STOPS = frozenset((
    "nam", "tinh", "huyen", "quan", "xa", "phuong", "ap", "thon", "va", "cac", "tren", "theo", "kem", "ngay",
    "thang", "cua", "voi", "de", "ve", "giai", "doan", "nhiem", "thuoc", "trong", "danh", "sach", "to", "thanh",
    "vien", "cong", "uy", "ubnd", "chuyen", "ban", "khu", "so", "dot", "quy", "co", "gom", "cap", "truc", "chu",
))  # fmt: skip
_STOPS_MARKED = frozenset((
    "năm", "tỉnh", "huyện", "quận", "xã", "phường", "ấp", "thôn", "và", "các", "trên", "theo", "kèm", "ngày",
    "tháng", "của", "với", "để", "về", "giai", "đoạn", "nhiệm", "thuộc", "trong", "danh", "sách", "tổ", "ủy", "uỷ",
    "ubnd", "khu", "đợt", "quý", "gồm", "cấp", "trực", "thị", "ban", "lần", "thứ", "khóm", "số", "đến", "từ",
    "chủ", "tịch",
))  # fmt: skip
_NOT_A_NAME = frozenset((
    "hội", "hoi", "hội hóa", "nhà", "đội", "trấn", "phố", "pho", "nghèo", "viên", "lập", "ủy", "uỷ", "an",
    "trưởng", "truong",
))  # fmt: skip


@lru_cache(maxsize=2048)
def read_title(text: str) -> Place:
    """Units in the lines over a table: "DANH SÁCH TỔ CNSCĐ XÃ TÂN THẠCH NĂM 2024", "UBND HUYỆN CHÂU THÀNH"."""
    if len(text) > 3 * LONGEST:
        return NOWHERE
    units: dict[str, UnitName] = {}
    plain = not has_diacritics(text)
    pattern, stops = (_PLAIN_TITLE, _STOPS) if plain else (_TITLE, _STOPS_MARKED)
    for line in re.split(r"[\n,;()–—]|\s-\s", text):
        at = 0
        while (match := pattern.search(line, at)) is not None:
            before = fold(line[: match.start()]).split()
            kind, name = match[1].casefold(), _title_name(match[2], stops, line.isupper())
            at = match.start(2) + (len(name) if name else 0)
            if not name or (
                before and before[-1] in ("cap", "cac", "truong", "toan", "lien", "moi", "cum", "pho", "ve")
            ):
                continue
            found = split_kind(f"{kind} {name}")
            if found.kind:
                units.setdefault(level_of(found, ""), found)
    return Place(ordered(units))


def _title_name(words: str, stops: frozenset[str], is_upper: bool) -> str:
    """The words of the name: capitals and numbers, until one that no name holds."""
    kept: list[str] = []
    for word in words.split():
        if (word.casefold() in stops and kept) or (word.isdigit() and (len(word) > 2 or kept)):
            break
        if not kept and (word.casefold() in _NOT_A_NAME - {"an"} or word.casefold() in stops):
            return ""
        if not word[0].isupper() and not word[0].isdigit():
            break
        kept.append(word)
        if word.isdigit():
            break
    return " ".join(kept[:5]) if len(kept) < 6 or not is_upper else ""


_GENERIC = re.compile(
    r"^(?:sheet|trang tinh|trang|bang|table|ds|danh sach|tong hop|tong|data|du lieu|chi tiet|"
    r"thong ke|phu luc|mau|list|roster|to|cnscd|cds|"
    r"thanh vien|members|th|in|kq|bc|bao cao|nam|thang|moi|cu|ban|chinh thuc|final|copy|cap|xa|"
    r"huyen|tinh|cong dong|cong nghe so|so|chuyen doi|ok|\d+|\W)+$"
)


@lru_cache(maxsize=2048)
def read_sheet_name(name: str, level: str) -> Place:
    """The unit that a sheet is named after; a name without a kind is of `level` ("" takes only names with one)."""
    name = " ".join(name.replace("_", " ").split())
    name = re.sub(r"^\s*\d{1,3}\s*[.)\-]\s*", "", name)
    rest = re.sub(r"^(?:ds|danh sách|danh sach|tổ cnscđ|tổ cnscd|cnscđ|cnscd|tổ|to)\s+(?=\S)", "", name, flags=re.I)
    rest = bare(rest)
    if not rest:
        return NOWHERE
    found = split_kind(rest)
    if found.kind and found.name and not (found.kind == "tổ" and not found.name[0].isdigit()):
        return read_place(rest, found.level)
    # "Ba Tri", "TÂN THẠCH": a name has capitals throughout; "Bổ sung" has not.
    is_name = all(word[0].isupper() or word[0].isdigit() for word in rest.split() if word[0].isalnum())
    if not level or not is_name or _GENERIC.fullmatch(fold(rest)) or len(rest.split()) > 5:
        return NOWHERE
    return Place(((level, UnitName("", proper(rest))),))
