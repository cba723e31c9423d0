"""/kybaocao: when periods begin and close, for the administrator of all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.chat import periods as shown
from bot.chat import settings
from bot.chat.action import Action
from bot.chat.dialog import Ask, Option
from bot.chat.message import Text, in_rows
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.texts import lines, paragraphs
from bot.chat.turn import Turn
from bot.rules import periods as rules
from bot.rules import rights
from bot.rules.periods import KINDS
from bot.rules.refused import Refused
from bot.rules.vietnamese import Count, read_count
from storage import periods, units
from storage.periods import Cut
from storage.units import Unit

AHEAD = 3  # periods shown, and beginnings offered
NEXT = "~next"

router = Router("periods")


@dataclass(frozen=True, slots=True)
class Show(Action, code="kp"):
    kind: str


@dataclass(frozen=True, slots=True)
class Change(Action, code="kn"):
    kind: str


@dataclass(frozen=True, slots=True)
class Drop(Action, code="kx"):
    """Take back a change whose day has not come."""

    since: str
    kind: str


@router.command("kybaocao", who=rights.has("settings"))
def show(turn: Turn) -> Said:
    """All kinds, each with what holds now."""
    _office(turn)
    told = [_line(turn, kind) for kind in KINDS]
    buttons = [turn.button(f"periods.buttons.{kind}", Show(kind)) for kind in KINDS]
    rows = in_rows(buttons, 2)
    return Reply(paragraphs(turn.t("periods.title"), lines(*told)), rows, card="periods")


@router.on(Show)
def show_one(turn: Turn, pressed: Show) -> Said:
    return _card(turn, _kind(turn, pressed.kind))


@router.on(Change)
def begin_to_change(turn: Turn, pressed: Change) -> Said:
    kind = _kind(turn, pressed.kind)
    given: dict[str, tuple[object, str]] = {"since": (NEXT, "")}
    if kind == "week":
        given["first_day"] = (1, "")
    return change.begin(turn, given, kind=kind)


@router.on(Drop)
def drop(turn: Turn, pressed: Drop) -> Said:
    """As if it had never been planned."""
    kind = _kind(turn, pressed.kind)
    cut = next((one for one in _planned(turn, kind) if one.since == pressed.since), None)
    if cut is None:
        raise Refused("chat.stale_button")
    settings.write(turn.db, settings.PERIODS, cut, None, turn.house, turn.note, _office(turn).id)
    return _card(turn, kind, turn.t("periods.dropped"))


@router.dialog("change", questions=2)
def change(turn: Turn, ask: Ask, /, kind: str) -> Said:
    """On which day it begins, how long it stays open, and from which period on."""
    _office(turn)
    name = turn.say.label(f"periods.kind.{kind}")

    first = ask.value("first_day", "periods.ask.first_day", _first_day, quick=lambda: _days(turn), kind=name)
    closes = ask.number("closes", "periods.ask.closes", unit=turn.say.label("periods.days"), kind=name, of="")
    since = ask.choice("since", "periods.ask.since", lambda: _beginnings(turn, kind), columns=1)
    if since == NEXT:
        since = rules.following(_now(turn, kind), rules.cuts_of(kind, _until_now(turn, kind))).first.isoformat()
    cut = rules.check(Cut(kind, since, first, closes), _until_now(turn, kind), turn.today)
    ask.confirm(
        "periods.check",
        quick=[("periods.buttons.since", "since")],
        rule=_rule(turn, cut),
        since=date.fromisoformat(since),
        ahead=_ahead(turn, cut),
        planned=turn.t("periods.replaces") if _planned(turn, kind) else (),
    )

    return _write(turn, cut)


def _write(turn: Turn, cut: Cut) -> Reply:
    """In place of what was planned; checked with what holds now."""
    top = _office(turn)
    turn.db.hold(settings.LOCK)
    for planned in _planned(turn, cut.kind):
        settings.write(turn.db, settings.PERIODS, planned, None, turn.house, turn.note, top.id)
    rules.check(cut, _until_now(turn, cut.kind), turn.today)
    was = next((one for one in _until_now(turn, cut.kind) if one.since == cut.since), None)
    settings.write(turn.db, settings.PERIODS, was, cut, turn.house, turn.note, top.id)
    return _card(turn, cut.kind, turn.t("periods.changed"))


def _office(turn: Turn) -> Unit:
    top = units.top(turn.db)
    if top is None or not rights.may(turn.posts, "settings", top):
        raise Refused("settings.only_the_top", unit=top.name if top else "?")
    return top


def _kind(turn: Turn, kind: str) -> str:
    _office(turn)
    if kind not in KINDS:
        raise Refused("chat.stale_button")
    return kind


def _until_now(turn: Turn, kind: str) -> list[Cut]:
    return [cut for cut in periods.everything(turn.db) if cut.kind == kind and cut.since <= turn.today.isoformat()]


def _planned(turn: Turn, kind: str) -> list[Cut]:
    return [cut for cut in periods.everything(turn.db) if cut.kind == kind and cut.since > turn.today.isoformat()]


def _now(turn: Turn, kind: str) -> rules.Period:
    return rules.period_of(turn.today, rules.cuts_of(kind, _until_now(turn, kind)))


def _line(turn: Turn, kind: str) -> Text:
    rule = _rule(turn, rules.cuts_of(kind, _until_now(turn, kind))[-1])
    return turn.t("periods.line", name=turn.say.label(f"periods.kind.{kind}"), rule=rule)


def _rule(turn: Turn, cut: Cut) -> Text:
    return turn.t(f"periods.rule.{settings.manner(cut)}", day=str(cut.first_day), closes=cut.closes_after)


def _card(turn: Turn, kind: str, heading: Text = ()) -> Reply:
    now = shown.current(turn.db, kind, turn.today)
    planned = [
        turn.t("periods.planned", since=date.fromisoformat(cut.since), rule=_rule(turn, cut))
        for cut in _planned(turn, kind)
    ]
    drops = tuple(turn.button("periods.buttons.drop", Drop(cut.since, kind)) for cut in _planned(turn, kind))
    rows = ((turn.button("periods.buttons.change", Change(kind)), *drops),)
    told = lines(
        _line(turn, kind),
        turn.t("periods.now", period=shown.label(turn.say, now), closes=now.closes_on),
        *planned,
    )
    return Reply(paragraphs(heading, told), rows, card=f"period:{kind}")


def _ahead(turn: Turn, cut: Cut) -> Text:
    """The periods as they will be."""
    cuts = rules.cuts_of(cut.kind, [*_until_now(turn, cut.kind), cut])
    found = [rules.period_of(turn.today, cuts)]
    while len(found) < AHEAD:
        found.append(rules.following(found[-1], cuts))
    return lines(*(turn.t("periods.will_be", period=shown.label(turn.say, one), closes=one.closes_on) for one in found))


# What is asked.


def _days(turn: Turn) -> list[Option]:
    return [Option(day, turn.say.label(f"periods.buttons.day_{day}")) for day in ("1", "15")]


def _first_day(said: str) -> int:
    read = read_count(said[:40])
    if not isinstance(read, Count) or read.qualifier or not 1 <= read.value <= rules.LAST_FIRST_DAY:
        raise Refused("periods.first_day_wrong", most=rules.LAST_FIRST_DAY)
    return read.value


def _beginnings(turn: Turn, kind: str) -> list[Option]:
    cuts = rules.cuts_of(kind, _until_now(turn, kind))
    found = [_now(turn, kind)]
    while len(found) <= AHEAD:
        found.append(rules.following(found[-1], cuts))
    return [Option(one.first.isoformat(), rules.day_of(one.first)) for one in found]
