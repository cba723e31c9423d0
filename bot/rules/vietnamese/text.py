"""Cleaning at the door, and the folded form in which Vietnamese is searched."""

from __future__ import annotations

import re
import unicodedata

from storage.keys import ZWJ, fold, keeps

__all__ = ["fold", "has_diacritics", "normalise"]

# Enough for every living script's syllables (Khmer needs three), too few for stacked "zalgo" text.
_MOST_MARKS = 4
_VARIATION_SELECTOR = "\ufe0f"


def normalise(text: str) -> str:
    """The same words, safe to keep: NFC, no control, format or private characters, no piled-up marks, trimmed.

    Line breaks stay (as "\\n"), other spaces become plain ones; the joiners inside an emoji stay.
    """
    text = re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text)
    kept = "".join(" " if char == "\t" or unicodedata.category(char) == "Zs" else char for char in text if keeps(char))
    return _cap_marks(unicodedata.normalize("NFC", _drop_stray_joiners(kept))).strip()


def has_diacritics(text: str) -> bool:
    """Whether a mark or a đ was typed."""
    return any(unicodedata.category(char) == "Mn" or char in "đĐ" for char in unicodedata.normalize("NFD", text))


def _drop_stray_joiners(text: str) -> str:
    return "".join(
        char
        for place, char in enumerate(text)
        if char != ZWJ or (0 < place < len(text) - 1 and _in_emoji(text[place - 1]) and _in_emoji(text[place + 1]))
    )


def _in_emoji(char: str) -> bool:
    # Skin tones are Sk, arrows Sm; emoji newer than this Python's Unicode are Cn.
    return char == _VARIATION_SELECTOR or unicodedata.category(char) in ("So", "Sk", "Sm", "Cn")


def _cap_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if marks <= _MOST_MARKS:
            kept.append(char)
    return "".join(kept)
