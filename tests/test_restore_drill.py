"""The drill: a running bot is backed up, dies, comes back from the backup silent, and goes on when a person says so."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from tests.program import apso
from tests.test_killed import PATIENCE_S, REPORT, Killed, Step, killed

START = REPORT[0]


def by(who: str, count: str) -> list[Step]:
    """The first report's steps but the last, with another number: the same would be asked about."""
    steps = [replace(step, who=who) for step in REPORT[:-1]]
    return [replace(step, what=count) if step.what == "12" else step for step in steps]


def ends(who: str) -> Step:
    """The second report."""
    return Step(who, "presses", "Gửi", "ghi nhận B-0002")


async def operates(folder: Path, *command: str) -> str:
    """Run a command to its good end; returns what it printed."""
    status, out, err = await apso(*command, "--config", folder / "config.toml")
    assert status == 0, err
    return out


async def makes_a_report(here: Killed, *steps: Step) -> None:
    for step in steps:
        await here.does(step)
        await here.sees(step)


def said(here: Killed) -> dict[str, list[str]]:
    """Everything the bot ever said to each person, edits included."""
    return {
        key: [text for message in phone.messages if message.from_bot for text in (*message.edits, message.text)]
        for key, phone in here.phones.items()
    }


def asked(texts: list[str]) -> int:
    return sum(START.sees in text for text in texts)


async def waits_in_the_outbox(here: Killed, chat: int) -> None:
    """Until an answer for this chat waits; looked at without being able to write."""
    with closing(sqlite3.connect(f"file:{here.file}?mode=ro", uri=True)) as db:
        async with asyncio.timeout(PATIENCE_S):
            while not db.execute("SELECT 1 FROM outbox WHERE state = 'queued' AND chat = ?", (str(chat),)).fetchone():
                await asyncio.sleep(0.01)


async def confirmed(here: Killed) -> None:
    """Until Telegram will not bring again what was heard: the restored bot could not know it."""
    async with asyncio.timeout(PATIENCE_S):
        while here.api.updates.count:
            await asyncio.sleep(0.01)


async def test_the_restore_drill(tmp_path: Path) -> None:
    async with killed(tmp_path) as here:
        # A day as any other; and when the copy is made, An was just asked something, and Telegram has not confirmed it.
        await makes_a_report(here, *REPORT)
        await here.rests()
        here.api.faults.next("sendMessage", "late", delay=PATIENCE_S)
        await here.does(START)
        await here.sees(START)
        copied = (await operates(tmp_path, "backup")).partition(": ")[0]
        assert Path(copied).parent == tmp_path / "backups"

        # What came later is lost with the machine.
        await makes_a_report(here, *by("bay", "13"), ends("bay"))
        await confirmed(here)
        here.program.kill()
        printed = await operates(tmp_path, "restore", copied, "--yes")
        assert "1 reports" in printed
        assert "On the wire when the backup was made, perhaps said: 1." in printed

        # It hears and keeps, and says nothing to anybody.
        before = said(here)
        here.program.start()
        await here.phones["ut"].says("/help")
        await waits_in_the_outbox(here, here.phones["ut"].id)
        assert await asyncio.to_thread(here.program.stop) == 0
        assert said(here) == before
        assert "The sender is PAUSED" in here.program.output

        # A person has looked and says go: each thing once more, as the policy of its kind has it.
        assert "The sender goes on" in await operates(tmp_path, "resume")
        here.program.start()
        await here.phones["ut"].sees("/baocao", PATIENCE_S)
        await here.sees(START)
        await makes_a_report(here, *by("an", "14")[1:], ends("an"))
        await here.rests()
        after = said(here)
        concerned = {"an", "tam", "ut"}  # Tâm is the head who hears of reports
        assert {key: after[key] for key in after.keys() - concerned} == {
            key: before[key] for key in before.keys() - concerned
        }
        assert len(after["ut"]) == len(before["ut"]) + 1
        assert asked(after["an"]) == asked(before["an"]) + 1, "what was perhaps said is said once more"
        assert await here.keeps("SELECT author_id, COUNT(*) FROM reports GROUP BY author_id") == [
            (here.phones["an"].id - 5_000_000_000, 2)
        ]
        assert await here.keeps("SELECT COUNT(*) FROM surprises") == [(0,)]
