"""Names of a commune and of the levels below it: xã An Hiệp, ấp 3, khu phố Bình Khởi, tổ 7."""

from __future__ import annotations

from bot.rules.reading.named import Named
from bot.rules.vietnamese.numerals import read_numeral

# The levels, by what is typed for them without marks.
_PLACES = {
    "ap": "Ấp", "kp": "Khu phố", "k p": "Khu phố", "khu pho": "Khu phố", "khom": "Khóm", "phuong": "Phường",
    "to": "Tổ", "thon": "Thôn", "ban": "Bản", "xom": "Xóm", "tdp": "Tổ dân phố", "to dan pho": "Tổ dân phố",
    "tnd": "Tổ nhân dân", "to nd": "Tổ nhân dân", "to nhan dan": "Tổ nhân dân", "cum": "Cụm", "khu vuc": "Khu vực",
    "kv": "Khu vực",
    "xa": "Xã", "thi tran": "Thị trấn", "khoi": "Khối", "lang": "Làng", "buon": "Buôn", "doi": "Đội", "nhom": "Nhóm",
}  # fmt: skip

_NO_NUMBERS = ("Xã", "Thị trấn")

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


class Places:
    """Finds them."""

    def __init__(self, named: Named) -> None:
        self.named = named
        self.tokens, self.hits, self.text = named.tokens, named.hits, named.text

    def at(self, at: int) -> tuple[int, str] | None:
        """A unit's name: where it ends and its written form, "Ấp 3"."""
        hit = next((one for one in self.hits[at] if "unit name" in one.tags), None)
        if hit is None or self.named.is_counted(at):
            return None
        if at and self.tokens[at - 1].says("cả", "toàn") and not self.tokens[at].says("xã"):
            return None
        if hit is not self.hits[at][0] and self.hits[at][0].codes:
            return None
        end = hit.end
        if end < len(self.tokens) and self.tokens[end].text.lower() == "số":
            end += 1
        if end + 1 < len(self.tokens) and self.tokens[end].is_sign("="):
            end += 1  # "ấp=7"
        if (labelled := self._labelled(at, hit.end)) is not None:
            return labelled
        if end >= len(self.tokens):
            return None
        label = self._label(at, hit.end)
        if label not in _NO_NUMBERS and (number := self._place_number(end, label)) is not None:
            return number
        return self._named_place(end, label)

    def _labelled(self, at: int, sign: int) -> tuple[int, str] | None:
        """ "Ấp: Tân Hưng", on a line of its own."""
        is_first = at == 0 or self.tokens[at].begins_line
        if not is_first or sign >= len(self.tokens) or not self.tokens[sign].is_sign(":"):
            return None
        end = sign + 1
        while end < len(self.tokens) and self.named.is_capital(end) and not self.tokens[end].begins_line:
            end += 1
        is_whole = end == len(self.tokens) or self.tokens[end].begins_line
        name = " ".join(token.text for token in self.tokens[sign + 1 : end])
        return (end, f"{self._label(at, sign)} {name}") if name and is_whole else None

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
            is_task = (
                end + 1 < len(self.tokens)
                and self.tokens[end].says("đầu", "công")
                and self.tokens[end + 1].says("việc")
            )
            if is_task or (end < len(self.hits) and any("money" in hit.tags for hit in self.hits[end][:1])):
                return None  # "hỗ trợ tổ 2 triệu đồng"
            if label in ("Phường", "Xã") and end < len(self.hits) and any(hit.unit == "buổi" for hit in self.hits[end]):
                return None  # "trực ở phường 1 buổi"
            # "tổ 5 người": the team's people, not its number.
            if label == "Cụm" and end < len(self.hits) and any("unit name" in hit.tags for hit in self.hits[end][:1]):
                return None  # "cụm 3 ấp"
            if label in ("Tổ", "Đội", "Bản", "Cụm") and end < len(self.hits) and self.named.counts(end):
                return None
            return end, f"{label} {name}"
        spoken = next((value for word, value in _DIGITS.items() if token.says(word)), None)
        if spoken is not None and self._is_name(at):
            return None
        if token.says("một") and at + 1 < len(self.hits) and any("classifier" in hit.tags for hit in self.hits[at + 1]):
            return None  # "đầu ấp một cái wifi"
        if spoken is None or token.kind != "word" or (label in ("Tổ", "Đội", "Bản") and self.named.counts(at + 1)):
            return None
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        numeral = read_numeral(self.tokens, at + 1) if following is not None and following.is_bare else None
        is_own = numeral is not None and numeral.end > at + 2 and self.named.counts(numeral.end)  # "ap ba muoi hai ho"
        if following is not None and following.says("mươi", "chục", "trăm") and not is_own:
            return None
        if spoken == 10 and following is not None and following.says("một", "hai", "ba", "bốn", "lăm"):
            unit = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "lăm": 5}
            return at + 2, f"{label} {10 + next(value for word, value in unit.items() if following.says(word))}"
        return at + 1, f"{label} {spoken}"

    def _is_name(self, at: int) -> bool:
        """ "tổ dân phố Nam Sơn", "ấp Bảy Háp": what only begins like a number."""
        if at + 1 >= len(self.tokens) or not self.named.has_small or self.tokens[at].text.isupper():
            return False
        return self.named.is_capital(at) and self.named.is_capital(at + 1) and not self.hits[at + 1]

    def _is_below(self, at: int, first: int) -> bool:
        """The next line is no part of the name."""
        return at > first and self.tokens[at].begins_line

    def _is_range(self, at: int) -> bool:
        """ "tổ thôn 5 - 8 người" """
        if at + 2 >= len(self.tokens) or not self.tokens[at].is_sign("-–") or self.tokens[at + 1].kind != "number":
            return False
        if "\n" in self.text[self.tokens[at - 1].end : self.tokens[at].start]:
            return False
        return self.named.counts(at + 2)

    def _is_verb(self, at: int) -> bool:
        return at < len(self.hits) and any("verb" in hit.tags for hit in self.hits[at][:1])

    def _named_place(self, at: int, label: str) -> tuple[int, str] | None:
        """ấp Trường Thành B, ấp Tân Thành 2."""
        end = at
        while end < len(self.tokens) and self.named.is_capital(end) and end - at < 4 and not self._is_below(end, at):
            end += 1
        is_short_form = any(sum(char.isupper() for char in token.text) > 2 for token in self.tokens[at:end])
        is_shouted = any(token.text.isupper() and len(token.text) > 1 for token in self.tokens[at:end])
        is_other = label == "Bản" and self.tokens[at - 1].is_bare and any(not token.is_bare for token in self.tokens)
        if end == at or not self.named.has_small or is_short_form or is_shouted or is_other:
            return None
        name = " ".join(token.text for token in self.tokens[at:end])
        is_number = end < len(self.tokens) and self.tokens[end].kind == "number" and len(self.tokens[end].text) == 1
        if is_number and not self.tokens[end].begins_line and not self.named.counts(end + 1):
            return end + 1, f"{label} {name} {self.tokens[end].text}"
        return end, f"{label} {name}"
