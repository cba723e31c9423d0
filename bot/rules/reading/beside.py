"""What stands beside a quantity and changes what it says: others who are not counted, a second number, a name."""

from __future__ import annotations

from dataclasses import replace

from bot.rules.reading.message import NONE, Scan
from bot.rules.reading.quantities import Quantity
from bot.rules.reading.words import PERSON_UNITS


class Beside:
    """Looks at the neighbours of each quantity."""

    def __init__(self, found: Scan, has_case: bool) -> None:
        self.found = found
        self.tokens = found.tokens
        self.hits = found.hits
        self.has_case = has_case

    def is_with_others(self, at: int) -> bool:
        """ "ba má với 2 đứa em", "cô giáo mầm non và 12 phụ huynh": the number is not all of them."""
        if at < 2 or not self.tokens[at - 1].says("với", "và", "cùng"):
            return False
        counted = self.found.said[-1].end if self.found.said else 0
        for place in range(at - 2, max(counted, at - 6) - 1, -1):
            if self.tokens[place].says("mình", "tui", "tôi") and self.tokens[place - 1].says("cho", "giúp"):
                return True
            hit = self.hits[place][0] if self.hits[place] else None
            if hit is None or hit.end > at - 1:
                continue
            if (hit.unit in PERSON_UNITS or "kin" in hit.tags) and not hit.is_bare:
                return place >= counted and max(self.found.breaks[place + 1 : at], default=NONE) == NONE
            if hit.codes or "verb" in hit.tags:
                return False
        return False

    def with_last(self, amount: Quantity) -> Quantity | None:
        """ "2 ông 1 bà" are three people."""
        if not self.found.said:
            return None
        between = self.tokens[self.found.said[-1].end : amount.first]
        if len(between) > 1 or any(not token.is_sign(",&+") and not token.says("và", "với") for token in between):
            return None
        last = self.found.said[-1].amount
        both = (last, amount)
        is_step = amount.value == last.value + 1 and amount.unit == last.unit and not (amount.why or last.why)
        if is_step and not between and amount.noun == last.noun == "unit":
            # "3 nhà 4 nhà"
            return replace(amount, first=last.first, why="range", values=(last.value, amount.value))
        if any(one.unit != "người" or one.why or one.qualifier or one.is_volunteer for one in both):
            return None
        nouns = [self.tokens[one.end - 1].key for one in both]
        if nouns[0] == nouns[1] or {"nguoi", "ng", "con"} & set(nouns):
            return None
        return replace(amount, first=last.first, value=last.value + amount.value)

    def is_end_of_name(self, at: int, amount: Quantity) -> bool:
        """ "nhà văn hóa Tân Thành 2": the number after a name in capitals that counts nothing."""
        if amount.noun not in ("bare", "unknown") or amount.value > 99 or not self.has_case or at < 2:
            return False
        if amount.end < len(self.hits) and any(hit.codes for hit in self.hits[amount.end][:1]):
            return False
        one, two = self.tokens[at - 1], self.tokens[at - 2]
        if two.says("quán", "tiệm", "chợ", "trường", "cầu") and one.text[0].isupper() and two.text[0].islower():
            return True  # "quán Góc 68"
        return all(
            token.kind == "word" and token.text[0].isupper() and not any(hit.codes for hit in self.hits[at - back])
            for back, token in ((1, one), (2, two))
        )
