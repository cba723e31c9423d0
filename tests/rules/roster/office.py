"""A database and an office that loads lists into it, written as in its Excel files."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import asdict
from itertools import count
from pathlib import Path

from bot.rules.roster import Counts, Plan, Roster, make_plan
from bot.rules.roster.records import LEVELS, Cell
from storage import imports, people, roster, units
from storage.db import Db, Store
from storage.people import Person
from storage.units import Unit
from tests.engine import open_engine, tables
from tests.rules.roster.pages import Table, read, table

HEADER = "Họ và tên | Năm sinh | Chức vụ | Ấp | Xã | Huyện | Điện thoại"
OWN = ("imports", "import_changes", "audit")  # what an import keeps of itself


class Office:
    """`within`: the unit its lists are loaded for; each list is loaded a moment after the one before."""

    def __init__(self, store: Store, top: Unit) -> None:
        self.store = store
        self.within = top
        self.top = top
        self.levels: Collection[str] = LEVELS
        self._time = count(1_000, 10)
        self.last = 0

    async def plan(self, *lists: Table | str, is_told: bool = False) -> Plan:
        """What a list would do. Lines of text get the usual header."""
        listed = read(*(_listed(one) for one in lists))
        return await self.store.run(lambda db: self._plan(db, listed, is_told))

    def _plan(self, db: Db, listed: Roster, is_told: bool) -> Plan:
        return make_plan(listed, roster.read(db, self.within), is_told=is_told, levels=self.levels)

    async def loads(self, *lists: Table | str, remove_gone: bool = False, is_told: bool = False) -> Counts:
        """Take a list over."""
        listed = read(*(_listed(one) for one in lists))
        now = next(self._time)

        def load(db: Db) -> Plan:
            db.alone()
            plan = self._plan(db, listed, is_told)
            self.last = imports.add(
                db,
                person_id=None,
                unit_id=self.within.id,
                name="ds.xlsx",
                sha256="",
                content="",
                figures=json.dumps(asdict(plan.counts)),
                now=now,
            )
            changes = plan.changes(remove_gone=remove_gone)
            traces = [imports.Trace(one.person_id, "roster.changed", "", "–") for one in plan.altered]
            assert imports.take_over(
                db, self.last, changes, traces, said="ds.xlsx", channel="apso", language="vi", now=now
            )
            return plan

        plan = await self.store.run(load)
        counts = plan.counts
        assert counts.people == counts.new + counts.changed + counts.same + counts.left_out
        return counts

    async def doubts(self, *lists: Table | str) -> list[str]:
        """What the comparison finds doubtful: kind and what stands there."""
        return [f"{one.kind} {one.said}" for one in (await self.plan(*lists)).problems]

    async def team(self, unit: str) -> list[str]:
        """Who is in a unit now: "An head"; the unit as "Ấp 1, Xã Tân Thạch"."""
        found = await self.unit(unit)
        members = await self.store.run(lambda db: people.team(db, found))
        return [f"{member.person.name} {member.role}" for member in members]

    async def unit(self, name: str) -> Unit:
        own, _, above = name.partition(", ")

        def find(db: Db) -> list[Unit]:
            known = {unit.id: unit for unit in units.under(db, self.top)}
            return [
                unit
                for unit in known.values()
                if unit.name == own and (not above or known[unit.parent_id or 0].name == above)
            ]

        found = await self.store.run(find)
        assert len(found) == 1, (name, found)
        return found[0]

    async def someone(self, name: str) -> Person:
        rows = await self.store.run(lambda db: db.all("SELECT id FROM people WHERE name = :name", name=name))
        assert len(rows) == 1, (name, rows)
        found = await self.store.run(lambda db: people.get(db, rows[0][0]))
        assert found is not None
        return found

    async def posts(self, person_id: int) -> list[tuple[str, str, int, int | None]]:
        """All they ever held: unit, role, since, until."""
        rows = await self.store.run(
            lambda db: db.all(
                "SELECT u.name, o.role, o.since, o.until FROM posts o JOIN units u ON u.id = o.unit_id"
                " WHERE o.person_id = :id ORDER BY o.id",
                id=person_id,
            )
        )
        return [(row[0], row[1], row[2], row[3]) for row in rows]

    async def everybody(self) -> set[tuple[str, str, str, str]]:
        """Name, number, role, unit of all who hold a post."""
        rows = await self.store.run(
            lambda db: db.all(
                "SELECT p.name, p.phone, o.role, u.name FROM posts o JOIN people p ON p.id = o.person_id"
                " JOIN units u ON u.id = o.unit_id WHERE o.until IS NULL AND o.role <> 'admin'"
            )
        )
        return {(row[0], row[1], row[2], row[3]) for row in rows}

    async def all_rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Everything that is kept, but for what imports keep of themselves."""
        return await self.store.run(
            lambda db: {
                name: sorted(db.all(f"SELECT * FROM {name}"), key=repr) for name in tables(db) if name not in OWN
            }
        )


def _listed(one: Table | str) -> Table:
    if isinstance(one, Table):
        return one
    return table(one if "Họ và tên" in one else f"{HEADER}\n{one.strip()}")


@asynccontextmanager
async def office(folder: Path, top: str = "Tỉnh Bến Tre") -> AsyncIterator[Office]:
    """As `apso init` leaves it: the top unit and an administrator."""
    store = await open_engine(folder / "apso.db", 1)

    def begin(db: Db) -> Unit:
        unit = units.add(db, code="1", name=top, kind="tỉnh", level="province", parent=None, since=1)
        admin = people.add(db, name="Lê Minh Quân", phone="0999000001", language="vi", now=1)
        people.appoint(db, admin.id, unit.id, "admin", 1)
        return unit

    try:
        yield Office(store, await store.run(begin))
    finally:
        await store.close()


def rows(*people: tuple[Cell, ...]) -> Table:
    """A list of people in the usual columns."""
    header: list[Cell] = [cell.strip() for cell in HEADER.split("|")]
    return Table([header, *(list(one) for one in people)])
