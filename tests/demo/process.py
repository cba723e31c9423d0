"""`python -m bot demo` as a program of its own, started and stopped as a person does."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE_S = 20.0


@dataclass
class Running:
    """The program; `url` is the address it printed, `said` everything it has printed so far."""

    process: asyncio.subprocess.Process
    url: str
    said: str

    async def stop(self, how: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """Ctrl-C, or another signal; returns the exit status and what went to standard error."""
        self.process.send_signal(how)
        return await ended(self.process)


async def start(*arguments: str, folder: Path) -> asyncio.subprocess.Process:
    """Begin the demo with temporary files in `folder`; returns at once."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-W", "error", "-m", "bot", "demo", "--no-browser", *arguments),
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def ended(process: asyncio.subprocess.Process) -> tuple[int, str]:
    """The exit status and what went to standard error, once the program is over."""
    _, errors = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    return process.returncode or 0, errors.decode()


@asynccontextmanager
async def running(*arguments: str, folder: Path) -> AsyncIterator[Running]:
    """The demo on a free port, ready; killed at the end when it is still there."""
    process = await start("--port", "0", *arguments, folder=folder)
    try:
        yield await asyncio.wait_for(_ready(process), PATIENCE_S)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def _ready(process: asyncio.subprocess.Process) -> Running:
    assert process.stdout is not None
    said = ""
    async for line in process.stdout:
        said += line.decode()
        if "Ctrl-C" in said:
            found = re.search(r"http://[\d.:]+", said)
            assert found is not None, said
            return Running(process, found[0], said)
    raise AssertionError(f"the demo ended: {said}{(await ended(process))[1]}")
