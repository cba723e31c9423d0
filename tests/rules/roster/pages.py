"""Lists written down as offices write them, and what was read of them in one line a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.rules.roster import Roster, read_roster
from bot.rules.roster.records import Cell


@dataclass(frozen=True)
class Joined:
    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Table:
    """A sheet. `rows` as text with | between cells, or as lists of cells."""

    rows: Iterable[list[Cell]]
    name: str = "Sheet1"
    merged: Sequence[Joined] = ()
    is_hidden: bool = field(default=False)


def cells(text: str) -> list[list[Cell]]:
    """One line a row, | between the cells; numbers stay text, as in a .csv; \\n, \\t in a cell: a break, a tab."""
    return [
        [cell.strip().replace("\\n", "\n").replace("\\t", "\t") or None for cell in line.split("|")]
        for line in text.strip("\n").split("\n")
    ]


def table(text: str, name: str = "Sheet1", merged: Sequence[tuple[int, int, int, int]] = ()) -> Table:
    return Table(cells(text), name, [Joined(*one) for one in merged])


def read(*tables: Table | str) -> Roster:
    return read_roster([table(one) if isinstance(one, str) else one for one in tables])


def lines(roster: Roster) -> list[str]:
    """Name, number, role, unit from the bottom up: "Nguyễn Văn An 0912345678 head Ấp 1, Xã Tân Thạch"."""
    return [
        " ".join(filter(None, (person.name, person.phone, post.role, str(post.unit) if post.unit else "")))
        for person in roster.people
        for post in person.posts
    ]


def doubts(roster: Roster) -> list[tuple[int, str]]:
    return [(problem.row, problem.kind) for problem in roster.problems]
