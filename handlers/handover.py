"""/doiviec: a post passes from one person to another, with its open work; history stays with who made it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.chat import passing, pick
from bot.chat.action import Action
from bot.chat.dialog import Ask, Option, Unsure
from bot.chat.message import Button, Text
from bot.chat.newcomer import Newcomer, newcomer
from bot.chat.reply import Kind, Reply
from bot.chat.router import Router, Said
from bot.chat.texts import Voice, below, lines, paragraphs, some
from bot.chat.turn import Turn
from bot.rules import handover as rules
from bot.rules import rights, vietnamese
from bot.rules.refused import Refused
from storage import audit, handovers, reports, tasks, units
from storage import people as roster
from storage.handovers import Begin, Change, Handover, Passed
from storage.people import Member, Person, Post
from storage.tasks import Part

OTHERS, NEW = "others", "new:"
STAY, LEAVE = "stay", "leave"

router = Router("handover")


@dataclass(frozen=True, slots=True)
class Agree(Action, code="hg"):
    """Somebody above says yes (1) or no (0) to what was asked."""

    handover: int
    yes: int


@dataclass(frozen=True, slots=True)
class Drop(Action, code="hc"):
    """What was asked or planned is not wanted any more."""

    handover: int


@router.command("doiviec", about="handover.about", who=bool, rank=80, said=("bàn giao",))
@router.dialog("hand_over")
def hand_over(turn: Turn, ask: Ask, /) -> Said:
    """Which post, to whom, from when; what goes is said in numbers first."""
    post = _post(turn, ask)
    chosen = _taker(turn, ask, post)
    day = date.fromisoformat(
        ask.value("day", "handover.which_day", lambda said: _day(turn, said), quick=lambda: _days(turn))
    )
    leaves = _leaves(turn, ask, post)
    asked = _asked(turn, post)
    ask.confirm(
        "handover.check",
        role=turn.say.label(f"start.role.{post.role}"),
        unit=post.unit.name,
        giver=_name(turn, post.person_id),
        taker=chosen.known.name if chosen.known else chosen.name,
        day=day,
        goes=_goes(turn, post, leaves),
        stays=_stays(turn, post),
        after=_after(turn, post, leaves, asked),
    )
    taker = chosen.person(turn)
    earlier = handovers.waiting(turn.db, post.id)
    if earlier is not None:
        handovers.turn(turn.db, earlier.id, "void", turn.now)
    kept = handovers.add(
        turn.db,
        kind="post",
        person_id=post.person_id,
        post_id=post.id,
        taker_id=taker.id,
        by_id=turn.me.id,
        day=day.isoformat(),
        leaves=leaves,
        state="asked" if asked else "planned",
        now=turn.now,
    )
    audit.note(turn.db, turn.me.id, "handover.begun", f"person {post.person_id}", f"to person {taker.id}", turn.now)
    if asked:
        return _ask_above(turn, kept, post, taker, asked)
    return _now_or_then(turn, kept, post)


def _post(turn: Turn, ask: Ask) -> Post:
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


def _name(turn: Turn, person_id: int | None) -> str:
    person = roster.get(turn.db, person_id) if person_id else None
    return person.name if person else "?"


def _taker(turn: Turn, ask: Ask, post: Post) -> Newcomer:
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
        fits=lambda member: rules.may_take(post, member, ids),
        of=str(post.id),
        role=turn.say.label(f"start.role.{post.role}"),
        unit=post.unit.name,
    )
    if isinstance(found, Member):
        return Newcomer(found.person.name, found.person.phone, found.person)
    new = newcomer(turn, ask, "handover")
    if new.known and new.known.id == post.person_id:
        raise Refused("handover.same_person", name=new.known.name)
    return new


def _days(turn: Turn) -> list[Option]:
    first = (turn.today.replace(day=1) + timedelta(days=32)).replace(day=1)
    days = (("today", turn.today), ("tomorrow", turn.today + timedelta(days=1)), ("next_month", first))
    return [Option(day.isoformat(), turn.say.label(f"handover.buttons.{name}")) for name, day in days]


def _day(turn: Turn, said: str) -> str:
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


def _leaves(turn: Turn, ask: Ask, post: Post) -> bool:
    """Whether the person leaves the team with it. Who holds something else too keeps that; a member's post is all."""
    if len(roster.posts(turn.db, post.person_id)) > 1:
        return False
    if post.role not in rights.LEADS:
        return True
    options = [Option(what, turn.say.label(f"handover.buttons.{what}")) for what in (STAY, LEAVE)]
    if post.person_id == turn.me.id:
        return ask.choice("after", "handover.and_then_you", lambda: options, of=str(post.id)) == LEAVE
    name = _name(turn, post.person_id)
    return ask.choice("after", "handover.and_then", lambda: options, of=str(post.id), name=name) == LEAVE


