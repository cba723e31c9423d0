"""`apso status`: how the running bot is, for a person; and what is known of it when it does not run."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener
from zoneinfo import ZoneInfo

from bot import leading
from bot.app import find_routers, open_store, real_now
from bot.chat.message import plain
from bot.chat.texts import Voice, load
from bot.clock import next_slot, trigger
from bot.config import Config, ConfigError
from bot.migrate import schema_of
from bot.restore import waiting_lines
from bot.rules.health import Trouble, kind_of
from storage import migrations, outbox, pauses, watching
from storage.db import Db, InUse, StorageError, Store
from storage.postgres import PostgresStore

PATIENCE_S = 5.0
DAY_MS = 24 * 3600 * 1000
EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}
MOST_NEXT = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report. `well` None: worth knowing, nothing to do."""

    well: bool | None
    what: str

    def __str__(self) -> str:
        return f"{ {True: 'ok  ', False: 'BAD ', None: 'note'}[self.well] } {self.what}"


async def report(config: Config, port: int | None) -> int:
    """Print how it is; the exit status is 0 when it runs and all is well, else 1."""
    port = config.web.port if port is None else port
    if port == 0:
        print(Line(None, "[web] port is 0, any free one: a bot that runs cannot be asked. Name a port, or use --port."))
        return _print(await _without_it(config, ""))
    url = _address(config.web.host, port)
    said = await asyncio.to_thread(ask, url)
    if said is None:
        return _print(await _without_it(config, f"nothing answers at {url}"))
    if "version" not in said or "troubles" not in said:
        return _print([Line(False, f"something else answers at {url}. Choose another [web] port for the bot.")])
    return _print([*_running(said, url, config), *await _others(config)])


def _print(lines: Iterable[Line]) -> int:
    ill = False
    for line in lines:
        print(line)
        ill |= line.well is False
    return int(ill)


def ask(url: str) -> dict[str, Any] | None:
    """What /healthz answers, whatever its status; None when nothing does, {} for what is not ours."""
    direct = build_opener(ProxyHandler({}))  # the bot is on this machine, not behind anybody's proxy
    try:
        with direct.open(url, timeout=PATIENCE_S) as answer:
            body = answer.read()
    except HTTPError as error:
        body = error.read()
    except OSError:
        return None
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _address(host: str, port: int) -> str:
    host = EVERYWHERE.get(host, host)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/healthz"


def _running(said: dict[str, Any], url: str, config: Config) -> Iterator[Line]:
    since = _time(said["started_at"])
    yield Line(True, f"running since {since}: version {said['version']}, role {said['role']}, at {url}")
    for trouble in said["troubles"]:
        yield Line(False, _trouble(trouble))
    if config.telegram.mode == "polling":
        yield _happened("heard from Telegram", said, "last_poll")
    yield _happened("sent something", said, "last_sent")
    yield _happened("kept something", said, "last_commit")
    if said["queued"] is not None:
        waits = [f"{lane} for {_span(age)}" for lane, age in said["queue_age_s"].items() if age]
        yield Line(None if waits else True, f"queue: {said['queued']} letters" + "".join(f", {one}" for one in waits))
        if said["unknown"]:
            yield Line(None, f"{said['unknown']} letters of the last day perhaps arrived, perhaps not")
    if said["disk_free_gb"] is not None:
        yield Line(None, f"disk: {said['disk_free_gb']} GB free")
    yield Line(None, f"next: {', '.join(_next(config))}")


def _trouble(said: dict[str, Any]) -> str:
    trouble = Trouble(**{one.name: said[one.name] for one in fields(Trouble)})
    say = Voice(load(), "en")
    what, todo = (plain(say(f"watching.{part}.{trouble.kind}", **trouble.values())) for part in ("what", "todo"))
    since = f"since {_time(said['since'])}: " if said["since"] else ""
    return f"{since}{what} {todo}"


def _happened(what: str, said: dict[str, Any], name: str) -> Line:
    at, age = said[f"{name}_at"], said[f"{name}_age_s"]
    return Line(None, f"{what} {_span(age)} ago ({_time(at)})" if at else f"{what}: not yet since it runs")


def _time(iso: str) -> str:
    return f"{datetime.fromisoformat(iso):%Y-%m-%d %H:%M:%S}"


def _span(seconds: int) -> str:
    for length, name in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * length:
            return f"{seconds // length} {name}"
    return f"{seconds} s"


