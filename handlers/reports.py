"""Reports: three questions and a look, then a card with a code; undone for ten minutes, changed with a trace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from bot.chat import pick
from bot.chat.action import Action
from bot.chat.dialog import EARLY, Ask, Extras, Option, Unsure
from bot.chat.message import Button, Text
from bot.chat.reply import Reply, View
from bot.chat.router import Router, Said
from bot.chat.texts import Voice, lines, paragraphs
from bot.chat.turn import Turn, sent_files
from bot.rules import codes, people, rights, vietnamese
from bot.rules import reports as rules
from bot.rules.refused import Refused
from storage import audit, categories, files, reports, units
from storage import people as roster
from storage.categories import Category
from storage.reports import Item, Report
from storage.units import Unit

NOTHING = "0"  # the choice that nothing was done
HABIT_DAYS = 60
MOST_LINES = 12
MOST_CHANGES = 4

router = Router("reports")


@dataclass(frozen=True, slots=True)
class Undo(Action, code="ru"):
    report: int


@dataclass(frozen=True, slots=True)
class Restore(Action, code="rr"):
    report: int


@dataclass(frozen=True, slots=True)
class Change(Action, code="rc"):
    report: int


@dataclass(frozen=True, slots=True)
class Photos(Action, code="rp"):
    report: int


@dataclass(frozen=True, slots=True)
class More(Action, code="rm"):
    pass


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
        ask.value("day", "reports.which_day", lambda said: _day(turn, said), quick=lambda: _days(turn))
    )
    if len(teams) > 1:
        chosen = ask.choice("team", "reports.which_team", lambda: _teams(turn, teams), columns=1)
        unit = next((team for team in teams if str(team.id) == chosen), unit)
    shown = _lines(turn, turn.say, items, day, unit, extras.note, len(extras.files))
    yesterday = ("reports.buttons.was_yesterday", f"day={turn.today - timedelta(days=1)}")
    quick = [yesterday, ("reports.buttons.other_day", "day")] if day == turn.today else []
    quick += _other_team(teams, unit)
    ask.confirm("reports.check", lines=shown, quick=quick)
    if editing:
        return _save_change(turn, editing, items, day, extras)
    kept = reports.add(
        turn.db,
        author_id=turn.me.id,
        unit_id=unit.id,
        day=day.isoformat(),
        note=extras.note,
        items=items,
        now=turn.now,
    )
    files.attach(turn.db, "report_files", "report_id", kept.id, extras.files)
    _note(turn, kept, "reports.made", after=_said(turn, kept), private=bool(kept.note))
    _tell_head(turn, unit, day)
    return _card(turn, kept, turn.t("reports.kept", code=kept.code))


def _note(turn: Turn, kept: Report, act: str, *, before: str = "", after: str = "", private: bool = False) -> None:
    turn.note(act, kept.code, before=before, after=after, unit=kept.unit_id, private=private)


def _said(turn: Turn, kept: Report) -> str:
    """All of a report, in words for its trace."""
    return " · ".join(_facts(turn, kept, turn.house))


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


@router.on(Undo)
def undo(turn: Turn, pressed: Undo) -> Said:
    """Take a report out of the figures, for a few minutes after it was made."""
    kept = _get(turn, pressed.report)
    rules.undo(kept, turn.me, turn.now, turn.settings.undo_minutes)
    gone = reports.save(turn.db, replace(kept, state="undone"), turn.now)
    gone_label = turn.house.label("audit.fact.gone")
    _note(turn, gone, "reports.undone", before=_said(turn, gone), after=gone_label, private=bool(gone.note))
    _tell_head(turn, _unit(turn, gone), date.fromisoformat(gone.day))
    back = turn.button("reports.buttons.restore", Restore(gone.id))
    return Reply(turn.t("reports.undone", code=gone.code), ((back,),), card=_card_name(gone), code=gone.code)


@router.on(Restore)
def restore(turn: Turn, pressed: Restore) -> Said:
    """Put back what was just undone."""
    gone = _get(turn, pressed.report)
    if gone.author_id != turn.me.id:
        raise Refused("reports.not_yours", code=gone.code)
    if gone.state == "undone":
        gone = reports.save(turn.db, replace(gone, state="kept"), turn.now)
        gone_label = turn.house.label("audit.fact.gone")
        _note(turn, gone, "reports.restored", before=gone_label, after=_said(turn, gone), private=bool(gone.note))
        _tell_head(turn, _unit(turn, gone), date.fromisoformat(gone.day))
    return _card(turn, gone, turn.t("reports.restored", code=gone.code))


@router.on(Change)
def change(turn: Turn, pressed: Change) -> Said:
    """The same dialog with every answer filled in."""
    kept = _get(turn, pressed.report)
    rules.change(kept, turn.me)
    answers: dict[str, Any] = {"category": (NOTHING, "")}
    if kept.items:
        item = kept.items[0]
        stored = {"files": [file.id for file in files.of_report(turn.db, kept.id)], "note": kept.note}
        named = categories.get(turn.db, item.category).unit_vi
        count = item.count if named else [item.count, item.unit]
        answers = {"category": (item.category, ""), "count": (count, item.category), "extras": (stored, "")}
    return report.begin(turn, answers | {"day": (kept.day, "")}, fixing=True, editing=kept.id)


def _edited(turn: Turn, report_id: int) -> Unit:
    kept = _get(turn, report_id)
    rules.change(kept, turn.me)
    return _unit(turn, kept)


def _save_change(turn: Turn, report_id: int, items: tuple[Item, ...], day: date, extras: Extras) -> Said:
    kept = _get(turn, report_id)
    rules.change(kept, turn.me)
    before = _facts(turn, kept, turn.say)
    changed = reports.save(turn.db, replace(kept, items=items, day=day.isoformat(), note=extras.note), turn.now)
    files.attach(turn.db, "report_files", "report_id", changed.id, extras.files)
    changes = [(old, new) for old, new in zip(before, _facts(turn, changed, turn.say), strict=True) if old != new]
    for old, new in changes:
        _note(turn, changed, "reports.changed", before=old, after=new, private=kept.note != changed.note)
    for told in {kept.day, changed.day}:
        _tell_head(turn, _unit(turn, changed), date.fromisoformat(told))
    heading = "reports.changed" if changes else "reports.unchanged"
    return _card(turn, changed, turn.t(heading, code=changed.code))


def _facts(turn: Turn, kept: Report, say: Voice) -> tuple[str, ...]:
    """What a change may change, in words for the history."""
    return (
        _what(say, _known(turn, kept.items), kept),
        say.label("reports.fact_day", day=date.fromisoformat(kept.day)),
        say.label("reports.fact_note", note=kept.note[:60]) if kept.note else say.label("reports.no_note"),
        say.label("reports.photos", count=len(files.of_report(turn.db, kept.id))),
    )


@router.said(rank=10)
def by_code(turn: Turn) -> Said:
    """Somebody typed B-0012."""
    thing = codes.read_thing(turn.incoming.text)
    if thing is None or thing[0] != "B":
        return None
    return show(turn, thing[1])


def show(turn: Turn, report_id: int) -> Reply:
    """A report to somebody who may see it. Raises Refused."""
    kept = _get(turn, report_id)
    author = roster.get(turn.db, kept.author_id)
    return _card(turn, kept, turn.t("reports.shown", code=kept.code, name=author.name if author else "?"))


@router.on(Photos)
def show_photos(turn: Turn, pressed: Photos) -> Said:
    kept = _get(turn, pressed.report)
    return Reply(files=sent_files(files.of_report(turn.db, kept.id)))


def _get(turn: Turn, report_id: int) -> Report:
    kept = reports.get(turn.db, report_id)
    if kept is None or not (kept.author_id == turn.me.id or rights.may(turn.posts, "watch", _unit(turn, kept))):
        raise Refused("reports.not_found", code=f"B-{report_id:04d}")
    return kept


def _unit(turn: Turn, kept: Report) -> Unit:
    unit = units.get(turn.db, kept.unit_id)
    assert unit is not None
    return unit


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


def _days(turn: Turn) -> list[Option]:
    names = ("reports.buttons.today", "reports.buttons.yesterday", "reports.buttons.two_days_ago")
    return [
        Option((turn.today - timedelta(days=ago)).isoformat(), turn.say.label(name)) for ago, name in enumerate(names)
    ]


def _day(turn: Turn, said: str) -> str:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        day = _typed_day(turn, said)
    return rules.check_day(day, turn.today).isoformat()


def _typed_day(turn: Turn, said: str) -> date:
    read = vietnamese.read_day(said[:200], turn.today)
    if isinstance(read, date):
        return read
    if read is None:
        raise Refused("reports.day_unread", said=said[:40])
    key = {"future": "reports.day_ahead", "lunar": "reports.day_lunar"}.get(read.reason, "reports.day_which")
    days = [due.day for due in read.candidates if rules.is_reportable(due.day, turn.today)]
    raise Unsure(key, [Option(day.isoformat(), turn.say.write(day)) for day in days], said=said[:40])


def _card_name(kept: Report) -> str:
    return f"report:{kept.id}"


def _card(turn: Turn, kept: Report, heading: Text) -> Reply:
    stored = files.of_report(turn.db, kept.id)
    shown = _lines(turn, turn.say, kept.items, date.fromisoformat(kept.day), _unit(turn, kept), kept.note, len(stored))
    rows: list[tuple[Button, ...]] = []
    if kept.author_id == turn.me.id and kept.state == "kept":
        row = [turn.button("reports.buttons.change", Change(kept.id))]
        if turn.now - kept.created_at <= turn.settings.undo_minutes * 60_000:
            row.append(turn.button("reports.buttons.undo", Undo(kept.id)))
        rows += [tuple(row), (turn.button("reports.buttons.more", More()),)]
    if stored:
        rows.append((turn.button("reports.buttons.photos", Photos(kept.id)),))
    gone = turn.t("reports.undone", code=kept.code) if kept.state == "undone" else ()
    text = paragraphs(heading, gone or shown, _history(turn, kept))
    return Reply(text, tuple(rows), card=_card_name(kept), code=kept.code)


def _lines(turn: Turn, say: Voice, items: Sequence[Item], day: date, unit: Unit, note: str, photos: int) -> Text:
    known = _known(turn, items)
    rows = [
        say(
            "reports.item",
            count=i.count,
            unit=_unit_name(say, known, i),
            category=known[i.category].about(say.language),
        )
        for i in items
    ]
    when = say("reports.of_today" if day == turn.today else "reports.of_day", day=day, unit=unit.name)
    return lines(
        *(rows or [say("reports.none")]),
        when,
        say("reports.photos", count=photos) if photos else (),
        say("reports.note", note=note) if note else (),
    )


def _known(turn: Turn, items: Sequence[Item]) -> dict[str, Category]:
    return {code: categories.get(turn.db, code) for code in {item.category for item in items}}


def _unit_name(say: Voice, known: dict[str, Category], item: Item) -> str:
    category = known[item.category]
    return category.unit(say.language) if item.unit == category.unit_vi else item.unit


def _what(say: Voice, known: dict[str, Category], kept: Report) -> str:
    if not kept.items:
        return say.label("reports.what_none")
    return ", ".join(
        say.label(
            "reports.what_item",
            count=item.count,
            unit=_unit_name(say, known, item),
            category=known[item.category].name(say.language),
        )
        for item in kept.items
    )


def _history(turn: Turn, kept: Report) -> Text:
    changes = [entry for entry in audit.of(turn.db, kept.code) if entry.act == "reports.changed"][-MOST_CHANGES:]
    if not changes:
        return ()
    rows = []
    for entry in changes:
        before, after = entry.before, entry.after
        if not after:  # of before these were kept apart
            before, _, after = entry.detail.partition(" → ")
        rows.append(turn.t("reports.history", at=turn.when(entry.at), before=before, after=after))
    return lines(turn.t("reports.history_title"), *rows)


def _tell_head(turn: Turn, unit: Unit, day: date) -> None:
    """The team's head has one card a day that fills up: told once, not once per message of a burst."""
    head = roster.leaders(turn.db, [unit.id]).get(unit.id)
    if head is None or head.person.id == turn.me.id or head.role not in rights.LEADS:
        return
    turn.refresh(head.person.id, _team_day(turn, unit, day), anew=True)


def _team_day(turn: Turn, unit: Unit, day: date) -> View:
    count, newest = reports.of_unit(turn.db, unit.id, day.isoformat(), MOST_LINES)
    known = _known(turn, [item for one, _ in newest for item in one.items])

    def view(say: Voice) -> Reply:
        rows = [say("reports.team_line", name=name, what=_what(say, known, one), code=one.code) for one, name in newest]
        more = say("reports.team_more", count=count - MOST_LINES) if count > MOST_LINES else ()
        heading = say("reports.team_day", day=day, unit=unit.name, count=count)
        return Reply(lines(heading, *rows, more), card=f"team:{unit.id}:{day}")

    return view
