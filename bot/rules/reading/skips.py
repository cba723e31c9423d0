"""Numbers that name rather than count: ấp 3, Đề án 06, 12/KH-UBND, 0912 345 678, 7h30, chú Bảy, chợ 4.0."""

from __future__ import annotations

import re

from bot.rules.reading.named import Named
from bot.rules.reading.persons import Persons
from bot.rules.reading.phrases import Hit
from bot.rules.reading.places import Places
from bot.rules.vietnamese.numerals import Tokens
from bot.rules.vietnamese.spelling import spell

# After these the number is a name whatever follows; after other labels not when something is counted.
_STRICT = (
    "mức", "mức độ", "cấp độ", "level", "đề án", "nghị quyết", "nq", "công văn", "cv", "quyết định", "qđ", "nghị định",
    "nđ", "thông tư", "chỉ thị", "văn bản", "vb", "quốc lộ", "số nhà", "nhà số", "hotline", "tổng đài", "kế hoạch số",
    "cách mạng công nghiệp", "quyết định số", "nghị định số", "công văn số", "android", "ios", "đại hội", "lần thứ",
    "giai đoạn", "version", "sđt", "trường cấp", "số điện thoại", "điều", "khoản", "stt", "công nghiệp",
)  # fmt: skip
# Whose number may stand after a colon: "số: 12", "STT: 3"; not "trong kỳ: 26".
_WITH_COLON = ("số", "công", "văn", "sđt", "hotline", "stt", "mã", "quyết", "nghị", "mức")
_STRICT_KEYS = frozenset(tuple(spell(word).key for word in name.split()) for name in _STRICT if " " in name)
_OFFICE = re.compile(r"[A-ZĐÀ-Ỹ][A-ZĐÀ-Ỹa-z]{1,6}")
_MANY_DIGITS = 8


