"""Builds everything once, starts it in order and stops it in the other. The only file that knows all the rooms."""

from __future__ import annotations

import asyncio
import logging
import pkgutil
import time as clocks
from collections.abc import Awaitable, Callable, Mapping
from datetime import time
from importlib import import_module
from zoneinfo import ZoneInfo

import handlers
from bot.channels.channel import Channel, Pace, SendError
from bot.channels.telegram import Settings as TelegramSettings
from bot.channels.telegram import Telegram
from bot.chat import texts, turn
from bot.chat.message import Abilities, Address, File, Heard, Incoming
from bot.chat.router import Job, Router, Routes
from bot.chat.turn import Outcome, Settings, Surroundings
from bot.clock import Clock
from bot.config import Config, ConfigError
from bot.sender import Sender
from bot.web.app import build
from bot.web.phone.pages import PhonePages
from bot.web.server import Server
from storage import categories
from storage.db import Store
from storage.sqlite import open_sqlite

log = logging.getLogger("apso.app")

Now = Callable[[], int]


def real_now() -> int:
    """UTC milliseconds."""
    return clocks.time_ns() // 1_000_000


def find_routers() -> list[Router]:
    """The `router` of every module in handlers/, however deep."""
    modules = pkgutil.walk_packages(handlers.__path__, f"{handlers.__name__}.")
    found = (getattr(import_module(module.name), "router", None) for module in modules)
    return [router for router in found if isinstance(router, Router)]


def check_schedule(config: Config) -> None:
    """Whether every job that [schedule] names exists. Raises ConfigError."""
    known = {timer.name for router in find_routers() for timer in router.timers if timer.at}
    for name in config.schedule:
        if name not in known:
            raise ConfigError(f"[schedule] {name}: there is no such job; there are {', '.join(sorted(known))}.")


def settings(config: Config, link: Callable[[str], str]) -> Settings:
    """What handlers may know of the configuration."""
    bot = config.bot
    return Settings(
        zone=ZoneInfo(bot.zone),
        language=bot.language,
        team=bot.team,
        quiet=(time.fromisoformat(bot.quiet_from), time.fromisoformat(bot.quiet_until)),
        undo_minutes=bot.undo_minutes,
        invite_days=bot.invite_days,
        link=link,
    )


def telegram(config: Config, now: Now) -> Telegram:
    """The Telegram channel as configured. Raises ValueError."""
    told = config.telegram
    return Telegram(
        TelegramSettings(
            token=told.token.get_secret_value(),
            base_url=told.base_url,
            base_file_url=told.base_file_url,
            mode=told.mode,
            webhook_url=told.webhook_url,
            webhook_secret=told.webhook_secret.get_secret_value(),
            poll_timeout=told.poll_seconds,
            connect_timeout=told.connect_seconds,
            read_timeout=told.answer_seconds,
            media_timeout=told.upload_seconds,
            pace=Pace(overall=told.per_second, chat=told.chat_per_second, burst=told.chat_burst),
            watchdog=told.watchdog_seconds,
        ),
        now=now,
    )


