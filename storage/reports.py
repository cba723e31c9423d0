"""Reports of activity: who, unit, day, items (category × count × unit of count), note, photos."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby

from storage import units
from storage.db import Db
from storage.units import Unit

_COLUMNS = (
    "r.id, r.author_id, r.unit_id, r.day, r.note, r.state, r.version, r.created_at, r.changed_at,"
    " r.said, r.place, r.written_by, r.returned, r.accepted_at, r.accepted_by"
)
_WIDTH = 15
_ITEM = "i.category, i.count, i.unit, i.qualifier, i.answer"


@dataclass(frozen=True, slots=True)
class Item:
    """So many of a category, in the unit of count it was said in (never converted).

    `qualifier`: what was said beside the number ("hơn"); `answer`: to the category's own question.
    """

    category: str
    count: int
    unit: str
    qualifier: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """`day` is ISO text; `state` kept, undone, returned, practice or practice_undone; no items: "no activity". Those of
    practice are numbered below zero, so that they use up no number that people know reports by.

    `said`: the words it was read from; `written_by`: who reported for the author (None: the author); `returned`: why.
    """

    id: int
    author_id: int
    unit_id: int
    day: str
    note: str
    state: str
    version: int
    created_at: int
    changed_at: int
    said: str = ""
    place: str = ""
    written_by: int | None = None
    returned: str = ""
    accepted_at: int | None = None
    accepted_by: int | None = None
    items: tuple[Item, ...] = ()

    @property
    def code(self) -> str:
        return code_of(self.id)


def code_of(report_id: int) -> str:
    """ "B-0012"; of practice "B-TẬP-3"."""
    return f"B-{report_id:04d}" if report_id >= 0 else f"B-TẬP-{-report_id}"


def add(
    db: Db,
    *,
    author_id: int,
    unit_id: int,
    day: str,
    note: str,
    items: tuple[Item, ...],
    now: int,
    said: str = "",
    place: str = "",
    written_by: int | None = None,
    state: str = "kept",
) -> Report:
    numbered = {"id": _next_of_practice(db)} if state == "practice" else {}
    row = db.one(
        f"INSERT INTO reports ({''.join(f'{name}, ' for name in numbered)}"
        "author_id, unit_id, day, note, state, version, created_at, changed_at, said, place, written_by)"
        f" VALUES ({''.join(f':{name}, ' for name in numbered)}"
        ":author, :unit, :day, :note, :state, 1, :now, :now, :said, :place, :by) RETURNING id",
        **numbered,
        author=author_id,
        unit=unit_id,
        day=day,
        note=note,
        state=state,
        now=now,
        said=said,
        place=place,
        by=written_by,
    )
    assert row is not None
    report = Report(row[0], author_id, unit_id, day, note, state, 1, now, now, said, place, written_by, items=items)
    _save_items(db, report)
    return report


def _next_of_practice(db: Db) -> int:
    db.hold("reports of practice")
    row = db.one("SELECT COALESCE(MIN(id), 0) FROM reports WHERE id < 0")
    assert row is not None
    return int(row[0]) - 1


def save(db: Db, report: Report, now: int) -> Report:
    """Write a changed report; its version counts up."""
    changed = replace(report, version=report.version + 1, changed_at=now)
    db.run(
        "UPDATE reports SET author_id = :author, written_by = :writer, unit_id = :unit,"
        " day = :day, note = :note, state = :state, version = :version, changed_at = :now,"
        " said = :said, place = :place, returned = :returned, accepted_at = :accepted,"
        " accepted_by = :by WHERE id = :id",
        author=changed.author_id,
        writer=changed.written_by,
        unit=changed.unit_id,
        day=changed.day,
        note=changed.note,
        state=changed.state,
        said=changed.said,
        place=changed.place,
        returned=changed.returned,
        accepted=changed.accepted_at,
        by=changed.accepted_by,
        version=changed.version,
        now=now,
        id=changed.id,
    )
    db.run("DELETE FROM report_items WHERE report_id = :id", id=changed.id)
    _save_items(db, changed)
    return changed


def _save_items(db: Db, report: Report) -> None:
    db.many(
        "INSERT INTO report_items (report_id, category, count, unit, qualifier, answer)"
        " VALUES (:id, :category, :count, :unit, :qualifier, :answer)",
        ({"id": report.id, **asdict(item)} for item in report.items),
    )


def get(db: Db, report_id: int) -> Report | None:
    row = db.one(f"SELECT {_COLUMNS} FROM reports r WHERE r.id = :id", id=report_id)
    return replace(Report(*row), items=_items(db, report_id)) if row else None


def _items(db: Db, report_id: int) -> tuple[Item, ...]:
    rows = db.all(
        f"SELECT {_ITEM} FROM report_items i WHERE i.report_id = :id ORDER BY i.category, i.unit", id=report_id
    )
    return tuple(Item(*row) for row in rows)


def several(db: Db, ids: Sequence[int]) -> dict[int, Report]:
    """These reports by their number; those that are not there are left out."""
    listed = ", ".join(map(str, ids)) or "NULL"
    items: defaultdict[int, list[Item]] = defaultdict(list)
    for report_id, *item in db.all(
        f"SELECT i.report_id, {_ITEM} FROM report_items i WHERE i.report_id IN ({listed}) ORDER BY i.category, i.unit"
    ):
        items[report_id].append(Item(*item))
    rows = db.all(f"SELECT {_COLUMNS} FROM reports r WHERE r.id IN ({listed})")
    return {row[0]: replace(Report(*row), items=tuple(items[row[0]])) for row in rows}


def of_author(db: Db, author_id: int, first: str, last: str) -> list[Report]:
    """The person's kept reports of these days, newest first."""
    rows = db.all(
        f"SELECT {_COLUMNS} FROM reports r WHERE r.author_id = :author AND r.day BETWEEN :first AND :last"
        " AND r.state = 'kept' ORDER BY r.day DESC, r.id DESC",
        author=author_id,
        first=first,
        last=last,
    )
    return [replace(Report(*row), items=_items(db, row[0])) for row in rows]


