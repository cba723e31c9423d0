"""Names as they are kept to be searched: what is typed without diacritics, or spelled otherwise, finds them."""

from __future__ import annotations

import re
import unicodedata

MOST_WORDS = 8
ZWJ = "\u200d"
_SHORT = {"kp": ("khu", "pho"), "tt": ("thi", "tran"), "tp": ("thanh", "pho")}
# Letters that look like đ and are typed for it by foreign keyboards.
_STROKED = str.maketrans({"đ": "d", "ð": "d", "ɖ": "d"})


def fold(text: str) -> str:
    """Lower case, without diacritics, đ as d, spaces collapsed; the same for NFC and NFD."""
    plain = "".join(char for char in text if keeps(char) and char != ZWJ)
    plain = _without_marks(_without_marks(plain).casefold()).translate(_STROKED)
    return unicodedata.normalize("NFC", " ".join(plain.split()))


def key(name: str) -> str:
    """The folded name with i for y, which are spelled for each other: An Quy and An Qui are one."""
    return fold(name).replace("y", "i")


def words(said: str) -> list[str]:
    """The words of a typed name, to be looked for one by one: "KP3" is khu, pho and 3."""
    found = re.findall(r"\d+|[^\W\d_]+", key(said))
    return [part for word in found for part in _SHORT.get(word, (word,))][:MOST_WORDS]


def keeps(char: str) -> bool:
    """Not a control, format, private or half character. U+200D is to be looked at again with its neighbours."""
    return char in ("\n", "\t", ZWJ) or unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cs")


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(char for char in decomposed if unicodedata.category(char) != "Mn")
