"""How an office's list, what is doubtful in it and what it would change are told, in chat and on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.chat.message import Span, Text
from bot.chat.texts import Voice, counted, lines
from bot.rules.roster import NOTES, Altered, Figures, Plan, Problem
from storage.dependents import Built
from storage.imports import Import, Trace, code

# What leaves people out or may put them in a wrong place is told first.
PLACES = 5  # of those where a trouble is as well
NAMED = 3  # of those who came in, when a list cannot be taken back
GRAVE = (
    *("unit_other", "unit_outside", "unit_closed", "unit_passed_over", "unit_ambiguous", "unit_unplaced", "unit_alone"),
    "no_unit",
)
CODES = 3  # of those that units get


def wrong(say: Voice, problem: Problem) -> Text:
    """What stands there, in the hearer's language."""
    return say(f"roster.wrong.{problem.kind}", **_values(problem))


def right(say: Voice, problem: Problem) -> Text:
    """What would be right."""
    return say(f"roster.right.{problem.kind}", **_values(problem))


def where(say: Voice, problem: Problem) -> Text:
    """The place in the file, as somebody finds it in Excel."""
    if not problem.row:
        return say("roster.where_sheet", sheet=problem.sheet) if problem.sheet else say("roster.where_file")
    if not problem.sheet:
        return say("roster.where_row", row=str(problem.row))
    return say("roster.where", sheet=problem.sheet, row=str(problem.row))


def refusal(say: Voice, reason: str, values: Mapping[str, Any]) -> Text:
    """Why a file is not read, and what to send instead."""
    return say(f"roster.refused.{reason}", **values)


def _values(problem: Problem) -> Mapping[str, Any]:
    # Numbers of rows and digits are read as they are: 1.234 is no row.
    values = {name: str(value) for name, value in problem.values.items()}
    return {"said": problem.said, "name": "", **values}


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """The gravest first, what is only worth knowing last, each in the order of the file."""
    return sorted(problems, key=lambda one: (one.kind not in GRAVE, one.kind in NOTES))


def doubt(say: Voice, problem: Problem) -> Text:
    """One line: where, what is wrong, what to do."""
    return (*where(say, problem), Span(": "), *wrong(say, problem), Span(" "), *right(say, problem))


def preview(say: Voice, name: str, plan: Plan, *, remove_gone: bool) -> Text:
    """What the list holds and what would become of it."""
    counts = plan.counts
    told = {
        "new": counts.new,
        "changed": counts.changed,
        "moved": counts.moved,
        "roles": counts.roles,
        "renamed": counts.renamed,
        "renumbered": counts.renumbered,
        "same": counts.same,
        "no_phone": counts.no_phone,
        "left_out": counts.left_out,
        "gone": counts.gone,
        "busy": counts.busy,
    }
    going = len(plan.going())
    held = {"people": counts.people, "commune": counts.units["commune"], "hamlet": counts.units["hamlet"]}
    return lines(
        say("roster.preview", name=name, what=_counted(say, held)),
        say("roster.units_new", what=_counted(say, counts.units_new)) if plan.units else (),
        _coded(say, plan),
        *(say(f"roster.line.{what}", count=count) for what, count in told.items() if count),
        () if not going else say("roster.gone_removed", count=going) if remove_gone else say("roster.gone_kept"),
    )


def _coded(say: Voice, plan: Plan) -> Text:
    """Units that are kept without a code and get the one that the list says."""
    if not plan.coded:
        return ()
    named = ", ".join(f"{one.name} {one.code}" for one in plan.coded[:CODES])
    more = "…" if len(plan.coded) > CODES else ""
    return say("roster.units_coded", count=len(plan.coded), units=f"{named}{more}")


def _counted(say: Voice, counts: Mapping[str, int]) -> str:
    return counted(say, {f"roster.count.{what}": count for what, count in counts.items()})


def found(say: Voice, figures: Figures) -> Text:
    """What is in a file, before it is compared with anything."""
    counts = {
        "people": figures.people,
        **figures.units,
        "leads": figures.leads,
        "no_phone": figures.no_phone,
        "bad_phone": figures.bad_phone,
        "duplicates": figures.duplicates,
    }
    return say("roster.found", what=_counted(say, counts)) if figures.people else ()