def open_of(db: Db, person_id: int, first: str, last: str, practice: bool) -> list[Report]:
    """The person's reports of these days, and those they wrote for others, that they may still mend: the newest day
    first, then the newest report; of practice those of practice alone."""
    states = "r.state = 'practice'" if practice else "r.state IN ('kept', 'returned')"
    days = "r.day BETWEEN :first AND :last"  # said twice: each index is read for these days alone
    rows = db.all(
        f"SELECT {_COLUMNS} FROM reports r"
        f" WHERE (r.author_id = :person AND {days} OR r.written_by = :person AND {days})"
        f" AND {states} ORDER BY r.day DESC, ABS(r.id) DESC",
        person=person_id,
        first=first,
        last=last,
    )
    return [replace(Report(*row), items=_items(db, row[0])) for row in rows]


def made(db: Db, author_id: int, unit_id: int) -> int:
    """How many reports somebody ever made in a unit."""
    row = db.one(
        "SELECT COUNT(*) FROM reports WHERE author_id = :author AND unit_id = :unit AND state = 'kept'",
        author=author_id,
        unit=unit_id,
    )
    return row[0] if row else 0


def of_unit(db: Db, unit_id: int, day: str, most: int) -> tuple[int, list[tuple[Report, str]]]:
    """How many reports the unit itself kept of a day, and the newest, oldest first, with their authors' names."""
    where = "r.unit_id = :unit AND r.day = :day AND r.state = 'kept'"
    counted = db.one(f"SELECT COUNT(*) FROM reports r WHERE {where}", unit=unit_id, day=day)
    rows = db.all(
        f"SELECT newest.*, p.name, {_ITEM}"
        f" FROM (SELECT {_COLUMNS} FROM reports r WHERE {where} ORDER BY r.id DESC LIMIT {most}) newest"
        " JOIN people p ON p.id = newest.author_id LEFT JOIN report_items i ON i.report_id = newest.id"
        " ORDER BY newest.id, i.category, i.unit",
        unit=unit_id,
        day=day,
    )
    newest = []
    for (*columns, name), own in groupby(rows, key=lambda row: row[: _WIDTH + 1]):
        items = tuple(Item(*row[_WIDTH + 1 :]) for row in own if row[_WIDTH + 1] is not None)
        newest.append((replace(Report(*columns), items=items), name))
    return (counted[0] if counted else 0), newest


def sent(db: Db, unit_id: int, day: str) -> list[Report]:
    """What the unit itself reported of a day, kept or returned, the newest first."""
    rows = db.all(
        "SELECT id FROM reports WHERE unit_id = :unit AND day = :day AND state IN ('kept', 'returned')"
        " ORDER BY id DESC",
        unit=unit_id,
        day=day,
    )
    found = several(db, [row[0] for row in rows])
    return [found[row[0]] for row in rows]


@dataclass(frozen=True, slots=True)
class Figure:
    """What one unit (or one author) reported of one category, in one unit of count."""

    key: int
    category: str
    unit: str
    count: int


def figures_by_unit(db: Db, unit: Unit, first: str, last: str, at: int | None = None) -> list[Figure]:
    """Sums of these days, per unit the reports were made in, for the subtree of `unit`, now or at a moment."""
    return _figures(db, "r.unit_id", unit, first, last, at)


