"""A database as after weeks in one province: everybody linked on Telegram, three weeks of reports and tasks."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.demo.load import load
from storage import consents, people
from storage.db import Db
from storage.sqlite import open_sqlite

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST_CHAT = 5_000_000_000


@dataclass(frozen=True)
class Town:
    """Chats on Telegram: everybody's, the members', and the administrator's."""

    file: Path
    everybody: list[int]
    members: list[int]
    admin: int


def build(folder: Path, size: int) -> Town:
    """Make the database with `size` linked people besides the administrator."""
    return asyncio.run(_build(folder / "apso.db", size))


async def _build(file: Path, size: int) -> Town:
    now = time.time_ns() // 1_000_000
    store = await open_sqlite(str(file), now)
    try:
        return await store.run(lambda db: _fill(db, file, size, now))
    finally:
        await store.close()


def _fill(db: Db, file: Path, size: int, now: int) -> Town:
    shown = load(db, now, ZONE, joined=False)
    hamlets = [row[0] for row in db.all("SELECT id FROM units WHERE level = 'hamlet' ORDER BY id")]
    known = [row[0] for row in db.all("SELECT id FROM people WHERE id <> :admin ORDER BY id", admin=shown.admin)]
    for number in range(size - len(known)):
        person = people.add(db, name=f"Người Thêm {number}", phone="", language="vi", now=now)
        people.appoint(db, person.id, hamlets[number % len(hamlets)], "member", now)
        known.append(person.id)
    linked = [*known[:size], shown.admin]
    for person_id in linked:
        people.link(db, "telegram", _chat(person_id), person_id, now)
        consents.give(db, "telegram", _chat(person_id), "2026-11", now)
    members = [row[0] for row in db.all("SELECT person_id FROM posts WHERE role = 'member' ORDER BY person_id")]
    return Town(
        file,
        [FIRST_CHAT + one for one in linked],
        [FIRST_CHAT + one for one in members if one in set(linked)],
        FIRST_CHAT + shown.admin,
    )


def _chat(person_id: int) -> str:
    return str(FIRST_CHAT + person_id)
