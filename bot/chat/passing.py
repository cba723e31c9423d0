"""What passes from one person to another with a post: who answers next, which cards show it, who is told."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.chat import pick
from bot.chat.action import Action, Typed
from bot.chat.message import Address, Button, Span, in_rows
from bot.chat.reply import Kind, Reply, View
from bot.chat.router import Command
from bot.chat.texts import Voice, lines, some
from bot.chat.turn import Turn, plain_about
from bot.rules import codes, rights
from storage import audit, handovers, invites, people, tasks, units
from storage.handovers import Change, Handover, Passed
from storage.people import Member, Person, Post
from storage.tasks import Duty
from storage.units import Unit

MOST_BUTTONS = 9


@dataclass(frozen=True, slots=True)
class Undo(Action, code="hu"):
    """Take back what was just changed of posts, while nothing happened since."""

    handover: int


def carry_out(turn: Turn, handover: Handover, change: Change, word: View | None = None) -> Passed:
    """Do it now: posts, work, access; every card that shows any of it is brought up to date. `word`: what the person
    hears of it; to a leaver it is the last, said where nothing else is said any more, and heard by all of them."""
    identity = people.address(turn.db, change.person_id, anyway=change.leaves)
    chats = people.identities(turn.db, change.person_id)
    person = people.get(turn.db, change.person_id)
    assert person is not None
    passed = handovers.carry_out(turn.db, handover, change, turn.now)
    turn.around.routes.passed(turn, passed.parts, passed.tasks)
    for ended in passed.ended:
        turn.around.routes.passed(turn, ended.parts)
        other = ended.of.person_id if ended.of.person_id != person.id else ended.of.stand_in_id
        turn.tell(other, lambda say: Reply(say("away.over_early", name=person.name)))
    list_commands(turn, passed.people)
    if word is not None and identity is not None:
        to = Address(identity.channel, identity.chat)
        say = _voice(turn, person, to)
        turn.post.say(to, say, word(say), kind=Kind.NOTICE, not_before=turn.undisturbed())
    for chat in chats if change.leaves else ():
        _list(turn, person, Address(chat.channel, chat.chat), turn.around.routes.of_person((), known=False, left=True))
    return passed


def list_commands(turn: Turn, person_ids: Iterable[int]) -> None:
    """Let the channel list what these people may do now."""
    for person_id in sorted(person_ids):
        if turn.person is not None and turn.person.id == person_id:
            turn.become(turn.person)  # the posts are read anew
        identity = people.address(turn.db, person_id)
        person = people.get(turn.db, person_id)
        if identity is None or person is None:
            continue
        found = turn.around.routes.of_person(people.posts(turn.db, person_id), known=True)
        _list(turn, person, Address(identity.channel, identity.chat), found)


def _list(turn: Turn, person: Person, to: Address, found: Sequence[Command]) -> None:
    say = _voice(turn, person, to)
    turn.post.commands(to, tuple((command.word, plain_about(say, command)) for command in found))


def _voice(turn: Turn, person: Person, to: Address) -> Voice:
    return Voice(turn.around.texts, person.language, turn.around.abilities(to).buttons)


def successors(turn: Turn, unit: Unit, leaver_id: int) -> list[Member]:
    """Who may answer for a unit's work instead of somebody: its head first, its team, then the leads above."""
    found = [m for m in people.team(turn.db, unit) if m.role != "admin"]
    for above in units.above(turn.db, unit):
        found += [m for m in people.team(turn.db, above) if m.role in rights.LEADS]
    return pick.once(member for member in found if member.person.id != leaver_id)


def looks(
    turn: Turn, person_id: int, unit_ids: frozenset[int] | None, first: int | None, posts: Sequence[Post] = ()
) -> dict[int, int]:
    """Task → who looks after it instead of this person: `first` if they may (with these `posts`), else the nearest
    lead. A task for which there is no lead stays."""
    found: dict[int, int] = {}
    for task in tasks.looked_after_by(turn.db, person_id, unit_ids):
        unit = units.get(turn.db, task.unit_id)
        if unit is None:
            continue
        if first is not None and rights.may([*people.posts(turn.db, first), *posts], "assign", unit):
            found[task.id] = first
            continue
        leads = [m for m in successors(turn, unit, person_id) if m.role in rights.LEADS]
        if leads:
            found[task.id] = leads[0].person.id
    return found


def tell_givers(turn: Turn, parts: Sequence[Duty], name: str, but: Iterable[int]) -> None:
    """Each who gave any of this hears once who answers for it now."""
    given: dict[int, list[str]] = {}
    for duty in parts:
        given.setdefault(duty.task.giver_id, []).append(duty.task.code)
    for giver_id in sorted(set(given) - set(but)):
        listed = some(given[giver_id])
        turn.tell(giver_id, lambda say, listed=listed: Reply(say("handover.now_theirs", name=name, codes=listed)))  # type: ignore[misc]


def work_buttons(say: Voice, codes_: Sequence[str]) -> tuple[tuple[Button, ...], ...]:
    """A button to each thing that waits, and to all of it."""
    found = [Button(code, Typed(code).pack()) for code in dict.fromkeys(codes_)][:MOST_BUTTONS]
    rows = list(in_rows(found, 3))
    return (*rows, (Button(say.label("handover.buttons.work"), Typed("/viec").pack()),))


def invitation(turn: Turn, person: Person, unit: Unit) -> list[Reply]:
    """A new personal code, as a message to be forwarded and what to do with it; earlier codes are void."""
    code = codes.spell(secrets.randbits(codes.BITS))
    days = turn.settings.invite_days
    invites.add(turn.db, code, person.id, turn.now, turn.now + days * 24 * 3600 * 1000)
    until = (turn.local + timedelta(days=days)).date()
    good = turn.house.label("audit.fact.code_until", until=until)
    turn.note("team.invited", audit.person(person.id), after=good, unit=unit.id)
    link = turn.settings.link(code)
    text = turn.t("team.invitation", name=person.name, unit=unit.name, code=code, until=until)
    letter = Reply(lines(text, (Span(link),) if link else ()))
    return [letter, Reply(turn.t("team.pass_on", name=person.name))]


def undo_button(turn: Turn, handover: Handover) -> Button:
    return turn.button("handover.buttons.undo", Undo(handover.id))
