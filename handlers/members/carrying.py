"""What is the same whenever somebody comes, changes or leaves: the work, the trace, the word to those concerned."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat import passing, pick
from bot.chat.dialog import Ask
from bot.chat.message import Text
from bot.chat.reply import Reply, View
from bot.chat.texts import below
from bot.chat.turn import Turn
from bot.rules import rights
from handlers.members.cards import name_of
from storage import handovers, units
from storage import people as roster
from storage.handovers import Change, Handover
from storage.people import Member, Person, Post
from storage.units import Unit


@dataclass(frozen=True, slots=True)
class Trace:
    """What the log says of it, in the words of the house, and the unit it concerns."""

    before: str
    after: str
    unit: Unit


def post_in(turn: Turn, role: str, unit: Unit) -> str:
    """A post in the words of the house: "tổ phó Ấp 1"."""
    return turn.house.label("audit.fact.role_in", role=turn.house.label(f"start.role.{role}"), unit=unit.name)


def carry_out(
    turn: Turn, kind: str, person: Person, post: Post | None, change: Change, trace: Trace, word: View | None = None
) -> Handover:
    """Do it, keep its trace, and tell those whose work it concerns. `word`: what the person hears."""
    kept = handovers.add(
        turn.db,
        kind=kind,
        person_id=person.id,
        post_id=post.id if post else None,
        taker_id=change.heir,
        by_id=turn.me.id,
        day=turn.today.isoformat(),
        leaves=change.leaves,
        state="planned",
        now=turn.now,
    )
    passed = passing.carry_out(turn, kept, change, word)
    turn.note(f"members.{kind}", f"person {person.id}", before=trace.before, after=trace.after, unit=trace.unit.id)
    if change.heir is not None and passed.parts:
        _tell_heir(turn, person, change.heir, [duty.task.code for duty, _ in passed.parts])
        parts = [duty for duty, _ in passed.parts]
        passing.tell_givers(turn, parts, name_of(turn, change.heir), (turn.me.id, change.heir, person.id))
    return kept


def _tell_heir(turn: Turn, person: Person, heir_id: int, codes: list[str]) -> None:
    if heir_id != turn.me.id:
        turn.tell(
            heir_id,
            lambda say: Reply(
                say("members.you_take_over", name=person.name, count=len(codes)), passing.work_buttons(say, codes)
            ),
        )


def also(turn: Turn, demoted: Post | None, heir: Member | None, count: int, other: Text = ()) -> Text:
    """What comes with it: the head of before becomes deputy, the work goes to somebody; and what else to think of."""
    return below(
        turn.t("members.was_head", name=name_of(turn, demoted.person_id)) if demoted else (),
        turn.t("members.work_goes", count=count, name=heir.person.name) if heir else (),
        other,
    )


def heir_of(turn: Turn, ask: Ask, leaver: Person, unit: Unit, count: int) -> Member:
    """Who answers for the work next: the head first, anybody of the team, of what is below, or a lead above."""
    near = passing.successors(turn, unit, leaver.id)
    above = {one.id for one in units.above(turn.db, unit)}

    def fits(member: Member) -> bool:
        mine = member.person.id == turn.me.id
        near_enough = unit.holds(member.unit) or (member.unit.id in above and member.role in rights.LEADS)
        return member.person.id != leaver.id and (mine or (near_enough and member.role != "admin"))

    me = [m for office in rights.offices(turn.posts, "members") for m in roster.holding(turn.db, office, turn.me.id)]
    within = [unit, *units.above(turn.db, unit)]
    return pick.person(
        turn,
        ask,
        "heir",
        "members.who_goes_on",
        within,
        near=lambda: [*near, *me],
        fits=fits,
        name=leaver.name,
        count=count,
    )


def looks(turn: Turn, person_id: int, scope: frozenset[int] | None, heir_id: int | None) -> dict[int, int]:
    """Who looks after what they gave: whoever goes on with their work, else oneself, if they may."""
    first = heir_id if heir_id is not None else turn.me.id
    return passing.looks(turn, person_id, scope, first)
