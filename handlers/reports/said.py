"""Words and photos outside any dialog: a report, a correction, or photos of what was just sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.chat import plainly
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.texts import lines
from bot.chat.turn import Turn
from bot.rules import reports as rules
from bot.rules import rights
from bot.rules import told as telling
from bot.rules.told import Told
from handlers.reports import added, behalf, heard, keeping, mend, unread
from handlers.reports.actions import NotThese, OfOther
from handlers.reports.cards import card_of, get, unit_of
from handlers.reports.closing import check_change, may_change
from handlers.reports.told import anew, begin, left, told
from storage import drafts, files, reports
from storage.reports import Report

MOST_CHOICE = 3  # digits: a lone number is the choice of something that is gone

router = Router("reports")


@router.said(rank=50, practice=True)
def tell(turn: Turn) -> Said:
    """Words that report something, photos, or both."""
    text, sent = turn.incoming.text.strip(), bool(turn.incoming.files)
    may = rights.has("report")(turn.posts) or turn.practice is not None
    if not may or (text.isdecimal() and len(text) <= MOST_CHOICE and not sent):
        return None
    if heard.says_mend(text) and not sent and (said := mend.newest(turn)) is not None:
        return said
    theirs = behalf.of(turn, text)
    if theirs is not None and theirs.among and not theirs.rest and left(turn) is None:
        return begin(turn, _with_photos(turn, replace(behalf.given(turn, anew(turn), theirs), said=(text,))))
    reading = heard.hear(turn, theirs.rest if theirs else text)
    is_report = reading.kind in added.REPORTS
    done = {"told": is_report, "photo": sent, "zero": reading.kind == "zero"}
    for what in (what for what, is_done in done.items() if is_done):
        turn.did(what)
    if (is_report or sent or _says_send(turn, text)) and (before := left(turn)) is not None:
        drafts.resume(turn.db, before, turn.now)
        return told.hear(turn, before) if is_report or sent else told.show(turn, before)
    if reading.kind == "plan" and not sent:
        return Reply(turn.t("reports_told.a_plan"), menu=True)
    if reading.register and not is_report and not sent:
        return Reply(turn.t("reports_told.register", numbers=added.register(turn, reading)), menu=True)
    if not is_report:
        return _photos(turn, text) if sent else None
    if reading.kind == "correction" and not sent:
        return mend.correct(turn, text, reading)
    first = added.reported(turn, anew(turn), text, reading)
    return begin(turn, _with_photos(turn, unread.with_them(first, unread.take(turn))))


def _says_send(turn: Turn, text: str) -> bool:
    return plainly.word(text) == plainly.word(turn.say.label("chat.buttons.send"))


def _with_photos(turn: Turn, first: Told) -> Told:
    if not turn.incoming.files:
        return first
    first = telling.with_photos(first, turn.keep_files())
    return first if first.has_content else replace(first, photos_at=turn.now)


def _photos(turn: Turn, caption: str) -> Said:
    """Photos belong to what was sent some minutes ago; else they begin a report."""
    kept = _just_sent(turn)
    if kept is None and not caption and (returned := _returned(turn)) is not None:
        return begin(turn, telling.with_photos(mend.sent(turn, returned), turn.keep_files()), editing=returned.id)
    if kept is None:
        first = _with_photos(turn, unread.with_them(anew(turn), unread.take(turn)))
        return begin(
            turn, telling.with_note(replace(first, said=(*first.said, caption)), caption) if caption else first
        )
    after = telling.with_note(telling.with_photos(mend.sent(turn, kept), turn.keep_files()), caption)
    changed = keeping.change(turn, kept.id, after, unit_of(turn, kept))
    late = files.late(turn.db, kept.id, _since(turn, kept))
    count = len(late) or len(turn.incoming.files) - after.unkept
    heading = turn.t("reports_told.photos_added", code=kept.code, count=count)
    if after.unkept:
        most = turn.t("reports_told.too_many_photos", most=telling.MOST_PHOTOS, left=after.unkept)
        heading = lines(heading, most)
    card = card_of(turn, changed, heading)
    since = min(late, default=0)
    row = (
        turn.button("reports_told.buttons.not_these", NotThese(kept.id, since)),
        turn.button("reports_told.buttons.of_other", OfOther(kept.id, since)),
    )
    return replace(card, buttons=(row, *card.buttons) if since else card.buttons, joins=True, gathers=True)


def _since(turn: Turn, kept: Report) -> int:
    """Photos that came after the report was sent, and lately."""
    return max(kept.created_at, turn.now - added.TOGETHER_MS)


def _just_sent(turn: Turn) -> Report | None:
    oldest = (turn.today - timedelta(days=rules.OLDEST_DAYS)).isoformat()
    there = reports.open_of(turn.db, turn.me.id, oldest, turn.today.isoformat(), turn.practice is not None)
    found = [kept for kept in there if rules.sender(kept) == turn.me.id]
    newest = max(found, key=lambda kept: abs(kept.id), default=None)
    is_fresh = (
        newest is not None
        and turn.now - newest.created_at <= added.TOGETHER_MS
        and newest.state in ("kept", "practice")
    )
    return newest if is_fresh else None


def _returned(turn: Turn) -> Report | None:
    """What was given back to be mended, and waits for it: a photo without words is the one that was asked for."""
    oldest = (turn.today - timedelta(days=rules.OLDEST_DAYS)).isoformat()
    there = reports.open_of(turn.db, turn.me.id, oldest, turn.today.isoformat(), turn.practice is not None)
    found = [kept for kept in there if kept.author_id == turn.me.id and kept.state == "returned"]
    return found[0] if len(found) == 1 and may_change(turn, found[0]) else None


@router.on(NotThese, practice=True)
def not_these(turn: Turn, pressed: NotThese) -> Said:
    """The photos that were just added do not belong there."""
    return _without(turn, pressed.report, pressed.first)[0]


@router.on(OfOther, practice=True)
def of_other(turn: Turn, pressed: OfOther) -> Said:
    """They belong to something that is still to be told."""
    card, gone = _without(turn, pressed.report, pressed.first)
    first = replace(telling.with_photos(anew(turn), gone), photos_at=turn.now)
    said = begin(turn, first) if gone else None
    return [card, *([said] if isinstance(said, Reply) else said or ())]


def _without(turn: Turn, report_id: int, first: int) -> tuple[Reply, list[int]]:
    kept = get(turn, report_id)
    check_change(turn, kept)
    late = files.late(turn.db, kept.id, kept.created_at)
    gone = [one for one in late if one >= first]
    before = mend.sent(turn, kept)
    after = replace(before, files=tuple(one for one in before.files if one not in gone))
    changed = keeping.change(turn, kept.id, after, unit_of(turn, kept)) if gone else kept
    return card_of(turn, changed, turn.t("reports_told.photos_gone", code=kept.code, count=len(gone))), gone
