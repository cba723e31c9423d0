"""Official codes of units: which column holds them, and a code as the state writes it.

A province has two digits, a commune five (Decision 19/2025/QĐ-TTg), a district had three (Decision 124/2004/QĐ-TTg).
Excel eats the zeros in front.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.rules.roster.blocks import Layout, Row
from bot.rules.roster.contents import texts_of
from bot.rules.roster.headings import Heading

DIGITS = {"province": 2, "district": 3, "commune": 5}
_CODE = re.compile(r"\d{1,10}")


def clean_code(text: str, level: str) -> str:
    """A cell as a code with its leading zeros; "" when it is none."""
    digits = re.sub(r"[\s.']", "", text)
    return digits.zfill(DIGITS.get(level, 0)) if _CODE.fullmatch(digits) and digits.strip("0") else ""


def place_codes(layout: Layout, known: dict[int, Heading], sample: Sequence[Row]) -> None:
    """Give the columns of codes their levels; one that holds something else is left out."""
    for column, heading in sorted(known.items()):
        if heading.field == "code":
            level = _level_of(heading.level, texts_of(column, sample), layout)
            if level and level not in {taken for _, taken in layout.codes}:
                layout.codes.append((column, level))


def _level_of(said: str, texts: list[str], layout: Layout) -> str:
    codes = [code for text in texts if (code := clean_code(text, ""))]
    if not codes or len(codes) * 5 < len(texts) * 4:
        return ""
    longest = max(map(len, codes))
    if said:
        return said if longest <= DIGITS.get(said, 10) else ""
    if longest in (4, 5):
        return "commune"
    if longest == 3 and "district" in layout.levels():
        return "district"
    return "hamlet" if longest > 5 and "hamlet" in layout.levels() else ""
