"""Who may do what, where: questions asked of the posts a person holds now."""

from __future__ import annotations

from collections.abc import Sequence

from storage.people import Post
from storage.units import Unit

LEADS = ("head", "deputy")


def is_member(posts: Sequence[Post]) -> bool:
    """Of some team: may report."""
    return any(post.role != "admin" for post in posts)


def is_lead(posts: Sequence[Post]) -> bool:
    """Head or deputy of some team: may hand out work."""
    return any(post.role in LEADS for post in posts)


def is_admin(posts: Sequence[Post]) -> bool:
    return any(post.role == "admin" for post in posts)


def is_lead_or_admin(posts: Sequence[Post]) -> bool:
    return is_lead(posts) or is_admin(posts)


def home(posts: Sequence[Post]) -> Post | None:
    """The team a person's reports are made in: the lowest of their posts, their administrator's post last of all."""
    return max(posts, key=lambda post: (post.role != "admin", len(post.unit.path)), default=None)


def office(posts: Sequence[Post]) -> Post | None:
    """The highest team a person leads (an administrator: the unit they look after)."""
    led = [post for post in posts if post.role in LEADS]
    return min(
        led or [post for post in posts if post.role == "admin"], key=lambda post: len(post.unit.path), default=None
    )


def may_lead(posts: Sequence[Post], unit: Unit) -> bool:
    """Hand out work in this unit: a head or deputy of it or of one above."""
    return any(post.role in LEADS and post.unit.holds(unit) for post in posts)


def may_watch(posts: Sequence[Post], unit: Unit) -> bool:
    """See who did what in this unit, and how to reach them: its leads, those above, administrators. Not a colleague."""
    return any(post.role != "member" and post.unit.holds(unit) for post in posts)


def may_invite(posts: Sequence[Post], invited: Sequence[Post]) -> bool:
    """Get the code that opens this person's chat: only when each of their posts is below one of one's own.

    Otherwise a deputy could become the head, or a head an administrator.
    """
    return bool(invited) and all(any(_is_below(theirs, mine) for mine in posts) for theirs in invited)


def _is_below(theirs: Post, mine: Post) -> bool:
    if mine.role == "admin":
        return mine.unit.holds(theirs.unit)
    if mine.role not in LEADS or theirs.role == "admin" or not mine.unit.holds(theirs.unit):
        return False
    ranks = (*LEADS, "member")
    return mine.unit.id != theirs.unit.id or ranks.index(theirs.role) > ranks.index(mine.role)


def may_broadcast(posts: Sequence[Post], unit: Unit) -> bool:
    """Speak to everybody under this unit: an administrator of it or of one above."""
    return any(post.role == "admin" and post.unit.holds(unit) for post in posts)
