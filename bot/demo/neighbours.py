"""Whose phones can be opened: those shown at the start, then everybody else from near to far."""

from __future__ import annotations

import asyncio
from itertools import islice, takewhile

from bot.demo.load import chat_of
from bot.rules.vietnamese import matches
from bot.web.phone.pages import People, Person
from storage import people, units
from storage.db import Db, Store
from storage.people import Member
from storage.units import Unit

ROLES = {"head": "Tổ trưởng", "deputy": "Tổ phó", "member": "Thành viên", "admin": "Quản trị"}
OFFICES = {"commune": "xã", "district": "huyện", "province": "tỉnh"}


def neighbours(store: Store, shown: tuple[int, ...]) -> People:
    """The search of the page; `shown` are the ids of the people whose phones are open at first."""

    async def find(query: str, limit: int) -> list[Person]:
        if query[:1] == "p" and query[1:].isdecimal():
            return await store.run(lambda db: _one(db, int(query[1:]), shown))
        everybody = await store.run(lambda db: _everybody(db, shown))
        if not query:
            return everybody[:limit]
        return await asyncio.to_thread(_named, everybody, query, limit)

    return find


def _named(everybody: list[Person], query: str, limit: int) -> list[Person]:
    return list(islice((one for one in everybody if matches(query, f"{one.name} {one.unit}")), limit))


def _one(db: Db, person_id: int, shown: tuple[int, ...]) -> list[Person]:
    person, posts = people.get(db, person_id), people.posts(db, person_id)
    if person is None or not posts:
        return []
    above = {unit.id: unit for unit in units.above(db, posts[0].unit)}
    return [_shown(person, posts[0].role, posts[0].unit, above, shown)]


def _everybody(db: Db, shown: tuple[int, ...]) -> list[Person]:
    top = units.top(db)
    if top is None:
        return []
    known = {unit.id: unit for unit in units.under(db, top)}
    members = {member.person.id: member for member in people.under(db, top)}
    here = members[shown[0]].unit.path if shown[0] in members else ""

    def far(member: Member) -> tuple[int, ...]:
        return (*(member.person.id != one for one in shown), -_together(here, member.unit.path), member.unit.id)

    return [_shown(m.person, m.role, m.unit, known, shown) for m in sorted(members.values(), key=far)]


def _together(here: str, there: str) -> int:
    """How many units two paths share from the top."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(here.split("/"), there.split("/"), strict=False))))


def _shown(person: people.Person, role: str, unit: Unit, known: dict[int, Unit], shown: tuple[int, ...]) -> Person:
    leads = role in ("head", "deputy") and unit.level in OFFICES
    title = f"{'Đầu mối' if role == 'head' else 'Phó đầu mối'} {OFFICES[unit.level]}" if leads else ROLES[role]
    above = known.get(unit.parent_id or 0)
    place = f"{unit.name}, {above.name[:1].lower()}{above.name[1:]}" if unit.level == "hamlet" and above else unit.name
    return Person(chat_of(person.id), person.name, title, place, person.phone, person.id in shown)
