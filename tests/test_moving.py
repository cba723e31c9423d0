"""`apso move`: everything from one engine into the other and back, whole or not at all."""

from __future__ import annotations

import asyncio
import os
import pty
import re
import sqlite3
import sys
import termios
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import pytest

import bot.progress
from bot.app import open_store
from bot.config import Config, ConfigError
from bot.moving import move
from storage import drafts, moving, units
from storage.db import Db, StorageError
from storage.moving import Sum
from storage.postgres import connect, open_postgres
from storage.sqlite import blank, open_sqlite
from tests import rig
from tests.engine import new_postgres
from tests.program import apso

T = TypeVar("T")

ODD = "Ấp 1\t\\N\n'\"%s :x\\."  # whatever may have a meaning on the way
EVERY = 5
LAST = 77


async def within(url: str | Path, function: Callable[[Db], T]) -> T:
    """Do something in the database of this url."""
    store = await open_store(Config.model_validate({"storage": {"url": str(url)}}), 1)
    try:
        return await store.run(function)
    finally:
        await store.close()


@cache
def _shape() -> dict[str, tuple[list[tuple[Any, ...]], dict[str, tuple[str, str]]]]:
    """Of each table its columns, and which of them refers to what."""
    with blank() as db:
        return {
            table.name: (
                db.all(f"PRAGMA table_info({table.name})"),
                {row[3]: (row[2], row[4]) for row in db.all(f"PRAGMA foreign_key_list({table.name})")},
            )
            for table in moving.tables()
        }


def _value(table: str, column: str, number: int) -> object:
    columns, refers = _shape()[table]
    kind, needed = next((row[2], row[3] or row[5]) for row in columns if row[1] == column)
    if column in refers and refers[column][0] == table:
        return EVERY + 1 - number  # the first row refers to the last
    if column in refers:
        return _value(*refers[column], number)
    if not needed and number == 2:
        return None
    return number if kind == "INTEGER" else f"{ODD} {number}"


def something_of_everything(db: Db) -> None:
    """A few rows in every table there is, whatever their meaning."""
    for table in moving.tables():
        db.fill(
            table.name,
            table.columns,
            (tuple(_value(table.name, column, n) for column in table.columns) for n in range(1, EVERY + 1)),
        )
    db.run("INSERT INTO invite_tries (channel, chat, at) VALUES ('phone', 'p1', 5), ('phone', 'p1', 5)")
    db.count_on("drafts", LAST)  # those are gone, but the buttons under their questions are not


def all_of_it(db: Db) -> list[Sum]:
    return moving.sums(moving.asking(db), lambda rows: None)


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    """An SQLite file with something of everything."""
    found = tmp_path / "apso.db"
    await within(found, something_of_everything)
    return found


@pytest.fixture
def server() -> str:
    """An empty database on a server."""
    return new_postgres("moved", empty=True)


