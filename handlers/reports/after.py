"""After a report was sent: undone, put back, looked at by its code."""

from __future__ import annotations

from datetime import date

from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.turn import Turn, shown_files
from bot.rules import codes
from bot.rules import reports as rules
from bot.rules.refused import Refused
from handlers.reports import heard, keeping, mend
from handlers.reports.actions import Change, Photos, Restore, Undo
from handlers.reports.cards import author_of, card_of, get, tell_head, unit_of
from handlers.reports.keeping import in_words, note
from storage import files, reports

router = Router("reports")


@router.on(Undo, practice=True)
def undo(turn: Turn, pressed: Undo) -> Said:
    """Take a report out of the figures, for a few minutes after it was made."""
    kept = get(turn, pressed.report)
    rules.undo(kept, turn.me, turn.now, turn.settings.undo_minutes)
    turn.did("undone")
    return keeping.take_back(turn, kept)


@router.on(Restore, practice=True)
def restore(turn: Turn, pressed: Restore) -> Said:
    """Put back what was just undone."""
    gone = get(turn, pressed.report)
    if turn.me.id not in (gone.author_id, gone.written_by):
        raise Refused("reports.not_yours", code=gone.code)
    if not rules.is_there(gone):
        gone = reports.save(turn.db, rules.put_back(gone), turn.now)
        gone_label = turn.house.label("audit.fact.gone")
        note(turn, gone, "reports.restored", before=gone_label, after=in_words(turn, gone), private=bool(gone.note))
        tell_head(turn, unit_of(turn, gone), date.fromisoformat(gone.day))
    return card_of(turn, gone, turn.t("reports.restored", code=gone.code))


@router.on(Change, practice=True)
def change(turn: Turn, pressed: Change) -> Said:
    """Every part of it, in the sheet it was told in."""
    return mend.change(turn, get(turn, pressed.report))


@router.said(rank=10, practice=True)
def by_code(turn: Turn) -> Said:
    """Somebody typed B-0012, or said something of it: "sửa B-0012 vneid 15"."""
    text = turn.incoming.text
    thing = codes.read_thing(text)
    if thing is not None:
        return show(turn, thing[1]) if thing[0] == "B" else None
    named = codes.named_report(text)
    if named is None or turn.incoming.files:
        return None
    return mend.as_said(turn, get(turn, named[0]), named[1]) or show(turn, named[0])


@router.said(rank=49, practice=True)
def sent_by_mistake(turn: Turn) -> Said:
    """ "hoàn tác", "gửi lộn rồi": what was sent last, with the button that takes it back."""
    says_so = heard.says_take_back(turn.incoming.text) and not turn.incoming.files
    last = mend.last(turn) if says_so else None
    return show(turn, last.id) if last else None


def show(turn: Turn, report_id: int) -> Reply:
    """A report to somebody who may see it. Raises Refused."""
    kept = get(turn, report_id)
    return card_of(turn, kept, turn.t("reports.shown", code=kept.code, name=author_of(turn, kept)))


@router.on(Photos, practice=True)
def show_photos(turn: Turn, pressed: Photos) -> Said:
    kept = get(turn, pressed.report)
    return shown_files(turn, files.of_report(turn.db, kept.id))
