"""Opening a file that somebody sent: what it is, told by its content, and its rows as plain values."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Any

from bot.sheets import delimited
from bot.sheets.sheet import Cell, Merge, Sheet, Unreadable

CHILD = Path(__file__).with_name("child.py")
MOST_PACKED = 64 * 1024 * 1024
MOST_TEXT = 256 * 1024 * 1024
LONGEST = 60.0  # seconds; the child's own limit of processor time ends it much earlier


@contextmanager
def read(source: Path | bytes) -> Iterator[list[Sheet]]:
    """The sheets of an .xlsx, .xlsb, .ods, .xls or a text file of any name, in their order. Raises Unreadable.

    Formulas are never calculated: their last value, which the office saw, is read (a SUM, a =ROW() that numbers).
    Refused are files with macros, embedded objects, links to other files or to the network, or a formula that would
    reach out (DDE, WEBSERVICE). Rows are read while they are asked for, once, the sheets in their order.
    """
    with ExitStack() as held:
        file = held.enter_context(_opened(source))
        first = file.read(4096)
        size = file.seek(0, 2)
        file.seek(0)
        if not first.strip(b"\x00\t\r\n "):
            raise Unreadable("empty")
        if first.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")):
            _refuse_size(size, MOST_PACKED)
            yield _workbook(file, held.enter_context(tempfile.TemporaryFile()))
        else:
            _refuse_size(size, MOST_TEXT)
            delimited.refuse_other(first)
            yield [delimited.read(source)]


@contextmanager
def _opened(source: Path | bytes) -> Iterator[IO[bytes]]:
    if isinstance(source, Path):
        try:
            file = source.open("rb")
        except OSError:
            raise Unreadable("no_file") from None
        with file:
            yield file
        return
    with tempfile.TemporaryFile() as kept:  # the child reads a real file
        kept.write(source)
        kept.seek(0)
        yield kept


def _refuse_size(size: int, most: int) -> None:
    if size > most:
        raise Unreadable("too_big", size=size // 1024 // 1024, most=most // 1024 // 1024)


def _workbook(file: IO[bytes], spool: IO[bytes]) -> list[Sheet]:
    """Let the child read it all into a file without a name, then say what is in there."""
    # -I and the empty environment: it knows no token, and nothing beside the file can change what it runs.
    line = [sys.executable, "-I", str(CHILD)]
    try:
        done = subprocess.run(
            line, stdin=file, stdout=spool, stderr=subprocess.DEVNULL, env={}, cwd="/", timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unreadable("too_slow") from None
    if done.returncode in (-signal.SIGPROF, -signal.SIGKILL):
        raise Unreadable("too_slow")
    if done.returncode:
        # Native code that gets no more memory aborts.
        raise Unreadable("too_big_inside")
    spool.seek(0)
    lines = _Lines(spool)
    told = lines.next()
    if isinstance(told, dict) and "refused" in told:
        raise Unreadable(told["refused"])
    if not isinstance(told, dict):
        raise Unreadable("broken")
    return [
        Sheet(name, hidden, rows, tuple(Merge(*merge) for merge in merged), _rows(lines, place, left))
        for place, (name, hidden, rows, left, merged) in enumerate(told["sheets"])
    ]


class _Lines:
    """The child's lines with one looked at ahead, so that a sheet not wanted can be passed over."""

    def __init__(self, spool: IO[bytes]) -> None:
        self._spool = spool
        self._waiting: Any = None

    def next(self) -> Any:
        if self._waiting is not None:
            line, self._waiting = self._waiting, None
            return line
        text = self._spool.readline()
        return json.loads(text, object_hook=_day) if text else None

    def back(self, line: Any) -> None:
        self._waiting = line


def _day(value: dict[str, Any]) -> Any:
    return date.fromisoformat(value["d"]) if "d" in value else value


def _rows(lines: _Lines, place: int, left: int) -> Iterator[list[Cell]]:
    pad: list[Cell] = [None] * left
    while (line := lines.next()) != {"sheet": place}:
        if line is None:
            return
        if isinstance(line, dict) and line.get("sheet", 0) > place:
            lines.back(line)
            return
        if isinstance(line, dict) and "refused" in line:
            raise Unreadable(line["refused"])
    while (line := lines.next()) is not None:
        if isinstance(line, dict):
            if "refused" in line:
                raise Unreadable(line["refused"])
            lines.back(line)
            return
        for row in line:
            yield pad + row if left else row
