"""Names of units: one key for every right spelling, different ones for different names."""

from __future__ import annotations

import unicodedata

import pytest

from bot.rules.vietnamese import unit_key
from bot.rules.vietnamese.units import bare_key, split_kind


@pytest.mark.parametrize(
    "same",
    [
        ("Ấp 1", "ấp 1", "ẤP  1", "Ap1", "A.1", "Ấp 01", "Ấp số 1", unicodedata.normalize("NFD", "Ấp 1")),
        ("Khu phố 3", "KP 3", "KP3", "K.P 3", "khu pho 3"),
        ("Xã Tân Thủy", "XÃ TÂN THUỶ", "X. Tân Thủy"),
        ("Xã An Qui", "xã An Quy"),
        ("Xã Qưới Sơn", "Xã Quới Sơn"),
        ("Xã Hòa Nghĩa", "Xã Hoà Nghĩa"),
        ("Thị trấn Ba Tri", "TT. Ba Tri", "TT BA TRI"),
        ("Thành phố Bến Tre", "TP. Bến Tre", "TP Bến Tre", "T.P Bến Tre"),
        ("Phường 8", "P. 8", "P.8", "Phường 08"),
        ("Xã Mỹ An", "Xã Mĩ An"),
    ],
)
def test_one_unit_in_many_spellings(same: tuple[str, ...]) -> None:
    assert len({unit_key(name) for name in same}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bình Thạnh", "Bình Thành"),
        ("Ấp 3", "Ấp 3A"),
        ("Ấp 3", "Khu phố 3"),
        ("Xã Ba Tri", "Huyện Ba Tri"),
        ("Đại An", "Dại An"),
        ("An Hòa", "An Hoa"),
    ],
)
def test_different_units(one: str, other: str) -> None:
    assert unit_key(one) != unit_key(other)


def test_without_marks_two_may_be_one() -> None:
    assert bare_key("Xã Bình Thạnh") == bare_key("xa Binh Thanh") == bare_key("Xã Bình Thành")


@pytest.mark.parametrize(
    ("said", "kind", "name"),
    [
        ("TT. BA TRI", "thị trấn", "Ba Tri"),
        ("xã hưng khánh trung B", "xã", "Hưng Khánh Trung B"),
        ("Tân Thạch", "", "Tân Thạch"),
        ("Bản Mù", "bản", "Mù"),
        ("Ban Mai", "", "Ban Mai"),
        ("TDP số 5", "tổ dân phố", "5"),
        ("Thôn", "", "Thôn"),
    ],
)
def test_kind_and_name(said: str, kind: str, name: str) -> None:
    assert (split_kind(said).kind, split_kind(said).name) == (kind, name)
