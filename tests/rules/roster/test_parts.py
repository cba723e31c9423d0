"""The pieces of a row: numbers, names and roles in every dress."""

from __future__ import annotations

import pytest

from bot.rules.roster.names import read_people
from bot.rules.roster.phones import RENUMBERED, read_phones
from bot.rules.roster.roles import read_role


@pytest.mark.parametrize(
    "said",
    [
        "0912345678", "0912.345.678", "0912 345 678", "0912-345-678", "0912,345,678", "0912/345/678",
        "+84912345678", "84 912 345 678",
        "(+84)0912345678", "+84 (0) 912 345 678", "0084912345678", "912345678", "ĐT: 0912345678 (Zalo)",
        "0912345678.", " 0912345678\u00a0",
        912345678,
    ],
)  # fmt: skip
def test_one_number_in_many_dresses(said: object) -> None:
    assert read_phones(said).numbers == ("0912345678",)


@pytest.mark.parametrize(
    "said",
    [
        "0912345678/0987654321", "0912345678 - 0987.654.321", "0912345678 0987654321", "0912 345 678\n0987 654 321",
        "0912345678; 0987654321", "0912345678, 0987654321", "0912345678 hoặc 0987654321", "0912345678 (vợ: 0987654321)",
        "09123456780987654321",
    ],
)  # fmt: skip
def test_two_numbers_in_a_cell(said: str) -> None:
    assert read_phones(said).numbers == ("0912345678", "0987654321")


def test_a_fixed_line() -> None:
    assert read_phones("0275 3822 123").numbers == read_phones(2753822123).numbers == ("02753822123",)


@pytest.mark.parametrize("said", [None, "", "-", "không có", "Ko có", "chưa có số", "0", "đang cập nhật"])
def test_no_number(said: object) -> None:
    assert read_phones(said).standing == "none"


@pytest.mark.parametrize(
    "said",
    ["0755900", "091234567", "09123456789", "0412345678", "O912345678", "0912 345 67a", "9.12346E+08", "hỏi chị Lan"],
)
def test_no_number_is_made_of_what_is_none(said: str) -> None:
    assert (read_phones(said).standing, read_phones(said).numbers) == ("bad", ())


def test_the_number_of_an_identity_card_is_known_and_not_kept() -> None:
    assert read_phones("083070001234").standing == "identity"
    assert read_phones("083070001234").numbers == ()


def test_numbers_of_before_2018() -> None:
    for old, new in RENUMBERED.items():
        for said in (f"{old}1234567", f"{old} 123 4567", int(f"{old}1234567"), f"+84{old[1:]}1234567"):
            assert read_phones(said).numbers == (f"{new}1234567",)
            assert read_phones(said).old == f"{old}1234567"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("  LÝ QUỐC LAN ", "Lý Quốc Lan"),
        ("nguyễn văn an", "Nguyễn Văn An"),
        ("Ông Nguyễn Văn An", "Nguyễn Văn An"),
        ("Đ/c: Nguyễn Văn An", "Nguyễn Văn An"),
        ("bà  Trần Thị Bé", "Trần Thị Bé"),
        ("12. Nguyễn Văn An", "Nguyễn Văn An"),
        ("Nguyễn Văn An (1975)", "Nguyễn Văn An"),
        ("Nguyễn Văn An – Trưởng ấp – Tổ trưởng", "Nguyễn Văn An"),
        ("Tổ trưởng Nguyễn Văn An", "Nguyễn Văn An"),
        ("NGUYỄN VĂN\nAN", "Nguyễn Văn An"),
        ("Ông Thị Linh", "Ông Thị Linh"),
        ("Anh Khoa", "Anh Khoa"),
        ("Bá Thị Hoa", "Bá Thị Hoa"),
        ("Tống Công Minh", "Tống Công Minh"),
        ("H'HEN NIÊ", "H'Hen Niê"),
    ],
)
def test_a_name_without_what_stands_around_it(said: str, name: str) -> None:
    (one,) = read_people(said)
    assert (one.name, one.is_odd) == (name, False)


@pytest.mark.parametrize(
    "said",
    [
        "Nguyễn Văn An; Trần Thị Bé", "Nguyễn Văn An, Trần Thị Bé", "1. Nguyễn Văn An\n2. Trần Thị Bé",
        "- Nguyễn Văn An\n- Trần Thị Bé",
        "Nguyễn Văn An 0912345678 Trần Thị Bé 0987654321", "Ông Nguyễn Văn An (0912345678), bà Trần Thị Bé",
    ],
)  # fmt: skip
def test_several_people_in_a_cell(said: str) -> None:
    assert [one.name for one in read_people(said)] == ["Nguyễn Văn An", "Trần Thị Bé"]


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("head",
            "TT, Tổ trưởng, tổ trưởng, TỔ TRƯỞNG, Trưởng ấp - Tổ trưởng, T.Trưởng, Tổ trưởng tổ "
            "CNSCĐ, Chủ tịch UBND xã - Tổ trưởng, "
         "Phó Chủ tịch UBND - Tổ trưởng, Trưởng nhóm, Team leader, Head, to truong"),
        ("deputy",
            "TP, Tổ phó, Phó tổ trưởng, Phó Tổ trưởng thường trực, P. Tổ trưởng, PTT, T. phó, Phó Bí "
            "thư chi bộ - Tổ phó, Deputy head, "
         "Tổ trưởng TDP - Tổ phó, Tổ trưởng tổ dân phố kiêm tổ phó"),
        ("member",
            "TV, Tổ viên, thành viên, Thành viên, UV, Ủy viên, Thư ký, Member, Phó trưởng ấp - Thành "
            "viên, Tổ trưởng tổ dân phố - Thành viên"),
        (None,
            "Trưởng ấp, Bí thư chi bộ, Chi hội trưởng phụ nữ, Trưởng công an xã, Phó trưởng ấp, Tổ "
            "trưởng tổ dân phố 5, Chủ tịch UBND xã"),
    ],
)  # fmt: skip
def test_roles(role: str | None, said: str) -> None:
    assert {one: read_role(one).role for one in said.split(", ")} == dict.fromkeys(said.split(", "), role)
