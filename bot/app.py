"""Builds everything once, starts it in order and stops it in the other. The only file that knows all the rooms."""

from __future__ import annotations

import asyncio
import logging
import pkgutil
import time as clocks
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping
from datetime import time
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import handlers
from bot import VERSION, backup, leading
from bot.channels.channel import Busy, Channel, Failed, Pace, SendError
from bot.channels.phone import Phone
from bot.channels.telegram import Settings as TelegramSettings
from bot.channels.telegram import Telegram
from bot.chat import texts, turn
from bot.chat.message import KEPT, Abilities, Address, File, Heard, Incoming
from bot.chat.router import Job, Router, Routes
from bot.chat.turn import Outcome, Settings, Surroundings
from bot.clock import Chore, Clock
from bot.config import Config, ConfigError
from bot.errands import Errands
from bot.flood import Flood, Limits, Verdict
from bot.metrics import CONTENT_TYPE, Metrics
from bot.photos.cleaning import Bounds
from bot.photos.folder import Folder
from bot.photos.worker import Photos
from bot.rules.calendar import WorkingDays
from bot.rules.health import Process, troubles
from bot.rules.keeping import Keep
from bot.sender import Sender
from bot.watching import Watched, Watching, as_json, newest_backup, room
from bot.web.app import build
from bot.web.phone.pages import PhonePages
from bot.web.server import Server
from storage import categories, errands, inbox, outbox, pauses, people, photos, units
from storage.db import Db, Leadership, Store
from storage.postgres import open_postgres
from storage.sqlite import open_sqlite

log = logging.getLogger("apso.app")

T = TypeVar("T")

Now = Callable[[], int]

ROLES = ("web", "send", "clock")
LOOK_AGAIN_S = 1.0
LAST_TURNS_S = 10.0
ALBUM_WAIT_S = 0.6  # after a part of an album, for the next
ALBUM_LEFT_S = 5.0  # then whoever took its last part in is no more, and others see to it


def real_now() -> int:
    """UTC milliseconds."""
    return clocks.time_ns() // 1_000_000


@cache
def find_routers() -> tuple[Router, ...]:
    """The `router` of every module in handlers/, however deep."""
    modules = pkgutil.walk_packages(handlers.__path__, f"{handlers.__name__}.")
    found = (getattr(import_module(module.name), "router", None) for module in modules)
    return tuple(router for router in found if isinstance(router, Router))


def check_schedule(config: Config) -> None:
    """Whether every job that [schedule] names exists. Raises ConfigError."""
    known = {timer.name for router in find_routers() for timer in router.timers if timer.at}
    for name in config.schedule:
        if name == backup.NIGHTLY:
            raise ConfigError(f"[schedule] {name}: when it runs is said in [backup] at.")
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
        levels=config.units.as_levels,
        link=link,
        keep=Keep(**{kind: getattr(config.keep, f"{kind}_days") for kind in Keep().kinds()}),
        working_days=WorkingDays(frozenset(config.calendar.holidays), frozenset(config.calendar.working_days)),
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


def limits(config: Config) -> Limits:
    """How much of one person is heard."""
    told = config.limits
    return Limits(told.burst, told.seconds_per_message, told.photo_burst, told.photos_per_minute)


