"""An office's list of people, in whatever form: read into units, people, posts and doubts. No I/O and no words."""

from bot.rules.roster.judging import read_roster
from bot.rules.roster.plan import Altered, Counts, Gone, Plan, make_plan
from bot.rules.roster.reading import prepared
from bot.rules.roster.records import LEVELS, NOTES, Figures, Kind, Person, Post, Problem, Role, Roster, Unit

__all__ = [
    "LEVELS",
    "NOTES",
    "Altered",
    "Counts",
    "Figures",
    "Gone",
    "Kind",
    "Person",
    "Plan",
    "Post",
    "Problem",
    "Role",
    "Roster",
    "Unit",
    "make_plan",
    "prepared",
    "read_roster",
]
