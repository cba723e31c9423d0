"""Files by which categories, units of count, periods, forms and targets are set: every row judged, nothing written."""

from bot.rules.settings.categories import Categories
from bot.rules.settings.counted import Units
from bot.rules.settings.forms import Forms
from bot.rules.settings.periods import Periods
from bot.rules.settings.table import Change, Problem, Read, Table, read
from bot.rules.settings.targets import Targets

__all__ = [
    "Categories",
    "Change",
    "Forms",
    "Periods",
    "Problem",
    "Read",
    "Table",
    "Targets",
    "Units",
    "read",
]
