"""The kinds of units as patterns, made from the one table that all of the program reads names with."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.rules.vietnamese.text import fold
from bot.rules.vietnamese.units import KINDS

# Kinds whose bare word means something else as often ("khu", "bản", "tổ chức"): known only where a name follows.
LOOSE = frozenset(("khu", "tổ", "bản", "làng", "sóc", "phum"))
# Words for a level rather than for a kind.
_GENERAL = {
    "province": ("province",),
    "district": ("district",),
    "commune": ("commune", "ward"),
    "hamlet": ("hamlet", "village"),
}


def of_level(level: str) -> list[str]:
    """The kinds of a level, in full."""
    return [kind for kind, (of, _) in KINDS.items() if of == level]


def level_words(level: str) -> str:
    """An alternation of the kinds of a level, with and without marks; not those that are as often other words."""
    kinds = [kind for kind in of_level(level) if kind not in LOOSE]
    return _alternation([*kinds, *map(fold, kinds), *_GENERAL[level]])


def folded_words(level: str) -> str:
    """An alternation for the folded words over a column, the short forms that are no other words among them."""
    kinds = [kind for kind in of_level(level) if kind not in ("khu", "tổ", "thành phố")]
    return _alternation([*map(fold, kinds), *(short for kind in kinds for short in _short(kind)), *_GENERAL[level]])


def _short(kind: str) -> list[str]:
    """What is written besides, as it stands in folded words: "k pho", "tdp", "kp"."""
    forms = [" ".join(re.findall(r"[a-z0-9]+", fold(form))) for form in KINDS[kind][1]]
    return [form for form in forms if max(map(len, form.split())) > 2 or form in ("kp", "kv", "to dp")]


def any_kind() -> str:
    """An alternation of every kind and of its short forms of two letters and more, as written."""
    forms = [kind for kind in KINDS if kind not in LOOSE]
    short = [form for _, (_, others) in KINDS.items() for form in others if len(form.rstrip(".")) > 1]
    return _alternation([*forms, *map(fold, forms), *short])


def titles(*, marked: bool) -> str:
    """An alternation of the kinds that a title names units by."""
    kinds = [kind for kind in KINDS if kind not in LOOSE]
    return _alternation(kinds if marked else map(fold, kinds))


def word_kinds() -> dict[str, str]:
    """Folded word over a column → the kind of all its names."""
    kinds = [kind for kind in KINDS if kind not in ("khu", "tổ", "thành phố")]
    found = {fold(kind): kind for kind in kinds} | {short: kind for kind in kinds for short in _short(kind)}
    return {word: kind for word, kind in found.items() if word != "province"}


def _alternation(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))
