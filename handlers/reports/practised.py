"""/lichsu and /hinh while practising: what was practised, and what stands there in earnest."""

from __future__ import annotations

from datetime import date, timedelta

from bot.chat.action import Typed
from bot.chat.message import Button, Text, in_rows
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.texts import lines, paragraphs
from bot.chat.turn import Turn, shown_files
from bot.rules import reports as rules
from handlers.reports.cards import named, what
from storage import files, reports
from storage.reports import Report

MOST = 6
MOST_PHOTOS = 10  # what an album holds

router = Router("reports")


@router.stands_in("lichsu")
def past(turn: Turn) -> Said:
    """The reports of practice, the newest first."""
    shown = _practised(turn)[:MOST]
    text = paragraphs(lines(*(_line(turn, one) for one in shown)), turn.t("practice.past"))
    codes = [Button(one.code, Typed(one.code).pack()) for one in shown]
    return Reply(text, in_rows(codes, 3), card="practice past")


def _line(turn: Turn, one: Report) -> Text:
    day = date.fromisoformat(one.day)
    return turn.t("practice.past_line", code=one.code, day=day, what=what(turn.say, named(turn, one.items), one))


@router.stands_in("hinh")
def gallery(turn: Turn) -> Said:
    """The photos of practice."""
    sent = [file for one in _practised(turn) for file in files.of_report(turn.db, one.id)][:MOST_PHOTOS]
    if not sent:
        return Reply(turn.t("practice.gallery_none"), card="practice gallery")
    return [shown_files(turn, sent), Reply(turn.t("practice.gallery"), card="practice gallery")]


def _practised(turn: Turn) -> list[Report]:
    oldest = turn.today - timedelta(days=rules.OLDEST_DAYS)
    return reports.open_of(turn.db, turn.me.id, oldest.isoformat(), turn.today.isoformat(), practice=True)
