"""The kinds of activity a new installation starts with are well formed."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

CATEGORIES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[2] / "storage" / "seed" / "categories.toml").read_text("utf-8")
)["category"]


def test_codes_are_unique_and_something_else_comes_last() -> None:
    codes = [category["code"] for category in CATEGORIES]
    assert len(codes) == len(set(codes)) == 31
    assert codes[0] == "HO"
    assert codes[-1] == "KHAC"
    assert [category["order"] for category in CATEGORIES] == list(range(1, 32))


def test_names_fit_on_a_button_and_differ() -> None:
    for key in ("name_vi", "name_en"):
        names = [category[key] for category in CATEGORIES]
        assert len(set(names)) == len(names)
        assert all(0 < len(name) <= 24 for name in names)


def test_only_something_else_has_no_unit_of_its_own() -> None:
    for category in CATEGORIES:
        assert (category["unit_vi"] == category["unit_en"] == "") == (category["code"] == "KHAC")
        assert category["usual"] >= 1


def test_no_word_stands_under_two_categories() -> None:
    words = [word for category in CATEGORIES for word in category["words"]]
    assert len(words) == len(set(words))
    assert all(word == word.strip().lower() and word for word in words)
