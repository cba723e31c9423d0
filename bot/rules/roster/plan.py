"""What taking over a list would change: the list compared with what is kept. Values in, a plan out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from bot.rules.roster.homes import Homes, covered
from bot.rules.roster.records import LEVELS, Kind, Person, Post, Problem, Role, Roster, Unit
from bot.rules.roster.same import UNCHANGED, Matching, corrected
from bot.rules.roster.unchanged import RANK, Unchanged
from storage.roster import Changes, Correction, Held, Kept, Known, NewCode, NewPerson, NewPost, NewUnit

What = Literal["moved", "role", "renamed", "renumbered", "added", "ended", "back", "birth"]


@dataclass(frozen=True, slots=True)
class Counts:
    """What a plan comes to. units: of each level those that hold people in the list; units_new: those to be made;
    units_coded: those that are kept without the code that the list says.

    people = new + changed + same + left_out (those whose unit cannot be told, or is not one's own). moved, roles,
    renamed and renumbered are parts of `changed`; one person may be in several. gone: people of the list's units who
    are not in it; busy: those of them whose work is not finished, who stay in any case.
    """

    units: dict[str, int]
    units_new: dict[str, int]
    units_coded: int
    people: int
    new: int
    changed: int
    moved: int
    roles: int
    renamed: int
    renumbered: int
    same: int
    left_out: int
    gone: int
    busy: int
    no_phone: int


class Altered(NamedTuple):
    """Somebody who is kept and becomes otherwise. `before`, `after`: posts as (role, unit), else ("", what it is)."""

    person_id: int
    what: tuple[What, ...]
    name: str
    before: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]


class Gone(NamedTuple):
    """Somebody in the list's units who is not in the list. `unit`: its name; `leaves`: they hold nothing else."""

    person_id: int
    name: str
    unit_id: int
    unit: str
    posts: tuple[int, ...]
    leaves: bool
    is_busy: bool


@dataclass(slots=True)
class Plan:
    """All that is to be done. `down`: head's posts that become a member's, unless who holds them is let go."""

    counts: Counts
    units: list[NewUnit] = field(default_factory=list)
    coded: list[NewCode] = field(default_factory=list)
    people: list[NewPerson] = field(default_factory=list)
    posts: list[NewPost] = field(default_factory=list)
    corrected: list[Correction] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    back: list[int] = field(default_factory=list)
    down: list[tuple[int, NewPost]] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    altered: list[Altered] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Nothing would be written, but for letting go who is not in the list."""
        made = self.units or self.coded or self.people or self.posts or self.corrected
        return not (made or self.ended or self.back or self.down)

    @property
    def has_nobody(self) -> bool:
        """Nobody of the list can be taken over: it names none, or none whose unit can be told."""
        return self.counts.people == self.counts.left_out

    def going(self) -> list[Gone]:
        """Whom one may let go."""
        return [one for one in self.gone if not one.is_busy]

    def changes(self, *, remove_gone: bool = False) -> Changes:
        """As it is written. `remove_gone`: who is not in the list holds nothing there any more."""
        going = self.going() if remove_gone else []
        ended = {post for one in going for post in one.posts}
        down = [(post, begun) for post, begun in self.down if post not in ended]
        return Changes(
            self.units,
            self.people,
            [*self.posts, *(begun for _, begun in down)],
            self.corrected,
            [*self.ended, *(post for post, _ in down), *ended],
            [one.person_id for one in going if one.leaves],
            self.back,
            self.coded,
        )


def make_plan(roster: Roster, kept: Kept, *, is_told: bool = False, levels: Collection[str] = LEVELS) -> Plan:
    """What taking over the list would do to what is kept below the unit it is loaded for.

    `is_told`: somebody said that the list belongs there, whatever unit its title names. `levels`: those that units have
    here; none is made of another. Who is not named, and what is outside of the list's units, is left as it is;
    administrators are never changed.
    """
    return _Planning(roster, kept, Homes(kept, roster.units, is_told=is_told, levels=levels)).plan()


class _Planning:
    """The parts of a plan while it grows."""

    def __init__(self, roster: Roster, kept: Kept, homes: Homes) -> None:
        self._roster = roster
        self._kept = kept
        self._homes = homes
        unchanged = Unchanged(roster.people, self._homes)
        self._people = [known for known in kept.people if not unchanged.holds(known)]
        self._matching = Matching(roster.people, self._people, self._homes, unchanged.found)
        self._covered = covered(self._homes, kept, self._holding())
        self._names = {unit.id: unit.name for unit in kept.units}
        self._problems = [*self._homes.problems, *self._matching.problems]
        self._tally: Counter[str] = Counter()
        self._plan = Plan(Counts({}, {}, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
        self._plan.units, self._plan.coded = self._homes.new, self._homes.coded
        self._unplaced = {id(unit) for unit in self._holding() if self._is_passed_over(unit)}
        self._heads: dict[int, int] = {}
        self._judged: set[int] = set()  # those who lead, and of whom the list says where they are

    def _holding(self) -> Iterable[Unit]:
        held = {id(post.unit): post.unit for person in self._roster.people for post in person.posts if post.unit}
        return held.values()

    def _is_passed_over(self, unit: Unit) -> bool:
        """It leads to where its own units are, and nobody can hold a post in it: a district that is no more."""
        home = self._homes.of(unit)
        return home.id is None and home.below is not None

    def plan(self) -> Plan:
        self._choose_heads()
        for place, person in enumerate(self._roster.people):
            self._person(place, person)
        self._find_gone()
        self._step_down()
        self._doubt_moves()
        self._plan.problems = self._problems
        self._plan.counts = self._count()
        return self._plan

    # Heads: a unit has one.

    def _choose_heads(self) -> None:
        """The one of the list who leads already, else the first. An administrator who leads is left alone."""
        listed: dict[int, list[int]] = {}
        for place, person in enumerate(self._roster.people):
            for post in person.posts:
                home = self._home(post)
                if home is not None and post.role == "head":
                    listed.setdefault(home, []).append(place)
        self._leading: dict[int, list[tuple[Known, Held]]] = {}
        for known in self._people:
            for held in known.posts:
                if held.role == "head" and held.unit_id in listed:
                    self._leading.setdefault(held.unit_id, []).append((known, held))
        for home, places in listed.items():
            lead = {known.id for known, _ in self._leading.get(home, ())}
            fixed = [known for known, _ in self._leading.get(home, ()) if known.is_fixed]
            mine = [place for place in places if (one := self._matching.found[place]) and one.id in lead]
            if fixed and not any(self._matching.found[place] in fixed for place in places):
                self._heads[home] = -1
                self._doubt(self._roster.people[places[0]], "head_kept", unit=self._name(home), other=fixed[0].name)
            else:
                self._heads[home] = mine[0] if mine else places[0]

    def _wanted(self, place: int, person: Person) -> dict[int, Role]:
        """Unit → role, as the list says."""
        wanted: dict[int, Role] = {}
        for post in person.posts:
            home = self._home(post)
            if home is None:
                continue
            role: Role = "deputy" if post.role == "head" and self._heads[home] != place else post.role
            if home not in wanted or RANK[role] < RANK[wanted[home]]:
                wanted[home] = role
        return wanted

    def _home(self, post: Post) -> int | None:
        return self._homes.of(post.unit).id if post.unit is not None else None

    # People.

    def _person(self, place: int, person: Person) -> None:
        if self._matching.found[place] is UNCHANGED:
            self._tally["same"] += 1
            return
        wanted = self._wanted(place, person)
        if self._unplaced:
            self._doubt_unplaced(person)
        if not wanted:
            self._tally["left_out"] += 1
            return
        self._tally["no_phone"] += not person.phone
        known = self._matching.found[place]
        if known is None:
            self._plan.people.append(NewPerson(person.name, person.phone, person.birth))
            self._plan.posts += (NewPost(-len(self._plan.people), home, role) for home, role in wanted.items())
            return
        self._known(person, known, wanted)

    def _doubt_unplaced(self, person: Person) -> None:
        for post in person.posts:
            if post.unit is not None and id(post.unit) in self._unplaced:
                values = {"unit": post.unit.name, "ours": self._kept.within.name}
                self._problems.append(Problem(post.sheet, post.row, None, "unit_passed_over", person.name, values))

    def _known(self, person: Person, known: Known, wanted: dict[int, Role]) -> None:
        if any(held.role == "head" for held in known.posts):
            self._judged.add(known.id)
        if known.is_fixed:
            self._administrator(person, known, wanted)
            return
        what, before, after = self._posts(person, known, wanted)
        after_all = corrected(person, known)
        if after_all is not None:
            was = NewPerson(known.name, known.phone, known.birth)
            self._plan.corrected.append(Correction(known.id, was, after_all))
            for kind, old, new in (
                ("renamed", was.name, after_all.name),
                ("renumbered", was.phone, after_all.phone),
                ("birth", str(was.birth or ""), str(after_all.birth or "")),
            ):
                if old != new:
                    what.append(kind)  # type: ignore[arg-type]
                    before.append(("", old))
                    after.append(("", new))
        if known.left_in is not None:
            self._plan.back.append(known.id)
            what.append("back")
        if what:
            self._plan.altered.append(Altered(known.id, tuple(what), person.name, tuple(before), tuple(after)))
        else:
            self._tally["same"] += 1

    def _posts(
        self, person: Person, known: Known, wanted: dict[int, Role]
    ) -> tuple[list[What], list[tuple[str, str]], list[tuple[str, str]]]:
        what: list[What] = []
        ended: list[Held] = []
        left = dict(wanted)
        elsewhere: list[Held] = []
        for held in sorted(known.posts, key=lambda one: one.role != wanted.get(one.unit_id)):
            if held.unit_id in left:
                if held.role != left[held.unit_id]:
                    ended.append(held)
                    what.append("role")
                    continue
                del left[held.unit_id]
            elif held.unit_id in wanted or held.unit_id in self._covered:
                ended.append(held)
            else:
                elsewhere.append(held)
        self._plan.ended += (held.id for held in ended)
        self._plan.posts += (NewPost(known.id, home, role) for home, role in left.items())
        moves = set(left) - {held.unit_id for held in ended}
        drops = {held.unit_id for held in ended} - set(left)
        if moves or drops:
            what.append("moved" if moves and drops else "added" if moves else "ended")
        if moves and elsewhere:
            self._doubt(person, "also_elsewhere", ours=self._name(elsewhere[0].unit_id))
        before = [(held.role, self._name(held.unit_id)) for held in ended]
        after: list[tuple[str, str]] = [(role, self._name(home)) for home, role in left.items()]
        return list(dict.fromkeys(what)), before, after

    def _administrator(self, person: Person, known: Known, wanted: dict[int, Role]) -> None:
        held = {post.unit_id: post.role for post in known.posts if post.role != "admin"}
        if held != wanted or corrected(person, known) is not None:
            self._doubt(person, "admin_kept")
        self._tally["same"] += 1

    # Those who are not in the list.

    def _find_gone(self) -> None:
        for known in self._people:
            if known.is_fixed or known.left_in is not None or self._matching.is_taken(known):
                continue
            posts = [held for held in known.posts if held.unit_id in self._covered]
            if posts:
                leaves = len(posts) == len(known.posts)
                busy = leaves and known.id in self._kept.busy
                ids = tuple(held.id for held in posts)
                self._plan.gone.append(
                    Gone(known.id, known.name, posts[0].unit_id, self._name(posts[0].unit_id), ids, leaves, busy)
                )

    def _step_down(self) -> None:
        """Who leads a unit of which the list names another head, and is not in the list, is a member from now on."""
        for home, place in self._heads.items():
            for known, held in self._leading.get(home, ()):
                if place < 0 or known.is_fixed or known.id in self._judged:
                    continue
                self._plan.down.append((held.id, NewPost(known.id, home, "member")))
                head = self._roster.people[place]
                self._doubt(head, "head_follows", known.name, unit=self._name(home), other=head.name)

    def _doubt_moves(self) -> None:
        """New people without a number, of the name of somebody in the same commune who is not in the list."""
        communes = {unit.id: unit.parent_id for unit in self._kept.units}
        missing: dict[tuple[str, int | None], Gone] = {}
        for one in self._plan.gone:
            missing[one.name, communes.get(one.unit_id)] = one
        if not missing:
            return
        for place, person in enumerate(self._roster.people):
            if self._matching.found[place] is not None or person.phone:
                continue
            for home in self._wanted(place, person):
                found = missing.get((person.name, communes.get(home)))
                if found is not None:
                    self._doubt(person, "maybe_moved", other=self._name(found.unit_id))

    # What it comes to.

    def _count(self) -> Counts:
        plan, tally = self._plan, self._tally
        what = Counter(kind for one in plan.altered for kind in one.what)
        placed = {id(unit) for held in self._holding() if self._homes.of(held).id is not None for unit in held.chain}
        levels = Counter(unit.level for unit in self._roster.units if id(unit) in placed)
        new = Counter(unit.level for unit in plan.units)
        return Counts(
            units={level: levels[level] for level in LEVELS},
            units_new={level: new[level] for level in LEVELS},
            units_coded=len(plan.coded),
            people=len(self._roster.people),
            new=len(plan.people),
            changed=len(plan.altered),
            moved=what["moved"],
            roles=what["role"],
            renamed=what["renamed"],
            renumbered=what["renumbered"],
            same=tally["same"],
            left_out=tally["left_out"],
            gone=len(plan.gone),
            busy=sum(one.is_busy for one in plan.gone),
            no_phone=tally["no_phone"],
        )

    def _name(self, unit_id: int) -> str:
        return self._names.get(unit_id, "") if unit_id > 0 else self._plan.units[-1 - unit_id].name

    def _doubt(self, person: Person, kind: Kind, said: str = "", **values: str) -> None:
        post = person.posts[0]
        self._problems.append(Problem(post.sheet, post.row, None, kind, said or person.name, values))
