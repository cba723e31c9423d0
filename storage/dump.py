"""Copies of the PostgreSQL database, by its own programs: dumped, looked through, and put back in one transaction."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import IO, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from storage import program
from storage.db import StorageError
from storage.postgres import MIGRATING, connect, ddl_in_postgres
from storage.restore import CONTENTS, Contents, refuse_other_schemas

INSTALL = (
    "Install the client programs of the server's version (Debian: apt install postgresql-client),"
    ' or say where they are, as [backup] pg_dump = "/usr/lib/postgresql/17/bin/pg_dump".'
)
SCHEMA = "public"
NOWHERE = Path("/dev/null")
LEAVES_S = 2.0  # how long the server may take to see that a program has left


def programs(pg_dump: str) -> dict[str, str]:
    """Where pg_dump and its sisters are. Raises StorageError saying what to install."""
    names = ("pg_dump", "pg_restore", "psql")
    return {name: program.find(str(Path(pg_dump).with_name(name)), INSTALL) for name in names}


def versions(pg_dump: str) -> dict[str, str]:
    """Of pg_dump and its sisters, each as it says itself. Raises StorageError saying what to install."""
    found = {}
    for name, where in programs(pg_dump).items():
        with program.running([where, "--version"], None, subprocess.PIPE) as saying:
            assert saying.stdout is not None
            told = re.search(r"\d+(\.\d+)*", saying.stdout.read().decode("utf-8", "replace"))
        if told is None:
            raise StorageError(f"{where} is not PostgreSQL's {name}. {INSTALL}")
        found[name] = told[0]
    return found


def refuse_older(versions: Mapping[str, str], server: str) -> None:
    """A server's copies are made and put back only by programs of its major version or a newer one. Raises
    StorageError."""
    older = [
        f"{name} is of version {version}" for name, version in versions.items() if _major(version) < _major(server)
    ]
    if older:
        raise StorageError(f"{', '.join(older)}, and the server of {server}: it can only be newer. {INSTALL}")


def _major(version: str) -> int:
    return int(version.partition(".")[0])


def server_version(url: str) -> str:
    """As "18.4". Raises StorageError when it does not answer."""
    with connect(url) as connection:
        number = connection.info.server_version
    return f"{number // 10_000}.{number % 10_000}"


def environment(url: str) -> dict[str, str]:
    """A database's address as the server's programs read it from the environment: arguments anybody can see."""
    told = conninfo_to_dict(url)
    names = {
        option.keyword.decode(): option.envvar.decode()
        for option in psycopg.pq.Conninfo.get_defaults()
        if option.envvar is not None
    }
    return {
        **{names[key]: str(value) for key, value in told.items() if key in names and value is not None},
        "PGAPPNAME": "apso backup",
        "PGCONNECT_TIMEOUT": "10",
    }


def dump(url: str, pg_dump: str, into: Path, give_up: Event | None = None) -> None:
    """Copy the database into the empty file `into`, and look through the copy. Raises StorageError."""
    tools = programs(pg_dump)
    command = [tools["pg_dump"], "--format=custom", f"--schema={SCHEMA}", "--no-unlogged-table-data", "--no-password"]
    try:
        program.run(command, into, environment=environment(url), give_up=give_up)
    except StorageError as error:
        raise StorageError(f"{error}. {INSTALL}") if "version mismatch" in str(error) else error from None
    check(into, pg_dump)


def check(file: Path, pg_dump: str) -> None:
    """Unpack a dump to its end. Raises StorageError when it cannot be."""
    program.run([programs(pg_dump)["pg_restore"], "--file=/dev/null", str(file)], NOWHERE)


def contents(file: Path, pg_dump: str) -> Contents:
    """What is in a dump. Raises StorageError for what is no dump of apso, or of a newer one."""
    command = [programs(pg_dump)["pg_restore"], "--data-only", "--file=-"]
    command += [f"--table={name}" for name in ("schema_version", "units", "people", "reports")]
    counts, newest, versions = Counter[str](), "", list[dict[str, str]]()
    with program.running([*command, str(file)], None, subprocess.PIPE) as restoring:
        assert restoring.stdout is not None
        for table, row in _rows(restoring.stdout):
            if row.get("state", "").startswith("practice"):
                continue
            counts[table] += 1
            newest = max(newest, row["day"]) if table == "reports" else newest
            versions += [row] if table == "schema_version" else []
    if not versions:
        raise StorageError(f"{file.name} is not a backup of apso.")
    refuse_other_schemas((row["version"], row["name"], row["sha256"], row["applied_at"]) for row in versions)
    schema = max(int(row["version"]) for row in versions)
    return Contents(schema, counts["units"], counts["people"], counts["reports"], newest)


def _rows(script: IO[bytes]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each row of the script's COPY blocks, by column, with its table. Only for texts without tabs and backslashes."""
    table, columns = "", list[str]()
    for line in script:
        text = line.decode().rstrip("\n")
        if text.startswith("COPY ") and text.endswith(" FROM stdin;"):
            name, _, listed = text.removeprefix("COPY ").partition(" (")
            table, columns = name.partition(".")[2], listed.partition(")")[0].split(", ")
        elif text == "\\.":
            table = ""
        elif table:
            yield table, dict(zip(columns, text.split("\t"), strict=True))


