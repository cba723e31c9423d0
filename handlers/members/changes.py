"""Bringing somebody in; changing what they are, and where."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat import passing, pick
from bot.chat.dialog import Ask
from bot.chat.message import Text
from bot.chat.newcomer import Newcomer, newcomer
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.texts import lines
from bot.chat.turn import Turn
from bot.rules import rights
from bot.rules.refused import Refused
from handlers.members import words
from handlers.members.cards import card_of, posts_seen, role_name, somebody
from handlers.members.carrying import Trace, also, carry_out, heir_of, looks, post_in
from handlers.members.questions import near, offices_of, place_of, wanted_role, which_post
from storage import keys, tasks
from storage import people as roster
from storage.handovers import Begin, Change, Handover
from storage.people import Person, Post
from storage.units import Unit

router = Router("members")


@router.dialog("add", questions=2)
def add(turn: Turn, ask: Ask, /, unit: int, said_place: str = "", said_role: str = "") -> Said:
    """Name and number, where to, and what they are to be. `unit`: where to look, 0 for wherever one looks after
    people; the others: what was said of it beforehand."""
    offices = offices_of(turn, unit)
    new = newcomer(turn, ask, "members")
    place = place_of(turn, ask, offices, said_place)
    if new.known and any(p.unit.id == place.id for p in roster.posts(turn.db, new.known.id)):
        raise Refused("members.here_already", name=new.known.name, unit=place.name)
    wanted, demoted = wanted_role(turn, ask, place, new.known.id if new.known else 0, said=said_role)
    ask.confirm(
        "members.check_add",
        name=new.known.name if new.known else new.name,
        phone=new.phone or turn.say.label("team.no_phone"),
        role=role_name(turn, wanted),
        unit=pick.place(turn, place, offices),
        also=also(turn, demoted, None, 0, lines(_elsewhere(turn, new), _namesake(turn, new, place))),
    )
    person = new.person(turn)
    change = Change(person.id, *_posts(demoted, Begin(person.id, place.id, wanted)))
    kept = carry_out(turn, "add", person, None, change, Trace("", post_in(turn, wanted, place), place))
    _tell_demoted(turn, demoted)
    told = turn.tell(person.id, words.you_are(turn, wanted, place))
    done = card_of(turn, person, turn.t("members.added", name=person.name), [passing.undo_button(turn, kept)])
    return done if told else [done, *passing.invitation(turn, person, place)]


def _elsewhere(turn: Turn, new: Newcomer) -> Text:
    """Who is of a team already stays there, too: to come from it is another thing."""
    held = posts_seen(turn, new.known.id) if new.known else []
    where = ", ".join(f"{role_name(turn, post.role)} {post.unit.name}" for post in held)
    return turn.t("members.stays_there", posts=where) if where else ()


def _namesake(turn: Turn, new: Newcomer, unit: Unit) -> Text:
    """Somebody of the team is called the same: perhaps they are there already."""
    same = [m.person for m in roster.team(turn.db, unit) if keys.key(m.person.name) == keys.key(new.name)]
    others = [person for person in same if new.known is None or person.id != new.known.id]
    if not others:
        return ()
    phone = others[0].phone or turn.say.label("team.no_phone")
    return turn.t("members.namesake", unit=unit.name, name=others[0].name, phone=phone)


def _posts(demoted: Post | None, *begins: Begin, ends: Sequence[int] = ()) -> tuple[list[int], list[Begin]]:
    """What ends and begins; the head of before becomes deputy."""
    if demoted is None:
        return [*ends], [*begins]
    return [demoted.id, *ends], [Begin(demoted.person_id, demoted.unit.id, "deputy"), *begins]


def _tell_demoted(turn: Turn, demoted: Post | None) -> None:
    if demoted is None:
        return
    head, deputy = (turn.house.label(f"start.role.{role}") for role in ("head", "deputy"))
    turn.note("members.role", f"person {demoted.person_id}", before=head, after=deputy, unit=demoted.unit.id)
    turn.tell(demoted.person_id, words.you_are(turn, "deputy", demoted.unit))


@router.dialog("role")
def role(turn: Turn, ask: Ask, /, person: int) -> Said:
    """Head, deputy or member: anything below one's own."""
    who = somebody(turn, person)
    post = which_post(turn, ask, who)
    wanted, demoted = wanted_role(turn, ask, post.unit, who.id, but=post.role)
    ask.confirm(
        "members.check_role",
        name=who.name,
        unit=post.unit.name,
        was=role_name(turn, post.role),
        role=role_name(turn, wanted),
        also=also(turn, demoted, None, 0),
    )
    change = Change(
        who.id,
        *_posts(demoted, Begin(who.id, post.unit.id, wanted), ends=[post.id]),
        looks={} if wanted in rights.LEADS else looks(turn, who.id, frozenset({post.unit.id}), None),
    )
    was, now = (turn.house.label(f"start.role.{role}") for role in (post.role, wanted))
    kept = carry_out(turn, "role", who, post, change, Trace(was, now, post.unit))
    _tell_demoted(turn, demoted)
    told = turn.tell(who.id, words.you_are(turn, wanted, post.unit))
    return _changed(turn, who, kept, told)


@router.dialog("move")
def move(turn: Turn, ask: Ask, /, person: int) -> Said:
    """Into another of one's units; what they had to do in the old one stays there, with somebody."""
    who = somebody(turn, person)
    post = which_post(turn, ask, who)
    offices = rights.offices(turn.posts, "members")
    place = pick.unit(turn, ask, "unit", "members.where_to", offices, near=lambda: _others(turn, offices, post.unit))
    if any(held.unit.id == place.id for held in roster.posts(turn.db, who.id)):
        raise Refused("members.here_already", name=who.name, unit=place.name)
    wanted, demoted = wanted_role(turn, ask, place, who.id)
    work = tasks.held_by(turn.db, who.id, {post.unit.id})
    heir = heir_of(turn, ask, who, post.unit, len(work)) if work else None
    ask.confirm(
        "members.check_move",
        name=who.name,
        was=f"{role_name(turn, post.role)} {post.unit.name}",
        place=f"{role_name(turn, wanted)} {place.name}",
        also=also(turn, demoted, heir, len(work)),
    )
    heir_id = heir.person.id if heir else None
    scope = frozenset({post.unit.id})
    change = Change(
        who.id,
        *_posts(demoted, Begin(who.id, place.id, wanted), ends=[post.id]),
        heir=heir_id,
        work_of=scope,
        looks=looks(turn, who.id, scope, heir_id),
    )
    trace = Trace(post_in(turn, post.role, post.unit), post_in(turn, wanted, place), place)
    kept = carry_out(turn, "move", who, post, change, trace)
    _tell_demoted(turn, demoted)
    told = turn.tell(who.id, words.you_moved(turn, who, post.unit, wanted, place))
    return _changed(turn, who, kept, told)


def _changed(turn: Turn, who: Person, kept: Handover, told: bool) -> Reply:
    heading = lines(turn.t("members.changed", name=who.name), words.to_pass_on(turn, who, told))
    return card_of(turn, who, heading, [passing.undo_button(turn, kept)])


def _others(turn: Turn, offices: Sequence[Unit], but: Unit) -> list[Unit]:
    return [unit for unit in near(turn, offices) if unit.id != but.id]
