"""Somebody new in one message, "/thanhvien Nguyễn Thị Ba 0912345678 Ấp 3": what is understood is shown at once, and
only what is not is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.chat import naming
from bot.chat.message import Text
from bot.chat.reply import Reply
from bot.chat.router import Said
from bot.chat.texts import lines, paragraphs
from bot.chat.turn import Turn
from bot.rules import members as rules
from bot.rules import rights, vietnamese
from bot.rules.members import Introduced
from handlers.members.cards import card_of
from handlers.members.changes import add
from storage import people as roster
from storage import units
from storage.people import Person
from storage.units import Unit


def introduce(turn: Turn, said: str) -> Said:
    """None when it is somebody to be looked up: a name alone, or a number alone."""
    offices = rights.offices(turn.posts, "members")
    read = rules.introduced(said, lambda words: bool(_places(turn, offices, words)))
    if not read.name or not (read.phone or read.wrong_phone or _is_new(turn, offices, read)):
        return None
    meant = _places(turn, offices, read.place) if read.place else []
    known = _known(turn, read)
    there = _is_in(turn, known, meant or offices, exactly=bool(meant)) if known else None
    if known and there:
        return card_of(turn, known, turn.t("members.here_already", name=known.name, unit=there.name))
    asked = add.begin(
        turn, _answers(read, meant, known), unit=0, said_place=read.place, said_role=read.role or "member"
    )
    assert isinstance(asked, Reply)
    return replace(asked, text=paragraphs(_not_taken(turn, read), asked.text))


def _answers(read: Introduced, meant: Sequence[Unit], known: Person | None) -> dict[str, Any]:
    """What need not be asked any more."""
    answers: dict[str, Any] = {"name": (read.name, "")}
    if read.phone:
        answers["phone"] = (read.phone, "")
    if known:
        answers["known"] = (str(known.id), read.phone)
    if len(meant) == 1:
        answers["unit"] = (meant[0].id, "")
    return answers


def _places(turn: Turn, offices: Sequence[Unit], words: str) -> list[Unit]:
    """The units that are wholly called so, of those one looks after."""
    found = naming.find(turn.db, offices, words)
    return [one for one in found if rules.names_unit(words, one.name, [up.name for up in units.above(turn.db, one)])]


def _is_new(turn: Turn, offices: Sequence[Unit], read: Introduced) -> bool:
    """Without a number: a whole name with a role or a unit, and nobody is called so."""
    if len(read.name.split()) < 2 or not (read.role or read.place):
        return False
    found = [member for top in offices for member in roster.called(turn.db, top, read.name)]
    return not vietnamese.rank(read.name, found, lambda member: member.person.name)


def _known(turn: Turn, read: Introduced) -> Person | None:
    """Somebody of the roster with this very name and number."""
    found = roster.with_phone(turn.db, read.phone) if read.phone else []
    same = [one for one in found if rules.same_name(read.name, one.name)]
    return same[0] if len(same) == 1 else None


def _is_in(turn: Turn, person: Person, within: Sequence[Unit], *, exactly: bool) -> Unit | None:
    """Where of these units (or, unless `exactly`, below them) they hold a post already."""
    held = [post.unit for post in roster.posts(turn.db, person.id)]
    return next((one for one in held if any(one == top or (not exactly and top.holds(one)) for top in within)), None)


def _not_taken(turn: Turn, read: Introduced) -> Text:
    """What of it was not taken, so that nothing is lost unseen."""
    wrong = "members.two_phones" if "/" in read.wrong_phone else "chat.no_phone_number"
    return lines(
        turn.t(wrong, said=read.wrong_phone) if read.wrong_phone else (),
        turn.t("members.not_read", said=read.unread) if read.unread else (),
    )
