"""[Mời]: whoever took over and has not come in yet gets a code at once."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat import passing
from bot.chat.message import Button, Text
from bot.chat.router import Router, Said
from bot.chat.texts import Voice
from bot.chat.turn import Turn
from bot.rules import rights
from bot.rules.refused import Refused
from handlers.handover.actions import Invite
from storage import handovers
from storage import people as roster
from storage.handovers import Handover
from storage.people import Person, Post
from storage.units import Unit

router = Router("handover")


def not_joined(turn: Turn, kept: Handover) -> Person | None:
    """The taker, if no chat is theirs yet."""
    taker = roster.get(turn.db, kept.taker_id or 0)
    return None if taker is None or roster.identities(turn.db, taker.id) else taker


def offer(say: Voice, kept: Handover, taker: Person | None) -> tuple[Text, tuple[Button, ...]]:
    """A line and a button under what was said of the handover; nothing where the taker has come in."""
    if taker is None:
        return (), ()
    button = Button(say.label("handover.buttons.invite"), Invite(kept.id).pack())
    return say("handover.not_joined", name=taker.name), (button,)


@router.on(Invite)
def invite(turn: Turn, pressed: Invite) -> Said:
    """Rights are those of now; who gave their own post may for as long as they may take it back."""
    kept = handovers.get(turn.db, pressed.handover)
    if kept is None or kept.kind != "post":
        raise Refused("chat.stale_button")
    unit = _place(turn, kept, turn.posts)
    taker = not_joined(turn, kept)
    if taker is None:
        raise Refused("handover.joined_already", name=_name(turn, kept))
    return passing.invitation(turn, taker, unit)


def _place(turn: Turn, kept: Handover, posts: Sequence[Post]) -> Unit:
    """Where the taker has the post, of the units one may invite to. Raises Refused."""
    places = set(handovers.places(turn.db, kept.id)) if kept.state == "done" else set()
    fresh = kept.by_id == turn.me.id and turn.now - kept.changed_at <= turn.settings.undo_minutes * 60_000
    for post in roster.posts(turn.db, kept.taker_id or 0):
        if post.unit.id in places and (fresh or rights.may(posts, "members", post.unit)):
            return post.unit
    raise Refused("chat.not_for_you")


def _name(turn: Turn, kept: Handover) -> str:
    taker = roster.get(turn.db, kept.taker_id or 0)
    return taker.name if taker else "?"
