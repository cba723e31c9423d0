"""How many, and of what: what is not certain is asked, by buttons and by typing, and never guessed."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.dialog import MOST_NUMBER, Heard, Miss
from bot.chat.message import Text
from bot.chat.texts import lines
from bot.rules import told as telling
from bot.rules import vietnamese
from bot.rules.reading import known, read
from bot.rules.told import Doubt, Told
from bot.rules.vietnamese import Count, Vague, Wrong
from handlers.reports import added, doubts, heard
from handlers.reports.choosing import kinds_of_activity
from handlers.reports.talk import SKIP, Talk
from storage.categories import Category
from storage.reports import Item

MOST_UNIT = 20
MOST_OFFERED = 6
MOST_COUNT = 1_000_000
MOST_NAME = 4  # words: what is longer names no kind of activity
TEXTS = {
    "missing": "reports_told.how_many",
    "vague": "reports_told.vague",
    "range": "reports_told.which_number",
    "two_readings": "reports_told.which_number",
    "longer": "reports_told.longer",
    "each": "reports_told.in_all",
    "not_whole": "reports_told.number_again",
    "too_long": "reports_told.number_again",
}


def put(talk: Talk, doubt: Doubt) -> Told:
    """Ask what is asked next. Returns what is told once it is answered."""
    if doubt.why in doubts.OTHERS:
        return doubts.OTHERS[doubt.why](talk, doubt)
    return _count(talk, doubt) if doubt.category else _category(talk, doubt)


def _count(talk: Talk, doubt: Doubt) -> Told:
    category = talk.category(doubt.category)

    def answer(said: Heard) -> Told:
        if said.value == SKIP:
            return telling.settle(talk.told)
        if said.value is not None:
            return _counted(talk, doubt, Item(category.code, _one_of(talk, doubt, said.value), _unit(doubt, category)))
        item = amount(talk, said.text, category, doubt.unit)
        return _counted(talk, doubt, item) if item else added.words(talk, said.text, notes=False)

    def text() -> Text:
        return talk.turn.t(
            TEXTS.get(doubt.why, "reports_told.how_many"),
            category=category.about(talk.turn.say.language),
            unit=talk.unit(category.code, doubt.unit) or talk.label("reports_told.times"),
        )

    offered = [
        (f"{talk.turn.say.write(one)} {talk.unit(category.code, doubt.unit)}".strip(), str(one))
        for one in _offered(doubt)
    ]
    rows = [offered, talk.skip]
    return talk.ask.once(talk.question, answer, lambda: talk.prompt(text(), rows, numbered=False))


def _offered(doubt: Doubt) -> tuple[int, ...]:
    """Of "mỗi hộ 2 người" the 2 is surely not the answer."""
    return () if doubt.why == "each" else tuple(dict.fromkeys(doubt.values))[:MOST_OFFERED]


def _one_of(talk: Talk, doubt: Doubt, value: str) -> int:
    if not value.isdecimal() or int(value) not in doubt.values:
        raise Miss(talk.turn.t("chat.pick_one"))
    return int(value)


def _unit(doubt: Doubt, category: Category) -> str:
    return doubt.unit or category.unit_vi


def _counted(talk: Talk, doubt: Doubt, item: Item) -> Told:
    if not item.unit:
        raise Miss(talk.turn.t("chat.count_of_what", count=item.count))
    return telling.put(telling.settle(talk.told), item, mends=doubt.mends)


def amount(talk: Talk, text: str, category: Category, unit: str) -> Item | None:
    """A number of this kind, as an answer ("12", "hơn 12 hs"); None: the words say something else, such as how many of
    another kind ("vneid 12"). Raises Miss."""
    found = vietnamese.read_count(text) if len(text) <= MOST_NUMBER else None
    of_others = any(one.category != category.code for one in heard.hear(talk.turn, text).items)
    if isinstance(found, Count) and len(found.unit_words.split()) <= 2:
        said = _said_unit(talk, text, found, category)
        if of_others and (found.before or said is None):
            return None
        if found.value > MOST_COUNT:
            raise Miss(talk.turn.t("chat.number_too_big", most=MOST_COUNT))
        counted = found.unit_words[:MOST_UNIT] if said is None else said or unit or category.unit_vi
        return Item(category.code, found.value, counted, telling.QUALIFIERS[found.qualifier])
    if isinstance(found, Vague) and not of_others:
        raise Miss(talk.turn.t("chat.vague_number", said=text[:60]))
    if isinstance(found, Wrong) and not of_others and len(text.split()) <= 4:
        raise Miss(talk.turn.t(f"chat.wrong_number.{found.reason}", said=found.text[:60]))
    return None


def _said_unit(talk: Talk, text: str, found: Count, category: Category) -> str | None:
    """The unit that was typed beside the number, written out in full: "12 hs" is 12 hồ sơ; "": none was; None: the word
    is no unit that is known."""
    if not found.unit_words:
        return ""
    own = [category.unit_vi, category.unit_en, *category.words.split("\n")]
    if any(vietnamese.fold(found.unit_words) == vietnamese.fold(name) for name in own):
        return category.unit_vi
    words = f"{text} {category.words.split()[0] if category.words else ''}"
    reading = read(words, talk.turn.today, (known(category),), heard.units(talk.turn))
    one = next((item for item in reading.items if item.count == found.value), None)
    return one.unit if one and one.unit != category.unit_vi else None


def _category(talk: Talk, doubt: Doubt) -> Told:
    """A number of nobody knows what."""

    def answer(said: Heard) -> Told:
        if said.value == SKIP:
            return telling.settle(talk.told)
        code = kind(talk, said)
        if code is None:
            return added.words(talk, said.text, notes=False)
        category = talk.category(code)
        if len(doubt.values) == 1 and _unit(doubt, category):
            return _counted(talk, doubt, Item(code, doubt.values[0], _unit(doubt, category), doubt.qualifier))
        more = replace(doubt, why=doubt.why if doubt.why in TEXTS else "missing", category=code)
        told = telling.settle(talk.told)
        return replace(told, doubts=(more, *told.doubts))

    amounts = [talk.turn.say.write(value) for value in doubt.values[:MOST_OFFERED]]
    unit = talk.any_unit(doubt.unit)
    said = " / ".join(f"{one} {unit}".strip() for one in amounts) or unit

    def text() -> Text:  # without a number that can be said, it is not asked of what "" is
        return talk.turn.t("reports_told.of_what", said=said) if said else talk.turn.t("reports_told.what", got=())

    return talk.ask.once(talk.question, answer, lambda: talk.prompt(text(), [*choices(talk), talk.skip]))


def choices(talk: Talk) -> list[list[tuple[str, str]]]:
    """The kinds of activity, a page at a time."""
    return talk.ask.pages(kinds_of_activity(talk.turn))


def kind(talk: Talk, said: Heard, *, notes: bool = False) -> str | None:
    """The kind of activity that was chosen or named; None: the words are a report themselves, or (with `notes`) a whole
    sentence to be noted. Raises Miss."""
    try:
        return talk.ask.chosen(kinds_of_activity(talk.turn), said)
    except Miss:
        if said.text and heard.hear(talk.turn, said.text).kind in added.REPORTS:
            return None
        if notes and len(said.text.split()) > MOST_NAME and "only" not in talk.ask.draft.view:
            return None
        raise


def what(talk: Talk) -> Told:
    """Photos or a note came, but not yet what was done."""

    def answer(said: Heard) -> Told:
        if said.value is None and talk.captioned:
            return added.words(talk, said.text)
        code = kind(talk, said, notes=True)
        if code is None:
            return added.words(talk, said.text)
        return replace(talk.told, doubts=(Doubt("missing", code),), photos_at=0)

    def text() -> Text:
        told = talk.told
        note = talk.turn.t("reports.note", note=told.note) if told.note else ()
        got = talk.turn.t("chat.got_photos", count=talk.photos) if talk.photos else ()
        return talk.turn.t("reports_told.what", got=lines(got, note))

    return talk.ask.once("what", answer, lambda: talk.prompt(text(), choices(talk), gathers=True))
