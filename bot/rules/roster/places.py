"""Units as they are named in cells, in headings of groups, in titles and in the names of sheets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.rules.roster.records import LEVELS
from bot.rules.vietnamese.text import fold, has_diacritics
from bot.rules.vietnamese.units import UnitName, core_key, proper, split_kind

LONGEST = 200  # characters; more is no unit's name
CENTRAL = frozenset(map(core_key, ("Hà Nội", "Hải Phòng", "Đà Nẵng", "Cần Thơ", "Huế", "Hồ Chí Minh")))

_TEAM = re.compile(
    r"\b(?:tổ|to|đội|nhóm)\s+(?:công nghệ số|cong nghe so|chuyển đổi số|chuyen doi so|cnscđ|cnscd|"
    r"cnscđ|cđscđ|cđs|cds|cns)"
    r"(?:\s+(?:cộng đồng|cong dong|cđ))?|\b(?:cnscđ|cnscd|cđscđ)\b|\bcommunity digital (?:technology )?team\b",
    re.I,
)
_OFFICE = re.compile(
    r"\b(?:ubnd|u\.b\.n\.d|ủy ban nhân dân|uỷ ban nhân dân|uy ban nhan dan|hđnd|mttq|đảng ủy|"
    r"đảng uỷ|danh sách(?: thành viên)?|ban chỉ đạo(?: chuyển đổi số| cđs)?|bcđ(?: cđs)?|bcd|"
    r"đơn vị|địa bàn|khu vực|trực thuộc|thuộc|thành viên|tên tổ|team|list of)\b\s*:?",
    re.I,
)
_KIND_AHEAD = (
    r"(?=(?:xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tỉnh|ấp|khu phố|khóm|thôn|tổ|tp|tt|xa|phuong|huyen|ap|to)\b)"
)
# X. may be xã and A. may be ấp: they number only what says its kind itself.
_NUMBERING = re.compile(
    r"^\s*(?:(?!X\b)[IVXLC]{1,7}\s*[.)/:\-–]\s*|(?:[IVXLC]{1,7}|[A-HĐ])\s*[.)/:\-–]?\s+" + _KIND_AHEAD + r"|[a-h]\)\s*"
    r"|\(?\d{1,3}\s*[.)/:\-–]+\s*|[\-–—•*+·●▪#]+\s*)",
    re.I,
)
_COUNTED = re.compile(
    r"[\s:(\[\-–,]{0,4}\b(?:gồm|có|tổng(?: số| cộng)?)?\s*:?\s*\(?\d{1,4}\s*(?:người|thành viên|tv|"
    r"đ/c|đồng chí|nguoi|thanh vien|members|people|ng)\b.*$",
    re.I,
)
_LEVEL_WORD = {
    "province": r"tỉnh|tinh|province",
    "district": r"huyện|huyen|quận|thành phố|thị xã|district",
    "commune": r"xã|xa|phường|phuong|thị trấn|thi tran|commune|ward",
    "hamlet": r"ấp|ap|khu phố|khu pho|khóm|khom|thôn|thon|hamlet",
}
_AT_LEVEL = {
    level: re.compile(
        rf"\b(?:cấp|cap)\s+(?:{word})\b"
        rf"|^(?:tổ\s+|to\s+)?(?:của\s+)?(?:{word})(?:\s*[/,]\s*(?:xã|phường|thị trấn|tt|huyện|tp|quận))*$",
        re.I,
    )
    for level, word in _LEVEL_WORD.items()
}
_DITTO = frozenset(("nt", "như trên", "nhu tren", "như tren", "same", "idem", "id", "n.t", "ntr"))


@dataclass(frozen=True, slots=True)
class Place:
    """Units named together. `ends` is a level said without a name ("tổ cấp xã"): nothing below it is meant."""

    units: tuple[tuple[str, UnitName], ...] = ()
    ends: str = ""

    def __bool__(self) -> bool:
        return bool(self.units or self.ends)


NOWHERE = Place()


def is_ditto(text: str) -> bool:
    """A cell that says "as above"."""
    if len(text) > 12:
        return False
    return text.casefold().strip(" .-–\"'") in _DITTO or (
        (bool(text) and set(text) <= set("\"'“”″〃`´")) or text in ("-nt-", "//", "//-")
    )


def is_dash(text: str) -> bool:
    """A cell that says "nothing here"."""
    return (
        bool(text)
        and set(text) <= set("-–—_.x*/ ")
        and text not in ("//",)
        and "x" not in text.strip("x")
        and len(text) < 6
    )


@lru_cache(maxsize=20_000)
def read_place(text: str, level: str, kind: str = "") -> Place:
    """A cell of a column of units. `level` is what a name without a kind belongs to; `kind` its kind, "" if unknown."""
    if len(text) > LONGEST:
        return NOWHERE
    rest = _bare(text)
    if (ends := _ends(text, rest)) is not None:
        return Place((), ends)
    units: dict[str, UnitName] = {}
    default = level
    for part in _parts(rest):
        for name in _mentions(part):
            where = _level_of(name, default)
            if not name.kind and kind and where == level and where not in units:
                name = UnitName(kind, name.name)
            if name.name and where not in units:
                units[where] = name
            elif where == "hamlet" and where in units and units[where].kind == "tổ":
                units[where] = name  # "Tổ 2, ấp 3": the ấp is the unit
            default = _above(where)
    return Place(_ordered(units))


@lru_cache(maxsize=4096)
def read_section(text: str) -> Place:
    """A row of its own over a group: "XÃ TÂN THẠCH", "II. Tổ CNSCĐ ấp 3: 5 người". NOWHERE when it is none."""
    if len(text) > LONGEST:
        return NOWHERE
    rest = _bare(text)
    if (ends := _ends(text, rest)) is not None:
        return Place((), ends)
    units: dict[str, UnitName] = {}
    for part in _parts(rest):
        names = _mentions(part)
        if not names or any(not name.kind or not _is_short(name.name) for name in names):
            return NOWHERE
        for name in names:
            level = _level_of(name, "")
            if level not in units or units[level].kind == "tổ":
                units[level] = name
    return Place(_ordered(units))


def _bare(text: str) -> str:
    """Without numbering, counts and the words for the team itself."""
    text = _COUNTED.sub("", _NUMBERING.sub("", text))
    text = re.sub(r"\bcủa\b", " ", _OFFICE.sub(" ", _TEAM.sub(" ", text)))
    return " ".join(text.split()).strip(" .:;,-–—*+•\"'")


def _ends(text: str, rest: str) -> str | None:
    found = [level for level in LEVELS if _AT_LEVEL[level].search(rest)]
    if not found:
        return None
    # "(tổ cấp huyện)" and "xã" alone; not "tổ cấp xã: xã Tân Thạch".
    named = any(
        name.kind and name.name
        for part in _parts(re.sub(r"\b(?:cấp|cap)\s+\w+", " ", rest))
        for name in _mentions(part)
    )
    return None if named else found[-1]


def _parts(text: str) -> list[str]:
    text = re.sub(r"[()\[\]]", ",", text)
    return [
        part.strip(" .:*+•\"'")
        for part in re.split(
            r"[,;\n|]+|(?<=\d):\s*(?=\S)|\s[-–—/]+\s|(?<=[^\W\d])[-–—](?=[^\W\d])|[/\\](?=\s*[^\W\d_])", text
        )
        if part.strip(" .:*+•\"'-–")
    ]


_INNER = re.compile(
    r"(?<=\S)\s+(?=(?:xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tỉnh|tp\.?|tt\.?|ấp|khu phố)\s+\S)", re.I
)


def _mentions(part: str) -> list[UnitName]:
    """Units in a part without commas: "ấp 3 xã Tân Thạch huyện Châu Thành" are three."""
    names: list[UnitName] = []
    for piece in _INNER.split(part):
        name = split_kind(piece.strip(" .:"))
        if not name.kind and names and not names[-1].name:
            name = UnitName(names.pop().kind, name.name)
        names.append(name)
    return [name for name in names if name.name]


def _is_short(name: str) -> bool:
    return len(name.split()) <= 5 and not re.search(r"\d{5}", name)


def _level_of(name: UnitName, default: str) -> str:
    if name.kind == "thành phố" and (core_key(name.name) in CENTRAL or default == "province"):
        return "province"
    return name.level or default or "hamlet"


def _above(level: str) -> str:
    place = LEVELS.index(level)
    return LEVELS[max(place - 1, 0)]


def _ordered(units: dict[str, UnitName]) -> tuple[tuple[str, UnitName], ...]:
    return tuple((level, units[level]) for level in LEVELS if level in units)


# Titles.

_TITLE_KINDS = (
    "tỉnh",
    "thành phố",
    "huyện",
    "thị xã",
    "quận",
    "xã",
    "phường",
    "thị trấn",
    "đặc khu",
    "ấp",
    "khu phố",
    "khóm",
    "thôn",
    "tổ dân phố",
)
_TITLE = re.compile(
    r"(?<![\w/])("
    + "|".join(sorted(_TITLE_KINDS, key=len, reverse=True))
    + r")\s*:?\s+([^\W_]+(?:['’][^\W_]+)?(?:\s+[^\W_]+(?:['’][^\W_]+)?){0,5})",
    re.I,
)
_PLAIN_TITLE = re.compile(
    r"(?<![\w/])("
    + "|".join(sorted(map(fold, _TITLE_KINDS), key=len, reverse=True))
    + r")\s*:?\s+([^\W_]+(?:\s+[^\W_]+){0,5})",
    re.I,
)
_STOPS = frozenset(
    [
        "nam",
        "tinh",
        "huyen",
        "quan",
        "xa",
        "phuong",
        "ap",
        "thon",
        "va",
        "cac",
        "tren",
        "theo",
        "kem",
        "ngay",
        "thang",
        "cua",
        "voi",
        "de",
        "ve",
        "giai",
        "doan",
        "nhiem",
        "thuoc",
        "trong",
        "danh",
        "sach",
        "to",
        "thanh",
        "vien",
        "cong",
        "uy",
        "ubnd",
        "cong",
        "chuyen",
        "ban",
        "khu",
        "so",
        "theo",
        "dot",
        "quy",
        "co",
        "gom",
        "cap",
        "truc",
        "chu",
    ]
)
_STOPS_MARKED = frozenset(
    [
        "năm",
        "tỉnh",
        "huyện",
        "quận",
        "xã",
        "phường",
        "ấp",
        "thôn",
        "và",
        "các",
        "trên",
        "theo",
        "kèm",
        "ngày",
        "tháng",
        "của",
        "với",
        "để",
        "về",
        "giai",
        "đoạn",
        "nhiệm",
        "thuộc",
        "trong",
        "danh",
        "sách",
        "tổ",
        "ủy",
        "uỷ",
        "ubnd",
        "khu",
        "đợt",
        "quý",
        "gồm",
        "cấp",
        "trực",
        "thị",
        "ban",
        "lần",
        "thứ",
        "khóm",
        "số",
        "đến",
        "từ",
        "chủ",
        "tịch",
    ]
)
_NOT_A_NAME = frozenset(
    (
        "hội",
        "hoi",
        "hội hóa",
        "nhà",
        "đội",
        "trấn",
        "phố",
        "pho",
        "nghèo",
        "viên",
        "lập",
        "ủy",
        "uỷ",
        "an",
        "trưởng",
        "truong",
    )
)


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
                units.setdefault(_level_of(found, ""), found)
    return Place(_ordered(units))


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
    rest = _bare(rest)
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
