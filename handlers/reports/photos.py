"""What became of a photo that somebody sent: only who must do something hears of it."""

from __future__ import annotations

from bot.chat.message import Button, Text
from bot.chat.reply import Reply, View
from bot.chat.router import Router
from bot.chat.texts import Voice
from bot.chat.turn import Turn
from handlers.reports.actions import Change
from handlers.reports.alike import ask_about_copies
from storage import files, photos, reports
from storage.files import StoredFile
from storage.reports import Report

router = Router("reports")


@router.hook("photo")
def settled(turn: Turn, file_id: int) -> None:
    """A photo was kept, or refused, or could not be had at all."""
    file = files.get(turn.db, file_id)
    report_id = photos.report_of(turn.db, file_id)
    report = reports.get(turn.db, report_id) if report_id else None
    if file is None:
        return
    if file.state == "kept":
        if report is not None and file.person_id is not None:
            ask_about_copies(turn, report, file.person_id)
        return
    if report is not None:
        left = len(files.of_report(turn.db, report.id))
        after = turn.house.label("photos.fact_count", count=left)
        turn.note("photos.refused", report.code, after=after, unit=report.unit_id)
    if file.person_id is not None:
        turn.tell(file.person_id, _not_kept(turn, file, report))


def _not_kept(turn: Turn, file: StoredFile, report: Report | None) -> View:
    """Which photo, why, and what to do."""

    def view(say: Voice) -> Reply:
        which = _which(turn, say, file, report)
        if file.state == "lost":
            text = say("photos.lost", which=which)
        else:
            text = say("photos.refused", which=which, why=say(f"photos.why.{file.why}"))
        rows: tuple[tuple[Button, ...], ...] = ()
        mine = report is not None and file.person_id in (report.author_id, report.written_by)
        if mine and report is not None and report.state in ("kept", "returned"):
            rows = ((Button(say.label("reports.buttons.change"), Change(report.id).pack()),),)
        return Reply(text, rows, code=report.code if report else "")

    return view


def _which(turn: Turn, say: Voice, file: StoredFile, report: Report | None) -> Text:
    number, of = photos.place(turn.db, file)
    at = f"{turn.when(file.created_at):%-H:%M}"
    which = say("photos.the_photo_of", number=number, of=of, at=at) if of > 1 else say("photos.the_photo", at=at)
    return say("photos.in_report", which=which, code=report.code) if report else which
