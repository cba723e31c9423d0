"""Who took part in what was reported, on which days, and whom it was reported for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from bot.chat import pick
from bot.chat.dialog import Ask, Leaving, Option
from bot.chat.message import Button, in_rows
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.texts import lines, paragraphs
from bot.chat.turn import Turn
from bot.rules import reports as rules
from bot.rules import rights
from bot.rules.refused import Refused
from bot.rules.vietnamese import matches
from handlers.reports.actions import ForOther, Month, Together
from handlers.reports.cards import author_of, card_of, get, mates, tell_head, unit_of
from handlers.reports.closing import check_change
from handlers.reports.heard import says_figures
from handlers.reports.keeping import given, note
from handlers.reports.said import tell
from storage import people, reports, units
from storage.reports import Report
from storage.units import Unit

MOST_LINES = 40
OLDEST_MONTHS = 24

router = Router("reports")


@router.on(Together)
def begin_to_name(turn: Turn, pressed: Together) -> Said:
    _own(turn, pressed.report)
    return took_part.begin(turn, report=pressed.report)


def _own(turn: Turn, report_id: int) -> Report:
    kept = get(turn, report_id)
    if not rules.is_own(kept, turn.me):
        raise Refused("reports.not_yours", code=kept.code)
    check_change(turn, kept)
    return kept


@router.dialog("took_part", questions=1)
def took_part(turn: Turn, ask: Ask, /, report: int) -> Said:
    """The team's names to tick; the author is among them anyway."""
    kept = _own(turn, report)
    _give_way(turn, ask, lambda: _mates(turn, kept))
    ask.still("who", lambda ids: set(ids) <= {option.id for option in _mates(turn, kept)})
    chosen = ask.many("who", "together.who", lambda: _mates(turn, kept), code=kept.code)
    before = _names(turn, reports.participants(turn.db, kept.id))
    there = [kept.author_id, *(int(one) for one in chosen)]
    reports.took_part(turn.db, kept.id, there)
    nobody = turn.house.label("together.nobody")
    note(turn, kept, "reports.together", before=before or nobody, after=_names(turn, there))
    return card_of(turn, kept, turn.t("together.kept", code=kept.code))


def _give_way(turn: Turn, ask: Ask, options: Callable[[], list[Option]]) -> None:
    """Photos, and words that report something, are no name: what was asked is put aside for them. Raises Leaving."""
    heard = ask.heard
    if heard is None or (not heard.files and not says_figures(turn, heard.text)):
        return
    if not heard.files and any(matches(heard.text, option.label) for option in options()):
        return

    def instead() -> list[Reply]:
        said = tell(turn)
        return [said] if isinstance(said, Reply) else list(said or ())

    raise Leaving(turn.t("chat.draft_kept"), instead)


def _mates(turn: Turn, kept: Report) -> list[Option]:
    return [Option(str(member.person.id), member.person.name) for member in mates(turn, kept)]


def _names(turn: Turn, those: list[int]) -> str:
    found = (people.get(turn.db, one) for one in those)
    return ", ".join(person.name for person in found if person)


# For somebody else


@router.on(ForOther)
def begin_for_other(turn: Turn, pressed: ForOther) -> Said:
    _own(turn, pressed.report)
    return for_other.begin(turn, report=pressed.report)


@router.dialog("for_other", questions=1)
def for_other(turn: Turn, ask: Ask, /, report: int) -> Said:
    """Whose work it is: from then on it is theirs, and they are told, with the buttons that put it right."""
    kept = _own(turn, report)
    if kept.author_id != turn.me.id:
        raise Refused("together.for_other_already", code=kept.code, name=author_of(turn, kept))
    options = _mates(turn, kept)
    _give_way(turn, ask, lambda: options)
    chosen = int(ask.choice("whose", "together.whose", lambda: options, columns=1, code=kept.code))
    theirs = reports.save(turn.db, replace(kept, author_id=chosen, written_by=turn.me.id), turn.now)
    if there := reports.participants(turn.db, kept.id):  # among whom its author is, who is another now
        reports.took_part(turn.db, kept.id, [chosen if one == turn.me.id else one for one in there])
    given(turn, theirs)
    tell_head(turn, unit_of(turn, theirs), date.fromisoformat(theirs.day))
    return card_of(turn, theirs, turn.t("together.given", code=theirs.code, name=author_of(turn, theirs)))


# Days


@router.command("ngaycong", about="together.about", who=rights.has("watch"), rank=58)
def days(turn: Turn) -> Said:
    """Who took part on which days of the month, for allowances."""
    return _days(turn, rights.offices(turn.posts, "watch")[0], 0)


@router.on(Month)
def another_month(turn: Turn, pressed: Month) -> Said:
    return _days(turn, rights.check(turn.posts, "watch", units.get(turn.db, pressed.unit)), pressed.ago)


def _days(turn: Turn, unit: Unit, ago: int) -> Reply:
    if not 0 <= ago <= OLDEST_MONTHS:
        raise Refused("chat.stale_button")
    first = _month(turn.today, ago)
    last = _month(turn.today, ago - 1) - timedelta(days=1)
    found: defaultdict[tuple[str, int], list[date]] = defaultdict(list)
    for person, name, day in reports.days_together(turn.db, unit, first.isoformat(), last.isoformat()):
        found[name, person].append(date.fromisoformat(day))
    rows = [
        turn.t("together.line", name=name, count=len(those), days=", ".join(str(day.day) for day in those))
        for (name, _), those in sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    ]
    more = turn.t("together.more", count=len(rows) - MOST_LINES) if len(rows) > MOST_LINES else ()
    title = turn.t("together.title", month=first.month, year=str(first.year), unit=unit.name, count=len(rows))
    return Reply(
        paragraphs(title, lines(*(rows[:MOST_LINES] or [turn.t("together.none")]), more)),
        (*_turning(turn, unit, ago), *_others(turn, unit, ago)),
        card="days",
    )


def _month(today: date, ago: int) -> date:
    """The first day of the month so many months ago (-1: of the next)."""
    months = today.year * 12 + today.month - 1 - ago
    return date(months // 12, months % 12 + 1, 1)


def _turning(turn: Turn, unit: Unit, ago: int) -> list[tuple[Button, ...]]:
    row = [turn.button("together.buttons.before", Month(unit.id, ago + 1))] if ago < OLDEST_MONTHS else []
    if ago:
        row.append(turn.button("together.buttons.after", Month(unit.id, ago - 1)))
    return [tuple(row)]


def _others(turn: Turn, unit: Unit, ago: int) -> list[tuple[Button, ...]]:
    """The other units one watches over, and those right below."""
    below = units.children(turn.db, unit)
    others = [one for one in [*rights.offices(turn.posts, "watch"), *below] if one.id != unit.id][:12]
    names = pick.places(turn, others, 0)
    buttons = [Button(name[:40], Month(one.id, ago).pack()) for one, name in zip(others, names, strict=True)]
    return list(in_rows(buttons, 2))
