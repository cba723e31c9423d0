"""Draws invitations on A4: a strip per person to cut off and hand over, with the name, the code and its QR.

What it is given is all text already:
{"pages": [{"team", "until", "strips": [{"name", "unit", "code", "link", "how"}]}], "words": {"title", "cut", "once",
"how": {name: [3 lines]}}}. `link` may be "": then the QR holds the code alone. Millimetres throughout.
"""

from __future__ import annotations

import io
import logging
import unicodedata
from importlib import resources
from typing import Any

import segno
from fpdf import FPDF, XPos, YPos

FONT = "BeVietnamPro"
MARGIN, TOP = 12.0, 28.0
STRIP, ON_A_PAGE = 43.0, 6
QR, GAP = 35.0, 6.0
WIDTH = 210 - 2 * MARGIN
WORDS_AT, WORDS_WIDE = MARGIN + QR + GAP, WIDTH - QR - GAP
GREY, BLACK = 110, 0

Page = dict[str, Any]


def make(given: dict[str, Any]) -> bytes:
    """The sheets as a PDF."""
    for library in ("fpdf", "fontTools"):  # they would print names they have no signs for, and much else
        logging.getLogger(library).setLevel(logging.ERROR)
    pdf = _blank(given["words"]["title"])
    for team in given["pages"]:
        strips = team["strips"]
        pages = [strips[at : at + ON_A_PAGE] for at in range(0, len(strips), ON_A_PAGE)]
        for number, on_page in enumerate(pages, 1):
            _page(pdf, team, given["words"], on_page, f"{number}/{len(pages)}")
    return bytes(pdf.output())


def _blank(title: str) -> FPDF:
    pdf = FPDF(format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_margin(MARGIN)
    pdf.set_title(title)
    for style, name in (("", "Regular"), ("B", "Bold")):
        with resources.as_file(resources.files("bot") / "fonts" / f"{FONT}-{name}.ttf") as file:
            pdf.add_font(FONT, style, file)
    return pdf


def _page(pdf: FPDF, team: Page, words: Page, strips: list[Page], number: str) -> None:
    pdf.add_page()
    _write(pdf, team["team"], MARGIN, 9, WIDTH - 22, size=16, bold=True)
    _write(pdf, number, MARGIN + WIDTH - 20, 10, 20, size=10, align="R", grey=GREY)
    _write(pdf, f"{words['title']} · {team['until']}", MARGIN, 16, WIDTH, size=11)
    _write(pdf, words["cut"], MARGIN, 21.5, WIDTH, size=9, grey=GREY)
    for place, strip in enumerate(strips):
        _strip(pdf, strip, team["until"], words, TOP + place * STRIP)
    _cut(pdf, TOP + len(strips) * STRIP)


def _strip(pdf: FPDF, strip: Page, until: str, words: Page, top: float) -> None:
    _cut(pdf, top)
    pdf.image(_qr(strip["link"] or strip["code"]), MARGIN, top + (STRIP - QR) / 2, QR, QR)
    _write(pdf, strip["name"], WORDS_AT, top + 3, WORDS_WIDE - 55, size=14, bold=True)
    _write(pdf, strip["unit"], WORDS_AT, top + 10, WORDS_WIDE - 55, size=10)
    _write(pdf, strip["code"], WORDS_AT + WORDS_WIDE - 53, top + 5, 53, size=19, bold=True, align="R")
    for line, said in enumerate(words["how"][strip["how"]]):
        _write(pdf, said, WORDS_AT, top + 16.5 + line * 5.5, WORDS_WIDE, size=10)
    _write(pdf, f"{words['once']} {until}", WORDS_AT, top + 34, WORDS_WIDE, size=9, grey=GREY)


def _cut(pdf: FPDF, y: float) -> None:
    pdf.set_draw_color(GREY)
    pdf.set_dash_pattern(dash=1.5, gap=1.5)
    pdf.line(MARGIN, y, MARGIN + WIDTH, y)
    pdf.set_dash_pattern()


def _qr(said: str) -> io.BytesIO:
    """Error correction M: a strip is folded and carried in a pocket."""
    picture = io.BytesIO()
    segno.make(said, error="m", micro=False).save(picture, kind="png", scale=6, border=0)
    picture.seek(0)
    return picture


def _write(
    pdf: FPDF,
    said: str,
    x: float,
    y: float,
    width: float,
    *,
    size: float,
    bold: bool = False,
    align: str = "L",
    grey: int = BLACK,
) -> None:
    """One line; what is too wide is set smaller, then cut."""
    said = unicodedata.normalize("NFC", said)
    pdf.set_font(FONT, "B" if bold else "", size)
    while pdf.get_string_width(said) > width and size > 8:
        size -= 0.5
        pdf.set_font_size(size)
    while len(said) > 1 and pdf.get_string_width(said) > width:
        said = f"{said[:-2]}…"
    pdf.set_text_color(grey)
    pdf.set_xy(x, y)
    pdf.cell(width, size * 0.45, said, align=align, new_x=XPos.LEFT, new_y=YPos.TOP)
