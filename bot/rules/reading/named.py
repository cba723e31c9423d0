"""Numbers in names: what the finders of names share."""

from __future__ import annotations

from bot.rules.reading.phrases import Hit
from bot.rules.vietnamese.numerals import Tokens


class Named:
    """One message, and what is a name in it. `last_end`: where the name or date ended that was taken last."""

    def __init__(self, tokens: Tokens, hits: list[tuple[Hit, ...]], text: str) -> None:
        self.tokens = tokens
        self.hits = hits
        self.text = text
        self.last_end = -1
        letters = [token.text for token in tokens if token.kind == "word"]
        small = sum(word[0].islower() for word in letters)
        self.has_case = small * 4 >= len(letters)
        self.has_small = small > 0

    def counts(self, at: int) -> bool:
        """Whether the word at `at` is counted by the number before it."""
        hits = self.hits[at] if at < len(self.hits) else ()
        if not hits or (
            self.tokens[at].is_bare and self.tokens[at].key in ("di", "co", "ma") and hits[0].end == at + 1
        ):
            return False
        return bool(hits[0].unit or hits[0].codes) and "verb" not in hits[0].tags

    def is_capital(self, at: int) -> bool:
        token = self.tokens[at]
        is_topic = any(hit.codes for hit in self.hits[at])
        return token.kind == "word" and token.text[0].isupper() and not is_topic

    def is_counted(self, at: int) -> bool:
        """ "2 ấp 3 hộ": the word is counted itself."""
        before = self.tokens[at - 1] if at else None
        if before is None or at == self.last_end:
            return False
        is_version = before.text.endswith(".0")
        return (before.kind == "number" and not is_version) or before.says(
            "mỗi", "các", "một", "hai", "bốn", "mấy", "vài", "những", "từng"
        )
