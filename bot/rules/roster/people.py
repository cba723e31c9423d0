"""The people of a table's rows kept one after another, each with what is doubtful about them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.rules.roster.blocks import Block, Layout
from bot.rules.roster.found import Found, Roles, birth_in, shares
from bot.rules.roster.lying import Where
from bot.rules.roster.names import Named, read_people
from bot.rules.roster.phones import Phones, is_nothing, read_phones
from bot.rules.roster.records import Kind
from bot.rules.roster.roles import only_role
from bot.rules.roster.tree import Node

if TYPE_CHECKING:
    from bot.rules.roster.reading import Reader

Row = list[str]


class People:
    """`at`: the row that is read, from 0; `last`: the row before that had somebody, and who that was."""

    def __init__(self, reader: Reader, sheet: str, where: Where, roles: Roles, layout: Layout) -> None:
        self._reader = reader
        self._sheet = sheet
        self._where = where
        self.roles = roles
        self.layout = layout
        self.at = 0
        self.last: tuple[int, Found] | None = None

    def doubt(self, column: int | None, kind: Kind, said: str = "", **values: object) -> None:
        """What is doubtful about a cell of the row."""
        row, column = self._where.row(self.at, column), self._where.column(self.at, column)
        self._reader.problem(self._sheet, row, column, kind, said, **values)

    def add(self, block: Block, text: str, row: Row, node: Node | None) -> None:
        named = read_people(text)
        if any(map(str.isalpha, text)) and (is_nothing(text) or only_role(text)):
            return  # nobody yet, or a label
        if not any(one.name for one in named):
            self.doubt(block.name, "name_odd", text[:80])
            return
        cells = [(column, row[column]) for column in filled(row, block.phones)]
        for one, (column, phones, said) in zip(named, shares(named, cells), strict=True):
            if one.name:
                phone_column = column if column is not None else block.phones[0] if block.phones else None
                birth = one.birth or (birth_in(block, row) if len(named) == 1 else 0)
                self._doubt(one, block.name, phones, phone_column, said)
                self._keep(one, block, row, node, birth, phones, phone_column, said)

    def add_number(self, text: str) -> None:
        more = read_phones(text)
        if more.standing == "good" and self.last is not None:
            last = self.last[1]
            numbers = tuple(dict.fromkeys((*filter(None, (last.phone,)), *last.other_phones, *more.numbers)))
            last.phone, last.other_phones, last.standing = numbers[0], numbers[1:], "good"

    def _doubt(self, one: Named, column: int, phones: Phones, phone_column: int | None, said: str) -> None:
        if one.is_odd:
            self.doubt(column, "name_odd", one.name)
        elif not re.search(r"[ '’]", one.name):
            self.doubt(column, "name_short", one.name)
        if phones.old:
            self.doubt(phone_column, "phone_renumbered", said, old=phones.old, new=phones.numbers[0])
        if phones.standing == "whose":
            self.doubt(phone_column, "phone_whose", said, name=one.name)

    def _keep(
        self, one: Named, block: Block, row: Row, node: Node | None, birth: int, phones: Phones,
        phone_column: int | None, said: str,
    ) -> None:  # fmt: skip
        role = self.roles.of(one, block, self.layout, row, self.at)
        if role.unknown:
            self.doubt(role.unknown[0], "role_unknown", role.unknown[1][:80])
        column = self._where.column(self.at, block.name)
        found = Found(
            one.name,
            phones.numbers[0] if phones.numbers else "",
            phones.numbers[1:],
            phones.standing,
            said if phones.standing == "bad" else "",
            birth,
            role.role,
            role.is_civil_head,
            node,
            self._sheet,
            self._where.row(self.at, block.name),
            column if column is not None else 0,
            self._where.column(self.at, phone_column),
        )
        self._reader.found.append(found)
        self.last = (self.at, found)


def filled(row: Row, columns: list[int]) -> list[int]:
    """Those of the columns in which something stands."""
    return [column for column in columns if column < len(row) and row[column]]
