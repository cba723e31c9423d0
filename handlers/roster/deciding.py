"""A list that was shown is taken over, after a copy of what was before; or dropped; or taken back."""

from __future__ import annotations

import json
from typing import Any

from bot.chat import listing
from bot.chat.action import Typed
from bot.chat.message import Button, plain
from bot.chat.reply import Reply, View
from bot.chat.router import Done, Router, Said
from bot.chat.texts import Voice, paragraphs
from bot.chat.turn import Turn
from bot.rules import rights
from bot.rules.refused import Refused
from bot.rules.roster import Plan
from handlers.roster.actions import Drop, Take, Undo
from handlers.roster.showing import choices, figures, preview, read_again, waiting
from storage import dependents, imports, taking_back, units
from storage.imports import Import

DAY_MS = 24 * 3600 * 1000
UNDO_DAYS = 30

router = Router("roster")


@router.on(Take)
def take(turn: Turn, pressed: Take) -> Said:
    """Take it over, once there is a copy of what was before."""
    one, _ = waiting(turn, pressed.number)
    turn.order("roster.write", number=one.id, remove_gone=pressed.remove_gone)
    counted = json.loads(one.figures)
    count = counted["new"] + counted["changed"]
    return Reply(turn.t("roster.taking", name=one.name, count=count), card=f"import:{one.id}")


def _to_write(turn: Turn, number: int, remove_gone: int) -> dict[str, Any]:
    waiting(turn, number)
    return {}


@router.errand("write", given=_to_write, copies=True)
def write(turn: Turn, done: Done) -> None:
    """Whole or not at all; when what is kept has changed since it was shown, it is shown anew instead."""
    turn.db.alone()
    one, unit = waiting(turn, done.params["number"])
    remove_gone = bool(done.params["remove_gone"])
    listed, plan = read_again(turn, one, unit)
    if done.trouble:
        _show(turn, lambda say: _not_copied(say, one, plan, done.trouble, remove_gone=remove_gone))
    elif json.loads(one.figures) != json.loads(figures(plan)):
        imports.show(turn.db, one.id, figures(plan))
        _show(turn, lambda say: preview(say, one.id, one.name, listed, plan, remove_gone=remove_gone, again=True))
    else:
        _take_over(turn, one, plan, remove_gone=remove_gone)
        _show(turn, lambda say: _taken(say, one, plan, done.copy, remove_gone=remove_gone))


def _show(turn: Turn, view: View) -> None:
    turn.refresh(turn.me.id, view, last=True, urgent=True)


def _take_over(turn: Turn, one: Import, plan: Plan, *, remove_gone: bool) -> None:
    house, code = turn.house, imports.code(one.id)
    imports.take_over(
        turn.db,
        one.id,
        plan.changes(remove_gone=remove_gone),
        listing.traces(house, plan, remove_gone=remove_gone),
        said=plain(listing.result(house, "roster.trace", one.name, code, plan, remove_gone=remove_gone)),
        channel=turn.through,
        language=turn.settings.language,
        now=turn.now,
    )


def _taken(say: Voice, one: Import, plan: Plan, copy: str, *, remove_gone: bool) -> Reply:
    said = listing.result(say, "roster.taken", one.name, imports.code(one.id), plan, remove_gone=remove_gone)
    copied = say("roster.backed_up", file=copy) if copy else ()
    invite = Button(say.label("roster.buttons.invite"), Typed("/moi").pack())
    back = Button(say.label("roster.buttons.undo"), Undo(one.id).pack())
    return Reply(paragraphs(said, copied, say("roster.then")), ((invite, back),), card=f"import:{one.id}")


def _not_copied(say: Voice, one: Import, plan: Plan, why: str, *, remove_gone: bool) -> Reply:
    said = say("roster.not_copied", name=one.name, why=why)
    return Reply(said, choices(say, one.id, plan, remove_gone=remove_gone), card=f"import:{one.id}")


@router.on(Drop)
def drop(turn: Turn, pressed: Drop) -> Said:
    """It is not taken over."""
    one, _ = waiting(turn, pressed.number)
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
