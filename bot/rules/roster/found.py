"""The people of a row: name, number, year of birth and role, each from the columns that may say it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.rules.roster.blocks import Block, Layout
from bot.rules.roster.cells import Spans, is_ditto
from bot.rules.roster.names import Named
from bot.rules.roster.phones import Phones, read_phones
from bot.rules.roster.records import Role
from bot.rules.roster.roles import read_role
from bot.rules.roster.tree import Node

Row = list[str]


@dataclass(slots=True, eq=False)
class Found:
    """One person of one row, before it is known who is the same. `said`: the cell of a number that is none."""

    name: str
    phone: str
    other_phones: tuple[str, ...]
    standing: str
    said: str
    birth: int
    role: Role
    is_civil_head: bool
    node: Node | None
    sheet: str
    row: int
    column: int
    phone_column: int | None


@dataclass(frozen=True, slots=True)
class RoleSaid:
    """is_civil_head: "trưởng ấp" without a word of the team; unknown: (column, text) that is no role, () else."""

    role: Role
    is_civil_head: bool = False
    unknown: tuple[int, str] | tuple[()] = ()


class Roles:
    """Says the role of each row's people; "as above" is what stood in the column before."""

    def __init__(self, merged: Spans) -> None:
        self._merged = merged
        self._last: dict[int, str] = {}
        self.of_group: Role | None = None

    def of(self, one: Named, block: Block, layout: Layout, row: Row, at: int) -> RoleSaid:
        if block.role:
            return RoleSaid(one.role if block.role == "member" and one.role else block.role)
        for column, ticked in layout.ticks.items():
            if column < len(row) and row[column] and row[column] not in ("0", "-"):
                return RoleSaid(ticked)
        said = self._in_columns(block, row, at, is_civil_head=one.is_civil_head)
        if isinstance(said, str):
            return RoleSaid(said)
        noted = (found for column in layout.notes if column < len(row) and (found := _noted(row[column])))
        role = one.role or next(noted, None) or self.of_group
        return RoleSaid(role) if role else said

    def _in_columns(self, block: Block, row: Row, at: int, *, is_civil_head: bool) -> Role | RoleSaid:
        unknown: tuple[int, str] | tuple[()] = ()
        for column in block.roles:
            text = self._text(column, row, at)
            if not text:
                continue
            said = read_role(text)
            if said.role is not None:
                return said.role
            is_civil_head = is_civil_head or said.is_civil_head
            unknown = unknown or (() if said.is_known else (column, text))
        return RoleSaid("member", is_civil_head, () if is_civil_head else unknown)

    def _text(self, column: int, row: Row, at: int) -> str:
        text = row[column] if column < len(row) else ""
        if is_ditto(text) or (not text and self._merged.covers(column, at)):
            return self._last.get(column, "")
        if text:
            self._last[column] = text
        return text


def birth_in(block: Block, row: Row) -> int:
    for column in block.births:
        text = row[column] if column < len(row) else ""
        if text and (match := re.search(r"(?<!\d)(?:19[2-9]\d|20[01]\d)(?!\d)", text)):
            return int(match[0])
    return 0


def _noted(text: str) -> Role | None:
    """A role in the column of notes: only when the note says it plainly."""
    if re.search(r"nghỉ|thôi|trước đây|nguyên|cũ\b|thay|trùng", text, re.I):
        return None
    said = read_role(text)
    return said.role if said.role and len(text) < 60 else None


def shares(named: list[Named], cells: list[tuple[int, str]]) -> list[tuple[int | None, Phones, str]]:
    """Which number is whose: (column, numbers, what was said) for each person of a cell."""
    if len(named) == 1:
        return [_alone(named[0], cells)]
    if not cells:
        return [_alone(one, []) for one in named]
    column, text = cells[0]
    lines = [line for line in re.split(r"[\n;]+", text) if line.strip()]
    if len(lines) != len(named):
        numbers = read_phones(text).numbers
        lines = list(numbers) if len(numbers) == len(named) else []
    if len(lines) == len(named):
        return [
            (column, read_phones(line), line.strip()) if not one.phones else _alone(one, [])
            for one, line in zip(named, lines, strict=True)
        ]
    # Not as many numbers as people: it cannot be told whose they are.
    return [_alone(one, []) if one.phones else (column, Phones("whose"), text) for one in named]


def _alone(one: Named, cells: list[tuple[int, str]]) -> tuple[int | None, Phones, str]:
    read: list[tuple[int | None, Phones, str]] = [(column, read_phones(text), text) for column, text in cells]
    if one.phones:
        read.append((None, read_phones(one.phones), one.phones))
    good = [item for item in read if item[1].standing == "good"]
    if good:
        said = dict.fromkeys(number for item in good for number in item[1].numbers)
        # A fixed line hears no message: where there are both, the mobile number is the person's.
        numbers = tuple(sorted(said, key=lambda number: number.startswith("02")))
        chosen = next(item for item in good if numbers[0] in item[1].numbers)
        return chosen[0], Phones("good", numbers, chosen[1].old), chosen[2]
    # Words in a second column ("Zalo: có") say nothing about the number.
    other = next(
        (item for at, item in enumerate(read) if item[1].standing != "none" and (not at or item[1].digits)), None
    )
    return other or (cells[0][0] if cells else None, Phones("none"), cells[0][1] if cells else "")
