"""Copies of the SQLite file: made while turns go on, and looked through before they count."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Event

from storage.db import StorageError

STEP = 4_000_000  # bytes a turn's commit may have to wait for
LONGEST_REST_S = 0.2
LOOK_EVERY = 1000  # instructions of the engine: some hundred rows
PARTIAL = ".partial"


def copy(source: Path, into: Path, give_up: Event | None = None) -> None:
    """Copy a database that may be in use into the empty file `into`, and look through the copy. Raises StorageError.

    On a connection that can only read, which never writes or checkpoints: SQLite before 3.51.3 can lose a WAL when two
    connections do. In one step: a stepped copy begins anew at every write of the other.
    """
    if not source.is_file():
        raise StorageError(f"There is no database {source} to back up.")
    with told_as_sentences(f"{source} could not be copied"), closing(read_only(source)) as connection:
        _vacuum(connection, into, give_up)
    check(into)


def copy_open(connection: sqlite3.Connection, source: Path, target: Path) -> None:
    """Copy the database of a connection that may write, which must be the only one. Raises StorageError."""
    with made_whole(target, source) as copy:
        with told_as_sentences(f"A copy could not be made at {target}"):
            _vacuum(connection, copy, None)
        check(copy)


def _vacuum(connection: sqlite3.Connection, into: Path, give_up: Event | None) -> None:
    with into.open("rb") as grows:
        connection.set_progress_handler(Steadily(grows.fileno(), give_up).look, LOOK_EVERY)
        try:
            connection.execute("VACUUM INTO ?", (str(into),))
        finally:
            connection.set_progress_handler(None, 0)


def check(copy: Path) -> None:
    """Look through every page of a database that nobody uses. Raises StorageError when anything is wrong."""
    with told_as_sentences(f"{copy.name} is damaged"), closing(read_only(copy, still=True)) as connection:
        found: str = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise StorageError(f"{copy.name} is damaged: {found}.")


def read_only(file: Path, *, still: bool = False) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=ro{'&immutable=1' if still else ''}", uri=True, check_same_thread=False
    )


@contextmanager
def told_as_sentences(what: str) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:  # of whoever reads what is printed meanwhile
        raise
    except (sqlite3.Error, OSError) as error:
        raise StorageError(f"{what}: {error}.") from error


class Steadily:
    """Has a file that grows reach the disk step by step, and leaves the disk to others for as long after each step.

    Left alone it reaches the disk all at once at its end, and the commits of turns wait behind that (docs/bench.md).
    """

    def __init__(self, number: int, give_up: Event | None = None) -> None:
        """`number` is the file's descriptor. When `give_up` is set, the next look says so."""
        self._number = number
        self._give_up = give_up
        self._safe = 0

    def look(self) -> bool:
        """Called again and again while it grows; True: nobody wants it any more."""
        size = os.fstat(self._number).st_size
        if size >= self._safe + STEP:
            _rest_after(lambda: os.fdatasync(self._number))
            self._safe = size
        return self._give_up is not None and self._give_up.is_set()


def _rest_after(work: Callable[[], None]) -> None:
    began = time.monotonic()
    work()
    time.sleep(min(time.monotonic() - began, LONGEST_REST_S))


def remove(file: Path) -> None:
    """Remove a file that may be big; what is left of it meanwhile bears no name of a backup."""
    leaving = file.with_name(f".{file.name}{PARTIAL}")
    file.rename(leaving)
    _give_back(leaving)


def _give_back(file: Path) -> None:
    """Step by step too: to give half a gigabyte back at once holds up every commit for 50 to 300 ms."""
    with file.open("r+b") as opened:
        size = os.fstat(opened.fileno()).st_size
        while size > STEP:
            size = max(0, size - STEP * 4)
            os.ftruncate(opened.fileno(), size)
            _rest_after(lambda: os.fdatasync(opened.fileno()))
    file.unlink()


def give(made: Path, like: Path) -> None:
    """Let what root makes belong to whom `like` does: the bot's own user must be able to read, and to follow on, what
    root began for it. Anybody else can only make what is their own."""
    whose = like.stat()
    with suppress(PermissionError):
        os.chown(made, whose.st_uid, whose.st_gid)


@contextmanager
def scratch(beside: Path, like: Path) -> Iterator[Path]:
    """An empty file in the same folder that only its owner can read; gone at the end, unless it was moved. It, and a
    folder that was not there yet, belongs to whom `like` does."""
    try:
        new = [folder for folder in (beside.parent, *beside.parent.parents) if not folder.exists()]
        beside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(prefix=f".{beside.name}.", suffix=PARTIAL, dir=beside.parent)
        for made in (*new, Path(name)):
            give(made, like)
    except OSError as error:
        raise StorageError(f"Nothing can be written in {beside.parent}: {error.strerror}.") from error
    os.close(number)
    try:
        yield Path(name)
    finally:
        with suppress(FileNotFoundError):
            _give_back(Path(name))
        Path(f"{name}-journal").unlink(missing_ok=True)


@contextmanager
def made_whole(target: Path, like: Path) -> Iterator[Path]:
    """A `scratch` file that becomes `target`, safely on the disk, when the block ends well; else nothing changed."""
    with scratch(target, like) as made:
        yield made
        with told_as_sentences(f"{target} could not be written"):
            on_disk(made)
            made.replace(target)
            on_disk(target.parent)


def on_disk(path: Path) -> None:
    """Returns when a file, or the names in a folder, would survive a power cut."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
