"""Pictures made by the tests: plain ones, scenes that can be told apart, and what only pretends to be one."""

from __future__ import annotations

import io
import random
import struct
import zlib

from PIL import Image, ImageDraw

JPEG = bytes.fromhex(  # 16 × 16, all grey
    "ffd8ffe000104a46494600010100000100010000ffdb00430050373c463c32504641465a55505f78c882786e6e78f5afb991c8ffffffffff"
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc0000b080010001001011100ffc4001f000001050101"
    "0101010100000000000000000102030405060708090a0bffc400b5100002010303020403050504040000017d010203000411051221314106"
    "13516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455"
    "565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9ba"
    "c2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9faffda0008010100003f0028a28affd9"
)

EXIF_TURN, EXIF_MAKER, EXIF_GPS = 0x0112, 0x010F, 0x8825


def scene(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture of things before a sky; another seed is another picture."""
    dice = random.Random(seed)
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    pen = ImageDraw.Draw(picture)
    for _ in range(14):
        x, y = dice.randrange(size[0]), dice.randrange(size[1])
        wide, high = dice.randrange(30, size[0] // 2), dice.randrange(30, size[1] // 2)
        pen.rectangle((x - wide // 2, y - high // 2, x + wide // 2, y + high // 2), fill=_colour(dice))
    return picture


def _colour(dice: random.Random) -> tuple[int, int, int]:
    return (dice.randrange(256), dice.randrange(256), dice.randrange(256))


def saved(picture: Image.Image, kind: str = "JPEG", **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def photo(seed: int, size: tuple[int, int] = (640, 480), quality: int = 90) -> bytes:
    """A scene as a telephone would send it."""
    return saved(scene(seed, size), quality=quality)


def located(seed: int) -> bytes:
    """A photo held on its side, which says where it was taken and with what."""
    picture = scene(seed)
    exif = Image.Exif()
    exif[EXIF_TURN], exif[EXIF_MAKER] = 6, "Nokia of the hamlet"
    exif.get_ifd(EXIF_GPS).update({1: "N", 2: (10.0, 14.0, 29.0), 3: "E", 4: (106.0, 22.0, 33.0)})
    return saved(picture, exif=exif, comment=b"the house of Mrs Ba")


def moving() -> bytes:
    """An animated GIF."""
    frames = [scene(seed, (160, 120)) for seed in (1, 2)]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)


def huge(wide: int, high: int) -> bytes:
    """A PNG of a few bytes that says it has so many pixels."""
    header = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 10_000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
