"""The process in which an errand is done: `python -m bot.work MODULE`, what it is given in, what it makes out.

It has nothing of the bot's: no database, no secrets, little memory and time, and gives way to whoever answers people.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from importlib import import_module

MOST_BYTES = 2 * 1024**3
MOST_CPU_S = 240


def far(done: int, total: int) -> None:
    """Let whoever ordered the work know how far it is."""
    print(f"far {done} {total}", file=sys.stderr, flush=True)


def main(module: str) -> None:
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
    made = import_module(module).make(json.load(sys.stdin.buffer))
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main(sys.argv[1])