def _next(config: Config) -> list[str]:
    """What the clock rings next."""
    zone, now = ZoneInfo(config.bot.zone), real_now()
    timers = {timer.name: timer.at for router in find_routers() for timer in router.timers if timer.at}
    timers |= config.schedule
    if config.backup.at:
        timers["the backup"] = config.backup.at
    slots = [(slot, name) for name, at in timers.items() if (slot := next_slot(trigger(at, zone), now)) is not None]
    return [f"{name} {datetime.fromtimestamp(slot / 1000, zone):%a %H:%M}" for slot, name in sorted(slots)[:MOST_NEXT]]


async def _without_it(config: Config, silent: str) -> list[Line]:
    """What the database itself tells, when the process that was asked is `silent`: others may work on a server's."""
    gone = Line(False, f"not running: {silent or 'nothing works on the database'}")
    try:
        schema, newest = schema_of(config), migrations.known()[-1].version  # looking changes nothing
        if schema < newest:
            return [gone, Line(None, f"database: {config.storage.where} has schema {schema} of {newest}")]
        async with _looking(config) as store:
            left = await store.run(lambda db: _left(db, ZoneInfo(config.bot.zone), real_now()), line=None)
            led = await _led(config, store)
            wrong = await store.run(lambda db: _wrong(db, ZoneInfo(config.bot.zone)), line=None)
    except InUse:
        said = f"{silent}; " if silent else ""
        return [
            Line(False, f"{said}{config.storage.where} is in use, so the bot is running, or another apso command is")
        ]
    except (ConfigError, StorageError) as error:
        return [gone, Line(None, f"database: {error}")]
    if not any(line.well for line in led):
        return [gone, *left]
    if silent:
        return [Line(False, f"{silent}, but the bot is running elsewhere:"), *led, *wrong, *left]
    return [Line(True, "running:"), *led, *wrong, *left]


async def _others(config: Config) -> list[Line]:
    """Who leads what, where there may be several processes."""
    if not config.storage.is_server:
        return []
    try:
        async with _looking(config) as store:
            return await _led(config, store)
    except StorageError as error:
        return [Line(None, f"database: {error}")]


@asynccontextmanager
async def _looking(config: Config) -> AsyncIterator[Store]:
    """The database, without waiting for whoever changes its schema."""
    url = config.storage.url.get_secret_value()
    store = PostgresStore(url, 1) if config.storage.is_server else await open_store(config, real_now())
    try:
        yield store
    finally:
        await store.close()


async def _led(config: Config, store: Store) -> list[Line]:
    """Who leads what, where there may be several processes."""
    if store.single:
        return []
    paused = await store.run(lambda db: pauses.since(db, outbox.SENDER), line=None)
    whats = {"clock": "rings the clock"}
    if paused is None:
        whats = {outbox.SENDER: "sends", **whats}
    if config.telegram.mode == "polling":
        whats["poll telegram"] = "asks Telegram for news"
    lines = [_leader(whats[one.what], one, config) for one in await leading.found(store, whats)]
    return [Line(False, "sends: nobody, it is paused until `apso resume`"), *lines] if paused else lines


def _leader(does: str, leader: leading.Leader, config: Config) -> Line:
    since = _local(leader.since, ZoneInfo(config.bot.zone))
    if leader.alive:
        return Line(True, f"{does}: {leader.who}, since {since}")
    return Line(False, f"{does}: nobody" + (f", the last was {leader.who}, from {since}" if leader.who else ""))


def _left(db: Db, zone: ZoneInfo, now: int) -> list[Line]:
    lanes = watching.lanes(db, now, now - DAY_MS)
    waiting = {name: lane.queued + lane.sending for name, lane in lanes.items()}
    parts = [f"{count} {name}" for name, count in waiting.items() if count]
    found = [Line(None, f"queue: {', '.join(parts) or 'nothing'} waiting to be sent")]
    found += [Line(False, line) for line in waiting_lines(db, now)[:1]]
    last = watching.last_sign(db)
    if last:
        found.append(Line(None, f"last sign of life {_span((now - last) // 1000)} ago ({_local(last, zone)})"))
    return found


def _wrong(db: Db, zone: ZoneInfo) -> list[Line]:
    """What the processes know to be wrong."""
    say, found = Voice(load(), "en"), []
    for known in watching.troubles(db):
        kind, of = kind_of(known.name)
        what = plain(say(f"watching.name.{kind}", of=of.capitalize()))
        found.append(Line(False, f"something is wrong with {what}, since {_local(known.since, zone)}"))
    return found


def _local(at: int, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(at / 1000, UTC).astimezone(zone):%Y-%m-%d %H:%M:%S}"
