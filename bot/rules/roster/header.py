"""A table's header: which row it is, and what its two rows say together."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.rules.roster.blocks import Row
from bot.rules.roster.headings import Heading, read_heading
from bot.rules.roster.records import Merged

_BESIDE_NAMES = frozenset(("number", "phone", "role", "role_team", "unit", "birth", "note"))


def is_header(row: Row) -> bool:
    texts = [text for text in row if text]
    if len(texts) < 2:
        return False
    found = [heading for text in texts if (heading := read_heading(text))]
    fields = {heading.field for heading in found}
    if len(found) * 2 < len(texts):
        return False
    if not fields & {"name", "people", "family", "loose"}:
        return len(fields & _BESIDE_NAMES) > 2 and len(found) * 3 >= len(texts) * 2
    others = fields - {"people", "loose"}
    if "name" in fields or "family" in fields:
        return len(found) > 1
    if "people" in fields:  # "Tổ trưởng | Tổ phó": not a row that says somebody's role
        roles = {heading.role for heading in found if heading.field == "people"}
        return len(roles) > 1 or len(others) > 1 or (bool(others) and len(found) == len(texts))
    return len(others) > 1 and "phone" in fields


def filled(row: Row, at: int, merged: list[Merged], below: Row) -> list[str]:
    """A header's upper row with each text over all the columns it stands over."""
    width = max(len(row), len(below))
    filled = [row[column] if column < len(row) else "" for column in range(width)]
    for one in merged:
        if one.top <= at <= one.bottom and one.left < one.right and one.left < len(row):
            for column in range(one.left + 1, min(one.right + 1, width)):
                filled[column] = filled[column] or filled[one.left]
    for column in range(1, width):
        if (
            not filled[column]
            and column < len(below)
            and below[column]
            and not (row[column] if column < len(row) else "")
        ):
            filled[column] = filled[column - 1]
    return filled


def continues(above: Row, row: Row) -> bool:
    """Whether a row is the header's second line: nothing in it but words of headers, under a gap or a wider one."""
    texts = [text for text in row if text]
    if not texts or any(re.search(r"\d{2}", text) for text in texts):
        return False
    headings = [read_heading(text) for text in texts]
    if any(heading is None for heading in headings):
        return False
    gaps = [column for column, text in enumerate(row) if text and (column >= len(above) or not above[column])]
    return bool(gaps) or len(texts) > 1


def together(parents: Sequence[str], children: Row) -> dict[int, Heading | None]:
    headings: dict[int, Heading | None] = {}
    for column in range(max(len(parents), len(children))):
        upper = read_heading(parents[column]) if column < len(parents) else None
        text = children[column] if column < len(children) else ""
        lower = read_heading(text) if text else None
        if lower and upper and upper.field == "people" and lower.field in ("name", "people", "loose", "family"):
            headings[column] = Heading("people", role=upper.role)
        elif (lower and upper and upper.field == "birth" and lower.field == "gender") or (
            lower and lower.field == "loose" and upper
        ):
            headings[column] = upper
        else:
            headings[column] = lower or upper
    return headings


def numbers_columns(row: Row) -> bool:
    """The row "(1) (2) (3)" or "A B 1 2" under a header."""
    texts = [text.strip("() .").upper() for text in row if text]
    if len(texts) < 3:
        return False
    numbers = [int(text) for text in texts if text.isdigit()]
    letters = [ord(text) for text in texts if re.fullmatch(r"[A-Z]", text)]
    return len(numbers) + len(letters) == len(texts) and _are_in_order(numbers) and _are_in_order(letters)


def _are_in_order(numbers: list[int]) -> bool:
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True
