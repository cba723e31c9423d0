"""Periods: every day is in exactly one, no two are called the same, and a change leaves what is past alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules import periods
from bot.rules.periods import KINDS, USUAL, Period, check, cuts_of, following, is_open, period_of, preceding
from bot.rules.refused import Refused
from storage.periods import Cut

DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
DAY = timedelta(days=1)


def shown(period: Period) -> tuple[str, str, tuple[int, int]]:
    return period.first.isoformat(), period.last.isoformat(), period.name


@pytest.mark.parametrize(
    ("kind", "day", "expected"),
    [
        ("week", "2026-11-29", ("2026-11-23", "2026-11-29", (2026, 48))),
        ("week", "2027-01-01", ("2026-12-28", "2027-01-03", (2026, 53))),
        ("month", "2026-11-14", ("2026-10-15", "2026-11-14", (2026, 11))),
        ("month", "2026-11-15", ("2026-11-15", "2026-12-14", (2026, 12))),
        ("month", "2026-12-31", ("2026-12-15", "2027-01-14", (2027, 1))),
        ("quarter", "2026-12-14", ("2026-09-15", "2026-12-14", (2026, 4))),
        ("quarter", "2026-12-15", ("2026-12-15", "2027-03-14", (2027, 1))),
        ("half", "2026-06-14", ("2025-12-15", "2026-06-14", (2026, 1))),
        ("year", "2026-12-15", ("2026-12-15", "2027-12-14", (2027, 1))),
    ],
)
def test_the_usual_periods(kind: str, day: str, expected: tuple[str, str, tuple[int, int]]) -> None:
    assert shown(period_of(date.fromisoformat(day), [USUAL[kind]])) == expected


def test_a_period_closes_some_days_after_its_end() -> None:
    period = period_of(date(2026, 11, 1), [USUAL["month"]])
    assert period.closes_on == date(2026, 11, 17)
    assert is_open(period, date(2026, 11, 17))
    assert not is_open(period, date(2026, 11, 18))


def test_to_the_calendar_month_and_back() -> None:
    cuts = cuts_of("month", [Cut("month", "2026-12-15", 1, 5), Cut("month", "2027-04-01", 15, 3)])
    found = [period_of(date(2026, 11, 20), cuts)]
    while found[-1].last < date(2027, 5, 14):
        found.append(following(found[-1], cuts))
    assert [shown(one) for one in found] == [
        ("2026-11-15", "2026-12-14", (2026, 12)),
        ("2026-12-15", "2027-01-31", (2027, 1)),  # December is told already
        ("2027-02-01", "2027-02-28", (2027, 2)),
        ("2027-03-01", "2027-03-31", (2027, 3)),
        ("2027-04-01", "2027-04-14", (2027, 4)),
        ("2027-04-15", "2027-05-14", (2027, 5)),
    ]
    assert [one.closes_on for one in found[:2]] == [date(2026, 12, 17), date(2027, 2, 5)]


@st.composite
def rules(draw: st.DrawFn) -> list[Cut]:
    """Rules of a kind as they come to be: each from the beginning of a period that is not over."""
    kind = draw(st.sampled_from(KINDS))
    made: list[Cut] = []
    today = draw(DAYS)
    for _ in range(draw(st.integers(0, 4))):
        period = period_of(today, cuts_of(kind, made))
        for _ in range(draw(st.integers(0, 2))):
            period = following(period, cuts_of(kind, made))
        first_day = 1 if kind == "week" else draw(st.integers(1, 28))
        cut = Cut(kind, period.first.isoformat(), first_day, draw(st.integers(0, 20)))
        check(cut, made, today)
        made = [*(one for one in made if one.since != cut.since), cut]
        today = period.first + timedelta(days=draw(st.integers(0, 400)))
    return cuts_of(kind, made)


@given(rules(), DAYS)
def test_every_day_is_in_exactly_one_period(cuts: list[Cut], day: date) -> None:
    period = period_of(day, cuts)
    assert period.first <= day <= period.last <= period.closes_on
    assert period_of(period.first, cuts) == period_of(period.last, cuts) == period
    after, before = following(period, cuts), preceding(period, cuts)
    assert before.last + DAY == period.first
    assert period.last + DAY == after.first
    assert before.name < period.name < after.name
    assert periods.called(period.kind, *period.name, cuts) == period


@given(rules(), DAYS, st.integers(1, 28), st.integers(0, 20))
def test_a_change_leaves_what_is_past_alone(cuts: list[Cut], today: date, first_day: int, closes: int) -> None:
    now = period_of(today, cuts)
    cut = Cut(now.kind, now.last.isoformat(), 1 if now.kind == "week" else first_day, closes)
    cut = Cut(cut.kind, (now.last + DAY).isoformat(), cut.first_day, cut.closes_after)
    ahead = [one for one in cuts if one.since <= today.isoformat()]
    check(cut, ahead, today)
    changed = cuts_of(now.kind, [*ahead, cut])
    for day in (now.first, now.first - DAY, now.first - timedelta(days=200)):
        assert period_of(day, changed) == period_of(day, ahead)


@pytest.mark.parametrize(
    ("cut", "key"),
    [
        (Cut("month", "2026-11-16", 1, 3), "periods.not_a_beginning"),
        (Cut("month", "2026-10-15", 1, 3), "periods.is_past"),
        (Cut("month", "2026-12-15", 29, 3), "periods.first_day_wrong"),
        (Cut("month", "2026-12-15", 15, 91), "periods.closing_wrong"),
        (Cut("week", "2026-11-30", 2, 3), "periods.week_begins"),
        (Cut("fortnight", "2026-11-30", 1, 3), "periods.no_such_kind"),
    ],
)
def test_what_may_not_be(cut: Cut, key: str) -> None:
    with pytest.raises(Refused) as refused:
        check(cut, [], date(2026, 11, 29))
    assert refused.value.key == key


def test_a_period_that_is_none_is_refused() -> None:
    for number in (0, 13):
        with pytest.raises(Refused):
            periods.called("month", 2026, number, [USUAL["month"]])
