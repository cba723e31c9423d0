"""/healthz and /metrics of the running bot, asked over HTTP."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot import VERSION, backup
from bot.app import App
from bot.channels.phone import Phone
from bot.clock import Chore
from bot.config import Config
from bot.watching import newest_backup
from storage import outbox, pauses
from storage.db import Db, StorageError
from tests import engine
from tests.engine import open_engine
from tests.rig import ZONE, moment, settle
from tests.storage.test_watching import letter
from tests.test_metrics import read

NOW = moment("2026-11-23 08:00")
GIGABYTE = 1 << 30


@asynccontextmanager
async def running(folder: Path, name: str = "apso", **more: Any) -> AsyncIterator[tuple[App, list[int]]]:
    """The whole bot with its web server, and its time."""
    time = [NOW]
    store = await open_engine(folder / f"{name}.db", NOW)
    await store.run(lambda db: settle(db, NOW))
    config = Config.model_validate({"web": {"port": 0}, "backup": {"dir": str(folder / "backups")}})
    app = App(config, store, {"phone": Phone(folder, lambda: time[0])}, now=lambda: time[0], **more)
    app.watching.room = lambda: 5 * GIGABYTE
    await app.start()
    async with asyncio.timeout(5):
        while not app.sender.epoch:  # where several could be the sender it takes a moment
            await asyncio.sleep(0.01)
    await app.watching.beat()
    try:
        yield app, time
    finally:
        await app.stop()


async def get(app: App, path: str) -> tuple[int, str, str]:
    """Status, content type and body."""
    assert app.server is not None
    async with aiohttp.ClientSession() as session, session.get(f"{app.server.url}{path}") as answer:
        return answer.status, answer.headers["content-type"], await answer.text()


async def health(app: App) -> tuple[int, dict[str, Any]]:
    status, _, body = await get(app, "/healthz")
    return status, json.loads(body)


async def test_all_is_well(tmp_path: Path) -> None:
    async with running(tmp_path) as (app, time):
        await app.run_job(app.around.routes.timers["watching.watch"].run)
        time[0] += 4000
        status, said = await health(app)
        assert status == 200
        at = "2026-11-23T08:00:00+07:00"
        known = {
            "ok": True,
            "troubles": [],
            "started_at": at,
            "last_poll_at": None,
            "last_poll_age_s": None,
            "last_sent_at": None,
            "last_sent_age_s": None,
            "queue_age_s": {"replies": 0, "tasks": 0, "broadcasts": 0},
            "queued": 0,
            "unknown": 0,
            "disk_free_gb": 5.0,
            "role": "all",
            "version": VERSION,
        }
        assert {name: said[name] for name in known} == known
        assert datetime.fromisoformat(said["last_commit_at"]) >= datetime.fromisoformat(at)
        assert said["last_commit_age_s"] <= 4


async def test_what_is_wrong_is_named_and_the_status_says_so(tmp_path: Path) -> None:
    async with running(tmp_path) as (app, time):
        app.watching.room = lambda: GIGABYTE // 2
        await app.watching.beat()

        def stand(db: Db) -> None:
            letter(db, 0, NOW, epoch=0)
            db.run("UPDATE outbox SET channel = 'gone'")

        await app.store.run(stand)
        time[0] += 10 * 60_000
        await app.run_job(app.around.routes.timers["watching.watch"].run)
        time[0] += 90_000
        status, said = await health(app)
        assert status == 503
        assert said["ok"] is False
        assert said["troubles"] == [
            {"name": "disk", "kind": "disk", "of": "", "count": 0, "minutes": 0, "said": "0.5", "since": AT_TEN},
            {"name": "replies", "kind": "replies", "of": "", "count": 1, "minutes": 11, "said": "", "since": AT_TEN},
        ]
        assert said["queue_age_s"]["replies"] == 690
        assert (said["queued"], said["disk_free_gb"]) == (1, 0.5)


AT_TEN = "2026-11-23T08:10:00+07:00"


async def test_a_channel_that_refuses_the_bot(tmp_path: Path) -> None:
    async with running(tmp_path) as (app, _):
        app.sender.lines["phone"].stopped = "Unauthorized"
        status, said = await health(app)
        assert status == 503
        assert [(t["name"], t["said"]) for t in said["troubles"]] == [("stopped phone", "Unauthorized")]


@pytest.mark.skipif(engine.is_postgres(), reason="there one stuck transaction holds up only its own connection")
async def test_a_stuck_store_is_told_within_two_seconds(tmp_path: Path) -> None:
    async with running(tmp_path) as (app, _):
        stuck = threading.Event()
        holding = asyncio.create_task(app.store.run(lambda db: stuck.wait(20)))
        began = asyncio.get_running_loop().time()
        try:
            for _ in range(2):
                status, said = await health(app)
                assert status == 503
                assert [trouble["name"] for trouble in said["troubles"]] == ["store"]
                assert said["queued"] is None
            assert asyncio.get_running_loop().time() - began < 4
            status, _, page = await get(app, "/metrics")
            assert status == 200
            found = read(page.encode())
            assert found['apso_trouble{kind="store"}'] == 1
            assert found["apso_store_waiting"] >= 2
        finally:
            stuck.set()
            await holding
        status, said = await health(app)
        assert (status, said["queued"]) == (200, 0)


async def test_the_page_for_prometheus(tmp_path: Path) -> None:
    async with running(tmp_path) as (app, _):
        status, kind, page = await get(app, "/metrics")
        assert (status, kind) == (200, "text/plain; version=0.0.4; charset=utf-8")
        found = read(page.encode())
        assert found['apso_outbox{lane="tasks",state="queued"}'] == 0
        assert found["apso_commits_total"] > 0


async def test_two_bots_in_one_program_count_for_themselves(tmp_path: Path) -> None:
    async with running(tmp_path, "a") as (one, _), running(tmp_path, "b") as (other, _):
        one.metrics.turned_away("dropped")
        assert b'outcome="dropped"' in (await one.figures())[0]
        assert b'outcome="dropped"' not in (await other.figures())[0]


async def test_another_process_judges_by_the_pulses(tmp_path: Path) -> None:
    """What the sender's process knows, the clock's tells."""
    async with running(tmp_path) as (app, time):
        app.sender.last_sent_at = NOW
        app.sender.lines["phone"].stopped = "Unauthorized"
        await app.watching.beat()
        other = App(app.config, app.store, {}, now=lambda: time[0], serve=False, roles=("clock",))
        facts = await app.store.run(lambda db: other.watching.facts(db, NOW))
        assert facts.last_sent_at == NOW
        assert facts.stopped == {"phone": "Unauthorized"}
        app.sender.lines["phone"].stopped = ""
        time[0] += 1
        await app.watching.beat()
        facts = await app.store.run(lambda db: other.watching.facts(db, NOW))
        assert facts.stopped == {}


async def test_backups_that_fail_or_are_old(tmp_path: Path) -> None:
    """The failure is forgotten when a newer backup lies in the folder, whoever made it."""

    async def no_room() -> None:
        raise StorageError("no room")

    nightly = Chore(backup.NIGHTLY, "02:00", no_room)
    async with running(tmp_path, chores=[nightly]) as (app, time):
        folder = tmp_path / "backups"
        app.watching.backups = newest_backup(folder, ZONE)
        time[0] = moment("2026-11-24 02:00")
        await app.clock.ring()
        await app.clock.done()
        assert await backup_troubles(app) == [("backup", "no room")]
        folder.mkdir()
        for name in ("apso-2026-11-24T083000.db", "apso-2026-11-20T020000.db.age", "notes.txt"):
            (folder / name).touch()
        time[0] = moment("2026-11-24 09:00")
        assert await backup_troubles(app) == []
        time[0] = moment("2026-11-25 20:31")
        assert await backup_troubles(app) == [("backups", "")]


async def backup_troubles(app: App) -> list[tuple[str, str]]:
    await app.watching.beat()
    _, said = await health(app)
    return [(trouble["name"], trouble["said"]) for trouble in said["troubles"] if "backup" in trouble["name"]]


async def test_a_restored_database_waits_for_a_word(tmp_path: Path) -> None:
    async with running(tmp_path) as (app, time):
        await app.store.run(lambda db: pauses.pause(db, outbox.SENDER, "restored", NOW))
        time[0] += 60_000
        status, said = await health(app)
        assert status == 503
        assert [(trouble["name"], trouble["minutes"]) for trouble in said["troubles"]] == [("paused", 1)]
