"""Quantities as they are met: which of them may be results, and what stands with them."""

from __future__ import annotations

from dataclasses import replace

from bot.rules.reading.beside import Beside
from bot.rules.reading.labels import Labels
from bot.rules.reading.message import LINE, Said, Scan
from bot.rules.reading.phrases import Lexicon
from bot.rules.reading.quantities import Quantity, is_no_result
from bot.rules.reading.saiddays import TIMES
from bot.rules.reading.skips import Names
from bot.rules.reading.topics import Topics

# After "tổ" these make it another kind of group, or somebody of it: tổ cơ động, tổ phó.
_NO_TEAM = ("cơ", "xung", "phản", "công", "tự", "hợp", "tư", "phó", "trưởng", "viên", "lưu")


class Results:
    """Takes them down."""

    def __init__(self, found: Scan, lexicon: Lexicon, names: Names, labels: Labels, topics: Topics) -> None:
        self.found = found
        self.tokens, self.hits = found.tokens, found.hits
        self.lexicon, self.names, self.labels, self.topics = lexicon, names, labels, topics
        self.beside = Beside(found, names.has_case)
        self.things = 0
        self.is_level = False

    def take(self, amount: Quantity, at: int) -> int:
        """Takes a quantity, if it is a result; returns where it ends."""
        if at and self.found.said and self.tokens[at - 1].says("em", "tui", "tôi") and self.found.breaks[at - 1]:
            self.labels.last = at - 1  # "anh Sáu 3 hồ sơ, em 4 hồ sơ"
        if amount.noun == "place" and amount.whole is not None:
            self.found.said.append(Said(amount, label=self.labels.last))
            return amount.end
        if self._are_groups(amount, at):
            self.found.said.append(Said(amount, is_off=True))
            return amount.end
        if amount.noun == "money":
            self.found.marks.append((at, amount.end, "money"))
        if amount.noun == "percent":
            self.found.marks.append((at, amount.end, "percent"))
        if any("gift" in hit.tags for place in range(at, amount.end) for hit in self.hits[place][:1]):
            self.found.marks.append((at, at, "gift"))
        if self._are_teams(amount):
            self.found.teams.append(amount)
        if self._is_no_result(amount, at):
            return amount.end
        if self.beside.is_end_of_name(at, amount) or (amount.noun == "unknown" and self.tokens[at].says("một")):
            return at + 1
        amount = self._settled(amount, at)
        if (both := self.beside.with_last(amount)) is not None:
            self.found.said[-1].amount = both
            return amount.end
        self.found.said.append(Said(self._doubted(amount), label=self.labels.last))
        if amount.noun == "bare":
            self.names.last_end = amount.end
        return max(amount.end, at + 1)

    def _are_groups(self, amount: Quantity, at: int) -> bool:
        """Groups that the team divides into: "chia 3 nhóm"."""
        is_loose = amount.unit == "nhóm" and not self.topics.has_groups()
        return is_loose or (amount.unit in ("nhóm", "đội") and at > 0 and self.tokens[at - 1].says("chia"))

    def _are_teams(self, amount: Quantity) -> bool:
        """ "36 tổ", "25 tổ công nghệ số"; not "3 tổ công tác" """
        noun = [token.key for token in self.tokens[amount.first : amount.end] if token.kind == "word"]
        if amount.noun != "thing" or "to" not in noun or noun[-1] not in ("to", "so", "cnscd", "cnsc", "dong", "d"):
            return False
        after = self.tokens[amount.end : amount.end + 1]
        return not (after and noun[-1] == "to" and after[0].says(*_NO_TEAM))

    def _is_no_result(self, amount: Quantity, at: int) -> bool:
        """Money, time, things; "833 nhiệm vụ: 585 đã xong, 67 còn trong hạn"."""
        if is_no_result(amount) and amount.noun != "unknown":
            has_colon = amount.end < len(self.tokens) and self.tokens[amount.end].is_sign(":")
            is_task = amount.noun == "thing" and self.tokens[amount.end - 1].says("việc", "vụ")
            self.things = amount.end if amount.noun == "thing" and (has_colon or is_task) else 0
            return True
        return amount.noun == "bare" and self.things > 0 and max(self.found.breaks[self.things : at + 1]) < LINE

    def _settled(self, amount: Quantity, at: int) -> Quantity:
        """How often a day, dossiers counted in sets, what stands after "mức 2:"."""
        if amount.why is None and amount.unit in TIMES and at and self.tokens[at - 1].says("ngày", "tuần"):
            return replace(amount, why="each", values=(amount.value,))
        if amount.unit == "bộ" and any(token.says("sơ", "hs") for token in self.tokens[max(0, at - 6) : at]):
            return replace(amount, own=self.lexicon.owner("hồ sơ"))
        if self.tokens[at - 1].is_sign(":") and self.names.last_end == at - 1 and at - 1 > 0 and self.is_level:
            return replace(amount, own=None, unit="")
        return amount

    def _doubted(self, amount: Quantity) -> Quantity:
        is_counted = amount.why is None and amount.noun == "unit" and not amount.is_volunteer
        if is_counted and self.beside.is_with_others(amount.first):
            return replace(amount, why="two_readings", values=(amount.value,))
        return amount
