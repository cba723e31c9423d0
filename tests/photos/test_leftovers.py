"""What no record knows of leaves the folder after a week; nothing else ever does."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.photos.folder import Folder
from bot.photos.leftovers import DAY, Leftovers
from storage import outbox, pauses, photos
from storage.db import Store
from storage.photos import Photo
from tests.engine import is_postgres, open_engine
from tests.pictures import photo
from tests.rig import MONDAY, moment, village

KNOWN, UNKNOWN, OTHER = ("aa" + "1" * 62, "aa" + "2" * 62, "bb" + "3" * 62)


class House:
    """A database, its folder of photos, and whoever sweeps it. `time` is turned by the test."""

    def __init__(self, store: Store, folder: Folder) -> None:
        self.store, self.folder = store, folder
        self.time = moment(MONDAY)
        self.leftovers = Leftovers(store, folder, lambda: self.time, asyncio.Lock())

    async def keeps(self, hash: str) -> None:
        """A photo that there is a record of."""
        self.puts(hash)
        await self.store.run(lambda db: photos.keep(db, 0, Photo(hash, 9, 9, 9, None), self.time))
        await self.store.run(lambda db: db.run("UPDATE photos SET unused = 0"))

    def puts(self, hash: str) -> None:
        """A photo, and no more."""
        self.folder.keep(hash, b"the photo", b"small", self.time)

    async def sweeps(self, *, days: float = 0) -> list[str]:
        """So many days later; what is there then."""
        self.time += int(days * DAY)
        await self.leftovers.sweep()
        return self.there()

    def there(self) -> list[str]:
        return sorted(path.name for path in self.folder.where.rglob("*") if path.is_file() and path.name != ".apso")


def files(*hashes: str) -> list[str]:
    return sorted(f"{hash}{small}.jpg" for hash in hashes for small in ("", ".small"))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    store = await open_engine(tmp_path / "apso.db", moment(MONDAY))
    yield House(store, Folder(tmp_path / "photos"))
    await store.close()


async def test_what_no_record_knows_of_goes_after_a_week(house: House) -> None:
    await house.keeps(KNOWN)
    house.puts(UNKNOWN)
    house.puts(OTHER)
    assert await house.sweeps() == files(KNOWN, UNKNOWN, OTHER)
    assert await house.sweeps(days=6.9) == files(KNOWN, UNKNOWN, OTHER)
    assert await house.sweeps(days=1) == files(KNOWN)
    assert await house.sweeps(days=400) == files(KNOWN), "however old it is"


async def test_what_is_just_being_put_there_stays(house: House) -> None:
    """Also where the same photo lay there long before: whoever puts it there again has not yet said that it is kept."""
    house.puts(UNKNOWN)
    house.time += 30 * DAY
    house.puts(UNKNOWN)
    house.puts(OTHER)
    assert await house.sweeps() == files(UNKNOWN, OTHER)
    await house.keeps(OTHER)
    assert await house.sweeps(days=8) == files(OTHER)


async def test_what_a_killed_program_had_half_written_goes_and_the_photo_stays(house: House) -> None:
    await house.keeps(KNOWN)
    half = house.folder.path(KNOWN).with_name(f".{KNOWN}.jpg.{'0' * 16}")
    house.folder.path(KNOWN).rename(half)
    house.puts(KNOWN)
    assert await house.sweeps(days=6) == sorted([half.name, *files(KNOWN)])
    assert await house.sweeps(days=2) == files(KNOWN)


async def test_what_is_not_the_program_s_stays(house: House) -> None:
    house.puts(UNKNOWN)
    strange = ["doc.txt", "aa/doc.txt", f"aa/{UNKNOWN}.jpg.bak", "hinh/aa.jpg", f"aa/{'2' * 63}.jpg"]
    for name in strange:
        path = house.folder.where / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
        shutil.copystat(house.folder.path(UNKNOWN), path)
    assert await house.sweeps(days=8) == sorted(Path(name).name for name in strange)


async def test_nothing_goes_while_another_backup_may_be_restored(house: House) -> None:
    await house.store.run(lambda db: pauses.pause(db, outbox.SENDER, "restored", house.time))
    house.puts(UNKNOWN)
    assert await house.sweeps(days=30) == files(UNKNOWN)
    await house.store.run(lambda db: pauses.resume(db, outbox.SENDER))
    assert await house.sweeps() == []


async def test_nothing_goes_from_another_database_s_folder(
    house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await house.keeps(KNOWN)
    await house.sweeps()
    store = await open_engine(tmp_path / "other.db", moment(MONDAY))
    other = House(store, house.folder)
    assert await other.sweeps(days=30) == files(KNOWN)
    assert "is the folder of another database" in caplog.text
    (house.folder.where / ".apso").unlink()
    assert await other.sweeps(days=2) == [], "whoever removes the name says that it is this one's"
    await store.close()


async def test_a_folder_that_is_not_there_yet_is_not_made(house: House) -> None:
    await house.leftovers.sweep()
    assert not house.folder.where.exists()


async def kept_at(folder: Folder, here: Any) -> str:
    await here.photos_settle()
    ((hash,),) = await here.look("SELECT hash FROM files ORDER BY id DESC LIMIT 1")
    assert folder.find(str(hash))
    return str(hash)


@pytest.mark.skipif(is_postgres(), reason="the older backup is a copy of the file")
async def test_after_an_older_backup_is_back_the_newer_photos_go(tmp_path: Path) -> None:
    file, folder = tmp_path / "apso.db", Folder(tmp_path / "photos")
    async with village(tmp_path, url=str(file)) as here:
        await here.an.says("hôm nay giúp 5 người cài VNeID", photo(1))
        await here.an.presses("Gửi")
        before = await kept_at(folder, here)
    shutil.copy(file, tmp_path / "backup.db")
    async with village(tmp_path, url=str(file)) as here:
        await here.bay.says("hôm nay giúp 6 người cài VNeID", photo(2))
        await here.bay.presses("Gửi")
        after = await kept_at(folder, here)
    shutil.copy(tmp_path / "backup.db", file)
    async with village(tmp_path, url=str(file), at="2026-11-27 08:00") as here:
        await here.app.photos.leftovers.sweep()
        assert folder.find(after)
        here.time[0] += 10 * DAY
        here.app.photos.ring()
        async with asyncio.timeout(10):
            while folder.find(after) or folder.find(after, small=True):
                await asyncio.sleep(0.01)
        assert folder.find(before)
