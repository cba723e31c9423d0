"""An office's file read and judged, and its copy with the doubtful cells marked: no database, nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

from bot.chat import listing
from bot.chat.message import plain
from bot.chat.texts import Voice
from bot.rules.roster import Problem, Roster, read_roster
from bot.sheets import Mark, read, write_marked


def examine(source: Path | bytes, progress: Callable[[int], None] = lambda _: None) -> Roster:
    """What a file says, without keeping anything of it. Raises Unreadable."""
    with read(source) as sheets:
        return read_roster(sheets, progress)


def mark(source: Path | bytes, problems: Iterable[Problem], say: Voice, file: IO[bytes]) -> None:
    """Write a copy of the file as .xlsx in which each doubtful cell is coloured and told about. Raises Unreadable."""
    marks: dict[tuple[str, int], list[Mark]] = {}
    for problem in problems:
        said = f"{plain(listing.wrong(say, problem))} {plain(listing.right(say, problem))}"
        marks.setdefault((problem.sheet, problem.row or 1), []).append(Mark(problem.column, said))
    with read(source) as sheets:
        write_marked(file, sheets, marks)
