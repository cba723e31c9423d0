"""/lichsu: looking through what was reported, one's own or a unit's, page by page or by words and days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.chat import pick
from bot.chat.action import Typed
from bot.chat.dialog import Ask
from bot.chat.message import Button, Text, in_rows
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.texts import lines, paragraphs
from bot.chat.turn import Turn
from bot.rules import past as rules
from bot.rules import people, rights, vietnamese
from handlers.reports.actions import Find, Past
from handlers.reports.cards import named, what
from storage import past, units
from storage.categories import Category
from storage.past import Found, Shelf
from storage.reports import Item
from storage.units import Unit

PAGE = 6
MOST_SEARCHED = 1000
MOST_WORDS = 40  # characters of them, that a button carries
MINE = 0

router = Router("reports")


@router.command("lichsu", about="past.about", rank=32)
def show(turn: Turn) -> Said:
    """My reports, the newest first; "/lichsu vneid tháng 10": those about it."""
    typed = turn.incoming.text.strip()
    asked = typed.partition(" ")[2] if typed.startswith("/") else ""
    return _page(turn, Past(_first(turn), 0, _carried(asked)))


def _first(turn: Turn) -> int:
    """One's own reports; of who makes none, those of the unit they watch over."""
    watched = rights.offices(turn.posts, "watch")
    return MINE if people.is_member(turn.posts) or not watched else watched[0].id


@router.on(Past)
def turn_to(turn: Turn, pressed: Past) -> Said:
    return _page(turn, pressed)


@router.on(Find)
def begin_to_find(turn: Turn, pressed: Find) -> Said:
    _shelf(turn, pressed.unit)
    return find_report.begin(turn, unit=pressed.unit)


@router.dialog("find_report", questions=1)
def find_report(turn: Turn, ask: Ask, /, unit: int) -> Said:
    """Words and days that what is looked for has."""
    return _page(turn, Past(unit, 0, _carried(ask.text("words", "past.find_what"))))


def _carried(said: str) -> str:
    return vietnamese.fold(said)[:MOST_WORDS].strip()


def _shelf(turn: Turn, unit_id: int) -> Shelf:
    if unit_id == MINE:
        return Shelf(person=turn.me.id)
    return Shelf(unit=rights.check(turn.posts, "watch", units.get(turn.db, unit_id)))


def _page(turn: Turn, asked: Past) -> Reply:
    query = rules.read(asked.words, turn.today)
    shelf = _shelf(turn, asked.unit)
    if query.first and query.last:
        shelf = replace(shelf, first=query.first.isoformat(), last=query.last.isoformat())
    if query.words:
        everything = _matching(turn, shelf, query)
        total, number = len(everything), _number(asked, len(everything))
        shown = everything[number * PAGE : (number + 1) * PAGE]
    else:
        total = past.count(turn.db, shelf)
        number = _number(asked, total)
        shown = past.page(turn.db, shelf, number * PAGE, PAGE)
    text = paragraphs(
        lines(_title(turn, shelf, asked, total), _where(turn, number, total)),
        lines(*(_line(turn, found, shelf) for found in shown)),
        () if total else turn.t("past.none" if asked.words else "past.none_yet"),
        _searched(turn, shelf) if query.words else (),
    )
    return Reply(text, _buttons(turn, replace(asked, page=number), shown, total), card="past")


def _searched(turn: Turn, shelf: Shelf) -> Text:
    """Where there are more than are searched, it is said how to look further back."""
    there = past.count(turn.db, shelf)
    return turn.t("past.only_newest", most=MOST_SEARCHED) if there > MOST_SEARCHED else ()


def _number(asked: Past, total: int) -> int:
    return max(0, min(asked.page, (total - 1) // PAGE))


def _matching(turn: Turn, shelf: Shelf, query: rules.Query) -> list[Found]:
    """Of the newest reports those with all the words, in what was done, said, by whom or where."""
    newest = past.page(turn.db, shelf, 0, MOST_SEARCHED)
    known = named(turn, [item for found in newest for item in found.report.items])
    called = {code: f"{kind.name_vi} {kind.name_en} {kind.about_vi} {kind.words}" for code, kind in known.items()}

    def has(found: Found) -> bool:
        one = found.report
        done = " ".join(f"{called[item.category]} {_units(known, item)} {item.count}" for item in one.items)
        return query.fits(f"{one.code} {done} {one.note} {one.said} {one.place} {found.author} {found.unit}")

    return [found for found in newest if has(found)]


def _units(known: dict[str, Category], item: Item) -> str:
    return f"{item.unit} {known[item.category].counted(item.unit, 'en')}"


def _title(turn: Turn, shelf: Shelf, asked: Past, total: int) -> Text:
    if shelf.unit is not None:
        title = turn.t("past.of_unit", unit=shelf.unit.name, count=total)
    else:
        title = turn.t("past.of_me", count=total)
    return (*title, *turn.t("past.about_words", words=asked.words)) if asked.words else title


def _where(turn: Turn, number: int, total: int) -> Text:
    pages = -(-total // PAGE)
    return turn.t("past.page", number=number + 1, of=pages) if pages > 1 else ()


def _line(turn: Turn, found: Found, shelf: Shelf) -> Text:
    one = found.report
    return turn.t(
        "past.line" if shelf.unit is None else "past.line_of",
        code=one.code,
        day=date.fromisoformat(one.day),
        name=found.author,
        unit=found.unit,
        what=what(turn.say, named(turn, one.items), one),
        photos=turn.say.label("past.photos", count=found.photos) if found.photos else "",
        state=turn.say.label(f"past.state.{one.state}") if one.state != "kept" else "",
    )


def _buttons(turn: Turn, asked: Past, shown: list[Found], total: int) -> tuple[tuple[Button, ...], ...]:
    codes = [Button(found.report.code, Typed(found.report.code).pack()) for found in shown]
    rows = list(in_rows(codes, 3))
    turning = []
    if asked.page:
        turning.append(turn.button("past.buttons.newer", replace(asked, page=asked.page - 1)))
    if (asked.page + 1) * PAGE < total:
        turning.append(turn.button("past.buttons.older", replace(asked, page=asked.page + 1)))
    others = [turn.button("past.buttons.find", Find(asked.unit))]
    if asked.words:
        others.append(turn.button("past.buttons.all", replace(asked, page=0, words="")))
    return (*rows, *([tuple(turning)] if turning else []), tuple(others), *_shelves(turn, asked))


def _shelves(turn: Turn, asked: Past) -> list[tuple[Button, ...]]:
    """One's own, and the units one watches over."""
    watched: list[Unit] = rights.offices(turn.posts, "watch")
    names = zip(watched, pick.places(turn, watched, 1), strict=True)
    rows: list[tuple[Button, ...]] = [
        (Button(f"📁 {name}"[:40], Past(unit.id, 0, asked.words).pack()),)
        for unit, name in names
        if unit.id != asked.unit
    ]
    if asked.unit != MINE:
        rows.append((turn.button("past.buttons.mine", Past(MINE, 0, asked.words)),))
    return rows
