"""Spreadsheets and text tables: read safely into plain values, written with cells marked. Home of both libraries."""

from bot.sheets.marked import Mark, write_marked
from bot.sheets.open import read
from bot.sheets.sheet import Cell, Merge, Sheet, Unreadable

__all__ = ["Cell", "Mark", "Merge", "Sheet", "Unreadable", "read", "write_marked"]
