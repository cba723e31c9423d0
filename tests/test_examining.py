"""A file examined and marked: what must not be kept is nowhere in what comes out."""

from __future__ import annotations

import io
import json
import unicodedata

import openpyxl
import pytest

from bot.chat.texts import Voice, load
from bot.examining import examine, mark
from bot.rules.roster import packing

CARDS = (
    "083070001234", "083 080 001 235", "083090001236", "321234567", "083070001238", "083.070.001.239", "83070001240",
    "083070001241",
)  # fmt: skip


def office_list() -> bytes:
    """A list with numbers of identity cards wherever offices put them."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in (
        ["DANH SÁCH TỔ CNSCĐ XÃ TÂN THẠCH"],
        ["STT", "Họ và tên", "CMND/CCCD", "Ấp", "Chức vụ", "SĐT", "Ghi chú"],
        [1, "Nguyễn Văn An", CARDS[0], "Ấp 1", "Tổ trưởng", "0912345601", None],
        [2, "Trần Thị Bé", CARDS[3], "Ấp 1", "Thành viên", CARDS[1], f"CCCD số {CARDS[5]}"],
        [3, f"Lê Văn Cò - CCCD: {CARDS[2]}", None, "Ấp 1", "Thành viên", "0912345603", None],
        [4, None, None, "Ấp 1", "Thành viên", f"{CARDS[4]}", None],
        [5, "Võ Văn Em", int(CARDS[6]), "Ấp 1", "không rõ", int(CARDS[6]), int(CARDS[7])],
    ):
        page.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture(scope="module")
def content() -> bytes:
    return office_list()


def cards_in(text: str) -> list[str]:
    return [card for card in CARDS if card in text or card.replace(" ", "").replace(".", "") in text]


def test_numbers_of_identity_cards_are_in_nothing_that_is_read(content: bytes) -> None:
    roster = examine(content)
    told = json.dumps(packing.pack(roster), ensure_ascii=False)
    assert cards_in(told) == []
    assert [(person.name, person.phone) for person in roster.people] == [
        ("Nguyễn Văn An", "0912345601"),
        ("Trần Thị Bé", ""),
        ("Lê Văn Cò", "0912345603"),
        ("Võ Văn Em", ""),
    ]
    assert [problem.kind for problem in roster.problems].count("identity_left_out") == 1
    assert roster.figures.bad_phone == 2


@pytest.mark.parametrize("language", ["vi", "en"])
def test_nor_in_the_copy_with_the_marks(content: bytes, language: str) -> None:
    copy = io.BytesIO()
    mark(content, examine(content).problems, Voice(load(), language, buttons=False), copy)
    page = openpyxl.load_workbook(copy).active
    assert page is not None
    told = "\n".join(str(cell.value) + str(cell.comment) for row in page.iter_rows() for cell in row)
    assert cards_in(told) == []
    assert "Nguyễn Văn An" in told


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1258"])
def test_a_text_file_of_old_or_new_windows(encoding: str) -> None:
    told = (
        "XÃ TÂN THẠNH;;;;\r\nSTT;Họ và tên;Chức vụ;Ấp;Số điện thoại\r\n"
        "1;Nguyễn Văn An;Tổ trưởng;Ấp 1;0912345601\r\n2;Trần Thị Bé;Thành viên;Ấp 1;0912345602\r\n"
    )
    if encoding == "cp1258":  # it has letters with hats and horns, and the tones apart
        told = "".join(_apart(letter) for letter in told)
    roster = examine(told.encode(encoding))
    assert [(person.name, person.phone, str(person.posts[0].unit)) for person in roster.people] == [
        ("Nguyễn Văn An", "0912345601", "Ấp 1, Xã Tân Thạnh"),
        ("Trần Thị Bé", "0912345602", "Ấp 1, Xã Tân Thạnh"),
    ]
    assert roster.figures.leads == 1


def _apart(letter: str) -> str:
    """As Windows-1258 writes it: the letter with its hat or horn, then the tone."""
    parts = unicodedata.normalize("NFD", letter)
    tones = [mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323"]
    base = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in tones))
    return base + "".join(tones)
