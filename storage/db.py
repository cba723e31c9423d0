"""The small door to the database that every storage function takes, and what a store promises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

Row = tuple[Any, ...]


class Db(Protocol):
    """One open transaction. SQL has named parameters (`:name`) and stays in the subset SQLite and PostgreSQL share.

    `skip_locked` ends a SELECT of rows to be claimed: rows another transaction holds are passed over. `bits_apart`: in
    how many of its 64 bits a column `looks` differs from `:looks`.
    """

    skip_locked: str
    bits_apart: str

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

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Put many rows into a table, the quickest way there is. One may refer to another, before it or after."""
        ...

    def last_id(self, table: str) -> int:
        """The highest id the table ever gave; 0: none yet."""
        ...

    def count_on(self, table: str, last: int) -> None:
        """The ids the table gives from now on are higher than `last`."""
        ...

    def hold(self, what: str) -> None:
        """Of two transactions that hold the same, one sees all that the other did: for what is decided from rows that
        one does not change. Lines are held by their functions from the beginning."""
        ...

    def alone(self) -> None:
        """No function of any line is done meanwhile, but for those of none. To be asked first of all: the function may
        begin anew for it."""
        ...

    def undoable(self) -> AbstractContextManager[None]:
        """What is done inside is undone when the block raises; the transaction outside goes on."""
        ...


class Leadership(Protocol):
    """This process, and no other, does a certain work. `epoch` is higher than that of anybody who did it before."""

    epoch: int

    def held(self) -> bool:
        """Whether it certainly still is so: to be asked before each thing that must not be done by two."""
        ...

    async def lost(self) -> None:
        """Returns when it is no more."""
        ...

    async def resign(self) -> None:
        """Let another take over at once."""
        ...


class Store(Protocol):
    """Keeps everything. The only way in is a plain function that is one transaction.

    `single`: no other process can be using it.
    """

    single: bool

    async def run(self, function: Callable[[Db], T], *, line: str | None = "") -> T:
        """Run `function` in a transaction of its own; returns after the commit. What it raises undoes all it did.

        Functions of one line run one after another in the order of the calls, in whatever process. Those of different
        lines each see one moment, and no two that change the same row, or hold the same (`Db.hold`), do so unseen by
        each other. A function may be run again from its beginning before it is committed, so it changes nothing but
        the database. `line` None: no order, and each statement sees what others just committed; for bookkeeping of
        single rows.
        """
        ...

    async def lead(self, what: str, bell: Callable[[], None] = lambda: None) -> Leadership:
        """Wait until this process is the one that does `what`. `bell` is called, in the loop, when any rings."""
        ...

    def ring(self) -> None:
        """Let leaders in other processes know that there is something to do."""
        ...

    async def check(self) -> Checked:
        """Look whether what is kept is whole."""
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Checked:
    """What the engine says of itself. `note`: what is worth knowing about its version ("": nothing)."""

    well: bool
    what: str
    note: str = ""


class StorageError(Exception):
    """The store cannot be used; the message tells a person what to do."""


class InUse(StorageError):
    """Another program has what only one may use: most likely the bot runs."""


class TransactionLost(BaseException):
    """The engine cannot go on with the transaction (disk full, I/O error, a conflict): nothing of it may be kept.

    Its cause is the driver's own error. A BaseException, so that no handler of ordinary failures goes on as if its
    savepoint still stood.
    """
