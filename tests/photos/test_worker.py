"""Photos are fetched whatever happens on the way, kept once under their hash, and gone when nobody refers to them."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path
from typing import Any

import pytest

from bot.channels.channel import Ambiguous
from bot.photos import cleaning, worker
from bot.photos.folder import Folder
from storage import keeping, mydata
from tests.pictures import JPEG, located, photo
from tests.rig import Village, village
from tests.servers.bot_api import Person, StoredFile
from tests.test_whole_job import Town, town


async def files(here: Village | Town, what: str = "state") -> list[Any]:
    rows = await here.store.run(lambda db: db.all(f"SELECT {what} FROM files ORDER BY id"))
    return [row[0] if len(row) == 1 else row for row in rows]


async def become(here: Town, *states: str) -> None:
    """Wait until this is what became of all photos."""
    async with asyncio.timeout(10):
        while await files(here) != list(states):
            await asyncio.sleep(0.01)


async def tried(here: Town, times: int) -> None:
    async with asyncio.timeout(10):
        while await files(here, "tries") != [times]:
            await asyncio.sleep(0.01)


async def begins(here: Town) -> Person:
    """An begins a report, so that what is sent belongs to something."""
    await here.an.says("báo cáo")
    await here.an.sees("Câu 1/3")
    return here.an


def later(here: Town, seconds: float) -> None:
    here.time[0] += int(seconds * 1000)
    here.app.photos.ring()


async def test_it_is_fetched_again_until_it_comes_and_kept_cleaned(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        an = await begins(here)
        here.api.faults.next("getFile", "bad_gateway")
        await an.sends_document(located(1), "DSC1.JPG", "image/jpeg")
        await tried(here, 1)
        here.api.faults.next("download", "drop_after")
        later(here, 5)
        await tried(here, 2)
        here.api.faults.next("download", "error")
        later(here, 30)
        await tried(here, 3)
        here.api.faults.next("getFile", "throttled")
        later(here, 120)
        async with asyncio.timeout(10):
            while await files(here, "due_at - created_at") != [156_000]:
                await asyncio.sleep(0.01)
        assert await files(here, "tries") == [3], "to be asked for a pause is no fault of the photo's"
        later(here, 1)
        await become(here, "kept")
        ((hash,),) = await here.look("SELECT hash FROM photos")
        kept = Folder(tmp_path / "photos").read(str(hash))
        assert kept is not None
        assert b"Nokia" not in kept


async def test_what_cannot_be_had_any_more_is_told_once(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        an = await begins(here)
        here.api.faults.next("getFile", "bad_gateway")
        sent = await an.sends_photo(photo(1))
        await tried(here, 1)
        here.api.world.forget(sent)
        later(here, 30)
        await tried(here, 2)
        later(here, 1000)
        await become(here, "lost")
        await an.sees("tấm hình gửi lúc 8:00 em tải hoài mà không được")
        later(here, 100_000)
        await here.app.photos.do_all()
        assert sum("tải hoài" in message.text for message in an.messages) == 1


async def test_silence_is_borne_for_most_of_a_day(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        an = await begins(here)
        here.api.faults.sometimes("getFile", "drop_before", 1.0)
        began = here.time[0]
        await an.sends_photo(photo(1))
        for times in range(1, len(worker.SILENT) + 1):
            await tried(here, times)
            later(here, worker.SILENT[times - 1] / 1000)
        await become(here, "lost")
        assert here.time[0] - began > 15 * 3600 * 1000


async def test_a_file_of_more_than_telegram_gives_is_not_asked_for(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        an = await begins(here)
        await an.sends_document(b"\xff\xd8\xff" + bytes(21 * 1024 * 1024), "to.jpg", "image/jpeg")
        await become(here, "refused")
        await an.sees("hình nặng quá")
        assert not here.api.called("getFile")


async def test_a_photo_telegram_no_longer_knows_is_sent_from_the_folder(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        an, lan = await begins(here), here.lan
        await here.presses(an, "Nộp hồ sơ")
        await an.sees("Bao nhiêu")
        await an.says("5")
        await an.sees("hình hay muốn")
        sent = [await an.sends_photo(photo(seed)) for seed in (1, 2)]
        document = await an.sends_document(located(3), "DSC3.JPG", "image/jpeg")
        await become(here, "kept", "kept", "kept")
        await an.sees("nhận 3 hình")
        await here.presses(an, "Xong")
        await an.sees("Em ghi như vầy")
        await here.presses(an, "Gửi")
        await an.sees("ghi nhận B-0001")
        await lan.says("b 1")
        await lan.sees("Báo cáo B-0001")
        await here.presses(lan, "Xem hình")
        await shown(lan, 3)
        assert [one.id for one in album(lan)[:2]] == [one.id for one in sent], "by their handles, at no cost"
        assert b"Nokia" not in album(lan)[2].content, "what was sent as a file comes from the folder, cleaned"
        for one in (*sent, document):
            here.api.world.forget(one)
        await here.presses(lan, "Xem hình")
        await shown(lan, 6)
        folder = Folder(tmp_path / "photos")
        hashes = await files(here, "hash")
        assert [one.content for one in album(lan)[3:]] == [folder.read(hash) for hash in hashes]


def album(who: Person) -> list[StoredFile]:
    return [one for message in who.messages if message.from_bot for one in message.photos]


async def shown(who: Person, count: int) -> None:
    async with asyncio.timeout(10):
        while len(album(who)) < count:
            await asyncio.sleep(0.01)


async def test_what_a_killed_program_had_not_kept_the_next_one_does(tmp_path: Path) -> None:
    file = str(tmp_path / "apso.db")
    async with village(tmp_path, url=file) as here:
        await here.app._end("clock")  # whoever fetches photos, too
        await here.an.says("", photo(1), JPEG)
        assert await files(here) == ["waiting", "waiting"]
    async with village(tmp_path, url=file) as here:
        await here.photos_settle()
        assert await files(here) == ["kept", "kept"]


async def test_the_same_is_kept_once_for_its_owner_alone_and_goes_with_the_last_who_needs_it(rich: Village) -> None:
    await rich.an.says("", photo(1), photo(2))
    await rich.bay.says("", photo(1))
    await rich.photos_settle()
    assert await files(rich) == ["kept"] * 3
    folder = rich.app.photos.folder
    found = [path for path in folder.where.rglob("*") if path.is_file()]
    assert len(found) == 4, "two photos and their thumbnails"
    assert {stat.S_IMODE(path.stat().st_mode) for path in found} == {0o600}
    folders = [folder.where, *(path for path in folder.where.iterdir())]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}
    shared, own, _ = await files(rich, "hash")
    await rich.store.run(lambda db: mydata.erase(db, rich.an.id, "Người đã xóa", rich.time[0]))
    await rich.photos_settle()
    assert folder.read(own) is None
    assert folder.read(shared) == (await clean(photo(1))).content
    await rich.store.run(lambda db: keeping.forget(db, "photos", rich.time[0] + 1, 10))
    await rich.photos_settle()
    assert [path for path in folder.where.rglob("*") if path.is_file()] == []
    assert await rich.look("SELECT * FROM photos") == []


async def clean(content: bytes) -> cleaning.Cleaned:
    return await cleaning.clean(content, cleaning.Bounds())


async def test_what_came_while_its_file_was_erased_does_not_stay(rich: Village) -> None:
    asked, gate = asyncio.Event(), asyncio.Event()

    async def slowly() -> None:
        asked.set()
        await gate.wait()

    rich.phone.before_fetch = slowly
    await rich.an.says("", photo(1))
    async with asyncio.timeout(10):
        await asked.wait()
        await rich.store.run(lambda db: keeping.forget(db, "photos", rich.time[0] + 1, 10))
        gate.set()
        while rich.app.photos._in_hand:
            await asyncio.sleep(0.01)
    await rich.photos_settle()
    assert rich.app.photos.folder.where.exists(), "it was put there"
    assert [path for path in rich.app.photos.folder.where.rglob("*") if path.is_file()] == []


async def test_a_full_disk_and_a_broken_cleaner_are_no_fault_of_the_photo(
    rich: Village, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "child.py"
    broken.write_text("raise SystemExit(3)")
    monkeypatch.setattr(cleaning, "CHILD", broken)
    await rich.an.says("", photo(1))
    await rich.photos_settle()
    assert await files(rich, "state, tries") == [("waiting", 0)]
    monkeypatch.undo()
    place = rich.app.photos.folder.where
    place.parent.mkdir(exist_ok=True)
    place.write_text("a file where the folder should be")
    rich.time[0] += worker.OUR_FAULT
    await rich.photos_settle()
    assert await files(rich, "state, tries") == [("waiting", 0)]
    place.unlink()
    rich.time[0] += worker.OUR_FAULT
    await rich.photos_settle()
    assert await files(rich) == ["kept"]


async def test_nobody_is_told_of_what_nobody_known_sent(rich: Village) -> None:
    async def silent() -> None:
        raise Ambiguous("no answer")

    rich.phone.before_fetch = silent
    await rich.an.says("", photo(1))
    await rich.an.reads()
    await rich.photos_settle()  # the first try is over, and puts nothing off any more
    await rich.look("UPDATE files SET person_id = NULL, tries = 99, due_at = 0")
    await rich.photos_settle()
    assert await files(rich) == ["lost"]
    await rich.an.sees_nothing_new()


@pytest.mark.parametrize("hash", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n"])
def test_only_a_hash_leads_to_a_file(tmp_path: Path, hash: str) -> None:
    folder = Folder(tmp_path)
    assert folder.find(hash) is None
    with pytest.raises(ValueError, match="no hash"):
        folder.path(hash)
