"""What the posts that a person holds now make of them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.rules.rights import LEADS
from storage.people import Post


def is_member(posts: Sequence[Post]) -> bool:
    """Of some team: may report."""
    return any(post.role != "admin" for post in posts)


def is_lead(posts: Sequence[Post]) -> bool:
    """Head or deputy of some team: may hand out work."""
    return any(post.role in LEADS for post in posts)


def is_admin(posts: Sequence[Post]) -> bool:
    return any(post.role == "admin" for post in posts)


def home(posts: Sequence[Post]) -> Post | None:
    """The team a person's reports are made in: the lowest of their posts, their administrator's post last of all."""
    return max(posts, key=lambda post: (post.role != "admin", _depth(post)), default=None)


def teams(posts: Sequence[Post]) -> list[Post]:
    """The teams a person may report in: of those at the lowest level each one, the usual (`home`) first."""
    usual = home(posts)
    if usual is None or usual.role == "admin":
        return []
    beside = [post for post in posts if post.role != "admin" and _depth(post) == _depth(usual)]
    return list({post.unit.id: post for post in [usual, *beside]}.values())


def led(posts: Sequence[Post]) -> list[Post]:
    """The highest teams a person leads: several where they are of equal height (an administrator: what they look
    after, where they lead nothing)."""
    found = [post for post in posts if post.role in LEADS] or [post for post in posts if post.role == "admin"]
    highest = [post for post in found if _depth(post) == min(map(_depth, found))]
    return list({post.unit.id: post for post in highest}.values())


def _depth(post: Post) -> int:
    return post.unit.path.count("/")


def office(posts: Sequence[Post]) -> Post | None:
    """The highest team a person leads (an administrator: the unit they look after)."""
    return next(iter(led(posts)), None)
