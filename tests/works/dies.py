"""Breaks over what it was given."""

from __future__ import annotations


def make(given: dict[str, str]) -> bytes:
    raise ValueError(given["said"])
