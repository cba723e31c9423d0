"""The small door to the database that every storage function takes, and what a store promises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

Row = tuple[Any, ...]


class Db(Protocol):
    """One open transaction. SQL has named parameters (`:name`) and stays in the subset SQLite and PostgreSQL share."""

    def one(self, sql: str, **values: Any) -> Row | None:
        """The first row, or None."""
        ...

    def all(self, sql: str, **values: Any) -> list[Row]:
        """All rows, each a tuple in the order of the SELECT."""
        ...

    def run(self, sql: str, **values: Any) -> int:
        """How many rows were changed."""
        ...

    def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """The same statement once per row of values."""
        ...

    def undoable(self) -> AbstractContextManager[None]:
        """What is done inside is undone when the block raises; the transaction outside goes on."""
        ...


class Store(Protocol):
    """Keeps everything. The only way in is a plain function that is one transaction."""

    async def run(self, function: Callable[[Db], T]) -> T:
        """Run `function` in a transaction of its own; returns after the commit. What it raises undoes all it did.

        Functions run one after another in the order of the calls.
        """
        ...

    async def close(self) -> None: ...


class StorageError(Exception):
    """The store cannot be used; the message tells a person what to do."""


class TransactionLost(BaseException):
    """The engine gave the whole transaction up (disk full, I/O error): nothing more may be done in it.

    A BaseException, so that no handler of ordinary failures goes on as if its savepoint still stood.
    """
