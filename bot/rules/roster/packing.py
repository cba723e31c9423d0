"""A list that was read, as plain JSON and back: it goes from the process that reads it to the one that keeps it."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable
from dataclasses import asdict
from sys import intern
from typing import Any

from bot.rules.roster.records import Figures, Person, Post, Problem, Roster, Unit

Packed = dict[str, Any]


def pack(roster: Roster) -> Packed:
    """Units and sheets by their places, which are said once."""
    place = {id(unit): n for n, unit in enumerate(roster.units)}
    sheets: dict[str, int] = {}
    return {
        "units": [
            [u.level, u.kind, u.name, u.key, place[id(u.parent)] if u.parent else -1, u.sheet, u.row, u.code]
            for u in roster.units
        ],
        "people": [
            [
                person.name,
                person.phone,
                person.birth,
                person.other_phones,
                [
                    [place[id(p.unit)] if p.unit else -1, p.role, sheets.setdefault(p.sheet, len(sheets)), p.row]
                    for p in person.posts
                ],
            ]
            for person in roster.people
        ],
        "problems": pack_problems(roster.problems),
        "figures": asdict(roster.figures),
        "sheets": list(sheets),
    }


def unpack(packed: Packed) -> Roster:
    units: list[Unit] = []
    for level, kind, name, key, parent, sheet, row, code in packed["units"]:
        units.append(Unit(level, kind, name, key, units[parent] if parent >= 0 else None, sheet, row, code))
    sheets = packed["sheets"]
    people = []
    for name, phone, birth, other_phones, held in packed["people"]:
        posts = tuple(
            Post(units[unit] if unit >= 0 else None, role, sheets[sheet], row) for unit, role, sheet, row in held
        )
        people.append(Person(intern(name), phone, birth, posts, tuple(other_phones)))
    return Roster(units, people, unpack_problems(packed["problems"]), Figures(**packed["figures"]))


def pack_problems(problems: Iterable[Problem]) -> list[list[Any]]:
    return [[p.sheet, p.row, p.column, p.kind, p.said, dict(p.values)] for p in problems]


def unpack_problems(packed: Iterable[list[Any]]) -> list[Problem]:
    return [Problem(*one) for one in packed]


def squeeze(packed: Packed) -> str:
    """As text, a tenth as long."""
    return base64.b64encode(zlib.compress(json.dumps(packed, ensure_ascii=False).encode(), 6)).decode()


def stretch(text: str) -> Packed:
    found: Packed = json.loads(zlib.decompress(base64.b64decode(text)))
    return found
