"""/donvidem: in what things are counted, for the administrator of all."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.chat import settings
from bot.chat.action import Action
from bot.chat.dialog import Ask, Option
from bot.chat.message import Button, Text, in_rows
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.texts import lines, paragraphs
from bot.chat.turn import Turn
from bot.rules import counted as rules
from bot.rules import rights
from bot.rules.refused import Refused
from bot.rules.wording import check_line, check_words, edited, words_of
from storage import categories, counted, units
from storage.counted import Counted
from storage.units import Unit

PAGE = 10
NONE = "-"
SAME = "~same"

router = Router("counted")


@dataclass(frozen=True, slots=True)
class Page(Action, code="ul"):
    number: int


@dataclass(frozen=True, slots=True)
class Show(Action, code="us"):
    name: str


@dataclass(frozen=True, slots=True)
class Add(Action, code="ua"):
    pass


@dataclass(frozen=True, slots=True)
class Change(Action, code="uc"):
    """Its English name and its words."""

    name: str


@dataclass(frozen=True, slots=True)
class Switch(Action, code="ut"):
    """Out of use, or back into it."""

    name: str


@router.command("donvidem", who=rights.has("settings"))
def show(turn: Turn) -> Said:
    """The list."""
    return _page(turn, 0)


@router.on(Page)
def page(turn: Turn, pressed: Page) -> Said:
    return _page(turn, pressed.number)


@router.on(Show)
def show_one(turn: Turn, pressed: Show) -> Said:
    return _card(turn, _known(turn, pressed.name))


@router.on(Add)
def begin_to_add(turn: Turn, pressed: Add) -> Said:
    _office(turn)
    return add.begin(turn, {"english": (SAME, "")})


@router.on(Change)
def begin_to_change(turn: Turn, pressed: Change) -> Said:
    one = _known(turn, pressed.name)
    return change.begin(turn, {"english": (SAME, "")}, unit=one.name)


@router.on(Switch)
def switch(turn: Turn, pressed: Switch) -> Said:
    """Out of use (unless some category counts in it), or back."""
    one = _known(turn, pressed.name)
    kept = _write(turn, one, replace(one, retired_at=turn.now if one.retired_at is None else None))
    return _card(turn, kept, turn.t("counted.back" if kept.retired_at is None else "counted.retired", name=kept.name))


@router.dialog("add", questions=2)
def add(turn: Turn, ask: Ask, /) -> Said:
    """What it is called, and what is typed for it besides."""
    _office(turn)
    name = ask.value("name", "counted.ask.name", lambda said: _checked(turn, Counted(said, said)).name)
    if name in counted.by_name(turn.db):
        raise Refused("counted.there", name=name)
    return _finish(turn, ask, None, Counted(name, name))


@router.dialog("change", questions=1)
def change(turn: Turn, ask: Ask, /, unit: str) -> Said:
    """Its words, perhaps its English name: reports keep the Vietnamese one, so that it stays."""
    was = _known(turn, unit)
    return _finish(turn, ask, was, was)


def _finish(turn: Turn, ask: Ask, was: Counted | None, one: Counted) -> Said:
    def read(said: str) -> list[str]:
        left = [] if said == NONE else edited(words_of(one.words), said)
        check_words(left)
        _checked(turn, replace(one, words="\n".join(left)))
        return left

    now = ", ".join(words_of(one.words)) or turn.say.label("settings.fact.no_words")
    quick = [Option(NONE, turn.say.label("counted.buttons.no_words"))]
    words = ask.value("words", "counted.ask.words", read, quick=lambda: quick, numbered=False, name=one.name, now=now)
    english = ask.value("english", "counted.ask.english", lambda said: check_line(said, rules.MOST_NAME))
    english = one.name_en if english == SAME else english
    one = _checked(turn, replace(one, words="\n".join(words), name_en=english))
    english_button = ("counted.buttons.english", "english")
    ask.confirm("counted.check", quick=[english_button], shown=_about(turn, one))
    kept = _write(turn, was, one)
    return _card(turn, kept, turn.t("counted.added" if was is None else "counted.changed", name=kept.name))


def _office(turn: Turn) -> Unit:
    top = units.top(turn.db)
    if top is None or not rights.may(turn.posts, "settings", top):
        raise Refused("settings.only_the_top", unit=top.name if top else "?")
    return top


def _known(turn: Turn, name: str) -> Counted:
    _office(turn)
    found = counted.by_name(turn.db).get(name)
    if found is None:
        raise Refused("chat.stale_button")
    return found


def _page(turn: Turn, number: int) -> Reply:
    _office(turn)
    some = list(counted.by_name(turn.db).values())
    number = max(0, min(number, (len(some) - 1) // PAGE))
    shown = [
        Button(one.name if one.retired_at is None else f"⏸ {one.name}", Show(one.name).pack())
        for one in some[number * PAGE : (number + 1) * PAGE]
    ]
    rows = list(in_rows(shown, 2))
    turning = []
    if number:
        turning.append(turn.button("counted.buttons.previous", Page(number - 1)))
    if (number + 1) * PAGE < len(some):
        turning.append(turn.button("counted.buttons.next", Page(number + 1)))
    rows += [tuple(turning)] if turning else []
    rows.append((turn.button("counted.buttons.add", Add()),))
    return Reply(turn.t("counted.title", count=len(some)), tuple(rows), card="counted")


def _card(turn: Turn, one: Counted, heading: Text = ()) -> Reply:
    switch_key = "counted.buttons.retire" if one.retired_at is None else "counted.buttons.back"
    rows = (
        (
            turn.button("counted.buttons.change", Change(one.name)),
            turn.button(switch_key, Switch(one.name)),
        ),
        (turn.button("counted.buttons.list", Page(0)),),
    )
    return Reply(paragraphs(heading, _about(turn, one)), rows, card=f"counted:{one.name}")


def _about(turn: Turn, one: Counted) -> Text:
    using = [c.name_vi for c in categories.everything(turn.db) if c.unit_vi == one.name]
    words = ", ".join(words_of(one.words)) or turn.say.label("settings.fact.no_words")
    return lines(
        turn.t("counted.name", name=one.name, english=one.name_en),
        turn.t("counted.words", words=words),
        turn.t("counted.used", names=", ".join(using)) if using else turn.t("counted.unused"),
        turn.t("counted.is_retired", day=turn.when(one.retired_at).date()) if one.retired_at is not None else (),
    )


def _checked(turn: Turn, one: Counted) -> Counted:
    everything = counted.by_name(turn.db).values()
    return rules.check(one, everything, categories.by_code(turn.db).values())


def _write(turn: Turn, was: Counted | None, to: Counted) -> Counted:
    top = _office(turn)
    turn.db.hold(settings.LOCK)
    tidy = _checked(turn, to)
    settings.write(turn.db, settings.COUNTED, was, tidy, turn.house, turn.note, top.id)
    return tidy
