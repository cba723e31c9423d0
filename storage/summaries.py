"""Who was given the summary of which week: each person once, whatever is restarted."""

from __future__ import annotations

from storage.db import Db


def take(db: Db, person_id: int, week: str, now: int) -> bool:
    """Note that the person is given the summary of the week (ISO day of its Monday); False when they were before."""
    return (
        db.run(
            "INSERT INTO summaries (person_id, week, at) VALUES (:person, :week, :now)"
            " ON CONFLICT (person_id, week) DO NOTHING",
            person=person_id,
            week=week,
            now=now,
        )
        == 1
    )
