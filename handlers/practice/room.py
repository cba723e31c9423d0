"""/tapsu and /thoat: into the practice room, from lesson to lesson, and out of it."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.chat.dialog import offer_back
from bot.chat.message import in_rows
from bot.chat.reply import Reply
from bot.chat.router import Router, Said, anyone
from bot.chat.texts import lines, paragraphs
from bot.chat.turn import Turn, press
from bot.rules import practice as rules
from bot.rules.refused import Refused
from bot.rules.vietnamese import fold
from handlers.practice.actions import Leave, Lesson, Lessons, Skip
from handlers.practice.teaching import LESSONS, NEED_CARD, comes_with
from storage import drafts, practice
from storage.practice import Practice

_NUMBER = re.compile(r"(?:bai|lesson) (\d{1,2})")

router = Router("practice")


@router.command("tapsu", about="practice.about", who=bool, rank=88, said=("tập thử",), practice=bool)
def enter(turn: Turn) -> Said:
    """From now on it is practice; who practises already sees the lessons."""
    if turn.practice is not None:
        return _list(turn)
    begun = practice.begin(turn.db, turn.me.id, turn.now)
    turn.practice = rules.begun(begun, rules.lessons(turn.posts))
    return [Reply(turn.t("practice.welcome")), *comes_with(turn)]


def _list(turn: Turn) -> Reply:
    going_on, theirs = _going_on(turn), rules.lessons(turn.posts)
    rows = []
    buttons = []
    for number, name in enumerate(theirs, 1):
        sign = turn.t("practice.done" if name in going_on.done else "practice.to_do")
        title = turn.say.label(f"practice.lesson.{name}")
        rows.append(turn.t("practice.line", sign=sign, number=number, name=title))
        buttons.append(turn.button("practice.lesson_button", Lesson(name), number=number, name=title))
    return Reply(paragraphs(turn.t("practice.lessons"), lines(*rows)), in_rows(buttons, 2), card=LESSONS)


def _going_on(turn: Turn) -> Practice:
    """Raises Refused to whoever presses a button of the room after they left."""
    if turn.practice is None:
        raise Refused("practice.not_on")
    return turn.practice


@router.on(Lessons, practice=True)
def show(turn: Turn, pressed: Lessons) -> Said:
    _going_on(turn)
    return _list(turn)


@router.on(Skip, practice=True)
def skip(turn: Turn, pressed: Skip) -> Said:
    """The next lesson; one that is shown no more is skipped already."""
    going_on = _going_on(turn)
    if going_on.at == pressed.lesson:
        _begin(turn, rules.skipped(going_on, rules.lessons(turn.posts)))
    return [Reply(turn.t("practice.skipped")), *comes_with(turn)]


@router.on(Lesson, practice=True)
def go_to(turn: Turn, pressed: Lesson) -> Said:
    """One lesson, the first time or again."""
    going_on = _going_on(turn)
    if pressed.lesson not in rules.lessons(turn.posts):
        raise Refused("chat.stale_button")
    _begin(turn, replace(going_on, at=pressed.lesson))
    title = turn.say.label(f"practice.lesson.{pressed.lesson}")
    return [Reply(turn.t("practice.go_to", name=title)), *comes_with(turn)]


def _begin(turn: Turn, now: Practice) -> None:
    """What was begun for another lesson is not in the way of the next one."""
    turn.practice = now
    if now.at not in NEED_CARD:
        drafts.clear(turn.db, turn.address.channel, turn.address.chat)


@router.said(rank=1, practice=True)
def by_number(turn: Turn) -> Said:
    """Somebody who practises typed "bài 3"."""
    said = _NUMBER.fullmatch(fold(turn.incoming.text.strip()))
    if said is None or turn.practice is None:
        return None
    theirs = rules.lessons(turn.posts)
    return go_to(turn, Lesson(theirs[int(said[1]) - 1])) if 1 <= int(said[1]) <= len(theirs) else None


@router.command("thoat", who=anyone, said=("thoát", "thoát tập"), practice=anyone)
def leave(turn: Turn) -> Said:
    """From now on it is real."""
    if turn.practice is None:
        raise Refused("practice.not_on")
    practice.end(turn.db, turn.me.id, turn.now)
    turn.practice = None
    left = drafts.parked(turn.db, turn.address.channel, turn.address.chat)
    back = [offer_back(turn, left)] if left is not None and left.is_answered else []
    return [Reply(turn.t("practice.left"), menu=True), *back]


@router.on(Leave, practice=True)
def leave_for(turn: Turn, pressed: Leave) -> Said:
    """[Thoát tập], perhaps with what was tried done in earnest; who left already only does that."""
    out = leave(turn) if turn.practice is not None or not pressed.action else []
    said = [out] if isinstance(out, Reply) else list(out or ())
    return [*said, *press(turn, pressed.action)] if pressed.action else said


@router.every(60)
def end_silent(turn: Turn) -> None:
    """Who was silent for an hour practises no more, and is told."""
    for one in practice.silent(turn.db, turn.now):
        practice.end(turn.db, one.person_id, turn.now)
        turn.tell(one.person_id, lambda say: Reply(say("practice.over_by_itself")))
