"""What a Telegram channel needs to be told, checked when it is made."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from bot.channels.channel import Pace

# Telegram speaks of about 30 messages a second over all and one a second in a chat, with short bursts.
_PACE = Pace(overall=28.0, chat=1.0, burst=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All times in seconds. The token and the webhook's secret are not in the repr."""

    token: str = field(repr=False)
    base_url: str = "https://api.telegram.org/bot"
    base_file_url: str = "https://api.telegram.org/file/bot"
    proxy: str = ""
    mode: Literal["polling", "webhook"] = "polling"
    webhook_url: str = ""
    webhook_secret: str = field(default="", repr=False)
    max_connections: int = 40
    poll_timeout: int = 25
    connect_timeout: float = 5.0
    read_timeout: float = 20.0
    write_timeout: float = 20.0
    media_timeout: float = 60.0
    pace: Pace = _PACE
    watchdog: float = 120.0
    conflict_wait: float = 5.0
    first_backoff: float = 1.0

    def __post_init__(self) -> None:
        if self.watchdog <= self.poll_timeout:
            raise ValueError("watchdog must be longer than poll_timeout: a quiet poll would look like a dead one")
        if self.mode == "webhook":
            if not self.webhook_url:
                raise ValueError("webhook mode needs webhook_url, the https:// address that Telegram shall call")
            # https://core.telegram.org/bots/api#setwebhook
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", self.webhook_secret):
                raise ValueError("webhook mode needs webhook_secret: 1 to 256 of A-Z a-z 0-9 _ -")
