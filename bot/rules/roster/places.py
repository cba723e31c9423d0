"""Units as they are named in cells and in rows over a group."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.rules.roster import kinds
from bot.rules.roster.records import LEVELS
from bot.rules.vietnamese.units import UnitName, core_key, split_kind

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
    r"đơn vị|địa bàn|trực thuộc|thuộc|tổ trưởng|phó tổ trưởng|tổ phó|tổ viên|thành viên|tên tổ|team|list of)\b\s*:?"
    rf"|\bkhu vực\s+(?=(?:{kinds.any_kind()})\b)",
    re.I,
)
_KIND_AHEAD = rf"(?=(?:{kinds.any_kind()}|tổ|to)(?![^\W_]))"
# X. may be xã and A. may be ấp: they number only what says its kind itself.
_NUMBERING = re.compile(
    r"^\s*(?:(?!X\b)[IVXLC]{1,7}\s*[.)/:\-–]\s*|(?:[IVXLC]{1,7}|[A-HĐ])\s*[.)/:\-–]?\s+" + _KIND_AHEAD + r"|[a-h]\)\s*"
    r"|\(?\d{1,3}(?:\.\d{1,3}){1,3}\s+|\(?\d{1,3}(?:\.\d{1,3}){0,3}\s*[.)/:\-–]+\s*|[\-–—•*+·●▪#]+\s*)",
    re.I,
)
_COUNTED = re.compile(
    r"[\s:(\[\-–,]{0,4}\b(?:gồm|có|tổng(?: số| cộng)?)?\s*:?\s*\(?\d{1,4}\s*(?:người|thành viên|tv|"
    r"đ/c|đồng chí|nguoi|thanh vien|members|people|ng)\b.*$"
    r"|\s*(?:[:(]\s*|\b(?:gồm|có)\s+)\d{1,4}\s*(?:tổ|ấp|khu phố|khóm|thôn|hộ)\b.*$",
    re.I,
)
_AT_LEVEL = {
    level: re.compile(
        rf"\b(?:cấp|cap)\s+(?:{words})\b"
        rf"|^(?:tổ\s+|to\s+)?(?:của\s+)?(?:{words})(?:\s*[/,]\s*(?:{kinds.any_kind()}))*$",
        re.I,
    )
    for level in LEVELS
    if (words := kinds.level_words(level) + ("|thành phố" if level == "district" else ""))
}


@dataclass(frozen=True, slots=True)
class Place:
    """Units named together. `ends` is a level said without a name ("tổ cấp xã"): nothing below it is meant."""

    units: tuple[tuple[str, UnitName], ...] = ()
    ends: str = ""

    def __bool__(self) -> bool:
        return bool(self.units or self.ends)


NOWHERE = Place()


@lru_cache(maxsize=20_000)
def read_place(text: str, level: str, kind: str = "") -> Place:
    """A cell of a column of units. `level` is what a name without a kind belongs to; `kind` its kind, "" if unknown."""
    if len(text) > LONGEST:
        return NOWHERE
    rest = bare(text)
    if (ends := _ends(text, rest)) is not None:
        return Place((), ends)
    units: dict[str, UnitName] = {}
    default = level
    for part in _parts(rest):
        for name in _mentions(part):
            where = level_of(name, default)
            if not name.kind and kind and where == level and where not in units:
                name = UnitName(kind, name.name)
            if name.name and where not in units:
                units[where] = name
            elif where == "hamlet" and where in units and units[where].kind == "tổ":
                units[where] = name  # "Tổ 2, ấp 3": the ấp is the unit
            default = _above(where)
    return Place(ordered(units))


@lru_cache(maxsize=4096)
def read_section(text: str) -> Place:
    """A row of its own over a group: "XÃ TÂN THẠCH", "II. Tổ CNSCĐ ấp 3: 5 người". NOWHERE when it is none."""
    if len(text) > LONGEST:
        return NOWHERE
    rest = bare(text)
    if (ends := _ends(text, rest)) is not None:
        return Place((), ends)
    units: dict[str, UnitName] = {}
    for part in _parts(rest):
        names = _mentions(part)
        if not names or any(not name.kind or not _is_short(name.name) for name in names):
            return NOWHERE
        for name in names:
            level = level_of(name, "")
            if level not in units or units[level].kind == "tổ":
                units[level] = name
    return Place(ordered(units))


def names_team(text: str) -> bool:
    """ "Tổ trưởng Tổ CNSCĐ ấp 3": the team's words with its unit behind them."""
    match = _TEAM.search(text)
    return match is not None and bool(read_section(text[match.end() :].strip()).units)


def bare(text: str) -> str:
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


_INNER = re.compile(rf"(?<=\S)\s+(?=(?:{kinds.any_kind()})(?:\.?\s*\d|\.?\s+\S|\.\s*\S))", re.I)


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


def level_of(name: UnitName, default: str) -> str:
    if name.kind == "thành phố" and (core_key(name.name) in CENTRAL or default == "province"):
        return "province"
    return name.level or default or "hamlet"


def _above(level: str) -> str:
    place = LEVELS.index(level)
    return LEVELS[max(place - 1, 0)]


def ordered(units: dict[str, UnitName]) -> tuple[tuple[str, UnitName], ...]:
    return tuple((level, units[level]) for level in LEVELS if level in units)
