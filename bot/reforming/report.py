"""What a plan does, in figures for programs and in lines for people."""

from __future__ import annotations

from typing import Any

from bot.rules.reforms import Outcome
from storage import reforms
from storage.db import Db

MOST_LINES = 60


def figures(db: Db, out: Outcome) -> dict[str, Any]:
    called = out.name
    names = reforms.name_people(db, {one.person for one in out.demoted} | set(out.heads.values()))
    return {
        "merged": [
            {
                "unit": called[unit],
                "from": [out.was_called.get(one, called[one]) for one in others],
                "head": names.get(out.heads.get(unit, 0)),
            }
            for unit, others in out.merged.items()
        ],
        "new_units": len(out.made),
        "renamed": [{"was": out.was_called[one], "now": called[one]} for one in out.renamed if one in out.was_called],
        "moved_units": len(set(out.hung) - set(out.closed)),
        "closed": len(out.closed),
        "left_empty_and_closed": [called[one] for one in out.swept],
        "people_moved": len(out.people),
        "tasks_moved": len(out.tasks),
        "assignments_moved": out.assignments,
        "assignments_joined": out.joined,
        "leads_become": [
            {
                "person": names[one.person],
                "was": out.was_called[one.was_unit],
                "now": called[one.unit],
                "role": one.role,
            }
            for one in out.demoted
        ],
        "without_a_head": [called[one] for one in out.headless],
    }


def said(told: dict[str, Any]) -> list[str]:
    lines = [f"{_count(told['rows'], 'row')} read."]
    for one in told["reforms"]:
        lines += _said_of(one, told["kept"])
    if told["unchanged"]:
        lines.append(f"Already as the plan says: {_count(told['unchanged'], 'row')}.")
    if told["problems"]:
        title = "Left out, for their units are not kept here" if told["kept"] else "Rows that cannot be understood"
        lines.append(f"\n{title} ({len(told['problems'])}):")
        for problem in told["problems"]:
            where = f"row {problem['row']}" if problem["row"] else "the file"
            right = f" Perhaps: {'; '.join(problem['candidates'])}." if problem["candidates"] else ""
            lines.append(f"  {where}: {problem['problem']}{right}")
    if told["kept"]:
        return lines
    if told["dry_run"]:
        return [*lines, "\nThis was a dry run: nothing was changed."]
    absent = all(problem["absent"] for problem in told["problems"])
    hint = " or leave them out with --skip-unknown" if absent else ""
    return [*lines, f"\nNothing was changed. Put these rows right{hint}, then run it again."]


def _said_of(one: dict[str, Any], kept: bool) -> list[str]:
    when = "waits for its day, and will be done by the clock" if one["waits"] else "counts from now on"
    lines = [f"\n{one['code'] if kept else 'Plan'}, in effect {one['day']}: {when}."]
    lines += [
        f"  {merged['unit']} ← {', '.join(merged['from'])}; head: {merged['head'] or 'nobody yet'}"
        for merged in one["merged"]
    ]
    lines += [f"  {renamed['was']} is called {renamed['now']}" for renamed in one["renamed"]]
    lines.append(
        f"  Units that take in others: {len(one['merged'])}; new: {one['new_units']}; moved with all below them:"
        f" {one['moved_units']}; closed: {one['closed']}."
    )
    lines.append(
        f"  People with another post: {one['people_moved']}. Open tasks that move: {one['tasks_moved']} (parts:"
        f" {one['assignments_moved']}, of them joined to the same person's: {one['assignments_joined']})."
    )
    lines += _listed("Left empty, and closed", one["left_empty_and_closed"])
    leads = [f"{lead['person']}: {lead['was']} → {lead['role']} of {lead['now']}" for lead in one["leads_become"]]
    lines += _listed("Leads who become deputies or members", leads)
    return lines + _listed("Without a head afterwards", one["without_a_head"])


def _count(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _listed(title: str, names: list[str]) -> list[str]:
    if not names:
        return []
    more = [f"    … and {len(names) - MOST_LINES} more (--json has all)"] if len(names) > MOST_LINES else []
    return [f"  {title} ({len(names)}):", *(f"    {name}" for name in names[:MOST_LINES]), *more]
