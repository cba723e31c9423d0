"""A report as it is shown: its card, its line, and the team's card of the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.chat.message import Button, Text
from bot.chat.reply import Reply, View
from bot.chat.texts import Voice, lines, paragraphs
from bot.chat.turn import Turn
from bot.rules import reports as rules
from bot.rules import rights
from bot.rules.refused import Refused
from handlers.reports.actions import Accept, Change, Dispute, ForOther, More, Photos, SendBack, Together, Undo, Waiting
from handlers.reports.alike import seen_before
from handlers.reports.closing import may_change, name_of
from storage import audit, categories, files, reports, units
from storage import people as roster
from storage.audit import Entry
from storage.categories import Category
from storage.people import Member
from storage.reports import Item, Report
from storage.units import Unit

MOST_LINES = 12
MOST_CHANGES = 4
HISTORY = ("reports.changed", "reports.undone", "reports.restored", "reports.disputed")
QUALIFIERS = {"hơn": "reports.more_than", "gần": "reports.almost", "khoảng": "reports.about"}


def get(turn: Turn, report_id: int) -> Report:
    kept = reports.get(turn.db, report_id)
    if kept is None or not (
        turn.me.id in (kept.author_id, kept.written_by) or rights.may(turn.posts, "watch", unit_of(turn, kept))
    ):
        raise Refused("reports.not_found", code=reports.code_of(report_id))
    rules.for_practice(kept, turn.me, practising=turn.practice is not None)
    return kept


def unit_of(turn: Turn, kept: Report) -> Unit:
    unit = units.get(turn.db, kept.unit_id)
    assert unit is not None
    return unit


def card_name(kept: Report) -> str:
    """Numbers of practice are given again once they are forgotten, the card of an earlier one is not."""
    return f"report:{kept.id}" if kept.id >= 0 else f"report:{kept.id}:{kept.created_at}"


def card_of(turn: Turn, kept: Report, heading: Text) -> Reply:
    stored = files.of_report(turn.db, kept.id)
    shown = lines_of(
        turn,
        turn.say,
        kept.items,
        date.fromisoformat(kept.day),
        unit_of(turn, kept),
        kept.note,
        len(stored),
        kept.place,
    )
    rows: list[tuple[Button, ...]] = []
    mine, changes = rules.is_own(kept, turn.me), may_change(turn, kept)
    if changes and not mine:
        rows.append((turn.button("reports.buttons.change", Change(kept.id)),))
    if mine and rules.is_there(kept) and changed_by_other(turn, kept, unanswered=True):
        rows.append((turn.button("disputes.buttons.not_right", Dispute(kept.id)),))
    if mine and rules.is_there(kept):
        row = [turn.button("reports.buttons.change", Change(kept.id))] if changes else []
        if kept.state == "returned" or turn.now - kept.created_at <= turn.settings.undo_minutes * 60_000:
            # After a change "undo" would sound like taking back the change.
            key = "reports.buttons.undo" if kept.version == 1 else "reports.buttons.withdraw"
            row.append(turn.button(key, Undo(kept.id)))
        rows += [*([tuple(row)] if row else []), (turn.button("reports.buttons.more", More()),)]
        rows += _of_whom(turn, kept) if changes else []
    rows += _to_judge(turn, kept)
    if stored and rules.is_there(kept):
        rows.append((turn.button("reports.buttons.photos", Photos(kept.id)),))
    gone = turn.t("reports.taken_out") if not rules.is_there(kept) else ()
    closed = turn.t("reports.is_closed", period=name_of(turn, kept)) if mine and not changes and not gone else ()
    told = lines(shown, _people(turn, kept), _judgement(turn, kept), closed)
    text = paragraphs(heading, gone or told, () if gone else seen_before(turn, kept), _history(turn, kept))
    return Reply(text, tuple(rows), card=card_name(kept), code=kept.code)


def author_of(turn: Turn, kept: Report) -> str:
    author = roster.get(turn.db, kept.author_id)
    return author.name if author else "?"


def _of_whom(turn: Turn, kept: Report) -> list[tuple[Button, ...]]:
    """Who was there, and for whom it was said: where there is anybody else in the team."""
    if kept.state == "practice" or not kept.items or not mates(turn, kept):
        return []
    who = turn.button("together.buttons.who", Together(kept.id))
    if kept.author_id != turn.me.id:  # said for somebody else already
        return [(who,)]
    return [(who, turn.button("together.buttons.for_other", ForOther(kept.id)))]


def mates(turn: Turn, kept: Report) -> list[Member]:
    """The author's team-mates."""
    return mates_of(turn, unit_of(turn, kept), kept.author_id)


def mates_of(turn: Turn, unit: Unit, person_id: int) -> list[Member]:
    """Who of a team may be reported for by somebody, or took part with them."""
    team = roster.team(turn.db, unit)
    return [member for member in team if member.role != "admin" and member.person.id != person_id]


def _people(turn: Turn, kept: Report) -> Text:
    """For whom it was said, and who took part."""
    by = roster.get(turn.db, kept.written_by) if kept.written_by else None
    there = [person.name for one in reports.participants(turn.db, kept.id) if (person := roster.get(turn.db, one))]
    return lines(
        turn.t("together.written", name=author_of(turn, kept), by=by.name) if by else (),
        turn.t("together.there", count=len(there), names=", ".join(there)) if there else (),
    )


