"""/chitieu: how far a unit is with its targets, for whoever leads it; and setting them, for administrators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.chat import periods as shown
from bot.chat import pick, settings
from bot.chat import targets as telling
from bot.chat.action import Action
from bot.chat.dialog import Ask, Option
from bot.chat.message import Button, Text
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.texts import paragraphs
from bot.chat.turn import Turn
from bot.rules import periods as rules
from bot.rules import rights
from bot.rules import targets as amounts
from bot.rules.periods import KINDS, Period
from bot.rules.refused import Refused
from bot.rules.wording import words_of
from storage import categories, periods, targets, units
from storage.categories import Category
from storage.targets import Target
from storage.units import Unit

AHEAD = 4  # periods offered

router = Router("targets")


@dataclass(frozen=True, slots=True)
class Look(Action, code="gl"):
    """The targets of a unit, in the periods that day is in (ISO)."""

    unit: int
    day: str


@dataclass(frozen=True, slots=True)
class Other(Action, code="go"):
    """Of another unit."""


@dataclass(frozen=True, slots=True)
class Set(Action, code="gs"):
    """Set one for this unit."""

    unit: int


@router.command("chitieu", about="targets.about", who=rights.has("watch"), rank=56)
def show(turn: Turn) -> Said:
    """Of the unit one looks after; of several the one that is chosen."""
    offices = rights.offices(turn.posts, "watch")
    if not offices:
        raise Refused("chat.not_for_you")
    if len(offices) == 1:
        return _card(turn, offices[0], turn.today)
    places = zip(offices, pick.places(turn, offices), strict=True)
    rows = tuple((Button(name[:40], Look(unit.id, turn.today.isoformat()).pack()),) for unit, name in places)
    return Reply(turn.t("targets.which_unit"), rows, card="targets")


@router.on(Look)
def look(turn: Turn, pressed: Look) -> Said:
    unit = rights.check(turn.posts, "watch", units.get(turn.db, pressed.unit))
    try:
        day = date.fromisoformat(pressed.day)
    except ValueError:
        raise Refused("chat.stale_button") from None
    return _card(turn, unit, day)


@router.on(Other)
def begin_to_look(turn: Turn, pressed: Other) -> Said:
    return look_at.begin(turn)


@router.dialog("look_at")
def look_at(turn: Turn, ask: Ask, /) -> Said:
    """A unit by name or code."""
    offices = rights.offices(turn.posts, "watch")
    if not offices:
        raise Refused("chat.not_for_you")
    return _card(turn, pick.unit(turn, ask, "unit", "targets.ask.look_at", offices), turn.today)


def _card(turn: Turn, unit: Unit, day: date, heading: Text = ()) -> Reply:
    """The periods of that day in which the unit has targets, and how far it is."""
    told = [telling.told(turn.say, period, found) for period, found in telling.today(turn.db, unit, day)]
    month = shown.current(turn.db, "month", day)
    cuts = rules.cuts_of("month", periods.everything(turn.db))
    before, after = rules.preceding(month, cuts), rules.following(month, cuts)
    rows = [
        (
            turn.button("targets.buttons.before", Look(unit.id, before.first.isoformat())),
            turn.button("targets.buttons.after", Look(unit.id, after.first.isoformat())),
        ),
        (turn.button("targets.buttons.other", Other()),),
    ]
    if rights.may(turn.posts, "settings", unit):
        rows.append((turn.button("targets.buttons.set", Set(unit.id)),))
    none = turn.t("targets.none", period=shown.label(turn.say, month)) if not told else ()
    title = turn.t("targets.title", unit=unit.name)
    return Reply(paragraphs(heading, title, *told, none), tuple(rows), card=f"targets:{unit.id}")


@router.on(Set)
def begin_to_set(turn: Turn, pressed: Set) -> Said:
    unit = rights.check_open(turn.posts, "settings", units.get(turn.db, pressed.unit))
    return set_one.begin(turn, {"unit": (unit.id, "")})


@router.dialog("set", questions=5)
def set_one(turn: Turn, ask: Ask, /) -> Said:
    """For which unit, in which period, of which category, how many."""
    tops = rights.offices(turn.posts, "settings")
    if not tops:
        raise Refused("chat.not_for_you")
    unit = pick.unit(turn, ask, "unit", "targets.ask.unit", tops)
    kind = ask.choice("kind", "targets.ask.kind", lambda: _kinds(turn), place=unit.name)
    period = _period(turn, ask, kind)
    code = ask.choice("category", "targets.ask.category", lambda: _categories(turn))
    category = categories.get(turn.db, code)
    was = _was(turn, unit, period, code)
    now = turn.t("targets.is_now", count=was.count) if was else ()
    name, counted = category.name(turn.say.language), category.unit(turn.say.language)
    count = ask.number(
        "count", "targets.ask.count", unit=counted, most=amounts.MOST, of=code, name=name, place=unit.name, now=now
    )
    amounts.check(count, category)
    one = _target(unit, period, category, count)
    ask.confirm(
        "targets.check" if count else "targets.check_none",
        unit=unit.name,
        period=shown.label(turn.say, period),
        name=name,
        count=count,
        counted=counted,
    )
    return _write(turn, one, unit, period)


def _write(turn: Turn, one: Target, unit: Unit, period: Period) -> Reply:
    rights.check_open(turn.posts, "settings", unit)
    turn.db.hold(settings.LOCK)
    was = _was(turn, unit, period, one.category)
    to = one if one.count else None
    if was != to:
        settings.write(turn.db, settings.TARGETS, was, to, turn.house, turn.note, unit.id)
    return _card(turn, unit, period.first, turn.t("targets.kept" if to else "targets.gone"))


def _target(unit: Unit, period: Period, category: Category, count: int) -> Target:
    own = unit.id, period.kind, period.year, period.number, category.code, count, category.unit_vi
    return Target(*own, unit.name, (category.name_vi, category.name_en), category.unit_en)


def _was(turn: Turn, unit: Unit, period: Period, code: str) -> Target | None:
    found = targets.of_units(turn.db, [unit.id], period.kind, period.year, period.number)
    return next((one for one in found if one.category == code), None)


# What is asked.


def _kinds(turn: Turn) -> list[Option]:
    return [Option(kind, turn.say.label(f"periods.kind.{kind}")) for kind in KINDS]


def _period(turn: Turn, ask: Ask, kind: str) -> Period:
    cuts = rules.cuts_of(kind, periods.everything(turn.db))
    found = [rules.period_of(turn.today, cuts)]
    while len(found) < AHEAD:
        found.append(rules.following(found[-1], cuts))
    options = [Option(f"{one.year}-{one.number}", shown.label(turn.say, one)) for one in found]
    chosen = ask.choice("period", "targets.ask.period", lambda: options, of=kind, columns=1)
    year, number = (int(part) for part in chosen.split("-"))
    return rules.called(kind, year, number, cuts)


def _categories(turn: Turn) -> list[Option]:
    found = [one for one in categories.everything(turn.db) if one.unit_vi]
    return [Option(one.code, one.name(turn.say.language), tuple(words_of(one.words))) for one in found]
