"""Kinds of activity that were named without a number."""

from __future__ import annotations

from bot.rules.reading.figures import Figures
from bot.rules.reading.grammar import Grammar
from bot.rules.reading.message import Said, Scan, Topic
from bot.rules.reading.phrases import Lexicon
from bot.rules.reading.records import Question
from bot.rules.reading.words import CLASS, DUTY, MEETING, OUTING, PERSON_UNITS
from bot.rules.vietnamese.mentions import Offset, Written


class Uncounted(Grammar):
    """Asks for those that were done, into `figures`."""

    def __init__(self, found: Scan, words: Lexicon, figures: Figures) -> None:
        super().__init__(found, words)
        self.figures = figures

    def ask(self, left: list[Topic]) -> None:
        """Those without a number, unless they only say how or where."""
        found = self.found
        told = {item.category for item in self.figures.items} | {question.category for question in self.figures.ask}
        has_figures = bool(self.figures.items or self.figures.ask)
        events = {self.words.owner(word) for word in (CLASS, OUTING, DUTY, MEETING)}
        if not has_figures and any(
            found.has(mark) for mark in ("nothing", "clock", "announce", "telephone", "percent")
        ):
            return
        counted = {one.end for one in found.said if not one.is_off}
        for topic in left:
            if topic.code not in told and self._is_left_open(topic):
                told.add(topic.code)
                self.figures.ask.append(Question(topic.code, "missing"))
                continue
            is_sold = topic.is_aside and any(
                token.says("bán") for token in found.tokens[max(0, topic.first - 3) : topic.first]
            )
            if topic.is_off or topic.is_weak or topic.code in told or (topic.is_aside and (has_figures or not is_sold)):
                continue
            if has_figures and (topic.first in counted or self._says_where(topic)):
                # "9 tiểu thương chợ 4.0", "lên postmart 4 món": it only says which ones, or where.
                continue
            if not has_figures and not self._is_done(topic):
                continue
            is_label = topic.unit in PERSON_UNITS and found.tokens[topic.end : topic.end + 1]
            if has_figures and (topic.code in events or (is_label and found.tokens[topic.end].is_sign(":"))):
                continue
            if found.has("thanks") and not has_figures:
                continue
            if found.has("money", topic.end, topic.end + 5) and not any(found.breaks[topic.end : topic.end + 2]):
                continue  # "chuyển khoản mua bánh 250k"
            told.add(topic.code)
            self.figures.ask.append(Question(topic.code, "missing"))

    def _is_left_open(self, topic: Topic) -> bool:
        """ "Ví: ? (chưa đếm)" """
        after = self.found.tokens[topic.end : topic.end + 2]
        return len(after) == 2 and after[0].is_sign(":=") and after[1].is_sign("?")

    def _says_where(self, topic: Topic) -> bool:
        found = self.found
        posts = ("tin", "bài", "tin bài")
        is_group = self.words.own_unit[topic.code] == "nhóm" and topic.end == topic.first + 1
        if is_group and any(0 <= one.first - topic.end <= 3 and one.amount.unit in posts for one in found.said):
            return True  # "zalo 2 tin"
        if any(
            one.amount.unit == "học viên"
            and not one.is_off
            and 0 <= topic.first - one.end <= 6
            and not any(found.breaks[one.end : topic.first + 1])
            and not any(one.end <= other.first < topic.first for other in found.said)
            for one in found.said
        ):
            return True  # "42 học viên biết dùng dịch vụ công"
        on_duty = any(item.category == self.duty and item.unit == "người" for item in self.figures.items)
        helps = any(
            token.says("phụ", "giúp", "hỗ", "đỡ") for token in found.tokens[max(0, topic.first - 5) : topic.first]
        )
        if on_duty and helps and topic.code == self.words.owner("hồ sơ"):
            return True  # "15 đoàn viên trực bàn đón tiếp, phụ dân làm dịch vụ công"
        led = found.tokens[max(0, topic.first - 2) : topic.first]
        is_posted = any(
            one.amount.unit in posts and one.end <= topic.first and not any(found.breaks[one.end : topic.first + 1])
            for one in found.said
        )
        if is_posted and any(
            token.says("về", "nhắc", "vụ") for token in found.tokens[max(0, topic.first - 5) : topic.first]
        ):
            return True  # "đăng zalo 1 bài nhắc bà con coi chừng lừa đảo"
        if topic.first > 1 and found.tokens[topic.first - 1].says("có") and found.tokens[topic.first - 2].says("cũng"):
            return True  # "nhà nào cũng có VNeID rồi"
        is_loud = any(self.words.own_unit[one.code] == "lượt phát" and one.first < topic.first for one in found.topics)
        if is_loud and any(token.says("về", "vụ", "chuyện", "báo", "nhắc", "truyền") for token in led):
            return True  # "phát loa 3 lần về vụ giả danh công an"
        if any(name == "assign" and -16 <= at - topic.first < 0 for at, _, name in found.marks):
            return True  # "họp tổ phân công người đi từng nhà"
        return any(
            not said.is_off
            and said.amount.own is not None
            and said.amount.unit in ("sản phẩm", "món")
            and (self._goes_up(said, topic) or -3 <= said.first - topic.end <= 2 or 0 <= topic.first - said.end <= 3)
            for said in found.said
        )

    def _goes_up(self, said: Said, topic: Topic) -> bool:
        """ "27 sản phẩm OCOP của xã lên Postmart" """
        before = self.found.tokens[max(0, topic.first - 3) : topic.first]
        is_up = bool(before) and (before[-1].says("lên") or (before[0].says("lên") and before[-1].says("và", "với")))
        return is_up and said.end <= topic.first and not any(self.found.breaks[said.end : topic.first + 1])

    def _is_done(self, topic: Topic) -> bool:
        """Whether the team did it, rather than somebody talks of it."""
        found = self.found
        if sum(token.kind == "word" for token in found.tokens) <= topic.end - topic.first + 2:
            return True
        first = max(0, topic.first - 16)
        while any(found.breaks[at] for at in range(first, max(first, topic.first - 7))):
            first += 1
        acted = any("action" in hit.tags for at in range(first, topic.first) for hit in found.hits[at])
        own = any("action" in hit.tags for hit in found.hits[topic.first])
        own = own or any(isinstance(day.said, Offset | Written) for day in found.days)
        after = found.tokens[topic.end : topic.end + 4]
        return (
            acted
            or own
            or any(token.text.lower() in ("rồi", "xong", "roi", "r", "rùi", "rui", "òi", "gòi") for token in after)
        )
