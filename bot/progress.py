"""How far long work is, on a terminal; elsewhere nothing is shown."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from tqdm import tqdm


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

    def begin(self, what: str, total: int | None = None) -> Callable[[int], object]:
        """A new bar; returns what is to be told of more rows."""
        self.__exit__()
        self._bar = tqdm(
            total=total if total is not None else self._total,
            desc=what,
            unit=" rows",
            unit_scale=True,
            disable=not sys.stderr.isatty(),
            leave=True,
        )
        return self._bar.update
