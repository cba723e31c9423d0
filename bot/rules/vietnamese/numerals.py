"""One number written in digits, in words or in both: 1.200, 1k2, hai mươi lăm, hăm lăm, 3 trăm rưỡi, năm bảy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.rules.vietnamese.tokens import Token

Tokens = tuple[Token, ...]
Problem = Literal["", "decimal", "too_long", "ambiguous"]

LARGEST = 9_999_999
"""Longer numbers are telephone or identity numbers, or a finger that stayed on a key."""

_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")
_DECIMAL = re.compile(r"([0-9]{1,9})[.,]([0-9]{1,6})")

_DIGITS = {
    "không": 0,
    "một": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "bẩy": 7,
    "tám": 8,
    "chín": 9,
}
# Said only after something larger: hai mươi mốt, trăm tư, hăm lăm.
_UNITS = {"mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5}
_SCALES = {"trăm": 100, "ngàn": 1000, "nghìn": 1000, "triệu": 10**6, "tr": 10**6, "tỷ": 10**9, "vạn": 10**4}
# Bare, these are other words far more often (ty: company, van: literature).
_MARKED_ONLY = ("vạn", "tỷ")
# "tháng 10 120 hộ" is no ten thousand.
_NAMED = ("tháng", "ngày", "tuần", "ấp", "phố", "khóm", "phường", "quý")
# What makes "ngan" and "tram" no number: ngân hàng, trạm y tế, trạm xá.
_NOT_A_SCALE = {
    ("ngan", "hang"),
    ("ngan", "sach"),
    ("tram", "i"),
    ("tram", "xa"),
    ("trieu", "tap"),
    ("tram", "phat"),
    ("ti", "le"),
    ("ti", "phu"),
}


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number that takes the tokens up to `end` (exclusive).

    `value` None: `problem` says why it cannot be a count. `high` set: a range said in one breath (năm bảy: 5 to 7), or
    with `high` 0 an open one (hai mươi mấy). `is_digit`: a lone digit word. `is_implied`: "trăm" without "một".
    """

    value: int | None
    end: int
    problem: Problem = ""
    high: int | None = None
    is_digit: bool = False
    is_implied: bool = False


def read_numeral(tokens: Tokens, at: int) -> Numeral | None:
    """The number that begins at token `at`; None when none does."""
    if at >= len(tokens):
        return None
    return _Reader(tokens, at).read()


class _Unreadable(Exception):
    """The words are number words, but not one number."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a number: `is_digit` lets "một ngàn hai" mean 1,200 and "hai trăm lẻ hai" 202."""

    value: int
    is_digit: bool = False
    is_five: bool = False


