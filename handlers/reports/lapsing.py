"""A report that was told and not sent is put aside after a day, and its author hears so: it does not count yet."""

from __future__ import annotations

from datetime import date

from bot.chat.dialog import Resume
from bot.chat.message import Address, Button
from bot.chat.reply import Reply, View
from bot.chat.router import Router
from bot.chat.texts import Voice
from bot.chat.turn import DRAFT_LIVES_MS, Turn
from bot.rules import told as telling
from bot.rules.told import Told
from handlers.reports.cards import in_short, named
from handlers.reports.talk import STORE
from handlers.reports.told import told as dialog
from storage import drafts, files
from storage import people as roster
from storage.drafts import Draft

EVERY_S = 600
EARLIER_MS = 2 * EVERY_S * 1000  # before a day of silence ends any dialog
MOST = 100  # at once: no turn waits for more

router = Router("reports")


@router.every(EVERY_S)
def lapse(turn: Turn) -> None:
    """Those that nobody touched for a day."""
    for draft in drafts.untouched(turn.db, dialog.name, turn.now - DRAFT_LIVES_MS + EARLIER_MS, MOST):
        drafts.set_aside(turn.db, draft, turn.now)
        person_id = roster.linked(turn.db, draft.channel, draft.chat)
        author = roster.get(turn.db, person_id) if person_id else None
        if author is not None:
            turn.tell_chat(Address(draft.channel, draft.chat), author.language, _view(turn, draft))


def _view(turn: Turn, draft: Draft) -> View:
    told = telling.of_json(draft.answers[STORE][0])
    day = date.fromisoformat(told.day)

    def view(say: Voice) -> Reply:
        back = Button(say.label("reports_told.buttons.open_again"), Resume(draft.id).pack())
        return Reply(say("reports_told.lapsed", day=day, what=_what(turn, say, told)), ((back,),))

    return view


def _what(turn: Turn, say: Voice, told: Told) -> str:
    items = in_short(say, named(turn, told.items), told.items)
    return items or (
        told.words[:200] if told.said else say.label("reports.photos", count=files.count_shown(turn.db, told.files))
    )