def _asked(turn: Turn, post: Post) -> list[Member]:
    """Who above must agree first: nobody, where the post is below one's own, or where nobody is above."""
    if rules.is_given_at_once(turn.posts, post):
        return []
    for unit in [post.unit, *units.above(turn.db, post.unit)]:
        team = [m for m in roster.team(turn.db, unit) if m.person.id not in (turn.me.id, post.person_id)]
        found = [m for m in team if rules.is_given_at_once(roster.posts(turn.db, m.person.id), post)]
        if found:
            return pick.once(found)
    return []


def _scope(post: Post, leaves: bool) -> frozenset[int] | None:
    return None if leaves else frozenset({post.unit.id})


def _goes(turn: Turn, post: Post, leaves: bool) -> Text:
    """What passes with the post, in numbers that sum over nothing twice."""
    scope = _scope(post, leaves)
    work = len(tasks.held_by(turn.db, post.person_id, scope))
    given = tasks.looked_after_by(turn.db, post.person_id, scope)
    parts = [part.assignment for task in given for part in tasks.parts(turn.db, task.id)]
    reviews = sum(part.state == "reported" for part in parts)
    stuck = sum(bool(part.stuck) for part in parts)
    if not work and not given:
        return turn.t("handover.goes_nothing")
    return lines(
        turn.t("handover.goes_work", count=work) if work else (),
        turn.t("handover.goes_given", count=len(given)) if given else (),
        turn.t("handover.goes_reviews", count=reviews) if reviews else (),
        turn.t("handover.goes_stuck", count=stuck) if stuck else (),
    )


def _stays(turn: Turn, post: Post) -> Text:
    count = reports.made(turn.db, post.person_id, post.unit.id)
    return turn.t("handover.stays", name=_name(turn, post.person_id), count=count)


def _after(turn: Turn, post: Post, leaves: bool, asked: list[Member]) -> Text:
    name = _name(turn, post.person_id)
    alone = len(roster.posts(turn.db, post.person_id)) == 1
    return below(
        turn.t("handover.then_leaves", name=name) if leaves else (),
        turn.t("handover.then_member", name=name, unit=post.unit.name) if alone and not leaves else (),
        turn.t("handover.must_agree", names=some([m.person.name for m in asked])) if asked else (),
    )


# Somebody above agrees.


def _ask_above(turn: Turn, kept: Handover, post: Post, taker: Person, asked: list[Member]) -> Reply:
    told = [m for m in asked if turn.tell(m.person.id, lambda say: _question(turn, kept, post, say), kind=Kind.TASK)]
    names = some([m.person.name for m in told or asked])
    text = turn.t("handover.asked" if told else "handover.asked_unreached", names=names, taker=taker.name)
    drop = turn.button("handover.buttons.drop", Drop(kept.id))
    return Reply(text, ((drop,),), card=f"handover:{kept.id}")


def _question(turn: Turn, kept: Handover, post: Post, say: Voice) -> Reply:
    text = say(
        "handover.agree",
        giver=_name(turn, kept.person_id),
        role=say.label(f"start.role.{post.role}"),
        unit=post.unit.name,
        taker=_name(turn, kept.taker_id),
        day=date.fromisoformat(kept.day),
    )
    yes = Button(say.label("handover.buttons.agree"), Agree(kept.id, 1).pack())
    no = Button(say.label("handover.buttons.disagree"), Agree(kept.id, 0).pack())
    return Reply(text, ((yes, no),), card=f"handover:{kept.id}")


@router.on(Agree)
def agree(turn: Turn, pressed: Agree) -> Said:
    """[Đồng ý] carries it out, on its day; [Không] ends it. Rights are those of now."""
    kept = _get(turn, pressed.handover)
    post = rules.may_agree(turn.posts, kept, _held(turn, kept))
    if not pressed.yes:
        handovers.turn(turn.db, kept.id, "void", turn.now)
        audit.note(turn.db, turn.me.id, "handover.refused", f"person {kept.person_id}", "", turn.now)
        turn.tell(
            kept.by_id, lambda say: Reply(say("handover.was_refused", name=turn.me.name, phone=_phone(turn, say)))
        )
        return Reply(turn.t("handover.refused"), card=f"handover:{kept.id}")
    audit.note(turn.db, turn.me.id, "handover.agreed", f"person {kept.person_id}", "", turn.now)
    handovers.turn(turn.db, kept.id, "planned", turn.now)
    return _now_or_then(turn, kept, post)


