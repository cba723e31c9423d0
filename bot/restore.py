"""`apso restore` and `apso resume`: a backup comes back, and says nothing until a person lets it."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import backup as nightly
from bot import erasures, sealing
from bot.app import open_store, real_now
from bot.chat.reply import Kind
from bot.chat.texts import Voice, load
from bot.config import Config, ConfigError
from bot.rules import backups
from storage import audit, backup, dump, migrations, mydata, outbox, pauses, units
from storage import restore as kept
from storage.db import Db, StorageError
from storage.sqlite import open_sqlite

_BEGINNINGS = {b"SQLite format 3\0": False, b"PGDMP": True}

NEXT = (
    "Next: `apso resume` lets all of this be said; what was said after the backup was made is then said a second time.",
    "      `apso resume --discard` leaves it unsaid; only what is added from the restore on is said.",
    "      Until then `apso run` hears and keeps everything, and answers nobody.",
)


async def restore(config: Config, file: Path, identity: Path | None, *, ask: bool) -> int:
    """Let the backup be the database. Raises ConfigError or StorageError, and then everything is as it was."""
    _refuse_what_is_none(config, file)
    now = real_now()
    signs = _erased(config, file)
    if config.storage.is_server:
        done = _into_server(config, file, identity, ask, now)
    else:
        done = await _into_file(config, file, identity, ask, now, signs)
    if not done:
        print("Nothing was changed.")
        return 1
    store = await open_store(config, now)
    try:
        again = await store.run(lambda db: _erase_again(db, config, signs, now))  # in a file that is done already
        if again:
            print(f"People who had been erased since were erased again: {again}.")
        print("\n".join(await store.run(lambda db: waiting_lines(db, now))))
    finally:
        await store.close()
    return 0


def _erased(config: Config, file: Path) -> set[str]:
    """Whom the backup must not bring back."""
    url, folders = config.storage.url.get_secret_value(), {nightly.folder(config), file.absolute().parent}
    return erasures.known(url, config.storage.is_server, *folders)


def _erase_again(db: Db, config: Config, signs: set[str], now: int) -> int:
    """Nobody who was erased comes back with a backup."""
    house = Voice(load(), config.bot.language)
    count = mydata.erase_again(db, signs, house.label("mydata.stand_in", code="{code}"), now)
    if count:
        again, top = house.label("audit.fact.people", count=count), units.top(db)
        audit.note(
            db,
            None,
            "setup.restored",
            "erasures",
            "",
            now,
            after=again,
            channel=audit.MACHINE,
            unit_id=top.id if top else None,
        )
    return count


async def _into_file(config: Config, file: Path, identity: Path | None, ask: bool, now: int, signs: set[str]) -> bool:
    database = Path(config.storage.where)
    with kept.alone(database), backup.scratch(database, nightly.whose(config, database)) as new:
        _unpack(config, file, new, identity)
        backup.check(new)
        found = kept.contents(new)
        _show(config, file, found, _present(database))
        if ask and not _agreed():
            return False
        again = await _prepare(new, config, _why(file), now, signs)
        aside = database.with_name(f"{database.name}.replaced-{_stamp(config, now):%Y-%m-%dT%H%M%S}.{now % 1000:03}")
        todo = kept.put_in_place(new, database, aside)
    print(f"{database} is restored." + (f" What it was is kept in {aside}." if aside.exists() else ""))
    if todo:
        print(todo)
    if again:
        print(f"People who had been erased since were erased again: {again}.")
    return True


def _into_server(config: Config, file: Path, identity: Path | None, ask: bool, now: int) -> bool:
    url, pg_dump = config.storage.url.get_secret_value(), config.backup.pg_dump
    dump.programs(pg_dump)
    unpacked = nightly.folder(config) / file.name
    with dump.alone(url), backup.scratch(unpacked, nightly.whose(config, unpacked)) as new:
        _unpack(config, file, new, identity)
        dump.check(new, pg_dump)
        found = dump.contents(new, pg_dump)
        present = dump.present(url)
        _show(config, file, found, _in_words(present) if present else "nothing")
        if ask and not _agreed():
            return False
        aside = f"replaced_{_stamp(config, now):%Y%m%d_%H%M%S}_{now % 1000:03}"
        table = next(one.sql for one in migrations.known() if one.name == "pauses")
        dump.put_in_place(url, pg_dump, new, aside, table, _why(file), now)
    print(f"{config.storage.where} is restored. What it was is kept in its schema {aside}; when nobody misses it:")
    print(f"  DROP SCHEMA {aside} CASCADE")
    return True


def _unpack(config: Config, file: Path, new: Path, identity: Path | None) -> None:
    if sealing.is_sealed(file):
        sealing.unseal(file, new, identity)
    else:
        shutil.copyfile(file, new)
    with new.open("rb") as opened:
        begins = opened.read(16)
    engine = next((server for sign, server in _BEGINNINGS.items() if begins.startswith(sign)), None)
    if engine is None:
        raise StorageError(f"{file.name} is not a backup of apso.")
    if engine != config.storage.is_server:
        kinds = {True: "a PostgreSQL database", False: "an SQLite file"}
        raise ConfigError(f"{file.name} is a backup of {kinds[engine]}, and [storage] url names {kinds[not engine]}.")


def _refuse_what_is_none(config: Config, file: Path) -> None:
    if not file.is_file():
        raise ConfigError(f"There is no backup {file}.")
    database, wal = Path(config.storage.where), Path(f"{file}-wal")
    if database.exists() and file.samefile(database):
        raise ConfigError(f"{file} is the database itself.")
    if wal.exists() and wal.stat().st_size > 0:
        raise ConfigError(f"{file} is a database in use, not a backup: part of it is in {wal.name}.")


async def _prepare(new: Path, config: Config, why: str, now: int, signs: set[str]) -> int:
    """Bring what will be the database up to date, pause its sender and erase whom it would bring back, before anybody
    can run it; returns how many those were."""
    with _without_company(new):
        store = await open_sqlite(str(new), now)
        try:
            await store.run(lambda db: pauses.pause(db, outbox.SENDER, why, now))
            return await store.run(lambda db: _erase_again(db, config, signs, now))
        finally:
            await store.close()


@contextmanager
def _without_company(new: Path) -> Iterator[None]:
    """The engine's other files beside it (its lock, a copy before a migration) are gone again at the end."""
    try:
        yield
    finally:
        for other in new.parent.glob(f"{new.name}?*"):
            other.unlink()


