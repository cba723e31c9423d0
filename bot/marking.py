"""The work of an errand: an office's file with its doubtful cells marked, those of the comparison too."""

from __future__ import annotations

import base64
import io
from typing import Any

from bot.chat.texts import Voice, load
from bot.examining import examine, mark
from bot.rules.roster import packing


def make(given: dict[str, Any]) -> bytes:
    """{"content": base64 of the file, "language", "doubts": packed problems} into the .xlsx."""
    content = base64.b64decode(given["content"])
    problems = [*examine(content).problems, *packing.unpack_problems(given["doubts"])]
    copy = io.BytesIO()
    mark(content, problems, Voice(load(), given["language"], buttons=False), copy)
    return copy.getvalue()
