"""`apso doctor` looks at the programs of others that backups need."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.doctor import examine
from bot.photos.folder import Folder
from storage import photos
from storage.postgres import open_postgres
from storage.sqlite import open_sqlite
from tests.engine import new_postgres
from tests.storage.test_dump import OF_AN_OLDER, PG_DUMP, pg_dump


@pytest.fixture
async def url() -> str:
    found = new_postgres("examined")
    await (await open_postgres(found, 1, connections=1)).close()
    return found


async def said(tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str, **told: str) -> list[str]:
    """What it says of backups."""
    config = tmp_path / "config.toml"
    lines = [f'{name} = "{value}"' for name, value in told.items()]
    config.write_text("\n".join([f'[storage]\nurl = "{url}"\n[backup]', *lines]), "utf-8")
    assert await examine(config) == 1, "it has no token"
    return [line for line in capsys.readouterr().out.splitlines() if "backups: " in line]


async def test_the_programs_of_the_server(tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str) -> None:
    (line,) = await said(tmp_path, capsys, url, pg_dump=PG_DUMP)
    assert line.startswith("ok   backups: pg_dump 18.")
    assert "pg_restore 18." in line
    assert "psql 18." in line
    (line,) = await said(tmp_path, capsys, url, pg_dump=pg_dump(OF_AN_OLDER))
    assert line.startswith("BAD  backups: pg_dump is of version 16.")
    assert ", and the server of 18." in line
    assert "Install the client programs of the server's version" in line


async def test_programs_that_are_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str) -> None:
    (line,) = await said(tmp_path, capsys, url, pg_dump=str(tmp_path / "pg_dump"))
    assert line.startswith(f"BAD  backups: {tmp_path}/pg_dump is not installed here. Install the client programs")
    for name in ("pg_dump", "psql"):
        (tmp_path / name).symlink_to(Path(PG_DUMP).with_name(name))
    (line,) = await said(tmp_path, capsys, url, pg_dump=str(tmp_path / "pg_dump"))
    assert line.startswith(f"BAD  backups: {tmp_path}/pg_restore is not installed here.")
    (tmp_path / "pg_restore").write_text("#!/bin/sh\necho something else\n")
    (tmp_path / "pg_restore").chmod(0o755)
    (line,) = await said(tmp_path, capsys, url, pg_dump=str(tmp_path / "pg_dump"))
    assert line.startswith(f"BAD  backups: {tmp_path}/pg_restore is not PostgreSQL's pg_restore.")


async def test_a_file_needs_no_program_of_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert await said(tmp_path, capsys, str(tmp_path / "apso.db"), pg_dump=str(tmp_path / "pg_dump")) == []


async def test_a_folder_of_photos_that_is_another_database_s(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, folder = tmp_path / "config.toml", Folder(tmp_path / "photos")
    config.write_text(f'[storage]\nurl = "{tmp_path / "apso.db"}"\n', "utf-8")
    store = await open_sqlite(str(tmp_path / "apso.db"), 1)
    await store.run(lambda db: photos.name_folder(db, "ours", 1))
    await store.close()

    async def is_told() -> bool:
        await examine(config)
        return f"If not, remove {folder.where / '.apso'}" in capsys.readouterr().out

    assert not await is_told(), "it has no name yet"
    folder.call("ours", 1)
    assert not await is_told()
    folder.call("theirs", 1)
    assert await is_told()


async def test_where_photos_are_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config, folder = tmp_path / "config.toml", tmp_path / "photos"
    config.write_text(f'[storage]\nurl = "{tmp_path / "apso.db"}"\n', "utf-8")

    async def line() -> str:
        await examine(config)
        return next(line for line in capsys.readouterr().out.splitlines() if "photos: " in line)

    assert (await line()).startswith(f"ok   photos: in {folder}, ")
    assert not folder.exists(), "whoever looks makes nothing"
    folder.mkdir(mode=0o755)
    assert await line() == f"BAD  photos: others can look into {folder}: chmod 700 {folder}"
    folder.rmdir()
    folder.write_text("a file")
    assert (await line()).startswith(f"BAD  photos: nothing can be written in {folder}.")
