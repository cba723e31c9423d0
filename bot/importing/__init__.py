"""`apso import`: an office's list taken over from the command line, and taken back."""

from bot.importing.command import Order, command
from bot.importing.undoing import undo

__all__ = ["Order", "command", "undo"]