def _show(config: Config, file: Path, found: kept.Contents, present: str) -> None:
    made = backups.made(file.name)
    if made is None:
        made = datetime.fromtimestamp(file.stat().st_mtime, UTC).astimezone(ZoneInfo(config.bot.zone))
    print(f"{file}, made {made:%Y-%m-%d %H:%M}, whole:")
    print(f"  {_in_words(found)}")
    print(f"It takes the place of {config.storage.where}, which now holds:")
    print(f"  {present}")


def _present(database: Path) -> str:
    if not database.exists():
        return "nothing"
    try:
        return _in_words(kept.contents(database, still=False))
    except StorageError as error:
        return f"what cannot be read ({error})"


def _in_words(found: kept.Contents) -> str:
    newest = f", the newest of {found.newest}" if found.newest else ""
    return f"{found.units} units, {found.people} people, {found.reports} reports{newest} (schema {found.schema})"


def _agreed() -> bool:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # the loop's own would wait for the answer
    try:
        return input("Restore it? Write yes: ").strip().lower() == "yes"
    except EOFError:
        return False
    finally:
        signal.signal(signal.SIGINT, before)


def _why(file: Path) -> str:
    return f"restored from {file.name}"


def _stamp(config: Config, now: int) -> datetime:
    return datetime.fromtimestamp(now / 1000, ZoneInfo(config.bot.zone))


def waiting_lines(db: Db, now: int) -> list[str]:
    """For the operator: that the sender is paused, what waits, and what to do; empty when it is not paused."""
    pause = pauses.since(db, outbox.SENDER)
    if pause is None:
        return []
    return [f"The sender is PAUSED: {pause.why}, {_ago(now - pause.since)}.", *_waiting(db, now), *NEXT]


def _waiting(db: Db, now: int) -> list[str]:
    found = outbox.waiting(db)
    queued, in_hand = ([one for one in found if one.state == state] for state in ("queued", "sending"))
    lines = [f"Waiting to be said: {sum(one.count for one in queued)}."]
    lines += [f"  {_letters(one)}, the oldest {_ago(now - one.oldest)}" for one in queued]
    if in_hand:
        lines += [f"On the wire when the backup was made, perhaps said: {sum(one.count for one in in_hand)}."]
        lines += [f"  {_letters(one)}, {_then(one)}" for one in in_hand]
    return lines


def _letters(one: outbox.Waiting) -> str:
    return f"{one.kind.lower()} (lane {one.lane}): {one.count}"


def _then(one: outbox.Waiting) -> str:
    return "to be said once more" if Kind[one.kind].again else "not to be said again"


def _ago(ms: int) -> str:
    for unit, size in (("days", 86_400_000), ("hours", 3_600_000), ("minutes", 60_000)):
        if ms >= 2 * size:
            return f"{ms // size} {unit} ago"
    return "just now"


async def resume(config: Config, *, discard: bool) -> int:
    """Let the sender go on; with `discard` what waited when it was paused is not said."""
    now = real_now()
    store = await open_store(config, now)
    try:
        print("\n".join(await store.run(lambda db: _resume(db, now, discard=discard))))
    finally:
        await store.close()
    return 0


def _resume(db: Db, now: int, *, discard: bool) -> list[str]:
    pause = pauses.since(db, outbox.SENDER)
    if pause is None:
        return ["The sender is not paused."]
    left = [f"Not said any more: {outbox.discard(db, pause.since, now)}."] if discard else []
    pauses.resume(db, outbox.SENDER)
    return [*left, *_waiting(db, now), "The sender goes on with the next `apso run`, or now where one runs."]
