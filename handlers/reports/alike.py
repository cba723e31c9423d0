"""Photos that look like earlier ones: of the same day the author is asked, an old one is shown to the lead alone."""

from __future__ import annotations

from datetime import date

from bot.chat.action import Typed
from bot.chat.message import Button, Text
from bot.chat.reply import Reply, View
from bot.chat.texts import Voice, lines
from bot.chat.turn import Turn
from bot.rules import reports as rules
from bot.rules import rights
from storage import photos, reports, units
from storage.photos import Likeness
from storage.reports import Report

MOST = 3  # reports that are named


def seen_before(turn: Turn, kept: Report) -> Text:
    """What the card says of it, to whoever looks at it; of practice nothing."""
    if turn.practice is not None:
        return ()
    if turn.me.id in (kept.author_id, kept.written_by):
        copies = _copies(turn, kept)
        return turn.t("photos.copy_today", code=copies[0].code, name=copies[0].author) if copies else ()
    old = [one for one in _alike(turn, kept) if one.day < kept.day and _may_see(turn, one)][-MOST:]
    rows = [
        turn.t("photos.seen_in", code=one.code, day=date.fromisoformat(one.day), name=one.author, unit=one.unit)
        for one in old
    ]
    return lines(turn.t("photos.seen_before"), *rows) if rows else ()


def ask_about_copies(turn: Turn, kept: Report, person_id: int) -> None:
    """A photo was known only after its report was sent: its author is asked then, once."""
    if kept.state == "kept" and (copies := _copies(turn, kept)):
        turn.refresh(person_id, _question(kept, copies[0]), anew=True)


def _question(kept: Report, copy: Likeness) -> View:
    def view(say: Voice) -> Reply:
        text = say("photos.copy_today_of", code=kept.code, other=copy.code, name=copy.author)
        button = Button(say.label("photos.buttons.open", code=kept.code), Typed(kept.code).pack())
        return Reply(text, ((button,),), card=f"copies:{kept.id}", code=kept.code)

    return view


def _copies(turn: Turn, kept: Report) -> list[Likeness]:
    """Earlier reports of the same day and team with a photo that looks the same, while this one can be undone. Those
    that say the same number too were asked about before it was sent."""
    if turn.now - kept.created_at > turn.settings.undo_minutes * 60_000:
        return []
    alike = [
        one
        for one in _alike(turn, kept)
        if one.day == kept.day and one.unit_id == kept.unit_id and one.report_id < kept.id
    ]
    there = reports.several(turn.db, [one.report_id for one in alike])
    return [one for one in alike if not rules.said_twice(kept.items, there[one.report_id].items)]


def _alike(turn: Turn, kept: Report) -> list[Likeness]:
    found = {
        one.report_id: one
        for looks in photos.looks_of(turn.db, kept.id)
        for one in photos.near(turn.db, looks, but=kept.id)
    }
    return [found[report_id] for report_id in sorted(found)]


def _may_see(turn: Turn, one: Likeness) -> bool:
    unit = units.get(turn.db, one.unit_id)
    return unit is not None and rights.may(turn.posts, "watch", unit)
