"""One table while it is read: each row judged for what it is, and the people of those that have some."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.rules.roster import asides
from bot.rules.roster.blocks import Block, Layout
from bot.rules.roster.cells import Lines, Spans
from bot.rules.roster.found import Roles
from bot.rules.roster.layout import find_layout
from bot.rules.roster.lying import Where
from bot.rules.roster.names import looks_like_name, read_people
from bot.rules.roster.people import People, filled
from bot.rules.roster.places import NOWHERE, Place, read_section
from bot.rules.roster.records import LEVELS, Merged
from bot.rules.roster.roles import only_role, read_role
from bot.rules.roster.standing import Standing
from bot.rules.vietnamese.units import UnitName

if TYPE_CHECKING:
    from bot.rules.roster.reading import Reader

Row = list[str]
_HEADER_WORD = re.compile(r"^(?:stt|tt|số tt|họ|ho |hovaten|tên|ten|full|name|no\.?$|tổ trưởng$|người)", re.I)


class Table:
    """Reads the rows below a header. `context`: the units that title and sheet name; `where` it stands in the sheet."""

    def __init__(
        self, reader: Reader, sheet: str, lines: Lines, merged: Sequence[Merged], layout: Layout,
        context: dict[str, UnitName], where: Where,
    ) -> None:  # fmt: skip
        self._reader = reader
        self._sheet = sheet
        self._lines = lines
        self._layout = layout
        self._where = where
        self._standing = Standing(reader.tree, context, Spans(merged))
        self._people = People(reader, sheet, where, Roles(Spans(merged)), layout)
        self._at = layout.first  # the row to come, from 0
        self._has_ended = False

    def read(self, sample: Sequence[Row]) -> None:
        """`sample`: the first rows of the table, its title included."""
        self._standing.lay_out(self._layout, sample[self._layout.first :])
        self._lines.skip(self._layout.first)
        for row in self._lines:
            self._row(row)
            self._at += 1
            self._reader.seen()

    # One row.

    def _row(self, row: Row) -> None:
        self._people.at = self._at
        texts = [text for text in row if text]
        if not texts or self._is_header(row, texts):
            return
        names = [_name_of(block, row) for block in self._layout.blocks]
        if len(texts) <= 4 and self._is_aside(row, texts, names):
            return
        if not any(names):
            self._nameless(row)
            return
        if self._has_ended and not (self._number(row) or asides.has_phone(texts)):
            return
        self._has_ended = False
        node = self._standing.node(row, self._at, self._sheet)
        for block, name in zip(self._layout.blocks, names, strict=True):
            if name:
                self._people.add(block, name, row, node)

    def _is_header(self, row: Row, texts: list[str]) -> bool:
        """The header again, or another one: then what follows is laid out in its way."""
        if not _HEADER_WORD.match(texts[0]) and not _HEADER_WORD.match(texts[min(1, len(texts) - 1)]):
            return False
        ahead = [row, *self._lines.peek(400)]
        layout = find_layout(ahead, [], 0, 1)
        if layout is None:
            return False
        if layout.header != self._layout.header:
            self._layout = self._people.layout = layout
            self._standing.lay_out(layout, ahead[layout.first :])
        self._lines.skip(layout.first - 1)
        self._at += layout.first - 1
        self._has_ended = False
        return True

    def _number(self, row: Row) -> str:
        column = self._layout.number
        text = row[column] if column is not None and column < len(row) else ""
        return text if re.fullmatch(r"\d{1,6}[.)]?", text) else ""

    # Rows that are not people.

    def _is_aside(self, row: Row, texts: list[str], names: list[str]) -> bool:
        """A total, a signature, or the name of a group."""
        core = asides.core_of(texts)
        if not core:
            return not asides.has_phone(texts) and not any(names)
        if asides.is_total(core):
            return True
        if not self._number(row) and asides.is_signature(core, names):
            self._has_ended = True
            return True
        if len(core) > 2 or asides.has_phone(texts):
            return False
        if len(core) == 1 and asides.is_area(core[0]) and not self._standing.is_within("commune"):
            return True
        return self._is_group(core, row, texts, names) or self._is_other_line(row, core, names)

    def _is_group(self, core: list[str], row: Row, texts: list[str], names: list[str]) -> bool:
        place = self._group(core[0], texts, row)
        if not place:
            return False
        if len(core) == 2:
            beside = read_section(core[1])
            if (not beside and not asides.is_remark(core[1])) or core[1] in names:
                return False
            together = {**dict(place.units), **dict(beside.units)}
            place = Place(tuple((level, together[level]) for level in LEVELS if level in together), place.ends)
        self._standing.enter(place)
        self._people.roles.of_group = None
        self._has_ended = False
        return True

    def _group(self, text: str, texts: list[str], row: Row) -> Place:
        if self._stands_in_units(text, row) or only_role(text.rstrip(": ")):
            return NOWHERE
        if place := asides.group_named(text):
            return place
        if self._number(row):
            return NOWHERE
        level = next((level for level in ("commune", "hamlet") if not self._standing.known(level)), "")
        return asides.group_numbered(text, texts, level)

    def _stands_in_units(self, text: str, row: Row) -> bool:
        """A value in a column of units, not the name of a group, unless it stands alone or in the first column."""
        return (
            any(column and column < len(row) and row[column] == text for column, _, _ in self._layout.units)
            and len([one for one in row if one]) > 1
        )

    def _is_other_line(self, row: Row, core: list[str], names: list[str]) -> bool:
        """A line of one text that names nobody."""
        if len(core) > 1:
            return False
        text = core[0]
        role = only_role(text.rstrip(": "))
        if role:
            self._people.roles.of_group = role
            return True
        if not any(names) or (self._number(row) and len(row) > 2):
            return False
        people = read_people(text)
        return not (
            looks_like_name(text) or (len(people) == 1 and (people[0].phones or (people[0].role and people[0].name)))
        )

    def _nameless(self, row: Row) -> None:
        """Only units (a row that begins a group), only a number (the line above goes on), or a name left out."""
        units = filled(row, [column for column, _, _ in self._layout.units])
        phones = filled(row, [column for block in self._layout.blocks for column in block.phones])
        roles = filled(row, [column for block in self._layout.blocks for column in block.roles])
        is_near = self._people.last is not None and self._people.last[0] == self._at - 1
        if phones and not self._number(row) and not roles and not units and is_near:
            self._people.add_number(row[phones[0]])
            return
        if units and not self._has_ended:
            self._standing.node(row, self._at, self._sheet)
        if (phones or (roles and read_role(row[roles[0]]).role)) and not self._has_ended:
            said = " | ".join(text for text in row if text)[:80]
            self._people.doubt(self._layout.blocks[0].name, "no_name", said)


def _name_of(block: Block, row: Row) -> str:
    name = row[block.name] if block.name < len(row) else ""
    if block.given is not None and block.given < len(row) and row[block.given]:
        return f"{name} {row[block.given]}".strip()
    return name
