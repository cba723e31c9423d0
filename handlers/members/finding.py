"""/thanhvien: the list, in pages and by search, and what is begun from there."""

from __future__ import annotations

from bot.chat import pick
from bot.chat.dialog import Ask
from bot.chat.message import Button
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.turn import Turn
from bot.rules import rights
from bot.rules.refused import Refused
from handlers.members.actions import Add, Do, Find, Page, Show
from handlers.members.cards import card_of, look_after, page_of, somebody
from handlers.members.changes import add, move, role
from handlers.members.introducing import introduce
from handlers.members.leaving import correct, remove

MOST_LABEL = 40

router = Router("members")


@router.command("thanhvien", about="members.about", who=rights.has("members"), rank=55)
def show(turn: Turn) -> Said:
    """The people of the unit one looks after, of several the one that is chosen; or whom the words behind it mean."""
    _, _, said = turn.incoming.text.strip().partition(" ")
    if turn.incoming.text.startswith("/") and said.strip():
        return introduce(turn, said.strip()) or find_person.begin(turn, said=said.strip(), unit=0)
    offices = rights.offices(turn.posts, "members")
    if len(offices) == 1:
        return page_of(turn, offices[0], 0)
    places = zip(offices, pick.places(turn, offices), strict=True)
    rows = tuple((Button(name[:MOST_LABEL], Page(unit.id, 0).pack()),) for unit, name in places)
    return Reply(turn.t("members.which_unit"), rows, card="members")


@router.on(Page)
def page(turn: Turn, pressed: Page) -> Said:
    return page_of(turn, look_after(turn, pressed.unit), pressed.number)


@router.on(Find)
def find(turn: Turn, pressed: Find) -> Said:
    return find_person.begin(turn, unit=look_after(turn, pressed.unit).id)


@router.dialog("find_person")
def find_person(turn: Turn, ask: Ask, /, unit: int) -> Said:
    """By name or number, in a unit or (0) in all that one looks after; who left too, while a chat is theirs."""
    within = [look_after(turn, unit)] if unit else rights.offices(turn.posts, "members")
    if not within:
        raise Refused("chat.not_for_you")
    member = pick.person(turn, ask, "who", "members.find_whom", within, left=True)
    return card_of(turn, member.person)


@router.on(Show)
def show_person(turn: Turn, pressed: Show) -> Said:
    return card_of(turn, somebody(turn, pressed.person))


@router.on(Do)
def do(turn: Turn, pressed: Do) -> Said:
    """Begin it; whether it is allowed is asked in the dialog, at each answer."""
    dialogs = {"role": role, "move": move, "correct": correct, "remove": remove}
    if pressed.what not in dialogs:
        raise Refused("chat.stale_button")
    return dialogs[pressed.what].begin(turn, person=somebody(turn, pressed.person).id)


@router.on(Add)
def begin_to_add(turn: Turn, pressed: Add) -> Said:
    return add.begin(turn, unit=look_after(turn, pressed.unit).id)
