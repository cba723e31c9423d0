"""What comes through the door is safe to read, keep and show; ids are never turned into other ids."""

from __future__ import annotations

import time
import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.chat.door import MOST_FILES, MOST_TEXT, clean, is_cut, line, words
from bot.chat.message import Address, Contact, File, Incoming, Press
from tests.rig import Village, text_of

BARE = Incoming(Address("phone", "p1"), "k1", 5)
FAMILY = "👩‍👩‍👧‍👦"
# Half characters and runs of marks, spaces and joiners beside whatever else there is.
ANYTHING = st.text(st.one_of(st.characters(), st.sampled_from("a\ud83d\udc4d\u0301\u0323\u0489\u200d\u202e \n\x00")))


def brought(**what: Any) -> Incoming:
    return replace(BARE, **what)


def read(text: str) -> str:
    return clean(brought(text=text)).text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Nguye\u0302\u0303n Va\u0306n Te\u0300o", "Nguyễn Văn Tèo"),
        ("\u202eolleh", "olleh"),
        ("b\u200báo\u2060 c\ufeffáo", "báo cáo"),
        ("12\x00\x07 hồ sơ", "12 hồ sơ"),
        ("\ud83d nửa chữ \udc4d", "nửa chữ"),
        (f"cả nhà {FAMILY}", f"cả nhà {FAMILY}"),
        ("👍\ud83c\udffd tốt", "👍 tốt"),
        ("một\u200d hai", "một hai"),
        ("dòng 1\r\ndòng 2\u2028dòng 3", "dòng 1\ndòng 2\ndòng 3"),
        ("xong" + " " * 4000 + "v 1", "xong v 1"),
        ("trên" + " \n" * 2000 + "dưới", "trên\n\ndưới"),
        ("<b>đậm</b> & 'x'; DROP TABLE people; --", "<b>đậm</b> & 'x'; DROP TABLE people; --"),
        ("a" + "\u0301" * 10_000 + "b", "á" + "\u0301" * 4 + "b"),
    ],
)
def test_words(text: str, kept: str) -> None:
    assert read(text) == kept


def test_a_long_text_is_read_from_its_beginning() -> None:
    text = "chữ " * 5000
    assert read(text) == text[:MOST_TEXT].strip()
    assert is_cut(brought(text=text))
    assert read("xx" + FAMILY * 2000)[-1] == "👧"  # not the joiner after it
    # Taken apart it has three times the signs, and still nothing is lost.
    apart = unicodedata.normalize("NFD", "ệ" * MOST_TEXT)
    assert read(apart) == "ệ" * MOST_TEXT
    assert not is_cut(brought(text=apart))


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("", False),
        ("ừ", False),
        ("x" * MOST_TEXT, False),
        ("x" * (MOST_TEXT + 1), True),
        ("\u0958" * (MOST_TEXT // 2 + 1), True),  # composing makes each of these two
        ("\u200b" * 100_000, True),  # nobody knows what comes after so many
    ],
)
def test_who_said_more_than_is_read_can_be_told(text: str, cut: bool) -> None:
    assert is_cut(brought(text=text)) is cut


@given(ANYTHING, st.integers(1, 40))
@example("a" + "\u0323\u0301" * 50, 20)
@example(FAMILY * 9, 4)
@example("\ufb2c" * 30, 40)
def test_whatever_was_sent_is_sane(text: str, most: int) -> None:
    for kept in (words(text, most), line(text, most)):
        assert len(kept) <= most
        assert unicodedata.is_normalized("NFC", kept)
        kinds = [unicodedata.category(sign) for sign in kept]
        assert not {"Cs", "Co"} & set(kinds)
        assert {sign for sign, kind in zip(kept, kinds, strict=True) if kind in ("Cc", "Cf")} <= {"\n", "\u200d"}
        assert not kept.startswith("\u200d")
        assert not kept.endswith("\u200d")
        assert "M" * 9 not in "".join("M" if kind in ("Mn", "Me") else "-" for kind in kinds)
    assert words(words(text, most), most) == words(text, most)
    assert "\n" not in line(text, most)


