"""Cleaning at the door, folding, and finding names by typed words."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.vietnamese import fold, has_diacritics, matches, normalise, rank, tokenise


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Xã  ĐẠI Điền", "xa dai dien"),
        ("Hoà", "hoa"),
        (unicodedata.normalize("NFD", "Ấp Thạnh Khương"), "ap thanh khuong"),
        ("Ðức", "duc"),  # the Icelandic letter, as some keyboards type it
        ("\ufeffkhu\u200b phố\u00a05\n", "khu pho 5"),
        ("QƯỚI SƠN", "quoi son"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  chào  ", "chào"),
        (unicodedata.normalize("NFD", "Hồ sơ"), "Hồ sơ"),
        ("a\x00b\x1b[31m\u202ec\u200b", "ab[31mc"),
        ("một\r\nhai\u2028ba\tbốn\u00a0năm", "một\nhai\nba bốn năm"),
        ("👩\u200d🌾 ❤\ufe0f 1\ufe0f\u20e3", "👩\u200d🌾 ❤\ufe0f 1\ufe0f\u20e3"),
        ("👋🏽 🏳\ufe0f\u200d🌈", "👋🏽 🏳\ufe0f\u200d🌈"),
        ("a\u200db\u200d", "ab"),
        ("z" + "\u0336\u0337\u0338" * 20, "z\u0336\u0337\u0338\u0336"),
        ("ញ៉ាំបាយ", "ញ៉ាំបាយ"),
        ("\ud800x\ue000", "x"),
    ],
)
def test_normalise(text: str, clean: str) -> None:
    assert normalise(text) == clean


def test_diacritics_are_seen_in_both_forms_of_unicode() -> None:
    assert has_diacritics("hộ")
    assert has_diacritics(unicodedata.normalize("NFD", "hộ"))
    assert has_diacritics("Đ")
    assert not has_diacritics("ho so 12 👍")


@given(st.text())
def test_folding_and_cleaning_again_change_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert normalise(normalise(text)) == normalise(text)


@given(st.text())
def test_folding_does_not_care_how_the_marks_are_stored(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(st.text())
def test_tokens_stand_where_they_say(text: str) -> None:
    clean = normalise(text)
    assert all(clean[token.start : token.end] == token.text for token in tokenise(text))
    assert "".join(token.text for token in tokenise(text)) == "".join(clean.split())


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("dai dien", "Xã Đại Điền"),
        ("Đại Điền", "Xã Đại Điền"),
        ("điền đại", "Xã Đại Điền"),
        ("đại dien", "Xã Đại Điền"),
        ("hoà", "Xã Hòa Lợi"),
        ("hòa lợi", "Xã Hoà Lợi"),
        ("quí", "Nguyễn Văn Quý"),
        ("Qúy", "Nguyễn Văn Quí"),
        ("an qui", "Xã An Quy"),
        ("mĩ", "Trần Thị Mỹ"),
        ("quynh", "Lê Thị Quình"),
        ("quới", "Xã Qưới Sơn"),
        ("thuỷ", "Lê Thủy"),
        ("ngu v t", "Nguyễn Văn Tâm"),
        ("nguyễ", "Nguyễn Văn Tâm"),
        ("ap 3", "Ấp 3"),
        ("ấp3", "Ấp 3"),
        ("ap 03", "Ấp 3"),
        ("3a", "Ấp 3A"),
        ("kp5", "Khu phố 5"),
        ("tt thanh phu", "Thị trấn Thạnh Phú"),
        ("p8", "Phường 8"),
        ("tan t", "Xã Tân Thạch"),
        (unicodedata.normalize("NFD", "Thạnh"), "Huyện Thạnh Phú"),
    ],
)
def test_matches(query: str, name: str) -> None:
    assert matches(query, name)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("thành", "Xã Thạnh Phú"),
        ("Thanh Phu Y", "Xã Thạnh Phú"),
        ("ấp 3", "Ấp 30"),
        ("ấp 3", "Ấp 3A"),
        ("ap 3", "Ấp 13"),
        ("tan tan", "Xã Tân Thạch"),
        ("thúi", "Lê Thị Thúy"),
        ("tai", "Xã An Ngãi Tây"),
        ("Nguyên", "Nguyễn Văn Tâm"),
        ("anh", "Thạnh"),
        ("", "Xã Đại Điền"),
        ("?!", "Xã Đại Điền"),
    ],
)
def test_does_not_match(query: str, name: str) -> None:
    assert not matches(query, name)


@pytest.mark.parametrize(
    ("query", "names", "ranked"),
    [
        (
            "thanh phu",
            ["Xã Thạnh Phú Đông", "Thị trấn Thạnh Phú", "Huyện Thạnh Phú", "Xã Bình Phú"],
            ["Huyện Thạnh Phú", "Xã Thạnh Phú Đông", "Thị trấn Thạnh Phú"],
        ),
        ("binh thanh", ["Xã Bình Thạnh", "Xã Bình Thành"], ["Xã Bình Thạnh", "Xã Bình Thành"]),
        ("bình thành", ["Xã Bình Thạnh", "Xã Bình Thành"], ["Xã Bình Thành"]),
        (
            "tam",
            ["Lê Thị Tâm", "Trần Tám Tâm", "Nguyễn Tâm", "Huỳnh Tâmm"],
            ["Nguyễn Tâm", "Lê Thị Tâm", "Trần Tám Tâm"],
        ),
        ("an", ["Lê Anh", "Lê An"], ["Lê An", "Lê Anh"]),
        ("lan", [], []),
    ],
)
def test_the_closest_comes_first(query: str, names: list[str], ranked: list[str]) -> None:
    assert rank(query, names)[: len(ranked)] == ranked


def test_rank_keeps_things_of_one_name_apart() -> None:
    units = [(1, "Xã An Hiệp"), (2, "Xã An Hiệp"), (3, "Xã An Hòa")]
    assert rank("an hiep", units, key=lambda unit: unit[1]) == [(1, "Xã An Hiệp"), (2, "Xã An Hiệp")]


@given(st.text(), st.text())
def test_matching_never_raises(query: str, name: str) -> None:
    assert isinstance(matches(query, name), bool)


@given(
    st.lists(
        st.sampled_from(["Xã", "Đại", "Điền", "Thạnh", "Phú", "Quới", "Mỹ", "Hòa", "3", "12"]), min_size=1, max_size=4
    )
)
def test_a_name_is_found_by_its_own_words_in_any_form(words: list[str]) -> None:
    name = " ".join(words)
    for query in (name, fold(name), " ".join(reversed(words)), unicodedata.normalize("NFD", name), name.upper()):
        assert matches(query, name)
