"""`apso backup`, by hand and each night: a copy that is whole, perhaps sealed, and the old ones that are kept."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

from bot import erasures, sealing
from bot.clock import Chore
from bot.config import Config
from bot.rules import backups
from storage import backup, dump
from storage.db import StorageError

log = logging.getLogger("apso.backup")

NIGHTLY = "backups.nightly"
LEFT_BEHIND_S = 24 * 3600


def chores(config: Config, now: Callable[[], int]) -> list[Chore]:
    """The nightly backup, when there is to be one."""
    if not config.backup.at:
        return []
    return [Chore(NIGHTLY, config.backup.at, lambda: _nightly(config, now()))]


async def _nightly(config: Config, now: int) -> None:
    began = time.monotonic()
    made = await back_up(config, now)
    log.info("backup=%s bytes=%d s=%.1f", made.name, made.stat().st_size, time.monotonic() - began)


async def back_up(config: Config, now: int, to: Path | None = None) -> Path:
    """Copy the database, while it is used or not, and return where to; `now` is UTC milliseconds.

    In the configured folder old backups that are not to be kept are removed; in another, `to`, none are. Raises
    StorageError with a sentence, and then all earlier backups are as they were.
    """
    give_up = Event()
    try:
        return await asyncio.to_thread(_back_up, config, now, to, give_up)
    except asyncio.CancelledError:
        give_up.set()  # a thread cannot be stopped, but what it waits for can
        raise


def folder(config: Config) -> Path:
    """Where backups are: beside the SQLite file, or from where the program was started."""
    where = Path(config.backup.dir).expanduser()
    return where if config.storage.is_server else Path(config.storage.where).absolute().parent / where


def whose(config: Config, target: Path) -> Path:
    """What a backup belongs to the owner of: the SQLite file, or else the nearest folder that is there already."""
    if not config.storage.is_server and (database := Path(config.storage.where)).exists():
        return database
    return next(folder for folder in target.absolute().parents if folder.exists())


def _back_up(config: Config, now: int, to: Path | None, give_up: Event) -> Path:
    sealing.check(config.backup.recipient)
    local = datetime.fromtimestamp(now / 1000, ZoneInfo(config.bot.zone)).replace(tzinfo=None, microsecond=0)
    target = _free_name(config, to or folder(config), local)
    _make(config, target, give_up)
    erasures.keep(config.storage.url.get_secret_value(), config.storage.is_server, target.parent, whose(config, target))
    if to is None:
        _prune(config, target.parent, local)
    return target


def before_change(config: Config, copied: Callable[[Path], object], version: int) -> None:
    """Copy the server's database before its schema is changed; `copied` is told where to.

    Without PostgreSQL's programs it must do without. Raises StorageError when the copy fails in another way.
    """
    target = folder(config) / f"apso-before-{version:04d}.dump{sealing.ending(config.backup.recipient)}"
    try:
        _make(config, target, Event())
    except StorageError as error:
        if dump.INSTALL not in str(error):
            raise
        log.warning("schema=%d is made without a copy of what was before: %s", version, error)
    else:
        copied(target)


def _make(config: Config, target: Path, give_up: Event) -> None:
    like = whose(config, target)
    with backup.made_whole(target, like) as made:
        if recipient := config.backup.recipient:
            with backup.scratch(target, like) as plain:
                _copy(config, plain, give_up)
                sealing.seal(plain, made, recipient, give_up)
        else:
            _copy(config, made, give_up)


def _copy(config: Config, into: Path, give_up: Event) -> None:
    url = config.storage.url.get_secret_value()
    if config.storage.is_server:
        dump.dump(url, config.backup.pg_dump, into, give_up)
    else:
        backup.copy(Path(url), into, give_up)


def _free_name(config: Config, where: Path, local: datetime) -> Path:
    """Never an earlier backup's, however the clock was turned."""
    ending = ("dump" if config.storage.is_server else "db") + sealing.ending(config.backup.recipient)
    while (target := where / backups.name(local, ending)).exists():
        local += timedelta(seconds=1)
    return target


def _prune(config: Config, where: Path, local: datetime) -> None:
    told = config.backup
    found = {file: made for file in where.iterdir() if (made := backups.made(file.name)) is not None}
    kept = backups.keep(found.values(), local, daily=told.daily, weekly=told.weekly, monthly=told.monthly)
    for file, made in found.items():
        if made not in kept:
            _remove(file)
    for file in where.glob(f".apso-*{backup.PARTIAL}*"):  # of a program that was killed in the middle of it
        if file.stat().st_mtime < time.time() - LEFT_BEHIND_S:
            _remove(file)


def _remove(file: Path) -> None:
    with suppress(FileNotFoundError):  # somebody else's backup ended at the same time
        backup.remove(file)


async def command(config: Config, now: int, to: Path | None) -> int:
    """`apso backup`."""
    began = time.monotonic()
    target = await back_up(config, now, to)
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB in {time.monotonic() - began:.1f} s")
    if config.photo_folder.is_dir():
        print(f"The photos are not in it: copy {config.photo_folder.absolute()} along, as with rsync -a.")
    return 0
