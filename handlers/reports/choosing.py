"""What a report may be of: kinds of activity, the teams of a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.chat import pick
from bot.chat.dialog import Option
from bot.chat.turn import Turn
from bot.rules import forms as rules
from bot.rules import people
from bot.rules.refused import Refused
from bot.rules.wording import words_of
from storage import categories, forms
from storage.units import Unit

HABIT_DAYS = 60


def kinds_of_activity(turn: Turn) -> list[Option]:
    """Those in use: first what the team's forms ask for, and of that what this person does most."""
    known = {category.code: category for category in categories.everything(turn.db)}
    since = (turn.today - timedelta(days=HABIT_DAYS)).isoformat()
    mine = [code for code in categories.used_by(turn.db, turn.me.id, since) if code in known]
    home = people.home(turn.posts)
    asked = rules.first(forms.everything(turn.db), home.unit) if home else []
    first = [code for code in mine if code in asked] + [code for code in asked if code in known]
    ordered = list(dict.fromkeys([*first, *mine, *known]))
    called = {code: tuple(words_of(category.words)) for code, category in known.items()}
    return [Option(code, known[code].name(turn.say.language), called[code]) for code in ordered]


def home_team(turn: Turn) -> Unit:
    """Where a person's reports are made until something else is said. Raises Refused."""
    post = people.home(turn.posts)
    if post is None:
        raise Refused("reports.no_team")
    return post.unit


def options_of_teams(turn: Turn, teams: Sequence[Unit]) -> list[Option]:
    return [Option(str(team.id), name) for team, name in zip(teams, pick.places(turn, teams), strict=True)]
