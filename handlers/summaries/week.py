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
from handlers.summaries.telling import for_member, lead_text, team_lines
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
    teams = [(found, post) for post in people.teams(posts)]
    if led:
        beside = [(one, post) for one, post in teams if not any(lead.unit.holds(post.unit) for lead in led)]
        return lambda say: Reply(
            paragraphs(*(lead_text(found, say, post.unit) for post in led), team_lines(beside, say)), card=""
        )
    return (lambda say: for_member(teams, say)) if teams else None


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
    led, teams = people.led(turn.posts), people.teams(turn.posts)
    if led:
        found = [gather(turn, post.unit, shown) for post in led]
        beside = [post for post in teams if not any(lead.unit.holds(post.unit) for lead in led)]
        others = team_lines([(gather(turn, post.unit, shown), post) for post in beside], turn.say)
        told = Reply(paragraphs(*(lead_text(one, turn.say, one.top) for one in found), others))
    elif teams:
        told = for_member([(gather(turn, post.unit, shown), post) for post in teams], turn.say)
    else:
        raise Refused("reports.no_team")
    row = [turn.button("summaries.buttons.week_before", ShowWeek(ago + 1))]
    if ago:
        row.append(turn.button("summaries.buttons.week_after", ShowWeek(ago - 1)))
    return replace(told, buttons=(*told.buttons, tuple(row)), card="week")
