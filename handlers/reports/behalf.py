"""Whose report a message says it is: the team-mates who may be meant, and the message without those words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.chat.turn import Turn
from bot.rules import people
from bot.rules import told as telling
from bot.rules.reading import Behalf, others
from bot.rules.reading import behalf as read
from bot.rules.told import Told
from handlers.reports import heard
from handlers.reports.cards import mates_of
from storage import categories
from storage.people import Person
from storage.units import Unit


@dataclass(frozen=True, slots=True)
class Opening:
    """`words`: what says it, "báo giúp chị Bảy"; `rest`: the message without it; `among`: ids of whom it may mean, also
    of oneself; none: of nobody in the teams, so that the words are a note. `later`: of the message what is of somebody
    else again, for a report of its own."""

    words: str
    rest: str
    among: tuple[int, ...]
    later: str = ""

    def before(self, rest: str) -> str:
        """Said before other words too: whose they are is not to be lost."""
        return f"{self.words}: {rest}"


def of(turn: Turn, text: str) -> Opening | None:
    """What is said of it; None: nothing, or that it is one's own. While practising it is only words."""
    said = read(text) if turn.practice is None else None
    if said is None:
        return None
    fitting = {person.id: said.fits(person.name) for _, person in _team(turn)}
    count = max(fitting.values(), default=0)
    among = tuple(one for one, fits in fitting.items() if fits == count) if count else ()
    if among == (turn.me.id,) or (not among and not said.is_sure):
        return None
    opening = Opening(said.called(count or said.named), said.rest(count or said.named), among)
    return None if _took_the_number(turn, said, opening) else _up_to_the_next(turn, opening)


def _took_the_number(turn: Turn, said: Behalf, opening: Opening) -> bool:
    """ "báo giùm chú năm hộ vneid": five households, and nobody whose name is Năm."""
    return not heard.counts(turn, opening.rest) and heard.counts(turn, said.text)


def _up_to_the_next(turn: Turn, opening: Opening) -> Opening:
    """ "báo giùm chị Bảy 5 hộ, anh Tâm 3 hộ": what is Tâm's is no figure of hers. A correction is of one report."""
    if heard.hear(turn, opening.rest).kind == "correction":
        return opening
    for said in others(opening.rest):
        fitting = {person.id: said.fits(person.name) for _, person in _team(turn)}
        count = max(fitting.values(), default=0)
        among = {one for one, fits in fitting.items() if fits == count}
        here, there = opening.rest[: said.first].strip(" ,;.+-\n"), opening.rest[said.first :]
        if count and not among & set(opening.among) and heard.counts(turn, here) and heard.counts(turn, there):
            theirs = there if read(there) else f"báo giùm {there}"
            return replace(opening, rest=here, later=_in_full(turn, opening.rest, here, theirs))
    return opening


def _in_full(turn: Turn, whole: str, here: str, there: str) -> str:
    """The kind and the day that are said once for both stand in the words of the second too."""
    kinds = {item.category for item in heard.hear(turn, whole).items}
    if len(kinds) == 1:
        named = f"{there} {categories.get(turn.db, *kinds).name_vi}"
        meant = {item.category for item in heard.hear(turn, there).items} != kinds
        there = named if meant and {item.category for item in heard.hear(turn, named).items} == kinds else there
    day = heard.hear(turn, here).day
    return f"{there}, ngày {day:%d/%m/%Y}" if day and not heard.hear(turn, there).day else there


def _team(turn: Turn) -> list[tuple[Unit, Person]]:
    """Those of one's teams, the usual team first, and oneself."""
    return [
        (unit, member.person)
        for unit in (post.unit for post in people.teams(turn.posts))
        for member in mates_of(turn, unit, 0)
    ]


def is_of_other(told: Told, opening: Opening | None) -> bool:
    """Whether it speaks of somebody else's than what is told."""
    return opening is not None and bool(opening.among) and opening.among != (told.whose,)


def given(turn: Turn, told: Told, opening: Opening) -> Told:
    """What is told is theirs; of several it is asked whose; of nobody known the words are a note."""
    if not opening.among:
        return telling.with_note(replace(told, stranger=not told.whose), opening.words)
    if len(opening.among) > 1:
        return replace(told, whose=0, among=opening.among)
    return theirs(turn, told, opening.among[0])


def theirs(turn: Turn, told: Told, person_id: int) -> Told:
    """It is theirs, and of the team they are in; of oneself it is one's own."""
    if person_id == turn.me.id:
        return replace(told, whose=0, among=(), stranger=False)
    teams = [unit.id for unit, person in _team(turn) if person.id == person_id]
    team = told.team if told.team in teams or not teams else teams[0]
    return replace(told, whose=person_id, among=(), team=team, stranger=False)
