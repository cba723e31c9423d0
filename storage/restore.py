"""A database comes back from its copy: what is in the copy, and putting it in place in one move."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from storage import migrations, mydata
from storage.backup import on_disk, read_only, told_as_sentences
from storage.db import Db, StorageError
from storage.sqlite import SqliteDb, hold

CONTENTS = (
    "SELECT (SELECT MAX(version) FROM schema_version), (SELECT COUNT(*) FROM units), (SELECT COUNT(*) FROM people),"
    " (SELECT COUNT(*) FROM reports WHERE state NOT LIKE 'practice%'),"
    " (SELECT MAX(day) FROM reports WHERE state NOT LIKE 'practice%')"
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds. `newest`: the day of the newest report ("": none)."""

    schema: int
    units: int
    people: int
    reports: int
    newest: str


def refuse_other_schemas(versions: Iterable[tuple[object, object, object, object]]) -> None:
    """`versions`: rows of schema_version. Raises StorageError when they are of a newer program, or not of apso's."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(migrations.TABLE)
        connection.executemany("INSERT INTO schema_version VALUES (?, ?, ?, ?)", versions)
        migrations.missing(SqliteDb(connection))


def contents(file: Path, *, still: bool = True) -> Contents:
    """What is in a file; `still`: nobody uses it. Raises StorageError when it is not apso's, or a newer apso's."""
    with (
        told_as_sentences(f"{file.name} is not an apso database"),
        closing(read_only(file, still=still)) as connection,
    ):
        migrations.missing(SqliteDb(connection))
        schema, units, people, reports, newest = connection.execute(CONTENTS).fetchone()
    return Contents(schema, units, people, reports, newest or "")


@contextmanager
def alone(database: Path) -> Iterator[None]:
    """Nobody else uses the file, or begins to. Raises StorageError when somebody does."""
    lock = hold(str(database))
    try:
        yield
    finally:
        os.close(lock)


def put_in_place(new: Path, database: Path, aside: Path) -> str:
    """Let `new` be the database, and the present one be kept as `aside`. Nobody else may use either.

    At every moment there is one whole database under the name. It belongs to whom the present one does, or else the
    folder; returns what to do when that could not be ("" when it is so).
    """
    with told_as_sentences(f"{database} could not be replaced"):
        todo = _give(new, database)
        on_disk(new)
        if database.exists():
            _set_aside(database, aside)
        new.replace(database)
        on_disk(database.parent)
    return todo


def _give(new: Path, database: Path) -> str:
    """The bot's own user must be able to open what root restores."""
    like = (database if database.exists() else database.parent).stat()
    try:
        os.chown(new, like.st_uid, like.st_gid)
    except PermissionError:  # then nobody else may read it either: its group is another one
        return (
            f"{database} belongs to you now, and not to whom it belonged before; if the bot runs as that user it "
            f"cannot open it. Let root do this: chown {like.st_uid}:{like.st_gid} {database}"
        )
    if database.exists():
        new.chmod(stat.S_IMODE(like.st_mode))
    return ""


def _set_aside(database: Path, aside: Path) -> None:
    if _is_sound(database):
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")  # takes in its WAL
    try:
        os.link(database, aside)
    except OSError:  # a file system without links: for a moment there is no database
        database.rename(aside)
    wal = Path(f"{database}-wal")
    if wal.exists():  # of a damaged one, which is kept as it is found
        wal.rename(f"{aside}-wal")
    Path(f"{database}-shm").unlink(missing_ok=True)


def _is_sound(database: Path) -> bool:
    with suppress(sqlite3.Error), closing(read_only(database)) as connection:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    return False


def erased(file: Path) -> list[str]:
    """The hashes of those who were erased in a database. Raises StorageError when it cannot be read."""
    if not file.exists():
        return []
    with told_as_sentences(f"{file.name} cannot be read"), closing(read_only(file)) as connection:
        db = SqliteDb(connection)
        if not db.one("SELECT 1 FROM sqlite_schema WHERE name = 'erasures'"):
            return []
        return mydata.erased(db)


@contextmanager
def looking(file: Path) -> Iterator[Db]:
    """Read a file that may be in use. Raises StorageError when it is not apso's, or of another version."""
    with told_as_sentences(f"{file.name} is not an apso database"), closing(read_only(file)) as connection:
        db = SqliteDb(connection)
        if migrations.missing(db):
            raise StorageError(f"{file} is of an older version. `apso migrate` brings it up to date.")
        yield db
