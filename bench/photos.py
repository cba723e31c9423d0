"""`python -m bench.photos`: photos cleaned a second and what that takes, and a photo's likes among half a million.

Cleaning is as the bot does it, a process each, one and then two at a time. The looks of the half million are made up:
two thirds at random, a third below skies, whose first half is the same in all of them.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

from bot.photos.cleaning import Bounds, clean
from storage import photos
from storage.db import Db, Store
from storage.photos import Photo
from storage.postgres import connect, open_postgres
from storage.sqlite import open_sqlite
from tests.engine import new_postgres

BOUNDS = Bounds()
SIZES = {"of Telegram, 1280 × 960": (1280, 960), "12 megapixels": (4000, 3000), "48 megapixels": (8000, 6000)}
SKY = 0b1111000011110000_1111000011110000


def scene(seed: int, size: tuple[int, int]) -> bytes:
    """A picture with the grain and the edges of a photo."""
    dice = random.Random(seed)
    small = Image.effect_noise((size[0] // 4, size[1] // 4), 40).convert("RGB")
    picture = Image.blend(small, Image.linear_gradient("L").resize(small.size).convert("RGB"), 0.6).resize(size)
    pen = ImageDraw.Draw(picture)
    for _ in range(40):
        x, y = dice.randrange(size[0]), dice.randrange(size[1])
        pen.ellipse((x, y, x + size[0] // 6, y + size[1] // 6), fill=(dice.randrange(256), dice.randrange(256), 90))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


async def cleaned(sent: list[bytes], at_once: int) -> tuple[float, list[int]]:
    """Seconds for all, and how many bytes were kept of each."""
    room = asyncio.Semaphore(at_once)

    async def one(content: bytes) -> int:
        async with room:
            return len((await clean(content, BOUNDS)).content)

    began = time.perf_counter()
    sizes = await asyncio.gather(*map(one, sent))
    return time.perf_counter() - began, sizes


async def of_size(name: str, size: tuple[int, int], count: int) -> None:
    sent = [scene(seed, size) for seed in range(count)]
    alone, sizes = await cleaned(sent, 1)
    together, _ = await cleaned(sent, 2)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024  # of the largest so far
    print(
        f"| {name} | {statistics.mean(map(len, sent)) / 1e6:.2f} | {statistics.mean(sizes) / 1e3:.0f}"
        f" | {alone / count:.2f} | {count / alone:.1f} | {count / together:.1f} | {memory:.0f} |",
        flush=True,
    )


def fill(db: Db, count: int) -> list[int]:
    """So many photos; returns the looks of some of them."""
    dice = random.Random(1)
    known = []
    for number in range(count):
        looks = dice.getrandbits(64) if number % 3 else SKY << 32 | dice.getrandbits(32)
        looks -= (1 << 64) if looks >> 63 else 0
        photos.keep(db, 0, Photo(f"{number:064x}", 1600, 1200, 200_000, looks), 0)
        if number % (count // 300) == 0:
            known.append(looks)
    return known


def look_up(known: list[int]) -> Callable[[Db], list[float]]:
    def look(db: Db) -> list[float]:
        times = []
        for looks in known:
            near = looks ^ 0b1_0000_0000_0000_0001_0000_0000_0001
            began = time.perf_counter()
            found = photos.alike(db, near)
            times.append(time.perf_counter() - began)
            assert any(bits == 3 for _, bits in found)
        return sorted(times)

    return look


async def likes(count: int, url: str) -> None:
    """`url`: of PostgreSQL, where what was written is looked through once before and once after it was vacuumed, as the
    server does by itself; "": SQLite."""
    store: Store
    if url:
        store, engine = await open_postgres(url, 1, connections=1), "PostgreSQL, just written"
    else:
        folder = tempfile.TemporaryDirectory(prefix="apso-bench-")
        store, engine = await open_sqlite(str(Path(folder.name) / "apso.db"), 1), "SQLite"
    try:
        began = time.perf_counter()
        known = await store.run(lambda db: fill(db, count))
        filled = time.perf_counter() - began
        _print(engine, count, filled, await store.run(look_up(known)))
        if url:
            with connect(url) as connection:
                connection.execute("VACUUM ANALYZE photos")
            _print("PostgreSQL, vacuumed", count, filled, await store.run(look_up(known)))
    finally:
        await store.close()


def _print(engine: str, count: int, filled: float, times: list[float]) -> None:
    print(
        f"| {engine} | {count:,} | {filled / count * 1e6:.0f} | {statistics.median(times) * 1e3:.1f}"
        f" | {times[int(len(times) * 0.99)] * 1e3:.1f} |",
        flush=True,
    )


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--kept", type=int, default=500_000)
    parser.add_argument("--postgres", action="store_true")
    told = parser.parse_args()
    print("| photos | MB sent | KB kept | s each | a second, one at a time | two at a time | MB of a process |")
    print("|---|---|---|---|---|---|---|")
    for name, size in SIZES.items() if told.count else ():
        await of_size(name, size, told.count if size[0] < 5000 else max(1, told.count // 4))
    print("\n| engine | photos kept | keep one, us | look one up, ms | p99 ms |")
    print("|---|---|---|---|---|")
    await likes(told.kept, "")
    if told.postgres:
        await likes(told.kept, new_postgres("bench_photos"))


if __name__ == "__main__":
    asyncio.run(main())
