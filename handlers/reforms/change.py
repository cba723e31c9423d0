"""The dialogs that change units: merge, split, rename, move, close, add; each looked at in numbers first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from functools import partial
from typing import Any

from bot.chat.dialog import Ask, Dialog, Option
from bot.chat.message import Text
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.texts import lines, some
from bot.chat.turn import Turn
from bot.rules import rights
from bot.rules.reforms import Outcome, decide
from bot.rules.refused import Refused
from handlers.reforms.actions import Begin, Show
from handlers.reforms.announce import tell_some, trace
from handlers.reforms.latest import undo_button
from handlers.reforms.questions import (
    NEW,
    NONE,
    SAME,
    ask_code,
    ask_day,
    ask_head,
    ask_place,
    ask_unit,
    goals,
    look,
    mates_of,
    members,
    nobody,
    options,
    same,
    with_name,
)
from storage import people, reforms, units
from storage.reforms import Step

router = Router("reforms")


@router.dialog("merge", questions=4)
def merge(turn: Turn, ask: Ask, /) -> Said:
    """Which, into which, called what; the code of a new one may be that of one it follows."""
    unit = ask_unit(turn, ask, "reforms.merge.unit")
    mates = mates_of(turn, unit)
    if not mates:
        raise Refused("reforms.no_mates", unit=unit.name)
    picked = {
        int(one) for one in ask.many("others", "reforms.merge.others", lambda: options(turn, mates), unit=unit.name)
    }
    before = [unit, *(mate for mate in mates if mate.id in picked)]
    into = int(ask.choice("into", "reforms.merge.into", lambda: goals(turn, before), of=same(before), columns=1))
    step = Step("merge", into, tuple(one.id for one in before if one.id != into))
    step = with_name(turn, ask, step, "reforms.merge.name", [one.name for one in before], of=str(into))
    if into == int(NEW):
        codes = [Option(one.code, f"{one.code} ({one.name})") for one in before]
        step = replace(step, code=ask_code(turn, ask, codes, [one.code for one in before]))
    step = replace(step, head=ask_head(turn, ask, before))
    return _finish(turn, ask, step, names=some([one.name for one in before]), head=True)


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
        chosen = ask.many("others", "reforms.split.others", lambda: [nobody(turn), *options(turn, below)])
        step = replace(step, others=tuple(int(one) for one in chosen if one != NONE))
    if team:
        chosen = ask.many("people", "reforms.split.people", lambda: [nobody(turn), *members(turn, team)])
        step = replace(step, people=tuple(int(one) for one in chosen if one != NONE))
    if not step.others and not step.people:
        raise Refused("reforms.nothing_to_split", unit=unit.name)
    step = replace(step, head=ask_head(turn, ask, [unit], set(step.people)))
    return _finish(turn, ask, step, names=unit.name, head=True)


@router.dialog("rename", questions=2)
def rename(turn: Turn, ask: Ask, /) -> Said:
    """What it is called from now on, and perhaps another code."""
    unit = ask_unit(turn, ask, "reforms.rename.unit", top=True)
    step = with_name(turn, ask, Step("rename", unit.id), "reforms.rename.name", [], unit=unit.name)
    step = replace(step, code=ask_code(turn, ask, [], [unit.code]))
    return _finish(turn, ask, step, names=unit.name)


@router.dialog("move", questions=2)
def move(turn: Turn, ask: Ask, /) -> Said:
    """Under what it stands from now on, with all below it."""
    unit = ask_unit(turn, ask, "reforms.move.unit")
    step = Step("move", unit.id)
    parent = ask_place(turn, ask, "reforms.move.parent", step, unit)
    return _finish(turn, ask, replace(step, parent=parent.id), names=unit.name, to=parent.name)


@router.dialog("close", questions=1)
def close(turn: Turn, ask: Ask, /) -> Said:
    """Its figures, people and what stands below it go to what it stands under, or elsewhere."""
    unit = ask_unit(turn, ask, "reforms.close.unit")
    step = Step("close", unit.id, parent=unit.parent_id or 0)
    parent = ask_place(turn, ask, "reforms.close.parent", step, unit)
    return _finish(
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
    return _finish(turn, ask, step, names=parent.name)


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


# The last look, and doing it.


def _finish(
    turn: Turn,
    ask: Ask,
    step: Step,
    *,
    names: str,
    to: str = "",
    head: bool = False,
    quick: Sequence[tuple[str, str]] = (),
) -> Said:
    day = ask_day(turn, ask)
    for one in sorted(step.touches):
        rights.check_open(turn.posts, "units", units.get(turn.db, one))
    out = look(turn, step)
    also = [("reforms.buttons.other_day", "day"), *quick, *([("reforms.buttons.other_head", "head")] if head else [])]
    if step.act in ("split", "rename", "open"):
        also.append(("reforms.buttons.code", "code"))
    change = turn.t(f"reforms.check.{step.act}", names=names, name=step.name, to=to)
    due = turn.moment(datetime.combine(day, time()))
    ask.confirm(
        "reforms.look",
        button="reforms.buttons.do",
        quick=also,
        change=change,
        day=f"{day:%-d/%-m/%Y}",
        figures=figures(turn, out, step),
        later=turn.t("reforms.done_then" if due > turn.now else "reforms.done_now"),
    )
    name = turn.house.label(f"reforms.named.{step.act}", names=names, name=step.name, to=to)
    return _do(turn, step, name, day, due)


def figures(turn: Turn, out: Outcome, step: Step) -> Text:
    """In numbers and names, what a reform does."""
    called = reforms.name_people(turn.db, out.people | {step.head, *out.heads.values()})
    told = [
        turn.say.label(
            "reforms.lead_becomes",
            name=called[one.person],
            role=turn.say.label(f"start.role.{one.role}"),
            unit=out.name[one.unit],
        )
        for one in out.demoted
    ]
    new = [one.person for one in out.moved if one.role == "head" and one.was_role != "head"]
    heads = [called[one] for one in dict.fromkeys([*out.heads.values(), *new])]
    return lines(
        turn.t(
            "reforms.moves", units=len(set(out.hung) - set(out.closed)), people=len(out.people), tasks=len(out.tasks)
        ),
        turn.t("reforms.heads", names=some(heads)) if heads else (),
        turn.t("reforms.leads_become", names=some(told)) if told else (),
        turn.t("reforms.joined", count=out.joined) if out.joined else (),
        turn.t("reforms.headless", names=some([out.name[one] for one in out.headless])) if out.headless else (),
    )


def _do(turn: Turn, step: Step, name: str, day: date, due: int) -> Reply:
    turn.db.alone()
    kept = reforms.add(
        turn.db,
        author_id=turn.me.id,
        act=step.act,
        name=name,
        day=day.isoformat(),
        due_at=due,
        steps=[step],
        now=turn.now,
    )
    if due > turn.now:
        turn.note("reforms.planned", kept.code, after=trace(turn.house, kept), unit=reforms.office(turn.db, kept))
        text = turn.t("reforms.waits", code=kept.code, name=name, day=f"{day:%-d/%-m/%Y}")
        return Reply(text, ((undo_button(turn, kept),),))
    out, ids = reforms.carry_out(
        turn.db, kept, partial(decide, [step], at=turn.now, levels=turn.settings.levels), turn.now
    )
    turn.note(f"reforms.{kept.act}", kept.code, after=trace(turn.house, kept), unit=reforms.office(turn.db, kept))
    turn.become(turn.me)  # one's own posts may be others now
    hearers = reforms.hearers(turn.db, kept.id)
    tell_some(turn)
    text = turn.t(
        "reforms.done", code=kept.code, name=name, told=turn.t("reforms.telling", people=hearers) if hearers else ""
    )
    made = [ids.get(one, one) for one in (*out.made, *out.merged)]
    gone = step.unit in out.closed
    seen = next(one for one in (*made, 0 if gone else step.unit, step.parent) if one > 0)
    row = (undo_button(turn, replace(kept, state="done")), turn.button("reforms.buttons.show", Show(seen, 0)))
    return Reply(text, (row,))
