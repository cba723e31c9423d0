"""Photos that look alike are found through their quarters: the same as by looking at every one."""

from __future__ import annotations

import random
from pathlib import Path

from storage import photos
from storage.db import Db
from storage.photos import ALIKE, Photo
from tests.engine import open_engine
from tests.rig import MONDAY, moment

NOW = moment(MONDAY)
ALL = 2**64 - 1


def signed(bits: int) -> int:
    return bits - 2**64 if bits >> 63 else bits


def apart(looks: int, other: int) -> int:
    return ((looks ^ other) & ALL).bit_count()


def made(dice: random.Random) -> list[int]:
    """Pictures of every kind, and copies of each in which so many bits differ, wherever they are."""
    first = [0, ALL, 1 << 63, ALL >> 1, *(dice.getrandbits(64) for _ in range(6))]
    copies = [one ^ sum(1 << bit for bit in dice.sample(range(64), bits)) for one in first for bits in range(12)]
    return [signed(one) for one in [*first, *copies]]


async def test_the_nearest_come_first_and_none_is_missed(tmp_path: Path) -> None:
    store = await open_engine(tmp_path / "apso.db", NOW)
    looks = made(random.Random(7))

    def work(db: Db) -> None:
        for number, one in enumerate(looks):
            photos.keep(db, 0, Photo(f"{number:064x}", 9, 9, 9, one), NOW)
        photos.keep(db, 0, Photo(f"{len(looks):064x}", 9, 9, 9, None), NOW)
        for one in looks:
            near = [(apart(one, other), f"{number:064x}") for number, other in enumerate(looks)]
            wanted = sorted((bits, hash) for bits, hash in near if bits <= ALIKE)
            assert [(bits, hash) for hash, bits in photos.alike(db, one)] == wanted
            assert photos.alike(db, one, most=0) == [(hash, 0) for bits, hash in wanted if not bits]

    await store.run(work)
    await store.close()
