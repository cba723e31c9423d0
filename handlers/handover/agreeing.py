"""Somebody above says yes or no; what was begun is dropped."""

from __future__ import annotations

from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.texts import Voice
from bot.chat.turn import Turn
from bot.rules import handover as rules
from bot.rules.refused import Refused
from handlers.handover.actions import Agree, Drop
from handlers.handover.doing import held, now_or_then
from storage import audit, handovers
from storage.handovers import Handover
from storage.people import Post

router = Router("handover")


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
