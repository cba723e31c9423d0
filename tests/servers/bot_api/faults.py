"""What goes wrong on the way: for the next calls of a method, or now and then with a seed."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from typing import Literal

Kind = Literal["late", "drop_after", "drop_before", "bad_gateway", "lost_gateway", "garbage", "error", "throttled"]
"""late: carried out, answered after `delay` seconds. drop_after, drop_before: the connection breaks after, before it is
carried out. lost_gateway, bad_gateway: 502 with HTML after, instead of carrying it out. garbage: carried out, answered
200 without JSON. error: a 500 in JSON, not carried out. throttled: a 429 with a pause of one second.

"download", no method of the Bot API, is the way of a file: what breaks after it is carried out breaks in the middle."""

BEFORE = ("drop_before", "bad_gateway", "error", "throttled")


@dataclass(slots=True)
class Fault:
    """One rule; `method` "*" is every method, `times` how often it still happens (None: as `chance` has it)."""

    method: str
    kind: Kind
    times: int | None = 1
    delay: float = 0.0
    chance: float = 1.0


class Faults:
    """The rules in force, first come first served."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []
        self._random = random.Random(0)
        self.happened = 0
        self.kinds: Counter[Kind] = Counter()

    def next(self, method: str, kind: Kind, times: int = 1, delay: float = 0.0) -> None:
        """The next `times` calls of `method` go wrong."""
        self._rules.append(Fault(method, kind, times, delay))

    def sometimes(self, method: str, kind: Kind, chance: float, seed: int = 0, delay: float = 0.0) -> None:
        """From now on each call of `method` goes wrong with this chance."""
        self._random.seed(seed)
        self._rules.append(Fault(method, kind, None, delay, chance))

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._rules.clear()

    def take(self, method: str) -> Fault | None:
        """What goes wrong with this call."""
        for rule in self._rules:
            if rule.method not in ("*", method) or (rule.times is None and self._random.random() >= rule.chance):
                continue
            if rule.times is not None:
                rule.times -= 1
                if rule.times == 0:
                    self._rules.remove(rule)
            self.happened += 1
            self.kinds[rule.kind] += 1
            return rule
        return None
