"""Figures told only beside the team's own: of an earlier time, or of others."""

from __future__ import annotations

from datetime import date

from bot.rules.reading.message import STOP, Said, Scan
from bot.rules.reading.stretches import Stretches, between
from bot.rules.vietnamese.mentions import Mention, Offset, Period

_TIMES = ("hồi", "bữa", "đợt", "kỳ", "lần", "buổi", "tuần", "tháng", "quý", "năm", "hôm", "khóa")
_UNITS = ("xã", "ấp", "tổ", "khóm", "thôn", "phường", "đội", "nhóm", "xóm")
_OURS = ("mình", "em", "tui", "tôi", "con", "này", "nhà")
_LEADS = ("dạ", "thì", "mà", "còn", "nghe", "thấy", "bên", "như", "trong", "khi", "nói", "chứ", "nhưng")

_MOST_LEADS = 20


class Compared(Stretches):
    """Takes such figures out; what they counted may still be what the team's own figure counts."""

    def __init__(self, found: Scan, today: date) -> None:
        super().__init__(found)
        self.today = today

    def settle(self) -> None:
        if self.found.has("correction"):
            return
        self._told_before()
        self._differences()
        self._earlier()
        self._others()

    def _told_before(self) -> None:
        """ "8 vneid nha chị, hôm qua em báo 5": a report that was made already."""
        tokens = self.found.tokens
        for day in self.found.days:
            words = tokens[day.end : day.end + 2]
            said = self.after(day.end + 2, day.end + 3)
            is_told = len(words) > 1 and words[0].says(*_OURS) and words[1].says("báo", "nói", "ghi", "gửi")
            if said is not None and is_told and day.said != Offset(0) and len(self.found.said) > 1:
                self._drop([said])
                self.found.days[:] = [one for one in self.found.days if one is not day]
                return

    def _differences(self) -> None:
        """ "hơn tuần trước 4": by how many."""
        tokens = self.found.tokens
        for first, end in sorted({*self._times(is_past=True), *((day.first, day.end) for day in self.found.days)}):
            is_link = end < len(tokens) and tokens[end].says("tới", "được", "là", "đến")
            said = self.after(end, end + 1 + is_link)
            is_than = first and tokens[first - 1].says("hơn", "kém", "thua")
            is_beside = first > 1 and tokens[first - 2].says("so") and tokens[first - 1].says("với")
            if said is not None and (is_than or is_beside):
                self._drop([said])
                self.found.days[:] = [day for day in self.found.days if day.first != first]

    def _earlier(self) -> None:
        """ "tuần trước 12 vneid, tuần này 15": only this week's is new."""
        past, current = self._times(is_past=True), self._times(is_past=False)
        now = [one for _, end in current for one in self._told(end)]
        for first, end in past:
            told = self._told(end)
            if not current and first in self._gone():
                now, current = between(self.found.said, 0, past[0][0]), [(0, 0)]
            if told and now and all(any(_is_alike(one, other) for other in now) for one in told):
                if self._counts_another(end, [at for _, at in current]):
                    continue
                self._drop(told)
                self.found.days[:] = [day for day in self.found.days if day.first != first]

    def _gone(self) -> set[int]:
        """ "vneid 14, tháng rồi 11": said after figures of no day at all."""
        days = sorted(self.found.days, key=lambda day: day.first)
        return {day.first for day in days[:1] if isinstance(day.said, Period) and day.said.ahead < 0}

    def _counts_another(self, past: int, current: list[int]) -> bool:
        """ "tuần trước mở 1 lớp, tuần này cài 5 vneid": two things that were done."""
        before = self._codes(past)
        now = {code for end in current for code in self._codes(end)}
        return bool(before and now) and not before & now

    def _codes(self, at: int) -> set[str]:
        stop = self._stop(at)
        return {topic.code for topic in self.found.topics if at <= topic.first < stop and not topic.is_weak}

    def _others(self) -> None:
        """ "xã bạn làm 20 hồ sơ rồi, tổ mình mới 6" """
        starts = [at for at in range(len(self.found.tokens)) if at == 0 or self.found.breaks[at]]
        ours = any(self._is_ours(at) for at in starts)
        for start in starts:
            at = self._led(start)
            is_named = any(place == at for place, _ in self.found.places)
            is_named = is_named or (at > start and self.found.tokens[at - 1].says("bên") and not self._is_ours(start))
            if not (self._is_other(at) or (ours and is_named)):
                continue
            stop = self.piece_of(at)[1]
            told = between(self.found.said, at, stop)
            if len(told) == len(self.found.said):
                for one in self.found.everything:
                    one.is_off = one.is_off or at <= one.first < stop
            else:
                self._drop(told)
                self.found.places[:] = [place for place in self.found.places if not at <= place[0] < stop]

    def _led(self, at: int) -> int:
        """Past the little words that begin a piece."""
        tokens = self.found.tokens
        most = at + _MOST_LEADS
        while at + 1 < min(len(tokens), most) and (tokens[at].kind == "sign" or tokens[at].says(*_LEADS)):
            at += 1
        return at

    def _is_other(self, at: int) -> bool:
        words = self.found.tokens[at : at + 3]
        if len(words) == 3 and words[0].says("nhà") and words[1].says(*_OURS) and words[2].says("có"):
            return True  # "nhà em có 5 người đều có vneid"
        if len(words) == 3 and words[0].says("đã") and words[1].says("báo") and not words[2].says("cáo"):
            return True  # "đã báo hôm qua 4 người rồi"
        if len(words) < 3 or not words[0].says(*_UNITS):
            return len(words) > 1 and words[0].says("người") and words[1].says("ta")
        return words[1].says("bạn", "khác", "kia", "bên") and not words[2].says("bè", "mình", "em")

    def _is_ours(self, start: int) -> bool:
        at = self._led(start)
        words = self.found.tokens[at : at + 2]
        is_told = bool(between(self.found.said, at, self.piece_of(at)[1]))
        if is_told and at > start and words and self.found.tokens[at - 1].says("bên"):
            return words[0].says(*_OURS)
        holds_all = bool(words) and words[0].says("xã", "phường")  # whose hamlets are no others
        return is_told and len(words) > 1 and words[0].says(*_UNITS) and words[1].says(*_OURS) and not holds_all

    def _times(self, *, is_past: bool) -> list[tuple[int, int]]:
        """Where an earlier time is said, or the present one: first token and end."""
        found: dict[int, int] = {}
        tokens = self.found.tokens
        today = {day.first for day in self.found.days if self._is_now(day)}
        last = ("trước", "ngoái") if is_past else ("này", "nay")
        for at in range(len(tokens) - 1):
            is_time = tokens[at].says(*_TIMES) or (is_past and tokens[at].says("cùng") and tokens[at + 1].says("kỳ"))
            if is_time and tokens[at + 1].says(*last, "kỳ"):
                found[at] = at + 2
            elif is_past and at not in today and (end := self._whole_time(at)):
                found[at] = end
            elif not is_past and tokens[at].says("giờ") and self.found.breaks[at] and not self._whole_time(at):
                found[at] = at + 1
        for day in self.found.days:
            if self._is_past(day) if is_past else self._is_now(day):
                found[day.first] = day.end
        return sorted(found.items())

    def _whole_time(self, at: int) -> int:
        """ "tới giờ cả ấp được 45", "giờ cả ấp có 21 mã": of all the time until now. Where the words end; else 0."""
        tokens = self.found.tokens
        begins = at == 0 or self.found.breaks[at] or tokens[at - 1].kind == "sign"
        end = at
        while end < len(tokens) and tokens[end].says("tính", "tới", "đến", "giờ", "nay", "hiện"):
            end += 1
        until = end >= at + 2 and tokens[at].says("tới", "đến", "tính")
        has_all = end + 1 < len(tokens) and tokens[end].says("cả", "toàn") and tokens[end + 1].says(*_UNITS)
        return (end + 2 if has_all else end) if begins and (until or has_all) else 0

    def _is_past(self, day: Mention) -> bool:
        said = day.said
        if not isinstance(said, Period):
            return False
        is_month = said.unit == "month" and said.number is not None and said.number < self.today.month
        return said.ahead < 0 or (said.year or self.today.year) < self.today.year or is_month

    def _is_now(self, day: Mention) -> bool:
        said = day.said
        if isinstance(said, Offset):
            return said == Offset(0)
        return isinstance(said, Period) and said.ahead == 0 and said.number is None

    def _stop(self, at: int) -> int:
        """Where what was told of a time ends: at the next one, or with the sentence."""
        times = [first for is_past in (True, False) for first, _ in self._times(is_past=is_past)]
        days = [day.first for day in self.found.days]
        ends = [place for place in range(at, len(self.found.tokens)) if self.found.breaks[place] == STOP]
        return min((place for place in (*times, *days, *ends) if place >= at), default=len(self.found.tokens))

    def _told(self, at: int) -> list[Said]:
        return between(self.found.said, at, self._stop(at))

    def _drop(self, told: list[Said]) -> None:
        self.found.said[:] = [one for one in self.found.said if not any(one is other for other in told)]


def _is_alike(one: Said, other: Said) -> bool:
    return one.amount.unit == other.amount.unit or "bare" in (one.amount.noun, other.amount.noun)
