"""Who of a list is whom of those that are kept: a person who moved, or whose number is new, is the same person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from bot.rules.roster.doubles import is_one_name
from bot.rules.roster.homes import Homes
from bot.rules.roster.records import Person, Problem
from bot.rules.vietnamese.units import bare_core, is_bare
from storage.roster import Known, NewPerson

UNCHANGED = Known(0, "", "", 0)  # stands for whoever the list says just what is kept of


class Matching:
    """Who is whom, the surest ways first. `found`: the person for each place in the list, None: new; `problems`: what
    stays doubtful. `unchanged`: a 1 for each place of somebody who need not be looked for."""

    def __init__(
        self, listed: Sequence[Person], known: Sequence[Known], homes: Homes, unchanged: Iterable[int]
    ) -> None:
        self.found: list[Known | None] = [UNCHANGED if one else None for one in unchanged]
        self.problems: list[Problem] = []
        self._listed = listed
        self._homes = homes
        self._taken: set[int] = set()
        if known:
            self._match(known)

    def _match(self, known: Sequence[Known]) -> None:
        self._by_phone(_index(known, lambda one: (one.phone,) if one.phone else ()))
        # Those are nearly all: what the others are looked up by is made of them alone.
        self._by_unit(_index(self._left(known), lambda one: ((bare_core(one.name), unit) for unit in _places(one))))
        self._by_phone_alone(_index(self._left(known), lambda one: (one.phone,) if one.phone else ()))
        self._by_birth(_index(self._left(known), lambda one: ((bare_core(one.name), one.birth),) if one.birth else ()))

    def is_taken(self, one: Known) -> bool:
        return one.id in self._taken

    def _free(self) -> Iterable[tuple[int, Person]]:
        return ((place, one) for place, one in enumerate(self._listed) if self.found[place] is None)

    def _take(self, place: int, one: Known) -> None:
        self.found[place] = one
        self._taken.add(one.id)

    def _left(self, candidates: Iterable[Known]) -> list[Known]:
        return [one for one in candidates if one.id not in self._taken]

    def _by_phone(self, index: Index) -> None:
        """Number and name. An administrator may be there twice: whoever holds a post goes first."""
        for place, person in self._free():
            for phone in phones(person):
                same = [one for one in self._left(_all(index.get(phone))) if is_one_name(one.name, person.name)]
                if same:
                    self._take(place, min(same, key=lambda one: (one.left_in is not None, one.id)))
                    break

    def _by_unit(self, index: Index) -> None:
        """Name and unit: one of each, or of several those that the birth, or having no number, tells apart."""
        groups: dict[tuple[str, int], list[int]] = defaultdict(list)
        for place, person in self._free():
            name = bare_core(person.name)
            for home in {self._homes.of(post.unit).id for post in person.posts if post.unit is not None}:
                if home is not None and home > 0 and (name, home) in index:
                    groups[name, home].append(place)
        for key, places in groups.items():
            self._pair([place for place in places if self.found[place] is None], self._left(_all(index[key])))

    def _pair(self, places: list[int], known: list[Known]) -> None:
        is_single = len(places) == 1 and len(known) == 1
        for is_sure in (True, False):
            for place in places:
                person = self._listed[place]
                for one in self._left(known):
                    if self.found[place] is not None or not is_one_name(one.name, person.name):
                        continue
                    births = person.birth and one.birth
                    if births and person.birth != one.birth:
                        continue
                    if births if is_sure else is_single or not (person.phone and one.phone):
                        self._take(place, one)

    def _by_phone_alone(self, index: Index) -> None:
        """A number with another name: a slip that was corrected is the same person, quite another name is not."""
        for place, person in self._free():
            same = self._left(_all(index.get(person.phone))) if person.phone else []
            alike = [one for one in same if is_slip(one.name, person.name)]
            if len(alike) == 1:
                self._take(place, alike[0])
            elif same:
                post = person.posts[0]
                values = {"other": same[0].name, "phone": person.phone}
                self.problems.append(Problem(post.sheet, post.row, None, "phone_taken", person.name, values))

    def _by_birth(self, index: Index) -> None:
        """Name and year of birth, when there is but one on either side, and no number says otherwise."""
        groups: dict[tuple[str, int], list[int]] = defaultdict(list)
        for place, person in self._free():
            key = (bare_core(person.name), person.birth)
            if person.birth and key in index:
                groups[key].append(place)
        for key, places in groups.items():
            same = self._left(_all(index[key]))
            person = self._listed[places[0]]
            is_sure = len(places) == 1 and len(same) == 1 and is_one_name(same[0].name, person.name)
            if is_sure and not (same[0].phone and person.phone):
                self._take(places[0], same[0])


Index = dict[object, list[Known] | Known]


def _index(known: Iterable[Known], keys: Callable[[Known], Iterable[object]]) -> Index:
    """Mostly there is one of a key: a list for each of half a million would cost more than the people."""
    found: Index = {}
    for one in known:
        for key in keys(one):
            held = found.get(key)
            found[key] = one if held is None else [*_all(held), one]
    return found


def _all(held: list[Known] | Known | None) -> list[Known]:
    return [] if held is None else held if isinstance(held, list) else [held]


def _places(one: Known) -> Iterable[int]:
    return {post.unit_id for post in one.posts} if one.left_in is None else set(one.left_in)


def phones(person: Person) -> tuple[str, ...]:
    """All the numbers that the list has of somebody."""
    return (person.phone, *person.other_phones) if person.phone else ()


def is_slip(one: str, other: str) -> bool:
    """Whether a name may be another one mistyped: other marks, a letter of a longer word, or a word left out.

    Short words are names of their own (Tám and Năm are brothers, who may well share a telephone).
    """
    fewer, more = sorted((bare_core(one).split(), bare_core(other).split()), key=len)
    if len(fewer) == len(more):
        differing = [pair for pair in zip(fewer, more, strict=True) if pair[0] != pair[1]]
        return not differing or (len(differing) == 1 and _is_near(*differing[0]))
    rest = iter(more)
    return len(fewer) > 1 and len(more) - len(fewer) == 1 and all(word in rest for word in fewer)


def _is_near(one: str, other: str) -> bool:
    """One letter changed, put in or left out, of four or more."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < 4 or len(longer) - len(shorter) > 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    return shorter[at + (len(shorter) == len(longer)) :] == longer[at + 1 :]


def corrected(person: Person, known: Known) -> NewPerson | None:
    """Name, number and birth as they are to be; None when they stay. What the list leaves out stays known."""
    stays = known.name == person.name or (
        is_one_name(known.name, person.name) and _is_no_better(person.name, known.name)
    )
    name = known.name if stays else person.name
    keeps = not person.phone or known.phone in (person.phone, *person.other_phones)
    found = NewPerson(name, known.phone if keeps else person.phone, person.birth or known.birth)
    return found if found != (known.name, known.phone, known.birth) else None


def _is_no_better(name: str, ours: str) -> bool:
    """Whether ours need not be changed: it is spelled the same, or with the marks that the list leaves out."""
    return not is_bare(ours) or is_bare(name)
