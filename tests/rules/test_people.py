"""Who may do what, where: asked of the posts a person holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.rules import people, rights
from bot.rules.refused import Refused
from storage.people import Post
from storage.units import Unit

PATHS = {"tinh": "/1/", "huyen": "/1/2/", "xa": "/1/2/3/", "ap1": "/1/2/3/4/", "ap2": "/1/2/3/5/", "ap10": "/1/2/3/40/"}
UNITS = {name: Unit(int(path.split("/")[-2]), name, name, "", "", None, path) for name, path in PATHS.items()}


def post(role_at: str, person: int = 1) -> Post:
    role, unit = role_at.split()
    return Post(person, role, UNITS[unit])


def posts(*held: str) -> list[Post]:
    return [post(one) for one in held]


@pytest.mark.parametrize(
    ("held", "unit", "may"),
    [
        (["head ap1"], "ap1", True),
        (["deputy ap1"], "ap1", True),
        (["member ap1"], "ap1", False),
        (["head xa"], "ap1", True),
        (["head ap1"], "ap2", False),
        (["head ap1"], "ap10", False),
        (["head ap1"], "xa", False),
        (["admin tinh"], "ap1", True),
        (["head ap1", "member xa"], "xa", False),
        ([], "ap1", False),
    ],
)
def test_who_may_watch(held: list[str], unit: str, may: bool) -> None:
    assert rights.may(posts(*held), "watch", UNITS[unit]) is may


@pytest.mark.parametrize(
    ("held", "invited", "may"),
    [
        (["head ap1"], ["member ap1"], True),
        (["head ap1"], ["deputy ap1"], True),
        (["head ap1"], ["head ap1"], False),
        (["deputy ap1"], ["member ap1"], True),
        (["deputy ap1"], ["head ap1"], False),
        (["deputy ap1"], ["deputy ap1"], False),
        (["head xa"], ["head ap1"], True),
        (["head ap1"], ["member ap2"], False),
        (["head ap1"], ["member ap1", "head xa"], False),
        (["head xa"], ["admin ap1"], False),
        (["head tinh"], ["admin xa"], False),
        (["admin tinh"], ["head tinh"], True),
        (["admin xa"], ["member tinh"], False),
        (["member xa"], ["member ap1"], False),
        (["head ap1"], [], False),
    ],
)
def test_who_may_invite_whom(held: list[str], invited: list[str], may: bool) -> None:
    assert rights.outranks(posts(*held), posts(*invited)) is may


@pytest.mark.parametrize(
    ("held", "unit", "may"),
    [
        (["admin tinh"], "ap1", True),
        (["admin xa"], "huyen", False),
        (["head tinh"], "ap1", False),
        (["member ap1"], "ap1", False),
    ],
)
def test_only_administrators_speak_to_everybody(held: list[str], unit: str, may: bool) -> None:
    assert rights.may(posts(*held), "broadcast", UNITS[unit]) is may


def test_reports_are_made_in_the_lowest_team_and_work_is_given_from_the_highest() -> None:
    held = posts("head xa", "member ap1", "admin tinh")
    home, office = people.home(held), people.office(held)
    assert home is not None
    assert office is not None
    assert (home.unit.name, office.unit.name) == ("ap1", "xa")
    only_admin = people.office(posts("admin tinh"))
    assert only_admin is not None
    assert only_admin.unit.name == "tinh"
    assert people.office(posts("member ap1")) is None
    assert people.home([]) is None


@pytest.mark.parametrize(
    ("held", "member", "lead", "admin"),
    [
        (["member ap1"], True, False, False),
        (["deputy ap1"], True, True, False),
        (["head xa"], True, True, False),
        (["admin tinh"], False, False, True),
        (["admin tinh", "member ap1"], True, False, True),
        ([], False, False, False),
    ],
)
def test_what_posts_make_of_a_person(held: list[str], member: bool, lead: bool, admin: bool) -> None:
    found = posts(*held)
    assert (people.is_member(found), people.is_lead(found), people.is_admin(found)) == (member, lead, admin)
    assert rights.has("watch")(found) is (lead or admin)
    assert rights.may(found, "assign", UNITS["ap1"]) is lead


def test_a_right_is_offered_where_it_reaches_highest() -> None:
    assert rights.offices(posts("head ap1", "head xa", "head ap2"), "assign") == [UNITS["xa"]]
    assert rights.offices(posts("head ap1", "head ap2", "member xa"), "assign") == [UNITS["ap1"], UNITS["ap2"]]
    assert rights.offices(posts("member xa"), "assign") == []


def test_nothing_new_is_done_in_a_unit_that_is_no_more() -> None:
    gone = replace(UNITS["ap1"], closed_at=1)
    assert rights.check(posts("head xa"), "watch", gone) == gone
    with pytest.raises(Refused, match=r"chat\.unit_closed"):
        rights.check_open(posts("head xa"), "assign", gone)
    for nothing in (None, UNITS["huyen"]):
        with pytest.raises(Refused, match=r"chat\.not_for_you"):
            rights.check(posts("head xa"), "watch", nothing)


@pytest.mark.parametrize("right", rights.TABLE)
def test_no_right_reaches_up_or_aside(right: rights.Right) -> None:
    for role in rights.TABLE[right]:
        held = posts(f"{role} xa")
        assert rights.may(held, right, UNITS["ap1"])
        assert not rights.may(held, right, UNITS["huyen"])
        assert not rights.may(posts(f"{role} ap1"), right, UNITS["ap10"])
    assert set(rights.TABLE[right]) <= set(rights.RANKS)
