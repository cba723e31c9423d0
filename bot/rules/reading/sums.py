"""What adds up: one figure for each kind of activity and unit."""

from __future__ import annotations

from dataclasses import replace

from bot.rules.reading.grammar import Grammar
from bot.rules.reading.message import Scan
from bot.rules.reading.pair import Pair
from bot.rules.reading.phrases import Lexicon
from bot.rules.reading.records import Item, Question


class Sums(Grammar):
    """From what was done, one by one, to `items` and what has to be asked."""

    def __init__(self, found: Scan, words: Lexicon, done: list[tuple[Pair, Item]]) -> None:
        super().__init__(found, words)
        self.done = done
        self.items: list[Item] = []
        self.ask: list[Question] = []

    def add_up(self) -> None:
        self._sum_up()
        self._drop_twins()

    def _sum_up(self) -> None:
        """One figure for each kind and unit; two that contradict one another are asked."""
        together: dict[tuple[str, str, str], list[tuple[Pair, Item]]] = {}
        for one, item in self.done:
            together.setdefault((item.category, item.unit, item.qualifier), []).append((one, item))
        for same in together.values():
            first = same[0][1]
            if self._is_shown(first, together):
                first = replace(first, category=self.general or first.category)
            if len(same) == 1:
                self.items.append(first)
                continue
            labels = [one.said.label for one, _ in same]
            is_added = all(one.said.is_more for one, _ in same[1:])
            named = {self._wording(one) for one, _ in same}
            is_added = (
                is_added
                or all(one.listing is not None for one, _ in same[:-1])
                or all(one.listing is not None for one, _ in same[1:])
                or all(one.group is None and one.said.amount.own is None for one, _ in same[:-1])
                or (len(named) == len(same) and "" not in named)
            )
            values = tuple(item.count for _, item in same)
            if len(values) > 2 and labels[0] == -1 and -1 not in labels[1:] and values[0] == sum(values[1:]):
                self.items.append(first)  # "2 lần, sáng 1 lần chiều 1 lần"
                continue
            if is_added or len(set(labels)) == len(labels):
                wholes = [item.of for _, item in same]
                whole = sum(part for part in wholes if part) if all(wholes) else None
                self.items.append(replace(first, count=sum(values), of=whole))
            else:
                self.ask.append(Question(first.category, "two_readings", values, first.unit))

    def _drop_twins(self) -> None:
        """ "tặng sim cho 20 hộ, 20 sim": the same twenty, told twice?"""
        seen: dict[tuple[str, int], list[Item]] = {}
        for item in self.items:
            seen.setdefault((item.category, item.count), []).append(item)
        for (code, count), twins in seen.items():
            if len(twins) > 1 and count and any(item.unit in ("hộ", "người") for item in twins):
                self.items = [item for item in self.items if item not in twins]
                self.ask.append(Question(code, "two_readings", (count,)))

    def _wording(self, one: Pair) -> str:
        """The words of its topic: two wallets of different banks add up."""
        if one.group is None:
            return ""
        return " ".join(token.key for token in self.found.tokens[one.group.first : one.group.end])

    def _is_shown(self, item: Item, others: dict[tuple[str, str, str], list[tuple[Pair, Item]]]) -> bool:
        """ "hướng dẫn 10 bà con làm dvc, nộp được 7 hồ sơ": the ten were shown how, the seven are the result."""
        own = self.words.own_unit[item.category]
        return (
            item.unit in ("người", "lượt người")
            and own not in ("người", "lượt người")
            and any(code == item.category and unit == own for code, unit, _ in others)
            and any(token.says("dẫn", "chỉ", "giúp", "trợ", "phụ") for token in self.found.tokens)
        )
