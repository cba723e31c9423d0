"""What I did, my team, and what became of it."""

from __future__ import annotations

from collections import Counter

from bot.chat import periods, pick, targets
from bot.chat.action import Typed
from bot.chat.message import Button, Text, in_rows
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.texts import lines, paragraphs
from bot.chat.turn import Turn
from bot.rules import people
from bot.rules.calendar import Week, week_of
from bot.rules.refused import Refused
from handlers.summaries.figures import days_of, few, figures, rows_of, sum_of
from handlers.summaries.picture import draw
from handlers.summaries.week import ShowWeek
from storage import categories, reports
from storage.categories import Category
from storage.units import Unit

MOST_LATEST = 6

router = Router("summaries")


@router.command("ketqua", about="summaries.about_results", menu="summaries.menu.results", rank=30)
def results(turn: Turn) -> Said:
    """My week and my month of reporting, my team's week, how far it is with its targets, my latest reports."""
    home = people.home(turn.posts)
    if home is None:
        raise Refused("reports.no_team")
    week = week_of(turn.today).until(turn.today)
    month = periods.current(turn.db, "month", turn.today)
    mine = reports.of_author(turn.db, turn.me.id, min(month.first, week.first).isoformat(), turn.today.isoformat())
    known = categories.by_code(turn.db)
    in_week = [one for one in mine if one.day >= week.first.isoformat()]
    in_month = [one for one in mine if one.day >= month.first.isoformat()]
    places = [post.unit for post in people.teams(turn.posts)] or [home.unit]
    heading = turn.t("summaries.mine_week", days=days_of(week), count=len(in_week))
    latest = mine[:MOST_LATEST]
    text = paragraphs(
        lines(heading, *rows_of(turn.say, known, sum_of(in_week))),
        turn.t(
            "summaries.mine_month",
            period=periods.label(turn.say, month),
            count=len(in_month),
            figures=few(known, turn.say, sum_of(in_month), most=9),
        ),
        *(_team(turn, known, unit, name, week) for unit, name in zip(places, pick.places(turn, places), strict=True)),
        *(_targets(turn, unit) for unit in places),
        turn.t("summaries.latest") if latest else (),
    )
    draw(turn, home.unit, anything=bool(sum_of(in_month)))
    buttons = [Button(one.code, Typed(one.code).pack()) for one in latest]
    rows = in_rows(buttons, 3)
    week_row = (
        turn.button("summaries.buttons.week_before", ShowWeek(1)),
        turn.button("summaries.buttons.past", Typed("/lichsu")),
    )
    return Reply(text, (*rows, week_row), card="results")


def _team(turn: Turn, known: dict[str, Category], unit: Unit, name: str, week: Week) -> Text:
    """What one of one's teams did this week."""
    team = figures(turn, unit, week)
    did = few(known, turn.say, team.by_unit.get(unit.id, Counter()), most=9)
    return turn.t("summaries.team_week", unit=name, count=team.reports_by_unit[unit.id], figures=did)


def _targets(turn: Turn, unit: Unit) -> Text:
    """How far the team is with what is aimed at."""
    return lines(*(targets.told(turn.say, period, found) for period, found in targets.today(turn.db, unit, turn.today)))
