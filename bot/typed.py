"""What is typed on the command line, read the same way by every command: a day, a unit."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.chat import naming
from bot.chat.message import plain
from bot.chat.texts import Voice
from bot.config import ConfigError
from bot.rules import plans
from bot.rules.finder import Unclear
from storage import units
from storage.db import Db
from storage.former import Former
from storage.units import Unit

MOST_SHOWN = 10
YEARLESS = ("%d/%m", "%d-%m", "%d.%m")
LEAP = 2000  # a year in which every day of a year is one


def today(zone: str) -> date:
    """Where the bot is at home."""
    return datetime.now(ZoneInfo(zone)).date()


def day(said: str, today: date, say: Voice, *, ahead: bool = False) -> date:
    """2026-11-25, 25/11/2026, or 25/11: the last such day; with `ahead` the nearest, before or after `today`. Raises
    ConfigError."""
    try:
        return plans.read_day(said.strip())
    except Unclear:
        found = _of_any_year(said.strip(), today)
    if not ahead:
        found = [one for one in found if one <= today]
    if not found:
        raise ConfigError(plain(say("typed.no_day", said=said[:30])))
    return min(found, key=lambda one: abs(one - today))


def _of_any_year(said: str, today: date) -> list[date]:
    for form in YEARLESS:
        try:
            read = datetime.strptime(f"{said} {LEAP}", f"{form} %Y")  # noqa: DTZ007 - a day, of no zone
        except ValueError:
            continue
        years = (today.year - 1, today.year, today.year + 1)
        return [one for year in years if (one := _date(year, read.month, read.day)) is not None]
    return []


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # 29 February
        return None


def unit(db: Db, said: str, say: Voice) -> Unit:
    """The one unit that is meant ("": the top). Raises ConfigError: with the candidates when there are several, with
    the nearest names when there is none."""
    top = units.top(db)
    if top is None:
        raise ConfigError(plain(say("typed.no_units")))
    if not said.strip():
        return top
    found = naming.find(db, [top], said)
    if len(found) == 1:
        return found[0]
    if not found and (was := naming.former(db, top, said)) is not None:
        raise ConfigError(plain(say("typed.former_unit", **_became(db, was))))
    key = "typed.several_units" if found else "typed.no_unit"
    shown = naming.describe(db, found[:MOST_SHOWN] or naming.near(db, top, said))
    listed = "".join(f"\n  {one}" for one in shown)
    if len(found) > MOST_SHOWN:
        listed += f"\n  … (+{len(found) - MOST_SHOWN})"
    if not shown:
        key = "typed.nothing_near"
    raise ConfigError(plain(say(key, said=said[:60], count=len(found))) + listed)


def _became(db: Db, was: Former) -> dict[str, object]:
    became = "; ".join(naming.describe(db, was.became))
    return {"was": was.name, "day": f"{date.fromisoformat(was.day):%d/%m/%Y}", "became": became}
