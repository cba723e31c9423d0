"""Which slots of the clock were run: the database decides that each is run once."""

from __future__ import annotations

from storage.db import Db


def take(db: Db, job: str, slot: int, now: int) -> bool:
    """Claim a slot (UTC milliseconds); False when somebody ran it before."""
    return (
        db.run(
            "INSERT INTO job_runs (job, slot, ran_at) VALUES (:job, :slot, :now) ON CONFLICT (job, slot) DO NOTHING",
            job=job,
            slot=slot,
            now=now,
        )
        == 1
    )


def last(db: Db, job: str) -> int | None:
    """The newest slot of the job that was run."""
    row = db.one("SELECT MAX(slot) FROM job_runs WHERE job = :job", job=job)
    return row[0] if row else None
