"""Copies of the SQLite file: whole, also while somebody writes; what fails leaves nothing half-made behind."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path
from threading import Event

import pytest

from storage import backup, restore
from storage.db import StorageError
from storage.sqlite import open_sqlite


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A database of some hundred pages that nobody uses."""
    path = tmp_path / "apso.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE said (n INTEGER PRIMARY KEY, text TEXT)")
        add(connection, 1000)
    return path


def add(connection: sqlite3.Connection, rows: int) -> None:
    connection.execute(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
        " INSERT INTO said (text) SELECT hex(randomblob(500)) FROM n",
        (rows,),
    )


def rows(path: Path) -> int:
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as connection:
        count: int = connection.execute("SELECT COUNT(*) FROM said").fetchone()[0]
    return count


def copied(source: Path, target: Path, give_up: Event | None = None) -> None:
    with backup.made_whole(target, source.parent) as made:
        backup.copy(source, made, give_up)


def killed_after(source: Path, sql: str) -> None:
    """Another process changes the database and ends before its WAL is taken in."""
    opened = f"import os, sqlite3; c = sqlite3.connect({str(source)!r}, isolation_level=None)"
    ended = [sys.executable, "-c", f"{opened}; c.execute({sql!r}); os.kill(os.getpid(), 9)"]
    assert subprocess.run(ended, check=False).returncode == -9


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def spoil(path: Path) -> None:
    """Overwrite pages in the middle of a database."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xa5" * 20_000)


def test_a_copy_has_what_was_committed_and_the_writers_files_are_as_they_were(source: Path, tmp_path: Path) -> None:
    """The WAL is neither written nor checkpointed: only then is a second connection safe before SQLite 3.51.3."""
    target = tmp_path / "copies" / "one.db"
    with closing(sqlite3.connect(source, isolation_level=None)) as writer:
        add(writer, 10)
        writer.execute("BEGIN IMMEDIATE")
        add(writer, 100)
        files = [source, Path(f"{source}-wal")]
        before = [file.read_bytes() for file in files]
        assert before[1]
        copied(source, target)
        assert [file.read_bytes() for file in files] == before
        writer.execute("COMMIT")
    assert rows(target) == 1010
    assert names(target.parent) == ["one.db"]
    assert target.stat().st_mode & 0o777 == 0o600, "it has everybody's telephone numbers"
    assert target.parent.stat().st_mode & 0o777 == 0o700


def test_what_a_killed_program_committed_is_in_the_copy(source: Path, tmp_path: Path) -> None:
    killed_after(source, "INSERT INTO said (text) VALUES ('last words')")
    assert Path(f"{source}-wal").stat().st_size > 0
    copied(source, tmp_path / "copy.db")
    assert rows(tmp_path / "copy.db") == 1001
    copied(source, tmp_path / "copy.db")
    assert rows(tmp_path / "copy.db") == 1001, "and looking does not use it up"


def test_a_damaged_database_makes_no_backup_and_harms_no_earlier_one(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "copies" / "one.db"
    copied(source, target)
    earlier = target.read_bytes()
    spoil(source)
    with pytest.raises(StorageError, match=r"apso.db could not be copied: .*malformed"):
        copied(source, target)
    assert names(target.parent) == ["one.db"]
    assert target.read_bytes() == earlier


def test_a_copy_that_is_not_whole_is_found_out(source: Path) -> None:
    backup.check(source)
    with source.open("r+b") as file:
        file.truncate(source.stat().st_size // 8192 * 4096)
    with pytest.raises(StorageError, match=r"apso.db is damaged"):
        backup.check(source)


def test_there_is_nothing_to_copy(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"There is no database .*apso.db to back up"):
        copied(tmp_path / "apso.db", tmp_path / "copies" / "one.db")
    assert not (tmp_path / "apso.db").exists(), "looking for it must not make one"


def test_a_full_disk(source: Path, tmp_path: Path) -> None:
    with no_file_longer_than(300_000), pytest.raises(StorageError, match="could not be copied"):
        copied(source, tmp_path / "copies" / "one.db")
    assert names(tmp_path / "copies") == []
    assert rows(source) == 1000


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_folder_that_cannot_be_written(source: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"Nothing can be written in .*file"):
        copied(source, tmp_path / "file" / "one.db")


def test_a_copy_is_given_up_in_the_middle(source: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(source, isolation_level=None)) as connection:
        add(connection, 40_000)  # 40 MB: longer than the first look whether to go on
    stop = Event()
    stop.set()
    with pytest.raises(StorageError, match="interrupted"):
        copied(source, tmp_path / "copies" / "one.db", stop)
    assert names(tmp_path / "copies") == []


def test_a_copy_reaches_the_disk_and_leaves_it_step_by_step(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the commit of every turn waits behind all of it."""
    with closing(sqlite3.connect(source, isolation_level=None)) as connection:
        add(connection, 40_000)  # 40 MB
    safe, fdatasync = [0], os.fdatasync

    def note(number: int) -> None:
        safe.append(os.fstat(number).st_size)
        fdatasync(number)

    monkeypatch.setattr(os, "fdatasync", note)
    target = tmp_path / "copy.db"
    copied(source, target)
    size = target.stat().st_size
    assert size > 40_000_000
    assert all(step < 6_000_000 for step in steps([*safe, size]))

    safe[:] = [size]
    backup.remove(target)
    assert [name for name in names(tmp_path) if "copy" in name] == []
    assert safe[-1] <= backup.STEP
    assert all(-20_000_000 < step < 0 for step in steps(safe))


