"""Periods of reporting: of which one a day is, what it is called, and until when a report in it is its author's.

Decree 09/2019/NĐ-CP, Article 12, ends the figures of a month on its 14th: they begin on the 15th of the month before,
those of a quarter on the 15th of the month before it, and so on. Whoever has other days says so, from a day on; periods
before that day stay what they were. Every day is in exactly one period of a kind, and no two are called the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from bot.rules.refused import Refused
from storage.periods import Cut

Kind = Literal["week", "month", "quarter", "half", "year"]
KINDS: tuple[Kind, ...] = get_args(Kind)
ALWAYS = date.min.isoformat()
# Until an office says otherwise: on which day each begins, and how many days after its end it closes.
USUAL: dict[str, Cut] = {
    "week": Cut("week", ALWAYS, 1, 2),
    "month": Cut("month", ALWAYS, 15, 3),
    "quarter": Cut("quarter", ALWAYS, 15, 5),
    "half": Cut("half", ALWAYS, 15, 5),
    "year": Cut("year", ALWAYS, 15, 10),
}
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
LAST_FIRST_DAY = 28  # every month has it
MOST_CLOSING = 90
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both in it. `number`: of the year, the ISO week of a week. `closes_on`: the last day on
    which its reports are their authors' to change."""

    kind: str
    year: int
    number: int
    first: date
    last: date
    closes_on: date

    @property
    def name(self) -> tuple[int, int]:
        return self.year, self.number


@dataclass(frozen=True, slots=True)
class _Whole:
    """A period as one rule alone would have it."""

    name: tuple[int, int]
    first: date
    last: date


def cuts_of(kind: str, changed: Iterable[Cut]) -> list[Cut]:
    """The rules of a kind, each from its day on, the usual one first."""
    dated = {cut.since: cut for cut in (USUAL[kind], *(cut for cut in changed if cut.kind == kind))}
    return [dated[since] for since in sorted(dated)]


def period_of(day: date, cuts: Sequence[Cut]) -> Period:
    """The one period of the kind that the day is in; `cuts` as of `cuts_of`."""
    at = max(place for place, cut in enumerate(cuts) if cut.since <= day.isoformat())
    cut = cuts[at]
    whole = _whole(cut, day)
    name, first, last = whole.name, whole.first, whole.last
    if at:
        begun = _begun(cuts, at)
        if day <= begun.last:
            name, first, last = begun.name, begun.first, begun.last
    if at + 1 < len(cuts):
        last = min(last, date.fromisoformat(cuts[at + 1].since) - _DAY)
    return Period(cut.kind, *name, first, last, last + timedelta(days=cut.closes_after))


def _begun(cuts: Sequence[Cut], at: int) -> _Whole:
    """The first period under a new rule: from its day on. When what ended the day before has its name already, what is
    left of that one belongs to the next."""
    since = date.fromisoformat(cuts[at].since)
    before = period_of(since - _DAY, cuts[:at])
    whole = _whole(cuts[at], since)
    while whole.name <= before.name:
        whole = _whole(cuts[at], whole.last + _DAY)
    return _Whole(whole.name, since, whole.last)


def _whole(cut: Cut, day: date) -> _Whole:
    if cut.kind == "week":
        first = day - timedelta(days=day.weekday())
        iso = first.isocalendar()
        return _Whole((iso.year, iso.week), first, first + timedelta(days=6))
    months = MONTHS[cut.kind]
    month = day.year * 12 + day.month - 1 + (1 if 1 < cut.first_day <= day.day else 0)
    period = month // months
    first = _begins(period * months, cut.first_day)
    last = _begins((period + 1) * months, cut.first_day) - _DAY
    return _Whole((period * months // 12, period % (12 // months) + 1), first, last)


def _begins(month: int, first_day: int) -> date:
    """When the figures of a month, counted from the year 0, begin."""
    month -= first_day > 1
    return date(max(1, month // 12), month % 12 + 1, first_day) if month >= 12 else date.min


def following(period: Period, cuts: Sequence[Cut]) -> Period:
    """The one after it."""
    return period_of(period.last + _DAY, cuts)


def preceding(period: Period, cuts: Sequence[Cut]) -> Period:
    """The one before it."""
    return period_of(period.first - _DAY, cuts)


def called(kind: str, year: int, number: int, cuts: Sequence[Cut]) -> Period:
    """The period of that name. Raises Refused when there is none."""
    most = 53 if kind == "week" else 12 // MONTHS[kind]
    if not (2000 <= year <= 2100 and 1 <= number <= most):
        raise Refused("periods.no_such_period", number=str(number), year=str(year))
    if kind == "week":
        day = date(year, 1, 4) + timedelta(weeks=number - 1)
    else:
        day = date(year, (number - 1) * MONTHS[kind] + 1, 1)
    period = period_of(day, cuts)
    while period.name < (year, number):
        period = following(period, cuts)
    while period.name > (year, number):
        period = preceding(period, cuts)
    if period.name != (year, number):
        raise Refused("periods.no_such_period", number=str(number), year=str(year))
    return period


def is_open(period: Period, today: date) -> bool:
    """Whether its reports are still their authors' to change."""
    return today <= period.closes_on


def check(cut: Cut, others: Iterable[Cut], today: date) -> Cut:
    """Whether such a rule may hold from its day on: from the beginning of a period that is not over. Raises Refused."""
    if cut.kind not in KINDS:
        raise Refused("periods.no_such_kind", said=cut.kind)
    most = 1 if cut.kind == "week" else LAST_FIRST_DAY
    if not 1 <= cut.first_day <= most:
        raise Refused("periods.week_begins" if cut.kind == "week" else "periods.first_day_wrong", most=most)
    if not 0 <= cut.closes_after <= MOST_CLOSING:
        raise Refused("periods.closing_wrong", most=MOST_CLOSING)
    before = [other for other in cuts_of(cut.kind, others) if other.since < cut.since]
    now = period_of(today, cuts_of(cut.kind, others))  # one that began with it may still be set anew
    since = date.fromisoformat(cut.since)
    if since < now.first:
        raise Refused("periods.is_past", day=day_of(since), first=day_of(now.first))
    held = period_of(since, before)
    if held.first != since:
        raise Refused(
            "periods.not_a_beginning", day=day_of(since), one=day_of(held.first), other=day_of(held.last + _DAY)
        )
    return cut


def day_of(day: date) -> str:
    """15/12/2026."""
    return f"{day.day}/{day.month}/{day.year}"
