"""Puts the invented province into a database, so that a demonstration has people and a past."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bot.demo.history import DemoReport, DemoTask, history, to_come
from bot.demo.province import SHOWCASE_COMMUNE, DemoUnit, Province, invent, showcase
from storage import categories, consents, people, reports, tasks, units
from storage.db import Db
from storage.people import Person
from storage.reports import Item
from storage.units import Unit

CHANNEL = "phone"
NOT_JOINED = 0.08  # of the members and hamlet heads have not found the bot yet
SEED = 793
WEEK_MS = 7 * 86_400_000
MOST_WEEKS = 8
BEGAN_MS = 12 * WEEK_MS  # so long ago the teams were set up


@dataclass(frozen=True, slots=True)
class Loaded:
    """Database ids of the three people whose phones are shown."""

    member: int
    lead: int
    admin: int


def chat_of(person_id: int) -> str:
    """The phone of a person."""
    return f"p{person_id}"


def load(db: Db, now: int, zone: ZoneInfo, *, past: bool = True, joined: bool = True) -> Loaded:
    """Fill an empty database. `past`: with three weeks of reports and tasks; `joined`: most people have a phone."""
    categories.seed(db)
    province = invent()
    known_units = _units(db, province, now)
    known_people = _people(db, province, known_units, now)
    shown = showcase(province)
    loaded = Loaded(*(known_people[key].id for key in (shown.member, shown.commune_head, shown.administrator)))
    if joined:
        _join(db, province, known_people, loaded, now)
    if past:
        made = history(province, datetime.fromtimestamp(now / 1000, zone).date())
        for report in made.reports:
            _report(db, report, known_units, known_people, zone)
        for task in made.tasks:
            _task(db, task, known_units, known_people, zone)
    return loaded


def _units(db: Db, province: Province, now: int) -> dict[int, Unit]:
    known: dict[int, Unit] = {}
    for unit in sorted(province.units, key=_nearness):
        parent = known[unit.parent] if unit.parent is not None else None
        known[unit.key] = units.add(
            db, code=unit.code, name=unit.name, kind=unit.kind, level=unit.level, parent=parent, since=now - BEGAN_MS
        )
    return known


def _nearness(unit: DemoUnit) -> int:
    """Those above everybody and the showcase come first: what is sent to all goes in this order."""
    if unit.level in ("province", "district"):
        return 0
    return 1 if unit.code.startswith(SHOWCASE_COMMUNE) else 2


def _people(db: Db, province: Province, known: dict[int, Unit], now: int) -> dict[int, Person]:
    added: dict[int, Person] = {}
    for person in sorted(province.people, key=lambda person: known[person.post].id):
        added[person.key] = people.add(db, name=person.name, phone=person.phone, language=person.language, now=now)
        people.appoint(db, added[person.key].id, known[person.post].id, person.role, now - BEGAN_MS)
    return added


def _join(db: Db, province: Province, added: dict[int, Person], shown: Loaded, now: int) -> None:
    random = Random(SEED)
    always = {shown.member, shown.lead, shown.admin}
    for person in province.people:
        joined = added[person.key]
        if random.random() >= NOT_JOINED or joined.id in always:
            people.link(db, CHANNEL, chat_of(joined.id), joined.id, now)
            consents.give(db, CHANNEL, chat_of(joined.id), "demo", now)


def go_on(db: Db, since: int, until: int, zone: ZoneInfo) -> None:
    """What everybody else reported after `since` and not after `until` (UTC milliseconds): the province lives on.

    Of a leap longer than that, the last MOST_WEEKS are lived.
    """
    since = max(since, until - MOST_WEEKS * WEEK_MS)
    top = units.top(db)
    if top is None:
        return
    province = invent()
    by_code = {unit.code: unit for unit in units.under(db, top)}
    by_phone = {member.person.phone: member.person for member in people.under(db, top)}
    known = {unit.key: by_code[unit.code] for unit in province.units if unit.code in by_code}
    added = {person.key: by_phone[person.phone] for person in province.people if person.phone in by_phone}
    last = datetime.fromtimestamp(until / 1000, zone).date()
    first = datetime.fromtimestamp(since / 1000, zone).date()
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        for report in to_come(province, monday):
            if since < _ms(_at(report, zone)) <= until and report.unit in known and report.author in added:
                _report(db, report, known, added, zone)
        monday += timedelta(days=7)


def _at(report: DemoReport, zone: ZoneInfo) -> datetime:
    return datetime(report.day.year, report.day.month, report.day.day, *divmod(report.minute, 60), tzinfo=zone)


def _report(db: Db, report: DemoReport, known: dict[int, Unit], added: dict[int, Person], zone: ZoneInfo) -> None:
    items = (Item(report.category, report.count, report.unit_word),) if report.category else ()
    reports.add(
        db,
        author_id=added[report.author].id,
        unit_id=known[report.unit].id,
        day=report.day.isoformat(),
        note=report.note,
        items=items,
        now=_ms(_at(report, zone)),
    )


def _task(db: Db, task: DemoTask, known: dict[int, Unit], added: dict[int, Person], zone: ZoneInfo) -> None:
    given = tasks.add(
        db,
        title=task.title,
        giver_id=added[task.giver].id,
        unit_id=known[task.unit].id,
        due_at=_ms(task.due),
        evidence=task.evidence,
        now=_ms(task.given),
    )
    for part in task.assignments:
        assignment = tasks.assign(db, given.id, known[part.unit].id, added[part.person].id, given.created_at)
        if part.state == "given":
            continue
        moments = [at for at in (part.accepted, part.reported, part.done) if at is not None]
        tasks.save(
            db,
            replace(
                assignment,
                state=part.state,
                returned=part.returned,
                note=part.note,
                count=part.count,
                reported_at=_ms(part.reported) if part.reported else None,
                done_at=_ms(part.done) if part.done else None,
            ),
            _ms(moments[-1]) if moments else given.created_at,
        )


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
