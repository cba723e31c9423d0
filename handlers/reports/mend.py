"""What was sent is mended by saying so: "sửa lại hôm qua 12 chứ hỏng phải 21"; the card shows before and after."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.chat.dialog import Ask, Option
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.turn import Turn
from bot.rules import told as telling
from bot.rules.reading import Reading
from bot.rules.refused import Refused
from handlers.reports import added, heard, sheet
from handlers.reports.cards import named, what
from handlers.reports.closing import check_change, may_change
from handlers.reports.told import anew, begin
from storage import drafts, files, reports
from storage.reports import Report

DAYS_BACK = 7  # where no day is said

router = Router("reports")


def correct(turn: Turn, text: str, reading: Reading) -> Said:
    """A correction that nothing open is waiting for: of which sent report?"""
    found = _meant(turn, text, reading)
    if len(found) > 1:
        return mended.begin(turn, words=text, among=[kept.id for kept in found])
    if found:
        return _opened(turn, found[0], text, reading)
    day = turn.t("reports_told.none_of_day", day=reading.day) if reading.day else turn.t("reports_told.none_to_mend")
    card = begin(turn, added.reported(turn, anew(turn), text, reading))
    return [Reply(day), *([card] if isinstance(card, Reply) else card or ())]


def newest(turn: Turn) -> Said:
    """ "sửa lại", and no more: what was sent last."""
    first = (turn.today - timedelta(days=DAYS_BACK)).isoformat()
    there = reports.open_of(turn.db, turn.me.id, first, turn.today.isoformat(), turn.practice is not None)
    found = [kept for kept in there if may_change(turn, kept)]
    return change(turn, max(found, key=lambda kept: kept.id)) if found else None


@router.dialog("mended")
def mended(turn: Turn, ask: Ask, /, words: str, among: list[int]) -> Said:
    """Several reports fit: which one?"""
    found = [kept for one in among if (kept := reports.get(turn.db, one)) and may_change(turn, kept)]
    if not found:
        raise Refused("chat.draft_gone")
    options = [Option(str(kept.id), _label(turn, kept)) for kept in found]
    chosen = ask.choice("report", "reports_told.mend_which", lambda: options, columns=1)
    drafts.drop(turn.db, ask.draft.id)
    kept = next(kept for kept in found if str(kept.id) == chosen)
    return _opened(turn, kept, words, heard.hear(turn, words))


def sent(turn: Turn, kept: Report) -> telling.Told:
    """A sent report as it may be changed."""
    stored = [file.id for file in files.of_report(turn.db, kept.id)]
    return telling.of_report(kept, stored, turn.today.isoformat())


def change(turn: Turn, kept: Report) -> Said:
    """Every part of it, in the sheet it was told in. Raises Refused."""
    check_change(turn, kept)
    return begin(turn, sheet.begin(sent(turn, kept)), editing=kept.id)


def _opened(turn: Turn, kept: Report, text: str, reading: Reading) -> Said:
    check_change(turn, kept)
    told = added.reported(turn, sent(turn, kept), text, replace(reading, day=None), same_day=True)
    return begin(turn, told, editing=kept.id)


def _meant(turn: Turn, text: str, reading: Reading) -> list[Report]:
    """The reports somebody may mean: of the day that was said, else the newest; of that kind; of the number that was
    wrong."""
    first = reading.day or turn.today - timedelta(days=DAYS_BACK)
    last = reading.day or turn.today
    found = [
        kept
        for kept in reports.open_of(turn.db, turn.me.id, first.isoformat(), last.isoformat(), turn.practice is not None)
        if may_change(turn, kept)
    ]
    codes = {item.category for item in reading.items} | {one.category for one in reading.ask if one.category}
    found = [kept for kept in found if codes & {item.category for item in kept.items}] or found
    right = {item.count for item in reading.items} | {value for one in reading.ask for value in one.values}
    wrong = set(heard.numbers(text)) - right
    found = [kept for kept in found if wrong & {item.count for item in kept.items}] or found
    return [kept for kept in found if kept.day == found[0].day]


def _label(turn: Turn, kept: Report) -> str:
    day = turn.say.write(date.fromisoformat(kept.day))
    return f"{kept.code} · {day} · {what(turn.say, named(turn, kept.items), kept)}"[:60]
