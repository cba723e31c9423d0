"""A list that was read is shown with what it would change, and its doubtful cells in a copy."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import PurePath
from typing import Any

from bot.chat import listing
from bot.chat.message import Button, Buttons
from bot.chat.reply import Reply
from bot.chat.router import Done, Far, Router, Said
from bot.chat.texts import Voice, paragraphs
from bot.chat.turn import Turn, errand_card, made_card
from bot.rules import rights
from bot.rules.refused import Refused
from bot.rules.roster import NOTES, Plan, Roster, make_plan, packing
from handlers.roster.actions import Drop, Show, Take
from handlers.roster.coming import file_name, to_read
from storage import files, imports, units
from storage import roster as kept
from storage.imports import Import
from storage.units import Unit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_PEOPLE = 30_000  # a second or two of one transaction, in which nobody else is answered
MOST_MARKED = 2_000  # doubts of the comparison that the marked copy shows
DOUBTS = 5
CHANGES = 5

router = Router("roster")


def _far(turn: Turn, far: Far) -> None:
    """The card says how many rows have been read."""
    stored = files.get(turn.db, far.params["file"])
    name = file_name(stored.name) if stored else "?"
    values = {"name": name, "done": far.done, "total": far.total}
    turn.refresh(turn.me.id, lambda say: Reply(say("roster.reading_far", **values), card=errand_card(far.id)))


@router.errand("read", by="bot.examining", given=to_read, fetches=True, far=_far)
def show_first(turn: Turn, done: Done) -> None:
    """The file has been read: it is compared with what is kept, and shown."""
    turn.db.alone()
    unit = rights.check_open(turn.posts, "roster", units.get(turn.db, done.params["unit"]))
    told = json.loads(done.made)
    if "refused" in told:
        raise Refused(f"roster.refused.{told['refused']}", **told["values"])
    if told["people"] > MOST_PEOPLE:
        raise Refused("roster.too_many", count=told["people"], most=MOST_PEOPLE)
    name = file_name(done.given["file"]["name"])
    listed = packing.unpack(packing.stretch(told["list"]))
    plan = _plan(turn, listed, unit)
    doubts = packing.pack_problems(plan.problems[:MOST_MARKED])
    number = imports.add(
        turn.db,
        person_id=turn.me.id,
        unit_id=unit.id,
        name=name,
        sha256=told["sha256"],
        content=f"{told['list']} {packing.squeeze({'doubts': doubts})}",
        figures=figures(plan),
        now=turn.now,
    )
    turn.refresh(turn.me.id, lambda say: Reply(say("roster.was_read", name=name), card=errand_card(done.id)))
    turn.tell(turn.me.id, lambda say: preview(say, number, name, listed, plan, remove_gone=False), urgent=True)
    if any(problem.kind not in NOTES for problem in (*listed.problems, *plan.problems)):
        turn.order("roster.mark", file=done.params["file"], unit=unit.id, number=number)


def _to_mark(turn: Turn, file: int, unit: int, number: int) -> dict[str, Any]:
    """Once it is decided only what is doubtful in the file itself is known."""
    packed = imports.content(turn.db, number).partition(" ")[2]
    return to_read(turn, file, unit, doubts=packing.stretch(packed)["doubts"] if packed else [])


@router.errand("mark", by="bot.marking", given=_to_mark, fetches=True)
def hand_copy(turn: Turn, done: Done) -> None:
    """The copy with the doubtful cells marked is made."""
    stem = PurePath(file_name(done.given["file"]["name"])).stem
    copy = turn.made(done, f"{stem}-{turn.say.label('roster.marked_name')}.xlsx", XLSX)
    turn.tell(
        turn.me.id, lambda say: Reply(say("roster.marked_copy"), files=(copy,), card=made_card(done.id)), urgent=True
    )


def _plan(turn: Turn, listed: Roster, unit: Unit) -> Plan:
    return make_plan(listed, kept.read(turn.db, unit), levels=turn.settings.levels.order)


def figures(plan: Plan) -> str:
    """What whoever decides has seen, as it is kept."""
    return json.dumps(asdict(plan.counts))


def preview(
    say: Voice, number: int, name: str, listed: Roster, plan: Plan, *, remove_gone: bool, again: bool = False
) -> Reply:
    problems = [*listed.problems, *plan.problems]
    shown = paragraphs(
        say("roster.written_meanwhile") if again else (),
        listing.preview(say, name, plan, remove_gone=remove_gone),
        listing.altered(say, plan, CHANGES),
        listing.doubts(say, problems, DOUBTS),
        _question(say, plan),
    )
    return Reply(shown, choices(say, number, plan, remove_gone=remove_gone), card=f"import:{number}")


def _question(say: Voice, plan: Plan) -> Any:
    if plan.has_nobody:
        return say("roster.nobody")
    return say("roster.nothing") if plan.is_empty and not plan.going() else say("roster.not_decided")


def choices(say: Voice, number: int, plan: Plan, *, remove_gone: bool) -> Buttons:
    going = len(plan.going())
    is_much = not plan.is_empty or (going and remove_gone)
    rows: list[tuple[Button, ...]] = []
    if is_much:
        take = Button(say.label("roster.buttons.take"), Take(number, int(remove_gone)).pack())
        rows.append((take, Button(say.label("roster.buttons.drop"), Drop(number).pack())))
    if going:
        key = "roster.buttons.keep" if remove_gone else "roster.buttons.let_go"
        rows.append((Button(say.label(key, count=going), Show(number, int(not remove_gone)).pack()),))
    return tuple(rows)


def waiting(turn: Turn, number: int) -> tuple[Import, Unit]:
    """A list that waits to be decided. Raises Refused."""
    one = imports.get(turn.db, number)
    unit = rights.check_open(turn.posts, "roster", units.get(turn.db, one.unit_id) if one else None)
    assert one is not None
    if one.state != "read":
        raise Refused("roster.decided", name=one.name)
    return one, unit


def read_again(turn: Turn, one: Import, unit: Unit) -> tuple[Roster, Plan]:
    """The list that waits, compared with what is kept by now."""
    listed = packing.unpack(packing.stretch(imports.content(turn.db, one.id).partition(" ")[0]))
    return listed, _plan(turn, listed, unit)


@router.on(Show)
def show(turn: Turn, pressed: Show) -> Said:
    """Who is not in the list is let go, or kept after all; nothing happens yet."""
    one, unit = waiting(turn, pressed.number)
    listed, plan = read_again(turn, one, unit)
    imports.show(turn.db, one.id, figures(plan))
    return preview(turn.say, one.id, one.name, listed, plan, remove_gone=bool(pressed.remove_gone))
