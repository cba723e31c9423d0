"""A report by three questions and a look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.chat.dialog import Ask, Extras, Option
from bot.chat.router import Router, Said, anyone
from bot.chat.turn import Turn
from bot.rules import people, rights, vietnamese
from bot.rules import reports as rules
from bot.rules.told import Told
from handlers.reports import against, own, twice
from handlers.reports import told as card
from handlers.reports.actions import More
from handlers.reports.cards import card_of, lines_of
from handlers.reports.choosing import home_team, kinds_of_activity, options_of_teams
from handlers.reports.days import read_day, usual_days
from handlers.reports.keeping import keep
from storage import categories, drafts, files
from storage.categories import Category
from storage.reports import Item
from storage.units import Unit

NOTHING = "0"  # the choice that nothing was done

router = Router("reports")


@router.dialog("report", questions=3, intro="reports.intro")
def report(turn: Turn, ask: Ask, /) -> Said:
    """What, how many, photos and a note; then one look at all of it."""
    unit = home_team(turn)
    teams = [post.unit for post in people.teams(turn.posts)]
    code = ask.choice("category", "reports.which", lambda: _options(turn))
    items: tuple[Item, ...] = ()
    extras = Extras([], "")
    if code != NOTHING:
        category = categories.get(turn.db, code)
        ask.questions += bool(category.question_vi)
        count, counted = _how_many(turn, ask, category)
        items = (Item(code, count, counted, answer=_one_more(turn, ask, category)),)
        extras = ask.extras("extras", "reports.extras")
    day = date.fromisoformat(
        ask.value("day", "reports.which_day", lambda said: read_day(turn, said), quick=lambda: usual_days(turn))
    )
    if len(teams) > 1:
        chosen = ask.choice("team", "reports.which_team", lambda: options_of_teams(turn, teams), columns=1)
        unit = next((team for team in teams if str(team.id) == chosen), unit)
    shown = lines_of(turn, turn.say, items, day, unit, extras.note, files.count_shown(turn.db, extras.files))
    yesterday = ("reports.buttons.was_yesterday", f"day={turn.today - timedelta(days=1)}")
    quick = [yesterday, ("reports.buttons.other_day", "day")] if day == turn.today else []
    quick += _other_team(teams, unit)
    ask.confirm("reports.check", button="chat.buttons.send", lines=shown, quick=quick)
    told = _told(turn, unit, day, items, extras)
    same, other = twice.found(turn, told, unit), against.found(turn, told, unit, turn.me.id)
    if same or other:
        drafts.drop(turn.db, ask.draft.id)
        return card.begin(turn, replace(told, twice=same, against=() if same else other))
    kept = keep(turn, unit, day, items, extras)
    return card_of(turn, kept, turn.t("reports.kept", code=kept.code))


def _told(turn: Turn, unit: Unit, day: date, items: tuple[Item, ...], extras: Extras) -> Told:
    """The answers as they would have been told in one message."""
    notes = (extras.note,) if extras.note else ()
    files = tuple(extras.files)
    return Told(
        day.isoformat(), turn.today.isoformat(), unit.id, items, nothing=not items, dated=True, notes=notes, files=files
    )


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
            of=counted_as(category, unit),
            category=name,
        )
    else:
        of = counted_as(category, "")
        count, unit = ask.amount("count", "reports.how_many_of_what", of=of, category=name)
        said = category.counted(unit, turn.say.language)
    if rules.is_unusual(count, category.usual):
        ask.sure("unusual", "reports.that_many", count=count, unit=said)
    return count, unit


def _one_more(turn: Turn, ask: Ask, category: Category) -> str:
    """The answer to the category's own question; "" where it has none, or it was skipped."""
    question = category.question(turn.say.language)
    if not question:
        return ""
    skip = [Option(own.SKIPPED, turn.say.label("reports.buttons.skip"))] if category.may_skip else []
    of = own.asked_as(category)
    if category.answers:
        options = [*own.choices(category), *skip]
        said = ask.choice("answer", "reports.one_more", lambda: options, columns=1, of=of, question=question)
        said = next(option.label for option in options if option.id == said) if said != own.SKIPPED else said
    else:
        said = ask.value(
            "answer", "reports.one_more", own.number, quick=lambda: skip, numbered=False, of=of, question=question
        )
    return "" if said == own.SKIPPED else str(said)


def counted_as(category: Category, unit: str) -> str:
    """What a number was said of: one of another unit of count is asked anew, for nothing is converted."""
    return f"{category.code} {unit}"


@router.command(
    "baocao",
    about="reports.about_report",
    menu="reports.menu.report",
    who=rights.has("report"),
    rank=10,
    practice=anyone,
)
def begin(turn: Turn) -> Said:
    """A new report, of today until something else is said."""
    return _begin(turn)


@router.command("khongcoviec", about="reports.about_nothing", who=rights.has("report"), rank=70, practice=anyone)
def begin_nothing(turn: Turn) -> Said:
    """A report that nothing was done: one look and it is sent."""
    return _begin(turn, category=NOTHING)


@router.on(More, practice=True)
def another(turn: Turn, pressed: More) -> Said:
    return _begin(turn)


def _begin(turn: Turn, **known: Any) -> Said:
    team = home_team(turn)
    answers = {"day": turn.today.isoformat()} | known
    if len(people.teams(turn.posts)) > 1:
        answers["team"] = str(team.id)
    return report.begin(turn, {key: (value, "") for key, value in answers.items()})


def _options(turn: Turn) -> list[Option]:
    options = kinds_of_activity(turn)
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
