"""Databases to measure on: a province after three weeks, or a whole country in bulk; everybody linked on Telegram."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app import open_store
from bot.config import Config
from bot.demo.load import load
from storage import categories, consents, people
from storage.db import Db, Row

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST_CHAT = 5_000_000_000
DAY_MS = 24 * 3600 * 1000

# How many units there are of each level, from the top: a province in 2022, and the country.
SHAPES = {3_000: (1, 9, 129, 427), 460_000: (1, 34, 3_321, 99_359)}
LEVELS = ("province", "district", "commune", "hamlet")
REPORTS = 3  # of each person, on days of the last three weeks


@dataclass(frozen=True)
class Town:
    """Chats on Telegram: everybody's, the members', and the administrator's. `file`: the database, if it is one."""

    file: Path
    everybody: list[int]
    members: list[int]
    admin: int


def build(folder: Path, size: int, url: str = "") -> Town:
    """Make the database with `size` linked people besides the administrator, in a file of the folder or at `url`."""
    return asyncio.run(_build(folder / "apso.db", size, url))


async def _build(file: Path, size: int, url: str) -> Town:
    now = time.time_ns() // 1_000_000
    store = await open_store(Config.model_validate({"storage": {"url": url or str(file)}}), now)
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


def settle(db: Db, size: int, now: int) -> None:
    """Put so many people (a key of SHAPES) and their last three weeks into an empty database, in bulk."""
    categories.seed(db)
    units = list(_units(SHAPES[size], now))
    db.fill("units", ("id", "code", "name", "kind", "level", "parent_id", "path", "since"), units)
    db.fill("unit_edges", ("child_id", "parent_id", "since"), ((u[0], u[5], now) for u in units if u[5]))
    hamlets = [unit[0] for unit in units if unit[4] == "hamlet"]
    everybody = range(1, size + 1)
    homes = {person: hamlets[person % len(hamlets)] for person in everybody}
    _people(db, homes, len(hamlets), now)
    _reports(db, homes, now)
    _said(db, everybody, now)
    _tasks(db, homes, hamlets, now)
    for table in ("units", "people", "reports", "outbox", "tasks", "assignments"):
        db.count_on(table, db.all(f"SELECT MAX(id) FROM {table}")[0][0])


def _units(shape: tuple[int, ...], now: int) -> Iterator[Row]:
    ids = count(1)
    above: list[tuple[int | None, str]] = [(None, "/")]
    for level, how_many in zip(LEVELS, shape, strict=True):
        here: list[tuple[int | None, str]] = []
        for number in range(how_many):
            parent, path = above[number % len(above)]
            unit = next(ids)
            here.append((unit, f"{path}{unit}/"))
            yield unit, str(unit), f"Nơi {unit}", level, level, parent, here[-1][1], now
        above = here


def _people(db: Db, homes: dict[int, int], hamlets: int, now: int) -> None:
    db.fill(
        "people",
        ("id", "name", "phone", "language", "created_at"),
        ((one, f"Nguyễn Văn {one}", f"09{one:08d}", "vi", now) for one in homes),
    )
    posts = ((one, unit, "head" if one <= hamlets else "member", now) for one, unit in homes.items())
    db.fill("posts", ("person_id", "unit_id", "role", "since"), posts)
    chats = [(one, _chat(one)) for one in homes]
    db.fill(
        "identities",
        ("channel", "chat", "person_id", "since", "used_at"),
        (("telegram", chat, one, now, now) for one, chat in chats),
    )
    db.fill(
        "consents",
        ("channel", "chat", "person_id", "version", "given_at"),
        (("telegram", chat, one, "2026-11", now) for one, chat in chats),
    )
    choices = json.dumps([[1, "bao cao", "1t:bao cao"]])
    rows = (("telegram", chat, "vi", choices) for _, chat in chats)
    db.fill("chats", ("channel", "chat", "language", "choices"), rows)


def _reports(db: Db, homes: dict[int, int], now: int) -> None:
    today = datetime.fromtimestamp(now / 1000, UTC).astimezone(ZONE).date()
    codes = [category.code for category in categories.everything(db)]
    made = [
        (number * len(homes) + one, one, (today - timedelta(days=1 + (one + 7 * number) % 21)).isoformat())
        for number in range(REPORTS)
        for one in homes
    ]
    db.fill(
        "reports",
        ("id", "author_id", "unit_id", "day", "note", "state", "version", "created_at", "changed_at"),
        ((report, one, homes[one], day, "", "kept", 1, now, now) for report, one, day in made),
    )
    items = ((report, codes[report % len(codes)], 3, "người") for report, _, _ in made)
    db.fill("report_items", ("report_id", "category", "count", "unit"), items)
    noted = ((now, one, "reports.changed", f"B-{report:04d}", "3 → 4") for report, one, _ in made[: len(homes)])
    db.fill("audit", ("at", "person_id", "act", "object", "detail"), noted)


def _said(db: Db, everybody: range, now: int) -> None:
    """What was heard within a day and said within a week."""
    db.fill("seen", ("channel", "key", "at"), (("telegram", f"old {one}", now) for one in everybody))
    body = json.dumps({"text": [["Dạ, em ghi nhận.", ""]]})
    columns = (
        *("id", "lane", "kind", "channel", "chat", "person_id", "body", "card", "edits", "state", "epoch", "attempts"),
        *("not_before", "created_at", "changed_at", "message_id", "error"),
    )
    letters = (
        (
            one,
            0,
            "REPLY",
            "telegram",
            _chat(one),
            one,
            body,
            f"report:{one}",
            0,
            "sent",
            1,
            1,
            0,
            now,
            now,
            str(one),
            "",
        )
        for one in everybody
    )
    db.fill("outbox", columns, letters)
    cards = (("telegram", _chat(one), f"report:{one}", str(one), now) for one in everybody)
    db.fill("cards", ("channel", "chat", "card", "message_id", "shown_at"), cards)


def _tasks(db: Db, homes: dict[int, int], hamlets: list[int], now: int) -> None:
    """One task for every hamlet, of a hundred and more each."""
    head_of = {unit: one for one, unit in reversed(homes.items())}
    tasks = range(1, len(hamlets) // 100 + 1)
    db.fill(
        "tasks",
        ("id", "title", "giver_id", "unit_id", "due_at", "evidence", "created_at"),
        ((task, f"Việc {task}", 1, 1, now + 3 * DAY_MS, "none", now) for task in tasks),
    )
    db.fill(
        "assignments",
        ("id", "task_id", "unit_id", "person_id", "state", "stuck", "returned", "note", "version", "changed_at"),
        (
            (number, tasks[number % len(tasks)], unit, head_of[unit], "given", "", "", "", 1, now)
            for number, unit in enumerate(hamlets, 1)
        ),
    )
