"""`apso settings`: categories, units of count, periods, forms and targets by a file, or into one."""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

from bot import typed
from bot.app import open_store, real_now
from bot.chat import listing, settings
from bot.chat.message import plain
from bot.chat.settings import KINDS
from bot.chat.texts import Voice, load
from bot.config import Config, ConfigError
from bot.rules.settings import Read
from bot.sheets import Unreadable
from bot.tabling import rows_of, workbook
from storage import audit, units
from storage.db import Db, InUse

MOST_LINES = 60


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked on the command line."""

    kind: str
    file: Path
    dry_run: bool = False
    export: bool = False


async def command(config: Config, order: Order) -> int:
    """0: written, or nothing had to be; 1: rows are wrong and nothing is. Raises ConfigError."""
    return await _Setting(config, order).run()


class _Setting:
    """One run of the command."""

    def __init__(self, config: Config, order: Order) -> None:
        self.config, self.order, self.kind = config, order, KINDS[order.kind]
        self.say = Voice(load(), config.bot.language, buttons=False)
        self.now, self.today = real_now(), typed.today(config.bot.zone)

    async def run(self) -> int:
        rows = [] if self.order.export else self._rows()
        try:
            store = await open_store(self.config, self.now)
        except InUse:
            raise InUse(plain(self.say("settings.file.in_use"))) from None
        try:
            if self.order.export:
                return self._export(await store.run(self._sheet))
            return self._told(await store.run(lambda db: self._take(db, rows)))
        finally:
            await store.close()

    def _rows(self) -> list[list[str]]:
        try:
            return rows_of(self.order.file)
        except Unreadable as error:
            raise ConfigError(plain(listing.refusal(self.say, error.reason, error.values))) from None

    def _sheet(self, db: Db) -> list[list[str]]:
        return settings.sheet(self.say, self.kind.table(db, self.now, self.today))

    def _export(self, rows: list[list[str]]) -> int:
        file = self.order.file
        try:
            if file.suffix.casefold() == ".xlsx":
                with file.open("xb") as book:
                    book.write(workbook(self.kind.file, rows))
            else:
                with file.open("x", encoding="utf-8-sig", newline="") as text:  # Excel knows UTF-8 by its mark
                    csv.writer(text).writerows(rows)
        except FileExistsError:
            raise ConfigError(plain(self.say("settings.file.is_there", file=str(file)))) from None
        except OSError as error:
            why = error.strerror or ""
            raise ConfigError(plain(self.say("settings.file.unwritten", file=str(file), why=why))) from None
        print(plain(self.say("settings.file.written", file=str(file), count=len(rows) - 1)))
        return 0

    def _take(self, db: Db, rows: list[list[str]]) -> Read:
        top = units.top(db)
        if top is None:
            raise ConfigError(plain(self.say("typed.no_units")))
        db.hold(settings.LOCK)
        found = settings.judge(db, self.kind, self.say.texts, rows, self.now, self.today)
        if found.problems or self.order.dry_run:
            return found

        def note(act: str, thing: str, *, before: str, after: str, unit: int | None) -> None:
            audit.note(
                db, None, act, thing, "", self.now, before=before, after=after, channel=audit.MACHINE, unit_id=unit
            )

        for change in found.changes:
            settings.write(db, self.kind, change.was, change.to, self.say, note, top.id)
        return found

    def _told(self, found: Read) -> int:
        say, name = self.say, self.order.file.name
        print(plain(say("settings.read", name=name, rows=found.rows)))
        if found.problems:
            print(plain(say("settings.wrong", count=len(found.problems))))
            self._list([settings.wrong(say, one) for one in found.problems])
            print(plain(say("settings.file.none_written")), file=sys.stderr)
            return 1
        if not found.changes:
            print(plain(say("settings.nothing")))
            return 0
        print(plain(say("settings.changes", count=len(found.changes))))
        self._list([settings.described(say, self.kind, change) for change in found.changes])
        key = "settings.file.dry_run" if self.order.dry_run else "settings.written"
        print(plain(say(key, **({} if self.order.dry_run else {"name": name, "count": len(found.changes)}))))
        return 0

    def _list(self, said: list[str]) -> None:
        for line in said[:MOST_LINES]:
            print(f"  {line}")
        if len(said) > MOST_LINES:
            print(f"  {plain(self.say('settings.more', count=len(said) - MOST_LINES))}")
