"""Which kinds of activity a paired quantity counts."""

from __future__ import annotations

from bot.rules.reading.asides import Asides
from bot.rules.reading.grammar import Grammar
from bot.rules.reading.lists import Lists
from bot.rules.reading.message import Scan
from bot.rules.reading.pair import Pair
from bot.rules.reading.people import People
from bot.rules.reading.phrases import Lexicon
from bot.rules.vietnamese.text import fold


class Kinds(Grammar):
    """Names them by their codes."""

    def __init__(self, found: Scan, words: Lexicon, lists: Lists, asides: Asides, people: People) -> None:
        super().__init__(found, words)
        self.lists, self.asides, self.people = lists, asides, people

    def of(self, one: Pair) -> list[str]:
        amount = one.said.amount
        if one.group is None and (before := self.lists.continued(one)) is not None:
            return self.of(before)
        if one.group is None and (aimed := self._aimed_at(one) or self._told_of(one)) is not None:
            return [aimed]
        if one.group is None:
            if amount.own is None and (beside := self._beside_last(one)) is not None:
                return [beside]
            codes = [amount.own] if amount.own and not self.asides.is_loose_session(one) else []
        else:
            codes = list(dict.fromkeys(topic.code for topic in one.group.topics))
            if amount.own in codes and amount.unit not in ("người", "lượt người"):
                codes = [amount.own] if len(codes) > 1 else codes
            if (whole := self._spread(one) or self._headed(one)) is not None:
                return [whole]
            strong = [topic.code for topic in one.group.topics if not topic.is_weak]
            codes = list(dict.fromkeys(strong)) or codes
        return [self.people.attending(code, one) for code in codes]

    def _aimed_at(self, one: Pair) -> str | None:
        """ "xã giao tháng này 50 tài khoản vneid, hôm nay thêm được 3 người": more of what was asked for."""
        codes = {topic.code for topic in self.found.topics}
        is_only = len(codes) == 1 and all(topic.is_off and topic.end <= one.said.first for topic in self.found.topics)
        if not is_only or not one.said.amount.is_person or one.said.amount.is_volunteer:
            return None
        before = self.found.tokens[max(0, one.said.first - 2) : one.said.first]
        return codes.pop() if any(token.says("thêm", "được", "dc", "đc", "mới") for token in before) else None

    def _told_of(self, one: Pair) -> str | None:
        """ "vụ loa em quên báo hả? Phát rồi, 3 lượt": turns of the loudspeaker that was spoken of."""
        if one.group is not None or one.said.amount.unit not in ("lượt", "lần"):
            return None
        return next(
            (
                topic.code
                for topic in self.found.topics
                if topic.is_off and self.words.own_unit[topic.code] == "lượt phát"
            ),
            None,
        )

    def _headed(self, one: Pair) -> str | None:
        """ "sản phẩm đưa lên sàn 112", "sp lên sàn: 11": what the label begins with."""
        if one.group is None or not one.is_after or one.said.amount.noun != "bare":
            return None
        at = one.group.first
        while at > 0 and not self.found.breaks[at]:
            at -= 1
        is_product = self.found.tokens[at].text.lower() in ("sp", "sản")
        return self.words.owner("sản phẩm") if is_product and at < one.group.first else None

    def _beside_last(self, one: Pair) -> str | None:
        """ "số hóa 3 di tích và 1 tuyến đường" """
        last = one.previous
        if last is None or one.said.amount.unit not in ("tuyến đường", "di tích", "điểm"):
            return None
        between = self.found.tokens[last.said.end : one.said.first]
        is_next = len(between) == 1 and (between[0].is_sign(",") or between[0].says("và", "với"))
        return last.code if is_next and last.code == self.words.owner("số hóa") else None

    def _spread(self, one: Pair) -> str | None:
        """ "16 tài khoản trên Cổng dịch vụ công": together they are a kind of their own."""
        if one.group is None or one.is_after or one.said.amount.unit != "tài khoản" or len(one.group.topics) > 1:
            return None
        topic = one.group.topics[0]
        named = " ".join(token.text.lower() for token in self.found.tokens[topic.first : topic.end])
        between = self.found.tokens[one.said.end : topic.first]
        is_at = bool(between) and between[0].says("trên", "ở", "của", "tại", "vào", "cổng")
        return self.words.owner(fold(f"tài khoản {named}")) if is_at or not between else None
