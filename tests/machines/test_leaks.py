"""Nothing of a unit leaks to whom it is none of their business: a random tree, anybody in it, every button with every
id, every command, every name and code typed by hand. What is said to them, and what they change, is looked through."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from itertools import product
from typing import Any

import pytest

from bot.chat import turn
from bot.chat.action import Action, Typed
from bot.chat.dialog import Answer, Resume
from bot.chat.message import Incoming, Press
from bot.rules import rights
from bot.rules.rights import LEADS
from storage import broadcasts, categories, consents, people, reports, tasks, units
from storage.db import Db
from storage.reports import Item
from storage.units import Unit
from tests.machines.desk import Desk, open_desk

LEVELS = (("tỉnh", "province"), ("huyện", "district"), ("xã", "commune"), ("ấp", "hamlet"))
WORDS = ("", "1", "failed", "people")
DAY = "2026-11-23"
# What a person has or is, by the unit it belongs to: none of it may change by somebody else's hand.
OWN = (
    "SELECT 'post', id, unit_id, role, until, '' FROM posts",
    "SELECT 'unit', id, id, name, until, COALESCE(parent_id, 0) FROM units",
    "SELECT 'report', id, unit_id, state, version, note FROM reports",
    "SELECT 'part', id, unit_id, state, version, person_id FROM assignments",
    "SELECT 'task', id, unit_id, title, cancelled_at, giver_id FROM tasks",
)


@dataclass(frozen=True)
class Somebody:
    person: people.Person
    unit: Unit
    role: str


@dataclass
class Land:
    """Units and people with names that occur nowhere else."""

    desk: Desk
    units: list[Unit]
    people: list[Somebody]

    def may_know(self, who: Somebody) -> set[int]:
        """The units whose people and figures are theirs to see: their team, below what they lead, the teams above."""
        own = [one for one in self.people if one.person.id == who.person.id]
        seen = {unit.id for one in own for unit in self.units if unit.holds(one.unit)}
        return seen | {u.id for one in own if one.role != "member" for u in self.units if one.unit.holds(u)}


def invent(seed: int) -> Land:
    """A tree of a dozen units; in each a head and a member, a report, a task given and a broadcast."""
    rolls = random.Random(seed)
    desk = open_desk(joined=False)
    land = Land(desk, [], [])
    desk.do(lambda db: _fill(db, land, rolls, desk.now))
    desk.deliver()
    return land


def _fill(db: Db, land: Land, rolls: random.Random, now: int) -> None:
    for table in ("posts", "unit_edges", "units", "people"):
        db.run(f"DELETE FROM {table}")
    top = _unit(db, None, 0, rolls, now)
    land.units.append(top)
    for depth in (1, 2, 3):
        above = [unit for unit in land.units if unit.level == LEVELS[depth - 1][1]]
        for parent in above:
            land.units += [
                _unit(db, parent, depth, rolls, now) for _ in range(rolls.choice((1, 2)) if depth > 1 else 2)
            ]
    for unit in land.units:
        roles = ["head", "member"] if unit is not top else ["admin", "head", "member"]
        if rolls.random() < 0.3:
            roles.append("deputy")
        if unit.level == "commune" and rolls.random() < 0.5:
            roles.append("admin")
        land.people += [_person(db, unit, role, rolls, now) for role in roles]
    for one in land.people:
        _works(db, land, one, now)


def _token(rolls: random.Random) -> str:
    return "".join(rolls.choice("bcdfghklmnpqrstvx") for _ in range(7)).capitalize()


def _unit(db: Db, parent: Unit | None, depth: int, rolls: random.Random, now: int) -> Unit:
    kind, level = LEVELS[depth]
    name = f"{kind.capitalize()} {_token(rolls)}"
    return units.add(db, code="", name=name, kind=kind, level=level, parent=parent, since=now - 10**10)


def _person(db: Db, unit: Unit, role: str, rolls: random.Random, now: int) -> Somebody:
    phone = f"09{rolls.randrange(10**8):08d}"
    person = people.add(db, name=f"Trần {_token(rolls)}", phone=phone, language="vi", now=now)
    people.appoint(db, person.id, unit.id, role, now - 10**10)
    people.link(db, "phone", f"p{person.id}", person.id, now)
    consents.give(db, "phone", f"p{person.id}", "2026-11", now)
    return Somebody(person, unit, role)


def _works(db: Db, land: Land, one: Somebody, now: int) -> None:
    category = categories.everything(db)[0]
    item = Item(category.code, 5, category.unit_vi)
    note = f"ghi chú của {one.person.name}"
    reports.add(db, author_id=one.person.id, unit_id=one.unit.id, day=DAY, note=note, items=(item,), now=now)
    if one.role == "head":
        title = f"Việc của {one.person.name}"
        task = tasks.add(
            db, title=title, giver_id=one.person.id, unit_id=one.unit.id, due_at=now + 10**8, evidence="none", now=now
        )
        for other in land.people:
            if other.unit.parent_id == one.unit.id and other.role == "head":
                tasks.assign(db, task.id, other.unit.id, other.person.id, now)
    if one.role == "admin":
        broadcasts.add(
            db, author_id=one.person.id, unit_id=one.unit.id, text=f"Tin của {one.person.name}", people=0, now=now
        )


class Undone(Exception):
    """Only looked at: nothing of it is kept."""


def tries(land: Land, who: Somebody, *steps: dict[str, Any]) -> None:
    """Do these one after the other, look through what came of it, and undo it."""
    known = land.may_know(who)
    hidden = [word for unit in land.units if unit.id not in known for word in (unit.name,)]
    hidden += [
        word
        for one in land.people
        if not any(other.unit.id in known for other in land.people if other.person.id == one.person.id)
        for word in (one.person.name, one.person.phone)
    ]
    desk = land.desk

    def work(db: Db) -> None:
        last = db.one("SELECT COALESCE(MAX(id), 0) FROM outbox")
        before = _owned(db, known)
        for number, step in enumerate(steps):
            where = replace(desk.incoming("nobody"), address=_address(who))
            heard: Incoming = replace(where, key=f"try {number}", **step)
            outcome = turn.run(db, heard, desk.now, desk.around)
            assert outcome.result != "surprise", f"a surprise to {who.role} of {who.unit.name} by {steps}"
        assert last is not None
        said = db.all("SELECT body FROM outbox WHERE id > :last AND chat = :c", last=last[0], c=_address(who).chat)
        for (body,) in said:
            for word in hidden:
                typed = any(word in str(step.get("text", "")) for step in steps)
                assert typed or word not in body, f"{who.role} of {who.unit.name} hears {word} by {steps}: {body}"
        assert _owned(db, known) == before, f"{who.role} of {who.unit.name} changes what is not theirs by {steps}"
        raise Undone

    with pytest.raises(Undone):
        desk.do(work)


def _owned(db: Db, known: set[int]) -> list[Any]:
    """What belongs to units that are not theirs."""
    return [row for sql in OWN for row in db.all(sql) if row[2] not in known]


def _address(who: Somebody) -> Any:
    from bot.chat.message import Address

    return Address("phone", f"p{who.person.id}")


def buttons(most: int) -> Iterator[Action]:
    """Every button there is, with every id."""
    for name in sorted(Action.registry):
        kind = Action.registry[name]
        if kind in (Action, Typed, Answer, Resume):
            continue
        kinds = [field.type for field in fields(kind)]
        values: list[Any] = []
        for place, one in enumerate(kinds):
            first = "int" not in kinds[:place]
            values.append(WORDS if one != "int" else range(most + 1) if first else (0, 1, 2))
        for chosen in product(*values):
            yield kind(*chosen)


def actors(land: Land, rolls: random.Random) -> list[Somebody]:
    """Of each role one from anywhere but the top."""
    below = [one for one in land.people if one.unit.parent_id is not None]
    found = [rolls.choice([one for one in below if one.role == role]) for role in ("member", *LEADS[:1])]
    return found + [one for one in below if one.role == "admin"][:1]


SEEDS = range(1, 3)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_button_with_any_id(seed: int) -> None:
    rolls = random.Random(seed)
    land = invent(seed)
    most = max(len(land.people), len(land.units)) + 12
    for who in actors(land, rolls):
        pressed = list(buttons(most))
        assert len(pressed) > 500
        for action in rolls.sample(pressed, 700):
            tries(land, who, {"press": Press(action.pack(), "1")})


@pytest.mark.parametrize("seed", SEEDS)
def test_no_command_name_or_code_typed_by_hand(seed: int) -> None:
    rolls = random.Random(seed)
    land = invent(seed)
    commands = [command.word for command in land.desk.around.routes.commands.values()]
    for who in actors(land, rolls):
        known = land.may_know(who)
        strangers = [one for one in land.people if one.unit.id not in known]
        names = [unit.name for unit in land.units if unit.id not in known][:3]
        names += [word for one in strangers[:3] for word in (one.person.name, one.person.phone)]
        for number in range(1, len(land.people) + 3):
            for typed in (f"B-{number:04d}", f"V-{number:04d}", f"xong V-{number:04d}", f"T-{number:04d}"):
                tries(land, who, {"text": typed})
        for command in commands:
            tries(land, who, {"text": f"/{command}"})
            tries(land, who, {"text": f"/{command} 1"})
            for name in names:
                tries(land, who, {"text": f"/{command}"}, {"text": name})


def test_a_right_given_to_everybody_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rights, "may", lambda posts, right, unit: True)
    with pytest.raises(AssertionError, match=r"hears|changes|surprise"):
        test_no_button_with_any_id(1)
