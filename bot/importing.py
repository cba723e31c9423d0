"""`apso import`: an office's file read, judged and shown, before anything is written."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import IO, Any

from bot.chat.message import Text
from bot.chat.texts import Voice, load
from bot.rules.roster import NOTES, Problem, Roster, read_roster
from bot.sheets import Mark, Unreadable, read, write_marked

SHOWN = 40  # doubts printed for a person; --json and the marked copy have all


def examine(source: Path | bytes, progress: Callable[[int], None] = lambda _: None) -> Roster:
    """What a file says, without keeping anything of it. Raises Unreadable."""
    with read(source) as sheets:
        return read_roster(sheets, progress)


def mark(source: Path | bytes, roster: Roster, voice: Voice, file: IO[bytes]) -> None:
    """Write a copy of the file as .xlsx in which each doubtful cell is coloured and told about. Raises Unreadable."""
    marks: dict[tuple[str, int], list[Mark]] = {}
    for problem in roster.problems:
        said = " ".join((wrong(voice, problem), right(voice, problem)))
        marks.setdefault((problem.sheet, problem.row or 1), []).append(Mark(problem.column, said))
    with read(source) as sheets:
        write_marked(file, sheets, marks)


def wrong(voice: Voice, problem: Problem) -> str:
    """What stands there, in the hearer's language."""
    return _plain(voice(f"roster.wrong.{problem.kind}", **_values(problem)))


def right(voice: Voice, problem: Problem) -> str:
    """What would be right."""
    return _plain(voice(f"roster.right.{problem.kind}", **_values(problem)))


def refusal(voice: Voice, error: Unreadable) -> str:
    """Why a file is not read, and what to send instead."""
    return _plain(voice(f"roster.refused.{error.reason}", **error.values))


def where(voice: Voice, problem: Problem) -> str:
    """The place in the file, as somebody finds it in Excel."""
    if not problem.row:
        return _plain(voice("roster.where_sheet", sheet=problem.sheet) if problem.sheet else voice("roster.where_file"))
    if not problem.sheet:
        return _plain(voice("roster.where_row", row=str(problem.row)))
    return _plain(voice("roster.where", sheet=problem.sheet, row=str(problem.row)))


def as_json(voice: Voice, roster: Roster) -> dict[str, Any]:
    """The figures of `bot.rules.roster.Figures` and, under "rows", every doubt: row and column as Excel shows them.

    "row" is 0 for a whole sheet; "is_note": what was done rather than what is wrong.
    """
    figures = roster.figures
    return {
        "people": figures.people,
        "units": {level: figures.units[level] for level in ("district", "commune", "hamlet")},
        "leads": figures.leads,
        "no_phone": figures.no_phone,
        "bad_phone": figures.bad_phone,
        "duplicates": figures.duplicates,
        "rows": [_row(voice, problem) for problem in roster.problems],
    }


def _row(voice: Voice, problem: Problem) -> dict[str, Any]:
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": letters(problem.column) if problem.column is not None else None,
        "kind": problem.kind,
        "said": problem.said,
        "wrong": wrong(voice, problem),
        "right": right(voice, problem),
        "is_note": problem.kind in NOTES,
    }


def letters(column: int) -> str:
    """A column as Excel names it, counted from 0: A, Z, AA."""
    name = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(65 + letter) + name
    return name


def _values(problem: Problem) -> Mapping[str, Any]:
    # Numbers of rows and digits are read as they are: 1.234 is no row.
    values = {name: str(value) for name, value in problem.values.items()}
    return {"said": problem.said, "name": "", **values}


def _plain(text: Text) -> str:
    return "".join(span.text for span in text)


def command(file: Path, *, dry_run: bool, is_json: bool, marked: Path | None, language: str) -> int:
    """`apso import FILE --dry-run`: 0 when the file is understood, 1 when it is refused."""
    voice = Voice(load(), language, buttons=False)
    if not dry_run:
        print(_plain(voice("roster.only_dry_run")), file=sys.stderr)
        return 1
    try:
        roster = examine(file, _tell if sys.stderr.isatty() else lambda _: None)
        if marked is not None:
            with marked.open("wb") as copy:
                mark(file, roster, voice, copy)
    except Unreadable as error:
        said = refusal(voice, error)
        print(f"apso: {said}", file=sys.stderr)
        if is_json:
            print(json.dumps({"refused": error.reason, "why": said}, ensure_ascii=False))
        return 1
    if is_json:
        json.dump(as_json(voice, roster), sys.stdout, ensure_ascii=False)
        print()
    else:
        print("\n".join(_report(voice, roster)))
    if marked is not None:
        print(_plain(voice("roster.marked", file=str(marked))), file=sys.stderr)
    return 0


def _report(voice: Voice, roster: Roster) -> Iterable[str]:
    figures = roster.figures
    yield _plain(
        voice(
            "roster.found",
            people=figures.people,
            leads=figures.leads,
            no_phone=figures.no_phone,
            bad_phone=figures.bad_phone,
            duplicates=figures.duplicates,
            **figures.units,
        )
    )
    for problem in roster.problems[:SHOWN]:
        yield f"{where(voice, problem)}: {wrong(voice, problem)} {right(voice, problem)}"
    if len(roster.problems) > SHOWN:
        yield f"… (+{len(roster.problems) - SHOWN})"


def _tell(rows: int) -> None:
    print(f"\r{rows} …", end="", file=sys.stderr, flush=True)
