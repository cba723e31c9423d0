"""Cleaning at the door, and the folded form in which Vietnamese is searched."""

from __future__ import annotations

import re
import unicodedata

# Enough for every living script's syllables (Khmer needs three), too few for stacked "zalgo" text.
_MOST_MARKS = 4
_ZWJ = "\u200d"
_VARIATION_SELECTOR = "\ufe0f"
# Letters that look like đ and are typed for it by foreign keyboards.
_STROKED = str.maketrans({"đ": "d", "ð": "d", "ɖ": "d"})


def normalise(text: str) -> str:
    """The same words, safe to keep: NFC, no control, format or private characters, no piled-up marks, trimmed.

    Line breaks stay (as "\\n"), other spaces become plain ones; the joiners inside an emoji stay.
    """
    text = re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text)
    kept = "".join(" " if char == "\t" or unicodedata.category(char) == "Zs" else char for char in text if _keeps(char))
    return _cap_marks(unicodedata.normalize("NFC", _drop_stray_joiners(kept))).strip()


def fold(text: str) -> str:
    """The search key: lower case, without diacritics, đ as d, spaces collapsed; the same for NFC and NFD."""
    plain = "".join(char for char in text if _keeps(char) and char != _ZWJ)
    plain = _without_marks(_without_marks(plain).casefold()).translate(_STROKED)
    return unicodedata.normalize("NFC", " ".join(plain.split()))


def has_diacritics(text: str) -> bool:
    """Whether a mark or a đ was typed."""
    return any(unicodedata.category(char) == "Mn" or char in "đĐ" for char in unicodedata.normalize("NFD", text))


def _keeps(char: str) -> bool:
    """Not a control, format, private or half character. U+200D is looked at again with its neighbours."""
    return char in ("\n", "\t", _ZWJ) or unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cs")


def _drop_stray_joiners(text: str) -> str:
    return "".join(
        char
        for place, char in enumerate(text)
        if char != _ZWJ or (0 < place < len(text) - 1 and _in_emoji(text[place - 1]) and _in_emoji(text[place + 1]))
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


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(char for char in decomposed if unicodedata.category(char) != "Mn")
