"""What is read from an office's list: units, people with their posts, and what is doubtful."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

Cell = str | int | float | bool | date | None
Role = Literal["head", "deputy", "member"]

# From the top. A country may lose one (districts, on 1 July 2025) and a file may know only some.
LEVELS = ("province", "district", "commune", "hamlet")

Kind = Literal[
    # of a person's row
    "no_phone",  # the cell is empty or says that there is none
    "bad_phone",  # no telephone number of Vietnam; values: digits (how many there are)
    "phone_is_identity",  # 12 digits: the number of an identity card; it is not kept
    "phone_renumbered",  # an 11-digit number of before 2018, converted; values: old, new
    "phone_whose",  # several people in a cell and not as many numbers beside it; values: name
    "phone_shared",  # two people with one number; values: other, other_row, other_sheet
    "duplicate",  # the same person in the same unit again; counted once; values: other_row, other_sheet
    "maybe_duplicate",  # one name twice in a unit; it cannot be told whether it is one person; values as above
    "same_post_twice",  # a duplicate that gives another role; the higher one is kept; values: other_row, other_sheet
    "name_short",  # one word only
    "name_odd",  # digits or signs in the name
    "no_name",  # a row with a number or a role and no name
    "role_unknown",  # the words are no role; read as member
    "role_guessed",  # "Trưởng ấp" without a word of the team: read as its head, because it has none
    "no_unit",  # it cannot be told where the person belongs
    # of a unit
    "unit_ambiguous",  # written without marks or kind, may be several; values: choices
    "code_disagrees",  # a person's row: its code is another unit's than its name; the name counts; values: unit
    "unit_alone",  # its commune cannot be told; values: unit
    "no_head",  # a team with people but no head; values: unit
    "two_heads",  # values: unit, names
    # of a sheet
    "no_table",  # no list of people was found in the sheet
    "money_table",  # a bill or a budget
    "task_plan",  # work with its deadlines
    "letter",  # a text
    "empty_form",  # a header with nobody below
    "empty_sheet",  # nothing at all, in a file where nobody is
    "identity_left_out",  # numbers of identity cards stood here and were not kept; values: count
    "hidden_sheet",  # hidden, not read
    "no_roles",  # no column of roles and no role anywhere: all are members
    "old_font",  # typed in TCVN3 or VNI, converted; values: font
    # seen only beside what is kept already
    "unit_other",  # the highest unit is called otherwise here; values: ours
    "unit_outside",  # not below the unit that the list is loaded for; its people are left out; values: ours
    "unit_code_other",  # its code is that of a unit called otherwise; its people are left out; values: ours, code
    "unit_code_differs",  # found by its name, kept with another code; values: ours, code, kept
    "unit_passed_over",  # a person's row: in a unit that is not there, or above; it is left out; values: unit, ours
    "unit_closed",  # it is no more and nothing follows it; its people are left out
    "unit_follows",  # it is no more; its people go to what follows it; values: ours
    "unit_alike",  # new, though one of the same name and another kind is there; values: ours
    "unit_unplaced",  # new, and it cannot be told what it stands under; its people are left out
    "phone_taken",  # the number is that of somebody called otherwise: a new person; values: other, phone
    "maybe_moved",  # new, though somebody of that name in the same commune is not in the list; values: other
    "also_elsewhere",  # has a post outside of the list too, which is left alone; values: ours
    "head_follows",  # was head, is not in the list that names another: a member from now on; values: unit, other
    "head_kept",  # an administrator leads the unit and is left alone: a deputy; values: unit, other
    "admin_kept",  # an administrator, of whom the list says something else: left alone
]
# What was done rather than what is wrong: the row counts and nothing need be changed.
NOTES: tuple[Kind, ...] = (
    "phone_renumbered",
    "role_guessed",
    "old_font",
    "hidden_sheet",
    "identity_left_out",
    "no_roles",
    "no_head",
    "unit_follows",
    "head_follows",
    "admin_kept",
)


@dataclass(frozen=True, slots=True)
class Problem:
    """A doubt about one place of the file. Rows count from 1 as in Excel, 0: the whole sheet; columns from 0.

    `said` is what stands there (never the number of an identity card); the text "roster.wrong.<kind>" is filled with
    `said` and `values` and says what is wrong, "roster.right.<kind>" what would be right.
    """

    sheet: str
    row: int
    column: int | None
    kind: Kind
    said: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Unit:
    """A unit as the file names it. `name` is full ("Xã Tân Thạch"); `kind` is "" when the file never says it.

    `key` is `core_key` of the name without its kind; two units may share it, even with the same kind (two xã Vĩnh Hòa
    in two districts): the `parent` tells them apart. sheet and row: where it is named first.
    code: the official one, "" when the file says none.
    """

    level: str
    kind: str
    name: str
    key: str
    parent: Unit | None
    sheet: str = ""
    row: int = 0
    code: str = ""

    @property
    def chain(self) -> tuple[Unit, ...]:
        """From the top down to itself."""
        return (*(self.parent.chain if self.parent else ()), self)

    def above(self, level: str) -> Unit | None:
        """Itself or the unit above it that is of this level."""
        return next((unit for unit in self.chain if unit.level == level), None)

    def __str__(self) -> str:
        return ", ".join(unit.name for unit in reversed(self.chain))


@dataclass(slots=True, eq=False)
class Post:
    """A role in a unit, and the row that says so. `unit` is None when it cannot be told."""

    unit: Unit | None
    role: Role
    sheet: str
    row: int


@dataclass(slots=True, eq=False)
class Person:
    """One person, though perhaps in several rows. The first of `posts` is the row they stand in first.

    phone: digits with the leading 0, "" when there is none or none that can be right; other_phones likewise.
    birth: year, 0 when it is not said.
    """

    name: str
    phone: str
    birth: int
    posts: Sequence[Post]
    other_phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted in a list, each as an office would count it.

    people: different people. Who stands twice in one unit, or in two units with the same name and number, is one.
    units: how many units of each level hold people, themselves or below; a province is a unit as well.
    leads: people who lead a team (tổ trưởng) somewhere. Deputies (tổ phó) are not counted here.
    no_phone: people whose cell is empty or says that they have none. bad_phone: people whose cell holds something that
    is no telephone number of Vietnam. Nobody is in both, and whoever has one good number is in neither.
    duplicates: rows beyond the first that give the same person in the same unit. They are not among `people`. A second
    post in another unit is none, nor are two people of one name whose numbers differ.
    """

    people: int
    units: Mapping[str, int]
    leads: int
    no_phone: int
    bad_phone: int
    duplicates: int


@dataclass(slots=True)
class Roster:
    """All that one file says. `units` from the top down, each after its parent; problems in the order of the rows."""

    units: list[Unit] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    figures: Figures = field(default_factory=lambda: Figures(0, {}, 0, 0, 0, 0))


class Merged(Protocol):
    """Corners of joined cells, both inside, from 0."""

    @property
    def top(self) -> int: ...
    @property
    def left(self) -> int: ...
    @property
    def bottom(self) -> int: ...
    @property
    def right(self) -> int: ...


class Page(Protocol):
    """A sheet to be read."""

    name: str
    is_hidden: bool
    rows: Iterable[list[Cell]]

    @property
    def merged(self) -> Iterable[Merged]: ...
