"""The real program as a process of its own, to be started, killed and measured."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from tests.nursery import Child, nursery
from tests.servers.bot_api import BotApi

ROOT = Path(__file__).parents[1]


def write_config(
    folder: Path,
    api: BotApi,
    *,
    url: str = "",
    port: int = 0,
    photos: str = "",
    more: str = "",
    **telegram: float | str,
) -> Path:
    """A config.toml for the fake Bot API: no limits of pace, nor of what is heard, no quiet hours, any free port.

    `url`: the database (else apso.db beside it); `photos`: their folder (else beside it); `more`: further tables.
    """
    told: dict[str, float | str] = {
        "token": api.token,
        "base_url": api.base_url,
        "base_file_url": api.base_file_url,
        "per_second": 0,
        "chat_per_second": 0,
        **telegram,
    }
    file = folder / "config.toml"
    file.write_text(
        '[bot]\nquiet_from = "00:00"\nquiet_until = "00:00"\nlog_level = "warning"\n'
        f'[storage]\nurl = "{url or folder / "apso.db"}"\n[web]\nport = {port}\n'
        f'[limits]\nburst = 0\nphoto_burst = 0\n[files]\ndir = "{photos or folder / "photos"}"\n{more}[telegram]\n'
        + "".join(
            f'{name} = "{value}"\n' if isinstance(value, str) else f"{name} = {value}\n" for name, value in told.items()
        )
    )
    return file


async def apso(*arguments: str | Path, answer: str | bytes = "") -> tuple[int, str, str]:
    """Run one command to its end; returns status, output and errors. `answer`: what it finds at standard input."""
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        told.write(answer if isinstance(answer, bytes) else answer.encode())
        told.seek(0)
        files = [told.fileno(), out.fileno(), err.fileno()]
        child = nursery().start("bot", list(map(str, arguments)), files, os.environ)
        status = await asyncio.to_thread(child.wait)
        return status, _all_of(out), _all_of(err)


def _all_of(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


class Program:
    """`python -m …`; `home`: where its output goes, program.log there.

    `cold`: with an interpreter of its own, which takes its time to begin, for who measures that. Then `python` is
    which, and `core` the only processor it may use.
    """

    def __init__(
        self, home: Path, *arguments: str, cold: bool = False, python: str = sys.executable, core: int | None = None
    ) -> None:
        self._arguments = arguments
        self._cold, self._python, self._core = cold, python, core
        self._log = home / "program.log"
        self._process: subprocess.Popen[bytes] | Child | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def output(self) -> str:
        """What it has written so far, of all its lives."""
        return self._log.read_text() if self._log.exists() else ""

    def start(self) -> None:
        """Begin; returns at once."""
        with self._log.open("ab") as out:
            self._process = self._begin(out)

    def _begin(self, out: IO[bytes]) -> subprocess.Popen[bytes] | Child:
        if not self._cold:
            module, *told = self._arguments
            with open(os.devnull, "rb") as nothing:
                return nursery().start(module, told, [nothing.fileno(), out.fileno(), out.fileno()], os.environ)
        core = self._core
        return subprocess.Popen(
            [self._python, "-m", *self._arguments],
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
            preexec_fn=None if core is None else lambda: os.sched_setaffinity(0, {core}),
        )

    def kill(self) -> None:
        """kill -9."""
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """SIGSTOP: it lives, and does nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT: it goes on as if no time had passed."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    @property
    def ended(self) -> int | None:
        """Its exit status, when it ended by itself."""
        return self._process.poll() if self._process is not None else None

    def stop(self) -> int:
        """A polite kill; returns the exit status."""
        return self._end(signal.SIGTERM)

    def interrupt(self) -> int:
        """Ctrl-C; returns the exit status."""
        return self._end(signal.SIGINT)

    def _end(self, how: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(how)
        return self._process.wait(20)
