"""In which mood each thing was said: done, planned, denied, failed; as a total, a part, an addition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from bot.rules.reading.denials import Denials
from bot.rules.reading.message import COMMA, LINE, NONE, STOP, Scan
from bot.rules.reading.plans import Plans
from bot.rules.reading.stretches import Stretches, between
from bot.rules.vietnamese.mentions import Offset


class Moods(Stretches):
    """Switches off what is no result, and marks totals, parts and additions."""

    def __init__(self, found: Scan) -> None:
        super().__init__(found)
        self.plans = Plans(found)
        self.denials = denials = Denials(found, self.plans)
        self.rules: dict[str, Callable[[int, int], None]] = {
            "denied": denials.deny, "failed": denials.fail, "remaining": denials.remain, "handled": denials.handled,
            "not yet": partial(denials.negate, name="not yet"), "no": partial(denials.negate, name="no"),
            "nothing": partial(denials.negate, name="nothing"),
            "each": self._each, "in turn": self._in_turn, "total": self._total, "parts": self._parts,
            "also": self._also, "cumulative": self._whole_time, "change": self._change,
            "unsure": self._doubt, "off by": self._doubt, "invite": self._invite, "in charge": self._invite,
            "note": self._remark, "background": self._background,
        }  # fmt: skip

    def settle(self) -> None:
        found = self.found
        found.marks.sort()
        inside = [(said.first, said.end) for said in found.said]
        found.marks = [mark for mark in found.marks if not any(first <= mark[0] < end for first, end in inside)]
        self._parentheses()
        self._percentages()
        self._apart()
        self._most()
        self.plans.settle()
        for at, end, name in found.marks:
            if (rule := self.rules.get(name)) is not None:
                rule(at, end)

    def _change(self, at: int, end: int) -> None:
        """ "tăng 5 hộ", "tăng từ 12 lên 15" """
        said = self.after(end, self.piece_of(max(0, end - 1))[1])
        if said is not None and self.found.tokens[end].says("từ"):
            self._doubt(at, end)
        elif said is not None and said.first - end <= 1:
            said.is_off = True

    def _in_turn(self, at: int, end: int) -> None:
        """ "cứ 3 người thì 2 người có" """
        self._doubt(at, max(at, self.segment_of(at)[0]))

    def _each(self, at: int, end: int) -> None:
        """mỗi hộ 2 người, mỗi lớp chừng 150 người"""
        word = self.found.tokens[max(0, end - 1)]
        following = self.found.hits[end][:1] if end < len(self.found.hits) else ()
        if (
            word.is_bare
            and word.key == "moi"
            and (
                not any(hit.unit or {"unit name", "place", "time"} & hit.tags for hit in following)
                or self.found.tokens[end].key == "co"
            )
            and not any(token.key == "dua" for token in self.found.tokens[end : end + 1])  # "moi dua 5 ho"
        ):
            return  # "mới"
        is_number = end < len(self.found.tokens) and self.found.tokens[end].kind == "number"
        if is_number and end == at + 1 and self.found.tokens[at].says("mỗi"):
            return  # "được mỗi 1 người": only one
        _, stop = self.piece_of(max(0, end - 1))
        said = self.after(end, stop)
        is_of_each = any({"kin", "volunteer"} & hit.tags or hit.unit == "người" for hit in following)
        if said is not None and (said.first - end <= 4 or is_of_each) and said.amount.why is None:
            said.amount = replace(said.amount, why="each", values=(said.amount.value,))

    def _total(self, at: int, end: int) -> None:
        start, stop = self.piece_of(at)
        after = self.after(end, stop)
        words = ("tổ", "nhóm", "đội")
        has_colon = end < len(self.found.tokens) and self.found.tokens[end].is_sign(":=")
        if self.found.tokens[end - 1].says(*words) and not has_colon:
            return
        if has_colon and any(said.first < at for said in self.found.said):
            line = next((place for place in range(end, len(self.found.tokens)) if self._is_line(place)), None)
            for said in between(self.found.said, end, line or len(self.found.tokens)):
                said.is_total = True
            return
        told = between(self.found.said, end, stop)
        if (
            len(told) > 1
            and any(said.first < at for said in self.found.said)
            and after is not None
            and after.first == end
        ):
            for said in told:
                said.is_total = True  # "…, tong 20 vne 3 qr"
            return
        if after is not None and at and self.found.tokens[at - 1].says("trên", "trong"):
            after.is_off = True  # "trên tổng 11.040 người"
        elif after is not None and after.first - end <= 5:
            after.is_total = True
        elif (before := self.before(at, start)) is not None and before.end >= at - 1:
            before.is_total = True

    def _parts(self, _: int, end: int) -> None:
        found = self.found
        stop = next((at for at in range(end, len(found.tokens)) if found.breaks[at] == STOP), len(found.tokens))
        for said in found.said:
            if end <= said.first < stop:
                said.is_part = True

    def _doubt(self, at: int, end: int) -> None:
        start, stop = self.piece_of(at)
        before = self.before(at, start)
        for said in between(self.found.said, end, stop) or ([before] if before else []):
            if said.amount.why is None:
                said.amount = replace(said.amount, why="two_readings", values=(said.amount.value,))

    def _whole_time(self, _: int, end: int) -> None:
        """ "lũy kế 240 hồ sơ" beside the day's figures is no result of the day."""
        stop = self.segment_of(end)[1]
        first = self.after(end, stop)
        if first is not None and any(token.is_sign(":") for token in self.found.tokens[end : first.first]):
            stop = next((at for at in range(end, len(self.found.tokens)) if self._is_line(at)), len(self.found.tokens))
        today = [day.first for day in self.found.days if end < day.first and isinstance(day.said, Offset)]
        for said in self.found.said:
            if end <= said.first < min(stop, *today, stop):
                said.is_cumulative = True

    def _is_line(self, at: int) -> bool:
        return at > 0 and self.found.breaks[at] == LINE

    def _background(self, at: int, _: int) -> None:
        """How many live there: no result, unless a kind of activity is named."""
        start, stop = self.segment_of(at)
        if any(start <= topic.first < stop for topic in self.found.topics):
            return
        for said in self.found.said:
            if start <= said.first < stop and (
                said.amount.is_person or said.amount.unit == "hộ" or said.amount.noun in ("bare", "unknown")
            ):
                said.is_off = True

    def _invite(self, _: int, end: int) -> None:
        """ "Mời 12 tổ trưởng dự họp" """
        said = self.after(end, end + 1)
        if said is not None:
            said.is_off = True

    def _remark(self, at: int, end: int) -> None:
        """ "Ghi chú: 03 hộ đi làm ăn xa" """
        tokens = self.found.tokens
        _start, stop = self.segment_of(at)
        if end < len(tokens) and tokens[end].is_sign(":") and (at == 0 or self.found.breaks[at]):
            self.off(end, stop, "plan")

    def _parentheses(self) -> None:
        """ "20 người (12 nữ, 8 nam)": the parts of what stands before."""
        tokens = self.found.tokens
        for at, token in enumerate(tokens):
            if not token.is_sign("("):
                continue
            stop = next((end for end in range(at, min(len(tokens), at + 40)) if tokens[end].is_sign(")")), at)
            before = self.before(at, 0) if stop > at else None
            if stop > at and not between(self.found.said, at, stop):
                self._close(at, stop)
            if before is not None and (before.end == at or self._is_named(before.end, at)):
                for said in between(self.found.said, at, stop):
                    said.is_part = True

    def _close(self, at: int, stop: int) -> None:
        """ "30 cô bác lớn tuổi (trên 60 tuổi) cài sổ sức khỏe": the sentence goes on as if it were not there."""
        breaks = self.found.breaks
        for place in (at, at + 1, stop, stop + 1):
            breaks[place] = NONE if breaks[place] == COMMA and place < len(breaks) - 1 else breaks[place]

    def _is_named(self, first: int, end: int) -> bool:
        """ "12 hồ sơ dvc (7 khai sinh, 5 tạm trú)" """
        return any(topic.first == first and topic.end == end for topic in self.found.topics)

    def _most(self) -> None:
        """ "tổng cộng 150 vneid, ấp 6 nhiều nhất 48": one of the parts."""
        tokens = self.found.tokens
        for at in range(len(tokens) - 1):
            if tokens[at].says("nhiều", "cao", "ít", "thấp") and tokens[at + 1].says("nhất"):
                said = self.after(at, at + 4)
                if said is not None and any(one.first < said.first for one in self.found.said):
                    said.is_off = True

    def _apart(self) -> None:
        """ "đến nay được 312 tài khoản, riêng tuần này 28": the first is of a longer time."""
        tokens = self.found.tokens
        for at, token in enumerate(tokens):
            if not token.says("riêng") or not self.found.breaks[at] or token.is_bare:
                continue
            start = self.segment_of(at - 1)[0]
            until_now = any(
                tokens[place].says("đến", "tới") and tokens[place + 1].says("nay", "giờ") for place in range(start, at)
            )
            stop = self.segment_of(at)[1]
            is_shorter = any(at < day.first < stop for day in self.found.days)
            for said in between(self.found.said, start, at) if until_now and is_shorter else ():
                said.is_cumulative = True

    def _percentages(self) -> None:
        """ "80% trong số 50 hộ": of how many is no result."""
        tokens = self.found.tokens
        for _, end, name in self.found.marks:
            if name == "percent" and end + 1 < len(tokens) and tokens[end].says("trong", "của", "trên", "số"):
                said = self.after(end, end + 5)
                if said is not None:
                    said.is_off = True

    def _also(self, at: int, _: int) -> None:
        start, stop = self.piece_of(at)
        for said in between(self.found.said, start, stop):
            said.is_more = True
