"""Rows that are nobody: totals, signatures, remarks, and the names of groups."""

from __future__ import annotations

import re

from bot.rules.roster.phones import looks_like_phone
from bot.rules.roster.places import NOWHERE, Place, read_section
from bot.rules.roster.roles import only_role, read_role
from bot.rules.roster.titles import read_title
from bot.rules.vietnamese.text import fold
from bot.rules.vietnamese.units import UnitName, proper

_TOTAL = re.compile(
    r"^(?:tổng(?:\s+(?:cộng|số|sl))?(?:\s+(?:số|toàn|danh|người|thành|có|chung))?|"
    r"cộng(?:\s+(?:dồn|chung))?|total|sum|grand total)\s*(?:[:.(=–-]|\d|người|thành viên|ds|"
    r"danh sách|xã|ấp|huyện|cả|$)"
    r"|^(?:tong(?: cong| so)?|cong)\s*(?:[:.(=-]|\d|$)|^danh sách (?:này )?(?:có|gồm)\b|^ấn định\b",
    re.I,
)
_SIGNATURE = re.compile(
    r"^(?:nguoi (?:lap|tong hop|ky|viet|bao cao|duyet|kiem tra|thong ke)\b|(?:tm|kt|tl|tuq|"
    r"q)[. ]+\S|noi nhan\b|\(?ky\b.{0,30}(?:ten|dau)\b|xac nhan\b|thu truong\b|ke toan\b|"
    r"lap (?:bieu|bang|danh sach)\b"
    r"|(?:pho )?chu tich$|(?:pho )?chu tich ubnd\b.{0,40}$|giam doc$|can bo (?:lap|"
    r"phu trach)\b.{0,20}$|.{0,40}\bngay\b.{0,12}\bthang\b.{0,8}\bnam\b|duyet$|luu\s*:|- ?luu\b|"
    r"ghi chu\s*:|prepared by|approved by|signature)"
)
_COUNT = re.compile(r"^\d{1,5}(?:\s*(?:người|thành viên|tv|đ/c))?$", re.I)
_ROMAN = re.compile(r"^[IVXLC]{1,7}[.)]?$|^[A-HĐ][.)]?$")
_TEAM_TITLE = re.compile(r"danh sách|tổ (?:công|chuyển|cn|cđ)|danh sach|to (?:cong|chuyen|cn)", re.I)


def core_of(texts: list[str]) -> list[str]:
    """What of a row is more than a count or a numbering."""
    return [text for text in texts if any(map(str.isalnum, text)) and not _COUNT.match(text) and not _ROMAN.match(text)]


def is_total(core: list[str]) -> bool:
    return any(_TOTAL.match(text) for text in core)


def is_signature(core: list[str], names: list[str]) -> bool:
    """Who made the list, where and when; not somebody of it whose post is "Chủ tịch UBND xã"."""
    signed = [text for text in core if _SIGNATURE.match(fold(text))]
    return bool(signed) and all(name in signed for name in names if name)


def is_remark(text: str) -> bool:
    return len(text) > 12 or text.endswith(":")


def group_named(text: str) -> Place:
    """The units that a row over a group names itself."""
    if len(text) > 25 and _TEAM_TITLE.search(text) and (place := read_title(text)):
        return place
    return read_section(text)


_AREA = re.compile(r"(?:khu vực|cụm|vùng)\s+\D", re.I)


def is_area(text: str) -> bool:
    """ "KHU VỰC BẾN TRE" over communes: no unit of any level."""
    return _AREA.match(text) is not None


def group_numbered(text: str, texts: list[str], level: str) -> Place:
    """A row "II. An Hiệp" names a unit of the level that nothing else says, without its kind."""
    is_numbered = any(_ROMAN.match(one) for one in texts if one != text)
    if not level or not is_numbered or len(text.split()) > 5 or only_role(text) or read_role(text).role:
        return NOWHERE
    return Place(((level, UnitName("", proper(text))),))


def has_phone(texts: list[str]) -> bool:
    return any(map(looks_like_phone, texts))
