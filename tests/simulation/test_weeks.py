"""Weeks and a year of a commune under crashes, a failing disk and a bad network: nothing is lost or done twice.

`APSO_SEED=123 .venv/bin/pytest tests/simulation -k six_weeks` lives one seed again, event by event the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.channels.channel import Unreachable
from bot.chat.reply import Kind
from storage import chats, jobs, outbox, reports, summaries, tasks
from storage.db import Db
from storage.outbox import Letter
from tests.simulation.network import ROUGH
from tests.simulation.store import Heat
from tests.simulation.world import HEAVY, YEAR, Broken, Plan, World


def seeds(*usual: int) -> tuple[int, ...]:
    """The usual ones, or the one that somebody wants to see again."""
    asked = os.environ.get("APSO_SEED")
    return (int(asked),) if asked else usual


@pytest.mark.parametrize("seed", seeds(1, 2, 3, 4, 5, 6))
def test_six_weeks(seed: int) -> None:
    lived = World(seed, HEAVY).run()
    assert lived.crashes
    assert lived.faults
    assert lived.ledger.size()["reports"] > 20, "faults are no reason to hear nobody"


@pytest.mark.parametrize("seed", seeds(11, 12))
def test_days_when_nothing_works(seed: int) -> None:
    plan = replace(HEAVY, days=10, heat=Heat(0.01, 0.06), weather=ROUGH.times(6), crashes=0.5, stops=0.3)
    assert World(seed, plan).run().crashes > 5


@pytest.mark.parametrize("seed", seeds(2026))
def test_a_year(seed: int) -> None:
    lived = World(seed, YEAR).run()
    assert lived.crashes
    assert len(lived.ledger.closed) >= 50


def test_a_seed_is_the_same_every_time() -> None:
    plan = replace(HEAVY, days=5)
    one, other, third = World(5, plan).run(), World(5, plan).run(), World(6, plan).run()
    assert one.digest.hexdigest() == other.digest.hexdigest() != third.digest.hexdigest()


# Whether the simulation sees anything at all: each of these breaks the bot, and it has to be noticed.


WEEK_MS = 7 * 24 * 3600 * 1000


def forgets_what_it_saw(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(chats, "see", lambda db, channel, key, now: True)


def does_not_record(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(outbox, "settle", lambda db, results, now: None)


def repeats_broadcasts(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Kind, "again", property(lambda kind: True))


def records_before_it_is_said(patch: pytest.MonkeyPatch) -> None:
    """At most once for everything: what a crash finds in hand is taken for said."""

    def taken_for_said(db: Db, epoch: int) -> list[Letter]:
        db.run("UPDATE outbox SET state = 'sent' WHERE state = 'sending' AND epoch < :epoch", epoch=epoch)
        return []

    patch.setattr(outbox, "in_flight_before", taken_for_said)


def leaves_what_was_in_hand(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(outbox, "in_flight_before", lambda db, epoch: [])


def rings_again_and_again(patch: pytest.MonkeyPatch) -> None:
    """Nothing that says "once" of the summaries does so any more."""

    def last(db: Db, job: str) -> int | None:
        known = jobs_last(db, job)
        return known - WEEK_MS if known and job == "summaries.weekly" else known

    patch.setattr(jobs, "last", last)
    patch.setattr(jobs, "take", lambda *what: jobs_take(*what) or True)
    patch.setattr(summaries, "take", lambda *what: summaries_take(*what) or True)


def reminds_of_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(tasks, "unfinished_due", lambda db, first, end: [])


def changes_a_closed_week(patch: pytest.MonkeyPatch) -> None:
    def add(db: Db, **values: Any) -> reports.Report:
        db.run("UPDATE report_items SET count = count + 1 WHERE report_id = 1")
        return reports_add(db, **values)

    patch.setattr(reports, "add", add)


def takes_blocked_for_failed_for_good(patch: pytest.MonkeyPatch) -> None:
    """Any trouble with the wire counts as a refusal."""
    from tests.simulation.network import Wire

    carry = Wire._call

    async def refused(self: Wire, *what: Any) -> str:
        try:
            return await carry(self, *what)
        except Exception as error:
            raise Unreachable("perhaps") from error

    patch.setattr(Wire, "_call", refused)


jobs_last, jobs_take, summaries_take, reports_add = jobs.last, jobs.take, summaries.take, reports.add

MUTATIONS: dict[Callable[[pytest.MonkeyPatch], None], str] = {
    forgets_what_it_saw: "taken in twice|is not kept|times",
    does_not_record: "does not come to rest|still not said|said more often",
    repeats_broadcasts: "never repeated|was said 2 times|said more often",
    records_before_it_is_said: "the phone has it not",
    leaves_what_was_in_hand: "does not come to rest|still not said",
    rings_again_and_again: "two summaries",
    reminds_of_nothing: "was not reminded",
    changes_a_closed_week: "the figures of the week|meant was",
    takes_blocked_for_failed_for_good: "nobody refused it|no summary|never told",
}

BUSY = Plan(
    days=9,
    reports=0.4,
    tasks=0.6,
    broadcasts=0.8,
    crashes=0.4,
    patience_s=300,
    heat=Heat(crash=0.004),
    weather=replace(ROUGH.times(3), lost_after=0.1),
)


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_the_simulation_notices_when_the_bot(mutate: Callable[[pytest.MonkeyPatch], None]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        mutate(patch)
        with pytest.raises(Broken, match=MUTATIONS[mutate]) as noticed:
            World(3, BUSY).run()
    assert "APSO_SEED=3 .venv/bin/pytest tests/simulation -k" in str(noticed.value)


def test_the_same_days_hold_when_the_bot_is_as_it_is() -> None:
    World(3, BUSY).run()
