"""Backups by the clock and by hand: whole, sealed when told so, the old ones kept as told, failures known."""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from datetime import datetime
from pathlib import Path

import pytest

from bot import sealing
from bot.app import check_schedule
from bot.backup import NIGHTLY, back_up, chores, folder
from bot.clock import Clock, Failure
from bot.config import Config, ConfigError, load
from bot.doctor import examine
from bot.rules import backups
from storage import jobs, restore
from storage.db import Db, StorageError, Store
from storage.sqlite import open_sqlite
from tests.rig import MONDAY, ZONE, moment, settle

KEY = "age1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs3290gq"

# 60 MB: it takes a while to copy.
MUCH = (
    "CREATE TABLE much AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)"
    " SELECT hex(zeroblob(500)) AS text FROM n"
)


@asynccontextmanager
async def running(place: Path) -> AsyncIterator[Store]:
    """The village's database, in use."""
    store = await open_sqlite(str(place / "apso.db"), moment(MONDAY))
    try:
        await store.run(lambda db: settle(db, moment(MONDAY)))
        yield store
    finally:
        await store.close()


def configured(place: Path, **told: object) -> Config:
    return Config.model_validate({"storage": {"url": str(place / "apso.db")}, "backup": told})


def night(month: int, day: int) -> datetime:
    return datetime.fromisoformat(f"2026-{month:02d}-{day:02d} 02:00")


def names(place: Path) -> list[str]:
    return sorted(path.name for path in (place / "backups").iterdir())


async def test_a_backup_by_hand_while_the_bot_runs(tmp_path: Path) -> None:
    async with running(tmp_path):
        made = await back_up(configured(tmp_path), moment("2026-11-23 15:04"))
    assert made == tmp_path / "backups" / "apso-2026-11-23T150400.db"
    assert restore.contents(made).people == 9


async def test_two_in_one_second_are_two(tmp_path: Path) -> None:
    async with running(tmp_path):
        for _ in range(2):
            await back_up(configured(tmp_path), moment("2026-11-23 15:04"))
    assert names(tmp_path) == ["apso-2026-11-23T150400.db", "apso-2026-11-23T150401.db"]


async def test_a_year_of_nights_in_the_configured_folder_and_in_no_other(tmp_path: Path) -> None:
    here, elsewhere = tmp_path / "backups", tmp_path / "safe"
    nights = [night(month, day) for month in range(1, 12) for day in (1, 10, 20, 21)]
    for place in (here, elsewhere):
        place.mkdir()
        for made in nights:
            (place / backups.name(made, "db")).touch()
        (place / "apso.db.before-0002").touch()
    config = configured(tmp_path, daily=2, weekly=2, monthly=3)
    async with running(tmp_path):
        await back_up(config, moment("2026-11-23 02:00"), elsewhere)
        await back_up(config, moment("2026-11-23 02:00"))
    assert names(tmp_path) == [
        "apso-2026-09-21T020000.db",
        "apso-2026-10-21T020000.db",
        "apso-2026-11-21T020000.db",
        "apso-2026-11-23T020000.db",
        "apso.db.before-0002",
    ]
    assert len(list(elsewhere.iterdir())) == len(nights) + 2


