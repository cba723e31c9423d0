"""Photos and documents people sent, by the handle of the channel that keeps them; see `photos` for their content."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from storage.db import Db

COLUMNS = (
    "f.id, f.kind, f.channel, f.ref, f.uniq, f.name, f.mime, f.size, f.created_at, f.person_id, f.state, f.hash, f.why"
)
WIDTH = 13
SHOWN = "f.state NOT IN ('refused', 'lost')"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """`person_id`: who sent it. `state`: "" (no picture), waiting (to be fetched), kept (under `hash`), refused (`why`)
    or lost."""

    id: int
    kind: str
    channel: str
    ref: str
    unique: str
    name: str
    mime: str
    size: int
    created_at: int
    person_id: int | None
    state: str
    hash: str
    why: str


def add(
    db: Db,
    *,
    kind: str,
    channel: str,
    ref: str,
    unique: str,
    name: str,
    mime: str,
    size: int,
    now: int,
    person_id: int | None = None,
    is_picture: bool = False,
) -> int:
    """Keep a file's record; a picture is to be fetched."""
    row = db.one(
        "INSERT INTO files (kind, channel, ref, uniq, name, mime, size, created_at, person_id, state, due_at)"
        " VALUES (:kind, :channel, :ref, :uniq, :name, :mime, :size, :now, :person, :state, :now) RETURNING id",
        kind=kind,
        channel=channel,
        ref=ref,
        uniq=unique,
        name=name,
        mime=mime,
        size=size,
        now=now,
        person=person_id,
        state="waiting" if is_picture else "",
    )
    assert row is not None
    file_id: int = row[0]
    return file_id


def get(db: Db, file_id: int) -> StoredFile | None:
    row = db.one(f"SELECT {COLUMNS} FROM files f WHERE f.id = :id", id=file_id)
    return StoredFile(*row) if row else None


def count_shown(db: Db, file_ids: Collection[int]) -> int:
    """How many of these there are, without those that were refused or lost."""
    if not file_ids:
        return 0
    row = db.one(f"SELECT COUNT(*) FROM files f WHERE f.id IN ({', '.join(map(str, set(file_ids)))}) AND {SHOWN}")
    return row[0] if row else 0


def of_report(db: Db, report_id: int) -> list[StoredFile]:
    """Without those that were refused or lost."""
    return _of(db, "report_files", "report_id", report_id)


def late(db: Db, report_id: int, since: int) -> list[int]:
    """The files of a report that were sent after that moment."""
    rows = db.all(
        "SELECT f.id FROM files f JOIN report_files t ON t.file_id = f.id"
        " WHERE t.report_id = :id AND f.created_at > :since ORDER BY f.id",
        id=report_id,
        since=since,
    )
    return [row[0] for row in rows]


def of_assignment(db: Db, assignment_id: int) -> list[StoredFile]:
    """Without those that were refused or lost."""
    return _of(db, "assignment_files", "assignment_id", assignment_id)


def _of(db: Db, table: str, column: str, object_id: int) -> list[StoredFile]:
    rows = db.all(
        f"SELECT {COLUMNS} FROM files f JOIN {table} t ON t.file_id = f.id WHERE t.{column} = :id AND {SHOWN}"
        " ORDER BY f.id",
        id=object_id,
    )
    return [StoredFile(*row) for row in rows]


def attach(db: Db, table: str, column: str, object_id: int, file_ids: list[int]) -> None:
    """Tie files to a report or an assignment; those tied before and not named are let go."""
    db.run(f"DELETE FROM {table} WHERE {column} = :id", id=object_id)
    db.many(
        f"INSERT INTO {table} ({column}, file_id) VALUES (:object, :file)",
        ({"object": object_id, "file": file_id} for file_id in dict.fromkeys(file_ids)),
    )
