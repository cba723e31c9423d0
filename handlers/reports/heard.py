"""Typed words as the reader understands them, and what of them it does not."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from bot.chat.turn import Turn
from bot.rules import codes, vietnamese
from bot.rules.reading import (
    PERSON_UNITS,
    PERSON_WORDS,
    Category,
    Counted,
    Item,
    Question,
    Reading,
    known,
    known_unit,
    read,
)
from storage import categories, counted

MOST_CLAUSES, MOST_LENGTH = 12, 600  # of a longer message no parts are looked at, only the whole
MOST_DAY, MOST_DAY_WORDS = 40, 4  # what is longer says more than a day
_CLAUSE = re.compile(r"[^\n.,;!?]+(?:[.,](?=\d)[^\n.,;!?]+)*[.,;!?]*")
_TAKE_BACK = re.compile(
    "(?:(?:da|em|cho|minh|tui|toi|muon|giup) )*"
    "(?:hoan tac|undo|(?:xoa|huy|go|rut)(?: lai)? (?:bao cao|bc)(?: (?:nay|do|vua roi|hoi nay|luc nay))?"
    "|(?:gui|ghi|bao) (?:lon|nham)(?: roi)?(?:,? (?:bo|xoa|huy)(?: di)?)?)"
    "(?: (?:nha|nhe|voi|a|em|gium|giup|di|roi))*"
)
_POLITE = frozenset(
    """da thua chao xin em anh chi co chu bac minh moi nguoi mn nha nhe nhen nghen hen a ah oi cam on bao cao bc to ad
    admin sep lanh dao roi xong het vay thoi ok oke okie dung duoc vang u um ro hom nay hum hai ghi nhan giup dum gium
    voi do lon nham lai sua moi ne""".split()  # noqa: SIM905
)


def hear(turn: Turn, text: str) -> Reading:
    """What a message reports; whether a figure of a longer time is the day's own is asked."""
    known_kinds = kinds(turn)
    reading = _read(text, turn.today, known_kinds, units(turn))
    reading = replace(reading, items=tuple(_in_full(item, known_kinds) for item in reading.items))
    longer = [Question(one.category, "longer", (one.count,), one.unit) for one in reading.items if one.is_cumulative]
    items = tuple(one for one in reading.items if not one.is_cumulative)
    return replace(reading, items=items, ask=(*reading.ask, *longer)) if longer else reading


def _in_full(item: Item, known_kinds: tuple[Category, ...]) -> Item:
    """ "loa 7" and "thêm 1 lượt loa" are counted in one unit: the kind's own, of which the other is the first word."""
    own = next((one.units[0] for one in known_kinds if one.code == item.category and one.units), "")
    is_short = own.startswith(f"{item.unit} ") and own not in PERSON_UNITS
    return replace(item, unit=own) if is_short else item


def _read(text: str, today: date, known_kinds: tuple[Category, ...], known_units: tuple[Counted, ...]) -> Reading:
    """What a unit alone makes a figure of a kind no longer in use is of no kind: it is asked what it was."""
    reading = read(codes.without_codes(text), today, known_kinds, known_units)
    gone = {one.code for one in known_kinds if not one.names}
    if not any(item.category in gone for item in reading.items):
        return reading
    asked = [Question(None, "category", (item.count,), item.unit) for item in reading.items if item.category in gone]
    items = tuple(item for item in reading.items if item.category not in gone)
    return replace(reading, items=items, ask=(*reading.ask, *asked))


def kinds(turn: Turn) -> tuple[Category, ...]:
    """The kinds of activity, always in one order: the reader remembers what it made of them. Of those no longer in use
    it knows what they were counted in, so that a unit two of them had is not the other's alone."""
    return tuple(known(one) for one in categories.by_code(turn.db).values())


def by_unit_alone(turn: Turn, text: str) -> set[tuple[str, int]]:
    """The figures of people (kind, count) of which no word says what was done: "21 người"."""
    nameless = tuple(
        replace(one, names=(), words=tuple(word for word in one.words if word in PERSON_WORDS)) for one in kinds(turn)
    )
    items = read(codes.without_codes(text), turn.today, nameless, units(turn)).items
    return {(item.category, item.count) for item in items if item.unit in PERSON_UNITS}


def units(turn: Turn) -> tuple[Counted, ...]:
    """The units of count of this office, with the words for them."""
    return tuple(known_unit(one) for one in counted.everything(turn.db))


