"""`apso import --undo`: the last list that was taken over is taken back, while nothing is built on it."""

from __future__ import annotations

from functools import partial

from bot.app import open_store, real_now
from bot.chat import listing
from bot.chat.message import Text, plain
from bot.chat.texts import Voice, load
from bot.config import Config
from storage import audit, dependents, imports, taking_back
from storage.db import Db, InUse


async def undo(config: Config, language: str) -> int:
    """0: taken back; 1: there is none, or something is built on it. Raises StorageError."""
    say = Voice(load(), language, buttons=False)
    house = Voice(say.texts, config.bot.language)
    try:
        store = await open_store(config, real_now())
    except InUse:
        raise InUse(plain(say("roster.in_use"))) from None
    try:
        told, is_done = await store.run(partial(_undo, say, house))
    finally:
        await store.close()
    print(plain(told))
    return 0 if is_done else 1


def _undo(say: Voice, house: Voice, db: Db) -> tuple[Text, bool]:
    db.alone()
    one, now = imports.latest(db), real_now()
    if one is None:
        return say("roster.nothing_to_undo"), False
    if built := dependents.built_on(db, one):
        key, values = listing.why_it_stays(built, one)
        return say(key, **values), False
    invited = dependents.invited(db, one, now)
    taking_back.undo(db, one, None, audit.MACHINE, now, listing.undone_trace(house, one, invited))
    return listing.undone(say, one, invited), True
