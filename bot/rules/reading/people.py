"""Whose people are counted: the team's own, members of what was founded, those taught in a class."""

from __future__ import annotations

from itertools import pairwise

from bot.rules.reading.companions import Companions
from bot.rules.reading.grammar import Grammar
from bot.rules.reading.message import Said, Scan
from bot.rules.reading.pair import Pair
from bot.rules.reading.phrases import Lexicon
from bot.rules.reading.records import Item


class People(Grammar):
    """`number`: how many of the team took part, where that was told."""

    def __init__(self, found: Scan, words: Lexicon) -> None:
        super().__init__(found, words)
        self.number: int | None = None
        self.companions = Companions(found, words)

    def is_own(self, one: Pair) -> bool:
        """The team's own people: who took part, not who was helped. Counts them."""
        amount = one.said.amount
        if amount.unit in ("lượt thành viên", "học viên"):
            return False  # which the team's training is counted in
        if self._is_head_count(one.said) or (amount.is_person and self._has_met()):
            self.number = (self.number or 0) + amount.value
            return True
        is_ours = amount.is_person and (self._took_part(one.said) or self._is_of_team(one.said))
        if not (amount.is_volunteer or is_ours):
            return False
        if amount.why is None and not one.said.is_off:
            self.number = (self.number or 0) + amount.value
        return True

    @property
    def _has_class(self) -> bool:
        return any(topic.code in (self.class_code, self.attendee) for topic in self.found.topics)

    def _has_met(self) -> bool:
        """ "họp tổ cuối tháng, đủ 7 người" """
        tokens = self.found.tokens
        if any(token.says("hướng", "giúp", "hỗ", "cài", "vận", "dạy") for token in tokens):
            return False
        if any(token.says("chỉ") and after.says("cho") for token, after in pairwise(tokens)):
            return False  # not of "họp tổ, có chi Hai, đủ 7 người"
        return not self._has_class and any(
            topic.code == self.meeting and tokens[topic.end - 1].says("tổ") for topic in self.found.topics
        )

    def _took_part(self, said: Said) -> bool:
        """ "6 người tham gia", "5 bạn chia nhau", "em đi với 4 chị" """
        found = self.found
        is_said = any(name == "participants" and 0 <= at - said.end <= 3 for at, _, name in found.marks)
        if is_said and not self._has_class and said.amount.unit == "người" and not self._are_public(said):
            return True
        if self.companions.are(said):
            return True
        after = found.tokens[said.end : said.end + 2]
        goes = bool(after) and after[0].says("đi", "chia") and not after[-1].says("học")
        return goes or self._is_with_me(said.first)

    def _is_of_team(self, said: Said) -> bool:
        """ "tổ 5 người", "tụi em có 3 bạn", "3 người làm tổ" """
        found = self.found
        start = max(0, said.first - 3)
        names = ("tổ", "đội", "tụi", "nhóm", "team", "hình")
        named = [at for at in range(start, said.first) if found.tokens[at].says(*names) and not self._is_helped(at)]
        acted = named and any("action" in hit.tags for at in range(named[-1] + 1, said.first) for hit in found.hits[at])
        reached = named and any(token.says("mới", "được", "đạt") for token in found.tokens[named[-1] + 1 : said.first])
        if named and not acted and not reached:
            return True
        if any(self._is_team(at) for at in range(said.end, min(said.end + 3, len(found.tokens)))):
            return True
        return any(
            "volunteer" in hit.tags and hit.end == said.first
            for at in range(max(0, said.first - 4), said.first)
            for hit in found.hits[at]
        )

    def _is_head_count(self, said: Said) -> bool:
        """ "Thành viên tham gia: 6": a line's label names the team's own people."""
        tokens = self.found.tokens
        if (
            said.amount.noun != "bare"
            or said.amount.why is not None
            or not tokens[max(0, said.first - 1)].is_sign(":=-")
        ):
            return False
        start = said.first - 1
        while start > 0 and not self.found.breaks[start]:
            start -= 1
        label = range(start, said.first)
        words = [at for at in label if tokens[at].kind == "word"]
        is_named = any("volunteer" in hit.tags for at in label for hit in self.found.hits[at][:1]) or any(
            tokens[at].says("quân", "lực", "nhân") and tokens[at + 1].says("số", "lượng", "sự") for at in label
        )
        return is_named and len(words) <= 5

    def _are_public(self, said: Said) -> bool:
        """Người dân, bà con, cụ, hội viên: not the team, though they took part."""
        noun = self.found.tokens[max(said.first, said.end - 3) : said.end]
        return any(token.says("dân", "bà", "cụ", "hội", "học", "phụ", "nông", "khách", "chúng", "cô") for token in noun)

    def _is_team(self, at: int) -> bool:
        token = self.found.tokens[at]
        return token.text.lower() == "tổ" or (
            token.key == "to" and token.is_bare and self.found.tokens[at - 1].says("làm")
        )

    def _is_helped(self, at: int) -> bool:
        """ "hướng dẫn nhóm tổ hợp tác 7 chị": a group that was helped."""
        return any(
            token.says("dẫn", "giúp", "dạy", "chỉ", "trợ", "hd") for token in self.found.tokens[max(0, at - 2) : at]
        )

    def _is_with_me(self, at: int) -> bool:
        """ "em đi với 4 chị", "tui cùng 2 bạn" """
        before = self.found.tokens[max(0, at - 3) : at]
        if len(before) < 2:
            return False
        last = [token.key for token in before[-2:]]
        if last in (
            ["di", "co"],
            ["chung", "toi"],
            ["tui", "em"],
            ["tui", "tui"],
            ["bon", "em"],
            ["nhom", "em"],
            ["to", "em"],
        ):
            return True  # "đi có 3 người", "tụi em 6 người"
        if before[-1].says("góp", "cử") or (before[-2].says("huy") and before[-1].says("động")):
            return True
        if not before[-1].says("với", "cùng", "chung"):
            return False
        return any(
            token.says("em", "tui", "tôi", "mình", "con", "cháu", "e") or token.text == "đi" for token in before[:-1]
        )

    def is_membership(self, one: Pair) -> bool:
        """ "mô hình … có 40 chị em", "1 nhóm Zalo, 120 người": who belongs to it was not helped."""
        unit = one.said.amount.unit
        after = self.found.tokens[one.said.end : one.said.end + 2]
        if unit == "người" and self._joins(one.said.end):
            return True
        takes_part = unit in ("tiểu thương", "hộ") and len(after) > 1 and after[0].says("tham") and after[1].says("gia")
        if unit != "người" and not takes_part:
            return False
        before = [topic for topic in self.found.topics if topic.end <= one.said.first]
        if not before or self.words.own_unit[before[-1].code] not in ("nhóm", "mô hình"):
            return False
        between = self.found.tokens[before[-1].end : one.said.first]
        return any(token.says("có", "gồm", "với", "vô", "vào") for token in between) or len(between) <= 1

    def _joins(self, at: int) -> bool:
        """ "thêm được 35 người vô nhóm" """
        words = self.found.tokens[at : at + 2]
        return len(words) > 1 and words[0].says("vô", "vào") and words[1].says("nhóm", "zalo", "group")

    def attending(self, code: str, one: Pair) -> str:
        """People counted for a class are those who came to it."""
        amount = one.said.amount
        is_learner = amount.is_person or amount.unit == "tiểu thương"
        if self.attendee is None or not is_learner or amount.is_volunteer:
            return code
        if code == self.class_code and self.general and self._are_shown_skills(one):
            return self.general
        if code == self.class_code:
            return self._learner(one.said)
        if code == self.general and one.group is None and self._learns(one.said):
            return self.attendee
        if (code == self.general or amount.unit == "tiểu thương") and one.group is None:
            before = one.previous
            while before is not None and before.group is None and before.said.amount.own == self.general:
                before = before.previous  # "buổi đầu 25 chị, buổi sau 22 chị"
            if before is not None and before.code == self.class_code and not before.said.is_off:
                return self.attendee
            topics = [
                topic
                for topic in self.found.topics
                if topic.code in (self.class_code, self.attendee) and not topic.is_off
            ]
            if topics and not before:
                return self.attendee
        return code

    def _learns(self, said: Said) -> bool:
        """ "26 chị học xong 1 buổi" """
        learns = any(token.says("học", "dự") for token in self.found.tokens[said.end : said.end + 1])
        return learns and any(one.amount.own == self.class_code and not one.is_off for one in self.found.said)

    def _are_shown_skills(self, one: Pair) -> bool:
        """ "hướng dẫn kns 25 ng": shown digital skills, without a class."""
        words = {token.text.lower() for token in self.found.tokens}
        shown = any(token.says("hướng", "hd") for token in self.found.tokens)
        topics = [self.found.tokens[topic.first].text.lower() for topic in one.group.topics] if one.group else []
        return topics == ["kns"] and shown and not words & {"lớp", "buổi", "dạy", "mở", "huấn", "học", "lop", "buoi"}

    def _learner(self, said: Said) -> str:
        """What those taught in a class count for: the team's own members have a kind of their own."""
        noun = self.found.tokens[max(0, said.end - 2) : said.end]
        after = self.found.tokens[said.end : said.end + 1]
        is_others = any(token.says("hội", "chi", "câu", "clb", "hợp") for token in after)
        is_member = noun[-1].says("tổ") or (noun[0].says("thành") and noun[-1].says("viên") and not is_others)
        return (self.words.owner("tập huấn tổ") if is_member else None) or self.attendee or ""

    def is_meeting(self) -> bool:
        """Whether they met, and nobody was taught."""
        codes = {topic.code for topic in self.found.topics} | {one.amount.own for one in self.found.said}
        return self.meeting in codes and self.class_code not in codes

    def taught(self, said: list[Said]) -> list[tuple[Pair, Item]]:
        """Of those whom no kind of activity counts: the learners of a class; the others took part."""
        codes = {topic.code for topic in self.found.topics}
        has_class = bool(codes & {self.class_code, self.attendee}) and self.meeting not in codes
        done: list[tuple[Pair, Item]] = []
        for one in said:
            amount = one.amount
            if amount.why is not None:
                continue
            if has_class and self.attendee is not None:
                done.append((Pair(one), Item(self._learner(one), amount.value, amount.unit, amount.qualifier)))
            else:
                self.number = (self.number or 0) + amount.value
        return done
