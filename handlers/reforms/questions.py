"""What the dialogs of reforms ask: a unit, a place, a name, a code, a head, a day; each checked as it is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from bot.chat import pick
from bot.chat.dialog import Ask, Option
from bot.chat.turn import Turn
from bot.rules import plans, rights, vietnamese
from bot.rules.finder import Unclear
from bot.rules.reforms import Outcome, decide
from bot.rules.refused import Refused
from storage import journal, people, units
from storage.people import Member
from storage.reforms import Step
from storage.units import Unit

NONE = "0"
NEW = "0"
SAME = "-"  # the code stays, or is made
MOST_NAME = 80
MOST_CODE = 20
MOST_YEARS = 5
MOST_MATES = 400


def look(turn: Turn, step: Step) -> Outcome:
    """What it would do now. Raises Refused."""
    return decide([step], journal.copy(turn.db, step.touches), at=turn.now, levels=turn.settings.levels)


def tops(turn: Turn) -> list[Unit]:
    return rights.offices(turn.posts, "units")


def ask_unit(turn: Turn, ask: Ask, what: str, *, top: bool = False) -> Unit:
    def check(unit: Unit) -> None:
        if unit.parent_id is None and not top:
            raise Refused("reforms.not_the_top")

    return pick.unit(turn, ask, "unit", what, tops(turn), check=check)


def ask_place(turn: Turn, ask: Ask, what: str, step: Step, unit: Unit) -> Unit:
    def check(parent: Unit) -> None:
        look(turn, replace(step, parent=parent.id))

    def near() -> list[Unit]:
        up = units.above(turn.db, unit)
        return [one for one in up if any(top.holds(one) for top in tops(turn)) and one.id != unit.parent_id]

    return pick.unit(turn, ask, "parent", what, tops(turn), near=near, check=check, unit=unit.name)


def mates_of(turn: Turn, unit: Unit) -> list[Unit]:
    """Of the same level, the nearest first: those it stands beside, then those further away."""
    up = [one for one in units.above(turn.db, unit) if any(top.holds(one) for top in tops(turn))]
    found: dict[int, Unit] = {}
    for above in up:
        found |= {one.id: one for one in units.level(turn.db, above, unit.level) if one.id not in found}
        if len(found) > MOST_MATES:
            break
    found.pop(unit.id, None)
    return list(found.values())[:MOST_MATES]


def options(turn: Turn, found: Sequence[Unit]) -> list[Option]:
    """By name; with what is above only where several of them are called so."""
    called = Counter(one.name for one in found)
    several = [one for one in found if called[one.name] > 1]
    longer = {one.id: label for one, label in zip(several, pick.places(turn, several), strict=True)}
    return [Option(str(one.id), longer.get(one.id, one.name)) for one in found]


def members(turn: Turn, team: Sequence[Member]) -> list[Option]:
    return [Option(str(m.person.id), m.person.name) for m in team]


def nobody(turn: Turn) -> Option:
    return Option(NONE, turn.say.label("reforms.buttons.nobody"))


def goals(turn: Turn, before: Sequence[Unit]) -> list[Option]:
    kept = [Option(one.id, turn.say.label("reforms.into", unit=one.label)) for one in options(turn, before)]
    return [*kept, Option(NEW, turn.say.label("reforms.buttons.new"))]


def same(found: Sequence[Unit]) -> str:
    return ",".join(str(one.id) for one in found)


def with_name(turn: Turn, ask: Ask, step: Step, what: str, names: list[str], *, of: str = "", **values: Any) -> Step:
    """With the name that is given; one that does not fit there is refused."""

    def read(said: str) -> str:
        name = " ".join(vietnamese.normalise(said).split())
        if not name or len(name) > MOST_NAME:
            raise Refused("reforms.name_please", most=MOST_NAME)
        name = name[:1].upper() + name[1:]
        if not turn.settings.levels.kind_of(name):
            raise Refused("reforms.kind_please", said=name[:40])
        look(turn, replace(step, name=name))
        return name

    def quick() -> list[Option]:
        return [Option(name, name) for name in dict.fromkeys(names)]

    return replace(step, name=ask.value("name", what, read, quick=quick, numbered=bool(names), of=of, **values))


def ask_code(turn: Turn, ask: Ask, codes: list[Option], own: list[str]) -> str:
    """An official code that no other open unit has; "" where it stays, or is made."""

    def read(said: str) -> str:
        code = "".join(said.split())
        if code == SAME:
            return code
        if not code or len(code) > MOST_CODE:
            raise Refused("reforms.code_please", most=MOST_CODE)
        taken = [one.name for one in units.with_code(turn.db, code) if code not in own]
        if taken:
            raise Refused("reforms.code_taken", code=code, unit=taken[0])
        return code

    def quick() -> list[Option]:
        return [*codes, Option(SAME, turn.say.label("reforms.buttons.no_code"))]

    code: str = ask.value("code", "reforms.code", read, quick=quick, numbered=False)
    return "" if code == SAME else code


def ask_head(turn: Turn, ask: Ask, before: Sequence[Unit], only: set[int] | None = None) -> int:
    """Who shall lead: as the rule says, or somebody of these teams."""

    def candidates() -> list[Option]:
        team = [m for one in before for m in people.team(turn.db, one) if m.role != "admin"]
        once = {m.person.id: m for m in reversed(team) if only is None or m.person.id in only}
        kept = [Option(str(m.person.id), f"{m.person.name} ({m.unit.name})") for m in reversed(once.values())]
        return [Option(NONE, turn.say.label("reforms.buttons.as_ruled")), *kept]

    ask.still("head", lambda head: any(option.id == head for option in candidates()))
    return int(ask.choice("head", "reforms.head", candidates, columns=1))


def ask_day(turn: Turn, ask: Ask) -> date:
    return date.fromisoformat(ask.value("day", "reforms.day", partial(_day, turn), numbered=False))


def _day(turn: Turn, said: str) -> str:
    day = _read_day(turn, said[:60])
    if abs(day.year - turn.today.year) > MOST_YEARS:
        raise Refused("reforms.day_far", said=said[:30], most=MOST_YEARS)
    return day.isoformat()


def _read_day(turn: Turn, said: str) -> date:
    try:
        return plans.read_day(said.strip())
    except Unclear:
        ahead = vietnamese.read_due(said, turn.local)
        if isinstance(ahead, vietnamese.Due):
            return ahead.day
        past = vietnamese.read_day(said, turn.today)
        if isinstance(past, date):
            return past
        raise Refused("reforms.day_unread", said=said[:30]) from None
