"""Words of a burst that nobody understood: what is reported within a minute takes them along as its note."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.turn import Turn
from bot.rules import rights
from bot.rules import told as telling
from bot.rules.told import Told
from handlers.reports.talk import STORE
from handlers.reports.told import anew, told
from storage import drafts

BURST_MS = 60 * 1000
FEWEST = 3  # words that are worth keeping
UNREAD = "unread"  # in the view of a draft: it holds such words, and nothing to go on with

router = Router("reports")


@router.said(rank=300)
def unread(turn: Turn) -> Said:
    """Nobody else knew what to do with them. The second time within a minute the same is not said again, but whom to
    call."""
    text = turn.incoming.text.strip()
    where = turn.address
    is_free = drafts.active(turn.db, where.channel, where.chat) is None
    if not is_free or not _is_a_sentence(text) or not rights.has("report")(turn.posts):
        return None
    before = take(turn)
    _put_by(turn, with_them(anew(turn), (*before, text)))
    return Reply(turn.around.routes.human(turn) if before else turn.t("help.lost"), menu=True)


def with_them(first: Told, words: tuple[str, ...]) -> Told:
    """What is told, with such words as its note."""
    return telling.with_note(replace(first, said=(*words, *first.said)), *words)


def _is_a_sentence(text: str) -> bool:
    return len(text.split()) >= FEWEST and not text.startswith("/") and not text.endswith("?")


def _put_by(turn: Turn, first: Told) -> None:
    where = turn.address
    draft = drafts.begin(turn.db, where.channel, where.chat, told.name, {}, turn.now)
    draft.answers = {STORE: [telling.as_json(first), "", drafts.GIVEN]}
    draft.view = {UNREAD: True}
    drafts.set_aside(turn.db, draft, turn.now)


def take(turn: Turn) -> tuple[str, ...]:
    """Such words of the last minute, which are kept here no longer."""
    found: tuple[str, ...] = ()
    for draft in drafts.aside(turn.db, turn.address.channel, turn.address.chat):
        if draft.view.get(UNREAD):
            kept = telling.of_json(draft.answers[STORE][0]).notes
            found = kept if turn.now - draft.touched_at <= BURST_MS else ()
            drafts.drop(turn.db, draft.id)
    return found
