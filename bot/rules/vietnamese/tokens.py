"""Text taken apart into words, numbers and signs, each knowing where it stood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Literal

from bot.rules.vietnamese.spelling import agrees, spell
from bot.rules.vietnamese.text import normalise

Kind = Literal["word", "number", "sign", "odd"]

# 1.200 and 25.12.2026 are one number each: what the dots mean is for the reader of counts or of dates to say.
_TOKEN = re.compile(r"(?P<number>[0-9]+(?:[.,][0-9]+)*)|(?P<word>[^\W\d_]+)|(?P<sign>\S)")


@dataclass(frozen=True, slots=True)
class Token:
    """`key` is the bare spelling; `glued`: no space before it, `begins_line`: a new line.

    `start` and `end` are places in the normalised text.

    odd: a digit or numeral that is not 0–9 (½, ², ①): it must not be passed over as a sign.
    """

    kind: Kind
    text: str
    key: str
    start: int
    end: int
    glued: bool
    begins_line: bool = False

    @property
    def is_bare(self) -> bool:
        """A word typed without marks."""
        return self.kind == "word" and spell(self.text).is_bare

    def says(self, *words: str) -> bool:
        """Whether this may be one of the `words` (given with their marks)."""
        return self.kind == "word" and self.key in _keys(words) and any(agrees(self.text, word) for word in words)

    def is_sign(self, signs: str) -> bool:
        """Whether this is one of the characters."""
        return self.kind == "sign" and self.text in signs


@lru_cache(maxsize=64)
def tokenise(text: str) -> tuple[Token, ...]:
    """Tokens of the normalised text."""
    tokens: list[Token] = []
    text = normalise(text)
    for kind, piece, start in _pieces(text):
        key = spell(piece).key if kind == "word" else piece
        last = tokens[-1].end if tokens else -1
        begins_line = last >= 0 and "\n" in text[last:start]
        tokens.append(Token(kind, piece, key, start, start + len(piece), last == start, begins_line))
    return tuple(tokens)


def phrase_at(tokens: tuple[Token, ...], at: int, *phrases: str) -> int:
    """How many tokens the longest of the `phrases` takes from `at` on; 0 when none stands there."""
    if not 0 <= at < len(tokens):
        return 0
    candidates = _by_first_word(phrases).get(tokens[at].key, ())
    return next((len(words) for words in candidates if _stands(tokens, at, words)), 0)


def phrase_before(tokens: tuple[Token, ...], end: int, *phrases: str) -> int:
    """How many tokens the longest of the `phrases` takes just before `end`; 0 when none stands there."""
    if not 0 < end <= len(tokens):
        return 0
    candidates = _by_last_word(phrases).get(tokens[end - 1].key, ())
    return next((len(words) for words in candidates if _stands(tokens, end - len(words), words)), 0)


def _pieces(text: str) -> Iterator[tuple[Kind, str, int]]:
    """Kind, text and place of each token."""
    for match in _TOKEN.finditer(text):
        if match["number"]:
            yield "number", match[0], match.start()
        elif match["sign"]:
            yield "odd" if unicodedata.category(match[0]).startswith("N") else "sign", match[0], match.start()
        else:
            # To a regular expression ½ and ² are letters.
            place = match.start()
            for is_word, letters in groupby(match[0], str.isalpha):
                piece = "".join(letters)
                yield "word" if is_word else "odd", piece, place
                place += len(piece)


@lru_cache(maxsize=4096)
def _keys(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(spell(word).key for word in words)


_Index = dict[str, list[tuple[str, ...]]]


@lru_cache(maxsize=256)
def _by_first_word(phrases: tuple[str, ...]) -> _Index:
    return _indexed(phrases, 0)


@lru_cache(maxsize=256)
def _by_last_word(phrases: tuple[str, ...]) -> _Index:
    return _indexed(phrases, -1)


def _indexed(phrases: tuple[str, ...], place: int) -> _Index:
    """Phrases as words, by the key of one word, the longest first."""
    index: _Index = {}
    for words in sorted((tuple(phrase.split()) for phrase in phrases), key=len, reverse=True):
        index.setdefault(spell(words[place]).key, []).append(words)
    return index


def _stands(tokens: tuple[Token, ...], at: int, words: tuple[str, ...]) -> bool:
    if at < 0 or at + len(words) > len(tokens):
        return False
    return all(token.says(word) for token, word in zip(tokens[at : at + len(words)], words, strict=True))
