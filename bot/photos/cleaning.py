"""Has a picture cleaned by the child, and reads what it says."""

from __future__ import annotations

import asyncio
import hashlib
import json
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

CHILD = Path(__file__).with_name("child.py")
LONGEST_S = 60.0  # the child's own limit of processor time ends it much earlier
ENDED = (-signal.SIGPROF, -signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is kept of a picture, and what is refused: pixels of the longer side, bytes; megapixels and bytes sent."""

    longest_side: int = 1600
    most_bytes: int = 600_000
    most_megapixels: int = 50
    most_sent: int = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A JPEG of pixels only, its thumbnail, and its looks, signed 64 bits (None: too plain to be told from others)."""

    content: bytes
    small: bytes
    width: int
    height: int
    looks: int | None

    @property
    def hash(self) -> str:
        """By which it is kept: SHA-256 of its content."""
        return hashlib.sha256(self.content).hexdigest()


class Unclean(Exception):
    """It is not kept; `why` is the last part of a text key."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class CannotClean(Exception):
    """The child did not do its work, through no fault of the picture's."""


async def clean(sent: bytes, bounds: Bounds) -> Cleaned:
    """The picture cleaned. Raises Unclean, or CannotClean."""
    if len(sent) > bounds.most_sent:
        raise Unclean("too_big")
    # -I and the empty environment: it knows no token, and nothing beside the file can change what it runs.
    limits = (bounds.longest_side, bounds.most_bytes, bounds.most_megapixels)
    line = [sys.executable, "-I", str(CHILD), *map(str, limits)]
    process = await asyncio.create_subprocess_exec(
        *line,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
        cwd="/",
    )
    try:
        async with asyncio.timeout(LONGEST_S):
            said, _ = await process.communicate(sent)
    except TimeoutError:
        raise Unclean("too_big") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()  # to its end, so that no pipe is left open
    return _read(process.returncode or 0, said)


def _read(ended: int, said: bytes) -> Cleaned:
    if ended in ENDED:
        raise Unclean("too_big")
    if ended < 0:
        raise Unclean("broken")  # native code that aborts
    if ended:
        raise CannotClean(f"the process that cleans pictures ended with {ended}")
    line, _, rest = said.partition(b"\n")
    told = json.loads(line)
    if "refused" in told:
        raise Unclean(told["refused"])
    size, small = told["size"], told["small"]
    if len(rest) != size + small:
        raise CannotClean("the process that cleans pictures did not finish")
    return Cleaned(rest[:size], rest[size:], told["width"], told["height"], told["looks"])
