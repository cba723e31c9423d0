"""Typed buttons: what a button means, packed into the 64 bytes that channels carry."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import ClassVar, Self

MOST_BYTES = 64
VERSION = "1"

_WHOLE = re.compile(r"-?[0-9]{1,18}")  # 18 digits are what a database's 64 bits surely hold


class Stale(Exception):
    """A button this program cannot read: tampered with, or of another version."""


@dataclass(frozen=True, slots=True)
class Action:
    """Base of all buttons. Subclasses are frozen dataclasses of int and str fields; only the last may hold a colon."""

    code: ClassVar[str] = ""
    registry: ClassVar[dict[str, type[Action]]] = {}

    def __init_subclass__(cls, code: str = "") -> None:
        # `slots=True` makes the class anew and lands here a second time, without the code in its arguments.
        if code:
            other = Action.registry.get(code)
            assert other is None or other.__qualname__ == cls.__qualname__, f"two actions are called {code!r}"
            cls.code = code
        Action.registry[cls.code] = cls

    def pack(self) -> str:
        """As a button carries it. Raises ValueError when it is too long."""
        packed = ":".join([VERSION + self.code, *(str(getattr(self, name)) for name in _names(type(self)))])
        if len(packed.encode()) > MOST_BYTES:
            raise ValueError(f"{type(self).__name__} needs {len(packed.encode())} bytes, a button carries {MOST_BYTES}")
        return packed

    @classmethod
    def of(cls, values: list[str]) -> Self:
        """From the texts of its fields, in order."""
        kinds = [field.type for field in fields(cls)]
        return cls(*(_whole(value) if kind == "int" else value for kind, value in zip(kinds, values, strict=True)))


def _whole(value: str) -> int:
    if not _WHOLE.fullmatch(value):
        raise ValueError("no number of ours looks like that")
    return int(value)


_FIELDS: dict[str, tuple[str, ...]] = {}


def _names(kind: type[Action]) -> tuple[str, ...]:
    if kind.code not in _FIELDS:
        _FIELDS[kind.code] = tuple(field.name for field in fields(kind))
    return _FIELDS[kind.code]


@dataclass(frozen=True, slots=True)
class Typed(Action, code="t"):
    """The same as typing these words outside a dialog: how one feature offers what another one does."""

    words: str


def unpack(packed: str) -> Action:
    """What a pressed button means, as the sender of the press says: never to be trusted. Raises Stale."""
    head, _, rest = packed.partition(":")
    kind = Action.registry.get(head[1:]) if head[:1] == VERSION else None
    if kind is None:
        raise Stale(packed)
    count = len(_names(kind))
    values = rest.split(":", count - 1) if count else []
    try:
        return kind.of(values)
    except ValueError as error:
        raise Stale(packed) from error
