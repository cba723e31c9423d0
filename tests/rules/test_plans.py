"""A plan of units in a file: what is understood, and what is asked about instead of guessed."""

from __future__ import annotations

from datetime import date

import pytest

from bot.rules.plans import Problem, Reading, read
from bot.rules.units import Levels
from storage.reforms import Step
from storage.units import Unit

DAY = date(2025, 7, 1)
TOP = Unit(1, "83", "Tỉnh Bến Tre", "tỉnh", "province", None, "/1/")
BATRI = Unit(2, "836", "Huyện Ba Tri", "huyện", "district", 1, "/1/2/")
CHOLACH = Unit(3, "832", "Huyện Chợ Lách", "huyện", "district", 1, "/1/3/")


def commune(number: int, code: str, name: str, above: Unit) -> Unit:
    kind = Levels().kind_of(name)
    return Unit(number, code, name, kind, "commune", above.id, f"{above.path}{number}/")


VINHHOA_BT = commune(10, "29161", "Xã Vĩnh Hòa", BATRI)
VINHHOA_CL = commune(11, "28897", "Xã Vĩnh Hòa", CHOLACH)
BATRI_TOWN = commune(12, "29110", "Thị trấn Ba Tri", BATRI)
ANQUY = commune(13, "29218", "Xã An Quy", BATRI)
QUOI = commune(14, "28807", "Xã Qưới Sơn", CHOLACH)
THANH = commune(15, "29212", "Xã Bình Thạnh", BATRI)
HAMLET = Unit(20, "29110-01", "Ấp Phước Thạnh", "ấp", "hamlet", 12, "/1/2/12/20/")
KNOWN = [TOP, BATRI, CHOLACH, VINHHOA_BT, VINHHOA_CL, BATRI_TOWN, ANQUY, QUOI, THANH, HAMLET]
HEAD = "old_district,old_code,old_ward,new_code,new_ward\n"


def plan(*rows: str, head: str = HEAD, under: Unit | None = None) -> Reading:
    return read(head + "\n".join(rows), KNOWN, Levels(), DAY, under)


def steps(reading: Reading) -> list[Step]:
    assert reading.problems == []
    return [step for step in reading.steps[DAY] if step.act != "sweep"]


def test_rows_with_one_new_code_are_a_merger_into_the_unit_whose_code_is_kept() -> None:
    read = plan(
        "Huyện Ba Tri,29110,Thị trấn Ba Tri,29110,Xã Ba Tri",
        "Huyện Ba Tri,29161,Xã Vĩnh Hòa,29110,Xã Ba Tri",
        under=TOP,
    )
    assert steps(read) == [Step("merge", 12, (10,), code="29110", name="Xã Ba Tri", parent=1)]
    assert read.steps[DAY][-1] == Step("sweep", others=(2,))


def test_a_row_with_another_name_is_a_rename_and_one_without_nothing() -> None:
    read = plan("Huyện Ba Tri,29218,Xã An Qui,29224,Xã An Qui", "Huyện Ba Tri,29212,Xã Bình Thạnh,29212,Xã Bình Thạnh")
    assert steps(read) == [Step("rename", 13, code="29224", name="Xã An Qui")]
    assert read.unchanged == 1


def test_units_of_no_kept_code_become_a_new_one() -> None:
    read = plan(",29110,,30000,Xã Mới", ",29161,,30000,Xã Mới")
    assert steps(read) == [Step("merge", 0, (12, 10), code="30000", name="Xã Mới")]


def test_one_outside_the_plan_that_has_the_new_code_takes_them_in() -> None:
    assert steps(plan(",29161,,29110,")) == [Step("merge", 12, (10,), code="29110")]


@pytest.mark.parametrize(
    ("said", "above", "unit"),
    [
        ("Xã Vĩnh Hoà", "Huyện Chợ Lách", 11),
        ("xa vinh hoa", "cho lach", 11),
        ("Xã Vĩnh Hòa", "Ba Tri", 10),
        ("Xã An Qui", "", 13),
        ("Xã Quới Sơn", "", 14),
        ("TT. Ba Tri", "", 12),
        ("TT Ba Tri", "Huyện Ba Tri", 12),
        ("Bình Thạnh", "", 15),
    ],
)
def test_a_name_is_found_by_itself_where_it_is_unambiguous(said: str, above: str, unit: int) -> None:
    assert [step.unit for step in steps(plan(f"{above},,{said},99999,Xã Khác"))] == [unit]


@pytest.mark.parametrize(
    ("row", "key", "candidates"),
    [
        (",,Xã Vĩnh Hòa,1,Xã X", "several", ("29161 Xã Vĩnh Hòa, Huyện Ba Tri", "28897 Xã Vĩnh Hòa, Huyện Chợ Lách")),
        (",,Xã Bình Thành,1,Xã X", "near", ("29212 Xã Bình Thạnh, Huyện Ba Tri",)),
        (
            ",29161,Thị trấn Ba Tri,1,Xã X",
            "code_and_name",
            ("29161 Xã Vĩnh Hòa, Huyện Ba Tri", "29110 Thị trấn Ba Tri, Huyện Ba Tri"),
        ),
        ("Huyện Ba Tri,29999,Thị trấn Ba Tri,1,Xã X", "other_code", ("29110 Thị trấn Ba Tri, Huyện Ba Tri",)),
        (",,Xã Phước Thạnh,1,Xã X", "unknown", ("29212 Xã Bình Thạnh, Huyện Ba Tri",)),
    ],
)
def test_what_may_be_several_is_asked_about(row: str, key: str, candidates: tuple[str, ...]) -> None:
    (problem,) = plan(row).problems
    assert (problem.row, problem.key) == (2, f"reforms.file.{key}")
    if key != "unknown":
        assert problem.candidates == candidates
    assert problem.absent == (key == "unknown")


def test_a_commune_that_loses_its_hamlets_is_not_swept() -> None:
    found = plan("29110-01,Ấp Phước Thạnh,Xã An Quy", head="old_code,new_name,parent\n")
    assert found.problems == []
    assert found.steps[DAY][-1] == Step("sweep")


def test_one_unit_in_two_rows() -> None:
    read = plan(",29110,,29110,Xã Ba Tri", ",29110,,30000,Xã Mới", ",29161,,29161,", ",29161,,29161,")
    assert [(p.row, p.key) for p in read.problems] == [(3, "reforms.file.split"), (5, "reforms.file.twice")]


def test_one_new_code_with_two_names() -> None:
    read = plan(",29110,,29110,Xã Ba Tri", ",29161,,29110,Xã Vĩnh Hòa")
    assert [(p.row, p.key, p.values["line"]) for p in read.problems] == [(3, "reforms.file.two_names", 2)]


def test_columns_are_found_by_their_names_in_any_order_and_dates_and_parents_per_row() -> None:
    head = "Tên mới;Ngày hiệu lực;Mã cũ;Trực thuộc;Loại;ghi chú\n"
    found = plan("Phường Ba Tri;15/7/2025;29110;Tỉnh Bến Tre;phường;x", head=head)
    assert found.steps[date(2025, 7, 15)][0] == Step("move", 12, name="Phường Ba Tri", kind="phường", parent=1)


def test_a_file_that_is_no_plan() -> None:
    assert plan("x,y", head="a,b\n").problems == [Problem(0, "reforms.file.columns", {"found": "a, b"})]
    assert plan(head="").problems[0].key == "reforms.file.columns"


def test_a_date_nobody_can_read() -> None:
    read = plan("29110,Xã X,mai mốt", head="old_code,new_name,date\n")
    assert [(p.row, p.key) for p in read.problems] == [(2, "reforms.file.date")]
