"""Columns given to the people and units of a table, by the words over them and by what stands below."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.rules.roster.blocks import Block, Layout, Row
from bot.rules.roster.codes import place_codes
from bot.rules.roster.contents import (
    is_counted,
    is_ticked,
    level_said,
    looks,
    says_offices,
    says_teams,
    says_units,
    share,
    texts_of,
)
from bot.rules.roster.headings import Heading
from bot.rules.roster.names import looks_like_name
from bot.rules.roster.records import LEVELS
from bot.rules.roster.roles import read_role

_BESIDE = ("phone", "birth", "role", "role_team", "job", "note", "gender")


def _named_alone(known: dict[int, Heading]) -> dict[int, Heading]:
    """ "Họ và tên thành viên" beside a column of roles is where the names are, and says nobody's role."""
    people = [column for column, heading in known.items() if heading.field == "people"]
    fields = {heading.field for heading in known.values()}
    if len(people) != 1 or known[people[0]].role != "member" or "name" in fields or not fields & {"role", "role_team"}:
        return known
    return known | {people[0]: Heading("name")}


def assign(layout: Layout, headings: dict[int, Heading | None], sample: Sequence[Row]) -> None:
    known = _named_alone({column: heading for column, heading in headings.items() if heading})
    has_name = any(heading.field in ("name", "family", "people") for heading in known.values())
    for column, heading in sorted(known.items()):
        match heading.field:
            case "number" if layout.number is None:
                layout.number = column
            case "people" if is_ticked(column, sample):
                layout.ticks[column] = heading.role or "member"
            case "people" if not is_counted(column, sample):
                layout.blocks.append(Block(column, role=heading.role))
            case "family":
                layout.blocks.append(Block(column))
            case "name":
                last = layout.blocks[-1] if layout.blocks else None
                before = known.get(last.name) if last else None
                if last and before and before.field == "family" and last.given is None:
                    last.given = column
                else:
                    layout.blocks.append(Block(column))
            case "loose" if not has_name and not layout.blocks:
                layout.blocks.append(Block(column))
            case "note":
                layout.notes.append(column)
            case "address" if layout.address is None:
                layout.address = column
    plain = [heading for heading in known.values() if heading.field == "name"]
    if plain and layout.blocks and any(block.role for block in layout.blocks) and len(plain) == 1:
        # A table with "Họ tên" and, besides, a column "Thành viên" that holds something else.
        names = [block for block in layout.blocks if block.role is None]
        if share(sample, [block.name for block in layout.blocks if block.role], looks_like_name) < 0.5:
            layout.blocks = names
    if not layout.blocks and headings:
        width = max((len(row) for row in sample), default=0)
        nameless = (column for column in range(width) if column not in known and looks(column, sample) == "name")
        layout.blocks += [Block(column) for column in nameless][:1]
    _place_units(layout, known, sample)
    place_codes(layout, known, sample)
    _place_beside(layout, known)
    _find_given(layout, headings, sample)


def _place_units(layout: Layout, known: dict[int, Heading], sample: Sequence[Row]) -> None:
    taken: set[str] = set()
    for column, heading in sorted(known.items(), key=lambda item: (item[1].is_old, item[0])):
        if heading.field == "unit" and heading.level != "any" and heading.level not in taken:
            taken.add(heading.level)
            layout.units.append((column, heading.level, heading.kind))
    for column, heading in sorted(known.items()):
        if heading.field == "unit" and heading.level == "any" and not says_offices(column, sample):
            level = level_said(column, sample) or ("commune" if "hamlet" in taken else "hamlet")
            if level not in taken:
                taken.add(level)
                layout.units.append((column, level, heading.kind if level == "hamlet" else ""))
    if (layout.address is not None and "hamlet" not in taken and not says_units(layout.address, sample)) or (
        layout.address is not None and taken & {"hamlet", "commune"}
    ):
        layout.address = None
    if layout.address is not None:
        layout.units.append((layout.address, "hamlet", ""))
        taken.add("hamlet")
    for column, heading in known.items():
        if heading.field in ("role", "role_team") and "hamlet" not in taken and says_teams(column, sample):
            taken.add("hamlet")
            layout.units.append((column, "hamlet", ""))  # "Tổ trưởng Tổ CNSCĐ ấp 3"
    layout.units.sort(key=lambda unit: LEVELS.index(unit[1]))


