"""The demonstration's units and people: 1 province, 9 districts, 129 communes, 427 hamlets, about 2,900 people."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from itertools import count
from random import Random
from typing import Literal

from bot.demo.names import people_names, words

Level = Literal["province", "district", "commune", "hamlet"]
Role = Literal["head", "deputy", "member", "admin"]

SEED = 2919
COMMUNES = 129
HAMLETS = 427
SHOWCASE_COMMUNE = "29188"
_SHOWCASE_HAMLETS = 6
_MOST_HAMLETS = 6

# How large a hamlet team is: 4 to 7 people, mostly 6 or 7.
_TEAM_SIZES = (4, 5, 6, 7)
_TEAM_SIZE_WEIGHTS = (5, 12, 34, 49)

_FIRST = words("An Bình Định Đông Giồng Hòa Hưng Khánh Long Mỹ Nhơn Phú Phước Quí Tân Thạnh Thành Thới Trung Vĩnh")
_SECOND = words("An Bình Điền Đức Hòa Hưng Khương Lộc Lợi Mỹ Nghĩa Phú Phước Quới Thạnh Thuận Trị Vĩnh Xuân")


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """`kind` is the Vietnamese word (xã, phường, thị trấn, ấp, khu phố, huyện, thành phố, tỉnh); `parent` is a key.

    Codes are the official ones of 2022 down to the commune; a hamlet's is its commune's with a running number.
    """

    key: int
    code: str
    name: str
    kind: str
    level: Level
    parent: int | None


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """`post` is the key of the unit; `phone` is an invented mobile number of ten digits."""

    key: int
    name: str
    phone: str
    post: int
    role: Role
    language: str


@dataclass(frozen=True)
class Province:
    """All units, parents before children, and all people."""

    units: tuple[DemoUnit, ...]
    people: tuple[DemoPerson, ...]

    @cached_property
    def unit(self) -> dict[int, DemoUnit]:
        """Units by key."""
        return {unit.key: unit for unit in self.units}

    @cached_property
    def person(self) -> dict[int, DemoPerson]:
        """People by key."""
        return {person.key: person for person in self.people}

    @cached_property
    def children(self) -> dict[int, tuple[DemoUnit, ...]]:
        """Units directly below each unit, by the upper unit's key."""
        below: dict[int, list[DemoUnit]] = {unit.key: [] for unit in self.units}
        for unit in self.units:
            if unit.parent is not None:
                below[unit.parent].append(unit)
        return {key: tuple(units) for key, units in below.items()}

    @cached_property
    def team(self) -> dict[int, tuple[DemoPerson, ...]]:
        """People of each unit by its key, the head first."""
        teams: dict[int, list[DemoPerson]] = {unit.key: [] for unit in self.units}
        for person in self.people:
            teams[person.post].append(person)
        return {key: tuple(people) for key, people in teams.items()}

    def head(self, unit: int) -> DemoPerson:
        """The head of the unit with that key."""
        return next(person for person in self.team[unit] if person.role == "head")


@dataclass(frozen=True, slots=True)
class Showcase:
    """Keys of the three people whose phones the demonstration shows."""

    member: int
    commune_head: int
    administrator: int


def invent() -> Province:
    """The same province every time."""
    random = Random(SEED)
    units = tuple(_invent_units(random))
    return Province(units, tuple(_invent_people(units, random)))


def showcase(province: Province) -> Showcase:
    """A member of the first hamlet team of xã Đại Điền, that commune's head, and the first administrator."""
    commune = next(unit for unit in province.units if unit.code == SHOWCASE_COMMUNE)
    hamlet = province.children[commune.key][0]
    return Showcase(
        member=next(person.key for person in province.team[hamlet.key] if person.role == "member"),
        commune_head=province.head(commune.key).key,
        administrator=next(person.key for person in province.people if person.role == "admin"),
    )


