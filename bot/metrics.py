"""What Prometheus may ask: how much, how fast, how often it failed. Never who, nor what was said."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import cache

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.rules.health import Facts, Trouble
from storage.outbox import Result
from storage.watching import LANES

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
MOST_AWAITED = 10_000  # replies whose end another process records are not waited for
QUICK = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
SLOW = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)

disable_created_metrics()  # type: ignore[no-untyped-call]  # a series more for each, saying when it began: nobody asks


class Metrics:
    """All figures of one process, in a registry of its own."""

    def __init__(self, version: str, clock: Callable[[], float], waiting: Callable[[], int] = lambda: 0) -> None:
        """`clock`: seconds that never go back; `waiting`: how many wait for the store."""
        self._clock = clock
        self._heard_at: OrderedDict[int, float] = OrderedDict()  # letter → when what it answers was heard
        self._committed = 0
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        Info("apso_build", "What is running.", registry=registry).info({"version": version})
        turns = Counter("apso_turns", "Turns by feature and outcome.", ("feature", "outcome"), registry=registry)
        letters = Counter("apso_letters", "What became of letters.", ("channel", "lane", "state"), registry=registry)
        errors = Counter(
            "apso_send_errors", "What went wrong while sending, by kind.", ("channel", "kind"), registry=registry
        )
        late = Gauge("apso_clock_late_seconds", "How late the job's last slot was run.", ("job",), registry=registry)
        # Looking a child up by its labels costs as much as counting: each is looked up once.
        self._turns, self._letters = cache(turns.labels), cache(letters.labels)
        self._errors, self._late = cache(errors.labels), cache(late.labels)
        self._turn_seconds = Histogram(
            "apso_turn_seconds", "From hearing to the commit.", buckets=QUICK, registry=registry
        )
        self._reply_seconds = Histogram(
            "apso_reply_seconds", "From hearing to the channel's taking the reply.", buckets=SLOW, registry=registry
        )
        self._store_seconds = Histogram(
            "apso_store_seconds", "One call of the store, waiting included.", buckets=QUICK, registry=registry
        )
        self._commits = Counter("apso_commits", "Transactions that were committed.", registry=registry)
        Gauge("apso_store_waiting", "Calls of the store that are under way.", registry=registry).set_function(waiting)
        self._outbox = Gauge(
            "apso_outbox", "Letters by state and lane (unknown: of the last day).", ("state", "lane"), registry=registry
        )
        self._oldest = Gauge(
            "apso_outbox_oldest_seconds",
            "How long the oldest letter that may be said has waited.",
            ("lane",),
            registry=registry,
        )
        self._trouble = Gauge(
            "apso_trouble", "1 for what is wrong now, as /healthz names it.", ("kind",), registry=registry
        )

    def heard(self, feature: str, result: str, started: float, letters: Iterable[int] = ()) -> None:
        """A turn is over. `result` is of a closed list, but a refusal says more; `letters`: its replies."""
        self._turns(feature or "none", "refused" if result.startswith("refused") else result).inc()
        self._turn_seconds.observe(self._clock() - started)
        for letter in letters:
            self._heard_at[letter] = started
        while len(self._heard_at) > MOST_AWAITED:
            self._heard_at.popitem(last=False)

    def turned_away(self, outcome: str) -> None:
        """An update that became no turn: too many came, or it failed and will come again."""
        self._turns("none", outcome).inc()

    def told(self, channel: str, what: Result | Exception) -> None:
        """The sender settled a letter, or the channel refused one (which may be tried again)."""
        if isinstance(what, Exception):
            self._errors(channel, type(what).__name__).inc()
            return
        letter = what.letter
        self._letters(channel, _lane(letter.lane), what.state).inc()
        started = self._heard_at.pop(letter.id, None)
        if started is not None and what.state == "sent":
            self._reply_seconds.observe(self._clock() - started)

    def late(self, job: str, seconds: float) -> None:
        """A slot of the clock was run so late."""
        self._late(job).set(seconds)

    def stored(self, seconds: float, committed: bool) -> None:
        """One call of the store came back."""
        self._store_seconds.observe(seconds)
        self._committed += committed  # the library's counter takes a lock each time: it is brought up to date later

    def exposed(self, facts: Facts, troubles: Iterable[Trouble]) -> bytes:
        """The page, with what is only counted when it is asked for."""
        self._commits.inc(self._committed)
        self._committed = 0
        if facts.answering:
            for name, lane in facts.lanes.items():
                self._outbox.labels("queued", name).set(lane.queued)
                self._outbox.labels("sending", name).set(lane.sending)
                self._outbox.labels("unknown", name).set(lane.unknown)
                self._oldest.labels(name).set(facts.waited(name) / 1000)
        self._trouble.clear()
        for trouble in troubles:
            self._trouble.labels(trouble.kind).set(1)
        return generate_latest(self._registry)


def _lane(lane: int) -> str:
    return LANES.get(lane, str(lane))
