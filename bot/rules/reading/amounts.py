"""One amount with what it counts: 12 người, hơn 1.200 lượt, 25/40 hộ, vài chục cụ, 3 ng x 2 buổi."""

from __future__ import annotations

from dataclasses import replace

from bot.rules.reading.nouns import Nouns
from bot.rules.reading.phrases import Hit, Lexicon
from bot.rules.reading.quantities import Quantity, is_marked
from bot.rules.reading.records import Why
from bot.rules.reading.words import NUMBER_WORDS
from bot.rules.vietnamese.numbers import is_other_word, qualified, qualified_after, vague_at
from bot.rules.vietnamese.numerals import Numeral, Tokens, read_numeral
from bot.rules.vietnamese.spelling import spell
from bot.rules.vietnamese.tokens import Token

_STARTS = frozenset(spell(word).key for word in NUMBER_WORDS)
_MANY = frozenset(("nhieu", "vo", "mot", "rat", "dong", "hon", "qua", "gan", "phan"))
_HALVES = ("hơn một nửa", "gần một nửa", "khoảng một nửa", "một nửa", "hơn nửa", "quá nửa", "gần nửa", "phân nửa")
_SIDES = ("xóm", "ấp", "phía", "đầu", "chợ", "khúc", "đường", "miệt", "bên")

# What people do of whom it is only told: "mấy mệ khen dễ".
_OF_SOMEBODY = (
    "khen", "mừng", "nói", "vui", "cười", "kêu", "thích", "cảm", "ở", "bên", "trong", "chịu", "dễ", "cũng",
)  # fmt: skip


def _is_name(token: Token) -> bool:
    return token.kind == "word" and token.text[0].isupper() and token.text[1:].islower()


