"""Says what it was given, and whether it knows any secret of the bot's."""

from __future__ import annotations

import os


def make(given: dict[str, str]) -> bytes:
    secrets = [name for name in os.environ if name.startswith("APSO_")]
    return f"{given['said']}, {' '.join(secrets) or 'no secrets'}".encode()
