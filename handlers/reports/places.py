"""A place sent from the map: it goes with the report that is open; where none is, it is kept nowhere."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.turn import Turn
from bot.rules.places import with_point, with_words
from handlers.reports.talk import Talk

router = Router("reports")


def take(talk: Talk) -> None:
    """Put it with what is told; what was shown is shown again."""
    where = talk.turn.incoming.location
    if where is None or talk.ask.heard is None:
        return
    named = with_words(talk.told.place, where.name) if where.name else talk.told.place
    talk.keep(replace(talk.told, place=with_point(named, where.latitude, where.longitude)))
    talk.ask.heard = None
    talk.ask.joins = True
    talk.notice = talk.turn.t("places.noted")


@router.said(rank=5, practice=True)
def unasked(turn: Turn) -> Said:
    """Nothing is open that it could belong to."""
    return Reply(turn.t("places.unasked")) if turn.incoming.location else None
