"""The clock only rings; each slot is run once, and what was missed is run once at start."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.clock import last_slot, trigger
from tests.rig import ZONE, moment, village


@pytest.mark.parametrize(
    ("at", "since", "now", "slot"),
    [
        ("07:00", "2026-11-23 06:59", "2026-11-23 07:00", "2026-11-23 07:00"),
        ("07:00", "2026-11-23 07:00", "2026-11-24 06:59", None),
        ("07:00", "2026-11-20 07:00", "2026-11-23 12:00", "2026-11-23 07:00"),
        ("fri 16:00", "2026-11-20 16:00", "2026-11-27 15:59", None),
        ("fri 16:00", "2026-11-20 16:00", "2026-11-27 16:00", "2026-11-27 16:00"),
        ("fri 16:00", "2026-11-01 00:00", "2026-11-30 16:00", "2026-11-27 16:00"),
    ],
)
def test_the_last_slot(at: str, since: str, now: str, slot: str | None) -> None:
    found = last_slot(trigger(at, ZONE), moment(since), moment(now))
    assert found == (moment(slot) if slot else None)


@pytest.mark.parametrize("at", ["", "7", "25:00", "07:60", "friday 16:00", "fri", "fri 16:00 17:00"])
def test_a_wrong_time_is_refused(at: str) -> None:
    with pytest.raises(ValueError, match="is not a time"):
        trigger(at, ZONE)


SLOTS = "SELECT slot FROM job_runs WHERE job = 'reminders.morning' ORDER BY slot"


async def test_a_new_program_has_missed_nothing_and_rings_once_a_slot(tmp_path: Path) -> None:
    async with village(tmp_path / "phones", at="2026-11-23 12:00") as here:
        first = await here.look(SLOTS)
        assert first == [(moment("2026-11-23 12:00"),)]
        await here.turns_to("2026-11-24 07:00")
        await here.app.clock.ring()
        await here.app.clock.ring()
        assert await here.look(SLOTS) == [*first, (moment("2026-11-24 07:00"),)]


async def test_what_was_missed_while_it_was_down_runs_once_at_start(tmp_path: Path) -> None:
    url = str(tmp_path / "apso.db")
    async with village(tmp_path / "phones", at="2026-11-23 06:00", url=url) as here:
        await here.turns_to("2026-11-23 07:00")
    async with village(tmp_path / "phones", at="2026-11-26 09:00", url=url) as here:
        await here.app.clock.ring()
        assert [row[0] for row in await here.look(SLOTS)][-2:] == [
            moment("2026-11-23 07:00"),
            moment("2026-11-26 07:00"),
        ]
