"""An entry of the audit log in words: who did what to whom or which unit, from what to what, from where."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.chat.message import Text
from bot.chat.texts import Voice
from storage import audit, people, units
from storage.audit import Entry
from storage.db import Db

_PERSON = audit.person(0)[:-1]
_CODE = re.compile(r"[^\W\d_]+-\d+")
_SET = re.compile(r"[a-z]+:(.+)")  # what an administrator set: its kind, then how it is called


@dataclass(frozen=True, slots=True)
class Words:
    """An entry as a person reads it; "" where there is nothing to say. `did` is the whole sentence but for `who` and
    `where`; the others are its parts."""

    who: str
    did: str
    what: str
    before: str
    after: str
    where: str
    unit: str


def words(db: Db, say: Voice, entry: Entry) -> Words:
    """Names are today's: of somebody erased only the stand-in is left."""
    who = _name(db, entry.person_id) if entry.person_id else say.label(_nobody(entry))
    found = units.get(db, entry.unit_id) if entry.unit_id else None
    unit, what = found.name if found else "", _what(db, entry)
    where, known = f"audit.from.{entry.channel}", say.texts.keys()
    return Words(
        who,
        _did(say, entry, what or unit, unit),
        what or unit,
        entry.before,
        entry.after,
        say.label("audit.through", where=say.label(where) if where in known else entry.channel)
        if entry.channel
        else "",
        unit,
    )


def _did(say: Voice, entry: Entry, what: str, unit: str) -> str:
    known = say.texts.keys()
    act, own = f"audit.act.{entry.act}", f"audit.own.{entry.act}"
    key = act if act in known else "audit.unknown_act"
    if entry.person_id and entry.object == audit.person(entry.person_id) and own in known:
        key = own
    place = say.label("audit.place", unit=unit) if unit and unit != what else ""
    change = ""
    if entry.before:
        change = say.label("audit.change", before=entry.before, after=entry.after)
    elif entry.after:
        change = say.label("audit.became", after=entry.after)
    return say.label(key, what=what, place=place, change=change, before=entry.before, after=entry.after, act=entry.act)


def _nobody(entry: Entry) -> str:
    """Who it was, where no name is known."""
    if entry.channel == audit.MACHINE:
        return "audit.operator"
    at_the_door = entry.act.startswith("start.") or entry.act in ("joining.asked", "joining.withdrawn")
    return "audit.stranger" if at_the_door and entry.channel != "clock" else "audit.nobody"


def _what(db: Db, entry: Entry) -> str:
    """A code or what was set as it is called, a person by name; "" for anything else, which its unit stands for."""
    if _CODE.fullmatch(entry.object):
        return entry.object
    if (thing := _SET.fullmatch(entry.object)) is not None:
        return thing[1]
    if entry.object.startswith(_PERSON) and entry.object[len(_PERSON) :].isdecimal():
        return _name(db, int(entry.object[len(_PERSON) :]))
    return ""


def _name(db: Db, person_id: int) -> str:
    found = people.get(db, person_id)
    return found.name if found else "?"


def shown(say: Voice, entry: Words, at: Text) -> Text:
    """The entry as one sentence."""
    if entry.where:
        return say("audit.entry_from", at=at, who=entry.who, did=entry.did, where=entry.where)
    return say("audit.entry", at=at, who=entry.who, did=entry.did)
