"""Who may do what, where: the one table. A right counts in the unit of the post that gives it and everywhere below."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from bot.rules.refused import Refused
from storage.people import Post
from storage.units import Unit

Role = Literal["head", "deputy", "member", "admin"]
Right = Literal[
    "report", "watch", "remind", "assign", "members", "broadcast", "units", "roster", "settings", "audit", "data"
]

LEADS: tuple[Role, ...] = ("head", "deputy")
TEAM: tuple[Role, ...] = (*LEADS, "member")

TABLE: Mapping[Right, tuple[Role, ...]] = {
    "report": TEAM,  # say what one did
    "watch": (*LEADS, "admin"),  # see who did what, and how to reach them; not a colleague
    "remind": LEADS,  # urge those who have not reported
    "assign": LEADS,  # hand out work, judge it, take it back
    "members": (*LEADS, "admin"),  # bring in, move and remove people whose posts are below one's own (`outranks`)
    "broadcast": ("admin",),  # speak to everybody
    "units": ("admin",),  # merge, split, rename, move, close units
    "roster": ("admin",),  # load a roster
    "settings": ("admin",),  # say what is reported, counted, by when, on which forms, and how much is to be reached
    "audit": ("admin",),  # read who changed what
    "data": ("admin",),  # answer what people ask about their own data
}

# Who stands above whom in the same unit. An administrator is above every team, and under no team's lead.
RANKS: tuple[Role, ...] = ("admin", "head", "deputy", "member")


def may(posts: Sequence[Post], right: Right, unit: Unit) -> bool:
    """Whether some post gives the right in this unit."""
    return any(post.role in TABLE[right] and post.unit.holds(unit) for post in posts)


def check(posts: Sequence[Post], right: Right, unit: Unit | None) -> Unit:
    """The unit, if the right is there. Raises Refused: for what is not there the same as for what one may not."""
    if unit is None or not may(posts, right, unit):
        raise Refused("chat.not_for_you")
    return unit


def check_open(posts: Sequence[Post], right: Right, unit: Unit | None) -> Unit:
    """The same, where something new is to be done: in a unit that is no more nothing is. Raises Refused."""
    found = check(posts, right, unit)
    if found.closed_at is not None:
        raise Refused("chat.unit_closed", unit=found.name)
    return found


def has(right: Right) -> Callable[[Sequence[Post]], bool]:
    """Of a person's posts: whether any gives the right anywhere; decides what stands in the menu."""
    return lambda posts: any(post.role in TABLE[right] for post in posts)


def offices(posts: Sequence[Post], right: Right) -> list[Unit]:
    """The highest units in which the right is there: no one of them below another."""
    found = sorted(
        {post.unit for post in posts if post.role in TABLE[right]}, key=lambda unit: (len(unit.path), unit.id)
    )
    return [unit for unit in found if not any(other is not unit and other.holds(unit) for other in found)]


def outranks(posts: Sequence[Post], theirs: Sequence[Post]) -> bool:
    """Whether each of their posts is below one of one's own: of a unit further down, or lower in the same unit.

    Otherwise a deputy could become the head, or a head an administrator.
    """
    return bool(theirs) and all(any(_is_below(post, mine) for mine in posts) for post in theirs)


def grants(posts: Sequence[Post], unit: Unit) -> list[Role]:
    """The roles one may give in a unit: below one's own, so that nobody gives more than they have."""
    if not may(posts, "members", unit):
        return []
    return [role for role in RANKS if outranks(posts, [Post(0, role, unit)])]


def _is_below(theirs: Post, mine: Post) -> bool:
    if mine.role == "admin":
        return mine.unit.holds(theirs.unit)
    if mine.role not in LEADS or theirs.role == "admin" or not mine.unit.holds(theirs.unit):
        return False
    return mine.unit.id != theirs.unit.id or _rank(theirs) > _rank(mine)


def _rank(post: Post) -> int:
    return [str(role) for role in RANKS].index(post.role)
