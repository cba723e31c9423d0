"""Telegram as a channel: python-telegram-bot is only the wire, the loops and the error policy are our own."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from telegram import Bot
from telegram.error import TelegramError

from bot.channels.channel import Hear
from bot.channels.telegram import hear as hearing
from bot.channels.telegram import render
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.settings import Settings
from bot.channels.telegram.speaking import Speaking, Uploads, sent
from bot.channels.telegram.transport import Transport
from bot.channels.telegram.waiting import Waiting
from bot.channels.telegram.webhook import Webhook
from bot.chat.message import Abilities, File, Message

log = logging.getLogger(__name__)

_ABILITIES = Abilities(buttons=True, edits=True, text_limit=render.TEXT_LIMIT)
_TOAST_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Checked:
    """What Telegram says of the bot. `webhook` is the host it is set to ("": none), `problem` its last error."""

    username: str
    webhook: str
    waiting: int
    problem: str


class Telegram:
    """The channel; see `Settings` for what it takes. `now` is UTC milliseconds."""

    name = hearing.NAME

    def __init__(
        self,
        settings: Settings,
        *,
        now: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        uploads: Uploads | None = None,
    ) -> None:
        _hush()
        self.settings, self.pace = settings, settings.pace
        self.username = ""
        self._now = now
        self._polls, self._calls = _transport(settings, 4), _transport(settings, 64)
        self._bot = Bot(
            settings.token,
            settings.base_url,
            settings.base_file_url,
            request=self._calls,
            get_updates_request=self._polls,
        )
        self._call = self._calls.calls(self._bot.base_url)
        self._speaking = Speaking(self._bot, self._call, uploads)
        self._waiting = Waiting(settings.first_backoff)
        self._answers: set[asyncio.Task[None]] = set()
        self._listening: asyncio.Future[None] | None = None
        self._polling = Polling(
            settings, self._bot.base_url, self._polls, self._waiting, read=self._read, answer=self._answer, now=now
        )
        self._webhook = Webhook(settings.webhook_secret, read=self._read, answer=self._answer)

    @property
    def last_poll_at(self) -> int:
        """When Telegram last answered a poll, UTC ms; 0: never."""
        return self._polling.last_poll_at

    def abilities(self, chat: str) -> Abilities:
        """The same for every private chat."""
        return _ABILITIES

    # Listening

    async def prepare(self) -> None:
        """Learn the bot's own name; proves the token. Raises SendError."""
        me = await sent(self._bot.get_me())
        self.username = me.username or ""

    async def listen(self, hear: Hear) -> None:
        """Hear until `stop` or `stop_listening`. Raises Stopped when a person has to act first."""
        self._listening = asyncio.get_running_loop().create_future()
        try:
            if not self.username:
                me = await self._waiting.insist(self._bot.get_me, "ask for the bot's own name")
                self.username = (me.username or "") if me else ""
            if self.settings.mode == "polling":
                # While a webhook is set, every getUpdates is refused.
                await self._waiting.insist(self._bot.delete_webhook, "remove the webhook")
                await self._polling.listen(hear)
            else:
                await self._listen_to_webhook(hear)
        finally:
            self._listening.set_result(None)

    async def webhook(self, headers: Mapping[str, str], body: bytes) -> int:
        """Take in one request of Telegram; returns the HTTP status to answer."""
        return await self._webhook.receive(headers, body)

    async def stop_listening(self) -> None:
        """End `listen` after the batch at hand; sending goes on."""
        self._waiting.stop()
        if self._listening is not None:
            await asyncio.shield(self._listening)

    async def stop(self) -> None:
        """End `listen` and close the connections; what is sent from now on is Unsent."""
        await self.stop_listening()
        if self._answers:
            await asyncio.wait(self._answers, timeout=2.0)
        for task in list(self._answers):
            task.cancel()
        await asyncio.gather(*self._answers, return_exceptions=True)
        await self._calls.shutdown()
        await self._polls.shutdown()

    async def _listen_to_webhook(self, hear: Hear) -> None:
        self._webhook.open(hear)
        try:
            await self._waiting.insist(
                lambda: self._bot.set_webhook(
                    self.settings.webhook_url,
                    secret_token=self.settings.webhook_secret,
                    allowed_updates=hearing.ALLOWED_UPDATES,
                    max_connections=self.settings.max_connections,
                ),
                "set the webhook",
            )
            await self._waiting.forever()
        finally:
            self._webhook.close()

    def _read(self, update: hearing.Json) -> hearing.Update:
        try:
            return hearing.hear(update, self._now(), self.username)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            # One update nobody can read must not hold up all that come after it.
            log.warning("update %s is not what the Bot API describes (%r): ignored", update.get("update_id"), error)
            return hearing.Update(int(update["update_id"]))

    def _answer(self, query: str, toast: str) -> None:
        task = asyncio.get_running_loop().create_task(self._answer_query(query, toast))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _answer_query(self, query: str, toast: str) -> None:
        try:
            await self._call("answerCallbackQuery", callback_query_id=query, text=toast[:_TOAST_LIMIT] or None)
        except TelegramError as error:  # too old, or the wire: the press itself is committed
            log.debug("callback query not answered: %s", error)

    # Speaking

    @property
    def uploads(self) -> Uploads | None:
        """Gets the bytes of a file that another channel keeps; without it such files are Failed."""
        return self._speaking.uploads

    @uploads.setter
    def uploads(self, uploads: Uploads | None) -> None:
        self._speaking.uploads = uploads

    async def send(self, chat: str, message: Message) -> str:
        """Say it; the id of the message, of the first one of an album, or "" for a list of commands."""
        return await self._speaking.send(chat, message)

    async def edit(self, chat: str, message_id: str, message: Message) -> None:
        """Replace text (or caption) and buttons; a message without text replaces only the buttons."""
        await self._speaking.edit(chat, message_id, message)

    async def fetch(self, file: File) -> bytes:
        """Download a file people sent or were sent; at most 20 MB."""
        return await self._speaking.fetch(file)

    async def set_commands(self, commands: Sequence[tuple[str, str]], language: str = "") -> None:
        """The command list of everyone who has none of their own. Raises SendError."""
        await self._speaking.set_commands(commands, language)

    async def check(self) -> Checked:
        """Ask Telegram about the bot, for the doctor. Raises SendError."""
        me, hook = await sent(self._bot.get_me()), await sent(self._bot.get_webhook_info())
        host = urlsplit(hook.url).hostname or ""
        return Checked(me.username or "", host, hook.pending_update_count, hook.last_error_message or "")


def _transport(settings: Settings, connections: int) -> Transport:
    return Transport(
        connect=settings.connect_timeout,
        read=settings.read_timeout,
        write=settings.write_timeout,
        media=settings.media_timeout,
        connections=connections,
        proxy=settings.proxy,
    )


def _hush() -> None:
    # These log URLs, and so the token, at INFO and DEBUG; also where somebody gave a logger of theirs its own level.
    for root in ("telegram", "httpx", "httpcore"):
        for name in (root, *(known for known in logging.Logger.manager.loggerDict if known.startswith(f"{root}."))):
            logger = logging.getLogger(name)
            logger.setLevel(max(logger.level, logging.WARNING))
