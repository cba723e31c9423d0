"""Whether all is well: what each process last did, what waits to be said, and which troubles are known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from storage.db import Db

POLL = "poll"  # Telegram last answered
SENT = "sent"  # something was last said
CLOCK = "clock"  # the clock last looked whether all is well
STOPPED = "stopped "  # and a channel's name: it refuses the bot; the detail says why
BACKUP = "backup"  # a backup was last made and found good
BACKUP_FAILED = "backup failed"  # and later than that, one was not; the detail says why

LANES = {0: "replies", 1: "tasks", 2: "broadcasts"}


@dataclass(frozen=True, slots=True)
class Pulse:
    what: str
    at: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """The letters of one lane. `due_since`: how long the oldest that may be said has waited (0: none does); `unknown`:
    those of the last day of which nobody knows whether they arrived."""

    queued: int = 0
    sending: int = 0
    unknown: int = 0
    due_since: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """A trouble that is going on; `told_at` when the administrators were told (None: not yet)."""

    name: str
    since: int
    told_at: int | None
    detail: str


def beat(db: Db, pulses: Iterable[Pulse]) -> None:
    """Record when these things last happened; what happened at 0 is so no more. What another process knows to be later
    stays."""
    pulses = list(pulses)
    db.many("DELETE FROM pulses WHERE what = :what", ({"what": pulse.what} for pulse in pulses if not pulse.at))
    db.many(
        "INSERT INTO pulses (what, at, detail) VALUES (:what, :at, :detail)"
        " ON CONFLICT (what) DO UPDATE SET at = excluded.at, detail = excluded.detail WHERE excluded.at >= pulses.at",
        ({"what": pulse.what, "at": pulse.at, "detail": pulse.detail} for pulse in pulses if pulse.at),
    )


def pulses(db: Db) -> dict[str, Pulse]:
    return {row[0]: Pulse(*row) for row in db.all("SELECT what, at, detail FROM pulses")}


def last_sign(db: Db) -> int:
    """When the program last gave a sign of life (0: never)."""
    row = db.one("SELECT COALESCE(MAX(at), 0) FROM pulses WHERE what IN ('poll', 'sent', 'clock')")
    return row[0] if row else 0


def lanes(db: Db, now: int, unknown_since: int) -> dict[str, Lane]:
    """What waits, lane by lane; reads only the small indexes of what is not said yet, however long the outbox is."""
    queued: dict[int, int] = dict(db.all(_QUEUED))
    sending = {row[0]: row[1:] for row in db.all(_IN_HAND)}
    unknown: dict[int, int] = dict(db.all(_UNKNOWN, since=unknown_since))
    found = {}
    for lane, name in LANES.items():
        in_hand, in_hand_since = sending.get(lane, (0, 0))
        since = [at for at in (_due_since(db, lane, now) if lane in queued else 0, in_hand_since) if at]
        found[name] = Lane(queued.get(lane, 0), in_hand, unknown.get(lane, 0), min(since, default=0))
    return found


_QUEUED = "SELECT lane, COUNT(*) FROM outbox WHERE state = 'queued' GROUP BY lane"
_IN_HAND = (
    "SELECT lane, COUNT(*), MIN(CASE WHEN not_before > created_at THEN not_before ELSE created_at END) FROM outbox"
    " WHERE state = 'sending' GROUP BY lane"
)
_UNKNOWN = "SELECT lane, COUNT(*) FROM outbox WHERE state = 'unknown' AND changed_at >= :since GROUP BY lane"


def _due_since(db: Db, lane: int, now: int) -> int:
    """Letters for at once and letters for a certain time lie in two stretches of the index; each begins with its
    oldest."""
    at_once = db.one(
        "SELECT created_at FROM outbox WHERE state = 'queued' AND lane = :lane AND not_before = 0"
        " ORDER BY created_at LIMIT 1",
        lane=lane,
    )
    timed = db.one(
        "SELECT not_before, created_at FROM outbox WHERE state = 'queued' AND lane = :lane AND not_before > 0"
        " AND not_before <= :now ORDER BY not_before LIMIT 1",
        lane=lane,
        now=now,
    )
    return min([max(row) for row in (at_once, timed) if row], default=0)


def troubles(db: Db) -> list[Known]:
    """Those going on, the oldest first."""
    return [Known(*row) for row in db.all("SELECT name, since, told_at, detail FROM troubles ORDER BY since, name")]


def begin(db: Db, name: str, detail: str, now: int) -> None:
    db.run(
        "INSERT INTO troubles (name, since, told_at, detail) VALUES (:name, :now, NULL, :detail)"
        " ON CONFLICT (name) DO NOTHING",
        name=name,
        now=now,
        detail=detail,
    )


def told(db: Db, name: str, now: int) -> None:
    """The administrators know of it."""
    db.run("UPDATE troubles SET told_at = :now WHERE name = :name", name=name, now=now)


def end(db: Db, name: str) -> None:
    db.run("DELETE FROM troubles WHERE name = :name", name=name)


def administrators(db: Db) -> list[int]:
    """Whoever looks after some unit now."""
    rows = db.all("SELECT DISTINCT person_id FROM posts WHERE role = 'admin' AND until IS NULL ORDER BY person_id")
    return [row[0] for row in rows]
