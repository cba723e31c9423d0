"""Logs: nothing in them that nobody may read."""

from __future__ import annotations

import logging

import pytest

from bot.log import Discreet, set_up

TOKEN = "123456789:AAF0xKQZ1v3n4b5m6c7x8z9l0k1j2h3g4f5"


def line(message: str, *secrets: str) -> str:
    record = logging.LogRecord("apso", logging.INFO, "f.py", 1, message, None, None)
    return Discreet(secrets).format(record)


@pytest.mark.parametrize(
    ("said", "hidden"),
    [
        (f"POST https://api.telegram.org/bot{TOKEN}/sendMessage", TOKEN),
        (f"token {TOKEN!r}", TOKEN),
        ("called 0912345678", "0912345678"),
        ("called 0912.345.678", "345.678"),
        ("called +84 912 345 678", "912 345 678"),
        ("code ABCD-2345 used", "ABCD-2345"),
    ],
)
def test_what_is_hidden(said: str, hidden: str) -> None:
    assert hidden not in line(said)


@pytest.mark.parametrize("said", ["ms=12.5 key=u123456", "slot=1795420800000", "report B-0012", "at 2026-11-23 08:00"])
def test_what_is_kept(said: str) -> None:
    assert said in line(said)


def test_configured_secrets_are_hidden_whatever_they_look_like() -> None:
    assert "hunter2" not in line("secret hunter2 refused", "hunter2")


def test_a_traceback_is_cleaned_too() -> None:
    try:
        raise ValueError(f"bad {TOKEN}")
    except ValueError as error:
        record = logging.LogRecord(
            "apso", logging.ERROR, "f.py", 1, "no", None, (ValueError, error, error.__traceback__)
        )
    assert TOKEN not in Discreet().format(record)


def test_libraries_are_quiet_even_when_the_bot_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    before = logging.getLogger().handlers[:], logging.getLogger().level
    try:
        set_up("debug", [TOKEN])
        logging.getLogger("httpx").info("GET https://api.telegram.org/bot%s/getMe", TOKEN)
        logging.getLogger("apso").warning("token %s", TOKEN)
        said = capsys.readouterr().err
    finally:
        logging.getLogger().handlers[:], level = before
        logging.getLogger().setLevel(level)
    assert TOKEN not in said
    assert "getMe" not in said
    assert "<secret>" in said
