"""What an administrator sets, in the chat or by a file: written in one way, with its trace in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from bot.chat import naming
from bot.chat.periods import names as period_names
from bot.chat.texts import LANGUAGES, Texts, Voice, load
from bot.rules.periods import day_of
from bot.rules.refused import Refused
from bot.rules.settings import Categories, Change, Forms, Periods, Problem, Read, Table, Targets, Units, read
from bot.rules.vietnamese import fold
from bot.rules.wording import words_of
from storage import categories, counted, forms, periods, targets, units
from storage.categories import Category
from storage.counted import Counted
from storage.db import Db
from storage.forms import Form
from storage.periods import Cut
from storage.targets import Target
from storage.units import Unit

LOCK = "settings"  # held by whoever decides from what is set what may be set
WORDS = "words"

Note = Callable[..., None]
"""`turn.note`, or the same of the command line."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of settings. `file`: what its files are called; `command`: shows it in the chat; `table`: of what is
    kept, at a moment of a day; `facts`: what may change of one, in words; `thing`: its name in the log ("": none)."""

    name: str
    file: str
    command: str
    table: Callable[[Db, int, date], Table]
    put: Callable[[Db, Any, Any], None]
    facts: Callable[[Voice, Any], dict[str, str]]
    thing: Callable[[Any], str]


def write(db: Db, kind: Kind, was: Any, to: Any, house: Voice, note: Note, unit: int | None) -> None:
    """Write one change. `was` None: it is new; `to` None: it goes."""
    kind.put(db, was, to)
    before, after = _changed(house, kind, was, to)
    act = "added" if was is None else "removed" if to is None else "changed"
    note(f"{kind.name}.{act}", _thing(kind, was, to), before=before, after=after, unit=unit)


def _thing(kind: Kind, was: Any, to: Any) -> str:
    thing = kind.thing(to if to is not None else was)
    return f"{kind.name}:{thing}" if thing else kind.name


def _changed(say: Voice, kind: Kind, was: Any, to: Any) -> tuple[str, str]:
    """What it was and what it becomes, in words; only what differs."""
    old = kind.facts(say, was) if was is not None else {}
    new = kind.facts(say, to) if to is not None else {}
    if old and new and old.get(WORDS) != new.get(WORDS):
        old[WORDS], new[WORDS] = _difference(say, was, to)
    changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    before, after = (" · ".join(facts[name] for name in changed if name in facts) for facts in (old, new))
    return before, after


def described(say: Voice, kind: Kind, change: Change) -> str:
    """A change in one line."""
    before, after = _changed(say, kind, change.was, change.to)
    thing = kind.thing(change.to if change.to is not None else change.was)
    thing = f"{thing}: " if thing else ""
    if change.was is None:
        return say.label("settings.line.added", thing=thing, after=after)
    if change.to is None:
        return say.label("settings.line.removed", thing=thing, before=before)
    return say.label("settings.line.changed", thing=thing, before=before, after=after)


def judge(db: Db, kind: Kind, texts: Texts, rows: list[list[str]], now: int, today: date) -> Read:
    """What a file would change."""
    table = kind.table(db, now, today)
    return read(rows, headings(texts, table), table)


def digest(found: Read) -> str:
    """The same for the same changes: what was shown is what is written."""
    return sha256(repr([(change.was, change.to) for change in found.changes]).encode()).hexdigest()[:12]


def _difference(house: Voice, was: Any, to: Any) -> tuple[str, str]:
    old, new = words_of(was.words), words_of(to.words)
    gone, come = [one for one in old if one not in new], [one for one in new if one not in old]
    return _words(house, gone), _words(house, come)


def _words(say: Voice, found: list[str]) -> str:
    return say.label("settings.fact.words", words=", ".join(found)) if found else say.label("settings.fact.no_words")


def _state(say: Voice, one: Any) -> str:
    return say.label("settings.fact.in_use" if one.retired_at is None else "settings.fact.retired")


def category_facts(say: Voice, one: Category) -> dict[str, str]:
    """What may change of a category, in words."""
    unit = f"{one.unit_vi} / {one.unit_en}" if one.unit_vi else say.label("categories.as_said")
    return {
        "name": f"{one.name_vi} / {one.name_en}",
        "about": f"{one.about_vi} / {one.about_en}",
        "unit": say.label("categories.fact.unit", unit=unit),
        WORDS: _words(say, words_of(one.words)),
        "usual": say.label("categories.fact.usual", usual=one.usual),
        "question": question_fact(say, one),
        "position": say.label("categories.fact.position", position=one.position),
        "state": _state(say, one),
    }


def question_fact(say: Voice, one: Category) -> str:
    """The category's own question in words."""
    if not one.question_vi:
        return say.label("categories.fact.no_question")
    answers = " | ".join(one.answers.split("\n")) if one.answers else say.label("categories.fact.number")
    skip = say.label("categories.fact.may_skip" if one.may_skip else "categories.fact.must_answer")
    question = one.question(say.language)
    return say.label("categories.fact.question", question=question, answers=answers, skip=skip)


def _unit_facts(say: Voice, one: Counted) -> dict[str, str]:
    return {"name": f"{one.name} / {one.name_en}", WORDS: _words(say, words_of(one.words)), "state": _state(say, one)}


def manner(cut: Cut) -> str:
    """In what words its rule is told: of the week, the calendar, or a day of the month before."""
    return "week" if cut.kind == "week" else "calendar" if cut.first_day == 1 else "day"


