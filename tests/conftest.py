"""What every test lives in: no network but loopback, and the village in both renderings."""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import engine
from tests.rig import Village, village

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex


def _refuse_far(address: Any) -> None:
    host = address[0] if isinstance(address, tuple) else ""
    if host and not (host.startswith("127.") or host in ("::1", "localhost")):
        raise RuntimeError(f"a test reached out to {host}: only loopback is allowed")


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(self: socket.socket, address: Any) -> None:
        _refuse_far(address)
        _connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_far(address)
        return _connect_ex(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect_ex)


KEEPS = (
    "Village",
    "open_engine",
    "Program",
    "village",
    "url_of",
    "town",
    "Office",
)  # what a test module uses that keeps something


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=("sqlite", "postgres"), help="what the tests keep things in (default: sqlite)")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--engine"):
        os.environ[engine.VARIABLE] = config.getoption("--engine")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is said in many ways is said in one of them as numbered text, and in one on PostgreSQL.

    There only what keeps something is run again. Who is given more time than others begins first, so that nobody waits
    for it alone at the end.
    """
    kept: dict[str, pytest.Item] = {}
    for item in filter(_keeps_anew, items):
        kept.setdefault(_what_is_tested(item), item)
    config.hook.pytest_deselected(items=[item for item in items if kept.get(_what_is_tested(item)) is not item])
    items[:] = sorted(kept.values(), key=lambda item: item.get_closest_marker("timeout") is None)


def _what_is_tested(item: pytest.Item) -> str:
    """The same for all ways of saying it where only how it is drawn differs, or, outside of storage, what keeps it."""
    if _rendering(item) == "numbers" or (engine.is_postgres() and "storage" not in item.path.parts):
        return f"{item.nodeid.partition('[')[0]} {_rendering(item)}"
    return item.nodeid


def _keeps_anew(item: pytest.Item) -> bool:
    if not engine.is_postgres():
        return True
    module = getattr(item, "module", None)
    if _rendering(item) == "numbers":  # how a chat is drawn does not depend on what keeps it
        return False
    return any(hasattr(module, name) for name in KEEPS) and not hasattr(module, "ONE_ENGINE")


def _rendering(item: pytest.Item) -> object:
    called = getattr(item, "callspec", None)
    return called.params.get("here") if called else None


@pytest.fixture(autouse=True)
def _databases_go() -> Iterator[None]:
    yield
    engine.forget()


@pytest.fixture(params=["buttons", "numbers"])
async def here(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Village]:
    """The village, once with buttons and edits and once as numbered text."""
    async with village(tmp_path, plain=request.param == "numbers") as found:
        yield found


@pytest.fixture
async def rich(tmp_path: Path) -> AsyncIterator[Village]:
    """The village with buttons and edits only."""
    async with village(tmp_path) as found:
        yield found
