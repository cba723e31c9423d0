"""What was denied, failed, is not done yet or left over."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from bot.rules.reading.message import Said, Scan
from bot.rules.reading.plans import Plans
from bot.rules.reading.stretches import Stretches


class Denials(Stretches):
    """Switches it off."""

    def __init__(self, found: Scan, plans: Plans) -> None:
        super().__init__(found)
        self.plans = plans

    def deny(self, at: int, end: int) -> None:
        _, stop = self.piece_of(at)
        said = self.after(end, stop)
        if self.found.tokens[end - 1].says("là") and any(
            name == "denied" and other > end for other, _, name in self.found.marks
        ):
            return  # "đọc lộn, là bảy người chứ không phải mười bảy"
        if said is not None and said.first - end <= 4:
            said.is_off = True
        for topic in self.found.topics:
            if said is None and topic.first == end:
                topic.is_off = True  # "8 người cài ví chứ không phải vneid"

    def fail(self, at: int, end: int) -> None:
        start, stop = self.piece_of(at)
        after = self.after(end, stop)
        said = self.before(at, start)
        if said is not None and self._is_reason(said.end, at):
            return  # "11 nhà thôi, tại nước lớn đi hổng được nữa"
        if after is not None and after.first == end and after.amount.noun == "bare":
            said = after  # "được 9, không được 3"
        elif said is None and after is not None and after.first - end <= 2:
            said = after
        if said is not None:
            said.is_off = True
        for topic in self.found.topics:
            if start <= topic.first < stop:
                topic.is_aside = True

    def _is_reason(self, first: int, end: int) -> bool:
        return any(token.says("tại", "vì", "do", "bởi") for token in self.found.tokens[first:end])

    def negate(self, at: int, end: int, name: str) -> None:
        start, stop = self.piece_of(at)
        if (
            self.found.tokens[at].key == "chua"
            and at
            and self.found.tokens[at - 1].says("ở", "tại", "vô", "trong", "gần")
        ):
            return  # chùa
        told = self.found.tokens[end : end + 1]
        if name == "not yet" and told and told[0].says("ghi", "báo", "gửi", "gởi", "nhắn", "kê"):
            return  # "còn 3 cô chú làm chữ ký số nữa mà em chưa ghi"
        said = self.before(at, start)
        between = [topic for topic in self.found.topics if said is not None and said.end <= topic.first < at]
        if said is not None and not between and said.end >= at - 1:
            acted = _acts(self.found, max(0, said.first - 2), said.first)
            if acted and name == "not yet" and said.amount.why is None:
                # "đi khảo sát 30 hộ chưa có vneid": thirty were visited.
                said.amount = replace(said.amount, why="two_readings", values=(said.amount.value,))
            else:
                said.is_off = True
        is_rest = said is not None and said.end < at and self.found.tokens[said.end].says("nữa")
        if said is not None and is_rest and name in ("no", "failed") and not between:
            said.is_off = True  # "2 ng nua may het dung luong cai hong vo"
        after = self.after(end, stop)
        if name == "not yet" and after is not None and after.first - end <= 3:
            after.is_off = True
        if any(topic.end == at for topic in self.found.topics):
            return  # "dvc ko có, ssk 2": said of what stands before
        following = self.after(end, stop)
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

    def remain(self, _: int, end: int) -> None:
        """ "còn 6 hộ bữa khác": left to do, unless something done is named."""
        start, stop = self.piece_of(max(0, end - 1))
        said = self.after(end, stop)
        if self._is_told_late(end, stop):
            return
        if said is not None and said.first == end and said.amount.noun == "bare" and self._is_last(said):
            said.is_off = True  # "xong 2, còn 1"
            return
        if (
            said is not None
            and said.first == end
            and any(token.says("chưa", "hẹn", "vắng") for token in self.found.tokens[said.end : stop])
        ):
            said.is_off = True  # "con 3 nha cuoi ap chua toi"
            return
        acts = end < len(self.found.hits) and any("verb" in hit.tags for hit in self.found.hits[end][:1])
        if acts:
            return  # "lại còn treo 3 tấm pano"
        if said is None or said.first - end > 1 or said.amount.noun != "unit" or self.plans.is_rest_done(end - 2, stop):
            return
        if not any(start <= topic.first < stop and not topic.is_weak for topic in self.found.topics):
            said.is_off = True

    def _is_told_late(self, start: int, stop: int) -> bool:
        """ "còn 3 cô chú làm chữ ký số nữa mà em chưa ghi": done, and left out of what was told."""
        words = self.found.tokens[start : stop + 1]
        return any(one.says("chưa") and after.says("ghi", "báo", "gửi", "kê") for one, after in pairwise(words))

    def _is_last(self, said: Said) -> bool:
        tokens = self.found.tokens
        return said.end >= len(tokens) or tokens[said.end].kind == "sign"

    def handled(self, _: int, end: int) -> None:
        said = self.after(end, self.piece_of(max(0, end - 1))[1])
        if said is not None and said.amount.noun == "bare" and said.first - end <= 2 and said.amount.whole is None:
            said.is_off = True
        is_all = said is not None and self.found.tokens[said.first - 1].says("cả") and said.first - end <= 4
        if said is not None and is_all and said.amount.noun == "bare":
            said.is_off = True  # "chuyển lên xã hết cả 3"
        earlier = [one for one in self.found.said if said is not None and one.first < said.first]
        words = ("phản", "ánh", "pakn", "kiến", "nghị")
        is_feedback = any(token.says(*words) for token in self.found.tokens[:end])
        if said is not None and is_feedback and said.amount.unit == "tin" and earlier:
            said.is_off = True  # "phản ánh: 5 tin, đã chuyển lên xã 4 tin"


def _acts(found: Scan, first: int, end: int) -> bool:
    return any(
        found.tokens[at].says("sát", "đi", "gặp", "đến", "ghé", "dẫn", "thăm", "động") for at in range(first, end)
    )
