"""What may be a unit of count, and whose a word is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.rules.refused import Refused
from bot.rules.wording import builtin_unit, check_line, check_words, words_of
from storage.categories import Category
from storage.counted import Counted

MOST_NAME = 20


def check(one: Counted, everything: Iterable[Counted], categories: Iterable[Category]) -> Counted:
    """The unit as it may be kept beside the others. Raises Refused that says whose a word is."""
    name = check_line(one.name, MOST_NAME).casefold()
    tidy = replace(
        one,
        name=name,
        name_en=check_line(one.name_en or name, MOST_NAME),
        words="\n".join(word for word in words_of(one.words) if word != name),
    )
    check_words([name, *words_of(tidy.words)])
    if tidy.retired_at is not None:
        using = next((c for c in categories if c.unit_vi == name and c.retired_at is None), None)
        if using is not None:
            raise Refused("counted.in_use", name=name, category=using.name_vi, code=using.code)
        return tidy
    for other in everything:
        if other.name != name and other.retired_at is None:
            _check_apart(tidy, other)
    for word in (name, *words_of(tidy.words)):
        if builtin_unit(word) not in (None, name):
            raise Refused("counted.word_taken", word=word, other=str(builtin_unit(word)))
    return tidy


def _check_apart(one: Counted, other: Counted) -> None:
    theirs = {other.name, *words_of(other.words)}
    for word in (one.name, *words_of(one.words)):
        if word in theirs:
            raise Refused("counted.word_taken", word=word, other=other.name)
