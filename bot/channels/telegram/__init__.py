"""The Telegram channel: `Telegram(Settings(token=…))`."""

from bot.channels.telegram.channel import Checked, Telegram
from bot.channels.telegram.errors import Stopped
from bot.channels.telegram.settings import Settings

__all__ = ["Checked", "Settings", "Stopped", "Telegram"]
