"""Broadcasts: an administrator's text to everybody under a unit, with the exact number first and the result after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.chat import pick
from bot.chat.action import Action
from bot.chat.dialog import Ask
from bot.chat.message import Button
from bot.chat.reply import Reply, View
from bot.chat.router import Router, Said
from bot.chat.texts import Voice, some
from bot.chat.turn import Turn
from bot.rules import codes, rights
from bot.rules.calendar import after_quiet
from bot.rules.refused import Refused
from storage import broadcasts, units
from storage import people as roster
from storage.broadcasts import Broadcast
from storage.people import Member, Person
from storage.units import Unit

MOST_TEXT = 1500
MOST_NEAR = 12
BAR = 10
LATELY_MS = 10_000

router = Router("broadcasts")


@dataclass(frozen=True, slots=True)
class Names(Action, code="bn"):
    """Whose copy is `state`: failed or unknown."""

    broadcast: int
    state: str


@router.command(
    "thongbao",
    about="broadcasts.about",
    menu="broadcasts.menu.broadcast",
    who=rights.has("broadcast"),
    rank=45,
    practice=rights.has("broadcast"),
)
@router.dialog("broadcast", questions=2)
def broadcast(turn: Turn, ask: Ask, /) -> Said:
    """To whom, what; then one look with the exact number of people."""
    tops = rights.offices(turn.posts, "broadcast")
    unit = pick.unit(turn, ask, "unit", "broadcasts.which", tops, near=lambda: _near(turn, tops))
    hearers = _hearers(turn, unit)
    reachable = [member for member in hearers if member.reachable]
    if not reachable:
        raise Refused("broadcasts.nobody", unit=unit.name)
    named = pick.place(turn, unit, tops)
    text = ask.text("text", "broadcasts.what", most=MOST_TEXT, multiline=True)
    away = len(hearers) - len(reachable)
    later = turn.undisturbed()
    ask.confirm(
        "broadcasts.check",
        button="chat.buttons.send",
        preview=_letter(turn.me, named, text)(turn.say).text,
        reachable=len(reachable),
        unit=named,
        away=turn.t("broadcasts.away", count=away) if away else "",
        quiet=turn.t("broadcasts.quiet", at=turn.when(later)) if later else "",
    )
    if turn.practice is not None:
        turn.did("broadcast")
        return Reply(turn.t("practice.broadcast_not_sent", count=len(reachable)))
    kept = broadcasts.add(
        turn.db, author_id=turn.me.id, unit_id=unit.id, text=text, people=len(reachable), now=turn.now
    )
    turn.broadcast([member.person for member in reachable], _letter(turn.me, named, text), kept.id)
    to = turn.house.label("audit.fact.sent_to", unit=unit.name, count=len(reachable))
    turn.note("broadcasts.sent", kept.code, after=to, unit=unit.id)
    return _card(turn, kept)(turn.say)


def _near(turn: Turn, tops: list[Unit]) -> list[Unit]:
    """What is under the administrator's hand; anything further down is typed."""
    return [unit for top in tops for unit in (top, *units.children(turn.db, top))][:MOST_NEAR]


def _hearers(turn: Turn, unit: Unit) -> list[Member]:
    """Everybody once, however many posts they hold."""
    return list({m.person.id: m for m in roster.under(turn.db, unit) if m.person.id != turn.me.id}.values())


def _letter(author: Person, to: str, text: str) -> View:
    return lambda say: Reply(say("broadcasts.letter", name=author.name, unit=to, text=text))


@router.every(2)
def follow(turn: Turn) -> None:
    """Bring the authors' cards up to date while copies go out; a card that says so already is left alone."""
    for kept in broadcasts.running(turn.db):
        progress = broadcasts.progress(turn.db, kept.id)
        if not progress.get("queued", 0) + progress.get("sending", 0):
            broadcasts.finish(turn.db, kept.id, turn.now)
            kept = broadcasts.get(turn.db, kept.id) or kept
        elif broadcasts.moved_at(turn.db, kept.id) < turn.now - LATELY_MS:
            continue
        turn.refresh(kept.author_id, _card(turn, kept), last=kept.finished_at is not None)


@router.said(rank=10)
def by_code(turn: Turn) -> Said:
    """Somebody typed T-0003."""
    thing = codes.read_thing(turn.incoming.text)
    if thing is None or thing[0] != "T":
        return None
    return _card(turn, _mine(turn, thing[1]))(turn.say)


@router.on(Names)
def names(turn: Turn, pressed: Names) -> Said:
    """Who was not reached, or perhaps not."""
    kept = _mine(turn, pressed.broadcast)
    if pressed.state not in ("failed", "unknown"):
        raise Refused("chat.stale_button")
    found = broadcasts.names(turn.db, kept.id, pressed.state)
    if not found:
        return Reply(turn.t("broadcasts.names_none"))
    what = turn.t(f"broadcasts.{pressed.state}")
    return Reply(turn.t("broadcasts.names", code=kept.code, what=what, names=some(found, 100)))


def _mine(turn: Turn, broadcast_id: int) -> Broadcast:
    kept = broadcasts.get(turn.db, broadcast_id)
    if kept is None or kept.author_id != turn.me.id:
        raise Refused("broadcasts.not_found")
    return kept


def _card(turn: Turn, kept: Broadcast) -> View:
    progress = broadcasts.progress(turn.db, kept.id)
    sent, failed, unknown = (progress.get(state, 0) for state in ("sent", "failed", "unknown"))
    settled = sent + failed + unknown
    begins = _begins(turn, kept)

    def view(say: Voice) -> Reply:
        if not settled and begins > turn.local:
            text = say("broadcasts.waiting", code=kept.code, total=kept.people, at=begins)
            return Reply(text, card=f"broadcast:{kept.id}", code=kept.code)
        if kept.finished_at is None:
            text = say(
                "broadcasts.progress", code=kept.code, sent=settled, total=kept.people, bar=_bar(settled, kept.people)
            )
            return Reply(text, card=f"broadcast:{kept.id}", code=kept.code)
        text = say("broadcasts.result", code=kept.code, sent=sent, failed=failed, unknown=unknown, total=kept.people)
        row = [
            Button(say.label(f"broadcasts.buttons.{state}"), Names(kept.id, state).pack())
            for state, count in (("failed", failed), ("unknown", unknown))
            if count
        ]
        return Reply(text, (tuple(row),) if row else (), card=f"broadcast:{kept.id}", code=kept.code)

    return view


def _begins(turn: Turn, kept: Broadcast) -> datetime:
    """Given in the quiet hours it waits for their end."""
    return after_quiet(turn.when(kept.created_at), turn.settings.quiet)


def _bar(done: int, total: int) -> str:
    full = BAR * done // total if total else BAR
    return "\n" + "▰" * full + "▱" * (BAR - full)
