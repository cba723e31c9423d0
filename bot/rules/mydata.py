"""What may be done about one's own data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.rules import codes, vietnamese
from bot.rules.refused import Refused
from bot.rules.rights import LEADS
from storage.people import Post

ANSWER_DAYS = 2  # working days until a request must be answered: Decree 356/2025/NĐ-CP
MOST_NAME = 60
DONE = ("xong", "da xong", "xong roi", "da xong roi", "lam xong", "da lam xong", "da lam xong roi", "ok", "done")
_NUMBERED = re.compile(r"(?:y\s?[-–.]?\s?|#|số )?0*(\d{1,9})(?![\w/])[ :,.;–-]*(.*)", re.IGNORECASE)
_DONE_FIRST = re.compile(rf"(?:{'|'.join(DONE)}) (?:y ?[-–.]? ?|#|so )?0*(\d{{1,9}})")
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


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed after /yeucau: which request, and the answer ("": none yet); `done`: it is just that."""

    number: int
    words: str = ""
    done: bool = False


def read_answer(said: str) -> Typed | None:
    """ "3", "Y-0003 xong", "xong 3" or "3: đã sửa số rồi". None: it names no request."""
    said = " ".join(said.split())
    if (last := _DONE_FIRST.fullmatch(vietnamese.fold(said))) is not None:
        return Typed(int(last[1]), done=True)
    found = _NUMBERED.fullmatch(said)
    if found is None:
        return None
    words = found[2].strip()
    done = vietnamese.fold(words).strip(" .!") in DONE
    return Typed(int(found[1]), "" if done else words, done)


def must_hand_over(posts: Sequence[Post], gifts: int) -> bool:
    """Whether others depend on the person: a lead or an administrator, or whose work given out is not finished.

    They are erased when somebody has taken over; everybody else at once.
    """
    return gifts > 0 or any(post.role in (*LEADS, "admin") for post in posts)
