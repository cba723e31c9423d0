"""What is wrong with the bot, judged from a few facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from storage.watching import Lane

MINUTE = 60_000
HOUR = 60 * MINUTE
GIGABYTE = 1 << 30


@dataclass(frozen=True, slots=True)
class Process:
    """What only the process itself knows. Moments are UTC milliseconds (0: never), `disk_free` bytes (None: unknown).

    `polls`: whether somebody has to ask Telegram for news; `stopped`: channel → why it refuses the bot ("": it does
    not); `backups`: whether they are to be made; `backed_up_at` the newest, `backup_failed` why a later one was not.
    """

    started_at: int = 0
    polls: bool = False
    last_poll_at: int = 0
    last_sent_at: int = 0
    last_commit_at: int = 0
    disk_free: int | None = None
    stopped: Mapping[str, str] = field(default_factory=dict)
    backups: bool = False
    backed_up_at: int = 0
    backup_failed_at: int = 0
    backup_failed: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What all processes together know now. `answering`: the store did, when it was asked just now; else nothing is
    known but what the process itself knows.

    `lanes` by name; `late`: job → for how long (ms) its slot has not been run; `since`: when known troubles began;
    `looked_at`: when the clock last looked; `paused_since`: the sender waits for a person's word.
    """

    now: int
    process: Process
    answering: bool = True
    last_poll_at: int = 0
    last_sent_at: int = 0
    looked_at: int = 0
    lanes: Mapping[str, Lane] = field(default_factory=dict)
    stopped: Mapping[str, str] = field(default_factory=dict)
    paused_since: int = 0
    backed_up_at: int = 0
    backup_failed: str = ""
    late: Mapping[str, int] = field(default_factory=dict)
    since: Mapping[str, int] = field(default_factory=dict)

    @property
    def queued(self) -> int:
        """Everything not said yet, what is for later included."""
        return sum(lane.queued + lane.sending for lane in self.lanes.values())

    @property
    def unknown(self) -> int:
        """Letters of the last day of which nobody knows whether they arrived."""
        return sum(lane.unknown for lane in self.lanes.values())

    def waited(self, lane: str) -> int:
        """For how long (ms) the oldest letter of a lane could have been said."""
        since = self.lanes.get(lane, Lane()).due_since
        return max(0, self.now - since) if since else 0


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is too much: milliseconds and bytes. A letter that is not an answer may wait `flowing` as long as others
    are being sent, for ten thousand take six minutes."""

    poll: int = 2 * MINUTE
    reply: int = MINUTE
    letter: int = 15 * MINUTE
    flowing: int = HOUR
    stalled: int = 2 * MINUTE
    clock: int = 5 * MINUTE
    late: int = 10 * MINUTE
    disk: int = GIGABYTE
    backup: int = 36 * HOUR


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong. `kind` is of a closed list (the keys under watching.what); `of` which channel; `count`
    how many; `minutes` for how long; `said` what the machine says of it."""

    kind: str
    of: str = ""
    count: int = 0
    minutes: int = 0
    said: str = ""

    @property
    def name(self) -> str:
        """Equal as long as it is the same trouble."""
        return f"{self.kind} {self.of}".strip()

    def values(self) -> dict[str, str | int]:
        """For the texts that tell it."""
        return {
            "of": self.of.capitalize(),
            "count": self.count,
            "minutes": self.minutes,
            "hours": self.minutes // 60,
            "said": self.said,
        }


USUAL = Limits()


def troubles(facts: Facts, limits: Limits = USUAL) -> list[Trouble]:
    """What is wrong now, the worst first."""
    found = [*_of_process(facts, limits)]
    if facts.answering:
        found += [*_of_hearing(facts, limits), *_of_sending(facts, limits), *_of_keeping(facts, limits)]
    return found


def kind_of(name: str) -> tuple[str, str]:
    """The kind and the `of` of a trouble's name."""
    kind, _, of = name.partition(" ")
    return kind, of


def _of_process(facts: Facts, limits: Limits) -> Iterator[Trouble]:
    if not facts.answering:
        yield Trouble("store")
    stopped = facts.stopped if facts.answering else facts.process.stopped
    for channel, why in sorted(stopped.items()):
        if why:
            yield Trouble("stopped", of=channel, said=why)
    free = facts.process.disk_free
    if free is not None and free < limits.disk:
        yield Trouble("disk", said=f"{free / GIGABYTE:.1f}")


def _of_hearing(facts: Facts, limits: Limits) -> Iterator[Trouble]:
    silent = facts.now - max(facts.last_poll_at, facts.process.started_at)
    if facts.process.polls and silent > limits.poll:
        yield Trouble("poll", minutes=_minutes(silent))


def _of_sending(facts: Facts, limits: Limits) -> Iterator[Trouble]:
    if facts.paused_since:
        yield Trouble("paused", minutes=_minutes(facts.now - facts.paused_since))
        return  # that everything waits is its doing
    stalled = facts.now - facts.last_sent_at > limits.stalled
    for lane, kept in facts.lanes.items():
        waited = facts.waited(lane)
        most = limits.reply if lane == "replies" else limits.letter if stalled else limits.flowing
        if waited > most and (stalled or lane != "broadcasts"):
            yield Trouble(lane, count=kept.queued + kept.sending, minutes=_minutes(waited))


def _of_keeping(facts: Facts, limits: Limits) -> Iterator[Trouble]:
    unlooked = facts.now - max(facts.looked_at, facts.process.started_at)
    if unlooked > limits.clock:
        yield Trouble("clock", minutes=_minutes(unlooked))
    late = {job: for_ms for job, for_ms in facts.late.items() if for_ms > limits.late}
    if late:
        yield Trouble("late", count=len(late), minutes=_minutes(max(late.values())), said=", ".join(sorted(late)))
    if not facts.process.backups:
        return
    old = facts.now - (facts.backed_up_at or facts.process.started_at)
    if facts.backup_failed:
        yield Trouble("backup", said=facts.backup_failed)
    elif old > limits.backup:
        yield Trouble("backups", minutes=_minutes(old))


def _minutes(ms: int) -> int:
    return ms // MINUTE
