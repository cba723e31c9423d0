"""`apso init`, `invite` and `invites`: the first people of a new database, a code for somebody, sheets for a team."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot import typed
from bot.app import open_store, real_now, telegram
from bot.channels.channel import SendError
from bot.chat import invitations, texts
from bot.chat.message import plain
from bot.chat.texts import Voice
from bot.config import Config, ConfigError
from bot.demo.load import load
from bot.rules import codes, vietnamese
from bot.strips import make
from storage import audit, categories, invites, people, units
from storage.db import Db
from storage.people import Member
from storage.units import Unit

DAY_MS = 24 * 3600 * 1000
MOST_SHOWN = 20


async def begin(config: Config, unit: str, admin: str, phone: str, *, sample: bool) -> int:
    """Make the top unit and its first administrator, and print the code that links them. Refuses a used database."""
    now = real_now()
    store = await open_store(config, now)
    try:
        person_id = await store.run(lambda db: _begin(db, config, unit, admin, phone, now, sample=sample))
        code = await store.run(lambda db: _code(db, person_id, config, now))
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
        levels = config.units.as_levels
        kind = levels.kind_of(unit) or levels.kinds_at(levels.order[0])[0]
        level = levels.level_of(kind, "") or levels.order[0]
        top = units.add(db, code="1", name=unit, kind=kind, level=level, parent=None, since=now)
    number = codes.read_phone(phone)
    if phone and not number:
        raise ConfigError(f"{phone!r} is not a Vietnamese telephone number; write it like 0912345678.")
    person = people.add(db, name=admin, phone=number, language=config.bot.language, now=now)
    people.appoint(db, person.id, top.id, "admin", now)
    _note(db, "setup.begun", audit.person(person.id), top.name, top.id, now)
    return person.id


async def invite(config: Config, who: str) -> int:
    """Print a new code for the one person that `who` names. Raises ConfigError when there is none, or several."""
    now = real_now()
    store = await open_store(config, now)
    try:
        found = await store.run(lambda db: _find(db, who))
        if len(found) != 1:
            raise ConfigError(_which(who, found))
        person = found[0][0].person
        code = await store.run(lambda db: _code(db, person.id, config, now))
    finally:
        await store.close()
    await _print(config, person.name, code)
    return 0


def _find(db: Db, who: str) -> list[list[Member]]:
    """Each of those whom it may mean with all their posts; a whole name goes before what is only a part of others."""
    top = units.top(db)
    of_person: dict[int, list[Member]] = {}
    for member in people.under(db, top) if top else []:
        of_person.setdefault(member.person.id, []).append(member)
    if number := codes.read_phone(who):
        return [posts for posts in of_person.values() if posts[0].person.phone == number]
    if who.strip().isdecimal():
        return [of_person[int(who)]] if int(who) in of_person else []
    found = [posts for posts in of_person.values() if vietnamese.matches(who, posts[0].person.name)]
    whole = [posts for posts in found if _folded(posts[0].person.name) == _folded(who)]
    return whole or found


def _folded(name: str) -> str:
    return " ".join(vietnamese.fold(name).split())


def _which(who: str, found: list[list[Member]]) -> str:
    if not found:
        return f"Nobody is called {who!r}."
    first = found[0][0].person.id
    lines = [f"Several are called {who!r}. Say which by the number in front, as: apso invite {first}"]
    lines += [_line(posts) for posts in found[:MOST_SHOWN]]
    if (left := len(found) - MOST_SHOWN) > 0:
        lines.append(f"  and {left} more: say more of the name, or the telephone number")
    return "\n".join(lines)


def _line(posts: list[Member]) -> str:
    person, say = posts[0].person, Voice(texts.load(), "en")
    does = (f"{plain(say(f'start.role.{post.role}'))} in {post.unit.name}" for post in posts)
    return ", ".join([f"{person.id:>6}  {person.name}", *does, *filter(None, [person.phone])])


def _code(db: Db, person_id: int, config: Config, now: int) -> str:
    """A code made on the machine itself is trusted: whoever can make one could as well change the database."""
    code = codes.spell(secrets.randbits(codes.BITS))
    days = config.bot.invite_days
    invites.add(db, code, person_id, now, now + days * DAY_MS, trusted=True)
    home = people.posts(db, person_id)
    unit_id = home[0].unit.id if home else None
    until = datetime.fromtimestamp(now / 1000, ZoneInfo(config.bot.zone)).date() + timedelta(days=days)
    good = _house(config).label("audit.fact.code_until", until=until)
    _note(db, "setup.invited", audit.person(person_id), good, unit_id, now)
    return code


def _note(db: Db, act: str, object: str, after: str, unit_id: int | None, now: int) -> None:
    """What was done on the machine itself leaves a trace too."""
    audit.note(db, None, act, object, "", now, after=after, channel=audit.MACHINE, unit_id=unit_id)


def _house(config: Config) -> Voice:
    """What is kept in words is kept in the language of the house."""
    return Voice(texts.load(), config.bot.language)


async def invite_all(config: Config, unit: str, out: Path, *, again: bool = False) -> int:
    """Draw invitations for everybody of a unit and below who has not joined; `again`: also for those whose earlier
    code still works, which it then does no more. Raises ConfigError."""
    if out.suffix.lower() != ".pdf":
        raise ConfigError(f"{out}: the sheets are a PDF; let the file's name end with .pdf.")
    now = real_now()
    address = (await _link(config, "")).removesuffix("?start=")
    store = await open_store(config, now)
    try:
        office = await store.run(lambda db: typed.unit(db, unit, Voice(texts.load(), "en")))
        drawn = await store.run(lambda db: _to_draw(db, config, office, address, now, again=again))
        made = make(drawn)
        _write(out, made)
        await store.run(lambda db: _count(db, config, office, drawn["codes"], now))
    finally:
        await store.close()
    old = _about_earlier(drawn["old"], again=again)
    print(f"{out}: invitations for {len(drawn['codes'])} people of {office.name} who have not joined.{old}")
    if not address.startswith("https://"):
        print(f"There is no link on them, only the code {address}.")
    print("Whoever has a strip gets in as the person on it (heads and administrators with their own number besides):")
    print("hand them out one by one, and remove the file when it is printed.")
    return 0


def _about_earlier(count: int, *, again: bool) -> str:
    if not count:
        return ""
    if again:
        return f" The unused codes that {count} of them had do not work any more."
    return f" {count} more have a code that still works: they are left out; --again draws them anew and voids it."


def _to_draw(db: Db, config: Config, office: Unit, address: str, now: int, *, again: bool) -> dict[str, Any]:
    away = {member.person.id: member for member in reversed(people.under(db, office)) if not member.joined}
    if not away:
        raise ConfigError(f"Everybody of {office.name} on the roster has joined; nobody needs an invitation.")
    earlier = invites.usable(db, office, now) & away.keys()
    if not again:
        away = {person_id: member for person_id, member in away.items() if person_id not in earlier}
    if not away:
        raise ConfigError(
            f"All {len(earlier)} who have not joined have a code that still works. With --again they are drawn anew,"
            " and the strips they may hold are void."
        )
    codes_of = {person_id: codes.spell(secrets.randbits(codes.BITS)) for person_id in away}
    members = sorted(away.values(), key=lambda member: (member.unit.path, member.person.name))
    until = datetime.fromtimestamp(now / 1000, UTC).astimezone(ZoneInfo(config.bot.zone))
    drawn = invitations.sheets(
        db,
        _house(config),
        members,
        codes_of,
        link=lambda code: f"{address}?start={code}" if address.startswith("https://") else "",
        team=config.bot.team,
        until=(until + timedelta(days=config.bot.invite_days)).date(),
    )
    return {**drawn, "codes": [(code, person_id) for person_id, code in codes_of.items()], "old": len(earlier)}


def _write(out: Path, content: bytes) -> None:
    """For the eyes of whoever asked for it alone."""
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
    except OSError as error:
        raise ConfigError(f"{out} cannot be written: {error.strerror}.") from None


def _count(db: Db, config: Config, office: Unit, drawn: list[tuple[str, int]], now: int) -> None:
    """The codes count only once their sheets are there. Paper is handed on: they are not trusted like a printed one."""
    invites.add_all(db, drawn, now, now + config.bot.invite_days * DAY_MS)
    drawn_for = _house(config).label("audit.fact.people", count=len(drawn))
    _note(db, "setup.sheet_made", f"unit {office.id}", drawn_for, office.id, now)


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
