"""Which process does what only one may do, numbered: who comes later has the higher epoch."""

from __future__ import annotations

from storage.db import Db


def next_epoch(db: Db, what: str) -> int:
    """Become the one: a new epoch, so that what an older one claimed no longer counts."""
    row = db.one(
        "INSERT INTO senders (name, epoch) VALUES (:what, 1)"
        " ON CONFLICT (name) DO UPDATE SET epoch = senders.epoch + 1 RETURNING epoch",
        what=what,
    )
    assert row is not None
    epoch: int = row[0]
    return epoch


def epoch(db: Db, what: str) -> int:
    """Of whoever does it now; 0 when nobody ever did."""
    row = db.one("SELECT epoch FROM senders WHERE name = :what", what=what)
    return row[0] if row else 0


def beat(db: Db, what: str, now: int) -> None:
    """Whoever does it lives; `now` is the database's own clock, which all processes share."""
    db.run("UPDATE senders SET beat_at = :now WHERE name = :what", what=what, now=now)


def introduce(db: Db, what: str, who: str, now: int) -> None:
    """Leave behind who does it, and since when, for whoever asks."""
    db.run(
        "INSERT INTO pulses (what, at, detail) VALUES (:what, :now, :who)"
        " ON CONFLICT (what) DO UPDATE SET at = excluded.at, detail = excluded.detail",
        what=f"leads {what}",
        who=who,
        now=now,
    )


def introduced(db: Db, what: str) -> tuple[str, int]:
    """Who last began to do it, and when ("" and 0: nobody ever did)."""
    row = db.one("SELECT detail, at FROM pulses WHERE what = :what", what=f"leads {what}")
    return (row[0], row[1]) if row else ("", 0)


def last_beat(db: Db, what: str) -> int:
    row = db.one("SELECT beat_at FROM senders WHERE name = :what", what=what)
    return row[0] if row else 0
