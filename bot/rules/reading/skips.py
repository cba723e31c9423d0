"""Numbers that name rather than count: ấp 3, Đề án 06, 12/KH-UBND, 0912 345 678, 7h30, chú Bảy, chợ 4.0."""

from __future__ import annotations

import re

from bot.rules.reading.phrases import Hit
from bot.rules.vietnamese.numerals import Tokens, read_numeral
from bot.rules.vietnamese.spelling import spell

_RANKS = ("hai", "ba", "tư", "bốn", "năm", "sáu", "bảy", "bẩy", "tám", "chín", "mười", "út", "cả")
_DIGITS = {
    "một": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "tư": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
}
# After these the number is a name whatever follows; after other labels not when something is counted.
_STRICT = (
    "mức", "mức độ", "cấp độ", "level", "đề án", "nghị quyết", "nq", "công văn", "cv", "quyết định", "qđ", "nghị định",
    "nđ", "thông tư", "chỉ thị", "văn bản", "vb", "quốc lộ", "số nhà", "hotline", "tổng đài", "kế hoạch số",
    "cách mạng công nghiệp", "quyết định số", "nghị định số", "công văn số", "android", "ios", "đại hội", "lần thứ",
    "giai đoạn", "version", "sđt", "số điện thoại", "điều", "khoản", "stt", "công nghiệp",
)  # fmt: skip
_STRICT_KEYS = frozenset(tuple(spell(word).key for word in name.split()) for name in _STRICT if " " in name)
# The levels below a commune, by what is typed for them without marks.
_PLACES = {
    "ap": "Ấp", "kp": "Khu phố", "k p": "Khu phố", "khu pho": "Khu phố", "khom": "Khóm", "phuong": "Phường",
    "to": "Tổ", "thon": "Thôn", "ban": "Bản", "xom": "Xóm", "tdp": "Tổ dân phố", "to dan pho": "Tổ dân phố",
    "tnd": "Tổ nhân dân", "to nd": "Tổ nhân dân", "to nhan dan": "Tổ nhân dân", "cum": "Cụm", "khu vuc": "Khu vực",
    "kv": "Khu vực", "lang": "Làng", "buon": "Buôn", "doi": "Đội", "nhom": "Nhóm",
}  # fmt: skip
_OFFICE = re.compile(r"[A-ZĐÀ-Ỹ][A-ZĐÀ-Ỹa-z]{1,6}")
_MANY_DIGITS = 8


