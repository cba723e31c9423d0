"""What somebody told of their day as it grows from message to message, until it is sent: pure, and kept as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot.rules.reading import Item as Read
from bot.rules.reading import Question, Reading
from storage.reports import Item, Report

MOST_PHOTOS = 10  # of one report
MOST_QUESTIONS = 3  # what is still not certain then stays a note
MOST_NOTE = 1000
MOST_SAID = 4000
FIX = "fix"  # of `part`: it is asked which part is to be changed

QUALIFIERS = {"": "", "~": "khoảng", ">": "hơn", "<": "gần"}
"""The reader's signs as words that are kept beside the number."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to be asked, `why` as in `reading.Question`; of our own: again (the same kind twice; values: the number
    there is and the new one), which (a number without its kind mends one of the items), other_day (`words` are of
    another day than the rest), apart (`words` came while a sent report is mended), nothing (that nothing was done was
    said beside figures), photos (`files` came long before the words).

    `mends`: the answer takes the place of what was said of this kind.
    """

    why: str
    category: str = ""
    values: tuple[int, ...] = ()
    unit: str = ""
    qualifier: str = ""
    days: tuple[str, ...] = ()
    words: str = ""
    files: tuple[int, ...] = ()
    mends: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """`day` and `opened` (when it was begun) are ISO text; `dated`: the day was said. `team`: the unit's id.

    `nothing`: that nothing was done was said. `asked`: how many questions were answered. `unkept`: photos too many.
    `part`: what is being changed ("", "fix", "item:0" …). `later`: messages of another day, for a report of their own.
    `photos_at`: when photos came that no words belong to yet, UTC ms. `skipped`: kinds whose own question is not asked.
    `twice`: ids of sent reports that say the same, while it is asked about them; `apart`: of those it was asked about.
    `against`: of those that say figures where this says nothing was done, or the other way round; `instead`: those that
    are taken back for this. `whose`: id of the team-mate it is reported for (0: oneself); `among`: of those it may be,
    while it is asked; `stranger`: somebody was named who is in none of the teams, so that it is one's own.
    `version`: of the sent report that is being changed, as it was looked at.
    """

    day: str
    opened: str
    team: int
    items: tuple[Item, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    nothing: bool = False
    dated: bool = False
    place: str = ""
    notes: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    files: tuple[int, ...] = ()
    unkept: int = 0
    asked: int = 0
    part: str = ""
    later: tuple[str, ...] = ()
    photos_at: int = 0
    skipped: tuple[str, ...] = ()
    twice: tuple[int, ...] = ()
    apart: tuple[int, ...] = ()
    version: int = 0
    against: tuple[int, ...] = ()
    instead: tuple[int, ...] = ()
    whose: int = 0
    among: tuple[int, ...] = ()
    stranger: bool = False

    @property
    def doubt(self) -> Doubt | None:
        """What is asked next."""
        return self.doubts[0] if self.doubts and self.asked < MOST_QUESTIONS else None

    @property
    def has_content(self) -> bool:
        return bool(self.items or self.doubts or self.nothing)

    @property
    def note(self) -> str:
        return "\n".join(self.notes)[:MOST_NOTE]

    @property
    def words(self) -> str:
        return "\n".join(self.said)[:MOST_SAID]


def as_json(told: Told) -> dict[str, Any]:
    return asdict(told)


def of_json(kept: Mapping[str, Any]) -> Told:
    values = _frozen(kept)
    doubts = tuple(Doubt(**_frozen(one)) for one in values["doubts"])
    return Told(**values | {"items": tuple(Item(**one) for one in values["items"]), "doubts": doubts})


def _frozen(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in kept.items()}


def of_report(kept: Report, files: Iterable[int], today: str) -> Told:
    """A sent report, to be changed."""
    return Told(
        kept.day,
        today,
        kept.unit_id,
        items=kept.items,
        nothing=not kept.items,
        dated=True,
        place=kept.place,
        notes=(kept.note,) if kept.note else (),
        said=(kept.said,) if kept.said else (),
        files=tuple(files),
        version=kept.version,
        skipped=tuple(item.category for item in kept.items),
    )


def take(told: Told, reading: Reading, *, more: bool = False, numbers: Iterable[int] = ()) -> Told:
    """What a message adds. `more`: it says "thêm"; `numbers`: all it names, to find what a correction is about."""
    mends = reading.kind == "correction"
    if reading.kind == "zero" and not reading.items:
        doubts = (*told.doubts, Doubt("nothing")) if told.items else told.doubts
        return replace(told, nothing=not told.items, doubts=doubts)
    for item in reading.items:
        told = put(told, _kept(item), mends=mends, more=more)
    for question in reading.ask:
        added = _more_of(told, question) if more else None
        told = added or _ask(told, question, mends, tuple(numbers))
    return told


def _more_of(told: Told, question: Question) -> Told | None:
    """ "thêm 2 quán nữa": more of the only thing that was counted so."""
    found = [item for item in told.items if question.unit in ("", item.unit)]
    if question.why != "category" or len(question.values) != 1 or len(found) != 1:
        return None
    return put(told, replace(found[0], count=question.values[0], qualifier=""), more=True)


def _kept(item: Read) -> Item:
    return Item(item.category, item.count, item.unit, QUALIFIERS[item.qualifier])


def put(told: Told, item: Item, *, mends: bool = False, more: bool = False) -> Told:
    """One more item. In place of the same kind's if it mends it, on top of it if there is more, else that is asked."""
    alike = [at for at, one in enumerate(told.items) if one.category == item.category]
    same = next((at for at in alike if told.items[at].unit == item.unit), None)
    told = replace(told, nothing=False)
    if mends and (same is not None or len(alike) == 1):
        return change(told, alike[0] if same is None else same, item)
    if same is None:
        return replace(told, items=(*told.items, item))
    old = told.items[same]
    if more:
        return change(
            told, same, replace(item, count=old.count + item.count, qualifier=item.qualifier or old.qualifier)
        )
    again = Doubt("again", item.category, (old.count, item.count), item.unit, item.qualifier)
    return replace(told, doubts=(*told.doubts, again))


