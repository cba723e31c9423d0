"""One run of a plan in one transaction, of which a mere look keeps nothing."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from bot import typed
from bot.chat import texts
from bot.chat.message import plain
from bot.chat.texts import Voice
from bot.config import Config, ConfigError
from bot.reforming.report import figures
from bot.rules import plans
from bot.rules.finder import Past
from bot.rules.plans import Problem
from bot.rules.reforms import decide
from bot.rules.refused import Refused
from storage import audit, former, reforms, units
from storage.db import Db
from storage.reforms import Reform, Step


class Looked(Exception):
    """Ends a transaction of which nothing is to be kept."""


class _Tried(Exception):
    """Ends a trial, of which nothing is kept either."""


def english() -> Voice:
    return Voice(texts.load(), "en", buttons=False)


class Doing:
    """One run of the command, in one transaction."""

    def __init__(
        self, config: Config, name: str, text: str, day: date | None, under: str, skip_unknown: bool, now: int
    ) -> None:
        self.zone, self.levels, self.name, self.text = ZoneInfo(config.bot.zone), config.units.as_levels, name, text
        self.day, self.under, self.skip_unknown, self.now = day, under, skip_unknown, now
        self.say, self.house = english(), Voice(texts.load(), config.bot.language)

    def run(self, db: Db, look: bool) -> dict[str, Any]:
        """What was done, or (`look`) would be. Raises Looked with it, when nothing is to be kept."""
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
            raise Looked(told)
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
        found = figures(db, outcome)
        self._note(db, kept, f"reforms.{kept.act}", _trace(self.house, kept, found), at)
        return {**said, **found}

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
