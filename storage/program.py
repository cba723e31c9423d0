"""Another program, run to its end: pg_dump, age, gpg."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from io import RawIOBase
from pathlib import Path
from threading import Event
from typing import IO

from storage.backup import Steadily
from storage.db import StorageError

LOOK_S = 0.05
MOST_AT_ONCE = 1 << 20


def find(name: str, where_from: str) -> str:
    """Where the program is. Raises StorageError saying what to install."""
    found = shutil.which(name)
    if found is None:
        raise StorageError(f"{name} is not installed here. {where_from}")
    return found


def run(
    command: Sequence[str],
    into: Path,
    *,
    out_of: Path | None = None,
    environment: Mapping[str, str] | None = None,
    give_up: Event | None = None,
) -> None:
    """Have the program write to `into` (and read from `out_of`). Raises StorageError with its own last words."""
    with (
        into.open("wb", buffering=0) as out,
        _reading(out_of) as source,
        running(command, source, subprocess.PIPE, environment) as process,
    ):
        assert process.stdout is not None
        steadily, said = Steadily(out.fileno(), give_up), b"."
        while said:
            if steadily.look():
                raise StorageError(f"{Path(command[0]).name} was interrupted.")
            if select.select([process.stdout], [], [], LOOK_S)[0]:
                said = os.read(process.stdout.fileno(), MOST_AT_ONCE)
                _write(into, out, said)


def _write(into: Path, out: RawIOBase, content: bytes) -> None:
    left = memoryview(content)
    try:
        while left:
            left = left[out.write(left) or 0 :]
    except OSError as error:
        raise StorageError(f"{into} could not be written: {error.strerror}.") from error


@contextmanager
def running(
    command: Sequence[str],
    source: IO[bytes] | int | None,
    out: IO[bytes] | int | None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """The program at work; it must have ended well after the block. One that stops reading what it is fed says why."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, stdin=source, stdout=out, stderr=said, env={**os.environ, **(environment or {})}
        )
        try:
            with process:
                try:
                    yield process
                except BrokenPipeError:
                    raise
                except BaseException:
                    process.kill()
                    if process.stdin is not None:  # what is left for it would otherwise be the fault that is told
                        with suppress(BrokenPipeError):
                            process.stdin.close()
                    raise
        except BrokenPipeError:
            if process.stdin is None:  # another one's
                raise
        if process.returncode:
            said.seek(0)
            raise StorageError(f"{Path(command[0]).name} failed: {_last_words(said.read())}")


@contextmanager
def _reading(file: Path | None) -> Iterator[IO[bytes] | None]:
    if file is None:
        yield None
    else:
        with file.open("rb") as opened:
            yield opened


def _last_words(said: bytes) -> str:
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    worst = [line for line in lines if "error" in line.lower()]  # what comes after the first is its consequence
    return (worst[:1] or lines[-1:] or ["it said nothing"])[0]
