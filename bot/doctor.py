"""`apso doctor`: looks at everything the bot needs and says what to do about what is wrong."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import sealing
from bot.app import check_schedule, open_store, real_now, telegram
from bot.channels.channel import SendError
from bot.config import Config, ConfigError, load
from bot.migrate import schema_of
from bot.photos.folder import Folder
from bot.restore import waiting_lines
from storage import dump, jobs, migrations, outbox, photos, units
from storage.db import Db, InUse, StorageError

GIGABYTE = 1 << 30
OLDEST_CLOCK = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the examination. `well` None: worth knowing, nothing to do."""

    well: bool | None
    what: str


async def examine(path: Path) -> int:
    """Print every finding; the exit status is 1 when something must be done."""
    ill = False
    async for finding in _findings(path):
        sign = {True: "ok  ", False: "BAD ", None: "note"}[finding.well]
        print(f"{sign} {finding.what}")
        ill |= finding.well is False
    return int(ill)


async def _findings(path: Path) -> AsyncIterator[Finding]:
    try:
        config = load(path)
        check_schedule(config)
    except ConfigError as error:
        for line in str(error).splitlines():
            yield Finding(False, line)
        return
    yield Finding(True, f"configuration: {path}")
    async for finding in _database(config):
        yield finding
    for look in (_programs, _sealing, _photos):
        for finding in await asyncio.to_thread(look, config):
            yield finding
    yield await _telegram(config)
    yield _clock(config)
    yield _disk(config)


async def _database(config: Config) -> AsyncIterator[Finding]:
    where = config.storage.where
    try:
        schema = schema_of(config)  # looking changes nothing
    except (ConfigError, StorageError) as error:
        yield Finding(False, f"database: {error}")
        return
    if not schema:
        yield Finding(False, f'database: nothing is in {where} yet. Begin with: apso init "Tỉnh …" --admin "Name"')
        return
    newest = migrations.known()[-1].version
    if schema < newest:
        yield Finding(False, f"database: {where} has schema {schema} of {newest}. Bring it up to date: apso migrate")
        return
    try:
        store = await open_store(config, real_now())
    except InUse as error:
        yield Finding(None, f"database: not looked through. {error} How the running bot is: apso status")
        return
    except StorageError as error:
        yield Finding(False, f"database: {error}")
        return
    try:
        checked = await store.check()
        yield Finding(checked.well, f"database: {where} is {checked.what}")
        for finding in await store.run(lambda db: _inside(db, config)):
            yield finding
        if checked.note:
            yield Finding(None, checked.note)
    finally:
        await store.close()


def _inside(db: Db, config: Config) -> list[Finding]:
    top = units.top(db)
    waiting = outbox.counts(db)
    queued = sum(count for (_, state), count in waiting.items() if state in ("queued", "sending"))
    unknown = sum(count for (_, state), count in waiting.items() if state == "unknown")
    found = []
    if top is None:
        found.append(Finding(False, 'people: nobody yet. Begin with: apso init "Tỉnh …" --admin "Name"'))
    else:
        found.append(Finding(True, f"people: {top.name}"))
    found.append(Finding(True if not unknown else None, f"outbox: {queued} waiting, {unknown} of unknown fate"))
    kept, size = photos.total(db)
    found.append(Finding(True, f"photos: {kept} kept, {size / 1e6:.1f} MB"))
    folder = Folder(config.photo_folder)
    if folder.name() not in ("", photos.folder_name(db)):
        mark = (folder.where / folder.mark).absolute()
        line = f"photos: the folder is that of another database, so what nobody refers to stays. If not, remove {mark}"
        found.append(Finding(None, line))
    last = jobs.last(db, "summaries.weekly")
    if last is not None:
        at = datetime.fromtimestamp(last / 1000, ZoneInfo(config.bot.zone))
        found.append(Finding(True, f"jobs: the clock has seen to the weekly summary up to {at:%Y-%m-%d %H:%M}"))
    found += [Finding(False, line) for line in waiting_lines(db, real_now())[:1]]
    return found


def _programs(config: Config) -> list[Finding]:
    """What copies a server's database and puts it back; a file needs nobody else."""
    if not config.storage.is_server:
        return []
    try:
        versions = dump.versions(config.backup.pg_dump)
        dump.refuse_older(versions, dump.server_version(config.storage.url.get_secret_value()))
    except StorageError as error:
        return [Finding(False, f"backups: {error}")]
    return [Finding(True, f"backups: {', '.join(f'{name} {version}' for name, version in versions.items())}")]


def _sealing(config: Config) -> list[Finding]:
    recipient = config.backup.recipient
    if not recipient:
        return []
    try:
        sealing.try_out(recipient)
    except StorageError as error:
        return [Finding(False, f"backups: nothing can be sealed for [backup] recipient {recipient!r}: {error}")]
    return [Finding(True, f"backups: sealed for {recipient}")]


def _photos(config: Config) -> list[Finding]:
    """Whether the bot can write where photos are kept; a folder that is not there yet it makes itself."""
    where = config.photo_folder.absolute()
    there = next(one for one in (where, *where.parents) if one.exists())
    if not there.is_dir() or not os.access(there, os.R_OK | os.W_OK | os.X_OK):
        return [Finding(False, f"photos: nothing can be written in {there}. Let [files] dir name another folder")]
    database = Path(config.storage.where)
    if where == there and not config.storage.is_server and database.exists():
        owner, wanted = where.stat().st_uid, database.stat().st_uid
        if owner != wanted:
            return [
                Finding(False, f"photos: {where} belongs to another user than {database}: chown -R {wanted} {where}")
            ]
    if where == there and where.stat().st_mode & 0o077:
        return [Finding(False, f"photos: others can look into {where}: chmod 700 {where}")]
    free = shutil.disk_usage(there).free
    if free < GIGABYTE:
        return [Finding(False, f"photos: {free / GIGABYTE:.1f} GB free in {where}; make room, 1 GB at least")]
    return [
        Finding(True, f"photos: in {where}, {free / GIGABYTE:.1f} GB free; copy this folder along with the backups")
    ]


async def _telegram(config: Config) -> Finding:
    if not config.telegram.token.get_secret_value():
        return Finding(False, "telegram: the token is empty. Get one from @BotFather and put it in [telegram] token.")
    channel = telegram(config, real_now)
    try:
        checked = await channel.check()
    except SendError as error:
        return Finding(False, f"telegram: {error}")
    finally:
        await channel.stop()
    said = f"telegram: @{checked.username}, {checked.waiting} updates waiting"
    if config.telegram.mode == "webhook" and not checked.webhook:
        return Finding(None, f"{said}; the webhook will be set when the bot starts")
    if checked.problem:
        return Finding(None, f"{said}; the last call of the webhook failed: {checked.problem}")
    return Finding(True, said + (f", webhook at {checked.webhook}" if checked.webhook else ""))


def _clock(config: Config) -> Finding:
    now = datetime.fromtimestamp(time.time(), ZoneInfo(config.bot.zone))
    well = now > OLDEST_CLOCK
    return Finding(well, f"clock: it is {now:%Y-%m-%d %H:%M} in {config.bot.zone}" + ("" if well else "; set it right"))


def _disk(config: Config) -> Finding:
    where = Path.cwd() if config.storage.is_server else Path(config.storage.where).absolute().parent
    free = shutil.disk_usage(where).free
    well = free > GIGABYTE
    return Finding(
        well, f"disk: {free / GIGABYTE:.1f} GB free in {where}" + ("" if well else "; make room, 1 GB at least")
    )
