"""The practice room: which lessons there are for whom, which one comes next, and when it is over."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from bot.rules.rights import has
from storage.people import Post
from storage.practice import Practice

LESSONS: Mapping[str, Callable[[Sequence[Post]], bool]] = {
    "told": bool,  # one message with a number and what was done
    "changed": bool,
    "sent": bool,
    "undone": bool,
    "photo": bool,
    "nothing": bool,  # "nothing was done today"
    "task": bool,  # a task comes: received, finished
    "assigned": has("assign"),
    "judged": has("assign"),  # a report is accepted or returned
    "broadcast": has("broadcast"),
}
"""What is to be tried, in order, and who tries it, by their posts."""


def lessons(posts: Sequence[Post]) -> list[str]:
    """The lessons of somebody with these posts, in order."""
    return [name for name, who in LESSONS.items() if who(posts)]


def begun(practice: Practice, theirs: Sequence[str]) -> Practice:
    """At the first lesson that is not done; who has done all begins anew."""
    done = frozenset() if practice.done >= set(theirs) else practice.done
    return replace(practice, done=done, at=_next(theirs, done, ""))


def learned(practice: Practice, theirs: Sequence[str], what: Collection[str]) -> Practice:
    """Whatever was done counts for the lesson it fits; the shown one goes on once it is done."""
    done = practice.done | (set(what) & set(theirs))
    at = _next(theirs, done, practice.at) if practice.at in what else practice.at
    return replace(practice, done=done, at=at)


def skipped(practice: Practice, theirs: Sequence[str]) -> Practice:
    """The next one that is not done, after the shown one."""
    return replace(practice, at=_next(theirs, practice.done, practice.at))


def _next(theirs: Sequence[str], done: Collection[str], at: str) -> str:
    """The lesson after `at` that is not done, from the beginning once the end is reached; "": all are done."""
    after = theirs.index(at) + 1 if at in theirs else 0
    return next((name for name in [*theirs[after:], *theirs[:after]] if name not in done), "")
