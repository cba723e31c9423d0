"""The dialogs that change units: merge, split, rename, move, close, add; each looked at in numbers first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.chat.dialog import Ask, Dialog, Option
from bot.chat.router import Router, Said
from bot.chat.texts import some
from bot.chat.turn import Turn
from bot.rules import rights
from bot.rules.refused import Refused
from handlers.reforms.actions import Begin
from handlers.reforms.doing import finish
from handlers.reforms.questions import (
    NEW,
    NONE,
    SAME,
    ask_code,
    ask_head,
    ask_place,
    ask_unit,
    goals,
    mates_of,
    members,
    nobody,
    options,
    same,
    with_name,
)
from storage import people, units
from storage.reforms import Step

router = Router("reforms")


@router.dialog("merge", questions=4)
def merge(turn: Turn, ask: Ask, /) -> Said:
    """Which, into which, called what; the code of a new one may be that of one it follows."""
    unit = ask_unit(turn, ask, "reforms.merge.unit")
    mates = mates_of(turn, unit)
    if not mates:
        raise Refused("reforms.no_mates", unit=unit.name)
    chosen = ask.many("others", "reforms.merge.others", lambda: options(turn, mates), unit=unit.name, may_all=False)
    picked = {int(one) for one in chosen}
    before = [unit, *(mate for mate in mates if mate.id in picked)]
    into = int(ask.choice("into", "reforms.merge.into", lambda: goals(turn, before), of=same(before), columns=1))
    step = Step("merge", into, tuple(one.id for one in before if one.id != into))
    step = with_name(turn, ask, step, "reforms.merge.name", [one.name for one in before], of=str(into))
    if into == int(NEW):
        codes = [Option(one.code, f"{one.code} ({one.name})") for one in before]
        step = replace(step, code=ask_code(turn, ask, codes, [one.code for one in before]))
    step = replace(step, head=ask_head(turn, ask, before))
    return finish(turn, ask, step, names=some([one.name for one in before]), head=True)


@router.dialog("split", questions=4)
def split(turn: Turn, ask: Ask, /) -> Said:
    """What the new one is called, which units and which people go there."""
    unit = ask_unit(turn, ask, "reforms.split.unit")
    step = with_name(turn, ask, Step("split", unit.id), "reforms.split.name", [], unit=unit.name)
    step = replace(step, code=ask_code(turn, ask, [], []))
    below, team = units.children(turn.db, unit), [m for m in people.team(turn.db, unit) if m.role != "admin"]
    if not below and not team:
        raise Refused("reforms.nothing_to_split", unit=unit.name)
    if below:
        chosen = ask.many(
            "others", "reforms.split.others", lambda: [nobody(turn), *options(turn, below)], may_all=False
        )
        step = replace(step, others=tuple(int(one) for one in chosen if one != NONE))
    if team:
        chosen = ask.many("people", "reforms.split.people", lambda: [nobody(turn), *members(turn, team)], may_all=False)
        step = replace(step, people=tuple(int(one) for one in chosen if one != NONE))
    if not step.others and not step.people:
        raise Refused("reforms.nothing_to_split", unit=unit.name)
    step = replace(step, head=ask_head(turn, ask, [unit], set(step.people)))
    return finish(turn, ask, step, names=unit.name, head=True)


@router.dialog("rename", questions=2)
def rename(turn: Turn, ask: Ask, /) -> Said:
    """What it is called from now on, and perhaps another code."""
    unit = ask_unit(turn, ask, "reforms.rename.unit", top=True)
    step = with_name(turn, ask, Step("rename", unit.id), "reforms.rename.name", [], unit=unit.name)
    step = replace(step, code=ask_code(turn, ask, [], [unit.code]))
    return finish(turn, ask, step, names=unit.name)


@router.dialog("move", questions=2)
def move(turn: Turn, ask: Ask, /) -> Said:
    """Under what it stands from now on, with all below it."""
    unit = ask_unit(turn, ask, "reforms.move.unit")
    step = Step("move", unit.id)
    parent = ask_place(turn, ask, "reforms.move.parent", step, unit)
    return finish(turn, ask, replace(step, parent=parent.id), names=unit.name, to=parent.name)


@router.dialog("close", questions=1)
def close(turn: Turn, ask: Ask, /) -> Said:
    """Its figures, people and what stands below it go to what it stands under, or elsewhere."""
    unit = ask_unit(turn, ask, "reforms.close.unit")
    step = Step("close", unit.id, parent=unit.parent_id or 0)
    parent = ask_place(turn, ask, "reforms.close.parent", step, unit)
    return finish(
        turn,
        ask,
        replace(step, parent=parent.id),
        names=unit.name,
        to=parent.name,
        quick=[("reforms.buttons.elsewhere", "parent")],
    )


@router.dialog("open", questions=2)
def add(turn: Turn, ask: Ask, /) -> Said:
    """A new unit below another; people come to it later."""
    parent = ask_unit(turn, ask, "reforms.open.unit", top=True)
    step = with_name(turn, ask, Step("open", parent=parent.id), "reforms.open.name", [], unit=parent.name)
    step = replace(step, code=ask_code(turn, ask, [], []))
    return finish(turn, ask, step, names=parent.name)


DIALOGS: dict[str, Dialog] = {
    "merge": merge,
    "split": split,
    "rename": rename,
    "move": move,
    "close": close,
    "open": add,
}


@router.on(Begin)
def begin(turn: Turn, pressed: Begin) -> Said:
    """From the card of the unit."""
    if pressed.act not in DIALOGS:
        raise Refused("chat.stale_button")
    unit = rights.check_open(turn.posts, "units", units.get(turn.db, pressed.unit))
    return _begin(turn, pressed.act, {"unit": (unit.id, "")})


def _begin(turn: Turn, act: str, known: dict[str, Any]) -> Said:
    known = {"day": (turn.today.isoformat(), ""), **known}
    known |= {
        "merge": {"head": (NONE, "")},
        "split": {"head": (NONE, ""), "code": (SAME, "")},
        "rename": {"code": (SAME, "")},
        "open": {"code": (SAME, "")},
    }.get(act, {})
    if act == "close" and "unit" in known:
        parent = units.get(turn.db, known["unit"][0])
        known |= {"parent": (parent.parent_id, "")} if parent and parent.parent_id else {}
    return DIALOGS[act].begin(turn, known)


def _typed(act: str) -> Callable[[Turn], Said]:
    return lambda turn: _begin(turn, act, {})


for _word, _act in (
    ("gop", "merge"),
    ("tach", "split"),
    ("doiten", "rename"),
    ("chuyen", "move"),
    ("dong", "close"),
    ("themdonvi", "open"),
):
    router.command(_word, who=rights.has("units"))(_typed(_act))
