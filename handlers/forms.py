"""/bieumau: which categories are reported in each period, for the administrator of all."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.chat import naming, settings
from bot.chat import periods as called
from bot.chat.action import Action
from bot.chat.dialog import Ask, Option
from bot.chat.message import Button, Text
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.texts import lines, paragraphs
from bot.chat.turn import Turn
from bot.rules import forms as rules
from bot.rules import rights
from bot.rules.categories import code_for
from bot.rules.periods import KINDS
from bot.rules.refused import Refused
from bot.rules.wording import words_of
from storage import categories, forms, reports, units
from storage.forms import Form
from storage.units import Unit

EVERYWHERE, EVERY = "0", "~every"
MOST_UNITS = 3000  # of more it would take seconds to say who has reported what
MOST_LINES = 8

router = Router("forms")


@dataclass(frozen=True, slots=True)
class List(Action, code="fl"):
    pass


@dataclass(frozen=True, slots=True)
class Show(Action, code="fs"):
    form: str


@dataclass(frozen=True, slots=True)
class Add(Action, code="fa"):
    pass


@dataclass(frozen=True, slots=True)
class Change(Action, code="fc"):
    form: str


@dataclass(frozen=True, slots=True)
class Switch(Action, code="ft"):
    """Out of use, or back into it."""

    form: str


@router.command("bieumau", who=rights.has("settings"))
def show(turn: Turn) -> Said:
    """The list."""
    return _list(turn)


@router.on(List)
def show_list(turn: Turn, pressed: List) -> Said:
    return _list(turn)


@router.on(Show)
def show_one(turn: Turn, pressed: Show) -> Said:
    return _card(turn, _known(turn, pressed.form))


@router.on(Add)
def begin_to_add(turn: Turn, pressed: Add) -> Said:
    _office(turn)
    return form.begin(turn, {"unit": (EVERYWHERE, "")}, code="")


@router.on(Change)
def begin_to_change(turn: Turn, pressed: Change) -> Said:
    """The same questions with everything answered."""
    one = _known(turn, pressed.form)
    given: dict[str, tuple[object, str]] = {
        "name": (one.name_vi, ""),
        "kind": (one.kind, ""),
        "level": (one.level or EVERY, ""),
        "categories": (one.codes, ""),
        "unit": (str(one.unit_id or EVERYWHERE), ""),
    }
    return form.begin(turn, given, fixing=True, code=one.code)


@router.on(Switch)
def switch(turn: Turn, pressed: Switch) -> Said:
    one = _known(turn, pressed.form)
    kept = _write(turn, one, replace(one, retired_at=turn.now if one.retired_at is None else None))
    return _card(turn, kept, turn.t("forms.back" if kept.retired_at is None else "forms.retired", name=kept.name_vi))


@router.dialog("form", questions=4)
def form(turn: Turn, ask: Ask, /, code: str) -> Said:
    """What it is called, how often and by whom it is reported, what is on it."""
    _office(turn)
    was = _known(turn, code) if code else None
    name = ask.text("name", "forms.ask.name", most=rules.MOST_NAME)
    kind = ask.choice("kind", "forms.ask.kind", lambda: _kinds(turn))
    level = ask.choice("level", "forms.ask.level", lambda: _levels(turn), columns=1)
    ask.still("categories", lambda kept: set(kept) <= {one.id for one in _categories(turn)})
    codes = ask.many("categories", "forms.ask.categories", lambda: _categories(turn))
    place = ask.value("unit", "forms.ask.unit", lambda said: _place(turn, said), quick=lambda: _everywhere(turn))
    unit = units.get(turn.db, int(place)) if place != EVERYWHERE else None
    one = was or Form(code_for(name, forms.by_code(turn.db)), "", "", "", "", None, "")
    one = replace(
        one,
        name_vi=name,
        name_en=one.name_en if one.name_vi == name else name,
        kind=kind,
        level="" if level == EVERY else level,
        categories="\n".join(codes),
        unit_id=unit.id if unit else None,
        place=unit.name if unit else "",
        path=unit.path if unit else "/",
    )
    one = _checked(turn, one)
    ask.confirm("forms.check", quick=[("forms.buttons.unit", "unit")], shown=_about(turn, one))
    kept = _write(turn, was, one)
    return _card(turn, kept, turn.t("forms.added" if was is None else "forms.changed", name=kept.name_vi))


# What is asked.


def _kinds(turn: Turn) -> list[Option]:
    return [Option(kind, turn.say.label(f"periods.kind.{kind}")) for kind in KINDS]


def _levels(turn: Turn) -> list[Option]:
    named = [Option(level, settings.level_name(turn.say, level)) for level in units.levels(turn.db)]
    return [*named, Option(EVERY, settings.level_name(turn.say, ""))]


def _categories(turn: Turn) -> list[Option]:
    found = categories.by_code(turn.db).values()
    return [
        Option(one.code, one.name(turn.say.language), tuple(words_of(one.words)))
        for one in found
        if one.retired_at is None
    ]


def _everywhere(turn: Turn) -> list[Option]:
    return [Option(EVERYWHERE, turn.say.label("forms.buttons.everywhere"))]


def _place(turn: Turn, said: str) -> str:
    if said == EVERYWHERE:
        return said
    found = naming.find(turn.db, [_office(turn)], said)
    if len(found) != 1:
        key = "targets.several_units" if found else "targets.no_such_unit"
        raise Refused(key, said=said[:40], **({"count": len(found)} if found else {}))
    return str(found[0].id)


# What is shown and written.


def _office(turn: Turn) -> Unit:
    top = units.top(turn.db)
    if top is None or not rights.may(turn.posts, "settings", top):
        raise Refused("settings.only_the_top", unit=top.name if top else "?")
    return top


def _known(turn: Turn, code: str) -> Form:
    _office(turn)
    found = forms.by_code(turn.db).get(code)
    if found is None:
        raise Refused("chat.stale_button")
    return found


def _checked(turn: Turn, one: Form) -> Form:
    known = categories.by_code(turn.db)
    return rules.check(one, forms.by_code(turn.db).values(), known, units.levels(turn.db))


def _write(turn: Turn, was: Form | None, to: Form) -> Form:
    top = _office(turn)
    turn.db.hold(settings.LOCK)
    tidy = _checked(turn, to)
    settings.write(turn.db, settings.FORMS, was, tidy, turn.house, turn.note, top.id)
    return tidy


def _list(turn: Turn) -> Reply:
    _office(turn)
    found = forms.by_code(turn.db).values()
    rows = [
        (Button(("⏸ " if one.retired_at else "") + one.name(turn.say.language), Show(one.code).pack()),)
        for one in found
    ]
    rows.append((turn.button("forms.buttons.add", Add()),))
    none = turn.t("forms.none") if not found else ()
    return Reply(paragraphs(turn.t("forms.title"), none), tuple(rows), card="forms")


def _card(turn: Turn, one: Form, heading: Text = ()) -> Reply:
    key = "forms.buttons.retire" if one.retired_at is None else "forms.buttons.back"
    rows = (
        (turn.button("forms.buttons.change", Change(one.code)), turn.button(key, Switch(one.code))),
        (turn.button("forms.buttons.list", List()),),
    )
    return Reply(paragraphs(heading, _about(turn, one), _complete(turn, one)), rows, card=f"form:{one.code}")


def _about(turn: Turn, one: Form) -> Text:
    kind = turn.say.label(f"periods.kind.{one.kind}").lower()
    place = one.place or turn.say.label("forms.everywhere")
    level = settings.level_name(turn.say, one.level)
    return lines(
        turn.t("forms.name", name=one.name_vi, code=one.code),
        turn.t("forms.english", name=one.name_en) if one.name_en != one.name_vi else (),
        turn.t("forms.rule", kind=kind, level=level, place=place),
        turn.t("forms.holds", names=_names(turn, one.codes)),
        turn.t("forms.is_retired", day=turn.when(one.retired_at).date()) if one.retired_at is not None else (),
    )


def _names(turn: Turn, codes: list[str]) -> str:
    known = categories.by_code(turn.db)
    return ", ".join(known[code].name(turn.say.language) for code in codes)


def _complete(turn: Turn, one: Form) -> Text:
    """Who has reported all of it in the period that runs, and what others lack."""
    top = (units.get(turn.db, one.unit_id) if one.unit_id else None) or _office(turn)
    within = units.under(turn.db, top, closed=True)
    asked = [unit for unit in within if rules.applies(one, unit)]
    if not asked or len(within) > MOST_UNITS:
        return ()
    period = called.current(turn.db, one.kind, turn.today)
    figures = reports.figures_by_unit(turn.db, top, period.first.isoformat(), period.last.isoformat())
    done, used = rules.reported(within, figures), {known.code for known in categories.everything(turn.db)}
    lacking = [(unit, missing) for unit in asked if (missing := rules.lacking(one, used, done[unit.id]))]
    places = naming.describe(turn.db, [unit for unit, _ in lacking[:MOST_LINES]])
    told = [
        turn.t("forms.lacks", unit=place, names=_names(turn, missing))
        for place, (_, missing) in zip(places, lacking, strict=False)
    ]
    complete = len(asked) - len(lacking)
    label = called.label(turn.say, period)
    more = turn.t("forms.more", count=len(lacking) - MOST_LINES) if len(lacking) > MOST_LINES else ()
    title = turn.t("forms.complete", period=label, complete=complete, all=len(asked))
    return lines(title, *told, more)
