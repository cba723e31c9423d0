"""A reform is taken back, or one that waits for its day is dropped."""

from __future__ import annotations

from bot.app import open_store, real_now
from bot.chat import texts
from bot.chat.message import plain
from bot.chat.texts import Voice
from bot.config import Config, ConfigError
from bot.reforming.doing import english
from storage import audit, reforms
from storage.db import Db
from storage.reforms import Reform


async def undo(config: Config, number: int) -> int:
    """Take a reform back, or drop one that waits for its day. Raises ConfigError saying what depends on it."""
    now = real_now()
    store = await open_store(config, now)
    try:
        house = Voice(texts.load(), config.bot.language)
        print(await store.run(lambda db: _undo(db, number, now, house)))
    finally:
        await store.close()
    return 0


def _undo(db: Db, number: int, now: int, house: Voice) -> str:
    db.alone()
    kept = reforms.get(db, number)
    if kept is None:
        numbers = ", ".join(f"{one.id} ({one.name}, {one.state})" for one in reforms.latest(db, 5)) or "none"
        raise ConfigError(f"There is no reform {number}. The latest: {numbers}.")
    if kept.state == "waiting":
        reforms.settle(db, kept.id, "dropped", now)
        _note_back(db, "reforms.dropped", kept, house.label("audit.state.withdrawn"), now)
        return f"{kept.code} {kept.name} was waiting for {kept.day}; it will not be done."
    if kept.state != "done":
        raise ConfigError(f"{kept.code} {kept.name} is {kept.state}: there is nothing to undo.")
    what = reforms.depends(db, kept)
    if what is not None:
        say = english()
        raise ConfigError(plain(say(f"reforms.depends.{what[0]}", code=kept.code, what=what[1])))
    reforms.undo(db, kept, now)
    _note_back(db, "reforms.undone", kept, house.label("audit.state.undone"), now)
    return f"{kept.code} {kept.name} is undone: every unit, post and task is as it was before."


def _note_back(db: Db, act: str, kept: Reform, state: str, now: int) -> None:
    office = reforms.office(db, kept)
    audit.note(db, None, act, kept.code, "", now, before=kept.name, after=state, channel=audit.MACHINE, unit_id=office)
