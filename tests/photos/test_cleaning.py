"""What strangers send as pictures: nothing of it stays but pixels, and what is none ends only its own process."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from bot.photos.cleaning import Bounds, Unclean, clean
from tests import pictures
from tests.pictures import huge, located, moving, photo, saved, scene

BOUNDS = Bounds()


def archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("run.js", "alert(1)")
    return packed.getvalue()


def differ(one: int, other: int) -> int:
    return ((one ^ other) & (2**64 - 1)).bit_count()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


async def test_a_photo_keeps_its_pixels_upright_and_nothing_else() -> None:
    sent = located(1)
    assert opened(sent).getexif()
    cleaned = await clean(sent, BOUNDS)
    for content in (cleaned.content, cleaned.small):
        picture = opened(content)
        assert picture.format == "JPEG"
        assert not picture.getexif()
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert picture.size[1] > picture.size[0], "it was held on its side"
    assert b"Nokia" not in cleaned.content
    assert b"Mrs Ba" not in cleaned.content
    assert opened(cleaned.content).size == (cleaned.width, cleaned.height) == (480, 640)


async def test_large_becomes_small_and_the_same_gives_the_same() -> None:
    cleaned = await clean(photo(2, (4000, 3000), 98), Bounds(most_bytes=60_000))
    assert max(cleaned.width, cleaned.height) <= 1600
    assert len(cleaned.content) <= 60_000
    assert max(opened(cleaned.small).size) == 320
    again = await clean(photo(2, (4000, 3000), 98), Bounds(most_bytes=60_000))
    assert again.hash == cleaned.hash


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
async def test_other_kinds_become_jpeg(kind: str) -> None:
    cleaned = await clean(saved(scene(3), kind), BOUNDS)
    assert opened(cleaned.content).format == "JPEG"


async def test_what_can_be_seen_through_is_white_and_sixteen_bits_are_eight() -> None:
    clear = await clean(saved(Image.new("RGBA", (64, 64), (255, 0, 0, 0)), "PNG"), BOUNDS)
    assert opened(clear.content).getpixel((5, 5)) == (255, 255, 255)
    deep = Image.new("I;16", (64, 64), 128 * 256)
    assert opened((await clean(saved(deep, "PNG"), BOUNDS)).content).getpixel((5, 5)) == (128, 128, 128)


HOSTILE = {
    "nothing at all": (b"", "no_picture"),
    "a PDF called .jpg": (b"%PDF-1.7\n1 0 obj", "no_picture"),
    "an SVG": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "no_picture"),
    "a program": (b"MZ\x90\x00" + b"\x00" * 200, "no_picture"),
    "an animated GIF": (moving(), "moving"),
    "a photo with a PDF in its comment": (saved(scene(4), comment=b"%PDF-1.4 1 0 obj"), "disguised"),
    "a photo with a page in its comment": (saved(scene(4), comment=b"<script>alert(1)</script>"), "disguised"),
    "a photo with an archive behind it": (photo(4) + archive(), "disguised"),
    "a photo that broke off": (photo(5)[:-4000], "broken"),
    "the head of a JPEG": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "broken"),
    "50,000 × 50,000": (huge(50_000, 50_000), "too_big"),
    "more pixels than there are bytes": (huge(6_000, 6_000), "broken"),
    "a line": (saved(Image.new("L", (5000, 20)), "PNG"), "too_small"),
    "a dot": (saved(Image.new("L", (2, 2)), "PNG"), "too_small"),
    "an iPhone's own": (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, "heic"),
}


@pytest.mark.parametrize("what", HOSTILE)
async def test_what_is_no_photo_is_refused(what: str) -> None:
    sent, why = HOSTILE[what]
    with pytest.raises(Unclean) as caught:
        await clean(sent, BOUNDS)
    assert caught.value.why == why


async def test_more_bytes_than_are_taken_are_not_even_tried() -> None:
    with pytest.raises(Unclean) as caught:
        await clean(pictures.JPEG + b"x" * 1000, Bounds(most_sent=1000))
    assert caught.value.why == "too_big"


async def test_copies_look_alike_and_others_do_not() -> None:
    first = await clean(photo(7), BOUNDS)
    copy = await clean(saved(scene(7).resize((500, 375)), quality=40), BOUNDS)
    pale = await clean(saved(scene(7).point(lambda level: level * 3 // 4 + 40)), BOUNDS)
    other = await clean(photo(8), BOUNDS)
    assert first.looks is not None
    assert len({first.hash, copy.hash, pale.hash}) == 3
    for alike in (copy, pale):
        assert alike.looks is not None
        assert differ(first.looks, alike.looks) <= 7
    assert other.looks is not None
    assert differ(first.looks, other.looks) > 14
    assert (await clean(pictures.JPEG, BOUNDS)).looks is None, "a plain picture is like any other plain one"