@pytest.mark.parametrize("most", [2, 5000])
async def test_there_and_back(
    file: Path,
    server: str,
    tmp_path: Path,
    most: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(moving, "MOST", most)
    before = await within(file, all_of_it)
    assert {one.rows for one in before} == {EVERY, EVERY + 2}
    assert await move(Config(), str(file), server) == 0
    shown = capsys.readouterr()
    assert shown.err == "", "no bar where nobody looks"
    for one in before:
        assert re.search(rf"^{one.table} +{one.rows}  {one.sha256[:12]}$", shown.out, re.MULTILINE)
    assert "Next: let [storage] url" in shown.out
    assert await within(server, all_of_it) == before

    back = tmp_path / "back.db"
    assert await move(Config(), server, str(back)) == 0
    assert await within(back, all_of_it) == before
    assert await within(file, all_of_it) == before, "the source is as it was"


async def test_ids_go_on_where_they_were(file: Path, server: str, tmp_path: Path) -> None:
    def next_ids(db: Db) -> tuple[int, int]:
        unit = units.add(db, code="", name="", kind="", level="", parent=None, since=1)
        return unit.id, drafts.begin(db, "phone", "p9", "report", {}, 1).id

    await move(Config(), str(file), server)
    await move(Config(), server, str(tmp_path / "back.db"))
    assert await within(server, next_ids) == (EVERY + 1, LAST + 1)
    assert await within(tmp_path / "back.db", next_ids) == (EVERY + 1, LAST + 1)


async def test_the_conversation_goes_on(server: str, tmp_path: Path) -> None:
    file = str(tmp_path / "apso.db")
    async with rig.village(tmp_path, url=file) as here:
        await here.an.says("báo cáo")
        await here.an.presses("Nộp hồ sơ")
        await here.an.sees("Bao nhiêu hồ sơ")
    await move(Config(), file, server)
    async with rig.village(tmp_path, url=server) as here:
        await here.an.says("mười hai")
        await here.an.sees("hình hay muốn ghi chú")
        await here.an.presses("Không có thêm")
        await here.an.presses("Gửi")
        await here.an.sees("em ghi nhận B-0001")


async def test_every_table_is_known_on_both_engines(server: str, tmp_path: Path) -> None:
    names = {table.name for table in moving.tables()}
    on_server = await within(server, lambda db: db.all("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
    in_file = await within(tmp_path / "x.db", lambda db: db.all("SELECT name FROM sqlite_schema WHERE type = 'table'"))
    assert names == {name for (name,) in on_server} - {"lines", "schema_version"}
    assert names == {name for (name,) in in_file} - {"sqlite_sequence", "schema_version"}


def test_none_refers_to_a_later_one() -> None:
    order = [table.name for table in moving.tables()]
    for name, (_, refers) in _shape().items():
        for above, _ in refers.values():
            assert order.index(above) <= order.index(name)


def test_a_new_database_holds_nothing() -> None:
    with blank() as db:
        assert moving.held(db) == {}, "a migration that puts rows in makes every new database a used one"


async def test_what_ran_once_is_not_empty(file: Path, server: str, tmp_path: Path) -> None:
    used = tmp_path / "used.db"
    async with rig.village(tmp_path, url=str(used)):
        pass
    with pytest.raises(StorageError, match=r"used\.db is not empty: it holds units 7, .*categories \d+.* Name a "):
        await move(Config(), str(file), str(used))
    await move(Config(), str(file), server)
    with pytest.raises(StorageError, match=r"moved.* is not empty: it holds units 5, unit_edges 5"):
        await move(Config(), str(file), server)


async def test_not_while_it_is_used(file: Path, server: str, tmp_path: Path) -> None:
    running = await open_sqlite(str(file), 1)
    with pytest.raises(StorageError, match="is in use: the bot is running"):
        await move(Config(), str(file), server)
    await running.close()
    await move(Config(), str(file), server)
    runs = await open_postgres(server, 1, connections=1)
    await runs.run(units.top)
    with pytest.raises(StorageError, match="apso is running on this database"):
        await move(Config(), server, str(tmp_path / "back.db"))
    await runs.close()
    assert not (tmp_path / "back.db").exists()


SPOIL_IN_FILE = "CREATE TRIGGER spoil AFTER INSERT ON people BEGIN UPDATE people SET name = 'X' WHERE id = 3; END"
SPOIL_ON_SERVER = (
    "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.name = 'X'; RETURN NEW; END$$;"
    "CREATE TRIGGER spoil BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION spoil()"
)


async def test_what_comes_out_otherwise_is_not_kept(file: Path, server: str, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    await within(other, lambda db: db.run(SPOIL_IN_FILE))
    await within(server, units.top)
    with connect(server) as connection:
        connection.execute(SPOIL_ON_SERVER)
    for target in (server, str(other)):
        with pytest.raises(StorageError, match=r"people came out otherwise than it went in: 5 rows .* is as it was\."):
            await move(Config(), str(file), target)
        assert await within(target, moving.held) == {}


async def test_what_refers_to_nothing_is_said_by_table(file: Path, server: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:  # as by hand: nothing looks after it
        connection.execute("DELETE FROM people WHERE id = 4")
    with pytest.raises(StorageError, match=r"posts cannot be carried over: .*foreign key.* is as it was\."):
        await move(Config(), str(file), server)


async def test_a_sign_the_other_engine_does_not_know(file: Path, server: str) -> None:
    await within(file, lambda db: db.run("UPDATE audit SET detail = 'a' || char(0) || 'b' WHERE id = 3"))
    with pytest.raises(StorageError, match=r"audit cannot be carried over: .*NUL"):
        await move(Config(), str(file), server)
    assert await within(server, moving.held) == {}


@pytest.mark.parametrize("to", ["server", "file"])
async def test_given_up_in_the_middle(
    file: Path, server: str, tmp_path: Path, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = server if to == "server" else str(tmp_path / "other.db")
    moves: list[asyncio.Task[int]] = []
    loop = asyncio.get_running_loop()

    class Bar:
        """Somebody who looks at the bar and presses Ctrl-C when a hundred rows have come."""

        def __init__(self, **how: object) -> None:
            self.rows = 0

        def update(self, more: int) -> None:
            self.rows += more
            if self.rows >= 100 and not moves[0].cancelling():
                loop.call_soon_threadsafe(moves[0].cancel)
                for _ in range(5):  # until the loop has done it
                    asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result()

        def close(self) -> None:
            pass

    with monkeypatch.context() as patched:
        patched.setattr(bot.progress, "tqdm", Bar)
        moves.append(asyncio.create_task(move(Config(), str(file), target)))
        with pytest.raises(StorageError, match=r"Given up\. .* is as it was\."):
            await moves[0]
    assert await within(target, moving.held) == {}
    assert await move(Config(), str(file), target) == 0, "it can be begun again"


@pytest.mark.parametrize(
    ("source", "target", "sentence"),
    [
        ("no.db", "other.db", "There is nothing of apso in .*no.db"),
        ("mysql://an@db/apso", "other.db", r"--from: name a file, or a database like"),
        ("apso.db", "apso.db", "name the same database"),
        ("apso.db", "no/apso.db", "cannot be opened"),
    ],
)
async def test_what_cannot_be(
    file: Path, source: str, target: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(file.parent)
    with pytest.raises((ConfigError, StorageError), match=sentence):
        await move(Config(), source, target)
    assert not (file.parent / "no.db").exists()


async def test_a_server_without_apso_is_no_source(server: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="There is nothing of apso in"):
        await move(Config(), server, str(tmp_path / "x.db"))


def _with_password(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{parts.username}:geheim@"))


async def test_by_the_command_line(file: Path, server: str, tmp_path: Path) -> None:
    url = _with_password(server)
    status, out, err = await apso("move", "--from", file, "--to", url)
    assert (status, err) == (0, "")
    assert "now holds all that" in out
    assert "geheim" not in out
    status, out, err = await apso("move", "--from", file, "--to", url)
    assert (status, out) == (1, "")
    assert "is not empty: it holds" in err
    assert "geheim" not in err


async def test_a_bar_on_a_terminal(file: Path, tmp_path: Path) -> None:
    reader, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 100))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "move", "--from", str(file), "--to", str(tmp_path / "other.db")),
        cwd=Path(__file__).parent.parent,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=terminal,
    )
    os.close(terminal)
    assert await process.wait() == 0
    shown = os.read(reader, 65536).decode()
    os.close(reader)
    assert "carried over: 100%" in shown
    assert "read back: 100%" in shown
