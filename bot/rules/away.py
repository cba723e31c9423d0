"""From when to when somebody may be away, and who may stand in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.rules import rights
from bot.rules.refused import Refused
from storage.absences import Absence
from storage.people import Member, Post

MOST_AHEAD = timedelta(days=366)
MOST_DAYS = timedelta(days=186)


def check_days(first: date, last: date, today: date) -> None:
    """Both are included. Raises Refused."""
    if last < first:
        raise Refused("away.turned_round", first=first, last=last)
    if last < today:
        raise Refused("away.past", last=last)
    if first > today + MOST_AHEAD or last > first + MOST_DAYS:
        raise Refused("away.too_long")


def may_stand_in(posts: Sequence[Post], person_id: int, member: Member, above: Sequence[int]) -> bool:
    """Of one's own teams, or a lead of a unit above (ids)."""
    if member.person.id == person_id or member.role == "admin":
        return False
    own = {post.unit.id for post in posts if post.role != "admin"}
    return member.unit.id in own or (member.unit.id in above and member.role in rights.LEADS)


def overlapping(absences: Sequence[Absence], first: date, last: date) -> Absence | None:
    """One that shares a day with these."""
    for absence in absences:
        if absence.first_day <= last.isoformat() and first.isoformat() <= absence.last_day:
            return absence
    return None
