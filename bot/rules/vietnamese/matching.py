"""Finding a unit or a person by the words somebody typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from bot.rules.vietnamese.spelling import agrees, begins, is_same, spell
from bot.rules.vietnamese.text import normalise

T = TypeVar("T")

# "kp5" is two words, "3a" is one: the hamlets Ấp 3 and Ấp 3A are neighbours.
_WORD = re.compile(r"[0-9]+[^\W_]*|[^\W\d_]+")
_SHORT = {"kp": ("khu", "phố"), "tt": ("thị", "trấn"), "tp": ("thành", "phố")}


def matches(query: str, name: str) -> bool:
    """Every word of `query` is a word of `name` or the beginning of one, in any order; marks that were typed agree."""
    asked = _words(query)
    return bool(asked) and _assign(asked, _words(name)) is not None


def rank(query: str, names: Iterable[T], key: Callable[[T], str] = str) -> list[T]:
    """Those of `names` that match, the closest first, equally close ones in their order. `key` gives a thing's name."""
    found = [(_distance(query, key(name)), name) for name in names if matches(query, key(name))]
    return [name for _, name in sorted(found, key=lambda pair: pair[0])]


def _distance(query: str, name: str) -> tuple[int, ...]:
    asked, words = _words(query), _words(name)
    places = _assign(asked, words) or []
    pairs = [(word, words[place]) for word, place in zip(_expand(asked, words), places, strict=True)]
    return (
        sum(not _equal(word, other) for word, other in pairs),
        len(words) - len(pairs),
        sum(not is_same(word, other) for word, other in pairs),
        int(places != sorted(places)),
    )


def _words(text: str) -> list[str]:
    return [word.lstrip("0") or word if word[0].isdigit() else word for word in _WORD.findall(normalise(text))]


def _expand(asked: list[str], words: list[str]) -> list[str]:
    """Short forms written out, where the name has the long form."""
    keys = {spell(word).letters for word in words}
    expanded: list[str] = []
    for word in asked:
        long = _SHORT.get(word.casefold())
        expanded += long if long and all(spell(part).letters in keys for part in long) else (word,)
    return expanded


def _assign(asked: list[str], words: list[str]) -> list[int] | None:
    """For each asked word the place of a name's word of its own, equal ones preferred; None when that cannot be."""
    asked = _expand(asked, words)
    if len(asked) > len(words):
        return None
    taken: dict[int, int] = {}

    def settle(number: int, tried: set[int]) -> bool:
        for fits in (_equal, _starts):
            for place, word in enumerate(words):
                if place in tried or not fits(asked[number], word):
                    continue
                tried.add(place)
                if place not in taken or settle(taken[place], tried):
                    taken[place] = number
                    return True
        return False

    if not all(settle(number, set()) for number in range(len(asked))):
        return None
    place_of = {number: place for place, number in taken.items()}
    return [place_of[number] for number in range(len(asked))]


def _equal(asked: str, word: str) -> bool:
    return agrees(asked, word)


def _starts(asked: str, word: str) -> bool:
    # "Ấp 3" is not the beginning of Ấp 30.
    return not asked[0].isdigit() and begins(asked, word)
