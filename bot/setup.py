"""`apso init` and `apso invite`: the first people of a new database, and a personal code for somebody."""

from __future__ import annotations

import secrets
from zoneinfo import ZoneInfo

from bot.app import open_store, real_now, telegram
from bot.channels.channel import SendError
from bot.config import Config, ConfigError
from bot.demo.load import load
from bot.rules import codes, vietnamese
from storage import audit, categories, invites, people, units
from storage.db import Db
from storage.people import Member

DAY_MS = 24 * 3600 * 1000


async def begin(config: Config, unit: str, admin: str, phone: str, *, sample: bool) -> int:
    """Make the top unit and its first administrator, and print the code that links them. Refuses a used database."""
    now = real_now()
    store = await open_store(config, now)
    try:
        person_id = await store.run(lambda db: _begin(db, config, unit, admin, phone, now, sample=sample))
        code = await store.run(lambda db: _code(db, person_id, config.bot.invite_days, now))
    finally:
        await store.close()
    await _print(config, admin, code)
    return 0


def _begin(db: Db, config: Config, unit: str, admin: str, phone: str, now: int, *, sample: bool) -> int:
    if units.top(db) is not None:
        raise ConfigError(f"{config.storage.where} has units already. Name another one in [storage] url.")
    categories.seed(db)
    if sample:
        load(db, now, ZoneInfo(config.bot.zone), past=False, joined=False)
        top = units.top(db)
        assert top is not None
    else:
        top = units.add(db, code="1", name=unit, kind="tỉnh", level="province", parent=None, since=now)
    number = codes.read_phone(phone)
    if phone and not number:
        raise ConfigError(f"{phone!r} is not a Vietnamese telephone number; write it like 0912345678.")
    person = people.add(db, name=admin, phone=number, language=config.bot.language, now=now)
    people.appoint(db, person.id, top.id, "admin", now)
    return person.id


async def invite(config: Config, who: str) -> int:
    """Print a new code for the one person that `who` names. Raises ConfigError when there is none, or several."""
    now = real_now()
    store = await open_store(config, now)
    try:
        found = await store.run(lambda db: _find(db, who))
        if len(found) != 1:
            raise ConfigError(_which(who, found))
        code = await store.run(lambda db: _code(db, found[0].person.id, config.bot.invite_days, now))
    finally:
        await store.close()
    await _print(config, found[0].person.name, code)
    return 0


def _find(db: Db, who: str) -> list[Member]:
    top = units.top(db)
    members = people.under(db, top) if top else []
    number = codes.read_phone(who)
    found = [m for m in members if (m.person.phone == number if number else vietnamese.matches(who, m.person.name))]
    return list({member.person.id: member for member in found}.values())


def _which(who: str, found: list[Member]) -> str:
    if not found:
        return f"Nobody is called {who!r}."
    names = "; ".join(f"{m.person.name}, {m.unit.name}, {m.person.phone}" for m in found[:10])
    return f"Several are called {who!r}: {names}. Say it with the telephone number."


def _code(db: Db, person_id: int, days: int, now: int) -> str:
    """A code made on the machine itself is trusted: whoever can make one could as well change the database."""
    code = codes.spell(secrets.randbits(codes.BITS))
    invites.add(db, code, person_id, now, now + days * DAY_MS, trusted=True)
    audit.note(db, None, "setup.invited", f"person {person_id}", "on the machine", now)
    return code


async def _print(config: Config, name: str, code: str) -> None:
    print(f"{name}: {code}")
    print(f"It works once, within {config.bot.invite_days} days: send it to the bot, or open this link on the phone:")
    print(f"  {await _link(config, code)}")


async def _link(config: Config, code: str) -> str:
    if not config.telegram.token.get_secret_value():
        return "(a link needs [telegram] token)"
    channel = telegram(config, real_now)
    try:
        await channel.prepare()
    except SendError as error:
        return f"(Telegram does not answer now, so there is no link: {error})"
    finally:
        await channel.stop()
    return f"https://t.me/{channel.username}?start={code}"
