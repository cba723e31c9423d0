"""What the library raises, translated into the channel's closed list of send errors."""

from __future__ import annotations

from datetime import timedelta

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.channels.channel import Ambiguous, Failed, Gone, Moved, SendError, Throttled, Unauthorized, Unreachable, Unsent
from bot.channels.telegram.transport import NotSent

_NO_SUCH_PERSON = (
    "chat not found",
    "user is deactivated",
    "user not found",
    "user_is_blocked",
    "peer_id_invalid",
    "input_user_deactivated",
)
_NO_SUCH_MESSAGE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",
    "there is no caption in the message to edit",
)


class Stopped(Exception):
    """The channel cannot go on listening; the sentence says what a person should do."""


def classify(error: TelegramError) -> SendError:
    """The send error that says what to do about `error`."""
    text = str(error)
    match error:
        case RetryAfter():
            return Throttled(text, seconds(error))
        case ChatMigrated():
            return Moved(text, str(error.new_chat_id))
        case Forbidden():
            return Unreachable(text)
        case InvalidToken():
            return Unauthorized(text)
        case BadRequest():
            return _refused(text)
        case NetworkError() if isinstance(error.__cause__, NotSent):
            return Unsent(text)
        case NetworkError() if text.startswith("Too Many Requests"):
            return Throttled(text, 1.0)
        case NetworkError():
            return Ambiguous(text)
    return Failed(text)


def seconds(error: RetryAfter) -> float:
    """The pause Telegram asks for."""
    pause = error.retry_after
    return pause.total_seconds() if isinstance(pause, timedelta) else float(pause)


def is_not_modified(error: TelegramError) -> bool:
    """Whether an edit was refused because it says what is already there."""
    return isinstance(error, BadRequest) and "message is not modified" in str(error).lower()


def has_no_text(error: TelegramError) -> bool:
    """Whether a text edit was refused because the message has a caption instead."""
    return "there is no text in the message to edit" in str(error).lower()


def is_no_such_file(error: TelegramError) -> bool:
    """Whether something was refused because Telegram knows no file by its handle any more."""
    lower = str(error).lower()
    return any(words in lower for words in ("file identifier", "file_id", "file_reference"))


def _refused(text: str) -> Failed:
    lower = text.lower()
    if any(words in lower for words in _NO_SUCH_PERSON):
        return Unreachable(text)
    if any(words in lower for words in _NO_SUCH_MESSAGE):
        return Gone(text)
    return Failed(text)
