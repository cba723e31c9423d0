"""A report by three questions and a look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from bot.chat import pick
from bot.chat.dialog import EARLY, Ask, Extras, Option
from bot.chat.router import Router, Said
from bot.chat.turn import Turn
from bot.rules import people, rights, vietnamese
from bot.rules import reports as rules
from bot.rules.refused import Refused
from handlers.reports.actions import More
from handlers.reports.cards import card_of, get, lines_of, unit_of
from handlers.reports.days import read_day, usual_days
from handlers.reports.keeping import change, keep
from storage import categories
from storage.categories import Category
from storage.reports import Item
from storage.units import Unit

NOTHING = "0"  # the choice that nothing was done
HABIT_DAYS = 60

router = Router("reports")


@router.dialog("report", questions=3, intro="reports.intro")
def report(turn: Turn, ask: Ask, /, editing: int = 0) -> Said:
    """What, how many, photos and a note; then one look at all of it."""
    unit = _edited(turn, editing) if editing else _team(turn)
    teams = [] if editing else [post.unit for post in people.teams(turn.posts)]
    code = ask.choice("category", "reports.which", lambda: _options(turn))
    items: tuple[Item, ...] = ()
    extras = Extras([], "")
    if code != NOTHING:
        category = categories.get(turn.db, code)
        count, counted = _how_many(turn, ask, category)
        items = (Item(code, count, counted),)
        extras = ask.extras("extras", "reports.extras")
    day = date.fromisoformat(
        ask.value("day", "reports.which_day", lambda said: read_day(turn, said), quick=lambda: usual_days(turn))
    )
    if len(teams) > 1:
        chosen = ask.choice("team", "reports.which_team", lambda: _teams(turn, teams), columns=1)
        unit = next((team for team in teams if str(team.id) == chosen), unit)
    shown = lines_of(turn, turn.say, items, day, unit, extras.note, len(extras.files))
    yesterday = ("reports.buttons.was_yesterday", f"day={turn.today - timedelta(days=1)}")
    quick = [yesterday, ("reports.buttons.other_day", "day")] if day == turn.today else []
    quick += _other_team(teams, unit)
    button = "chat.buttons.save" if editing else "chat.buttons.send"
    ask.confirm("reports.check", button=button, lines=shown, quick=quick)
    if editing:
        return change(turn, editing, items, day, extras)
    kept = keep(turn, unit, day, items, extras)
    return card_of(turn, kept, turn.t("reports.kept", code=kept.code))


def _teams(turn: Turn, teams: Sequence[Unit]) -> list[Option]:
    return [Option(str(team.id), name) for team, name in zip(teams, pick.places(turn, teams), strict=True)]


def _other_team(teams: Sequence[Unit], unit: Unit) -> list[tuple[str, str]]:
    """Who is in several teams reports in the usual one until something else is said: of two the other, by one press."""
    others = [team for team in teams if team.id != unit.id]
    if not others:
        return []
    return [("reports.buttons.other_team", "team" if len(others) > 1 else f"team={others[0].id}")]


def _how_many(turn: Turn, ask: Ask, category: Category) -> tuple[int, str]:
    name = category.about(turn.say.language)
    said, unit = category.unit(turn.say.language), category.unit_vi
    if unit:
        count = ask.number(
            "count",
            "reports.how_many",
            unit=said,
            other=lambda words: _is_other_unit(turn, category, words),
            of=category.code,
            category=name,
        )
    else:
        count, unit = ask.amount("count", "reports.how_many_of_what", of=category.code, category=name)
        said = unit
    if rules.is_unusual(count, category.usual):
        ask.sure("unusual", "reports.that_many", count=count, unit=said)
    return count, unit


@router.command("baocao", about="reports.about_report", menu="reports.menu.report", who=rights.has("report"), rank=10)
def begin(turn: Turn) -> Said:
    """A new report, of today until something else is said."""
    return _begin(turn)


@router.command("khongcoviec", about="reports.about_nothing", who=rights.has("report"), rank=70)
def begin_nothing(turn: Turn) -> Said:
    """A report that nothing was done: one look and it is sent."""
    return _begin(turn, category=NOTHING)


@router.on(More)
def another(turn: Turn, pressed: More) -> Said:
    return _begin(turn)


@router.said(rank=50)
def photos_first(turn: Turn) -> Said:
    """Photos begin a report that has them already, with their caption as its note."""
    if not turn.incoming.files or not rights.has("report")(turn.posts):
        return None
    return _begin(turn, **{EARLY: {"files": turn.keep_files(), "note": turn.incoming.text.strip()}})


def _begin(turn: Turn, **known: Any) -> Said:
    team = _team(turn)
    answers = {"day": turn.today.isoformat()} | known
    if len(people.teams(turn.posts)) > 1:
        answers["team"] = str(team.id)
    return report.begin(turn, {key: (value, "") for key, value in answers.items()})


def _edited(turn: Turn, report_id: int) -> Unit:
    kept = get(turn, report_id)
    rules.change(kept, turn.me)
    return unit_of(turn, kept)


def _team(turn: Turn) -> Unit:
    post = people.home(turn.posts)
    if post is None:
        raise Refused("reports.no_team")
    return post.unit


def _options(turn: Turn) -> list[Option]:
    known = {category.code: category for category in categories.everything(turn.db)}
    since = (turn.today - timedelta(days=HABIT_DAYS)).isoformat()
    mine = [code for code in categories.used_by(turn.db, turn.me.id, since) if code in known]
    ordered = list(dict.fromkeys([*mine, *known]))
    called = {code: tuple(category.words.split("\n")) for code, category in known.items()}
    options = [Option(code, known[code].name(turn.say.language), called[code]) for code in ordered]
    # Nothing done is a report too: always on the first page.
    options.insert(7, Option(NOTHING, turn.say.label("reports.nothing")))
    return options


def _is_other_unit(turn: Turn, category: Category, words: str) -> bool:
    own = [category.unit_vi, category.unit_en, *category.words.split("\n")]
    if any(_is_called(words, name) for name in own):
        return False
    return any(_is_called(words, other.unit_vi) for other in categories.everything(turn.db))


def _is_called(words: str, name: str) -> bool:
    return len(words.split()) == len(name.split()) and vietnamese.matches(words, name)
