"""Reading what a member typed into the group as a report: what was done, how many, when, where."""

from bot.rules.reading.behalf import Behalf, behalf, others
from bot.rules.reading.reader import known, known_unit, read
from bot.rules.reading.records import Category, Counted, Item, Kind, Question, Reading
from bot.rules.reading.register import MEMBERS, TEAMS
from bot.rules.reading.words import PERSON_UNITS, PERSON_WORDS

__all__ = [
    "MEMBERS",
    "PERSON_UNITS",
    "PERSON_WORDS",
    "TEAMS",
    "Behalf",
    "Category",
    "Counted",
    "Item",
    "Kind",
    "Question",
    "Reading",
    "behalf",
    "known",
    "known_unit",
    "others",
    "read",
]
