"""`apso status`: how the running bot is, for a person; and what is known of it when it does not run."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener
from zoneinfo import ZoneInfo

from bot.app import find_routers, open_store, real_now
from bot.chat.message import plain
from bot.chat.texts import Voice, load
from bot.clock import next_slot, trigger
from bot.config import Config
from bot.rules.health import Trouble
from storage import watching
from storage.db import Db, InUse, StorageError

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
        return await _without_it(config)
    url = _address(config.web.host, port)
    said = await asyncio.to_thread(ask, url)
    if said is None:
        print(Line(False, f"not running: nothing answers at {url}"))
        return await _without_it(config)
    if "version" not in said or "troubles" not in said:
        print(Line(False, f"something else answers at {url}. Choose another [web] port for the bot."))
        return 1
    for line in _running(said, url, config):
        print(line)
    return 0 if said.get("ok") else 1


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
    return Line(None, f"{what} {_span(age)} ago ({_time(at)})" if at else f"{what}: never since it runs")


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


async def _without_it(config: Config) -> int:
    """What the database itself tells."""
    where = config.storage.where
    if not (config.storage.is_server or _exists(where)):
        print(Line(None, f"database: there is no {where} yet."))
        return 1
    try:
        store = await open_store(config, real_now())
    except InUse:
        print(Line(None, f"database: {where} is in use, so the bot is running, or another apso command is."))
        return 1
    except StorageError as error:
        print(Line(None, f"database: {error}"))
        return 1
    try:
        for line in await store.run(lambda db: _left(db, ZoneInfo(config.bot.zone), real_now())):
            print(line)
    finally:
        await store.close()
    return 1


def _exists(file: str) -> bool:
    return Path(file).exists()


def _left(db: Db, zone: ZoneInfo, now: int) -> list[Line]:
    lanes = watching.lanes(db, now, now - DAY_MS)
    waiting = {name: lane.queued + lane.sending for name, lane in lanes.items()}
    parts = [f"{count} {name}" for name, count in waiting.items() if count]
    found = [Line(None, f"queue: {', '.join(parts) or 'nothing'} waiting to be sent")]
    last = watching.last_sign(db)
    if last:
        at = datetime.fromtimestamp(last / 1000, UTC).astimezone(zone)
        found.append(Line(None, f"last sign of life {_span((now - last) // 1000)} ago ({at:%Y-%m-%d %H:%M:%S})"))
    return found
