"""Numbers of identity papers and one-time codes are found however typed, and nothing else is taken for them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bot.rules.sensitive import find

SENTENCES = tomllib.loads((Path(__file__).parent / "data" / "sensitive.toml").read_text("utf-8"))
CASES = [
    (None if kind == "plain" else kind, text)
    for part in SENTENCES.values()
    for kind, texts in part.items()
    for text in texts
]


@pytest.mark.parametrize(("what", "text"), CASES)
def test_found_or_left_alone(what: str | None, text: str) -> None:
    assert find(text) == what
