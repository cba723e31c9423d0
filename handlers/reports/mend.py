"""What was sent is mended by saying so: "sửa lại hôm qua 12 chứ hỏng phải 21"; the card shows before and after."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.chat.dialog import Ask, Option
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.turn import Turn
from bot.rules import reports as rules
from bot.rules import told as telling
from bot.rules.reading import Kind, Reading
from bot.rules.refused import Refused
from handlers.reports import added, behalf, heard, sheet
from handlers.reports.cards import author_of, named, what
from handlers.reports.closing import check_change, may_change
from handlers.reports.told import anew, begin
from storage import drafts, files, reports
from storage.reports import Report

DAYS_BACK = 7  # where no day is said

router = Router("reports")


def correct(turn: Turn, text: str, reading: Reading) -> Said:
    """A correction that nothing open is waiting for: of which sent report?"""
    theirs = behalf.of(turn, text)
    if found := _meant(turn, text, reading, theirs.among if theirs else ()):
        return _one_of(turn, found, theirs.rest if theirs else text)
    day = turn.t("reports_told.none_of_day", day=reading.day) if reading.day else turn.t("reports_told.none_to_mend")
    card = begin(turn, added.reported(turn, anew(turn), text, reading))
    return [Reply(day), *([card] if isinstance(card, Reply) else card or ())]


def newest(turn: Turn) -> Said:
    """ "sửa lại", and no more: what was sent last; if that day somebody reported for others too, it is asked whose."""
    found = _open(turn, turn.today - timedelta(days=DAYS_BACK), turn.today)
    if not found:
        return None
    last = max(turn.when(kept.created_at).date() for kept in found)
    lately = [kept for kept in found if turn.when(kept.created_at).date() == last]
    return _one_of(turn, rules.newest_of_each(lately, lambda kept: abs(kept.id)), "")


def last(turn: Turn) -> Report | None:
    """What this person sent last, of these days."""
    found = _open(turn, turn.today - timedelta(days=DAYS_BACK), turn.today)
    return max(found, key=lambda kept: abs(kept.id), default=None)


def as_said(turn: Turn, kept: Report, words: str) -> Said:
    """What is said of a report that was named by its code, to be looked at; None: nothing that would change it."""
    reading = heard.hear(turn, words)
    if reading.kind in ("report", "correction"):
        kind: Kind = "report" if heard.is_more(words) else "correction"
        return _opened(turn, kept, words, replace(reading, kind=kind))
    return change(turn, kept) if heard.says_mend(words) else None


@router.dialog("mended")
def mended(turn: Turn, ask: Ask, /, words: str, among: list[int]) -> Said:
    """Several reports fit: which one? No `words`: it is opened to be changed."""
    found = [kept for one in among if (kept := reports.get(turn.db, one)) and may_change(turn, kept)]
    if not found:
        raise Refused("chat.draft_gone")
    is_of_several = len({kept.author_id for kept in found}) > 1
    options = [Option(str(kept.id), _label(turn, kept, whose=is_of_several)) for kept in found]
    what = "reports_told.mend_whose" if is_of_several else "reports_told.mend_which"
    chosen = ask.choice("report", what, lambda: options, columns=1)
    drafts.drop(turn.db, ask.draft.id)
    return _open_one(turn, next(kept for kept in found if str(kept.id) == chosen), words)


def _one_of(turn: Turn, found: Sequence[Report], words: str) -> Said:
    if len(found) > 1:
        return mended.begin(turn, words=words, among=[kept.id for kept in found])
    return _open_one(turn, found[0], words)


def _open_one(turn: Turn, kept: Report, words: str) -> Said:
    return _opened(turn, kept, words, heard.hear(turn, words)) if words else change(turn, kept)


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


def _meant(turn: Turn, text: str, reading: Reading, authors: Collection[int]) -> list[Report]:
    """The reports somebody may mean: of whom they named; of the day that was said, else of each author the newest; of
    that kind; of the number that was wrong."""
    found = _open(turn, reading.day or turn.today - timedelta(days=DAYS_BACK), reading.day or turn.today)
    found = [kept for kept in found if kept.author_id in authors] if authors else found
    codes = {item.category for item in reading.items} | {one.category for one in reading.ask if one.category}
    found = [kept for kept in found if codes & {item.category for item in kept.items}] or found
    right = {item.count for item in reading.items} | {value for one in reading.ask for value in one.values}
    wrong = set(heard.numbers(text)) - right
    found = [kept for kept in found if wrong & {item.count for item in kept.items}] or found
    return rules.newest_of_each(found, lambda kept: kept.day)


def _open(turn: Turn, first: date, last: date) -> list[Report]:
    """What this person, or who they reported for, may have mended now."""
    there = reports.open_of(turn.db, turn.me.id, first.isoformat(), last.isoformat(), turn.practice is not None)
    return [kept for kept in there if may_change(turn, kept)]


def _label(turn: Turn, kept: Report, *, whose: bool) -> str:
    own = kept.author_id == turn.me.id
    name = turn.say.label("reports_told.of_you") if own else author_of(turn, kept)
    day = turn.say.write(date.fromisoformat(kept.day))
    parts = (kept.code, *([name] if whose else []), day, what(turn.say, named(turn, kept.items), kept))
    return " · ".join(parts)[:60]
