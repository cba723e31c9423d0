"""One amount as people type it: read exactly, or asked, never guessed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.vietnamese import Count, Vague, Wrong, find_amounts, fold, read_count, tokenise


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12), ("0", 0), ("05", 5), ("1.200", 1200), ("1,200", 1200), ("1 200", 1200), ("12.345", 12345),
        ("1 234 567", 1234567), ("1k2", 1200), ("1k25", 1250), ("12k", 12000), ("1.5k", 1500), ("1,2k", 1200),
        ("2tr", 2_000_000), ("2tr5", 2_500_000), ("4,2 triệu", 4_200_000), ("12 hồ sơ", 12), ("12hs", 12),
        ("5nguoi", 5),
        ("dạ 12 ạ", 12), ("Dạ được 12 ng nha em", 12), ("#12", 12), ("12!", 12), ("12 👍", 12), ("= 12", 12),
        ("+12", 12),
        ("- 12", 12), ("dvc: 12", 12), ("vneid-5", 5), ("mười", 10), ("mười hai", 12), ("muoi hai", 12),
        ("Mười Lăm", 15),
        ("mười một", 11), ("hai mươi", 20), ("hai mươi mốt", 21), ("hai mươi tư", 24), ("hai mươi bốn", 24),
        ("hai mươi lăm", 25), ("hai mươi nhăm", 25), ("hai lăm", 25), ("hai mốt", 21), ("ba tư", 34), ("hăm lăm", 25),
        ("ham lam", 25), ("hăm mốt", 21), ("băm ba", 33), ("hai chuc", 20), ("một chục", 10), ("2 chục rưỡi", 25),
        ("chục rưỡi", 15), ("nửa chục", 5), ("nua chuc", 5), ("nửa trăm", 50), ("trăm rưỡi", 150), ("trăm hai", 120),
        ("một trăm", 100), ("mot tram", 100), ("một trăm lẻ năm", 105), ("một trăm linh năm", 105),
        ("mot tram le nam", 105),
        ("một trăm mười", 110), ("một trăm hai", 120), ("hai trăm rưỡi", 250), ("2 trăm 50", 250),
        ("ba trăm hai mươi mốt", 321),
        ("một ngàn hai", 1200), ("một nghìn hai", 1200), ("1 ngàn 2", 1200), ("1 ngàn 200", 1200),
        ("ngàn rưỡi", 1500),
        ("một ngàn năm trăm", 1500), ("hai ngàn không trăm lẻ năm", 2005), ("hai ngàn lẻ năm", 2005),
        ("chín ngàn chín trăm chín mươi chín", 9999), ("hai trăm ngàn", 200_000), ("một triệu hai", 1_200_000),
        ("nam ho so", 5), ("năm", 5), ("nam", 5), ("sáu người", 6), ("sau nguoi", 6), ("bảy", 7), ("bẩy", 7),
        ("ba", 3),
        ("ba nguoi", 3), ("muoi nguoi", 10), ("muời", 10), ("không", 0), ("không có", 0), ("hổng có ai", 0),
        ("ko co", 0),
        ("chưa có hồ sơ nào", 0), ("hok", 0), ("9.999.999", 9_999_999),
    ],
)  # fmt: skip
def test_exact(text: str, value: int) -> None:
    read = read_count(text)
    assert isinstance(read, Count)
    assert (read.value, read.qualifier) == (value, "")


@pytest.mark.parametrize(
    ("text", "qualifier", "value"),
    [
        ("khoảng 12", "~", 12), ("khoang 12", "~", 12), ("chừng hai chục", "~", 20), ("cỡ 30", "~", 30),
        ("tầm 20", "~", 20),
        ("tam 20 ho", "~", 20), ("~12", "~", 12), ("≈ 12", "~", 12), ("trên dưới 20", "~", 20),
        ("ước chừng 40", "~", 40),
        ("hơn 20", ">", 20), ("hon 20 ho", ">", 20), ("trên 50", ">", 50), ("hơn chục", ">", 10), ("20 dư", ">", 20),
        ("ít nhất 30", ">", 30), (">20", ">", 20), ("10+", ">", 10), ("12 hộ trở lên", ">", 12),
        ("ngoài 20", ">", 20),
        ("gần 50", "<", 50), ("gan 50", "<", 50), ("gần trăm", "<", 100), ("chưa tới 20", "<", 20),
        ("dưới 10", "<", 10),
        ("ngót trăm", "<", 100), ("tối đa 30", "<", 30), ("30 người đổ lại", "<", 30),
    ],
)  # fmt: skip
def test_qualified(text: str, qualifier: str, value: int) -> None:
    read = read_count(text)
    assert isinstance(read, Count)
    assert (read.qualifier, read.value) == (qualifier, value)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("vài", None, None), ("vài người", None, None), ("vai nguoi", None, None), ("mấy", None, None),
        ("dăm ba", None, None),
        ("hàng trăm", None, None), ("hàng trăm người dân", None, None), ("cả trăm", None, None),
        ("vài chục hộ", None, None),
        ("mấy trăm", None, None), ("may chuc", None, None), ("chục người", None, None), ("mươi người", None, None),
        ("nhiều lắm", None, None), ("một số hộ", None, None), ("bà con đông lắm", None, None), ("10-15", 10, 15),
        ("10 - 15 hộ", 10, 15), ("10–15", 10, 15), ("10 đến 15", 10, 15), ("tu 10 den 15 ho", 10, 15),
        ("mười tới mười lăm", 10, 15),
        ("12 hoặc 13", 12, 13), ("năm bảy người", 5, 7), ("nam bay nguoi", 5, 7), ("hai ba người", 2, 3),
        ("ba bốn chục", 30, 40),
        ("hai mươi mấy", 20, None), ("20 mấy hộ", 20, None), ("chục mấy", 10, None),
    ],
)  # fmt: skip
def test_vague(text: str, low: int | None, high: int | None) -> None:
    read = read_count(text)
    assert isinstance(read, Vague)
    assert (read.low, read.high) == (low, high)


@pytest.mark.parametrize(
    ("text", "reason", "part"),
    [
        ("12,5", "decimal", "12,5"), ("được 12.5 hộ", "decimal", "12.5"), ("5 rưỡi", "decimal", "5 rưỡi"),
        ("80%", "percent", "80%"), ("80 phần trăm", "percent", "80 phần trăm"), ("hơn 70% hộ", "percent", "70%"),
        ("-5", "negative", "-5"), ("dvc -5", "negative", "-5"), ("âm 5", "negative", "âm 5"),
        ("25/40 hộ", "ratio", "25/40"),
        ("72.847/72.996", "ratio", "72.847/72.996"), ("0912345678", "too_long", "0912345678"),
        ("9" * 5000, "too_long", "9" * 5000),
        ("079123456789", "too_long", "079123456789"), ("10 triệu", "too_long", "10 triệu"),
        ("007", "ambiguous", "007"),
        ("12 hộ, 5 người", "two_numbers", "12 hộ, 5"), ("5+7", "two_numbers", "5+7"),
        ("3 ng x 2 buổi", "two_numbers", "3 ng x 2"),
        ("12 ho nam nguoi", "two_numbers", "12 ho nam"), ("mười hai mười ba", "two_numbers", "mười hai mười ba"),
        ("1.2.3", "ambiguous", "1.2.3"), ("1.2000", "decimal", "1.2000"), ("mười năm", "ambiguous", "mười năm"),
        ("một trăm năm", "ambiguous", "một trăm năm"), ("12 k", "ambiguous", "12 k"), ("5h", "ambiguous", "5h"),
        ("không phải 12", "ambiguous", "không phải 12"), ("1½", "ambiguous", "1½"), ("10²", "ambiguous", "10²"),
        ("một trăm lẻ", "ambiguous", "một trăm lẻ"), ("١٢", "two_numbers", "١٢"),
    ],
)  # fmt: skip
def test_wrong_says_which_part(text: str, reason: str, part: str) -> None:
    assert read_count(text) == Wrong(reason, part)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "hồ sơ",
        "bà",
        "ba con",
        "không biết",
        "chưa",
        "chú Ba",
        "ấp 3",
        "tuan sau",
        "🙂",
        "...",
        "đường",
        "để sau",
        "t6",
    ],
)
def test_no_amount_at_all(text: str) -> None:
    assert read_count(text) is None


@pytest.mark.parametrize(
    ("text", "value", "unit_words", "before"),
    [
        ("12 hộ ấp 3", 12, "hộ ấp 3", ""),
        ("ấp 3 được 12 hộ", 12, "hộ", "ấp 3"),
        ("giúp chú Ba 2 hồ sơ", 2, "hồ sơ", "chú Ba"),
        ("giup chu ba 2 ho so", 2, "ho so", "chu ba"),
        ("bà Năm với cô Tư nộp 2 hs", 2, "hs", "bà Năm với cô Tư nộp"),
        ("12 bà con", 12, "bà con", ""),
        ("12 ba con", 12, "ba con", ""),
        ("năm nay 12 hs", 12, "hs", "năm nay"),
        ("năm 2026 được 15 hs", 15, "hs", "năm 2026"),
        ("ngày 20/11 được 12 hs", 12, "hs", "ngày 20/11"),
        ("thứ sáu 12 hs", 12, "hs", "thứ sáu"),
        ("VNeID mức 2: 12", 12, "", "VNeID mức 2"),
        ("vneid muc 2 12 nguoi", 12, "nguoi", "vneid muc 2"),
        ("kp5 12 hộ", 12, "hộ", "kp5"),
        ("5 ngan hang", 5, "ngan hang", ""),
        ("2 tram y te", 2, "tram y te", ""),
        ("thêm 5 người nữa", 5, "người nữa", "thêm"),
        ("mấy anh ơi 12 hs", 12, "hs", "mấy anh ơi"),
        ("12 hộ, nhiều bà con hỏi", 12, "hộ", ""),
        ("Dạ em giúp được 12 hồ sơ ạ.", 12, "hồ sơ", ""),
        ("12 HỘ!!!", 12, "HỘ", ""),
        ("hồ sơ 12", 12, "", "hồ sơ"),
    ],
)
def test_the_words_around_the_number_come_back(text: str, value: int, unit_words: str, before: str) -> None:
    assert read_count(text) == Count(value, "", unit_words, before)


def test_amounts_of_a_longer_message_for_whoever_reads_it_whole() -> None:
    tokens = tokenise("hôm nay tổ ấp 3 giúp 5 ng nộp dvc, hăm lăm người cài sổ sk, vài hộ, hơn 1.200 lượt")
    found = [(amount.kind, amount.qualifier, amount.value) for amount in find_amounts(tokens)]
    assert found == [("exact", "", 5), ("exact", "", 25), ("vague", "", 0), ("exact", ">", 1200)]


DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def _north(number: int) -> str:
    return _words(number, thousand="nghìn", odd="linh", four="tư", no_hundred=True)


def _south(number: int) -> str:
    return _words(number, thousand="ngàn", odd="lẻ", four="bốn", no_hundred=False)


def _words(number: int, thousand: str, odd: str, four: str, no_hundred: bool) -> str:
    """Number words of 0 to 9999 in full."""
    thousands, hundreds, rest = number // 1000, number // 100 % 10, number % 100
    words = [DIGITS[thousands], thousand] if thousands else []
    if hundreds or (thousands and rest and no_hundred):
        words += [DIGITS[hundreds], "trăm"]
    if rest == 0:
        return " ".join(words) or DIGITS[0]
    if rest < 10:
        return " ".join([*words, *([odd] if words else []), DIGITS[rest]])
    tens, unit = divmod(rest, 10)
    words += ["mười"] if tens == 1 else [DIGITS[tens], "mươi"]
    spoken = {1: "mốt" if tens > 1 else "một", 4: four if tens > 1 else "bốn", 5: "lăm"}
    return " ".join([*words, *([spoken.get(unit, DIGITS[unit])] if unit else [])])


@pytest.mark.parametrize("spell", [_north, _south])
def test_number_words_up_to_9999_with_and_without_marks(spell: Callable[[int], str]) -> None:
    for number in (*range(1000), *range(1000, 1130), *range(1130, 10_000, 83)):
        words = spell(number)
        for text in (words, fold(words), f"{words} hồ sơ", f"{fold(words)} ho so"):
            read = read_count(text)
            assert isinstance(read, Count), text
            assert read.value == number, text


@given(st.integers(0, 9_999_999))
def test_a_number_is_read_back_from_every_way_of_writing_it(number: int) -> None:
    for text in (
        f"{number}", f"{number:,}", f"{number:,}".replace(",", "."), f"{number:,}".replace(",", " "),
        f"{number} hồ sơ", f"{number}hs", f"dạ {number} ạ", f"dvc: {number}",
    ):  # fmt: skip
        read = read_count(text)
        assert isinstance(read, Count), text
        assert (read.value, read.qualifier) == (number, ""), text


@given(st.integers(1, 99), st.integers(1, 9))
def test_shorthand_for_thousands(thousands: int, hundreds: int) -> None:
    for text in (f"{thousands}k{hundreds}", f"{thousands} ngàn {hundreds}", f"{thousands},{hundreds}k"):
        read = read_count(text)
        assert isinstance(read, Count)
        assert read.value == thousands * 1000 + hundreds * 100


@given(st.integers(0, 9999), st.integers(0, 9999), st.sampled_from([" và ", ", ", " hộ ", " x ", "; ", " hộ, "]))
def test_of_two_numbers_neither_is_chosen(one: int, other: int, between: str) -> None:
    assert isinstance(read_count(f"{one}{between}{other} hồ sơ"), Wrong)


PIECES = st.sampled_from(
    [
        "một", "hai", "ba", "mươi", "mười", "trăm", "ngàn", "lẻ", "rưỡi", "nửa", "chục", "hăm", "mấy", "vài", "hàng",
        "12", "1.200", "1,5", "0", "-", "/", "%", "+", "~", "k", "tr", "h", "ấp", "chú", "người", "½", "không",
    ]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES, max_size=8).map(" ".join), st.lists(PIECES, max_size=8).map("".join)))
def test_no_text_is_too_strange(text: str) -> None:
    read = read_count(text)
    assert read is None or isinstance(read, Count | Vague | Wrong)
    if isinstance(read, Count):
        assert 0 <= read.value <= 9_999_999
