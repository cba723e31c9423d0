"""Processes of the real program that begin at once: forked from one that has loaded everything and done nothing.

Whoever is born here is a process like any other, to be killed, stopped and measured; only the second in which an
interpreter starts and reads several hundred modules is spent once instead of at every start.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.chat import texts

ROOT = Path(__file__).parents[1]
LONGEST = 200_000  # bytes of a request: arguments and environment
PROGRAM = ("bot", "handlers", "storage")


@dataclass
class Child:
    """A process that was born there; to be used like a `subprocess.Popen`."""

    pid: int = 0
    returncode: int | None = None
    _born: threading.Event = field(default_factory=threading.Event)
    _over: threading.Event = field(default_factory=threading.Event)

    def poll(self) -> int | None:
        """Its exit status, negative for a signal; None while it lives."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status once it is over. Raises subprocess.TimeoutExpired."""
        if not self._over.wait(timeout):
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, how: signal.Signals) -> None:
        """Nothing when it is over already."""
        if self.returncode is None:
            os.kill(self.pid, how)


class Nursery:
    """The side of the tests: asks for processes and hears of their end."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-W", "error", "-m", __name__, str(theirs.fileno())]
        self._process = subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()])
        theirs.close()
        self._children: dict[int, Child] = {}
        self._asking = threading.Lock()
        threading.Thread(target=self._hear, daemon=True, name="nursery").start()
        atexit.register(self._socket.close)

    def start(self, module: str, arguments: Sequence[str], files: Sequence[int], env: Mapping[str, str]) -> Child:
        """Run `python -m module arguments` with these three files as standard input, output and error."""
        child = Child()
        with self._asking:
            number = len(self._children)
            self._children[number] = child
            told = json.dumps({"number": number, "argv": [module, *arguments], "env": dict(env)}).encode()
            socket.send_fds(self._socket, [told], list(files))
        child._born.wait()
        return child

    def _hear(self) -> None:
        while said := self._socket.recv(1000):
            number, pid, status = json.loads(said)
            child = self._children[number]
            if status is None:
                child.pid = pid
                child._born.set()
            else:
                child.returncode = status
                child._over.set()


@cache
def nursery() -> Nursery:
    """The one of this test process."""
    return Nursery()


def main(asked: socket.socket) -> None:
    """The side of the processes: load everything, and in each that is born here run what it was asked for."""
    for package in PROGRAM:
        for found in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
            if not found.name.endswith(".__main__"):
                import_module(found.name)
    texts.load()
    assert threading.active_count() == 1, "a forked process would miss the others"
    gc.collect()
    gc.freeze()
    told = _births(asked)
    if told is None:
        return
    os.environ.clear()
    os.environ.update(told["env"])
    sys.argv = told["argv"]
    try:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if isinstance(end.code, int | None):
            _leave(end.code or 0)
        raise


def _leave(status: int) -> None:
    """End as an interpreter does, but for taking every module apart, which lasts ten times as long as all the rest."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    gc.collect()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(status)


def _births(asked: socket.socket) -> dict[str, Any] | None:
    """Fork for each request and tell of births and ends. Returns in a child, what it is to run; None at the end."""
    numbers: dict[int, int] = {}
    wakes, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    while True:
        ready, _, _ = select.select([asked.fileno(), wakes], [], [])
        if wakes in ready:
            os.read(wakes, 4096)
            for pid, status in _ended():
                asked.send(json.dumps((numbers.pop(pid), pid, status)).encode())
        if asked.fileno() in ready:
            request, files, _, _ = socket.recv_fds(asked, LONGEST, 3)
            if not request:
                return None
            told: dict[str, Any] = json.loads(request)
            if not (pid := os.fork()):
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for number, file in enumerate(files):
                    os.dup2(file, number)
                for file in (*files, wakes, wake, asked.detach()):
                    os.close(file)
                return told
            numbers[pid] = told["number"]
            asked.send(json.dumps((told["number"], pid, None)).encode())
            for file in files:
                os.close(file)


def _ended() -> list[tuple[int, int]]:
    """Who is over, and how: the status, negative for a signal."""
    found: list[tuple[int, int]] = []
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:  # there is none
            return found
        if not pid:
            return found
        found.append((pid, os.waitstatus_to_exitcode(status)))


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as hears:
        main(hears)
