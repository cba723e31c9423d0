"""Choosing a unit or a person by typing the name: candidates come with what is above them, for a name is not a key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bot.chat import naming
from bot.chat.dialog import Ask, Option, Unsure
from bot.chat.turn import Turn
from bot.rules import vietnamese
from bot.rules.refused import Refused
from bot.rules.roster.phones import dialled
from storage import people, units
from storage.people import Member
from storage.units import Unit

FEWEST_DIGITS = 4  # the last ones of a telephone number
MOST = 8  # candidates shown at once: with more, a further word is asked for
DEEPEST = 4
_UNIT, _PERSON = "unit:", "person:"


def unit(
    turn: Turn,
    ask: Ask,
    key: str,
    what: str,
    within: Sequence[Unit],
    *,
    near: Callable[[], Sequence[Unit]] = tuple,
    check: Callable[[Unit], object] = lambda unit: None,
    **values: Any,
) -> Unit:
    """Ask for an open unit of these subtrees, by button (the `near` ones), name or official code; `check` raises
    Refused for one that does not fit."""

    def read(said: str) -> int:
        found = _units(turn, within, said)
        chosen = _one(_places(turn, found[:MOST], 1), len(found), said, "chat.no_such_unit")
        check(next(one for one in found if one.id == chosen))
        return chosen

    def quick() -> list[Option]:
        return _places(turn, list(near()), 0)

    chosen = units.get(turn.db, ask.value(key, what, read, quick=quick, **values))
    if chosen is None or chosen.closed_at is not None or not any(top.holds(chosen) for top in within):
        raise Refused("chat.not_for_you")
    return chosen


def person(
    turn: Turn,
    ask: Ask,
    key: str,
    what: str,
    within: Sequence[Unit],
    *,
    near: Callable[[], Sequence[Member]] = tuple,
    fits: Callable[[Member], bool] = lambda member: True,
    left: bool = False,
    **values: Any,
) -> Member:
    """Ask for somebody with a post in these subtrees who `fits`, by button (the `near` ones), name, or
    telephone in any dress or its last digits; `left`: or who left and has a chat still."""
    found = person_or(turn, ask, key, what, within, (), near=near, fits=fits, left=left, **values)
    assert isinstance(found, Member)
    return found


def person_or(
    turn: Turn,
    ask: Ask,
    key: str,
    what: str,
    within: Sequence[Unit],
    others: Sequence[Option],
    *,
    near: Callable[[], Sequence[Member]] = tuple,
    fits: Callable[[Member], bool] = lambda member: True,
    left: bool = False,
    of: str = "",
    **values: Any,
) -> Member | str:
    """The same, or one of the `others`, of which the id is returned."""

    def known(said: str) -> list[Member]:
        found = _people(turn, within, said)
        return once(member for member in [*found, *(_left(turn, within, said, found) if left else ())] if fits(member))

    def read(said: str) -> int | str:
        for other in others:
            if said == other.id or vietnamese.fold(said) == vietnamese.fold(other.label):
                return other.id
        found = known(said)
        none = "chat.no_such_number" if _digits(said) else "chat.no_such_person"
        return _one([_who(turn, member) for member in found[:MOST]], len(found), said, none)

    def quick() -> list[Option]:
        shown = once(member for member in near() if fits(member))
        return [*(_who(turn, member) for member in shown[:MOST]), *others]

    chosen = ask.value(key, what, read, quick=quick, of=of, **values)
    if isinstance(chosen, str):
        return chosen
    found = known(f"{_PERSON}{chosen}")
    if not found:
        raise Refused("chat.not_for_you")
    return found[0]


def once(found: Iterable[Member]) -> list[Member]:
    """Each person once, by the first of their posts."""
    kept: dict[int, Member] = {}
    for member in found:
        kept.setdefault(member.person.id, member)
    return list(kept.values())


def place(turn: Turn, one: Unit, within: Sequence[Unit]) -> str:
    """A unit by its name; with what is above it, where others of the name are in these subtrees: "Ấp 1, Xã Mỹ An"."""
    namesakes = {other.id: other for top in within for other in units.namesakes(turn.db, top, one)}
    others = [other for other in namesakes.values() if other.id != one.id]
    return places(turn, [one, *others])[0]


def places(turn: Turn, found: Sequence[Unit], above: int = 0) -> list[str]:
    """What tells them apart: the name, then as many of the units above as it takes, at least so many."""
    parts = [_parts(turn, one) for one in found]
    for depth in range(above, DEEPEST + 1):
        labels = [", ".join(names[: depth + 1]) for names in parts]
        if len(set(labels)) == len(labels):
            return labels
    return [f"{label} ({one.code or one.id})" for label, one in zip(labels, found, strict=True)]


def _parts(turn: Turn, one: Unit) -> list[str]:
    """Its name, then what it lately stood in (where a namesake stands beside it), then what it stands in."""
    former = units.stood_in(turn.db, one)
    lately = [turn.say.label("chat.former_unit", unit=former.name)] if former else []
    return [one.name, *lately, *(above.name for above in units.above(turn.db, one))]


def find_units(turn: Turn, within: Sequence[Unit], said: str) -> list[Unit]:
    """The open units of these subtrees that somebody may mean, the likeliest first."""
    return naming.find(turn.db, within, said)


def _units(turn: Turn, within: Sequence[Unit], said: str) -> list[Unit]:
    if said.startswith(_UNIT) and said[len(_UNIT) :].isdecimal():
        chosen = units.get(turn.db, int(said[len(_UNIT) :][:18]))
        return [chosen] if chosen and chosen.closed_at is None and any(top.holds(chosen) for top in within) else []
    return find_units(turn, within, said)


def _people(turn: Turn, within: Sequence[Unit], said: str) -> list[Member]:
    if said.startswith(_PERSON) and said[len(_PERSON) :].isdecimal():
        person_id = int(said[len(_PERSON) :][:18])
        return [m for top in within for m in people.holding(turn.db, top, person_id)]
    digits = _digits(said)
    if digits:
        number, _ = dialled(digits)
        known = people.numbered if number else people.ending
        return [m for top in within for m in known(turn.db, top, number or digits)]
    found = [m for top in within for m in people.called(turn.db, top, said)]
    return vietnamese.rank(said, found, lambda member: member.person.name)


def _left(turn: Turn, within: Sequence[Unit], said: str, holding: Sequence[Member]) -> list[Member]:
    """Those who left: where nobody of the teams is meant, else only who has the whole name that was typed."""
    if said.startswith(_PERSON) and said[len(_PERSON) :].isdecimal():
        person_id = int(said[len(_PERSON) :][:18])
        return [m for top in within for m in people.left_holding(turn.db, top, person_id)]
    if digits := _digits(said):
        return [m for top in within for m in people.left_ending(turn.db, top, dialled(digits)[0] or digits)]
    found = [m for top in within for m in people.left_called(turn.db, top, said)]
    found = vietnamese.rank(said, found, lambda member: member.person.name)
    return [m for m in found if not holding or vietnamese.fold(m.person.name) == vietnamese.fold(said)]


def _digits(said: str) -> str:
    """Of a telephone number, or of its end; "" where a name is meant."""
    digits = "".join(char for char in said if char.isdecimal())
    return digits if len(digits) >= FEWEST_DIGITS else ""


def _one(shown: list[Option], count: int, said: str, none: str) -> int:
    """The id that was meant. Raises Unsure with the candidates when there are several, `count` in all."""
    if not shown and (not said.strip() or said.startswith((_UNIT, _PERSON))):
        raise Refused("chat.pick_one")
    if not shown:
        raise Refused(none, said=said[:60])
    if count > len(shown):
        raise Unsure("chat.which_of_many", shown, count=count)
    if count > 1:
        raise Unsure("chat.which_of_these", shown)
    return int(shown[0].id.partition(":")[2])


def _places(turn: Turn, found: Sequence[Unit], above: int) -> list[Option]:
    labels = places(turn, found, above)
    return [Option(f"{_UNIT}{one.id}", label) for one, label in zip(found, labels, strict=True)]


def _who(turn: Turn, member: Member) -> Option:
    place = places(turn, [member.unit], 1)[0]
    where = turn.say.label("chat.left_from", unit=place) if member.left else place
    return Option(f"{_PERSON}{member.person.id}", f"{member.person.name} ({where})")
