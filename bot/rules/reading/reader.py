"""From a message to a reading."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.rules.reading.figures import Figures
from bot.rules.reading.implied import Implied
from bot.rules.reading.message import Scan
from bot.rules.reading.phrases import Lexicon, lexicon
from bot.rules.reading.records import Category, Counted, Item, Question, Reading
from bot.rules.reading.register import MEMBERS, Register
from bot.rules.reading.scan import scan
from bot.rules.reading.sentences import Sentences
from bot.rules.reading.uncounted import Uncounted
from bot.rules.reading.verdict import Verdict
from bot.rules.reading.when import When
from bot.rules.reading.where import place_of
from storage import categories as storage
from storage import counted as storage_counted


def known(category: storage.Category) -> Category:
    """A kept kind of activity as the reader takes it: of a retired one nothing but what it was counted in."""
    units = (category.unit_vi, category.unit_en)
    if category.retired_at is not None:
        return Category(category.code, (), units, ())
    words = tuple(category.words.split("\n")) if category.words else ()
    return Category(category.code, (category.name_vi, category.name_en), units, words)


def known_unit(counted: storage_counted.Counted) -> Counted:
    """A kept unit of count as the reader takes it."""
    return Counted(counted.name, tuple(counted.words.split("\n")) if counted.words else ())


def read(text: str, today: date, categories: Sequence[Category], counted: Sequence[Counted] = ()) -> Reading:
    """What a message reports. What is not certain comes back as a question; nothing is guessed.

    >>> read("hum nay cài vneid 12 ng", date(2026, 11, 25), CATEGORIES).items
    (Item(category='VNE', count=12, unit='người', qualifier='', of=None),)
    """
    words = lexicon(tuple(categories), tuple(counted))
    found = scan(text, words, today)
    return _Reader(found, words, today).reading()


class _Reader:
    def __init__(self, found: Scan, words: Lexicon, today: date) -> None:
        self.found = found
        self.words = words
        self.today = today
        self.sentences = Sentences(found, words)
        self.is_correction = self.sentences.is_correction
        self.figures = Figures(found, words)
        self.register = Register(found, words)

    def reading(self) -> Reading:
        self.sentences.settle()
        Uncounted(self.found, self.words, self.figures).ask(self.figures.count())
        when = When(self.found, self.today, self.is_correction)
        day, unclear = when.day()
        register = self._register()
        items, ask = tuple(self.figures.items), self.figures.ask
        kind, place = Verdict(self.found, items, ask, self.is_correction).kind(), place_of(self.found)
        if kind in ("report", "correction"):
            days = tuple(due.day for due in unclear.candidates) if unclear else ()
            ask = [*ask, Question(None, "day", days=days)] if unclear else ask
            people = None if register else self.figures.people
            return Reading(kind, items, tuple(ask), day, place, people, self.found.text, register)
        if kind == "zero":
            return Reading(kind, items, (), day, place, note=self.found.text)
        open_ones = self.register.ask() if kind == "nothing" else ()
        if kind == "nothing" and (register or open_ones):
            return Reading(kind, (), (), day, place, None, self.found.text, register, open_ones)
        if kind == "plan":
            return Reading(kind, day=when.ahead(), unit=place, note=self.found.text)
        return Reading(kind, note=self.found.text)

    def _register(self) -> tuple[Item, ...]:
        """Numbers of the teams' register, and what is told of by them alone."""
        register, figures = self.register, self.figures
        if self.is_correction:
            return ()
        items = register.items()
        if (on_duty := register.on_duty(figures.items)) is not None:
            figures.items.append(on_duty)
            figures.ask = [one for one in figures.ask if one.why != "missing"]
        for item in (*register.founded, *Implied(self.found, self.words).items(figures.items, figures.ask)):
            figures.ask = [one for one in figures.ask if one.category != item.category]
            figures.items += [] if item.category in {one.category for one in figures.items} else [item]
        members = {item.count for item in items if item.category == MEMBERS}
        figures.items = [one for one in figures.items if one.category != figures.general or one.count not in members]
        values = {one.value for one in register.counted}
        figures.ask = [one for one in figures.ask if not (one.category is None and set(one.values) & values)]
        return tuple(items)
