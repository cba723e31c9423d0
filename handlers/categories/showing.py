"""/hangmuc: the list, in pages and by search; retired, and brought back."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.dialog import Ask, Option, Unsure
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.turn import Turn
from bot.rules import rights, vietnamese
from bot.rules.refused import Refused
from bot.rules.vietnamese import fold
from bot.rules.wording import words_of
from handlers.categories.actions import Add, Back, Do, Find, Page, Retire, Show
from handlers.categories.cards import card_of, known, office, page_of, write
from handlers.categories.changing import DIALOGS, add
from storage import categories
from storage.categories import Category

MOST_FOUND = 8

router = Router("categories")


@router.command("hangmuc", who=rights.has("settings"))
def show(turn: Turn) -> Said:
    """The list; "/hangmuc vneid": that one."""
    asked = turn.incoming.text.strip().partition(" ")[2].strip() if turn.incoming.text.startswith("/") else ""
    if not asked:
        return page_of(turn, 0)
    return find.begin(turn, {"which": (_read(turn, asked), "")})


@router.on(Page)
def page(turn: Turn, pressed: Page) -> Said:
    return page_of(turn, pressed.number, retired=bool(pressed.retired))


@router.on(Show)
def show_one(turn: Turn, pressed: Show) -> Said:
    return card_of(turn, known(turn, pressed.category))


@router.on(Find)
def begin_to_find(turn: Turn, pressed: Find) -> Said:
    office(turn)
    return find.begin(turn)


@router.dialog("find")
def find(turn: Turn, ask: Ask, /) -> Said:
    """By code, name, or what members call it."""
    code = ask.value("which", "categories.which", lambda said: _read(turn, said), numbered=False)
    return card_of(turn, known(turn, code))


def _read(turn: Turn, said: str) -> str:
    office(turn)
    everything = categories.by_code(turn.db)
    if said.upper() in everything:
        return said.upper()
    found = [one for one in everything.values() if _is_called(one, said)]
    if not found:
        raise Refused("categories.none_called", said=said[:40])
    if len(found) > 1:
        raise Unsure("chat.which_of_these", [Option(one.code, one.name_vi) for one in found[:MOST_FOUND]])
    return found[0].code


def _is_called(one: Category, said: str) -> bool:
    if fold(said) in map(fold, words_of(one.words)):
        return True
    return any(vietnamese.matches(said, name) for name in (one.name_vi, one.name_en, one.about_vi))


@router.on(Add)
def begin_to_add(turn: Turn, pressed: Add) -> Said:
    office(turn)
    return add.begin(turn, {"code": ("", ""), "english": ("", "")})


@router.on(Do)
def begin_to_change(turn: Turn, pressed: Do) -> Said:
    one = known(turn, pressed.category)
    if pressed.what not in DIALOGS:
        raise Refused("chat.stale_button")
    dialog, given = DIALOGS[pressed.what]
    return dialog.begin(turn, {key: (value, "") for key, value in given(one).items()}, category=one.code)


@router.on(Retire)
def retire(turn: Turn, pressed: Retire) -> Said:
    """It stays in history, and is no longer offered nor read."""
    one = known(turn, pressed.category)
    if one.retired_at is not None or pressed.sure == 2:
        return card_of(turn, one)
    if not pressed.sure:
        sure = turn.button("categories.buttons.retire_sure", Retire(1, one.code))
        leave = turn.button("categories.buttons.retire_not", Retire(2, one.code))
        return Reply(
            turn.t("categories.retire_sure", name=one.name_vi, count=categories.reported(turn.db, one.code)),
            ((sure, leave),),
            card=f"category:{one.code}",
        )
    gone = write(turn, one, replace(one, retired_at=turn.now))
    return card_of(turn, gone, turn.t("categories.retired", name=one.name_vi))


@router.on(Back)
def bring_back(turn: Turn, pressed: Back) -> Said:
    """Unless by now another has its name or one of its words."""
    one = known(turn, pressed.category)
    if one.retired_at is None:
        return card_of(turn, one)
    return card_of(turn, write(turn, one, replace(one, retired_at=None)), turn.t("categories.back", name=one.name_vi))
