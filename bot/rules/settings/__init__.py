"""Files by which categories, units of count, periods, forms and targets are set: every row judged, nothing written."""

from bot.rules.settings.categories import Categories
from bot.rules.settings.counted import Units
from bot.rules.settings.periods import Periods
from bot.rules.settings.table import Change, Problem, Read, Table, heading_row, read

__all__ = ["Categories", "Change", "Periods", "Problem", "Read", "Table", "Units", "heading_row", "read"]
