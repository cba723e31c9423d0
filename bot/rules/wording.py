"""The words by which a category or a unit of count is known: how they are typed, and which may not be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from bot.rules.reading import words as grammar
from bot.rules.refused import Refused
from bot.rules.vietnamese import normalise

MOST_WORDS = 80
LONGEST = 40
_PARTS = re.compile(r"[,;|\n]")
_BEGINS = re.compile(r"[^\W_]")
# A message would be misread if these meant a kind of activity too.
_LITTLE = [
    *("filler", "link", "and", "or", "no", "nothing", "question", "plan", "wish", "time", "kin", "rank", "also"),
    *("aside", "at", "each", "failed", "total", "parts", "correction", "unsure", "done", "denied", "leave", "age"),
    "money",
]


def words_of(said: str) -> list[str]:
    """The words in a list parted by commas, semicolons or lines; each once, in small letters."""
    return list(_words_of(said))


@lru_cache(2048)
def _words_of(said: str) -> tuple[str, ...]:
    """Whoever is asked what kind of activity it was is asked with the words of all of them."""
    found = (" ".join(normalise(part).casefold().split()) for part in _PARTS.split(said))
    return tuple(dict.fromkeys(word for word in found if word))


def check_words(found: Sequence[str]) -> None:
    """Whether they may stand for a thing of one's own. Raises Refused."""
    if len(found) > MOST_WORDS:
        raise Refused("wording.too_many", count=len(found), most=MOST_WORDS)
    for word in found:
        if len(word) > LONGEST:
            raise Refused("wording.too_long", word=word[:LONGEST], most=LONGEST)
        if not _BEGINS.match(word) or not any(char.isalpha() for char in word):
            raise Refused("wording.no_word", word=word)
        if len(word) < 2 or word in _little():
            raise Refused("wording.little", word=word)


def check_line(said: str, most: int) -> str:
    """One line of at most so many characters that begins with a letter or number. Raises Refused."""
    line = " ".join(normalise(said).split())
    if not line:
        raise Refused("wording.empty")
    if len(line) > most:
        raise Refused("wording.line_too_long", said=line[:most], length=len(line), most=most)
    if not _BEGINS.match(line):  # a spreadsheet would take it for a formula
        raise Refused("wording.begins", said=line[:40])
    return line


def edited(kept: Iterable[str], said: str) -> list[str]:
    """The words after somebody typed which to add, and with a stroke before it which to take away: "+" is understood
    too. Raises Refused for one to take away that is not there."""
    left = list(kept)
    for word in words_of(said):
        bare = word.lstrip("+-–— ").strip()
        if word[0] not in "-–—":
            left += [bare] if bare and bare not in left else []
        elif bare in left:
            left.remove(bare)
        else:
            raise Refused("wording.not_there", word=bare)
    return left


@cache
def _little() -> frozenset[str]:
    tagged = (phrase for tag in _LITTLE for phrase in grammar.TAGS[tag].replace("\n", " ").split("|"))
    return frozenset([*(phrase.strip() for phrase in tagged), *grammar.NUMBER_WORDS])


def builtin_unit(word: str) -> str | None:
    """The unit of count that everybody means by the word, whatever the office says."""
    return _builtin().get(word)


@cache
def _builtin() -> dict[str, str]:
    return {
        phrase.strip(): name for name, typed in grammar.UNITS.items() for phrase in typed.replace("\n", " ").split("|")
    }