class _Reader:
    """Reads left to right; `at` is the next token."""

    def __init__(self, tokens: Tokens, at: int) -> None:
        self.tokens = tokens
        self.first = self.at = at

    def read(self) -> Numeral | None:
        try:
            return self._read()
        except _Unreadable as wrong:
            return Numeral(None, max(self.at, self.first + 1), wrong.problem)

    def _read(self) -> Numeral | None:
        token = self.tokens[self.at]
        decimal = self._decimal_of_scale() if token.kind == "number" else None
        if decimal is not None:
            return self._checked(Numeral(decimal, self.at))
        is_implied = self._scale() is not None or self._says("chục")
        part = self._below(10**12)
        if part is None:
            return None
        is_digit_word = part.is_digit and token.kind == "word"
        if is_digit_word and (high := self._neighbour(part.value)) is not None:
            return self._range(part.value, high)
        if self._says("mấy") and self._is_some(token):
            self.at += 1
            return Numeral(part.value, self.at, high=0)
        implied = is_implied and self.at == self.first + 1
        return self._checked(Numeral(part.value, self.at, is_digit=is_digit_word, is_implied=implied))

    def _is_some(self, first: Token) -> bool:
        """ "hai mươi mấy", "20 may nguoi"; not "9 máy"."""
        following, counted = self.tokens[self.at], self.tokens[self.at + 1 : self.at + 2]
        is_round = first.text.isdecimal() and int(first.text) % 10 == 0 and bool(counted)
        are_people = is_round and counted[0].key in ("nguoi", "ng", "ho", "ba", "bac", "chi", "anh", "em", "hoc")
        return following.text.lower() == "mấy" or (following.is_bare and (first.kind == "word" or are_people))

    def _checked(self, numeral: Numeral) -> Numeral:
        if numeral.value is not None and numeral.value > LARGEST:
            return Numeral(None, numeral.end, "too_long")
        return numeral

    # Pieces, from the smallest up.

    def _says(self, *words: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at].says(*words)

    def _word(self, table: dict[str, int]) -> int | None:
        """The value of the next word in `table`, without taking it."""
        if self.at >= len(self.tokens) or self.tokens[self.at].kind != "word":
            return None
        token = self.tokens[self.at]
        if not token.says(*table):
            return None
        return next(value for word, value in table.items() if token.says(word))

    def _scale(self) -> int | None:
        """The next word's scale, without taking it; chục is not one: nothing smaller follows it."""
        scale = self._word(_SCALES)
        if scale is None:
            return None
        token = self.tokens[self.at]
        following = self.tokens[self.at + 1].key if self.at + 1 < len(self.tokens) else ""
        if (token.key, following) in _NOT_A_SCALE or (token.is_bare and token.says(*_MARKED_ONLY)):
            return None
        return scale

    def _integer(self) -> int | None:
        """A number in digits, thousands separated by dots, commas or spaces."""
        if self.at >= len(self.tokens) or self.tokens[self.at].kind != "number":
            return None
        text = self.tokens[self.at].text
        self.at += 1
        if not text.isdigit():
            return self._separated(text)
        if len(text) > 9:
            raise _Unreadable("too_long")
        if len(text) > 2 and text[0] == "0":
            raise _Unreadable("ambiguous")
        value = int(text)
        while 1 <= len(text) <= 3 and text[0] != "0" and self._is_spaced_group():
            value = value * 1000 + int(self.tokens[self.at].text)
            self.at += 1
            if value > LARGEST:
                raise _Unreadable("too_long")
        return value

    def _separated(self, text: str) -> int:
        if len(text) > 15:
            raise _Unreadable("too_long")
        if _THOUSANDS.fullmatch(text):
            return int(re.sub("[.,]", "", text))
        raise _Unreadable("decimal" if _DECIMAL.fullmatch(text) else "ambiguous")

    def _is_spaced_group(self) -> bool:
        """The "200" of "1 200": exactly three digits after one space, nothing hanging on them."""
        if self.at >= len(self.tokens) or (self.first and self.tokens[self.first - 1].says(*_NAMED)):
            return False
        token, before = self.tokens[self.at], self.tokens[self.at - 1]
        following = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else None
        is_free = following is None or not following.glued or not following.is_sign("/-–:%")
        return (
            token.kind == "number"
            and token.text.isdecimal()
            and len(token.text) == 3
            and token.start == before.end + 1
            and is_free
        )

    def _decimal_of_scale(self) -> int | None:
        """4,2 triệu and 1.5k are whole numbers after all. Nothing is taken when it is something else."""
        token = self.tokens[self.at]
        match = _DECIMAL.fullmatch(token.text)
        if match is None or _THOUSANDS.fullmatch(token.text):
            return None
        self.at += 1
        scale = self._glued_scale() or self._scale()
        value, rest = divmod(int(match[1] + match[2]) * (scale or 0), int("1" + "0" * len(match[2])))
        if scale is None or rest:
            raise _Unreadable("decimal")
        self.at += 1
        return value

    def _glued_scale(self) -> int | None:
        """k and tr right after a digit; a k standing apart is the word "không"."""
        if self.at >= len(self.tokens) or not self.tokens[self.at].glued:
            return None
        return {"k": 1000, "tr": 10**6}.get(self.tokens[self.at].text.lower())

    def _below_hundred(self) -> _Part | None:
        if (number := self._integer()) is not None:
            return self._after_digits(number)
        if self._says("hăm", "băm") and (not self.tokens[self.at].is_bare or self._is_counted_on()):
            return self._after_tens_word(20 if self._says("hăm") else 30, must_follow=True)
        if self._says("mười"):
            return self._after_tens_word(10)
        digit = self._word(_DIGITS)
        if digit is None or (self.at > self.first and self._is_people()):
            return None
        is_five = self._says("năm")
        self.at += 1
        if digit > 1 and self._says("mươi"):
            return self._after_tens_word(10 * digit)
        if digit > 1 and (unit := self._short_unit()) is not None:
            return _Part(10 * digit + unit)
        return self._tens_of(_Part(digit, True, is_five))

    def _after_digits(self, number: int) -> _Part:
        """What may hang on digits: 1k2, 2tr5, 12k."""
        scale = self._glued_scale()
        if scale is None:
            return self._tens_of(_Part(number, number < 10))
        self.at += 1
        if self.at < len(self.tokens) and self.tokens[self.at].kind == "number" and self.tokens[self.at].glued:
            digits = self.tokens[self.at].text
            self.at += 1
            if not digits.isdigit() or len(digits) > len(str(scale)) - 1:
                raise _Unreadable("ambiguous")
            return _Part(number * scale + int(digits) * scale // int("1" + "0" * len(digits)))
        return _Part(number * scale)

    def _after_tens_word(self, tens: int, must_follow: bool = False) -> _Part:
        """Takes the tens word and a unit after it."""
        self.at += 1
        if self._is_year():
            return _Part(tens)
        if self._says("năm"):
            # "mười năm" is ten years as often as fifteen, which is "mười lăm".
            self.at += 1
            raise _Unreadable("ambiguous")
        unit = self._word(_UNITS)
        digit = self._word(_DIGITS) if unit is None else unit
        if digit and not self._is_people():
            self.at += 1
            if self._says("mươi", "chục"):
                # "hai mươi ba mươi": a range.
                raise _Unreadable("ambiguous")
            return _Part(tens + digit)
        if must_follow:
            raise _Unreadable("ambiguous")
        return _Part(tens)

    def _is_counted_on(self) -> bool:
        """ "ham lam ho"; not "ham hoc" (fond of learning)."""
        following = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else None
        return following is not None and following.says("năm", *_UNITS, *_DIGITS)

    def _is_people(self) -> bool:
        """ "hai mươi bà con" typed "hai muoi ba con" is no 23."""
        following = self.tokens[self.at + 1].key if self.at + 1 < len(self.tokens) else ""
        return self.tokens[self.at].key == "ba" and following in ("con", "cu", "lao", "noi", "ngoai")

    def _short_unit(self) -> int | None:
        """Takes the "lăm" of "hai lăm". A bare "tu" is "từ", "tự" or the name Tư, a bare "lam" the verb: not taken."""
        unit = self._word(_UNITS)
        if unit is None or self.tokens[self.at].is_bare:
            return None
        self.at += 1
        return unit

    def _tens_of(self, part: _Part) -> _Part:
        """Takes the chục of "hai chục", "2 chục rưỡi"."""
        if not self._says("chục"):
            return part
        self.at += 1
        value = part.value * 10
        if self._says("rưỡi", "rưởi"):
            self.at += 1
            value += 5
        return _Part(value)

    def _half(self) -> _Part | None:
        """Takes nửa chục, nửa trăm; "nửa" of anything else is no number."""
        if not self._says("nửa"):
            return None
        self.at += 1
        scale = 10 if self._says("chục") else self._scale()
        if scale is None:
            self.at -= 1
            return None
        self.at += 1
        return _Part(scale // 2)

    def _below(self, limit: int) -> _Part | None:
        """The largest number smaller than `limit`, which is a scale: its multiplier, the scale word, what follows."""
        if limit <= 100:
            return self._half() or self._implied() or self._below_hundred()
        scale = max(scale for scale in (*_SCALES.values(), 100) if scale < limit)
        left = self._below(scale)
        if left is None or self._scale() != scale:
            return left
        self.at += 1
        number = _Part(left.value * scale + self._after_scale(scale))
        if self._scale() == scale:
            # "một ngàn hai trăm ngàn" is no number; nor may its beginning pass for one.
            raise _Unreadable("ambiguous")
        return number

    def _implied(self) -> _Part | None:
        """ "trăm rưỡi" and "chục rưỡi" leave "một" out; the scale word stays for the caller."""
        if self._says("chục"):
            return self._tens_of(_Part(1))
        return _Part(1) if self._scale() is not None else None

    def _after_scale(self, scale: int) -> int:
        """Takes what follows a scale word: rưỡi, lẻ năm, hai (two tenths of the scale), hai trăm lẻ năm."""
        if self._says("rưỡi", "rưởi"):
            self.at += 1
            return scale // 2
        if self._says("lẻ", "linh"):
            return self._odd()
        if (unit := self._short_unit()) is not None:
            if unit == 5:
                raise _Unreadable("ambiguous")
            return unit * scale // 10
        start = self.at
        if self._scale() is not None or (self._says("chục", "không") and not self._is_no_hundred()):
            return 0
        if self._is_years():
            raise _Unreadable("ambiguous")
        part = self._below(scale)
        if part is None:
            return 0
        if part.is_digit:
            return self._tenths(part, scale, start)
        if part.value >= scale:
            raise _Unreadable("ambiguous")
        return part.value

    def _tenths(self, part: _Part, scale: int, start: int) -> int:
        # "một trăm năm" is 150 and a hundred years; "một trăm hai ngàn" 120,000 and 102,000; "trăm hai trăm" a range.
        if part.is_five or self._scale() is not None:
            raise _Unreadable("ambiguous")
        if part.value == 0:
            self.at = start
        return part.value * scale // 10

    def _odd(self) -> int:
        start = self.at
        self.at += 1
        unit = self._word(_UNITS)
        if unit is not None:
            self.at += 1
            return unit
        part = self._below_hundred()
        if part is None and self.tokens[start].is_bare:
            # A bare "le" is "lễ" or the name Lê as well.
            self.at = start
            return 0
        if part is None or part.value >= 100:
            raise _Unreadable("ambiguous")
        return part.value

    def _is_no_hundred(self) -> bool:
        """ "không trăm" """
        return self.at + 1 < len(self.tokens) and self.tokens[self.at + 1].says("trăm")

    def _is_year(self) -> bool:
        """ "năm 2026" """
        following = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else None
        return self._says("năm") and following is not None and len(following.text) == 4 and following.text.isdecimal()

    def _is_years(self) -> bool:
        """ "một ngàn năm" alone: 1,500 or a thousand years; "một ngàn năm trăm" is clear."""
        if not self._says("năm"):
            return False
        following = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else None
        if following is not None and following.says("trăm", "mươi", "chục", "ngàn", "nghìn"):
            return False
        self.at += 1
        return True

    def _neighbour(self, digit: int) -> int | None:
        """The second of two digit words said together, without taking it."""
        other = self._word(_DIGITS)
        if other is None or self._is_year() or self.tokens[self.at].key in ("con", "khong"):
            return None
        return other

    def _range(self, low: int, high: int) -> Numeral:
        """hai ba, năm bảy, ba bốn chục: a range said in one breath; anything else is two digits nobody can read."""
        self.at += 1
        if not low < high <= low + 2:
            return Numeral(None, self.at, "ambiguous")
        scale = 10 if self._says("chục", "mươi") else self._scale()
        if scale is not None:
            self.at += 1
            low, high = low * scale, high * scale
        return Numeral(low, self.at, high=high)
