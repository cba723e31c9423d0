"""`apso migrate`: the schema changes after a whole copy of what was before, and who asked is told."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.app import open_store
from bot.config import Config, ConfigError
from bot.doctor import examine
from bot.migrate import migrate
from storage import backup, dump, migrations, restore, units
from storage.db import StorageError
from storage.migrations import Migration
from tests import rig
from tests.engine import new_postgres
from tests.program import apso
from tests.storage.test_dump import OF_AN_OLDER, PG_DUMP, pg_dump

NEWEST = migrations.known()[-1].version
NEXT = Migration(NEWEST + 1, "mascots", "CREATE TABLE mascots (\n    name TEXT NOT NULL PRIMARY KEY\n);\n")
BROKEN = Migration(NEWEST + 2, "broken", "INSERT INTO mascots (name) VALUES ('Cá');\nINSERT INTO nowhere VALUES (1);\n")


@pytest.fixture
def file(tmp_path: Path) -> Config:
    """Settings that name a file."""
    return Config.model_validate({"storage": {"url": str(tmp_path / "apso.db")}})


@pytest.fixture
def server(tmp_path: Path) -> Config:
    """Settings that name an empty database on a server."""
    return _on_server(tmp_path, PG_DUMP)


def _on_server(folder: Path, pg_dump: str) -> Config:
    url = new_postgres("migrated", empty=True)
    return Config.model_validate({"storage": {"url": url}, "backup": {"dir": str(folder / "kept"), "pg_dump": pg_dump}})


async def settle(config: Config) -> None:
    """The village is in it, as a program of before the change left it."""
    store = await open_store(config, 1)
    await store.run(lambda db: rig.settle(db, 1))
    await store.close()


def bring(monkeypatch: pytest.MonkeyPatch, *more: Migration) -> None:
    """The program is a newer one."""
    known = (*migrations.known(), *more)
    monkeypatch.setattr(migrations, "known", lambda: known)


async def applied(config: Config) -> int:
    store = await open_store(config, 1)
    try:
        rows = await store.run(lambda db: db.all("SELECT MAX(version) FROM schema_version"))
        assert await store.run(units.top) is not None, "what was kept is still there"
    finally:
        await store.close()
    version: int = rows[0][0]
    return version


async def test_a_file(
    file: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await settle(file)
    with monkeypatch.context() as newer:
        bring(newer, NEXT)
        assert await migrate(file) == 0
        copy = tmp_path / f"apso.db.before-{NEXT.version:04d}"
        assert capsys.readouterr().out.splitlines() == [
            f"{tmp_path}/apso.db: from schema {NEWEST} to schema {NEXT.version}.",
            f"  {NEXT.version:04d} mascots",
            f"What it was is kept in {copy}.",
        ]
        assert await applied(file) == NEXT.version
        assert await migrate(file) == 0
        assert capsys.readouterr().out == (
            f"{tmp_path}/apso.db has schema {NEXT.version}, the newest this apso knows: nothing to do.\n"
        )
    backup.check(copy)
    assert restore.contents(copy) == restore.Contents(NEWEST, 7, 9, 0, "")


async def test_a_server(
    server: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await settle(server)
    with monkeypatch.context() as newer:
        bring(newer, NEXT)
        assert await migrate(server) == 0
        copy = tmp_path / "kept" / f"apso-before-{NEXT.version:04d}.dump"
        assert capsys.readouterr().out.splitlines()[1:] == [
            f"  {NEXT.version:04d} mascots",
            f"What it was is kept in {copy}.",
        ]
        assert await applied(server) == NEXT.version
    assert dump.contents(copy, PG_DUMP) == restore.Contents(NEWEST, 7, 9, 0, "")


@pytest.mark.parametrize("programs", ["none", "of another version"])
async def test_a_server_without_its_programs(
    programs: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    config = _on_server(tmp_path, "/nowhere/pg_dump" if programs == "none" else pg_dump(OF_AN_OLDER))
    await settle(config)
    bring(monkeypatch, NEXT)
    assert await migrate(config) == 0
    assert "No copy of what it was could be made." in capsys.readouterr().out
    assert "without a copy of what was before: " in caplog.text
    assert "Install the client programs" in caplog.text
    assert await applied(config) == NEXT.version
    assert list((tmp_path / "kept").iterdir()) == []


async def test_a_copy_that_cannot_be_made_stops_it(
    file: Config, server: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kept").write_text("a file where the folder should be")
    (tmp_path / f"apso.db.before-{NEXT.version:04d}").mkdir()
    for config in (file, server):
        await settle(config)
        with monkeypatch.context() as newer:
            bring(newer, NEXT)
            with pytest.raises(StorageError, match=r"could not be written|Nothing can be written"):
                await migrate(config)
        assert await applied(config) == NEWEST


async def test_what_fails_half_way_is_as_before_it(
    file: Config, server: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    for config in (file, server):
        await settle(config)
        with monkeypatch.context() as newer:
            bring(newer, NEXT, BROKEN)
            with pytest.raises(StorageError, match=r"could not be brought up to date: .*nowhere"):
                await migrate(config)
        with monkeypatch.context() as newer:
            bring(newer, NEXT)
            assert await applied(config) == NEXT.version
            store = await open_store(config, 1)
            assert await store.run(lambda db: db.all("SELECT * FROM mascots")) == [], "nothing half"
            await store.close()


async def test_a_copy_is_made_of_what_was_written_last(
    file: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that was killed leaves its last turns in the WAL."""
    await settle(file)
    with closing(sqlite3.connect(tmp_path / "apso.db")) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("UPDATE units SET name = 'Ấp đổi tên'")
        connection.commit()
        for ending in ("", "-wal"):
            (tmp_path / f"killed.db{ending}").write_bytes((tmp_path / f"apso.db{ending}").read_bytes())
    killed = Config.model_validate({"storage": {"url": str(tmp_path / "killed.db")}})
    bring(monkeypatch, NEXT)
    await migrate(killed)
    with closing(sqlite3.connect(tmp_path / f"killed.db.before-{NEXT.version:04d}")) as copy:
        assert copy.execute("SELECT DISTINCT name FROM units").fetchall() == [("Ấp đổi tên",)]


async def test_an_empty_server_is_begun(server: Config, capsys: pytest.CaptureFixture[str]) -> None:
    assert await migrate(server) == 0
    shown = capsys.readouterr().out
    assert f"from nothing to schema {NEWEST}." in shown
    assert "kept in" not in shown


async def test_a_file_that_is_not_there_is_not_made(file: Config, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"There is no .*apso\.db yet\. Begin with: apso init"):
        await migrate(file)
    assert not (tmp_path / "apso.db").exists()


async def test_by_the_command_line(file: Config, tmp_path: Path) -> None:
    await settle(file)
    settings = tmp_path / "config.toml"
    settings.write_text(f'[storage]\nurl = "{tmp_path / "apso.db"}"\n')
    status, out, err = await apso("migrate", "--config", settings)
    assert (status, err) == (0, "")
    assert "nothing to do" in out


async def test_the_doctor_looks_and_changes_nothing(
    file: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await settle(file)
    bring(monkeypatch, NEXT)
    settings = tmp_path / "config.toml"
    settings.write_text(f'[storage]\nurl = "{file.storage.where}"\n')
    assert await examine(settings) == 1
    assert f"has schema {NEWEST} of {NEWEST + 1}. Bring it up to date: apso migrate" in capsys.readouterr().out
    assert restore.contents(Path(file.storage.where), still=False).schema == NEWEST
