"""Who may hand a post over to whom, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.rules import rights
from bot.rules.refused import Refused
from storage.handovers import Handover
from storage.people import Member, Post

MOST_AHEAD = timedelta(days=366)


def may_begin(posts: Sequence[Post], person_id: int, post: Post | None) -> Post:
    """The post, if it is one's own or below one's own. Raises Refused."""
    if post is None:
        raise Refused("handover.post_gone")
    if post.unit.closed_at is not None:
        raise Refused("chat.unit_closed", unit=post.unit.name)
    if post.person_id != person_id and not is_given_at_once(posts, post):
        raise Refused("chat.not_for_you")
    return post


def is_given_at_once(posts: Sequence[Post], post: Post) -> bool:
    """Whether one may give such a post: it is below one's own. Nobody gives what they only hold: a head who handed the
    head's post on would give as much as they have, so somebody above agrees first."""
    return rights.may(posts, "members", post.unit) and rights.outranks(posts, [post])


def check_day(day: date, today: date) -> date:
    """From today on, within a year. Raises Refused."""
    if day < today:
        raise Refused("handover.day_past", day=day)
    if day > today + MOST_AHEAD:
        raise Refused("handover.day_far", day=day)
    return day


def may_take(post: Post, member: Member, above: Sequence[int]) -> bool:
    """Whether somebody may be chosen: of the unit and below, or a lead of the units above (ids); not who has it."""
    if member.person.id == post.person_id:
        return False
    if post.unit.holds(member.unit):
        return member.role != "admin" or post.role == "admin"
    return member.unit.id in above and (member.role in rights.LEADS or post.role == "admin")


def holds_more(post: Post, theirs: Sequence[Post]) -> bool:
    """Whether somebody has a higher post in the same team already: with this one they would lose it."""
    if post.role not in rights.TEAM:
        return False
    above = rights.TEAM[: rights.TEAM.index(post.role)]
    return any(one.unit.id == post.unit.id and one.role in above for one in theirs)


def check_taker(post: Post, name: str, theirs: Sequence[Post]) -> None:
    """Raises Refused for whoever would lose a higher post in the same team."""
    if holds_more(post, theirs):
        raise Refused("handover.holds_more", name=name, unit=post.unit.name)


def replaced(post: Post, theirs: Sequence[Post]) -> list[Post]:
    """Of the taker's posts those that the new one takes the place of: a lower one, or the same, in the same unit."""
    same_unit = [one for one in theirs if one.unit.id == post.unit.id]
    if post.role == "admin":
        return [one for one in same_unit if one.role == "admin"]
    return [one for one in same_unit if one.role != "admin"]


def may_agree(posts: Sequence[Post], handover: Handover, post: Post | None) -> Post:
    """Whether one may say yes or no to what was asked. Raises Refused."""
    if handover.state != "asked" or post is None:
        raise Refused("handover.over_already")
    if not is_given_at_once(posts, post):
        raise Refused("chat.not_for_you")
    return post
