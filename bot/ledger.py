"""`apso audit`: the log of changes on paper, and what was forgotten because its time was over."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.app import open_store, real_now
from bot.chat import history
from bot.chat.texts import Voice, load
from bot.config import Config, ConfigError
from bot.rules import vietnamese
from storage import audit, keeping, units
from storage.audit import Entry, Filter
from storage.db import Db
from storage.restore import looking
from storage.units import Unit

T = TypeVar("T")
Read = Callable[[Callable[[Db], Any]], Awaitable[Any]]

PAGE = 500
COLUMNS = ("time", "person", "act", "object", "before", "after", "from", "unit")
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the log; `file` None: on the screen."""

    since: date | None
    person: str
    unit: str
    file: Path | None


async def report(config: Config, wanted: Wanted) -> int:
    """Print the log, the newest first, or write it as CSV. Raises ConfigError for a name nobody or several have."""
    async with _reader(config) as read:
        rows = _rows(read, config, wanted)
        if wanted.file is not None:
            print(f"{wanted.file}: {await _write(rows, wanted.file)} entries")
            return 0
        async for row in rows:
            print("  ".join(part for part in row if part))
    return 0


async def _write(rows: AsyncIterator[tuple[str, ...]], file: Path) -> int:
    count = 0
    try:
        with file.open("x", encoding="utf-8-sig", newline="") as opened:  # Excel knows UTF-8 by its mark
            writer = csv.writer(opened)
            writer.writerow(COLUMNS)
            async for row in rows:
                writer.writerow(guarded(row))
                count += 1
    except FileExistsError:
        raise ConfigError(f"{file} is there already. Name another file.") from None
    except OSError as error:
        raise ConfigError(f"{file} cannot be written: {error.strerror}.") from None
    return count


def guarded(row: Iterable[str]) -> list[str]:
    """Cells that a spreadsheet would take for formulas begin with an apostrophe."""
    return [f"'{cell}" if cell.startswith(FORMULAS) else cell for cell in row]


@asynccontextmanager
async def _reader(config: Config) -> AsyncIterator[Read]:
    """What reads the database, whether the bot runs or not."""
    if not config.storage.is_server:
        with looking(Path(config.storage.where)) as db:
            yield lambda function: asyncio.to_thread(function, db)
        return
    store = await open_store(config, real_now())
    try:
        yield lambda function: store.run(function, line=None)
    finally:
        await store.close()


async def _rows(read: Read, config: Config, wanted: Wanted) -> AsyncIterator[tuple[str, ...]]:
    """A page at a time, so that nobody waits for it."""
    zone, say = ZoneInfo(config.bot.zone), Voice(load(), config.bot.language)
    since = int(datetime.combine(wanted.since, time(), zone).timestamp() * 1000) if wanted.since else 0
    top, person_id = await read(lambda db: _asked(db, wanted))
    below = 0
    while True:
        of = Filter(person_id=person_id, since=since, below=below)
        page = await read(lambda db, of=of: _page(db, say, zone, top, of))  # type: ignore[misc]
        for _, row in page:
            yield row
        if not page:
            return
        below = page[-1][0]


def _asked(db: Db, wanted: Wanted) -> tuple[Unit, int]:
    """The unit and the person (0: anybody) that were named. Raises ConfigError."""
    top = units.top(db)
    if top is None:
        raise ConfigError("There is nothing in the database yet.")
    unit = top
    if wanted.unit:
        found = units.with_code(db, wanted.unit) or vietnamese.rank(
            wanted.unit, units.called(db, top, wanted.unit), lambda one: one.name
        )
        same = [one for one in found if vietnamese.fold(one.name) == vietnamese.fold(wanted.unit)]
        unit = _one(same or found, wanted.unit)
    if not wanted.person:
        return unit, 0
    people = audit.people_called(db, [unit], wanted.person, 10)
    return unit, _one([one for one, _ in people], wanted.person)


def _one(found: Sequence[T], name: str) -> T:
    if not found:
        raise ConfigError(f"Nobody and nothing is called {name!r}.")
    if len(found) > 1:
        raise ConfigError(f"{len(found)} are called {name!r}. Say more of the name, or name a unit by its code.")
    return found[0]


def _page(db: Db, say: Voice, zone: ZoneInfo, top: Unit, of: Filter) -> list[tuple[int, tuple[str, ...]]]:
    return [(entry.id, _row(db, say, zone, entry)) for entry in audit.page(db, [top], of, PAGE)]


def _row(db: Db, say: Voice, zone: ZoneInfo, entry: Entry) -> tuple[str, ...]:
    words = history.words(db, say, entry)
    unit = units.get(db, entry.unit_id) if entry.unit_id else None
    at = f"{datetime.fromtimestamp(entry.at / 1000, zone):%Y-%m-%d %H:%M:%S}"
    return (at, words.who, words.act, words.what, words.before, words.after, words.where, unit.name if unit else "")


async def forgotten(config: Config) -> int:
    """What was forgotten because its time was over, per month and kind; and the periods."""
    async with _reader(config) as read:
        found = await read(lambda db: keeping.forgotten(db, "", "9999"))
    for one in found:
        print(f"{one.month}  {one.kind:<10} {one.count:>9,}")
    if not found:
        print("Nothing was forgotten yet.")
    for name, days in config.keep.model_dump().items():
        print(f"[keep] {name} = {days}")
    return 0
