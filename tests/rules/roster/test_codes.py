"""Official codes of units: what they tell apart, and what is doubtful about them."""

from __future__ import annotations

import pytest

from bot.rules.roster.codes import clean_code
from tests.rules.roster.pages import doubts, lines, read


@pytest.mark.parametrize(
    ("said", "level", "code"),
    [
        ("28810", "commune", "28810"), ("4", "commune", "00004"), ("28 810", "commune", "28810"),
        ("831", "district", "831"), ("1", "province", "01"), ("2881001", "hamlet", "2881001"),
        ("A12", "commune", ""), ("0", "commune", ""), ("", "commune", ""),
    ],
)  # fmt: skip
def test_a_code_as_the_state_writes_it(said: str, level: str, code: str) -> None:
    assert clean_code(said, level) == code


def test_two_communes_of_one_name_are_two_by_their_codes() -> None:
    roster = read("""
        Mã xã | Xã | Ấp | Họ và tên | Vai trò | SĐT
        29113 | Xã Vĩnh Hòa | Ấp 1 | Nguyễn Văn An | Tổ trưởng | 0912345601
        28900 | Xã Vĩnh Hòa | Ấp 1 | Trần Thị Bé | Tổ trưởng | 0912345602
        28900 | | Ấp 1 | Lê Văn Cò | Thành viên | 0912345603
    """)
    assert roster.figures.units == {"province": 0, "district": 0, "commune": 2, "hamlet": 2}
    assert [unit.code for unit in roster.units if unit.level == "commune"] == ["29113", "28900"]
    assert doubts(roster) == []


def test_one_digit_mistyped_makes_no_commune() -> None:
    roster = read("""
        Mã đơn vị | Xã | Họ và tên | Vai trò | SĐT
        28810 | Xã Giao Long | Nguyễn Văn An | Tổ trưởng | 0912345601
        28810 | Xã Giao Long | Trần Thị Bé | Thành viên | 0912345602
        28810 | Xã Giao Long | Lê Văn Cò | Thành viên | 0912345603
        28810 | Xã Giao Long | Phạm Văn Dô | Thành viên | 0912345604
        28811 | Xã Giao Long | Võ Văn Em | Thành viên | 0912345605
    """)
    assert roster.figures.units["commune"] == 1
    assert doubts(roster) == [(6, "code_disagrees")]


def test_only_the_code_stands_in_most_rows() -> None:
    roster = read("""
        Mã xã | Tên xã | Họ và tên | Vai trò | SĐT
        28810 | | Nguyễn Văn An | Tổ trưởng | 0912345601
        28810 | Xã Giao Long | Trần Thị Bé | Thành viên | 0912345602
        28831 | Xã Phú Túc | Lê Văn Cò | Tổ trưởng | 0912345603
    """)
    assert lines(roster) == [
        "Nguyễn Văn An 0912345601 head Xã Giao Long",
        "Trần Thị Bé 0912345602 member Xã Giao Long",
        "Lê Văn Cò 0912345603 head Xã Phú Túc",
    ]


def test_a_column_of_other_numbers_is_no_code() -> None:
    roster = read("""
        XÃ TÂN THẠCH
        Mã | Họ và tên | Ấp | Vai trò | SĐT
        TV01 | Nguyễn Văn An | Ấp 1 | Tổ trưởng | 0912345601
        TV02 | Trần Thị Bé | Ấp 1 | Thành viên | 0912345602
    """)
    assert [unit.code for unit in roster.units] == ["", ""]
    assert doubts(roster) == []
