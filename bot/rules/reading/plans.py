"""What was planned, is wished for or left to do, and from where to where it is spoken of."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from bot.rules.reading.message import COMMA, LINE
from bot.rules.reading.stretches import Stretches


class Plans(Stretches):
    """Switches off what is no result yet."""

    def settle(self) -> None:
        carried = "done"
        for first, end in self._stretches():
            carried = self._segment(first, end, carried)

    def _stretches(self) -> list[tuple[int, int]]:
        breaks = self.found.breaks
        starts = [0, *(at for at in range(1, len(self.found.tokens)) if breaks[at] >= LINE)]
        return list(zip(starts, [*starts[1:], len(self.found.tokens)], strict=True))

    def _segment(self, first: int, end: int, carried: str) -> str:
        """Mood of each piece between commas; returns what the next line inherits (a heading's plan)."""
        found = self.found
        state = carried
        cuts = [first, *(at for at in range(first + 1, end) if found.breaks[at] == COMMA), end]
        before = state
        for start, stop in pairwise(cuts):
            if any(token.is_sign("(") for token in found.tokens[max(0, start - 1) : min(start + 1, stop)]):
                self._piece(start, stop, before)  # "8 (chỉ tiêu 10), hộ: 12": what is in brackets ends with them
                continue
            before = state = self._piece(start, stop, state)
        has_amounts = any(first <= said.first < end for said in found.said)
        is_line = end < len(found.tokens) and found.breaks[end] == LINE
        is_short = is_line and state == "plan" and end - first <= 8
        is_heading = end > first and (found.tokens[end - 1].is_sign(":") or is_short)
        if is_heading and not has_amounts:
            return state
        return state if carried == "plan" and state == "plan" else "done"

    def _piece(self, start: int, stop: int, state: str) -> str:
        found = self.found
        marks = [mark for mark in found.marks if start <= mark[0] < stop and mark[2] in ("plan", "done")]
        marks = sorted([*marks, *self._turns_out(start, stop)]) if marks else marks
        marks = [mark for place, mark in enumerate(marks) if not (place and self._is_then(mark))]
        marks = [
            mark
            for place, mark in enumerate(marks)
            if not (
                place and mark[2] == "done" and marks[place - 1][2] == "plan" and self._is_aimed(marks[place - 1], mark)
            )
        ]
        for mark, mark_end, name in [one for one in marks if one[2] == "plan" and self._is_reached(one[0])]:
            # "hoàn thành chỉ tiêu 50": was it exactly fifty?
            marks.remove((mark, mark_end, name))
            if (said := self.after(mark_end, stop)) is not None and said.amount.why is None:
                said.amount = replace(said.amount, why="two_readings", values=(said.amount.value,))
        marks = [mark for mark in marks if mark[2] != "plan" or not self._is_no_plan(mark[0], mark[1], stop)]
        at = start
        for place, (mark, mark_end, name) in enumerate(marks):
            if name == "plan":
                begin = (
                    mark if "done" in (one[2] for one in marks[:place]) else self._plan_begins(at, mark, mark_end, stop)
                )
                self.off(at, begin, state)
                at = begin
            else:
                is_first = place == 0 and not any(at <= said.first < mark for said in found.said)
                if state == "plan" and not is_first:
                    self.off(at, mark, state)
                at = mark
            state = name
        self.off(at, stop, state)
        last = [mark for mark in marks if mark[2] == "plan"][-1:]
        is_left = bool(last) and found.tokens[last[0][0]].says("hẹn", "còn", "thiếu", "hụt")
        return "done" if is_left else state

    def _turns_out(self, start: int, stop: int) -> list[tuple[int, int, str]]:
        """ "tính 10 hộ mà đi có 7 hộ thôi": after that it is told what was done."""
        tokens = self.found.tokens
        end = max((at for at in range(start, stop) if tokens[at].says("thôi")), default=0)
        return [(at, at + 1, "done") for at in range(start + 1, end) if tokens[at].says("mà", "nhưng")]

    def _is_no_plan(self, at: int, end: int, stop: int) -> bool:
        return (
            self.is_rest_done(at, stop)
            or self._is_share(at, stop)
            or self._asks_to_note(end, stop)
            or self._is_of_given(at)
            or self._is_handed_over(at, end)
            or self._is_of_aim(at, end)
        )

    def is_rest_done(self, at: int, stop: int) -> bool:
        """ "còn lại 18 người cài xong" """
        tokens = self.found.tokens
        if not tokens[max(0, at)].says("còn"):
            return False
        goes_on = tokens[at + 2 : at + 3] and tokens[at + 2].says("đi", "ghé", "cài", "làm", "mở", "nộp", "hướng")
        return bool(goes_on) or any(token.says("xong", "rồi", "được", "hết") for token in tokens[at + 2 : stop])

    def _is_reached(self, at: int) -> bool:
        before = self.found.tokens[max(0, at - 2) : at]
        is_target = self.found.tokens[at].says("chỉ", "kế", "mục")
        return is_target and any(token.says("thành", "đạt", "vượt", "xong", "đủ") for token in before)

    def _asks_to_note(self, at: int, stop: int) -> bool:
        """ "Đề nghị văn phòng ghi nhận: …" """
        tokens = self.found.tokens
        asked = any(token.says("nhận", "hợp", "tổng") for token in tokens[at : min(stop, at + 6)])
        return asked and tokens[at - 1].says("nghị", "cầu") and any(token.is_sign(":") for token in tokens[at : at + 8])

    def _is_then(self, mark: tuple[int, int, str]) -> bool:
        """ "tính đi 20 hộ rồi mở 1 lớp": what is to be done next."""
        at, end, name = mark
        is_word = name == "done" and end == at + 1 and self.found.tokens[at].says("rồi") and end < len(self.found.hits)
        planned = any(one[2] == "plan" and one[0] < at for one in self.found.marks)
        return is_word and planned and any("verb" in hit.tags for hit in self.found.hits[end][:1])

    def _is_handed_over(self, at: int, end: int) -> bool:
        """ "bưu điện giao 2 bộ máy tính": things are handed over, work is given."""
        said = self.after(end, end + 1)
        return self.found.tokens[at].says("giao") and said is not None and said.amount.unit in ("bộ", "máy", "thiết bị")

    def _is_of_aim(self, at: int, end: int) -> bool:
        """ "đạt 12 trên chỉ tiêu 20": of how many it was so many."""
        is_ratio = any(said.end == at - 1 for said in self.found.said) and self.found.tokens[at - 1].says("trên")
        aim = self.after(end, end + 2)
        if is_ratio and aim is not None:
            aim.is_off = True
        return is_ratio and aim is not None

    def _is_of_given(self, at: int) -> bool:
        """ "đi 9/12 hộ được giao": of how many it was so many."""
        return any(said.end == at and said.amount.whole is not None for said in self.found.said)

    def _is_share(self, at: int, stop: int) -> bool:
        """ "hoàn thành 100% kế hoạch tháng, cụ thể …": how much of it was reached."""
        is_percent = any(end == at and name == "percent" for _, end, name in self.found.marks)
        return is_percent and self.after(at, stop) is None and stop < len(self.found.tokens)

    def _is_aimed(self, plan: tuple[int, int, str], done: tuple[int, int, str]) -> bool:
        """ "cố gắng đạt 50", "ước gì mai cài được 20": what is to be reached is not reached."""
        if any(
            at < done[0] and name == "wish" and self.found.tokens[at].says("ước", "mong", "hy")
            for at, _, name in self.found.marks
            if at >= plan[0] - 3
        ):
            return True
        tried = self.found.tokens[plan[0]].says("ráng", "tranh", "cố") and self.found.tokens[done[0]].says(
            "được", "dc", "đc"
        )
        if tried and done[0] - plan[1] <= 1:
            return False  # "cũng ráng đi được 6 hộ"
        urged = self.found.tokens[plan[0]].says("cố", "ráng", "phấn", "quyết", "nhớ")
        if urged and self.found.tokens[done[0]].says("đạt", "hoàn"):
            return True
        return done[0] - plan[1] <= 1 and self.found.tokens[done[0]].says("đạt", "được", "làm", "hoàn", "thực")

    def _plan_begins(self, start: int, mark: int, mark_end: int, stop: int) -> int:
        """From which token on the plan holds: its whole piece, unless what was done stands before it."""
        found = self.found
        before = [said for said in found.said if start <= said.first < mark]
        if not before and mark and found.tokens[mark - 1].is_sign(":") and found.has("done", stop, stop + 4):
            return mark  # "VNeID: chỉ tiêu 20, đạt 21 người"
        if not before:
            return start
        has_more = any(mark_end <= said.first < stop for said in found.said) or any(
            "verb" in hit.tags for at in range(mark_end, stop) for hit in found.hits[at][:1]
        )
        topics = [topic for topic in found.topics if before[-1].end <= topic.first < mark]
        is_day = any(day.first == mark for day in found.days)
        is_rest = found.tokens[mark - 1].says("nữa", "kia") and before[-1].end >= mark - 1
        if (not is_day and not topics and before[-1].end >= mark - 1) or is_rest:
            return before[-1].first
        return mark if has_more else start