class App:
    """The running bot: a store, channels that hear and speak, a sender, a clock and a web server."""

    def __init__(
        self,
        config: Config,
        store: Store,
        channels: Mapping[str, Channel],
        *,
        now: Now = real_now,
        phone: Callable[[App], PhonePages] | None = None,
        serve: bool = True,
    ) -> None:
        self.config = config
        self.store = store
        self.now = now
        self.channels = dict(channels)
        words = texts.load()
        self.sender = Sender(store, self.channels, now)
        self.around = Surroundings(
            texts=words,
            routes=Routes.of(find_routers(), words),
            settings=settings(config, self._link),
            abilities=self._abilities,
            epoch=lambda: self.sender.epoch,
            fresh_card=self.sender.card_of,
        )
        zone = self.around.settings.zone
        timers = self.around.routes.timers
        check_schedule(config)
        self.clock = Clock(store, timers.values(), config.schedule, zone, now, self.run_job)
        self.server = self._server(phone) if serve else None
        self._listening: list[asyncio.Task[None]] = []
        self._greeting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin in the order in which things need each other."""
        await self.store.run(categories.seed)
        for channel in self.channels.values():
            if isinstance(channel, Telegram):
                channel.uploads = self.fetch
        await self.sender.start()
        await self.clock.start()
        for name, channel in self.channels.items():
            self._listening.append(asyncio.create_task(channel.listen(self.hear), name=f"listen {name}"))
        await asyncio.sleep(0)  # they have begun when the first request comes in
        if self.server is not None:
            await self.server.start()
        self._greeting = asyncio.create_task(self._greet(), name="default commands")

    async def wait(self) -> None:
        """Returns when a channel stopped listening; raises what made it stop."""
        done, _ = await asyncio.wait(self._listening, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def stop(self) -> None:
        """Hear nothing new, finish what is on the wire, close the store."""
        await self.clock.stop()
        if self._greeting is not None:
            self._greeting.cancel()
        for channel in self.channels.values():
            if isinstance(channel, Telegram):
                await channel.stop_listening()
        if self.server is not None:
            await self.server.stop()
        await self.sender.stop()
        for channel in self.channels.values():
            await channel.stop()
        await asyncio.gather(*self._listening, return_exceptions=True)
        await self.store.close()

    async def hear(self, incoming: Incoming) -> Heard:
        """Run the turn of one update; returns when it is committed."""
        started = clocks.perf_counter()
        outcome = await self.store.run(lambda db: turn.run(db, incoming, self.now(), self.around))
        self._go_on(outcome)
        log.info(
            "turn channel=%s feature=%s ms=%.1f outcome=%s key=%s",
            incoming.address.channel,
            outcome.feature,
            (clocks.perf_counter() - started) * 1000,
            outcome.result,
            incoming.key,
        )
        return outcome.heard

    async def run_job(self, job: Job) -> None:
        """Run a turn of the clock."""
        self._go_on(await self.store.run(lambda db: turn.ring(db, job, self.now(), self.around)))

    async def fetch(self, file: File) -> bytes:
        """The content of a file, from whichever channel keeps it. Raises SendError."""
        return await self.channels[file.channel].fetch(file)

    async def healthy(self) -> dict[str, object]:
        """What /healthz says."""
        await self.store.run(lambda db: db.one("SELECT 1"))
        stopped = {name: line.stopped for name, line in self.sender.lines.items() if line.stopped}
        return {"ok": not stopped, "stopped": stopped, "last_sent_at": self.sender.last_sent_at}

    async def _greet(self) -> None:
        """Let Telegram list to strangers what strangers may use; those who are linked get their own list."""
        channel = self.channels.get("telegram")
        if not isinstance(channel, Telegram):
            return
        try:
            await channel.prepare()
            for language, code in (("vi", ""), ("en", "en")):
                say = texts.Voice(self.around.texts, language)
                found = self.around.routes.of_person((), known=False)
                await channel.set_commands([(c.word, turn.plain_about(say, c)) for c in found], code)
        except SendError as error:
            log.warning("channel=telegram did not take the list of commands: %s", error)

    def _go_on(self, outcome: Outcome) -> None:
        self.sender.take(outcome.handed)
        if outcome.queued:
            self.sender.ring()

    def _abilities(self, to: Address) -> Abilities:
        channel = self.channels.get(to.channel)
        return channel.abilities(to.chat) if channel else Abilities()

    def _link(self, code: str) -> str:
        channel = self.channels.get("telegram")
        username = channel.username if isinstance(channel, Telegram) else ""
        return f"https://t.me/{username}?start={code}" if username else ""

    def _server(self, phone: Callable[[App], PhonePages] | None) -> Server:
        channel = self.channels.get("telegram")
        webhook: Callable[[Mapping[str, str], bytes], Awaitable[int]] | None = None
        if isinstance(channel, Telegram) and self.config.telegram.mode == "webhook":
            webhook = channel.webhook
        pages = phone(self) if phone else None
        web = self.config.web
        return Server(build(phone=pages, telegram_webhook=webhook, healthy=self.healthy), web.host, web.port)


async def open_store(config: Config, now: int) -> Store:
    """The engine that [storage] url names. Raises StorageError."""
    return await open_sqlite(config.storage.url, now)
