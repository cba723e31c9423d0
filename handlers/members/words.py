"""What those concerned hear themselves: what became of them, what it means, and whom to ask."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.action import Typed
from bot.chat.message import Button, Buttons, Text
from bot.chat.reply import Reply, View
from bot.chat.texts import Voice, lines
from bot.chat.turn import Turn
from bot.rules import rights
from storage import people as roster
from storage.people import Member, Person, Post
from storage.units import Unit


def you_are(turn: Turn, role: str, unit: Unit) -> View:
    """A role, new or another than before."""

    def view(say: Voice) -> Reply:
        named = say("members.you_are", role=say.label(f"start.role.{role}"), unit=unit.name, by=turn.me.name)
        return Reply(
            lines(named, say(f"members.means.{role}", unit=unit.name), _ask(turn, say)), _team_button(say, role)
        )

    return view


def you_moved(turn: Turn, who: Person, was: Unit, role: str, place: Unit) -> View:
    """Another team, with whoever leads it."""
    lead = _lead_of(turn, place, who.id)

    def view(say: Voice) -> Reply:
        moved = say("members.you_moved", role=say.label(f"start.role.{role}"), unit=place.name, by=turn.me.name)
        means = say(f"members.means.{role}", unit=place.name) if role in rights.LEADS or lead is None else ()
        kept = say("members.reports_from_now", unit=place.name, was=was.name)
        return Reply(
            lines(moved, means, kept, _led_by(say, lead) if lead else _ask(turn, say)), _team_button(say, role)
        )

    return view


def you_left(turn: Turn, post: Post) -> View:
    """The last word in a chat that is let go."""

    def view(say: Voice) -> Reply:
        left = say("members.you_left", unit=post.unit.name, by=turn.me.name)
        return Reply(lines(left, say("members.left_means"), _ask(turn, say)))

    return view


def you_are_not(turn: Turn, post: Post, others: Sequence[Post]) -> View:
    """One of several posts is over; the others are named."""

    def view(say: Voice) -> Reply:
        over = say(
            "members.you_are_not", role=say.label(f"start.role.{post.role}"), unit=post.unit.name, by=turn.me.name
        )
        kept = ", ".join(f"{say.label(f'start.role.{other.role}')} {other.unit.name}" for other in others)
        return Reply(lines(over, say("members.still_are", posts=kept), _ask(turn, say)))

    return view


def to_pass_on(turn: Turn, who: Person, told: bool) -> Text:
    """For the lead: whom the word did not reach hears it from them."""
    if told:
        return ()
    return turn.t("members.tell_them", name=who.name, phone=who.phone or turn.say.label("team.no_phone"))


def _team_button(say: Voice, role: str) -> Buttons:
    """Who leads now has it at hand before the menu shows it."""
    return ((Button(say.label("team.menu.team"), Typed("/doi").pack()),),) if role in rights.LEADS else ()


def _lead_of(turn: Turn, unit: Unit, but: int) -> Member | None:
    """Whoever leads a unit, the head first; not the one who hears it."""
    team = roster.team(turn.db, unit)
    return next((m for m in team if m.role in rights.LEADS and m.person.id != but), None)


def _led_by(say: Voice, lead: Member) -> Text:
    phone = lead.person.phone or say.label("team.no_phone")
    return say("members.led_by", role=say.label(f"start.role.{lead.role}"), name=lead.person.name, phone=phone)


def _ask(turn: Turn, say: Voice) -> Text:
    """Whoever did it answers for it."""
    return say("members.ask_them", name=turn.me.name, phone=turn.me.phone or say.label("team.no_phone"))