def unread(turn: Turn, text: str, reading: Reading) -> list[str]:
    """The parts of a message without which it reads the same: nobody understood them, so they are a note."""
    spans = [match.span() for match in _CLAUSE.finditer(text)]
    if len(spans) <= 1 or len(spans) > MOST_CLAUSES or len(text) > MOST_LENGTH:
        return []
    known_kinds, known_units = kinds(turn), units(turn)
    found = []
    for first, end in spans:
        rest = _read(text[:first] + text[end:], turn.today, known_kinds, known_units)
        words = text[first:end].strip(" .,;!?\n-–")
        if replace(rest, note="") == replace(reading, note="") and not is_polite(words):
            found.append(words)
    return found


def by_day(turn: Turn, text: str, reading: Reading) -> list[str]:
    """ "hôm qua 4 quán, hôm nay 6 quán" as the words of each day; []: it is not sure which figures are of which."""
    if reading.kind != "report" or not _asks_day(reading) or len(text) > MOST_LENGTH:
        return []
    parts = _stretches(turn, [match.group().strip(" .,;!\n") for match in _CLAUSE.finditer(text)])
    heard = [hear(turn, part) for part in parts]
    days = {one.day for one in heard if one.day and one.kind in ("report", "zero") and not _asks_day(one)}
    return parts if len(days) == len(parts) else []


def _stretches(turn: Turn, clauses: list[str]) -> list[str]:
    """Each day with what follows up to the next; or, where days stand behind their figures, each clause."""
    if not 1 < len(clauses) <= MOST_CLAUSES:
        return []
    first, last = ([_is_day(turn, clause.split()[cut]) for clause in clauses] for cut in (slice(2), slice(-2, None)))
    if all(last) and not any(first):
        return clauses
    says_day = [hear(turn, clause).day is not None for clause in clauses]
    if not first[0] or first != says_day:
        return []
    parts: list[str] = []
    for clause, begins in zip(clauses, first, strict=True):
        parts = [*parts, clause] if begins else [*parts[:-1], f"{parts[-1]}, {clause}"]
    return parts


def _is_day(turn: Turn, words: list[str]) -> bool:
    return isinstance(vietnamese.read_day(" ".join(words), turn.today), date)


def _asks_day(reading: Reading) -> bool:
    return any(one.why == "day" for one in reading.ask)


def says_figures(turn: Turn, text: str) -> bool:
    """Whether it says what was done, by its kind: a bare number or a day alone does not."""
    reading = hear(turn, text)
    return reading.kind in ("report", "correction") and bool(reading.items or any(one.category for one in reading.ask))


def counts(turn: Turn, text: str) -> bool:
    """Whether it says how many of anything."""
    reading = hear(turn, text)
    return bool(reading.items or any(one.values for one in reading.ask))


def is_polite(text: str) -> bool:
    """Nothing but words of greeting, thanks and assent."""
    return all(word in _POLITE for word in re.findall(r"[^\W_]+", vietnamese.fold(text)))


def is_more(text: str) -> bool:
    """ "thêm 3 người", "cộng thêm …": on top of what was told."""
    return bool(
        re.match(r"(da |em |cho em |bao |cong |va |with |ghi )*(them|nua)\b|and |plus |add ", vietnamese.fold(text))
    )


def says_mend(text: str) -> bool:
    """That something is to be changed, and not what."""
    return bool(
        re.fullmatch(
            r"(da |em |cho |minh |tui |toi |muon )*sua( lai)?( bao cao)?( (nha|nhe|voi|a|giup em))*", _bare(text)
        )
    )


def says_take_back(text: str) -> bool:
    """That what was sent is to be taken out again."""
    return bool(_TAKE_BACK.fullmatch(_bare(text)))


def _bare(text: str) -> str:
    return vietnamese.fold(text).strip(" .,!")


def numbers(text: str) -> tuple[int, ...]:
    """Every whole number that stands in it, also the one that "hỏng phải" says is wrong."""
    tokens = vietnamese.tokenise(text[:MOST_LENGTH])
    found = []
    for amount in vietnamese.find_amounts(tokens):
        parts = [amount] if amount.kind == "exact" else vietnamese.find_amounts(tokens[amount.end - 1 : amount.end])
        found += [part.value for part in parts if part.kind == "exact"]
    return tuple(found)


def bare_numbers(text: str) -> set[int]:
    """The numbers after which nothing says what they count."""
    tokens = vietnamese.tokenise(text[:MOST_LENGTH])
    found = [amount for amount in vietnamese.find_amounts(tokens) if amount.kind == "exact"]
    return {one.value for one in found if one.end == len(tokens) or tokens[one.end].kind != "word"}


def read_day(turn: Turn, text: str) -> date | None:
    """The day, where a message says a day and nothing else."""
    if len(text) > MOST_DAY or len(text.split()) > MOST_DAY_WORDS:
        return None
    day = vietnamese.read_day(text, turn.today)
    return day if isinstance(day, date) else None
