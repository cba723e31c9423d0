"""How far `apso import` is, in words and figures, on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.chat.texts import Voice
from bot.examining import Progress as Reading
from bot.progress import Bars, Said
from bot.rules.roster import Plan
from storage.roster import Progress

More = Callable[[int], object]
Writing = Callable[[Plan], Progress]


@contextmanager
def reading(say: Voice) -> Iterator[Reading]:
    """For as long as the file is read; what it gives is told how many rows of how many have been."""
    with Bars() as bars:
        begun: list[More] = []
        seen = 0

        def progress(rows: int, total: int) -> None:
            nonlocal seen
            if not begun:
                begun.append(bars.begin(_far(say, "read"), total))
            begun[0](rows - seen)
            seen = rows

        yield progress


@contextmanager
def comparing(say: Voice) -> Iterator[None]:
    with Bars() as bars:
        bars.begin(_far(say, "compared"))
        yield


@contextmanager
def writing(say: Voice) -> Iterator[Writing]:
    """For as long as it is written; of a plan it makes what is told of so many more rows of a table."""
    with Bars() as bars:

        def of(plan: Plan) -> Progress:
            totals = {"units": len(plan.units), "people": len(plan.people), "posts": len(plan.posts)}
            begun: dict[str, More] = {}

            def progress(table: str, rows: int) -> None:
                if table not in totals:
                    return
                if table not in begun:
                    begun[table] = bars.begin(_far(say, table), totals[table])
                begun[table](rows)

            return progress

        yield of


def _far(say: Voice, what: str) -> Said:
    return lambda done, total: say.label(f"roster.progress.{what}", done=done, total=total)
