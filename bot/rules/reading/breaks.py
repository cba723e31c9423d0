"""Where one thing said ends and the next begins: stops, commas, lines, bullets, numbered lists."""

from __future__ import annotations

import unicodedata
from functools import cached_property

from bot.rules.reading.message import COMMA, LINE, NONE, STOP, Scan
from bot.rules.vietnamese.numerals import read_numeral

_CAPS = ("\ufe0f", "\u20e3")
_CIRCLED = tuple("①②③④⑤⑥⑦⑧⑨⑩❶❷❸❹❺❻❼❽❾")
_BULLETS = "-–—•*+▪●○◦■✅✔☑👉➡→▶🔹🔸📌⭐"


class Breaks:
    """Finds them in one message."""

    def __init__(self, found: Scan) -> None:
        self.found = found
        self.tokens = found.tokens

    def find(self) -> None:
        text, tokens, breaks = self.found.text, self.tokens, self.found.breaks
        for at, token in enumerate(tokens):
            if at and "\n" in text[tokens[at - 1].end : token.start]:
                breaks[at] = LINE
            if token.key == "so" and self._begins_label(at):
                breaks[at] = max(breaks[at], COMMA)
            if token.kind != "sign":
                continue
            level = self._level(at)
            breaks[at + 1] = max(breaks[at + 1], level, breaks[at] if breaks[at] == LINE else NONE)

    def _begins_label(self, at: int) -> bool:
        """ "… là hai mươi hai số người cài vneid là mười ba": a number was told, and the next label begins."""
        if at < 2 or at + 1 >= len(self.tokens) or not any(hit.unit for hit in self.found.hits[at + 1][:1]):
            return False
        start = next(
            (back for back in range(at - 1, max(-1, at - 6), -1) if self.tokens[back].says("là", "được")), None
        )
        if start is None:
            return False
        numeral = read_numeral(self.tokens, start + 1)
        return numeral is not None and numeral.end == at

    def _level(self, at: int) -> int:
        token = self.tokens[at]
        if token.text in ".!?;…":
            return STOP
        if token.text in ",()[]|":
            return COMMA
        if token.text in "+&":
            return NONE
        if token.text == "~" and at and not token.glued and at + 1 < len(self.tokens) and not self.tokens[at + 1].glued:
            return COMMA
        is_spaced = not token.glued and at + 1 < len(self.tokens) and not self.tokens[at + 1].glued
        if token.text in "-–—•*" and (self.found.breaks[at] == LINE or at == 0):
            return LINE
        if token.text in "/\\" and is_spaced:
            return COMMA
        if token.text in "-–—" and is_spaced:
            return COMMA if self._is_after_number(at) else NONE
        if token.text in _BULLETS or unicodedata.category(token.text) in ("So", "Cn"):
            return COMMA
        return NONE

    def _is_after_number(self, at: int) -> bool:
        """A dash after what has its number already separates; after a name it leads to the number."""
        first = max(0, at - 3)
        while any(self.found.breaks[place] >= LINE for place in range(first + 1, at)):
            first += 1
        return any(token.kind == "number" for token in self.tokens[first:at])

    def list_marker(self, at: int) -> int:
        """1. 2) 3/ 1️⃣ at the beginning of a line, (1) anywhere: not amounts."""
        tokens = self.tokens
        token = tokens[at]
        if self._is_keycap(at) or token.text in _CIRCLED:
            end = at + 1
            while end < len(tokens) and tokens[end].text in _CAPS:
                end += 1
            self.found.breaks[at] = max(COMMA, self.found.breaks[at])
            return end
        if self._is_row_number(at):
            return at + 1
        if token.is_sign("(") and self._is_enclosed(at):
            self.found.breaks[at + 3] = max(COMMA, self.found.breaks[at + 3])
            return at + 3
        is_first = (
            at == 0 or self.found.breaks[at] >= LINE or (tokens[at - 1].is_sign(":") and token.text in ("1", "01"))
        )
        if not is_first or token.kind != "number" or len(token.text) > 2 or at + 1 >= len(tokens):
            return 0
        sign = tokens[at + 1]
        if sign.text in ("\ufe0f", "\u20e3"):
            return at + 2
        if not sign.glued or sign.text not in (".", ")", "/", "-", ":") or at + 2 >= len(tokens):
            return 0
        is_number = tokens[at + 2].kind == "number" and sign.text in ".)" and not tokens[at + 2].glued
        if tokens[at + 2].kind != "word" and not is_number:
            return 0
        if (is_number or sign.text in "/-:") and not self._is_in_order(at, sign.text):
            return 0
        self.found.breaks[at + 2] = max(LINE if at else NONE, NONE)
        return at + 2

    def _is_keycap(self, at: int) -> bool:
        """ "1️⃣ vneid 7 2️⃣ dvc 2" """
        return self.tokens[at].kind == "number" and any(one.text in _CAPS for one in self.tokens[at + 1 : at + 2])

    def _is_row_number(self, at: int) -> bool:
        """Of a table: "1  VNeID  8", with the row before or after it."""
        tokens = self.tokens
        is_first = (
            (at == 0 or self.found.breaks[at] == LINE) and tokens[at].text.isdecimal() and len(tokens[at].text) < 3
        )
        if not is_first or at + 3 > len(tokens) or tokens[at + 1].kind != "word":
            return False
        end = next((place for place in range(at + 1, len(tokens)) if self.found.breaks[place] == LINE), len(tokens))
        if end - at < 3 or tokens[end - 1].kind != "number":
            return False
        number = int(tokens[at].text)
        firsts = [one.text for place, one in enumerate(tokens) if place == 0 or self.found.breaks[place] == LINE]
        return str(number + 1) in firsts or str(number - 1) in firsts

    def _is_enclosed(self, at: int) -> bool:
        """ "(1) 12 hộ (2) 7 VNeID": there is a one, and what follows is no end."""
        places = self.brackets
        return at in places and self.tokens[places[0] + 1].text in ("1", "01") and len(places) > 1

    @cached_property
    def brackets(self) -> list[int]:
        """Where a short number stands in brackets."""
        return [place for place in range(len(self.tokens) - 3) if self._is_number_in_brackets(place)]

    def _is_number_in_brackets(self, at: int) -> bool:
        sign, number, other = self.tokens[at : at + 3]
        return sign.is_sign("(") and number.kind == "number" and len(number.text) <= 2 and other.is_sign(")")

    def _is_in_order(self, at: int, sign: str) -> bool:
        """Whether the line before or after carries the neighbouring number and the same sign."""
        number = int(self.tokens[at].text)
        for place in range(len(self.tokens) - 1):
            is_begin = place == 0 or self.found.breaks[place] >= LINE
            one = self.tokens[place]
            if is_begin and one.text in (str(number + 1), str(number - 1)) and self.tokens[place + 1].text == sign:
                return True
        return False