def _period_facts(say: Voice, cut: Cut) -> dict[str, str]:
    rule = say.label(f"periods.rule.{manner(cut)}", day=str(cut.first_day), closes=cut.closes_after)
    since = day_of(date.fromisoformat(cut.since))
    return {"rule": say.label("periods.fact", kind=say.label(f"periods.kind.{cut.kind}"), since=since, rule=rule)}


def level_name(say: Voice, level: str) -> str:
    """A level of units as it is called; one that only the configuration knows, as it is called there."""
    known, key = say.texts.keys(), f"forms.level.{level or 'every'}"
    return say.label(key) if key in known else level


def form_facts(say: Voice, one: Form) -> dict[str, str]:
    """What may change of a form, in words."""
    return {
        "name": f"{one.name_vi} / {one.name_en}",
        "kind": say.label("forms.fact.kind", kind=say.label(f"periods.kind.{one.kind}").lower()),
        "level": say.label("forms.fact.level", level=level_name(say, one.level)),
        "unit": say.label("forms.fact.unit", unit=one.place) if one.place else say.label("forms.everywhere"),
        "categories": say.label("forms.fact.categories", codes=", ".join(one.codes)),
        "state": _state(say, one),
    }


def _forms(db: Db, now: int, today: date) -> Forms:
    texts, found = load(), units.levels(db)
    called = {fold(level): level for level in found}
    for say in (Voice(texts, language) for language in LANGUAGES):
        called |= {fold(level_name(say, level)): level for level in found} | {fold(level_name(say, "")): ""}
    known = categories.by_code(db)
    return Forms(forms.by_code(db), known, called, period_names(texts), _find(db), _code_of(db), now)


def _target_facts(say: Voice, one: Target) -> dict[str, str]:
    period = say.label(f"periods.short.{one.kind}", number=str(one.number), year=str(one.year))
    name, counted = one.names[say.language == "en"], one.counted(say.language)
    told = say.label("targets.fact", unit=one.place, period=period, name=name, count=one.count, counted=counted)
    return {"target": told}


def _targets(db: Db, now: int, today: date) -> Targets:
    known = categories.by_code(db)
    changed = periods.everything(db)
    return Targets(targets.everything(db), known, changed, period_names(load()), _find(db), _code_of(db))


def _find(db: Db) -> Callable[[str, str], Unit]:
    """The one unit of a code, or of a name. Raises Refused."""
    top = units.top(db)
    assert top is not None

    def find(code: str, name: str) -> Unit:
        said = code or name
        if not said:
            raise Refused("targets.which_place")
        found = units.with_code(db, code) if code else naming.find(db, [top], name)
        if len(found) != 1:
            key = "targets.several_units" if found else "targets.no_such_unit"
            raise Refused(key, said=said[:40], **({"count": len(found)} if found else {}))
        return found[0]

    return find


def _code_of(db: Db) -> Callable[[int], str]:
    def code_of(unit_id: int) -> str:
        unit = units.get(db, unit_id)
        return unit.code if unit else ""

    return code_of


CATEGORIES = Kind(
    "categories",
    "hangmuc",
    "/hangmuc",
    lambda db, now, today: Categories(categories.by_code(db), counted.by_name(db), now),
    lambda db, was, to: categories.put(db, to),
    category_facts,
    lambda one: str(one.code),
)
COUNTED = Kind(
    "counted",
    "donvidem",
    "/donvidem",
    lambda db, now, today: Units(counted.by_name(db), categories.by_code(db).values(), now),
    lambda db, was, to: counted.put(db, to),
    _unit_facts,
    lambda one: str(one.name),
)
PERIODS = Kind(
    "periods",
    "kybaocao",
    "/kybaocao",
    lambda db, now, today: Periods(periods.everything(db), today, period_names(load())),
    lambda db, was, to: periods.put(db, to) if to is not None else periods.remove(db, was),
    _period_facts,
    lambda one: "",
)
TARGETS = Kind(
    "targets",
    "chitieu",
    "/chitieu",
    _targets,
    lambda db, was, to: targets.put(db, to) if to is not None else targets.remove(db, was),
    _target_facts,
    lambda one: "",
)
FORMS = Kind(
    "forms",
    "bieumau",
    "/bieumau",
    _forms,
    lambda db, was, to: forms.put(db, to),
    form_facts,
    lambda one: str(one.code),
)
KINDS = {kind.name: kind for kind in (CATEGORIES, COUNTED, PERIODS, FORMS, TARGETS)}


def headings(texts: Texts, table: Table) -> dict[str, str]:
    """What a column may be headed by, folded, in any language and by its own name: the field it is."""
    found = {fold(field): field for field in table.columns}
    for say in (Voice(texts, language) for language in LANGUAGES):
        found |= {fold(say.label(f"settings.column.{field}")): field for field in table.columns}
    return found


def wrong(say: Voice, problem: Problem) -> str:
    """What is wrong in a row, and what would be right."""
    values: Mapping[str, Any] = problem.values
    if "needed" in values:
        needed = ", ".join(f"“{say.label(f'settings.column.{field}')}”" for field in values["needed"])
        values = {**values, "needed": needed}
    said = say.label(problem.key, **values).removeprefix("Dạ, ")  # polite once, not in every row
    said = said[:1].upper() + said[1:]
    return say.label("settings.row", row=str(problem.row), said=said) if problem.row else said


def sheet(say: Voice, table: Table) -> list[list[str]]:
    """What is kept as the rows of a file, its headings first."""
    rows = [[say.label(f"settings.column.{field}") for field in table.columns]]
    for one in table.known.values():
        cells = table.cells(one)
        rows.append([cells[field] for field in table.columns])
    return rows
