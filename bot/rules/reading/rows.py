"""Rows of nouns and numbers in which the noun stands first all through: "hộ mười bốn người hai mươi mốt vneid chín"."""

from __future__ import annotations

from collections.abc import Iterator

from bot.rules.reading.message import LINE
from bot.rules.reading.phrases import Hit
from bot.rules.vietnamese.numerals import Numeral, Tokens, read_numeral

_FEW = 3


class Rows:
    """The rows of one message. `heads`: where their nouns begin; `begins`: those after the first of their row."""

    def __init__(self, tokens: Tokens, hits: list[tuple[Hit, ...]], breaks: list[int]) -> None:
        self.tokens = tokens
        self.hits = hits
        self.breaks = breaks
        self.heads: set[int] = set()
        self.begins: set[int] = set()
        self._next: dict[int, int] = {}
        self._length: dict[int, int] = {}
        for at in reversed(range(len(tokens))):
            self._weigh(at)
        at = 0
        while at < len(tokens):
            at = self._take(at) if self._length.get(at, 0) >= _FEW and self._may_begin(at) else at + 1

    def _weigh(self, at: int) -> None:
        """The longest row from here to a stop."""
        for end in self._ends(at):
            after = end + 1 if end < len(self.tokens) and self.tokens[end].text.lower() == "số" else end
            length = 1 if self._is_stop(after) else self._length.get(after, 0) + 1
            if (self._is_stop(after) or after in self._length) and length > self._length.get(at, 0):
                self._length[at], self._next[at] = length, after

    def _ends(self, at: int) -> Iterator[int]:
        """Where a noun and its number, and perhaps what is counted, may end."""
        for hit in self.hits[at]:
            if not (hit.unit or hit.codes) or {"verb", "kin"} & hit.tags:
                continue
            start = hit.end
            if (
                at
                and self.tokens[at - 1].says("số")
                and start < len(self.tokens)
                and self.tokens[start].says("là", "được")
            ):
                start += 1
            numeral = None if self._is_line(start) else read_numeral(self.tokens, start)
            if numeral is None or numeral.value is None or numeral.high is not None:
                continue
            yield numeral.end
            is_counted = hit.codes and not hit.unit and numeral.end < len(self.tokens)
            yield from (unit.end for unit in self.hits[numeral.end] if unit.unit) if is_counted else ()

    def _is_line(self, at: int) -> bool:
        return at < len(self.tokens) and self.breaks[at] == LINE

    def _is_stop(self, at: int) -> bool:
        if at >= len(self.tokens) or self.tokens[at].is_sign(".;!?,)") or self.breaks[at] == LINE:
            return True
        return any("filler" in hit.tags for hit in self.hits[at][:1])

    def _may_begin(self, at: int) -> bool:
        before = self.tokens[at - 1] if at else None
        if before is None:
            return True
        if before.kind == "number" or (before.kind == "word" and self._is_number(at - 1)):
            return False
        hit = next(hit for hit in self.hits[at] if hit.unit or hit.codes)
        numeral = read_numeral(self.tokens, hit.end)
        return numeral is None or not _is_doubtful(self.tokens, hit.end, numeral)

    def _is_number(self, at: int) -> bool:
        numeral = read_numeral(self.tokens, at)
        return numeral is not None and numeral.end == at + 1

    def _take(self, at: int) -> int:
        self.heads.add(at)
        while not self._is_stop(self._next[at]):
            at = self._next[at]
            self.heads.add(at)
            self.begins.add(at - 1 if self.tokens[at - 1].text.lower() == "số" else at)
        return self._next[at]


def _is_doubtful(tokens: Tokens, at: int, numeral: Numeral) -> bool:
    """A bare digit word that is more often another word."""
    return numeral.is_digit and tokens[at].is_bare and tokens[at].key not in ("hai", "ba")
