"""How a table is laid out: where its header ends and which column holds what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.rules.roster.blocks import Layout, Row
from bot.rules.roster.columns import assign, complete
from bot.rules.roster.contents import share
from bot.rules.roster.header import continues, filled, is_header, numbers_columns, together
from bot.rules.roster.headings import read_heading
from bot.rules.roster.names import looks_like_name
from bot.rules.roster.records import Merged
from bot.rules.roster.roles import only_role

SEARCHED = 80  # rows in which a header is looked for


def find_layout(rows: Sequence[Row], merged: Iterable[Merged], start: int = 0, most: int = SEARCHED) -> Layout | None:
    """The first table at or below `start`; None when no row looks like a header."""
    for at in range(start, min(len(rows), start + most)):
        if is_header(rows[at]) and (layout := _layout(rows, at, list(merged))).blocks:
            return layout
    return None


def guess_layout(rows: Sequence[Row], start: int = 0) -> Layout | None:
    """The layout of a table without a header, by its content alone."""
    layout = Layout(start, [], start)
    among = _from_first_name(rows[start:])
    complete(layout, among, {})
    if not layout.blocks or not _is_convincing(layout, among):
        return None
    column = layout.blocks[0].name
    named = (at for at in range(start, len(rows)) if column < len(rows[at]) and looks_like_name(rows[at][column]))
    first = next(named, start)
    while first > start and _says_role(rows[first - 1]):
        first -= 1
    layout.top = layout.first = first
    return layout


def _from_first_name(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows between the first and the last that begin with somebody's name; what stands around them is text."""
    named = [at for at, row in enumerate(rows) if any(looks_like_name(text) for text in row[:4] if text)]
    return rows[named[0] : named[-1] + 1] if len(named) > 1 else rows


def _says_role(row: Row) -> bool:
    """A row "TỔ TRƯỞNG:" over who it is, or an empty one."""
    texts = [text for text in row if text]
    return not texts or (len(texts) == 1 and only_role(texts[0]) is not None)


def _is_convincing(layout: Layout, sample: Sequence[Row]) -> bool:
    """Names of communes look like people's: without a header there must be numbers, roles, or names of three words."""
    block = layout.blocks[0]
    if block.phones or block.roles:
        return True
    return share(sample, [block.name], lambda text: looks_like_name(text) and len(text.split()) > 2) > 0.5


def _layout(rows: Sequence[Row], at: int, merged: list[Merged]) -> Layout:
    is_double = at + 1 < len(rows) and continues(rows[at], rows[at + 1])
    parents = filled(rows[at], at, merged, rows[at + 1]) if is_double else rows[at]
    above = rows[at - 1] if at else ()
    headings = {column: read_heading(text) for column, text in enumerate(parents) if text}
    if at and sum(1 for text in above if text and (one := read_heading(text)) and one.field == "people") > 1:
        headings = together(filled(above, at - 1, merged, rows[at]), rows[at])
    last = at + 1
    if is_double:
        headings = together(parents, rows[last])
        last += 1
    if last < len(rows) and numbers_columns(rows[last]):
        last += 1
    layout = Layout(last, [], at, header=tuple(rows[at]))
    assign(layout, headings, rows[last : last + 400])
    complete(layout, rows[last : last + 400], headings)
    return layout
