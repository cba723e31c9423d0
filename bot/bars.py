"""Draws figures as bars, for those who would rather look than read: a PNG of at most twelve rows.

What it is given is all text already: {"title", "under", "rows": [{"label", "said", "bar", "track"}], "foot"}. `bar` and
`track` behind it (0: none) are parts of the whole width in thousandths; one that fills its track is green, none at all
is red. `said` is written at its end. Pixels throughout.
"""

from __future__ import annotations

import io
import unicodedata
from importlib import resources
from typing import Any

from PIL import Image, ImageDraw, ImageFont

# A telephone shows it at less than half its size: letters of 30 are then as large as those of a message.
WIDTH, EDGE, ROW, BAR, LEAST = 720, 24, 84, 24, 6
HEAD, FOOT = 124, 58
MOST_ROWS = 12
WHITE, INK, PALE, TRACK = "#ffffff", "#1b2733", "#5d6b78", "#e6ebf0"
DONE, UNDER_WAY, NONE = "#1f9d55", "#1d6fd1", "#d64545"

Row = dict[str, Any]


def make(given: dict[str, Any]) -> bytes:
    """The picture as PNG."""
    rows = given["rows"][:MOST_ROWS]
    picture = Image.new("RGB", (WIDTH, HEAD + ROW * len(rows) + (FOOT if given["foot"] else 0)), WHITE)
    pen = ImageDraw.Draw(picture)
    _write(pen, given["title"], EDGE, 18, size=38, bold=True)
    _write(pen, given["under"], EDGE, 70, size=26, ink=PALE)
    for number, row in enumerate(rows):
        _row(pen, row, HEAD + number * ROW)
    _write(pen, given["foot"], EDGE, HEAD + ROW * len(rows) + 8, size=26, ink=PALE)
    out = io.BytesIO()
    picture.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _row(pen: ImageDraw.ImageDraw, row: Row, top: int) -> None:
    room = WIDTH - 2 * EDGE
    said = _width(row["said"], 30, bold=True)
    _write(pen, row["label"], EDGE, top, size=30, wide=room - said - 16)
    _write(pen, row["said"], WIDTH - EDGE - said, top, size=30, bold=True, ink=INK if row["bar"] else NONE)
    _bar(pen, top + 44, room * row["track"] // 1000, TRACK)
    _bar(pen, top + 44, room * row["bar"] // 1000 or LEAST, _colour(row))


def _colour(row: Row) -> str:
    if not row["bar"]:
        return NONE
    return DONE if row["track"] and row["bar"] >= row["track"] else UNDER_WAY


def _bar(pen: ImageDraw.ImageDraw, top: int, length: int, colour: str) -> None:
    if length:
        pen.rounded_rectangle((EDGE, top, EDGE + max(length, LEAST), top + BAR), radius=6, fill=colour)


def _write(
    pen: ImageDraw.ImageDraw,
    said: str,
    x: int,
    y: int,
    *,
    size: int,
    bold: bool = False,
    ink: str = INK,
    wide: int = WIDTH - 2 * EDGE,
) -> None:
    """One line; what is too wide is cut."""
    said = unicodedata.normalize("NFC", said)
    while len(said) > 1 and _width(said, size, bold=bold) > wide:
        said = f"{said[:-2]}…"
    pen.text((x, y), said, font=_font(size, bold=bold), fill=ink)


def _width(said: str, size: int, *, bold: bool) -> int:
    return round(_font(size, bold=bold).getlength(unicodedata.normalize("NFC", said)))


def _font(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    name = f"BeVietnamPro-{'Bold' if bold else 'Regular'}.ttf"
    return ImageFont.truetype(io.BytesIO((resources.files("bot") / "fonts" / name).read_bytes()), size)
