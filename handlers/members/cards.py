"""Somebody as their lead sees them, a page of the list, and whose posts are below one's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.chat.message import Button, Text
from bot.chat.reply import Reply
from bot.chat.texts import lines, paragraphs
from bot.chat.turn import Turn
from bot.rules import rights
from bot.rules.refused import Refused
from handlers.members.actions import Add, Do, Find, Lost, Page, Show
from storage import absences, tasks, units
from storage import people as roster
from storage.people import Member, Person, Post
from storage.units import Unit

PAGE = 8
MOST_LABEL = 40


def look_after(turn: Turn, unit_id: int) -> Unit:
    """A unit whose members one looks after. Raises Refused."""
    return rights.check(turn.posts, "members", units.get(turn.db, unit_id))


def page_of(turn: Turn, unit: Unit, number: int) -> Reply:
    """A page of the people of a unit and below; the first is 0."""
    total = roster.count(turn.db, unit)
    number = max(0, min(number, (total - 1) // PAGE))
    shown = roster.page(turn.db, unit, number * PAGE, PAGE)
    rows = [(Button(_label(turn, member, unit), Show(member.person.id).pack()),) for member in shown]
    turning = []
    if number:
        turning.append(turn.button("members.buttons.previous", Page(unit.id, number - 1)))
    if (number + 1) * PAGE < total:
        turning.append(turn.button("members.buttons.next", Page(unit.id, number + 1)))
    doing = (turn.button("members.buttons.find", Find(unit.id)), turn.button("members.buttons.add", Add(unit.id)))
    pages = -(-total // PAGE)
    at = turn.t("members.page", number=number + 1, of=pages) if pages > 1 else ()
    text = paragraphs(turn.t("members.title", unit=unit.name, count=total), at)
    return Reply(text, (*rows, *([tuple(turning)] if turning else []), doing), card="members")


def _label(turn: Turn, member: Member, within: Unit) -> str:
    role = role_name(turn, member.role)
    where = f", {member.unit.name}" if member.unit.id != within.id else ""
    return f"{member.person.name} ({role}{where})"[:MOST_LABEL]


def role_name(turn: Turn, role: str) -> str:
    return turn.say.label(f"start.role.{role}")


def somebody(turn: Turn, person_id: int) -> Person:
    """Somebody with a post where one may look after members. Raises Refused."""
    person = roster.get(turn.db, person_id)
    if person is None or not posts_seen(turn, person_id):
        raise Refused("chat.not_for_you")
    return person


def posts_seen(turn: Turn, person_id: int) -> list[Post]:
    return [post for post in roster.posts(turn.db, person_id) if rights.may(turn.posts, "members", post.unit)]


def posts_below(turn: Turn, person_id: int) -> list[Post]:
    """Of somebody's posts those that are below one's own."""
    return [post for post in posts_seen(turn, person_id) if rights.outranks(turn.posts, [post])]


def wholly_below(turn: Turn, person_id: int) -> Person:
    """Somebody all of whose posts are below one's own: what concerns the whole person. Raises Refused."""
    person = somebody(turn, person_id)
    if not rights.outranks(turn.posts, roster.posts(turn.db, person_id)):
        raise Refused("members.not_below", name=person.name)
    return person


def left_below(turn: Turn, person_id: int) -> list[Post]:
    """What somebody who left held last, where it was below one's own and a chat is theirs still; else nothing."""
    last = roster.last_posts(turn.db, person_id)
    is_mine = rights.outranks(turn.posts, last) and all(rights.may(turn.posts, "members", post.unit) for post in last)
    return last if is_mine and roster.identities(turn.db, person_id) else []


def card_of(turn: Turn, person: Person, heading: Text = (), first: Sequence[Button] = ()) -> Reply:
    """Somebody as their lead sees them, with what may be done."""
    seen = posts_seen(turn, person.id)
    if not seen:
        return _card_of_former(turn, person, heading, first)
    rows: list[tuple[Button, ...]] = [tuple(first)] if first else []
    beneath = posts_below(turn, person.id)
    if beneath and person.id != turn.me.id:
        rows.append((_do(turn, person, "role"), _do(turn, person, "move")))
        if rights.outranks(turn.posts, roster.posts(turn.db, person.id)):
            lost = turn.button("members.buttons.lost", Lost(person.id, 0))
            rows.append((_do(turn, person, "correct"), lost))
        rows.append((_do(turn, person, "remove"),))
    rows.append(to_list(turn, seen[0].unit))
    return Reply(paragraphs(heading, _about(turn, person, seen)), tuple(rows), card=f"member:{person.id}")


def _card_of_former(turn: Turn, person: Person, heading: Text, first: Sequence[Button]) -> Reply:
    """Somebody who holds nothing here any more: a telephone that was theirs can still be let go."""
    last = left_below(turn, person.id)
    rows: list[tuple[Button, ...]] = [tuple(first)] if first else []
    if last:
        lost = turn.button("members.buttons.lost", Lost(person.id, 0))
        rows += [(lost,), to_list(turn, last[0].unit)]
    text = turn.t("members.gone_linked" if last else "members.gone", name=person.name)
    return Reply(paragraphs(heading, text), tuple(rows), card=f"member:{person.id}")


def to_list(turn: Turn, unit: Unit) -> tuple[Button, ...]:
    return (turn.button("members.buttons.list", Page(_office_of(turn, unit).id, 0)),)


def _do(turn: Turn, person: Person, what: str) -> Button:
    return turn.button(f"members.buttons.{what}", Do(person.id, what))


def _office_of(turn: Turn, unit: Unit) -> Unit:
    return next(office for office in rights.offices(turn.posts, "members") if office.holds(unit))


def _about(turn: Turn, person: Person, seen: list[Post]) -> Text:
    identities = roster.identities(turn.db, person.id)
    reached = any(identity.unreachable_at is None for identity in identities)
    chat = "members.joined" if reached else ("members.not_reachable" if identities else "members.not_joined")
    work = tasks.held_by(turn.db, person.id)
    absence = absences.now_on(turn.db, person.id)
    return lines(
        turn.t("members.name", name=person.name),
        *(_post(turn, post) for post in seen),
        turn.t("members.phone", phone=person.phone or turn.say.label("team.no_phone")),
        turn.t(chat),
        turn.t("members.work", count=len(work)) if work else (),
        turn.t("away.is_away", until=date.fromisoformat(absence.last_day), name=absence.stand_in) if absence else (),
    )


def _post(turn: Turn, post: Post) -> Text:
    since = turn.when(post.since).date()
    return turn.t("members.post", role=role_name(turn, post.role), unit=post.unit.name, since=since)


def name_of(turn: Turn, person_id: int) -> str:
    person = roster.get(turn.db, person_id)
    return person.name if person else "?"
