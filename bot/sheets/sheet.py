"""A sheet as it comes out of a file, and the one way a file is refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

Cell = str | int | float | bool | date | None


class Unreadable(Exception):
    """The file is not read. `reason` is one word; the text "roster.refused.<reason>" says what to do."""

    def __init__(self, reason: str, **values: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells joined into one, by their corners, both inside, counted from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """One sheet. `rows` gives each row's cells from column A on, the first row of the sheet first, and only once.

    height: how many rows there are, 0 when that is not known before they are read.
    """

    name: str
    is_hidden: bool
    height: int
    merged: tuple[Merge, ...]
    rows: Iterable[list[Cell]]
