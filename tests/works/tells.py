"""Work that says how far it is."""

from __future__ import annotations

from typing import Any

from bot.work import far


def make(given: dict[str, Any]) -> bytes:
    far(5000, 12000)
    far(10000, 12000)
    return b"all of it"
