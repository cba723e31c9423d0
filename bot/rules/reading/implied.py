"""One of something that the sentence tells as one without a number: a class that people came to, an outing today."""

from __future__ import annotations

from bot.rules.reading.grammar import Grammar
from bot.rules.reading.message import LINE, Scan, Topic
from bot.rules.reading.phrases import Lexicon
from bot.rules.reading.records import Item, Question
from bot.rules.reading.words import OUTING
from bot.rules.vietnamese.mentions import Offset, Weekday, Written

# Shorter ones are answers: "lớp tối qua được 22 người".
_A_SENTENCE = 9


class Implied(Grammar):
    """Finds it. What is implied is written onto the card like everything else, for the teller to look at."""

    def __init__(self, found: Scan, words: Lexicon) -> None:
        super().__init__(found, words)
        self.outing = words.owner(OUTING)

    def items(self, items: list[Item], ask: list[Question]) -> list[Item]:
        asked = {question.category for question in ask}
        told = {item.category for item in items}
        found = []
        if self.class_code and self.attendee in told | asked and self.class_code not in told | asked:
            found += [Item(self.class_code, 1, "lớp")] if self._is_one_class() else []
        if self.outing is not None and self.outing not in told and self._is_one_outing():
            found.append(Item(self.outing, 1, "đợt"))
        return found

    def _is_one_class(self) -> bool:
        """ "Lớp … có 52 cô chú dự", "Tập huấn trực tuyến cho 7.200 cán bộ", "300 người dự lớp tập huấn" """
        tokens, found = self.found.tokens, self.found
        if any(one.amount.unit in ("lớp", "buổi") for one in found.said):
            return False
        for topic in found.topics:
            words = [token.text.lower() for token in tokens[topic.first : topic.end]]
            is_class = topic.code == self.class_code or "lớp" in words
            if is_class and not topic.is_off and (self._begins(topic) or self._is_attended(topic)):
                return True
        return False

    def _begins(self, topic: Topic) -> bool:
        first = self.found.tokens[topic.first]
        is_first = topic.first == 0 or self.found.breaks[topic.first] >= LINE
        words = sum(token.kind == "word" for token in self.found.tokens)
        has_colon = any(token.is_sign(":") for token in self.found.tokens)
        return is_first and first.text in ("Lớp", "Tập") and words >= _A_SENTENCE and not has_colon

    def _is_attended(self, topic: Topic) -> bool:
        """ "dự lớp tập huấn" """
        tokens = self.found.tokens[max(0, topic.first - 2) : topic.end + 2]
        words = " ".join(token.text.lower() for token in tokens)
        return "dự lớp tập huấn" in words or "dự lớp bồi dưỡng" in words

    def _is_one_outing(self) -> bool:
        """ "Chiều qua anh em ra quân phát tờ rơi": one, on that day."""
        days = [day for day in self.found.days if isinstance(day.said, Offset | Written | Weekday)]
        topics = [topic for topic in self.found.topics if topic.code == self.outing]
        words = [token.key for token in self.found.tokens[topics[0].first : topics[0].end]] if topics else []
        is_one = len(days) == 1 or sorted(type(day.said).__name__ for day in days) == ["Weekday", "Written"]
        return is_one and words == ["ra", "quan"] and not topics[0].is_off
