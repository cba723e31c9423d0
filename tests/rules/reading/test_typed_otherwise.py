"""Messages typed another way say the same: without marks, in Telex, in capitals, in short forms.

What the marks told apart (tổ and tờ, dạ and đã) is lost without them, so a few may be read otherwise or asked about.
How few is what these tests hold.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.rules.reading import read
from tests.rules.reading.test_messages import CATEGORIES, TODAY, found

_TONES = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_MARKS = {"\u0306": "w", "\u031b": "w"}
_SHORT = {"không": "k", "được": "dc", "người": "ng", "hồ sơ": "hs", "tài khoản": "tk", "hướng dẫn": "hd"}
_EVERY = 9


def bare(text: str) -> str:
    plain = "".join(char for char in unicodedata.normalize("NFD", text) if unicodedata.category(char) != "Mn")
    return plain.replace("đ", "d").replace("Đ", "D")


def telex(text: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda match: _keys(match[0]), unicodedata.normalize("NFC", text))


def _keys(word: str) -> str:
    keys = tone = ""
    for char in word:
        base, *marks = list(unicodedata.normalize("NFD", char))
        keys += {"đ": "dd", "Đ": "DD"}.get(base, base)
        for mark in marks:
            tone = _TONES.get(mark, tone)
            keys += base.lower() if mark == "\u0302" else _MARKS.get(mark, "")
    return keys + tone


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def short(text: str) -> str:
    for long, brief in _SHORT.items():
        text = re.sub(rf"\b{long}\b", brief, text)
    return text


def texts() -> list[str]:
    paths = sorted(Path(__file__).parent.glob("*.jsonl"))
    lines = [line for path in paths for line in path.read_text("utf-8").splitlines()]
    return [json.loads(line)["text"] for line in lines[::_EVERY]]


@pytest.mark.parametrize(
    ("typed", "most", "most_wrong"),
    [(decomposed, 0, 0), (telex, 0.03, 0.01), (str.upper, 0.03, 0.01), (short, 0.03, 0.02), (bare, 0.12, 0.025)],
)
def test_says_the_same(typed: Callable[[str], str], most: float, most_wrong: float) -> None:
    pairs = [(text, typed(text)) for text in texts() if typed(text) != text]
    others = wrong = 0
    for text, changed in pairs:
        meant, got = (found(read(one, TODAY, CATEGORIES)) for one in (text, changed))
        # The place is written as it was typed.
        others += any(meant[part] != got[part] for part in ("kind", "items", "ask", "day"))
        wrong += any(item[:2] not in [one[:2] for one in meant["items"]] for item in got["items"])
    assert others <= most * len(pairs)
    assert wrong <= most_wrong * len(pairs)
