"""What became of a photo that somebody sent: only who must do something hears of it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.message import Button, Text
from bot.chat.reply import Reply, View
from bot.chat.router import Router
from bot.chat.texts import Voice
from bot.chat.turn import Turn
from handlers.reports.actions import Change
from handlers.reports.alike import ask_about_copies
from storage import files, photos, reports
from storage.files import StoredFile
from storage.practice import STATES as PRACTICE
from storage.reports import Report

router = Router("reports")


@dataclass(frozen=True, slots=True)
class Thing:
    """What a photo belongs to: a report, or a part of a task; and how many photos that has left."""

    code: str
    unit_id: int
    left: int
    report: Report | None = None


@router.hook("photo")
def settled(turn: Turn, file_id: int) -> None:
    """A photo was kept, or refused, or could not be had at all."""
    file = files.get(turn.db, file_id)
    if file is None:
        return
    thing = _thing(turn, file_id)
    if file.state == "kept":
        if thing is not None and thing.report is not None and file.person_id is not None:
            ask_about_copies(turn, thing.report, file.person_id)
        return
    if thing is not None and not (thing.report and thing.report.state in PRACTICE):
        after = turn.house.label("photos.fact_count", count=thing.left)
        turn.note("photos.refused", thing.code, after=after, unit=thing.unit_id)
    if file.person_id is not None:
        turn.tell(file.person_id, _not_kept(turn, file, thing))


def _thing(turn: Turn, file_id: int) -> Thing | None:
    report_id = photos.report_of(turn.db, file_id)
    report = reports.get(turn.db, report_id) if report_id else None
    if report is not None:
        return Thing(report.code, report.unit_id, len(files.of_report(turn.db, report.id)), report)
    duty = photos.duty_of(turn.db, file_id)
    if duty is None:
        return None
    assignment_id, task_id, unit_id = duty
    return Thing(f"V-{task_id:04d}", unit_id, len(files.of_assignment(turn.db, assignment_id)))


def _not_kept(turn: Turn, file: StoredFile, thing: Thing | None) -> View:
    """Which photo, why, and what to do."""
    report = thing.report if thing else None
    changes = (
        report is not None
        and file.person_id in (report.author_id, report.written_by)
        and report.state in ("kept", "returned")
    )

    def view(say: Voice) -> Reply:
        which = _which(turn, say, file, thing)
        if file.state == "lost":
            text = say("photos.lost", which=which)
        else:
            text = say("photos.refused", which=which, why=say(f"photos.why.{file.why}"))
        rows: tuple[tuple[Button, ...], ...] = ()
        if report is not None and changes:
            rows = ((Button(say.label("reports.buttons.change"), Change(report.id).pack()),),)
        return Reply(text, rows, code=thing.code if thing else "")

    return view


def _which(turn: Turn, say: Voice, file: StoredFile, thing: Thing | None) -> Text:
    number, of = photos.place(turn.db, file)
    at = f"{turn.when(file.created_at):%-H:%M}"
    which = say("photos.the_photo_of", number=number, of=of, at=at) if of > 1 else say("photos.the_photo", at=at)
    return say("photos.in_thing", which=which, code=thing.code) if thing else which
