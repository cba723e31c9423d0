"""What is asked: which post, to whom, from when, and what becomes of who had it."""

from __future__ import annotations

from datetime import date, timedelta

from bot.chat import pick
from bot.chat.dialog import Ask, Option, Unsure
from bot.chat.newcomer import Newcomer, newcomer
from bot.chat.turn import Turn
from bot.rules import handover as rules
from bot.rules import rights, vietnamese
from bot.rules.refused import Refused
from storage import people as roster
from storage import units
from storage.people import Member, Post

OTHERS, NEW = "others", "new:"
STAY, LEAVE = "stay", "leave"


def post_of(turn: Turn, ask: Ask) -> Post:
    """The post that passes: one's own, or that of somebody below. Raises Refused."""
    own = {str(post.id): post for post in turn.posts if post.unit.closed_at is None}
    options = [Option(key, _titled(turn, post)) for key, post in own.items()]
    if rights.has("members")(turn.posts):
        options.append(Option(OTHERS, turn.say.label("handover.buttons.others")))
    if not options:
        raise Refused("handover.post_gone")
    chosen = options[0].id if len(options) == 1 else ""
    if not chosen:
        chosen = ask.choice("post", "handover.which_post", lambda: options, columns=1)
    if chosen != OTHERS:
        return rules.may_begin(turn.posts, turn.me.id, roster.post(turn.db, int(chosen)))
    offices = rights.offices(turn.posts, "members")
    member = pick.person(
        turn, ask, "whose", "handover.whose", offices, fits=lambda m: bool(_below(turn, m.person.id)), of=chosen
    )
    theirs = {str(post.id): post for post in _below(turn, member.person.id)}
    first = next(iter(theirs))
    if len(theirs) > 1:
        listed = [Option(key, _titled(turn, post)) for key, post in theirs.items()]
        first = ask.choice("which", "handover.which_of_theirs", lambda: listed, columns=1, name=member.person.name)
    return rules.may_begin(turn.posts, turn.me.id, theirs.get(first))


def _below(turn: Turn, person_id: int) -> list[Post]:
    if person_id == turn.me.id:
        return []
    return [post for post in roster.posts(turn.db, person_id) if rules.is_given_at_once(turn.posts, post)]


def _titled(turn: Turn, post: Post) -> str:
    return f"{turn.say.label(f'start.role.{post.role}')} {post.unit.name}"


def name_of(turn: Turn, person_id: int | None) -> str:
    person = roster.get(turn.db, person_id) if person_id else None
    return person.name if person else "?"


def taker_of(turn: Turn, ask: Ask, post: Post) -> Newcomer:
    """Somebody of the unit's people and above, or somebody new."""
    above = units.above(turn.db, post.unit)
    ids = [unit.id for unit in above]
    found = pick.person_or(
        turn,
        ask,
        "taker",
        "handover.to_whom",
        [post.unit, *above],
        [Option(NEW, turn.say.label("handover.buttons.new"))],
        near=lambda: roster.team(turn.db, post.unit),
        fits=lambda member: (
            rules.may_take(post, member, ids) and not rules.holds_more(post, roster.posts(turn.db, member.person.id))
        ),
        of=str(post.id),
        role=turn.say.label(f"start.role.{post.role}"),
        unit=post.unit.name,
    )
    if isinstance(found, Member):
        return Newcomer(found.person.name, found.person.phone, found.person)
    new = newcomer(turn, ask, "handover")
    if new.known and new.known.id == post.person_id:
        raise Refused("handover.same_person", name=new.known.name)
    if new.known:
        rules.check_taker(post, new.known.name, roster.posts(turn.db, new.known.id))
    return new


def near_days(turn: Turn) -> list[Option]:
    first = (turn.today.replace(day=1) + timedelta(days=32)).replace(day=1)
    days = (("today", turn.today), ("tomorrow", turn.today + timedelta(days=1)), ("next_month", first))
    return [Option(day.isoformat(), turn.say.label(f"handover.buttons.{name}")) for name, day in days]


def read_day(turn: Turn, said: str) -> str:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        read = vietnamese.read_due(said[:200], turn.local)
        if not isinstance(read, vietnamese.Due):
            days = [due.day for due in read.candidates] if read else []
            options = [Option(one.isoformat(), turn.say.write(one)) for one in days if one >= turn.today]
            if read is not None and read.reason == "past":
                raise Refused("handover.day_past", day=said[:40]) from None
            raise Unsure("handover.day_which" if options else "handover.day_unread", options, said=said[:40]) from None
        day = read.day
    return rules.check_day(day, turn.today).isoformat()


def leaves_team(turn: Turn, ask: Ask, post: Post) -> bool:
    """Whether the person leaves the team with it. Who holds something else too keeps that; a member's post is all."""
    if len(roster.posts(turn.db, post.person_id)) > 1:
        return False
    if post.role not in rights.LEADS:
        return True
    options = [Option(what, turn.say.label(f"handover.buttons.{what}")) for what in (STAY, LEAVE)]
    if post.person_id == turn.me.id:
        return ask.choice("after", "handover.and_then_you", lambda: options, of=str(post.id)) == LEAVE
    name = name_of(turn, post.person_id)
    return ask.choice("after", "handover.and_then", lambda: options, of=str(post.id), name=name) == LEAVE


def who_agrees(turn: Turn, post: Post) -> list[Member]:
    """Who above must agree first: nobody, where the post is below one's own, or where nobody is above."""
    if rules.is_given_at_once(turn.posts, post):
        return []
    for unit in [post.unit, *units.above(turn.db, post.unit)]:
        team = [m for m in roster.team(turn.db, unit) if m.person.id not in (turn.me.id, post.person_id)]
        found = [m for m in team if rules.is_given_at_once(roster.posts(turn.db, m.person.id), post)]
        if found:
            return pick.once(found)
    return []
