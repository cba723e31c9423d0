"""A whole file judged: units settled, people joined, doubts collected, figures counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from bot.rules.roster.coded import judge_codes
from bot.rules.roster.doubles import join
from bot.rules.roster.found import Found
from bot.rules.roster.reading import Reader
from bot.rules.roster.records import LEVELS, Figures, Page, Person, Problem, Roster, Unit


def read_roster(pages: Iterable[Page], progress: Callable[[int], None] = lambda _: None) -> Roster:
    """What the sheets of one file say. `progress` is told now and then how many rows have been read.

    Nothing is changed and nothing asked: what cannot be told is among the problems.
    """
    pages = list(pages)
    reader = Reader(progress)
    is_only = sum(not page.is_hidden for page in pages) < 2
    for page in pages:
        reader.read(page, is_only)
    problems = [*reader.problems, *_codes(reader), *reader.tree.settle(), *_identities(reader), *_empty(reader)]
    units = reader.tree.units()
    problems += _guess_heads(reader.found)
    problems += _places(reader.found, units)
    sheets = list(dict.fromkeys(one.sheet for one in reader.found))
    joined = join(reader.found)
    reader.found.clear()
    problems += [*joined.problems, *_phones(joined.first)]
    standings = Counter(one.standing for one in joined.first)
    people = joined.people(units)
    problems += _leads(people, sheets)
    progress(reader.rows)
    held = _held(people)
    kept = [unit for unit in units.values() if id(unit) in held]
    order = {page.name: place for place, page in enumerate(pages)}
    problems.sort(key=lambda one: (order.get(one.sheet, 0), one.row, one.column if one.column is not None else -1))
    return Roster(kept, people, problems, _figures(people, standings, joined.duplicates, kept))


def _codes(reader: Reader) -> list[Problem]:
    """The rows whose code is another unit's than the one they name."""
    meant = {id(node): (node, other) for node, other in judge_codes(reader.tree, (one.node for one in reader.found))}
    if not meant:
        return []
    problems: list[Problem] = []
    for one in reader.found:
        node = one.node
        while node is not None and id(node) not in meant:
            node = node.parent
        if node is not None:
            said, other = meant[id(node)]
            problems.append(
                Problem(one.sheet, one.row, None, "code_disagrees", said.name.full, {"unit": other.name.full})
            )
    return problems


def _identities(reader: Reader) -> list[Problem]:
    """Said once, of the sheet that has them first; those in the place of a telephone number are said of their rows."""
    count = sum(reader.identities.values()) - sum(one.standing == "identity" for one in reader.found)
    if count <= 0:
        return []
    return [Problem(next(iter(reader.identities)), 0, None, "identity_left_out", "", {"count": count})]


def _empty(reader: Reader) -> list[Problem]:
    """An empty sheet is worth a word only where nobody was found in the others."""
    return [] if reader.found else [Problem(sheet, 0, None, "empty_sheet") for sheet in reader.empty]


def _held(people: list[Person]) -> set[int]:
    """The units in which somebody is, and those above them."""
    held: set[int] = set()
    for person in people:
        for post in person.posts:
            unit = post.unit
            while unit is not None and id(unit) not in held:
                held.add(id(unit))
                unit = unit.parent
    return held


def _figures(people: list[Person], standings: Counter[str], duplicates: int, units: list[Unit]) -> Figures:
    levels = Counter(unit.level for unit in units)
    return Figures(
        people=len(people),
        units={level: levels[level] for level in LEVELS},
        leads=sum(any(post.role == "head" for post in person.posts) for person in people),
        no_phone=standings["none"] + standings["whose"],
        bad_phone=standings["bad"] + standings["identity"],
        duplicates=duplicates,
    )


def _guess_heads(found: list[Found]) -> list[Problem]:
    """ "Trưởng ấp" alone leads the team of the ấp when nobody else does."""
    civil = [one for one in found if one.is_civil_head]
    if not civil:
        return []
    led = {id(one.node.real) for one in found if one.role == "head" and one.node}
    problems: list[Problem] = []
    for one in civil:
        if one.node and one.node.level == "hamlet" and id(one.node.real) not in led:
            led.add(id(one.node.real))
            one.role = "head"
            problems.append(Problem(one.sheet, one.row, one.column, "role_guessed", one.name))
    return problems


def _phones(first: list[Found]) -> list[Problem]:
    problems: list[Problem] = []
    for one in first:
        if one.standing == "none":
            problems.append(Problem(one.sheet, one.row, one.phone_column, "no_phone", "", {"name": one.name}))
        elif one.standing == "bad":
            digits = sum(letter.isdigit() for letter in one.said)
            problems.append(
                Problem(one.sheet, one.row, one.phone_column, "bad_phone", one.said[:60], {"digits": digits})
            )
        elif one.standing == "identity":
            problems.append(Problem(one.sheet, one.row, one.phone_column, "phone_is_identity"))
    return problems


def _places(found: list[Found], units: dict[int, Unit]) -> list[Problem]:
    """People without a unit, and hamlets whose commune nobody said; once for a sheet where it is so throughout."""
    total = Counter(one.sheet for one in found)
    lost = [one for one in found if one.node is None]
    lost_of = Counter(one.sheet for one in lost)
    problems = [Problem(sheet, 0, None, "no_unit") for sheet, count in lost_of.items() if count == total[sheet]]
    problems += [
        Problem(one.sheet, one.row, one.column, "no_unit", one.name)
        for one in lost
        if lost_of[one.sheet] < total[one.sheet]
    ]
    alone: dict[str, list[Unit]] = {}
    for unit in units.values():
        if unit.level == "hamlet" and unit.above("commune") is None:
            alone.setdefault(unit.sheet, []).append(unit)
    for sheet, hamlets in alone.items():
        names = ", ".join(unit.name for unit in hamlets[:5])
        problems.append(Problem(sheet, hamlets[0].row, None, "unit_alone", names, {"unit": names}))
    return problems


def _leads(people: list[Person], sheets: list[str]) -> list[Problem]:
    """Teams without a head or with two."""
    if all(post.role == "member" for person in people for post in person.posts):
        return [Problem(sheet, 0, None, "no_roles") for sheet in sheets]
    teams: dict[int, tuple[Unit, str, int]] = {}
    heads: dict[int, list[str]] = {}
    for person in people:
        for post in person.posts:
            if post.unit is not None:
                teams.setdefault(id(post.unit), (post.unit, post.sheet, post.row))
                if post.role == "head":
                    heads.setdefault(id(post.unit), []).append(person.name)
    problems: list[Problem] = []
    for key, (unit, sheet, row) in teams.items():
        names = heads.get(key, ())
        if not names:
            problems.append(Problem(sheet, row, None, "no_head", str(unit), {"unit": str(unit)}))
        elif len(names) > 1:
            problems.append(
                Problem(sheet, row, None, "two_heads", str(unit), {"unit": str(unit), "names": ", ".join(names[:5])})
            )
    return problems
