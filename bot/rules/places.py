"""Where something was done: in words, and as a point only when somebody sent one, rounded to about a hundred metres."""

from __future__ import annotations

import re

_POINT = re.compile(r"(?:^| \()(-?\d+\.\d{3}, -?\d+\.\d{3})\)?$")


def with_point(place: str, latitude: float, longitude: float) -> str:
    """The words that were said, with the point that was sent: "Ấp 3 (10.933, 106.512)"."""
    words = _POINT.sub("", place)
    point = f"{latitude:.3f}, {longitude:.3f}"
    return f"{words} ({point})" if words else point


def with_words(place: str, words: str) -> str:
    """Other words, with the point that was sent before."""
    point = _POINT.search(place)
    return f"{words} ({point[1]})" if point else words