@pytest.mark.parametrize(
    "heap",
    [
        "\u0301",
        "\u0301\u0323",
        "\u0323\u0301" * 9,
        "\u200b",
        "\u202e",
        "\ud800",
        "\x00",
        "ệ",
        FAMILY,
        " ",
        "\n \t",
        "\ufb2c",
    ],
)
def test_ten_megabytes_hold_nobody_up(heap: str) -> None:
    enormous = "a" + heap * (10_000_000 // len(heap))
    file = File("document", "phone", "r", name=enormous, mime=enormous, unique=enormous)
    began = time.process_time()
    clean(brought(text=enormous, name=enormous, files=(file,) * 3, contact=Contact(enormous, True), start=enormous))
    is_cut(brought(text=enormous))
    assert time.process_time() - began < 1.0  # without the caps it is minutes


def test_every_other_word_is_cleaned_too() -> None:
    dirty = "\u202eTèo\x00\n\nNguyễn" + "\u0301" * 50
    got = clean(brought(name=dirty, contact=Contact("+84 \u200b999\x00 000 001", True), start="K7MQ\u200b-2XHB"))
    assert got.name == "Tèo Nguyễń" + "\u0301" * 4
    assert got.contact == Contact("+84 999 000 001", True)
    assert got.start == "K7MQ-2XHB"
    assert clean(brought(name="x" * 5000, start="y" * 5000)).name == "x" * 128
    assert clean(BARE) == BARE
    assert clean(brought(start="")).start == ""


@pytest.mark.parametrize("action", ["1a:1:\x00:y", "1a:1:x:\u202ey", "1a:1:x:" + "y" * 58, "\ud83d", "1a:1\n"])
def test_a_button_that_no_bot_made_carries_nothing(action: str) -> None:
    assert clean(brought(press=Press(action, "13"))).press == Press("", "13")


def test_a_button_is_read_as_it_is() -> None:
    pressed = Press("1t:xong V-0012 ", "13")
    assert clean(brought(press=pressed)).press == pressed
    assert clean(brought(press=Press("1a:1:x:y", "1" * 500))).press == Press("1a:1:x:y", "")


def test_an_id_never_becomes_another_ones() -> None:
    ids = ["p1", "p1\u200b", "p1\x00", "p1\ud800", " p1", "p1" + "\u0301" * 200, "p1" * 5000, ""]
    chats = [clean(brought(address=Address("phone", one))).address.chat for one in ids]
    keys = [clean(brought(key=one)).key for one in ids]
    assert len(set(chats)) == len(set(keys)) == len(ids)
    assert chats[0] == keys[0] == "p1"
    assert all(one.isprintable() and len(one) <= 128 for one in chats + keys)
    assert chats == [clean(brought(address=Address("phone", one))).address.chat for one in ids]


def test_files_keep_a_label_and_no_path() -> None:
    def kept(**what: Any) -> File:
        return clean(brought(files=(File("document", "phone", "r1", **what),))).files[0]

    assert kept(name="../../etc/passwd").name == "passwd"
    assert kept(name="C:\\tạm\\báo cáo\u202e.xlsx").name == "báo cáo.xlsx"
    assert len(kept(name="x" * 9000).name) == 255
    assert kept(mime="image/png\r\nX: y").mime == ""
    assert kept(unique="\x00").unique == ""
    assert kept(size=-5).size == 0
    assert kept(size=10**30).size == 0
    assert kept(name="ảnh.jpg", mime="image/jpeg", size=9, unique="q") == File(
        "document", "phone", "r1", "q", "ảnh.jpg", "image/jpeg", 9
    )


def test_files_nobody_could_fetch_and_too_many_of_them_are_left_outside() -> None:
    assert clean(brought(files=(File("photo", "phone", "r\x00"), File("photo", "phone", "")))).files == ()
    assert len(clean(brought(files=(File("photo", "phone", "r"),) * 50)).files) == MOST_FILES


def test_enormous_times_are_none() -> None:
    assert clean(brought(at=10**40)).at == 0
    assert clean(brought(at=-(10**40))).at == 0


async def test_who_writes_too_much_is_told_that_the_rest_was_not_read(here: Village) -> None:
    await here.an.says("báo cáo")
    await here.an.presses("Nộp hồ sơ")
    await here.an.says("12" + " hồ sơ" * 2000)
    await here.an.sees("em chỉ đọc được 4.096 chữ cái đầu")
    await here.an.says("12")
    await here.an.sees("hình hay muốn ghi chú")
    await here.an.says("x" * MOST_TEXT)
    await here.quiet()
    assert sum("chữ cái đầu" in text_of(message) for message in here.an.told) == 1
