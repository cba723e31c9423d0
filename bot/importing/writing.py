"""The transaction in which a list from the command line is taken over."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from bot.chat import listing
from bot.chat.message import plain
from bot.chat.texts import Voice
from bot.rules.roster import Plan
from storage import audit, imports
from storage.db import Db
from storage.roster import Progress
from storage.units import Unit


def write(
    db: Db, within: Unit, plan: Plan, file: Path, house: Voice, *, remove_gone: bool, now: int, progress: Progress
) -> int:
    """Let the plan be so; returns the number under which it was taken over. `house`: in its language it is noted."""
    number = imports.add(
        db,
        person_id=None,
        unit_id=within.id,
        name=file.name,
        sha256=_sha256(file),
        content="",
        figures=json.dumps(asdict(plan.counts)),
        now=now,
    )
    code = imports.code(number)
    imports.take_over(
        db,
        number,
        plan.changes(remove_gone=remove_gone),
        listing.traces(house, plan, remove_gone=remove_gone),
        said=plain(listing.result(house, "roster.trace", file.name, code, plan, remove_gone=remove_gone)),
        channel=audit.MACHINE,
        language=house.language,
        now=now,
        progress=progress,
    )
    return number


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
