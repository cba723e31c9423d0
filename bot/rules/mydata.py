"""What may be done about one's own data."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.rules import codes
from bot.rules.refused import Refused
from bot.rules.rights import LEADS
from storage.people import Post

ANSWER_DAYS = 2  # working days until a request must be answered: Decree 356/2025/NĐ-CP
MOST_NAME = 60
_NAME = re.compile(r"[^\W\d_]+(?:[ '.\-’]+[^\W\d_]+)*\.?")


def check_name(said: str, known: str) -> str:
    """The name in one line. Raises Refused."""
    name = " ".join(said.split())
    if not _NAME.fullmatch(name) or not 2 <= len(name) <= MOST_NAME:
        raise Refused("mydata.bad_name", said=name[:40])
    if name == known:
        raise Refused("mydata.same", said=name)
    return name


def check_phone(said: str, known: str) -> str:
    """The number as it is kept. Raises Refused."""
    phone = codes.read_phone(said)
    if not phone:
        raise Refused("mydata.bad_phone", said=" ".join(said.split())[:40])
    if phone == known:
        raise Refused("mydata.same", said=phone)
    return phone


def must_hand_over(posts: Sequence[Post], gifts: int) -> bool:
    """Whether others depend on the person: a lead or an administrator, or whose work given out is not finished.

    They are erased when somebody has taken over; everybody else at once.
    """
    return gifts > 0 or any(post.role in (*LEADS, "admin") for post in posts)
