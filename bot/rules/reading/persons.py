"""People called by their rank of birth or by a name: chú Bảy, bà Tư, chị Mười Hai, anh Hùng."""

from __future__ import annotations

from bot.rules.reading.named import Named
from bot.rules.vietnamese.numerals import read_numeral

_RANKS = ("hai", "ba", "tư", "bốn", "năm", "sáu", "bảy", "bẩy", "tám", "chín", "mười", "út", "cả")

_CAPITAL = ("Hai", "Ba", "Tu", "Bon", "Nam", "Sau", "Bay", "Tam", "Chin", "Muoi", "Ut")


class Persons:
    """Finds them."""

    def __init__(self, named: Named) -> None:
        self.named = named
        self.tokens, self.hits, self.text = named.tokens, named.hits, named.text

    def end_at(self, at: int) -> int:
        """chú Bảy, bà Tư, chị Út, Năm Út: people called by their rank of birth, and whoever is called by a name."""
        tokens = self.tokens
        token = tokens[at]
        if token.kind != "word":
            return 0
        if at and token.says(*_RANKS) and tokens[at - 1].says("tên"):
            return at + 1
        hit = self.hits[at][0] if self.hits[at] else None
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        is_kin = hit is not None and ("kin" in hit.tags or token.says("cụ", "bé"))
        is_kin = is_kin or (token.text.lower() == "chi" and following is not None and following.text in _CAPITAL)
        if hit is not None and is_kin and (hit.end == at + 1 or token.key == "chi") and following is not None:
            if self.named.is_counted(at) and not following.text[0].isupper():
                return 0
            if token.key == "ba" and token.is_bare and self._is_thirty(at):
                return 0
            if token.key in ("di", "co", "chi") and token.is_bare and self._is_number(at + 1):
                return 0
            return self._called(at + 1)
        is_rank = token.text[0].isupper() and token.text[1:].islower() and token.says(*_RANKS) and not token.is_bare
        if not is_rank or not self.named.has_case:
            return 0
        if at and any("kin" in one.tags for one in self.hits[at - 1][:1]):
            return at + 1
        is_first = at == 0 or tokens[at - 1].kind == "sign" or "\n" in self.text[tokens[at - 1].end : token.start]
        if not is_first:
            return 0 if self.named.counts(at + 1) or self._goes_on(at + 1) else at + 1
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
        return self.named.counts(numeral.end) or numeral.end >= len(self.tokens)

    def _is_number(self, at: int) -> bool:
        """ "di muoi hai ho": to go to twelve rather than to aunt Mười."""
        numeral = read_numeral(self.tokens, at)
        is_name = self.tokens[at].text[0].isupper()
        return numeral is not None and not is_name and numeral.end > at + 1 and self.named.counts(numeral.end)

    def _called(self, at: int) -> int:
        token = self.tokens[at]
        is_name = token.kind == "word" and token.text[0].isupper() and self.named.has_case
        if token.text.isdecimal():
            return at + 1 if self._is_rank(at) else 0
        if token.says(*_RANKS):
            does = is_name and any(one.text == "lam" for one in self.tokens[at + 1 : at + 2])
            if self._goes_on(at + 1) and not does:  # but "chi Nam lam can cuoc"
                return 0
            following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
            if (
                token.says("mười")
                and following is not None
                and following.says(*_RANKS[:9])
                and not self.named.counts(at + 2)
            ):
                return at + 2  # chị Mười Hai
            return 0 if self._is_counting(at) and not is_name else at + 1
        if not is_name or (self.hits[at] and self.hits[at][0].codes):
            return 0
        end = at + 1
        while end < len(self.tokens) and end - at < 4 and self.named.is_capital(end):
            end += 1
        return end

    def _is_rank(self, at: int) -> bool:
        """ "giúp bà 6 bán cá", "nhà chú 8 dán qr": the rank of birth in digits, where nothing is counted."""
        tokens = self.tokens
        is_small = tokens[at].text in ("2", "3", "4", "5", "6", "7", "8", "9", "10")
        if not is_small or at < 2 or at + 1 >= len(tokens) or self.named.counts(at + 1):
            return False
        if tokens[at - 1].says("em", "con", "cháu", "e", "bạn", "tui") or self._is_piece(at + 1):
            return False
        is_led = tokens[at - 2].says("cho", "giúp", "với", "và", "nhà", "ghé", "của", "gặp", "dùm", "giùm", "qua")
        return is_led and tokens[at + 1].kind == "word"

    def _is_piece(self, at: int) -> bool:
        return any("classifier" in hit.tags for hit in self.hits[at][:1])

    def _is_counting(self, at: int) -> bool:
        """Whether the rank is a number after all: "anh ơi, ba hộ"; not "cô sáu tạp hóa", "thím bảy nộp hồ sơ"."""
        following = self.hits[at + 1] if at + 1 < len(self.hits) else ()
        if not following or any("verb" in hit.tags for hit in following):
            return False
        if self.tokens[at].is_bare and self.tokens[at].key not in ("hai", "ba"):
            return self.named.counts(at + 1)
        return (
            bool(following[0].unit)
            and following[0].unit not in ("quán", "sạp", "gian hàng")
            and ("kin" not in following[0].tags)
        )

    def _goes_on(self, at: int) -> bool:
        return at < len(self.tokens) and self.tokens[at].says("mươi", "chục", "trăm", "ngàn", "nghìn", "lăm", "mốt")
