"""An office's list, sent as a file by an administrator: read outside the turn, shown first, taken over on a press."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any

from bot.chat import listing
from bot.chat.action import Action, Typed
from bot.chat.message import Button, Buttons, File, plain
from bot.chat.reply import Reply
from bot.chat.router import Done, Router, Said
from bot.chat.texts import Voice, paragraphs
from bot.chat.turn import Turn, errand_card, made_card
from bot.rules import rights
from bot.rules.refused import Refused
from bot.rules.roster import NOTES, Plan, Roster, make_plan, packing
from storage import dependents, files, imports, taking_back, units
from storage import roster as kept
from storage.imports import Import
from storage.units import Unit

TABLE = re.compile(r"\.(xlsx|xlsm|xls|xlsb|ods|csv|tsv)$", re.IGNORECASE)
TABLE_TYPES = ("spreadsheet", "excel", "text/csv")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_BYTES = 20_000_000  # more a Telegram bot is not given
MOST_PEOPLE = 30_000  # a second or two of one transaction, in which nobody else is answered
MOST_MARKED = 2_000  # doubts of the comparison that the marked copy shows
DOUBTS = 5
CHANGES = 5
DAY_MS = 24 * 3600 * 1000
UNDO_DAYS = 30

router = Router("roster")


@dataclass(frozen=True, slots=True)
class Load(Action, code="il"):
    """The list in this file is of this unit."""

    file: int
    unit: int


@dataclass(frozen=True, slots=True)
class Show(Action, code="is"):
    """The list with who is not in it let go, or kept."""

    number: int
    remove_gone: int


@dataclass(frozen=True, slots=True)
class Take(Action, code="it"):
    """Take it over as it was shown."""

    number: int
    remove_gone: int


@dataclass(frozen=True, slots=True)
class Drop(Action, code="id"):
    """Do nothing with it."""

    number: int


@dataclass(frozen=True, slots=True)
class Undo(Action, code="iu"):
    """Take back what it did."""

    number: int


# A file comes


@router.command("danhsach", about="roster.about", who=rights.has("roster"), rank=85)
def how(turn: Turn) -> Said:
    """What to send."""
    return Reply(turn.t("roster.how"))


@router.said(rank=40)
def list_comes(turn: Turn) -> Said:
    """Somebody sent a table: the list of an administrator, else told kindly whose it would be."""
    at = next((at for at, file in enumerate(turn.incoming.files) if _is_table(file)), None)
    if at is None:
        return None
    offices = rights.offices(turn.posts, "roster")
    if not offices:
        return Reply(turn.t("roster.not_yours"))
    file = turn.incoming.files[at]
    if file.size > MOST_BYTES:
        raise Refused("roster.too_heavy", size=-(-file.size // 1_000_000))
    file_id = turn.keep_files()[at]
    if len(offices) == 1:
        return _read(turn, file_id, offices[0])
    buttons = tuple((Button(unit.name[:24], Load(file_id, unit.id).pack()),) for unit in offices)
    return Reply(turn.t("roster.whose", name=_name(file.name)), buttons)


def _is_table(file: File) -> bool:
    return bool(TABLE.search(file.name)) or any(kind in file.mime for kind in TABLE_TYPES)


def _name(name: str) -> str:
    return PurePath(name).name[:60] or "?"


@router.on(Load)
def load(turn: Turn, pressed: Load) -> Said:
    """It is said whose list it is."""
    return _read(turn, pressed.file, rights.check_open(turn.posts, "roster", units.get(turn.db, pressed.unit)))


def _read(turn: Turn, file_id: int, unit: Unit) -> Reply:
    file = files.get(turn.db, file_id)
    if file is None:
        raise Refused("chat.stale_button")
    card = turn.order("roster.read", file=file_id, unit=unit.id)
    return Reply(turn.t("roster.reading", name=_name(file.name)), card=card)


def _to_read(turn: Turn, file: int, unit: int, **more: Any) -> dict[str, Any]:
    rights.check_open(turn.posts, "roster", units.get(turn.db, unit))
    stored = files.get(turn.db, file)
    if stored is None:
        raise Refused("chat.no_file")
    fields = asdict(stored)
    del fields["id"]
    return {"file": fields, "language": turn.me.language, **more}


# It is shown


@router.errand("read", by="bot.examining", given=_to_read, fetches=True)
def show_first(turn: Turn, done: Done) -> None:
    """The file has been read: it is compared with what is kept, and shown."""
    turn.db.alone()
    unit = rights.check_open(turn.posts, "roster", units.get(turn.db, done.params["unit"]))
    told = json.loads(done.made)
    if "refused" in told:
        raise Refused(f"roster.refused.{told['refused']}", **told["values"])
    if told["people"] > MOST_PEOPLE:
        raise Refused("roster.too_many", count=told["people"], most=MOST_PEOPLE)
    name = _name(done.given["file"]["name"])
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
        figures=_figures(plan),
        now=turn.now,
    )
    turn.refresh(turn.me.id, lambda say: Reply(say("roster.was_read", name=name), card=errand_card(done.id)))
    turn.tell(turn.me.id, lambda say: _preview(say, number, name, listed, plan, remove_gone=False), urgent=True)
    if any(problem.kind not in NOTES for problem in (*listed.problems, *plan.problems)):
        turn.order("roster.mark", file=done.params["file"], unit=unit.id, number=number)


def _to_mark(turn: Turn, file: int, unit: int, number: int) -> dict[str, Any]:
    """Once it is decided only what is doubtful in the file itself is known."""
    packed = imports.content(turn.db, number).partition(" ")[2]
    return _to_read(turn, file, unit, doubts=packing.stretch(packed)["doubts"] if packed else [])


@router.errand("mark", by="bot.marking", given=_to_mark, fetches=True)
def hand_copy(turn: Turn, done: Done) -> None:
    """The copy with the doubtful cells marked is made."""
    stem = PurePath(_name(done.given["file"]["name"])).stem
    copy = turn.made(done, f"{stem}-{turn.say.label('roster.marked_name')}.xlsx", XLSX)
    turn.tell(
        turn.me.id, lambda say: Reply(say("roster.marked_copy"), files=(copy,), card=made_card(done.id)), urgent=True
    )


def _plan(turn: Turn, listed: Roster, unit: Unit) -> Plan:
    return make_plan(listed, kept.read(turn.db, unit))


def _figures(plan: Plan) -> str:
    return json.dumps(asdict(plan.counts))


def _preview(
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
    return Reply(shown, _choices(say, number, plan, remove_gone=remove_gone), card=f"import:{number}")


def _question(say: Voice, plan: Plan) -> Any:
    if not plan.counts.people or plan.counts.people == plan.counts.left_out:
        return say("roster.nobody")
    return say("roster.nothing") if plan.is_empty and not plan.going() else say("roster.not_decided")


def _choices(say: Voice, number: int, plan: Plan, *, remove_gone: bool) -> Buttons:
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


def _waiting(turn: Turn, number: int) -> tuple[Import, Unit]:
    """A list that waits to be decided. Raises Refused."""
    one = imports.get(turn.db, number)
    unit = rights.check_open(turn.posts, "roster", units.get(turn.db, one.unit_id) if one else None)
    assert one is not None
    if one.state != "read":
        raise Refused("roster.decided", name=one.name)
    return one, unit


def _read_again(turn: Turn, one: Import, unit: Unit) -> tuple[Roster, Plan]:
    listed = packing.unpack(packing.stretch(imports.content(turn.db, one.id).partition(" ")[0]))
    return listed, _plan(turn, listed, unit)


@router.on(Show)
def show(turn: Turn, pressed: Show) -> Said:
    """Who is not in the list is let go, or kept after all; nothing happens yet."""
    one, unit = _waiting(turn, pressed.number)
    listed, plan = _read_again(turn, one, unit)
    imports.show(turn.db, one.id, _figures(plan))
    return _preview(turn.say, one.id, one.name, listed, plan, remove_gone=bool(pressed.remove_gone))


# It is decided


@router.on(Take)
def take(turn: Turn, pressed: Take) -> Said:
    """Take it over; when what is kept has changed since it was shown, show it anew instead."""
    turn.db.alone()
    one, unit = _waiting(turn, pressed.number)
    listed, plan = _read_again(turn, one, unit)
    remove_gone = bool(pressed.remove_gone)
    if json.loads(one.figures) != asdict(plan.counts):
        imports.show(turn.db, one.id, _figures(plan))
        return _preview(turn.say, one.id, one.name, listed, plan, remove_gone=remove_gone, again=True)
    house = turn.house
    imports.take_over(
        turn.db,
        one.id,
        plan.changes(remove_gone=remove_gone),
        listing.traces(house, plan, remove_gone=remove_gone),
        said=plain(
            listing.result(house, "roster.trace", one.name, imports.code(one.id), plan, remove_gone=remove_gone)
        ),
        channel=turn.address.channel,
        language=turn.settings.language,
        now=turn.now,
    )
    said = listing.result(turn.say, "roster.taken", one.name, imports.code(one.id), plan, remove_gone=remove_gone)
    buttons = ((turn.button("roster.buttons.invite", Typed("/moi")), turn.button("roster.buttons.undo", Undo(one.id))),)
    return Reply(paragraphs(said, turn.t("roster.then")), buttons, card=f"import:{one.id}")


@router.on(Drop)
def drop(turn: Turn, pressed: Drop) -> Said:
    """It is not taken over."""
    one, _ = _waiting(turn, pressed.number)
    imports.drop(turn.db, one.id, turn.now)
    return Reply(turn.t("roster.dropped", name=one.name), card=f"import:{one.id}")


@router.on(Undo)
def undo(turn: Turn, pressed: Undo) -> Said:
    """Everything is as it was before, while nothing is built on it."""
    turn.db.alone()
    one = imports.get(turn.db, pressed.number)
    rights.check(turn.posts, "roster", units.get(turn.db, one.unit_id) if one else None)
    assert one is not None
    if one.state != "done":
        raise Refused("roster.decided", name=one.name)
    if built := dependents.built_on(turn.db, one):
        key, values = listing.why_it_stays(built, one)
        raise Refused(key, **values)
    invited = dependents.invited(turn.db, one, turn.now)
    said = listing.undone_trace(turn.house, one, invited)
    taking_back.undo(turn.db, one, turn.me.id, turn.address.channel, turn.now, said)
    return Reply(listing.undone(turn.say, one, invited), card=f"import:{one.id}")


@router.every(3600)
def forget(turn: Turn) -> None:
    """A list that nobody decided about is kept for a day, what is needed to take one back for a month."""
    imports.drop_old(turn.db, turn.now - DAY_MS, turn.now)
    imports.settle_old(turn.db, turn.now - UNDO_DAYS * DAY_MS)
