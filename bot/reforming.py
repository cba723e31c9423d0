"""`apso reform`: units merged, renamed and moved by a plan in a file, looked at first with --dry-run; or undone."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot import typed
from bot.app import open_store, real_now
from bot.chat import texts
from bot.chat.message import plain
from bot.chat.texts import Voice
from bot.config import Config, ConfigError
from bot.rules import plans
from bot.rules.finder import Past
from bot.rules.plans import Problem
from bot.rules.reforms import Outcome, decide
from bot.rules.refused import Refused
from storage import audit, former, reforms, units
from storage.db import Db
from storage.reforms import Reform, Step

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
    when = typed.day(day, typed.today(config.bot.zone), _english(), ahead=True) if day else None
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


def _english() -> Voice:
    return Voice(texts.load(), "en", buttons=False)


class _Doing:
    """One run of the command, in one transaction."""

    def __init__(
        self, config: Config, name: str, text: str, day: date | None, under: str, skip_unknown: bool, now: int
    ) -> None:
        self.zone, self.levels, self.name, self.text = ZoneInfo(config.bot.zone), config.units.as_levels, name, text
        self.day, self.under, self.skip_unknown, self.now = day, under, skip_unknown, now
        self.say, self.house = _english(), Voice(texts.load(), config.bot.language)

    def run(self, db: Db, look: bool) -> dict[str, Any]:
        """What was done, or (`look`) would be. Raises _Looked with it, when nothing is to be kept."""
        db.alone()
        top = typed.unit(db, "", self.say)
        under = typed.unit(db, self.under, self.say) if self.under else None
        past = Past(former.formers(db, top), former.stood(db))
        reading = plans.read(self.text, units.under(db, top), self.levels, self.day, under, past)
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
            self._note(db, kept, "reforms.planned", self.house.label("audit.fact.reform", **_named(kept)), at)
            return said
        try:
            outcome, _ = reforms.carry_out(db, kept, partial(decide, steps, at=at, levels=self.levels), at)
        except Refused as refused:
            raise ConfigError(f"{self.name}: {plain(self.say(refused.key, **refused.values))}") from None
        figures = _figures(db, outcome)
        self._note(db, kept, f"reforms.{kept.act}", _trace(self.house, kept, figures), at)
        return {**said, **figures}

    def _note(self, db: Db, kept: Reform, act: str, after: str, at: int) -> None:
        office = reforms.office(db, kept)
        audit.note(db, None, act, kept.code, "", at, after=after, channel=audit.MACHINE, unit_id=office)


def _named(kept: Reform) -> dict[str, str]:
    return {"name": kept.name, "day": f"{date.fromisoformat(kept.day):%-d/%-m/%Y}"}


def _trace(house: Voice, kept: Reform, done: dict[str, Any]) -> str:
    """What the log says was done."""
    return house.label(
        "audit.fact.plan",
        **_named(kept),
        merged=len(done["merged"]),
        renamed=len(done["renamed"]),
        moved=done["moved_units"],
        closed=done["closed"],
        people=done["people_moved"],
    )


def _figures(db: Db, out: Outcome) -> dict[str, Any]:
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


def _said(told: dict[str, Any]) -> list[str]:
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


async def undo(config: Config, number: int) -> int:
    """Take a reform back, or drop one that waits for its day. Raises ConfigError saying what depends on it."""
    now = real_now()
    store = await open_store(config, now)
    try:
        house = Voice(texts.load(), config.bot.language)
        print(await store.run(lambda db: _undo(db, number, now, house)))
    finally:
        await store.close()
    return 0


def _undo(db: Db, number: int, now: int, house: Voice) -> str:
    db.alone()
    kept = reforms.get(db, number)
    if kept is None:
        numbers = ", ".join(f"{one.id} ({one.name}, {one.state})" for one in reforms.latest(db, 5)) or "none"
        raise ConfigError(f"There is no reform {number}. The latest: {numbers}.")
    if kept.state == "waiting":
        reforms.settle(db, kept.id, "dropped", now)
        _note_back(db, "reforms.dropped", kept, house.label("audit.state.withdrawn"), now)
        return f"{kept.code} {kept.name} was waiting for {kept.day}; it will not be done."
    if kept.state != "done":
        raise ConfigError(f"{kept.code} {kept.name} is {kept.state}: there is nothing to undo.")
    what = reforms.depends(db, kept)
    if what is not None:
        say = _english()
        raise ConfigError(plain(say(f"reforms.depends.{what[0]}", code=kept.code, what=what[1])))
    reforms.undo(db, kept, now)
    _note_back(db, "reforms.undone", kept, house.label("audit.state.undone"), now)
    return f"{kept.code} {kept.name} is undone: every unit, post and task is as it was before."


def _note_back(db: Db, act: str, kept: Reform, state: str, now: int) -> None:
    office = reforms.office(db, kept)
    audit.note(db, None, act, kept.code, "", now, before=kept.name, after=state, channel=audit.MACHINE, unit_id=office)
