"""`apso audit`: the log of changes on paper, and what was forgotten because its time was over."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot import typed
from bot.app import open_store, real_now
from bot.chat import history
from bot.chat.history import Words
from bot.chat.message import Span, plain
from bot.chat.texts import Voice, load
from bot.config import Config, ConfigError
from bot.rules import vietnamese
from storage import audit, keeping, people
from storage.audit import Entry, Filter
from storage.db import Db
from storage.restore import looking
from storage.units import Unit

Read = Callable[[Callable[[Db], Any]], Awaitable[Any]]

PAGE = 500
COLUMNS = ("at", "who", "did", "what", "before", "after", "where", "unit")
MOST_PEOPLE = 20
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the log; `file` None: on the screen."""

    since: str
    person: str
    unit: str
    file: Path | None


async def report(config: Config, wanted: Wanted) -> int:
    """Print the log, the newest first, or write it as CSV. Raises ConfigError for a name nobody or several have."""
    say = Voice(load(), config.bot.language, buttons=False)
    async with _reader(config) as read:
        entries = _entries(read, config, wanted, say)
        if wanted.file is not None:
            count = await _write(entries, wanted.file, say)
            print(plain(say("audit.written", file=str(wanted.file), count=count)))
            return 0
        async for at, entry in entries:
            print(plain(history.shown(say, entry, (Span(f"{at:%Y-%m-%d %H:%M:%S} "),))))
    return 0


async def _write(entries: AsyncIterator[tuple[datetime, Words]], file: Path, say: Voice) -> int:
    count = 0
    try:
        with file.open("x", encoding="utf-8-sig", newline="") as opened:  # Excel knows UTF-8 by its mark
            writer = csv.writer(opened)
            writer.writerow([say.label(f"audit.column.{column}") for column in COLUMNS])
            async for at, one in entries:
                parts = (one.who, one.did, one.what, one.before, one.after, one.where, one.unit)
                writer.writerow(guarded([f"{at:%Y-%m-%d %H:%M:%S}", *parts]))
                count += 1
    except FileExistsError:
        raise ConfigError(plain(say("audit.file_is_there", file=str(file)))) from None
    except OSError as error:
        raise ConfigError(plain(say("audit.file_unwritten", file=str(file), why=error.strerror or ""))) from None
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


async def _entries(read: Read, config: Config, wanted: Wanted, say: Voice) -> AsyncIterator[tuple[datetime, Words]]:
    """A page at a time, so that nobody waits for it; with the local time of each."""
    zone = ZoneInfo(config.bot.zone)
    first = typed.day(wanted.since, typed.today(config.bot.zone), say) if wanted.since else None
    since = int(datetime.combine(first, time(), zone).timestamp() * 1000) if first else 0
    top, person_id = await read(lambda db: _asked(db, wanted, say))
    below = 0
    while True:
        of = Filter(person_id=person_id, since=since, below=below)
        page = await read(lambda db, of=of: _page(db, say, top, of))  # type: ignore[misc]
        for entry, words in page:
            yield datetime.fromtimestamp(entry.at / 1000, zone), words
        if not page:
            return
        below = page[-1][0].id


def _asked(db: Db, wanted: Wanted, say: Voice) -> tuple[Unit, int]:
    """The unit and the person (0: anybody) that were named. Raises ConfigError."""
    unit = typed.unit(db, wanted.unit, say)
    if not wanted.person:
        return unit, 0
    if wanted.person.isdecimal() and audit.held_post(db, [unit], int(wanted.person[:18])):
        return unit, int(wanted.person[:18])
    found = audit.people_called(db, [unit], wanted.person, MOST_PEOPLE + 1)
    if not found:
        raise ConfigError(plain(say("typed.no_person", said=wanted.person[:60])))
    whole = [one for one in found if vietnamese.fold(one[1]) == vietnamese.fold(wanted.person)] or found
    if len(whole) > 1:
        listed = "".join(f"\n{_who(db, one, name)}" for one, name in whole[:MOST_PEOPLE])
        more = "\n     …" if len(whole) > MOST_PEOPLE else ""
        raise ConfigError(plain(say("typed.several_people", said=wanted.person[:60])) + listed + more)
    return unit, whole[0][0]


def _who(db: Db, person_id: int, name: str) -> str:
    return ", ".join([f"{person_id:>6}  {name}", *(post.unit.name for post in people.posts(db, person_id))])


def _page(db: Db, say: Voice, top: Unit, of: Filter) -> list[tuple[Entry, Words]]:
    return [(entry, history.words(db, say, entry)) for entry in audit.page(db, [top], of, PAGE)]


async def forgotten(config: Config) -> int:
    """What was forgotten because its time was over, per month and kind; and the periods."""
    say = Voice(load(), config.bot.language, buttons=False)
    async with _reader(config) as read:
        found = await read(lambda db: keeping.forgotten(db, "", "9999"))
    for one in found:
        print(f"{one.month}  {one.count:>9,}  {plain(say(f'upkeep.kind.{one.kind}'))}")
    if not found:
        print(plain(say("audit.nothing_forgotten")))
    for name, days in config.keep.model_dump().items():
        print(f"[keep] {name} = {days}")
    return 0
