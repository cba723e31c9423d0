"""The invented province is complete, believable, and the same every time."""

from __future__ import annotations

import time
import tomllib
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.demo.history import VIETNAM, DemoTask, History, history, silent_showcase_hamlets
from bot.demo.province import Province, invent, showcase

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 9, tzinfo=VIETNAM)
CATEGORIES = Path(__file__).parents[2] / "storage" / "seed" / "categories.toml"


@pytest.fixture(scope="module")
def province() -> Province:
    return invent()


@pytest.fixture(scope="module")
def past(province: Province) -> History:
    return history(province, TODAY)


def test_as_many_units_as_in_august_2022(province: Province) -> None:
    assert Counter(unit.level for unit in province.units) == {
        "province": 1,
        "district": 9,
        "commune": 129,
        "hamlet": 427,
    }
    assert 2850 <= len(province.people) <= 2950


def test_keys_codes_and_phones_are_unique(province: Province) -> None:
    for values in (
        [unit.key for unit in province.units],
        [unit.code for unit in province.units],
        [person.key for person in province.people],
        [person.phone for person in province.people],
    ):
        assert len(set(values)) == len(values)
    assert all(person.phone.startswith("0999") and len(person.phone) == 10 for person in province.people)


def test_every_unit_hangs_under_the_level_above(province: Province) -> None:
    above = {"district": "province", "commune": "district", "hamlet": "commune"}
    seen: set[int] = set()
    for unit in province.units:
        if unit.parent is None:
            assert unit.level == "province"
        else:
            assert unit.parent in seen, "parents come before their children"
            assert province.unit[unit.parent].level == above[unit.level]
        seen.add(unit.key)
    assert all(province.children[unit.key] for unit in province.units if unit.level != "hamlet")


def test_names_say_their_kind_and_are_unique_among_siblings(province: Province) -> None:
    for unit in province.units:
        assert unit.name.lower().startswith(unit.kind)
        names = [child.name for child in province.children[unit.key]]
        assert len(set(names)) == len(names)
        if unit.level == "hamlet" and unit.parent is not None:
            assert unit.kind == ("ấp" if province.unit[unit.parent].kind == "xã" else "khu phố")


def test_teams_have_one_head_and_their_size(province: Province) -> None:
    for unit in province.units:
        roles = Counter(person.role for person in province.team[unit.key])
        assert roles["head"] == 1
        assert roles["deputy"] <= 1
        if unit.level == "hamlet":
            assert 4 <= roles.total() <= 7
        else:
            assert roles["member"] == 0
        assert roles["admin"] == (2 if unit.level == "province" else 0)
        if unit.level == "district":
            assert roles["deputy"] == 1


def test_the_same_every_time(province: Province, past: History) -> None:
    assert invent() == province
    assert history(invent(), TODAY) == past
    assert history(province, TODAY + timedelta(days=1)) != past


def test_it_takes_less_than_half_a_second() -> None:
    began = time.process_time()
    history(invent(), TODAY)
    assert time.process_time() - began < 0.5


def test_reports_are_written_by_members_of_the_team_that_reports(province: Province, past: History) -> None:
    assert past.reports
    for report in past.reports:
        assert province.person[report.author].post == report.unit
        assert province.unit[report.unit].level == "hamlet"
        assert TODAY - timedelta(days=21) <= report.day < TODAY
        assert 0 <= report.minute < 24 * 60


def test_reports_use_the_categories_with_their_units_and_usual_numbers(past: History) -> None:
    categories = {row["code"]: row for row in tomllib.loads(CATEGORIES.read_text("utf-8"))["category"]}
    zero = [report for report in past.reports if report.category is None]
    assert zero
    assert all(report.count == 0 and report.note for report in zero)
    for report in past.reports:
        if report.category is not None:
            category = categories[report.category]
            assert report.unit_word == category["unit_vi"]
            assert 1 <= report.count <= category["usual"]


@pytest.mark.parametrize("today", [TODAY + timedelta(days=offset) for offset in range(7)])
def test_each_week_about_one_team_in_ten_is_silent(province: Province, today: date) -> None:
    reports = history(province, today).reports
    for week in range(3):
        first = today - timedelta(days=7 * (week + 1))
        counts = Counter(report.unit for report in reports if first <= report.day < first + timedelta(days=7))
        assert 0.08 <= 1 - len(counts) / 427 <= 0.12
        assert max(counts.values()) <= 4


def test_fridays_and_saturdays_are_the_busiest(past: History) -> None:
    days = Counter(report.day.weekday() for report in past.reports)
    assert {day for day, _ in days.most_common(2)} == {4, 5}


def test_the_showcase_is_one_line_of_command(province: Province) -> None:
    shown = showcase(province)
    member, head, administrator = (
        province.person[key] for key in (shown.member, shown.commune_head, shown.administrator)
    )
    assert (member.role, head.role, administrator.role) == ("member", "head", "admin")
    assert province.unit[member.post].parent == head.post
    assert len(province.children[head.post]) >= 5


@pytest.mark.parametrize("today", [TODAY + timedelta(days=offset) for offset in range(7)])
def test_the_showcase_commune_has_something_to_follow(province: Province, today: date) -> None:
    shown = showcase(province)
    past = history(province, today)
    now = datetime.combine(today, datetime.min.time(), VIETNAM) + timedelta(hours=9)
    tasks = [task for task in past.tasks if task.giver == shown.commune_head]
    open_tasks = [task for task in tasks if _open_units(task)]
    assert [task for task in open_tasks if task.due > now]
    assert [task for task in open_tasks if task.due < now]
    assert any(shown.commune_head == part.person for task in past.tasks for part in task.assignments)
    assert any(shown.member == part.person and part.state != "done" for task in open_tasks for part in task.assignments)
    monday = today - timedelta(days=today.weekday())
    reported = {report.unit for report in past.reports if report.day >= min(monday, today - timedelta(days=7))}
    assert not reported & set(silent_showcase_hamlets(province))


def _open_units(task: DemoTask) -> list[int]:
    return [part.unit for part in task.assignments if part.state != "done"]


def test_tasks_go_down_one_level_to_people_of_the_unit(province: Province, past: History) -> None:
    assert len({task.unit for task in past.tasks}) > 20
    for task in past.tasks:
        assert province.person[task.giver].post == task.unit
        assert task.given < task.due
        assert task.units == tuple(unit.key for unit in province.children[task.unit])
        for part in task.assignments:
            assert province.person[part.person].post == part.unit


def test_what_happened_to_a_task_happened_in_order_and_before_today(past: History) -> None:
    stages = Counter()  # type: Counter[str]
    for task in past.tasks:
        for part in task.assignments:
            moments = [at for at in (task.given, part.accepted, part.reported, part.done) if at is not None]
            assert moments == sorted(moments)
            assert moments[-1] < NOW.replace(hour=0)
            assert (part.done is not None) == (part.state == "done")
            assert (part.count is not None) == (task.evidence == "count" and part.reported is not None)
            stages[_stage(task, part.state, part.returned, part.reported)] += 1
    assert set(stages) == {"done", "late", "returned", "reported", "accepted", "given", "overdue"}


def _stage(task: DemoTask, state: str, returned: str, reported: datetime | None) -> str:
    if state == "done" and reported is not None:
        return "late" if reported > task.due else "done"
    if returned:
        return "returned"
    return "overdue" if task.due < NOW and state != "reported" else state
