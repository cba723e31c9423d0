"""An entry of the audit log in words: who did what to what, from what to what, from where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.chat.message import Span, Text
from bot.chat.texts import Voice
from storage import audit, people, units
from storage.audit import Entry
from storage.db import Db

Name = Callable[[int], str]

_PERSON = audit.person(0)[:-1]


@dataclass(frozen=True, slots=True)
class Words:
    """An entry as a person reads it; "" where there is nothing to say."""

    who: str
    act: str
    what: str
    before: str
    after: str
    where: str


def words(db: Db, say: Voice, entry: Entry) -> Words:
    """Names are today's: of somebody erased only the stand-in is left."""
    who = _name(db, entry.person_id) if entry.person_id else say.label(_nobody(entry))
    act, where = f"audit.act.{entry.act}", f"audit.from.{entry.channel}"
    known = say.texts.keys()
    return Words(
        who,
        say.label(act) if act in known else say.label("audit.unknown_act", act=entry.act),
        _what(db, entry),
        entry.before,
        entry.after or entry.detail,
        say.label(where) if where in known else entry.channel,
    )


def _nobody(entry: Entry) -> str:
    return "audit.stranger" if entry.act.startswith("start.") else "audit.nobody"


def _what(db: Db, entry: Entry) -> str:
    """A code as it is, a person by name, anything else by its unit."""
    if entry.object[1:2] == "-":
        return entry.object
    if entry.object.startswith(_PERSON) and entry.object[len(_PERSON) :].isdecimal():
        return _name(db, int(entry.object[len(_PERSON) :]))
    unit = units.get(db, entry.unit_id) if entry.unit_id else None
    return unit.name if unit else ""


def _name(db: Db, person_id: int) -> str:
    found = people.get(db, person_id)
    return found.name if found else "?"


def shown(say: Voice, entry: Words, at: Text) -> Text:
    """The entry in one line, and what changed in another."""
    line = say("audit.entry", at=at, who=entry.who, act=entry.act, what=entry.what)
    if entry.where:
        line = say("audit.entry_from", entry=line, where=entry.where)
    if entry.before:
        return (*line, Span("\n"), *say("audit.changed", before=entry.before, after=entry.after))
    return (*line, Span("\n"), *say("audit.became", after=entry.after)) if entry.after else line
