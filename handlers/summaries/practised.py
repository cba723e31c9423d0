"""/ketqua and /tuan while practising: what was practised this week, and what stands there in earnest."""

from __future__ import annotations

from bot.chat import periods
from bot.chat.action import Typed
from bot.chat.message import Button, Text, in_rows
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.texts import lines, paragraphs
from bot.chat.turn import Turn
from bot.rules import people
from bot.rules.calendar import Week, week_of
from handlers.summaries.figures import days_of, few, rows_of, sum_of
from storage import categories, reports
from storage.reports import Report

MOST_LATEST = 6

router = Router("summaries")


@router.stands_in("ketqua")
def results(turn: Turn) -> Said:
    """My week of practice."""
    week = week_of(turn.today).until(turn.today)
    mine, known = _practised(turn, week), categories.by_code(turn.db)
    month = periods.label(turn.say, periods.current(turn.db, "month", turn.today))
    text = paragraphs(
        lines(
            turn.t("summaries.mine_week", days=days_of(week), count=len(mine)),
            *rows_of(turn.say, known, sum_of(mine)),
        ),
        turn.t("practice.results", month=month),
    )
    buttons = [Button(one.code, Typed(one.code).pack()) for one in mine[:MOST_LATEST]]
    return Reply(text, in_rows(buttons, 3), card="practice results")


@router.stands_in("tuan")
def this_week(turn: Turn) -> Said:
    """To leads the week of an invented team, to members their own line."""
    week = week_of(turn.today).until(turn.today)
    if people.led(turn.posts):
        return Reply(turn.t("practice.week_of_lead", days=days_of(week)), card="practice week")
    return Reply(paragraphs(_line(turn, week), turn.t("practice.week_of_member")), card="practice week")


def _line(turn: Turn, week: Week) -> Text:
    mine = _practised(turn, week)
    said = turn.say.label("summaries.this_week", days=days_of(week))
    if not mine:
        return turn.t("summaries.mine_silent", week=said)
    sums = sum_of(mine)
    if not sums:
        return turn.t("summaries.mine_nothing", week=said)
    did = few(categories.by_code(turn.db), turn.say, sums)
    return turn.t("summaries.mine", week=said, reports=len(mine), mine=did)


def _practised(turn: Turn, week: Week) -> list[Report]:
    first, last = week.first.isoformat(), week.last.isoformat()
    return reports.open_of(turn.db, turn.me.id, first, last, practice=True)