def _place_beside(layout: Layout, known: dict[int, Heading]) -> None:
    """Give each column about a person to the person it stands beside."""
    blocks = layout.blocks
    if not blocks:
        return
    by_field: dict[str, list[int]] = {}
    for column, heading in sorted(known.items()):
        if heading.field in _BESIDE:
            by_field.setdefault(heading.field, []).append(column)
    for kind, columns in by_field.items():
        for place, column in enumerate(columns):
            if len(columns) == len(blocks):
                block = blocks[place]
            else:
                block = max((one for one in blocks if one.name < column), key=lambda one: one.name, default=blocks[0])
            if kind == "phone":
                block.phones.append(column)
            elif kind == "birth":
                block.births.append(column)
            elif kind == "role_team":
                block.roles.insert(0, column)
            elif kind in ("role", "job"):
                block.roles.append(column)
    for block in blocks:
        # The word of the team goes before that of the office, whatever stands first.
        block.roles.sort(key=lambda column: {"role_team": 0, "role": 1}.get(known[column].field, 2))


def _find_given(layout: Layout, headings: dict[int, Heading | None], sample: Sequence[Row]) -> None:
    """ "Họ và tên" over two columns, the last word standing in the second."""
    for block in layout.blocks:
        right = block.name + 1
        if block.given is not None or (headings.get(right) and headings.get(right) != headings.get(block.name)):
            continue
        if any(right in (*one.phones, *one.births, *one.roles, one.name) for one in layout.blocks):
            continue
        pairs = [(row[block.name], row[right]) for row in sample if right < len(row) and row[block.name] and row[right]]
        words = [
            given
            for _, given in pairs
            if re.fullmatch(r"[^\W\d_]+(?:['’][^\W\d_]+)?(?: [A-Z])?", given) and not read_role(given).role
        ]
        rows = sum(1 for row in sample if block.name < len(row) and row[block.name])
        if pairs and len(words) * 10 >= len(pairs) * 8 and len(pairs) * 2 > rows:
            block.given = right
    taken = {block.given for block in layout.blocks}
    layout.blocks = [block for block in layout.blocks if block.name not in taken]


def complete(layout: Layout, sample: Sequence[Row], headings: dict[int, Heading | None]) -> None:
    """Find by their content the columns that no known word stands over."""
    width = max((len(row) for row in sample), default=0)
    filled = sum(1 for row in sample if sum(map(bool, row)) > 1) or 1
    unknown = [column for column in range(width) if (one := headings.get(column)) is None or one.field == "loose"]
    free = [column for column in unknown if not _is_taken(layout, column)]
    seen = {column: looks(column, sample) for column in free}
    wide = {column: found for column, found in seen.items() if found and len(texts_of(column, sample)) * 5 >= filled}
    if not layout.blocks:
        names = [column for column, found in wide.items() if found == "name"]
        if not names:
            return
        layout.blocks.append(Block(names[0]))
    block = layout.blocks[0]
    for column, found in wide.items():
        if found == "phone" and not any(one.phones for one in layout.blocks):
            block.phones.append(column)
        elif found == "role" and len(layout.blocks) == 1 and not block.role and not layout.ticks:
            block.roles.append(column)
        elif found == "birth" and not block.births:
            block.births.append(column)
        elif found in LEVELS and found not in layout.levels():
            layout.units.append((column, found, ""))
        elif found == "number" and layout.number is None and column < block.name:
            layout.number = column
    layout.units.sort(key=lambda unit: LEVELS.index(unit[1]))
    if not headings:
        _find_given(layout, {}, sample)


def _is_taken(layout: Layout, column: int) -> bool:
    taken = {
        layout.number,
        layout.address,
        *layout.notes,
        *layout.ticks,
        *(unit[0] for unit in (*layout.units, *layout.codes)),
    }
    for block in layout.blocks:
        taken |= {block.name, block.given, *block.roles, *block.phones, *block.births}
    return column in taken
