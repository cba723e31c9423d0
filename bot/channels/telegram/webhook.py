"""What Telegram posts to us: checked, heard, and answered 200 only after it is committed.

Telegram keeps the order: it sends a chat's next update only after the one before was answered (WebhookActor.cpp of
tdlib/telegram-bot-api: one queue a chat, its front in flight). So nothing needs to be kept here, and any process may
take any update in.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Callable, Mapping

from bot.channels.channel import Busy, Hear
from bot.channels.telegram.hear import Json, Update

log = logging.getLogger(__name__)

SECRET_HEADER = "x-telegram-bot-api-secret-token"
MAX_BODY = 1024 * 1024


class Webhook:
    """Takes requests in between `open` and `close`."""

    def __init__(self, secret: str, *, read: Callable[[Json], Update], answer: Callable[[str, str], None]) -> None:
        self._secret = secret.encode()
        self._read, self._answer = read, answer
        self._hear: Hear | None = None

    def open(self, hear: Hear) -> None:
        """Hear from now on."""
        self._hear = hear

    def close(self) -> None:
        """Refuse what comes from now on; Telegram keeps it."""
        self._hear = None

    async def receive(self, headers: Mapping[str, str], body: bytes) -> int:
        """One request of Telegram; returns the HTTP status to answer."""
        given = next((value for name, value in headers.items() if name.lower() == SECRET_HEADER), "")
        if not self._secret or not hmac.compare_digest(given.encode(), self._secret):
            return 403
        if len(body) > MAX_BODY:
            return 413
        update = self._parse(body)
        if update is None:
            return 400
        if self._hear is None:
            return 503
        return await self._commit(self._hear, update)

    def _parse(self, body: bytes) -> Update | None:
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            return None
        if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
            return None
        return self._read(raw)

    async def _commit(self, hear: Hear, update: Update) -> int:
        if update.incoming is None:
            return 200
        try:
            heard = await hear(update.incoming)
        except Busy as busy:
            log.warning("turn %s must wait, Telegram will repeat it: %s", update.incoming.key, busy)
            return 503
        except Exception:
            log.exception("turn %s failed, Telegram will repeat it", update.incoming.key)
            return 500
        if update.query:
            self._answer(update.query, heard.toast)
        return 200
