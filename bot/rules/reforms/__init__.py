"""What a reform does to units, posts and open work: decided on a copy of the rows, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence

from bot.rules.reforms.outcome import Moved, Outcome
from bot.rules.reforms.told import Told
from bot.rules.units import Levels
from storage.journal import Copy
from storage.reforms import Step

__all__ = ["Moved", "Outcome", "decide"]


def decide(steps: Sequence[Step], rows: Copy, *, at: int, levels: Levels) -> Outcome:
    """Do the steps one after the other on the copy. Raises Refused where one cannot be."""
    doing = Told(rows, at, levels)
    for step in steps:
        getattr(doing, step.act)(step)
    return doing.finish()