class Names(Named):
    """Which tokens of one message are such names."""

    def __init__(self, tokens: Tokens, hits: list[tuple[Hit, ...]], text: str) -> None:
        super().__init__(tokens, hits, text)
        self.persons, self.places = Persons(self), Places(self)
        self.document_end = -1
        """Where the number of a document ended: the date after it is the document's."""
        self.is_person = False
        """Whether the name taken last was somebody's."""

    def end_at(self, at: int) -> int:
        """Where such a name that begins at token `at` ends; 0 when none does."""
        number = self._office_number(at) or self._labelled(at)
        self.document_end = number or self.document_end
        end = self._version(at) or number
        person = 0 if end else self.persons.end_at(at)
        self.is_person = person > 0
        return end or person or self._age(at) or self._glued(at) or self._clock(at)

    def telephone(self, at: int) -> int:
        if self.tokens[at].kind != "number":
            return 0
        digits = re.sub(r"\D", "", self.tokens[at].text)
        if digits[:4] in ("1900", "1800") and 6 <= len(digits) <= 10:
            return at + 1
        if len(digits) >= 9 and (digits[0] == "0" or len(digits) == 12):
            return at + 1
        if not digits.startswith("0") or len(digits) < 3:
            return 0
        end = at + 1
        while end < len(self.tokens) and len(digits) < 12:
            skip = end + 1 if self.tokens[end].is_sign(".- ") and end + 1 < len(self.tokens) else end
            if self.tokens[skip].kind != "number":
                break
            digits += re.sub(r"\D", "", self.tokens[skip].text)
            end = skip + 1
        return end if len(digits) >= _MANY_DIGITS else 0

    def _version(self, at: int) -> int:
        token = self.tokens[at]
        if token.kind != "number":
            return 0
        if re.fullmatch(r"\d\.0", token.text):
            return at + 1
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        is_network = token.text in ("2", "3", "4", "5") and following is not None and following.text == "G"
        return at + 2 if is_network and following is not None and following.glued else 0

    def _office_number(self, at: int) -> int:
        """12/KH-UBND, 505/QĐ-TTg, 57-NQ/TW"""
        tokens = self.tokens
        if tokens[at].kind != "number" or at + 2 >= len(tokens) or not tokens[at + 1].is_sign("/-"):
            return 0
        if not (tokens[at + 1].glued and tokens[at + 2].glued and _OFFICE.fullmatch(tokens[at + 2].text)):
            return 0
        if self.counts(at + 2) or tokens[at + 2].text.islower():
            return 0
        end = at + 3
        while end < len(tokens) and tokens[end].glued:
            end += 1
        return end

    def _labelled(self, at: int) -> int:
        tokens = self.tokens
        if tokens[at].says("lớp") and at + 2 < len(tokens) and tokens[at + 1].kind == "number":
            letter = tokens[at + 2]
            if letter.glued and letter.kind == "word" and len(letter.text) == 1:
                return at + 3
        pupil = ("bé", "em", "cháu", "con", "sinh", "học", "bạn")
        is_grade = tokens[at].says("lớp") and at > 0 and tokens[at - 1].says(*pupil)
        is_grade = is_grade or (tokens[at].says("lớp") and at > 1 and tokens[at - 2].says("bé", "em", "cháu"))
        is_grade = is_grade or (
            tokens[at].says("lớp") and any(one.says("trường") for one in tokens[max(0, at - 8) : at])
        )
        if is_grade and at + 1 < len(tokens) and tokens[at + 1].kind == "number":
            return at + 2
        hit = next((one for one in self.hits[at] if "number name" in one.tags), None)
        if hit is None or hit.end >= len(tokens) or self.is_counted(at) or (self.hits[at][0].end > hit.end):
            return 0
        number = hit.end
        if tokens[number].says("số") or (tokens[number].is_sign(":") and tokens[at].says(*_WITH_COLON)):
            number += 1
        if number < len(tokens) and tokens[at].says("mức", "cấp") and tokens[number].says("một", "hai"):
            return number + 1
        if number >= len(tokens) or tokens[number].kind != "number":
            return 0
        if "\n" in self.text[tokens[at].end : tokens[number].start]:
            return 0
        if telephone := self.telephone(number):
            return telephone  # "đổi số 0913 222 718"
        words = " ".join(token.text.lower() for token in tokens[at : hit.end])
        keys = tuple(token.key for token in tokens[at : hit.end])
        is_strict = keys in _STRICT_KEYS or any(tokens[at].says(one) for one in _STRICT)
        is_title = number + 1 < len(tokens) and tokens[number + 1].is_sign(":") and tokens[number - 1].kind == "word"
        is_lane = tokens[at].key == "hem" and at > 0 and tokens[at - 1].says("ở", "đầu", "trong", "vô", "cuối")
        if hit.is_bare and not (is_strict or is_title or is_lane):
            return 0
        if words in ("cấp", "cap") and not tokens[number].text.isdecimal():
            return 0
        if not is_strict and (self.counts(number + 1) or (words == "cấp" and len(tokens[number].text) > 1)):
            return 0
        end = number + 1
        is_range = end + 1 < len(tokens) and tokens[end].is_sign("-–") and tokens[end + 1].kind == "number"
        if words == "đường" and end + 1 < len(tokens) and tokens[end].says("tháng"):
            return end + 2  # "đường 30 Tháng 4"
        if words in ("tuần", "tuan") and is_range:
            return 0  # "tuần 16–22/11"
        if words in ("tuần", "tuan") and end + 1 < len(tokens) and tokens[end].says("tháng"):
            return end + 2
        while end + 1 < len(tokens) and tokens[end].is_sign("/-.") and tokens[end].glued and tokens[end + 1].glued:
            end += 2
        return end

    def _age(self, at: int) -> int:
        """ "tuổi từ 65 đến 82" """
        tokens = self.tokens
        if not tokens[at].says("tuổi"):
            return 0
        end = at + 1
        while end < len(tokens) and (tokens[end].kind == "number" or tokens[end].says("từ", "đến", "tới", "trên")):
            end += 1
        return end if tokens[end - 1].kind == "number" else 0

    def _glued(self, at: int) -> int:
        """A number hanging on letters nobody knows: u70, m2, b12."""
        tokens = self.tokens
        if at + 2 < len(tokens) and tokens[at].text.lower() in ("p", "q", "x") and tokens[at + 1].text == ".":
            return at + 3 if tokens[at + 2].kind == "number" and tokens[at + 2].glued else 0
        is_ward = tokens[at].text.lower() in ("p", "q") and at == self.last_end  # "kp 3 p 5"
        if is_ward and at + 1 < len(tokens) and tokens[at + 1].kind == "number":
            return at + 2
        if at + 1 >= len(tokens) or tokens[at].kind != "word" or self.hits[at]:
            return 0
        if tokens[at].text.lower() == "x" and at and any(hit.codes for hit in self.hits[at - 1]):
            return 0  # "VNeID x8"
        number = tokens[at + 1]
        return at + 2 if number.kind == "number" and number.glued and len(tokens[at].text) <= 3 else 0

    def _clock(self, at: int) -> int:
        """7h, 7h30, 7g30, 7:30, 7 giờ 30; the range before it is read with its noun."""
        tokens = self.tokens
        if (
            tokens[at].kind != "number"
            or at + 1 >= len(tokens)
            or len(tokens[at].text) > 2
            or not tokens[at].text.isdecimal()
        ):
            return 0
        unit = tokens[at + 1]
        if unit.says("rưỡi") and at and tokens[at - 1].says("tới", "đến", "lúc", "hồi") and int(tokens[at].text) < 24:
            return at + 2  # "từ 7h tới 10 rưỡi"
        end = at + 2
        has_minute = end < len(tokens) and tokens[end].kind == "number" and tokens[end].glued
        if unit.is_sign(":") and unit.glued and has_minute and len(tokens[end].text) == 2:
            is_hour = int(tokens[at].text) < 24 and int(tokens[end].text) < 60
            alone = at == 0 or tokens[at - 1].kind == "sign" or tokens[at - 1].says("lúc", "từ", "đến", "sáng", "hồi")
            return end + 1 if is_hour and alone else 0
        if unit.text.lower() == "h" and not unit.glued and end < len(tokens):
            return end if tokens[end].says("sáng", "trưa", "chiều", "tối", "nay", "hôm", "đêm") else 0
        is_hour = unit.says("giờ", "giờ rưỡi") or (unit.text.lower() in ("h", "g") and unit.glued)
        if not is_hour:
            return 0
        is_loose = unit.says("giờ") and end < len(tokens) and tokens[end].kind == "number" and not self.counts(end + 1)
        if is_loose and len(tokens[end].text) == 2:
            return end + 1
        return end + 1 if has_minute else end
