"""The one more question that a category may ask: after its number, in whatever way that was told."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.dialog import MOST_NUMBER, Heard, Miss, Option
from bot.rules import told as telling
from bot.rules import vietnamese
from bot.rules.refused import Refused
from bot.rules.told import MOST_QUESTIONS, Told
from handlers.reports import added, heard
from handlers.reports.talk import SKIP, Rows, Talk
from storage.categories import Category

SKIPPED = "~skip"


def asked_as(category: Category) -> str:
    """What an answer was given to: the question as it was asked."""
    return f"{category.code} {category.question_vi} {category.answers}"


def choices(category: Category) -> list[Option]:
    """What is chosen from; none where a number is the answer."""
    answers = category.answers.split("\n") if category.answers else []
    return [Option(f"a{at}", answer) for at, answer in enumerate(answers)]


def number(said: str) -> str:
    """A whole number as it is kept. Raises Refused."""
    if said == SKIPPED:
        return said
    read = vietnamese.read_count(said) if len(said) <= MOST_NUMBER else None
    if not isinstance(read, vietnamese.Count) or read.qualifier:
        raise Refused("chat.number_please")
    return str(read.value)


def due(talk: Talk) -> int | None:
    """The figure whose category asks next. What must be answered is asked however much was asked before."""
    for at, item in enumerate(talk.told.items):
        category = talk.category(item.category)
        if not category.question_vi or item.answer or item.category in talk.told.skipped:
            continue
        if not category.may_skip or talk.told.asked < MOST_QUESTIONS:
            return at
    return None


def put(talk: Talk, at: int) -> Told:
    """Ask it. Returns what is told once it is answered, or skipped."""
    told = talk.told
    item = told.items[at]
    category = talk.category(item.category)
    options = choices(category)

    def answer(said: Heard) -> Told:
        asked = replace(told, asked=told.asked + 1, part="")
        if said.value == SKIP and category.may_skip:
            return telling.change(replace(asked, skipped=(*told.skipped, item.category)), at, replace(item, answer=""))
        value = _read(talk, options, said)
        return added.words(talk, said.text, notes=False) if value is None else _with(asked, at, value)

    def rows() -> Rows:
        skip = [[(talk.label("reports.buttons.skip"), SKIP)]] if category.may_skip else []
        return [*([(one.label, one.id)] for one in options), *skip]

    text = talk.turn.t("reports.one_more", question=category.question(talk.turn.say.language))
    of = talk.turn.t("reports_told.of_item", amount=talk.amount(item), text=text)
    return talk.ask.once(f"own-{at}-{item.category}", answer, lambda: talk.prompt(of, rows(), numbered=bool(options)))


def _with(told: Told, at: int, value: str) -> Told:
    return telling.change(told, at, replace(told.items[at], answer=value))


def _read(talk: Talk, options: list[Option], said: Heard) -> str | None:
    """The answer; None: the words are a report themselves. Raises Miss."""
    is_report = bool(said.text) and heard.hear(talk.turn, said.text).kind in added.REPORTS
    try:
        if not options:
            return number(said.text)
        chosen = talk.ask.chosen(options, said)
        return next(option.label for option in options if option.id == chosen)
    except Miss:
        if is_report:
            return None
        raise
    except Refused as refused:
        if is_report:
            return None
        raise Miss(talk.turn.t(refused.key)) from None
