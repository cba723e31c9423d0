"""A program that starts while its disk fails comes up a little later or says why not; it never just stands there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.simulation.store import Failing, busy, full
from tests.simulation.world import QUIET, START_S, World

STATEMENTS = 200  # of a start, and some more: the next test holds it


def starts(at: int, breaks: Callable[[], Exception], times: int = 1) -> tuple[str, int]:
    """Start once while that statement (and some after it) fails; what came of it, and how many statements it took."""
    world = World(1, QUIET)
    left = [at]

    def before(connection: Failing, sql: str) -> None:
        left[0] -= 1
        if -times < left[0] <= 0 and not sql.startswith("ROLLBACK"):
            raise breaks()

    async def begin() -> str:
        world.begin()
        life = world.life
        assert life is not None
        life.hand._arm = lambda: setattr(world.connection, "before", before)  # type: ignore[method-assign]
        await asyncio.wait([life.start], timeout=START_S)
        life.ended = True
        if not life.start.done():
            how = "stands there"
        elif life.start.exception():
            how = "says why"
        else:
            how = "came up"
        await world._bury()
        return how

    with world.stage():
        return world.loop.run_until_complete(begin()), at - left[0]


def test_a_start_has_fewer_statements_than_are_tried() -> None:
    came_up, statements = starts(10_000, busy)
    assert came_up == "came up"
    assert 30 < statements < STATEMENTS


@pytest.mark.parametrize("breaks", [busy, full], ids=["busy", "full"])
def test_any_statement_of_the_start_may_fail(breaks: Callable[[], Exception]) -> None:
    ended = {at: starts(at, breaks)[0] for at in range(1, STATEMENTS)}
    assert [at for at, how in ended.items() if how == "stands there"] == []
    assert list(ended.values()).count("came up") > STATEMENTS / 2


def test_a_disk_that_is_full_for_a_while() -> None:
    for at in (1, 8, 16, 20, 30, 45):
        assert starts(at, full, times=12)[0] != "stands there"