def altered(say: Voice, plan: Plan, most: int) -> Text:
    """The first of those who become otherwise, by name."""
    if not plan.altered:
        return ()
    left = len(plan.altered) - most
    return lines(
        say("roster.altered"),
        *(_became(say, one) for one in plan.altered[:most]),
        say("roster.more", count=left) if left > 0 else (),
    )


def _became(say: Voice, one: Altered) -> Text:
    before, after = _told(say, one.before), _told(say, one.after)
    return say("roster.became", name=one.name, before=before or "–", after=after or "–")


def _told(say: Voice, side: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{say.label(f'start.role.{role}')} {what}" if role else what for role, what in side)


def result(say: Voice, key: str, name: str, number: str, plan: Plan, *, remove_gone: bool) -> Text:
    """What was done."""
    counts, gone = plan.counts, len(plan.going()) if remove_gone else 0
    done = {
        "new": counts.new,
        "changed": counts.changed,
        "same": counts.same,
        "gone": gone,
        "coded": counts.units_coded,
    }
    return say(key, name=name, code=number, what=_counted(say, done))


def traces(say: Voice, plan: Plan, *, remove_gone: bool) -> Iterator[Trace]:
    """What the log says of each person."""
    for one in plan.altered:
        after = _told(say, one.after) or say.label("audit.fact.ended")
        yield Trace(one.person_id, "roster.changed", _told(say, one.before), after)
    for gone in plan.going() if remove_gone else ():
        yield Trace(gone.person_id, "roster.let_go", gone.unit, say.label("audit.fact.ended"))


def doubts(say: Voice, problems: Sequence[Problem], most: int) -> Text:
    """What is doubtful, each trouble once with the first of its places, and how many places there are in all."""
    told = in_order(problems)
    if not told:
        return ()
    notes = sum(one.kind in NOTES for one in told)
    count = len(told) - notes
    alike: dict[str, list[Problem]] = {}
    for one in told:
        alike.setdefault(one.kind, []).append(one)
    shown = list(alike.values())[:most]
    left = len(told) - sum(map(len, shown))
    title = "roster.doubts_and_notes" if count and notes else "roster.notes" if notes else "roster.doubts"
    values = {name: number for name, number in (("count", count), ("notes", notes)) if number}
    return lines(
        say(title, **values),
        *(_trouble(say, places) for places in shown),
        say("roster.more", count=left) if left > 0 else (),
    )


def _trouble(say: Voice, places: Sequence[Problem]) -> Text:
    first, others = places[0], places[1:]
    if not others:
        return doubt(say, first)
    known = [_short(one, first) for one in others[:PLACES]]
    where = ", ".join(known) + ("…" if len(others) > PLACES else "")
    key = "roster.alike" if first.row else "roster.alike_sheets"
    return (*doubt(say, first), Span(" "), *say(key, count=len(others), places=where))


def _short(one: Problem, first: Problem) -> str:
    if not one.row:
        return one.sheet
    return str(one.row) if one.sheet == first.sheet else f"{one.row} ({one.sheet})"


def why_it_stays(built: Built, one: Import) -> tuple[str, dict[str, Any]]:
    """Why a list cannot be taken back, as a text's key and values: who came in, or that something is built on it."""
    values = {"name": one.name, "code": code(one.id)}
    if built.what != "joined":
        return "roster.built_on", values
    people, more = ", ".join(name for _, name in built.joined[:NAMED]), len(built.joined) - NAMED
    if more > 0:
        return "roster.joined_many", {**values, "people": people, "count": more}
    return "roster.joined", {**values, "people": people}


def undone(say: Voice, one: Import, invited: int) -> Text:
    """It is taken back, and with it the codes of so many people."""
    voided = say("roster.voided", count=invited) if invited else ()
    return lines(say("roster.undone", name=one.name, code=code(one.id)), voided)


def undone_trace(house: Voice, one: Import, invited: int) -> str:
    """What the log says that was taken back."""
    return house.label("roster.trace_voided", name=one.name, count=invited) if invited else one.name