def _to_judge(turn: Turn, kept: Report) -> list[tuple[Button, ...]]:
    if not rules.may_judge(kept, turn.me, turn.posts, unit_of(turn, kept)):
        return []
    row = []
    if kept.accepted_at is None:
        row.append(turn.button("judging.buttons.accept", Accept(kept.id, kept.version)))
    if kept.state == "kept":
        row.append(turn.button("judging.buttons.send_back", SendBack(kept.id, kept.version)))
    return [tuple(row)] if row else []


def _judgement(turn: Turn, kept: Report) -> Text:
    """What a lead said of it."""
    if kept.state == "returned":
        return turn.t("judging.is_returned", why=kept.returned)
    by = roster.get(turn.db, kept.accepted_by) if kept.accepted_by else None
    return turn.t("judging.is_accepted", name=by.name) if by else ()


def lines_of(
    turn: Turn, say: Voice, items: Sequence[Item], day: date, unit: Unit, note: str, photos: int, place: str = ""
) -> Text:
    known = named(turn, items)
    rows = [_item(say, known[i.category], i, _unit_name(say, known, i)) for i in items]
    when = say("reports.of_today" if day == turn.today else "reports.of_day", day=day, unit=unit.name)
    return lines(
        *(rows or [say("reports.none")]),
        when,
        say("reports.place", place=place) if place else (),
        say("reports.photos", count=photos) if photos else (),
        say("reports.note", note=note) if note else (),
    )


def _item(say: Voice, category: Category, item: Item, unit: str) -> Text:
    answer = say("reports.answer", question=category.question(say.language) or "?", answer=item.answer)
    about = category.about(say.language)
    return lines(say("reports.item", count=_count(say, item), unit=unit, category=about), answer if item.answer else ())


def named(turn: Turn, items: Sequence[Item]) -> dict[str, Category]:
    return {code: categories.get(turn.db, code) for code in {item.category for item in items}}


def _unit_name(say: Voice, known: dict[str, Category], item: Item) -> str:
    return known[item.category].counted(item.unit, say.language)


def _count(say: Voice, item: Item) -> str:
    """ "hơn 1.200" """
    return " ".join(part for part in (qualifier(say, item), say.write(item.count)) if part)


def qualifier(say: Voice, item: Item) -> str:
    """What was said beside a number, in the hearer's language where that is known."""
    key = QUALIFIERS.get(item.qualifier)
    return say.label(key) if key else item.qualifier


def what(say: Voice, known: dict[str, Category], kept: Report) -> str:
    return in_short(say, known, kept.items) or say.label("reports.what_none")


def in_short(say: Voice, known: dict[str, Category], items: Sequence[Item]) -> str:
    """Figures in one line."""
    return ", ".join(_what(say, known[item.category], item, _unit_name(say, known, item)) for item in items)


def _what(say: Voice, category: Category, item: Item, unit: str) -> str:
    name = category.name(say.language)
    said = say.label("reports.what_item", count=_count(say, item), unit=unit, category=name)
    return say.label("reports.what_answer", what=said, answer=item.answer) if item.answer else said


def _history(turn: Turn, kept: Report) -> Text:
    """Who changed what, the newest changes, and what its author said of them."""
    changes = [entry for entry in audit.of(turn.db, kept.code) if entry.act in HISTORY][-MOST_CHANGES:]
    return lines(turn.t("reports.history_title"), *(_change(turn, entry) for entry in changes)) if changes else ()


def changed_by_other(turn: Turn, kept: Report, *, unanswered: bool = False) -> int | None:
    """Who changed it last, where that was neither its author nor who wrote it for them; `unanswered`: and its author
    said nothing of it yet."""
    acts = ("reports.changed", "reports.disputed") if unanswered else ("reports.changed",)
    last = [entry.person_id for entry in audit.of(turn.db, kept.code) if entry.act in acts][-1:]
    return last[0] if last and last[0] not in (kept.author_id, kept.written_by) else None


def _change(turn: Turn, entry: Entry) -> Text:
    by = roster.get(turn.db, entry.person_id) if entry.person_id else None
    before, after = entry.before, entry.after
    if not after:  # of before these were kept apart
        before, _, after = entry.detail.partition(" → ")
    key = "reports.history_dispute" if entry.act == "reports.disputed" else "reports.history"
    name = by.name if by else turn.say.label("audit.nobody")
    return turn.t(key, at=turn.when(entry.at), name=name, before=before, after=after)


def tell_head(turn: Turn, unit: Unit, day: date) -> None:
    """The team's head has one card a day that fills up: told once, not once per message of a burst."""
    head = roster.leaders(turn.db, [unit.id]).get(unit.id)
    if head is None or head.person.id == turn.me.id or head.role not in rights.LEADS:
        return
    turn.refresh(head.person.id, _team_day(turn, unit, day), anew=True)


def _team_day(turn: Turn, unit: Unit, day: date) -> View:
    count, newest = reports.of_unit(turn.db, unit.id, day.isoformat(), MOST_LINES)
    known = named(turn, [item for one, _ in newest for item in one.items])

    def view(say: Voice) -> Reply:
        rows = [say("reports.team_line", name=name, what=what(say, known, one), code=one.code) for one, name in newest]
        more = say("reports.team_more", count=count - MOST_LINES) if count > MOST_LINES else ()
        heading = say("reports.team_day", day=day, unit=unit.name, count=count)
        look = Button(say.label("judging.buttons.waiting"), Waiting(unit.id, 0).pack())
        return Reply(lines(heading, *rows, more), ((look,),), card=f"team:{unit.id}:{day}")

    return view
