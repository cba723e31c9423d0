"""The one way a rule says no."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """Something is not allowed or not right. `key` names the text that says so, `values` fill it in."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class Real(Refused):
    """It is no practice, and was tried while practising: it can be done by whoever leaves practice first."""

    def __init__(self, about: str = "") -> None:
        """`about`: what it is for, in words."""
        super().__init__("practice.real_about" if about else "practice.real", about=about)
