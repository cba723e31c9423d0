"""The unit that is meant by typed words: a code, a name, or a name with what it stands in."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from bot.rules import vietnamese
from storage import keys, units
from storage.db import Db
from storage.former import Former, formers
from storage.units import Unit

MOST_PLACES = 8  # of one name that are looked into
MOST_WORDS = 8
NEAR = 5
ALIKE = 0.7  # of 1: shares letters enough to be a slip of the fingers


def find(db: Db, within: Sequence[Unit], said: str) -> list[Unit]:
    """The open units of these subtrees that somebody may mean, the likeliest first: "28756", "mỹ an", "Xã Mỹ An, Huyện
    Ba Tri", "Xã Mỹ An (Huyện Ba Tri)" or "ấp 3 mỹ an"."""
    coded = [one for one in units.with_code(db, said.strip()) if any(top.holds(one) for top in within)]
    return coded or _called(db, within, said) or _standing_in(db, within, said) or _by_words(db, within, said)


def _called(db: Db, within: Sequence[Unit], said: str) -> list[Unit]:
    found = {one.id: one for top in within for one in units.called(db, top, said)}.values()
    ranked = vietnamese.rank(said, found, lambda one: one.name)
    return [one for one in ranked if vietnamese.fold(one.name) == vietnamese.fold(said)] or ranked


def _standing_in(db: Db, within: Sequence[Unit], said: str) -> list[Unit]:
    """By a name, and after a comma or in brackets what is above it, the nearest first."""
    name, *places = parts(said)
    for place in reversed(places):
        within = _called(db, within, place)
    return _called(db, within, name) if places else []


def parts(said: str) -> list[str]:
    """A name and what it stands in, as they are written together."""
    return [part for part in (" ".join(part.split()) for part in re.split(r"[,;()]", said)) if part] or [""]


def _by_words(db: Db, within: Sequence[Unit], said: str) -> list[Unit]:
    """Those meant by "ấp 3 đại điền", with nothing between: the longest name first."""
    words = said.split()[:MOST_WORDS]
    for at in range(len(words) - 1, 0, -1):
        places = vietnamese.rank(
            " ".join(words[at:]),
            [one for top in within for one in units.called(db, top, " ".join(words[at:]))],
            lambda one: one.name,
        )
        name = " ".join(words[:at]).rstrip(",")
        called = {one.id: one for place in places[:MOST_PLACES] for one in units.called(db, place, name)}
        if found := vietnamese.rank(name, called.values(), lambda one: one.name):
            return found
    return []


def near(db: Db, top: Unit, said: str) -> list[Unit]:
    """Whose names look like one that is nobody's: that very name elsewhere, or what somebody may have mistyped."""
    name = parts(said)[0]
    if elsewhere := _called(db, [top], name):
        return elsewhere[:NEAR]
    of_key: dict[str, list[Unit]] = {}
    for one in units.under(db, top):
        of_key.setdefault(keys.key(one.name), []).append(one)
    alike = difflib.get_close_matches(keys.key(name), of_key, NEAR, ALIKE)
    return [one for key in alike for one in of_key[key]][:NEAR]


def describe(db: Db, found: Sequence[Unit]) -> list[str]:
    """Each with what is above it, as it may be typed again; with its code too, where that does not tell them apart."""
    labels = [", ".join([one.name, *(above.name for above in units.above(db, one)[:2])]) for one in found]
    return [
        f"{label} ({one.code})" if labels.count(label) > 1 else label for label, one in zip(labels, found, strict=True)
    ]


def former(db: Db, top: Unit, said: str) -> Former | None:
    """What was called so and is no more, or is called otherwise now."""
    name, *places = parts(said)
    for one in formers(db, top):
        same = said.strip() == one.code or vietnamese.fold(name) == vietnamese.fold(one.name)
        if same and one.became and all(any(vietnamese.matches(place, up) for up in one.above) for place in places):
            return one
    return None
