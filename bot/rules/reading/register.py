"""What a message says of the teams themselves: how many there are, how many belong to them, who stood on duty.

No activity: numbers of the teams' register (`TEAMS`, `MEMBERS`), read only where the sentence speaks of teams, crews or
models that were founded or are kept. How many of a team took part today is `Reading.people`.
"""

from __future__ import annotations

from itertools import pairwise

from bot.rules.reading.grammar import Grammar
from bot.rules.reading.message import LINE, Said, Scan, Topic
from bot.rules.reading.phrases import Lexicon
from bot.rules.reading.quantities import Quantity
from bot.rules.reading.records import Item, Question
from bot.rules.reading.words import MODEL, OUTING

TEAMS, MEMBERS = "TO", "TV"
_FOUNDED = ("lập", "mắt", "kiện", "có", "toàn", "cố", "trì", "ra", "gồm", "mới", "với")
_HELPED = ("phụ", "giúp", "hỗ", "hướng", "tiếp", "trực")
_THE_PUBLIC = ("dân", "bà", "con", "người", "khách")


class Register(Grammar):
    """Finds them. `counted`: the quantities that are numbers of the register rather than results."""

    def __init__(self, found: Scan, words: Lexicon) -> None:
        super().__init__(found, words)
        self.model, self.outing = words.owner(MODEL), words.owner(OUTING)
        self.counted: list[Quantity] = []
        self.founded: list[Item] = []
        """What the sentence founds without saying one: "ra mắt mô hình …, 12 thành viên"."""

    def items(self) -> list[Item]:
        teams = self._teams()
        items = [Item(TEAMS, one.value, "tổ", one.qualifier) for one in teams]
        if not teams and self._is_team_founded():
            items = [Item(TEAMS, 1, "tổ")]
        self.founded = self._model() if not items else []
        crews = self._crews()
        if items or self.founded or crews or self._is_one_founded():
            members = self._members()
            items += [Item(MEMBERS, one.value, "người", one.qualifier) for one in members]
            self.founded += [self._outing(one) for one in crews if members]
        return items

    def _outing(self, crew: Said) -> Item:
        """ "96 đội với gần 1.500 bạn trẻ hỗ trợ dân", "3.000 đoàn viên chia thành 211 đội" """
        self.counted.append(crew.amount)
        return Item(self.outing or "", crew.amount.value, "đội", crew.amount.qualifier)

    def ask(self) -> tuple[Question, ...]:
        """ "mỗi tổ 6 thành viên", "tổ thôn 5–8 người": how many members, all in all?"""
        tokens = self.found.tokens
        per_team = any(
            (token.says("mỗi") and after.key in ("to", "doi")) or (token.says("tổ", "đội") and after.says("nào"))
            for token, after in pairwise(tokens)
        )
        open_ones = [one.amount.why for one in self.found.said if self._is_open(one)]
        is_asked = open_ones and (per_team or self.found.teams) and not any(one.is_off for one in self.found.said)
        return (Question(MEMBERS, open_ones[0]),) if is_asked and open_ones[0] else ()

    def _is_open(self, said: Said) -> bool:
        is_person = self._is_ours(said) or said.amount.unit == "người"
        return is_person and said.amount.why in ("each", "range", "vague")

    def on_duty(self, items: list[Item]) -> Item | None:
        """ "60 đoàn viên phụ bà con làm dịch vụ công": who helped at the desk, where nobody counted the dossiers."""
        dossiers = self.words.owner("hồ sơ")
        if self.duty is None or any(item.category == dossiers for item in items):
            return None
        tokens = self.found.tokens
        for said in self.found.said:
            if not self._is_ours(said) or said.amount.why is not None or said.is_off:
                continue
            after = tokens[said.end : said.end + 6]
            helps = any(token.says(*_HELPED) for token in after[:3])
            whom = any(token.says(*_THE_PUBLIC) for token in after)
            rest = [topic for topic in self.found.topics if topic.first >= said.end and topic.code == dossiers]
            if helps and whom and rest and not any(one.first > said.end for one in self.found.said):
                self.counted.append(said.amount)
                return Item(self.duty, said.amount.value, said.amount.unit, said.amount.qualifier)
        return None

    def _teams(self) -> list[Quantity]:
        found = [one for one in self.found.teams if one.why is None and self._is_kept(one)]
        self.counted += found
        return found

    def _is_kept(self, one: Quantity) -> bool:
        """Founded, renewed or simply there; or with its members beside it."""
        start = self._start_of(one.first)
        before = self.found.tokens[start : one.first]
        return any(token.says(*_FOUNDED) for token in before) or bool(self._members_after(one.end))

    def _is_team_founded(self) -> bool:
        """ "Tổ Lang Xá Cồn lập ngày 8/8/2025, gồm 8 thành viên" """
        tokens = self.found.tokens
        if not tokens or not tokens[0].says("tổ") or not self._members_after(1):
            return False
        return any(token.says("lập", "mắt") for token in tokens[1:12])

    def _model(self) -> list[Item]:
        """ "Ra mắt câu lạc bộ Phụ nữ số, gồm 35 thành viên", "Mô hình … có gần 40 chị em" """
        if self.model is None or any(one.amount.own == self.model for one in self.found.said):
            return []
        topic = next((topic for topic in self.found.topics if topic.code == self.model), None)
        if topic is None or not (self._members_after(topic.end) or self._is_launched(topic)):
            return []
        words = [token.key for token in self.found.tokens[topic.first : topic.end]]
        unit = "câu lạc bộ" if "clb" in words or words[:3] == ["cau", "lac", "bo"] else "mô hình"
        return [Item(self.model, 1, unit)] if self._is_begun(topic) else []

    def _is_launched(self, topic: Topic) -> bool:
        """ "Xã ra mắt mô hình Thôn thông minh ở thôn Mỹ Phú 2" """
        before = self.found.tokens[max(0, topic.first - 2) : topic.first]
        return len(before) == 2 and before[0].says("ra") and before[1].says("mắt") and not topic.is_off

    def _is_begun(self, topic: Topic) -> bool:
        before = self.found.tokens[max(0, topic.first - 3) : topic.first]
        return topic.first == 0 or any(token.says("mắt", "lập", "dựng", "mở") for token in before)

    def _is_one_founded(self) -> bool:
        """ "ra mắt 1 câu lạc bộ …, 35 thành viên" """
        tokens = self.found.tokens
        return any(
            said.amount.own == self.model
            and said.first > 0
            and tokens[said.first - 1].says("mắt", "lập")
            and any(self._is_ours(one) for one in self.found.said if one.first > said.first)
            for said in self.found.said
            if self.model is not None
        )

    def _crews(self) -> list[Said]:
        return [one for one in self.found.said if one.amount.unit == "đội" and one.amount.why is None]

    def _members(self) -> list[Quantity]:
        found = [one.amount for one in self.found.said if self._is_member(one) and one.amount.why is None]
        self.counted += found
        return found

    def _members_after(self, at: int) -> list[Said]:
        return [one for one in self.found.said if one.first >= at and self._is_member(one)]

    def _is_member(self, said: Said) -> bool:
        tokens = self.found.tokens
        if said.amount.noun == "bare":
            before = tokens[max(0, said.first - 3) : said.first]
            return len(before) == 3 and before[0].says("thành") and before[1].says("viên")
        if any(team.end == said.first for team in self.found.teams) and said.amount.unit == "người":
            return True  # "lập 1 tổ 7 người"
        return self._is_ours(said) or self._belongs(said) or self._takes_part(said)

    def _is_ours(self, said: Said) -> bool:
        """Thành viên, đoàn viên, tình nguyện viên, sinh viên, bạn trẻ: not those who were helped."""
        if said.amount.is_volunteer:
            return True
        noun = [token.text.lower() for token in self.found.tokens[max(0, said.end - 2) : said.end]]
        return noun in (["bạn", "trẻ"], ["sinh", "viên"])

    def _belongs(self, said: Said) -> bool:
        """ "mô hình … có gần 40 chị em" """
        before = self.found.tokens[max(0, said.first - 2) : said.first]
        return said.amount.unit == "người" and any(token.says("có", "gồm", "với", "tụ", "nạp") for token in before)

    def _takes_part(self, said: Said) -> bool:
        """ "câu lạc bộ … vừa ra mắt, 24 chị tham gia" """
        after = self.found.tokens[said.end : said.end + 2]
        is_said = len(after) == 2 and after[0].says("tham") and after[1].says("gia")
        return said.amount.unit == "người" and is_said

    def _start_of(self, at: int) -> int:
        while at > 0 and self.found.breaks[at] < LINE:
            at -= 1
        return at
