"""`apso reform`: units merged, renamed and moved by a plan in a file, looked at first with --dry-run; or undone."""

from bot.reforming.command import reform
from bot.reforming.undoing import undo

__all__ = ["reform", "undo"]
