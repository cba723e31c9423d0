"""The instructor: every answer is marked as practice, and says what to try next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.message import Buttons, Text
from bot.chat.plainly import bare
from bot.chat.reply import Reply
from bot.chat.router import Router
from bot.chat.texts import lines, paragraphs
from bot.chat.turn import Turn
from bot.rules import practice as rules
from handlers.practice.actions import Leave, Lessons, Skip
from handlers.practice.pretend import report_card, task_card
from storage import drafts, practice, reports
from storage.practice import Practice

LESSONS = "practice lessons"  # the card on which all of them stand
CARD = "look"  # what is asked where a report is looked at before it is sent
NEED_CARD = ("changed", "sent")  # these lessons go on with what was told
MOST_BYTES = 60  # of a button inside a button

router = Router("practice")


@router.hook("taught")
def taught(turn: Turn, replies: list[Reply]) -> list[Reply]:
    """What was done counts for its lesson; then the next one is shown."""
    before, theirs = _going_on(turn), rules.lessons(turn.posts)
    now = practice.save(turn.db, rules.learned(before, theirs, turn.done), turn.now)
    turn.practice = now
    if now.at != before.at:
        replies = [*replies, *comes_with(turn)]
    shown = [_marked(turn, reply) for reply in replies]
    if shown and shown[-1].text:
        praise = [turn.t(f"practice.praise.{name}") for name in theirs if name in now.done - before.done]
        shown[-1] = _with_hint(turn, shown[-1], praise)
    return shown


def _going_on(turn: Turn) -> Practice:
    assert turn.practice is not None
    return turn.practice


def comes_with(turn: Turn) -> list[Reply]:
    """What a lesson needs to be there, unless a question is asked just now."""
    if drafts.active(turn.db, turn.address.channel, turn.address.chat) is not None:
        return []
    match _going_on(turn).at:
        case "task":
            return [task_card(turn, "given")]
        case "judged":
            return [report_card(turn)]
    return []


def _marked(turn: Turn, reply: Reply) -> Reply:
    if not reply.text and not reply.files:
        return reply
    return replace(reply, text=lines(turn.t("practice.mark"), reply.text))


def _with_hint(turn: Turn, reply: Reply, praise: Sequence[Text]) -> Reply:
    draft = drafts.active(turn.db, turn.address.channel, turn.address.chat)
    busy = draft is not None and draft.asked != CARD  # with a question that has its own words
    text = paragraphs(reply.text, lines(*praise, () if busy else hint(turn)))
    return replace(reply, text=text, buttons=(*reply.buttons, *_ways_on(turn, reply)))


def hint(turn: Turn) -> Text:
    """What to try next, and how far one is."""
    at, theirs = _going_on(turn).at, rules.lessons(turn.posts)
    if not at:
        return turn.t("practice.all_done", of=len(theirs))
    half_done = at == "nothing" and "zero" in turn.done
    what = turn.t("practice.only_send") if half_done else (*_before(turn, at), *turn.t(f"practice.hint.{at}"))
    return turn.t("practice.next", number=theirs.index(at) + 1, of=len(theirs), what=what)


def _before(turn: Turn, at: str) -> Text:
    """What has to be there before a lesson can be done: a card to be sent, or one that was sent."""
    draft = drafts.active(turn.db, turn.address.channel, turn.address.chat)
    is_told = draft is not None
    if at == "changed" and not is_told and _just_sent(turn):
        return turn.t("practice.on_what_was_sent")
    if at in NEED_CARD and not is_told:
        return turn.t("practice.tell_first")
    if at in ("undone", "nothing") and draft is not None:
        key = "reports_told.buttons.mend" if draft.params.get("editing") else "chat.buttons.send"
        return turn.t("practice.send_above", button=bare(turn.say.label(key)))
    return turn.t("practice.tell_and_send_first") if at == "undone" and not _just_sent(turn) else ()


def _just_sent(turn: Turn) -> bool:
    """Whether something was sent that can be changed and taken back still."""
    since = turn.now - turn.settings.undo_minutes * 60_000
    sent = reports.open_of(turn.db, turn.me.id, "0000", turn.today.isoformat(), practice=True)
    return any(one.created_at >= since for one in sent)


def _ways_on(turn: Turn, reply: Reply) -> Buttons:
    """[Bỏ qua bài này] [Các bài] [Thoát tập]; where a question is asked, only the way out."""
    actions = [button.action for row in reply.buttons for button in row]
    offered = any(action.startswith(Leave("").pack()) for action in actions)
    leave = [] if offered else [(turn.button("practice.buttons.leave", Leave("")),)]
    if drafts.active(turn.db, turn.address.channel, turn.address.chat) is not None:
        return tuple(leave)
    at = _going_on(turn).at
    skip = [turn.button("practice.buttons.skip", Skip(at))] if at else []
    lessons = [] if reply.card == LESSONS else [turn.button("practice.buttons.lessons", Lessons())]
    return ((*skip, *lessons), *leave) if skip or lessons else tuple(leave)


@router.hook("earnest")
def earnest(turn: Turn, packed: str) -> Buttons:
    """The way out, with what was tried done in earnest at once where a button can carry it."""
    if packed and len(packed.encode()) <= MOST_BYTES:
        return ((turn.button("practice.buttons.in_earnest", Leave(packed)),),)
    return ((turn.button("practice.buttons.leave", Leave("")),),)
