"""Reading what a member typed into the group as a report: what was done, how many, when, where."""

from bot.rules.reading.reader import known, known_unit, read
from bot.rules.reading.records import Category, Counted, Item, Question, Reading

__all__ = ["Category", "Counted", "Item", "Question", "Reading", "known", "known_unit", "read"]
