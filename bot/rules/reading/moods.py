"""In which mood each thing was said: done, planned, denied, failed; as a total, a part, an addition."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from bot.rules.reading.message import COMMA, LINE, NONE, STOP, Said, Scan
from bot.rules.vietnamese.days import Offset


class Moods:
    """Switches off what is no result, and marks totals, parts and additions."""

    def __init__(self, found: Scan) -> None:
        self.found = found

    def settle(self) -> None:
        found = self.found
        found.marks.sort()
        inside = [(said.first, said.end) for said in found.said]
        found.marks = [mark for mark in found.marks if not any(first <= mark[0] < end for first, end in inside)]
        self._parentheses()
        self._percentages()
        self._apart()
        carried = "done"
        for first, end in self._stretches():
            carried = self._segment(first, end, carried)
        for at, end, name in found.marks:
            if name == "denied":
                self._deny(at, end)
            elif name == "failed":
                self._fail(at, end)
            elif name in ("not yet", "no", "nothing"):
                self._negate(at, end, name)
            elif name == "each":
                self._each(end)
            elif name == "total":
                self._total(at, end)
            elif name == "parts":
                self._parts(end)
            elif name == "also":
                self._also(at)
            elif name == "cumulative":
                self._whole_time(end)
            elif name == "change":
                said = self._after(end, self._piece_of(max(0, end - 1))[1])
                if said is not None and found.tokens[end].says("từ"):
                    self._doubt(at, end)
                elif said is not None and said.first - end <= 1:
                    said.is_off = True
            elif name == "remaining":
                self._remain(end)
            elif name == "handled":
                self._handled(end)
            elif name in ("unsure", "off by"):
                self._doubt(at, end)
            elif name == "in turn":
                self._doubt(at, max(at, self._segment_of(at)[0]))
            elif name == "invite":
                self._invite(end)
            elif name == "note":
                self._remark(at, end)
            elif name == "background":
                self._background(at)

    def _stretches(self) -> list[tuple[int, int]]:
        breaks = self.found.breaks
        starts = [0, *(at for at in range(1, len(self.found.tokens)) if breaks[at] >= LINE)]
        return list(zip(starts, [*starts[1:], len(self.found.tokens)], strict=True))

    def _segment(self, first: int, end: int, carried: str) -> str:
        """Mood of each piece between commas; returns what the next line inherits (a heading's plan)."""
        found = self.found
        state = carried
        cuts = [first, *(at for at in range(first + 1, end) if found.breaks[at] == COMMA), end]
        for start, stop in pairwise(cuts):
            state = self._piece(start, stop, state)
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
            if (said := self._after(mark_end, stop)) is not None and said.amount.why is None:
                said.amount = replace(said.amount, why="two_readings", values=(said.amount.value,))
        marks = [mark for mark in marks if mark[2] != "plan" or not self._is_rest_done(mark[0], stop)]
        at = start
        for place, (mark, mark_end, name) in enumerate(marks):
            if name == "plan":
                begin = (
                    mark if "done" in (one[2] for one in marks[:place]) else self._plan_begins(at, mark, mark_end, stop)
                )
                self._off(at, begin, state)
                at = begin
            else:
                is_first = place == 0 and not any(at <= said.first < mark for said in found.said)
                if state == "plan" and not is_first:
                    self._off(at, mark, state)
                at = mark
            state = name
        self._off(at, stop, state)
        return state

    def _is_rest_done(self, at: int, stop: int) -> bool:
        """ "còn lại 18 người cài xong" """
        tokens = self.found.tokens
        return tokens[max(0, at)].says("còn") and any(token.says("xong", "rồi") for token in tokens[at + 2 : stop])

    def _is_reached(self, at: int) -> bool:
        before = self.found.tokens[max(0, at - 2) : at]
        is_target = self.found.tokens[at].says("chỉ", "kế", "mục")
        return is_target and any(token.says("thành", "đạt", "vượt", "xong", "đủ") for token in before)

    def _is_aimed(self, plan: tuple[int, int, str], done: tuple[int, int, str]) -> bool:
        """ "cố gắng đạt 50", "ước gì mai cài được 20": what is to be reached is not reached."""
        if any(
            at < done[0] and name == "wish" and self.found.tokens[at].says("ước", "mong", "hy")
            for at, _, name in self.found.marks
            if at >= plan[0] - 3
        ):
            return True
        urged = self.found.tokens[plan[0]].says("cố", "ráng", "phấn", "quyết", "nhớ")
        if urged and self.found.tokens[done[0]].says("đạt", "hoàn"):
            return True
        return done[0] - plan[1] <= 1 and self.found.tokens[done[0]].says("đạt", "được", "làm", "hoàn", "thực")

    def _plan_begins(self, start: int, mark: int, mark_end: int, stop: int) -> int:
        """From which token on the plan holds: its whole piece, unless what was done stands before it."""
        found = self.found
        before = [said for said in found.said if start <= said.first < mark]
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

    def _off(self, first: int, end: int, state: str) -> None:
        if state != "plan":
            return
        self.found.planned.append((first, end))
        for one in self.found.everything:
            if first <= one.first < end:
                one.is_off = True

    def _piece_of(self, at: int) -> tuple[int, int]:
        breaks = self.found.breaks
        start = at
        while start > 0 and breaks[start] == NONE:
            start -= 1
        stop = at + 1
        while stop < len(self.found.tokens) and breaks[stop] == NONE:
            stop += 1
        return start, stop

    def _before(self, at: int, start: int) -> Said | None:
        return next((said for said in reversed(self.found.said) if start <= said.first < at), None)

    def _after(self, at: int, stop: int) -> Said | None:
        return next((said for said in self.found.said if at <= said.first < stop), None)

    def _deny(self, at: int, end: int) -> None:
        _, stop = self._piece_of(at)
        said = self._after(end, stop)
        if said is not None and said.first - end <= 4:
            said.is_off = True
        for topic in self.found.topics:
            if said is None and topic.first == end:
                topic.is_off = True  # "8 người cài ví chứ không phải vneid"

    def _fail(self, at: int, end: int) -> None:
        start, stop = self._piece_of(at)
        after = self._after(end, stop)
        said = self._before(at, start)
        if after is not None and after.first == end and after.amount.noun == "bare":
            said = after  # "được 9, không được 3"
        elif said is None and after is not None and after.first - end <= 2:
            said = after
        if said is not None:
            said.is_off = True
        for topic in self.found.topics:
            if start <= topic.first < stop:
                topic.is_aside = True

    def _negate(self, at: int, end: int, name: str) -> None:
        start, stop = self._piece_of(at)
        if (
            self.found.tokens[at].key == "chua"
            and at
            and self.found.tokens[at - 1].says("ở", "tại", "vô", "trong", "gần")
        ):
            return  # chùa
        said = self._before(at, start)
        between = [topic for topic in self.found.topics if said is not None and said.end <= topic.first < at]
        if said is not None and not between and said.end >= at - 1:
            acted = _acts(self.found, max(0, said.first - 2), said.first)
            if acted and name == "not yet" and said.amount.why is None:
                # "đi khảo sát 30 hộ chưa có vneid": thirty were visited.
                said.amount = replace(said.amount, why="two_readings", values=(said.amount.value,))
            else:
                said.is_off = True
        after = self._after(end, stop)
        if name == "not yet" and after is not None and after.first - end <= 3:
            after.is_off = True
        if any(topic.end == at for topic in self.found.topics):
            return  # "dvc ko có, ssk 2": said of what stands before
        following = self._after(end, stop)
        if (
            name == "nothing"
            and following is not None
            and following.first == end
            and following.amount.unit in ("buổi", "đợt")
        ):
            following.is_off = True
        for topic in self.found.topics:
            if end <= topic.first < (following.first if following else stop):
                topic.is_off = True

    def _each(self, end: int) -> None:
        """mỗi hộ 2 người, mỗi lớp chừng 150 người"""
        word = self.found.tokens[max(0, end - 1)]
        following = self.found.hits[end][:1] if end < len(self.found.hits) else ()
        if (
            word.is_bare
            and word.key == "moi"
            and not any(hit.unit or {"unit name", "place", "time"} & hit.tags for hit in following)
        ):
            return  # "mới"
        _, stop = self._piece_of(max(0, end - 1))
        said = self._after(end, stop)
        if said is not None and said.first - end <= 4 and said.amount.why is None:
            said.amount = replace(said.amount, why="each", values=(said.amount.value,))

    def _total(self, at: int, end: int) -> None:
        start, stop = self._piece_of(at)
        after = self._after(end, stop)
        if after is not None and after.first - end <= 5:
            after.is_total = True
        elif (before := self._before(at, start)) is not None and before.end >= at - 1:
            before.is_total = True

    def _parts(self, end: int) -> None:
        found = self.found
        stop = next((at for at in range(end, len(found.tokens)) if found.breaks[at] == STOP), len(found.tokens))
        for said in found.said:
            if end <= said.first < stop:
                said.is_part = True

    def _doubt(self, at: int, end: int) -> None:
        start, stop = self._piece_of(at)
        before = self._before(at, start)
        for said in _between(self.found.said, end, stop) or ([before] if before else []):
            if said.amount.why is None:
                said.amount = replace(said.amount, why="two_readings", values=(said.amount.value,))

    def _remain(self, end: int) -> None:
        """ "còn 6 hộ bữa khác": left to do, unless something done is named."""
        start, stop = self._piece_of(max(0, end - 1))
        said = self._after(end, stop)
        if said is not None and said.first == end and said.amount.noun == "bare" and self._is_last(said):
            said.is_off = True  # "xong 2, còn 1"
            return
        if said is None or said.first - end > 1 or said.amount.noun != "unit" or self._is_rest_done(end - 2, stop):
            return
        if not any(start <= topic.first < stop and not topic.is_weak for topic in self.found.topics):
            said.is_off = True

    def _is_last(self, said: Said) -> bool:
        tokens = self.found.tokens
        return said.end >= len(tokens) or tokens[said.end].kind == "sign"

    def _whole_time(self, end: int) -> None:
        """ "lũy kế 240 hồ sơ" beside the day's figures is no result of the day."""
        stop = self._segment_of(end)[1]
        today = [day.first for day in self.found.days if end < day.first and isinstance(day.said, Offset)]
        for said in self.found.said:
            if end <= said.first < min(stop, *today, stop):
                said.is_cumulative = True

    def _handled(self, end: int) -> None:
        said = self._after(end, self._piece_of(max(0, end - 1))[1])
        if said is not None and said.amount.noun == "bare" and said.first - end <= 2 and said.amount.whole is None:
            said.is_off = True

    def _background(self, at: int) -> None:
        """How many live there: no result, unless a kind of activity is named."""
        start, stop = self._segment_of(at)
        if any(start <= topic.first < stop for topic in self.found.topics):
            return
        for said in self.found.said:
            if start <= said.first < stop and (said.amount.is_person or said.amount.unit == "hộ"):
                said.is_off = True

    def _invite(self, end: int) -> None:
        """ "Mời 12 tổ trưởng dự họp" """
        said = self._after(end, end + 1)
        if said is not None:
            said.is_off = True

    def _remark(self, at: int, end: int) -> None:
        """ "Ghi chú: 03 hộ đi làm ăn xa" """
        tokens = self.found.tokens
        _start, stop = self._segment_of(at)
        if end < len(tokens) and tokens[end].is_sign(":") and (at == 0 or self.found.breaks[at]):
            self._off(end, stop, "plan")

    def _segment_of(self, at: int) -> tuple[int, int]:
        breaks = self.found.breaks
        start, stop = at, at + 1
        while start > 0 and breaks[start] < LINE:
            start -= 1
        while stop < len(self.found.tokens) and breaks[stop] < LINE:
            stop += 1
        return start, stop

    def _parentheses(self) -> None:
        """ "20 người (12 nữ, 8 nam)": the parts of what stands before."""
        tokens = self.found.tokens
        for at, token in enumerate(tokens):
            if not token.is_sign("("):
                continue
            stop = next((end for end in range(at, min(len(tokens), at + 40)) if tokens[end].is_sign(")")), at)
            before = self._before(at, 0) if stop > at else None
            if before is not None and before.end == at:
                for said in _between(self.found.said, at, stop):
                    said.is_part = True

    def _apart(self) -> None:
        """ "đến nay được 312 tài khoản, riêng tuần này 28": the first is of a longer time."""
        tokens = self.found.tokens
        for at, token in enumerate(tokens):
            if not token.says("riêng") or not self.found.breaks[at] or token.is_bare:
                continue
            start = self._segment_of(at - 1)[0]
            until_now = any(
                tokens[place].says("đến", "tới") and tokens[place + 1].says("nay", "giờ") for place in range(start, at)
            )
            for said in _between(self.found.said, start, at) if until_now else ():
                said.is_cumulative = True

    def _percentages(self) -> None:
        """ "80% trong số 50 hộ": of how many is no result."""
        tokens = self.found.tokens
        for _, end, name in self.found.marks:
            if name == "percent" and end + 1 < len(tokens) and tokens[end].says("trong", "của", "trên", "số"):
                said = self._after(end, end + 5)
                if said is not None:
                    said.is_off = True

    def _also(self, at: int) -> None:
        start, stop = self._piece_of(at)
        for said in _between(self.found.said, start, stop):
            said.is_more = True


def _acts(found: Scan, first: int, end: int) -> bool:
    return any(
        found.tokens[at].says("sát", "đi", "gặp", "đến", "ghé", "dẫn", "thăm", "động") for at in range(first, end)
    )


def _between(said: list[Said], start: int, stop: int) -> list[Said]:
    return [one for one in said if start <= one.first < stop]
