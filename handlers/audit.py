"""/nhatky: who changed what, for administrators, within their units."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat import history
from bot.chat.action import Action
from bot.chat.dialog import Ask, Option, Unsure
from bot.chat.message import Button, Span, Text
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.texts import paragraphs
from bot.chat.turn import Turn
from bot.rules import codes, rights
from bot.rules.refused import Refused
from storage import audit
from storage import people as roster
from storage.audit import Entry, Filter
from storage.units import Unit

PAGE = 8
MOST_CANDIDATES = 8
PERSON = "p"

router = Router("audit")


@dataclass(frozen=True, slots=True)
class Page(Action, code="al"):
    """Entries older than `below` (0: the newest) about a code, a person ("p12") or anything ("")."""

    below: int
    about: str


@dataclass(frozen=True, slots=True)
class Find(Action, code="af"):
    pass


@router.command("nhatky", about="audit.about", who=rights.has("audit"), rank=85)
def show(turn: Turn) -> Said:
    """The newest changes; "/nhatky B-0012" or "/nhatky Lan": those about it."""
    asked = turn.incoming.text.strip().partition(" ")[2].strip() if turn.incoming.text.startswith("/") else ""
    if not asked:
        return _page(turn, Page(0, ""))
    try:
        return _page(turn, Page(0, _read(turn, asked)))
    except Unsure as unsure:
        buttons = [(Button(option.label[:60], Page(0, option.id).pack()),) for option in unsure.options]
        return Reply(turn.t(unsure.key, **unsure.values), tuple(buttons))


@router.on(Page)
def turn_to(turn: Turn, pressed: Page) -> Said:
    return _page(turn, pressed)


@router.on(Find)
def begin_to_find(turn: Turn, pressed: Find) -> Said:
    _tops(turn)
    return find.begin(turn)


@router.dialog("find")
def find(turn: Turn, ask: Ask, /) -> Said:
    """What the log should be about: a code, or somebody."""
    _tops(turn)
    return _page(turn, Page(0, ask.value("about", "audit.which", lambda said: _read(turn, said), numbered=False)))


def _tops(turn: Turn) -> list[Unit]:
    tops = rights.offices(turn.posts, "audit")
    if not tops:
        raise Refused("chat.not_for_you")
    return tops


def _read(turn: Turn, said: str) -> str:
    """What `Page.about` is for a code, or a name. Raises Refused, or Unsure with those who may be meant."""
    tops = _tops(turn)
    if _person(said) and audit.held_post(turn.db, tops, _person(said)):
        return said
    if code := codes.read_logged(said):
        return code
    found = audit.people_called(turn.db, tops, said, MOST_CANDIDATES)
    if not found:
        raise Refused("audit.nobody_called", said=said[:40])
    if len(found) > 1:
        raise Unsure("chat.which_of_these", [Option(f"{PERSON}{one}", name) for one, name in found[:MOST_CANDIDATES]])
    return f"{PERSON}{found[0][0]}"


def _person(about: str) -> int:
    number = about.removeprefix(PERSON)
    return int(number[:18]) if about.startswith(PERSON) and number.isdecimal() and number.isascii() else 0


def _page(turn: Turn, wanted: Page) -> Reply:
    tops = _tops(turn)
    person_id = _person(wanted.about)
    of = Filter("" if person_id else wanted.about, person_id, below=wanted.below)
    found = audit.page(turn.db, tops, of, PAGE + 1)
    if not found:
        return Reply(turn.t("audit.no_more" if wanted.below else "audit.none"), (_buttons(turn, wanted, []),))
    lines = [_line(turn, entry) for entry in found[:PAGE]]
    return Reply(paragraphs(_title(turn, tops, wanted), *lines), (_buttons(turn, wanted, found),), card="audit log")


def _title(turn: Turn, tops: list[Unit], wanted: Page) -> Text:
    unit = ", ".join(top.name for top in tops)
    if not wanted.about:
        return turn.t("audit.title", unit=unit)
    person = roster.get(turn.db, _person(wanted.about)) if _person(wanted.about) else None
    return turn.t("audit.title_of", what=person.name if person else wanted.about, unit=unit)


def _line(turn: Turn, entry: Entry) -> Text:
    at = (Span(f"{turn.when(entry.at):%H:%M %-d/%-m}"),)
    return history.shown(turn.say, history.words(turn.db, turn.say, entry), at)


def _buttons(turn: Turn, wanted: Page, found: list[Entry]) -> tuple[Button, ...]:
    row = []
    if len(found) > PAGE:
        row.append(turn.button("audit.buttons.older", Page(found[PAGE - 1].id, wanted.about)))
    if wanted.below:
        row.append(turn.button("audit.buttons.newest", Page(0, wanted.about)))
    return (*row, turn.button("audit.buttons.find", Find()))
