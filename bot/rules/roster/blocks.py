"""Which column of a table holds what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.rules.roster.records import Role

Row = Sequence[str]  # a row's cells as clean text, "" when empty


@dataclass(slots=True)
class Block:
    """The columns of one person in a row. Most tables have one; "Tổ trưởng | SĐT | Tổ phó | SĐT" has several."""

    name: int
    given: int | None = None
    role: Role | None = None  # of all in this column
    roles: list[int] = field(default_factory=list)  # columns that say it, the one of the team first
    phones: list[int] = field(default_factory=list)
    births: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Layout:
    """top: the first row of the header, first: the first below it (from 0). ticks: column → role, where an x marks it.

    units: column, level and kind, from the top level down; codes: column and level of the units' official codes.
    """

    first: int
    blocks: list[Block]
    top: int = 0
    number: int | None = None
    units: list[tuple[int, str, str]] = field(default_factory=list)
    codes: list[tuple[int, str]] = field(default_factory=list)
    address: int | None = None
    notes: list[int] = field(default_factory=list)
    ticks: dict[int, Role] = field(default_factory=dict)
    header: tuple[str, ...] = ()

    def levels(self) -> set[str]:
        return {level for _, level, _ in self.units}