def steps(sizes: list[int]) -> list[int]:
    return [later - earlier for earlier, later in pairwise(sizes)]


def test_the_writer_copies_before_it_changes_the_schema(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "apso.db.before-0002"
    with closing(sqlite3.connect(source, isolation_level=None)) as writer:
        add(writer, 5)
        backup.copy_open(writer, source, target)
        assert rows(target) == 1005
        backup.copy_open(writer, source, target)
        assert rows(target) == 1005
    spoil(source)
    with (
        closing(sqlite3.connect(source, isolation_level=None)) as writer,
        pytest.raises(StorageError, match="malformed"),
    ):
        backup.copy_open(writer, source, target)
    assert rows(target) == 1005, "the good one stays"


async def test_what_is_in_a_copy(tmp_path: Path) -> None:
    path = tmp_path / "apso.db"
    store = await open_sqlite(str(path), now=1)
    await store.close()
    found = restore.contents(path)
    assert (found.units, found.people, found.reports, found.newest) == (0, 0, 0, "")
    assert found.schema >= 3


def test_another_programs_database_is_refused(source: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"apso.db is not an apso database: no such table"):
        restore.contents(source)
    letter = tmp_path / "letter.db"
    letter.write_text("Kính gửi ủy ban " * 1000)
    with pytest.raises(StorageError, match=r"letter.db is not an apso database"):
        restore.contents(letter)


def test_the_new_one_is_in_place_and_the_old_one_is_whole_beside_it(source: Path, tmp_path: Path) -> None:
    new, aside = tmp_path / "new.db", tmp_path / "old.db"
    copied(source, new)
    killed_after(source, "DELETE FROM said WHERE n > 3")
    restore.put_in_place(new, source, aside)
    assert rows(source) == 1000
    assert rows(aside) == 3, "what was only in its WAL too"
    assert names(tmp_path) == ["apso.db", "old.db"], "no WAL of the old one is taken for one of the new"


def test_a_damaged_old_one_is_kept_as_it_was(source: Path, tmp_path: Path) -> None:
    new, aside = tmp_path / "new.db", tmp_path / "old.db"
    copied(source, new)
    killed_after(source, "INSERT INTO said (text) VALUES ('last words')")
    spoil(source)
    wal = Path(f"{source}-wal")
    damaged = (source.read_bytes(), wal.read_bytes())
    assert all(damaged)
    restore.put_in_place(new, source, aside)
    assert rows(source) == 1000
    assert (aside.read_bytes(), Path(f"{aside}-wal").read_bytes()) == damaged
    assert names(tmp_path) == ["apso.db", "old.db", "old.db-wal"]


def test_only_who_is_alone_may_replace_it(source: Path) -> None:
    with restore.alone(source), pytest.raises(StorageError, match="is in use"), restore.alone(source):
        pass
    with restore.alone(source):
        pass
