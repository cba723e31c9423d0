"""What a person must allow before it goes on, such as the sender after a restore."""

from __future__ import annotations

from dataclasses import dataclass

from storage.db import Db


@dataclass(frozen=True, slots=True)
class Pause:
    """Since when (UTC milliseconds) and why, in words for the operator."""

    since: int
    why: str


def pause(db: Db, what: str, why: str, now: int) -> None:
    """`what` rests until `resume`; the newest reason counts."""
    db.run(
        "INSERT INTO pauses (what, since, why) VALUES (:what, :now, :why) ON CONFLICT (what)"
        " DO UPDATE SET since = excluded.since, why = excluded.why",
        what=what,
        why=why,
        now=now,
    )


def since(db: Db, what: str) -> Pause | None:
    """None when nothing holds it up."""
    row = db.one("SELECT since, why FROM pauses WHERE what = :what", what=what)
    return Pause(*row) if row else None


def resume(db: Db, what: str) -> bool:
    """Let it go on; False when it did not rest."""
    return db.run("DELETE FROM pauses WHERE what = :what", what=what) > 0
