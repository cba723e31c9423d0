"""What the night is for: forgetting what was kept long enough, recounting what is used most."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.message import Text
from bot.chat.reply import Reply
from bot.chat.router import Router
from bot.chat.texts import Voice, lines, paragraphs
from bot.chat.turn import Turn
from storage import categories, errands, invites, keeping, watching
from storage.keeping import Forgotten

DAY_MS = 24 * 3600 * 1000
TRIED_DAYS = 1  # tries of a code are counted by the hour
DONE_DAYS = 30  # work that was ordered
HABIT_DAYS = 60
SLICE = 500  # of each kind at once: no turn waits for more

router = Router("upkeep")


@router.daily("03:00")
def tidy(turn: Turn) -> None:
    """The first slice of everything; `go_on` does the rest."""
    for kind in turn.settings.keep.kinds():
        _slice(turn, turn.today.isoformat(), kind)
    invites.forget_tries(turn.db, turn.now - TRIED_DAYS * DAY_MS)
    errands.forget(turn.db, turn.now - DONE_DAYS * DAY_MS)
    categories.count_uses(turn.db, (turn.today - timedelta(days=HABIT_DAYS)).isoformat())


@router.every(5)
def go_on(turn: Turn) -> None:
    """One more slice of what the night began."""
    for day, kind in keeping.unfinished(turn.db)[:1]:
        _slice(turn, day, kind)


def _slice(turn: Turn, day: str, kind: str) -> None:
    days = turn.settings.keep.days(kind)
    gone = keeping.forget(turn.db, kind, turn.now - days * DAY_MS, SLICE) if days else 0
    more = gone >= SLICE
    if gone or not more:
        keeping.count(turn.db, day, kind, gone, more=more)


@router.daily("08:10")
def monthly(turn: Turn) -> None:
    """On the first of a month the administrators hear what was forgotten in the one before."""
    today = turn.when(turn.slot or turn.now).date()
    if today.day != 1:
        return
    last = today - timedelta(days=1)
    gone = keeping.forgotten(turn.db, last.replace(day=1).isoformat(), last.isoformat())
    for person_id in watching.administrators(turn.db):
        turn.tell(person_id, lambda say: Reply(_report(turn, say, gone)))


def _report(turn: Turn, say: Voice, gone: list[Forgotten]) -> Text:
    rows = [say("upkeep.line", kind=say(f"upkeep.kind.{one.kind}"), count=one.count) for one in gone]
    keep = turn.settings.keep
    kept = [say("upkeep.kept", kind=say(f"upkeep.kind.{kind}"), days=keep.days(kind)) for kind in keep.kinds()]
    heading = say("upkeep.title") if gone else say("upkeep.nothing")
    return paragraphs(lines(heading, *rows), lines(say("upkeep.periods"), *kept))


@router.every(60)
def hand_over(turn: Turn) -> None:
    """What an errand made, such as a sheet of codes, is kept no longer than until it was sent."""
    errands.forget_sent(turn.db, turn.now - 60_000)
