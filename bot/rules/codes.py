"""Codes people read aloud: invitations (K7MQ-2XHB) and the names of things (B-1234, V-0567)."""

from __future__ import annotations

import re

from bot.rules.vietnamese import fold

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""32 signs: no O and 0, no I and 1, which are taken for each other."""

LENGTH = 8
BITS = LENGTH * 5

MOST_SIGNS = 40  # of a code and the spaces about it; 4,000 spaces would take the pattern most of a second
_THING = re.compile(r"\s*([BVTY])\s*[-–. ]?\s*0*(\d{1,10})\s*", re.IGNORECASE)
_PRACTICE = re.compile(r"\s*b\s*[-–. ]?\s*tap\s*[-–. ]?\s*0*(\d{1,10})\s*")

_NAMED = re.compile(r"(?<![\w-])B ?[-–] ?(\d{4,10})(?![\w-])", re.IGNORECASE)  # as the bot writes it

_LOGGED = re.compile(r"\s*(DS|[BVTYĐD])\s*[-–. ]?\s*0*(\d{1,10})\s*", re.IGNORECASE)


def spell(number: int) -> str:
    """An invitation code for 40 random bits; what guessing one costs is reckoned in rules/joining.py."""
    signs = [ALPHABET[number >> shift & 31] for shift in range(BITS - 5, -5, -5)]
    return f"{''.join(signs[:4])}-{''.join(signs[4:])}"


def read_invitation(text: str) -> str | None:
    """The code somebody typed, however they spaced it; None when it cannot be one."""
    signs = re.sub(r"[\s.\-–—_]", "", text).upper()
    if len(signs) != LENGTH or any(sign not in ALPHABET for sign in signs):
        return None
    return f"{signs[:4]}-{signs[4:]}"


def read_thing(text: str) -> tuple[str, int] | None:
    """("V", 567) from "v 0567", "V-0567", ("B", -3) from "b tập 3"; None for anything else."""
    if len(text) > MOST_SIGNS:
        return None
    if practised := _PRACTICE.fullmatch(fold(text)):
        return "B", -int(practised[1])
    match = _THING.fullmatch(text)
    return (match[1].upper(), int(match[2])) if match else None


def named_report(text: str) -> tuple[int, str] | None:
    """(12, "sửa  vneid 15") of "sửa B-0012 vneid 15": the report that is named among other words, and those words;
    None where none is, or several are."""
    found = list(_NAMED.finditer(text))
    return (int(found[0][1]), without_codes(text)) if len(found) == 1 else None


def without_codes(text: str) -> str:
    """A text without the codes of reports in it: their digits count nothing."""
    return _NAMED.sub(" ", text).strip() if "-" in text or "–" in text else text


def read_logged(text: str) -> str:
    """The code of anything that the log speaks of, a reform (Đ-0003) and a list (DS-0001) too; "" for anything else."""
    match = _LOGGED.fullmatch(text) if len(text) <= MOST_SIGNS else None
    if match is None:
        return ""
    letters = match[1].upper()
    return f"{'Đ' if letters == 'D' else letters}-{int(match[2]):04d}"


def read_phone(text: str) -> str:
    """A Vietnamese number as ten digits with a leading 0, from +84…, 84…, or with dots and spaces; "" for none."""
    digits = re.sub(r"\D", "", text)
    if digits.startswith("84") and len(digits) == 11:
        digits = "0" + digits[2:]
    return digits if len(digits) == 10 and digits.startswith("0") else ""
