"""Logs of one line per event that never hold a token, an invitation code or a telephone number."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable

_SECRETS = (
    (re.compile(r"\d{6,12}:[\w-]{30,}"), "<token>"),
    (re.compile(r"(?<![\w.])(?:\+?84|0)(?:[ .-]?\d){9}(?![\d.])"), "<phone>"),
    (re.compile(r"\b[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}\b"), "<code>"),
)

LOUD = ("httpx", "httpcore", "telegram", "aiohttp", "apscheduler", "aiosqlite", "uvicorn", "asyncio")


class Discreet(logging.Formatter):
    """Formats a record, traceback included, and takes out what nobody may read in a log."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "<secret>")
        for pattern, instead in _SECRETS:
            line = pattern.sub(instead, line)
        return line


def started(how: str) -> None:
    """One line for whoever started the program and waits."""
    logging.getLogger("apso").info("running: %s", how)


def set_up(level: str, secrets: Iterable[str] = ()) -> None:
    """Log to standard error. The libraries speak only of trouble: at INFO some print the token in each address."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet(secrets))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in LOUD:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
