"""Pieces of a message between commas, and sentences between stops."""

from __future__ import annotations

from bot.rules.reading.message import LINE, NONE, Said, Scan


class Stretches:
    """Of one message."""

    def __init__(self, found: Scan) -> None:
        self.found = found

    def piece_of(self, at: int) -> tuple[int, int]:
        breaks = self.found.breaks
        start = at
        while start > 0 and breaks[start] == NONE:
            start -= 1
        stop = at + 1
        while stop < len(self.found.tokens) and breaks[stop] == NONE:
            stop += 1
        return start, stop

    def segment_of(self, at: int) -> tuple[int, int]:
        breaks = self.found.breaks
        start, stop = at, at + 1
        while start > 0 and breaks[start] < LINE:
            start -= 1
        while stop < len(self.found.tokens) and breaks[stop] < LINE:
            stop += 1
        return start, stop

    def before(self, at: int, start: int) -> Said | None:
        return next((said for said in reversed(self.found.said) if start <= said.first < at), None)

    def after(self, at: int, stop: int) -> Said | None:
        return next((said for said in self.found.said if at <= said.first < stop), None)

    def off(self, first: int, end: int, state: str) -> None:
        if state != "plan":
            return
        self.found.planned.append((first, end))
        for one in self.found.everything:
            if first <= one.first < end:
                one.is_off = True


def between(said: list[Said], start: int, stop: int) -> list[Said]:
    return [one for one in said if start <= one.first < stop]
