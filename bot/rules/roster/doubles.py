"""Who is the same person: rows of one list joined into people, with the doubts that come of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from sys import intern
from typing import Literal

from bot.rules.roster.found import Found
from bot.rules.roster.records import Person, Post, Problem, Role, Unit
from bot.rules.roster.tree import Node
from bot.rules.vietnamese.units import bare_core, core_key, is_bare

_RANK: dict[Role, int] = {"head": 0, "deputy": 1, "member": 2}


@dataclass(slots=True)
class Joined:
    """What joining found, for the figures."""

    first: list[Found]  # the row each person stands in first
    more: dict[int, list[Found]]  # by place in `first`: rows that give that person a post in another unit
    problems: list[Problem]
    duplicates: int

    def people(self, units: dict[int, Unit]) -> list[Person]:
        """The people themselves. Empties `first`: half a million rows and people at once would be too much; so would
        be as many names, of which most are somebody else's too."""
        made: list[Person] = []
        self.first.reverse()
        while self.first:
            one = self.first.pop()
            posts = tuple(_post(row, units) for row in (one, *self.more.get(len(made), ())))
            made.append(Person(intern(one.name), one.phone, one.birth, posts, one.other_phones))
        return made


def join(found: Iterable[Found]) -> Joined:
    """Rows in their order into people. The same name and number is one person; in one unit twice, a duplicate."""
    first: list[Found] = []
    more: dict[int, list[Found]] = {}
    problems: list[Problem] = []
    by_place: dict[int, list[int] | int] = {}
    by_phone: dict[str, int] = {}
    duplicates = 0
    for one in found:
        node = one.node.real if one.node else None
        place = hash((id(node), bare_core(one.name)))
        verdict: Literal["same", "maybe", "other"] = "other"
        for at in _all(by_place.get(place)):
            verdict = _compare(first[at], one, node)
            if verdict != "other":
                break
        if verdict == "same":
            duplicates += 1
            problems.append(_joined(first[at], more.get(at, ()), one))
            continue
        if verdict == "maybe":
            problems.append(_about(one, "maybe_duplicate", first[at], one.column, one.name))
        holder = by_phone.get(one.phone) if one.phone else None
        if holder is not None and is_one_name(first[holder].name, one.name):
            more.setdefault(holder, []).append(one)
            _add(by_place, place, holder)
            continue
        if holder is not None:
            problems.append(
                _about(one, "phone_shared", first[holder], one.phone_column, one.phone, other=first[holder].name)
            )
        _add(by_place, place, len(first))
        if one.phone:
            by_phone.setdefault(one.phone, len(first))
        first.append(one)
    return Joined(first, more, problems, duplicates)


def _post(row: Found, units: dict[int, Unit]) -> Post:
    return Post(units[id(row.node.real)] if row.node else None, row.role, row.sheet, row.row)


def _all(held: list[int] | int | None) -> list[int]:
    return [] if held is None else [held] if isinstance(held, int) else held


def _add(index: dict[int, list[int] | int], key: int, at: int) -> None:
    # Mostly there is one: a list for each of half a million would cost more than the people.
    held = index.get(key)
    index[key] = at if held is None else [*_all(held), at]


def is_one_name(one: str, other: str) -> bool:
    return (
        one == other
        or core_key(one) == core_key(other)
        or (bare_core(one) == bare_core(other) and (is_bare(one) or is_bare(other)))
    )


def _compare(known: Found, one: Found, node: Node | None) -> Literal["same", "maybe", "other"]:
    """Two rows of (by their keys) one unit and one name."""
    known_node = known.node.real if known.node else None
    if not is_one_name(known.name, one.name):
        return "other"
    if known_node is not node:
        # Held here through a second post: the number has been compared already.
        return "same" if known.phone and known.phone == one.phone else "other"
    births = known.birth and one.birth
    numbers = {known.phone or known.said, *known.other_phones} - {""}, {one.phone or one.said, *one.other_phones} - {""}
    if all(numbers):
        if numbers[0] & numbers[1]:
            return "same"
        return "other" if births and known.birth != one.birth else "maybe"
    if births:
        return "same" if known.birth == one.birth else "other"
    if not any(numbers) and known.birth == one.birth and known.role == one.role:
        return "same"
    return "maybe"


def _joined(known: Found, more: Iterable[Found], one: Found) -> Problem:
    """Put a duplicate into the person it repeats."""
    node = one.node.real if one.node else None
    post = next((row for row in (known, *more) if row.node and row.node.real is node), known)
    is_other_role = post.role != one.role
    if _RANK[one.role] < _RANK[post.role]:
        post.role = one.role
    if not known.phone and one.phone:
        known.phone, known.standing = one.phone, "good"
    return _about(one, "same_post_twice" if is_other_role else "duplicate", known, one.column, one.name)


def _about(one: Found, kind: str, first: Found, column: int | None, said: str, **values: object) -> Problem:
    values |= {"other_row": first.row, "other_sheet": first.sheet}
    return Problem(one.sheet, one.row, column, kind, said, values)  # type: ignore[arg-type]
