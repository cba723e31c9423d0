"""No text breaks the reader, and no number comes out that did not go in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.reading import HOSTILE
from bot.rules.reading import Reading, read
from bot.rules.vietnamese import fold
from tests.rules.reading.test_messages import CATEGORIES, TODAY

PIECES = st.sampled_from(
    [
        "vneid", "dvc", "hộ", "người", "5", "12", "1.200", "mười", "lăm", "chục", "và", ",", ".", "\n", ":", "-", "/",
        "(", ")", "không", "chưa", "mai", "hôm qua", "ấp 3", "chú Bảy", "mỗi", "trong đó", "tổng", "x", "%", "tuổi",
        "lớp", "loa", "học viên", "thành", "nhầm", "?", "½", "1️⃣", "😀", "vài", "còn", "thêm", "đã", "chỉ tiêu",
    ]
)  # fmt: skip
NUMBERS = st.integers(2, 900)


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(PIECES, max_size=14).map(" ".join), st.lists(PIECES, max_size=14).map("".join)))
def test_no_text_is_too_strange(text: str) -> None:
    assert isinstance(read(text, TODAY, CATEGORIES), Reading)


@pytest.mark.parametrize("text", list(HOSTILE.values()), ids=list(HOSTILE))
def test_long_nonsense_is_read_to_the_end(text: str) -> None:
    assert isinstance(read(text, TODAY, CATEGORIES), Reading)


@settings(deadline=None)
@given(NUMBERS, NUMBERS, NUMBERS)
def test_plain_lists_are_read_in_every_way_of_writing_them(vneid: int, dossiers: int, households: int) -> None:
    for text in (
        f"vneid {vneid}, dvc {dossiers}, hộ {households}",
        f"vneid:{vneid} dvc:{dossiers} ho:{households}",
        f"VNeID: {vneid}\nDVC: {dossiers}\nHộ: {households}",
        f"- {vneid} vneid\n- {dossiers} dvc\n- {households} hộ",
        f"{households} hộ, {vneid} vneid, {dossiers} dvc",
        f"đi {households} hộ, cài vneid {vneid} người, nộp {dossiers} hồ sơ",
        f"{households} hộ / {vneid} vneid / {dossiers} dvc",
    ):
        for typed in (text, fold(text) if "\n" not in text else text, text.upper()):
            found = {item.category: item.count for item in read(typed, TODAY, CATEGORIES).items}
            assert found == {"VNE": vneid, "DVC": dossiers, "HO": households}, typed


@settings(deadline=None)
@given(st.lists(PIECES, max_size=12), NUMBERS)
def test_a_number_is_never_invented(pieces: list[str], number: int) -> None:
    """Every count is a number of the message, or a sum of some: none is larger than all of them together."""
    words = [piece for piece in pieces if not any(char.isdigit() for char in piece)]
    words = [word for word in words if word not in ("mười", "lăm", "chục", "½", "x")]
    items = read(" ".join([*words[:6], str(number), *words[6:]]), TODAY, CATEGORIES).items
    assert {item.count for item in items} <= {number, 0}