class Amounts:
    """Reads quantities out of one message."""

    def __init__(self, tokens: Tokens, hits: list[tuple[Hit, ...]], breaks: list[int], lexicon: Lexicon) -> None:
        self.tokens = tokens
        self.breaks = breaks
        self.hits = hits
        self.is_marked = is_marked(tokens)
        self.nouns = Nouns(tokens, hits, breaks, lexicon)

    def at(self, at: int) -> Quantity | None:
        """The quantity that begins with a number at token `at`, if one does."""
        token = self.tokens[at]
        if token.kind == "sign" or (token.kind == "word" and token.key not in _STARTS):
            return None
        if token.kind == "odd":
            return Quantity(at, at + 1, why="two_readings")
        return self._many(at) or self._vague(at) or self._number(at)

    def _many(self, at: int) -> Quantity | None:
        """nhiều buổi, một số hộ, rất nhiều bà con: only where something is counted."""
        token = self.tokens[at]
        if token.key not in _MANY:
            return None
        if token.says("nhiều", "đông") and at + 1 < len(self.tokens) and self.tokens[at + 1].says("lắm", "quá"):
            acted = any(one.says("được", "dc", "đc", "cài", "làm") for one in self.tokens[max(0, at - 4) : at])
            return Quantity(at, at + 2, why="vague") if acted else None
        for phrase in _HALVES:
            parts = phrase.split()
            if all(at + n < len(self.tokens) and self.tokens[at + n].says(part) for n, part in enumerate(parts)):
                half = self.nouns.with_noun(Quantity(at, at + len(parts), why="vague"))
                is_money = any(token.says("góp", "tiền", "triệu") for token in self.tokens[max(0, at - 5) : at])
                return None if half.noun == "bare" and is_money else half
        for phrase in ("rất nhiều", "một số", "một ít", "vô số", "nhiều"):
            parts = phrase.split()
            if all(at + n < len(self.tokens) and self.tokens[at + n].says(part) for n, part in enumerate(parts)):
                quantity = self.nouns.with_noun(Quantity(at, at + len(parts), why="vague"))
                is_counted = quantity.noun == "unit" or self.nouns.topic_at(quantity.end)
                return quantity if is_counted and not self.tokens[at + len(parts)].says("nha") else None
        return None

    def _vague(self, at: int) -> Quantity | None:
        vague = vague_at(self.tokens, at)
        if vague is None:
            return None
        quantity = self.nouns.with_noun(Quantity(vague.first, vague.end, why="vague"))
        after = self.tokens[quantity.end : quantity.end + 1]
        if after and self._is_spoken_of(quantity, after[0]):
            return None
        # "mấy" before anything else asks or greets; "cả nhà", "hàng ngày".
        is_counted = quantity.noun in ("unit", "bare") or self.nouns.topic_at(vague.end)
        return quantity if is_counted and not (quantity.noun == "bare" and vague.end == at + 1) else None

    def _is_spoken_of(self, quantity: Quantity, after: Token) -> bool:
        """ "mấy mệ khen dễ", "cho mấy người đó", "mấy bữa bận gặt": who and when, not how many."""
        if quantity.is_person and after.says(*_OF_SOMEBODY):
            return True
        if after.says("còn") and quantity.noun == "unit":
            return True  # "mấy hộ còn lại"
        is_pointed = quantity.noun == "unit" and after.says("đó", "ấy", "kia")
        return is_pointed or (quantity.unit == "buổi" and self.tokens[quantity.end - 1].says("bữa"))

    def _number(self, at: int) -> Quantity | None:
        numeral = read_numeral(self.tokens, at)
        if numeral is None or self._is_other_word(at, numeral):
            return None
        first, qualifier = qualified(self.tokens, at)
        if first and first < at and self.tokens[first].says("trên", "dưới") and self.tokens[first - 1].says(*_SIDES):
            first, qualifier = at, ""  # "xóm trên 5 hộ, xóm dưới 8 hộ"
        end = numeral.end
        if end + 1 < len(self.tokens) and self.tokens[end].says("phần") and self.tokens[end + 1].kind == "number":
            return Quantity(first, end + 2, noun="percent")
        if numeral.value is None:
            why: Why = {"decimal": "not_whole", "too_long": "too_long"}.get(numeral.problem, "two_readings")  # type: ignore[assignment]
            return self.nouns.with_noun(Quantity(first, end, why=why))
        if end < len(self.tokens) and self.tokens[end].kind == "odd":
            return self.nouns.with_noun(Quantity(first, end + 1, why="two_readings"))
        if not qualifier:
            qualifier, end = qualified_after(self.tokens, end)
        is_weak = numeral.is_digit and numeral.end == at + 1 and self.tokens[at].is_bare
        found = Quantity(first, end, numeral.value, qualifier, is_weak=is_weak)
        if numeral.high is not None:
            values = (numeral.value, numeral.high) if numeral.high else (numeral.value,)
            return self.nouns.with_noun(replace(found, why="range", values=values))
        following = self.tokens[end] if end < len(self.tokens) else None
        if numeral.value == 9 and numeral.is_digit and following is not None and following.text.lower() == "mười":
            return self.nouns.with_noun(replace(found, end=end + 1, why="range", values=(9, 10)))
        is_nine_ten = at + 2 == numeral.end and self.tokens[at].key == "chin" and self.tokens[at + 1].key == "muoi"
        if is_nine_ten and self.tokens[at].is_bare:
            return self.nouns.with_noun(replace(found, why="range", values=(9, 10)))  # or ninety
        if (range_end := self._next_number(numeral, qualifier)) is not None:
            return self.nouns.with_noun(
                replace(found, end=range_end.end, why="range", values=(numeral.value, range_end.value or 0))
            )
        if numeral.is_implied:
            return self.nouns.with_noun(replace(found, why="vague"))
        if self._is_half(end):
            return self.nouns.with_noun(replace(found, end=end + 1, why="not_whole"))
        if at and self.tokens[at - 1].is_sign("-−") and self.tokens[at].glued and not self._follows(at - 1):
            return self.nouns.with_noun(replace(found, why="not_whole", values=(numeral.value,)))
        counted = self._joined(self.nouns.with_noun(found))
        if counted.unit == "buổi" and self._is_half(counted.end):
            return replace(counted, end=counted.end + 1, why="not_whole", values=(counted.value,))
        return None if self._is_year(at, counted) else counted

    def _is_half(self, at: int) -> bool:
        return at < len(self.tokens) and self.tokens[at].says("rưỡi", "rưởi")

    def _next_number(self, numeral: Numeral, qualifier: str) -> Numeral | None:
        """ "khoảng 10 15 người": the second of two numbers, of which the first is the smaller."""
        if qualifier != "~" or numeral.end >= len(self.tokens) or self.tokens[numeral.end].kind != "number":
            return None
        second = read_numeral(self.tokens, numeral.end)
        is_larger = second is not None and second.value is not None and second.value > (numeral.value or 0)
        return second if is_larger else None

    def _is_year(self, at: int, found: Quantity) -> bool:
        """ "kế hoạch 2027" """
        text = self.tokens[at].text
        if found.noun != "bare" or found.end != at + 1 or len(text) != 4 or not text.startswith("20") or at == 0:
            return False
        before = self.tokens[at - 1]
        return before.kind == "word" and not any(hit.codes or "done" in hit.tags for hit in self.hits[at - 1])

    def _follows(self, at: int) -> bool:
        """Whether a dash hangs on the word before it (vneid-5) or begins a line."""
        return at == 0 or self.tokens[at].glued or self.tokens[at - 1].kind == "sign"

    def _is_other_word(self, at: int, numeral: Numeral) -> bool:
        if is_other_word(self.tokens, at, numeral):
            # "không người", "0 hộ" spelled out is a count of none only after a topic; the zero report sees to it.
            return True
        token = self.tokens[at]
        before = self.tokens[at - 1] if at > 1 else None
        following = self.tokens[at + 1 : at + 2]
        calls = before is not None and before.says("là") and self.tokens[at - 2].says("con", "em", "tui", "tôi", "cháu")
        if calls and token.kind == "word" and following and following[0].says("ở", "ấp", "tổ", "khóm", "bên"):
            return True  # "dạ con là bảy ở ấp 2"
        if before is not None and _is_name(token) and _is_name(before) and not self.breaks[at]:
            return True  # "chợ Đông Ba"
        is_ten = numeral.end > at + 1 or (
            numeral.end < len(self.hits) and self.tokens[numeral.end].key in ("nguoi", "ng")
        )
        if token.key == "chuc" and token.is_bare and (at == 0 or self.breaks[at]) and not is_ten:
            return True  # "chuc chu khoe"
        if numeral.end != at + 1 or token.kind != "word" or not numeral.is_digit:
            return False
        if token.says("ba") and self._is_father(at):
            return True
        if token.says("ba") and self.is_marked:
            return False
        if token.key == "sau" and token.is_bare and self.is_marked:
            return True  # "sau buổi họp"
        if token.is_bare and token.text.lower() in ("nam", "sau", "bay", "tam", "ba", "chin", "bon", "khong", "mot"):
            counts_itself = numeral.end + 1 < len(self.tokens) and self.tokens[numeral.end + 1].kind == "number"
            return counts_itself or not self._is_wanted(at, numeral.end)  # "bay ban 37 san pham"
        return False

    def _is_father(self, at: int) -> bool:
        """ "ba em bệnh" begins with the father, "dạy ba em" with three."""
        begins = (
            at == 0 or self.breaks[at] or self.tokens[at - 1].kind == "sign" or self.tokens[at - 1].says("dạ", "tại")
        )
        if not begins or at + 2 >= len(self.tokens) or not self.tokens[at + 1].says("em", "tui", "con", "mình"):
            return False
        hits = self.hits[at + 2]
        return self.tokens[at + 2].kind == "word" and not any(hit.codes or "verb" in hit.tags for hit in hits)

    def _is_wanted(self, at: int, end: int) -> bool:
        """A bare number word that may be another word: counted, or told of what stands before it."""
        if self.nouns.unit_at(end) or self.nouns.topic_at(end):
            return True
        is_last = end >= len(self.tokens) or self.tokens[end].kind == "sign"
        if at and self.tokens[at - 1].says("được", "đc", "dc") and end < len(self.hits):
            is_piece = any("classifier" in hit.tags for hit in self.hits[end][:1])
            return is_last or (is_piece and self.nouns.topic_at(end + 1))
        named = any(hit.codes and hit.end == at for before in range(max(0, at - 4), at) for hit in self.hits[before])
        return is_last and at > 0 and (named or self.tokens[at - 1].is_sign(":=")) and not self.is_marked

    # Two numbers that are one amount.

    def _joined(self, left: Quantity) -> Quantity:
        """Ranges, ratios and products with the number that follows."""
        at = left.end
        if self._is_comma_range(left, at):
            return self._range(left, at + 1)
        if at + 1 >= len(self.tokens) or (self.breaks[at] and not self.tokens[at].is_sign("/-–—")):
            return left
        token = self.tokens[at]
        if token.is_sign("/") and left.noun == "bare":
            return self._ratio(left, at + 1)
        if left.noun == "bare" and token.kind == "number" and self._is_next(left, at):
            return self._range(left, at)
        if left.noun == "bare" and (token.is_sign("-–—~") or token.says("đến", "tới", "hoặc", "hay")):
            return self._range(left, at + 1)
        if token.is_sign("/") and left.noun == "unit" and self.tokens[at + 1].kind == "number":
            right = self._plain(at + 1)
            if right is not None and right.unit == left.unit:
                return self._ratio(left, at + 1)
        if token.is_sign("/"):
            rate = self.nouns.noun(at + 1)
            is_rate = rate[0] in ("time", "unit", "place") or self.tokens[at + 1].says("tổ", "buổi", "lớp")
            return replace(left, end=rate[2], why="each", values=(left.value,)) if is_rate else left
        if token.is_sign("×*") or token.text.lower() == "x":
            right = self._plain(at + 1)
            if right is not None:
                product = (left.value, right.value, left.value * right.value)
                return replace(left, end=right.end, why="each", values=product)
        if length := self._of_all(at, left.noun == "bare"):
            return self._ratio(left, at + length)
        return left

    def _is_comma_range(self, left: Quantity, at: int) -> bool:
        """ "khoảng 6, 7 người" """
        if left.noun != "bare" or at + 2 >= len(self.tokens) or not self.tokens[at].is_sign(","):
            return False
        before = self.tokens[left.first - 1] if left.first else None
        is_free = bool(left.qualifier) or before is None or before.says("được", "có", "đc", "dc")
        return is_free and self._is_next(left, at + 1)

    def _is_next(self, left: Quantity, at: int) -> bool:
        """ "5 6 người" """
        return self.tokens[at].text == str(left.value + 1) and self.nouns.unit_at(at + 1)

    def _of_all(self, at: int, is_bare: bool) -> int:
        """ "12 trên tổng số 20 hộ", "12 trong số 20 hộ", "12 trên 20" """
        words = [self.tokens[place].text.lower() for place in range(at, min(at + 3, len(self.tokens)))]
        if words[:1] not in (["trên"], ["trong"], ["tren"]):
            return 0
        if words[1:3] in (["tổng", "số"], ["tong", "so"]):
            return 3
        if words[1:2] in (["tổng"], ["số"], ["tong"], ["so"]):
            return 2
        return 1 if is_bare else 0

    def _ratio(self, left: Quantity, at: int) -> Quantity:
        right = self._plain(at)
        if right is None:
            return left
        noun = right if left.noun == "bare" else left
        joined = replace(
            noun, first=left.first, end=right.end, value=left.value, qualifier=left.qualifier, whole=right.value
        )
        if left.value > right.value or self._is_fraction(left.value, right):
            return replace(joined, why="two_readings", values=(left.value, right.value))
        return joined

    def _is_fraction(self, upper: int, lower: Quantity) -> bool:
        """ "3/4 hộ trong ấp": of all there are, perhaps."""
        following = self.tokens[lower.end : lower.end + 2]
        is_all = (
            len(following) > 1
            and following[0].says("trong", "của", "toàn", "ở")
            and following[1].says("ấp", "xã", "tổ", "xóm", "khu", "thôn")
        )
        return upper < lower.value <= 5 and is_all

    def _range(self, left: Quantity, at: int) -> Quantity:
        right = self._plain(at)
        if right is None:
            return left
        return replace(right, first=left.first, why="range", values=(left.value, right.value))

    def _plain(self, at: int) -> Quantity | None:
        numeral = read_numeral(self.tokens, at)
        if numeral is None or numeral.value is None or numeral.high is not None:
            return None
        return self.nouns.with_noun(Quantity(at, numeral.end, numeral.value))

    # What is counted.