class Names:
    """Which tokens of one message are such names."""

    def __init__(self, tokens: Tokens, hits: list[tuple[Hit, ...]], text: str) -> None:
        self.tokens = tokens
        self.hits = hits
        self.text = text
        self.last_end = -1
        """Where the name or date ended that was taken last: the number in it counts nothing."""
        self.document_end = -1
        """Where the number of a document ended: the date after it is the document's."""
        self.is_person = False
        """Whether the name taken last was somebody's."""
        letters = [token.text for token in tokens if token.kind == "word"]
        small = sum(word[0].islower() for word in letters)
        self.has_case = small * 4 >= len(letters)
        self.has_small = small > 0

    def end_at(self, at: int) -> int:
        """Where such a name that begins at token `at` ends; 0 when none does."""
        number = self._office_number(at) or self._labelled(at)
        self.document_end = number or self.document_end
        end = self._version(at) or number
        person = 0 if end else self._person(at)
        self.is_person = person > 0
        return end or person or self._age(at) or self._glued(at) or self._clock(at)

    def place_at(self, at: int) -> tuple[int, str] | None:
        """A unit's name: where it ends and its written form, "Ấp 3"."""
        hit = next((one for one in self.hits[at] if "unit name" in one.tags), None)
        if hit is None or self._is_counted(at) or (at and self.tokens[at - 1].says("cả", "toàn")):
            return None
        if hit is not self.hits[at][0] and self.hits[at][0].codes:
            return None
        end = hit.end
        if end < len(self.tokens) and self.tokens[end].text.lower() == "số":
            end += 1
        if end >= len(self.tokens):
            return None
        label = self._label(at, hit.end)
        if (number := self._place_number(end, label)) is not None:
            return number
        return self._named_place(end, label)

    def _label(self, at: int, end: int) -> str:
        typed = " ".join(token.text.lower() for token in self.tokens[at:end])
        bare = " ".join(token.key for token in self.tokens[at:end] if token.kind == "word")
        if bare.endswith(" ap"):
            return "Ấp"
        return _PLACES.get(bare, typed.capitalize())

    def _place_number(self, at: int, label: str) -> tuple[int, str] | None:
        token = self.tokens[at]
        if token.kind == "number" and token.text.isdecimal() and len(token.text) <= 2:
            end, name = at + 1, token.text.lstrip("0") or token.text
            following = self.tokens[end] if end < len(self.tokens) else None
            if following is not None and following.glued and following.kind == "word" and len(following.text) == 1:
                return end + 1, f"{label} {name}{following.text.upper()}"
            if self._is_range(end):
                return None
            if label == "Nhóm" and not self._is_verb(end):
                return None
            # "tổ 5 người": the team's people, not its number.
            if label in ("Tổ", "Đội", "Bản", "Cụm") and end < len(self.hits) and self._counts(end):
                return None
            return end, f"{label} {name}"
        spoken = next((value for word, value in _DIGITS.items() if token.says(word)), None)
        if token.says("một") and at + 1 < len(self.hits) and any("classifier" in hit.tags for hit in self.hits[at + 1]):
            return None  # "đầu ấp một cái wifi"
        if spoken is None or token.kind != "word" or (label in ("Tổ", "Đội", "Bản") and self._counts(at + 1)):
            return None
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        numeral = read_numeral(self.tokens, at + 1) if following is not None and following.is_bare else None
        is_own = numeral is not None and numeral.end > at + 2 and self._counts(numeral.end)  # "ap ba muoi hai ho"
        if following is not None and following.says("mươi", "chục", "trăm") and not is_own:
            return None
        if spoken == 10 and following is not None and following.says("một", "hai", "ba", "bốn", "lăm"):
            unit = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "lăm": 5}
            return at + 2, f"{label} {10 + next(value for word, value in unit.items() if following.says(word))}"
        return at + 1, f"{label} {spoken}"

    def _is_range(self, at: int) -> bool:
        """ "tổ thôn 5 - 8 người" """
        if at + 2 >= len(self.tokens) or not self.tokens[at].is_sign("-–") or self.tokens[at + 1].kind != "number":
            return False
        if "\n" in self.text[self.tokens[at - 1].end : self.tokens[at].start]:
            return False
        return self._counts(at + 2)

    def _is_verb(self, at: int) -> bool:
        return at < len(self.hits) and any("verb" in hit.tags for hit in self.hits[at][:1])

    def _counts(self, at: int) -> bool:
        """Whether the word at `at` is counted by the number before it."""
        hits = self.hits[at] if at < len(self.hits) else ()
        if not hits or (
            self.tokens[at].is_bare and self.tokens[at].key in ("di", "co", "ma") and hits[0].end == at + 1
        ):
            return False
        return bool(hits[0].unit or hits[0].codes) and "verb" not in hits[0].tags

    def _named_place(self, at: int, label: str) -> tuple[int, str] | None:
        """ấp Trường Thành B, ấp Tân Thành 2."""
        end = at
        while end < len(self.tokens) and self._is_capital(end) and end - at < 4:
            end += 1
        is_short_form = any(sum(char.isupper() for char in token.text) > 2 for token in self.tokens[at:end])
        is_shouted = any(token.text.isupper() and len(token.text) > 1 for token in self.tokens[at:end])
        is_other = label == "Bản" and self.tokens[at - 1].is_bare and any(not token.is_bare for token in self.tokens)
        if end == at or not self.has_small or is_short_form or is_shouted or is_other:
            return None
        name = " ".join(token.text for token in self.tokens[at:end])
        is_number = end < len(self.tokens) and self.tokens[end].kind == "number" and len(self.tokens[end].text) == 1
        if is_number and not self._counts(end + 1):
            return end + 1, f"{label} {name} {self.tokens[end].text}"
        return end, f"{label} {name}"

    def _is_capital(self, at: int) -> bool:
        token = self.tokens[at]
        is_topic = any(hit.codes for hit in self.hits[at])
        return token.kind == "word" and token.text[0].isupper() and not is_topic

    def _is_counted(self, at: int) -> bool:
        """ "2 ấp 3 hộ": the word is counted itself."""
        before = self.tokens[at - 1] if at else None
        if before is None or at == self.last_end:
            return False
        is_version = before.text.endswith(".0")
        return (before.kind == "number" and not is_version) or before.says(
            "mỗi", "các", "một", "hai", "bốn", "mấy", "vài", "những", "từng"
        )

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
        if self._counts(at + 2) or tokens[at + 2].text.islower():
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
        pupil = ("bé", "em", "cháu", "con", "sinh", "học")
        is_grade = tokens[at].says("lớp") and at > 0 and tokens[at - 1].says(*pupil)
        is_grade = is_grade or (tokens[at].says("lớp") and at > 1 and tokens[at - 2].says("bé", "em", "cháu"))
        if is_grade and at + 1 < len(tokens) and tokens[at + 1].kind == "number":
            return at + 2
        hit = next((one for one in self.hits[at] if "number name" in one.tags), None)
        if hit is None or hit.end >= len(tokens) or self._is_counted(at) or (self.hits[at][0].end > hit.end):
            return 0
        number = hit.end
        if tokens[number].says("số") or tokens[number].is_sign(":"):
            number += 1
        if number < len(tokens) and tokens[at].says("mức", "cấp") and tokens[number].says("một", "hai"):
            return number + 1
        if number >= len(tokens) or tokens[number].kind != "number":
            return 0
        if "\n" in self.text[tokens[at].end : tokens[number].start]:
            return 0
        words = " ".join(token.text.lower() for token in tokens[at : hit.end])
        keys = tuple(token.key for token in tokens[at : hit.end])
        is_strict = keys in _STRICT_KEYS or any(tokens[at].says(one) for one in _STRICT)
        is_title = number + 1 < len(tokens) and tokens[number + 1].is_sign(":") and tokens[number - 1].kind == "word"
        if hit.is_bare and not is_strict and not is_title:
            return 0
        if words in ("cấp", "cap") and not tokens[number].text.isdecimal():
            return 0
        if not is_strict and (self._counts(number + 1) or (words == "cấp" and len(tokens[number].text) > 1)):
            return 0
        end = number + 1
        if words in ("tuần", "tuan") and end + 1 < len(tokens) and tokens[end].says("tháng"):
            return end + 2
        while end + 1 < len(tokens) and tokens[end].is_sign("/-.") and tokens[end].glued and tokens[end + 1].glued:
            end += 2
        return end

    def _person(self, at: int) -> int:
        """chú Bảy, bà Tư, chị Út, Năm Út: people called by their rank of birth, and whoever is called by a name."""
        tokens = self.tokens
        token = tokens[at]
        if token.kind != "word":
            return 0
        if at and token.says(*_RANKS) and tokens[at - 1].says("tên"):
            return at + 1
        hit = self.hits[at][0] if self.hits[at] else None
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        if hit is not None and "kin" in hit.tags and hit.end == at + 1 and following is not None:
            if self._is_counted(at) and not following.text[0].isupper():
                return 0
            if token.key == "ba" and token.is_bare and self._is_thirty(at):
                return 0
            if token.key in ("di", "co", "chi") and token.is_bare and self._is_number(at + 1):
                return 0
            return self._called(at + 1)
        is_rank = token.text[0].isupper() and token.text[1:].islower() and token.says(*_RANKS) and not token.is_bare
        if not is_rank or not self.has_case:
            return 0
        if at and any("kin" in one.tags for one in self.hits[at - 1][:1]):
            return at + 1
        is_first = at == 0 or tokens[at - 1].kind == "sign" or "\n" in self.text[tokens[at - 1].end : token.start]
        if not is_first:
            return 0 if self._counts(at + 1) or self._goes_on(at + 1) else at + 1
        if following is None:
            return 0
        is_verb = bool(self.hits[at + 1]) and bool({"verb", "and"} & self.hits[at + 1][0].tags)
        return at + 1 if is_verb or (following.says(*_RANKS) and following.text[0].isupper()) else 0

    def _is_thirty(self, at: int) -> bool:
        """ "ba muoi hai ho" counts; "ba muoi" alone, or "ba Muoi", is bà Mười."""
        numeral = read_numeral(self.tokens, at)
        is_name = self.tokens[at + 1].text[0].isupper()
        if numeral is None or is_name or numeral.end <= at + 2:
            return False
        return self._counts(numeral.end) or numeral.end >= len(self.tokens)

    def _is_number(self, at: int) -> bool:
        """ "di muoi hai ho": to go to twelve rather than to aunt Mười."""
        numeral = read_numeral(self.tokens, at)
        is_name = self.tokens[at].text[0].isupper()
        return numeral is not None and not is_name and numeral.end > at + 1 and self._counts(numeral.end)

    def _called(self, at: int) -> int:
        token = self.tokens[at]
        is_name = token.kind == "word" and token.text[0].isupper() and self.has_case
        if token.says(*_RANKS):
            if self._goes_on(at + 1):
                return 0
            return 0 if self._is_counting(at) and not is_name else at + 1
        if not is_name or (self.hits[at] and self.hits[at][0].codes):
            return 0
        end = at + 1
        while end < len(self.tokens) and end - at < 4 and self._is_capital(end):
            end += 1
        return end

    def _is_counting(self, at: int) -> bool:
        """Whether the rank is a number after all: "anh ơi, ba hộ"; not "cô sáu tạp hóa", "thím bảy nộp hồ sơ"."""
        following = self.hits[at + 1] if at + 1 < len(self.hits) else ()
        if not following or any("verb" in hit.tags for hit in following):
            return False
        if self.tokens[at].is_bare:
            return self._counts(at + 1)
        return (
            bool(following[0].unit)
            and following[0].unit not in ("quán", "sạp", "gian hàng")
            and ("kin" not in following[0].tags)
        )

    def _goes_on(self, at: int) -> bool:
        return at < len(self.tokens) and self.tokens[at].says("mươi", "chục", "trăm", "ngàn", "nghìn", "lăm", "mốt")

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
        if at + 1 >= len(tokens) or tokens[at].kind != "word" or self.hits[at]:
            return 0
        number = tokens[at + 1]
        return at + 2 if number.kind == "number" and number.glued and len(tokens[at].text) <= 3 else 0

    def _clock(self, at: int) -> int:
        """7h, 7h30, 7g30, 7:30, 7 giờ 30; the range before it is read with its noun."""
        tokens = self.tokens
        if tokens[at].kind != "number" or at + 1 >= len(tokens) or len(tokens[at].text) > 2:
            return 0
        unit = tokens[at + 1]
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
        is_loose = unit.says("giờ") and end < len(tokens) and tokens[end].kind == "number" and not self._counts(end + 1)
        if is_loose and len(tokens[end].text) == 2:
            return end + 1
        return end + 1 if has_minute else end
