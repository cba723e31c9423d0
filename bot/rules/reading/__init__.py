"""Reading what a member typed into the group as a report: what was done, how many, when, where."""

from bot.rules.reading.reader import known, read
from bot.rules.reading.records import Category, Item, Question, Reading

__all__ = ["Category", "Item", "Question", "Reading", "known", "read"]
