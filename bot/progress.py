"""How far long work is, on a terminal; elsewhere nothing is shown."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from tqdm import tqdm

Said = Callable[[int, int], str]
"""How far it is, in words: so many rows of so many (0: nobody knows how many)."""


class Bars:
    """One bar after another. `total`: of each, None when it is not known."""

    def __init__(self, total: int | None = None) -> None:
        self._total = total
        self._bar: tqdm[Any] | None = None

    def __enter__(self) -> Bars:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def begin(self, what: str | Said, total: int | None = None) -> Callable[[int], object]:
        """A new bar; returns what is to be told of more rows."""
        self.__exit__()
        total = total if total is not None else self._total
        said = what if callable(what) else None
        self._bar = bar = tqdm(
            total=total,
            desc=said(0, total or 0) if said else str(what),
            unit=" rows",
            unit_scale=True,
            bar_format=("{desc} {bar:20} {elapsed}" if total else "{desc}") if said else None,
            disable=not sys.stderr.isatty(),
            leave=True,
        )

        def more(rows: int) -> None:
            if said:
                bar.set_description_str(said(int(bar.n) + rows, total or 0), refresh=False)
            bar.update(rows)

        return more
