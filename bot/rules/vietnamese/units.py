"""Names of units: their kind (xã, ấp …), the many ways to write one, and the key that is the same for all of them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bot.rules.vietnamese.spelling import agrees, spell
from bot.rules.vietnamese.text import normalise

# Kind → its level, and how it is written besides. The longest form is tried first.
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "tỉnh": ("province", ("province",)),
    "thành phố": ("district", ("tp", "t.p", "t/p", "city")),
    "thị xã": ("district", ("tx", "t.x")),
    "huyện": ("district", ("h.", "district")),
    "quận": ("district", ("q.",)),
    "xã": ("commune", ("x.", "commune")),
    "phường": ("commune", ("p.", "ph.", "ward")),
    "thị trấn": ("commune", ("tt", "t.t", "ttr", "t.trấn", "t.tr")),
    "đặc khu": ("commune", ()),
    "tổ dân phố": ("hamlet", ("tdp", "tổ dp", "tổ dân cư", "tdc")),
    "khu phố": ("hamlet", ("kp", "k.p", "k.phố", "kph")),
    "khu vực": ("hamlet", ("kv",)),
    "khu dân cư": ("hamlet", ("kdc",)),
    "khóm": ("hamlet", ("k.",)),
    "ấp": ("hamlet", ("a.", "hamlet")),
    "thôn": ("hamlet", ("th.", "village")),
    "bản": ("hamlet", ()),
    "buôn": ("hamlet", ("bon",)),
    "làng": ("hamlet", ()),
    "sóc": ("hamlet", ()),
    "phum": ("hamlet", ()),
    "xóm": ("hamlet", ()),
    "tiểu khu": ("hamlet", ("tk",)),
    "khu": ("hamlet", ()),
    "tổ": ("hamlet", ()),
}
_TONES = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_WORD = re.compile(r"[0-9]+[^\W_]*|[^\W\d_]+(?:['’][^\W\d_]+)*")
_UNCERTAIN = ("ban", "lang", "soc", "xom", "to", "khu", "bon", "buon", "phum")
_NUMBER_SIGN = re.compile(r"^(?:số|so|no\.?)\s*(?=\d)", re.I)  # "Ấp số 3" is Ấp 3
_PARENTHESES = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


@dataclass(frozen=True, slots=True)
class UnitName:
    """A name taken apart: "TT. BA TRI" is kind "thị trấn", name "Ba Tri". `kind` is "" when none was written."""

    kind: str
    name: str

    @property
    def level(self) -> str:
        """The level its kind belongs to, "" without a kind. A thành phố may also be a province."""
        return KINDS[self.kind][0] if self.kind else ""

    @property
    def full(self) -> str:
        """As it is shown: "Thị trấn Ba Tri"."""
        return f"{self.kind[0].upper()}{self.kind[1:]} {self.name}" if self.kind else self.name


def unit_key(name: str) -> str:
    """The same for every right spelling of a unit's name, kind included, and different for different names.

    "XÃ  AN QUI", "xã An Quy" and "X. An Quy" are one, so are Thủy and Thuỷ, Qưới and Quới, "Ap1", "A.1" and "Ấp 01",
    NFC and NFD. A name without its marks has another key ("An Hoa", "An Hòa"): `bare_key` is the same for both.
    """
    parts = split_kind(name)
    return " ".join((*map(_word_key, parts.kind.split()), core_key(parts.name))).strip()


@lru_cache(maxsize=20_000)
def core_key(name: str) -> str:
    """`unit_key` of a name without its kind: "Thuỷ" → "thuyr"; tones stand at the end as in Telex."""
    return " ".join(map(_word_key, words(name)))


def bare_key(name: str) -> str:
    """`unit_key` without marks, as many people type. Different names may share it (Bình Thạnh, Bình Thành)."""
    parts = split_kind(name)
    return " ".join(spell(word).key for word in (*parts.kind.split(), *words(parts.name)))


@lru_cache(maxsize=20_000)
def bare_core(name: str) -> str:
    """`core_key` without marks."""
    return " ".join(spell(word).key for word in words(name))


def is_bare(name: str) -> bool:
    """Written without any mark."""
    return all(spell(word).is_bare and "đ" not in word.casefold() for word in words(name))


def words(name: str) -> list[str]:
    """The words and numbers of a name, without what stands in parentheses; "03" is "3"."""
    found = _WORD.findall(_PARENTHESES.sub(" ", _clean(name)) or "")
    return [(word.lstrip("0") or word) if word[0].isdigit() else word for word in found]


@lru_cache(maxsize=20_000)
def split_kind(text: str) -> UnitName:
    """Take the kind from the front of a name; both parts in their usual writing."""
    text = _clean(text)
    for kind, form in _FORMS:
        if (rest := _after(text, form)) is not None:
            return UnitName(kind, proper(rest))
    return UnitName("", proper(text))


def proper(name: str) -> str:
    """A name in its usual capitals: "TÂN THẠCH", "tân thạch" → "Tân Thạch"; "hưng khánh trung B" keeps its B."""
    name = " ".join(name.split()).strip(" .,:;-–—*•+\"'")
    return " ".join(_capital(word) for word in name.split(" ")) if name else ""


def _capital(word: str) -> str:
    if not word or word[0].isdigit():
        return (word.lstrip("0") or word).upper() if len(word) < 4 else word
    if word.isupper() or word.islower():
        return "".join(
            piece if at % 2 else piece[:1].upper() + piece[1:].lower()
            for at, piece in enumerate(re.split(r"(['’\-(])", word))
        )
    return word


def _clean(text: str) -> str:
    if not (text.isprintable() and unicodedata.is_normalized("NFC", text)):
        text = normalise(text)
    return " ".join(text.split())


def _all_forms() -> list[tuple[str, str]]:
    forms = [(kind, form) for kind, (_, others) in KINDS.items() for form in (kind, *others)]
    return sorted(forms, key=lambda pair: len(pair[1]), reverse=True)


_FORMS = _all_forms()


def _after(text: str, form: str) -> str | None:
    """What follows a kind's `form` at the beginning; None when it does not stand there or nothing follows."""
    if "." in form or "/" in form:
        head, rest = text[: len(form)], text[len(form) :]
        fits = head.casefold() == form and bool(rest.strip())
        return rest if fits else None
    count = len(form.split())
    pieces = _kind_pieces(text, count)
    if pieces is None:
        return None
    found, rest = pieces
    rest = rest.lstrip(" .:")
    if not rest or not all(agrees(one, other) for one, other in zip(found, form.split(), strict=True)):
        return None
    # Without marks these may as well begin a name: "Ban 3" is bản, "Ban Mai" is not.
    is_certain = spell(found[0]).key not in _UNCERTAIN or not spell(found[0]).is_bare or rest[0].isdigit()
    return _NUMBER_SIGN.sub("", rest) if is_certain else None


_HEAD = re.compile(r"([^\W\d_]+)(?=[\s.:]|\d)\s*")


def _kind_pieces(text: str, count: int) -> tuple[list[str], str] | None:
    found: list[str] = []
    for _ in range(count):
        match = _HEAD.match(text)
        if match is None:
            return None
        found.append(match[1])
        text = text[match.end() :]
    return found, text


@lru_cache(maxsize=20_000)
def _word_key(word: str) -> str:
    parts = spell(word)
    letters = "".join(
        letter if mark in ("", "-") and not (mark == "-" and letter != "d") else letter + mark
        for letter, mark in zip(parts.key, parts.marks, strict=False)
    )
    # đ and d differ: the stroke is kept as a doubled letter, as in Telex.
    if parts.marks and "-" in parts.marks:
        letters = letters.replace("d", "dd", 1)
    return unicodedata.normalize("NFC", letters) + "".join(_TONES.get(tone, "") for tone in parts.tone)
