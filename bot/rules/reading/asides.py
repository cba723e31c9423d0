"""Quantities that report nothing: how often, for whom, of whom there are how many, in the middle of talk."""

from __future__ import annotations

from bot.rules.reading.grammar import Grammar
from bot.rules.reading.lists import Lists
from bot.rules.reading.message import Said, Scan
from bot.rules.reading.pair import Pair
from bot.rules.reading.phrases import Lexicon


class Asides(Grammar):
    """Finds them."""

    def __init__(self, found: Scan, words: Lexicon, lists: Lists) -> None:
        super().__init__(found, words)
        self.lists = lists
        self.words_said = sum(
            token.kind == "word" and not any("filler" in hit.tags or "classifier" in hit.tags for hit in hits[:1])
            for token, hits in zip(found.tokens, found.hits, strict=True)
        )

    def is_one(self, one: Pair) -> bool:
        """Whether a quantity that stands for itself reports nothing."""
        amount = one.said.amount
        if (
            amount.noun in ("unknown", "place")
            or self._is_idle(one)
            or self._is_how_often(one)
            or self._is_of_whom(one)
        ):
            return True
        if (
            self._is_given(one.said)
            or self._is_population(one.said)
            or self._is_missing(one.said)
            or self._is_described(one.said)
            or (self._is_couple(one.said) and len(self.found.said) > 1)
        ):
            return True
        return amount.why is None and (self._is_same_again(one) or self._is_with_doubtful(one))

    def is_talk(self, one: Pair) -> bool:
        """Whether a bare number that counts nothing known is no answer either."""
        amount = one.said.amount
        if amount.noun != "bare":
            return False
        is_nil = amount.value == 0 and amount.why is None
        return is_nil or one.said.is_part or self._is_weak(one) or self._is_chat(one)

    def is_loose_session(self, one: Pair) -> bool:
        """ "livestream 2 buổi": a session of what, where nobody is taught?"""
        if one.said.amount.unit != "buổi" or one.said.amount.own != self.class_code:
            return False
        taught = ("mở", "dạy", "huấn", "học", "lớp", "chức", "dẫn", "truyền", "bdhvs", "kns", "chỉ")
        return not any(token.says(*taught) for token in self.found.tokens)

    def _is_idle(self, one: Pair) -> bool:
        """How often, or for whom, of nothing that is counted: "ra chợ 2 lần", "3 mã QR cho 3 quán"."""
        amount = one.said.amount
        if one.previous is not None and amount.own is None and amount.unit in ("quán", "sạp", "điểm", "tuyến đường"):
            return self.found.tokens[amount.first - 1].says("cho", "của", "ở", "tại")
        return one.said.amount.unit == "lần" and self.lists.continued(one) is None

    def _is_population(self, said: Said) -> bool:
        """ "ấp em có 450 hộ mà mới được 120 hộ": how many live there."""
        found = self.found
        at = said.first - 1
        if said.amount.unit not in ("hộ", "người") or at < 1 or not found.tokens[at].says("có"):
            return False
        if found.tokens[0].says("ấp", "xã", "thôn", "khóm", "tổ") and self._is_reached_later(said):
            return True
        while at > 0 and found.tokens[at - 1].says("em", "mình", "tui", "tôi", "con", "này", "ta"):
            at -= 1
        is_place = any("unit name" in hit.tags for hit in found.hits[at - 1][:1])
        is_place = is_place or any(name == "visited" and end in (at - 1, at, at + 1) for _, end, name in found.marks)
        is_place = is_place or any(place in (at - 1, at - 2) for place, _ in found.places)
        after = found.tokens[said.end : said.end + 1]
        is_all = not after or after[0].kind == "sign" or after[0].says("mà", "với", "và", "nhưng", "thì")
        return is_place and is_all and any(one.first > said.first and not one.is_off for one in found.said)

    def _is_reached_later(self, said: Said) -> bool:
        """ "Ấp tôi (ấp Kinh Gãy) có 112 hộ, hôm qua tổ đi được 29 hộ" """
        tokens, found = self.found.tokens, self.found
        acted = any("action" in hit.tags for at in range(said.first - 1) for hit in found.hits[at])
        after = next((one for one in found.said if one.first > said.first and not one.is_off), None)
        if after is None or acted or after.amount.unit != said.amount.unit or after.amount.value >= said.amount.value:
            return False
        return any(token.says("đi", "ghé", "được", "đến") for token in tokens[said.end : after.first])

    def _is_how_often(self, one: Pair) -> bool:
        """ "đi 3 bữa, mỗi bữa 6 hộ": how often they went out, where something else is counted."""
        tokens = self.found.tokens
        goes = one.said.first > 0 and tokens[one.said.first - 1].says("đi")
        has_more = any(said is not one.said and not said.is_off for said in self.found.said)
        return goes and has_more and tokens[one.said.end - 1].says("bữa") and self.is_loose_session(one)

    def _is_described(self, said: Said) -> bool:
        """ "2 cụ, một cụ 81 tuổi một cụ 77 tuổi", "cũng 3 người đó": those told of before."""
        tokens = self.found.tokens
        skip = said.end < len(tokens) and tokens[said.end].says("trên", "hơn", "gần", "ngoài", "cụ")
        after = tokens[said.end + skip : said.end + skip + 2]
        has_age = len(after) == 2 and after[0].kind == "number" and after[1].says("tuổi")
        is_again = said.first > 0 and tokens[said.first - 1].says("cũng") and after[:1] and after[0].says("đó")
        earlier = any(one.first < said.first and one.amount.unit == said.amount.unit for one in self.found.said)
        return said.amount.is_person and earlier and bool(has_age or is_again)

    def _is_couple(self, said: Said) -> bool:
        """ "hai vợ chồng anh Chín Lúa": who they are, by name."""
        tokens, hits = self.found.tokens, self.found.hits
        noun = [token.key for token in tokens[max(0, said.end - 2) : said.end]]
        is_named = said.end < len(hits) and any("kin" in hit.tags for hit in hits[said.end][:1])
        return noun in (["vo", "chong"], ["cha", "con"], ["me", "con"]) and is_named

    def _is_missing(self, said: Said) -> bool:
        """ "2 người bệnh, 1 người đi đám cưới" """
        after = self.found.tokens[said.end : said.end + 3]
        is_away = bool(after) and (after[0].says("bệnh", "ốm", "bận", "nghỉ") or after[-1].says("cưới", "quê", "bệnh"))
        is_sick = self.found.has("nothing") and self.found.tokens[said.end - 1].says("bệnh")
        return said.amount.is_person and (
            is_away or is_sick or (len(after) > 1 and after[0].says("đi") and after[1].says("đám"))
        )

    def _is_of_whom(self, one: Pair) -> bool:
        """ "trong bản 62 hộ thì 19 hộ chưa có": how many there are."""
        tokens, said = self.found.tokens, one.said
        if self._is_led_by_of(one):
            return True
        if said.amount.unit not in ("hộ", "người") or not tokens[said.end : said.end + 1]:
            return False
        rest = tokens[said.end + 1 : said.end + 6]
        return tokens[said.end].says("thì") and any(token.says("chưa", "không", "hổng", "hông") for token in rest)

    def _is_led_by_of(self, one: Pair) -> bool:
        """The second is the result: "trong số 95 người đến, tổ hướng dẫn 61", "trong 58 tiểu thương đã có 51 người"."""
        tokens, said, after = self.found.tokens, one.said, one.following
        if after is None or after.said.amount.value >= said.amount.value or said.first < 1:
            return False
        led = [token.key for token in tokens[max(0, said.first - 2) : said.first]]
        if led == ["trong", "so"]:
            return True
        has = any(token.says("có") for token in tokens[max(said.end, after.said.first - 2) : after.said.first])
        return led[-1] == "trong" and has and said.amount.unit != "hộ"

    def _is_given(self, said: Said) -> bool:
        """ "tặng quà cho 20 hộ" """
        breaks = self.found.breaks
        return any(
            name == "gift" and at < said.first and not any(breaks[at + 1 : said.first + 1])
            for at, _, name in self.found.marks
        )

    def _is_chat(self, one: Pair) -> bool:
        """A lone number in the middle of talk, not an answer."""
        found = self.found
        words = self.words_said
        if self._is_listed(one.said):
            return False
        has_reason = any(found.has(mark) for mark in ("done", "correction", "total"))
        return words > 2 and not has_reason and not found.topics

    def _is_weak(self, one: Pair) -> bool:
        """A bare digit word that nothing makes a number; "duoc nam nha" may be five."""
        before = self.found.tokens[max(0, one.said.first - 1)]
        return one.said.amount.is_weak and not before.says("được", "đc", "dc")

    def _is_listed(self, said: Said) -> bool:
        """ "khai sinh 3, kết hôn 1": a short name and its number, whatever it names."""
        breaks = self.found.breaks
        start = said.first
        while start > 0 and not breaks[start]:
            start -= 1
        is_last = said.end >= len(self.found.tokens) or self.found.tokens[said.end].kind == "sign"
        return is_last and 1 <= said.first - start <= 3 and any(token.is_sign(",;:") for token in self.found.tokens)

    def _is_same_again(self, one: Pair) -> bool:
        """ "5 cụ đến hỏi sổ sức khỏe, cài xong cho 5 cụ": those spoken of before."""
        last = one.previous
        if last is None or last.group is None or last.said.amount.value != one.said.amount.value:
            return False
        same = last.said.amount.unit == one.said.amount.unit and one.said.amount.is_person
        between = self.found.tokens[last.group.end : one.said.first]
        return same and any(token.says("xong", "hết") for token in between)

    def _is_with_doubtful(self, one: Pair) -> bool:
        """ "hai vợ chồng chú Năm và ba người hàng xóm": all of them are asked about together."""
        after = one.following
        if after is None or not one.said.amount.is_person or after.said.amount.why != "two_readings":
            return False
        is_linked = self.found.tokens[after.said.first - 1].says("và", "với", "cùng")
        return is_linked and not any(self.found.breaks[one.said.end : after.said.first + 1])