def _invent_units(random: Random) -> Iterator[DemoUnit]:
    keys = count(1)
    top = DemoUnit(next(keys), "83", "Tỉnh Bến Tre", "tỉnh", "province", None)
    yield top
    rows = _real_communes()
    districts: dict[str, DemoUnit] = {}
    for code, name in dict.fromkeys((row["district_code"], row["district"]) for row in rows):
        districts[code] = DemoUnit(next(keys), code, name, _kind(name), "district", top.key)
    yield from districts.values()
    communes = [
        DemoUnit(
            next(keys), row["code"], row["name"], _kind(row["name"]), "commune", districts[row["district_code"]].key
        )
        for row in _with_a_team(rows, random)
    ]
    yield from communes
    for commune, size in zip(communes, _hamlets_each(communes, random), strict=True):
        yield from _invent_hamlets(commune, size, keys, random)


def _real_communes() -> list[dict[str, str]]:
    """The 157 communes of August 2022 with their districts."""
    text = (resources.files("bot.demo") / "units.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def _with_a_team(rows: list[dict[str, str]], random: Random) -> list[dict[str, str]]:
    """129 of the 157. Which 28 had no team in August 2022 is not known: this choice is arbitrary."""
    optional = [row["code"] for row in rows if row["code"] != SHOWCASE_COMMUNE]
    without = set(random.sample(optional, len(rows) - COMMUNES))
    return [row for row in rows if row["code"] not in without]


def _hamlets_each(communes: list[DemoUnit], random: Random) -> list[int]:
    """How many hamlet teams each commune has: at least one, 427 in all."""
    sizes = [_SHOWCASE_HAMLETS if unit.code == SHOWCASE_COMMUNE else 1 for unit in communes]
    while sum(sizes) < HAMLETS:
        place = random.randrange(len(sizes))
        if sizes[place] < _MOST_HAMLETS:
            sizes[place] += 1
    return sizes


def _invent_hamlets(commune: DemoUnit, size: int, keys: Iterator[int], random: Random) -> Iterator[DemoUnit]:
    """Quarters (khu phố) in wards and towns, hamlets (ấp) in rural communes; some are numbered, others named."""
    kind = "ấp" if commune.kind == "xã" else "khu phố"
    if commune.code == SHOWCASE_COMMUNE:
        names = [str(number) for number in range(1, size + 1)]
    elif kind == "khu phố" or random.random() < 0.45:
        names = [str(number) for number in sorted(random.sample(range(1, _MOST_HAMLETS + 3), size))]
    else:
        pairs = [f"{first} {second}" for first in _FIRST for second in _SECOND if first != second]
        own = commune.name.removeprefix("Xã ")
        names = sorted(random.sample([pair for pair in pairs if pair != own], size))
    for number, name in enumerate(names, 1):
        yield DemoUnit(
            next(keys), f"{commune.code}-{number:02}", f"{kind.capitalize()} {name}", kind, "hamlet", commune.key
        )


def _kind(name: str) -> str:
    return next(kind for kind in ("thành phố", "huyện", "phường", "thị trấn", "xã") if name.lower().startswith(kind))


def _invent_people(units: tuple[DemoUnit, ...], random: Random) -> Iterator[DemoPerson]:
    names = people_names(random)
    keys = count(1)
    for unit in units:
        for role, language in _posts(unit, random):
            key = next(keys)
            # Shaped like a mobile number; counting up from 0999 000 001 shows that it is invented.
            yield DemoPerson(key, next(names), f"0999{key:06}", unit.key, role, language)


def _posts(unit: DemoUnit, random: Random) -> Iterator[tuple[Role, str]]:
    """Roles and languages of a unit's team, the head first."""
    yield "head", "vi"
    if unit.level == "province":
        # The second administrator reads English, so that the demonstration shows both languages.
        yield from (("admin", "vi"), ("admin", "en"))
    elif unit.level == "district":
        yield "deputy", "vi"
    elif unit.level == "commune":
        if random.random() < 0.6:
            yield "deputy", "vi"
    else:
        size = random.choices(_TEAM_SIZES, _TEAM_SIZE_WEIGHTS)[0]
        has_deputy = random.random() < 0.7
        for place in range(1, size):
            yield ("deputy" if has_deputy and place == 1 else "member"), "vi"
