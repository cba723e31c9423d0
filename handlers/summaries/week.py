"""The summary of a week: to everybody on Friday, and to whoever asks."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.chat.action import Action
from bot.chat.reply import Kind, Reply, View
from bot.chat.router import Router, Said
from bot.chat.texts import paragraphs
from bot.chat.turn import Turn
from bot.rules import people
from bot.rules.calendar import week_of
from bot.rules.refused import Refused
from handlers.summaries.telling import for_member, lead_text
from handlers.summaries.weekly import Weekly, gather
from storage import people as roster
from storage import summaries, units

OLDEST_WEEKS = 52

router = Router("summaries")


@dataclass(frozen=True, slots=True)
class ShowWeek(Action, code="wk"):
    """The week so many weeks ago."""

    ago: int


@router.weekly("fri 16:00")
def weekly(turn: Turn) -> None:
    """To everybody, once a week; rung late, it is still about the week it was due in."""
    top = units.top(turn.db)
    if top is None:
        return
    week = week_of(turn.when(turn.slot or turn.now).date())
    found = gather(turn, top, week.until(turn.today))
    for member in {member.person.id: member for member in roster.under(turn.db, top)}.values():
        posts = roster.posts(turn.db, member.person.id)
        view = _for(found, posts)
        if not member.reachable or view is None:
            continue
        if summaries.take(turn.db, member.person.id, week.first.isoformat(), turn.now):
            turn.tell(member.person.id, view, kind=Kind.SUMMARY)


def _for(found: Weekly, posts: list[roster.Post]) -> View | None:
    led = people.led(posts)
    if led:
        return lambda say: Reply(paragraphs(*(lead_text(found, say, post.unit) for post in led)), card="")
    home = people.home(posts)
    if home is None:
        return None
    return lambda say: for_member(found, say, home)


@router.command("tuan", about="summaries.about_week", rank=35)
def this_week(turn: Turn) -> Said:
    """The summary on demand; "/tuan 1" is the week before."""
    asked = turn.incoming.text.split()[-1]
    return _week(turn, int(asked) if asked.isdecimal() and len(asked) < 4 else 0)


@router.on(ShowWeek)
def another_week(turn: Turn, pressed: ShowWeek) -> Said:
    return _week(turn, pressed.ago)


def _week(turn: Turn, ago: int) -> Reply:
    if not 0 <= ago <= OLDEST_WEEKS:
        raise Refused("summaries.no_week", most=OLDEST_WEEKS)
    week = week_of(turn.today).moved(-ago)
    shown = week.until(turn.today) if ago == 0 else week
    led = people.led(turn.posts)
    home = people.home(turn.posts)
    if led:
        found = [gather(turn, post.unit, shown) for post in led]
        told = Reply(paragraphs(*(lead_text(one, turn.say, one.top) for one in found)))
    elif home is not None:
        told = for_member(gather(turn, home.unit, shown), turn.say, home)
    else:
        raise Refused("reports.no_team")
    row = [turn.button("summaries.buttons.week_before", ShowWeek(ago + 1))]
    if ago:
        row.append(turn.button("summaries.buttons.week_after", ShowWeek(ago - 1)))
    return replace(told, buttons=(*told.buttons, tuple(row)), card="week")
