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
    return max(posts, key=lambda post: (post.role != "admin", len(post.unit.path)), default=None)


def office(posts: Sequence[Post]) -> Post | None:
    """The highest team a person leads (an administrator: the unit they look after)."""
    led = [post for post in posts if post.role in LEADS]
    return min(
        led or [post for post in posts if post.role == "admin"], key=lambda post: len(post.unit.path), default=None
    )
