"""An office's file read and judged, and its copy with the doubtful cells marked: no database, nothing is kept."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO, Any

from bot.chat import listing
from bot.chat.message import plain
from bot.chat.texts import Voice
from bot.rules.roster import Problem, Roster, packing, prepared, read_roster
from bot.sheets import Mark, Unreadable, read, write_marked
from bot.work import far

MB = 1024 * 1024
MANY = 5000  # rows: fewer are read before anybody wonders how far it is

Progress = Callable[[int, int], None]
"""Is told how many rows have been read, of how many there are."""


def examine(source: Path | bytes, progress: Progress = lambda rows, total: None) -> Roster:
    """What a file says, without keeping anything of it. Raises Unreadable."""
    with read(source) as sheets:
        total = sum(sheet.height for sheet in sheets if not sheet.is_hidden) or _lines(source)
        return read_roster(sheets, lambda rows: progress(rows, total))


def _lines(source: Path | bytes) -> int:
    """How many there are in a text file."""
    with source.open("rb") if isinstance(source, Path) else io.BytesIO(source) as file:
        return sum(part.count(b"\n") for part in iter(partial(file.read, MB), b""))


def mark(source: Path | bytes, problems: Iterable[Problem], say: Voice, file: IO[bytes]) -> None:
    """Write a copy of the file as .xlsx in which each doubtful cell is coloured and told about. Raises Unreadable.

    The numbers of identity cards are in it no more than in what was read.
    """
    marks: dict[tuple[str, int], list[Mark]] = {}
    for problem in problems:
        said = f"{plain(listing.wrong(say, problem))} {plain(listing.right(say, problem))}"
        marks.setdefault((problem.sheet, problem.row or 1), []).append(Mark(problem.column, said))
    with read(source) as sheets:
        write_marked(file, [replace(sheet, rows=prepared(sheet.rows)) for sheet in sheets], marks)


def _far(rows: int, total: int) -> None:
    if total >= MANY:
        far(rows, total)


def make(given: dict[str, Any]) -> bytes:
    """The work of an errand: {"content": base64 of the file} into JSON, {"list": `packing.squeeze`, "people": how many,
    "sha256"} or {"refused": why, "values"}."""
    content = base64.b64decode(given["content"])
    told: dict[str, Any]
    try:
        roster = examine(content, _far)
    except Unreadable as error:
        told = {"refused": error.reason, "values": error.values}
    else:
        told = {"list": packing.squeeze(packing.pack(roster)), "people": len(roster.people)}
    return json.dumps({**told, "sha256": hashlib.sha256(content).hexdigest()}).encode()
