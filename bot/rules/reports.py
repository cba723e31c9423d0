"""What is true of reports and who may change them."""

from __future__ import annotations

from datetime import date

from bot.rules.refused import Refused
from storage.people import Person
from storage.reports import Report

OLDEST_DAYS = 31


def is_unusual(count: int, usual: int) -> bool:
    """More than one person commonly does of this in a day, or nothing at all: worth a second look."""
    return count > usual or count == 0


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


def undo(report: Report, person: Person, now: int, minutes: int) -> None:
    """May this person still undo it? Raises Refused."""
    _own(report, person)
    if report.state != "kept":
        raise Refused("reports.undone_already", code=report.code)
    if now - report.created_at > minutes * 60_000:
        raise Refused("reports.undo_too_late", minutes=minutes)


def change(report: Report, person: Person) -> None:
    """May this person change it? Raises Refused."""
    _own(report, person)
    if report.state != "kept":
        raise Refused("reports.undone_already", code=report.code)


def _own(report: Report, person: Person) -> None:
    if report.author_id != person.id:
        raise Refused("reports.not_yours", code=report.code)
