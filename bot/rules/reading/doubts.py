"""Figures that may mean something else than they say: they are asked about."""

from __future__ import annotations

from bot.rules.reading.grammar import Grammar
from bot.rules.reading.lists import Lists
from bot.rules.reading.message import LINE, Said, Scan
from bot.rules.reading.pair import Pair
from bot.rules.reading.phrases import Lexicon
from bot.rules.reading.quantities import Quantity
from bot.rules.reading.records import Why
from bot.rules.reading.words import EVENT_UNITS
from bot.rules.vietnamese.tokens import Token

# What people cannot be counted in, unless the category's own words name people (tiểu thương).
_THINGS = ("nhóm", "mô hình", "tin bài", "tờ", "lượt phát", "cuộc", "đợt", "sản phẩm", "điểm", "bộ", "tin")
# Said of what was named before: "mới làm 12 người".
_INSTALLED = ("làm", "cài", "mở", "nộp", "xong")


class Doubts(Grammar):
    """Finds what is not certain in a pair."""

    def __init__(self, found: Scan, words: Lexicon, lists: Lists) -> None:
        super().__init__(found, words)
        self.lists = lists

    def about(self, one: Pair) -> tuple[str | None, Why] | None:
        """The kind of activity to ask about (None: that is the question) and why; None when nothing is doubtful."""
        amount, after = one.said.amount, one.following
        if one.group is not None and (self._is_where(one) or amount.noun == "unknown"):
            return one.group.topics[0].code, "missing"
        if after is not None and not after.said.is_more and self.lists.is_begun(one, after):
            return (after.group.topics[0].code if after.group else None), "two_readings"
        if amount.why is not None:
            return None
        if self._is_for_something(one) or (one.group is None and self._are_strange(one.said)):
            return amount.own, "two_readings"
        if after is not None and after.group is not None and self._is_parallel(one, after):
            after.is_doubtful = True
            return after.group.topics[0].code, "two_readings"
        if one.group is None and (self._opens_something(one.said) or self._is_turn(one.said)):
            return None, "two_readings"
        if one.group is None and amount.unit == "người" and self._only_asked(one.said):
            return None, "two_readings"
        if one.group is not None and self._only_wants(one):
            return one.group.topics[0].code, "two_readings"
        meant = self._left_out(one)
        return None if meant is None else (meant, "two_readings")

    def _are_strange(self, said: Said) -> bool:
        """Households of which it is not said that they were visited."""
        return said.amount.unit == "hộ" and (self._have_things(said.end) or self._got_something(said))

    def _left_out(self, one: Pair) -> str | None:
        """ "cô Tư chưa có vneid, 18 người cài xong": what they did is what was spoken of before."""
        found = self.found
        after = found.tokens[one.said.end : one.said.end + 2]
        last = one.previous
        if one.group is None and last is not None and last.group is not None and self._is_alike(one, last):
            return last.group.topics[0].code
        if one.group is not None or not one.said.amount.is_person or not after:
            return None
        is_short = after[0].says("cài", "làm", "nộp", "mở") and (len(after) < 2 or after[1].says("xong", "được", "rồi"))
        left_off = [topic for topic in found.topics if topic.is_off or (topic.is_aside and found.has("failed"))]
        before = [topic for topic in left_off if topic.end <= one.said.first]
        return before[0].code if is_short and before else None

    def _is_alike(self, one: Pair, last: Pair) -> bool:
        """ "lên sàn được 2 hộ bán bưởi 1 hộ bán kẹo": of the same kind, perhaps."""
        same = one.said.amount.unit == last.said.amount.unit and one.said.amount.noun == "unit"
        return same and last.is_after and not any(self.found.breaks[last.said.end : one.said.first + 1])

    def _is_for_something(self, one: Pair) -> bool:
        """ "mở tài khoản cho 8 hộ": of which kind is not said."""
        amount = one.said.amount
        if one.group is not None or not (amount.is_person or amount.unit == "hộ"):
            return False
        start = one.said.first
        while start > 0 and not self.found.breaks[start]:
            start -= 1
        for_whom = any(token.says("cho") for token in self.found.tokens[max(0, one.said.first - 2) : one.said.first])
        return for_whom and any(start <= at < one.said.first for at in self.found.mentioned)

    def _got_something(self, said: Said) -> bool:
        """ "tặng 2 điện thoại cho 2 hộ": were they visited?"""
        tokens = self.found.tokens
        start = said.first
        while start > 0 and not self.found.breaks[start]:
            start -= 1
        is_given = any(token.says("tặng", "trao") for token in tokens[start : said.first])
        return is_given and said.first > 0 and tokens[said.first - 1].says("cho", "tặng", "trao")

    def _is_where(self, one: Pair) -> bool:
        """ "lắp camera ở 6 điểm": six places, and how many cameras?"""
        amount = one.said.amount
        if amount.unit != "điểm" or one.group is None or not one.is_after or amount.first == 0:
            return False
        units = {self.words.own_unit[topic.code] for topic in one.group.topics}
        return "điểm" not in units and self.found.tokens[amount.first - 1].says("ở", "tại")

    def _have_things(self, at: int) -> bool:
        """ "312 hộ có điện thoại thông minh": were they visited?"""
        words = self.found.tokens[at : at + 3]
        while words and words[0].says("đều", "đã"):
            words = words[1:]
        return (
            len(words) > 1
            and words[0].says("có")
            and words[1].says("điện", "mạng", "internet", "đt", "smartphone", "máy")
        )

    def _is_parallel(self, one: Pair, after: Pair) -> bool:
        """ "cho một chị bán cá một chị bán thịt mã QR": the last alone, or both?"""
        tokens = self.found.tokens
        if one.group is not None or after.group is None or after.is_after:
            return False
        if not (one.said.amount.is_person or one.said.amount.unit == "hộ"):
            return False
        if one.listing is not None:
            return False
        between = tokens[one.said.end : after.said.first]
        same = tokens[one.said.end - 1].key == tokens[after.said.end - 1].key
        following = tokens[after.said.end : after.said.end + 1]
        alike = bool(between) and bool(following) and between[0].key == following[0].key  # "bán bún, … bán chè"
        near = max(self.found.breaks[one.said.end : after.said.first + 1], default=0) < LINE
        return same and near and len(between) <= 4 and (alike or one.said.amount.value == after.said.amount.value == 1)

    def _opens_something(self, said: Said) -> bool:
        """ "28 tiểu thương mở tài khoản": of which kind is not said."""
        found = self.found
        if not (said.amount.is_person or said.amount.unit in ("hộ", "tiểu thương", "hộ kinh doanh")):
            return False
        for at in found.mentioned:
            is_near = said.end <= at <= said.end + 8 and not any(found.breaks[said.end : at + 1])
            is_label = 0 < said.first - at <= 3 and found.tokens[said.first - 1].is_sign(":")
            if (
                (is_near or is_label)
                and found.tokens[at].says("tài", "tk")
                and found.tokens[at - 1].says("mở", "tạo", "lập")
            ):
                return True
        return False

    def beside(self, one: Pair, codes: list[str]) -> str | None:
        """The kind told beside those who are counted for nothing else, where they may be of it too.

        "mở ví cho 3 cô bán cá, 2 chú chạy xe ôm", "5 hộ lên sàn, 2 hộ rút", "nhà bà Tư cài 2 người, … 1 người vneid".
        """
        amount = one.said.amount
        if one.group is not None or one.listing is not None or amount.noun != "unit" or codes != [amount.own]:
            return None
        if amount.own not in (self.general, self.household) or amount.unit not in ("người", "hộ"):
            return None
        last, after = one.previous, one.following
        if last is not None and self._is_told_of(one, last) and not self._is_done_apart(last, one):
            return last.code
        before = self.found.tokens[max(0, one.said.first - 2) : one.said.first]
        before = before[:-1] if before and before[-1].says("cho") else before
        is_done = bool(before) and before[-1].says(*_INSTALLED)
        return after.code if after is not None and is_done and self._is_told_of(one, after) else None

    def _is_told_of(self, one: Pair, other: Pair) -> bool:
        return other.group is not None and not other.said.is_off and other.said.amount.unit == one.said.amount.unit

    def _is_done_apart(self, last: Pair, one: Pair) -> bool:
        """Whether a verb of its own, or a kind of activity, stands between."""
        found = self.found
        end = one.said.first
        first = max(last.said.end, last.group.end if last.group else 0)
        first = max((at for at in range(first, end + 1) if found.breaks[at]), default=first)
        return any(
            ({"verb", "action"} & hit.tags or hit.codes) and not found.tokens[at].says(*_INSTALLED)
            for at in range(first, end)
            for hit in found.hits[at]
        )

    def _only_asked(self, said: Said) -> bool:
        """ "5 người hỏi cách cài, …": were they helped?"""
        after = self.found.tokens[said.end : said.end + 2]
        comes = bool(after) and after[0].says("tới", "đến", "ghé", "có")
        had = len(after) > 1 and after[0].says("đã", "có") and after[1].says("có", "sẵn")
        return had or any(token.says("hỏi", "chờ", "đợi", "hẹn") for token in after[: 1 + comes])

    def _only_wants(self, one: Pair) -> bool:
        """ "9 hộ có nhu cầu cài ví": not yet, unless they were helped."""
        found = self.found
        after = found.tokens[one.said.end : one.said.end + 3]
        wants = len(after) == 3 and after[0].says("có") and after[1].says("nhu") and after[2].says("cầu")
        last = one.previous.said.end if one.previous is not None else 0
        places = range(max(last, one.said.first - 4), one.said.first)
        return wants and not any("action" in hit.tags for at in places for hit in found.hits[at])

    def _is_turn(self, said: Said) -> bool:
        """ "phát thử 1 lượt": turns of something, not of people."""
        before = self.found.tokens[max(0, said.first - 3) : said.first]
        return said.amount.unit == "lượt" and any(token.says("phát", "loa", "đài") for token in before)

    def is_odd(self, one: Pair, code: str) -> bool:
        """ "cài zalo cho 6 cụ" makes no six groups."""
        if (one.said.amount.is_piece or one.said.amount.unit == "bộ") and self.words.own_unit[code] in (
            "lượt phát",
            "buổi",
            "đợt",
            "cuộc",
        ):
            return True
        if one.said.amount.unit == "buổi" and one.group is not None and self.words.own_unit[code] not in EVENT_UNITS:
            return True  # "trực hỗ trợ dvc 2 buổi"
        if code == self.household and one.group is not None and one.said.amount.unit == "người":
            return True  # "ghé nhà 3 chị em": one house, perhaps
        if one.group is not None and one.said.amount.unit == "lần" and self.words.own_unit[code] == "lượt người":
            return True  # "tuyên truyền lừa đảo trên loa 3 lần"
        if self._names_another(one, code):
            return True
        if not one.said.amount.is_person or one.group is None or code == self.attendee:
            return False
        if code == self.duty:
            return (
                not one.said.amount.is_volunteer
                and one.said.first not in (one.group.end, 0)
                and one.group.first - one.said.end > 2
            )
        return self.words.own_unit[code] in _THINGS and code not in self.words.of_people

    def _names_another(self, one: Pair, code: str) -> bool:
        """ "25 tiểu thương cài ví, tạo mã QR": who is counted belongs to another kind, which is named as well."""
        own = one.said.amount.own
        if own in (None, code, self.general, self.household) or one.group is None:
            return False
        after = [topic for topic in self.found.topics if topic.code == own and topic.first > one.said.end]
        if after and any(0 <= other.first - after[0].end <= 3 and other.own != own for other in self._amounts()):
            return False  # "cài ví cho 20 tiểu thương, qr cũng dán 18 sạp": that has its own number too
        if after and any(one.said.end <= other.first < after[0].first for other in self.found.said):
            return False  # "mở ví cho 8 tiểu thương, 5 sạp dán mã QR": that has its own number
        return bool(after) and max(self.found.breaks[one.said.end : after[0].first + 1]) < LINE

    def _amounts(self) -> list[Quantity]:
        return [said.amount for said in self.found.said if not said.is_off]

    def is_unshared(self, one: Pair, codes: list[str]) -> bool:
        """Several kinds share one number only where the same people did them all."""
        if len(codes) < 2:
            return False
        if one.said.is_total:
            return True  # "vneid với sổ sức khỏe tổng cộng 17 người"
        around = [token.text.lower() for token in self._around(one)]
        is_both = "ca" in around and "lan" in around[around.index("ca") :]  # "cai ca vneid lan so suc khoe"
        return not is_both and not any(word in ("cả", "lẫn", "đều", "vừa", "vua", "deu") for word in around)

    def _around(self, one: Pair) -> list[Token]:
        """The words from a number to the last kind it counts, or the other way round."""
        if one.group is None:
            return []
        first, end = min(one.group.first, one.said.first), max(one.group.end, one.said.end)
        return list(self.found.tokens[max(0, first - 2) : end + 2])
