"""/doiviec itself: the questions, the look, and the question to somebody above where one gives what is one's own."""

from __future__ import annotations

from datetime import date

from bot.chat.dialog import Ask
from bot.chat.reply import Kind, Reply
from bot.chat.router import Router, Said
from bot.chat.texts import some
from bot.chat.turn import Turn
from handlers.handover.actions import Drop
from handlers.handover.agreeing import question
from handlers.handover.doing import now_or_then
from handlers.handover.preview import what_goes, what_stays, what_then
from handlers.handover.questions import leaves_team, name_of, near_days, post_of, read_day, taker_of, who_agrees
from storage import handovers
from storage.handovers import Handover
from storage.people import Member, Person, Post

router = Router("handover")


@router.command("doiviec", about="handover.about", who=bool, rank=80, said=("bàn giao",))
@router.dialog("hand_over")
def hand_over(turn: Turn, ask: Ask, /) -> Said:
    """Which post, to whom, from when; what goes is said in numbers first."""
    post = post_of(turn, ask)
    chosen = taker_of(turn, ask, post)
    day = date.fromisoformat(
        ask.value("day", "handover.which_day", lambda said: read_day(turn, said), quick=lambda: near_days(turn))
    )
    leaves = leaves_team(turn, ask, post)
    asked = who_agrees(turn, post)
    ask.confirm(
        "handover.check",
        button="handover.buttons.hand_over",
        role=turn.say.label(f"start.role.{post.role}"),
        unit=post.unit.name,
        giver=name_of(turn, post.person_id),
        taker=chosen.known.name if chosen.known else chosen.name,
        day=day,
        goes=what_goes(turn, post, leaves),
        stays=what_stays(turn, post),
        after=what_then(turn, post, leaves, asked),
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
    turn.note("handover.begun", f"person {post.person_id}", after=taker.name, unit=post.unit.id)
    if asked:
        return _ask_above(turn, kept, post, taker, asked)
    return now_or_then(turn, kept, post)


def _ask_above(turn: Turn, kept: Handover, post: Post, taker: Person, asked: list[Member]) -> Reply:
    told = [m for m in asked if turn.tell(m.person.id, lambda say: question(turn, kept, post, say), kind=Kind.TASK)]
    names = some([m.person.name for m in told or asked])
    text = turn.t("handover.asked" if told else "handover.asked_unreached", names=names, taker=taker.name)
    drop = turn.button("handover.buttons.drop", Drop(kept.id))
    return Reply(text, ((drop,),), card=f"handover:{kept.id}")
