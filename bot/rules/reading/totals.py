"""Totals and their parts, and what was reached of what was begun."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from bot.rules.reading.grammar import Grammar
from bot.rules.reading.message import LINE
from bot.rules.reading.pair import Pair
from bot.rules.reading.words import EVENT_UNITS

_MOST_PARTS = 40  # a whole with more parts than this nobody writes into a message


class Totals(Grammar):
    """Switches off what another figure tells as well."""

    def settle_many(self, pairs: list[Pair]) -> None:
        """ "cài vneid đông lắm, em cài được 16 người": the number said next is how many."""
        for one in pairs:
            after = one.following
            is_feedback = one.code is not None and one.code == self.words.owner("phản ánh")
            if after is not None and is_feedback and self._is_reached(one, after):
                after.said.is_off = True  # "17 tin phản ánh, xong 15"
                continue
            if after is not None and self._is_outcome(one, after):
                one.said.amount = replace(
                    one.said.amount, why="two_readings", values=(one.said.amount.value, after.said.amount.value)
                )
                after.said.is_off = True
                continue
            if one.said.amount.why != "vague" or one.said.amount.noun != "bare" or one.group is None or after is None:
                continue
            if after.group is None and (after.said.amount.is_person or after.said.amount.noun == "bare"):
                after.group, one.said.is_off = one.group, True

    def settle_totals(self, pairs: list[Pair]) -> None:
        """A total is not summed with its parts."""
        self._settle_each_kind(pairs)
        totals = [one for one in pairs if one.said.is_total and one.said.amount.why is None and not one.said.is_off]
        rest = [one for one in pairs if not one.said.is_total and one.said.amount.why is None]
        for total in totals:
            parts = [one for one in rest if self._is_result(one)]
            if self._sums_up(total, parts) or self._is_told_beside(total, parts):
                continue
            if len(parts) > 1 and sum(one.said.amount.value for one in parts) == total.said.amount.value:
                same = {one.code for one in parts}
                drop = parts if same == {total.code} or same == {None} else [total]
                for one in drop:
                    one.said.is_off = True
            elif self._falls_short(total, parts):
                value = total.said.amount.value
                total.said.amount = replace(total.said.amount, why="two_readings", values=(value,))
                for one in parts:
                    one.said.is_off = True
            elif parts and all(one.said.is_more for one in parts):
                # "thêm 3 mã nữa, tổng là 12": the total is of a longer time.
                total.said.is_off = True

    def _is_told_beside(self, total: Pair, parts: list[Pair]) -> bool:
        """ "tổng cộng 40 người được hỗ trợ, trong đó 25 người cài VNeID và 15 người mở ví": both are told."""
        after = [one for one in parts if one.said.first > total.said.first]
        between = self.found.tokens[total.said.end : after[0].said.first] if after else ()
        kinds = {one.code for one in after if one.group is not None}
        return any(token.says("đó") for token in between) and bool(kinds) and total.code not in kinds

    def _settle_each_kind(self, pairs: list[Pair]) -> None:
        """ "chị Sáu: 4 vneid, anh Dũng: 6 vneid … cả tổ: 10 vneid, 3 hs": each kind with its own total."""
        totals = [one for one in pairs if one.said.is_total and one.said.amount.why is None]
        for total in totals if len(totals) > 1 else []:
            parts = [
                one for one in pairs if one.code == total.code and not one.said.is_total and one.said.amount.why is None
            ]
            before = all(one.said.first < total.said.first for one in parts)
            if parts and before and sum(one.said.amount.value for one in parts) == total.said.amount.value:
                for one in parts:
                    one.said.is_off = True
                total.said.is_total = False

    def _sums_up(self, total: Pair, parts: list[Pair]) -> bool:
        """ "dãy thịt cá 11 tiểu thương QR, dãy vải 8, tổng 19": one kind, named once."""
        named = [one for one in parts if one.group is not None]
        bare = [one for one in parts if one.group is None and one.said.amount.noun == "bare"]
        is_one = len(named) == 1 and bare and len(bare) + 1 == len(parts) and total.said.amount.noun == "bare"
        if not is_one or sum(one.said.amount.value for one in parts) != total.said.amount.value:
            return False
        named[0].said.amount = replace(named[0].said.amount, value=total.said.amount.value)
        for one in (*bare, total):
            one.said.is_off = True
        return True

    def _falls_short(self, total: Pair, parts: list[Pair]) -> bool:
        """ "Tổng cộng 25 hồ sơ: ấp 1 nộp 12, ấp 2 nộp 9": the parts do not make up the total."""
        codes = {one.code for one in parts}
        places = {one.said.label for one in parts}
        after = all(one.said.first > total.said.first and one.said.amount.noun == "bare" for one in parts)
        return len(parts) > 1 and after and len(places) == len(parts) and codes <= {None, total.code}

    def settle_led(self, pairs: list[Pair]) -> None:
        """Parts after a colon: "60 hộ: ấp 1 có 25 hộ, ấp 2 có 18 hộ", "20 hs dvc: khai sinh 8, đất đai 5"."""
        for place, one in enumerate(pairs):
            amount = one.said.amount
            if amount.why is not None or one.said.is_off or amount.noun != "unit" or not self._leads(one):
                continue
            parts = []
            for after in pairs[place + 1 : place + 1 + _MOST_PARTS]:
                same = after.said.amount.noun in ("bare", "unknown") or after.said.amount.unit == amount.unit
                same = same or (amount.own is not None and after.said.amount.own == amount.own)
                if after.group is not None or not same or self._ends(one, after):
                    break
                parts.append(after)
            if len(parts) < 2 or any(part.said.amount.why for part in parts):
                continue
            sum_of = sum(part.said.amount.value for part in parts)
            is_rest_told = any(token.says("còn") for token in self.found.tokens[parts[-1].said.end :][:4])
            if sum_of != amount.value and not (is_rest_told and sum_of < amount.value):
                one.said.amount = replace(amount, why="two_readings", values=(amount.value, sum_of))
            for part in parts:
                part.said.is_off = True

    def _leads(self, one: Pair) -> bool:
        """A colon follows, or the kind of activity and then a colon."""
        end = one.group.end if one.group and not one.is_after else one.said.end
        return end < len(self.found.tokens) and self.found.tokens[end].is_sign(":=")

    def _ends(self, one: Pair, after: Pair) -> bool:
        return max(self.found.breaks[one.said.end + 2 : after.said.first + 1], default=0) >= LINE

    def settle_uneven(self, pairs: list[Pair]) -> None:
        """ "30 học viên, gồm 18 nữ với 13 nam": more parts than there are."""
        for place, one in enumerate(pairs):
            parts = []
            is_all = any(token.says("gồm") for token in self.found.tokens[one.said.end : one.said.end + 3])
            for after in pairs[place + 1 : place + 1 + _MOST_PARTS]:
                amount = after.said.amount
                is_alike = is_all and amount.unit == one.said.amount.unit
                if not after.said.is_part or after.group is not None or (amount.noun == "unit" and not is_alike):
                    break
                parts.append(amount.value)
            amount = one.said.amount
            labels = {after.said.label for after in pairs[place + 1 : place + 1 + len(parts)]}
            is_split = len(labels) == len(parts) and -1 not in labels and sum(parts) != amount.value
            is_uneven = sum(parts) > amount.value or is_split or (is_all and sum(parts) != amount.value)
            if len(parts) > 1 and not one.said.is_part and is_uneven and amount.why is None:
                one.said.amount = replace(amount, why="two_readings", values=(amount.value, sum(parts)))

    def settle_detailed(self, pairs: list[Pair]) -> None:
        """ "9 hs dvc, 6 khai sinh 3 tạm trú": what nobody counts apart, where it makes up the whole."""
        for place, one in enumerate(pairs):
            amount = one.said.amount
            if amount.noun != "unit" or amount.why is not None:
                continue
            parts = []
            for after in pairs[place + 1 : place + 1 + _MOST_PARTS]:
                is_loose = after.said.amount.noun in ("bare", "unknown") and amount.unit == "hồ sơ"
                is_named = after.group is not None and not (is_loose and after.code == one.code)
                if is_named or not (is_loose or after.said.is_part):
                    break
                parts.append(after)
            if len(parts) > 1 and sum(part.said.amount.value for part in parts) == amount.value:
                for part in parts:
                    part.said.is_off = True

    def settle_shown(self, pairs: list[Pair]) -> None:
        """ "hướng dẫn 10 bà con làm dvc, nộp được 7 hồ sơ": the ten were shown how, the seven are the dossiers."""
        for one, after in pairwise(pairs):
            is_open = one.is_doubtful and one.said.amount.is_person and self.general in one.others
            if is_open and after.said.amount.unit == "hồ sơ" and after.said.amount.own == one.code:
                one.group, one.is_doubtful = None, False

    def settle_aimed(self, pairs: list[Pair]) -> None:
        """ "xã giao chỉ tiêu 20 vneid, ấp 2 làm được 23 người": as many of what was asked for."""
        codes = {topic.code for topic in self.found.topics}
        for one in pairs:
            before = self.found.tokens[max(0, one.said.first - 2) : one.said.first]
            is_done = any(token.says("được", "đc", "dc", "hiện", "đạt", "xong", "đã") for token in before)
            is_aimed = one.group is not None and all(topic.is_off for topic in one.group.topics)
            if one.is_doubtful and is_aimed and is_done and len(codes) == 1:
                one.is_doubtful = False

    def settle_enclosed(self, pairs: list[Pair]) -> None:
        """ "12 người (8 VNeID, 4 ví)": the parts are the result, where they make up the whole."""
        for place, one in enumerate(pairs):
            parts = []
            for after in pairs[place + 1 : place + 1 + _MOST_PARTS]:
                if not after.said.is_part:
                    break
                parts.append(after)
            is_named = len(parts) > 1 and all(part.group is not None for part in parts)
            same = is_named and all(part.code == one.code for part in parts) and one.said.amount.why is None
            if same and sum(part.said.amount.value for part in parts) == one.said.amount.value:
                for part in parts:
                    part.said.is_off = True  # "29 người được mở ví (Momo 11, Viettel Money 18)"
                continue
            if parts and any(token.says("đó") for token in self.found.tokens[one.said.end : parts[0].said.first]):
                continue  # "hỗ trợ 15 người, trong đó 9 người cài VNeID": both are told
            if not is_named or one.said.is_part or one.group is not None or one.said.amount.why is not None:
                continue
            if (
                one.said.amount.own == self.general
                and sum(part.said.amount.value for part in parts) == one.said.amount.value
            ):
                one.said.is_off = True

    def _is_outcome(self, one: Pair, after: Pair) -> bool:
        """ "làm cho 10 người, 7 thành công", "12 người tới nộp hồ sơ mà nộp được 9 người" """
        if self._is_despite(one, after) or self._is_reached(one, after):
            return True
        same = after.said.amount.noun == "bare" or after.said.amount.unit == one.said.amount.unit
        if one.said.amount.why is not None or after.said.amount.why is not None or not same or after.group is not None:
            return False
        following = self.found.tokens[after.said.end : after.said.end + 2]
        near = max(self.found.breaks[one.said.end : after.said.first + 1], default=0) < LINE
        return near and bool(following) and (following[0].says("được", "xong", "đạt") or following[-1].says("công"))

    def _is_reached(self, one: Pair, after: Pair) -> bool:
        """ "3 ca nộp hồ sơ, xong 2" """
        amount = after.said.amount
        if after.group is not None or amount.noun != "bare" or amount.why is not None or amount.first == 0:
            return False
        is_known = one.group is not None or one.said.amount.own is not None
        near = max(self.found.breaks[one.said.end : after.said.first + 1], default=0) < LINE
        less = amount.value < one.said.amount.value and one.said.label == after.said.label
        before = self.found.tokens[max(0, amount.first - 2) : amount.first]
        came = len(before) == 2 and before[0].says("tới", "đến") and before[1].says("có")
        return is_known and near and less and (came or before[-1].says("xong", "được", "đc", "dc"))

    def _is_despite(self, one: Pair, after: Pair) -> bool:
        tokens = self.found.tokens
        if one.group is None or after.group is not None or one.is_after or one.said.amount.why is not None:
            return False
        if one.said.amount.unit != after.said.amount.unit or after.said.amount.why is not None:
            return False
        between = tokens[one.said.end : after.said.first]
        before = tokens[max(0, one.said.first - 2) : one.said.first]
        if len(before) == 2 and before[0].says("trong") and before[1].says("số"):
            return True
        is_told = bool(between) and between[-1].says("được", "xong")
        return is_told and any(token.says("mà", "nhưng") for token in between)

    def _is_result(self, one: Pair) -> bool:
        return one.group is not None or one.said.amount.noun in ("unit", "bare")

    def is_repeated_part(self, one: Pair) -> bool:
        """A part that only tells its total again: 20 người, trong đó 12 nữ."""
        if not one.said.is_part:
            return False
        parent = one.whole
        if parent is None or parent.said.is_off:
            return False
        amount = one.said.amount
        if (
            one.group is None
            and amount.is_person
            and (parent.said.amount.is_person or parent.said.amount.noun == "bare" or parent.group is not None)
        ):
            return True
        if one.group is not None:
            codes = {topic.code for topic in one.group.topics}
            is_same = amount.noun == "unit" and amount.unit == parent.said.amount.unit
            events = all(self.words.own_unit[code] in EVENT_UNITS for code in codes)
            return codes == {parent.code} or (is_same and events)
        return amount.noun != "unit" or amount.own in (None, parent.code) or amount.unit == parent.said.amount.unit
