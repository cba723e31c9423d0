"""What may not be kept at all: numbers of identity papers and one-time codes, found in what people type.

An identity number has 12 digits: 3 of the province of birth, 1 of century and sex, 2 of the year, 6 at random (Decree
137/2015/NĐ-CP, Art. 13). The older paper had 9, as much else has: they count only near the paper's name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.rules.vietnamese import fold

Sensitive = Literal["identity", "code"]

MOST_GROUPS = 4  # into which people part a number; more look like counts, unless each digit stands alone
NEAR = 40  # signs between a number and the name of its paper
MOST_WORDS = 7  # between a code and its name
LOOKED_AT = 80  # signs on either side of a code's name
_PROVINCES = frozenset(
    f"{code:03d}"
    for code in (
        *(1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38, 40, 42),
        *(44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86),
        *(87, 89, 91, 92, 93, 94, 95, 96),
    )
)

_RUN = re.compile(r"\d+(?:[ .\-]{1,3}\d+)*")
_PAPER = re.compile(
    r"c\.?c\.?c\.?d|can ?cuoc|\bcc\b|cmnd|cmtnd|\bcmt\b|chung minh|dinh danh|\bddcn\b|\bid\b|giay to tuy than"
)
# What makes a number before it a count: no code is a number of people.
_COUNTED = re.compile(
    r" ?(?:nguoi|ng|ho|luot|hs|tai khoan|tk|the|to|tam|tin|bai|buoi|lop|diem|nhom|dong|d|vnd|k|nghin|ngan|trieu|tr|ty"
    r"|gio|h|phut|ngay|ba con|co bac|em|hoc vien|hoc sinh|\w+ vien|can|cai|vneid|dvc|cccd|thue bao|gian hang|san pham"
    r"|lan|bo|don vi|ap|xa)\b|%"
)
_NOT_A_CODE = re.compile(r"\b(?:nam|thang|ngay|luc|cv|qd|kh|nq|cong van so|quyet dinh|nghi dinh|ke hoach|[bvt]-) ?$")
_COUNTING = re.compile(
    r"\b(?:khoang|hon|gan|tong|duoc|phat|giup|ho tro|huong dan|nhac|dan|tuyen truyen|tap huan|ap|khu pho|to \d)\b"
)
_CODE_NAME = re.compile(
    r"\botp(?![a-z])|\bma (?:\w+ )?xac (?:thuc|nhan)\b|\bma (?:kich hoat|dang nhap|bao mat|pin)\b"
    r"|\bpin\b|\bpass ?code\b"
    r"|\bmat khau (?:mot|1) lan\b|\b(?:verification|security) code\b|\bone[- ]time (?:code|password)\b"
    r"|\b(?:mat khau|mk|password) (?:otp|vneid|dvc|vssid|ngan hang|momo|zalo)\b"
    r"|\b(?:vneid|ngan hang|zalo|momo|vssid|dvc) (?:da |moi )?(?:gui|bao|cho) (?:\w+ )?ma\b"
)
_DIGITS = r"\d{4,8}|\d(?: \d){3,7}|\d{2,4}[ \-]\d{2,4}(?:[ \-]\d{2,4})?"
_AFTER_NAME = re.compile(rf"([^\d.!?;]*?(?:[.:!?;=]\s*)?)\(?({_DIGITS})(?![\d/]|[.,:]\d|[ \-]\d)")
_BEFORE_NAME = re.compile(
    rf"(?<![\d/.,])({_DIGITS})\)?\s*(?:\b(?:la|is|as)\b|[-=(])\s*[^\d.!?;]{{0,30}}$",
)


@dataclass(frozen=True, slots=True)
class _Number:
    """Digits written as one number, however parted; `groups` are their lengths."""

    digits: str
    groups: tuple[int, ...]
    start: int
    end: int


def find(text: str) -> Sensitive | None:
    """What of the two is in a text, an identity number first; None for neither."""
    if sum(char.isdecimal() for char in text) < 4:
        return None
    read = "\n".join(fold(line) for line in _with_plain_digits(text).replace("–", "-").splitlines())
    papers = [name.span() for name in _PAPER.finditer(read)]
    if any(_is_identity(number, read, papers) for number in _numbers(read)):
        return "identity"
    return "code" if _has_code(read) else None


def _with_plain_digits(text: str) -> str:
    """Digits of other scripts, full-width ones too, are the same numbers."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def _numbers(read: str) -> Iterator[_Number]:
    """Every way in which 9 or 12 digits can be read as one number, whole groups together."""
    for run in _RUN.finditer(read):
        groups = list(re.finditer(r"\d+", run[0]))
        for first in range(len(groups)):
            digits = ""
            for last in range(first, len(groups)):
                digits += groups[last][0]
                if len(digits) > 12:
                    break
                if len(digits) in (9, 12):
                    lengths = tuple(len(group[0]) for group in groups[first : last + 1])
                    yield _Number(
                        digits, lengths, run.start() + groups[first].start(), run.start() + groups[last].end()
                    )


def _is_identity(number: _Number, read: str, papers: Sequence[tuple[int, int]]) -> bool:
    if len(number.digits) == 9:
        is_one = number.groups in ((9,), (3, 3, 3)) and not _COUNTED.match(read, number.end)
        return is_one and _is_named(number, read, papers)
    if not number.digits.startswith("0") or _is_telephone_and_count(number):
        return False
    if number.groups[:3] == (2, 2, 4):  # a date, and something else
        return False
    if _is_well_formed(number.digits) and _is_parted_as_one(number.groups):
        return True
    return _is_named(number, read, papers)


def _is_named(number: _Number, read: str, papers: Sequence[tuple[int, int]]) -> bool:
    """Whether the name of a paper stands beside it, in the same line."""
    for start, end in papers:
        first, last = (end, number.start) if end <= number.start else (number.end, start)
        if last - first <= NEAR and "\n" not in read[first:last]:
            return True
    return False


def _is_well_formed(digits: str) -> bool:
    return digits[:3] in _PROVINCES and digits[3] in "0123"


def _is_parted_as_one(groups: tuple[int, ...]) -> bool:
    """12; 3 3 3 3; 4 4 4; 3 1 2 6 …; or each digit alone. Short groups at the ends are numbers of their own."""
    return set(groups) == {1} or (len(groups) <= MOST_GROUPS and groups[0] > 2 and groups[-1] > 2)


def _is_telephone_and_count(number: _Number) -> bool:
    """ "0912 345 678 12" """
    return number.groups[-1] == 2 and 2 <= len(number.groups) <= 5 and sum(number.groups[:-1]) == 10


def _has_code(read: str) -> bool:
    for name in _CODE_NAME.finditer(read):
        after = _AFTER_NAME.match(read, name.end(), name.end() + LOOKED_AT)
        if after and _is_code(after[2], read[name.end() : after.start(2)], read, after.end(2)):
            return True
        first = max(0, name.start() - LOOKED_AT)
        before = _BEFORE_NAME.search(read[first : name.start()])
        if before and _is_code(before[1], read[first : first + before.start(1)][-20:], read, first + before.end(1)):
            return True
    return False


def _is_code(digits: str, before: str, read: str, end: int) -> bool:
    """Whether digits beside the name of a code are one, and not a number of people, a year, a decision …"""
    if not 4 <= sum(char.isdigit() for char in digits) <= 8 or _COUNTED.match(read, end):
        return False
    return len(before.split()) <= MOST_WORDS and not _NOT_A_CODE.search(before) and not _COUNTING.search(before)
