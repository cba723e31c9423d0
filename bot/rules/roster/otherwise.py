"""What a sheet is that is no list of people: a bill, a plan of work, a letter, an empty form."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.rules.roster.headings import read_heading
from bot.rules.roster.records import Kind
from bot.rules.vietnamese.text import fold

Row = Sequence[str]
_LETTER = re.compile(
    r"\bkinh gui\b|^v/v\b|\bde nghi\b|\bthong bao\b|\bcan cu\b|\bthuc hien\b.{0,40}\bso\b|\bnoi nhan\b|"
    r"^bien ban\b|^quyet dinh\b|^to trinh\b|\bhom nay\b"
)


def what_else(sample: Sequence[Row]) -> Kind | None:
    """What a table is by its headings, though names may stand in it; None when it may be a list of people."""
    for row in sample[:60]:
        fields = {heading.field for text in row if text and (heading := read_heading(text))}
        if len(fields) < 2:
            continue
        if "money" in fields and "phone" not in fields:
            return "money_table"
        is_list = "phone" in fields and fields & {"role", "role_team", "people"}
        if {"content", "time"} <= fields and not is_list:
            return "task_plan"
        if fields & {"name", "family", "people"}:
            return None
    return None


def why_nobody(sample: Sequence[Row], *, has_header: bool) -> Kind:
    """What a sheet is in which nobody was found."""
    texts = [text for row in sample for text in row if text]
    if not any(any(map(str.isalnum, text)) for text in texts):
        return "empty_sheet"
    if has_header:
        return "empty_form"
    written = [text for row in sample for text in row if text and sum(map(bool, row)) < 3]
    is_prose = any(len(text) > 80 for text in written) or len(written) > 3
    if is_prose and sum(bool(_LETTER.search(fold(text))) for text in written) > 1:
        return "letter"
    return "no_table"
