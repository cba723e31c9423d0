"""From paired quantities to items and questions."""

from __future__ import annotations

from bot.rules.reading.asides import Asides
from bot.rules.reading.costs import Group
from bot.rules.reading.doubts import Doubts
from bot.rules.reading.grammar import Grammar
from bot.rules.reading.kinds import Kinds
from bot.rules.reading.lists import Lists
from bot.rules.reading.message import Scan, Topic
from bot.rules.reading.pair import Pair, pair
from bot.rules.reading.people import People
from bot.rules.reading.phrases import Lexicon
from bot.rules.reading.quantities import Quantity
from bot.rules.reading.records import Item, Question, Why
from bot.rules.reading.sums import Sums
from bot.rules.reading.totals import Totals
from bot.rules.reading.words import PERSON_UNITS

_MOST_ALIKE = 20


class Figures(Grammar):
    """The figures of one message."""

    def __init__(self, found: Scan, words: Lexicon) -> None:
        super().__init__(found, words)
        self.items: list[Item] = []
        self.ask: list[Question] = []
        self.done: list[tuple[Pair, Item]] = []
        self.totals, self.lists, self.team = Totals(found, words), Lists(found, words), People(found, words)
        self.asides, self.doubts = Asides(found, words, self.lists), Doubts(found, words, self.lists)
        self.kinds = Kinds(found, words, self.lists, self.asides, self.team)

    @property
    def people(self) -> int | None:
        """How many of the team took part."""
        return self.team.number

    def count(self) -> list[Topic]:
        """Fills `items` and `ask`; returns the topics without a number."""
        found = self.found
        pairs, left = pair(found, self.words)
        self._doubt_about(pairs, left)
        self._settle_alone(pairs, left)
        paired = {one.said.first for one in pairs}
        self.done += self.team.taught([one for one in found.said if not one.is_off and one.first not in paired])
        self.totals.settle_totals(pairs)
        self.totals.settle_enclosed(pairs)
        self.totals.settle_shown(pairs)
        self.totals.settle_aimed(pairs)
        self.totals.settle_led(pairs)
        self.totals.settle_uneven(pairs)
        self.totals.settle_detailed(pairs)
        self.lists.link(pairs)
        self.totals.settle_many(pairs)
        for one in pairs:
            self._take(one)
        sums = Sums(found, self.words, self.done)
        sums.add_up()
        self.items, self.ask = sums.items, [*self.ask, *sums.ask]
        self._nothing_done(left)
        return left

    def _doubt_about(self, pairs: list[Pair], left: list[Topic]) -> None:
        """ "40 người dự, tui nói về lừa đảo": perhaps they were told of it, perhaps not."""
        about = [topic for topic in left if topic.is_aside and self.found.tokens[topic.first - 1].says("về")]
        counted = [one for one in pairs if one.group is not None]
        people = [one for one in pairs if one.group is None and one.said.amount.own == self.general]
        listed = [
            one
            for one in people
            if self.found.tokens[one.said.end : one.said.end + 1] and (self.found.tokens[one.said.end].is_sign(":"))
        ]
        named = [topic for topic in left if listed and topic.first > listed[0].said.end and not topic.is_off]
        about = about or named[:1]
        for topic in left:
            said = self.found.tokens[max(0, topic.first - 3) : max(0, topic.first - 1)]
            after = self.found.tokens[topic.end : topic.end + 2]
            is_all = len(after) == 2 and after[0].says("hết") and after[1].says("trơn", "luôn", "ráo")
            if not topic.is_off and (is_all or any(token.says("toàn", "đều") for token in said)):
                for one in people:  # "sáng 5 người, chiều 7 người, toàn cài vneid"
                    one.group = Group([topic])
        if about and not counted and len(people) == 1 and self.general:
            people[0].group = Group(about[:1])
            people[0].is_doubtful = True

    def _settle_alone(self, pairs: list[Pair], left: list[Topic]) -> None:
        """The one kind that was named without a number, and the one number that names none.

        "cài vneid cho ông Bảy, bà Tư, chị Út. tổng 3 người", "làm căn cước lưu động 1 đợt, nhận 64 hồ sơ".
        """
        named = [topic for topic in left if not (topic.is_off or topic.is_weak or topic.is_aside)]
        if len({topic.code for topic in named}) != 1:
            return
        for one in pairs:
            is_all = one.said.is_total and one.said.amount.is_person and len(pairs) == 1
            own = self.words.own_unit[named[0].code]
            is_of_it = one.said.amount.unit == own == "hồ sơ" and one.said.amount.own != named[0].code
            if one.group is None and (is_all or is_of_it) and named[0].first < one.said.first:
                one.group, one.is_after = Group(named[:1]), True
                left.remove(named[0])
                return

    def _take(self, one: Pair) -> None:
        if one.said.is_off or self.totals.is_repeated_part(one):
            return
        if one.said.amount.value == 0 and one.said.amount.why is None and self.found.has("nothing"):
            return  # "lớp nghỉ, em báo 0"
        if one.group is None and (self.asides.is_one(one) or self.team.is_own(one) or self.team.is_membership(one)):
            return
        if one.said.amount.unit == "đội" and self.kinds.of(one) == [self.attendee]:
            return
        if (doubt := self.doubts.about(one)) is not None:
            self._question(*doubt, one)
            return
        codes = self.kinds.of(one)
        if (beside := self.doubts.beside(one, codes)) is not None:
            self._question(beside, "two_readings", one)
        elif codes:
            self._count(one, codes)
        elif not self.asides.is_talk(one):
            self._question(None, one.said.amount.why or "category", one)

    def _count(self, one: Pair, codes: list[str]) -> None:
        amount = one.said.amount
        if self.attendee in codes and amount.is_person and self.team.is_meeting():
            self.team.number = (self.team.number or 0) + (amount.value if amount.why is None else 0)
            return
        is_doubtful = one.is_doubtful or self.doubts.is_unshared(one, codes)
        for code in codes:
            if amount.why is not None:
                self._question(code, amount.why, one)
            elif is_doubtful or self.doubts.is_odd(one, code):
                self._question(code, "two_readings", one)
            else:
                self.done.append((one, self._item(one, code)))

    def _item(self, one: Pair, code: str) -> Item:
        amount = one.said.amount
        said = next((topic.unit for topic in one.group.topics if topic.unit), "") if one.group else ""
        unit = self._turns(amount) or amount.unit or said or self._labelled(one) or self.words.own_unit[code]
        return Item(code, amount.value, unit, amount.qualifier, amount.whole, one.said.is_cumulative)

    def _turns(self, amount: Quantity) -> str:
        """ "31 lượt dân" are turns, "31 lượt người" are turns of people, as it was typed; businesses are households."""
        if amount.unit == "hộ kinh doanh":
            return "hộ"
        is_of_people = amount.unit == "lượt người" and not self.found.tokens[amount.end - 1].says("người", "ng")
        return "lượt" if is_of_people else ""

    def _labelled(self, one: Pair) -> str:
        """ "số người cài vneid: 13": counted in what the label begins with."""
        if one.group is None or not one.is_after:
            return ""
        at = one.group.first
        while at > 0 and not self.found.breaks[at] and not self.found.tokens[at - 1].is_sign(":"):
            at -= 1
        words = self.found.tokens[at : one.said.first]
        is_person = words[0].text.lower() in ("người", "hộ") and not any(token.is_sign(":=") for token in words)
        if self.found.tokens[at].key != "so" and not is_person:
            return ""
        at += 0 if is_person else 1
        unit = next((hit.unit for hit in self.found.hits[at] if hit.unit in (*PERSON_UNITS, "hộ")), "")
        return unit if at <= one.group.first and self.found.tokens[at].says("người", "ng", "hộ", "dân") else ""

    def _question(self, code: str | None, why: Why, one: Pair) -> None:
        amount = one.said.amount
        values = amount.values or ((amount.value,) if amount.why is None else ())
        question = Question(code, why, values, amount.unit)
        if question not in self.ask[-_MOST_ALIKE:]:
            self.ask.append(question)
        if one.is_doubtful:
            others = [Question(other, "two_readings", values, amount.unit) for other in one.others]
            self.ask += [other for other in others if other not in self.ask[-_MOST_ALIKE:]]

    def _nothing_done(self, left: list[Topic]) -> None:
        """ "dvc không có": none of it, said as such."""
        found = self.found
        for topic in left:
            if topic.is_weak or topic.is_off:
                continue
            at = topic.end
            while at < len(found.tokens) and (found.tokens[at].is_sign(":=-") or found.tokens[at].says("thì", "là")):
                at += 1
            none = [
                end
                for start, end, name in found.marks
                if start == at
                and (name in ("no", "nothing") or (name == "not yet" and found.tokens[end - 1].says("có")))
            ]
            if not none or any(topic.end <= said.first < none[0] + 2 for said in found.said):
                continue
            end = none[0]
            while end < len(found.tokens) and found.tokens[end].says("có", "ai", "ạ", "hết", "luôn", "nào", "em"):
                end += 1
            is_last = end >= len(found.tokens) or found.breaks[end] or found.tokens[end].kind == "sign"
            if is_last or any(other.first == end and other.code != topic.code for other in found.topics):
                self.items.append(Item(topic.code, 0, self.words.own_unit[topic.code]))
                topic.is_off = True
