"""What `apso import` prints: figures and doubts for a person, or everything as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.chat import listing
from bot.chat.message import plain
from bot.chat.texts import Voice, lines
from bot.rules.roster import NOTES, Plan, Problem, Roster

SHOWN = 20  # kinds of doubts printed for a person; --json and the marked copy have each place
MOST_CHANGES = 10


def report(say: Voice, name: str, listed: Roster, plan: Plan | None, *, remove_gone: bool) -> str:
    """What is in the list called `name` and, where there is a database, what it would change."""
    found = listing.found(say, listed.figures)
    doubts = listing.doubts(say, sorted_problems(listed, plan), SHOWN)
    if plan is None:
        return plain(lines(found, doubts))
    shown = listing.preview(say, name, plan, remove_gone=remove_gone)
    return plain(lines(found, shown, listing.altered(say, plan, MOST_CHANGES), doubts))


def sorted_problems(listed: Roster, plan: Plan | None) -> list[Problem]:
    """All doubts, those of the comparison too, in the order of the rows."""
    if plan is None or not plan.problems:
        return listed.problems
    sheets = {one.sheet: place for place, one in reversed(list(enumerate(listed.problems)))}
    return sorted([*listed.problems, *plan.problems], key=lambda one: (sheets.get(one.sheet, 0), one.row))


def as_json(say: Voice, listed: Roster, plan: Plan | None = None) -> dict[str, Any]:
    """The figures of `bot.rules.roster.Figures`, under "rows" every doubt (row and column as Excel shows them), and
    under "plan", where there is a database, the figures of `bot.rules.roster.Counts`.

    "row" is 0 for a whole sheet; "is_note": what was done rather than what is wrong.
    """
    figures = listed.figures
    told: dict[str, Any] = {
        "people": figures.people,
        "units": {level: figures.units[level] for level in ("district", "commune", "hamlet")},
        "leads": figures.leads,
        "no_phone": figures.no_phone,
        "bad_phone": figures.bad_phone,
        "duplicates": figures.duplicates,
        "rows": [_row(say, problem) for problem in sorted_problems(listed, plan)],
    }
    if plan is not None:
        told["plan"] = asdict(plan.counts)
    return told


def _row(say: Voice, problem: Problem) -> dict[str, Any]:
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": letters(problem.column) if problem.column is not None else None,
        "kind": problem.kind,
        "said": problem.said,
        "wrong": plain(listing.wrong(say, problem)),
        "right": plain(listing.right(say, problem)),
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
