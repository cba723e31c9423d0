"""When two spellings are the same word: marks left out, tone on the other vowel, i for y."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_HOOK_AND_TILDE = "\u0309\u0303"
_STROKE = "-"
# Final y is a spelling of i when it is the only vowel (Mỹ, Lý) or follows qu (Quý, Quỳnh); not in Thúy, ngày, Nguyễn.
_FREE_Y = re.compile(r"^((?:[^aeiouy]*|qu)(?=y$)|qu(?=y(?:nh|t|ch)$))y")


@dataclass(frozen=True, slots=True)
class Spelling:
    """One word taken apart. `key`: bare letters with i for y; `letters` and `marks`: as typed, mark for mark."""

    key: str
    letters: str
    marks: tuple[str, ...]
    tone: str

    @property
    def is_bare(self) -> bool:
        """No mark on any vowel; a đ alone tells nothing about the vowels."""
        return not self.tone and all(mark in ("", _STROKE) for mark in self.marks)


@lru_cache(maxsize=8192)
def spell(word: str) -> Spelling:
    """Take a word apart: hoà and hòa, Quí and Quý, Qưới and Quới come out alike but for `letters`."""
    letters: list[str] = []
    marks: list[str] = []
    tone = ""
    for char in unicodedata.normalize("NFD", word.casefold()):
        if char in _TONES:
            tone += char
        elif unicodedata.category(char) == "Mn":
            if marks:
                marks[-1] += char
        elif char in "đðɖ":
            letters.append("d")
            marks.append(_STROKE)
        else:
            letters.append(char)
            marks.append("")
    bare = "".join(letters)
    if bare.startswith("qu"):
        marks[1] = ""
    return Spelling(_FREE_Y.sub(r"\1i", bare), bare, tuple(marks), tone)


def agrees(typed: str, word: str) -> bool:
    """`typed` may be `word`: no marks at all, or the right tone with perhaps a hook or hat left out ("muời").

    Southerners say hỏi and ngã alike, and write one for the other: "bửa nay".
    """
    given, right = spell(typed), spell(word)
    same_tone = given.tone == right.tone or {given.tone, right.tone} == set(_HOOK_AND_TILDE)
    return given.key == right.key and _marks_agree(given, right) and (given.is_bare or same_tone)


def begins(typed: str, word: str) -> bool:
    """`typed` may be the first letters of `word`; marks already typed must be the word's."""
    given, right = spell(typed), spell(word)
    return (
        len(given.letters) < len(right.letters)
        and right.letters.startswith(given.letters)
        and _marks_agree(given, right)
        and given.tone in ("", right.tone)
    )


def is_same(typed: str, word: str) -> bool:
    """The same word with the same marks, wherever the tone stands."""
    given, right = spell(typed), spell(word)
    return (given.key, given.marks, given.tone) == (right.key, right.marks, right.tone)


def _marks_agree(given: Spelling, right: Spelling) -> bool:
    # `right` may be longer: then only its first letters are compared.
    return all(mark in ("", other) for mark, other in zip(given.marks, right.marks, strict=False))
