"""Forgetting what was kept long enough, some of it at a time, and counting how much that was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from storage import photos
from storage.db import Db

_DONE = "state IN ('sent', 'failed', 'unknown', 'dropped')"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much of a kind was forgotten in a month ("2026-11")."""

    month: str
    kind: str
    count: int


def forget(db: Db, kind: str, before: int, most: int) -> int:
    """Forget at most so many of a kind that are older than that; returns how many."""
    return sum(one(db, before, most) for one in _KINDS[kind])


def _rows(table: str, key: str, where: str) -> Callable[[Db, int, int], int]:
    def one(db: Db, before: int, most: int) -> int:
        old = f"SELECT {key} FROM {table} WHERE {where} LIMIT :most"
        return db.run(f"DELETE FROM {table} WHERE ({key}) IN ({old})", before=before, most=most)

    return one


def _letters_of_broadcasts(db: Db, before: int, most: int) -> int:
    """Who was reached stays open to questions; what was said to them, and where, does not."""
    old = (
        f"SELECT id FROM outbox WHERE created_at < :before AND broadcast_id IS NOT NULL AND chat <> '' AND {_DONE}"
        " LIMIT :most"
    )
    return db.run(f"UPDATE outbox SET body = '{{}}', chat = '' WHERE id IN ({old})", before=before, most=most)


def _photos(db: Db, before: int, most: int) -> int:
    return drop_files(db, "created_at < :before", before=before, most=most)


def _loose_photos(db: Db, before: int, most: int) -> int:
    """Sent, and then never made part of anything."""
    tied = " UNION ALL ".join(f"SELECT file_id FROM {table}" for table in ("report_files", "assignment_files"))
    return drop_files(db, f"created_at < :before AND id NOT IN ({tied})", before=before, most=most)


def drop_files(db: Db, where: str, *, most: int, **values: object) -> int:
    """The records of these files, by which the channel would give their content again; the bot's own copies of
    photos that nothing refers to any more are marked, to go from the folder too."""
    found = db.all(f"SELECT id, hash FROM files WHERE {where} LIMIT :most", most=most, **values)
    ids = [row[0] for row in found]
    for table, column in (("report_files", "file_id"), ("assignment_files", "file_id"), ("files", "id")):
        db.many(f"DELETE FROM {table} WHERE {column} = :id", ({"id": one} for one in ids))
    photos.release(db, {row[1] for row in found if row[1]})
    return len(ids)


def drop_practice(db: Db, where: str, *, most: int, **values: object) -> int:
    """Reports of practice, with all they hold; their photos are tied to nothing then."""
    old = f"SELECT id FROM reports WHERE state LIKE 'practice%' AND {where} ORDER BY id LIMIT :most"
    ids = [row[0] for row in db.all(old, most=most, **values)]
    for table in ("report_items", "report_files", "report_people"):
        db.many(f"DELETE FROM {table} WHERE report_id = :id", ({"id": one} for one in ids))
    db.many("DELETE FROM reports WHERE id = :id", ({"id": one} for one in ids))
    return len(ids)


def _practice(db: Db, before: int, most: int) -> int:
    return drop_practice(db, "changed_at < :before", before=before, most=most)


_KINDS: Mapping[str, tuple[Callable[[Db, int, int], int], ...]] = {
    "messages": (
        _rows("outbox", "id", f"created_at < :before AND broadcast_id IS NULL AND {_DONE}"),
        _letters_of_broadcasts,
        _rows("cards", "channel, chat, card", "shown_at < :before"),
    ),
    "photos": (_photos,),
    "surprises": (_rows("surprises", "id", "at < :before"),),
    "drafts": (_rows("drafts", "id", "touched_at < :before"), _loose_photos),
    "seen": (_rows("seen", "channel, key", "at < :before"),),
    "audit": (_rows("audit", "id", "at < :before"),),
    "requests": (
        _rows("data_requests", "id", "state <> 'open' AND answered_at < :before"),
        _rows("corrections", "id", "at < :before"),
    ),
    "practice": (_practice, _rows("practice", "person_id", "ended_at IS NOT NULL AND touched_at < :before")),
    "codes": (_rows("invites", "hash", "expires_at < :before"),),
}


def count(db: Db, day: str, kind: str, gone: int, *, more: bool) -> None:
    """Add to what was forgotten of a kind on a day; `more`: some of it is still there."""
    db.run(
        "INSERT INTO tidied (day, kind, count, more) VALUES (:day, :kind, :gone, :more)"
        " ON CONFLICT (day, kind) DO UPDATE SET count = tidied.count + excluded.count, more = excluded.more",
        day=day,
        kind=kind,
        gone=gone,
        more=int(more),
    )


def unfinished(db: Db) -> list[tuple[str, str]]:
    """Days and kinds of which there was more than one slice."""
    return [(row[0], row[1]) for row in db.all("SELECT day, kind FROM tidied WHERE more = 1 ORDER BY day, kind")]


def forgotten(db: Db, first: str, last: str) -> list[Forgotten]:
    """Sums per month and kind of the days from first to last."""
    rows = db.all(
        "SELECT SUBSTR(day, 1, 7), kind, SUM(count) FROM tidied WHERE day >= :first AND day <= :last AND count > 0"
        " GROUP BY SUBSTR(day, 1, 7), kind ORDER BY 1, 2",
        first=first,
        last=last,
    )
    return [Forgotten(row[0], row[1], int(row[2])) for row in rows]
