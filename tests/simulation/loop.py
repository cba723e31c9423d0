"""An event loop whose time is a number: when nothing is ready it is at once as late as the next thing to do."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Generator
from concurrent.futures import Executor
from typing import Any, TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Deadlock(Exception):
    """Everybody waits, and nothing will ever wake anybody."""


class _Still(selectors.SelectSelector):
    """Instead of waiting for the world outside, time has passed."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise Deadlock
        self.now += max(0.0, timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """One thread, no waiting, the same order every time. `alive`: the tasks not done, in the order they were made."""

    def __init__(self) -> None:
        self._still = _Still()
        super().__init__(self._still)
        self._clock_resolution = 1e-6  # a year in seconds has no smaller steps
        self.alive: dict[asyncio.Task[Any], None] = {}
        self.set_exception_handler(lambda loop, context: None)  # what a life that ended left behind

    def time(self) -> float:
        return self._still.now

    def leap(self, seconds: float) -> None:
        """Be so much later at once, as after a sleep of the whole machine: what was due meanwhile comes late."""
        self._still.now += seconds

    def create_task(self, coro: Generator[Any, None, T] | Coroutine[Any, Any, T], **how: Any) -> asyncio.Task[T]:
        task: asyncio.Task[T] = super().create_task(coro, **how)
        self.alive[task] = None
        task.add_done_callback(lambda done: self.alive.pop(done, None))
        return task

    def run_in_executor(self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        """At once, in this thread: there is no other."""
        future: asyncio.Future[T] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future
