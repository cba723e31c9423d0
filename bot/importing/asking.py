"""Whether a list that was shown is wanted, asked on the terminal."""

from __future__ import annotations

import signal
import sys

from bot.chat.message import plain
from bot.chat.texts import Voice
from bot.rules import vietnamese


def tell(said: str, end: str = "\n") -> None:
    """To whoever sits there, beside what is printed for others to read."""
    print(said, end=end, file=sys.stderr, flush=True)


def is_wanted(say: Voice) -> bool:
    if not sys.stdin.isatty():
        tell(f"apso: {plain(say('roster.add_yes'))}")
        return False
    tell(plain(say("roster.ask")), end="")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # the loop's own would wait for the answer
    try:
        answer = sys.stdin.readline().strip()
    finally:
        signal.signal(signal.SIGINT, before)
    if vietnamese.fold(answer) in [vietnamese.fold(yes) for yes in plain(say("roster.yes")).split(",")]:
        return True
    tell(plain(say("roster.not_written")))
    return False
