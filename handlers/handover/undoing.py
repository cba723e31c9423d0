"""[Hoàn tác], for a few minutes and only while everything still is as it was left."""

from __future__ import annotations

from bot.chat import passing
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.turn import Turn
from bot.rules import rights
from bot.rules.refused import Refused
from storage import audit, handovers, units
from storage import people as roster
from storage.handovers import Handover

router = Router("handover")


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
    post = roster.post(turn.db, kept.post_id) if kept.post_id else None
    undone_now = turn.house.label("audit.state.undone")
    turn.note("handover.undone", audit.person(kept.person_id), after=undone_now, unit=post.unit.id if post else None)
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


@router.daily("03:10")
def forget(turn: Turn) -> None:
    """Which chats leavers had is kept only while their leaving can be taken back."""
    handovers.forget_chats(turn.db, turn.now - 3_600_000)
