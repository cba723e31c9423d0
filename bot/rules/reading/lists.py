"""Quantities told in a row, of which one names what was done: "sáng 5 người cài VNeID, chiều 3 người nữa"."""

from __future__ import annotations

from bot.rules.reading.grammar import Grammar
from bot.rules.reading.message import LINE, STOP
from bot.rules.reading.pair import Pair

_SHOPS = {"quán", "tiệm", "sạp", "quầy"}


class Lists(Grammar):
    """Lets each quantity know its neighbours, and whose kind of activity holds for it too."""

    def link(self, pairs: list[Pair]) -> None:
        """Neighbours, wholes and lists."""
        _link(pairs)
        self._link_lists(pairs)
        self._link_labels(pairs)

    def _link_lists(self, pairs: list[Pair]) -> None:
        """ "7 bà con ấp 2, 5 bà con ấp 3 và 4 bà con ấp 4 cài vneid": what is named last holds for all."""
        for one in reversed(pairs):
            after = one.following
            if after is None or one.group is not None or not self._is_beside(one, after):
                continue
            one.listing = after.listing if after.group is None else None if after.is_after else after

    def _link_labels(self, pairs: list[Pair]) -> None:
        """ "mã QR: 4 quán cơm, 3 tiệm vải, 2 sạp cá": the label holds for the whole line."""
        head: Pair | None = None
        for one in pairs:
            if one.group is not None:
                head = one if one.is_after and one.said.amount.own is None and one.said.amount.noun == "unit" else None
            elif head is not None:
                near = max(self.found.breaks[head.said.end : one.said.first + 1], default=0) < LINE
                is_label = head.group is not None and self.found.tokens[head.group.end].is_sign(":")
                is_listed = (
                    near
                    and (is_label or self._is_next_to(one))
                    and one.said.amount.noun == "unit"
                    and one.said.amount.own is None
                )
                one.listing = head if is_listed else one.listing

    def continued(self, one: Pair) -> Pair | None:
        """ "sáng 5 người cài vneid, chiều 3 người nữa": the same as before, at another time or place."""
        after = one.following
        if one.listing is not None or (after is not None and self.is_begun(one, after)):
            return one.listing or after
        last = one.previous
        if last is not None and self._does_the_same(last, one):
            return last
        head = self._head(last) if last is not None else None
        if last is None or head is None:
            return None
        is_more = one.said.is_more or one.said.label not in (-1, last.said.label)
        same = one.said.amount.unit == head.said.amount.unit and not self._begins_another(head, one)
        near = max(self.found.breaks[last.said.end : one.said.first + 1], default=0) < STOP
        return head if is_more and same and near else None

    def _head(self, one: Pair) -> Pair | None:
        """Where the kind was named, each since under its label: "vneid: ấp 1 được 14, ấp 2 được 9, ấp 3 được 21"."""
        while one.group is None:
            last = one.previous
            if last is None or one.said.label in (-1, last.said.label) or one.said.amount.unit != last.said.amount.unit:
                return None
            one = last
        return one

    def _begins_another(self, last: Pair, one: Pair) -> bool:
        """ "cài ví cho 4 người, hướng dẫn thêm 9 người": they were shown something, not given a wallet."""
        shown = [topic for topic in self.found.topics if last.said.end <= topic.first < one.said.first]
        after = self.found.tokens[one.said.end : one.said.end + 3]
        if one.said.label == last.said.label and any(token.says("cách") for token in after):
            return True  # "mở ví cho 6 người, chỉ thêm cho 5 cô chú cách xài điện thoại"
        return one.said.label == last.said.label and any(topic.code == self.general for topic in shown)

    def _does_the_same(self, last: Pair, one: Pair) -> bool:
        """ "em nộp 4 cái hồ sơ, chị Nhung nộp 3 cái" """
        if last.group is not None or last.said.amount.own is None or one.said.amount.noun != "bare":
            return False
        is_other = one.said.label not in (-1, last.said.label)
        return is_other and self._verb(last) == self._verb(one) != ""

    def is_begun(self, one: Pair, after: Pair) -> bool:
        """ "sáng cài 3 người, chiều cài thêm 4 người vneid nữa": more of the same, which is named the second time."""
        if not (one.said.amount.is_person and one.said.amount.why is None and one.group is None):
            return False
        same = one.said.amount.unit == after.said.amount.unit and one.said.label != after.said.label
        return same and after.group is not None and self._verb(one) == self._verb(after) != ""

    def _verb(self, one: Pair) -> str:
        """The last verb before the number, within a few words."""
        places = range(max(0, one.said.first - 3), one.said.first)
        verbs = [self.found.tokens[at].key for at in places if any("action" in hit.tags for hit in self.found.hits[at])]
        return verbs[0] if verbs else ""

    def _is_next_to(self, one: Pair) -> bool:
        """ "5 tiệm, 2 quán và 1 sạp" """
        last = one.previous
        between = self.found.tokens[last.said.end : one.said.first] if last is not None else ()
        return all(token.is_sign(",+&") or token.says("và", "với") for token in between)

    def _is_beside(self, one: Pair, after: Pair) -> bool:
        """Counted alike, with nothing but a place or a day between."""
        found = self.found
        days = {at for day in found.days for at in range(day.first, day.end)}
        units = {one.said.amount.unit, after.said.amount.unit}
        if one.said.amount.noun != "unit" or not (len(units) == 1 or units <= _SHOPS):
            return False
        parts = {at for first, end, name in found.marks if name == "part of day" for at in range(first, end)}
        named = {at for at, _ in found.places} | days | parts
        between = range(one.said.end, after.said.first)
        if one.said.amount.own is not None and not named.intersection(between) and not self._are_two_kinds(one, after):
            return False
        if one.said.amount.own is not None and self._are_two_kinds(one, after):
            return True
        rest = [at for at in between if at not in named and at - 1 not in named]
        link = found.tokens[between[-1]] if between else None
        if link is not None and (link.is_sign("+&") or (link.says("và", "với", "cùng") and len(between) <= 3)):
            rest = [at for at in rest if found.hits[at] or found.tokens[at].kind != "word"]  # "3 quán cf + 2 tạp hóa"
        return all(found.tokens[at].says("và", "với") or found.tokens[at].is_sign(",&+:;") for at in rest)

    def _are_two_kinds(self, one: Pair, after: Pair) -> bool:
        """ "1 anh khuyết tật và 2 cụ già" are three people."""
        tokens = self.found.tokens
        nouns = {tokens[one.said.end - 1].key, tokens[after.said.end - 1].key}
        is_linked = tokens[after.said.first - 1].says("và", "với") and after.said.first - one.said.end <= 3
        return is_linked and len(nouns) == 2 and not nouns & {"nguoi", "ng", "con", "dan"}


def _link(pairs: list[Pair]) -> None:
    """Lets each know its neighbours, and the whole that it may be a part of."""
    whole: Pair | None = None
    for place, one in enumerate(pairs):
        one.previous = pairs[place - 1] if place else None
        one.following = pairs[place + 1] if place + 1 < len(pairs) else None
        one.whole = whole
        whole = whole if one.said.is_part else one
