"""A report named by its code among other words."""

from __future__ import annotations

import pytest

from bot.rules import codes


@pytest.mark.parametrize(
    ("text", "number", "words"),
    [
        ("sửa B-0012 vneid 15", 12, "sửa   vneid 15"),
        ("hủy b – 12345 giùm em", 12345, "hủy   giùm em"),
        ("B-0007", 7, ""),
    ],
)
def test_a_named_report(text: str, number: int, words: str) -> None:
    assert codes.named_report(text) == (number, words)


@pytest.mark.parametrize(
    "text",
    ["giúp 5 người ở lô B-12", "B-0012 giống B-0013", "AB-0012", "B-0012-3", "vneid 12", "bằng B 2000 người", "V-0012"],
)
def test_none_is_named(text: str) -> None:
    assert codes.named_report(text) is None


def test_the_digits_of_codes_go_and_all_else_stays() -> None:
    assert codes.without_codes("như B-0012 và B-0013: vneid 10-15").split() == ["như", "và", ":", "vneid", "10-15"]
    assert codes.without_codes("vneid 12 ") == "vneid 12 ", "to the letter"
