"""Tells the administrators what has been wrong for five minutes, once, and again when it is well."""

from __future__ import annotations

import logging

from bot.chat.message import Text
from bot.chat.reply import Reply, View
from bot.chat.router import Router
from bot.chat.texts import Voice
from bot.chat.turn import Turn
from bot.rules import health
from bot.rules.health import MINUTE, Trouble
from storage import watching
from storage.watching import Known, Pulse

log = logging.getLogger("apso.watching")

SETTLING_MS = 3 * MINUTE  # a program that just began has everything to make up for
STANDING_MS = 5 * MINUTE

router = Router("watching")


@router.every(30)
def watch(turn: Turn) -> None:
    """Look whether all is well."""
    facts = turn.around.facts(turn.db, turn.now)
    watching.beat(turn.db, [Pulse(watching.CLOCK, turn.now)])
    if turn.now - facts.process.started_at < SETTLING_MS:
        return
    wrong = {trouble.name: trouble for trouble in health.troubles(facts)}
    wrong.pop("clock", None)  # it rings: this is its ringing
    known = {trouble.name: trouble for trouble in watching.troubles(turn.db)}
    for name, trouble in wrong.items():
        if name not in known:
            watching.begin(turn.db, name, trouble.said, turn.now)
        elif known[name].told_at is None and known[name].since <= turn.now - STANDING_MS:
            _alarm(turn, trouble, known[name])
    for name, was in known.items():
        if name not in wrong:
            _all_clear(turn, was)


def _alarm(turn: Turn, trouble: Trouble, known: Known) -> None:
    log.error(
        "trouble=%s since=%d count=%d minutes=%d %s",
        trouble.name,
        known.since,
        trouble.count,
        trouble.minutes,
        trouble.said,
    )
    watching.told(turn.db, trouble.name, turn.now)
    _tell(turn, lambda say: Reply(_wrong(turn, say, trouble, known)))


def _wrong(turn: Turn, say: Voice, trouble: Trouble, known: Known) -> Text:
    what = say(f"watching.what.{trouble.kind}", **trouble.values())
    return say("watching.alarm", since=turn.when(known.since), what=what, todo=say(f"watching.todo.{trouble.kind}"))


def _all_clear(turn: Turn, was: Known) -> None:
    watching.end(turn.db, was.name)
    if was.told_at is None:
        return
    log.warning("trouble=%s is over", was.name)
    kind, of = health.kind_of(was.name)
    _tell(
        turn,
        lambda say: Reply(
            say(
                "watching.over",
                what=say(f"watching.name.{kind}", of=of.capitalize()),
                since=turn.when(was.since),
                until=turn.local,
            )
        ),
    )


def _tell(turn: Turn, view: View) -> None:
    """At any hour: whoever looks after the bot wants to know."""
    for person_id in watching.administrators(turn.db):
        turn.tell(person_id, view, urgent=True)
