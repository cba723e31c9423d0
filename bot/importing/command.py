"""`apso import`: an office's file read, compared with what is kept, shown, and on a yes taken over."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot import typed
from bot.app import open_store, real_now
from bot.backup import back_up
from bot.chat import listing
from bot.chat.message import plain
from bot.chat.texts import Voice, lines, load
from bot.config import Config, ConfigError
from bot.examining import examine, mark
from bot.importing.asking import is_wanted, tell
from bot.importing.progress import Writing, comparing, reading, writing
from bot.importing.report import as_json, report, sorted_problems
from bot.importing.writing import write
from bot.rules.roster import Counts, Plan, Roster, make_plan
from bot.sheets import Unreadable
from storage import imports, roster
from storage.db import Db, InUse, StorageError, Store
from storage.units import Unit

DONE, NOT_DONE, REFUSED = 0, 1, 2


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
    """0: taken over, or all is there already; 1: not wanted, or nobody in the file can be taken over, or there is no
    copy of before; 2: the file is refused. Raises ConfigError or StorageError."""
    return await _Importing(config, order).run()


class _Importing:
    """One run of the command."""

    def __init__(self, config: Config, order: Order) -> None:
        self._config = config
        self._order = order
        self._say = Voice(load(), order.language, buttons=False)
        self._seen: Plan | None = None  # what was shown last; half a million people's is not held beside a newer one

    async def run(self) -> int:
        if not self._is_there() and not self._order.dry_run:
            raise ConfigError(plain(self._say("typed.no_units")))
        try:
            listed = self._read()
            return await self._compare(listed)
        except Unreadable as error:
            said = plain(listing.refusal(self._say, error.reason, error.values))
            tell(f"apso: {said}")
            if self._order.as_json:
                print(json.dumps({"refused": error.reason, "why": said}, ensure_ascii=False))
            return REFUSED

    def _is_there(self) -> bool:
        told = self._config.storage
        return told.is_server or Path(told.where).exists()

    def _read(self) -> Roster:
        with reading(self._say) as progress:
            return examine(self._order.file, progress)

    async def _compare(self, listed: Roster) -> int:
        order = self._order
        try:
            store = await open_store(self._config, real_now()) if self._is_there() else None
        except InUse:
            if not order.dry_run:
                raise InUse(plain(self._say("roster.in_use"))) from None
            tell(plain(self._say("roster.dry_run_alone")))
            store = None
        if store is None:
            self._show(listed, None)
            return DONE if listed.people else NOT_DONE
        try:
            with comparing(self._say):
                self._seen = await store.run(lambda db: self._plan(db, listed)[1])
            self._show(listed, self._seen)
            if not order.dry_run:
                return await self._take_over(store, listed)
            return NOT_DONE if self._seen.has_nobody else DONE
        finally:
            await store.close()

    def _plan(self, db: Db, listed: Roster) -> tuple[Unit, Plan]:
        within = typed.unit(db, self._order.under, self._say)
        levels = self._config.units.levels
        return within, make_plan(listed, roster.read(db, within), is_told=bool(self._order.under), levels=levels)

    def _show(self, listed: Roster, plan: Plan | None, *, again: bool = False) -> None:
        order = self._order
        problems = sorted_problems(listed, plan)
        if again:
            tell(plain(self._say("roster.written_meanwhile")))
        elif order.marked is not None:
            with order.marked.open("wb") as copy:
                mark(order.file, problems, self._say, copy)
            tell(plain(self._say("roster.marked", file=str(order.marked))))
        if order.as_json:
            if order.dry_run:
                self._print_json(listed, plan, "")
            return
        print(report(self._say, order.file.name, listed, plan, remove_gone=order.remove_gone))
        if order.marked is None and len({one.kind for one in problems}) < len(problems):
            print(plain(self._say("roster.try_marked")))

    def _print_json(self, listed: Roster, plan: Plan | None, state: str) -> None:
        told = as_json(self._say, listed, plan)
        json.dump(told | ({"state": state} if state else {}), sys.stdout, ensure_ascii=False)
        print()

    # Writing.

    async def _take_over(self, store: Store, listed: Roster) -> int:
        while not (state := self._settled()):
            if not self._order.yes and not is_wanted(self._say):
                return NOT_DONE
            if not await self._back_up():
                return NOT_DONE
            if number := await self._write(store, listed):
                return self._end(listed, "done", self._done(number))
            self._show(listed, self._seen, again=True)
        said = plain(self._say("roster.nobody" if state == "nobody" else "roster.nothing"))
        return self._end(listed, state, said)

    def _settled(self) -> str:
        """Why nothing is to be written ("": something is)."""
        assert self._seen is not None
        if self._seen.has_nobody:
            return "nobody"
        is_much = not self._seen.is_empty or (self._order.remove_gone and self._seen.going())
        return "" if is_much else "unchanged"

    def _done(self, number: int) -> str:
        assert self._seen is not None
        name, remove = self._order.file.name, self._order.remove_gone
        said = listing.result(self._say, "roster.done", name, imports.code(number), self._seen, remove_gone=remove)
        return plain(lines(said, self._say("roster.next"), self._say("roster.how_undo")))

    async def _back_up(self) -> bool:
        """Without a copy of what was before nothing is written."""
        try:
            made = await back_up(self._config, real_now())
        except StorageError as error:
            tell(plain(self._say("roster.no_backup", why=str(error))))
            return False
        tell(plain(self._say("roster.backed_up", file=str(made))))
        return True

    async def _write(self, store: Store, listed: Roster) -> int:
        """The number under which it was taken over; 0: it is no more what was seen, and is to be seen anew."""
        assert self._seen is not None
        counts, self._seen = self._seen.counts, None
        with writing(self._say) as progress:
            number, self._seen = await store.run(partial(self._write_in, listed, counts, progress))
        return number

    def _write_in(self, listed: Roster, counts: Counts, writes: Writing, db: Db) -> tuple[int, Plan]:
        db.alone()
        within, plan = self._plan(db, listed)
        if plan.counts != counts:
            return 0, plan
        house = Voice(self._say.texts, self._config.bot.language)
        order, progress = self._order, writes(plan)
        return write(
            db, within, plan, order.file, house, remove_gone=order.remove_gone, now=real_now(), progress=progress
        ), plan

    def _end(self, listed: Roster, state: str, said: str) -> int:
        if self._order.as_json:
            self._print_json(listed, self._seen, state)
            tell(said)
        else:
            print(said)
        return NOT_DONE if state == "nobody" else DONE
