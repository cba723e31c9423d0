"""The last reforms, and [Hoàn tác]: what would come back is said in numbers, then asked, then done."""

from __future__ import annotations

from datetime import date

from bot.chat.message import Button, Text, in_rows
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.texts import lines
from bot.chat.turn import Turn
from bot.rules import rights
from bot.rules.refused import Refused
from handlers.reforms.actions import Latest, Sure, Undo
from handlers.reforms.announce import tell_some
from storage import reforms, units
from storage.reforms import Reform

MOST_REFORMS = 8

router = Router("reforms")


@router.on(Latest)
def latest(turn: Turn, pressed: Latest) -> Said:
    """What was changed lately, and what waits for its day."""
    found = [one for one in reforms.latest(turn.db, MOST_REFORMS * 3) if _is_mine(turn, one)][:MOST_REFORMS]
    if not found:
        return Reply(turn.t("reforms.none_yet"), card="reforms")
    rows = [
        turn.t(
            "reforms.reform_line",
            code=one.code,
            name=one.name,
            day=_day(one),
            state=turn.t(f"reforms.state.{one.state}"),
        )
        for one in found
    ]
    buttons = [undo_button(turn, one) for one in found if one.state in ("done", "waiting")]
    pairs = in_rows(buttons, 2)
    return Reply(lines(turn.t("reforms.latest"), *rows), pairs, card="reforms")


def _day(one: Reform) -> str:
    return f"{date.fromisoformat(one.day):%-d/%-m/%Y}"


def undo_button(turn: Turn, one: Reform) -> Button:
    """[Hoàn tác Đ-0003], or [Bỏ Đ-0003] before its day."""
    key = "reforms.buttons.drop" if one.state == "waiting" else "reforms.buttons.undo"
    return turn.button(key, Undo(one.id), code=one.code)


def _is_mine(turn: Turn, one: Reform) -> bool:
    """Whether all it names is under one's hand."""
    named = [units.get(turn.db, unit) for step in one.steps for unit in step.touches]
    return all(unit is not None and rights.may(turn.posts, "units", unit) for unit in named)


@router.on(Undo)
def ask_undo(turn: Turn, pressed: Undo) -> Said:
    """Say what would come back, or what will not be done."""
    one = _get(turn, pressed.reform)
    if one.state == "waiting":
        yes = turn.button("reforms.buttons.drop_sure", Sure(one.id, 2))
        no = turn.button("reforms.buttons.drop_not", Sure(one.id, 0))
        asked = turn.t("reforms.drop_sure", code=one.code, name=one.name, day=_day(one))
        return Reply(asked, ((yes, no),), card="reforms")
    _check(turn, one)
    yes = turn.button("reforms.buttons.undo_sure", Sure(one.id, 1))
    no = turn.button("reforms.buttons.undo_not", Sure(one.id, 0))
    return Reply(
        turn.t("reforms.undo_sure", code=one.code, name=one.name, day=_day(one), back=_back(turn, one)),
        ((yes, no),),
        card="reforms",
    )


def _back(turn: Turn, one: Reform) -> Text:
    """In numbers, what it would be again; of what there is none nothing is said."""
    reach = reforms.reach(turn.db, one)
    counted = {
        "opened": reach.closed,
        "gone": reach.made,
        "renamed": reach.renamed,
        "hung": reach.hung,
        "people": reach.people,
        "tasks": reach.tasks,
        "told": reach.told,
    }
    return lines(*(turn.t(f"reforms.back.{what}", count=count) for what, count in counted.items() if count))


@router.on(Sure)
def undo(turn: Turn, pressed: Sure) -> Said:
    """Put everything back as it was, while nothing was built on it; or let it not be done."""
    if not pressed.yes:
        return Reply(turn.t("reforms.left_done", code=_get(turn, pressed.reform).code), card="reforms")
    turn.db.alone()
    one = _get(turn, pressed.reform)
    if pressed.yes == 2:
        return _drop(turn, one)
    _check(turn, one)
    reforms.undo(turn.db, one, turn.now)
    _note(turn, "reforms.undone", one, "audit.state.undone")
    tell_some(turn)
    return Reply(turn.t("reforms.undone", code=one.code, name=one.name), card="reforms")


def _drop(turn: Turn, one: Reform) -> Reply:
    if one.state != "waiting":
        raise Refused("reforms.waits_no_more", code=one.code)
    reforms.settle(turn.db, one.id, "dropped", turn.now)
    _note(turn, "reforms.dropped", one, "audit.state.withdrawn")
    return Reply(turn.t("reforms.dropped", code=one.code, name=one.name), card="reforms")


def _get(turn: Turn, reform_id: int) -> Reform:
    one = reforms.get(turn.db, reform_id)
    if one is None or not _is_mine(turn, one):
        raise Refused("chat.not_for_you")
    return one


def _check(turn: Turn, one: Reform) -> None:
    """Raises Refused for one that is not done, or on which something was built."""
    if one.state != "done":
        raise Refused("reforms.not_done", code=one.code)
    built = reforms.depends(turn.db, one)
    if built is not None:
        raise Refused(f"reforms.depends.{built[0]}", code=one.code, what=built[1])


def _note(turn: Turn, act: str, one: Reform, state: str) -> None:
    office = reforms.office(turn.db, one)
    turn.note(act, one.code, before=one.name, after=turn.house.label(state), unit=office)
