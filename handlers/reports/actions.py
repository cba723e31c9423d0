"""The buttons of reports."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.action import Action


@dataclass(frozen=True, slots=True)
class Undo(Action, code="ru"):
    report: int


@dataclass(frozen=True, slots=True)
class Restore(Action, code="rr"):
    report: int


@dataclass(frozen=True, slots=True)
class Change(Action, code="rc"):
    report: int


@dataclass(frozen=True, slots=True)
class Dispute(Action, code="rx"):
    """What a lead changed in it is not right."""

    report: int


@dataclass(frozen=True, slots=True)
class Photos(Action, code="rp"):
    report: int


@dataclass(frozen=True, slots=True)
class More(Action, code="rm"):
    pass


@dataclass(frozen=True, slots=True)
class Past(Action, code="ps"):
    """A page of what was reported, in a unit (0: by oneself), about some words ("": all)."""

    unit: int
    page: int
    words: str


@dataclass(frozen=True, slots=True)
class Find(Action, code="pf"):
    unit: int


@dataclass(frozen=True, slots=True)
class Accept(Action, code="ra"):
    """As it was when it was looked at."""

    report: int
    version: int


@dataclass(frozen=True, slots=True)
class SendBack(Action, code="rb"):
    report: int
    version: int


@dataclass(frozen=True, slots=True)
class Waiting(Action, code="rw"):
    """What nobody has accepted yet, in a unit and below."""

    unit: int
    page: int


@dataclass(frozen=True, slots=True)
class AcceptAll(Action, code="rl"):
    """All that waited up to this report when there were so many; `versions`: the sum of theirs, which any change to
    one of them raises. `sure`: 1 where all of them were to be seen at once, or it was asked again."""

    unit: int
    newest: int
    count: int
    versions: int
    sure: int = 0


@dataclass(frozen=True, slots=True)
class Together(Action, code="rt"):
    """Who took part."""

    report: int


@dataclass(frozen=True, slots=True)
class ForOther(Action, code="ro"):
    """It is of a team-mate, who was reported for."""

    report: int


@dataclass(frozen=True, slots=True)
class Month(Action, code="rd"):
    """Who took part on which days of a month, so many months ago."""

    unit: int
    ago: int


@dataclass(frozen=True, slots=True)
class Gallery(Action, code="rg"):
    """A page of the photos of a unit and all below; `ago`: of the week so many before this one."""

    unit: int
    ago: int
    page: int


@dataclass(frozen=True, slots=True)
class NotThese(Action, code="rn"):
    """The photos added since `first` (a file's id) do not belong to the report."""

    report: int
    first: int


@dataclass(frozen=True, slots=True)
class OfOther(Action, code="rq"):
    """They belong to another report, which is still to be told."""

    report: int
    first: int
