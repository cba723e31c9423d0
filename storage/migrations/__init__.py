"""Numbered changes of the schema, each applied once, in order, in a transaction with its mark."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from storage.db import Db, StorageError

TABLE = """CREATE TABLE IF NOT EXISTS schema_version (
    version BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    applied_at BIGINT NOT NULL
)"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One `NNNN_name.sql` of this folder."""

    version: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()

    def statements(self) -> Iterator[str]:
        """Each statement ends with a semicolon at the end of a line."""
        return (statement for part in self.sql.split(";\n") if (statement := part.strip()))


@cache
def known() -> tuple[Migration, ...]:
    """All migrations this program carries, in order."""
    files = sorted(resources.files(__package__).iterdir(), key=lambda file: file.name)
    return tuple(
        Migration(int(file.name[:4]), file.name[5:-4], file.read_text("utf-8"))
        for file in files
        if file.name.endswith(".sql")
    )


def missing(db: Db) -> list[Migration]:
    """What is still to be applied. Raises StorageError when the database is newer than the program, or was altered."""
    applied = {row[0]: row[1] for row in db.all("SELECT version, sha256 FROM schema_version")}
    newest = known()[-1].version
    if applied and max(applied) > newest:
        raise StorageError(
            f"The database is of a newer apso (schema {max(applied)}, this one knows {newest}). Install that version."
        )
    for migration in known():
        if applied.get(migration.version, migration.sha256) != migration.sha256:
            raise StorageError(
                f"Migration {migration.version:04d} is not the one this database was made with. "
                "Install the released version again, or restore a backup."
            )
    return [migration for migration in known() if migration.version not in applied]


def mark(db: Db, migration: Migration, now: int) -> None:
    """Record that it was applied."""
    db.run(
        "INSERT INTO schema_version (version, name, sha256, applied_at) VALUES (:version, :name, :sha256, :now)",
        version=migration.version,
        name=migration.name,
        sha256=migration.sha256,
        now=now,
    )
