"""Those of whom a list says just what is kept: mostly all, so they are found first and nothing more is held of them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.rules.roster.homes import Homes
from bot.rules.roster.records import Person, Role
from bot.rules.roster.same import corrected, phones
from storage.roster import Known

SEVERAL = -1
RANK: dict[Role, int] = {"head": 0, "deputy": 1, "member": 2}


class Unchanged:
    """Is asked of one kept person after another. `found`: a 1 for each place in the list of
    somebody who was found.

    Known by a number that is but one's in the list, by name and by all they hold. Heads are looked at more closely: a
    unit has one. So are administrators, and those who had left.
    """

    def __init__(self, listed: Sequence[Person], homes: Homes) -> None:
        self.found = bytearray(len(listed))
        self._listed = listed
        self._homes = homes
        self._by_phone: dict[str, int] = {}

    def holds(self, known: Known) -> bool:
        """Whether the list says the same of them."""
        if not known.phone or known.is_fixed or known.left_in is not None:
            return False
        place = (self._by_phone or self._index()).get(known.phone, SEVERAL)
        if place == SEVERAL or self.found[place] or not self._is_same(self._listed[place], known):
            return False
        self.found[place] = 1
        return True

    def _index(self) -> dict[str, int]:
        """Made when somebody is kept at all: the first list of an office has nobody to be compared with."""
        for place, person in enumerate(self._listed):
            for phone in phones(person):
                self._by_phone[phone] = SEVERAL if phone in self._by_phone else place
        return self._by_phone

    def _is_same(self, person: Person, known: Known) -> bool:
        if corrected(person, known) is not None:
            return False
        wanted: dict[int, Role] = {}
        for post in person.posts:
            home = self._homes.of(post.unit).id if post.unit is not None else None
            if home is not None and (home not in wanted or RANK[post.role] < RANK[wanted[home]]):
                wanted[home] = post.role
        held = {post.unit_id: post.role for post in known.posts}
        return len(held) == len(known.posts) and held == wanted and "head" not in wanted.values()
