"""`apso move`: everything goes from one database into another that is empty, whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from threading import Event
from typing import Any

from bot.app import open_store, real_now
from bot.config import Config, ConfigError, Storage
from bot.progress import Bars
from storage import address, dump, moving
from storage.db import Db, Row, StorageError, Store
from storage.moving import Ask, Sum


async def move(config: Config, source: str, target: str) -> int:
    """Carry all from the database of one url to that of another. Raises ConfigError or StorageError; nothing came then.

    `config`: for everything but where things are kept.
    """
    here, there = _with_url(config, "--from", source), _with_url(config, "--to", target)
    _refuse_what_cannot_be(here, there)
    async with _at_rest(here) as old, _at_rest(there) as new:
        await _refuse_what_is_used(new, there)
        found = await _carry(old, new, there)
    print("\n".join(_table(found)))
    print(f"\n{there.storage.where} now holds all that {here.storage.where} holds: read back, and the same.")
    print("Next: let [storage] url in config.toml name it, and start `apso run`. What you came from is as it was;")
    print("      keep it as a backup, and let nothing run on it any more: two bots would answer everybody.")
    photos = here.photo_folder.absolute()
    if photos.is_dir() and photos != there.photo_folder.absolute():
        print(f"      The photos stay where they are: let [files] dir be {str(photos)!r}, or move them.")
    return 0


def _with_url(config: Config, option: str, url: str) -> Config:
    if mistake := address.mistake(url):
        raise ConfigError(f"{option}: {mistake}.")
    return config.model_copy(
        update={"storage": Storage.model_validate({"url": url, "connections": config.storage.connections})}
    )


def _refuse_what_cannot_be(here: Config, there: Config) -> None:
    source = here.storage
    if source == there.storage:
        raise ConfigError("--from and --to name the same database.")
    if source.is_server:
        nothing = dump.present(source.url.get_secret_value()) is None
    else:
        nothing = not Path(source.where).exists()
    if nothing:
        raise ConfigError(f"There is nothing of apso in {source.where}.")


@asynccontextmanager
async def _at_rest(config: Config) -> AsyncIterator[Store]:
    """The database, brought up to date, while nobody else uses it or begins to. Raises StorageError."""
    with ExitStack() as stack:
        if config.storage.is_server:
            with ExitStack() as before_it_is_changed:
                _be_alone(config, before_it_is_changed)
        store = await open_store(config, real_now())
        try:
            if config.storage.is_server:
                _be_alone(config, stack)
            yield store
        finally:
            await store.close()


def _be_alone(config: Config, stack: ExitStack) -> None:
    """Until the end of `stack`. Raises StorageError."""
    stack.enter_context(dump.alone(config.storage.url.get_secret_value()))


async def _refuse_what_is_used(store: Store, config: Config) -> None:
    held = await store.run(moving.held, line=None)
    if held:
        what = ", ".join(f"{table} {count}" for table, count in held.items())
        raise StorageError(f"{config.storage.where} is not empty: it holds {what}. Name a database that is.")


async def _carry(old: Store, new: Store, there: Config) -> list[Sum]:
    counted = await old.run(moving.held, line=None)
    last = await old.run(moving.last_ids, line=None)
    given_up = Event()
    ask = _asking(old, asyncio.get_running_loop(), given_up)
    with Bars(sum(counted.values())) as bars:
        try:
            return await new.run(lambda db: _fill(db, ask, counted, last, bars), line=None)
        except asyncio.CancelledError:
            given_up.set()  # the thread cannot be stopped, but what it asks for can be refused
            raise StorageError(f"Given up. {there.storage.where} is as it was.") from None
        except StorageError as error:
            raise StorageError(f"{error} {there.storage.where} is as it was.") from error
        except Exception as error:
            reason = str(error).splitlines()[0]
            raise StorageError(f"{there.storage.where} could not be filled: {reason}. It is as it was.") from error


def _asking(store: Store, loop: asyncio.AbstractEventLoop, given_up: Event) -> Ask:
    """To read in a transaction of another store, from a thread of this one."""

    def ask(sql: str, values: dict[str, Any]) -> Callable[[], list[Row]]:
        if given_up.is_set():
            raise StorageError("Given up.")
        return asyncio.run_coroutine_threadsafe(store.run(lambda db: db.all(sql, **values), line=None), loop).result

    return ask


def _fill(db: Db, ask: Ask, counted: dict[str, int], last: dict[str, int], bars: Bars) -> list[Sum]:
    """All of it, and then all of it read back, before anything is committed. Raises StorageError when they differ."""
    sent = moving.carry(db, ask, last, bars.begin("carried over"))
    arrived = moving.sums(moving.asking(db), bars.begin("read back"))
    for one, other in zip(sent, arrived, strict=True):
        rows = counted.get(one.table, 0)
        if one.rows != rows:
            raise StorageError(f"{one.table} changed meanwhile: it had {rows} rows, and {one.rows} came.")
        if one != other:
            raise StorageError(
                f"{one.table} came out otherwise than it went in: {one.rows} rows with the checksum {one.sha256[:12]},"
                f" and then {other.rows} with {other.sha256[:12]}."
            )
    return sent


def _table(found: list[Sum]) -> list[str]:
    wide = max(len(one.table) for one in found)
    lines = [f"{one.table:<{wide}} {one.rows:>12,}  {one.sha256[:12]}" for one in found if one.rows]
    return [f"{'table':<{wide}} {'rows':>12}  sha256", *lines, f"{'':<{wide}} {sum(one.rows for one in found):>12,}"]
