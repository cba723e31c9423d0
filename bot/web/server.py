"""The web server, running inside the bot's own loop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import Generator

import uvicorn
from starlette.applications import Starlette

_GRACE = 5
"""Seconds that requests under way are given when the server stops."""


class CannotServe(Exception):
    """The address cannot be listened on; the sentence says why and what to do."""


class Server:
    """Serves `app` on one address. `port` 0 takes a free one; after `start`, `port` is the real one.

    `shared`: several processes of this program may listen there, and the system deals the connections out to them.
    """

    def __init__(self, app: Starlette, host: str = "127.0.0.1", port: int = 8080, *, shared: bool = False) -> None:
        self._shared = shared
        self.host = host
        self.port = port
        self._app = app
        self._task: asyncio.Task[None] | None = None
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE,
        )
        self._uvicorn = _Inside(config)

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    async def start(self) -> None:
        """Listen; returns when requests are answered. Raises CannotServe."""
        listener = _listen(self.host, self.port, shared=self._shared)
        self.port = listener.getsockname()[1]
        self._task = asyncio.create_task(self._uvicorn.serve(sockets=[listener]), name="web server")
        up = asyncio.create_task(self._uvicorn.up.wait())
        await asyncio.wait({self._task, up}, return_when=asyncio.FIRST_COMPLETED)
        if not up.done():
            up.cancel()
            await self._task

    async def wait(self) -> None:
        """Returns when the server has stopped; raises what made it stop."""
        if self._task is not None:
            await asyncio.shield(self._task)

    async def stop(self) -> None:
        """Take no new requests, let those under way end, and end the streams. Stopping twice is no error."""
        self._uvicorn.leave()
        self._app.state.close()
        await self.wait()


class _Inside(uvicorn.Server):
    """uvicorn that leaves the process's signals alone, says when it is up and wakes once a second, not ten times."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()
        self._left = asyncio.Event()

    def leave(self) -> None:
        """Have `serve` end."""
        self.should_exit = True
        self._left.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    async def main_loop(self) -> None:
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._left.wait(), 1.0)


def _listen(host: str, port: int, *, shared: bool) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, reuse_port=shared)
    except OSError as error:
        raise CannotServe(_sentence(host, port, error)) from error


def _sentence(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Cổng {port} trên {host} đang có chương trình khác dùng; hãy tắt chương trình đó hoặc chọn cổng khác."
    if error.errno == errno.EACCES:
        return f"Không được phép mở cổng {port}; hãy chọn một cổng từ 1024 trở lên."
    return f"Không mở được {host}:{port}: {error.strerror or error}."
