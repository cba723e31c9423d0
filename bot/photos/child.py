"""Cleans one picture, from standard input to standard output, inside limits it cannot leave.

It is run as a script of its own (`cleaning.py` starts it), because what is decoded comes from strangers and the
decoders are native code: a picture that makes one abort, eat memory or never end takes only this process with it. It
imports nothing of the project. Arguments: longest side in pixels, most bytes, most megapixels.

Written: one line of JSON, then the picture and its thumbnail, JPEGs without any metadata, so many bytes long:
    {"width": 1600, "height": 1200, "size": 210000, "small": 9000, "looks": -123}   looks null: too plain to tell
    {"refused": "broken"}    and nothing after it
"""

from __future__ import annotations

import io
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator

from PIL import Image, ImageOps
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.MpoImagePlugin import MpoImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

MB = 1024 * 1024
FORMATS = [plugin.format for plugin in (JpegImageFile, PngImageFile, WebPImageFile, GifImageFile)]
BASE_MEMORY, BYTES_A_PIXEL = 300 * MB, 12
BASE_SECONDS, PIXELS_A_SECOND = 3.0, 5_000_000
SMALLEST_SIDE, THINNEST = 16, 50  # pixels; times as long as wide
SMALL = 320
QUALITIES = (82, 72, 60, 45)
LOOKS = 8  # columns and rows of the picture's looks
PLAIN = 6.0  # grey levels its parts have to differ by, as a standard deviation, to be told from others
# What reads a second meaning out of a picture's bytes: a page, a document, an archive.
OTHER = (b"%pdf-", b"<script", b"<html", b"<?php", b"<svg", b"<!doctype")
HEAD = 4096


class Refused(Exception):
    """The picture is not kept; the argument says why, in one word."""


def main() -> None:
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    longest, most_bytes, most_pixels = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) * 1_000_000
    limit(0)
    sent = sys.stdin.buffer.read()
    try:
        made = clean(sent, longest, most_bytes, most_pixels)
    except Refused as refused:
        made = json.dumps({"refused": str(refused)}).encode() + b"\n"
    except MemoryError:
        made = b'{"refused": "too_big"}\n'
    sys.stdout.buffer.write(made)


def limit(pixels: int) -> None:
    """A frame for a picture of so many pixels: a small one may not cost what a large one may."""
    memory = BASE_MEMORY + BYTES_A_PIXEL * pixels
    resource.setrlimit(resource.RLIMIT_AS, (memory, resource.RLIM_INFINITY))
    # Processor time; the default action of the signal ends even native code.
    signal.setitimer(signal.ITIMER_PROF, BASE_SECONDS + pixels / PIXELS_A_SECOND)


def clean(sent: bytes, longest: int, most_bytes: int, most_pixels: int) -> bytes:
    """The picture upright, within bounds, without anything but its pixels. Raises Refused."""
    refuse_disguises(sent)
    picture = opened(sent, most_pixels)
    limit(picture.width * picture.height)
    try:
        picture.draft("RGB", (longest, longest))  # a JPEG is decoded no larger than it is needed
        picture.load()
        drawn = on_white(upright(picture))
    except MemoryError:
        raise
    except Exception:  # whatever a decoder finds wrong with it
        raise Refused("broken") from None
    drawn.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    shown, kept = within(drawn, most_bytes)
    small = shown.copy()
    small.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
    thumbnail = as_jpeg(small, 75)
    told = {"width": shown.width, "height": shown.height, "size": len(kept), "small": len(thumbnail)}
    return json.dumps(told | {"looks": looks(shown)}).encode() + b"\n" + kept + thumbnail


def refuse_disguises(sent: bytes) -> None:
    """What is also something else is not kept, though nothing of that would be left."""
    head = sent[:HEAD].lower()
    if any(sign in head for sign in OTHER) or (b"PK\x05\x06" in sent[-66_000:] and b"PK\x01\x02" in sent):
        raise Refused("disguised" if looks_like_one(sent) else "no_picture")


def opened(sent: bytes, most_pixels: int) -> Image.Image:
    """Its header is read and nothing more: how large it says it is comes before the first pixel."""
    Image.MAX_IMAGE_PIXELS = None  # `most_pixels` decides
    if sent[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1", b"ftyphevc"):
        raise Refused("heic")
    try:
        picture = Image.open(io.BytesIO(sent), formats=FORMATS)
        width, height = picture.size
        # Many telephones put a second picture behind the JPEG: that is no film.
        moves = not isinstance(picture, MpoImageFile) and getattr(picture, "is_animated", False)
    except MemoryError:
        raise
    except Exception:
        raise Refused("broken" if looks_like_one(sent) else "no_picture") from None
    if width * height > most_pixels:
        raise Refused("too_big")
    if moves:
        raise Refused("moving")
    if min(width, height) < SMALLEST_SIDE or max(width, height) > THINNEST * min(width, height):
        raise Refused("too_small")
    return picture


def looks_like_one(sent: bytes) -> bool:
    return sent.startswith((b"\xff\xd8\xff", b"\x89PNG", b"GIF8")) or sent[8:12] == b"WEBP"


def upright(picture: Image.Image) -> Image.Image:
    """Turned as the telephone was held. A broken note about it turns nothing."""
    try:
        return ImageOps.exif_transpose(picture)
    except MemoryError:
        raise
    except Exception:
        return picture


def on_white(picture: Image.Image) -> Image.Image:
    """A new picture of three colours: whatever else the old one carried stays behind."""
    if picture.mode.startswith("I") or picture.mode == "F":  # 16 bits a pixel, of which the upper 8 are seen
        picture = picture.convert("I").point(lambda level: level / 256).convert("L")
    if "A" in picture.getbands() or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        white = Image.new("RGB", picture.size, "white")
        white.paste(seen, mask=seen.getchannel("A"))
        return white
    new = Image.new("RGB", picture.size)
    new.paste(picture.convert("RGB"))
    return new


def within(picture: Image.Image, most_bytes: int) -> tuple[Image.Image, bytes]:
    """The picture as it is shown and its JPEG, as good as the bytes allow; then smaller."""
    while True:
        for kept in tries(picture):
            if len(kept) <= most_bytes:
                return picture, kept
        if max(picture.size) <= SMALL:
            return picture, kept
        picture = picture.resize((max(1, picture.width * 3 // 4), max(1, picture.height * 3 // 4)))


def tries(picture: Image.Image) -> Iterator[bytes]:
    return (as_jpeg(picture, quality) for quality in QUALITIES)


def as_jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def looks(picture: Image.Image) -> int | None:
    """Its difference hash: for each of 8 × 8 places, whether the next one to the right is brighter; signed 64 bits.

    A copy that was made smaller, paler or worse differs in a few bits, another picture in about half of them.
    """
    grey = picture.convert("L").resize((LOOKS + 1, LOOKS), Image.Resampling.BOX)
    levels = grey.tobytes()
    mean = sum(levels) / len(levels)
    if sum((level - mean) ** 2 for level in levels) / len(levels) < PLAIN**2:
        return None
    bits = 0
    for row in range(LOOKS):
        for column in range(LOOKS):
            at = row * (LOOKS + 1) + column
            bits = bits << 1 | (levels[at] < levels[at + 1])
    return bits - (1 << 64) if bits >> 63 else bits


if __name__ == "__main__":
    main()
