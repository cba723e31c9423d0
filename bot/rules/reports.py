"""What is true of reports and who may change them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.rules import periods, rights
from bot.rules.periods import Period
from bot.rules.refused import Real, Refused
from storage.people import Person, Post
from storage.practice import STATES as PRACTICE
from storage.reports import Item, Report
from storage.units import Unit

OLDEST_DAYS = 31


def is_unusual(count: int, usual: int) -> bool:
    """More than one person commonly does of this in a day, or nothing at all: worth a second look."""
    return count > usual or count == 0


def said_twice(items: Sequence[Item], other: Sequence[Item]) -> list[Item]:
    """The items whose kind and number stand in the other report too, in whatever unit of count they were said."""
    there = {(item.category, item.count) for item in other}
    return [item for item in items if (item.category, item.count) in there]


def contradicts(items: Sequence[Item], other: Report) -> bool:
    """Whether one says that nothing was done and the other says figures."""
    return bool(items) != bool(other.items)


def is_reportable(day: date, today: date) -> bool:
    """Whether a report may be of that day."""
    return 0 <= (today - day).days <= OLDEST_DAYS


def check_day(day: date, today: date) -> date:
    """A report is of today or of the last month. Raises Refused."""
    if day > today:
        raise Refused("reports.day_ahead", said=day)
    if (today - day).days > OLDEST_DAYS:
        raise Refused("reports.day_too_old", day=day, most=OLDEST_DAYS)
    return day


def for_practice(report: Report, person: Person, *, practising: bool) -> None:
    """A report of practice is its author's alone, and only while practising; then the others cannot be touched.
    Raises Refused, and Real for a real one."""
    is_practice = report.state in PRACTICE
    if is_practice and report.author_id != person.id:
        raise Refused("reports.not_found", code=report.code)
    if is_practice and not practising:
        raise Refused("practice.was_practice", code=report.code)
    if practising and not is_practice:
        raise Real


def state(*, practising: bool) -> str:
    """Of a new report."""
    return "practice" if practising else "kept"


def taken_back(report: Report) -> Report:
    """Out of the figures."""
    return replace(report, state="practice_undone" if report.state == "practice" else "undone")


def put_back(report: Report) -> Report:
    """What was taken back counts again; of practice, or returned and not mended, as little as before."""
    if report.state == "practice_undone":
        return replace(report, state="practice")
    return replace(report, state="returned" if report.returned else "kept")


def is_there(report: Report) -> bool:
    """Not taken back."""
    return report.state in ("kept", "returned", "practice")


def undo(report: Report, person: Person, now: int, minutes: int) -> None:
    """May this person still undo it? One that was returned, or written for them, at any time. Raises Refused."""
    _own(report, person)
    _there(report)
    if report.state == "returned" or (report.written_by and report.author_id == person.id):
        return
    if now - report.created_at > minutes * 60_000:
        raise Refused("reports.undo_too_late", minutes=minutes)


def change(report: Report, person: Person, posts: Sequence[Post], unit: Unit, period: Period, today: date) -> None:
    """May this person change it? Its author until its period closes, or when it was returned; whoever leads its unit
    before and after, but nobody their own. Raises Refused."""
    _there(report)
    if is_own(report, person):
        if report.state != "returned" and not periods.is_open(period, today):
            raise Refused("reports.closed", code=report.code, until=period.closes_on)
    elif not rights.may(posts, "assign", unit):
        raise Refused("reports.not_yours", code=report.code)


def may_judge(report: Report, person: Person, posts: Sequence[Post], unit: Unit) -> bool:
    """Whether this person accepts and returns it: who leads its unit, but nobody their own."""
    return not is_own(report, person) and is_there(report) and rights.may(posts, "assign", unit)


def accept(report: Report, person: Person, now: int) -> Report:
    """It was looked at and is right. Raises Refused."""
    _there(report)
    return replace(report, state="kept", returned="", accepted_at=now, accepted_by=person.id)


def send_back(report: Report, why: str) -> Report:
    """It does not count until its author mends it. Raises Refused."""
    _there(report)
    return replace(report, state="returned", returned=why, accepted_at=None, accepted_by=None)


def mended(report: Report) -> Report:
    """What its author changed counts, and is looked at anew."""
    counts = report.state if report.state in PRACTICE else "kept"
    return replace(report, state=counts, returned="", accepted_at=None, accepted_by=None)


def corrected(report: Report) -> Report:
    """What a lead changed counts; whether somebody had accepted it stays as it was."""
    return replace(report, state="kept", returned="")


def dispute(report: Report, person: Person) -> None:
    """May this person say that a change of it is not right? Raises Refused."""
    _own(report, person)
    _there(report)


def _there(report: Report) -> None:
    if not is_there(report):
        raise Refused("reports.undone_already", code=report.code)


def is_own(report: Report, person: Person) -> bool:
    """Whether they made it, or somebody made it for them."""
    return person.id in (report.author_id, report.written_by)


def sender(report: Report) -> int:
    """Who wrote it: its author, or who reported for them."""
    return report.written_by or report.author_id


def newest_of_each(found: Sequence[Report], key: Callable[[Report], Any]) -> list[Report]:
    """Of each author's reports those for which `key` is greatest."""
    newest: dict[int, Any] = {}
    for one in found:
        newest[one.author_id] = max(newest.get(one.author_id, key(one)), key(one))
    return [one for one in found if key(one) == newest[one.author_id]]


def _own(report: Report, person: Person) -> None:
    if not is_own(report, person):
        raise Refused("reports.not_yours", code=report.code)
