"""The dialogs by which a category is added and changed; all is looked at before it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.chat.dialog import Ask, Dialog, Option
from bot.chat.router import Router, Said
from bot.chat.turn import Turn
from bot.rules import categories as rules
from bot.rules.refused import Refused
from bot.rules.wording import check_line, check_words, edited, words_of
from handlers.categories.cards import about, card_of, checked, known, office, warned, write
from storage import categories, counted
from storage.categories import Category

SAME = "~same"  # as it is, or as it is made
NONE = "-"

router = Router("categories")


@router.dialog("add", questions=3)
def add(turn: Turn, ask: Ask, /) -> Said:
    """What it is called, what it is counted in, what members type for it; code and English are made."""
    office(turn)
    everything = categories.by_code(turn.db)
    last = max((one.position for one in everything.values()), default=0) + 1
    blank = Category("NEW", last, "", "", "", "", "", "", "", rules.USUAL)
    name = _ask_name(turn, ask, blank, "categories.ask.name")
    one = replace(blank, code=rules.code_for(name, everything), name_vi=name)
    one = _with_unit(turn, ask, one, "categories.ask.unit", name=name)
    one = _with_words(turn, ask, one, "categories.ask.words", name=name)
    code = ask.value("code", "categories.ask.code", lambda said: _code(said, everything), of="")
    one = _with_english(turn, ask, replace(one, code=code or one.code))
    quick = [("categories.buttons.code", "code"), ("categories.buttons.english", "english")]
    return _finish(turn, ask, None, one, "categories.check_new", quick)


@router.dialog("names", questions=1)
def names(turn: Turn, ask: Ask, /, category: str) -> Said:
    """Another name for the button, perhaps others in full and in English."""
    was = known(turn, category)
    name = _ask_name(turn, ask, was, "categories.ask.new_name", name=was.name_vi)
    in_full = ask.value(
        "about", "categories.ask.about", lambda said: check_line(said, rules.MOST_ABOUT), about=was.about_vi
    )
    if in_full == SAME:
        in_full = name if was.about_vi == was.name_vi else was.about_vi
    one = replace(was, name_vi=name, about_vi=in_full)
    one = _with_english(turn, ask, one)
    quick = [("categories.buttons.about", "about"), ("categories.buttons.english", "english")]
    return _finish(turn, ask, was, one, "categories.check", quick)


@router.dialog("words", questions=1)
def words(turn: Turn, ask: Ask, /, category: str) -> Said:
    """What members type for it: some more, some fewer."""
    was = known(turn, category)
    now = ", ".join(words_of(was.words)) or turn.say.label("settings.fact.no_words")
    one = _with_words(turn, ask, was, "categories.ask.more_words", name=was.name_vi, now=now)
    return _finish(turn, ask, was, one, "categories.check", [])


@router.dialog("unit", questions=1)
def unit(turn: Turn, ask: Ask, /, category: str) -> Said:
    """What it is counted in from now on."""
    was = known(turn, category)
    one = _with_unit(turn, ask, was, "categories.ask.other_unit", name=was.name_vi)
    return _finish(turn, ask, was, one, "categories.check_unit", [])


@router.dialog("usual", questions=1)
def usual(turn: Turn, ask: Ask, /, category: str) -> Said:
    """Above which number the bot asks again."""
    was = known(turn, category)
    said = was.unit(turn.say.language) or turn.say.label("categories.as_said")
    most = ask.number("usual", "categories.ask.usual", unit=said, most=rules.MOST_USUAL, name=was.name_vi)
    if not most:
        raise Refused("categories.usual_wrong", most=rules.MOST_USUAL)
    return _finish(turn, ask, was, replace(was, usual=most), "categories.check", [])


@router.dialog("question", questions=4)
def question(turn: Turn, ask: Ask, /, category: str) -> Said:
    """One more question of its own: the words, a number or some answers, and whether it may be skipped."""
    was = known(turn, category)

    def kinds() -> list[Option]:
        named = [(one, turn.say.label(f"categories.answer.{one}")) for one in ("number", "choice", "none")]
        return [Option(*pair) for pair in named if was.question_vi or pair[0] != "none"]

    kind = ask.choice("kind", "categories.ask.kind", kinds, columns=1, name=was.name_vi)
    one = replace(was, question_vi="", question_en="", answers="", may_skip=1)
    if kind == "none":
        return _finish(turn, ask, was, one, "categories.check", [])
    said = ask.text("asked", "categories.ask.question", most=rules.MOST_QUESTION)
    one = replace(one, question_vi=said, question_en=said)
    if kind == "choice":
        answers = ask.value("answers", "categories.ask.answers", lambda text: _answers(one, text), of=kind)
        one = replace(one, answers="\n".join(answers))
    skips = [("yes", "categories.fact.may_skip"), ("no", "categories.fact.must_answer")]
    options = [Option(value, turn.say.label(key)) for value, key in skips]
    skip = ask.choice("skip", "categories.ask.skip", lambda: options, columns=1)
    english = ask.value("english", "categories.ask.question_en", lambda text: check_line(text, rules.MOST_QUESTION))
    one = replace(one, may_skip=int(skip == "yes"), question_en=said if english == SAME else english)
    return _finish(turn, ask, was, one, "categories.check", [("categories.buttons.english", "english")])


def _nothing_given(one: Category) -> dict[str, Any]:
    return {}


DIALOGS: dict[str, tuple[Dialog, Callable[[Category], dict[str, Any]]]] = {
    "names": (names, lambda one: {"about": SAME, "english": SAME}),
    "words": (words, _nothing_given),
    "unit": (unit, _nothing_given),
    "usual": (usual, _nothing_given),
    "question": (question, lambda one: {"english": SAME}),
}


# What they ask.


def _ask_name(turn: Turn, ask: Ask, one: Category, what: str, **values: Any) -> str:
    def read(said: str) -> str:
        code = one.code if one.name_vi else rules.code_for(said, categories.by_code(turn.db))
        return checked(turn, replace(one, code=code, name_vi=said, name_en=one.name_en or said)).name_vi

    name: str = ask.value("name", what, read, **values)
    return name


def _code(said: str, everything: dict[str, Category]) -> str:
    code = rules.check_code(said)
    if code in everything:
        raise Refused("categories.code_taken", code=code, other=everything[code].name_vi)
    return code


def _with_english(turn: Turn, ask: Ask, one: Category) -> Category:
    said = ask.value("english", "categories.ask.english", lambda text: check_line(text, rules.MOST_NAME))
    if said in ("", SAME):
        return one if one.name_en else replace(one, name_en=one.name_vi)
    return replace(one, name_en=said, about_en=said if one.about_en in ("", one.name_en) else one.about_en)


def _with_unit(turn: Turn, ask: Ask, one: Category, what: str, **values: Any) -> Category:
    units = {unit.name: unit for unit in counted.everything(turn.db)}

    def options() -> list[Option]:
        named = [Option(unit.name, unit.name, tuple(words_of(unit.words))) for unit in units.values()]
        return [*named, Option(NONE, turn.say.label("categories.as_said"))]

    chosen = ask.choice("unit", what, options, **values)
    if chosen == NONE:
        return replace(one, unit_vi="", unit_en="")
    if chosen not in units:  # retired meanwhile
        raise Refused("categories.no_such_unit", said=chosen)
    return replace(one, unit_vi=chosen, unit_en=units[chosen].name_en)


def _with_words(turn: Turn, ask: Ask, one: Category, what: str, **values: Any) -> Category:
    def read(said: str) -> list[str]:
        left = [] if said == NONE else edited(words_of(one.words), said)
        check_words(left)
        checked(turn, replace(one, words="\n".join(left)))
        return left

    def quick() -> list[Option]:
        return [] if one.words else [Option(NONE, turn.say.label("categories.buttons.no_words"))]

    left = ask.value("words", what, read, quick=quick, numbered=False, **values)
    return replace(one, words="\n".join(left))


def _answers(one: Category, said: str) -> list[str]:
    answers = "\n".join(part.strip() for part in said.replace("|", ",").replace("\n", ",").split(","))
    tidy = rules.check_question(replace(one, answers=answers or "?"))
    return tidy.answers.split("\n")


def _finish(turn: Turn, ask: Ask, was: Category | None, one: Category, what: str, quick: list[tuple[str, str]]) -> Said:
    """A look at all of it; then it counts, with the next message of anybody."""
    one = checked(turn, one)
    ask.confirm(what, quick=quick, shown=about(turn, one), warned=warned(turn, one))
    kept = write(turn, was, one)
    return card_of(turn, kept, turn.t("categories.added" if was is None else "categories.changed", name=kept.name_vi))