def bounds(config: Config) -> Bounds:
    """What is kept of a photo."""
    told = config.files
    return Bounds(told.longest_side, told.most_kb * 1000, told.most_megapixels)


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
        roles: Collection[str] = ROLES,
        port: int | None = None,
        chores: Collection[Chore] = (),
        copy: Callable[[], Awaitable[Path]] | None = None,
    ) -> None:
        self.config = config
        self.roles = frozenset(roles)
        self.metrics = Metrics(VERSION, clocks.perf_counter, lambda: self.store.waiting)
        self.store = store = Watched(store, now, self.metrics.stored)
        self.now = now
        self.channels = dict(channels)
        words = texts.load()
        self.sender = Sender(store, self.channels, now, told=self.metrics.told)
        self.around = Surroundings(
            texts=words,
            routes=Routes.of(find_routers(), words),
            settings=settings(config, self._link),
            abilities=self._abilities,
            epoch=lambda: self.sender.epoch,
            fresh_card=self.sender.card_of,
            facts=lambda db, now: self.watching.facts(db, now),
        )
        zone = self.around.settings.zone
        timers = self.around.routes.timers
        check_schedule(config)
        self.clock = Clock(
            store, timers.values(), config.schedule, zone, now, self.run_job, self.metrics.late, chores=chores
        )
        self.errands = Errands(store, self.around, now, self._go_on, self.fetch, copy)
        self.photos = Photos(
            store, self.around, now, self._go_on, self._from_channel, Folder(config.photo_folder), bounds(config)
        )
        where = Path.cwd() if config.storage.is_server else Path(config.storage.where).absolute().parent
        self.watching = Watching(
            store,
            now,
            self._process,
            self.clock.overdue,
            room(where),
            newest_backup(backup.folder(config), zone),
        )
        self._started_at = 0
        self._backs_up = backup.NIGHTLY in {chore.name for chore in chores}
        self.server = self._server(phone, port) if serve else None
        self._began = {role: asyncio.Event() for role in ("send", "clock") if role in self.roles}
        self._leading: list[asyncio.Task[None]] = []
        self.flood = Flood(limits(config), now)
        self.waiting = 0  # turns not committed yet
        self._turns: set[asyncio.Task[Any]] = set()
        self._albums: dict[Address, asyncio.Task[None]] = {}
        self._sweeping: asyncio.Task[None] | None = None
        self._listening: list[asyncio.Task[None]] = []
        self._greeting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin in the order in which things need each other."""
        self._started_at = self.now()
        await self.store.run(categories.seed)
        for fill in (units.fill_keys, people.fill_keys):
            while await self.store.run(fill):
                pass
        for channel in self.channels.values():
            if isinstance(channel, Telegram | Phone):
                channel.uploads = self.fetch
        for role, work in (
            ("send", self._send),
            ("clock", self._ring),
            ("clock", self._run_errands),
            ("clock", self._run_photos),
        ):
            if role in self.roles:
                self._leading.append(asyncio.create_task(work(), name=role))
        if self.store.single:
            await self.began()
        if "web" in self.roles:
            for name, channel in self.channels.items():
                self._listening.append(asyncio.create_task(self._listen(name, channel), name=f"listen {name}"))
            self._sweeping = asyncio.create_task(self._sweep(), name="albums left behind")
        await asyncio.sleep(0)  # they have begun when the first request comes in
        if self.server is not None:
            await self.server.start()
        self.watching.start()
        self._greeting = asyncio.create_task(self._greet(), name="default commands")

    async def began(self) -> None:
        """Returns when this process sends and rings, where that is its work and no other's."""
        await asyncio.gather(*(event.wait() for event in self._began.values()))

    async def wait(self) -> None:
        """Returns when a channel stopped listening; raises what made it stop."""
        ends = [*self._listening, *self._leading]
        done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def stop(self) -> None:
        """Hear nothing new, finish what is on the wire, close the store."""
        await self._end("clock")
        if self._greeting is not None:
            self._greeting.cancel()
        for channel in self.channels.values():
            if isinstance(channel, Telegram):
                await channel.stop_listening()
        if self.server is not None:
            await self.server.stop()
        if self._turns:
            await asyncio.wait(self._turns, timeout=LAST_TURNS_S)
        await self._end("send")
        for channel in self.channels.values():
            await channel.stop()
        for task in (*self._albums.values(), *filter(None, [self._sweeping])):  # what waits is kept
            task.cancel()
        for task in self._listening:  # some only wait for their turn to listen
            task.cancel()
        await asyncio.gather(*self._listening, return_exceptions=True)
        await self.watching.stop()
        await self.store.close()

    async def hear(self, incoming: Incoming) -> Heard:
        """Run the turn of one update; returns when it is committed. Raises Busy when too many wait already."""
        return await self._to_its_end(self._hear(incoming))

    async def _to_its_end(self, work: Coroutine[Any, Any, T]) -> T:
        """Though the caller be cancelled: what is committed must be handed to the sender."""
        task = asyncio.create_task(work)
        self._turns.add(task)
        task.add_done_callback(self._turns.discard)
        return await asyncio.shield(task)

    async def _hear(self, incoming: Incoming) -> Heard:
        if 0 < self.config.limits.waiting <= self.waiting:
            self.metrics.turned_away("busy")
            raise Busy(f"{self.waiting} turns wait already")
        verdict = self.flood.judge(incoming)
        if verdict is Verdict.SILENT:
            self.metrics.turned_away("dropped")
            return Heard()
        started = clocks.perf_counter()
        take_in = turn.warn if verdict is Verdict.WARN else turn.run
        line = incoming.address.line
        self.waiting += 1
        try:
            outcome = await self.store.run(lambda db: take_in(db, incoming, self.now(), self.around), line=line)
        except BaseException:
            self._may_be_kept()
            self._forgive(incoming, verdict)  # it will be brought again
            self.metrics.turned_away("failed")
            raise
        finally:
            self.waiting -= 1
        if incoming.album and outcome.result == "part":
            self._ripen_later(incoming.address, incoming.key)
        if outcome.heard.repeated:
            self._forgive(incoming, verdict)
        self.metrics.heard(outcome.feature, outcome.result, started, [letter.id for letter, _ in outcome.handed])
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
        """The content of a file: the bot's own copy, or from whichever channel keeps it, or the database. Raises
        SendError."""
        if file.kept:
            content = await asyncio.to_thread(self.photos.folder.read, file.kept)
            if content is not None:
                return content
        if file.channel == KEPT:
            raise Failed("the photo is no longer kept")
        if file.channel == turn.MADE:
            content = await self.store.run(lambda db: errands.content(db, int(file.ref)), line=None)
            if content is None:
                raise Failed("what was made is no longer kept")
            return content
        return await self._from_channel(file)

    async def _from_channel(self, file: File) -> bytes:
        channel = self.channels.get(file.channel)
        if channel is None:  # it was switched off
            raise Failed(f"there is no channel {file.channel}")
        return await channel.fetch(file)

    async def healthy(self) -> dict[str, object]:
        """What /healthz says."""
        facts = await self.watching.ask()
        role = "all" if self.roles == set(ROLES) else " ".join(sorted(self.roles))
        return as_json(facts, self.around.settings.zone) | {"role": role, "version": VERSION}

    async def figures(self) -> tuple[bytes, str]:
        """What /metrics says."""
        facts = await self.watching.ask()
        return self.metrics.exposed(facts, troubles(facts)), CONTENT_TYPE

    def _process(self) -> Process:
        channel = self.channels.get("telegram")
        polled = channel if isinstance(channel, Telegram) and self.config.telegram.mode == "polling" else None
        failed = self.clock.failures.get(backup.NIGHTLY)
        return Process(
            started_at=self._started_at,
            polls=polled is not None,
            last_poll_at=polled.last_poll_at if polled else 0,
            last_sent_at=self.sender.last_sent_at,
            last_commit_at=self.store.last_commit_at,
            stopped={name: line.stopped for name, line in self.sender.lines.items()} if self.sender.epoch else {},
            backups=self._backs_up,
            backup_failed_at=failed.at if failed else 0,
            backup_failed=failed.error if failed else "",
        )

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

    async def _send(self) -> None:
        """Be the sender whenever this process is the one to be it."""
        while True:
            try:
                await self._allowed_to_send()
                await leading.lead(self.store, outbox.SENDER, self._be_sender, self.now, self.sender.ring)
            except Exception:
                log.exception("the sender ended, again in 1 s")
                await asyncio.sleep(1)

    async def _allowed_to_send(self) -> None:
        """After a restore, until a person says go."""
        waited = False
        while await self.store.run(lambda db: pauses.since(db, outbox.SENDER), line=None) is not None:
            self._began["send"].set()  # no more than waiting is to be done now
            waited = True
            await asyncio.sleep(LOOK_AGAIN_S)
        if waited:
            log.warning("The sender is paused no more.")

    async def _be_sender(self, leadership: Leadership) -> None:
        try:
            await self.sender.start(leadership)
            self._began["send"].set()
            await self.sender.in_doubt.wait()
        finally:
            await self.sender.stop()

    async def _ring(self) -> None:
        """Be the clock whenever this process is the one to be it."""
        while True:
            try:
                await leading.lead(self.store, "clock", self._be_clock, self.now)
            except Exception:
                log.exception("the clock ended, again in 1 s")
                await asyncio.sleep(1)

    async def _be_clock(self, leadership: Leadership) -> None:
        try:
            await self.clock.start()
            self._began["clock"].set()
            await asyncio.get_running_loop().create_future()
        finally:
            await self.clock.stop()

    async def _run_errands(self) -> None:
        """Do what turns order whenever this process is the one to do it."""
        while True:
            try:
                await leading.lead(self.store, errands.LEADER, self.errands.run, self.now, self.errands.ring)
            except Exception:
                log.exception("errands ended, again in 1 s")
                await asyncio.sleep(1)

    async def _run_photos(self) -> None:
        """Fetch photos whenever this process is the one to do it."""
        while True:
            try:
                await leading.lead(self.store, photos.LEADER, self.photos.run, self.now, self.photos.ring)
            except Exception:
                log.exception("photos ended, again in 1 s")
                await asyncio.sleep(1)

    async def _listen(self, name: str, channel: Channel) -> None:
        """Hear a channel; one that must be asked for news is asked by one process only."""
        if isinstance(channel, Telegram) and self.config.telegram.mode == "polling":
            await leading.lead(self.store, f"poll {name}", lambda leadership: channel.listen(self.hear), self.now)
        else:
            await channel.listen(self.hear)

    async def _end(self, role: str) -> None:
        for task in self._leading:
            if task.get_name() == role:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    def _ripen_later(self, where: Address, newest: str) -> None:
        """Hear an album when no part came for a while; whoever took its newest part in does it."""
        known = self._albums.get(where)
        if known is not None:
            known.cancel()
        task = self._albums[where] = asyncio.create_task(self._ripen_soon(where, newest), name="album")
        task.add_done_callback(lambda done: self._albums.pop(where) if self._albums.get(where) is done else None)

    async def _ripen_soon(self, where: Address, newest: str) -> None:
        await asyncio.sleep(ALBUM_WAIT_S)
        await self._to_its_end(self._ripen(where, newest))

    async def _ripen(self, where: Address, newest: str) -> None:
        try:
            outcome = await self.store.run(
                lambda db: turn.ripen(db, where, newest, self.now(), self.around), line=where.line
            )
        except Exception:
            self._may_be_kept()
            log.exception("an album could not be heard, it will be tried again")
            return
        self._go_on(outcome)

    async def _sweep(self) -> None:
        """Albums whose process ended before it heard them."""
        while True:
            try:
                for channel, chat, newest in await self.store.run(self._left_behind, line=None):
                    await self._ripen(Address(channel, chat), newest)  # a part may come in meanwhile
            except Exception:
                log.exception("albums left behind could not be looked for")
            await asyncio.sleep(ALBUM_LEFT_S)

    def _left_behind(self, db: Db) -> list[tuple[str, str, str]]:
        return inbox.left(db, self.now() - int(ALBUM_LEFT_S * 1000))

    def _may_be_kept(self) -> None:
        """A connection lost at the commit leaves open whether replies were kept, in this sender's name: lead anew."""
        if not self.store.single:
            self.sender.in_doubt.set()

    def _forgive(self, incoming: Incoming, verdict: Verdict) -> None:
        """What is brought twice counts once."""
        if verdict is Verdict.GO_ON:
            self.flood.forgive(incoming)

    def _go_on(self, outcome: Outcome) -> None:
        self.sender.take(outcome.handed)
        if outcome.queued:
            self.sender.ring()
            if not self.sender.epoch:
                self.store.ring()
        if outcome.ordered:
            self.errands.ring()
            self.photos.ring()
            self.store.ring()  # perhaps another process does them

    def _abilities(self, to: Address) -> Abilities:
        channel = self.channels.get(to.channel)
        return channel.abilities(to.chat) if channel else Abilities()

    def _link(self, code: str) -> str:
        channel = self.channels.get("telegram")
        username = channel.username if isinstance(channel, Telegram) else ""
        if not username:
            return ""
        return f"https://t.me/{username}?start={code}" if code else f"https://t.me/{username}"

    def _server(self, phone: Callable[[App], PhonePages] | None, port: int | None) -> Server:
        channel = self.channels.get("telegram")
        webhook: Callable[[Mapping[str, str], bytes], Awaitable[int]] | None = None
        if isinstance(channel, Telegram) and self.config.telegram.mode == "webhook" and "web" in self.roles:
            webhook = channel.webhook
        pages = phone(self) if phone else None
        web = self.config.web
        served = build(phone=pages, telegram_webhook=webhook, healthy=self.healthy, figures=self.figures)
        return Server(
            served,
            web.host,
            port if port is not None else web.port,
            shared=not self.store.single and "web" in self.roles,
        )


async def open_store(config: Config, now: int, copied: Callable[[Path], object] = lambda copy: None) -> Store:
    """The engine that [storage] url names, brought up to date. Raises StorageError.

    `copied` is told where the copy is that was made before, when there was something to change.
    """
    told = config.storage
    if not told.is_server:
        return await open_sqlite(told.where, now, copied)
    keep_copy = partial(backup.before_change, config, copied)
    return await open_postgres(told.url.get_secret_value(), now, told.connections, keep_copy)
