"""Invitations: a code for one person to pass on, or sheets of them to print, made outside of the turn."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.chat.action import Action
from bot.chat.dialog import Ask, Option
from bot.chat.invitations import sheets
from bot.chat.message import Span
from bot.chat.reply import Reply
from bot.chat.router import Done, Router, Said
from bot.chat.texts import Voice, lines
from bot.chat.turn import Turn, errand_card, made_card
from bot.rules import codes, people, rights, vietnamese
from bot.rules.refused import Refused
from handlers.team.board import office_of
from storage import audit, invites, units
from storage import people as roster
from storage.people import Member, Post
from storage.units import Unit

DAY_MS = 24 * 3600 * 1000
MOST_STRIPS = 3000  # a quarter of a minute of drawing, five hundred pages
TEAM, BELOW, BACK = "team", "below", "back"

router = Router("team")


@dataclass(frozen=True, slots=True)
class TakeBack(Action, code="mk"):
    """The code just given to somebody is to be of no use any more."""

    person: int


@router.command("moi", about="team.about_invite", who=rights.has("members"), rank=75)
@router.dialog("invite")
def invite(turn: Turn, ask: Ask, /) -> Said:
    """A personal code for somebody of the own units, or sheets for all who have not joined."""
    office = office_of(turn)
    whom = ask.choice("person", "team.whom", lambda: _options(turn, office), columns=1)
    if whom == BACK:
        return _take_all_back(turn, ask, office)
    if whom in (TEAM, BELOW):
        return _order_sheet(turn, ask, office, whole=whom == BELOW)
    return _invite_one(turn, ask, office, int(whom))


def _options(turn: Turn, office: Unit) -> list[Option]:
    below = _invitable(turn, office)
    if not below:
        raise Refused("team.nobody")
    away = _outranked(turn, office, [member for member in below if not member.joined])
    team = [member for member in away if member.unit.id == office.id]
    found = []
    if team:
        found.append(Option(TEAM, turn.say.label("team.options.team", count=len(team))))
    if len(away) > len(team):
        found.append(Option(BELOW, turn.say.label("team.options.below", count=len(away))))
    usable = invites.usable(turn.db, office, turn.now) & {member.person.id for member in below}
    people = [Option(str(m.person.id), f"{m.person.name} ({m.unit.name})") for m in below]
    if usable:
        people.append(Option(BACK, turn.say.label("team.options.back", count=len(usable))))
    return [*found, *people]


def _invitable(turn: Turn, office: Unit) -> list[Member]:
    """Those below whoever invites, as far as the own units show, each once, those who have not joined first."""
    once = {member.person.id: member for member in reversed(roster.under(turn.db, office))}
    found = [
        member
        for member in once.values()
        if member.person.id != turn.me.id
        and rights.outranks(turn.posts, [Post(member.person.id, member.role, member.unit)])
    ]
    return sorted(found, key=lambda member: (member.joined, member.unit.path, member.person.name))


def _outranked(turn: Turn, office: Unit, members: list[Member]) -> list[Member]:
    """Without those who hold a higher post elsewhere."""
    posts = roster.posts_under(turn.db, office)
    return [member for member in members if rights.outranks(turn.posts, posts.get(member.person.id, []))]


# One


def _invite_one(turn: Turn, ask: Ask, office: Unit, person_id: int) -> Said:
    member = next((m for m in roster.under(turn.db, office) if m.person.id == person_id), None)
    if member is None or not rights.outranks(turn.posts, roster.posts(turn.db, person_id)):
        raise Refused("team.not_invitable")
    name = member.person.name
    if person_id in invites.usable(turn.db, member.unit, turn.now):
        again = [
            Option("new", turn.say.label("team.options.new_code")),
            Option(BACK, turn.say.label("team.options.take_back")),
        ]
        if ask.choice("again", "team.has_code", lambda: again, columns=1, name=name) == BACK:
            return _take_back(turn, person_id, name)
    code = codes.spell(secrets.randbits(codes.BITS))
    expires = turn.now + turn.settings.invite_days * DAY_MS
    invites.add(turn.db, code, person_id, turn.now, expires)
    until = (turn.local + timedelta(days=turn.settings.invite_days)).date()
    good = turn.house.label("audit.fact.code_until", until=until)
    turn.note("team.invited", audit.person(person_id), after=good, unit=member.unit.id)
    link = turn.settings.link(code)
    text = turn.t("team.invitation", name=name, unit=member.unit.name, code=code, until=until)
    letter = Reply(lines(text, (Span(link),) if link else ()))
    back = turn.button("team.buttons.take_back", TakeBack(person_id))
    key = "team.pass_on" if member.role == "member" else "team.pass_on_lead"
    return letter, Reply(turn.t(key, name=name), ((back,),), card=f"code of {person_id}")  # the first can be forwarded


@router.on(TakeBack)
def take_back(turn: Turn, pressed: TakeBack) -> Said:
    """A code that was lost, or came into wrong hands."""
    person = roster.get(turn.db, pressed.person)
    if person is None or not rights.outranks(turn.posts, roster.posts(turn.db, pressed.person)):
        raise Refused("chat.not_for_you")
    return _take_back(turn, person.id, person.name)


def _take_back(turn: Turn, person_id: int, name: str) -> Reply:
    card = f"code of {person_id}"
    if not invites.take_back(turn.db, person_id, turn.now):
        return Reply(turn.t("team.no_code_left", name=name), card=card)
    _note_back(turn, person_id)
    return Reply(turn.t("team.code_taken_back", name=name), card=card)


def _note_back(turn: Turn, person_id: int) -> None:
    was, became = turn.house.label("audit.fact.code"), turn.house.label("audit.fact.void")
    home = people.home(roster.posts(turn.db, person_id))
    unit = home.unit.id if home else None
    turn.note("team.code_taken_back", audit.person(person_id), before=was, after=became, unit=unit)


def _take_all_back(turn: Turn, ask: Ask, office: Unit) -> Said:
    usable = invites.usable(turn.db, office, turn.now)
    below = [member for member in _invitable(turn, office) if member.person.id in usable]
    those = _outranked(turn, office, below)
    ask.confirm("team.back_sure", button="team.buttons.take_all_back", count=len(those))
    for member in those:
        invites.take_back(turn.db, member.person.id, turn.now)
        _note_back(turn, member.person.id)
    return Reply(turn.t("team.all_taken_back", count=len(those)))


# Sheets


def _order_sheet(turn: Turn, ask: Ask, office: Unit, *, whole: bool) -> Said:
    rights.check_open(turn.posts, "members", office)
    those = _to_draw(turn, office, whole=whole)
    old = len(invites.usable(turn.db, office, turn.now) & {member.person.id for member in those})
    if old:
        ask.confirm("team.sheet_sure_void", button="team.buttons.draw", unit=office.name, count=len(those), old=old)
    else:
        ask.confirm("team.sheet_sure", button="team.buttons.draw", unit=office.name, count=len(those))
    card = turn.order("team.sheet", unit=office.id, whole=whole)
    return Reply(turn.t("team.sheet_ordered", count=len(those)), card=card)


def _to_draw(turn: Turn, office: Unit, *, whole: bool) -> list[Member]:
    away = [m for m in _invitable(turn, office) if not m.joined and (whole or m.unit.id == office.id)]
    those = _outranked(turn, office, away)
    if not those:
        raise Refused("team.all_joined")
    if len(those) > MOST_STRIPS:
        raise Refused("team.sheet_too_big", count=len(those), most=MOST_STRIPS)
    return those


def _strips(turn: Turn, unit: int, whole: bool) -> dict[str, Any]:
    """What stands on the sheets; the codes are kept nowhere until the sheets are there, and then as hashes only."""
    office = rights.check_open(turn.posts, "members", units.get(turn.db, unit))
    those = _to_draw(turn, office, whole=whole)
    new = {member.person.id: codes.spell(secrets.randbits(codes.BITS)) for member in those}
    until = (turn.local + timedelta(days=turn.settings.invite_days)).date()
    say = Voice(turn.around.texts, turn.me.language)
    drawn = sheets(turn.db, say, those, new, link=turn.settings.link, team=turn.settings.team, until=until)
    return {**drawn, "codes": [[code, person_id] for person_id, code in new.items()]}


@router.errand("sheet", by="bot.strips", given=_strips)
def hand_out(turn: Turn, done: Done) -> None:
    """The sheets are drawn: from now on their codes count, and no earlier one."""
    office = rights.check_open(turn.posts, "members", units.get(turn.db, done.params["unit"]))
    expires = turn.now + turn.settings.invite_days * DAY_MS
    allowed = {member.person.id for member in _to_draw(turn, office, whole=done.params["whole"])}
    drawn = [(code, person_id) for code, person_id in done.given["codes"] if person_id in allowed]
    invites.add_all(turn.db, drawn, turn.now, expires)
    until = (turn.local + timedelta(days=turn.settings.invite_days)).date()
    good = turn.house.label("audit.fact.code_until", until=until)
    drawn_for = turn.house.label("audit.fact.people", count=len(drawn))
    turn.note("team.sheet_made", f"unit {office.id}", after=drawn_for, unit=office.id)
    for _, person_id in drawn:
        turn.note("team.invited", audit.person(person_id), after=good, unit=office.id)
    name = re.sub(r"[^a-z0-9]+", "-", vietnamese.fold(f"giay moi {office.name}")).strip("-")
    file = turn.made(done, f"{name}.pdf", "application/pdf")

    def ready(say: Voice) -> Reply:
        text = say("team.sheet_ready", unit=office.name, count=len(drawn), until=until)
        return Reply(text, files=(file,), card=made_card(done.id))

    turn.refresh(turn.me.id, lambda say: Reply(say("team.sheet_done", count=len(drawn)), card=errand_card(done.id)))
    if not turn.tell(turn.me.id, ready, urgent=True):
        raise Refused("chat.errand_failed")  # codes that nobody gets are not to count
