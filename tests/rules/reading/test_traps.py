"""What must never become a result, and what must be asked: one trap at a time."""

from __future__ import annotations

import pytest

from bot.rules.reading import Category, Item, Question, Reading, known, read
from storage import categories as storage
from tests.rules.reading.test_messages import CATEGORIES, TODAY


def reading(text: str) -> Reading:
    return read(text, TODAY, CATEGORIES)


def counts(text: str) -> list[tuple[str, int, str]]:
    return [(item.category, item.count, item.unit) for item in reading(text).items]


def asked(text: str) -> list[tuple[str | None, str]]:
    return [(question.category, question.why) for question in reading(text).ask]


@pytest.mark.parametrize(
    "text",
    [
        "mai ra quân 5 tổ",  # plans
        "tuần sau đi 20 hộ",
        "chỉ tiêu 50",  # targets
        "xã giao 30 tài khoản vneid",
        "đạt 80% hộ dân",  # percentages
        "bà Sáu 70 tuổi",  # ages
        "7h30 sáng mai tập trung",  # hours
        "chúc mừng 20/10",  # dates
        "gọi 0912 345 678 nha",  # telephone numbers
        "0912.345.678",
        "cccd 083164001234",  # identity numbers
        "chi 500k tiền nước",  # money
        "hỗ trợ 2 triệu đồng",
        "chợ 4.0 gần nhà em đông ghê",  # models and places
        "phường 8, khu phố 5",
        "Đề án 06 và NQ 57",  # documents
        "công văn số 12/KH-UBND",
        "chú Bảy gặp bà Tư, Năm với Út",  # people called by their rank of birth
        "3 con gà, 2 ly cà phê",  # not what a team counts
        "như trên 😀😀😀",
    ],
)
def test_no_result(text: str) -> None:
    read = reading(text)
    assert (read.items, read.ask) == ((), ())
    assert read.kind in ("nothing", "plan")


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("vài người cài vneid", ("VNE", "vague")),
        ("mấy chục người cài vneid", ("VNE", "vague")),
        ("hàng trăm người làm dvc", ("DVC", "vague")),
        ("khoảng chục hộ", ("HO", "vague")),
        ("10-15 người cài vneid", ("VNE", "range")),
        ("hai ba chục hộ", ("HO", "range")),
        ("mỗi hộ 2 người cài vneid", ("VNE", "each")),
        ("hỗ trợ 3 ng x 2 buổi", ("NG", "each")),
        ("5 người/ngày", ("NG", "each")),
        ("12", (None, "category")),
        ("6 tài khoản", (None, "category")),
        ("12,5 người", ("NG", "not_whole")),
        ("vneid 99999999", ("VNE", "too_long")),
        ("đã cài vneid cho bà con", ("VNE", "missing")),
        ("vneid 12 dvc", ("VNE", "two_readings")),
        ("vneid và dvc: 15", ("VNE", "two_readings")),
        ("hoàn thành chỉ tiêu 50 vneid", ("VNE", "two_readings")),
        ("thứ tư đi 12 hộ", (None, "day")),  # today is one
    ],
)
def test_asked_not_guessed(text: str, question: tuple[str | None, str]) -> None:
    assert question in asked(text)
    assert not [item for item in reading(text).items if item.category == question[0]]


def test_a_question_carries_what_was_said() -> None:
    assert reading("10-15 người cài vneid").ask == (Question("VNE", "range", (10, 15), "người"),)
    (question,) = reading("thứ tư đi 12 hộ").ask
    assert [day.isoformat() for day in question.days] == ["2026-11-25", "2026-11-18"]


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("12 hộ", ""),
        ("khoảng 12 hộ", "~"),
        ("chừng 12 hộ", "~"),
        ("hơn 12 hộ", ">"),
        ("trên 12 hộ", ">"),
        ("gần 12 hộ", "<"),
        ("chưa tới 12 hộ", "<"),
    ],
)
def test_qualifiers(text: str, qualifier: str) -> None:
    (item,) = reading(text).items
    assert (item.count, item.qualifier) == (12, qualifier)


def test_a_ratio_counts_its_first_number_and_keeps_the_whole() -> None:
    assert reading("25/40 tiểu thương có mã qr").items == (Item("QR", 25, "tiểu thương", "", 40),)


