"""`apso import`: an office's file read, compared with what is kept, shown, and on a yes taken over."""

from __future__ import annotations

import asyncio
import hashlib
import json
import signal
import sys
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bot import typed
from bot.app import open_store, real_now
from bot.backup import back_up
from bot.chat import listing
from bot.chat.message import Text, plain
from bot.chat.texts import Voice, lines, load
from bot.config import Config, ConfigError
from bot.examining import examine, mark
from bot.progress import Bars
from bot.rules import vietnamese
from bot.rules.roster import NOTES, Plan, Problem, Roster, make_plan
from bot.sheets import Unreadable
from storage import audit, dependents, imports, roster, taking_back
from storage.db import Db, InUse, StorageError, Store
from storage.roster import Progress
from storage.units import Unit

SHOWN = 20  # doubts printed for a person; --json and the marked copy have all
MOST_CHANGES = 10


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked on the command line."""

    file: Path
    dry_run: bool = False
    as_json: bool = False
    marked: Path | None = None
    under: str = ""
    remove_gone: bool = False
    yes: bool = False
    language: str = "vi"


async def command(config: Config, order: Order) -> int:
    """0: taken over, or nothing had to be done; 1: refused, or not wanted. Raises ConfigError or StorageError."""
    return await _Importing(config, order).run()


class _Importing:
    """One run of the command."""

    def __init__(self, config: Config, order: Order) -> None:
        self._config = config
        self._order = order
        self._say = Voice(load(), order.language, buttons=False)

    async def run(self) -> int:
        if not self._is_there() and not self._order.dry_run:
            raise ConfigError(plain(self._say("typed.no_units")))
        try:
            listed = self._read()
            return await self._compare(listed)
        except Unreadable as error:
            said = plain(listing.refusal(self._say, error.reason, error.values))
            self._tell(f"apso: {said}")
            if self._order.as_json:
                print(json.dumps({"refused": error.reason, "why": said}, ensure_ascii=False))
            return 1

    def _is_there(self) -> bool:
        told = self._config.storage
        return told.is_server or Path(told.where).exists()

    def _read(self) -> Roster:
        with Bars() as bars:
            more, seen = bars.begin("read"), [0]

            def progress(rows: int) -> None:
                more(rows - seen[0])
                seen[0] = rows

            return examine(self._order.file, progress)

    async def _compare(self, listed: Roster) -> int:
        order = self._order
        try:
            store = await open_store(self._config, real_now()) if self._is_there() else None
        except InUse:
            if not order.dry_run:
                raise InUse(plain(self._say("roster.in_use"))) from None
            self._tell(plain(self._say("roster.dry_run_alone")))
            store = None
        if store is None:
            self._show(listed, None)
            return 0
        try:
            plan = await store.run(lambda db: self._plan(db, listed)[1])
            self._show(listed, plan)
            if order.dry_run:
                return 0
            return await self._take_over(store, listed, plan)
        finally:
            await store.close()

    def _plan(self, db: Db, listed: Roster) -> tuple[Unit, Plan]:
        within = typed.unit(db, self._order.under, self._say)
        return within, make_plan(listed, roster.read(db, within), is_told=bool(self._order.under))

    # Showing.

    def _show(self, listed: Roster, plan: Plan | None, *, again: bool = False) -> None:
        problems = sorted_problems(listed, plan)
        if again:
            self._tell(plain(self._say("roster.written_meanwhile")))
        elif self._order.marked is not None:
            with self._order.marked.open("wb") as copy:
                mark(self._order.file, problems, self._say, copy)
            self._tell(plain(self._say("roster.marked", file=str(self._order.marked))))
        if self._order.as_json:
            if self._order.dry_run:
                self._print_json(listed, plan, "")
            return
        print(self._report(listed, plan, problems))
        if len(problems) > SHOWN and self._order.marked is None:
            print(plain(self._say("roster.try_marked")))

    def _report(self, listed: Roster, plan: Plan | None, problems: list[Problem]) -> str:
        figures = asdict(listed.figures)
        found = self._say("roster.found", **figures.pop("units"), **figures)
        if plan is None:
            return plain(
                lines(found, *(listing.doubt(self._say, one) for one in problems[:SHOWN]), self._more(problems))
            )
        shown = listing.preview(self._say, self._order.file.name, plan, remove_gone=self._order.remove_gone)
        changes = listing.altered(self._say, plan, MOST_CHANGES)
        return plain(lines(found, shown, changes, listing.doubts(self._say, problems, SHOWN)))

    def _more(self, problems: list[Problem]) -> Any:
        left = len(problems) - SHOWN
        return self._say("roster.more", count=left) if left > 0 else ()

    def _print_json(self, listed: Roster, plan: Plan | None, state: str) -> None:
        told = as_json(self._say, listed, plan)
        json.dump(told | ({"state": state} if state else {}), sys.stdout, ensure_ascii=False)
        print()

    # Writing.

    async def _take_over(self, store: Store, listed: Roster, plan: Plan) -> int:
        if not plan.counts.people:
            self._tell(plain(self._say("roster.nobody")))
            return 1
        while True:
            if plan.is_empty and not (self._order.remove_gone and plan.going()):
                return self._end(listed, plan, "unchanged", plain(self._say("roster.nothing")))
            if not self._order.yes and not self._is_wanted():
                return 1
            if plan.counts.same or plan.altered or plan.gone:
                await self._back_up()
            done = await self._write(store, listed, plan)
            if isinstance(done, int):
                break
            plan = done
            self._show(listed, plan, again=True)
        name, remove = self._order.file.name, self._order.remove_gone
        said = listing.result(self._say, "roster.done", name, imports.code(done), plan, remove_gone=remove)
        return self._end(
            listed, plan, "done", plain(lines(said, self._say("roster.next"), self._say("roster.how_undo")))
        )

    def _is_wanted(self) -> bool:
        if not sys.stdin.isatty():
            self._tell(f"apso: {plain(self._say('roster.add_yes'))}")
            return False
        self._tell(plain(self._say("roster.ask")), end="")
        before = signal.signal(signal.SIGINT, signal.default_int_handler)  # the loop's own would wait for the answer
        try:
            answer = sys.stdin.readline().strip()
        finally:
            signal.signal(signal.SIGINT, before)
        if vietnamese.fold(answer) in [vietnamese.fold(yes) for yes in plain(self._say("roster.yes")).split(",")]:
            return True
        self._tell(plain(self._say("roster.not_written")))
        return False

    async def _back_up(self) -> None:
        try:
            made = await back_up(self._config, real_now())
        except StorageError as error:
            self._tell(plain(self._say("roster.no_backup", why=str(error))))
        else:
            self._tell(plain(self._say("roster.backed_up", file=str(made))))

    async def _write(self, store: Store, listed: Roster, seen: Plan) -> int | Plan:
        """The number under which it was taken over; or the plan as it is now, when it is no more what was seen."""
        sha256 = await asyncio.to_thread(_sha256, self._order.file)
        rows = len(seen.units) * 2 + len(seen.people) + len(seen.posts)
        with Bars() as bars:
            write = partial(self._write_in, listed, seen, sha256, bars.begin("written", rows))
            return await store.run(write)

    def _write_in(self, listed: Roster, seen: Plan, sha256: str, progress: Progress, db: Db) -> int | Plan:
        db.alone()
        now = real_now()
        within, plan = self._plan(db, listed)
        if plan.counts != seen.counts:
            return plan
        name, remove = self._order.file.name, self._order.remove_gone
        house = Voice(self._say.texts, self._config.bot.language)
        number = imports.add(
            db,
            person_id=None,
            unit_id=within.id,
            name=name,
            sha256=sha256,
            content="",
            figures=json.dumps(asdict(plan.counts)),
            now=now,
        )
        imports.take_over(
            db,
            number,
            plan.changes(remove_gone=remove),
            listing.traces(house, plan, remove_gone=remove),
            said=plain(listing.result(house, "roster.trace", name, imports.code(number), plan, remove_gone=remove)),
            channel=audit.MACHINE,
            language=self._config.bot.language,
            now=now,
            progress=progress,
        )
        return number

    def _end(self, listed: Roster, plan: Plan, state: str, said: str) -> int:
        if self._order.as_json:
            self._print_json(listed, plan, state)
            self._tell(said)
        else:
            print(said)
        return 0

    def _tell(self, said: str, end: str = "\n") -> None:
        print(said, end=end, file=sys.stderr, flush=True)


async def undo(config: Config, language: str) -> int:
    """`apso import --undo`: the last one is taken back, while nothing is built on it."""
    say = Voice(load(), language, buttons=False)
    try:
        store = await open_store(config, real_now())
    except InUse:
        raise InUse(plain(say("roster.in_use"))) from None
    house = Voice(say.texts, config.bot.language)
    try:
        told, is_done = await store.run(partial(_undo, say, house))
    finally:
        await store.close()
    print(plain(told))
    return 0 if is_done else 1


def _undo(say: Voice, house: Voice, db: Db) -> tuple[Text, bool]:
    db.alone()
    one, now = imports.latest(db), real_now()
    if one is None:
        return say("roster.nothing_to_undo"), False
    if built := dependents.built_on(db, one):
        key, values = listing.why_it_stays(built, one)
        return say(key, **values), False
    invited = dependents.invited(db, one, now)
    taking_back.undo(db, one, None, audit.MACHINE, now, listing.undone_trace(house, one, invited))
    return listing.undone(say, one, invited), True


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


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
