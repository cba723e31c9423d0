"""Updates on their way to the bot: long polling with Telegram's offset rules, and webhook delivery."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from contextlib import suppress
from typing import NamedTuple

import aiohttp

from tests.servers.bot_api.world import Json, Refusal

_OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
_WEBHOOK_SET = "terminated by setWebhook request"
_WEBHOOK = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class Pending(NamedTuple):
    """An update as it goes over the wire; `chat` orders webhook deliveries."""

    id: int
    body: bytes
    chat: int


class Updates:
    """The queue of one bot."""

    def __init__(self) -> None:
        self.allowed: set[str] | None = None
        self.webhook: Webhook | None = None
        self._changing = asyncio.Lock()
        self.pending: deque[Pending] = deque()
        self.last = b""
        self.added = 0
        self._next_id = 871_234_001
        self._poll: asyncio.Future[None] | None = None

    def add(self, kind: str, what: Json, chat: int) -> int:
        """Queue an update of `kind`, if the bot wants that kind; returns its id (0: not wanted)."""
        if self.allowed is not None and kind not in self.allowed:
            return 0
        return self.push({kind: what}, chat)

    def push(self, update: Json, chat: int = 0) -> int:
        """Queue any update; it gets an id unless it has one."""
        update = {"update_id": self._next_id} | update
        self._next_id = max(self._next_id, update["update_id"]) + 1
        self.last = json.dumps(update).encode()
        self.queue(Pending(update["update_id"], self.last, chat))
        return int(update["update_id"])

    def queue(self, update: Pending) -> None:
        """Queue an update that is already written down."""
        self.added += 1
        if self.webhook:
            self.webhook.queue(update)
            return
        self.pending.append(update)
        if self._poll:
            _settle(self._poll)

    async def get(self, offset: int, limit: int, timeout: float) -> list[bytes]:
        """getUpdates: confirms what is before `offset`, waits up to `timeout` seconds for the first one."""
        if self.webhook:
            raise Refusal(409, f"Conflict: {_WEBHOOK}")
        self.end_poll(_OTHER_POLL)
        self._confirm(offset)
        if not self.pending and timeout > 0:
            loop = asyncio.get_running_loop()
            poll = self._poll = loop.create_future()
            timer = loop.call_later(timeout, _settle, poll)
            try:
                await poll
            finally:
                timer.cancel()
        return [self.pending[i].body for i in range(min(limit, len(self.pending)))]

    def end_poll(self, reason: str = _OTHER_POLL) -> None:
        """Answer the waiting poll, if any, with 409."""
        if self._poll and not self._poll.done():
            self._poll.set_exception(Refusal(409, f"Conflict: {reason}"))

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()
        while self.pending and self.pending[0].id < offset:
            self.pending.popleft()

    async def set_webhook(self, webhook: Webhook | None) -> None:
        """Deliver by webhook from now on, or (None) no more."""
        async with self._changing:  # of several who set it at once, the last one's goes on
            if self.webhook:
                self.pending.extend(await self.webhook.stop())
            self.webhook = webhook
            if webhook:
                self.end_poll(_WEBHOOK_SET)
                webhook.start()
                while self.pending:
                    webhook.queue(self.pending.popleft())

    @property
    def polling(self) -> bool:
        """Whether a poll is waiting."""
        return self._poll is not None and not self._poll.done()

    @property
    def count(self) -> int:
        """How many are not confirmed."""
        return len(self.pending) if self.webhook is None else self.webhook.count


def _settle(poll: asyncio.Future[None]) -> None:
    if not poll.done():
        poll.set_result(None)


class Webhook:
    """Delivers updates: a chat's one after the other, each until it is answered 2xx within `patience` seconds."""

    def __init__(self, url: str, secret: str, connections: int, retry_after: float, patience: float = 60.0) -> None:
        self.url, self.secret, self.connections = url, secret, connections
        self.last_error = ""
        self.delivered = 0
        self._retry_after, self._patience = retry_after, patience
        self._chats: dict[int, deque[Pending]] = {}
        self._ready: asyncio.Queue[int] = asyncio.Queue()
        self._workers: list[asyncio.Task[None]] = []

    @property
    def count(self) -> int:
        """How many are not delivered."""
        return sum(map(len, self._chats.values()))

    def start(self) -> None:
        """Begin to deliver."""
        self._workers = [asyncio.create_task(self._work()) for _ in range(self.connections)]

    async def stop(self) -> list[Pending]:
        """End; returns what was not delivered, in order."""
        while working := [worker for worker in self._workers if not worker.done()]:
            for worker in working:  # again: a time-out in the same moment hides that it was cancelled
                worker.cancel()
            await asyncio.wait(working, timeout=0.1)
        return sorted(update for queue in self._chats.values() for update in queue)

    def queue(self, update: Pending) -> None:
        """Deliver it after what its chat already waits for."""
        if update.chat in self._chats:
            self._chats[update.chat].append(update)
        else:
            self._chats[update.chat] = deque([update])
            self._ready.put_nowait(update.chat)

    async def _work(self) -> None:
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret
        timeout = aiohttp.ClientTimeout(total=self._patience)
        async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
            while True:
                chat = await self._ready.get()
                queue = self._chats[chat]
                if not await self._deliver(session, queue[0]):
                    asyncio.get_running_loop().call_later(self._retry_after, self._ready.put_nowait, chat)
                    continue
                self.delivered += 1
                queue.popleft()
                if queue:
                    self._ready.put_nowait(chat)
                else:
                    del self._chats[chat]

    async def _deliver(self, session: aiohttp.ClientSession, update: Pending) -> bool:
        with suppress(aiohttp.ClientError, TimeoutError, OSError):
            async with session.post(self.url, data=update.body) as response:
                if 200 <= response.status <= 299:
                    return True
                self.last_error = f"Wrong response from the webhook: {response.status} {response.reason}"
                return False
        self.last_error = "Connection failed"
        return False