def figures_by_author(db: Db, unit: Unit, first: str, last: str, at: int | None = None) -> list[Figure]:
    """Sums of these days per author, for reports made in the subtree of `unit`, now or at a moment."""
    return _figures(db, "r.author_id", unit, first, last, at)


def _figures(db: Db, key: str, unit: Unit, first: str, last: str, at: int | None) -> list[Figure]:
    scope, values = units.scope(db, unit, "r.unit_id", at)
    rows = db.all(
        f"SELECT {key}, i.category, i.unit, SUM(i.count) FROM reports r"
        f"{scope} JOIN report_items i ON i.report_id = r.id"
        " WHERE r.day BETWEEN :first AND :last AND r.state = 'kept'"
        f" GROUP BY {key}, i.category, i.unit",
        first=first,
        last=last,
        **values,
    )
    return [Figure(row[0], row[1], row[2], int(row[3])) for row in rows]


def counts_by_unit(db: Db, unit: Unit, first: str, last: str, at: int | None = None) -> dict[int, int]:
    """How many reports (those of "no activity" too) each unit of the subtree made in these days."""
    return _counts(db, "r.unit_id", unit, first, last, at)


def on_time(db: Db, unit: Unit, first: str, last: str, before: int, at: int | None = None) -> set[int]:
    """The units of the subtree that said something of these days before that moment (UTC milliseconds)."""
    scope, values = units.scope(db, unit, "r.unit_id", at)
    rows = db.all(
        f"SELECT DISTINCT r.unit_id FROM reports r{scope}"
        " WHERE r.day BETWEEN :first AND :last AND r.state = 'kept' AND r.created_at < :before",
        first=first,
        last=last,
        before=before,
        **values,
    )
    return {row[0] for row in rows}


def counts_by_author(db: Db, unit: Unit, first: str, last: str, at: int | None = None) -> dict[int, int]:
    """How many reports each person made in the subtree in these days."""
    return _counts(db, "r.author_id", unit, first, last, at)


def authors_under(db: Db, unit: Unit) -> set[int]:
    """Who of those with a post in the subtree has ever reported."""
    scope, values = units.scope(db, unit, "o.unit_id")
    rows = db.all(
        f"SELECT DISTINCT o.person_id FROM posts o{scope} WHERE o.until IS NULL AND EXISTS"
        " (SELECT 1 FROM reports r WHERE r.author_id = o.person_id AND r.state = 'kept')",
        **values,
    )
    return {row[0] for row in rows}


def _counts(db: Db, key: str, unit: Unit, first: str, last: str, at: int | None) -> dict[int, int]:
    scope, values = units.scope(db, unit, "r.unit_id", at)
    rows = db.all(
        f"SELECT {key}, COUNT(*) FROM reports r{scope}"
        " WHERE r.day BETWEEN :first AND :last AND r.state = 'kept'"
        f" GROUP BY {key}",
        first=first,
        last=last,
        **values,
    )
    return {row[0]: row[1] for row in rows}


def participants(db: Db, report_id: int) -> list[int]:
    """Who took part in what was done."""
    rows = db.all("SELECT person_id FROM report_people WHERE report_id = :id ORDER BY person_id", id=report_id)
    return [row[0] for row in rows]


def took_part(db: Db, report_id: int, people: Iterable[int]) -> None:
    """Say who took part, in place of what was said of it before."""
    db.run("DELETE FROM report_people WHERE report_id = :id", id=report_id)
    db.many(
        "INSERT INTO report_people (report_id, person_id) VALUES (:id, :person)",
        ({"id": report_id, "person": person} for person in dict.fromkeys(people)),
    )


def days_together(db: Db, unit: Unit, first: str, last: str) -> list[tuple[int, str, str]]:
    """Who took part on which day (person, name, ISO day; each once), in what was reported in a unit and below: those
    who were named, else the author. What counts only."""
    scope, values = units.scope(db, unit, "r.unit_id")
    rows = db.all(
        "SELECT DISTINCT p.id, p.name, r.day FROM reports r"
        f"{scope} LEFT JOIN report_people t ON t.report_id = r.id"
        " JOIN people p ON p.id = COALESCE(t.person_id, r.author_id)"
        " WHERE r.day BETWEEN :first AND :last AND r.state = 'kept'"
        " AND EXISTS (SELECT 1 FROM report_items i WHERE i.report_id = r.id)"
        " ORDER BY p.name, p.id, r.day",
        first=first,
        last=last,
        **values,
    )
    return [(row[0], row[1], row[2]) for row in rows]