def test_a_unit_is_kept_as_typed_and_never_converted() -> None:
    assert counts("12 hộ cài vneid") == [("VNE", 12, "hộ")]
    assert counts("12 ng cài vneid") == [("VNE", 12, "người")]
    assert counts("12 vneid") == [("VNE", 12, "tài khoản")]
    assert counts("12 lượt dvc") == [("DVC", 12, "lượt")]


def test_a_total_and_its_parts_are_not_summed() -> None:
    assert counts("20 hộ, trong đó 12 hộ cài vneid") == [("HO", 20, "hộ"), ("VNE", 12, "hộ")]
    assert counts("VNeID tổng 20: ấp 1 12, ấp 2 8") == [("VNE", 20, "tài khoản")]
    assert counts("vneid 20 (nam 12, nữ 8)") == [("VNE", 20, "tài khoản")]


def test_the_same_kind_twice_adds_up_only_where_place_or_time_differ() -> None:
    assert counts("Ấp 1: 5 vneid; Ấp 2: 7 vneid; Ấp 3 chưa báo") == [("VNE", 12, "tài khoản")]
    assert counts("sáng 5 hộ, chiều 3 hộ") == [("HO", 8, "hộ")]
    assert counts("vneid 5, hộ 3, vneid 8") == [("HO", 3, "hộ")]
    assert asked("vneid 5, hộ 3, vneid 8") == [("VNE", "two_readings")]


def test_several_kinds_share_one_number_only_where_the_same_people_did_them() -> None:
    assert counts("15 bà con đều cài vneid và sổ sức khỏe") == [("VNE", 15, "người"), ("SSK", 15, "người")]
    assert counts("cài cả vneid lẫn sổ sức khỏe cho 15 bà con") == [("VNE", 15, "người"), ("SSK", 15, "người")]
    for text in ("15 bà con cài vneid và sổ sức khỏe", "vneid và sổ sức khỏe: 15"):
        assert counts(text) == []
        assert {code for code, _ in asked(text)} == {"VNE", "SSK"}


def test_corrections_keep_the_right_number() -> None:
    for text in ("sửa lại: vneid 12 chứ hỏng phải 21", "vneid 21 thành 12", "vneid 21, à nhầm 12", "vneid 21 → 12"):
        read = reading(text)
        assert (read.kind, [item.count for item in read.items]) == ("correction", [12])


def test_a_correction_without_its_kind_is_asked_for_it() -> None:
    read = reading("sửa lại hôm qua 12 chứ hỏng phải 21")
    assert (read.kind, read.day) == ("correction", TODAY.replace(day=24))
    assert read.ask == (Question(None, "category", (12,)),)


def test_who_took_part_is_not_who_was_helped() -> None:
    read = reading("tổ 5 người đi 20 hộ")
    assert (read.people, [item.category for item in read.items]) == (5, ["HO"])
    assert reading("4 đoàn viên tham gia, giúp 9 bà con").people == 4


def test_a_kind_added_later_is_read_like_the_others() -> None:
    buoy = Category("PHAO", ("Phát áo phao", "Life vests"), ("cái", "vests"), ("áo phao", "phao cứu sinh"))
    known = (*CATEGORIES, buoy)
    assert read("phát 40 áo phao, cài 3 vneid", TODAY, known).items == (
        Item("PHAO", 40, "cái"),
        Item("VNE", 3, "tài khoản"),
    )
    assert [i.count for i in read("phat phao cuu sinh: 12", TODAY, known).items] == [12]
    assert reading("phát 40 áo phao").items == ()


def test_without_any_kind_nothing_is_made_up() -> None:
    assert read("vneid 12, 5 hộ", TODAY, ()).items == ()


def test_a_kept_category_is_taken_as_it_is_kept() -> None:
    row = storage.Category(
        "PHAO", 32, "Phát áo phao", "Life vests", "Áo phao", "Vests", "cái", "vests", "áo phao\nphao", 9
    )
    assert known(row) == Category("PHAO", ("Phát áo phao", "Life vests"), ("cái", "vests"), ("áo phao", "phao"))
