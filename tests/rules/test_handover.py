"""Who may give and take a post, from when; who may stand in; which teams are meant by "mine"."""

from __future__ import annotations

from datetime import date

import pytest

from bot.rules import away, handover, people
from bot.rules.refused import Refused
from bot.rules.rights import grants
from storage.absences import Absence
from storage.people import Member, Person, Post
from storage.units import Unit

PROVINCE = Unit(1, "", "Tỉnh", "tỉnh", "province", None, "/1/")
COMMUNE = Unit(9, "", "Xã", "xã", "commune", 1, "/1/9/")
HAMLET = Unit(20, "", "Ấp 1", "ấp", "hamlet", 9, "/1/9/20/")
OTHER = Unit(100, "", "Ấp 2", "ấp", "hamlet", 9, "/1/9/100/")
TODAY = date(2026, 11, 23)


def post(role: str, unit: Unit, person: int = 1, number: int = 1) -> Post:
    return Post(person, role, unit, number)


def member(role: str, unit: Unit, person: int = 2) -> Member:
    return Member(Person(person, "", "", "vi"), role, unit, True, True)


@pytest.mark.parametrize(
    ("role", "unit", "given"),
    [
        ("admin", PROVINCE, ["admin", "head", "deputy", "member"]),
        ("head", COMMUNE, ["head", "deputy", "member"]),
        ("head", HAMLET, ["deputy", "member"]),
        ("deputy", HAMLET, ["member"]),
        ("member", HAMLET, []),
        ("head", OTHER, []),
    ],
)
def test_nobody_gives_more_than_they_have(role: str, unit: Unit, given: list[str]) -> None:
    assert grants([post(role, unit)], HAMLET) == given


def test_one_s_own_is_not_given_at_once() -> None:
    head = post("head", HAMLET)
    assert not handover.is_given_at_once([head], head)
    assert handover.is_given_at_once([post("head", COMMUNE)], head)
    assert not handover.is_given_at_once([post("deputy", HAMLET)], head)
    assert handover.is_given_at_once([head], post("deputy", HAMLET, person=2))
    assert handover.may_begin([head], 1, head) == head
    with pytest.raises(Refused, match="not_for_you"):
        handover.may_begin([post("head", OTHER)], 1, post("head", HAMLET, person=2))
    with pytest.raises(Refused, match="post_gone"):
        handover.may_begin([head], 1, None)


def test_who_may_take_a_post() -> None:
    head, above = post("head", HAMLET), [COMMUNE.id, PROVINCE.id]
    assert handover.may_take(head, member("member", HAMLET), above)
    assert handover.may_take(head, member("head", COMMUNE), above)
    assert not handover.may_take(head, member("member", COMMUNE), above), "a lead above, not anybody"
    assert not handover.may_take(head, member("member", OTHER), above)
    assert not handover.may_take(head, member("head", HAMLET, person=1), above), "who has it"
    assert not handover.may_take(head, member("admin", PROVINCE), above)


def test_a_new_post_takes_the_place_of_one_s_lower_one_there() -> None:
    theirs = [post("member", HAMLET, 2, 5), post("head", OTHER, 2, 6), post("admin", HAMLET, 2, 7)]
    assert [one.id for one in handover.replaced(post("head", HAMLET), theirs)] == [5]
    assert [one.id for one in handover.replaced(post("admin", HAMLET), theirs)] == [7]


def test_the_day_is_today_or_within_a_year() -> None:
    assert handover.check_day(TODAY, TODAY) == TODAY
    with pytest.raises(Refused, match="day_past"):
        handover.check_day(date(2026, 11, 22), TODAY)
    with pytest.raises(Refused, match="day_far"):
        handover.check_day(date(2027, 11, 25), TODAY)


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        (date(2026, 12, 2), date(2026, 12, 1), "turned_round"),
        (date(2026, 11, 1), date(2026, 11, 22), "past"),
        (date(2026, 12, 1), date(2027, 12, 1), "too_long"),
        (date(2028, 1, 1), date(2028, 1, 2), "too_long"),
    ],
)
def test_days_nobody_is_away(first: date, last: date, why: str) -> None:
    with pytest.raises(Refused, match=why):
        away.check_days(first, last, TODAY)


def test_who_may_stand_in() -> None:
    mine, above = [post("head", HAMLET)], [COMMUNE.id]
    assert away.may_stand_in(mine, 1, member("member", HAMLET), above)
    assert away.may_stand_in(mine, 1, member("deputy", COMMUNE), above)
    assert not away.may_stand_in(mine, 1, member("member", COMMUNE), above)
    assert not away.may_stand_in(mine, 1, member("member", OTHER), above)
    assert not away.may_stand_in(mine, 1, member("head", HAMLET, person=1), above)


@pytest.mark.parametrize(
    ("first", "last", "shares"), [(24, 25, True), (27, 30, True), (28, 30, False), (21, 23, False)]
)
def test_days_that_overlap(first: int, last: int, shares: bool) -> None:
    absence = Absence(1, 1, 2, "2026-11-24", "2026-11-27", 0, "planned", "", "")
    found = away.overlapping([absence], date(2026, 11, first), date(2026, 11, last))
    assert (found is not None) is shares


def test_teams_and_led_units_of_equal_height_are_all_meant() -> None:
    posts = [post("deputy", COMMUNE), post("member", HAMLET), post("head", OTHER), post("admin", PROVINCE)]
    assert {team.unit.id for team in people.teams(posts)} == {HAMLET.id, OTHER.id}, "ids of two lengths, one height"
    assert people.teams(posts)[0] == people.home(posts)
    assert [led.unit.id for led in people.led(posts)] == [COMMUNE.id]
    assert [led.unit.id for led in people.led([post("head", HAMLET), post("head", OTHER)])] == [HAMLET.id, OTHER.id]
    assert [led.unit.id for led in people.led([post("admin", PROVINCE)])] == [PROVINCE.id]
    assert people.teams([post("admin", PROVINCE)]) == []
