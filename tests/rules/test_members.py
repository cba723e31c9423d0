"""Somebody new in one message, in any order and dress; what is not certain stays open."""

from __future__ import annotations

import pytest

from bot.rules.members import Introduced, introduced, names_unit

UNITS = {
    "Ấp 1": ("Xã Đại Điền", "Huyện Thạnh Phú"),
    "Ấp 3": ("Xã Đại Điền", "Huyện Thạnh Phú"),
    "Xã Mỹ An": ("Huyện Thạnh Phú",),
    "Cụm 2": ("Huyện Thạnh Phú",),
}
BA = "0912345678"


def is_place(words: str) -> bool:
    return any(names_unit(words, name, above) for name, above in UNITS.items())


@pytest.mark.parametrize(
    ("said", "name", "place", "role"),
    [
        ("Nguyễn Thị Ba 0912345678 Ấp 3", "Nguyễn Thị Ba", "Ấp 3", None),
        ("nguyen thi ba 0912 345 678 ap 3 to pho", "Nguyen Thi Ba", "ap 3", "deputy"),
        ("tổ phó Nguyễn Thị Ba, 0912.345.678, Ấp 3", "Nguyễn Thị Ba", "Ấp 3", "deputy"),
        ("ap3 +84 912 345 678 nguyen thi ba", "Nguyen Thi Ba", "ap3", None),
        ("Ấp 3 Nguyễn Thị Ba 912345678", "Nguyễn Thị Ba", "Ấp 3", None),
        ("NGUYỄN THỊ BA\n0912-345-678\nẤP 03", "Nguyễn Thị Ba", "ẤP 03", None),
        ("thêm chị Nguyễn Thị Ba làm tổ trưởng ở ấp 3 xã đại điền sđt 0912345678", "Nguyễn Thị Ba",
         "ấp 3 xã đại điền", "head"),
        ("Nguyễn Thị Ba 0912345678 Mỹ An", "Nguyễn Thị Ba", "Mỹ An", None),
        ("Nguyễn Thị Ba cụm 2 0912345678", "Nguyễn Thị Ba", "cụm 2", None),
        ("Nguyễn Thị Ba 0912345678 3", "Nguyễn Thị Ba", "3", None),
        # Names that look like something else.
        ("Nguyễn Thị Mỹ An 0912345678", "Nguyễn Thị Mỹ An", "", None),
        ("Tô Trường Sơn tổ trưởng ấp 3 0912345678", "Tô Trường Sơn", "ấp 3", "head"),
        ("To Truong Son 0912345678", "To Truong Son", "", None),
        ("Lê Văn Là 0912345678", "Lê Văn Là", "", None),
        ("Trần Thị Trấn 0912345678 Ấp 1", "Trần Thị Trấn", "Ấp 1", None),
        ("Phan Văn Xã 0912345678", "Phan Văn Xã", "", None),
        # Units that are nobody's here are kept to be asked about, not taken for a part of the name.
        ("Nguyễn Thị Ba 0912345678 ấp 9", "Nguyễn Thị Ba", "ấp 9", None),
        ("Nguyễn Thị Ba tổ 3 0912345678", "Nguyễn Thị Ba", "tổ 3", None),
        ("Nguyễn Thị Ba xã Hòa Lộc 0912345678", "Nguyễn Thị Ba", "xã Hòa Lộc", None),
    ],
)  # fmt: skip
def test_it_is_understood(said: str, name: str, place: str, role: str | None) -> None:
    found = introduced(said, is_place)
    assert (found.name, found.place, found.role, found.phone, found.unread) == (name, place, role, BA, "")


def test_what_is_not_certain_is_not_taken() -> None:
    two = introduced("Nguyễn Thị Ba 0912345678 0987654321", is_place)
    assert (two.phone, two.wrong_phone) == ("", "0912345678 / 0987654321")
    wrong = introduced("Nguyễn Thị Ba 091234567 ấp 3", is_place)
    assert (wrong.phone, wrong.wrong_phone, wrong.place) == ("", "091234567", "ấp 3")
    assert introduced("Nguyễn Thị Ba 0912345678 Ấp 3, hội phụ nữ", is_place).unread == "hội phụ nữ"
    assert introduced(BA, is_place) == Introduced(phone=BA)
    assert introduced("a " * 3000, is_place).name == ""


def test_a_unit_is_named_wholly() -> None:
    above = ("Xã Mỹ An", "Huyện Thạnh Phú")
    assert names_unit("ap 3", "Ấp 3", above)
    assert names_unit("ấp 3 mỹ an", "Ấp 3", above)
    assert not names_unit("ấp 3 mỹ", "Ấp 3", above)
    assert not names_unit("ấp 30", "Ấp 3", above)
    assert not names_unit("khu phố 3", "Ấp 3", above)
    assert not names_unit("xã thanh phu", "Xã Thạnh Phú Đông", ())
    assert not names_unit("xã thành phú", "Xã Thạnh Phú", ()), "marks that were typed agree"