def _phone(turn: Turn, say: Voice) -> str:
    return turn.me.phone or say.label("team.no_phone")


@router.on(Drop)
def drop(turn: Turn, pressed: Drop) -> Said:
    """[Thôi]: whoever began it, or may give the post, lets it be."""
    kept = _get(turn, pressed.handover)
    if kept.state not in ("asked", "planned"):
        raise Refused("handover.over_already")
    post = _held(turn, kept)
    if kept.by_id != turn.me.id and (post is None or not rules.is_given_at_once(turn.posts, post)):
        raise Refused("chat.not_for_you")
    handovers.turn(turn.db, kept.id, "void", turn.now)
    audit.note(turn.db, turn.me.id, "handover.dropped", f"person {kept.person_id}", "", turn.now)
    return Reply(turn.t("handover.dropped"), card=f"handover:{kept.id}")


def _get(turn: Turn, handover_id: int) -> Handover:
    kept = handovers.get(turn.db, handover_id)
    if kept is None or kept.kind != "post":
        raise Refused("chat.stale_button")
    return kept


def _held(turn: Turn, kept: Handover) -> Post | None:
    return roster.post(turn.db, kept.post_id) if kept.post_id else None


# On the day.


def _now_or_then(turn: Turn, kept: Handover, post: Post) -> Said:
    if date.fromisoformat(kept.day) > turn.today:
        text = turn.t("handover.planned", day=date.fromisoformat(kept.day), taker=_name(turn, kept.taker_id))
        drop = turn.button("handover.buttons.drop", Drop(kept.id))
        return Reply(text, ((drop,),), card=f"handover:{kept.id}")
    _do(turn, kept, post)
    text = turn.t(
        "handover.done",
        taker=_name(turn, kept.taker_id),
        role=turn.say.label(f"start.role.{post.role}"),
        unit=post.unit.name,
        minutes=turn.settings.undo_minutes,
    )
    said = Reply(text, ((passing.undo_button(turn, kept),),), card=f"handover:{kept.id}")
    taker = roster.get(turn.db, kept.taker_id or 0)
    if taker is None or roster.identities(turn.db, taker.id) or not rights.may(turn.posts, "members", post.unit):
        return said
    return [said, *passing.invitation(turn, taker, post.unit)]


@router.daily("00:05")
def begin_planned(turn: Turn) -> None:
    """What was planned for today passes; where it cannot any more, whoever planned it hears so."""
    for kept in handovers.due(turn.db, turn.today.isoformat()):
        _begin_planned(turn, kept)


def _begin_planned(turn: Turn, kept: Handover) -> None:
    post, taker = _held(turn, kept), _name(turn, kept.taker_id)
    if (
        post is None
        or post.unit.closed_at is not None
        or _left(turn, kept.taker_id)
        or not _still_may(turn, kept, post)
    ):
        handovers.turn(turn.db, kept.id, "void", turn.now)
        turn.tell(kept.by_id, lambda say: Reply(say("handover.came_to_nothing", taker=taker)))
        return
    _do(turn, kept, post)
    if kept.by_id not in (kept.taker_id, kept.person_id):
        turn.tell(kept.by_id, lambda say: Reply(_leads_now(say, post, taker)))


def _leads_now(say: Voice, post: Post, taker: str) -> Text:
    return say("handover.leads_now", taker=taker, role=say.label(f"start.role.{post.role}"), unit=post.unit.name)


def _still_may(turn: Turn, kept: Handover, post: Post) -> bool:
    """Whoever planned it for another must still be above; one's own was agreed to."""
    return kept.by_id == kept.person_id or rules.is_given_at_once(roster.posts(turn.db, kept.by_id), post)


def _left(turn: Turn, person_id: int | None) -> bool:
    return person_id is None or roster.has_left(turn.db, person_id)


@router.daily("03:10")
def forget(turn: Turn) -> None:
    """Which chats leavers had is kept only while their leaving can be taken back."""
    handovers.forget_chats(turn.db, turn.now - 3_600_000)


