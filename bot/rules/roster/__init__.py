"""An office's list of people, in whatever form: read into units, people, posts and doubts. No I/O and no words."""

from bot.rules.roster.judging import read_roster
from bot.rules.roster.records import LEVELS, NOTES, Figures, Kind, Person, Post, Problem, Role, Roster, Unit

__all__ = [
    "LEVELS",
    "NOTES",
    "Figures",
    "Kind",
    "Person",
    "Post",
    "Problem",
    "Role",
    "Roster",
    "Unit",
    "read_roster",
]
