"""The browser phone of the demo: a channel without an outside service, whose phones live in a folder."""

from bot.channels.phone.channel import Phone
from bot.channels.phone.memory import Kept

__all__ = ["Kept", "Phone"]
