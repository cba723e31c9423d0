"""Whose, where and when figures are: "ấp 2: 5 hộ", "sáng 3, chiều 4", "chị Ba 2 hồ sơ"."""

from __future__ import annotations

from bot.rules.reading.message import COMMA, STOP, Scan


class Labels:
    """`last`: the token of the label that stands last; `kinds`: what each is: person, place, day, part, name."""

    def __init__(self, found: Scan) -> None:
        self.found = found
        self.tokens, self.hits = found.tokens, found.hits
        self.last = -1
        self.kinds: dict[int, str] = {}

    def begin(self, at: int, kind: str) -> None:
        """Whose, where or when the figures that follow are. Where such a word led before, it begins something anew."""
        last = self.found.said[-1] if self.found.said else None
        leads = last is not None and self.kinds.get(last.label) == self.kinds.get(self.found.said[0].label) == kind
        if last is not None and leads and not any(self.found.breaks[last.end : at + 1]):
            self.found.breaks[at] = COMMA
        self.last = at
        self.kinds[at] = kind

    def is_me(self, at: int) -> bool:
        """A bare "toi" is "tôi" rather than "tối", unless a time stands beside it."""
        if self.tokens[at].key != "toi" or not self.tokens[at].is_bare:
            return False
        after = self.tokens[at + 1 : at + 2]
        return not (
            any(token.says("nay", "qua") for token in after)
            or (at and self.tokens[at - 1].says("buổi", "sáng", "chiều", "trưa"))
        )

    def is_myself(self, at: int) -> bool:
        """ "chị Linh cài 4 vneid, mình cài 5" """
        if self.last == -1 or not self.found.said or not self.tokens[at].says("mình", "tui", "em", "tôi"):
            return False
        acts = at + 1 < len(self.hits) and any("verb" in hit.tags for hit in self.hits[at + 1][:1])
        is_person = self.kinds.get(self.last) == "person"
        return acts and is_person and max(self.found.breaks[self.last : at + 1]) < STOP
