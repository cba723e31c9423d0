"""The figures as a picture: drawn after the turn, in a process of its own, and sent after the words."""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import suppress
from typing import Any

from bot.chat import periods, pick, targets
from bot.chat.message import Span
from bot.chat.reply import Reply
from bot.chat.router import Done, Router
from bot.chat.texts import Voice
from bot.chat.turn import Turn, made_card
from bot.rules import people, rights
from bot.rules.calendar import Week, week_of
from bot.rules.periods import Period
from bot.rules.refused import Refused
from bot.rules.targets import Progress
from handlers.summaries.figures import counted_in, days_of, figures, name_of, sum_of
from handlers.summaries.weekly import gather
from storage import categories, reports, units
from storage.reports import Report
from storage.units import Unit

MOST_ROWS = 12
WHOLE = 1000

router = Router("summaries")


def draw(turn: Turn, home: Unit, *, anything: bool) -> None:
    """Have it drawn: to whoever leads or looks after a unit that, to a member what they did, if `anything`. Asked for
    again before it is there, once is enough."""
    led = next((post.unit for post in people.led(turn.posts)), None)
    if led or anything or targets.today(turn.db, home, turn.today):
        with suppress(Refused):
            turn.order("summaries.picture", unit=(led or home).id, led=led is not None)


def _given(turn: Turn, unit: int, led: bool) -> dict[str, Any]:
    """What stands on it, read when it is drawn: the targets there are, else a lead's units side by side, or one's own
    share of the team's month of reporting."""
    where = units.get(turn.db, unit)
    if led:
        where = rights.check(turn.posts, "watch", where)
    elif where is None or where.id not in {post.unit.id for post in turn.posts}:
        raise Refused("chat.not_for_you")
    aimed = targets.today(turn.db, where, turn.today)
    if aimed:
        return _of_targets(turn, where, aimed)
    return _of_parts(turn, where) if led else _of_me(turn)


def _of_targets(turn: Turn, unit: Unit, aimed: list[tuple[Period, list[Progress]]]) -> dict[str, Any]:
    """What was done of what is aimed at; a bar that is full says no more than that."""
    several = len(aimed) > 1
    rows = []
    for period, one in ((period, one) for period, found in aimed for one in found):
        of, name = one.target.count, targets.name_of(turn.say, one.target)
        said = f"{turn.say.write(one.done)}/{turn.say.write(of)} {one.target.counted(turn.say.language)}"
        bar = min(WHOLE, WHOLE * one.done // of)
        label = f"{periods.short(turn.say, period)}: {name}" if several else name
        rows.append({"label": label, "said": said, "bar": bar, "track": WHOLE})
    return _sheet(turn, unit.name, ", ".join(periods.label(turn.say, period) for period, _ in aimed), rows)


def _of_parts(turn: Turn, unit: Unit) -> dict[str, Any]:
    found = gather(turn, unit, week_of(turn.today).until(turn.today))
    parts = sorted(found.parts(found.top), key=lambda part: -part.now)
    longest = max((part.now for part in parts), default=0) or 1
    rows = [_row(turn.say, part.name, part.now, longest) for part in parts]
    under = turn.say.label("summaries.picture_week", days=days_of(found.week))
    return _sheet(turn, found.top.name, under, rows)


def _row(say: Voice, name: str, count: int, longest: int) -> dict[str, Any]:
    said = say.label("summaries.picture_reports", count=count) if count else say.label("summaries.picture_none")
    return {"label": name, "said": said, "bar": WHOLE * count // longest, "track": 0}


def _of_me(turn: Turn) -> dict[str, Any]:
    """One's own share of each team one reported in, in the month of reporting that the words beside it are about."""
    known = categories.by_code(turn.db)
    month = periods.current(turn.db, "month", turn.today)
    mine: defaultdict[int, list[Report]] = defaultdict(list)
    for one in reports.of_author(turn.db, turn.me.id, month.first.isoformat(), turn.today.isoformat()):
        mine[one.unit_id].append(one)
    teams = [unit for unit_id in sorted(mine) if (unit := units.get(turn.db, unit_id))]
    names = pick.places(turn, teams)
    rows = []
    for unit, name in zip(teams, names, strict=True):
        team = figures(turn, unit, Week(month.first, turn.today)).by_unit.get(unit.id, Counter())
        for (category, counted), count in sum_of(mine[unit.id]).most_common():
            what, of = name_of(known, turn.say, category), max(team[category, counted], count)
            said = f"{turn.say.write(count)}/{turn.say.write(of)} {counted_in(known, turn.say, category, counted)}"
            label = f"{name}: {what}" if len(teams) > 1 else what
            rows.append({"label": label, "said": said, "bar": WHOLE * count // of if of else 0, "track": WHOLE})
    period = periods.label(turn.say, month)
    under = turn.say.label("summaries.picture_share", period=period, unit=", ".join(names))
    return _sheet(turn, turn.me.name, under, rows)


def _sheet(turn: Turn, title: str, under: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    more = len(rows) - MOST_ROWS
    foot = turn.say.label("summaries.picture_more", count=more) if more > 0 else ""
    return {"title": title, "under": under, "rows": rows[:MOST_ROWS], "foot": foot}


@router.errand("picture", by="bot.bars", given=_given)
def show(turn: Turn, done: Done) -> None:
    """It is drawn: a sentence and the picture."""
    file = turn.made(done, "ket-qua.png", "image/png")
    told = (Span(f"{done.given['title']} · {done.given['under']}"),)
    turn.tell(turn.me.id, lambda say: Reply(told, files=(file,), card=made_card(done.id)), urgent=True)
