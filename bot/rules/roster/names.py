"""People's names as they stand in a cell: with titles, roles and telephone numbers around them, or several in one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.rules.roster.naming import FAMILIES, is_titled, proper_name, untitled
from bot.rules.roster.records import Role
from bot.rules.roster.roles import read_role
from bot.rules.vietnamese.text import fold
from bot.rules.vietnamese.units import split_kind

MOST_IN_A_CELL = 40
_PLAIN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?(?: [^\W\d_]+(?:['’][^\W\d_]+)?)+")
_NUMBERING = re.compile(r"^\s*(?:\(?\d{1,4}[.)/:\-]+|[-–—•*+·●▪]+|[a-zđ]\)|[ivx]{1,5}[.)])\s*", re.I)
_PHONE = re.compile(r"\(?\+?(?:84|0|[1-9])(?:[ .\-()/]{0,2}\d){6,12}(?!\d)")
_NEXT_PERSON = re.compile(f"({_PHONE.pattern})[\\s,.]+(?=[^\\W\\d_]{{2,}} [^\\W\\d_]+)")
_PHONE_LABEL = re.compile(
    r"\b(?:s[ốo]?\s*(?:điện thoại|đt|dt)|sđt|sdt|đtdđ|đt|dt|điện thoại|dien thoai|tel|phone|"
    r"mobile|zalo|dđ|di động|số máy)\b\s*[:.\-]*",
    re.I,
)
_BIRTH = re.compile(
    r"[(,;\-–]?(?:\b(?:sinh năm|sinh ngày|năm sinh|s\.?n\.?|ns|sinh)\b ?)?[:.]? ?"
    r"(?:\d{1,2}[/.\-]\d{1,2}[/.\-])?\b((?:19[2-9]|20[01])\d)\b\)?",
    re.I,
)
_ASIDE = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]?")
_BREAK = re.compile(r"\s*[-–—:,;/|]\s+|\s+[-–—:,;/|]\s*|[:;,|\n]")
_LIST = re.compile(r"[\n;]+|,(?!\s*\d)|(?<=\s)(?=\d{1,2}[.)]\s*[^\W\d_])")
_MISC = re.compile(r"[\s.,;:\-–—/|*•+·●▪\"“”_=]+")


@dataclass(frozen=True, slots=True)
class Named:
    """One person of a cell. role: None when the cell says none. is_odd: digits or signs are left in the name."""

    name: str
    phones: str = ""  # what of the cell is a number, to be read like a cell of its own
    birth: int = 0
    role: Role | None = None
    is_civil_head: bool = False
    is_odd: bool = False


def read_people(text: str) -> list[Named]:
    """Everybody named in a cell of clean text (`text_of`); mostly one."""
    if _PLAIN.fullmatch(text) and not is_titled(text) and not _ROLE_WORDS.search(text):
        return [Named(proper_name(text))]
    text = re.sub(r"\s*\n\s*", "\n", re.sub(r"[^\S\n]+", " ", text)).strip()
    if len(_PHONE.findall(text)) > 1:
        text = _NEXT_PERSON.sub(r"\1\n", text)
    pieces = [piece.strip() for piece in _LIST.split(text) if piece and piece.strip()]
    if len(pieces) > MOST_IN_A_CELL:
        return [Named(proper_name(text[:60]), is_odd=True)]
    if len(pieces) < 2:
        return _kept([_one(text)])
    people: list[Named] = []
    for piece in pieces:
        one = _one(piece)
        if people and (not one.name or _says_no_name(piece)):
            # A number, a year, a post or a place on a line of its own.
            people[-1] = _one(f"{_said(people[-1])} - {piece}")
        elif people and not people[-1].role and " " not in one.name and not one.phones:
            people[-1] = _one(f"{_said(people[-1])} {piece}")  # a name broken over two lines
        else:
            people.append(one)
    return _kept(people)


def _says_no_name(piece: str) -> bool:
    """ "Chi hội trưởng phụ nữ", "Đoàn viên", "ấp 3": a post or a place between a name and what belongs to it."""
    first, *rest = piece.split()
    if split_kind(piece).kind:
        return True
    if not read_role(piece).is_known or read_role(piece).role:
        return False
    is_worded = bool(rest) and first[0].isupper() and all(word.islower() for word in rest[:1])
    return is_worded or piece.islower() or fold(first) not in FAMILIES


def _said(one: Named) -> str:
    role = {"head": "tổ trưởng", "deputy": "tổ phó", "member": "thành viên", None: ""}[one.role]
    return " - ".join(filter(None, (one.name, one.phones, str(one.birth or ""), role)))


def _kept(people: list[Named]) -> list[Named]:
    return [one for one in people if one.name or one.phones]


def _one(text: str) -> Named:
    phones = " ; ".join(found for found in _PHONE.findall(text) if len(re.sub(r"\D", "", found)) >= 7)
    rest = _PHONE_LABEL.sub(" ", _PHONE.sub(" ; ", text)) if phones else text
    birth = _BIRTH.search(rest)
    if birth:
        rest = _BIRTH.sub(" ; ", rest, count=1)
    asides = _ASIDE.findall(rest)
    rest = untitled(_NUMBERING.sub("", _ASIDE.sub(" ", rest)))
    parts = [part.strip() for part in _BREAK.split(rest) if part and part.strip(" .-")]
    name, role, is_civil = "", None, False
    for part in (*parts, *asides):
        said = read_role(part)
        if said.role or said.is_civil_head:
            role, is_civil = role or said.role, is_civil or said.is_civil_head
            part = _without_role(part) if not name else ""
        if not name and part and not (said.is_civil_head and not said.role):
            name = part
    name = untitled(name)
    is_odd = bool(re.search(r"\d|[^\w\s'’.\-]", name))
    return Named(proper_name(name), phones, int(birth[1]) if birth else 0, role, is_civil, is_odd)


_ROLE_WORDS = re.compile(
    r"\b(?:phó tổ trưởng|tổ phó|tổ trưởng|phó tổ|trưởng nhóm|thành viên|tổ viên|to truong|to pho|"
    r"pho to truong|thanh vien|to vien)\b",
    re.I,
)


def _without_role(part: str) -> str:
    """ "Tổ trưởng Nguyễn Văn A" without a sign between."""
    rest = _MISC.sub(" ", _ROLE_WORDS.sub(" ", part)).strip()
    return (
        rest if " " in rest and not read_role(rest).role and not read_role(rest).is_civil_head and rest != part else ""
    )


_WORDY = re.compile(r"[^\W\d_]+(?:['’.\-][^\W\d_]*)*(?: [^\W\d_]+(?:['’.\-][^\W\d_]*)*){1,6}")


@lru_cache(maxsize=4096)
def looks_like_name(text: str) -> bool:
    """A Vietnamese name in all likelihood: two to six words, the first a family's."""
    people = read_people(text)
    if not people or len(people) > 8:
        return False
    name = people[0].name
    if not _WORDY.fullmatch(name) or len(name) > 45:
        return False
    if split_kind(text).kind or read_role(name).role:
        return False
    return fold(name.split()[0]).split("'")[0] in FAMILIES
