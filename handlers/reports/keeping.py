"""A report is kept, and changed: what that writes, and the trace it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.chat.action import Typed
from bot.chat.dialog import Extras
from bot.chat.message import Button
from bot.chat.reply import Reply, View
from bot.chat.texts import Voice, lines
from bot.chat.turn import Turn
from bot.rules import reports as rules
from bot.rules.told import Told
from handlers.reports.actions import Change, Dispute, Restore, Undo
from handlers.reports.cards import author_of, card_name, get, named, tell_head, unit_of, what
from handlers.reports.closing import check_change
from storage import audit, files, people, reports
from storage.reports import Item, Report
from storage.units import Unit


def keep(
    turn: Turn,
    unit: Unit,
    day: date,
    items: tuple[Item, ...],
    extras: Extras,
    *,
    said: str = "",
    place: str = "",
    whose: int = 0,
) -> Report:
    """A new report of this person's (or of the team-mate `whose` it is, who is told), with its trace; the team's head
    sees it on the card of the day. While practising it is one of practice: it counts nowhere, and the turn tells and
    traces nothing."""
    kept = reports.add(
        turn.db,
        author_id=whose or turn.me.id,
        written_by=turn.me.id if whose else None,
        unit_id=unit.id,
        day=day.isoformat(),
        note=extras.note,
        items=items,
        now=turn.now,
        said=said,
        place=place,
        state=rules.state(practising=turn.practice is not None),
    )
    turn.did("sent" if items else "nothing")
    files.attach(turn.db, "report_files", "report_id", kept.id, extras.files)
    note(turn, kept, "reports.made", after=in_words(turn, kept), private=bool(kept.note))
    if whose:
        given(turn, kept)
    tell_head(turn, unit, day)
    return kept


def given(turn: Turn, kept: Report) -> None:
    """A team-mate was reported for: the trace of it, and they hear it, with the buttons that put it right."""
    note(turn, kept, "reports.for_other", before=turn.me.name, after=author_of(turn, kept))

    def view(say: Voice) -> Reply:
        day, said = date.fromisoformat(kept.day), what(say, named(turn, kept.items), kept)
        text = say("together.yours", name=turn.me.name, code=kept.code, what=said, day=day)
        return Reply(text, (own_buttons(say, kept),), code=kept.code)

    turn.tell(kept.author_id, view)


def change(turn: Turn, report_id: int, told: Told, unit: Unit) -> Report:
    """Put what was told anew in place of what was kept, each change with its trace. Raises Refused."""
    kept = get(turn, report_id)
    check_change(turn, kept)
    is_own = rules.is_own(kept, turn.me)
    before, theirs = facts(turn, kept, turn.house), _author_sees(turn, kept)
    mended = rules.mended(kept) if is_own else rules.corrected(kept)
    mended = replace(mended, items=told.items, day=told.day, note=told.note, unit_id=unit.id)
    turn.did("changed")
    changed = reports.save(turn.db, replace(mended, place=told.place, said=told.words), turn.now)
    files.attach(turn.db, "report_files", "report_id", changed.id, list(told.files))
    changes = _differences(before, facts(turn, changed, turn.house))
    for old, new in changes:
        note(turn, changed, "reports.changed", before=old, after=new, private=kept.note != changed.note)
    for one in {(kept.unit_id, kept.day), (changed.unit_id, changed.day)}:
        tell_head(turn, unit_of(turn, replace(changed, unit_id=one[0])), date.fromisoformat(one[1]))
    _tell_who_returned(turn, kept)
    if changes and turn.me.id != kept.author_id:
        _tell_author(turn, changed, _differences(theirs, _author_sees(turn, changed)))
    return changed


def take_back(turn: Turn, kept: Report) -> Reply:
    """Out of the figures, with its trace; returns its card with the button that puts it back."""
    gone = reports.save(turn.db, rules.taken_back(kept), turn.now)
    gone_label = turn.house.label("audit.fact.gone")
    note(turn, gone, "reports.undone", before=in_words(turn, gone), after=gone_label, private=bool(gone.note))
    tell_head(turn, unit_of(turn, gone), date.fromisoformat(gone.day))
    if gone.author_id != turn.me.id:
        turn.tell(gone.author_id, _gone(turn, gone))
    back = turn.button("reports.buttons.restore", Restore(gone.id))
    said = "reports.undone" if turn.practice is None else "practice.undone"
    return Reply(turn.t(said, code=gone.code), ((back,),), card=card_name(gone), code=gone.code)


def _gone(turn: Turn, gone: Report) -> View:
    """What its author hears when who reported for them takes it back."""

    def view(say: Voice) -> Reply:
        back = Button(say.label("reports.buttons.restore"), Restore(gone.id).pack())
        text = say("together.gone_again", name=turn.me.name, code=gone.code, day=date.fromisoformat(gone.day))
        return Reply(text, ((back,),), code=gone.code)

    return view


def _differences(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, str]]:
    return [(old, new) for old, new in zip(before, after, strict=True) if old != new]


def _author_sees(turn: Turn, kept: Report) -> tuple[str, ...]:
    author = people.get(turn.db, kept.author_id)
    return facts(turn, kept, turn.voice_of(author) if author else turn.house)


def _tell_who_returned(turn: Turn, kept: Report) -> None:
    """Whoever asked for it to be mended hears that it was."""
    back = [entry for entry in audit.of(turn.db, kept.code) if entry.act == "reports.returned"]
    by = back[-1].person_id if back else None
    if kept.state != "returned" or by in (None, turn.me.id):
        return
    look = Typed(kept.code).pack()
    turn.tell(
        by,
        lambda say: Reply(
            say("judging.mended", name=turn.me.name, code=kept.code),
            ((Button(say.label("judging.buttons.look"), look),),),
        ),
    )


def _tell_author(turn: Turn, changed: Report, changes: list[tuple[str, str]]) -> None:
    """A lead corrected it: what, and the button that says it is not right. Or who reported for them: the buttons that
    put it right."""
    is_writer = changed.written_by == turn.me.id

    def view(say: Voice) -> Reply:
        look = Button(say.label("judging.buttons.look"), Typed(changed.code).pack())
        wrong = Button(say.label("disputes.buttons.not_right"), Dispute(changed.id).pack())
        rows = [say("disputes.change", before=before, after=after) for before, after in changes]
        day = date.fromisoformat(changed.day)
        key = "together.changed" if is_writer else "disputes.changed"
        text = say(key, name=turn.me.name, code=changed.code, day=day, lines=lines(*rows))
        return Reply(text, (own_buttons(say, changed) if is_writer else (look, wrong),), code=changed.code)

    turn.tell(changed.author_id, view)


def own_buttons(say: Voice, kept: Report) -> tuple[Button, Button]:
    """With which an author puts right what somebody reported for them."""
    mend = Button(say.label("reports.buttons.change"), Change(kept.id).pack())
    return mend, Button(say.label("judging.buttons.drop"), Undo(kept.id).pack())


def facts(turn: Turn, kept: Report, say: Voice) -> tuple[str, ...]:
    """What a change may change, in words for the history."""
    return (
        what(say, named(turn, kept.items), kept),
        say.label("reports.fact_day", day=date.fromisoformat(kept.day)),
        say.label("reports.fact_note", note=kept.note[:60]) if kept.note else say.label("reports.no_note"),
        say.label("reports.photos", count=len(files.of_report(turn.db, kept.id))),
        unit_of(turn, kept).name,
    )


def in_words(turn: Turn, kept: Report) -> str:
    """All of a report but its team, in words for its trace."""
    return " · ".join(facts(turn, kept, turn.house)[:-1])


def note(turn: Turn, kept: Report, act: str, *, before: str = "", after: str = "", private: bool = False) -> None:
    turn.note(act, kept.code, before=before, after=after, unit=kept.unit_id, private=private)
