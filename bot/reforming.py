"""`apso reform`: units merged, renamed and moved by a plan in a file, looked at first with --dry-run; or undone."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.app import open_store, real_now
from bot.chat import texts
from bot.chat.message import plain
from bot.chat.texts import Voice
from bot.config import Config, ConfigError
from bot.rules import plans
from bot.rules.plans import Finder, Problem, Unclear
from bot.rules.reforms import Outcome, decide
from bot.rules.refused import Refused
from storage import reforms, units
from storage.db import Db
from storage.reforms import Step

MOST_BYTES = 8_000_000
MOST_LINES = 60


class _Looked(Exception):
    """Ends a transaction of which nothing is to be kept."""


class _Tried(Exception):
    """Ends a trial, of which nothing is kept either."""


async def reform(
    config: Config,
    plan: Path,
    *,
    day: str = "",
    under: str = "",
    dry_run: bool = False,
    as_json: bool = False,
    skip_unknown: bool = False,
) -> int:
    """Carry out a plan, keep it for its day, or only say what it would do. Raises ConfigError; nothing changed then."""
    text = _text_of(plan)
    when = _day(day) if day else None
    now = real_now()
    store = await open_store(config, now)
    doing = _Doing(config, plan.name, text, when, under, skip_unknown, now)
    try:
        try:
            told: dict[str, Any] = await store.run(partial(doing.run, look=dry_run))
        except _Looked as looked:
            told = looked.args[0]
    finally:
        await store.close()
    print(json.dumps(told, ensure_ascii=False, indent=2) if as_json else "\n".join(_said(told)))
    return 1 if told["problems"] and not (skip_unknown and all(p["absent"] for p in told["problems"])) else 0


def _text_of(plan: Path) -> str:
    try:
        content = plan.read_bytes()[: MOST_BYTES + 1]
    except OSError as error:
        raise ConfigError(f"{plan} cannot be read: {error.strerror}.") from None
    if len(content) > MOST_BYTES:
        raise ConfigError(f"{plan} is larger than {MOST_BYTES // 1_000_000} MB: that is no plan of units.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ConfigError(f"{plan}, line {line}: not UTF-8. In Excel, save it as “CSV UTF-8”.") from None


def _day(said: str) -> date:
    try:
        return plans.read_day(said)
    except Unclear:
        raise ConfigError(f"--date {said!r} is no date; write it like 2025-07-01 or 1/7/2025.") from None


class _Doing:
    """One run of the command, in one transaction."""

    def __init__(
        self, config: Config, name: str, text: str, day: date | None, under: str, skip_unknown: bool, now: int
    ) -> None:
        self.zone, self.levels, self.name, self.text = ZoneInfo(config.bot.zone), config.units.as_levels, name, text
        self.day, self.under, self.skip_unknown, self.now = day, under, skip_unknown, now
        self.say = Voice(texts.load(), "en")

    def run(self, db: Db, look: bool) -> dict[str, Any]:
        """What was done, or (`look`) would be. Raises _Looked with it, when nothing is to be kept."""
        db.alone()
        top = units.top(db)
        if top is None:
            raise ConfigError('There are no units yet. Begin with: apso init "Tỉnh …" --admin "Name"')
        known = units.under(db, top)
        reading = plans.read(self.text, known, self.levels, self.day, self._under(known))
        told: dict[str, Any] = {"rows": reading.rows, "unchanged": reading.unchanged, "reforms": []}
        told["problems"] = [self._problem(problem) for problem in reading.problems]
        blocked = any(not (problem.absent and self.skip_unknown) for problem in reading.problems)
        days = sorted(reading.steps.items())
        told |= {"kept": not (look or blocked), "dry_run": look}
        if look or blocked or any(self._due(day) > self.now for day, _ in days):
            told["reforms"] = self._tried(db, days)
        if look or blocked:
            raise _Looked(told)
        kept = [self._one(db, day, steps) for day, steps in days]
        # What waits for its day was tried above, each day after the one before it.
        told["reforms"] = [one if "closed" in one else told["reforms"][n] | one for n, one in enumerate(kept)]
        return told

    def _tried(self, db: Db, days: list[tuple[date, list[Step]]]) -> list[dict[str, Any]]:
        try:
            with db.undoable():
                raise _Tried([self._one(db, day, steps, now=max(self._due(day), self.now)) for day, steps in days])
        except _Tried as tried:
            found: list[dict[str, Any]] = tried.args[0]
            return found

    def _under(self, known: list[units.Unit]) -> units.Unit | None:
        if not self.under:
            return None
        finder = Finder(known, self.levels)
        try:
            return finder.find(self.under, "", "") if self.under in finder.by_code else finder.find("", self.under, "")
        except Unclear as unclear:
            here = f" Perhaps: {'; '.join(unclear.candidates)}." if unclear.candidates else ""
            raise ConfigError(f"--under {self.under!r}: no single unit is called so.{here}") from None

    def _problem(self, problem: Problem) -> dict[str, Any]:
        said = plain(self.say(problem.key, **problem.values))
        return {
            "row": problem.row,
            "problem": said,
            "candidates": list(problem.candidates),
            "absent": problem.absent,
        }

    def _due(self, day: date) -> int:
        return int(datetime.combine(day, time(), self.zone).timestamp() * 1000)

    def _one(self, db: Db, day: date, steps: list[Step], now: int = 0) -> dict[str, Any]:
        """Do the steps of a day, or keep them for it; with `now`, as if it were then."""
        due = self._due(day)
        kept = reforms.add(
            db,
            author_id=None,
            act="plan",
            name=self.name,
            day=day.isoformat(),
            due_at=due,
            steps=steps,
            now=self.now,
        )
        said = {"code": kept.code, "day": day.isoformat(), "waits": due > self.now}
        at = now or self.now
        if due > at:
            return said
        try:
            outcome, _ = reforms.carry_out(db, kept, partial(decide, steps, at=at, levels=self.levels), at)
        except Refused as refused:
            raise ConfigError(f"{self.name}: {plain(self.say(refused.key, **refused.values))}") from None
        return {**said, **_figures(db, outcome)}


def _figures(db: Db, out: Outcome) -> dict[str, Any]:
    called = out.name
    names = reforms.name_people(db, {one.person for one in out.demoted})
    return {
        "merged": [
            {"unit": called[unit], "from": [out.was_called.get(one, called[one]) for one in others]}
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


def _said(told: dict[str, Any]) -> list[str]:
    lines = [f"{told['rows']} rows read."]
    for one in told["reforms"]:
        lines += _said_of(one, told["kept"])
    if told["unchanged"]:
        lines.append(f"{told['unchanged']} rows change nothing: they are as the plan says already.")
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
    lines += [f"  {merged['unit']} ← {', '.join(merged['from'])}" for merged in one["merged"]]
    lines += [f"  {renamed['was']} is called {renamed['now']}" for renamed in one["renamed"]]
    lines.append(
        f"  {len(one['merged'])} units take in others, {one['new_units']} are new, {one['moved_units']} move with all"
        f" below them, {one['closed']} are closed."
    )
    lines.append(
        f"  {one['people_moved']} people have another post, {one['tasks_moved']} open tasks move"
        f" ({one['assignments_moved']} parts, {one['assignments_joined']} of them joined to the same person's)."
    )
    lines += _listed("Left empty, and closed", one["left_empty_and_closed"])
    leads = [f"{lead['person']}: {lead['was']} → {lead['role']} of {lead['now']}" for lead in one["leads_become"]]
    lines += _listed("Leads who become deputies or members", leads)
    return lines + _listed("Without a head afterwards", one["without_a_head"])


def _listed(title: str, names: list[str]) -> list[str]:
    if not names:
        return []
    more = [f"    … and {len(names) - MOST_LINES} more (--json has all)"] if len(names) > MOST_LINES else []
    return [f"  {title} ({len(names)}):", *(f"    {name}" for name in names[:MOST_LINES]), *more]


async def undo(config: Config, number: int) -> int:
    """Take a reform back, or drop one that waits for its day. Raises ConfigError saying what depends on it."""
    now = real_now()
    store = await open_store(config, now)
    try:
        print(await store.run(lambda db: _undo(db, number, now)))
    finally:
        await store.close()
    return 0


def _undo(db: Db, number: int, now: int) -> str:
    db.alone()
    kept = reforms.get(db, number)
    if kept is None:
        numbers = ", ".join(f"{one.id} ({one.name}, {one.state})" for one in reforms.latest(db, 5)) or "none"
        raise ConfigError(f"There is no reform {number}. The latest: {numbers}.")
    if kept.state == "waiting":
        reforms.settle(db, kept.id, "dropped", now)
        return f"{kept.code} {kept.name} was waiting for {kept.day}; it will not be done."
    if kept.state != "done":
        raise ConfigError(f"{kept.code} {kept.name} is {kept.state}: there is nothing to undo.")
    what = reforms.depends(db, kept)
    if what is not None:
        say = Voice(texts.load(), "en")
        raise ConfigError(plain(say(f"reforms.depends.{what[0]}", code=kept.code, what=what[1])))
    reforms.undo(db, kept, None, now)
    return f"{kept.code} {kept.name} is undone: every unit, post and task is as it was before."
