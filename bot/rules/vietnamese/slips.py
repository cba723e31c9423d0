"""Words typed while the keyboard's Vietnamese was off or slipping: ddax, nguwowif, d9a4, hooj, rồiiii."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]+")
_MIXED = re.compile(r"(?<![^\W_])[^\W\d_]+[0-9][^\W_]*")
_TEN = re.compile(r"\b(?:mừi|mừơi|mườị)\b", re.IGNORECASE)
_GOT = re.compile(r"\bd9c\b", re.IGNORECASE)
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
# côg, nhữg
_LOST_N = re.compile(r"(?<=[^\W\d_])([aăâeêoôơuưáàảãạắằẳẵặấầẩẫậóòỏõọốồổỗộớờởỡợúùủũụứừửữự])(g)\b", re.IGNORECASE)
# The plain key and the marked one, both left standing: nguươi, hoồ.
_TWICE = re.compile("u(?=[ưứừửữự])|o(?=[ơớờởỡợôốồổỗộ])|e(?=[êếềểễệ])|a(?=[ăắằẳẵặâấầẩẫậ])|d(?=đ)", re.IGNORECASE)
# haii, nămm
_ENDS_TWICE = re.compile(r"([^\W\d_])\1$")
_LONGEST = 10

_ONSET = "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?"
_NUCLEUS = (
    "(?:uye|uya|uyu|ieu|yeu|uoi|uou|oai|oay|oeo|uay|uao|ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|ua|ue|ui|uo|uu|uy|ye"
    "|[aeiouy])"
)
_SYLLABLE = re.compile(f"{_ONSET}{_NUCLEUS}(?:ch|ng|nh|[cmnpt])?")
_STOPPED = re.compile("(?:ch|[cpt])$")
# Bare nuclei that no coda may follow.
_OPEN = re.compile(f"{_ONSET}(?:ai|ao|au|ay|eo|eu|ia|iu|oi|ui|uu|ieu|yeu|uoi|uou|oai|oay|oeo|uay|uao|uya|uyu)[a-z]")

_GI = re.compile("gi[aeouy]")

_HAT, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"
_TELEX_TONES = {"f": "\u0300", "s": "\u0301", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VNI_TONES = {"2": "\u0300", "1": "\u0301", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_VOWELS = "aeiouy"
_KEYS = re.compile("[fsrxjw]|dd|aa|ee|oo|[aeo].+[aeo]|d.+d")
_ENTERING = ("\u0301", "\u0323")


def repair(text: str, keep: Container[str] = ()) -> str:
    """`text` (normalised) with such words written out. Words in `keep` (bare, lower case) stay as they are.

    A word that may be a plain one is left alone; digits at the end of a word ("to5") are tones only in a message where
    another word can be nothing but VNI ("ngu7o7i2").
    """
    text = _TEN.sub("mười", text)
    text = _LOST_N.sub(r"\1n\2", _TWICE.sub("", text))
    text = _WORD.sub(lambda match: match[0] if match[0].lower() in keep else _REPEATED.sub(r"\1", match[0]), text)
    mixed = _MIXED.findall(text)
    if mixed and any(_is_surely_vni(word) for word in mixed):
        text = _MIXED.sub(lambda match: _vni(match[0].lower()) or match[0], _GOT.sub("đc", text))
    return _WORD.sub(lambda match: _of_telex(match[0], keep), text)


def is_syllable(word: str) -> bool:
    """Whether bare lower-case letters can be read as one Vietnamese syllable."""
    rest = f"d{word[2:]}" if _GI.match(word) else word  # "giup" is gi and up, no "giu" with a p
    return _SYLLABLE.fullmatch(word) is not None and _OPEN.match(rest) is None


def _of_telex(word: str, keep: Container[str]) -> str:
    lower = word.lower()
    if len(word) > _LONGEST or len(word) < 2 or lower in keep:
        return word
    return _telex(lower) or _ended_once(word) or word


@lru_cache(maxsize=8192)
def _ended_once(word: str) -> str:
    """ "haii" is "hai", where the last key was held too long."""
    once = word[:-1]
    is_twice = _ENDS_TWICE.search(word) is not None and len(word) > 3
    return once if is_twice and not is_syllable(_bare(word.lower())) and is_syllable(_bare(once.lower())) else ""


@lru_cache(maxsize=8192)
def _telex(word: str) -> str:
    """The word that these keys would have made; "" when they are no slip."""
    if (word[0] == "w" and word[1] in _VOWELS) or word == "hwa":
        return ""  # "wa" is "qua"
    if is_syllable(_bare(word)) or not _KEYS.search(word) or not re.search("[aeiouy]", _bare(word)):
        return ""
    letters: list[str] = []
    tone = ""
    for char in word:
        has_vowel = any(_bare(letter)[0] in _VOWELS for letter in letters)
        if char in _TELEX_TONES and has_vowel:
            if tone:
                return ""
            tone = _TELEX_TONES[char]
        elif char == "w":
            if not _hook(letters):
                if has_vowel:
                    return ""
                letters.append("u" + _HORN)
        elif char == "d" and letters and letters[0] == "d":
            letters[0] = "đ"
        elif char in "aeo" and char in letters:
            letters[letters.index(char)] = char + _HAT
        else:
            letters.append(char)
    return _composed(letters, tone)


def _hook(letters: list[str]) -> bool:
    """Put the horn or breve of a w on what was typed: uo → ươ, a → ă."""
    for place in range(len(letters) - 1, -1, -1):
        if letters[place] == "o" and place and letters[place - 1] in ("u", "u" + _HORN):
            letters[place - 1 : place + 1] = ["u" + _HORN, "o" + _HORN]
            return True
        if letters[place] in ("o", "u", "a"):
            if letters[place] == "u" and place + 1 < len(letters) and letters[place + 1] == "o":
                letters[place + 1] = "o" + _HORN
            letters[place] += _BREVE if letters[place] == "a" else _HORN
            return True
        if letters[place] in ("a" + _HAT, "o" + _HAT):
            # "caawn": the w takes the hat away.
            letters[place] = letters[place][0] + (_BREVE if letters[place][0] == "a" else _HORN)
            return True
    return False


def _is_surely_vni(word: str) -> bool:
    """A digit inside the letters: ngu7o7i2, d9a4; not kp5, vneid12."""
    return re.search(r"\d[^\W\d]", word) is not None and bool(_vni(word.lower()))


@lru_cache(maxsize=4096)
def _vni(word: str) -> str:
    letters: list[str] = []
    tone = ""
    for char in word:
        if char in _VNI_TONES:
            if tone or not letters:
                return ""
            tone = _VNI_TONES[char]
        elif char.isdigit():
            place = _vni_place(letters, char)
            if place < 0:
                return ""
            if char == "7" and letters[place] == "o" and place and letters[place - 1] == "u":
                letters[place - 1] += _HORN
            letters[place] = "đ" if char == "9" else letters[place] + {"6": _HAT, "7": _HORN, "8": _BREVE}[char]
        else:
            letters.append(char)
    return _composed(letters, tone)


def _vni_place(letters: list[str], digit: str) -> int:
    wanted = {"6": "aeo", "7": "uo", "8": "a", "9": "d"}.get(digit, "")
    places = [place for place, letter in enumerate(letters) if letter in tuple(wanted)]
    if digit == "7" and len(places) > 1 and letters[places[-1]] == "o":
        return places[-1]
    return places[-1] if places else -1


def _composed(letters: list[str], tone: str) -> str:
    """Letters and a tone as one word; "" when no such syllable exists."""
    bare = _bare("".join(letters))
    if not is_syllable(bare) or (tone and _STOPPED.search(bare) and tone not in _ENTERING):
        return ""
    vowels = [place for place, letter in enumerate(letters) if _bare(letter)[0] in _VOWELS]
    if tone and vowels:
        # Where exactly the tone stands does not matter to who reads on; a marked vowel is its usual place.
        marked = [place for place in vowels if len(letters[place]) > 1]
        letters[marked[-1] if marked else vowels[0]] += tone
    return unicodedata.normalize("NFC", "".join(letters))


def _bare(word: str) -> str:
    plain = "".join(char for char in unicodedata.normalize("NFD", word) if unicodedata.category(char) != "Mn")
    return plain.replace("đ", "d")
