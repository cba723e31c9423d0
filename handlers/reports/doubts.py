"""What else may be doubtful: a kind told twice, which figure is mended, the day, photos of a while ago."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from bot.chat.dialog import Heard, Miss, Option, Unsure
from bot.rules import reports as rules
from bot.rules import told as telling
from bot.rules.refused import Refused
from bot.rules.told import Doubt, Told
from handlers.reports import added, cards, days, heard
from handlers.reports.talk import SKIP, Talk
from storage.reports import Item


def _again(talk: Talk, doubt: Doubt) -> Told:
    """The same kind was told twice: on top, or instead?"""
    old, new = doubt.values
    item = Item(doubt.category, new, doubt.unit, doubt.qualifier)

    def answer(said: Heard) -> Told:
        told = telling.settle(talk.told)
        match said.value:
            case "add":
                return telling.put(told, item, more=True)
            case "instead":
                return telling.put(told, item, mends=True)
            case "old":
                return told
        return added.words(talk, said.text, notes=False)

    rows = [
        [(talk.label("reports_told.buttons.add", count=old + new), "add")],
        [(talk.label("reports_told.buttons.instead", count=new), "instead")],
        [(talk.label("reports_told.buttons.old", count=old), "old")],
    ]
    name = talk.category(doubt.category).name(talk.turn.say.language)
    text = talk.turn.t(
        "reports_told.again", category=name, old=old, new=new, unit=talk.unit(doubt.category, doubt.unit)
    )
    return talk.ask.once(talk.question, answer, lambda: talk.prompt(text, rows))


def _which(talk: Talk, doubt: Doubt) -> Told:
    """Which of several figures is to be mended."""
    items = [(talk.short(item), str(at)) for at, item in enumerate(talk.told.items)]

    def answer(said: Heard) -> Told:
        if said.value == SKIP:
            return telling.settle(talk.told)
        code = talk.ask.chosen([Option(value, label) for label, value in items], said)
        item = talk.told.items[int(code)]
        mended = replace(item, count=doubt.values[0], unit=doubt.unit or item.unit, qualifier="")
        return telling.change(telling.settle(talk.told), int(code), mended)

    text = talk.turn.t("reports_told.which_item", count=doubt.values[0])
    return talk.ask.once(talk.question, answer, lambda: talk.prompt(text, [*([one] for one in items), talk.skip]))


def day(talk: Talk, said: Heard) -> str:
    """The day that was typed or pressed, ISO. Raises Miss, with what it may mean as the next buttons."""
    try:
        return days.read_day(talk.turn, said.value if said.value is not None else said.text)
    except Refused as refused:
        if isinstance(refused, Unsure):
            talk.ask.draft.view["meant"] = [[option.label, option.id] for option in refused.options]
        raise Miss(talk.turn.t(refused.key, **refused.values)) from None


def day_rows(talk: Talk, offered: tuple[str, ...] = ()) -> list[list[tuple[str, str]]]:
    meant = [(label, value) for label, value in talk.ask.draft.view.pop("meant", [])]
    named = [(talk.turn.say.write(date.fromisoformat(one)), one) for one in offered]
    usual = [(option.label, option.id) for option in days.usual_days(talk.turn)]
    return [meant or named or usual]


def _day(talk: Talk, doubt: Doubt) -> Told:
    offered = tuple(one for one in doubt.days if rules.is_reportable(date.fromisoformat(one), talk.turn.today))

    def answer(said: Heard) -> Told:
        if said.value is None and heard.says_figures(talk.turn, said.text):
            return added.words(talk, said.text, notes=False)
        return replace(telling.settle(talk.told), day=day(talk, said), dated=True)

    text = talk.turn.t("reports.which_day")
    return talk.ask.once(talk.question, answer, lambda: talk.prompt(text, day_rows(talk, offered), numbered=False))


def _other_day(talk: Talk, doubt: Doubt) -> Told:
    """Further words are of another day: all of that day, or a report of its own?"""
    other = date.fromisoformat(doubt.days[0])

    def answer(said: Heard) -> Told:
        told = telling.settle(talk.told)
        reading = heard.hear(talk.turn, doubt.words)
        match said.value:
            case "apart":
                return replace(told, later=(*told.later, doubt.words))
            case "all":
                told = replace(told, day=doubt.days[0], dated=True)
                return added.reported(talk.turn, told, doubt.words, reading, same_day=True)
        return added.words(talk, said.text, notes=False)

    rows = [
        [(talk.label("reports_told.buttons.apart"), "apart")],
        [(talk.label("reports_told.buttons.all_that_day"), "all")],
    ]
    first = date.fromisoformat(talk.told.day)
    text = talk.turn.t("reports_told.other_day", words=doubt.words[:200], day=other, first=first)
    return talk.ask.once(talk.question, answer, lambda: talk.prompt(text, rows))


def _apart(talk: Talk, doubt: Doubt) -> Told:
    """Figures that come while a sent report is mended: do they belong to it?"""
    assert talk.kept is not None

    def answer(said: Heard) -> Told:
        told = telling.settle(talk.told)
        match said.value:
            case "apart":
                return replace(told, later=(*told.later, doubt.words))
            case "into":
                return added.reported(talk.turn, told, doubt.words, heard.hear(talk.turn, doubt.words), same_day=True)
        return added.words(talk, said.text, notes=False)

    rows = [
        [(talk.label("reports_told.buttons.own_report"), "apart")],
        [(talk.label("reports_told.buttons.into", code=talk.kept.code), "into")],
    ]
    text = talk.turn.t("reports_told.apart", words=doubt.words[:200], code=talk.kept.code)
    return talk.ask.once(talk.question, answer, lambda: talk.prompt(text, rows))


def _nothing(talk: Talk, doubt: Doubt) -> Told:
    """That nothing was done, beside figures of the same day."""

    def answer(said: Heard) -> Told:
        told = telling.settle(talk.told)
        match said.value:
            case "yes":
                return replace(told, items=(), doubts=(), nothing=True)
            case "no":
                return told
        return added.words(talk, said.text, notes=False)

    rows = [[(talk.label("reports_told.buttons.no_figures"), "yes")], [(talk.label("reports_told.buttons.keep"), "no")]]
    text = talk.turn.t(
        "reports_told.nothing",
        items=cards.in_short(talk.turn.say, cards.named(talk.turn, talk.told.items), talk.told.items),
    )
    return talk.ask.once(talk.question, answer, lambda: talk.prompt(text, rows))


def _photos(talk: Talk, doubt: Doubt) -> Told:
    def answer(said: Heard) -> Told:
        told = telling.settle(talk.told)
        match said.value:
            case "yes":
                return telling.with_photos(told, doubt.files)
            case "no":
                return told
        return added.words(talk, said.text, notes=False)

    rows = [
        [(talk.label("reports_told.buttons.with_photos"), "yes"), (talk.label("reports_told.buttons.no_photos"), "no")]
    ]
    text = talk.turn.t("reports_told.old_photos", count=len(doubt.files))
    return talk.ask.once(talk.question, answer, lambda: talk.prompt(text, rows))


OTHERS: Mapping[str, Callable[[Talk, Doubt], Told]] = {
    "day": _day,
    "again": _again,
    "which": _which,
    "other_day": _other_day,
    "apart": _apart,
    "nothing": _nothing,
    "photos": _photos,
}
