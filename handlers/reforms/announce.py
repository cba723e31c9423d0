"""What a reform means for each person: said once and in their language; and reforms whose day came."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from bot.chat.message import Text, plain
from bot.chat.reply import Reply, View
from bot.chat.router import Router
from bot.chat.texts import Voice, lines, paragraphs, some
from bot.chat.turn import CLOCK, Turn
from bot.rules import rights
from bot.rules.reforms import decide
from bot.rules.refused import Refused
from storage import audit, people, reforms, units
from storage.reforms import Reform
from storage.units import Unit

AT_ONCE = 50  # people told in the turn that did it; the others by the clock, so many at a time
MOST_FACTS = 4

router = Router("reforms")


@router.daily("00:00")
def due(turn: Turn) -> None:
    """Do what was kept for this day."""
    waiting = reforms.due(turn.db, turn.now)
    if waiting:
        turn.db.alone()
    for one in waiting:
        try:
            with turn.db.undoable():
                reforms.carry_out(
                    turn.db, one, partial(decide, one.steps, at=turn.now, levels=turn.settings.levels), turn.now
                )
        except Refused as refused:
            reforms.settle(turn.db, one.id, "failed", turn.now)
            _note(turn, one, "reforms.failed", plain(turn.house(refused.key, **refused.values)))
            _tell_author(turn, one, partial(_failed, one, refused))
        else:
            _note(turn, one, f"reforms.{one.act}", trace(turn.house, one))
            _tell_author(turn, one, partial(_done, one))
    tell_some(turn)


def trace(house: Voice, one: Reform) -> str:
    """What the log says was done."""
    return house.label("audit.fact.reform", name=one.name, day=_day(one))


def _note(turn: Turn, one: Reform, act: str, after: str) -> None:
    office = reforms.office(turn.db, one)
    audit.note(turn.db, one.author_id, act, one.code, "", turn.now, after=after, channel=CLOCK, unit_id=office)


def _tell_author(turn: Turn, one: Reform, view: View) -> None:
    if one.author_id is not None:
        turn.tell(one.author_id, view)


def _failed(one: Reform, refused: Refused, say: Voice) -> Reply:
    return Reply(paragraphs(say("reforms.failed", code=one.code, name=one.name), say(refused.key, **refused.values)))


def _done(one: Reform, say: Voice) -> Reply:
    return Reply(say("reforms.done_by_clock", code=one.code, name=one.name))


@router.every(5)
def tell_the_rest(turn: Turn) -> None:
    """Those whom a large reform concerns hear of it little by little."""
    tell_some(turn, AT_ONCE * 2)


def tell_some(turn: Turn, most: int = AT_ONCE) -> None:
    """Say to the next so many what is theirs to hear."""
    for one, person, facts in reforms.untold(turn.db, most):
        if reforms.tell(turn.db, one.id, person, turn.now):
            turn.tell(person, partial(_letter, turn, one, person, facts))


def _letter(turn: Turn, one: Reform, person: int, facts: list[dict[str, Any]], say: Voice) -> Reply:
    undone = next((fact for fact in facts if fact["about"] == "undone"), None)
    if undone is not None:
        when = f"{turn.when(undone['told_at']):%-d/%-m/%Y}"
        return Reply(say("reforms.told.undone", units=some(undone["units"]), told=when, day=_day(one)))
    said = [text for fact in facts[:MOST_FACTS] if (text := _fact(turn, say, person, fact))]
    return Reply(paragraphs(lines(say("reforms.told.from", day=_day(one)), *said), say("reforms.told.kept")))


def _day(one: Reform) -> str:
    return f"{date.fromisoformat(one.day):%-d/%-m/%Y}"


def _fact(turn: Turn, say: Voice, person: int, fact: dict[str, Any]) -> Text:
    unit = units.get(turn.db, fact["unit"])
    if unit is None:
        return ()
    was = fact["was"] or unit.name
    if fact["about"] == "post":
        return _post(turn, say, person, unit, (was, fact["was_role"], fact["role"]))
    if fact["about"] == "parent":
        above = units.get(turn.db, unit.parent_id or 0) or unit
        if was == above.name:  # it only looks the same: another one is called so
            return lines(
                say("reforms.told.same_name", unit=unit.name, above=above.name), _lead(turn, say, person, above)
            )
        return lines(
            say("reforms.told.parent", unit=unit.name, above=above.name, was=was), _lead(turn, say, person, above)
        )
    return lines(say(f"reforms.told.{fact['about']}", unit=unit.name, was=was), _lead(turn, say, person, unit))


def _post(turn: Turn, say: Voice, person: int, unit: Unit, moved: tuple[str, str, str]) -> Text:
    was, was_role, role = moved
    if was_role == "head" and role == "deputy":
        return lines(say("reforms.told.deputy", unit=unit.name, was=was), _lead(turn, say, person, unit))
    if role == "head":
        return say("reforms.told.head", unit=unit.name, was=was)
    called = say.label(f"start.role.{role}")
    return lines(say("reforms.told.post", unit=unit.name, was=was, role=called), _lead(turn, say, person, unit))


def _lead(turn: Turn, say: Voice, person: int, unit: Unit) -> Text:
    member = people.leaders(turn.db, [unit.id]).get(unit.id)
    if member is None or member.role not in rights.LEADS or member.person.id == person:
        return ()
    return say("reforms.told.lead", unit=unit.name, name=member.person.name)
