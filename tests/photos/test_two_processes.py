"""Two real programs on one PostgreSQL database and one folder: each photo is fetched once, and none is lost when the
one that fetches dies or stands still."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from bot.app import real_now
from bot.photos.folder import Folder
from bot.photos.worker import AT_ONCE
from tests import crowd, program
from tests.engine import new_postgres
from tests.pictures import photo
from tests.servers.bot_api import BotApi, Person
from tests.test_kills import PATIENCE_S, look

NAMES = ("one", "two")
OF_EACH = 4  # photos
WHO = ("member11", "member21", "member31", "member41")


@dataclass
class Two:
    """The programs, their Telegram, the database, the folder, and those who send photos."""

    api: BotApi
    url: str
    folder: Folder
    programs: dict[str, program.Program]
    people: list[Person]

    async def send(self, first: int = 0) -> None:
        """Everybody some photos, unlike all others."""
        for at, person in enumerate(self.people):
            for number in range(OF_EACH):
                await person.sends_photo(photo(1 + first + at * OF_EACH + number))

    @property
    def sent(self) -> int:
        return OF_EACH * len(self.people)

    async def are_kept(self, count: int) -> None:
        """Wait until so many are."""
        async with asyncio.timeout(2 * PATIENCE_S):
            while (states := await asyncio.to_thread(self._states))["kept"] < count:
                assert not states["lost"] + states["refused"], states
                await asyncio.sleep(0.02)

    def _states(self) -> Counter[str]:
        with psycopg.connect(self.url) as connection:
            return Counter(row[0] for row in connection.execute("SELECT state FROM files"))

    def hashes(self) -> list[str]:
        with psycopg.connect(self.url) as connection:
            return [row[0] for row in connection.execute("SELECT hash FROM files ORDER BY id")]

    @property
    def leader(self) -> str:
        """Who asked for a photo last."""
        return self.api.called("getFile")[-1].via

    def fetched(self) -> Counter[str]:
        """How often each was fetched to its end."""
        return Counter(str(call.params["path"]) for call in self.api.called("download") if call.status == 200)

    def check_folder(self, count: int) -> None:
        """Every photo lies there as it was kept, with its thumbnail, and nothing else that is whole."""
        hashes = self.hashes()
        assert len(set(hashes)) == len(hashes) == count
        for hash in hashes:
            content = self.folder.read(hash)
            assert content is not None
            assert hashlib.sha256(content).hexdigest() == hash
            assert self.folder.read(hash, small=True)
        whole = [path for path in self.folder.where.rglob("*.jpg") if not path.name.startswith(".")]
        assert len(whole) == 2 * count


@asynccontextmanager
async def two(folder: Path) -> AsyncIterator[Two]:
    url, shared = new_postgres("two_photos"), folder / "photos"
    async with BotApi() as api:
        found = await look(url, lambda db: crowd.settle(db, real_now()))
        programs = {}
        for name in NAMES:
            (folder / name).mkdir()
            config = program.write_config(
                folder / name, api, url=url, photos=str(shared), more='[backup]\nat = ""\n', base_url=api.via(name)
            )
            programs[name] = program.Program(folder / name, "bot", "run", "--config", str(config))
        people = [api.person(crowd.FIRST_CHAT + found[who], who, started=True) for who in WHO]
        here = Two(api, url, Folder(shared), programs, people)
        for one in programs.values():
            one.start()
        try:
            async with asyncio.timeout(PATIENCE_S):
                while {call.via for call in api.calls} != set(NAMES):
                    await asyncio.sleep(0.01)
            yield here
        finally:
            for one in programs.values():
                with suppress(ProcessLookupError):
                    one.kill()


async def test_each_is_fetched_by_one_of_them_once(tmp_path: Path) -> None:
    async with two(tmp_path) as here:
        await here.send()
        await here.are_kept(here.sent)
        assert {call.via for call in here.api.called("getFile")} == {here.leader}
        assert set(here.fetched().values()) == {1}
        assert len(here.fetched()) == here.sent
        here.check_folder(here.sent)


@pytest.mark.parametrize("fault", ["kill", "freeze"])
async def test_when_the_one_that_fetches_is_no_more_the_other_goes_on(tmp_path: Path, fault: str) -> None:
    """What was in hand is fetched again, nothing else is; one that only stood still does no harm when it wakes up."""
    async with two(tmp_path) as here:
        here.api.faults.sometimes("download", "late", 1.0, delay=0.2)
        await here.send()
        await here.are_kept(AT_ONCE)
        first = here.leader
        hurt = here.programs[first]
        if fault == "kill":
            hurt.kill()
        else:
            hurt.freeze()
        await here.are_kept(here.sent)
        assert here.leader != first
        if fault == "kill":
            hurt.start()
        else:
            hurt.thaw()
        await here.send(first=here.sent)
        await here.are_kept(2 * here.sent)
        here.check_folder(2 * here.sent)
        times = here.fetched()
        assert len(times) == 2 * here.sent
        again = [path for path, count in times.items() if count > 1]
        assert len(again) <= AT_ONCE, "only what was in hand"
        assert max(times.values()) <= 2
        assert not any("không giữ được" in m.text or "tải hoài" in m.text for p in here.people for m in p.messages)