def _do(turn: Turn, kept: Handover, post: Post) -> None:
    """The old post ends and the new one begins at the same moment; everybody concerned hears once."""
    assert kept.taker_id is not None
    taker_id = kept.taker_id
    alone = len(roster.posts(turn.db, kept.person_id)) == 1
    leaves = bool(kept.leaves) and alone
    ends = [post, *rules.replaced(post, roster.posts(turn.db, taker_id))]
    begins = [Begin(taker_id, post.unit.id, post.role)]
    if alone and not leaves:
        begins.append(Begin(kept.person_id, post.unit.id, "member"))
    scope = _scope(post, leaves)
    change = Change(
        kept.person_id,
        [one.id for one in ends],
        begins,
        heir=taker_id,
        work_of=scope,
        looks=passing.looks(turn, kept.person_id, scope, taker_id, [Post(taker_id, post.role, post.unit)]),
        leaves=leaves,
    )
    by = turn.me.id if turn.person else kept.by_id
    audit.note(turn.db, by, "handover.done", f"person {kept.person_id}", f"{post.role} unit {post.unit.id}", turn.now)
    passed = passing.carry_out(turn, kept, change, lambda say: Reply(_farewell(turn, kept, post, say)))
    _tell(turn, kept, post, passed)


def _farewell(turn: Turn, kept: Handover, post: Post, say: Voice) -> Text:
    role = say.label(f"start.role.{post.role}")
    return say("handover.you_gave", role=role, unit=post.unit.name, taker=_name(turn, kept.taker_id))


def _tell(turn: Turn, kept: Handover, post: Post, passed: Passed) -> None:
    taker_id, me = kept.taker_id or 0, turn.person.id if turn.person else 0
    giver, taker = _name(turn, kept.person_id), _name(turn, taker_id)
    reviews = [part for task in passed.tasks for part in tasks.parts(turn.db, task.id) if _waits(part)]
    codes = [duty.task.code for duty, _ in passed.parts] + [task.code for task in passed.tasks]
    if taker_id != me:
        turn.tell(
            taker_id,
            lambda say: Reply(
                paragraphs(
                    say("handover.yours", role=say.label(f"start.role.{post.role}"), unit=post.unit.name, giver=giver),
                    say("handover.yours_work", work=len(passed.parts), given=len(passed.tasks), waiting=len(reviews))
                    if codes
                    else (),
                ),
                passing.work_buttons(say, codes) if codes else (),
            ),
            kind=Kind.TASK,
        )
    told = {me, taker_id, kept.person_id}
    for member in _team(turn, post):
        if member.person.id not in told:
            told.add(member.person.id)
            turn.tell(member.person.id, lambda say: Reply(_leads_now(say, post, taker)))
    passing.tell_givers(turn, [duty for duty, _ in passed.parts], taker, told)


def _waits(part: Part) -> bool:
    return part.assignment.state == "reported" or bool(part.assignment.stuck)


def _team(turn: Turn, post: Post) -> list[Member]:
    """Who must know: the team, and for a lead those who answer for the units below; for a member its leads."""
    team = [m for m in roster.team(turn.db, post.unit) if m.role != "admin"]
    if post.role not in rights.LEADS:
        return [m for m in team if m.role in rights.LEADS]
    children = [unit.id for unit in units.children(turn.db, post.unit)]
    return [*team, *roster.leaders(turn.db, children).values()]


@router.on(passing.Undo)
def undo(turn: Turn, pressed: passing.Undo) -> Said:
    """[Hoàn tác], for a few minutes and only while everything still is as it was left."""
    kept = handovers.get(turn.db, pressed.handover)
    if kept is None or not _may_undo(turn, kept):
        raise Refused("chat.not_for_you")
    if kept.state == "undone":
        raise Refused("handover.undone_already")
    if turn.now - kept.changed_at > turn.settings.undo_minutes * 60_000:
        raise Refused("handover.undo_late", minutes=turn.settings.undo_minutes)
    if not handovers.may_undo(turn.db, kept):
        raise Refused("handover.undo_changed")
    undone = handovers.undo(turn.db, kept, turn.now)
    audit.note(turn.db, turn.me.id, "handover.undone", f"person {kept.person_id}", kept.kind, turn.now)
    turn.around.routes.passed(turn, undone.parts, undone.tasks)
    for ended in undone.ended:
        turn.around.routes.passed(turn, ended.parts)
    passing.list_commands(turn, undone.people)
    for person_id in sorted(undone.people | ({kept.taker_id} if kept.taker_id else set())):
        if person_id != turn.me.id:
            turn.tell(person_id, lambda say: Reply(say("handover.was_undone", name=turn.me.name)))
    return Reply(turn.t("handover.undone"), card=f"handover:{kept.id}")


def _may_undo(turn: Turn, kept: Handover) -> bool:
    """Whose post it was may take back that they gave it; else it is asked again whether one looks after the places."""
    if kept.kind == "post" and kept.by_id == kept.person_id == turn.me.id:
        return True
    places = [units.get(turn.db, unit_id) for unit_id in handovers.places(turn.db, kept.id)]
    mine = kept.by_id == turn.me.id or kept.kind == "post"
    return mine and all(place is not None and rights.may(turn.posts, "members", place) for place in places)
