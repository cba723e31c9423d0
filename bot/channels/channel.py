"""What every channel is, and the closed list of what can go wrong when one sends.

SendError
├── Unsent         surely not sent: the connection was never made               → again later
│   └── Throttled  the channel asks for a pause of `retry_after` seconds        → again exactly after it
├── Ambiguous      perhaps sent: the answer was lost                            → unknown, by the kind's policy
└── Failed         surely refused                                               → never again
    ├── Unreachable    the person blocked the bot or is gone                    → next channel, the lead sees it
    ├── Gone           the message to edit is no more                           → sent as a new one
    ├── Moved          the chat has a new id, `chat`                            → there
    └── Unauthorized   the bot's own key is refused                             → the channel stops, a person must act
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from bot.chat.message import Abilities, File, Heard, Incoming, Message


class SendError(Exception):
    """Something between the outbox and the person went wrong; the subclass says what to do about it."""


class Unsent(SendError):
    """The request never reached the channel."""


class Throttled(Unsent):
    """The channel refused for now and said for how many seconds."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Ambiguous(SendError):
    """The request was written, but no answer tells whether it was carried out."""


class Failed(SendError):
    """The channel refused this message for good."""


class Unreachable(Failed):
    """This person cannot be written to on this channel."""


class Gone(Failed):
    """The message that should be edited cannot be edited any more."""


class Moved(Failed):
    """The chat goes by another id now."""

    def __init__(self, message: str, chat: str) -> None:
        super().__init__(message)
        self.chat = chat


class Unauthorized(Failed):
    """The channel does not accept the bot's own credentials."""


class Busy(Exception):
    """Too many turns wait already: nothing was taken in, the update is to be brought again a little later."""


Hear = Callable[[Incoming], Awaitable[Heard]]
"""Takes an Incoming in; returns when its turn is committed. Calls made without an await between keep their order.

Raises Busy, or whatever made the turn fail; either way the channel brings the update again.
"""


@dataclass(frozen=True, slots=True)
class Pace:
    """Most messages per second: over all, and per chat after a short burst. 0: no limit."""

    overall: float = 0.0
    chat: float = 0.0
    burst: int = 1


class Channel(Protocol):
    """A way to people and back. `listen` returns only when `stop` was called or the channel cannot go on."""

    name: str
    pace: Pace

    def abilities(self, chat: str) -> Abilities: ...

    async def listen(self, hear: Hear) -> None: ...

    async def stop(self) -> None: ...

    async def send(self, chat: str, message: Message) -> str:
        """Say it; returns the channel's id of the message ("" when it has none). Raises SendError."""
        ...

    async def edit(self, chat: str, message_id: str, message: Message) -> None:
        """Put `message` in the place of an earlier one; saying the same again is no error. Raises SendError."""
        ...

    async def fetch(self, file: File) -> bytes:
        """The content of a file this channel keeps. Raises SendError."""
        ...