def change(told: Told, at: int, item: Item) -> Told:
    """Another item in the place of one; the same kind and unit stand there once only, as the sum."""
    if not 0 <= at < len(told.items):
        return told
    rest = [one for place, one in enumerate(told.items) if place != at]
    twin = next((one for one in rest if (one.category, one.unit) == (item.category, item.unit)), None)
    if twin is None:
        return replace(told, items=(*told.items[:at], item, *told.items[at + 1 :]))
    joined = replace(twin, count=twin.count + item.count, qualifier=item.qualifier or twin.qualifier)
    return replace(told, items=tuple(joined if one is twin else one for one in rest))


def remove(told: Told, at: int) -> Told:
    return replace(told, items=tuple(one for place, one in enumerate(told.items) if place != at))


def _ask(told: Told, question: Question, mends: bool, numbers: tuple[int, ...]) -> Told:
    days = tuple(day.isoformat() for day in question.days)
    values = tuple(dict.fromkeys(question.values))
    doubt = Doubt(question.why, question.category or "", values, question.unit, days=days, mends=mends)
    if mends and question.why == "category" and told.items and len(values) == 1:
        return mend(told, doubt, numbers)
    return told if doubt in told.doubts else replace(told, doubts=(*told.doubts, doubt))


def mend(told: Told, doubt: Doubt, numbers: tuple[int, ...]) -> Told:
    """ "12 chứ hỏng phải 21": of the items that of 21; the only one, if no other number was named; else it is asked."""
    count = doubt.values[0]
    old = [at for at, one in enumerate(told.items) if one.count in numbers and one.count != count]
    found = old if len(old) == 1 else range(len(told.items))
    names_another = not old and any(number != count for number in numbers)
    if len(found) == 1 and not names_another:
        item = told.items[found[0]]
        unit = doubt.unit or item.unit
        return change(told, found[0], replace(item, count=count, unit=unit, qualifier=""))
    return replace(told, doubts=(*told.doubts, replace(doubt, why="which")))


def settle(told: Told) -> Told:
    """The question that was asked is answered, or left."""
    return replace(told, doubts=told.doubts[1:], asked=told.asked + 1)


def with_photos(told: Told, files: Iterable[int]) -> Told:
    """As many as are kept; the rest is counted, so that it can be said."""
    found = tuple(dict.fromkeys((*told.files, *files)))
    return replace(told, files=found[:MOST_PHOTOS], unkept=told.unkept + max(0, len(found) - MOST_PHOTOS))


def with_note(told: Told, *notes: str) -> Told:
    new = [note for note in notes if note and note not in told.notes]
    return replace(told, notes=(*told.notes, *new))
