"""Somebody above says yes or no; what was begun is dropped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.chat.message import Button, Text
from bot.chat.reply import Reply, View
from bot.chat.router import Router, Said
from bot.chat.texts import Voice, lines
from bot.chat.turn import Turn
from bot.rules import handover as rules
from bot.rules.refused import Refused
from handlers.handover.actions import Agree, Drop, Look
from handlers.handover.doing import held, now_or_then
from handlers.handover.questions import name_of
from storage import audit, handovers
from storage.handovers import Handover
from storage.people import Post

MOST_SHOWN = 5
MOST_LABEL = 40

router = Router("handover")


def question(turn: Turn, kept: Handover, post: Post, say: Voice) -> Reply:
    text = say(
        "handover.agree",
        giver=name_of(turn, kept.person_id),
        role=say.label(f"start.role.{post.role}"),
        unit=post.unit.name,
        taker=name_of(turn, kept.taker_id),
        day=date.fromisoformat(kept.day),
    )
    yes = Button(say.label("handover.buttons.agree"), Agree(kept.id, 1).pack())
    no = Button(say.label("handover.buttons.disagree"), Agree(kept.id, 0).pack())
    return Reply(text, ((yes, no),), card=f"handover:{kept.id}")


@router.waits(rank=30)
def asked(turn: Turn, person_id: int, posts: Sequence[Post]) -> View | None:
    """The handovers that wait for somebody's yes, a button to each."""
    found = [(kept, post) for kept in handovers.asked(turn.db) if (post := held(turn, kept)) is not None]
    mine = [
        (kept, post)
        for kept, post in found
        if rules.is_given_at_once(posts, post) and person_id not in (kept.person_id, kept.by_id)
    ][:MOST_SHOWN]

    def view(say: Voice) -> Reply:
        rows = tuple(
            (Button(f"🤝 {name_of(turn, kept.person_id)}"[:MOST_LABEL], Look(kept.id).pack()),) for kept, _ in mine
        )
        return Reply(lines(*(_asked_line(turn, kept, post, say) for kept, post in mine)), rows)

    return view if mine else None


def _asked_line(turn: Turn, kept: Handover, post: Post, say: Voice) -> Text:
    giver, taker = name_of(turn, kept.person_id), name_of(turn, kept.taker_id)
    role = say.label(f"start.role.{post.role}")
    return say("handover.waits_for_you", giver=giver, taker=taker, role=role, unit=post.unit.name)


@router.on(Look)
def look(turn: Turn, pressed: Look) -> Said:
    """What was asked, once more."""
    kept = _get(turn, pressed.handover)
    return question(turn, kept, rules.may_agree(turn.posts, kept, held(turn, kept)), turn.say)


@router.on(Agree)
def agree(turn: Turn, pressed: Agree) -> Said:
    """[Đồng ý] carries it out, on its day; [Không] ends it. Rights are those of now."""
    kept = _get(turn, pressed.handover)
    post = rules.may_agree(turn.posts, kept, held(turn, kept))
    if not pressed.yes:
        handovers.turn(turn.db, kept.id, "void", turn.now)
        _note(turn, "handover.refused", kept, post, "audit.state.refused")
        turn.tell(
            kept.by_id, lambda say: Reply(say("handover.was_refused", name=turn.me.name, phone=_phone(turn, say)))
        )
        return Reply(turn.t("handover.refused"), card=f"handover:{kept.id}")
    _note(turn, "handover.agreed", kept, post, "audit.state.accepted")
    handovers.turn(turn.db, kept.id, "planned", turn.now)
    return now_or_then(turn, kept, post)


def _note(turn: Turn, act: str, kept: Handover, post: Post | None, state: str) -> None:
    unit = post.unit.id if post else None
    turn.note(act, audit.person(kept.person_id), after=turn.house.label(state), unit=unit)


def _phone(turn: Turn, say: Voice) -> str:
    return turn.me.phone or say.label("team.no_phone")


@router.on(Drop)
def drop(turn: Turn, pressed: Drop) -> Said:
    """[Thôi]: whoever began it, or may give the post, lets it be."""
    kept = _get(turn, pressed.handover)
    if kept.state not in ("asked", "planned"):
        raise Refused("handover.over_already")
    post = held(turn, kept)
    if kept.by_id != turn.me.id and (post is None or not rules.is_given_at_once(turn.posts, post)):
        raise Refused("chat.not_for_you")
    handovers.turn(turn.db, kept.id, "void", turn.now)
    _note(turn, "handover.dropped", kept, post, "audit.state.withdrawn")
    return Reply(turn.t("handover.dropped"), card=f"handover:{kept.id}")


def _get(turn: Turn, handover_id: int) -> Handover:
    kept = handovers.get(turn.db, handover_id)
    if kept is None or kept.kind != "post":
        raise Refused("chat.stale_button")
    return kept
