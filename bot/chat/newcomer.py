"""Somebody who is to get a post and may not be known yet: name and number, and whether they are who has it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.dialog import Ask, Option
from bot.chat.turn import Turn
from bot.rules import codes
from bot.rules.refused import Refused
from storage import people
from storage.people import Person

MOST_NAME = 60
NONE = "none:"
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """`known`: the person of the roster who it is (None: nobody yet)."""

    name: str
    phone: str
    known: Person | None

    def person(self, turn: Turn) -> Person:
        """The person, written into the roster if they were not there."""
        if self.known is not None:
            return self.known
        language = turn.settings.language
        return people.add(turn.db, name=self.name, phone=self.phone, language=language, now=turn.now)


def newcomer(turn: Turn, ask: Ask, feature: str) -> Newcomer:
    """Ask for name and number, and where the number is known whether it is that person.

    The texts are `feature`'s: new_name, new_phone, new_known.
    """
    name = ask.text("name", f"{feature}.new_name", most=MOST_NAME)
    no_phone = Option(NONE, turn.say.label(f"{feature}.buttons.no_phone"))
    phone = ask.value("phone", f"{feature}.new_phone", read_phone, quick=lambda: [no_phone], numbered=False, name=name)
    known = {str(person.id): person for person in people.with_phone(turn.db, phone)} if phone else {}
    if not known:
        return Newcomer(name, phone, None)
    options = [Option(key, _about(turn, person)) for key, person in known.items()]
    options.append(Option(OTHER, turn.say.label(f"{feature}.buttons.somebody_else")))
    chosen = ask.choice("known", f"{feature}.new_known", lambda: options, of=phone, columns=1, phone=phone)
    return Newcomer(name, phone, known.get(chosen))


def read_phone(said: str) -> str:
    """A number as it is kept ("": none). Raises Refused."""
    if said == NONE:
        return ""
    number = codes.read_phone(said)
    if not number:
        raise Refused("chat.no_phone_number", said=said[:40])
    return number


def _about(turn: Turn, person: Person) -> str:
    """The name; where they are, too, if that is seen from here."""
    mine = [post.unit for post in turn.posts]
    seen = [p.unit.name for p in people.posts(turn.db, person.id) if any(unit.holds(p.unit) for unit in mine)]
    return f"{person.name} ({seen[0]})" if seen else person.name
