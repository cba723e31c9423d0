"""What kind of message it is: a report, a zero, a correction, a plan, or nothing of these."""

from __future__ import annotations

from collections.abc import Sequence

from bot.rules.reading.message import Scan
from bot.rules.reading.records import Item, Kind, Question
from bot.rules.vietnamese.mentions import Mention


class Verdict:
    """Of one message, once its figures are read."""

    def __init__(self, found: Scan, items: Sequence[Item], ask: Sequence[Question], is_correction: bool) -> None:
        self.found = found
        self.items, self.ask = items, ask
        self.is_correction = is_correction

    def kind(self) -> Kind:
        """Decided by the figures; without any, by what was denied, planned or asked."""
        found = self.found
        if self.items or self.ask:
            if self.is_correction:
                return "correction"
            if self.items and not self.ask and all(item.count == 0 for item in self.items):
                return "zero"
            return "report"
        if found.has("asked") and self._is_planned_first():
            return "plan"
        if found.has("leave") or (found.has("asked") and not found.has("nothing")):
            return "nothing"
        nothing = [at for at, _, name in found.marks if name == "nothing"]
        is_left_out = bool(nothing) and all(self.found.is_planned(at) for at in nothing)
        if not is_left_out and (nothing or self._is_denied() or self._is_nil()):
            return "zero"
        if is_left_out and found.has("plan"):
            return "plan"
        if found.has("percent") and (not found.has("target") or any(token.says("đạt") for token in found.tokens)):
            return "nothing"
        first = [token for token in found.tokens[:4] if token.kind == "word"][:2]
        if len(first) == 2 and first[0].says("đề") and first[1].says("nghị") and self._is_sending():
            return "nothing"  # "Đề nghị các tổ gửi báo cáo trước 16h"
        is_notice = len(first) == 2 and first[0].says("thông") and first[1].says("báo")
        is_ours = any(token.says("mình", "em", "tui") for token in found.tokens)
        if is_notice and (not found.topics or (found.has("clock") and not is_ours)):
            return "nothing"  # "Thông báo ngày mai cúp điện"
        off = any(one.is_off for one in found.everything)
        if found.has("clock") and found.has("plan") and not found.has("asked"):
            return "plan"
        if not found.has("asked") and any(self._is_to_come(day) for day in found.days):
            return "plan"
        wishes = {at for at, _, name in found.marks if name == "wish"}
        if any(name == "plan" and at not in wishes for at, _, name in found.marks) and (
            off or found.said or self._is_aim()
        ):
            return "plan"
        return "nothing"

    def _is_planned_first(self) -> bool:
        """ "Mai tui tính vô ấp 6 cài vneid cho 10 người, có ai rảnh đi chung hông" """
        found = self.found
        ahead = [
            mention.first
            for mention in found.days
            if any(at == mention.first for at, _, name in found.marks if name == "plan")
        ]
        ahead = [at for at, _, name in found.marks if name == "plan" and at <= 1] or ahead
        meant = any(token.says("tính", "sẽ", "định", "dự") for token in found.tokens)
        is_told = any(one.amount.noun == "unit" for one in found.said) and not found.text.rstrip().endswith("?")
        return bool(ahead) and ahead[0] <= 1 and meant and is_told

    def _is_denied(self) -> bool:
        """ "chưa có phát sinh gì", "hổng cài được cho ai": nothing, in any words."""
        found = self.found
        last = next((at for at in reversed(range(len(found.tokens))) if not self._is_polite(at)), 0)
        is_answer = last > 0 and (found.tokens[last - 1].is_sign(":") or found.tokens[last - 1].says("báo", "là"))
        if is_answer and not found.topics and any(at == last and name == "no" for at, _, name in found.marks):
            return True  # "báo cáo ngày 25/11: không"
        if not found.topics and any(
            end == last + 1 and name == "no" and at > 0 and found.tokens[at - 1].is_sign(":")
            for at, end, name in found.marks
        ):
            return True  # "báo cáo ngày 25/11: không có"
        for at, end, name in found.marks:
            if name == "not yet" and any(one.amount.value and at - 4 <= one.end <= at for one in found.said):
                continue  # "còn 5 nhà chưa đi"
            if name == "failed" and not found.everything and any(token.says("làm") for token in found.tokens[at:end]):
                return True  # "mất điện nên không làm được"
            if name in ("no", "not yet", "failed"):
                after = found.tokens[end : end + 7]
                if any(token.says("gì", "ai", "nào", "sinh", "chi", "hết") for token in after):
                    return True
                if after and after[0].says("làm", "đi", "hoạt", "triển", "tổ", "ra", "phát"):
                    return True
        return False

    def _is_sending(self) -> bool:
        """What is wanted is figures, not work."""
        words = self.found.tokens[2:16]
        sends = any(token.says("gửi", "gởi") for token in words)
        return sends and any(token.says("báo", "liệu", "sách") for token in words)

    def _is_to_come(self, day: Mention) -> bool:
        """ "sáng mai tổ đi ấp Long An"; not "mai em báo"."""
        found = self.found
        is_ahead = any(at == day.first and name == "plan" for at, _, name in found.marks)
        after = found.tokens[day.end : day.end + 6]
        return (
            is_ahead
            and any(token.text.lower() in ("đi", "xuống", "ra", "mở") for token in after)
            and not any(token.says("báo", "gửi", "gởi", "cộng") for token in after)
        )

    def _is_polite(self, at: int) -> bool:
        return self.found.tokens[at].kind == "sign" or any("filler" in hit.tags for hit in self.found.hits[at][:1])

    def _is_nil(self) -> bool:
        """ "số hôm nay là 0" """
        said = [one for one in self.found.said if not one.is_off]
        return bool(said) and all(one.amount.value == 0 and one.amount.why is None for one in said)

    def _is_aim(self) -> bool:
        found = self.found
        return found.has("target") and not any(
            token.says("đạt", "được", "xong", "thành", "vượt") for token in found.tokens
        )