def present(url: str) -> Contents | None:
    """What the database holds now; None when it holds nothing of apso."""
    with connect(url) as connection:
        try:
            row = connection.execute(CONTENTS).fetchone()
        except psycopg.errors.UndefinedTable:
            return None
    assert row is not None
    return Contents(row[0] or 0, row[1], row[2], row[3], row[4] or "")


def erased(url: str) -> list[str]:
    """The hashes of those who were erased. Raises StorageError when the server does not answer."""
    with connect(url) as connection:
        try:
            return [row[0] for row in connection.execute("SELECT hash FROM erasures ORDER BY hash")]
        except psycopg.errors.UndefinedTable:
            return []


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Nobody else runs on the database, and whoever starts waits. Raises StorageError when somebody does."""
    with connect(url) as connection:
        until = time.monotonic() + LEAVES_S
        while _others(connection):
            if time.monotonic() > until:
                raise StorageError("apso is running on this database. Stop every `apso run` first.")
            time.sleep(0.05)
        connection.execute("SELECT pg_advisory_lock(%s)", (MIGRATING,))  # what every start takes first
        yield


def _others(connection: psycopg.Connection[Any]) -> int:
    connection.execute("SELECT pg_stat_clear_snapshot()")  # within a transaction the same would be seen for ever
    row = connection.execute(
        "SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'apso' AND datname = current_database()"
        " AND pid <> pg_backend_pid()"
    ).fetchone()
    return row[0] if row else 0


def put_in_place(url: str, pg_dump: str, file: Path, aside: str, pauses: str, why: str, now: int) -> None:
    """Let the dump be the database, its sender paused, and the present tables be kept in the schema `aside`.

    All in one transaction. Not pg_restore --clean: it leaves the tables a newer version added, and the migrations of
    the older dump would stumble over them. `pauses`: the migration that makes the table of pauses.
    """
    tools = programs(pg_dump)
    restore = [tools["pg_restore"], f"--schema={SCHEMA}", "--no-owner", "--no-privileges", "--file=-", str(file)]
    execute = [tools["psql"], "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--file=-"]
    with program.running(execute, subprocess.PIPE, subprocess.DEVNULL, environment(url)) as executing:
        assert executing.stdin is not None
        executing.stdin.write(f"BEGIN; ALTER SCHEMA {SCHEMA} RENAME TO {aside}; CREATE SCHEMA {SCHEMA};\n".encode())
        with program.running(restore, None, subprocess.PIPE) as restoring:
            assert restoring.stdout is not None
            shutil.copyfileobj(restoring.stdout, executing.stdin)
        executing.stdin.write(_paused(pauses, why, now).encode())
        executing.stdin.write(b"COMMIT;\n")  # without it everything is as it was


def _paused(pauses: str, why: str, now: int) -> str:
    return (
        f"SET search_path = {SCHEMA};\n{ddl_in_postgres(pauses)}\n"
        "DELETE FROM pauses WHERE what = 'sender';\n"
        f"INSERT INTO pauses (what, since, why) VALUES ('sender', {now}, '{why.replace(chr(39), chr(39) * 2)}');\n"
    )
