"""On its day: the old post ends and the new one begins at one moment, and everybody concerned hears once."""

from __future__ import annotations

from datetime import date

from bot.chat import passing
from bot.chat.message import Text
from bot.chat.reply import Kind, Reply
from bot.chat.router import Router, Said
from bot.chat.texts import Voice, lines, paragraphs
from bot.chat.turn import CLOCK, Turn
from bot.rules import handover as rules
from bot.rules import rights
from handlers.handover import inviting
from handlers.handover.actions import Drop
from handlers.handover.preview import scope_of
from handlers.handover.questions import name_of
from storage import audit, handovers, tasks, units
from storage import people as roster
from storage.handovers import Begin, Change, Handover, Passed
from storage.people import Member, Post
from storage.tasks import Part

router = Router("handover")


def now_or_then(turn: Turn, kept: Handover, post: Post) -> Said:
    if date.fromisoformat(kept.day) > turn.today:
        text = turn.t("handover.planned", day=date.fromisoformat(kept.day), taker=name_of(turn, kept.taker_id))
        drop = turn.button("handover.buttons.drop", Drop(kept.id))
        return Reply(text, ((drop,),), card=f"handover:{kept.id}")
    rules.check_taker(post, name_of(turn, kept.taker_id), roster.posts(turn.db, kept.taker_id or 0))
    _do(turn, kept, post)
    text = turn.t(
        "handover.done",
        taker=name_of(turn, kept.taker_id),
        role=turn.say.label(f"start.role.{post.role}"),
        unit=post.unit.name,
        minutes=turn.settings.undo_minutes,
    )
    waits, invite = inviting.offer(turn.say, kept, inviting.not_joined(turn, kept))
    rows = ((*invite, passing.undo_button(turn, kept)),)
    return Reply(lines(text, waits), rows, card=f"handover:{kept.id}")


@router.daily("00:05")
def begin_planned(turn: Turn) -> None:
    """What was planned for today passes; where it cannot any more, whoever planned it hears so."""
    for kept in handovers.due(turn.db, turn.today.isoformat()):
        _begin_planned(turn, kept)


def _begin_planned(turn: Turn, kept: Handover) -> None:
    post, taker = held(turn, kept), name_of(turn, kept.taker_id)
    if (
        post is None
        or post.unit.closed_at is not None
        or _left(turn, kept.taker_id)
        or rules.holds_more(post, roster.posts(turn.db, kept.taker_id or 0))
        or not _still_may(turn, kept, post)
    ):
        handovers.turn(turn.db, kept.id, "void", turn.now)
        turn.tell(kept.by_id, lambda say: Reply(say("handover.came_to_nothing", taker=taker)))
        return
    _do(turn, kept, post)
    if kept.by_id not in (kept.taker_id, kept.person_id):
        turn.tell(kept.by_id, lambda say: _began(turn, kept, post, say))


def _began(turn: Turn, kept: Handover, post: Post, say: Voice) -> Reply:
    """For whoever planned it; if they may invite the new one, with the button that does."""
    may = rights.may(roster.posts(turn.db, kept.by_id), "members", post.unit)
    waits, invite = inviting.offer(say, kept, inviting.not_joined(turn, kept) if may else None)
    return Reply(lines(_leads_now(say, post, name_of(turn, kept.taker_id)), waits), (invite,) if invite else ())


def held(turn: Turn, kept: Handover) -> Post | None:
    return roster.post(turn.db, kept.post_id) if kept.post_id else None


def _leads_now(say: Voice, post: Post, taker: str) -> Text:
    return say("handover.leads_now", taker=taker, role=say.label(f"start.role.{post.role}"), unit=post.unit.name)


def _still_may(turn: Turn, kept: Handover, post: Post) -> bool:
    """Whoever planned it for another must still be above; one's own was agreed to."""
    return kept.by_id == kept.person_id or rules.is_given_at_once(roster.posts(turn.db, kept.by_id), post)


def _left(turn: Turn, person_id: int | None) -> bool:
    return person_id is None or roster.has_left(turn.db, person_id)


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
    scope = scope_of(post, leaves)
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
    role = turn.house.label(f"start.role.{post.role}")
    audit.note(
        turn.db,
        by,
        "handover.done",
        audit.person(kept.person_id),
        "",
        turn.now,
        before=turn.house.label("audit.fact.role_in", role=role, unit=post.unit.name),
        after=name_of(turn, taker_id),
        channel=turn.address.channel or CLOCK,
        unit_id=post.unit.id,
    )
    passed = passing.carry_out(turn, kept, change, lambda say: Reply(_farewell(turn, kept, post, say)))
    _tell(turn, kept, post, passed)


def _farewell(turn: Turn, kept: Handover, post: Post, say: Voice) -> Text:
    """What whoever had the post hears: who has it now, and what is left to themselves."""
    taker = roster.get(turn.db, kept.taker_id or 0)
    assert taker is not None
    left = ", ".join(
        f"{say.label(f'start.role.{one.role}')} {one.unit.name}" for one in roster.posts(turn.db, kept.person_id)
    )
    return lines(
        say("handover.you_gave", role=say.label(f"start.role.{post.role}"), unit=post.unit.name, taker=taker.name),
        say("handover.you_still_are", posts=left) if left else say("handover.you_leave"),
        say("handover.ask_taker", name=taker.name, phone=taker.phone) if taker.phone else (),
    )


def _tell(turn: Turn, kept: Handover, post: Post, passed: Passed) -> None:
    taker_id, me = kept.taker_id or 0, turn.person.id if turn.person else 0
    giver, taker = name_of(turn, kept.person_id), name_of(turn, taker_id)
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