async def test_what_a_killed_backup_left_behind_goes_after_a_day(tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    left, going_on = (tmp_path / "backups" / f".apso-2026-11-22T020000.db.{x}.partial" for x in "ab")
    for file in (left, going_on):
        file.touch()
    os.utime(left, (1, 1))
    async with running(tmp_path):
        await back_up(configured(tmp_path), moment("2026-11-23 02:00"))
    assert names(tmp_path) == [going_on.name, "apso-2026-11-23T020000.db"]


async def test_one_that_fails_removes_nothing(tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    for day in range(1, 29):
        (tmp_path / "backups" / backups.name(night(2, day), "db")).touch()
    with pytest.raises(StorageError, match="There is no database"):
        await back_up(configured(tmp_path), moment("2026-11-23 02:00"))
    assert len(names(tmp_path)) == 28


async def test_a_cancelled_backup_ends_soon_and_leaves_nothing(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "apso.db")) as connection:
        connection.execute(MUCH)
    task = asyncio.create_task(back_up(configured(tmp_path), moment("2026-11-23 02:00")))
    while not (tmp_path / "backups").exists():
        await asyncio.sleep(0.001)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(5):
        while names(tmp_path):
            await asyncio.sleep(0.01)


# Sealed


@pytest.fixture
def age(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Something as strict as age about its arguments on the PATH, and a key for it; it turns every byte around."""
    programs = tmp_path / "programs"
    programs.mkdir()
    key = tmp_path / "key.txt"
    key.write_text("AGE-SECRET-KEY-1TEST")
    (programs / "age").write_text(
        f"#!{sys.executable}\n"
        "import sys\n"
        "match sys.argv[1:]:\n"
        f"    case ['--encrypt', '--recipient', {KEY!r}]:\n"
        "        sys.stdout.buffer.write(b'age-encryption.org/v1' + bytes(255 - b for b in sys.stdin.buffer.read()))\n"
        f"    case ['--decrypt', '--identity', {str(key)!r}, file]:\n"
        "        sealed = open(file, 'rb').read()\n"
        "        assert sealed.startswith(b'age-encryption.org/v1')\n"
        "        sys.stdout.buffer.write(bytes(255 - b for b in sealed[21:]))\n"
        "    case other:\n"
        "        sys.exit('age: error: malformed recipient')\n"
    )
    (programs / "age").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    return key


@pytest.fixture
def gpg(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A keyring with one key; returns whose it is."""
    if shutil.which("gpg") is None:
        pytest.skip("gpg is not installed here")
    home = tempfile.mkdtemp(prefix="gpg")  # the path of its socket must be short
    monkeypatch.setenv("GNUPGHOME", home)
    key = ["--batch", "--passphrase", "", "--quick-generate-key", "backup@apso.example", "future-default"]
    subprocess.run(["gpg", "--quiet", *key], check=True, capture_output=True)
    yield "backup@apso.example"
    subprocess.run(["gpgconf", "--kill", "all"], check=False)
    shutil.rmtree(home, ignore_errors=True)


async def test_sealed_with_age(tmp_path: Path, age: Path) -> None:
    async with running(tmp_path):
        made = await back_up(configured(tmp_path, recipient=KEY), moment("2026-11-23 02:00"))
    assert names(tmp_path) == ["apso-2026-11-23T020000.db.age"], "the plain copy is gone"
    assert made.read_bytes().startswith(b"age-encryption")
    _unsealed_has_everybody(made, tmp_path, age)


async def test_sealed_with_gpg(tmp_path: Path, gpg: str) -> None:
    async with running(tmp_path):
        made = await back_up(configured(tmp_path, recipient=gpg), moment("2026-11-23 02:00"))
    assert names(tmp_path) == ["apso-2026-11-23T020000.db.gpg"]
    assert b"SQLite" not in made.read_bytes()
    _unsealed_has_everybody(made, tmp_path, None)


def _unsealed_has_everybody(made: Path, place: Path, identity: Path | None) -> None:
    plain = place / "plain.db"
    sealing.unseal(made, plain, identity)
    assert restore.contents(plain).people == 9


async def test_a_recipient_nobody_knows(tmp_path: Path, age: Path, gpg: str) -> None:
    async with running(tmp_path):
        with pytest.raises(StorageError, match="age failed: age: error: malformed recipient"):
            await back_up(configured(tmp_path, recipient="age1mistyped"), moment("2026-11-23 02:00"))
        with pytest.raises(StorageError, match=r"gpg failed: .*nobody@apso\.example"):
            await back_up(configured(tmp_path, recipient="nobody@apso.example"), moment("2026-11-23 02:00"))
    assert names(tmp_path) == [], "no plain copy either"


async def test_no_room_for_the_sealed_copy(tmp_path: Path, age: Path) -> None:
    async with running(tmp_path) as store:
        await store.run(lambda db: db.run(MUCH))
    (tmp_path / "programs" / "age").write_text(f"#!{sys.executable}\nprint('x' * 100_000_000)\n")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (90_000_000, before[1]))
    try:
        with pytest.raises(StorageError, match="could not be written: File too large"):
            await back_up(configured(tmp_path, recipient=KEY), moment("2026-11-23 02:00"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert names(tmp_path) == []


async def test_without_the_program_nothing_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    async with running(tmp_path):
        with pytest.raises(StorageError, match=r"age is not installed here\. Install it \(Debian: apt install age\)"):
            await back_up(configured(tmp_path, recipient=KEY), moment("2026-11-23 02:00"))
        with pytest.raises(StorageError, match=r"gpg is not installed here"):
            await back_up(configured(tmp_path, recipient="backup@apso.example"), moment("2026-11-23 02:00"))
    assert not (tmp_path / "backups").exists()


async def test_the_doctor_tries_the_key(
    tmp_path: Path, age: Path, gpg: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def said(recipient: str) -> str:
        config = tmp_path / "config.toml"
        config.write_text(f'[storage]\nurl = "{tmp_path / "apso.db"}"\n[backup]\nrecipient = "{recipient}"\n', "utf-8")
        await examine(config)
        return next((line for line in capsys.readouterr().out.splitlines() if "backups: " in line), "")

    assert await said("") == ""
    for key in (KEY, gpg):
        assert await said(key) == f"ok   backups: sealed for {key}"
    for key, why in (("age1mistyped", "malformed recipient"), ("nobody@apso.example", "nobody@apso.example")):
        line = await said(key)
        assert line.startswith(f"BAD  backups: nothing can be sealed for [backup] recipient {key!r}: ")
        assert why in line.partition(": nothing")[2].partition("': ")[2]
    with monkeypatch.context() as nowhere:
        nowhere.setenv("PATH", str(tmp_path))
        for key, install in ((KEY, "apt install age"), (gpg, "apt install gpg")):
            assert install in await said(key)


# By the clock


@asynccontextmanager
async def clock(place: Path, config: Config, time: list[int]) -> AsyncIterator[tuple[Clock, Store]]:
    """A clock that has nothing but the nightly backup."""

    async def no_turns(job: object) -> None:
        raise AssertionError("there are no timers")

    def now() -> int:
        return time[0]

    async with running(place) as store:
        found = Clock(store, [], {}, ZONE, now, no_turns, chores=chores(config, now))
        await found.start()
        try:
            yield found, store
        finally:
            await found.stop()


def slots(db: Db) -> int | None:
    return jobs.last(db, NIGHTLY)


async def test_each_night_once(tmp_path: Path) -> None:
    time = [moment("2026-11-23 12:00")]
    async with clock(tmp_path, configured(tmp_path), time) as (bell, store):
        await bell.done()
        assert not (tmp_path / "backups").exists()
        for at in ("2026-11-24 01:59", "2026-11-24 02:00", "2026-11-24 02:01", "2026-11-25 02:00"):
            time[0] = moment(at)
            await bell.ring()
            await bell.ring()
            await bell.done()
        assert names(tmp_path) == ["apso-2026-11-24T020000.db", "apso-2026-11-25T020000.db"]
        assert await store.run(slots) == moment("2026-11-25 02:00")


async def test_at_another_time_or_never(tmp_path: Path) -> None:
    time = [moment("2026-11-23 12:00")]
    async with clock(tmp_path, configured(tmp_path, at="sun 23:30"), time) as (bell, _):
        time[0] = moment("2026-11-29 23:30")
        await bell.ring()
        await bell.done()
    assert names(tmp_path) == ["apso-2026-11-29T233000.db"]
    assert chores(configured(tmp_path, at=""), lambda: 0) == []


async def test_a_failure_is_known_until_one_succeeds(tmp_path: Path) -> None:
    time = [moment("2026-11-23 12:00")]
    (tmp_path / "backups").touch()  # somebody's file, where the folder should be
    async with clock(tmp_path, configured(tmp_path), time) as (bell, _):
        time[0] = moment("2026-11-24 02:00")
        await bell.ring()
        await bell.done()
        failed = bell.failures[NIGHTLY]
        assert failed == Failure(time[0], f"Nothing can be written in {tmp_path / 'backups'}: File exists.")
        (tmp_path / "backups").unlink()
        time[0] = moment("2026-11-25 02:00")
        await bell.ring()
        await bell.done()
        assert bell.failures == {}
    assert names(tmp_path) == ["apso-2026-11-25T020000.db"]


async def test_stopping_in_the_middle_waits_for_no_backup(tmp_path: Path) -> None:
    time = [moment("2026-11-23 12:00")]
    async with clock(tmp_path, configured(tmp_path), time) as (bell, store):
        await store.run(lambda db: db.run(MUCH))
        time[0] = moment("2026-11-24 02:00")
        await bell.ring()
        await _until((tmp_path / "backups").exists)
        await bell.stop()
        assert bell.failures == {}
    await _until(lambda: names(tmp_path) == [])


async def _until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not so():
            await asyncio.sleep(0.001)


# Settings


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('at = "2 a.m."', "[backup] at: '2 a.m.' is not a time: write \"07:00\" for every day"),
        ("daily = 0", "[backup] daily: input should be greater than or equal to 1"),
        ('keep = "all"', "[backup] keep: there is no such setting"),
    ],
)
def test_a_wrong_setting_gets_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"[backup]\n{text}\n", "utf-8")
    with pytest.raises(ConfigError) as error:
        load(path, {})
    assert sentence in str(error.value)


def test_the_time_of_backups_is_no_job_of_the_schedule() -> None:
    with pytest.raises(ConfigError, match=r"backups.nightly: when it runs is said in \[backup\] at"):
        check_schedule(Config(schedule={NIGHTLY: "02:00"}))


@pytest.mark.parametrize(
    ("url", "told", "where"),
    [
        ("/srv/apso/apso.db", "backups", "/srv/apso/backups"),
        ("/srv/apso/apso.db", "/mnt/safe", "/mnt/safe"),
        ("postgresql://apso@db/apso", "backups", "backups"),
    ],
)
def test_where_backups_are(url: str, told: str, where: str) -> None:
    assert folder(Config.model_validate({"storage": {"url": url}, "backup": {"dir": told}})) == Path(where)
