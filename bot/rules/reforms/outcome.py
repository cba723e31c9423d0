"""What a reform would do, as it is shown, kept and told."""

from __future__ import annotations

from dataclasses import dataclass, field

from storage.journal import Cells, Change


@dataclass(frozen=True, slots=True)
class Moved:
    """A person's post ended and another began at the same moment, or none where they have a better one there."""

    person: int
    was_unit: int
    was_role: str
    unit: int
    role: str


@dataclass
class Outcome:
    """What a reform would do. Units that would be new have ids below zero; `name` and `was_called` name them all.

    `heads`: who leads those that took others in, or were split off. `of_units`, `of_people`: what teams and persons
    are to hear, as facts of storage.reforms.
    """

    changes: list[Change] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    made: list[int] = field(default_factory=list)
    merged: dict[int, list[int]] = field(default_factory=dict)
    renamed: list[int] = field(default_factory=list)
    hung: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    swept: list[int] = field(default_factory=list)
    headless: list[int] = field(default_factory=list)
    heads: dict[int, int] = field(default_factory=dict)
    tasks: set[int] = field(default_factory=set)
    assignments: int = 0
    joined: int = 0
    name: dict[int, str] = field(default_factory=dict)
    was_called: dict[int, str] = field(default_factory=dict)
    of_units: dict[int, list[Cells]] = field(default_factory=dict)
    of_people: dict[int, list[Cells]] = field(default_factory=dict)

    @property
    def demoted(self) -> list[Moved]:
        """Heads who become deputies, or members of a team above."""
        return [one for one in self.moved if one.was_role == "head" and one.role != "head"]

    @property
    def people(self) -> set[int]:
        """Whose post is another now."""
        return {one.person for one in self.moved}
