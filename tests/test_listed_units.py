"""Units of a list found among those that are kept: by their codes, and without the districts that are no more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import dependents, imports, taking_back
from storage.db import Db
from tests.rules.roster.office import Office, office

CODED = "Họ và tên | Vai trò | Mã xã | Xã | Ấp | SĐT\n"
TWO_OF_A_NAME = (
    CODED
    + """
Nguyễn Văn An | Tổ trưởng  | 29113 | Xã Vĩnh Hòa | Ấp 1 | 0912000001
Trần Thị Bé   | Thành viên | 29113 | Xã Vĩnh Hòa | Ấp 1 | 0912000002
Lê Văn Chín   | Tổ trưởng  | 28900 | Xã Vĩnh Hòa | Ấp 1 | 0912000003
Phạm Thị Dung | Thành viên | 28900 | Xã Vĩnh Hòa | Ấp 1 | 0912000004
""".strip()
)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path, "Tỉnh Vĩnh Long") as found:
        yield found


async def codes(here: Office) -> dict[str, list[str]]:
    rows = await here.store.run(lambda db: db.all("SELECT name, code FROM units WHERE level = 'commune' ORDER BY code"))
    found: dict[str, list[str]] = {}
    for name, code in rows:
        found.setdefault(name, []).append(code)
    return found


async def test_a_code_is_kept_and_finds_its_unit_whatever_the_name(here: Office) -> None:
    first = await here.loads(TWO_OF_A_NAME)
    assert first.units_new == {"province": 0, "district": 0, "commune": 2, "hamlet": 2}
    assert await codes(here) == {"Xã Vĩnh Hòa": ["28900", "29113"]}
    assert (await here.plan(TWO_OF_A_NAME)).is_empty
    again = await here.plan(CODED + "Lê Văn Chín | Tổ trưởng | 28900 | VĨNH HOÀ | Ấp 1 | 0912000003")
    assert (again.counts.same, again.counts.left_out, again.problems) == (1, 0, [])
    alone = await here.plan(CODED + "Lê Văn Chín | Tổ trưởng | 28900 |  | Ấp 1 | 0912000003")
    assert (alone.counts.same, alone.counts.left_out) == (1, 0)


async def test_without_its_code_one_of_two_is_asked_about(here: Office) -> None:
    await here.loads(TWO_OF_A_NAME)
    assert await here.doubts(CODED + "Lê Văn Chín | Tổ trưởng | | Xã Vĩnh Hòa | Ấp 1 | 0912000003") == [
        "unit_ambiguous Xã Vĩnh Hòa"
    ]


async def test_a_code_that_is_another_unit_s_makes_nothing(here: Office) -> None:
    await here.loads(TWO_OF_A_NAME)
    plan = await here.plan(CODED + "Võ Văn Em | Tổ trưởng | 28900 | Xã Phú Túc | Ấp 1 | 0912000005")
    assert [(one.kind, one.values["ours"]) for one in plan.problems] == [("unit_code_other", "Xã Vĩnh Hòa")]
    assert (plan.units, plan.counts.left_out) == ([], 1)
    nameless = await here.plan(CODED + "Võ Văn Em | Tổ trưởng | 28999 |  | Ấp 1 | 0912000005")
    assert (nameless.units, nameless.counts.left_out) == ([], 1)


async def test_old_districts_make_none_where_there_are_none(here: Office) -> None:
    await here.loads("""
        Họ và tên | Vai trò | Xã | Ấp | SĐT
        Nguyễn Văn An | Tổ trưởng | Xã Giao Long | Ấp 1 | 0912000001
        Trần Thị Bé | Tổ trưởng | Xã Phú Túc | Ấp 1 | 0912000002
    """)
    plan = await here.plan("""
        Họ và tên | Vai trò | Huyện (cũ) | Xã | Ấp | SĐT
        Nguyễn Văn An | Tổ trưởng | Châu Thành | Xã Giao Long | Ấp 1 | 0912000001
        Trần Thị Bé | Tổ trưởng | Châu Thành | Xã Phú Túc | Ấp 1 | 0912000002
        Lê Văn Chín | Tổ trưởng | Ba Tri | Xã Tân Xuân | Ấp 1 | 0912000003
    """)
    assert plan.counts.units_new == {"province": 0, "district": 0, "commune": 1, "hamlet": 1}
    assert (plan.counts.same, plan.counts.new, plan.counts.left_out) == (2, 1, 0)


WITH_DISTRICTS = """
    Họ và tên | Vai trò | Huyện | Xã | Ấp | SĐT
    Phạm Thị Dung | Thành viên | Huyện Châu Thành | | | 0912000004
    Nguyễn Văn An | Tổ trưởng | Huyện Châu Thành | Xã Giao Long | Ấp 1 | 0912000001
    Trần Thị Bé | Tổ trưởng | Huyện Châu Thành | Xã Phú Túc | Ấp 1 | 0912000002
