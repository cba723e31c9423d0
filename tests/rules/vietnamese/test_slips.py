"""Words typed while the keyboard slipped are written out; plain words, names and shop words stay."""

from __future__ import annotations

import pytest

from bot.rules.vietnamese.slips import repair


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ddax", "đã"), ("nguwowif", "người"), ("nguoiwf", "người"), ("cais", "cái"), ("hooj", "hộ"), ("toor", "tổ"),
        ("aaps", "ấp"), ("dduwowcj", "được"), ("huowngs daanx", "hướng dẫn"), ("soor suwcs khoer", "sổ sức khỏe"),
        ("d9a4 ca2i cho 5 ngu7o7i2", "đã cài cho 5 người"), ("rồiiii", "rồi"), ("côg", "công"),
    ],
)  # fmt: skip
def test_written_out(typed: str, meant: str) -> None:
    assert repair(typed) == meant


@pytest.mark.parametrize(
    "text",
    ["ap3 kp5 to5 qr3", "zalo shop facebook", "hs dvc kns ng", "hôm nay đi chợ", "wifi wa 5h30", "1k2 lượt", "cccd"],
)
def test_left_alone(text: str) -> None:
    assert repair(text, {"cccd", "wifi"}) == text


def test_known_words_are_no_slips() -> None:
    assert repair("voso", {"voso"}) == "voso"