"""


async def test_a_level_that_is_not_configured_is_not_made(here: Office) -> None:
    here.levels = ("province", "commune", "hamlet")
    counts = await here.loads(WITH_DISTRICTS)
    assert counts.units_new == {"province": 0, "district": 0, "commune": 2, "hamlet": 2}
    assert (counts.new, counts.left_out) == (2, 1)
    assert (await here.unit("Xã Giao Long")).parent_id == here.top.id
    assert (await here.plan(WITH_DISTRICTS)).is_empty
    assert await here.doubts(WITH_DISTRICTS) == ["unit_passed_over Phạm Thị Dung"], "the row of the district's own team"
    here.levels = ("province", "district", "commune", "hamlet")
    assert (await here.plan(WITH_DISTRICTS)).units == [], "nor later, where there is none"


async def test_whoever_stands_above_the_unit_of_the_list_is_named(here: Office) -> None:
    await here.loads(WITH_DISTRICTS)
    here.within = await here.unit("Xã Giao Long")
    assert await here.doubts("""
        Họ và tên | Vai trò | Huyện | Xã | Ấp | SĐT
        Phạm Thị Dung | Thành viên | Huyện Châu Thành | | | 0912000004
        Nguyễn Văn An | Tổ trưởng | Huyện Châu Thành | Xã Giao Long | Ấp 1 | 0912000001
    """) == ["unit_passed_over Phạm Thị Dung"]


async def test_a_unit_without_a_code_gets_the_one_that_the_list_says(here: Office) -> None:
    await here.loads("""
        Họ và tên | Vai trò | Xã | Ấp | SĐT
        Nguyễn Văn An | Tổ trưởng | Xã Giao Long | Ấp 1 | 0912000001
        Trần Thị Bé | Tổ trưởng | Xã Phú Túc | Ấp 1 | 0912000002
    """)
    kept = await here.all_rows()
    coded = CODED + "Nguyễn Văn An | Tổ trưởng | 28810 | Xã Giao Long | Ấp 1 | 0912000001"
    plan = await here.plan(coded)
    assert [(one.name, one.code) for one in plan.coded] == [("Xã Giao Long", "28810")]
    assert (plan.counts.units_coded, plan.is_empty) == (1, False)
    await here.loads(coded)
    assert await codes(here) == {"Xã Giao Long": ["28810"], "Xã Phú Túc": [""]}
    assert (await here.plan(coded)).is_empty
    another = await here.plan(CODED + "Nguyễn Văn An | Tổ trưởng | 28811 | Xã Giao Long | Ấp 1 | 0912000001")
    assert [one.kind for one in another.problems] == ["unit_code_differs"]
    assert another.is_empty

    def take_back(db: Db) -> None:
        one = imports.get(db, here.last)
        assert one is not None
        assert dependents.built_on(db, one) is None
        taking_back.undo(db, one, None, "apso", 5_000, "")

    await here.store.run(take_back)
    assert await here.all_rows() == kept


async def test_a_code_that_was_changed_since_is_not_taken_back(here: Office) -> None:
    await here.loads(
        "Họ và tên | Vai trò | Xã | Ấp | SĐT\nNguyễn Văn An | Tổ trưởng | Xã Giao Long | Ấp 1 | 0912000001"
    )
    await here.loads(CODED + "Nguyễn Văn An | Tổ trưởng | 28810 | Xã Giao Long | Ấp 1 | 0912000001")
    await here.store.run(lambda db: db.run("UPDATE units SET code = '28999' WHERE code = '28810'"))
    one = await here.store.run(lambda db: imports.get(db, here.last))
    assert one is not None
    built = await here.store.run(lambda db: dependents.built_on(db, one))
    assert built is not None
    assert built.what == "changed"
